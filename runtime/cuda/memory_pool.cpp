// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stream-ordered allocation from the device's default pool, which is the only one; its handle is
// the context's pool.
#include <cstring>

#include "runtime/cuda/memory.h"
#include "runtime/cuda/runtime.h"

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

cudaMemPool_t default_pool(int device) {
    Device& chosen = Runtime::get().device(device);
    ApiContext& context = Runtime::get().open(chosen.primary);
    return HandleTable<rt::Pool>::get().of<cudaMemPool_t>(context.core.pool(), context);
}

/// Throws Error(InvalidValue) unless it is the pool of the thread's context.
rt::Pool& pool_of(ApiContext& context, cudaMemPool_t handle) {
    if (HandleTable<rt::Pool>::get().find(handle).object != &context.core.pool())
        rt::fail(rt::Status::InvalidValue,
                 "the memory pool does not exist; each device has its default pool");
    return context.core.pool();
}

bool is_own(ApiContext& context, int device) {
    return &Runtime::get().device(device) == &context.handle.device;
}

void get_attribute(rt::Pool& pool, cudaMemPoolAttr attr, void* value) {
    uint64_t wide = 0;
    int flag = 1;
    switch (attr) {
    case cudaMemPoolReuseFollowEventDependencies:
    case cudaMemPoolReuseAllowOpportunistic:
    case cudaMemPoolReuseAllowInternalDependencies: std::memcpy(value, &flag, sizeof flag); return;
    case cudaMemPoolAttrReleaseThreshold: wide = pool.threshold(); break;
    case cudaMemPoolAttrReservedMemCurrent: wide = pool.reserved(); break;
    case cudaMemPoolAttrReservedMemHigh: wide = pool.reserved_high(); break;
    case cudaMemPoolAttrUsedMemCurrent: wide = pool.used(); break;
    case cudaMemPoolAttrUsedMemHigh: wide = pool.used_high(); break;
    default:
        rt::fail(rt::Status::InvalidValue, "pool attribute {} does not exist",
                 static_cast<int>(attr));
    }
    std::memcpy(value, &wide, sizeof wide);
}

void set_attribute(rt::Pool& pool, cudaMemPoolAttr attr, const void* value) {
    uint64_t wide = 0;
    switch (attr) {
    case cudaMemPoolReuseFollowEventDependencies:
    case cudaMemPoolReuseAllowOpportunistic:
    case cudaMemPoolReuseAllowInternalDependencies:
        return; // permissions; what the pool does is always allowed to be less
    case cudaMemPoolAttrReleaseThreshold:
        std::memcpy(&wide, value, sizeof wide);
        pool.set_threshold(wide);
        return;
    case cudaMemPoolAttrReservedMemHigh:
    case cudaMemPoolAttrUsedMemHigh:
        std::memcpy(&wide, value, sizeof wide);
        if (wide != 0) rt::fail(rt::Status::InvalidValue, "a high watermark can only be set to 0");
        attr == cudaMemPoolAttrUsedMemHigh ? pool.reset_used_high() : pool.reset_reserved_high();
        return;
    default:
        rt::fail(rt::Status::InvalidValue, "pool attribute {} cannot be set",
                 static_cast<int>(attr));
    }
}

} // namespace

ACC_API cudaError_t cudaMallocAsync(void** pointer, size_t bytes, cudaStream_t stream) {
    return guard(__func__, [&] {
        require(pointer, "devPtr");
        *pointer = allocate_async(current(), bytes, stream);
    });
}

ACC_API cudaError_t cudaMallocFromPoolAsync(void** pointer, size_t bytes, cudaMemPool_t pool,
                                            cudaStream_t stream) {
    return guard(__func__, [&] {
        require(pointer, "ptr");
        ApiContext& context = current();
        pool_of(context, pool); // there is one
        *pointer = allocate_async(context, bytes, stream);
    });
}

ACC_API cudaError_t cudaFreeAsync(void* pointer, cudaStream_t stream) {
    return guard(__func__, [&] { free_async(current(), pointer, stream); });
}

ACC_API cudaError_t cudaDeviceGetDefaultMemPool(cudaMemPool_t* pool, int device) {
    return guard(__func__, [&] {
        require(pool, "memPool");
        *pool = default_pool(device);
    });
}

ACC_API cudaError_t cudaDeviceGetMemPool(cudaMemPool_t* pool, int device) {
    return guard(__func__, [&] {
        require(pool, "memPool");
        *pool = default_pool(device);
    });
}

ACC_API cudaError_t cudaDeviceSetMemPool(int device, cudaMemPool_t pool) {
    return guard(__func__, [&] {
        if (pool != default_pool(device))
            rt::fail(rt::Status::InvalidValue,
                     "the memory pool does not exist; each device has its default pool");
    });
}

ACC_API cudaError_t cudaMemPoolTrimTo(cudaMemPool_t pool, size_t keep) {
    return guard(__func__, [&] { pool_of(current(), pool).trim(keep); });
}

ACC_API cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t pool, cudaMemPoolAttr attr, void* value) {
    return guard(__func__, [&] {
        require(value, "value");
        set_attribute(pool_of(current(), pool), attr, value);
    });
}

ACC_API cudaError_t cudaMemPoolGetAttribute(cudaMemPool_t pool, cudaMemPoolAttr attr, void* value) {
    return guard(__func__, [&] {
        require(value, "value");
        get_attribute(pool_of(current(), pool), attr, value);
    });
}

/// Its own device's access cannot be taken away, and nobody else can be given any yet.
ACC_API cudaError_t cudaMemPoolSetAccess(cudaMemPool_t pool, const cudaMemAccessDesc* list,
                                         size_t count) {
    return guard(__func__, [&] {
        ApiContext& context = current();
        pool_of(context, pool);
        if (count != 0) require(list, "descList");
        for (size_t i = 0; i < count; ++i) {
            if (list[i].location.type != cudaMemLocationTypeDevice)
                rt::fail(rt::Status::InvalidValue, "the location is not a device");
            const bool all = list[i].flags == cudaMemAccessFlagsProtReadWrite;
            if (is_own(context, list[i].location.id) && !all)
                rt::fail(rt::Status::InvalidValue,
                         "a pool is always readable and writable for its own device");
            if (!is_own(context, list[i].location.id) &&
                list[i].flags != cudaMemAccessFlagsProtNone)
                rt::fail(rt::Status::NotSupported,
                         "a pool's memory cannot be shown to another device; memory of cudaMalloc "
                         "can, by cudaDeviceEnablePeerAccess");
        }
    });
}

ACC_API cudaError_t cudaMemPoolGetAccess(cudaMemAccessFlags* flags, cudaMemPool_t pool,
                                         cudaMemLocation* location) {
    return guard(__func__, [&] {
        require(flags, "flags");
        require(location, "location");
        ApiContext& context = current();
        pool_of(context, pool);
        if (location->type != cudaMemLocationTypeDevice)
            rt::fail(rt::Status::InvalidValue, "the location is not a device");
        *flags = is_own(context, location->id) ? cudaMemAccessFlagsProtReadWrite
                                               : cudaMemAccessFlagsProtNone;
    });
}
