// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstring>

#include "runtime/core/copy.h"
#include "runtime/cuda/driver.h"
#include "runtime/cuda/memcpy.h"
#include "runtime/cuda/memory.h"

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

void linear(void* dst, const void* src, size_t bytes, rt::CopyKind kind, CUstream stream,
            bool async) {
    copy_linear(driver_current(), dst, src, bytes, kind, stream, async);
}

/// Addresses say of themselves which context they are of; the contexts must be alive.
void peer(CUdeviceptr dst, CUcontext dst_context, CUdeviceptr src, CUcontext src_context,
          size_t bytes, CUstream stream, bool async) {
    driver_current();
    handle_of(dst_context);
    handle_of(src_context);
    linear(pointer_of(dst), pointer_of(src), bytes, rt::CopyKind::Default, stream, async);
}

void fill(CUdeviceptr dst, uint32_t value, uint32_t element, size_t width, size_t height,
          size_t pitch, CUstream stream, bool async) {
    rt::Stream& on = find_stream(driver_current(), stream);
    size_t bytes = 0;
    if (__builtin_mul_overflow(width, size_t{element}, &bytes))
        rt::fail(rt::Status::InvalidValue, "fill: {} elements of {} bytes", width, element);
    rt::fill(on, pointer_of(dst), value, element, bytes, height, height > 1 ? pitch : bytes, async);
}

template <typename T>
void put(void* out, T value) {
    std::memcpy(out, &value, sizeof value);
}

/// One attribute of a pointer. False: the API knows nothing about the address.
bool pointer_attribute(void* out, CUpointer_attribute attribute, const PointerInfo& info) {
    if (!info.known) return false;
    switch (attribute) {
    case CU_POINTER_ATTRIBUTE_CONTEXT: put(out, handle_of(info.context->handle)); return true;
    case CU_POINTER_ATTRIBUTE_MEMORY_TYPE:
        put<unsigned>(out, info.kind == rt::MemoryKind::Pinned ? CU_MEMORYTYPE_HOST
                                                               : CU_MEMORYTYPE_DEVICE);
        return true;
    case CU_POINTER_ATTRIBUTE_DEVICE_POINTER: put<CUdeviceptr>(out, info.device); return true;
    case CU_POINTER_ATTRIBUTE_HOST_POINTER: put(out, info.host); return info.host != nullptr;
    case CU_POINTER_ATTRIBUTE_BUFFER_ID: put<unsigned long long>(out, info.serial); return true;
    case CU_POINTER_ATTRIBUTE_IS_MANAGED:
        put<unsigned>(out, info.kind == rt::MemoryKind::Managed);
        return true;
    case CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL:
        put<int>(out, info.context->core.device());
        return true;
    case CU_POINTER_ATTRIBUTE_RANGE_START_ADDR: put<CUdeviceptr>(out, info.base); return true;
    case CU_POINTER_ATTRIBUTE_RANGE_SIZE: put<size_t>(out, info.bytes); return true;
    case CU_POINTER_ATTRIBUTE_MAPPED: put<unsigned>(out, 1); return true;
    case CU_POINTER_ATTRIBUTE_SYNC_MEMOPS:
    case CU_POINTER_ATTRIBUTE_IS_LEGACY_CUDA_IPC_CAPABLE:
    case CU_POINTER_ATTRIBUTE_IS_GPU_DIRECT_RDMA_CAPABLE: put<unsigned>(out, 0); return true;
    default:
        rt::fail(rt::Status::NotSupported, "pointer attribute {} is not supported",
                 static_cast<int>(attribute));
    }
}

constexpr auto kToDevice = rt::CopyKind::HostToDevice;
constexpr auto kToHost = rt::CopyKind::DeviceToHost;
constexpr auto kOnDevice = rt::CopyKind::DeviceToDevice;

} // namespace

// ---- allocation
// ---------------------------------------------------------------------------------------------------

ACC_API CUresult cuMemGetInfo_v2(size_t* available, size_t* total) {
    return driver_guard(__func__, [&] { memory_info(driver_current(), available, total); });
}

ACC_API CUresult cuMemAlloc_v2(CUdeviceptr* address, size_t bytes) {
    return driver_guard(__func__, [&] {
        require(address, "dptr");
        if (bytes == 0) rt::fail(rt::Status::InvalidValue, "cuMemAlloc: the size is 0");
        *address = reinterpret_cast<CUdeviceptr>(allocate_device(driver_current(), bytes));
    });
}

ACC_API CUresult cuMemAllocPitch_v2(CUdeviceptr* address, size_t* pitch, size_t width,
                                    size_t height, unsigned element) {
    return driver_guard(__func__, [&] {
        require(address, "dptr");
        require(pitch, "pPitch");
        if (width == 0 || height == 0 || (element != 4 && element != 8 && element != 16))
            rt::fail(rt::Status::InvalidValue,
                     "cuMemAllocPitch: {} x {} with elements of {} bytes (4, 8 or 16)", width,
                     height, element);
        *address = reinterpret_cast<CUdeviceptr>(
            allocate_pitched(driver_current(), width, height, pitch));
    });
}

