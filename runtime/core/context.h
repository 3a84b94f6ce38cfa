// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A context: an address space of a device with its memory, streams, events and modules, and its
// sticky error.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "runtime/core/array.h"
#include "runtime/core/backend.h"
#include "runtime/core/event.h"
#include "runtime/core/graph_memory.h"
#include "runtime/core/host_memory.h"
#include "runtime/core/memory.h"
#include "runtime/core/module.h"
#include "runtime/core/pool.h"
#include "runtime/core/queue_set.h"
#include "runtime/core/status.h"
#include "runtime/core/stream.h"
#include "runtime/core/texture_records.h"

namespace acc::rt {

class Printer;
class HostFunctions;

/// Limits a program can set (cudaDeviceSetLimit), in bytes.
struct Limits {
    uint64_t stack_bytes = 1024;
    uint64_t printf_bytes = 1 << 20;
    uint64_t heap_bytes = 8 << 20;
    uint64_t pending_launches = 2048; ///< from device code
    uint64_t sync_depth = 2;          ///< a hint: grids at any depth may wait for what they launch
};

class Context {
  public:
    Context(Backend& backend, int device);
    ~Context();
    Context(const Context&) = delete;

    /// Keeps a context from going away: its destructor waits. No lock: contexts are made and other
    /// ones destroyed meanwhile.
    class Pin {
      public:
        Pin() = default;
        /// The caller knows that the context is not being destroyed.
        explicit Pin(Context& context);
        Pin(Pin&& other) noexcept : context_(std::exchange(other.context_, nullptr)) {}
        Pin& operator=(Pin&& other) noexcept {
            std::swap(context_, other.context_);
            return *this;
        }
        ~Pin();
        explicit operator bool() const { return context_ != nullptr; }
        Context* get() const { return context_; }
        Context* operator->() const { return context_; }

      private:
        Context* context_ = nullptr;
    };
    /// True when the process has contexts besides one. Cheap.
    static bool several() { return live_count_.load(std::memory_order_acquire) > 1; }
    /// The context that has the address, or a context whose device may have it; empty when there is
    /// none.
    static Pin pin_at(uint64_t va);
    /// Empty when it is not there any more.
    static Pin pin(const Context& context);
    /// The beginning of the end: from here on nobody can pin the context; returns when nobody does.
    void leave();

    int device() const { return device_; }
    Backend& backend() { return backend_; }
    MemoryManager& memory() { return *memory_; }
    HostMemory& host_memory() { return *host_memory_; }
    AddressSpaceHandle& address_space() { return *vm_; }

    // ---- other contexts
    /// True when both can see each other's memory.
    bool shares_addresses(const Context& other) const {
        return memory_->shares_addresses(*other.memory_);
    }
    /// Peer access: whether this context's kernels and copies reach the device memory of `other`.
    /// False: it is so already.
    bool set_peer_access(Context& other, bool on);
    bool has_peer_access(const Context& other) const { return other.memory_->is_peer(*vm_); }
    Limits& limits() { return limits_; }
    /// Device code hears of the limits that concern its launches. Waits for all work when there is
    /// more to do than to write a number.
    void launch_limits_changed();
    /// Who makes what device code can ask the runtime, the first time that it is wanted.
    void set_device_tables(std::function<std::vector<uint8_t>()> make) {
        make_tables_ = std::move(make);
    }

