// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The public face of the chip: argument checks, and protection of a forked child.
#include "acc/model/chip.h"

#include <pthread.h>

#include "driver/model/src/chip_wait.h"
#include "driver/model/src/machine.h"
#include "driver/model/src/tuning.h"

namespace acc::model {

namespace {

/// Grows in a forked child, where the chip's threads do not exist and its locks may be held for
/// ever.
std::atomic<uint32_t> fork_generation{0};

void watch_forks() {
    static const int registered = pthread_atfork(
        nullptr, nullptr, [] { fork_generation.fetch_add(1, std::memory_order_relaxed); });
    static_cast<void>(registered);
}

class ChipFront final : public Chip {
  public:
    ChipFront(const ChipConfig& config, BusMemory& bus, InterruptSink* sink,
              std::vector<std::unique_ptr<Executor>> executors)
        : machine_(std::make_unique<Machine>(config, bus, sink, std::move(executors))) {
        watch_forks();
        generation_ = fork_generation.load(std::memory_order_relaxed);
    }
    ~ChipFront() override {
        if (foreign())
            static_cast<void>(machine_.release()); // the parent's; cleaning up needs its threads
    }

    unsigned compute_units() const override { return machine_->config.compute_units; }
    uint64_t vram_bytes() const override { return machine_->vram.bytes(); }
    int vram_fd() const override { return machine_->vram.fd(); }
    uint64_t timestamp_ns() const override { return now_ns(); }

    bool vm_enable(uint32_t vmid, uint64_t root, uint64_t va_base, uint64_t va_bytes) override {
        if (foreign() || vmid >= kMaxAddressSpaces) return false;
        Machine& m = *machine_;
        auto free = [&] { return !m.vms[vmid] && !m.resetting; };
        uint64_t resets = 0;
        {
            std::lock_guard lock(m.control_mutex);
            if (!free()) return false;
            resets = m.resets;
        }
        // Reads the whole table: not under the lock, which every other call needs for a moment.
        const uint64_t seen = m.changes.load();
        auto vm = Vm::create(vmid, m.vram, m.bus, m.maps, root, va_base, va_bytes, &m.executors);
        if (!vm) return false;
        {
            std::lock_guard lock(m.control_mutex);
            if (!free() || m.resets != resets)
                return false; // a reset meanwhile, over or not, wants it gone
            m.vms[vmid] = vm;
        }
        if (m.changes.load() != seen) vm->bus_changed(0, 0); // it was not in the list yet
        return true;
    }

    bool vm_disable(uint32_t vmid) override {
        if (foreign()) return true;
        std::shared_ptr<Vm> vm = find_vm(vmid);
        if (!vm) return true;
        const uint64_t deadline = now_ns() + kStopTime;
        bool quiet = true;
        for (uint32_t id = 0; id < kMaxQueues; id++) // a careless driver has not destroyed them
            if (Queue* queue = machine_->queue(id); queue && queue->vm() == vm)
                quiet = queue->disable(deadline) && quiet;
        if (!quiet) return false;
        std::lock_guard lock(machine_->control_mutex);
        if (machine_->vms[vmid] == vm) machine_->vms[vmid].reset();
        return true;
    }

    void tlb_invalidate(uint32_t vmid, uint64_t va, uint64_t bytes) override {
        if (foreign()) return;
        if (std::shared_ptr<Vm> vm = find_vm(vmid)) machine_->invalidate(*vm, va, bytes);
    }

    void bus_changed(uint64_t bus, uint64_t bytes) override {
        if (!foreign()) machine_->bus_changed(bus, bytes);
    }

    bool queue_enable(uint32_t id, uint32_t vmid, uint64_t ring, uint32_t packets, uint64_t control,
                      uint32_t priority) override {
        if (foreign()) return false;
        bool power_of_two = packets >= 16 && packets <= 65536 && (packets & (packets - 1)) == 0;
        if (id >= kMaxQueues || !power_of_two || ring % ACC_PACKET_BYTES ||
            control % ACC_PAGE_BYTES || priority > 3)
            return false;
        std::shared_ptr<Vm> vm = find_vm(vmid);
        if (!vm) return false;
        Queue* queue = machine_->make_queue(id);
        machine_->workers.start();
        std::lock_guard lock(machine_->control_mutex);
        if (machine_->resetting) return false;
        return machine_->vms[vmid] == vm && queue->enable({vm, ring, control, packets, priority});
    }

    bool queue_disable(uint32_t id) override {
        Queue* queue = foreign() ? nullptr : machine_->queue(id);
        return !queue || queue->disable(now_ns() + kStopTime);
    }

    bool queue_reset(uint32_t id) override {
        Queue* queue = foreign() ? nullptr : machine_->queue(id);
        if (!queue) return true;
        queue->recover();
        return queue->disable(now_ns() + kStopTime);
    }

    QueueState queue_state(uint32_t id) const override {
        Queue* queue = foreign() ? nullptr : machine_->queue(id);
        return queue ? queue->state() : QueueState{};
    }

    bool queue_set_priority(uint32_t id, uint32_t priority) override {
        Queue* queue = foreign() || priority > 3 ? nullptr : machine_->queue(id);
        if (!queue || !queue->enabled()) return false;
        queue->set_priority(priority);
        return true;
    }

