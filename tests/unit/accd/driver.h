// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A small driver over the bus, written from docs/host-interface alone: page tables through the
// aperture, an address space, queues in the guest's memory.
#pragma once

#include <atomic>

#include "acc/spec/acc_code_object.h"
#include "acc/spec/acc_queue.h"
#include "compiler/isa/assemble.h"
#include "tests/unit/accd/bus.h"
#include "tests/unit/model/page_table_writer.h"

namespace acc::accd::test {

using model::test::Aperture;
using model::test::PageTableWriter;

using AnyPacket = acc_packet;

inline AnyPacket packet(uint16_t type, uint16_t flags = ACC_PKT_F_BARRIER) {
    AnyPacket p{};
    p.header.type = type;
    p.header.flags = flags;
    return p;
}

inline constexpr uint32_t kVmid = 3;
/// VRAM [0, 16 MiB) is mapped at kVramVa; the guest's high memory, its pages in reverse order, at
/// kGuestVa.
inline constexpr uint64_t kVa = 0x10'0000'0000, kVaBytes = 128ull << 20, kVramVa = kVa,
                          kGuestVa = kVa + (32ull << 20), kUnmappedVa = kVa + (100ull << 20);
inline constexpr uint64_t kMapped = 8ull << 20, kTables = 32ull << 20;

class DriverMachine : public Machine {
  public:
    DriverMachine() : aperture(device->chip().vram_fd(), kVramBytes) {
        map_everything();
        enable_msix();
    }
    void map_everything() {
        tables = std::make_unique<PageTableWriter>(aperture, kTables);
        tables->map(kVramVa, 0, kMapped, ACC_PTE_WRITE | ACC_PTE_EXEC);
        for (uint64_t i = 0; i < kMapped; i += ACC_PAGE_BYTES)
            tables->map(kGuestVa + i, kHighGpa + kMapped - ACC_PAGE_BYTES - i, ACC_PAGE_BYTES,
                        ACC_PTE_WRITE | ACC_PTE_SYSTEM);
    }
    /// Status after a command has ended.
    uint32_t vm_command(uint32_t vmid, uint32_t command) {
        write32(ACC_VM_COMMAND(vmid), command);
        EXPECT_TRUE(poll(ACC_VM_STATUS(vmid), ACC_VM_STATUS_BUSY_MASK, 0));
        return read32(ACC_VM_STATUS(vmid));
    }
    uint32_t vm_enable(uint32_t vmid = kVmid) {
        write64(ACC_VM_ROOT(vmid), tables->root());
        write64(ACC_VM_VA_BASE(vmid), kVa);
        write64(ACC_VM_VA_BYTES(vmid), kVaBytes);
        return vm_command(vmid, ACC_VM_COMMAND_ENABLE);
    }
    uint32_t invalidate(uint64_t va, uint64_t bytes) {
        write64(ACC_VM_INVALIDATE_VA(kVmid), va);
        write64(ACC_VM_INVALIDATE_BYTES(kVmid), bytes);
        return vm_command(kVmid, ACC_VM_COMMAND_INVALIDATE);
    }
    uint32_t queue_command(uint32_t queue, uint32_t command) {
        write32(ACC_QUEUE_COMMAND(queue), command);
        EXPECT_TRUE(poll(ACC_QUEUE_STATUS(queue), ACC_QUEUE_STATUS_BUSY_MASK, 0));
        return read32(ACC_QUEUE_STATUS(queue));
    }
    /// Host address of what the device sees at kGuestVa + offset (within a page).
    template <typename T>
    T* in_guest(uint64_t offset) {
        uint64_t page = offset / ACC_PAGE_BYTES * ACC_PAGE_BYTES;
        return reinterpret_cast<T*>(
            guest(kHighGpa + kMapped - ACC_PAGE_BYTES - page + offset % ACC_PAGE_BYTES));
    }
    template <typename T>
    T* in_vram(uint64_t offset) {
        return reinterpret_cast<T*>(aperture.at(offset));
    }
    bool fault(acc_fault_record& out) {
        if (read32(ACC_FAULTS_COUNT) == 0) return false;
        uint64_t words[16];
        for (uint32_t i = 0; i < 16; i++)
            words[i] = read64(ACC_FAULTS_RECORD(i));
        std::memcpy(&out, words, sizeof out);
        write32(ACC_FAULTS_POP, 0);
        return true;
    }

