// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Advice about managed memory, prefetches, and what was said, in both APIs.
#include "runtime/cuda/driver.h"
#include "runtime/cuda/managed_ranges.h"
#include "runtime/cuda/memory.h"

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

/// The arguments are checked; the device address.
uint64_t check_managed(ApiContext& context, const void* pointer, size_t bytes) {
    const PointerInfo info = describe(context, pointer);
    if (bytes == 0) rt::fail(rt::Status::InvalidValue, "a range of 0 bytes");
    if (!info.known || info.kind != rt::MemoryKind::Managed)
        rt::fail(rt::Status::InvalidValue, "{} is not managed memory", pointer);
    if (bytes > info.base + info.bytes - info.device)
        rt::fail(rt::Status::InvalidValue, "{} bytes at {} reach beyond the allocation", bytes,
                 pointer);
    return info.device;
}

void check_place(int device) {
    if (device != cudaCpuDeviceId) Runtime::get().device(device);
}

void prefetch(ApiContext& context, const void* pointer, size_t bytes, int device,
              cudaStream_t stream) {
    check_place(device);
    const uint64_t va = check_managed(context, pointer, bytes);
    stream_of(context, stream);
    ManagedRanges::get().prefetch(va, bytes, device);
}

void advise(ApiContext& context, const void* pointer, size_t bytes, cudaMemoryAdvise advice,
            int device) {
    if (advice < cudaMemAdviseSetReadMostly || advice > cudaMemAdviseUnsetAccessedBy)
        rt::fail(rt::Status::InvalidValue, "advice {} does not exist", static_cast<int>(advice));
    const bool uses_place = advice == cudaMemAdviseSetPreferredLocation ||
                            advice == cudaMemAdviseSetAccessedBy ||
                            advice == cudaMemAdviseUnsetAccessedBy;
    if (uses_place) check_place(device);
    ManagedRanges::get().advise(check_managed(context, pointer, bytes), bytes, advice, device);
}

int place_of(int type, int id) {
    switch (type) {
    case cudaMemLocationTypeDevice: return id;
    case cudaMemLocationTypeHost: return cudaCpuDeviceId;
    default: rt::fail(rt::Status::NotSupported, "memory location type {} is not supported", type);
    }
}

void range_attribute(ApiContext& context, void* data, size_t size, int attribute,
                     const void* pointer, size_t bytes) {
    require(data, "data");
    const uint64_t va = check_managed(context, pointer, bytes);
    ManagedRanges::get().read(data, size, static_cast<cudaMemRangeAttribute>(attribute), va, bytes);
}

template <typename A>
void range_attributes(ApiContext& context, void** data, const size_t* sizes, const A* attributes,
                      size_t count, const void* pointer, size_t bytes) {
    require(data, "data");
    require(sizes, "dataSizes");
    require(attributes, "attributes");
    if (count == 0) rt::fail(rt::Status::InvalidValue, "no attributes are asked for");
    for (size_t i = 0; i < count; ++i)
        range_attribute(context, data[i], sizes[i], attributes[i], pointer, bytes);
}

} // namespace

ACC_API cudaError_t cudaMemPrefetchAsync(const void* pointer, size_t bytes, int device,
                                         cudaStream_t stream) {
    return guard(__func__, [&] { prefetch(current(), pointer, bytes, device, stream); });
}

ACC_API cudaError_t cudaMemPrefetchAsync_v2(const void* pointer, size_t bytes,
                                            cudaMemLocation location, unsigned flags,
                                            cudaStream_t stream) {
    return guard(__func__, [&] {
        check_flags(flags, 0, "cudaMemPrefetchAsync");
        prefetch(current(), pointer, bytes, place_of(location.type, location.id), stream);
    });
}

ACC_API cudaError_t cudaMemAdvise(const void* pointer, size_t bytes, cudaMemoryAdvise advice,
                                  int device) {
    return guard(__func__, [&] { advise(current(), pointer, bytes, advice, device); });
}

ACC_API cudaError_t cudaMemAdvise_v2(const void* pointer, size_t bytes, cudaMemoryAdvise advice,
                                     cudaMemLocation location) {
    return guard(__func__, [&] {
        advise(current(), pointer, bytes, advice, place_of(location.type, location.id));
    });
}

ACC_API cudaError_t cudaMemRangeGetAttribute(void* data, size_t size,
                                             cudaMemRangeAttribute attribute, const void* pointer,
                                             size_t bytes) {
    return guard(__func__,
                 [&] { range_attribute(current(), data, size, attribute, pointer, bytes); });
}

ACC_API cudaError_t cudaMemRangeGetAttributes(void** data, size_t* sizes,
                                              cudaMemRangeAttribute* attributes, size_t count,
                                              const void* pointer, size_t bytes) {
    return guard(__func__, [&] {
        range_attributes(current(), data, sizes, attributes, count, pointer, bytes);
    });
}

ACC_API CUresult cuMemPrefetchAsync(CUdeviceptr address, size_t bytes, CUdevice device,
                                    CUstream stream) {
    return driver_guard(
        __func__, [&] { prefetch(driver_current(), pointer_of(address), bytes, device, stream); });
}

ACC_API CUresult cuMemPrefetchAsync_v2(CUdeviceptr address, size_t bytes, CUmemLocation location,
                                       unsigned flags, CUstream stream) {
    return driver_guard(__func__, [&] {
        check_flags(flags, 0, "cuMemPrefetchAsync");
        prefetch(driver_current(), pointer_of(address), bytes, place_of(location.type, location.id),
                 stream);
    });
}

ACC_API CUresult cuMemAdvise(CUdeviceptr address, size_t bytes, CUmem_advise advice,
                             CUdevice device) {
    return driver_guard(__func__, [&] {
        advise(driver_current(), pointer_of(address), bytes, static_cast<cudaMemoryAdvise>(advice),
               device);
    });
}

ACC_API CUresult cuMemAdvise_v2(CUdeviceptr address, size_t bytes, CUmem_advise advice,
                                CUmemLocation location) {
    return driver_guard(__func__, [&] {
        advise(driver_current(), pointer_of(address), bytes, static_cast<cudaMemoryAdvise>(advice),
               place_of(location.type, location.id));
    });
}

ACC_API CUresult cuMemRangeGetAttribute(void* data, size_t size, CUmem_range_attribute attribute,
                                        CUdeviceptr address, size_t bytes) {
    return driver_guard(__func__, [&] {
        range_attribute(driver_current(), data, size, attribute, pointer_of(address), bytes);
    });
}

ACC_API CUresult cuMemRangeGetAttributes(void** data, size_t* sizes,
                                         CUmem_range_attribute* attributes, size_t count,
                                         CUdeviceptr address, size_t bytes) {
    return driver_guard(__func__, [&] {
        range_attributes(driver_current(), data, sizes, attributes, count, pointer_of(address),
                         bytes);
    });
}
