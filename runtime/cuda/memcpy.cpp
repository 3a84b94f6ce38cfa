// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/memcpy.h"

#include <algorithm>

#include "runtime/core/copy.h"
#include "runtime/cuda/array.h"
#include "runtime/cuda/device_properties.h"

namespace acc::cuda {

rt::CopyKind to_core(cudaMemcpyKind kind) {
    switch (kind) {
    case cudaMemcpyHostToHost: return rt::CopyKind::HostToHost;
    case cudaMemcpyHostToDevice: return rt::CopyKind::HostToDevice;
    case cudaMemcpyDeviceToHost: return rt::CopyKind::DeviceToHost;
    case cudaMemcpyDeviceToDevice: return rt::CopyKind::DeviceToDevice;
    case cudaMemcpyDefault: return rt::CopyKind::Default;
    }
    rt::fail(rt::Status::InvalidMemcpyKind, "copy direction {} does not exist",
             static_cast<int>(kind));
}

void copy_linear(ApiContext& current, void* dst, const void* src, size_t bytes, rt::CopyKind kind,
                 cudaStream_t stream, bool async) {
    rt::Stream& on = find_stream(current, stream);
    (async ? rt::copy_async : rt::copy)(on, dst, src, bytes, kind);
}

} // namespace acc::cuda

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

cudaError_t linear(void* dst, const void* src, size_t bytes, cudaMemcpyKind kind,
                   cudaStream_t stream, bool async) {
    const rt::CopyKind direction = to_core(kind);
    copy_linear(current(), dst, src, bytes, direction, stream, async);
    return cudaSuccess;
}

cudaError_t rect_2d(void* dst, size_t dpitch, const void* src, size_t spitch, size_t width,
                    size_t height, cudaMemcpyKind kind, cudaStream_t stream, bool async) {
    rt::RectCopy rect;
    rect.dst = dst;
    rect.src = src;
    rect.width = width;
    rect.height = height;
    // One row has no next one: its pitch is not looked at.
    const bool one_row = height <= 1;
    rect.dst_pitch = one_row ? width : dpitch;
    rect.src_pitch = one_row ? width : spitch;
    const rt::CopyKind direction = to_core(kind);
    rt::Stream& on = find_stream(current(), stream);
    if (!one_row && (dpitch > kMaxPitch || spitch > kMaxPitch || width > dpitch || width > spitch))
        return cudaErrorInvalidPitchValue;
    rt::copy_rect(on, rect, direction, async);
    return cudaSuccess;
}

/// True when `length` from `at` does not end by `limit`, whatever the numbers.
bool passes(size_t at, size_t length, size_t limit) {
    return at > limit || length > limit - at;
}

/// One side of a 3D copy of plain memory, `width` in bytes.
CopyEnd end_of(rt::Context& context, const cudaPitchedPtr& volume, const cudaPos& at, size_t width,
               const cudaExtent& extent, const char* name) {
    require(volume.ptr, name);
    if ((extent.height > 1 || extent.depth > 1) && passes(at.x, width, volume.pitch))
        rt::fail(rt::Status::InvalidValue,
                 "3D copy: {}: rows of {} bytes at x = {} do not fit the pitch {}", name, width,
                 at.x, volume.pitch);
    if (extent.depth > 1 && passes(at.y, extent.height, volume.ysize))
        rt::fail(rt::Status::InvalidValue,
                 "3D copy: {}: {} rows at y = {} do not fit planes of {} rows", name, extent.height,
                 at.y, volume.ysize);
    const auto place = rt::VolumePlace{at.x, at.y, at.z, volume.pitch, volume.ysize};
    return {rt::place_in_volume(context, volume.ptr, place), volume.pitch, volume.ysize};
}

/// As above of an array or plain memory, whichever is given.
CopyEnd end_of(rt::Context& context, const rt::Array* array, const cudaPitchedPtr& volume,
               const cudaPos& at, size_t width, const cudaExtent& extent, const char* name) {
    if (array == nullptr) return end_of(context, volume, at, width, extent, name);
    if (volume.ptr != nullptr)
        rt::fail(rt::Status::InvalidValue, "3D copy: {} is given, and an array, too", name);
    size_t x = 0;
    if (__builtin_mul_overflow(at.x, size_t{array->shape.format.bytes()}, &x))
        rt::fail(rt::Status::InvalidValue, "3D copy: element {} of a row", at.x);
    return acc::cuda::end_of(*array, x, at.y, at.z, width, extent.height, extent.depth);
}

/// Bytes in a row of a 3D copy, whose extent counts elements of the arrays that take part.
size_t row_bytes(const rt::Array* dst, const rt::Array* src, size_t width) {
    const auto bytes_of = [](const rt::Array* array) {
        return array != nullptr ? size_t{array->shape.format.bytes()} : 0;
    };
    if (dst != nullptr && src != nullptr && bytes_of(dst) != bytes_of(src))
        rt::fail(rt::Status::InvalidValue, "3D copy: elements of {} bytes to elements of {}",
                 bytes_of(src), bytes_of(dst));
    const size_t element = std::max({bytes_of(dst), bytes_of(src), size_t{1}});
    size_t bytes = 0;
    if (__builtin_mul_overflow(width, element, &bytes))
        rt::fail(rt::Status::InvalidValue, "3D copy: rows of {} elements", width);
    return bytes;
}

