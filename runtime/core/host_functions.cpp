// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/host_functions.h"

#include <pthread.h>

#include "runtime/core/context.h"
#include "runtime/core/log.h"

namespace acc::rt {

HostFunctions::HostFunctions(Context& context) : context_(context), thread_([this] { run(); }) {}

HostFunctions::~HostFunctions() {
    {
        std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
    for (auto& lane : lanes_)
        context_.memory().release(lane.word.va, MemoryKind::Commands);
}

HostFunctions::Lane& HostFunctions::lane_of(const std::shared_ptr<Queue>& queue) {
    for (auto& lane : lanes_)
        if (lane.queue == queue) return lane;
    Lane lane;
    lane.queue = queue;
    lane.word = context_.memory().allocate(MemoryKind::Commands, sizeof(uint64_t), 64);
    *reinterpret_cast<uint64_t*>(lane.word.host) = 0;
    return lanes_.emplace_back(std::move(lane));
}

void HostFunctions::add(Stream& stream, std::function<void()> function) {
    {
        std::lock_guard adding(add_mutex_);
        std::unique_lock lock(mutex_);
        Lane& lane = lane_of(stream.shared_queue()); // deque elements do not move
        lock.unlock();
        // A no-op first: it carries the waits of the default stream's rules, and its completion is
        // when the function may run.
        acc_packet_cache mark{};
        mark.header.type = ACC_PKT_CACHE;
        const uint64_t after = stream.submit(mark);
        const uint64_t release = ++lane.issued;
        stream.wait_for(
            Timeline{reinterpret_cast<std::atomic<uint64_t>*>(lane.word.host), lane.word.va},
            release);
        lock.lock();
        lane.calls.push_back({stream.shared_queue(), after, release, std::move(function)});
    }
    changed_.notify_all();
}

void HostFunctions::run() {
    pthread_setname_np(pthread_self(), "acc-host-func");
    std::unique_lock lock(mutex_);
    while (true) {
        Lane* ready = nullptr;
        Lane* waiting = nullptr;
        for (auto& lane : lanes_) {
            if (lane.calls.empty()) continue;
            waiting = &lane;
            if (lane.queue->reached(lane.calls.front().after) || lane.queue->halted())
                ready = &lane;
        }
        if (ready == nullptr) {
            if (stop_) return;
            if (waiting == nullptr) {
                changed_.wait(lock);
            } else {
                const auto queue = waiting->queue;
                const uint64_t after = waiting->calls.front().after;
                lock.unlock();
                queue->wait(after, 1'000'000); // look again after 1 ms: another queue may be first
                lock.lock();
            }
            continue;
        }
        Call call = std::move(ready->calls.front());
        ready->calls.pop_front();
        auto* word = reinterpret_cast<std::atomic<uint64_t>*>(ready->word.host);
        lock.unlock();
        if (!call.queue->halted()) call.function();
        word->store(call.release, std::memory_order_release);
        call.queue->hardware().doorbell(call.queue->last()); // the device looks at the word again
        lock.lock();
    }
}

} // namespace acc::rt
