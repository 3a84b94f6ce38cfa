// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/virtual_memory.h"

using namespace acc::cuda;
namespace rt = acc::rt;

ACC_API CUresult cuMemGetAllocationGranularity(size_t* granularity, const CUmemAllocationProp* prop,
                                               CUmemAllocationGranularity_flags option) {
    return driver_guard(__func__, [&] {
        require(granularity, "granularity");
        require(prop, "prop");
        if (option != CU_MEM_ALLOC_GRANULARITY_MINIMUM &&
            option != CU_MEM_ALLOC_GRANULARITY_RECOMMENDED)
            rt::fail(rt::Status::InvalidValue, "cuMemGetAllocationGranularity: option {}",
                     static_cast<int>(option));
        check_memory_properties(*prop);
        *granularity = virtual_memory_granularity();
    });
}

ACC_API CUresult cuMemAddressReserve(CUdeviceptr* ptr, size_t size, size_t alignment, CUdeviceptr,
                                     unsigned long long flags) {
    return driver_guard(__func__, [&] {
        require(ptr, "ptr");
        check_flags(flags, 0, "cuMemAddressReserve");
        *ptr = reserve_addresses(size, alignment); // the address asked for is a hint
    });
}

ACC_API CUresult cuMemAddressFree(CUdeviceptr ptr, size_t size) {
    return driver_guard(__func__, [&] { free_addresses(ptr, size); });
}

ACC_API CUresult cuMemCreate(CUmemGenericAllocationHandle* handle, size_t size,
                             const CUmemAllocationProp* prop, unsigned long long flags) {
    return driver_guard(__func__, [&] {
        require(handle, "handle");
        require(prop, "prop");
        check_flags(flags, 0, "cuMemCreate");
        *handle = create_physical(*prop, size);
    });
}

ACC_API CUresult cuMemRelease(CUmemGenericAllocationHandle handle) {
    return driver_guard(__func__, [&] { release_physical(handle); });
}

ACC_API CUresult cuMemRetainAllocationHandle(CUmemGenericAllocationHandle* handle, void* addr) {
    return driver_guard(__func__, [&] {
        require(handle, "handle");
        *handle = retain_physical(reinterpret_cast<uint64_t>(addr));
    });
}

ACC_API CUresult cuMemGetAllocationPropertiesFromHandle(CUmemAllocationProp* prop,
                                                        CUmemGenericAllocationHandle handle) {
    return driver_guard(__func__, [&] {
        require(prop, "prop");
        *prop = properties_of(handle);
    });
}

ACC_API CUresult cuMemMap(CUdeviceptr ptr, size_t size, size_t offset,
                          CUmemGenericAllocationHandle handle, unsigned long long flags) {
    return driver_guard(__func__, [&] {
        check_flags(flags, 0, "cuMemMap");
        map_physical(ptr, size, offset, handle);
    });
}

ACC_API CUresult cuMemUnmap(CUdeviceptr ptr, size_t size) {
    return driver_guard(__func__, [&] { unmap_physical(ptr, size); });
}

ACC_API CUresult cuMemSetAccess(CUdeviceptr ptr, size_t size, const CUmemAccessDesc* desc,
                                size_t count) {
    return driver_guard(__func__, [&] {
        require(desc, "desc");
        if (count == 0) rt::fail(rt::Status::InvalidValue, "cuMemSetAccess: the count is 0");
        set_access(ptr, size, desc, count);
    });
}

ACC_API CUresult cuMemGetAccess(unsigned long long* flags, const CUmemLocation* location,
                                CUdeviceptr ptr) {
    return driver_guard(__func__, [&] {
        require(flags, "flags");
        require(location, "location");
        *flags = access_of(ptr, *location);
    });
}