ACC_API CUresult cuMemAllocManaged(CUdeviceptr* address, size_t bytes, unsigned flags) {
    return driver_guard(__func__, [&] {
        require(address, "dptr");
        if (bytes == 0 || (flags != CU_MEM_ATTACH_GLOBAL && flags != CU_MEM_ATTACH_HOST))
            rt::fail(rt::Status::InvalidValue, "cuMemAllocManaged: {} bytes, flags {:#x}", bytes,
                     flags);
        *address = reinterpret_cast<CUdeviceptr>(
            allocate_shared(driver_current(), rt::MemoryKind::Managed, bytes, flags));
    });
}

ACC_API CUresult cuMemFree_v2(CUdeviceptr address) {
    return driver_guard(__func__, [&] { free_device(driver_current(), pointer_of(address)); });
}

ACC_API CUresult cuMemAllocHost_v2(void** pointer, size_t bytes) {
    return driver_guard(__func__, [&] {
        require(pointer, "pp");
        *pointer = allocate_shared(driver_current(), rt::MemoryKind::Pinned, bytes, 0);
    });
}

ACC_API CUresult cuMemHostAlloc(void** pointer, size_t bytes, unsigned flags) {
    return driver_guard(__func__, [&] {
        require(pointer, "pp");
        check_flags(flags,
                    CU_MEMHOSTALLOC_PORTABLE | CU_MEMHOSTALLOC_DEVICEMAP |
                        CU_MEMHOSTALLOC_WRITECOMBINED,
                    "cuMemHostAlloc");
        *pointer = allocate_shared(driver_current(), rt::MemoryKind::Pinned, bytes, flags);
    });
}

ACC_API CUresult cuMemFreeHost(void* pointer) {
    return driver_guard(__func__, [&] { free_pinned(driver_current(), pointer); });
}

ACC_API CUresult cuMemHostGetDevicePointer_v2(CUdeviceptr* address, void* pointer, unsigned flags) {
    return driver_guard(__func__, [&] {
        require(address, "pdptr");
        check_flags(flags, 0, "cuMemHostGetDevicePointer");
        *address = device_address(driver_current(), pointer);
    });
}

ACC_API CUresult cuMemHostGetFlags(unsigned* flags, void* pointer) {
    return driver_guard(__func__, [&] {
        require(flags, "pFlags");
        *flags = host_flags(driver_current(), pointer);
    });
}

ACC_API CUresult cuMemHostRegister_v2(void* pointer, size_t bytes, unsigned flags) {
    return driver_guard(__func__, [&] { register_host(driver_current(), pointer, bytes, flags); });
}

ACC_API CUresult cuMemHostUnregister(void* pointer) {
    return driver_guard(__func__, [&] { unregister_host(driver_current(), pointer); });
}

ACC_API CUresult cuMemGetAddressRange_v2(CUdeviceptr* base, size_t* bytes, CUdeviceptr address) {
    return driver_guard(__func__, [&] {
        const PointerInfo info = describe(driver_current(), pointer_of(address));
        if (!info.known) rt::fail(rt::Status::NoSuchName, "{:#x} is in no allocation", address);
        if (base != nullptr) *base = info.base;
        if (bytes != nullptr) *bytes = info.bytes;
    });
}

ACC_API CUresult cuMemAllocAsync(CUdeviceptr* address, size_t bytes, CUstream stream) {
    return driver_guard(__func__, [&] {
        require(address, "dptr");
        if (bytes == 0) rt::fail(rt::Status::InvalidValue, "cuMemAllocAsync: the size is 0");
        *address = reinterpret_cast<CUdeviceptr>(allocate_async(driver_current(), bytes, stream));
    });
}

ACC_API CUresult cuMemFreeAsync(CUdeviceptr address, CUstream stream) {
    return driver_guard(__func__,
                        [&] { free_async(driver_current(), pointer_of(address), stream); });
}

ACC_API CUresult cuPointerGetAttribute(void* out, CUpointer_attribute attribute,
                                       CUdeviceptr address) {
    return driver_guard(__func__, [&] {
        require(out, "data");
        const PointerInfo info = describe(driver_current(), pointer_of(address));
        return pointer_attribute(out, attribute, info) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
    });
}

// ---- copies
// -------------------------------------------------------------------------------------------------------

