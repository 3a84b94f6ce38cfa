// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/check/pass.h"

#include <algorithm>

#include "driver/model/src/tuning.h"

namespace acc::model {

namespace {

/// Warp-instructions of a slice, and slices that a block may have before another one begins: it may
/// be waiting for that.
constexpr uint64_t kSlice = 1 << 21;
constexpr unsigned kPatience = 16;
/// Blocks that have begun and not ended, unless all must be able to meet.
constexpr size_t kMostRunning = 1024;
/// A launch in which no block ends for so long, or in which all wait for so long, needs somebody.
constexpr uint64_t kMostUsed = 3'000'000'000, kMostWaited = 3'000'000'000;

void copy_launch(Launch& to, const Launch& from, AddressSpace& space) {
    to.vm = &space;
    to.kernel = from.kernel;
    to.kernel_address = from.kernel_address;
    to.entry = from.entry;
    std::copy_n(from.grid, 3, to.grid);
    std::copy_n(from.block, 3, to.block);
    std::copy_n(from.cluster, 3, to.cluster);
    to.cluster_blocks = from.cluster_blocks;
    to.is_cluster = from.is_cluster;
    to.threads = from.threads;
    to.warps = from.warps;
    to.shared_bytes = from.shared_bytes;
    to.dyn_shared_offset = from.dyn_shared_offset;
    to.local_bytes = from.local_bytes;
    to.kernarg = from.kernarg;
    to.printf_buffer = from.printf_buffer;
    to.heap = from.heap;
    to.grid_id = from.grid_id;
    to.num_cus = from.num_cus;
    to.cooperative = from.cooperative;
    to.total_blocks = from.total_blocks;
    to.clean_memory = true;
}

} // namespace

Pass::Pass(Executor& executor, const Launch& launch, Shadow& shadow, bool backwards,
           uint64_t watched)
    : executor_(executor), shadow_(shadow), backwards_(backwards), watched_(watched) {
    copy_launch(launch_, launch, shadow.space);
}

bool Pass::begin_block() {
    const uint64_t count = launch_.clusters();
    if (next_ == count) return false;
    const uint64_t index = backwards_ ? count - 1 - next_ : next_;
    ++next_;
    std::unique_ptr<Block> block = std::move(spare_);
    if (!block) block = executor_.make_block();
    uint32_t at[3];
    launch_.position(index, at);
    block->start(launch_, at[0], at[1], at[2], 0);
    running_.push_front({index, std::move(block), kPatience});
    return true;
}

void Pass::block_ended() {
    if (watched_) result.watched.emplace_back(running_.front().index, shadow_.word(watched_));
    spare_ = std::move(running_.front().block);
    running_.pop_front();
    used_ns_ = 0;
}

Pass::State Pass::finish() {
    running_.clear();
    spare_.reset();
    if (!result.faulted) result.memory = shadow_.changed();
    return State::Ended;
}

/// All blocks wait.
Pass::State Pass::wait(uint64_t now) {
    if (waits_since_ns_ == 0) waits_since_ns_ = now;
    return now - waits_since_ns_ > kMostWaited ? State::Endless : State::Waiting;
}

Pass::State Pass::step() {
    const uint64_t began = now_ns();
    constexpr uint64_t kStep = 20'000'000;
    for (uint64_t now = began; now - began < kStep; now = now_ns()) {
        const bool room = launch_.cooperative || running_.size() < kMostRunning;
        const bool others = running_.empty() || running_.front().patience == 0;
        if (others && room) begin_block();
        if (running_.empty()) return finish();
        Running& first = running_.front();
        const uint64_t before = thread_ns();
        const RunResult how = first.block->run(kSlice, result.fault);
        used_ns_ += thread_ns() - before;
        if (how == RunResult::Done) {
            block_ended();
        } else if (how == RunResult::Fault) {
            result.faulted = true;
            return finish();
        } else if (how == RunResult::Waiting || first.patience == 0 || --first.patience == 0) {
            first.patience = 0;
            std::rotate(running_.begin(), running_.begin() + 1, running_.end());
        }
        waiting_ = how == RunResult::Waiting ? waiting_ + 1 : 0;
        if (used_ns_ > kMostUsed) return State::Endless;
        const bool all_wait = waiting_ > running_.size() && next_ == launch_.clusters();
        if (all_wait) return wait(now);
        if (waiting_ == 0) waits_since_ns_ = 0;
    }
    return State::Running;
}

} // namespace acc::model
