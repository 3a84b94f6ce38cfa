// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arrays of the driver API, and its copies between arrays and memory.
#include "runtime/cuda/array.h"
#include "runtime/cuda/driver.h"
#include "runtime/cuda/memcpy.h"

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

rt::ArrayShape shape_of(const CUDA_ARRAY3D_DESCRIPTOR& desc) {
    return {format_of(desc.Format, desc.NumChannels),
            {desc.Width, desc.Height, desc.Depth},
            desc.Flags & ~unsigned{CUDA_ARRAY3D_DEPTH_TEXTURE}};
}

/// An array is one object to both APIs, which have a name of their own for its handle.
CUarray driver_handle(cudaArray_t array) {
    return reinterpret_cast<CUarray>(array);
}

CUDA_ARRAY3D_DESCRIPTOR description_of(const rt::ArrayShape& shape) {
    return {shape.extent.width,      shape.extent.height,
            shape.extent.depth,      driver_format_of(shape.format),
            shape.format.components, shape.flags};
}

/// Between an array and memory: `bytes` from byte `x` of the array's first row.
void run(ByteRun dst, ByteRun src, size_t bytes, rt::CopyKind kind, CUstream stream, bool async) {
    copy_run(find_stream(driver_current(), stream), dst, src, bytes, kind, async);
}

ByteRun part_of(CUarray array, size_t x, size_t bytes) {
    driver_current();
    return ByteRun(array_of(array), x, 0, bytes);
}

/// One side of a 3D copy, as the API's structure has it.
struct DriverEnd {
    size_t x, y, z, lod;
    CUmemorytype type;
    const void* host;
    CUdeviceptr device;
    CUarray array;
    size_t pitch, height;
};

CopyEnd end_of(rt::Context& context, const DriverEnd& side, size_t width, size_t height,
               size_t depth) {
    if (side.lod != 0) rt::fail(rt::Status::InvalidValue, "3D copy: level of detail {}", side.lod);
    if (side.type == CU_MEMORYTYPE_ARRAY)
        return acc::cuda::end_of(array_of(side.array), side.x, side.y, side.z, width, height,
                                 depth);
    if (side.type != CU_MEMORYTYPE_HOST && side.type != CU_MEMORYTYPE_DEVICE &&
        side.type != CU_MEMORYTYPE_UNIFIED)
        rt::fail(rt::Status::InvalidValue, "copy: memory type {} does not exist",
                 static_cast<int>(side.type));
    const void* base = side.type == CU_MEMORYTYPE_HOST ? side.host
                                                       : reinterpret_cast<void*>(side.device);
    const size_t pitch = side.pitch != 0 ? side.pitch : width;
    const size_t slice = side.height != 0 ? side.height : height;
    return {rt::place_in_volume(context, base, {side.x, side.y, side.z, pitch, slice}), pitch,
            slice};
}

template <typename P>
DriverEnd source_of(const P& p) {
    return {p.srcXInBytes, p.srcY,      p.srcZ,     p.srcLOD,   p.srcMemoryType,
            p.srcHost,     p.srcDevice, p.srcArray, p.srcPitch, p.srcHeight};
}

template <typename P>
DriverEnd destination_of(const P& p) {
    return {p.dstXInBytes, p.dstY,      p.dstZ,     p.dstLOD,   p.dstMemoryType,
            p.dstHost,     p.dstDevice, p.dstArray, p.dstPitch, p.dstHeight};
}

/// Rows and planes that overlap are a mistake of the caller's.
void check_steps(const CopyEnd& end, size_t width, size_t height, size_t depth) {
    if (((height > 1 || depth > 1) && width > end.pitch) || (depth > 1 && height > end.slice))
        rt::fail(rt::Status::InvalidValue,
                 "copy: {} rows of {} bytes do not fit planes of {} rows with a pitch of {}",
                 height, width, end.slice, end.pitch);
}

void volume(const DriverEnd& dst, const DriverEnd& src, size_t width, size_t height, size_t depth,
            rt::Stream& on, bool async) {
    if (width == 0 || height == 0 || depth == 0) return;
    const CopyEnd to = end_of(on.context(), dst, width, height, depth);
    const CopyEnd from = end_of(on.context(), src, width, height, depth);
    check_steps(to, width, height, depth);
    check_steps(from, width, height, depth);
    copy_ends(on, to, from, width, height, depth, rt::CopyKind::Default, async);
}

template <typename P>
void volume(const P* p, CUstream stream, bool async) {
    require(p, "pCopy");
    volume(destination_of(*p), source_of(*p), p->WidthInBytes, p->Height, p->Depth,
           find_stream(driver_current(), stream), async);
}

/// The contexts say nothing that addresses and arrays do not say; they must be alive.
void volume_peer(const CUDA_MEMCPY3D_PEER* p, CUstream stream, bool async) {
    require(p, "pCopy");
    driver_current();
    handle_of(p->srcContext);
    handle_of(p->dstContext);
    volume(p, stream, async);
}