cudaError_t volume(const cudaMemcpy3DParms* p, cudaStream_t stream, bool async) {
    require(p, "p");
    to_core(p->kind);
    copy_volume(find_stream(current(), stream), *p, async);
    return cudaSuccess;
}

cudaError_t volume_peer(const cudaMemcpy3DPeerParms* p, cudaStream_t stream, bool async) {
    require(p, "p");
    Runtime::get().device(p->srcDevice);
    Runtime::get().device(p->dstDevice);
    cudaMemcpy3DParms same{};
    same.srcArray = p->srcArray;
    same.srcPos = p->srcPos;
    same.srcPtr = p->srcPtr;
    same.dstArray = p->dstArray;
    same.dstPos = p->dstPos;
    same.dstPtr = p->dstPtr;
    same.extent = p->extent;
    same.kind = cudaMemcpyDefault;
    return volume(&same, stream, async);
}

cudaError_t fill(void* dst, int value, size_t width, size_t height, size_t pitch,
                 cudaStream_t stream, bool async) {
    rt::fill(find_stream(current(), stream), dst, static_cast<uint8_t>(value), 1, width, height,
             pitch, async);
    return cudaSuccess;
}

cudaError_t fill_3d(const cudaPitchedPtr& dst, int value, const cudaExtent& extent,
                    cudaStream_t stream, bool async) {
    rt::Stream& on = find_stream(current(), stream);
    if (extent.width == 0 || extent.height == 0 || extent.depth == 0) return cudaSuccess;
    if (extent.depth > 1 && (extent.height > dst.ysize || extent.width > dst.pitch))
        rt::fail(rt::Status::InvalidValue,
                 "3D fill: {} rows of {} bytes do not fit planes of {} rows with a pitch of {}",
                 extent.height, extent.width, dst.ysize, dst.pitch);
    // All of it first: no plane is filled when one cannot be.
    rt::check_device_range(
        on.context(), dst.ptr,
        rt::rect_extent(extent.width, extent.height, extent.depth, dst.pitch, dst.ysize));
    const size_t plane = extent.depth > 1 ? dst.pitch * dst.ysize : 0;
    for (size_t z = 0; z < extent.depth; ++z)
        rt::fill(on, static_cast<uint8_t*>(dst.ptr) + z * plane, static_cast<uint8_t>(value), 1,
                 extent.width, extent.height, dst.pitch, async);
    return cudaSuccess;
}

} // namespace

void acc::cuda::copy_volume(rt::Stream& on, const cudaMemcpy3DParms& p, bool async) {
    const rt::CopyKind direction = to_core(p.kind);
    const rt::Array* dst = p.dstArray != nullptr ? &array_of(p.dstArray) : nullptr;
    const rt::Array* src = p.srcArray != nullptr ? &array_of(p.srcArray) : nullptr;
    const cudaExtent& extent = p.extent;
    if (extent.width == 0 || extent.height == 0 || extent.depth == 0) return;
    const size_t width = ::row_bytes(dst, src, extent.width);
    rt::Context& context = on.context();
    copy_ends(on, ::end_of(context, dst, p.dstPtr, p.dstPos, width, extent, "dstPtr.ptr"),
              ::end_of(context, src, p.srcPtr, p.srcPos, width, extent, "srcPtr.ptr"), width,
              extent.height, extent.depth, direction, async);
}

// ---- copies
// -------------------------------------------------------------------------------------------------------

ACC_API cudaError_t cudaMemcpy(void* dst, const void* src, size_t bytes, cudaMemcpyKind kind) {
    return guard(__func__, [&] { return linear(dst, src, bytes, kind, nullptr, false); });
}

ACC_API cudaError_t cudaMemcpyAsync(void* dst, const void* src, size_t bytes, cudaMemcpyKind kind,
                                    cudaStream_t stream) {
    return guard(__func__, [&] { return linear(dst, src, bytes, kind, stream, true); });
}

namespace {

/// The attributes of a batch are hints about places, and say until when the sources stay as they
/// are. True when that is until the call returns. Throws Error(InvalidValue).
bool check_batch(size_t count, const cudaMemcpyAttributes* attributes, const size_t* first,
                 size_t groups) {
    if (count == 0 || groups == 0 || groups > count)
        rt::fail(rt::Status::InvalidValue, "{} copies with {} groups of attributes", count, groups);
    require(attributes, "attrs");
    require(first, "attrsIdxs");
    for (size_t i = 0; i < groups; ++i) {
        const bool follows = i == 0 ? first[i] == 0 : first[i] > first[i - 1];
        if (!follows || first[i] >= count)
            rt::fail(rt::Status::InvalidValue, "group {} of attributes begins at copy {}", i,
                     first[i]);
        const int order = attributes[i].srcAccessOrder;
        if (order < cudaMemcpySrcAccessOrderStream || order > cudaMemcpySrcAccessOrderAny)
            rt::fail(rt::Status::InvalidValue, "access order {} does not exist", order);
    }
    return std::any_of(attributes, attributes + groups, [](const cudaMemcpyAttributes& group) {
        return group.srcAccessOrder == cudaMemcpySrcAccessOrderDuringApiCall;
    });
}

} // namespace

