// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/pool.h"

#include <unistd.h>

#include <algorithm>

#include "runtime/core/context.h"
#include "runtime/core/environment.h"

namespace acc::rt {
namespace {

constexpr uint64_t kGranule = 512;

/// A block more than this many times too large is left for a larger request.
constexpr uint64_t kWaste = 2;

unsigned next_group() {
    static std::atomic<unsigned> groups{0};
    return ++groups;
}

} // namespace

Pool::Pool(Context& context, uint64_t most, bool shareable, int file)
    : context_(context), group_(next_group()), most_(most), shareable_(shareable), file_(file) {}

Pool::~Pool() {
    if (file_ >= 0) close(file_);
}

Pool::IdleMap::iterator Pool::find_idle(const Stream& stream, uint64_t bytes) {
    if (checks().bounds) return idle_.end(); // freed memory is to fault
    for (auto it = idle_.lower_bound(bytes); it != idle_.end() && it->first <= bytes * kWaste;
         ++it) {
        const Idle& idle = it->second;
        if (idle.of == &stream.context() && idle.stream == stream.id()) return it;
        if (reuse_.opportunistic.load(std::memory_order_relaxed) && idle.done()) return it;
    }
    return idle_.end();
}

/// New memory, which counts as used; the caller holds no lock.
uint64_t Pool::take(uint64_t bytes) {
    {
        std::lock_guard lock(mutex_);
        if (most_ != 0 && bytes > most_ - std::min(most_, used_bytes_ + idle_bytes_))
            fail(Status::OutOfMemory, "{} bytes more are beyond the {} that the pool may hold",
                 bytes, most_);
        used_bytes_ += bytes; // before there is any, so that no other thread takes the room
    }
    try {
        return context_.memory().allocate(MemoryKind::Pool, bytes, kGranule, 0, group_).va;
    } catch (...) {
        std::lock_guard lock(mutex_);
        used_bytes_ -= bytes;
        throw;
    }
}

uint64_t Pool::allocate(Stream& stream, uint64_t bytes) {
    // With bounds checks the allocation ends where the program's does.
    const uint64_t wanted = checks().bounds ? bytes : (bytes + kGranule - 1) / kGranule * kGranule;
    std::unique_lock lock(mutex_);
    uint64_t va, size = wanted;
    if (auto it = find_idle(stream, wanted); it != idle_.end()) {
        va = it->second.va;
        size = it->first;
        idle_bytes_ -= size;
        used_bytes_ += size;
        idle_.erase(it);
    } else {
        lock.unlock();
        try {
            va = take(wanted);
        } catch (const Error&) {
            context_.synchronize(); // what was freed in streams can go now
            context_.pools().trim_all();
            va = take(wanted);
        }
        lock.lock();
    }
    used_.emplace(va, size);
    used_high_ = std::max(used_high_, used_bytes_);
    reserved_high_ = std::max(reserved_high_, used_bytes_ + idle_bytes_);
    return va;
}

bool Pool::release(Stream& stream, uint64_t va) {
    uint64_t bytes = 0;
    {
        std::lock_guard lock(mutex_);
        const auto it = used_.find(va);
        if (it == used_.end()) return false;
        bytes = it->second;
        used_.erase(it); // nobody else can free it meanwhile
    }
    // Without the lock: the stream may have to wait for room in its queue.
    uint64_t sequence = 0;
    try {
        sequence = stream.mark();
    } catch (...) {
        std::lock_guard lock(mutex_);
        used_.emplace(va, bytes);
        throw;
    }
    std::lock_guard lock(mutex_);
    idle_.emplace(bytes,
                  Idle{va, {stream.shared_queue(), sequence}, &stream.context(), stream.id()});
    idle_bytes_ += bytes;
    used_bytes_ -= bytes;
    return true;
}

bool Pool::release_now(uint64_t va) {
    std::lock_guard lock(mutex_);
    auto it = used_.find(va);
    if (it == used_.end()) return false;
    used_bytes_ -= it->second;
    used_.erase(it);
    context_.memory().release(va, MemoryKind::Pool);
    return true;
}

bool Pool::has(uint64_t va) const {
    std::lock_guard lock(mutex_);
    return used_.contains(va);
}

void Pool::set_access(Context& other, GroupAccess access) {
    context_.memory().set_access(other.address_space(), group_, access);
}

GroupAccess Pool::access(Context& other) const {
    return context_.memory().access(other.address_space(), group_);
}

void Pool::forget(const QueueSet& queues) {
    std::lock_guard lock(mutex_);
    for (auto& [bytes, idle] : idle_)
        if (idle.after.queue != nullptr && &idle.after.queue->siblings() == &queues) {
            idle.after = {};
            idle.of = nullptr;
        }
}

void Pool::clear() {
    std::lock_guard lock(mutex_);
    used_.clear();
    idle_.clear();
    used_bytes_ = 0;
    idle_bytes_ = 0;
}

void Pool::give_back(IdleMap::iterator block) {
    idle_bytes_ -= block->first;
    context_.memory().release(block->second.va, MemoryKind::Pool);
    idle_.erase(block);
}

void Pool::trim(uint64_t keep) {
    std::lock_guard lock(mutex_);
    if (checks().bounds) keep = 0;
    for (auto it = idle_.begin(); it != idle_.end() && used_bytes_ + idle_bytes_ > keep;) {
        const auto block = it++;
        if (block->second.done()) give_back(block);
    }
}

uint64_t Pool::reserved() const {
    std::lock_guard lock(mutex_);
    return used_bytes_ + idle_bytes_;
}

uint64_t Pool::reserved_high() const {
    std::lock_guard lock(mutex_);
    return reserved_high_;
}

uint64_t Pool::used() const {
    std::lock_guard lock(mutex_);
    return used_bytes_;
}

uint64_t Pool::used_high() const {
    std::lock_guard lock(mutex_);
    return used_high_;
}

void Pool::reset_reserved_high() {
    std::lock_guard lock(mutex_);
    reserved_high_ = used_bytes_ + idle_bytes_;
}

void Pool::reset_used_high() {
    std::lock_guard lock(mutex_);
    used_high_ = used_bytes_;
}

// ---- the pools of a context

Pool& Pools::create(uint64_t most, bool shareable, int file) {
    auto pool = std::make_shared<Pool>(context_, most, shareable, file);
    std::lock_guard lock(mutex_);
    made_.push_back({std::move(pool), false});
    any_.store(true, std::memory_order_release);
    return *made_.back().pool;
}

bool Pools::destroy(Pool& pool) {
    if (&pool == &default_) return false;
    {
        std::lock_guard lock(mutex_);
        for (Made& made : made_)
            if (made.pool.get() == &pool) made.dying = true;
    }
    others_synchronized();
    return true;
}

std::vector<std::shared_ptr<Pool>> Pools::others() const {
    std::vector<std::shared_ptr<Pool>> all;
    if (!any_.load(std::memory_order_acquire)) return all;
    std::lock_guard lock(mutex_);
    for (const Made& made : made_)
        all.push_back(made.pool);
    return all;
}

bool Pools::release(Stream& stream, uint64_t va) {
    if (default_.release(stream, va)) return true;
    for (const auto& pool : others())
        if (pool->release(stream, va)) return true;
    return false;
}

bool Pools::release_now(uint64_t va) {
    bool found = default_.release_now(va);
    for (const auto& pool : others())
        found = found || pool->release_now(va);
    if (found) others_synchronized();
    return found;
}

Pool* Pools::owner(uint64_t va) {
    if (default_.has(va)) return &default_;
    for (const auto& pool : others())
        if (pool->has(va)) return pool.get();
    return nullptr;
}

/// Pools that were destroyed go with the last of their memory.
void Pools::others_synchronized() {
    std::vector<std::shared_ptr<Pool>> gone; // without the lock
    std::lock_guard lock(mutex_);
    std::erase_if(made_, [&](Made& made) {
        if (made.dying)
            made.pool->trim(0);
        else
            made.pool->synchronized();
        if (!made.dying || made.pool->reserved() != 0) return false;
        gone.push_back(std::move(made.pool));
        return true;
    });
    any_.store(!made_.empty(), std::memory_order_release);
}

bool Pools::hold_unused() const {
    const auto all = others();
    return default_.holds_unused() || std::any_of(all.begin(), all.end(), [](const auto& pool) {
               return pool->holds_unused();
           });
}

void Pools::trim_all() {
    default_.trim(0);
    for (const auto& pool : others())
        pool->trim(0);
}

void Pools::forget(const QueueSet& queues) {
    default_.forget(queues);
    for (const auto& pool : others())
        pool->forget(queues);
}

void Pools::clear() {
    default_.clear();
    for (const auto& pool : others())
        pool->clear();
    std::lock_guard lock(mutex_);
    made_.clear();
}

} // namespace acc::rt