ACC_API CUresult cuMemcpy(CUdeviceptr dst, CUdeviceptr src, size_t bytes) {
    return driver_guard(__func__, [&] {
        linear(pointer_of(dst), pointer_of(src), bytes, rt::CopyKind::Default, nullptr, false);
    });
}
ACC_API CUresult cuMemcpyAsync(CUdeviceptr dst, CUdeviceptr src, size_t bytes, CUstream stream) {
    return driver_guard(__func__, [&] {
        linear(pointer_of(dst), pointer_of(src), bytes, rt::CopyKind::Default, stream, true);
    });
}
ACC_API CUresult cuMemcpyHtoD_v2(CUdeviceptr dst, const void* src, size_t bytes) {
    return driver_guard(__func__,
                        [&] { linear(pointer_of(dst), src, bytes, kToDevice, nullptr, false); });
}
ACC_API CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr dst, const void* src, size_t bytes,
                                      CUstream stream) {
    return driver_guard(__func__,
                        [&] { linear(pointer_of(dst), src, bytes, kToDevice, stream, true); });
}
ACC_API CUresult cuMemcpyDtoH_v2(void* dst, CUdeviceptr src, size_t bytes) {
    return driver_guard(__func__,
                        [&] { linear(dst, pointer_of(src), bytes, kToHost, nullptr, false); });
}
ACC_API CUresult cuMemcpyDtoHAsync_v2(void* dst, CUdeviceptr src, size_t bytes, CUstream stream) {
    return driver_guard(__func__,
                        [&] { linear(dst, pointer_of(src), bytes, kToHost, stream, true); });
}
ACC_API CUresult cuMemcpyDtoD_v2(CUdeviceptr dst, CUdeviceptr src, size_t bytes) {
    return driver_guard(__func__, [&] {
        linear(pointer_of(dst), pointer_of(src), bytes, kOnDevice, nullptr, false);
    });
}
ACC_API CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr dst, CUdeviceptr src, size_t bytes,
                                      CUstream stream) {
    return driver_guard(__func__, [&] {
        linear(pointer_of(dst), pointer_of(src), bytes, kOnDevice, stream, true);
    });
}

ACC_API CUresult cuMemcpyPeer(CUdeviceptr dst, CUcontext dst_context, CUdeviceptr src,
                              CUcontext src_context, size_t bytes) {
    return driver_guard(__func__,
                        [&] { peer(dst, dst_context, src, src_context, bytes, nullptr, false); });
}
ACC_API CUresult cuMemcpyPeerAsync(CUdeviceptr dst, CUcontext dst_context, CUdeviceptr src,
                                   CUcontext src_context, size_t bytes, CUstream stream) {
    return driver_guard(__func__,
                        [&] { peer(dst, dst_context, src, src_context, bytes, stream, true); });
}

// ---- fills
// --------------------------------------------------------------------------------------------------------

ACC_API CUresult cuMemsetD8_v2(CUdeviceptr dst, unsigned char value, size_t count) {
    return driver_guard(__func__, [&] { fill(dst, value, 1, count, 1, 0, nullptr, false); });
}
ACC_API CUresult cuMemsetD16_v2(CUdeviceptr dst, unsigned short value, size_t count) {
    return driver_guard(__func__, [&] { fill(dst, value, 2, count, 1, 0, nullptr, false); });
}
ACC_API CUresult cuMemsetD32_v2(CUdeviceptr dst, unsigned value, size_t count) {
    return driver_guard(__func__, [&] { fill(dst, value, 4, count, 1, 0, nullptr, false); });
}
ACC_API CUresult cuMemsetD2D8_v2(CUdeviceptr dst, size_t pitch, unsigned char value, size_t width,
                                 size_t height) {
    return driver_guard(__func__,
                        [&] { fill(dst, value, 1, width, height, pitch, nullptr, false); });
}
ACC_API CUresult cuMemsetD2D16_v2(CUdeviceptr dst, size_t pitch, unsigned short value, size_t width,
                                  size_t height) {
    return driver_guard(__func__,
                        [&] { fill(dst, value, 2, width, height, pitch, nullptr, false); });
}
ACC_API CUresult cuMemsetD2D32_v2(CUdeviceptr dst, size_t pitch, unsigned value, size_t width,
                                  size_t height) {
    return driver_guard(__func__,
                        [&] { fill(dst, value, 4, width, height, pitch, nullptr, false); });
}
ACC_API CUresult cuMemsetD8Async(CUdeviceptr dst, unsigned char value, size_t count,
                                 CUstream stream) {
    return driver_guard(__func__, [&] { fill(dst, value, 1, count, 1, 0, stream, true); });
}
ACC_API CUresult cuMemsetD16Async(CUdeviceptr dst, unsigned short value, size_t count,
                                  CUstream stream) {
    return driver_guard(__func__, [&] { fill(dst, value, 2, count, 1, 0, stream, true); });
}
ACC_API CUresult cuMemsetD32Async(CUdeviceptr dst, unsigned value, size_t count, CUstream stream) {
    return driver_guard(__func__, [&] { fill(dst, value, 4, count, 1, 0, stream, true); });
}
ACC_API CUresult cuMemsetD2D8Async(CUdeviceptr dst, size_t pitch, unsigned char value, size_t width,
                                   size_t height, CUstream stream) {
    return driver_guard(__func__, [&] { fill(dst, value, 1, width, height, pitch, stream, true); });
}
ACC_API CUresult cuMemsetD2D16Async(CUdeviceptr dst, size_t pitch, unsigned short value,
                                    size_t width, size_t height, CUstream stream) {
    return driver_guard(__func__, [&] { fill(dst, value, 2, width, height, pitch, stream, true); });
}
ACC_API CUresult cuMemsetD2D32Async(CUdeviceptr dst, size_t pitch, unsigned value, size_t width,
                                    size_t height, CUstream stream) {
    return driver_guard(__func__, [&] { fill(dst, value, 4, width, height, pitch, stream, true); });
}