    // ---- streams
    Stream& legacy_stream() { return *legacy_; }
    /// The calling thread's own default stream. It ends with the thread.
    Stream& per_thread_stream();
    /// `priority` is CUDA's: clamped to [-3, 0].
    Stream& create_stream(bool non_blocking, int priority);
    /// Waits for nothing: pending work goes on. Throws Error(InvalidHandle).
    void destroy_stream(Stream* stream);
    /// The stream when it is one of this context; throws Error(InvalidHandle).
    Stream& check(Stream* stream);
    /// Calls `f` for every stream that the legacy stream orders with. The list of streams is
    /// locked: `f` must not wait, nor submit work (a full ring means waiting).
    template <typename F>
    void for_blocking_streams(F&& f) {
        if (blocking_streams_.load(std::memory_order_acquire) == 0) return;
        std::shared_lock lock(streams_mutex_);
        for (auto& [raw, stream] : streams_)
            if (stream->kind() == StreamKind::Blocking || stream->kind() == StreamKind::PerThread)
                f(*stream);
        for (auto& stream : leaving_)
            f(*stream);
    }
    QueueSet& queues() { return queues_; }
    /// Waits for all work of all streams. Throws on a device fault.
    void synchronize();
    /// Waits until `queue` has completed `sequence`, then does what synchronized() does. Throws on
    /// a device fault, whichever queue of the context it has halted.
    void wait(UserQueue& queue, uint64_t sequence);
    /// The host has seen that work is done: prints what kernels printed, and the pool gives back
    /// what it need not keep. Whoever waits or asks through this context's streams and events has
    /// done it already.
    void synchronized() {
        printer_flush();
        pools_.synchronized();
        graph_memory_.synchronized();
        if (any_kept_.load(std::memory_order_relaxed)) drop_kept();
    }
    /// Who runs host functions; made with the first one.
    HostFunctions& host_functions();

    /// A stream has begun or ended to capture.
    void captures(bool blocking, bool begin) {
        if (blocking) capturing_blocking_ += begin ? 1 : -1;
    }
    /// True when a stream captures that the legacy stream would wait for.
    bool blocking_captures() const {
        return capturing_blocking_.load(std::memory_order_acquire) != 0;
    }
    GraphMemory& graph_memory() { return graph_memory_; }
    /// The object goes when the host has seen the point reached.
    void keep_until(std::shared_ptr<void> object, const Point& point);

    /// Stream-ordered allocation.
    Pools& pools() { return pools_; }
    /// The default memory pool.
    Pool& pool() { return pools_.standard(); }

    Images& images() { return images_; }
    TextureRecords& texture_records() { return texture_records_; }

    // ---- events
    Event& create_event(unsigned flags, bool timing);
    void destroy_event(Event* event);
    TimeSlots& time_slots() { return *time_slots_; }

    // ---- modules
    Module& load_module(const void* image, size_t bytes, std::string name);
    /// Waits for the device, whose work may need it. Throws Error(InvalidHandle).
    void unload_module(Module* module);
    /// As above for a module that no work has used: waits for nothing.
    void discard_module(Module* module) { take_module(module); }
    /// The program's part of the module goes away, which waits for nothing: the module goes at once
    /// when the device does nothing, else when the host has seen its work done.
    void retire_module(Module* module);
    /// The module that holds the address, or null.
    Module* module_at(uint64_t va);
    /// True when a loaded module has the kernel. Looks at all of them.
    bool has(const Kernel* kernel);
    bool has(const Event* event);

    // ---- errors
    /// Throws the sticky error when there is one.
    void check_error() {
        if (sticky_.load(std::memory_order_acquire) != Status::Success) throw_sticky();
    }
    Status sticky() const { return sticky_.load(std::memory_order_acquire); }
    /// Reads the device's faults, reports them, makes the error sticky and throws it.
    [[noreturn]] void device_fault();
    /// As above without throwing, for other contexts that wait for this one.
    void report_fault();
    /// Throws when `queue` has halted.
    void check_queue(UserQueue& queue) {
        if (queue.halted()) device_fault();
    }
    /// For callers that poll until work is done: throws when any queue of the context has halted.
    void poll() {
        queues_.look_at_others();
        if (queues_.halted()) device_fault();
    }

    /// Work that was promised cannot be done, and nobody is there to be told: the error is sticky.
    void fail_with(const Error& error);

