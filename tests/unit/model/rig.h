// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A chip with one address space, and queues driven as a driver and a runtime would.
#pragma once

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <vector>

#include "acc/model/chip.h"
#include "acc/spec/acc_code_object.h"
#include "driver/model/src/machine.h"
#include "driver/model/src/packet.h"
#include "tests/unit/model/fake_executor.h"
#include "tests/unit/model/page_table_writer.h"
#include "tests/unit/model/system_memory.h"

namespace acc::model::test {

/// Counts what the device raises.
struct CountingSink final : InterruptSink {
    std::atomic<uint32_t> completions{0}, faults{0}, eccs{0}, last_queue{~0u}, halted_queue{~0u};
    void completion(uint32_t queue) override {
        last_queue = queue;
        completions++;
    }
    void fault() override { faults++; }
    void queue_halted(uint32_t queue) override { halted_queue = queue; }
    void ecc() override { eccs++; }
};

inline constexpr uint64_t kVa = 0x10'0000'0000, kVaBytes = 256ull << 20;
/// VRAM [0, 16 MiB) is mapped read-write at kVramVa, system memory [0, 16 MiB) at kSystemVa, one
/// read-only page at kReadOnlyVa.
inline constexpr uint64_t kVramVa = kVa, kSystemVa = kVa + (64ull << 20),
                          kReadOnlyVa = kVa + (128ull << 20),
                          kPoisonVa = kReadOnlyVa + ACC_PAGE_BYTES,
                          kUnmappedVa = kVa + (200ull << 20);
inline constexpr uint64_t kMapped = 16ull << 20;
inline constexpr uint32_t kRingPackets = 64;
inline constexpr uint64_t kForever = 60'000'000'000; ///< a hung test fails instead of hanging

/// With ACC_TEST_HOST_MAPPINGS=<number> in the environment the chip keeps no more pieces of memory
/// than that in its windows.
class Rig {
  public:
    explicit Rig(unsigned compute_units = 2, std::unique_ptr<Executor> executor = nullptr)
        : Rig(compute_units, list_of(std::move(executor))) {}
    /// Without any executor in the list, there is one that runs `kernels`.
    Rig(unsigned compute_units, std::vector<std::unique_ptr<Executor>> executors) {
        ChipConfig config;
        config.compute_units = compute_units;
        config.vram_bytes = 64ull << 20;
        if (const char* mappings = std::getenv("ACC_TEST_HOST_MAPPINGS")) {
            config.host_mappings = std::strtoull(mappings, nullptr, 0);
            system.addressable = true;
        }
        if (executors.empty()) executors.push_back(std::make_unique<FakeExecutor>(kernels));
        chip = make_chip(config, system, &sink, std::move(executors));
        aperture = std::make_unique<Aperture>(chip->vram_fd(), chip->vram_bytes());
        tables = std::make_unique<PageTableWriter>(*aperture, 32ull << 20);
        tables->map(kVramVa, 0, kMapped, ACC_PTE_WRITE | ACC_PTE_EXEC);
        tables->map(kSystemVa, 0, kMapped, ACC_PTE_WRITE | ACC_PTE_SYSTEM);
        tables->map(kReadOnlyVa, 0, ACC_PAGE_BYTES, 0);
        tables->map(kPoisonVa, 0, ACC_PAGE_BYTES, ACC_PTE_WRITE | ACC_PTE_POISON);
        if (!chip->vm_enable(1, tables->root(), kVa, kVaBytes)) std::abort();
        // Kernel 0: a descriptor at the start of VRAM.
        auto* k = vram<acc_kernel_descriptor>(0);
        *k = {};
        k->magic = ACC_KERNEL_DESCRIPTOR_MAGIC;
        k->version = 1;
        k->entry = 1024;
        k->num_regs = 8;
    }

    /// Disables a queue, however long a slow host takes for it.
    bool stop(uint32_t queue) {
        return repeat([&] { return chip->queue_disable(queue); });
    }
    bool reset_queue(uint32_t queue) {
        return repeat([&] { return chip->queue_reset(queue); });
    }
    bool reset_device() {
        return repeat([&] { return chip->device_reset(); });
    }
    /// Until it is true, or something is very wrong.
    template <typename Try>
    static bool repeat(Try&& attempt) {
        for (int i = 0; i < 1000; i++)
            if (attempt()) return true;
        return false;
    }

    template <typename T>
    T* vram(uint64_t offset) {
        return reinterpret_cast<T*>(aperture->at(offset));
    }
    template <typename T>
    T* sys(uint64_t offset) {
        return reinterpret_cast<T*>(system.at(offset));
    }

    static std::vector<std::unique_ptr<Executor>> list_of(std::unique_ptr<Executor> executor) {
        std::vector<std::unique_ptr<Executor>> list;
        if (executor) list.push_back(std::move(executor));
        return list;
    }

