// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/pool.h"

#include <algorithm>

#include "runtime/core/context.h"
#include "runtime/core/environment.h"

namespace acc::rt {
namespace {

constexpr uint64_t kGranule = 512;

/// A block more than this many times too large is left for a larger request.
constexpr uint64_t kWaste = 2;

} // namespace

Pool::IdleMap::iterator Pool::find_idle(const Stream& stream, uint64_t bytes) {
    if (checks().bounds) return idle_.end(); // freed memory is to fault
    for (auto it = idle_.lower_bound(bytes); it != idle_.end() && it->first <= bytes * kWaste;
         ++it) {
        const Idle& idle = it->second;
        if (idle.stream == stream.id() || idle.after.reached()) return it;
    }
    return idle_.end();
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
        idle_.erase(it);
    } else {
        lock.unlock();
        try {
            va = context_.memory().allocate(MemoryKind::Device, wanted, kGranule).va;
        } catch (const Error&) {
            context_.synchronize(); // what was freed in streams can go now
            trim(0);
            va = context_.memory().allocate(MemoryKind::Device, wanted, kGranule).va;
        }
        lock.lock();
    }
    used_.emplace(va, size);
    used_bytes_ += size;
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
    idle_.emplace(bytes, Idle{va, {stream.shared_queue(), sequence}, stream.id()});
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
    context_.memory().release(va, MemoryKind::Device);
    return true;
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
    context_.memory().release(block->second.va, MemoryKind::Device);
    idle_.erase(block);
}

void Pool::trim(uint64_t keep) {
    std::lock_guard lock(mutex_);
    if (checks().bounds) keep = 0;
    for (auto it = idle_.begin(); it != idle_.end() && used_bytes_ + idle_bytes_ > keep;) {
        const auto block = it++;
        if (block->second.after.reached()) give_back(block);
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

} // namespace acc::rt
