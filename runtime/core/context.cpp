// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/context.h"

#include <algorithm>
#include <cstring>

#include "runtime/core/device_heap.h"
#include "runtime/core/fault_report.h"
#include "runtime/core/host_functions.h"
#include "runtime/core/log.h"
#include "runtime/core/printer.h"

namespace acc::rt {
namespace {

/// CUDA's priorities are 0 (lowest) .. -3; the hardware's are 0 (lowest) .. 3.
uint32_t hardware_priority(int priority) {
    return static_cast<uint32_t>(std::clamp(-priority, 0, 3));
}

/// More streams than this share queues: the device has 256, and other contexts want some.
constexpr size_t kMaxContextQueues = 128;

} // namespace

Context::Context(Backend& backend, int device)
    : backend_(backend), device_(device), vm_(backend.create_address_space()) {
    memory_ = std::make_unique<MemoryManager>(backend_, *vm_);
    host_memory_ = std::make_unique<HostMemory>(backend_, *memory_);
    printer_ = std::make_unique<Printer>(*this);
    legacy_ = std::make_unique<Stream>(*this, StreamKind::Legacy, 0, take_queue(0), 0);
    std::unique_lock lock(live_mutex_);
    live_.push_back(this);
    live_count_ = live_.size();
}

Context* Context::at_address(uint64_t va) {
    for (Context* context : live_)
        if (context->memory_->in_window(va)) return context;
    return nullptr;
}

Context::~Context() {
    {
        std::unique_lock lock(live_mutex_);
        std::erase(live_, this);
        live_count_ = live_.size();
    }
    host_functions_.reset();
    // Queues first: nothing may run while memory and modules go.
    {
        std::unique_lock lock(events_mutex_);
        std::unique_lock streams_lock(streams_mutex_);
        legacy_.reset();
        streams_.clear();
        leaving_.clear();
        for (auto& idle : idle_queues_)
            idle.clear();
    }
    events_.clear();
    printer_.reset();
    if (heap_.va != 0) memory_->release(heap_.va, MemoryKind::Internal);
    modules_.clear();
    host_memory_.reset();
    memory_.reset();
    vm_.reset();
}

// ---- streams
// ------------------------------------------------------------------------------------------------------

std::shared_ptr<Queue> Context::take_queue(int priority) {
    auto& idle = idle_queues_[hardware_priority(priority)];
    if (!idle.empty()) {
        auto queue = std::move(idle.back());
        idle.pop_back();
        return queue;
    }
    std::erase_if(all_queues_, [](const auto& queue) { return queue.expired(); });
    if (all_queues_.size() >= kMaxContextQueues)
        if (auto shared = share_queue()) return shared;
    try {
        auto queue = std::make_shared<Queue>(*memory_, *vm_, hardware_priority(priority));
        queue->hardware().set_service(printer_->address(), heap_.va);
        all_queues_.push_back(queue);
        return queue;
    } catch (const Error& error) {
        // Other processes have queues too: when the device has none left, the context makes do with
        // those it has.
        auto shared = error.status() == Status::OutOfMemory ? share_queue() : nullptr;
        if (!shared) throw;
        return shared;
    }
}

/// Sharing keeps each stream's order; the streams only lose concurrency. Null when there is no
/// queue to share.
std::shared_ptr<Queue> Context::share_queue() {
    // A queue may go while we look: then the next.
    for (size_t i = 0; i < all_queues_.size(); ++i)
        if (auto shared = all_queues_[(next_stream_id_ + i) % all_queues_.size()].lock();
            shared && !shared->halted())
            return shared;
    return nullptr;
}

/// Ends a stream and keeps its queue for the next one. The caller holds the lock.
void Context::retire(std::unique_ptr<Stream> stream) {
    if (stream->kind() == StreamKind::Blocking)
        blocking_streams_.fetch_sub(1, std::memory_order_release);
    auto queue = stream->shared_queue();
    const int priority = stream->priority();
    stream.reset();
    if (queue.use_count() == 1 && !queue->halted())
        idle_queues_[hardware_priority(priority)].push_back(std::move(queue));
}

void Context::retire_idle_streams() {
    for (auto& stream : leaving_)
        if (stream->idle()) retire(std::move(stream));
    std::erase(leaving_, nullptr);
}

Stream& Context::create_stream(bool non_blocking, int priority) {
    check_error();
    priority = std::clamp(priority, -3, 0);
    std::unique_lock lock(streams_mutex_);
    retire_idle_streams();
    const auto kind = non_blocking ? StreamKind::NonBlocking : StreamKind::Blocking;
    auto stream = std::make_unique<Stream>(*this, kind, priority, take_queue(priority),
                                           next_stream_id_);
    ++next_stream_id_;
    if (!non_blocking) blocking_streams_.fetch_add(1, std::memory_order_release);
    Stream& made = *stream;
    streams_.emplace(&made, std::move(stream));
    return made;
}

Stream& Context::per_thread_stream() {
    // Keyed by context, because a reset makes a new one. Never destroyed before the context: others
    // may wait for it.
    static std::atomic<uint64_t> generations{0}; // contexts that have had per-thread streams
    thread_local std::unordered_map<const Context*, std::pair<uint64_t, Stream*>> mine;
    auto& [generation, stream] = mine[this];
    if (stream == nullptr || generation != generation_) {
        std::unique_lock lock(streams_mutex_);
        if (generation_ == 0) generation_ = ++generations;
        auto made = std::make_unique<Stream>(*this, StreamKind::PerThread, 0, take_queue(0),
                                             next_stream_id_++);
        blocking_streams_.fetch_add(1, std::memory_order_release);
        generation = generation_;
        stream = made.get();
        streams_.emplace(stream, std::move(made));
    }
    return *stream;
}

void Context::destroy_stream(Stream* stream) {
    std::unique_lock lock(streams_mutex_);
    auto it = streams_.find(stream);
    if (it == streams_.end() || stream->kind() == StreamKind::PerThread)
        fail(Status::InvalidHandle,
             "destroying a stream that does not exist (destroyed before, or of another device)");
    std::unique_ptr<Stream> dying = std::move(it->second);
    streams_.erase(it);
    retire_idle_streams();
    if (dying->kind() == StreamKind::Blocking && !dying->idle())
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
    std::vector<std::pair<std::shared_ptr<Queue>, uint64_t>> pending;
    {
        std::shared_lock lock(streams_mutex_);
        for (auto& weak : all_queues_)
            if (auto queue = weak.lock();
                queue && (!queue->reached(queue->last()) || queue->halted()))
                pending.emplace_back(queue, queue->last());
    }
    for (auto& [queue, sequence] : pending)
        wait(*queue, sequence);
    check_error();
    printer_->flush();
}

void Context::wait(Queue& queue, uint64_t sequence) {
    if (!queue.reached(sequence) && !queue.wait(sequence)) device_fault();
    printer_->flush();
}

void Context::host_function(Stream& stream, std::function<void()> function) {
    std::call_once(host_functions_once_,
                   [&] { host_functions_ = std::make_unique<HostFunctions>(*this); });
    host_functions_->add(stream, std::move(function));
}

void Context::enable_services(unsigned kernel_flags) {
    std::lock_guard lock(services_mutex_);
    if ((kernel_flags & ACC_KD_USES_HOSTCALL) != 0) printer_->enable();
    if ((kernel_flags & ACC_KD_USES_HEAP) != 0 && heap_.va == 0)
        heap_ = make_device_heap(*memory_, limits_.heap_bytes);
    for_queues([&](Queue& queue) { queue.hardware().set_service(printer_->address(), heap_.va); });
}

// ---- events
// -------------------------------------------------------------------------------------------------------

Event& Context::create_event(unsigned flags, bool timing) {
    auto event = std::make_unique<Event>(*this, flags, timing);
    Event& made = *event;
    std::unique_lock lock(events_mutex_);
    events_.emplace(&made, std::move(event));
    return made;
}

void Context::destroy_event(Event* event) {
    std::unique_ptr<Event> dying;
    {
        std::unique_lock lock(events_mutex_);
        auto it = events_.find(event);
        if (it == events_.end())
            fail(Status::InvalidHandle, "destroying an event that does not exist");
        dying = std::move(it->second);
        events_.erase(it);
    }
}

Event& Context::check(Event* event) {
    std::shared_lock lock(events_mutex_);
    if (!events_.contains(event)) fail(Status::InvalidHandle, "the event does not exist");
    return *event;
}

// ---- modules
// ------------------------------------------------------------------------------------------------------

Module& Context::load_module(const void* image, size_t bytes, std::string name) {
    check_error();
    auto module = std::make_unique<Module>(*this, image, bytes, std::move(name));
    std::unique_lock lock(modules_mutex_);
    modules_.push_back(std::move(module));
    return *modules_.back();
}

void Context::unload_module(Module* module) {
    synchronize(); // its code may be running
    std::unique_lock lock(modules_mutex_);
    if (std::erase_if(modules_, [&](const auto& have) { return have.get() == module; }) == 0)
        fail(Status::InvalidHandle, "unloading a module that is not loaded");
}

Module& Context::check(Module* module) {
    std::shared_lock lock(modules_mutex_);
    for (auto& have : modules_)
        if (have.get() == module) return *module;
    fail(Status::InvalidHandle, "the module is not loaded in this context");
}

void Context::attach_managed(Module& module, const Variable& variable, void* storage,
                             uint64_t bytes) {
    const auto known = host_memory_->find(storage);
    const uint64_t va = known ? known->va + (reinterpret_cast<uint64_t>(storage) - known->host)
                              : host_memory_->add(storage, bytes, 0);
    auto* slot = const_cast<uint8_t*>(module.host_view(variable.va, sizeof va));
    if (slot == nullptr)
        fail(Status::InvalidImage, "module {}: the slot of a managed variable is outside the image",
             module.name());
    std::memcpy(slot, &va, sizeof va);
}

Module* Context::module_at(uint64_t va) {
    std::shared_lock lock(modules_mutex_);
    for (auto& module : modules_)
        if (module->contains(va)) return module.get();
    return nullptr;
}

// ---- errors
// -------------------------------------------------------------------------------------------------------

void Context::throw_sticky() {
    throw Error(sticky(), sticky_text_);
}

void Context::device_fault() {
    std::lock_guard lock(fault_mutex_);
    check_error(); // somebody else has reported it
    printer_->flush();
    const auto fault = vm_->take_fault();
    FaultReport report = make_fault_report(*this, fault, vm_->stop_reason());
    log().error("{}", report.text);
    sticky_text_ = std::move(report.text);
    sticky_.store(report.status, std::memory_order_release);
    throw_sticky();
}

} // namespace acc::rt