    FakeKernels kernels;
    SystemMemory system{32ull << 20};
    CountingSink sink;
    std::unique_ptr<Chip> chip;
    std::unique_ptr<Aperture> aperture;
    std::unique_ptr<PageTableWriter> tables;
};

/// A queue as user mode sees it: ring, control block and one signal in system memory, at 64 KiB *
/// number from 8 MiB on.
class UserQueue {
  public:
    UserQueue(Rig& rig, uint32_t id, uint32_t priority = 1) : rig_(rig), id_(id) {
        std::memset(rig.system.at(offset()), 0, 0x8000);
        enabled = rig.chip->queue_enable(id, 1, ring_va(), kRingPackets, control_va(), priority);
    }
    ~UserQueue() {
        if (rig_.chip) rig_.reset_queue(id_);
    }

    uint32_t id() const { return id_; }
    uint64_t control_va() const { return kSystemVa + offset(); }
    uint64_t ring_va() const { return kSystemVa + offset() + 0x1000; }
    uint64_t signal_va(unsigned i = 0) const { return kSystemVa + offset() + 0x4000 + 8 * i; }
    acc_queue_control& control() { return *rig_.sys<acc_queue_control>(offset()); }
    std::atomic<uint64_t>& signal(unsigned i = 0) {
        return *rig_.sys<std::atomic<uint64_t>>(offset() + 0x4000 + 8 * i);
    }
    uint32_t status() { return __atomic_load_n(&control().status, __ATOMIC_ACQUIRE); }
    uint64_t read_index() { return __atomic_load_n(&control().read_index, __ATOMIC_ACQUIRE); }

    /// Puts a packet in the ring without ringing. The packet's signal is the queue's, its value
    /// counts packets, unless set.
    uint64_t put(Packet p) {
        if (!p.copy.signal) {
            p.copy.signal = signal_va();
            p.copy.value = written_ + 1;
        }
        return put_raw(p);
    }
    uint64_t put_raw(const Packet& p) {
        std::memcpy(rig_.system.at(offset() + 0x1000 + written_ % kRingPackets * ACC_PACKET_BYTES),
                    &p, sizeof p);
        return written_++;
    }
    void ring() { rig_.chip->doorbell(id_, written_); }
    uint64_t submit(const Packet& p) {
        uint64_t index = put(p);
        ring();
        return index;
    }
    /// Waits for everything put so far.
    bool wait(uint64_t timeout = kForever) {
        return rig_.chip->wait(id_, &signal(), written_, timeout);
    }
    bool run(const Packet& p) {
        submit(p);
        return wait();
    }
    uint64_t written() const { return written_; }

    bool enabled = false;

  private:
    uint64_t offset() const { return (8ull << 20) + 0x10000ull * id_; }
    Rig& rig_;
    uint32_t id_;
    uint64_t written_ = 0;
};

inline Packet make_packet(uint16_t type, uint16_t flags = ACC_PKT_F_BARRIER) {
    Packet p{};
    p.header.type = type;
    p.header.flags = flags;
    return p;
}

inline Packet dispatch(uint64_t kernarg, uint32_t grid, uint16_t block = 32,
                       uint16_t flags = ACC_PKT_F_BARRIER) {
    Packet p = make_packet(ACC_PKT_DISPATCH, flags);
    p.dispatch.grid[0] = grid;
    p.dispatch.grid[1] = p.dispatch.grid[2] = 1;
    p.dispatch.block[0] = block;
    p.dispatch.block[1] = p.dispatch.block[2] = 1;
    p.dispatch.kernel = kVramVa;
    p.dispatch.kernarg = kernarg;
    return p;
}

inline Packet copy(uint64_t dst, uint64_t src, uint64_t bytes) {
    Packet p = make_packet(ACC_PKT_COPY);
    p.copy.dst = dst;
    p.copy.src = src;
    p.copy.bytes = bytes;
    return p;
}

inline Packet write_value(uint64_t address, uint64_t data, uint32_t size = 8) {
    Packet p = make_packet(ACC_PKT_WRITE_VALUE);
    p.write_value.address = address;
    p.write_value.data = data;
    p.write_value.size = size;
    return p;
}

inline Packet wait_value(uint64_t address, uint64_t reference, uint32_t condition = ACC_WAIT_GEU,
                         uint64_t mask = ~0ull, uint32_t size = 8) {
    Packet p = make_packet(ACC_PKT_WAIT_VALUE);
    p.wait_value.address = address;
    p.wait_value.reference = reference;
    p.wait_value.condition = condition;
    p.wait_value.mask = mask;
    p.wait_value.size = size;
    return p;
}

} // namespace acc::model::test
