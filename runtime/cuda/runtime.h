// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The process's state behind both APIs: devices, their contexts, and what each thread has chosen.
//
// A ContextHandle is what a CUcontext points to, and what a thread has current. It outlives the
// context itself: a device reset, the process's exit and a fork take `live` away, so a stale handle
// is found out by one load and never followed.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/core/backend.h"
#include "runtime/core/context.h"
#include "runtime/cuda/api.h"
#include "runtime/cuda/graph_store.h"
#include "runtime/cuda/handles.h"
#include "runtime/cuda/registration.h"
#include "runtime/cuda/shared_memory.h"
#include "runtime/cuda/texture_reference.h"

namespace acc::cuda {

class ApiContext;
class Device;
class DriverReferences;

/// From here on the driver API may be used: cuInit was called, or a context made.
void set_initialized();

struct ContextHandle {
    ContextHandle(Device& of, bool is_primary) : device(of), primary(is_primary) {}
    Device& device;
    const bool primary;
    std::atomic<ApiContext*> live{nullptr};
    unsigned flags = 0; ///< as given when it was made
};

/// A core context and what the CUDA APIs keep beside it.
class ApiContext {
  public:
    ApiContext(ContextHandle& handle, rt::Backend& backend, int device);
    ~ApiContext();

    ContextHandle& handle;
    /// The runtime API has used it: a primary context is then the runtime's until the device is
    /// reset; releasing what the program has retained by the driver API does not end it.
    std::atomic<bool> used_by_runtime{false};
    rt::Context core;
    LoadedBinaries binaries; ///< goes first: modules belong to `core`
    ReferenceBindings references;
    const std::unique_ptr<DriverReferences> driver_references;
    GraphStore graphs;
    StreamAttributes stream_attributes;
    std::atomic<rt::Pool*> pool{nullptr}; ///< cudaDeviceSetMemPool; null: the default one
    /// Memory of other processes. Events that were opened from them have it, too.
    const std::shared_ptr<SharedMemory> shared_memory = std::make_shared<SharedMemory>();

    // Hints that programs set and read back; the hardware has nothing to configure for them.
    std::atomic<cudaFuncCache> cache_config{cudaFuncCachePreferNone};
    std::atomic<cudaSharedMemConfig> shared_config{cudaSharedMemBankSizeFourByte};
    std::atomic<size_t> l2_fetch_granularity{128};
};

class Device {
  public:
    Device(unsigned number, std::unique_ptr<rt::Backend> made)
        : index(number), backend(std::move(made)), primary(*this, true) {}

    const unsigned index;
    const std::unique_ptr<rt::Backend> backend;
    ContextHandle primary;
    std::mutex mutex;      ///< protects making and destroying the primary context, and what follows
    unsigned flags = 0;    ///< cudaSetDeviceFlags
    unsigned retained = 0; ///< cuDevicePrimaryCtxRetain calls not yet released
};

class Runtime {
  public:
    /// Made at first use, never destroyed: destructors of user objects may call us while the
    /// process exits.
    static Runtime& get();
    /// Null when nobody has used it.
    static Runtime* if_made() { return made_.load(std::memory_order_acquire); }

    const std::vector<std::unique_ptr<Device>>& devices() const { return devices_; }
    /// Throws Error(NoDevice, InvalidDevice).
    Device& device(int index);
    /// The live context of a handle; makes a primary one. Throws Error.
    ApiContext& open(ContextHandle& handle);
    /// Finishes the work of the device's primary context and destroys it; no error when there is
    /// none.
    void reset(Device& device);
    /// cuDevicePrimaryCtxRetain and its opposite; false when nothing is retained.
    ContextHandle& retain(Device& device);
    bool release(Device& device);
    /// A context besides the primary one (cuCtxCreate).
    ContextHandle& create_context(Device& device, unsigned flags);
    /// Throws Error(InvalidHandle) unless it is a created context that is alive.
    void destroy_context(ContextHandle& handle);
    /// A live context that cannot go away.
    struct Pinned {
        ApiContext* context;
        rt::Context::Pin pin;
    };
    std::vector<Pinned> pin_contexts();
    /// Calls `f` for every live context. `f` must not wait: contexts are locked meanwhile.
    template <typename F>
    void for_contexts(F&& f) {
        std::lock_guard lock(mutex_);
        for (ContextHandle* handle : handles_)
            if (ApiContext* live = handle->live.load(std::memory_order_acquire)) f(*live);
    }
    /// True when the handle is one of ours (alive or not).
    bool knows(const ContextHandle* handle);

