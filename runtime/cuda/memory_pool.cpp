// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stream-ordered allocation from memory pools.
#include <cstring>

#include "runtime/cuda/memory.h"
#include "runtime/cuda/memory_pools.h"
#include "runtime/cuda/peers.h"

namespace acc::cuda {

using rt::fail;
using rt::Status;

rt::Pool& pool_of(cudaMemPool_t handle) {
    rt::Pool* pool = HandleTable<rt::Pool>::get().find(handle).object;
    if (pool == nullptr) fail(Status::InvalidValue, "the memory pool does not exist");
    return *pool;
}

namespace {

ApiContext& primary(int device) {
    return Runtime::get().open(Runtime::get().device(device).primary);
}

cudaMemPool_t handle_of(rt::Pool& pool, ApiContext& owner) {
    return HandleTable<rt::Pool>::get().of<cudaMemPool_t>(pool, owner);
}

/// Where a pool's device is said: only devices have pools.
int device_of(const cudaMemLocation& location) {
    if (location.type != cudaMemLocationTypeDevice)
        fail(Status::InvalidValue, "location type {} is not a device",
             static_cast<int>(location.type));
    return static_cast<int>(Runtime::get().device(location.id).index);
}

std::atomic<bool>& reuse_flag(rt::Pool& pool, cudaMemPoolAttr attr) {
    switch (attr) {
    case cudaMemPoolReuseFollowEventDependencies: return pool.reuse().follow_events;
    case cudaMemPoolReuseAllowOpportunistic: return pool.reuse().opportunistic;
    default: return pool.reuse().internal_waits;
    }
}

bool is_reuse(cudaMemPoolAttr attr) {
    return attr == cudaMemPoolReuseFollowEventDependencies ||
           attr == cudaMemPoolReuseAllowOpportunistic ||
           attr == cudaMemPoolReuseAllowInternalDependencies;
}

rt::GroupAccess to_core(cudaMemAccessFlags flags) {
    switch (flags) {
    case cudaMemAccessFlagsProtNone: return rt::GroupAccess::None;
    case cudaMemAccessFlagsProtRead: return rt::GroupAccess::Read;
    case cudaMemAccessFlagsProtReadWrite: return rt::GroupAccess::ReadWrite;
    default: break;
    }
    fail(Status::InvalidValue, "access {} does not exist", static_cast<int>(flags));
}

} // namespace

cudaMemPool_t default_pool(int device) {
    ApiContext& context = primary(device);
    return handle_of(context.core.pool(), context);
}

rt::Pool& current_pool(ApiContext& context) {
    rt::Pool* chosen = context.pool.load(std::memory_order_acquire);
    return chosen != nullptr ? *chosen : context.core.pool();
}

cudaMemPool_t current_pool_handle(int device) {
    ApiContext& context = primary(device);
    return handle_of(current_pool(context), context);
}

void set_current_pool(int device, cudaMemPool_t handle) {
    ApiContext& context = primary(device);
    rt::Pool& pool = pool_of(handle);
    if (&pool.context() != &context.core)
        fail(Status::InvalidValue, "the memory pool is not one of device {}", device);
    if (pool.imported())
        fail(Status::InvalidValue, "nothing can be allocated from a pool of another process");
    context.pool.store(&pool, std::memory_order_release);
}

cudaMemPool_t create_pool(const cudaMemPoolProps& props) {
    if (props.allocType != cudaMemAllocationTypePinned)
        fail(Status::InvalidValue, "a pool has pinned memory only");
    if (props.handleTypes != cudaMemHandleTypeNone &&
        props.handleTypes != cudaMemHandleTypePosixFileDescriptor)
        fail(Status::NotSupported,
             "memory pools are shared by file descriptors, not by handles of type {}",
             static_cast<int>(props.handleTypes));
    if (is_host_location(props.location.type))
        fail(Status::NotSupported, "memory pools in host memory are not supported");
    ApiContext& context = primary(device_of(props.location));
    return handle_of(
        context.core.pools().create(props.maxSize, props.handleTypes != cudaMemHandleTypeNone),
        context);
}

void destroy_pool(cudaMemPool_t handle) {
    rt::Pool& pool = pool_of(handle);
    const auto found = HandleTable<rt::Pool>::get().find(handle);
    if (&pool == &pool.context().pool())
        fail(Status::InvalidValue, "the default memory pool cannot be destroyed");
    if (HandleTable<rt::Pool>::get().take(handle).object == nullptr)
        fail(Status::InvalidValue, "the memory pool does not exist");
    rt::Pool* current = &pool;
    found.owner->pool.compare_exchange_strong(current, nullptr);
    pool.context().pools().destroy(pool);
}

void get_pool_attribute(rt::Pool& pool, cudaMemPoolAttr attr, void* value) {
    if (is_reuse(attr)) {
        const int flag = reuse_flag(pool, attr).load() ? 1 : 0;
        std::memcpy(value, &flag, sizeof flag);
        return;
    }
    uint64_t wide = 0;
    switch (attr) {
    case cudaMemPoolAttrReleaseThreshold: wide = pool.threshold(); break;
    case cudaMemPoolAttrReservedMemCurrent: wide = pool.reserved(); break;
    case cudaMemPoolAttrReservedMemHigh: wide = pool.reserved_high(); break;
    case cudaMemPoolAttrUsedMemCurrent: wide = pool.used(); break;
    case cudaMemPoolAttrUsedMemHigh: wide = pool.used_high(); break;
    default: fail(Status::InvalidValue, "pool attribute {} does not exist", static_cast<int>(attr));
    }
    std::memcpy(value, &wide, sizeof wide);
}

void set_pool_attribute(rt::Pool& pool, cudaMemPoolAttr attr, const void* value) {
    if (is_reuse(attr)) {
        int flag = 0;
        std::memcpy(&flag, value, sizeof flag);
        reuse_flag(pool, attr) = flag != 0;
        return;
    }
    uint64_t wide = 0;
    std::memcpy(&wide, value, sizeof wide);
    switch (attr) {
    case cudaMemPoolAttrReleaseThreshold: pool.set_threshold(wide); return;
    case cudaMemPoolAttrReservedMemHigh:
    case cudaMemPoolAttrUsedMemHigh:
        if (wide != 0) fail(Status::InvalidValue, "a high watermark can only be set to 0");
        attr == cudaMemPoolAttrUsedMemHigh ? pool.reset_used_high() : pool.reset_reserved_high();
        return;
    default: fail(Status::InvalidValue, "pool attribute {} cannot be set", static_cast<int>(attr));
    }
}

void set_pool_access(rt::Pool& pool, const cudaMemAccessDesc* list, size_t count) {
    if (count != 0) require(list, "descList");
    const int own = pool.context().device();
    for (size_t i = 0; i < count; ++i) { // all of it first
        const int device = device_of(list[i].location);
        const rt::GroupAccess access = to_core(list[i].flags);
        if (device == own && access != rt::GroupAccess::ReadWrite)
            fail(Status::InvalidValue, "a pool is always readable and writable for its own device");
        if (device != own && !connected(Runtime::get().device(device), Runtime::get().device(own)))
            fail(Status::InvalidDevice, "device {} cannot reach memory of device {}", device, own);
    }
    for (size_t i = 0; i < count; ++i)
        if (list[i].location.id != own)
            pool.set_access(primary(list[i].location.id).core, to_core(list[i].flags));
}

cudaMemAccessFlags pool_access(rt::Pool& pool, const cudaMemLocation& location) {
    const int device = device_of(location);
    if (device == pool.context().device()) return cudaMemAccessFlagsProtReadWrite;
    switch (pool.access(primary(device).core)) {
    case rt::GroupAccess::Read: return cudaMemAccessFlagsProtRead;
    case rt::GroupAccess::ReadWrite: return cudaMemAccessFlagsProtReadWrite;
    case rt::GroupAccess::None: break;
    }
    return cudaMemAccessFlagsProtNone;
}

} // namespace acc::cuda