void rect(const CUDA_MEMCPY2D* p, CUstream stream, bool async) {
    require(p, "pCopy");
    const DriverEnd dst{p->dstXInBytes, p->dstY,      0,           0,           p->dstMemoryType,
                        p->dstHost,     p->dstDevice, p->dstArray, p->dstPitch, 0};
    const DriverEnd src{p->srcXInBytes, p->srcY,      0,           0,           p->srcMemoryType,
                        p->srcHost,     p->srcDevice, p->srcArray, p->srcPitch, 0};
    volume(dst, src, p->WidthInBytes, p->Height, 1, find_stream(driver_current(), stream), async);
}

[[noreturn]] void neither_sparse_nor_deferred() {
    rt::fail(rt::Status::InvalidValue, "the array is neither sparse nor has deferred mapping");
}

constexpr auto kToDevice = rt::CopyKind::HostToDevice;
constexpr auto kToHost = rt::CopyKind::DeviceToHost;
constexpr auto kOnDevice = rt::CopyKind::DeviceToDevice;

} // namespace

void acc::cuda::copy_volume(rt::Stream& on, const CUDA_MEMCPY3D& p, bool async) {
    ::volume(::destination_of(p), ::source_of(p), p.WidthInBytes, p.Height, p.Depth, on, async);
}

// ---- arrays
// -------------------------------------------------------------------------------------------------------

ACC_API CUresult cuArrayCreate_v2(CUarray* array, const CUDA_ARRAY_DESCRIPTOR* desc) {
    return driver_guard(__func__, [&] {
        require(array, "pHandle");
        require(desc, "pAllocateArray");
        *array = driver_handle(make_array(
            driver_current(),
            shape_of({desc->Width, desc->Height, 0, desc->Format, desc->NumChannels, 0})));
    });
}

ACC_API CUresult cuArray3DCreate_v2(CUarray* array, const CUDA_ARRAY3D_DESCRIPTOR* desc) {
    return driver_guard(__func__, [&] {
        require(array, "pHandle");
        require(desc, "pAllocateArray");
        *array = driver_handle(make_array(driver_current(), shape_of(*desc)));
    });
}

ACC_API CUresult cuArrayGetDescriptor_v2(CUDA_ARRAY_DESCRIPTOR* desc, CUarray array) {
    return driver_guard(__func__, [&] {
        require(desc, "pArrayDescriptor");
        driver_current();
        const CUDA_ARRAY3D_DESCRIPTOR all = description_of(array_of(array).shape);
        *desc = {all.Width, all.Height, all.Format, all.NumChannels};
    });
}

ACC_API CUresult cuArray3DGetDescriptor_v2(CUDA_ARRAY3D_DESCRIPTOR* desc, CUarray array) {
    return driver_guard(__func__, [&] {
        require(desc, "pArrayDescriptor");
        driver_current();
        *desc = description_of(array_of(array).shape);
    });
}

ACC_API CUresult cuArrayDestroy(CUarray array) {
    return driver_guard(__func__, [&] {
        driver_current();
        free_array(array);
    });
}

ACC_API CUresult cuMipmappedArrayCreate(CUmipmappedArray* array,
                                        const CUDA_ARRAY3D_DESCRIPTOR* desc, unsigned levels) {
    return driver_guard(__func__, [&] {
        require(array, "pHandle");
        require(desc, "pMipmappedArrayDesc");
        *array = reinterpret_cast<CUmipmappedArray>(
            make_mipmapped(driver_current(), shape_of(*desc), levels));
    });
}

ACC_API CUresult cuMipmappedArrayGetLevel(CUarray* array, CUmipmappedArray mipmapped,
                                          unsigned level) {
    return driver_guard(__func__, [&] {
        require(array, "pLevelArray");
        driver_current();
        *array = driver_handle(level_of(mipmapped, level));
    });
}

ACC_API CUresult cuMipmappedArrayDestroy(CUmipmappedArray array) {
    return driver_guard(__func__, [&] {
        driver_current();
        free_mipmapped(array);
    });
}

ACC_API CUresult cuArrayGetPlane(CUarray* plane, CUarray array, unsigned) {
    return driver_guard(__func__, [&] {
        require(plane, "pPlaneArray");
        driver_current();
        array_of(array);
        rt::fail(rt::Status::InvalidValue, "the array's format has no planes");
    });
}

ACC_API CUresult cuArrayGetMemoryRequirements(CUDA_ARRAY_MEMORY_REQUIREMENTS* requirements,
                                              CUarray array, CUdevice device) {
    return driver_guard(__func__, [&] {
        require(requirements, "memoryRequirements");
        driver_current();
        Runtime::get().device(device);
        array_of(array);
        neither_sparse_nor_deferred();
    });
}

ACC_API CUresult cuMipmappedArrayGetMemoryRequirements(CUDA_ARRAY_MEMORY_REQUIREMENTS* requirements,
                                                       CUmipmappedArray array, CUdevice device) {
    return driver_guard(__func__, [&] {
        require(requirements, "memoryRequirements");
        driver_current();
        Runtime::get().device(device);
        image_of(array);
        neither_sparse_nor_deferred();
    });
}

