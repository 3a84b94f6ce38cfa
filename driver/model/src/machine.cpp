// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/machine.h"

#include <algorithm>
#include <fstream>
#include <thread>

#include "driver/model/src/tuning.h"

namespace acc::model {

namespace {

/// A piece in a window costs up to two of the host's mappings (the gap behind it is one, too), and
/// the program needs some.
uint64_t mapping_limit(const ChipConfig& config) {
    if (config.host_mappings) return config.host_mappings;
    uint64_t allowed = 65530;
    std::ifstream("/proc/sys/vm/max_map_count") >> allowed;
    return std::max<uint64_t>(allowed / 8 * 3, 256);
}

ChipConfig with_compute_units(ChipConfig config) {
    if (config.compute_units == 0)
        config.compute_units = std::max(1u, std::thread::hardware_concurrency());
    return config;
}

} // namespace

Machine::Machine(const ChipConfig& wanted, BusMemory& system, InterruptSink* interrupts,
                 std::vector<std::unique_ptr<Executor>> list)
    : config(with_compute_units(wanted)), bus(system), sink(interrupts),
      executors(std::move(list), config.compute_units), vram(wanted.vram_bytes),
      maps(mapping_limit(wanted)), scheduler(*this), workers(*this) {
    for (unsigned i = 0; i < config.compute_units; i++)
        cus.push_back(std::make_unique<ComputeUnit>(*this, i));
    workers.create(config.compute_units);
}

Machine::~Machine() {
    revive();
    for (auto& queue : queue_storage_)
        queue->recover();
    for (auto& queue : queue_storage_)
        queue->disable(UINT64_MAX);
    workers.stop();
}

Queue* Machine::make_queue(uint32_t id) {
    std::lock_guard lock(control_mutex);
    if (Queue* existing = queue(id)) return existing;
    queue_storage_.push_back(std::make_unique<Queue>(*this, id));
    queues_[id].store(queue_storage_.back().get(), std::memory_order_release);
    return queue_storage_.back().get();
}

bool Machine::run_queues(ComputeUnit* cu, Queue* first) {
    if (hung()) return false;
    // What queues wait for may also be written by kernels and by the host, of which nobody tells
    // us.
    if (blocked.any()) blocked.for_each([this](uint32_t id) { pending.add(id); });
    if (!pending.any()) return false;
    if (pending.more_than_one()) workers.ensure_searcher();
    bool did = false;
    if (first && pending.has(first->id())) did |= first->run(cu);
    // A host thread that waits keeps only launches of its own queue to itself.
    pending.for_each([&](uint32_t id) {
        Queue* other = queue(id);
        did |= other->run(!first || other == first ? cu : nullptr);
    });
    return did;
}

bool Machine::queue_waiting() const {
    bool found = false;
    if (pending.any() && !hung())
        pending.for_each([&](uint32_t id) { found = found || !queue(id)->running(); });
    return found;
}

bool Machine::work(ComputeUnit* cu, const Stopper& stop, Queue* first, bool prefer, bool& stalled) {
    stalled = false;
    bool did = run_queues(cu, first);
    if (!cu || stop.reached() || hung()) return did;
    uint64_t version = scheduler.version();
    Share* share = scheduler.pick(*cu, prefer ? first : nullptr, stalled);
    if (!share) return did;
    bool progress = cu->turn(*share, stop, version);
    stalled = !progress;
    return run_queues(cu, first) || did || progress;
}

void Machine::release(ComputeUnit& cu) {
    bool shared = scheduler.disown(cu);
    if (!cu.occupied()) executors.trim(cu.id(), kSpareBlocks);
    cu.disown();
    // The unit's own worker takes over; it may have gone to sleep because the unit was taken.
    if (cu.occupied()) workers.wake_worker(cu.id());
    if (shared) workers.ensure_searcher();
}

void Machine::hand_over() {
    if (queue_waiting() || blocked.any() || scheduler.active()) workers.ensure_searcher();
}

void Machine::hang() {
    hung_.store(true, std::memory_order_seq_cst);
    scheduler.bump(); // ends the turns of compute units
    for_each_queue([](Queue& queue) { queue.device_hangs(true); });
}

void Machine::revive() {
    hung_.store(false, std::memory_order_seq_cst);
    for_each_queue([](Queue& queue) { queue.device_hangs(false); });
    for (auto& cu : cus) // workers do not look at their blocks while the device hangs
        if (cu->occupied()) workers.wake_worker(cu->id());
    hand_over();
}

void Machine::invalidate(Vm& vm, uint64_t va, uint64_t bytes) {
    if (vm.invalidate(va, bytes)) fence_queues();
}

/// Command processors may still use host addresses that are not right any more.
void Machine::fence_queues() {
    for_each_queue([](Queue& queue) { queue.fence(); });
}

std::array<std::shared_ptr<Vm>, kMaxAddressSpaces> Machine::all_vms() {
    std::lock_guard lock(control_mutex);
    return vms;
}

void Machine::bus_changed(uint64_t bus, uint64_t bytes) {
    changes.fetch_add(1);
    bool stale = false;
    for (const auto& vm : all_vms())
        if (vm) stale = vm->bus_changed(bus, bytes) || stale;
    if (stale) fence_queues();
}

void Machine::poison_changed(uint64_t page) {
    changes.fetch_add(1);
    for (const auto& vm : all_vms())
        if (vm) vm->poison_changed(page);
}

void Machine::signal_stored() {
    waiters.signalled();
    if (!blocked.any()) return;
    blocked.for_each([this](uint32_t id) { pending.add(id); });
    workers.ensure_searcher();
}

} // namespace acc::model
