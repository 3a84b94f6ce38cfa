// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Work through the bus: page tables written by a driver, queues in guest memory, packets, kernels,
// completion interrupts.
#include "tests/unit/accd/driver.h"

namespace acc::accd::test {
namespace {

struct QueueTest : testing::Test {
    DriverMachine machine;
    DriverQueue queue{machine, 9};
    void start() {
        ASSERT_EQ(machine.vm_enable(), ACC_VM_STATUS_ENABLED_MASK);
        ASSERT_EQ(queue.enable(), ACC_QUEUE_STATUS_ENABLED_MASK);
    }
};

TEST_F(QueueTest, FillCopyAndWriteReachVramAndScatteredGuestPages) {
    start();
    ASSERT_TRUE(queue.run(fill32(kVramVa + 0x3000, 0xabcd1234, 0x5000)));
    EXPECT_EQ(*machine.in_vram<uint32_t>(0x3000), 0xabcd1234u);
    EXPECT_EQ(*machine.in_vram<uint32_t>(0x7ffc), 0xabcd1234u);
    EXPECT_EQ(*machine.in_vram<uint32_t>(0x8000), 0u);
    ASSERT_TRUE(queue.run(copy_bytes(kGuestVa + 0x1800, kVramVa + 0x3000, 0x3000)));
    for (uint64_t at : {0x1800ull, 0x1ffcull, 0x2000ull, 0x47fcull})
        EXPECT_EQ(*machine.in_guest<uint32_t>(at), 0xabcd1234u) << std::hex << at;
    EXPECT_EQ(*machine.in_guest<uint32_t>(0x17fc), 0u);
    EXPECT_EQ(*machine.in_guest<uint32_t>(0x4800), 0u);
    ASSERT_TRUE(queue.run(write_word(kGuestVa + 0x9000, 0x1122334455667788)));
    EXPECT_EQ(*machine.in_guest<uint64_t>(0x9000), 0x1122334455667788u);
    EXPECT_EQ(machine.read64(ACC_QUEUE_READ_INDEX(9)), 3u);
    EXPECT_EQ(machine.read64(ACC_DEV_PACKETS), 3u);
    EXPECT_EQ(machine.read64(ACC_DEV_BYTES_COPIED), 0x8000u);
    EXPECT_EQ(machine.read32(ACC_DEV_DMA_ERRORS), 0u);
}

TEST_F(QueueTest, AKernelRuns) {
    start();
    DriverKernel kernel(machine, R"(
        mov.sr64 r2, sr_kernarg
        ld.const.b64 r6, [r2]
        mov.sr r8, sr_ctaid_x
        mov.sr r9, sr_ntid_x
        mov.sr r10, sr_tid_x
        imad.b32 r10, r8, r9, r10
        mov.b32 r12, 7
        imad.b32 r11, r10, 3, r12
        st.global.b32 [r6 + r10<<2], r11
        exit
)");
    kernel.argument(0, kGuestVa + 0x200000);
    ASSERT_TRUE(queue.run(kernel.launch(16, 128)));
    for (uint32_t i = 0; i < 16 * 128; i++)
        ASSERT_EQ(*machine.in_guest<uint32_t>(0x200000 + 4 * i), 3 * i + 7) << i;
    EXPECT_EQ(machine.read64(ACC_DEV_DISPATCHES), 1u);
    EXPECT_EQ(machine.read64(ACC_DEV_BLOCKS), 16u);
}

TEST_F(QueueTest, StatusFollowsTheQueue) {
    start();
    AnyPacket wait = packet(ACC_PKT_WAIT_VALUE);
    wait.wait_value.address = kGuestVa + 0x9000;
    wait.wait_value.reference = 1;
    wait.wait_value.mask = ~0ull;
    wait.wait_value.condition = ACC_WAIT_GEU;
    wait.wait_value.size = 8;
    queue.submit(wait);
    EXPECT_EQ(queue.status(), ACC_QUEUE_STATUS_ENABLED_MASK | ACC_QUEUE_STATUS_ACTIVE_MASK);
    uint64_t progress = machine.read64(ACC_QUEUE_PROGRESS(9));
    for (int i = 0; i < 20000 && machine.read64(ACC_QUEUE_PROGRESS(9)) == progress; i++)
        usleep(1000);
    EXPECT_GT(machine.read64(ACC_QUEUE_PROGRESS(9)), progress) << "waiting for a value is progress";
    *machine.in_guest<std::atomic<uint64_t>>(0x9000) = 1;
    ASSERT_TRUE(queue.wait());
    EXPECT_EQ(queue.status(), ACC_QUEUE_STATUS_ENABLED_MASK);
    EXPECT_EQ(machine.queue_command(9, ACC_QUEUE_COMMAND_DISABLE), 0u);
}

TEST_F(QueueTest, CommandsInTheWrongStateAreRejected) {
    constexpr uint32_t no = ACC_QUEUE_STATUS_REJECTED_MASK;
    EXPECT_EQ(queue.enable(), no) << "address space not enabled";
    ASSERT_EQ(machine.vm_enable(), ACC_VM_STATUS_ENABLED_MASK);
    EXPECT_EQ(machine.queue_command(9, ACC_QUEUE_COMMAND_DISABLE), no);
    EXPECT_EQ(machine.queue_command(9, 77), no);
    EXPECT_EQ(machine.queue_command(9, ACC_QUEUE_COMMAND_RESET), 0u) << "always accepted";
    ASSERT_EQ(queue.enable(), ACC_QUEUE_STATUS_ENABLED_MASK);
    EXPECT_EQ(queue.enable(), ACC_QUEUE_STATUS_ENABLED_MASK | no) << "twice";
    EXPECT_EQ(machine.vm_command(kVmid, ACC_VM_COMMAND_DISABLE),
              ACC_VM_STATUS_ENABLED_MASK | ACC_VM_STATUS_REJECTED_MASK)
        << "has a queue";
    EXPECT_EQ(machine.queue_command(9, ACC_QUEUE_COMMAND_DISABLE), 0u);
    EXPECT_EQ(machine.vm_command(kVmid, ACC_VM_COMMAND_DISABLE), 0u);
    EXPECT_EQ(machine.vm_command(kVmid, ACC_VM_COMMAND_DISABLE), ACC_VM_STATUS_REJECTED_MASK);
}

TEST_F(QueueTest, BadArgumentsAreRejected) {
    ASSERT_EQ(machine.vm_enable(), ACC_VM_STATUS_ENABLED_MASK);
    struct Case {
        const char* what;
        uint32_t offset;
        uint64_t value;
        bool wide;
    } cases[] = {
        {"ring not on a page", ACC_QUEUE_RING(9), kGuestVa + 64, true},
        {"control not on a page", ACC_QUEUE_CONTROL(9), kGuestVa + 64, true},
        {"control not mapped", ACC_QUEUE_CONTROL(9), kUnmappedVa, true},
        {"packets no power of two", ACC_QUEUE_PACKETS(9), 48, false},
        {"too few packets", ACC_QUEUE_PACKETS(9), 8, false},
        {"too many packets", ACC_QUEUE_PACKETS(9), 1u << 17, false},
        {"no such address space", ACC_QUEUE_VMID(9), 64, false},
        {"no such address space", ACC_QUEUE_VMID(9), ~0u, false},
        {"priority", ACC_QUEUE_PRIORITY(9), 4, false},
    };
    for (const Case& c : cases) {
        ASSERT_EQ(queue.enable(), ACC_QUEUE_STATUS_ENABLED_MASK) << "before " << c.what;
        ASSERT_EQ(machine.queue_command(9, ACC_QUEUE_COMMAND_DISABLE), 0u);
        machine.bus->write(kBar0 + c.offset, c.value, c.wide ? 8 : 4);
        EXPECT_EQ(machine.queue_command(9, ACC_QUEUE_COMMAND_ENABLE),
                  ACC_QUEUE_STATUS_REJECTED_MASK)
            << c.what;
        machine.write32(ACC_QUEUE_PRIORITY(9), 1);
    }
}

TEST_F(QueueTest, AddressSpaceArgumentsAreChecked) {
    auto enable = [&](uint64_t root, uint64_t base, uint64_t bytes) {
        machine.write64(ACC_VM_ROOT(5), root);
        machine.write64(ACC_VM_VA_BASE(5), base);
        machine.write64(ACC_VM_VA_BYTES(5), bytes);
        return machine.vm_command(5, ACC_VM_COMMAND_ENABLE);
    };
    constexpr uint32_t no = ACC_VM_STATUS_REJECTED_MASK;
    EXPECT_EQ(enable(kTables + 8, kVa, kVaBytes), no);
    EXPECT_EQ(enable(kVramBytes, kVa, kVaBytes), no);
    EXPECT_EQ(enable(kTables, kVa + 1, kVaBytes), no);
    EXPECT_EQ(enable(kTables, kVa, 0), no);
    EXPECT_EQ(enable(kTables, kVa, 2ull << 40), no);
    EXPECT_EQ(enable(kTables, ~0ull << 12, kVaBytes), no);
    EXPECT_EQ(machine.vm_command(5, ACC_VM_COMMAND_INVALIDATE_ALL), no) << "not enabled";
    EXPECT_EQ(enable(kTables, kVa, kVaBytes), ACC_VM_STATUS_ENABLED_MASK);
    EXPECT_EQ(enable(kTables, kVa, kVaBytes), ACC_VM_STATUS_ENABLED_MASK | no) << "twice";
    EXPECT_EQ(machine.vm_command(5, 9), ACC_VM_STATUS_ENABLED_MASK | no);
    machine.write64(ACC_VM_INVALIDATE_VA(5), kVa + 1);
    machine.write64(ACC_VM_INVALIDATE_BYTES(5), 4096);
    EXPECT_EQ(machine.vm_command(5, ACC_VM_COMMAND_INVALIDATE), ACC_VM_STATUS_ENABLED_MASK | no);
}

TEST_F(QueueTest, TranslationsChangeWithAnInvalidate) {
    start();
    *machine.in_vram<uint64_t>(0x100000) = 0;
    machine.tables->map(kUnmappedVa, 0x100000, 4096, ACC_PTE_WRITE);
    ASSERT_EQ(machine.invalidate(kUnmappedVa, 4096), ACC_VM_STATUS_ENABLED_MASK);
    ASSERT_TRUE(queue.run(write_word(kUnmappedVa, 42)));
    EXPECT_EQ(*machine.in_vram<uint64_t>(0x100000), 42u);
    machine.tables->map(kUnmappedVa, kLowGpa, 4096, ACC_PTE_WRITE | ACC_PTE_SYSTEM);
    ASSERT_EQ(machine.invalidate(kUnmappedVa, 4096), ACC_VM_STATUS_ENABLED_MASK);
    ASSERT_TRUE(queue.run(write_word(kUnmappedVa, 43)));
    EXPECT_EQ(*machine.in_vram<uint64_t>(0x100000), 42u);
    EXPECT_EQ(*reinterpret_cast<uint64_t*>(machine.guest(kLowGpa)), 43u);
    machine.tables->map(kUnmappedVa, 0x101000, 512 * 4096,
                        ACC_PTE_WRITE); // not done within the access
    ASSERT_EQ(machine.invalidate(kUnmappedVa, 512 * 4096), ACC_VM_STATUS_ENABLED_MASK);
    ASSERT_TRUE(queue.run(write_word(kUnmappedVa + 511 * 4096, 44)));
    EXPECT_EQ(*machine.in_vram<uint64_t>(0x101000 + 511 * 4096), 44u);
}

TEST_F(QueueTest, MemoryTheGuestDoesNotHaveIsUnmappedAndCounted) {
    start();
    machine.tables->map(kUnmappedVa, kHighGpa + 4 * kPieceBytes, 2 * 4096,
                        ACC_PTE_WRITE | ACC_PTE_SYSTEM);
    ASSERT_EQ(machine.invalidate(kUnmappedVa, 2 * 4096), ACC_VM_STATUS_ENABLED_MASK);
    EXPECT_EQ(machine.read32(ACC_DEV_DMA_ERRORS), 2u);
    queue.submit(write_word(kUnmappedVa, 1));
    ASSERT_TRUE(machine.poll(ACC_FAULTS_COUNT, ~0u, 1));
    acc_fault_record record{};
    ASSERT_TRUE(machine.fault(record));
    EXPECT_EQ(record.cause, ACC_FAULT_UNMAPPED);
    EXPECT_EQ(record.address, kUnmappedVa);
}

TEST_F(QueueTest, CompletionInterruptsComeWhenArmed) {
    start();
    constexpr uint16_t flags = ACC_PKT_F_BARRIER | ACC_PKT_F_INTERRUPT;
    ASSERT_TRUE(queue.run(write_word(kVramVa, 1, flags)));
    EXPECT_EQ(machine.read64(ACC_IRQ_COMPLETION(0)), 0u) << "nobody armed";
    for (size_t i = 1; i <= 5; i++) {
        machine.write32(ACC_QUEUE_IRQ_ARM(9), 1);
        ASSERT_TRUE(queue.run(write_word(kVramVa, i)));
        ASSERT_TRUE(queue.run(write_word(kVramVa, i, flags)));
        ASSERT_TRUE(machine.messages.wait_for(i));
        EXPECT_EQ(machine.messages.all()[i - 1].data, 0x4000 + ACC_MSIX_COMPLETION);
        EXPECT_EQ(machine.read64(ACC_IRQ_COMPLETION(0)), 1u << 9);
    }
    EXPECT_EQ(machine.messages.count(), 5u);
}

TEST_F(QueueTest, QueuesBeyond64HaveTheirOwnBitmapAndVector) {
    ASSERT_EQ(machine.vm_enable(), ACC_VM_STATUS_ENABLED_MASK);
    DriverQueue high(machine, 255);
    ASSERT_EQ(high.enable(), ACC_QUEUE_STATUS_ENABLED_MASK);
    machine.write32(ACC_QUEUE_IRQ_ARM(255), 1);
    ASSERT_TRUE(high.run(write_word(kVramVa, 1, ACC_PKT_F_BARRIER | ACC_PKT_F_INTERRUPT)));
    ASSERT_TRUE(machine.messages.wait_for(1));
    EXPECT_EQ(machine.messages.all()[0].data, 0x4000u + ACC_MSIX_COMPLETION + 3);
    EXPECT_EQ(machine.read64(ACC_IRQ_COMPLETION(3)), 1ull << 63);
}

TEST_F(QueueTest, DoorbellsOfDisabledQueuesAreIgnored) {
    start();
    ASSERT_EQ(machine.queue_command(9, ACC_QUEUE_COMMAND_DISABLE), 0u);
    queue.submit(write_word(kVramVa + 0x80, 99));
    machine.write64(ACC_DOORBELL_WRITE_INDEX(200), ~0ull); // never enabled
    EXPECT_EQ(*machine.in_vram<uint64_t>(0x80), 0u);
    EXPECT_EQ(machine.read32(ACC_DEV_BUS_ERRORS), 0u);
    queue.rewind();
    ASSERT_EQ(queue.enable(), ACC_QUEUE_STATUS_ENABLED_MASK);
    ASSERT_TRUE(queue.run(write_word(kVramVa + 0x80, 7)));
    EXPECT_EQ(*machine.in_vram<uint64_t>(0x80), 7u);
}

TEST_F(QueueTest, PrintfAndHeapReachTheKernel) {
    start();
    machine.write64(ACC_QUEUE_PRINTF(9), 0x123456789000);
    machine.write64(ACC_QUEUE_HEAP(9), 0xabcdef0000);
    DriverKernel kernel(machine, R"(
        mov.sr64 r2, sr_kernarg
        ld.const.b64 r6, [r2]
        mov.sr64 r8, sr_printf
        mov.sr64 r10, sr_heap
        st.global.b64 [r6], r8
        st.global.b64 [r6 + 8], r10
        exit
)");
    kernel.argument(0, kVramVa + 0x9000);
    ASSERT_TRUE(queue.run(kernel.launch(1, 1)));
    EXPECT_EQ(*machine.in_vram<uint64_t>(0x9000), 0x123456789000u);
    EXPECT_EQ(*machine.in_vram<uint64_t>(0x9008), 0xabcdef0000u);
}

TEST_F(QueueTest, ManyQueuesOfOneAddressSpace) {
    ASSERT_EQ(machine.vm_enable(), ACC_VM_STATUS_ENABLED_MASK);
    std::vector<std::unique_ptr<DriverQueue>> queues;
    for (uint32_t i = 0; i < 6; i++) {
        queues.push_back(std::make_unique<DriverQueue>(machine, 40 * i + 5, i));
        ASSERT_EQ(queues.back()->enable(), ACC_QUEUE_STATUS_ENABLED_MASK);
    }
    for (uint64_t round = 1; round <= 50; round++) {
        for (uint32_t i = 0; i < 6; i++)
            queues[i]->submit(write_word(kVramVa + 0x1000 * i, round * 100 + i));
        for (uint32_t i = 0; i < 6; i++) {
            ASSERT_TRUE(queues[i]->wait());
            ASSERT_EQ(*machine.in_vram<uint64_t>(0x1000 * i), round * 100 + i);
        }
    }
}

} // namespace
} // namespace acc::accd::test