    Aperture aperture;
    std::unique_ptr<PageTableWriter> tables;
};

/// A queue of 64 packets; ring, control block and signals lie in the guest's memory from 1 MiB * (1
/// + slot) on.
class DriverQueue {
  public:
    DriverQueue(DriverMachine& machine, uint32_t id, uint32_t slot = 0)
        : m_(machine), id_(id), base_((1ull + slot) << 20) {
        for (uint64_t page = 0; page < 3; page++)
            std::memset(m_.in_guest<char>(base_ + page * ACC_PAGE_BYTES), 0, ACC_PAGE_BYTES);
    }
    uint32_t enable() {
        m_.write64(ACC_QUEUE_RING(id_), kGuestVa + base_);
        m_.write64(ACC_QUEUE_CONTROL(id_), kGuestVa + base_ + ACC_PAGE_BYTES);
        m_.write32(ACC_QUEUE_PACKETS(id_), 64);
        m_.write32(ACC_QUEUE_VMID(id_), kVmid);
        return m_.queue_command(id_, ACC_QUEUE_COMMAND_ENABLE);
    }
    uint32_t status() { return m_.read32(ACC_QUEUE_STATUS(id_)); }
    acc_queue_control& control() { return *m_.in_guest<acc_queue_control>(base_ + ACC_PAGE_BYTES); }
    std::atomic<uint64_t>& signal() {
        return *m_.in_guest<std::atomic<uint64_t>>(base_ + 2 * ACC_PAGE_BYTES);
    }
    uint64_t signal_va() const { return kGuestVa + base_ + 2 * ACC_PAGE_BYTES; }
    /// Puts a packet into the ring; its signal gets the number of packets so far.
    uint64_t put(AnyPacket p) {
        p.copy.signal = signal_va();
        p.copy.value = ++written_;
        *m_.in_guest<AnyPacket>(base_ + (written_ - 1) % 64 * ACC_PACKET_BYTES) = p;
        return written_;
    }
    void ring() { m_.write64(ACC_DOORBELL_WRITE_INDEX(id_), written_); }
    void submit(const AnyPacket& p) {
        put(p);
        ring();
    }
    bool wait(int seconds = 20) {
        auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
        while (signal().load() < written_) {
            if (std::chrono::steady_clock::now() > limit) return false;
            std::this_thread::yield();
        }
        return true;
    }
    bool run(const AnyPacket& p) {
        submit(p);
        return wait();
    }
    uint32_t id() const { return id_; }
    /// The ring starts anew: for a queue that will be enabled again.
    void rewind() {
        written_ = 0;
        signal() = 0;
        control() = {};
    }

  private:
    DriverMachine& m_;
    uint32_t id_;
    uint64_t base_, written_ = 0;
};

inline AnyPacket fill32(uint64_t dst, uint32_t pattern, uint64_t bytes) {
    AnyPacket p = packet(ACC_PKT_FILL);
    p.fill.dst = dst;
    p.fill.pattern = pattern;
    p.fill.width = bytes;
    p.fill.height = 1;
    p.fill.element_bytes = 4;
    return p;
}
inline AnyPacket copy_bytes(uint64_t dst, uint64_t src, uint64_t bytes) {
    AnyPacket p = packet(ACC_PKT_COPY);
    p.copy.dst = dst;
    p.copy.src = src;
    p.copy.bytes = bytes;
    return p;
}
inline AnyPacket write_word(uint64_t address, uint64_t data, uint16_t flags = ACC_PKT_F_BARRIER) {
    AnyPacket p = packet(ACC_PKT_WRITE_VALUE, flags);
    p.write_value.address = address;
    p.write_value.data = data;
    p.write_value.size = 8;
    return p;
}

/// A kernel in VRAM: descriptor at 4 MiB, code behind it, arguments at 5 MiB.
class DriverKernel {
  public:
    DriverKernel(DriverMachine& machine, const std::string& text) : m_(machine) {
        isa::Assembly program = isa::assemble(text, kVramVa + kCode);
        for (auto& error : program.errors)
            ADD_FAILURE() << error.text();
        std::memcpy(m_.in_vram<char>(kCode), program.words.data(), program.words.size() * 16);
        auto* descriptor = m_.in_vram<acc_kernel_descriptor>(kDescriptor);
        *descriptor = {};
        descriptor->magic = ACC_KERNEL_DESCRIPTOR_MAGIC;
        descriptor->version = 1;
        descriptor->entry = kCode - kDescriptor;
        descriptor->num_regs = 32;
        descriptor->kernarg_bytes = 64;
    }
    void argument(unsigned i, uint64_t value) { m_.in_vram<uint64_t>(kArguments)[i] = value; }
    AnyPacket launch(uint32_t blocks, uint16_t threads) const {
        AnyPacket p = packet(ACC_PKT_DISPATCH);
        p.dispatch.grid[0] = blocks;
        p.dispatch.grid[1] = p.dispatch.grid[2] = 1;
        p.dispatch.block[0] = threads;
        p.dispatch.block[1] = p.dispatch.block[2] = 1;
        p.dispatch.kernel = kVramVa + kDescriptor;
        p.dispatch.kernarg = kVramVa + kArguments;
        return p;
    }

  private:
    static constexpr uint64_t kDescriptor = 4ull << 20, kCode = kDescriptor + 4096,
                              kArguments = 5ull << 20;
    DriverMachine& m_;
};

} // namespace acc::accd::test
