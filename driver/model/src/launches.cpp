// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/launches.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "driver/model/src/machine.h"
#include "driver/model/src/queue.h"

namespace acc::model {

namespace {

uint64_t area_of(const Vm& vm, uint64_t heap) {
    uint64_t area = 0;
    if (heap == 0 || !vm.read(&area, heap + ACC_LAUNCH_AREA_IN_HEAP, sizeof area)) return 0;
    return area % 8 == 0 ? area : 0;
}

std::atomic_ref<uint64_t> word(uint8_t* host) {
    return std::atomic_ref<uint64_t>(*reinterpret_cast<uint64_t*>(host));
}

/// Records that may be linked at once, and that may be held: a bound for lists that lead in circles
/// and for kernels that hand the same record over again and again.
constexpr size_t kMostRecords = 1 << 20;

constexpr uint64_t kAddress = 0xffff'ffff'ffffull;
constexpr uint64_t kOneChange = kAddress + 1;

} // namespace

void Launches::begin(Dispatch& d) {
    auto grid = std::make_unique<Grid>();
    grid->id = d.grid_id;
    grid->packet_index = d.packet_index;
    grid->signal = d.packet.signal;
    grid->value = d.packet.value;
    grid->flags = d.packet.header.flags;
    grid->live = &d;
    heap_ = d.heap;
    grids_.emplace(grid->id, std::move(grid));
}

bool Launches::submitted(const Dispatch& d, uint32_t queue) {
    const auto& vm = static_cast<const Vm&>(*d.vm);
    vm.gate.enter(); // nobody waits for compute units when an address becomes wrong
    bool some = false;
    if (const uint64_t area = area_of(vm, d.heap); area != 0) {
        Access at = vm.check(area + queue * 8, 8, kPermRead);
        some = at.host != nullptr && word(at.host).load(std::memory_order_relaxed) != 0;
    }
    vm.gate.leave();
    return some;
}

/// What is wrong in memory that kernels write ends the queue, as a bad packet does.
void Launches::wrong(uint64_t offset) {
    queue_.reject({ACC_FAULT_INVALID_PACKET, offset}, 0);
}

void Launches::unreachable(uint64_t address, uint32_t access, uint32_t bytes) {
    queue_.access_fault({ACC_FAULT_UNMAPPED, access, address, bytes});
}

void Launches::collect(ComputeUnit* cu) {
    if (grids_.empty()) return;
    const Vm& vm = *queue_.vm_;
    const uint64_t area = area_of(vm, heap_);
    if (area == 0) return;
    Access head = vm.check(area + queue_.id() * 8, 8, kPermRead | kPermWrite);
    if (!head.host || word(head.host).load(std::memory_order_relaxed) == 0) return;
    std::vector<uint64_t> records;
    uint64_t at = word(head.host).exchange(0, std::memory_order_acquire);
    while (at != 0) {
        records.push_back(at);
        if (records.size() > kMostRecords || at % sizeof(uint64_t) != 0)
            return wrong(offsetof(acc_launch_record, next));
        if (!vm.read(&at, at + offsetof(acc_launch_record, next), sizeof at))
            return unreachable(records.back(), ACC_ACCESS_READ, sizeof(acc_launch_record));
    }
    cu_ = cu;
    for (auto record = records.rbegin(); record != records.rend(); ++record)
        if (!take(*record)) return;
}

/// Whether its packet is one that may be launched.
bool Launches::check(const Item& item) {
    const acc_packet_header& header = item.packet.header;
    const bool known = header.type == ACC_PKT_DISPATCH || header.type == ACC_PKT_COPY ||
                       header.type == ACC_PKT_COPY_RECT || header.type == ACC_PKT_FILL;
    return known && header.flags == 0 && item.packet.copy.signal == 0 &&
           !validate_packet(item.packet);
}

/// False when the queue halts because of it.
bool Launches::take(uint64_t at) {
    auto item = std::make_unique<Item>();
    item->at = at;
    acc_launch_record& r = item->record;
    if (!queue_.vm_->read(&r, at, sizeof r)) {
        unreachable(at, ACC_ACCESS_READ, sizeof r);
        return false;
    }
    const auto found = grids_.find(r.grid);
    if (found == grids_.end()) return wrong(offsetof(acc_launch_record, grid)), false;
    if (r.pool >= ACC_LAUNCH_POOLS) return wrong(offsetof(acc_launch_record, pool)), false;
    if (++held_ > kMostRecords) return wrong(offsetof(acc_launch_record, next)), false;
    Grid& grid = *found->second;
    item->owner = &grid;
    switch (r.kind) {
    case ACC_LAUNCH_WORK:
        std::memcpy(&item->packet, r.packet, sizeof item->packet);
        if (!check(*item)) return wrong(offsetof(acc_launch_record, packet)), false;
        break;
    case ACC_LAUNCH_MARK:
        item->mark = std::make_shared<Mark>();
        grid.marks[r.event] = item->mark;
        break;
    case ACC_LAUNCH_WAIT:
        if (auto mark = grid.marks.find(r.event); mark != grid.marks.end())
            item->mark = mark->second;
        break;
    case ACC_LAUNCH_JOIN: {
        const auto count = grid.of_block.find(r.block);
        if (count == grid.of_block.end())
            join_done(at);
        else
            grid.joins.emplace(r.block, at);
        return true;
    }
    default: return wrong(offsetof(acc_launch_record, kind)), false;
    }
    put(std::move(item));
    settle(); // marks are set before later records are looked at
    return true;
}

/// Into its stream.
void Launches::put(std::unique_ptr<Item> item) {
    Grid& grid = *item->owner;
    const acc_launch_record& r = item->record;
    if (r.stream == ACC_LAUNCH_STREAM_TAIL) {
        item->tail = true;
        grid.tail.push_back(std::move(item));
        return;
    }
    const uint64_t own = r.stream == ACC_LAUNCH_STREAM_BLOCK  ? r.block
                         : r.stream == ACC_LAUNCH_STREAM_FREE ? item->at
                                                              : 0;
    item->stream = {own, r.stream};
    grid.outstanding++;
    grid.of_block[r.block]++;
    if (grid.live) grid.live->children.fetch_add(1, std::memory_order_relaxed);
    Stream& stream = grid.streams[item->stream];
    stream.push_back(std::move(item));
    if (stream.size() == 1) start(*stream.front());
}

void Launches::start(Item& item) {
    switch (item.record.kind) {
    case ACC_LAUNCH_MARK: return done(item);
    case ACC_LAUNCH_WAIT:
        if (!item.mark || item.mark->done)
            done(item);
        else
            item.mark->waiting.push_back(&item);
        return;
    default: break;
    }
    if (item.packet.header.type != ACC_PKT_DISPATCH) {
        item.job.start(item.packet);
        copies_.push_back(&item);
        return;
    }
    const unsigned depth = item.owner->depth + (item.tail ? 0 : 1);
    Level& level = levels_[std::min(depth, kLaunchLevels - 1)];
    if (level.running < kMostLaunched) {
        level.running++;
        launch(item);
    } else {
        level.ready.push_back(&item);
    }
}

void Launches::launch(Item& item) {
    if (queue_.ends()) return;
    const uint64_t index = item.owner->packet_index;
    std::unique_ptr<Dispatch> d = queue_.prepare_dispatch(item.packet.dispatch, index);
    if (!d) return; // the queue halts
    auto grid = std::make_unique<Grid>();
    grid->item = &item;
    grid->packet_index = index;
    grid->depth = item.owner->depth + (item.tail ? 0 : 1);
    d->depth = grid->depth;
    d->launched = true;
    grid->live = d.get();
    grid->dispatch = std::move(d);
    Grid& started = *grid;
    queue_.activate(*started.live, cu_);
    started.id = started.live->grid_id;
    grids_.emplace(started.id, std::move(grid));
}

void Launches::done(Item& item) {
    done_.push_back(&item);
}

/// Until nothing more follows from what is done. Not by recursion: chains may be long.
void Launches::settle() {
    while (!done_.empty()) {
        Item* item = done_.back();
        done_.pop_back();
        finish(*item);
    }
}

void Launches::finish(Item& item) {
    Grid& grid = *item.owner;
    held_--;
    give_back(item);
    if (item.record.kind == ACC_LAUNCH_MARK) {
        item.mark->done = true;
        const auto last = grid.marks.find(item.record.event);
        if (last != grid.marks.end() && last->second == item.mark) grid.marks.erase(last);
        for (Item* waiting : item.mark->waiting)
            done(*waiting);
        item.mark->waiting.clear();
    }
    if (item.tail) {
        grid.tail.pop_front();
        grid.tail_started = false;
        return end_check(grid);
    }
    const uint64_t block = item.record.block;
    const auto at = grid.streams.find(item.stream);
    Stream& stream = at->second;
    stream.pop_front(); // the item
    if (stream.empty())
        grid.streams.erase(at);
    else
        start(*stream.front());
    grid.outstanding--;
    if (grid.live) grid.live->children.fetch_sub(1, std::memory_order_relaxed);
    if (--grid.of_block[block] == 0) {
        grid.of_block.erase(block);
        const auto [first, last] = grid.joins.equal_range(block);
        for (auto join = first; join != last; ++join)
            join_done(join->second);
        grid.joins.erase(first, last);
    }
    end_check(grid);
}

/// What comes when all of the grid but its tail is done.
void Launches::end_check(Grid& grid) {
    if (grid.live || grid.outstanding != 0) return;
    if (grid.tail.empty()) return complete(grid);
    if (grid.item && grid.item->tail) {
        // It was at a tail itself: what is at its own comes next there. So a kernel may launch
        // itself at its tail any number of times.
        Grid& parent = *grid.item->owner;
        for (auto item = grid.tail.rbegin(); item != grid.tail.rend(); ++item) {
            (*item)->owner = &parent;
            parent.tail.insert(parent.tail.begin() + 1, std::move(*item));
        }
        grid.tail.clear();
        return complete(grid);
    }
    if (grid.tail_started) return;
    grid.tail_started = true;
    start(*grid.tail.front());
}

void Launches::complete(Grid& grid) {
    const auto at = grids_.find(grid.id);
    const std::unique_ptr<Grid> gone = std::move(at->second);
    grids_.erase(at);
    if (gone->item)
        done(*gone->item);
    else
        queue_.complete(gone->packet_index, gone->signal, gone->value, gone->flags);
}

void Launches::ended(Dispatch& d, ComputeUnit* cu) {
    cu_ = cu;
    Grid& grid = *grids_.at(d.grid_id);
    grid.live = nullptr;
    if (grid.dispatch) {
        queue_.machine_.scheduler.recycle(std::move(grid.dispatch));
        Level& level = levels_[std::min(grid.depth, kLaunchLevels - 1)];
        if (level.ready.empty()) {
            level.running--;
        } else {
            Item* next = level.ready.front();
            level.ready.pop_front();
            launch(*next);
        }
    }
    end_check(grid);
    settle();
}

void Launches::dropped(Dispatch& d) {
    const auto at = grids_.find(d.grid_id);
    if (at == grids_.end()) return;
    at->second->live = nullptr;
    if (at->second->dispatch) queue_.machine_.scheduler.recycle(std::move(at->second->dispatch));
}

bool Launches::copy(ComputeUnit* cu) {
    if (copies_.empty()) return false;
    cu_ = cu;
    Item& item = *copies_.front();
    AccessFault fault;
    switch (queue_.step_copy(item.job, fault)) {
    case StepResult::More: return true;
    case StepResult::Done:
        copies_.pop_front();
        done(item);
        settle();
        return !copies_.empty();
    default: queue_.access_fault(fault, item.owner->packet_index); return false;
    }
}

void Launches::abort() {
    for (auto& [id, grid] : grids_)
        if (grid->dispatch && !grid->dispatch->aborted())
            queue_.machine_.scheduler.abort(*grid->dispatch);
}

void Launches::clear() {
    grids_.clear();
    levels_ = {};
    copies_.clear();
    done_.clear();
    held_ = 0;
}

/// The record goes back to its pool.
void Launches::give_back(const Item& item) {
    const Vm& vm = *queue_.vm_;
    const uint64_t area = area_of(vm, heap_);
    const uint64_t pool = area + offsetof(acc_launch_area, pools) +
                          item.record.pool * sizeof(acc_launch_pool);
    Access head = vm.check(pool + offsetof(acc_launch_pool, free), 8, kPermRead | kPermWrite);
    const uint64_t next_at = item.at + offsetof(acc_launch_record, next);
    Access next = vm.check(next_at, 8, kPermWrite);
    if (area == 0 || !head.host || !next.host) return unreachable(next_at, ACC_ACCESS_WRITE, 8);
    auto free = word(head.host);
    uint64_t old = free.load(std::memory_order_relaxed);
    do
        word(next.host).store(old & kAddress, std::memory_order_relaxed);
    while (!free.compare_exchange_weak(old, item.at | ((old & ~kAddress) + kOneChange),
                                       std::memory_order_release, std::memory_order_relaxed));
}

void Launches::join_done(uint64_t at) {
    held_--;
    const uint64_t flag = at + offsetof(acc_launch_record, done);
    Access access = queue_.vm_->check(flag, 4, kPermWrite);
    if (!access.host) return unreachable(flag, ACC_ACCESS_WRITE, 4);
    std::atomic_ref<uint32_t>(*reinterpret_cast<uint32_t*>(access.host))
        .store(1, std::memory_order_release);
}

} // namespace acc::model
