// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/scheduler.h"

#include <algorithm>

#include "driver/model/src/machine.h"
#include "driver/model/src/tuning.h"

namespace acc::model {

std::unique_ptr<Dispatch> Scheduler::allocate() {
    std::lock_guard lock(mutex_);
    if (recycled_.empty()) return std::make_unique<Dispatch>();
    std::unique_ptr<Dispatch> d = std::move(recycled_.back());
    recycled_.pop_back();
    return d;
}

void Scheduler::recycle(std::unique_ptr<Dispatch> dispatch) {
    dispatch->reset();
    std::lock_guard lock(mutex_);
    recycled_.push_back(std::move(dispatch));
}

void Scheduler::enlist(Queue& queue, std::shared_ptr<Client> client) {
    std::lock_guard lock(mutex_);
    if (queue.client == client) return; // enabled again: what it has received counts
    queue.client = std::move(client);
    queue.virtual_time = 0;
}

/// Brings the time at which a client joins in up to that of the active client that has received
/// least, and the same for the queues of `client`. It never goes back, not even when nothing is
/// active: else a queue that comes to an idle device would start at zero, and all who have worked
/// on it before would have to wait until it has caught up with them.
void Scheduler::advance_joining_time(Client& client) {
    uint64_t least_client = UINT64_MAX, least_queue = UINT64_MAX;
    for (const Dispatch* d : active_) {
        least_client = std::min(least_client, d->queue->client->virtual_time);
        if (d->queue->client.get() == &client)
            least_queue = std::min(least_queue, d->queue->virtual_time);
    }
    if (least_client != UINT64_MAX) joining_time_ = std::max(joining_time_, least_client);
    if (least_queue != UINT64_MAX) client.joining_time = std::max(client.joining_time, least_queue);
}

/// A queue of the highest level takes from other clients; whoever sets levels sees to it that not
/// everybody has that one.
void Scheduler::charge(Queue& queue, uint64_t ns) {
    const uint32_t priority = queue.priority();
    queue.virtual_time += ns >> (2 * priority);
    queue.client->virtual_time += ns >> (priority == kUrgentPriority ? 2 : 0);
}

/// Whether `a` has received less than `b`: first the clients count, then their queues.
bool Scheduler::before(const Queue& a, const Queue& b) {
    if (a.client == b.client) return a.virtual_time < b.virtual_time;
    return a.client->virtual_time < b.client->virtual_time;
}

/// Of grids that have launched each other mostly the deepest goes first, so that little is pending;
/// but whoever is left alone longest gets a turn in between: it may be what the others wait for.
bool Scheduler::before_in_queue(const Dispatch& a, const Dispatch& b) const {
    if (a.depth == 0 && b.depth == 0) return false; // the eldest
    return picks_ % 2 == 0 ? a.depth > b.depth : a.picked < b.picked;
}

void Scheduler::activate(Dispatch& d, ComputeUnit* owner) {
    const size_t units = machine_.cus.size();
    bool large = d.total_blocks >= kLargeBlocks || d.total_blocks * d.threads >= kLargeThreads;
    d.max_chunk = static_cast<uint32_t>(
        std::clamp<uint64_t>(d.clusters() / (units * 8), 1, kMaxChunk));
    // The queue's number is in the low byte: device code that launches kernels finds its list by
    // it.
    d.grid_id = grid_ids_.fetch_add(1, std::memory_order_relaxed) * kMaxQueues + d.queue->id();
    d.started_ns = now_ns();
    {
        std::lock_guard lock(mutex_);
        Client& client = *d.queue->client;
        advance_joining_time(client);
        client.virtual_time = std::max(client.virtual_time, joining_time_);
        d.queue->virtual_time = std::max(d.queue->virtual_time, client.joining_time);
        d.active = true;
        d.owner = owner;
        if (!owner) d.shared.store(true, std::memory_order_relaxed);
        active_.push_back(&d);
        active_count_.store(static_cast<uint32_t>(active_.size()), std::memory_order_seq_cst);
    }
    if (!owner) {
        bump();
        machine_.workers.ensure_searcher();
    }
    if (large && units > 1) share(d);
}

Share* Scheduler::pick(ComputeUnit& cu, const Queue* favoured, bool& stalled) {
    stalled = false;
    if (!active()) {
        cu.charged = nullptr;
        return nullptr;
    }
    std::lock_guard lock(mutex_);
    if (cu.charged) charge(*cu.charged, cu.charged_ns);
    cu.charged = nullptr;
    uint64_t now = 0; // read when a stalled share is met
    Dispatch* best = nullptr;
    for (Dispatch* d : active_) {
        Share* share = cu.find(*d);
        if (share && d->aborted()) return share;
        bool allowed = d->shared.load(std::memory_order_relaxed) || d->owner == &cu;
        size_t resident = share ? share->resident.size() : 0;
        bool fresh = allowed && !d->aborted() && resident < d->blocks_per_cu &&
                     (d->has_fresh() || (share && share->range.begin < share->range.end));
        if (!fresh && !share) continue;
        if (share && share->retry_ns) {
            if (!now) now = now_ns();
            if (!fresh && share->retry_ns > now) {
                stalled = true;
                continue;
            }
        }
        bool better = !best || (d->queue == favoured && best->queue != favoured) ||
                      ((d->queue == favoured) == (best->queue == favoured) &&
                       (before(*d->queue, *best->queue) ||
                        (d->queue == best->queue && before_in_queue(*d, *best))));
        if (better) best = d;
    }
    if (!best) return nullptr;
    best->picked = ++picks_;
    if (Share* share = cu.find(*best)) return share;
    best->attached++;
    return &cu.attach(*best);
}

BlockRange Scheduler::take(Dispatch& d, uint32_t wanted) {
    if (d.returned_count.load(std::memory_order_acquire) != 0) {
        std::lock_guard lock(mutex_);
        if (!d.returned.empty()) {
            BlockRange range = d.returned.back();
            d.returned.pop_back();
            d.returned_count.store(static_cast<uint32_t>(d.returned.size()),
                                   std::memory_order_release);
            return range;
        }
    }
    const uint64_t count = d.clusters();
    if (d.next.load(std::memory_order_relaxed) >= count) return {0, 0};
    uint64_t begin = d.next.fetch_add(wanted, std::memory_order_relaxed);
    if (begin >= count) return {0, 0};
    return {begin, std::min(begin + wanted, count)};
}

void Scheduler::give_back(Dispatch& d, BlockRange range) {
    {
        std::lock_guard lock(mutex_);
        d.returned.push_back(range);
        d.returned_count.store(static_cast<uint32_t>(d.returned.size()), std::memory_order_release);
    }
    bump();
    if (d.shared.load(std::memory_order_relaxed)) machine_.workers.wake(range.end - range.begin);
}

void Scheduler::share_locked(Dispatch& d) {
    d.shared.store(true, std::memory_order_relaxed);
    d.owner = nullptr;
}

void Scheduler::share(Dispatch& d) {
    {
        std::lock_guard lock(mutex_);
        if (!d.active) return;
        share_locked(d);
    }
    bump();
    uint64_t taken = d.next.load(std::memory_order_relaxed);
    if (taken < d.clusters()) machine_.workers.wake(d.clusters() - taken);
}

bool Scheduler::disown(ComputeUnit& cu) {
    if (!active()) return false;
    bool any = false;
    {
        std::lock_guard lock(mutex_);
        for (Dispatch* d : active_) {
            if (d->owner != &cu) continue;
            share_locked(*d);
            any = true;
        }
    }
    if (any) bump();
    return any;
}

/// Takes the dispatch out of the list when nothing of it is left to run. The caller holds the lock,
/// and tells the queue after it has released it.
bool Scheduler::retire_if_finished(Dispatch& d) {
    if (!d.active || d.attached != 0 || (!d.aborted() && d.has_fresh())) return false;
    advance_joining_time(*d.queue->client);
    d.active = false;
    active_.erase(std::find(active_.begin(), active_.end(), &d));
    active_count_.store(static_cast<uint32_t>(active_.size()), std::memory_order_seq_cst);
    return true;
}

bool Scheduler::detach(ComputeUnit& cu, Share& share) {
    Dispatch& d = *share.dispatch;
    bool retired = false;
    {
        std::lock_guard lock(mutex_);
        if (!d.aborted() && d.returned_count.load(std::memory_order_relaxed) != 0) return false;
        cu.drop(share);
        d.attached--;
        retired = retire_if_finished(d);
    }
    if (retired) d.queue->dispatch_done(d);
    return true;
}

void Scheduler::abort(Dispatch& d) {
    bool retired = false;
    {
        std::lock_guard lock(mutex_);
        d.abort.store(true, std::memory_order_seq_cst);
        retired = retire_if_finished(d);
    }
    bump();
    if (retired) d.queue->dispatch_done(d);
}

} // namespace acc::model
