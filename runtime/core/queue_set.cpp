// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/queue_set.h"

#include <algorithm>

#include "runtime/core/context.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

/// CUDA's priorities are 0 (lowest) .. -3; the hardware's are 0 (lowest) .. 3.
uint32_t hardware_priority(int priority) {
    return static_cast<uint32_t>(std::clamp(-priority, 0, 3));
}

/// More streams than this share queues: the device has 256, and other contexts want some.
constexpr size_t kMaxContextQueues = 128;

bool drained(const UserQueue& queue) {
    return queue.reached(queue.last());
}

} // namespace

/// The caller holds the lock.
std::shared_ptr<UserQueue> QueueSet::lend(Member& member) {
    ++member.streams;
    return member.queue;
}

/// A queue that no stream has. Its own priority and nothing pending come first; while the context
/// may have more queues, nothing else will do. The caller holds the lock. Null: there is none.
std::shared_ptr<UserQueue> QueueSet::take_free(uint32_t priority) {
    const bool full = members_.size() + making_ >= kMaxContextQueues;
    Member* best = nullptr;
    int best_score = -1;
    for (Member& member : members_) {
        if (member.streams != 0 || member.queue->halted()) continue;
        const bool same = member.priority == priority, empty = drained(*member.queue);
        const int score = (same ? 1 : 0) + (empty ? 2 : 0);
        if ((full || score == 3) && score > best_score) {
            best = &member;
            best_score = score;
        }
    }
    return best != nullptr ? lend(*best) : nullptr;
}

/// The queue that the fewest streams use. The caller holds the lock. Null: there is none.
std::shared_ptr<UserQueue> QueueSet::share() {
    Member* best = nullptr;
    for (Member& member : members_)
        if (!member.queue->halted() && (best == nullptr || member.streams < best->streams))
            best = &member;
    return best != nullptr ? lend(*best) : nullptr;
}

std::shared_ptr<UserQueue> QueueSet::take(int priority) {
    const uint32_t wanted = hardware_priority(priority);
    {
        std::unique_lock lock(mutex_);
        if (auto free = take_free(wanted)) return free;
        if (members_.size() + making_ >= kMaxContextQueues)
            if (auto shared = share()) return shared;
        ++making_;
    }
    std::shared_ptr<UserQueue> made;
    try {
        made = std::make_shared<UserQueue>(memory_, vm_, *this, wanted);
    } catch (const Error& error) {
        // Other processes have queues too: when the device has none left, the context makes do with
        // those it has.
        std::unique_lock lock(mutex_);
        --making_;
        auto shared = error.status() == Status::OutOfMemory ? share() : nullptr;
        if (!shared) throw;
        return shared;
    }
    std::unique_lock lock(mutex_);
    --making_;
    made->hardware().set_service(printf_buffer_, heap_);
    members_.push_back({made, wanted, 1});
    return made;
}

void QueueSet::give_back(const UserQueue& queue) {
    std::unique_lock lock(mutex_);
    for (Member& member : members_)
        if (member.queue.get() == &queue) --member.streams;
}

bool QueueSet::halted() {
    if (halted_.load(std::memory_order_acquire)) return true;
    std::shared_lock lock(mutex_);
    for (const Member& member : members_) {
        UserQueue& queue = *member.queue;
        if (drained(queue)) continue;
        queue.hardware().look();
        if (!queue.halted()) continue;
        halted_.store(true, std::memory_order_release);
        return true;
    }
    return false;
}

std::vector<Point> QueueSet::pending() const {
    std::vector<Point> points;
    std::shared_lock lock(mutex_);
    for (const Member& member : members_)
        if (const uint64_t last = member.queue->last(); !member.queue->reached(last))
            points.push_back({member.queue, last});
    return points;
}

bool QueueSet::idle() const {
    std::shared_lock lock(mutex_);
    return std::all_of(members_.begin(), members_.end(), [](const Member& member) {
        return drained(*member.queue) || member.queue->halted();
    });
}

void QueueSet::set_service(uint64_t printf_buffer, uint64_t heap) {
    std::unique_lock lock(mutex_);
    printf_buffer_ = printf_buffer;
    heap_ = heap;
    for (const Member& member : members_)
        member.queue->hardware().set_service(printf_buffer, heap);
}

void QueueSet::stop() {
    std::shared_lock lock(mutex_);
    for (const Member& member : members_)
        member.queue->stop();
}

void QueueSet::clear() {
    std::vector<Member> stopping;
    {
        std::unique_lock lock(mutex_);
        stopping.swap(members_);
    }
    std::lock_guard lock(others_mutex_); // they have queues of this context, too
    others_.clear();
    remotes_.clear();
}

// ---- waits for other contexts' queues

/// The caller holds the lock.
void QueueSet::note_others() {
    any_others_.store(!others_.empty() || !remotes_.empty(), std::memory_order_release);
}

void QueueSet::wait_for_other(const Point& awaited, const Point& passed) {
    std::lock_guard lock(others_mutex_);
    std::erase_if(others_, [](const Other& other) { return other.passed.reached(); });
    others_.push_back({awaited, passed});
    note_others();
}

void QueueSet::wait_for_process(const Remote& awaited, const Point& passed) {
    std::lock_guard lock(others_mutex_);
    std::erase_if(remotes_, [](const auto& remote) { return remote.second.reached(); });
    remotes_.emplace_back(awaited, passed);
    note_others();
}

/// What processes that are gone would have written. The caller holds the lock.
void QueueSet::find_ended() {
    std::erase_if(remotes_, [](const auto& remote) { return remote.second.reached(); });
    for (const auto& [remote, passed] : remotes_)
        if (remote.word->load(std::memory_order_acquire) < remote.value &&
            process_start(remote.process) != remote.started)
            remote.word->store(remote.value, std::memory_order_release);
}

void QueueSet::find_failed() {
    struct Open { // a context that is alive keeps its queues; nobody else may
        const UserQueue* queue;
        Context* context;
        uint64_t sequence;
    };
    std::vector<Open> open;
    {
        std::lock_guard lock(others_mutex_);
        std::erase_if(others_, [](const Other& other) { return other.passed.reached(); });
        find_ended();
        note_others();
        for (const Other& other : others_)
            open.push_back({other.awaited.queue.get(), &other.awaited.queue->siblings().context(),
                            other.awaited.sequence});
    }
    for (const Open& other : open) {
        // One that is ending releases who waits for it by itself.
        Context::Pin pin = Context::pin(*other.context);
        if (!pin || other.queue->reached(other.sequence)) continue;
        if (pin->queues().halted()) pin->report_fault();
    }
}

std::vector<Point> QueueSet::waits_for(const QueueSet& other) const {
    std::vector<Point> points;
    std::lock_guard lock(others_mutex_);
    for (const Other& wait : others_)
        if (&wait.awaited.queue->siblings() == &other && !wait.passed.reached())
            points.push_back(wait.passed);
    return points;
}

void QueueSet::forget(const QueueSet& other) {
    std::lock_guard lock(others_mutex_);
    std::erase_if(others_,
                  [&](const Other& wait) { return &wait.awaited.queue->siblings() == &other; });
    note_others();
}

void QueueSet::abandon_halted() {
    std::shared_lock lock(mutex_);
    for (const Member& member : members_)
        member.queue->abandon();
}

} // namespace acc::rt