  private:
    Runtime();
    void make_context(ContextHandle& handle);
    bool end(ContextHandle& handle);
    static void at_exit();
    static void after_fork();

    static inline std::atomic<Runtime*> made_{nullptr};
    std::vector<std::unique_ptr<Device>> devices_;
    std::atomic<bool> exiting_{false}, forked_{false};
    std::once_flag hooks_;
    std::mutex mutex_; // protects handles_ and created_
    std::vector<ContextHandle*> handles_;
    std::vector<std::unique_ptr<ContextHandle>> created_;
};

/// What a thread has chosen. Constant-initialised, so that access needs no guard.
struct ThreadState {
    cudaError_t last_error = cudaSuccess;
    unsigned char capture_mode = cudaStreamCaptureModeGlobal; ///< cudaStreamCaptureMode
    bool in_callback = false; ///< inside a host function: calls into the API are not permitted
    ContextHandle* context = nullptr; ///< null: the primary context of the first device
};
extern constinit thread_local ThreadState t_state;
inline ThreadState& thread_state() {
    return t_state;
}

/// The slow half of current(): makes the context or throws.
ApiContext& open_current();

/// The calling thread's context; made when it does not exist yet. Throws Error, the context's
/// sticky error too.
inline ApiContext& current() {
    const ThreadState& state = t_state;
    ApiContext* context = nullptr;
    if (state.context != nullptr && !state.in_callback) [[likely]]
        context = state.context->live.load(std::memory_order_acquire);
    if (context == nullptr) [[unlikely]]
        context = &open_current();
    if (!context->used_by_runtime.load(std::memory_order_relaxed)) [[unlikely]]
        context->used_by_runtime.store(true, std::memory_order_relaxed);
    context->core.check_error();
    return *context;
}

/// The device of the calling thread's context. Makes no context. Throws Error(NoDevice).
Device& current_device();

/// The sticky error of the calling thread's context; Success when there is no context. Makes none.
rt::Status sticky_status() noexcept;

[[noreturn]] void no_such_stream();

/// The stream of a handle: 0 and cudaStreamLegacy, cudaStreamPerThread, or one that was created.
/// Throws Error(InvalidHandle).
inline rt::Stream& stream_of(ApiContext& context, cudaStream_t stream) {
    if (stream == nullptr || stream == cudaStreamLegacy) return context.core.legacy_stream();
    if (stream == cudaStreamPerThread) return context.core.per_thread_stream();
    const auto found = HandleTable<rt::Stream>::get().find(stream);
    if (found.owner != &context) [[unlikely]]
        no_such_stream();
    return *found.object;
}

/// The context that a stream or event belongs to: handles of other devices are as good as those of
/// the current one. `current` for default streams, and when no context knows the handle.
ApiContext& home_of(ApiContext& current, cudaStream_t stream);
ApiContext& home_of(ApiContext& current, cudaEvent_t event);

/// The event of a handle. Throws Error(InvalidHandle).
rt::Event& event_of(ApiContext& context, cudaEvent_t event);

/// The stream or event of a handle, whichever context it is of. Throws Error(InvalidHandle).
inline rt::Stream& find_stream(ApiContext& current, cudaStream_t stream) {
    return stream_of(home_of(current, stream), stream);
}
inline rt::Event& find_event(ApiContext& current, cudaEvent_t event) {
    return event_of(home_of(current, event), event);
}

} // namespace acc::cuda