ACC_API cudaError_t cudaMemcpyBatchAsync(void** dsts, void** srcs, size_t* sizes, size_t count,
                                         cudaMemcpyAttributes* attributes, size_t* first,
                                         size_t groups, size_t* failed, cudaStream_t stream) {
    return guard(__func__, [&] {
        if (failed != nullptr) *failed = SIZE_MAX; // none in particular
        require(dsts, "dsts");
        require(srcs, "srcs");
        require(sizes, "sizes");
        const bool at_once = check_batch(count, attributes, first, groups);
        rt::Stream& on = find_stream(current(), stream);
        if (on.kind() == rt::StreamKind::Legacy)
            rt::fail(rt::Status::InvalidValue, "a batch of copies in the legacy default stream");
        for (size_t i = 0; i < count; ++i) {
            if (failed != nullptr) *failed = i;
            rt::copy_async(on, dsts[i], srcs[i], sizes[i], rt::CopyKind::Default);
        }
        if (failed != nullptr) *failed = SIZE_MAX;
        if (at_once && !on.recording()) on.synchronize();
    });
}

ACC_API cudaError_t cudaMemcpy2D(void* dst, size_t dpitch, const void* src, size_t spitch,
                                 size_t width, size_t height, cudaMemcpyKind kind) {
    return guard(__func__, [&] {
        return rect_2d(dst, dpitch, src, spitch, width, height, kind, nullptr, false);
    });
}

ACC_API cudaError_t cudaMemcpy2DAsync(void* dst, size_t dpitch, const void* src, size_t spitch,
                                      size_t width, size_t height, cudaMemcpyKind kind,
                                      cudaStream_t stream) {
    return guard(__func__, [&] {
        return rect_2d(dst, dpitch, src, spitch, width, height, kind, stream, true);
    });
}

ACC_API cudaError_t cudaMemcpy3D(const cudaMemcpy3DParms* p) {
    return guard(__func__, [&] { return volume(p, nullptr, false); });
}

ACC_API cudaError_t cudaMemcpy3DAsync(const cudaMemcpy3DParms* p, cudaStream_t stream) {
    return guard(__func__, [&] { return volume(p, stream, true); });
}

ACC_API cudaError_t cudaMemcpyPeer(void* dst, int dst_device, const void* src, int src_device,
                                   size_t bytes) {
    return guard(__func__, [&] {
        Runtime::get().device(dst_device);
        Runtime::get().device(src_device);
        return linear(dst, src, bytes, cudaMemcpyDefault, nullptr, false);
    });
}

ACC_API cudaError_t cudaMemcpyPeerAsync(void* dst, int dst_device, const void* src, int src_device,
                                        size_t bytes, cudaStream_t stream) {
    return guard(__func__, [&] {
        Runtime::get().device(dst_device);
        Runtime::get().device(src_device);
        return linear(dst, src, bytes, cudaMemcpyDefault, stream, true);
    });
}

ACC_API cudaError_t cudaMemcpy3DPeer(const cudaMemcpy3DPeerParms* p) {
    return guard(__func__, [&] { return volume_peer(p, nullptr, false); });
}

ACC_API cudaError_t cudaMemcpy3DPeerAsync(const cudaMemcpy3DPeerParms* p, cudaStream_t stream) {
    return guard(__func__, [&] { return volume_peer(p, stream, true); });
}

// ---- fills
// --------------------------------------------------------------------------------------------------------

ACC_API cudaError_t cudaMemset(void* dst, int value, size_t bytes) {
    return guard(__func__, [&] { return fill(dst, value, bytes, 1, bytes, nullptr, false); });
}

ACC_API cudaError_t cudaMemsetAsync(void* dst, int value, size_t bytes, cudaStream_t stream) {
    return guard(__func__, [&] { return fill(dst, value, bytes, 1, bytes, stream, true); });
}

ACC_API cudaError_t cudaMemset2D(void* dst, size_t pitch, int value, size_t width, size_t height) {
    return guard(__func__, [&] { return fill(dst, value, width, height, pitch, nullptr, false); });
}

ACC_API cudaError_t cudaMemset2DAsync(void* dst, size_t pitch, int value, size_t width,
                                      size_t height, cudaStream_t stream) {
    return guard(__func__, [&] { return fill(dst, value, width, height, pitch, stream, true); });
}

ACC_API cudaError_t cudaMemset3D(cudaPitchedPtr dst, int value, cudaExtent extent) {
    return guard(__func__, [&] { return fill_3d(dst, value, extent, nullptr, false); });
}

ACC_API cudaError_t cudaMemset3DAsync(cudaPitchedPtr dst, int value, cudaExtent extent,
                                      cudaStream_t stream) {
    return guard(__func__, [&] { return fill_3d(dst, value, extent, stream, true); });
}