using namespace acc::cuda;
namespace rt = acc::rt;

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
        *pointer = allocate_from_pool(context, pool_of(pool), bytes, stream);
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
        *pool = current_pool_handle(device);
    });
}

ACC_API cudaError_t cudaDeviceSetMemPool(int device, cudaMemPool_t pool) {
    return guard(__func__, [&] { set_current_pool(device, pool); });
}

ACC_API cudaError_t cudaMemPoolCreate(cudaMemPool_t* pool, const cudaMemPoolProps* props) {
    return guard(__func__, [&] {
        require(pool, "memPool");
        require(props, "poolProps");
        *pool = create_pool(*props);
    });
}

ACC_API cudaError_t cudaMemPoolDestroy(cudaMemPool_t pool) {
    return guard(__func__, [&] { destroy_pool(pool); });
}

ACC_API cudaError_t cudaMemPoolTrimTo(cudaMemPool_t pool, size_t keep) {
    return guard(__func__, [&] {
        current();
        pool_of(pool).trim(keep);
    });
}

ACC_API cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t pool, cudaMemPoolAttr attr, void* value) {
    return guard(__func__, [&] {
        require(value, "value");
        current();
        set_pool_attribute(pool_of(pool), attr, value);
    });
}

ACC_API cudaError_t cudaMemPoolGetAttribute(cudaMemPool_t pool, cudaMemPoolAttr attr, void* value) {
    return guard(__func__, [&] {
        require(value, "value");
        current();
        get_pool_attribute(pool_of(pool), attr, value);
    });
}

ACC_API cudaError_t cudaMemPoolSetAccess(cudaMemPool_t pool, const cudaMemAccessDesc* list,
                                         size_t count) {
    return guard(__func__, [&] {
        current();
        set_pool_access(pool_of(pool), list, count);
    });
}

ACC_API cudaError_t cudaMemPoolGetAccess(cudaMemAccessFlags* flags, cudaMemPool_t pool,
                                         cudaMemLocation* location) {
    return guard(__func__, [&] {
        require(flags, "flags");
        require(location, "location");
        current();
        *flags = pool_access(pool_of(pool), *location);
    });
}