ACC_API CUresult cuArrayGetSparseProperties(CUDA_ARRAY_SPARSE_PROPERTIES* properties,
                                            CUarray array) {
    return driver_guard(__func__, [&] {
        require(properties, "sparseProperties");
        driver_current();
        array_of(array);
        neither_sparse_nor_deferred();
    });
}

ACC_API CUresult cuMipmappedArrayGetSparseProperties(CUDA_ARRAY_SPARSE_PROPERTIES* properties,
                                                     CUmipmappedArray array) {
    return driver_guard(__func__, [&] {
        require(properties, "sparseProperties");
        driver_current();
        image_of(array);
        neither_sparse_nor_deferred();
    });
}

ACC_API CUresult cuDeviceGetTexture1DLinearMaxWidth(size_t* width, CUarray_format format,
                                                    unsigned channels, CUdevice device) {
    return driver_guard(__func__, [&] {
        require(width, "maxWidthInElements");
        format_of(format, channels);
        Runtime::get().device(device);
        *width = rt::limits::kTexture1DLinear;
    });
}

// ---- copies
// -------------------------------------------------------------------------------------------------------

ACC_API CUresult cuMemcpyDtoA_v2(CUarray dst, size_t x, CUdeviceptr src, size_t bytes) {
    return driver_guard(__func__, [&] {
        run(part_of(dst, x, bytes), ByteRun(pointer_of(src)), bytes, kOnDevice, nullptr, false);
    });
}
ACC_API CUresult cuMemcpyAtoD_v2(CUdeviceptr dst, CUarray src, size_t x, size_t bytes) {
    return driver_guard(__func__, [&] {
        run(ByteRun(pointer_of(dst)), part_of(src, x, bytes), bytes, kOnDevice, nullptr, false);
    });
}
ACC_API CUresult cuMemcpyHtoA_v2(CUarray dst, size_t x, const void* src, size_t bytes) {
    return driver_guard(__func__, [&] {
        run(part_of(dst, x, bytes), ByteRun(src), bytes, kToDevice, nullptr, false);
    });
}
ACC_API CUresult cuMemcpyHtoAAsync_v2(CUarray dst, size_t x, const void* src, size_t bytes,
                                      CUstream stream) {
    return driver_guard(__func__, [&] {
        run(part_of(dst, x, bytes), ByteRun(src), bytes, kToDevice, stream, true);
    });
}
ACC_API CUresult cuMemcpyAtoH_v2(void* dst, CUarray src, size_t x, size_t bytes) {
    return driver_guard(__func__, [&] {
        run(ByteRun(dst), part_of(src, x, bytes), bytes, kToHost, nullptr, false);
    });
}
ACC_API CUresult cuMemcpyAtoHAsync_v2(void* dst, CUarray src, size_t x, size_t bytes,
                                      CUstream stream) {
    return driver_guard(
        __func__, [&] { run(ByteRun(dst), part_of(src, x, bytes), bytes, kToHost, stream, true); });
}
ACC_API CUresult cuMemcpyAtoA_v2(CUarray dst, size_t dst_x, CUarray src, size_t src_x,
                                 size_t bytes) {
    return driver_guard(__func__, [&] {
        driver_current();
        if (array_of(dst).shape.format.bytes() != array_of(src).shape.format.bytes())
            rt::fail(rt::Status::InvalidValue, "copy: the arrays' elements differ in size");
        run(part_of(dst, dst_x, bytes), part_of(src, src_x, bytes), bytes, kOnDevice, nullptr,
            false);
    });
}

ACC_API CUresult cuMemcpy2D_v2(const CUDA_MEMCPY2D* p) {
    return driver_guard(__func__, [&] { rect(p, nullptr, false); });
}
ACC_API CUresult cuMemcpy2DUnaligned_v2(const CUDA_MEMCPY2D* p) {
    return driver_guard(__func__, [&] { rect(p, nullptr, false); });
}
ACC_API CUresult cuMemcpy2DAsync_v2(const CUDA_MEMCPY2D* p, CUstream stream) {
    return driver_guard(__func__, [&] { rect(p, stream, true); });
}
ACC_API CUresult cuMemcpy3D_v2(const CUDA_MEMCPY3D* p) {
    return driver_guard(__func__, [&] { volume(p, nullptr, false); });
}
ACC_API CUresult cuMemcpy3DAsync_v2(const CUDA_MEMCPY3D* p, CUstream stream) {
    return driver_guard(__func__, [&] { volume(p, stream, true); });
}
ACC_API CUresult cuMemcpy3DPeer(const CUDA_MEMCPY3D_PEER* p) {
    return driver_guard(__func__, [&] { volume_peer(p, nullptr, false); });
}
ACC_API CUresult cuMemcpy3DPeerAsync(const CUDA_MEMCPY3D_PEER* p, CUstream stream) {
    return driver_guard(__func__, [&] { volume_peer(p, stream, true); });
}