    void queue_set_watchdog(uint32_t id, uint32_t milliseconds) override {
        if (foreign() || id >= kMaxQueues) return;
        machine_->make_queue(id)->set_watchdog(milliseconds * 1'000'000ull);
    }

    void queue_set_service(uint32_t id, uint64_t printf_buffer, uint64_t heap) override {
        if (foreign() || id >= kMaxQueues) return;
        machine_->make_queue(id)->set_service(printf_buffer, heap);
    }

    void doorbell(uint32_t id, uint64_t write_index) override {
        if (foreign()) return;
        Queue* queue = machine_->queue(id);
        if (!queue || queue->dead()) return;
        machine_->counters.doorbells.fetch_add(1, std::memory_order_relaxed);
        queue->doorbell(write_index);
        machine_->workers.ensure_searcher();
    }

    bool fault_pop(acc_fault_record& out) override {
        return !foreign() && machine_->faults.pop(out);
    }

    bool device_reset() override {
        if (foreign()) return true;
        const uint64_t deadline = now_ns() + kStopTime;
        Machine& m = *machine_;
        {
            std::lock_guard lock(m.control_mutex);
            m.resetting = true;
            m.resets++;
        }
        m.for_each_queue([](Queue& queue) {
            queue.recover();
            queue.begin_disable();
        });
        m.revive();
        bool quiet = true;
        m.for_each_queue([&](Queue& queue) { quiet = queue.disable(deadline) && quiet; });
        if (!quiet) return false;
        m.for_each_queue([](Queue& queue) {
            queue.set_service(0, 0);
            queue.set_priority(0);
            queue.set_watchdog(0);
        });
        std::lock_guard lock(m.control_mutex);
        for (auto& vm : m.vms)
            vm.reset();
        m.vram.unpoison_all();
        for (acc_fault_record record; m.faults.pop(record);) {
        }
        m.resetting = false;
        return true;
    }

    bool inject_queue_hang(uint32_t id) override {
        if (foreign() || id >= kMaxQueues) return false;
        machine_->make_queue(id)->hang();
        return true;
    }

    void inject_device_hang() override {
        if (!foreign()) machine_->hang();
    }

    bool poison_vram(uint64_t offset) override {
        if (foreign() || !machine_->vram.contains(offset, 1)) return false;
        const uint64_t page = offset / ACC_PAGE_BYTES * ACC_PAGE_BYTES;
        if (!machine_->vram.poison(page)) return false;
        machine_->poison_changed(page);
        return true;
    }

    void unpoison_vram(uint64_t offset) override {
        const uint64_t page = offset / ACC_PAGE_BYTES * ACC_PAGE_BYTES;
        if (!foreign() && machine_->vram.unpoison(page)) machine_->poison_changed(page);
    }

    void inject_corrected_ecc(uint64_t count) override {
        if (foreign() || count == 0) return;
        machine_->counters.ecc_corrected.fetch_add(count, std::memory_order_relaxed);
        if (machine_->sink) machine_->sink->ecc();
    }

    ChipCounters counters() const override {
        const Machine& m = *machine_;
        ChipCounters c;
        c.packets = m.counters.packets.load(std::memory_order_relaxed);
        c.dispatches = m.counters.dispatches.load(std::memory_order_relaxed);
        c.bytes_copied = m.counters.bytes_copied.load(std::memory_order_relaxed);
        c.faults = m.counters.faults.load(std::memory_order_relaxed);
        c.ecc_corrected = m.counters.ecc_corrected.load(std::memory_order_relaxed);
        c.ecc_uncorrected = m.counters.ecc_uncorrected.load(std::memory_order_relaxed);
        c.host_mappings = m.maps.pieces.load(std::memory_order_relaxed);
        c.indirect_pages = m.maps.indirect.load(std::memory_order_relaxed);
        c.map_failures = m.maps.failures.load(std::memory_order_relaxed);
        for (const auto& cu : m.cus)
            c.blocks += cu->blocks_done();
        if (!foreign()) c.faults_lost = m.faults.overflows();
        return c;
    }

    bool wait(uint32_t id, const std::atomic<uint64_t>* word, uint64_t value, uint64_t timeout_ns,
              const std::atomic<bool>* stop) override {
        if (word->load(std::memory_order_acquire) >= value) return true;
        Queue* queue = foreign() ? nullptr : machine_->queue(id);
        return queue && wait_lending(*machine_, *queue, *word, value, timeout_ns, stop);
    }

  private:
    bool foreign() const { return generation_ != fork_generation.load(std::memory_order_relaxed); }
    std::shared_ptr<Vm> find_vm(uint32_t vmid) {
        if (vmid >= kMaxAddressSpaces) return nullptr;
        std::lock_guard lock(machine_->control_mutex);
        return machine_->vms[vmid];
    }

    std::unique_ptr<Machine> machine_;
    uint32_t generation_ = 0;
};

} // namespace

std::unique_ptr<Chip> make_chip(const ChipConfig& config, BusMemory& bus, InterruptSink* sink,
                                std::vector<std::unique_ptr<Executor>> executors) {
    return std::make_unique<ChipFront>(config, bus, sink, std::move(executors));
}

} // namespace acc::model
