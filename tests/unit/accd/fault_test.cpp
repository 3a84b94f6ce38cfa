// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What goes wrong, and the ways out: faults, injected errors, resets.
#include "tests/unit/accd/driver.h"

namespace acc::accd::test {
namespace {

struct FaultTest : testing::Test {
    DriverMachine machine;
    DriverQueue queue{machine, 4}, neighbour{machine, 70, 1};
    acc_fault_record record{};

    void SetUp() override {
        ASSERT_EQ(machine.vm_enable(), ACC_VM_STATUS_ENABLED_MASK);
        ASSERT_EQ(queue.enable(), ACC_QUEUE_STATUS_ENABLED_MASK);
        ASSERT_EQ(neighbour.enable(), ACC_QUEUE_STATUS_ENABLED_MASK);
    }
    bool neighbour_works() { return neighbour.run(write_word(kVramVa + 0x500, 1)); }
    bool halted(DriverQueue& q) {
        return machine.poll(ACC_QUEUE_STATUS(q.id()), ACC_QUEUE_STATUS_HALTED_MASK,
                            ACC_QUEUE_STATUS_HALTED_MASK);
    }
    /// Waits until the queue has been given some time and done nothing with it; hangs if that is
    /// never so.
    void stalls(uint32_t id) {
        const uint64_t before = machine.read64(ACC_QUEUE_STALLED_NS(id));
        while (machine.read64(ACC_QUEUE_STALLED_NS(id)) < before + 20'000'000)
            usleep(1000);
    }
    /// Everything set up again after a reset of the device.
    void start_again() {
        ASSERT_EQ(machine.vm_enable(), ACC_VM_STATUS_ENABLED_MASK);
        queue.rewind();
        neighbour.rewind();
        ASSERT_EQ(queue.enable(), ACC_QUEUE_STATUS_ENABLED_MASK);
        ASSERT_EQ(neighbour.enable(), ACC_QUEUE_STATUS_ENABLED_MASK);
        EXPECT_TRUE(queue.run(write_word(kVramVa + 0x600, 2)));
        EXPECT_TRUE(neighbour_works());
    }
};

TEST_F(FaultTest, AFaultIsReportedAndHaltsOnlyItsQueue) {
    machine.write32(ACC_IRQ_ENABLE, ACC_IRQ_STATUS_FAULT_MASK | ACC_IRQ_STATUS_HALT_MASK);
    queue.submit(write_word(kUnmappedVa + 8, 1));
    ASSERT_TRUE(machine.messages.wait_for(1));
    EXPECT_EQ(machine.messages.all()[0].data, 0x4000u + ACC_MSIX_EVENT);
    ASSERT_TRUE(halted(queue));
    ASSERT_TRUE(
        machine.poll(ACC_IRQ_STATUS, ~0u, ACC_IRQ_STATUS_FAULT_MASK | ACC_IRQ_STATUS_HALT_MASK));
    EXPECT_EQ(machine.read32(ACC_FAULTS_COUNT), 1u);
    uint64_t first = machine.read64(ACC_FAULTS_RECORD(0));
    EXPECT_EQ(machine.read64(ACC_FAULTS_RECORD(0)), first) << "looking does not take";
    ASSERT_TRUE(machine.fault(record));
    EXPECT_EQ(record.cause, ACC_FAULT_UNMAPPED);
    EXPECT_EQ(record.access, ACC_ACCESS_WRITE);
    EXPECT_EQ(record.queue, 4u);
    EXPECT_EQ(record.vmid, kVmid);
    EXPECT_EQ(record.packet_index, 0u);
    EXPECT_EQ(record.address, kUnmappedVa + 8);
    EXPECT_EQ(machine.read32(ACC_FAULTS_COUNT), 0u);
    EXPECT_EQ(machine.read64(ACC_FAULTS_RECORD(0)), 0u);
    EXPECT_EQ(queue.control().status, ACC_QUEUE_ERROR);
    EXPECT_TRUE(neighbour_works());
    EXPECT_EQ(machine.queue_command(4, ACC_QUEUE_COMMAND_DISABLE), 0u);
    queue.rewind();
    ASSERT_EQ(queue.enable(), ACC_QUEUE_STATUS_ENABLED_MASK);
    EXPECT_TRUE(queue.run(write_word(kVramVa, 1)));
}

TEST_F(FaultTest, AKernelsFaultNamesTheInstruction) {
    DriverKernel kernel(machine, R"(
        mov.sr r10, sr_tid_x
        isetp.u32.ne p0, r10, 5
@p0     exit
        trap 77
        exit
)");
    queue.submit(kernel.launch(2, 32));
    ASSERT_TRUE(machine.poll(ACC_FAULTS_COUNT, ~0u, 1));
    ASSERT_TRUE(machine.fault(record));
    EXPECT_EQ(record.cause, ACC_FAULT_TRAP);
    EXPECT_EQ(record.info, 77u);
    EXPECT_EQ(record.thread[0], 5u);
    EXPECT_EQ(record.pc, kVramVa + (4ull << 20) + 4096 + 3 * 16);
}

TEST_F(FaultTest, TheFifoKeepsTheOldestAndCountsTheRest) {
    for (int i = 0; i < 70; i++) {
        queue.submit(write_word(kUnmappedVa + 4096ull * i, 1));
        ASSERT_TRUE(halted(queue));
        ASSERT_EQ(machine.queue_command(4, ACC_QUEUE_COMMAND_DISABLE), 0u);
        queue.rewind();
        ASSERT_EQ(queue.enable(), ACC_QUEUE_STATUS_ENABLED_MASK);
    }
    EXPECT_EQ(machine.read32(ACC_FAULTS_COUNT), 64u);
    EXPECT_EQ(machine.read32(ACC_FAULTS_LOST), 6u);
    for (uint64_t i = 0; i < 64; i++) {
        ASSERT_TRUE(machine.fault(record));
        EXPECT_EQ(record.address, kUnmappedVa + 4096 * i);
    }
    EXPECT_FALSE(machine.fault(record));
    machine.write32(ACC_FAULTS_POP, 1);
    EXPECT_EQ(machine.read32(ACC_FAULTS_COUNT), 0u);
}

TEST_F(FaultTest, InjectionIsLocked) {
    machine.inject(ACC_INJECT_COMMAND_CORRECTED_ECC, 3);
    EXPECT_EQ(machine.read64(ACC_DEV_ECC_CORRECTED), 0u);
    EXPECT_EQ(machine.read32(ACC_DEV_BUS_ERRORS), 1u);
    machine.unlock_injection();
    EXPECT_EQ(machine.read32(ACC_INJECT_UNLOCK), 1u);
    machine.inject(ACC_INJECT_COMMAND_CORRECTED_ECC, 3);
    EXPECT_EQ(machine.read64(ACC_DEV_ECC_CORRECTED), 3u);
    for (auto [command, argument] : {std::pair<uint32_t, uint64_t>{0, 0},
                                     {99, 0},
                                     {ACC_INJECT_COMMAND_HANG_QUEUE, 256},
                                     {ACC_INJECT_COMMAND_POISON_PAGE, kVramBytes},
                                     {ACC_INJECT_COMMAND_SCRUB_PAGE, kVramBytes}}) {
        uint32_t errors = machine.read32(ACC_DEV_BUS_ERRORS);
        machine.inject(command, argument);
        EXPECT_EQ(machine.read32(ACC_DEV_BUS_ERRORS), errors + 1) << command;
    }
    machine.write32(ACC_INJECT_UNLOCK, 1);
    EXPECT_EQ(machine.read32(ACC_INJECT_UNLOCK), 0u);
}

TEST_F(FaultTest, AHungQueueIsRecoveredByAResetOfIt) {
    machine.unlock_injection();
    machine.inject(ACC_INJECT_COMMAND_HANG_QUEUE, 4);
    queue.submit(write_word(kVramVa, 1));
    EXPECT_TRUE(neighbour_works());
    uint64_t progress = machine.read64(ACC_QUEUE_PROGRESS(4));
    EXPECT_EQ(queue.status(), ACC_QUEUE_STATUS_ENABLED_MASK | ACC_QUEUE_STATUS_ACTIVE_MASK);
    stalls(4);
    EXPECT_EQ(machine.read64(ACC_QUEUE_STALLED_NS(5)), 0u) << "others do not";
    machine.write32(ACC_QUEUE_COMMAND(4), ACC_QUEUE_COMMAND_DISABLE);
    stalls(4);
    EXPECT_TRUE(queue.status() & ACC_QUEUE_STATUS_BUSY_MASK) << "it does not obey";
    EXPECT_EQ(machine.read64(ACC_QUEUE_PROGRESS(4)), progress);
    EXPECT_TRUE(neighbour_works());
    EXPECT_EQ(machine.queue_command(4, ACC_QUEUE_COMMAND_RESET), 0u) << "accepted while BUSY";
    EXPECT_EQ(machine.read64(ACC_QUEUE_STALLED_NS(4)), 0u);
    queue.rewind();
    ASSERT_EQ(queue.enable(), ACC_QUEUE_STATUS_ENABLED_MASK);
    EXPECT_TRUE(queue.run(write_word(kVramVa, 1)));
}

TEST_F(FaultTest, AHungDeviceIsRecoveredByADeviceReset) {
    machine.unlock_injection();
    machine.inject(ACC_INJECT_COMMAND_HANG_DEVICE, 0);
    queue.submit(write_word(kVramVa + 0x700, 1));
    machine.write32(ACC_QUEUE_COMMAND(4), ACC_QUEUE_COMMAND_RESET);
    machine.write32(ACC_QUEUE_COMMAND(100), ACC_QUEUE_COMMAND_RESET);
    stalls(4);
    stalls(100); // it has nothing to do but the command
    EXPECT_TRUE(queue.status() & ACC_QUEUE_STATUS_BUSY_MASK);
    EXPECT_TRUE(machine.read32(ACC_QUEUE_STATUS(100)) & ACC_QUEUE_STATUS_BUSY_MASK);
    EXPECT_EQ(*machine.in_vram<uint64_t>(0x700), 0u);
    EXPECT_EQ(machine.read32(ACC_DEV_ID), ACC_DEV_ID_MAGIC) << "registers answer";
    ASSERT_TRUE(machine.reset_device());
    EXPECT_EQ(queue.status(), 0u);
    EXPECT_EQ(machine.read32(ACC_INJECT_UNLOCK), 0u) << "locked again";
    start_again();
}

TEST_F(FaultTest, AResetStopsARunningKernelAndKeepsVram) {
    DriverKernel kernel(machine, "spin: bra spin\n exit\n");
    *machine.in_vram<uint64_t>(0x800) = 0x5a5a;
    queue.submit(kernel.launch(1, 32));
    ASSERT_TRUE(machine.reset_device());
    EXPECT_EQ(queue.status(), 0u);
    EXPECT_EQ(machine.read32(ACC_VM_STATUS(kVmid)), 0u);
    EXPECT_EQ(*machine.in_vram<uint64_t>(0x800), 0x5a5au);
    start_again();
}

TEST_F(FaultTest, AResetDropsFaults) {
    queue.submit(write_word(kUnmappedVa, 1));
    ASSERT_TRUE(machine.poll(ACC_FAULTS_COUNT, ~0u, 1));
    ASSERT_TRUE(machine.reset_device());
    EXPECT_EQ(machine.read32(ACC_FAULTS_COUNT), 0u);
    EXPECT_EQ(machine.read32(ACC_IRQ_STATUS), 0u);
}

TEST_F(FaultTest, FunctionLevelResetDoesTheSameAndClearsConfiguration) {
    DriverKernel kernel(machine, "spin: bra spin\n exit\n");
    queue.submit(kernel.launch(1, 32));
    machine.bus->config_write(0x54, 1, 1); // AF control: initiate FLR
    EXPECT_EQ(machine.read32(ACC_DEV_ID), ~0u) << "memory space is off";
    machine.power_on();
    ASSERT_TRUE(machine.ready());
    machine.enable_msix();
    start_again();
}

TEST_F(FaultTest, CommandsAndDoorbellsDuringAResetAreIgnored) {
    for (int i = 0; i < 20; i++) {
        machine.write32(ACC_DEV_RESET, ACC_DEV_RESET_KEY);
        machine.write32(ACC_QUEUE_COMMAND(4), ACC_QUEUE_COMMAND_ENABLE);
        machine.write64(ACC_DOORBELL_WRITE_INDEX(4), 5);
        machine.write32(ACC_VM_COMMAND(kVmid), ACC_VM_COMMAND_ENABLE);
        machine.write32(ACC_DEV_RESET, ACC_DEV_RESET_KEY);
        ASSERT_TRUE(machine.ready());
    }
    // Whether a command fell into the reset or after it, a last reset leaves nothing.
    ASSERT_TRUE(machine.reset_device());
    EXPECT_EQ(machine.read32(ACC_VM_STATUS(kVmid)), 0u);
    start_again();
}

TEST_F(FaultTest, PoisonedPagesFaultUntilTheyAreScrubbed) {
    machine.write32(ACC_IRQ_ENABLE, ACC_IRQ_STATUS_ECC_MASK);
    machine.unlock_injection();
    machine.inject(ACC_INJECT_COMMAND_POISON_PAGE, 0x6000);
    EXPECT_TRUE(queue.run(write_word(kVramVa + 0x5ff8, 1))) << "the page before";
    queue.submit(write_word(kVramVa + 0x6008, 1));
    ASSERT_TRUE(halted(queue));
    ASSERT_TRUE(machine.fault(record));
    EXPECT_EQ(record.cause, ACC_FAULT_ECC);
    EXPECT_EQ(machine.read64(ACC_DEV_ECC_UNCORRECTED), 1u);
    ASSERT_TRUE(machine.messages.wait_for(1));
    EXPECT_TRUE(machine.read32(ACC_IRQ_STATUS) & ACC_IRQ_STATUS_ECC_MASK);
    machine.inject(ACC_INJECT_COMMAND_SCRUB_PAGE, 0x6000);
    EXPECT_EQ(machine.queue_command(4, ACC_QUEUE_COMMAND_DISABLE), 0u);
    queue.rewind();
    ASSERT_EQ(queue.enable(), ACC_QUEUE_STATUS_ENABLED_MASK);
    EXPECT_TRUE(queue.run(write_word(kVramVa + 0x6008, 1)));
}

TEST_F(FaultTest, TheWatchdogEndsAnEndlessKernel) {
    machine.write32(ACC_QUEUE_WATCHDOG_MS(4), 30);
    DriverKernel kernel(machine, "spin: bra spin\n exit\n");
    queue.submit(kernel.launch(1, 32));
    ASSERT_TRUE(halted(queue));
    ASSERT_TRUE(machine.fault(record));
    EXPECT_EQ(record.cause, ACC_FAULT_HANG);
    EXPECT_TRUE(neighbour_works());
}

TEST_F(FaultTest, AVanishedDeviceAnswersNothingAndStopsItsWork) {
    machine.unlock_injection();
    machine.inject(ACC_INJECT_COMMAND_VANISH, 0);
    EXPECT_TRUE(machine.bus->closed());
    EXPECT_EQ(machine.read32(ACC_DEV_ID), ~0u) << "what QEMU makes of it";
    EXPECT_THAT(machine.hang_up(), testing::HasSubstr("vanished"));
}

TEST_F(FaultTest, BusMasteringOffEndsDma) {
    machine.bus->config_write(0x04, 2, 2);
    machine.vm_command(kVmid, ACC_VM_COMMAND_INVALIDATE_ALL); // behind the change of the bus
    EXPECT_GT(machine.read32(ACC_DEV_DMA_ERRORS), 0u);
    // The ring itself lies in guest memory.
    queue.submit(write_word(kVramVa + 0x900, 1));
    ASSERT_TRUE(halted(queue));
    ASSERT_TRUE(machine.fault(record));
    EXPECT_EQ(record.cause, ACC_FAULT_UNMAPPED);
    EXPECT_EQ(*machine.in_vram<uint64_t>(0x900), 0u);
    machine.bus->config_write(0x04, 6, 2);
    EXPECT_EQ(machine.queue_command(4, ACC_QUEUE_COMMAND_RESET), 0u);
    machine.vm_command(kVmid, ACC_VM_COMMAND_INVALIDATE_ALL); // behind the change of the bus
    queue.rewind();
    ASSERT_EQ(queue.enable(), ACC_QUEUE_STATUS_ENABLED_MASK);
    EXPECT_TRUE(queue.run(write_word(kVramVa + 0x900, 1)));
}

/// More than the command thread can follow one by one.
TEST_F(FaultTest, ACommandStormEndsInTheStateOfTheLastCommand) {
    for (int i = 0; i < 500; i++) {
        machine.bus->config_write(0x04, 2, 2);
        machine.bus->config_write(0x04, 6, 2);
        machine.write32(ACC_QUEUE_COMMAND(4), ACC_QUEUE_COMMAND_RESET);
        if (i % 100 == 50) machine.write32(ACC_DEV_RESET, ACC_DEV_RESET_KEY);
        machine.write32(ACC_VM_COMMAND(kVmid), ACC_VM_COMMAND_ENABLE);
    }
    ASSERT_TRUE(machine.ready());
    ASSERT_TRUE(machine.reset_device());
    start_again();
}

TEST_F(FaultTest, MemoryThatMovesIsFollowed) {
    *machine.in_guest<uint64_t>(0x9000) = 0;
    machine.tables->map(kUnmappedVa, kLowGpa, 4096, ACC_PTE_WRITE | ACC_PTE_SYSTEM);
    machine.invalidate(kUnmappedVa, 4096);
    ASSERT_TRUE(queue.run(write_word(kUnmappedVa, 5)));
    EXPECT_EQ(*reinterpret_cast<uint64_t*>(machine.guest(kLowGpa)), 5u);
    MemoryFile other(kPieceBytes);
    machine.bus->set_memory(
        {{kLowGpa, kPieceBytes, 0, other.fd()}, {kHighGpa, kPieceBytes, 0, machine.ram.fd()}});
    machine.vm_command(kVmid, ACC_VM_COMMAND_INVALIDATE_ALL);
    ASSERT_TRUE(queue.run(write_word(kUnmappedVa, 6)));
    EXPECT_EQ(*reinterpret_cast<uint64_t*>(other.at(0)), 6u);
    EXPECT_EQ(*reinterpret_cast<uint64_t*>(machine.guest(kLowGpa)), 5u);
}

} // namespace
} // namespace acc::accd::test
