// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/context.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>

#include "runtime/core/capture.h"
#include "runtime/core/device_heap.h"
#include "runtime/core/fault_report.h"
#include "runtime/core/host_functions.h"
#include "runtime/core/launch_area.h"
#include "runtime/core/log.h"
#include "runtime/core/printer.h"

namespace acc::rt {
namespace {

uint64_t next_generation() {
    static std::atomic<uint64_t> generations{0};
    return ++generations;
}

} // namespace

Context::Context(Backend& backend, int device)
    : backend_(backend), device_(device), vm_(backend.create_address_space()),
      memory_(std::make_unique<MemoryManager>(backend_, *vm_)),
      host_memory_(std::make_unique<HostMemory>(backend_, *memory_, vm_->addresses())),
      printer_(std::make_unique<Printer>(*this)), queues_(*this, *memory_, *vm_), pools_(*this),
      graph_memory_(*this), images_(*memory_), texture_records_(*memory_, queues_),
      generation_(next_generation()), time_slots_(std::make_unique<TimeSlots>(*memory_)) {
    legacy_ = std::make_unique<Stream>(*this, StreamKind::Legacy, 0, queues_.take(0), 0);
    join_others();
    std::unique_lock lock(live_mutex_);
    live_.push_back(this);
    live_count_ = live_.size();
}

Context::Pin Context::pin_at(uint64_t va) {
    std::shared_lock lock(live_mutex_);
    Context* one = nullptr;
    for (Context* context : live_) {
        if (!context->memory_->in_window(va)) continue;
        one = context;
        if (context->memory_->owner_at(va) == context->memory_.get()) break;
    }
    return one != nullptr ? Pin(*one) : Pin();
}

Context::Pin Context::pin(const Context& context) {
    std::shared_lock lock(live_mutex_);
    const auto it = std::find(live_.begin(), live_.end(), &context);
    return it != live_.end() ? Pin(**it) : Pin();
}

// ---- other contexts
// ------------------------------------------------------------------------------------------------

/// From here on each sees what the others show everybody.
void Context::join_others() {
    std::lock_guard lock(neighbours_mutex_);
    neighbours_.push_back(this);
    try {
        for (Context* other : neighbours_) {
            if (other == this || !shares_addresses(*other)) continue;
            other->memory_->add_viewer(*vm_);
            memory_->add_viewer(*other->vm_);
        }
    } catch (...) {
        hide_from_others();
        throw;
    }
}

/// The caller holds the lock.
void Context::hide_from_others() {
    std::erase(neighbours_, this);
    for (Context* other : neighbours_) {
        other->memory_->remove_viewer(*vm_);
        memory_->remove_viewer(*other->vm_);
    }
}

/// The context's queues have stopped. Queues of others that still wait for them are waited for:
/// they look at memory that goes away.
void Context::leave_others() {
    std::vector<Pin> waiting;
    {
        std::shared_lock lock(live_mutex_);
        for (Context* other : live_)
            if (other->queues_.waits_for_others()) waiting.emplace_back(*other);
    }
    for (const Pin& other : waiting) {
        for (const Point& point : other->queues_.waits_for(queues_))
            point.queue->wait(point.sequence);
        other->queues_.look_at_others(); // its own failure is reported as what it is
        other->queues_.forget(queues_);  // also what a queue that has failed will never pass
    }
    waiting.clear();
    std::lock_guard lock(neighbours_mutex_);
    hide_from_others();
    for (Context* other : neighbours_)
        other->pools_.forget(queues_);
}

bool Context::set_peer_access(Context& other, bool on) {
    std::lock_guard lock(neighbours_mutex_);
    if (other.memory_->is_peer(*vm_) == on) return false;
    other.memory_->set_peer(*vm_, on);
    return true;
}

Context::Pin::Pin(Context& context) : context_(&context) {
    std::lock_guard lock(pins_mutex_);
    ++context.pins_;
}

Context::Pin::~Pin() {
    if (context_ == nullptr) return;
    std::lock_guard lock(pins_mutex_);
    if (--context_->pins_ == 0) pins_changed_.notify_all();
}

void Context::leave() {
    {
        std::unique_lock lock(live_mutex_);
        std::erase(live_, this);
        live_count_ = live_.size();
    }
    std::unique_lock lock(pins_mutex_);
    pins_changed_.wait(lock, [&] { return pins_ == 0; });
}

Context::~Context() {
    leave();
    host_functions_.reset();
    Capture::forget(*this);
    // Queues first: nothing may run while memory and modules go.
    {
        std::unique_lock lock(events_mutex_);
        std::unique_lock streams_lock(streams_mutex_);
        legacy_.reset();
        streams_.clear();
        leaving_.clear();
    }
    queues_.stop();
    leave_others();
    queues_.clear();
    kept_.clear();
    events_.clear();
    pools_.clear();
    graph_memory_.clear();
    images_.clear();
    texture_records_.clear();
    time_slots_.reset();
    printer_.reset();
    for (const auto& [pending, area] : launch_areas_)
        memory_->release(area.va, MemoryKind::Internal);
    if (heap_.va != 0) memory_->release(heap_.va, MemoryKind::Internal);
    modules_.clear();
    retired_modules_.clear();
    host_memory_.reset();
    memory_.reset();
    vm_.reset();
}

// ---- streams
// ------------------------------------------------------------------------------------------------------

/// Ends a stream whose work the legacy stream need not wait for any more. The caller holds the
/// lock.
void Context::retire(std::unique_ptr<Stream> stream) {
    if (stream->blocking()) blocking_streams_.fetch_sub(1, std::memory_order_release);
    queues_.give_back(stream->queue());
}

void Context::retire_idle_streams() {
    for (auto& stream : leaving_)
        if (stream->idle()) retire(std::move(stream));
    std::erase(leaving_, nullptr);
}

Stream& Context::create_stream(bool non_blocking, int priority) {
    check_error();
    priority = std::clamp(priority, -3, 0);
    const auto kind = non_blocking ? StreamKind::NonBlocking : StreamKind::Blocking;
    {
        std::unique_lock lock(streams_mutex_);
        retire_idle_streams();
    }
    auto queue = queues_.take(priority);
    std::unique_lock lock(streams_mutex_);
    auto stream = std::make_unique<Stream>(*this, kind, priority, std::move(queue),
                                           next_stream_id_++);
    if (!non_blocking) blocking_streams_.fetch_add(1, std::memory_order_release);
    Stream& made = *stream;
    streams_.emplace(&made, std::move(stream));
    return made;
}

/// The default streams of one thread in all contexts. A context may be gone, and another one be at
/// its address.
struct Context::ThreadStreams {
    struct Own {
        uint64_t generation = 0;
        Stream* stream = nullptr;
    };
    const pid_t process = getpid();
    std::unordered_map<Context*, Own> of;
};

// A plain pointer, so that destructors that run after the thread's end may still use streams.
constinit thread_local Context::ThreadStreams* Context::t_streams = nullptr;

void Context::thread_ends() {
    const std::unique_ptr<ThreadStreams> streams(std::exchange(t_streams, nullptr));
    if (!streams || streams->process != getpid()) return; // a child of fork() has no contexts
    for (const auto& [context, own] : streams->of) {
        Pin pin;
        {
            std::shared_lock lock(live_mutex_);
            if (std::find(live_.begin(), live_.end(), context) == live_.end() ||
                context->generation_ != own.generation)
                continue;
            pin = Pin(*context);
        }
        pin->end_stream(own.stream, true);
    }
}

Stream& Context::per_thread_stream() {
    struct End {
        ~End() { thread_ends(); }
    };
    if (t_streams == nullptr) {
        t_streams = new ThreadStreams;
        static thread_local End end;
        static_cast<void>(&end); // constructed here, so that it is destroyed
    }
    auto& [generation, stream] = t_streams->of[this];
    if (generation != generation_) {
        auto queue = queues_.take(0);
        std::unique_lock lock(streams_mutex_);
        retire_idle_streams();
        auto made = std::make_unique<Stream>(*this, StreamKind::PerThread, 0, std::move(queue),
                                             next_stream_id_++);
        blocking_streams_.fetch_add(1, std::memory_order_release);
        generation = generation_;
        stream = made.get();
        streams_.emplace(stream, std::move(made));
    }
    return *stream;
}

void Context::destroy_stream(Stream* stream) {
    end_stream(stream, false);
}

void Context::end_stream(Stream* stream, bool of_thread) {
    if (Capture::any()) Capture::forget(check(stream));
    std::unique_lock lock(streams_mutex_);
    auto it = streams_.find(stream);
    if (it == streams_.end() || (stream->kind() == StreamKind::PerThread) != of_thread)
        fail(Status::InvalidHandle,
             "destroying a stream that does not exist (destroyed before, or of another device)");
    std::unique_ptr<Stream> dying = std::move(it->second);
    streams_.erase(it);
    retire_idle_streams();
    if (dying->blocking() && !dying->idle())
        leaving_.push_back(std::move(dying));
    else
        retire(std::move(dying));
}

Stream& Context::check(Stream* stream) {
    std::shared_lock lock(streams_mutex_);
    if (!streams_.contains(stream))
        fail(Status::InvalidHandle,
             "the stream does not exist (destroyed before, or of another device)");
    return *stream;
}

void Context::synchronize() {
    check_error();
    for (const Point& point : queues_.pending())
        wait(*point.queue, point.sequence);
    check_error();
    synchronized();
    free_retired_modules();
}

void Context::wait(UserQueue& queue, uint64_t sequence) {
    if (!queue.wait(sequence)) device_fault();
    synchronized();
}

void Context::printer_flush() {
    printer_->flush();
}

HostFunctions& Context::host_functions() {
    std::call_once(host_functions_once_,
                   [&] { host_functions_ = std::make_unique<HostFunctions>(*this); });
    return *host_functions_;
}

void Context::enable_services(unsigned kernel_flags) {
    std::lock_guard lock(services_mutex_);
    if ((kernel_flags & ACC_KD_USES_HOSTCALL) != 0) printer_->enable();
    const bool launches = (kernel_flags & ACC_KD_LAUNCHES) != 0;
    if (((kernel_flags & ACC_KD_USES_HEAP) != 0 || launches) && heap_.va == 0) {
        heap_ = make_device_heap(*memory_, limits_.heap_bytes);
        if (!launches) make_launches(0);
    }
    if (launches && pending_launches_ == 0) make_launches(limits_.pending_launches);
    queues_.set_service(printer_->address(), heap_.va);
}

/// An area with room for so many launches, in place of the one that there is; no kernel launches.
/// Kernels that do not may still read that one (tables, errors), so it stays: there is one for each
/// number of launches. The caller holds the lock.
void Context::make_launches(uint64_t pending) {
    auto at = launch_areas_.find(pending);
    if (at == launch_areas_.end()) {
        const std::vector<uint8_t> tables = make_tables_ ? make_tables_() : std::vector<uint8_t>();
        const LaunchLimits limits{pending, limits_.stack_bytes};
        at = launch_areas_.emplace(pending, make_launch_area(*memory_, limits, tables)).first;
    }
    set_launch_stack(at->second, limits_.stack_bytes);
    auto* address = reinterpret_cast<uint64_t*>(heap_.host + ACC_LAUNCH_AREA_IN_HEAP);
    std::atomic_ref(*address).store(at->second.va, std::memory_order_release);
    pending_launches_ = pending;
}

void Context::launch_limits_changed() {
    {
        std::lock_guard lock(services_mutex_);
        for (const auto& [pending, area] : launch_areas_)
            set_launch_stack(area, limits_.stack_bytes);
        if (pending_launches_ == 0 || pending_launches_ == limits_.pending_launches) return;
    }
    synchronize();
    std::lock_guard lock(services_mutex_);
    make_launches(limits_.pending_launches);
}

// ---- what work in flight may need

void Context::keep_until(std::shared_ptr<void> object, const Point& point) {
    if (!point.queue || point.reached()) return;
    std::lock_guard lock(kept_mutex_);
    kept_.emplace_back(std::move(object), point);
    any_kept_.store(true, std::memory_order_relaxed);
}

void Context::drop_kept() {
    std::vector<std::shared_ptr<void>> gone; // without the lock
    std::lock_guard lock(kept_mutex_);
    std::erase_if(kept_, [&](auto& kept) {
        if (!kept.second.reached()) return false;
        gone.push_back(std::move(kept.first));
        return true;
    });
    any_kept_.store(!kept_.empty(), std::memory_order_relaxed);
}

// ---- events
// -------------------------------------------------------------------------------------------------------

Event& Context::create_event(unsigned flags, bool timing) {
    auto event = std::make_shared<Event>(*this, flags, timing);
    Event& made = *event;
    std::unique_lock lock(events_mutex_);
    events_.emplace(&made, std::move(event));
    return made;
}

void Context::destroy_event(Event* event) {
    std::shared_ptr<Event> dying;
    {
        std::unique_lock lock(events_mutex_);
        auto it = events_.find(event);
        if (it == events_.end())
            fail(Status::InvalidHandle, "destroying an event that does not exist");
        dying = std::move(it->second);
        events_.erase(it);
    }
}

// ---- modules
// ------------------------------------------------------------------------------------------------------

Module& Context::load_module(const void* image, size_t bytes, std::string name) {
    check_error();
    free_retired_modules();
    auto module = std::make_unique<Module>(*this, image, bytes, std::move(name));
    std::unique_lock lock(modules_mutex_);
    modules_.push_back(std::move(module));
    return *modules_.back();
}

std::unique_ptr<Module> Context::take_module(Module* module) {
    std::unique_lock lock(modules_mutex_);
    const auto it = std::find_if(modules_.begin(), modules_.end(),
                                 [&](const auto& have) { return have.get() == module; });
    if (it == modules_.end()) fail(Status::InvalidHandle, "unloading a module that is not loaded");
    auto taken = std::move(*it);
    modules_.erase(it);
    return taken;
}

void Context::unload_module(Module* module) {
    synchronize(); // its code may be running
    take_module(module);
}

void Context::retire_module(Module* module) {
    RetiredModule retired{take_module(module), queues_.pending()};
    retired.module->leave_managed();
    {
        std::unique_lock lock(modules_mutex_);
        retired_modules_.push_back(std::move(retired));
        any_retired_.store(true, std::memory_order_release);
    }
    printer_flush(); // its format strings
    free_retired_modules();
}

void Context::free_retired_modules() {
    if (!any_retired_.load(std::memory_order_acquire)) return;
    std::vector<RetiredModule> gone; // without the lock
    std::unique_lock lock(modules_mutex_);
    std::erase_if(retired_modules_, [&](RetiredModule& retired) {
        const bool done = std::all_of(retired.last.begin(), retired.last.end(),
                                      [](const Point& point) { return point.reached(); });
        if (done) gone.push_back(std::move(retired));
        return done;
    });
    any_retired_.store(!retired_modules_.empty(), std::memory_order_release);
}

Module* Context::module_at(uint64_t va) {
    std::shared_lock lock(modules_mutex_);
    for (auto& module : modules_)
        if (module->contains(va)) return module.get();
    for (auto& retired : retired_modules_)
        if (retired.module->contains(va)) return retired.module.get();
    return nullptr;
}

bool Context::has(const Event* event) {
    std::shared_lock lock(events_mutex_);
    return events_.contains(event);
}

bool Context::has(const Kernel* kernel) {
    std::shared_lock lock(modules_mutex_);
    return std::any_of(modules_.begin(), modules_.end(),
                       [&](const auto& module) { return module->has(kernel); });
}

// ---- errors
// -------------------------------------------------------------------------------------------------------

void Context::throw_sticky() {
    throw Error(sticky(), sticky_text_);
}

void Context::device_fault() {
    std::lock_guard lock(fault_mutex_);
    if (sticky() != Status::Success) { // somebody else has reported it
        queues_.abandon_halted();      // some may have stopped since
        throw_sticky();
    }
    printer_->flush();
    const auto fault = vm_->take_fault();
    FaultReport report = make_fault_report(*this, fault, vm_->stop_reason());
    log().error("{}", report.text);
    sticky_text_ = std::move(report.text);
    sticky_.store(report.status, std::memory_order_release);
    queues_.abandon_halted();
    throw_sticky();
}

void Context::fail_with(const Error& error) {
    std::lock_guard lock(fault_mutex_);
    if (sticky() != Status::Success) return;
    log().error("{}", error.what());
    sticky_text_ = error.what();
    sticky_.store(error.status(), std::memory_order_release);
}

void Context::report_fault() {
    try {
        device_fault();
    } catch (const Error&) { // this context's calls return it
    }
}

} // namespace acc::rt
