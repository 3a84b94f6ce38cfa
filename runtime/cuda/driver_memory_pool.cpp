// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory pools of the driver API: handles, numbers and structures are the runtime API's.
#include "runtime/cuda/driver.h"
#include "runtime/cuda/memory_pools.h"

using namespace acc::cuda;

static_assert(sizeof(CUmemPoolProps) == sizeof(cudaMemPoolProps) &&
              sizeof(CUmemAccessDesc) == sizeof(cudaMemAccessDesc) &&
              sizeof(CUmemLocation) == sizeof(cudaMemLocation) &&
              sizeof(CUmemPoolPtrExportData) == sizeof(cudaMemPoolPtrExportData));

ACC_API CUresult cuDeviceGetDefaultMemPool(CUmemoryPool* pool, CUdevice device) {
    return driver_guard(__func__, [&] {
        require(pool, "pool_out");
        *pool = default_pool(device);
    });
}

ACC_API CUresult cuDeviceGetMemPool(CUmemoryPool* pool, CUdevice device) {
    return driver_guard(__func__, [&] {
        require(pool, "pool");
        *pool = current_pool_handle(device);
    });
}

ACC_API CUresult cuDeviceSetMemPool(CUdevice device, CUmemoryPool pool) {
    return driver_guard(__func__, [&] { set_current_pool(device, pool); });
}

ACC_API CUresult cuMemPoolCreate(CUmemoryPool* pool, const CUmemPoolProps* props) {
    return driver_guard(__func__, [&] {
        require(pool, "pool");
        require(props, "poolProps");
        *pool = create_pool(*reinterpret_cast<const cudaMemPoolProps*>(props));
    });
}

ACC_API CUresult cuMemPoolDestroy(CUmemoryPool pool) {
    return driver_guard(__func__, [&] { destroy_pool(pool); });
}

ACC_API CUresult cuMemPoolTrimTo(CUmemoryPool pool, size_t keep) {
    return driver_guard(__func__, [&] { pool_of(pool).trim(keep); });
}

ACC_API CUresult cuMemPoolSetAttribute(CUmemoryPool pool, CUmemPool_attribute attr, void* value) {
    return driver_guard(__func__, [&] {
        require(value, "value");
        set_pool_attribute(pool_of(pool), static_cast<cudaMemPoolAttr>(attr), value);
    });
}

ACC_API CUresult cuMemPoolGetAttribute(CUmemoryPool pool, CUmemPool_attribute attr, void* value) {
    return driver_guard(__func__, [&] {
        require(value, "value");
        get_pool_attribute(pool_of(pool), static_cast<cudaMemPoolAttr>(attr), value);
    });
}

ACC_API CUresult cuMemPoolSetAccess(CUmemoryPool pool, const CUmemAccessDesc* list, size_t count) {
    return driver_guard(__func__, [&] {
        set_pool_access(pool_of(pool), reinterpret_cast<const cudaMemAccessDesc*>(list), count);
    });
}

ACC_API CUresult cuMemPoolGetAccess(CUmemAccess_flags* flags, CUmemoryPool pool,
                                    CUmemLocation* location) {
    return driver_guard(__func__, [&] {
        require(flags, "flags");
        require(location, "location");
        *flags = static_cast<CUmemAccess_flags>(
            pool_access(pool_of(pool), *reinterpret_cast<const cudaMemLocation*>(location)));
    });
}

ACC_API CUresult cuMemAllocFromPoolAsync(CUdeviceptr* address, size_t bytes, CUmemoryPool pool,
                                         CUstream stream) {
    return driver_guard(__func__, [&] {
        require(address, "dptr");
        if (bytes == 0)
            acc::rt::fail(acc::rt::Status::InvalidValue, "cuMemAllocFromPoolAsync: the size is 0");
        *address = reinterpret_cast<CUdeviceptr>(
            allocate_from_pool(driver_current(), pool_of(pool), bytes, stream));
    });
}

ACC_API CUresult cuMemPoolExportToShareableHandle(void* handle, CUmemoryPool pool,
                                                  CUmemAllocationHandleType type,
                                                  unsigned long long flags) {
    return driver_guard(__func__, [&] {
        require(handle, "handle_out");
        export_pool(handle, pool, static_cast<cudaMemAllocationHandleType>(type), flags);
    });
}

ACC_API CUresult cuMemPoolImportFromShareableHandle(CUmemoryPool* pool, void* handle,
                                                    CUmemAllocationHandleType type,
                                                    unsigned long long flags) {
    return driver_guard(__func__, [&] {
        require(pool, "pool_out");
        *pool = import_pool(handle, static_cast<cudaMemAllocationHandleType>(type), flags);
    });
}

ACC_API CUresult cuMemPoolExportPointer(CUmemPoolPtrExportData* data, CUdeviceptr pointer) {
    return driver_guard(__func__, [&] {
        require(data, "shareData_out");
        export_pointer(*reinterpret_cast<cudaMemPoolPtrExportData*>(data), pointer_of(pointer));
    });
}

ACC_API CUresult cuMemPoolImportPointer(CUdeviceptr* pointer, CUmemoryPool pool,
                                        CUmemPoolPtrExportData* data) {
    return driver_guard(__func__, [&] {
        require(pointer, "ptr_out");
        require(data, "shareData");
        *pointer = reinterpret_cast<CUdeviceptr>(
            import_pointer(pool, *reinterpret_cast<const cudaMemPoolPtrExportData*>(data)));
    });
}
