// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Contexts of the driver API: each device's primary context, contexts a program makes, and each
// thread's stack of them.
#include <algorithm>

#include "runtime/core/capture.h"
#include "runtime/cuda/device_properties.h"
#include "runtime/cuda/driver.h"

namespace acc::cuda {

ApiContext& driver_current() {
    const ThreadState& state = thread_state();
    if (state.in_callback) throw DriverFailure{CUDA_ERROR_NOT_PERMITTED};
    ApiContext* live = state.context != nullptr
                           ? state.context->live.load(std::memory_order_acquire)
                           : nullptr;
    if (live == nullptr)
        throw DriverFailure{state.context == nullptr ? CUDA_ERROR_INVALID_CONTEXT
                                                     : CUDA_ERROR_CONTEXT_IS_DESTROYED};
    live->core.check_error();
    return *live;
}

ContextHandle& handle_of(CUcontext context) {
    auto* handle = reinterpret_cast<ContextHandle*>(context);
    if (handle == nullptr || !Runtime::get().knows(handle))
        throw DriverFailure{CUDA_ERROR_INVALID_CONTEXT};
    return *handle;
}

} // namespace acc::cuda

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

constexpr unsigned kContextFlags = CU_CTX_FLAGS_MASK;

/// What is under the current context of this thread.
std::vector<ContextHandle*>& stack() {
    thread_local std::vector<ContextHandle*> contexts;
    return contexts;
}

void check_alive(ContextHandle& handle) {
    if (handle.live.load(std::memory_order_acquire) == nullptr)
        throw DriverFailure{CUDA_ERROR_CONTEXT_IS_DESTROYED};
}

ContextHandle& chosen() {
    ContextHandle* handle = thread_state().context;
    if (handle == nullptr) throw DriverFailure{CUDA_ERROR_INVALID_CONTEXT};
    return *handle;
}

cudaLimit limit_of(CUlimit limit) {
    if (limit > CU_LIMIT_PERSISTING_L2_CACHE_SIZE)
        throw DriverFailure{CUDA_ERROR_UNSUPPORTED_LIMIT};
    return static_cast<cudaLimit>(limit); // the same numbers
}

} // namespace

// ---- primary contexts
// ---------------------------------------------------------------------------------------------

ACC_API CUresult cuDevicePrimaryCtxRetain(CUcontext* context, CUdevice device) {
    return driver_guard(__func__, [&] {
        require(context, "pctx");
        *context = handle_of(Runtime::get().retain(Runtime::get().device(device)));
    });
}

ACC_API CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device) {
    return driver_guard(__func__, [&] {
        if (!Runtime::get().release(Runtime::get().device(device)))
            throw DriverFailure{CUDA_ERROR_INVALID_CONTEXT};
    });
}

ACC_API CUresult cuDevicePrimaryCtxReset_v2(CUdevice device) {
    return driver_guard(__func__, [&] { Runtime::get().reset(Runtime::get().device(device)); });
}

ACC_API CUresult cuDevicePrimaryCtxSetFlags_v2(CUdevice device, unsigned flags) {
    return driver_guard(__func__, [&] {
        check_flags(flags, kContextFlags, "cuDevicePrimaryCtxSetFlags");
        Runtime::get().device(device).flags = flags;
    });
}

ACC_API CUresult cuDevicePrimaryCtxGetState(CUdevice device, unsigned* flags, int* active) {
    return driver_guard(__func__, [&] {
        require(flags, "flags");
        require(active, "active");
        Device& of = Runtime::get().device(device);
        *flags = of.flags;
        *active = of.primary.live.load(std::memory_order_acquire) != nullptr;
    });
}

// ---- contexts of the program
// --------------------------------------------------------------------------------------

namespace {

CUcontext create_context(unsigned flags, CUdevice device) {
    check_flags(flags, kContextFlags, "cuCtxCreate");
    ContextHandle& made = Runtime::get().create_context(Runtime::get().device(device), flags);
    if (thread_state().context != nullptr) stack().push_back(thread_state().context);
    thread_state().context = &made;
    return handle_of(made);
}

} // namespace

ACC_API CUresult cuCtxCreate_v2(CUcontext* context, unsigned flags, CUdevice device) {
    return driver_guard(__func__, [&] {
        require(context, "pctx");
        *context = create_context(flags, device);
    });
}

/// What the parameters can ask for, a share of the processors or work for a graphics API, is not
/// there.
ACC_API CUresult cuCtxCreate_v4(CUcontext* context, CUctxCreateParams* parameters, unsigned flags,
                                CUdevice device) {
    return driver_guard(__func__, [&] {
        require(context, "pctx");
        if (parameters != nullptr) {
            const bool affinity = parameters->numExecAffinityParams != 0;
            if (affinity &&
                (parameters->execAffinityParams == nullptr ||
                 parameters->numExecAffinityParams < 0 || parameters->cigParams != nullptr))
                throw DriverFailure{CUDA_ERROR_INVALID_VALUE};
            if (affinity) throw DriverFailure{CUDA_ERROR_UNSUPPORTED_EXEC_AFFINITY};
            if (parameters->cigParams != nullptr) throw DriverFailure{CUDA_ERROR_NOT_SUPPORTED};
        }
        *context = create_context(flags, device);
    });
}