    Printer& printer() { return *printer_; }
    /// Sets up what kernels with these descriptor flags (ACC_KD_*) need: the message buffer, the
    /// device heap.
    void enable_services(unsigned kernel_flags);

  private:
    [[noreturn]] void throw_sticky();
    void printer_flush();
    struct ThreadStreams;
    static thread_local ThreadStreams* t_streams;
    static void thread_ends();
    void end_stream(Stream* stream, bool of_thread);
    void retire(std::unique_ptr<Stream> stream);
    void retire_idle_streams();
    std::unique_ptr<Module> take_module(Module* module);
    void free_retired_modules();

    inline static std::shared_mutex live_mutex_; // protects live_; nothing waits while it holds it
    inline static std::vector<Context*>& live_ = *new std::vector<Context*>; // threads end late,
                                                                             // too
    inline static std::atomic<size_t> live_count_{0};
    void join_others();
    void leave_others();
    void hide_from_others();
    // Protects neighbours_ and who sees whose memory; taken before a MemoryManager's.
    inline static std::mutex neighbours_mutex_;
    inline static std::vector<Context*>& neighbours_ = *new std::vector<Context*>;
    inline static std::mutex pins_mutex_; // protects pins_ of all contexts
    inline static std::condition_variable pins_changed_;

    unsigned pins_ = 0;
    Backend& backend_;
    const int device_;
    Limits limits_;
    std::unique_ptr<AddressSpaceHandle> vm_;
    std::unique_ptr<MemoryManager> memory_;
    std::unique_ptr<HostMemory> host_memory_;
    std::unique_ptr<Printer> printer_;
    void make_launches(uint64_t pending);
    std::function<std::vector<uint8_t>()> make_tables_;
    std::mutex services_mutex_; // protects heap_ and launch_areas_
    // docs/dynamic-parallelism.md: by room for launches; the address of one is in the heap's
    // control
    std::map<uint64_t, Allocation> launch_areas_;
    uint64_t pending_launches_ = 0; // what it has room for
    Allocation heap_; // control block and heap of device malloc (docs/device-heap.md); made when a
                      // module needs it
    QueueSet queues_;
    Pools pools_;
    GraphMemory graph_memory_;
    Images images_;
    TextureRecords texture_records_;
    std::unique_ptr<Stream> legacy_;

    std::shared_mutex streams_mutex_; // protects streams_, leaving_ and the ids
    std::unordered_map<const Stream*, std::unique_ptr<Stream>> streams_;
    std::vector<std::unique_ptr<Stream>> leaving_; // destroyed blocking streams whose work goes on:
                                                   // the legacy stream still waits for it
    std::atomic<unsigned> blocking_streams_{0};
    uint64_t next_stream_id_ = 1;
    const uint64_t generation_; // tells this context from an earlier one at the same address

    std::unique_ptr<TimeSlots> time_slots_;
    std::shared_mutex events_mutex_;                                  // protects events_
    std::unordered_map<const Event*, std::shared_ptr<Event>> events_; // graphs may have them, too

    struct RetiredModule {
        std::unique_ptr<Module> module;
        std::vector<Point> last; // what may need it
    };
    std::shared_mutex modules_mutex_; // protects modules_ and retired_modules_
    std::vector<std::unique_ptr<Module>> modules_;
    std::vector<RetiredModule> retired_modules_;
    std::atomic<bool> any_retired_{false};

    std::atomic<int> capturing_blocking_{0}; // streams
    void drop_kept();
    std::mutex kept_mutex_; // protects kept_
    std::vector<std::pair<std::shared_ptr<void>, Point>> kept_;
    std::atomic<bool> any_kept_{false};

    std::unique_ptr<HostFunctions> host_functions_; // made with the first host function
    std::once_flag host_functions_once_;

    std::mutex fault_mutex_; // one reporter at a time
    std::atomic<Status> sticky_{Status::Success};
    std::string sticky_text_;
};

} // namespace acc::rt
