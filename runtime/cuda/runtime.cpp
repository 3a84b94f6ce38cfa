// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/runtime.h"

#include "runtime/cuda/driver_texref.h"

#include <pthread.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "runtime/core/host_functions.h"
#include "runtime/core/log.h"
#include "runtime/core/printer.h"
#include "runtime/cuda/device_properties.h"
#include "runtime/cuda/host_function.h"
#include "runtime/cuda/last_thread.h"
#include "runtime/cuda/virtual_memory.h"
#include "runtime/cuda/visible_devices.h"

namespace acc::cuda {
using rt::Status;

constinit thread_local ThreadState t_state;

ApiContext::ApiContext(ContextHandle& handle, rt::Backend& backend, int device)
    : handle(handle), core(backend, device),
      driver_references(std::make_unique<DriverReferences>()) {}

ApiContext::~ApiContext() {
    core.leave(); // before anything of it goes
    end_virtual_memory(*this);
    drop_handles(*this);
    shared_memory->clear();
}

Runtime& Runtime::get() {
    static Runtime* const runtime = new Runtime;
    return *runtime;
}

Runtime::Runtime() {
    rt::HostFunctions::set_caller(call_without_api);
    set_initialized(); // whoever asks the runtime API for devices has initialised the driver API
    rt::log();         // says what is wrong in the environment, even when nothing else is logged
    std::vector<std::unique_ptr<rt::Backend>> all;
    std::vector<const uint8_t*> uuids;
    for (unsigned i = 0; i < rt::count_devices(); ++i) {
        all.push_back(rt::open_backend(i));
        uuids.push_back(all.back()->info().uuid);
    }
    for (const unsigned number : visible_devices(uuids)) {
        devices_.push_back(std::make_unique<Device>(static_cast<unsigned>(devices_.size()),
                                                    std::move(all[number])));
        handles_.push_back(&devices_.back()->primary);
    }
    made_.store(this, std::memory_order_release);
}

Device& Runtime::device(int index) {
    if (devices_.empty())
        rt::fail(Status::NoDevice,
                 "there is no device that can be used (CUDA_VISIBLE_DEVICES hides it?)");
    if (index < 0 || static_cast<size_t>(index) >= devices_.size())
        rt::fail(Status::InvalidDevice, "device {} does not exist; there are {}", index,
                 devices_.size());
    return *devices_[static_cast<size_t>(index)];
}

void Runtime::make_context(ContextHandle& handle) {
    watch_main_thread();
    std::call_once(hooks_, [] {
        std::atexit(&Runtime::at_exit);
        pthread_atfork(nullptr, nullptr, &Runtime::after_fork);
    });
    auto* made = new ApiContext(handle, *handle.device.backend,
                                static_cast<int>(handle.device.index));
    made->core.set_device_tables([&device = handle.device, count = devices_.size()] {
        return device_tables(device, static_cast<int>(count));
    });
    handle.live.store(made, std::memory_order_release);
    rt::log().debug("a context on device {} ({}), device addresses from {:#x}", handle.device.index,
                    handle.device.backend->info().name, made->core.address_space().base());
}

ApiContext& Runtime::open(ContextHandle& handle) {
    if (exiting_.load(std::memory_order_acquire))
        rt::fail(Status::Deinitialized, "the process is exiting");
    if (forked_.load(std::memory_order_acquire))
        rt::fail(
            Status::NotInitialized,
            "the device cannot be used in a child of fork() when the parent had used it before");
    std::lock_guard lock(handle.device.mutex);
    if (handle.live.load(std::memory_order_acquire) == nullptr) {
        if (!handle.primary)
            rt::fail(Status::InvalidHandle, "the thread's context has been destroyed");
        make_context(handle);
    }
    return *handle.live.load(std::memory_order_acquire);
}

namespace {

/// Ends a context after its work; what is lost when the device has faulted was reported then.
void finish(rt::Context& context) {
    try {
        context.synchronize();
    } catch (const rt::Error&) {
    }
}

} // namespace

/// Finishes the work of a context and destroys it, without a lock. False when there is none, or
/// another thread was first.
bool Runtime::end(ContextHandle& handle) {
    rt::Context::Pin pin;
    ApiContext* ending = nullptr;
    {
        std::lock_guard lock(mutex_);
        ending = handle.live.load(std::memory_order_acquire);
        if (ending == nullptr) return false;
        pin = rt::Context::Pin(ending->core);
    }
    finish(*pin.get());
    {
        // for_contexts uses contexts under this lock: once it is taken, nobody there holds this
        // one.
        std::lock_guard lock(mutex_);
        if (handle.live.load(std::memory_order_acquire) != ending) return false;
        handle.live.store(nullptr, std::memory_order_release);
    }
    pin = {};
    delete ending;
    rt::log().debug("the context on device {} is gone", handle.device.index);
    return true;
}

void Runtime::reset(Device& device) {
    end(device.primary);
}

ContextHandle& Runtime::retain(Device& device) {
    open(device.primary);
    std::lock_guard lock(device.mutex);
    ++device.retained;
    return device.primary;
}

bool Runtime::release(Device& device) {
    {
        std::lock_guard lock(device.mutex);
        if (device.retained == 0) return false;
        if (--device.retained != 0) return true;
    }
    {
        std::lock_guard lock(mutex_);
        const ApiContext* live = device.primary.live.load(std::memory_order_acquire);
        if (live == nullptr || live->used_by_runtime.load(std::memory_order_relaxed)) return true;
    }
    end(device.primary);
    return true;
}

std::vector<Runtime::Pinned> Runtime::pin_contexts() {
    std::vector<Pinned> pinned;
    for_contexts(
        [&](ApiContext& context) { pinned.push_back({&context, rt::Context::Pin(context.core)}); });
    return pinned;
}

ContextHandle& Runtime::create_context(Device& device, unsigned flags) {
    if (exiting_.load(std::memory_order_acquire) || forked_.load(std::memory_order_acquire))
        rt::fail(Status::Deinitialized, "the process is exiting, or is a child of fork()");
    auto handle = std::make_unique<ContextHandle>(device, false);
    handle->flags = flags;
    make_context(*handle);
    std::lock_guard lock(mutex_);
    handles_.push_back(handle.get());
    created_.push_back(std::move(handle));
    return *created_.back();
}

void Runtime::destroy_context(ContextHandle& handle) {
    if (handle.primary || !end(handle))
        rt::fail(Status::InvalidHandle, "destroying a context that is not alive, or a primary one");
}

bool Runtime::knows(const ContextHandle* handle) {
    std::lock_guard lock(mutex_);
    return std::find(handles_.begin(), handles_.end(), handle) != handles_.end();
}

void Runtime::at_exit() {
    Runtime& runtime = get();
    // As CUDA's, a process that exits does not wait for its kernels: one may never end. What they
    // have printed so far is printed. In a child of fork() there is nothing.
    if (!runtime.forked_)
        runtime.for_contexts([](ApiContext& context) { context.core.printer().print_complete(); });
    // The contexts stay as they are: other threads may still be inside a call. The system takes
    // everything back.
    runtime.exiting_ = true;
    for (ContextHandle* handle : runtime.handles_)
        handle->live.store(nullptr, std::memory_order_release);
}

void Runtime::after_fork() {
    // The device's threads are not in the child. No lock is taken: its owner may not be here
    // either.
    Runtime& runtime = get();
    runtime.forked_ = true;
    for (ContextHandle* handle : runtime.handles_)
        handle->live.store(nullptr, std::memory_order_release);
}

ApiContext& open_current() {
    ThreadState& state = thread_state();
    if (state.in_callback)
        rt::fail(Status::NotPermitted,
                 "calls into the API are not permitted inside a host function of a stream");
    ContextHandle& handle = state.context != nullptr ? *state.context
                                                     : Runtime::get().device(0).primary;
    ApiContext& context = Runtime::get().open(handle);
    state.context = &handle;
    return context;
}

Device& current_device() {
    ContextHandle* chosen = thread_state().context;
    return chosen != nullptr ? chosen->device : Runtime::get().device(0);
}

Status sticky_status() noexcept {
    ContextHandle* chosen = thread_state().context;
    ApiContext* live = chosen != nullptr ? chosen->live.load(std::memory_order_acquire) : nullptr;
    return live != nullptr ? live->core.sticky() : Status::Success;
}

void no_such_stream() {
    rt::fail(Status::InvalidHandle,
             "the stream does not exist (destroyed before, or of another device)");
}

ApiContext& home_of(ApiContext& current, cudaStream_t stream) {
    ApiContext* owner = HandleTable<rt::Stream>::get().find(stream).owner;
    return owner != nullptr ? *owner : current;
}

ApiContext& home_of(ApiContext& current, cudaEvent_t event) {
    ApiContext* owner = HandleTable<rt::Event>::get().find(event).owner;
    return owner != nullptr ? *owner : current;
}

rt::Event& event_of(ApiContext& context, cudaEvent_t event) {
    if (event == nullptr) rt::fail(Status::InvalidHandle, "the event is a null handle");
    const auto found = HandleTable<rt::Event>::get().find(event);
    if (found.owner != &context) rt::fail(Status::InvalidHandle, "the event does not exist");
    return *found.object;
}

} // namespace acc::cuda