ACC_API CUresult cuCtxDestroy_v2(CUcontext context) {
    return driver_guard(__func__, [&] {
        ContextHandle& dying = handle_of(context);
        if (dying.primary) throw DriverFailure{CUDA_ERROR_INVALID_CONTEXT};
        Runtime::get().destroy_context(dying);
        if (thread_state().context == &dying) {
            thread_state().context = stack().empty() ? nullptr : stack().back();
            if (!stack().empty()) stack().pop_back();
        }
    });
}

ACC_API CUresult cuCtxPushCurrent_v2(CUcontext context) {
    return driver_guard(__func__, [&] {
        ContextHandle& next = handle_of(context);
        check_alive(next);
        if (thread_state().context != nullptr) stack().push_back(thread_state().context);
        thread_state().context = &next;
    });
}

ACC_API CUresult cuCtxPopCurrent_v2(CUcontext* context) {
    return driver_guard(__func__, [&] {
        ContextHandle& top = chosen();
        thread_state().context = stack().empty() ? nullptr : stack().back();
        if (!stack().empty()) stack().pop_back();
        if (context != nullptr) *context = handle_of(top);
    });
}

ACC_API CUresult cuCtxSetCurrent(CUcontext context) {
    return driver_guard(__func__, [&] {
        if (context == nullptr) {
            thread_state().context = stack().empty() ? nullptr : stack().back();
            if (!stack().empty()) stack().pop_back();
            return;
        }
        ContextHandle& next = handle_of(context);
        check_alive(next);
        thread_state().context = &next;
    });
}

ACC_API CUresult cuCtxGetCurrent(CUcontext* context) {
    return driver_guard(__func__, [&] {
        require(context, "pctx");
        ContextHandle* handle = thread_state().context;
        const bool alive = handle != nullptr &&
                           handle->live.load(std::memory_order_acquire) != nullptr;
        *context = alive ? handle_of(*handle) : nullptr;
    });
}

ACC_API CUresult cuCtxGetDevice(CUdevice* device) {
    return driver_guard(__func__, [&] {
        require(device, "device");
        *device = static_cast<CUdevice>(chosen().device.index);
    });
}

ACC_API CUresult cuCtxGetFlags(unsigned* flags) {
    return driver_guard(__func__, [&] {
        require(flags, "flags");
        *flags = chosen().primary ? chosen().device.flags : chosen().flags;
    });
}

ACC_API CUresult cuCtxGetId(CUcontext context, unsigned long long* id) {
    return driver_guard(__func__, [&] {
        require(id, "ctxId");
        *id = reinterpret_cast<uint64_t>(context != nullptr ? &handle_of(context) : &chosen());
    });
}

ACC_API CUresult cuCtxGetApiVersion(CUcontext context, unsigned* version) {
    return driver_guard(__func__, [&] {
        require(version, "version");
        if (context != nullptr) check_alive(handle_of(context));
        *version = 3020; // the interface's own version since CUDA 3.2
    });
}

ACC_API CUresult cuCtxSynchronize(void) {
    return driver_guard(__func__, [] {
        ApiContext& context = driver_current();
        rt::Capture::check_wait(context.core);
        context.core.synchronize();
    });
}

ACC_API CUresult cuCtxResetPersistingL2Cache(void) {
    return driver_guard(__func__, [] { driver_current(); });
}

ACC_API CUresult cuCtxSetLimit(CUlimit limit, size_t value) {
    return driver_guard(__func__, [&] {
        return static_cast<CUresult>(set_limit(driver_current(), limit_of(limit), value));
    });
}

ACC_API CUresult cuCtxGetLimit(size_t* value, CUlimit limit) {
    return driver_guard(__func__, [&] {
        require(value, "pvalue");
        return static_cast<CUresult>(get_limit(driver_current(), value, limit_of(limit)));
    });
}

ACC_API CUresult cuCtxGetCacheConfig(CUfunc_cache* config) {
    return driver_guard(__func__, [&] {
        require(config, "pconfig");
        *config = static_cast<CUfunc_cache>(driver_current().cache_config.load());
    });
}

ACC_API CUresult cuCtxSetCacheConfig(CUfunc_cache config) {
    return driver_guard(__func__, [&] {
        if (config > CU_FUNC_CACHE_PREFER_EQUAL) throw DriverFailure{CUDA_ERROR_INVALID_VALUE};
        driver_current().cache_config = static_cast<cudaFuncCache>(config);
    });
}

ACC_API CUresult cuCtxGetStreamPriorityRange(int* least, int* greatest) {
    return driver_guard(__func__, [&] {
        driver_current();
        if (least != nullptr) *least = kLeastPriority;
        if (greatest != nullptr) *greatest = kGreatestPriority;
    });
}
