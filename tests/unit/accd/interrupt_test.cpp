// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// MSI-X as the PCI specification defines it, and the IRQ block in front of it.
#include "tests/unit/accd/bus.h"

namespace acc::accd::test {
namespace {

constexpr uint32_t kEntry = ACC_MSIX_TABLE, kControl = kEntry + 12;

struct InterruptTest : testing::Test {
    Machine machine;
    Bus& bus = *machine.bus;
    Messages& messages = machine.messages;

    void test_interrupt() { machine.write32(ACC_IRQ_TEST, 1); }
    void enable_test_cause() { machine.write32(ACC_IRQ_ENABLE, ACC_IRQ_STATUS_TEST_MASK); }
    uint32_t pending() { return machine.read32(ACC_MSIX_PBA); }
    /// Whether a message arrives that was not asked for: gives one that is asked for the chance to
    /// come first or not at all.
    void expect_only(size_t count) {
        machine.write32(kEntry + 16 * 7, 0xfee00000); // vector 7 is not the device's
        ASSERT_TRUE(messages.wait_for(count));
        EXPECT_EQ(messages.count(), count);
    }
};

TEST_F(InterruptTest, AMessageCarriesAddressAndDataOfTheVector) {
    machine.enable_msix();
    machine.write32(kEntry, 0xfee01004);
    machine.write32(kEntry + 4, 0x12);
    machine.write32(kEntry + 8, 0x4021);
    enable_test_cause();
    test_interrupt();
    ASSERT_TRUE(messages.wait_for(1));
    EXPECT_EQ(messages.all()[0].address, 0x12fee01004u);
    EXPECT_EQ(messages.all()[0].data, 0x4021u);
    EXPECT_EQ(machine.read32(ACC_IRQ_STATUS), ACC_IRQ_STATUS_TEST_MASK);
}

TEST_F(InterruptTest, TableAnswersBothWidths) {
    machine.write64(kEntry, 0x1'fee0'0000);
    machine.write64(kEntry + 8, 0x1'0000'4000);
    EXPECT_EQ(machine.read32(kEntry + 4), 1u);
    EXPECT_EQ(machine.read64(kEntry + 8), 0x1'0000'4000u);
    EXPECT_EQ(machine.read32(kControl), 1u);
    machine.write32(kControl, ~0u);
    EXPECT_EQ(machine.read32(kControl), 1u) << "only the mask bit exists";
    EXPECT_EQ(machine.read64(ACC_MSIX_PBA), 0u);
}

TEST_F(InterruptTest, NothingWithoutEnableInTheCapability) {
    machine.enable_msix();
    bus.config_write(0x42, 0, 2);
    enable_test_cause();
    test_interrupt();
    EXPECT_EQ(pending(), 0u);
    EXPECT_EQ(machine.read32(ACC_IRQ_STATUS), ACC_IRQ_STATUS_TEST_MASK);
    bus.config_write(0x42, 0x8000, 2);
    machine.write32(ACC_IRQ_STATUS, ~0u);
    test_interrupt();
    expect_only(1);
}

TEST_F(InterruptTest, AMaskedVectorBecomesPendingAndIsSentWhenUnmasked) {
    machine.enable_msix();
    machine.write32(kControl, 1);
    enable_test_cause();
    test_interrupt();
    EXPECT_EQ(pending(), 1u);
    EXPECT_EQ(messages.count(), 0u);
    machine.write32(kControl, 0);
    ASSERT_TRUE(messages.wait_for(1));
    EXPECT_EQ(pending(), 0u);
    machine.write32(kControl, 1);
    machine.write32(kControl, 0);
    expect_only(1);
}

TEST_F(InterruptTest, TheFunctionMaskDoesTheSameForAll) {
    machine.enable_msix();
    bus.config_write(0x42, 0xc000, 2);
    enable_test_cause();
    test_interrupt();
    EXPECT_EQ(pending(), 1u);
    bus.config_write(0x42, 0x8000, 2);
    ASSERT_TRUE(messages.wait_for(1));
    EXPECT_EQ(pending(), 0u);
}

TEST_F(InterruptTest, WithoutBusMasteringMessagesWait) {
    machine.enable_msix();
    enable_test_cause();
    bus.config_write(0x04, 2, 2);
    test_interrupt();
    EXPECT_EQ(pending(), 1u);
    bus.config_write(0x04, 6, 2);
    ASSERT_TRUE(messages.wait_for(1));
}

TEST_F(InterruptTest, PendingBitsCannotBeWritten) {
    machine.enable_msix();
    machine.write32(kControl, 1);
    enable_test_cause();
    test_interrupt();
    machine.write64(ACC_MSIX_PBA, 0);
    EXPECT_EQ(pending(), 1u);
}

TEST_F(InterruptTest, ACauseInterruptsOnceUntilItIsCleared) {
    machine.enable_msix();
    enable_test_cause();
    test_interrupt();
    ASSERT_TRUE(messages.wait_for(1));
    test_interrupt();
    expect_only(1);
    machine.write32(ACC_IRQ_STATUS, ACC_IRQ_STATUS_TEST_MASK);
    EXPECT_EQ(machine.read32(ACC_IRQ_STATUS), 0u);
    test_interrupt();
    ASSERT_TRUE(messages.wait_for(2));
}

TEST_F(InterruptTest, EnablingACauseThatIsThereInterruptsAtOnce) {
    machine.enable_msix();
    test_interrupt();
    EXPECT_EQ(messages.count(), 0u);
    enable_test_cause();
    ASSERT_TRUE(messages.wait_for(1));
    enable_test_cause();
    expect_only(1);
}

TEST_F(InterruptTest, ClearingOneCauseLeavesTheOthers) {
    machine.enable_msix();
    machine.unlock_injection();
    machine.inject(ACC_INJECT_COMMAND_CORRECTED_ECC, 2);
    test_interrupt();
    EXPECT_EQ(machine.read32(ACC_IRQ_STATUS), ACC_IRQ_STATUS_TEST_MASK | ACC_IRQ_STATUS_ECC_MASK);
    machine.write32(ACC_IRQ_STATUS, ACC_IRQ_STATUS_TEST_MASK);
    EXPECT_EQ(machine.read32(ACC_IRQ_STATUS), ACC_IRQ_STATUS_ECC_MASK);
    EXPECT_EQ(machine.read64(ACC_DEV_ECC_CORRECTED), 2u);
}

TEST_F(InterruptTest, LostMessagesAreLostAndLaterOnesArrive) {
    machine.enable_msix();
    enable_test_cause();
    machine.unlock_injection();
    machine.inject(ACC_INJECT_COMMAND_LOSE_INTERRUPTS, 2);
    for (int i = 1; i <= 3; i++) {
        test_interrupt();
        // Messages that are posted while one is on its way become one; each of these must be its
        // own.
        for (int t = 0;
             machine.device->msix().lost() + machine.device->msix().sent() < uint64_t(i) &&
             t < 20000;
             t++)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        machine.write32(ACC_IRQ_STATUS, ~0u);
    }
    ASSERT_TRUE(messages.wait_for(1));
    EXPECT_EQ(messages.count(), 1u);
    EXPECT_EQ(machine.device->msix().lost(), 2u);
}

TEST_F(InterruptTest, ADeviceResetClearsCausesAndKeepsTheTable) {
    machine.enable_msix();
    enable_test_cause();
    test_interrupt();
    ASSERT_TRUE(messages.wait_for(1));
    ASSERT_TRUE(machine.reset_device());
    EXPECT_EQ(machine.read32(ACC_IRQ_STATUS), 0u);
    EXPECT_EQ(machine.read32(ACC_IRQ_ENABLE), 0u);
    EXPECT_EQ(machine.read32(kEntry + 8), 0x4000u);
    enable_test_cause();
    test_interrupt();
    ASSERT_TRUE(messages.wait_for(2));
}

// The IRQ block by itself: which completions become messages.

struct CompletionTest : testing::Test {
    Messages messages;
    InterruptSender sender{messages};
    Msix msix{sender};
    Interrupts interrupts{msix};
    CompletionTest() {
        sender.add(msix);
        for (uint32_t v = 0; v < ACC_MSIX_VECTORS; v++) {
            msix.write_table(16 * v + 8, v, 4);
            msix.write_table(16 * v + 12, 0, 4);
        }
        msix.set_controls(true, false, true);
    }
    ~CompletionTest() override { sender.remove(msix); }
    uint64_t take(uint32_t n) { return interrupts.read(Register::IRQ_COMPLETION, n); }
};

TEST_F(CompletionTest, OnlyArmedQueuesInterruptAndOnlyOnce) {
    interrupts.completion(5);
    EXPECT_EQ(take(0), 0u);
    interrupts.arm(5);
    interrupts.completion(5);
    interrupts.completion(5);
    ASSERT_TRUE(messages.wait_for(1));
    EXPECT_EQ(take(0), 1u << 5);
    EXPECT_EQ(take(0), 0u) << "reading clears";
    interrupts.completion(5);
    EXPECT_EQ(take(0), 0u);
    EXPECT_EQ(messages.count(), 1u);
}

TEST_F(CompletionTest, EachBitmapHasItsVector) {
    for (uint32_t n = 0; n < 4; n++) {
        interrupts.arm(64 * n + 63);
        interrupts.completion(64 * n + 63);
        ASSERT_TRUE(messages.wait_for(n + 1));
        EXPECT_EQ(messages.all()[n].data, ACC_MSIX_COMPLETION + n);
        EXPECT_EQ(take(n), 1ull << 63);
    }
}

TEST_F(CompletionTest, AMessageComesOnlyWhenABitmapStopsBeingEmpty) {
    interrupts.arm(1);
    interrupts.arm(2);
    interrupts.completion(1);
    ASSERT_TRUE(messages.wait_for(1));
    interrupts.completion(2);
    EXPECT_EQ(take(0), 6u);
    interrupts.arm(1);
    interrupts.completion(1);
    ASSERT_TRUE(messages.wait_for(2));
    EXPECT_EQ(messages.count(), 2u);
}

TEST_F(CompletionTest, DisarmedQueuesAreSilent) {
    interrupts.arm(7);
    interrupts.disarm(7);
    interrupts.completion(7);
    EXPECT_EQ(take(0), 0u);
}

/// The driver's side of the handshake: arm, look at the value, sleep until the bitmap says so. No
/// wake-up may be missed, and the device's side must not wait for anything either.
TEST_F(CompletionTest, ArmingAndCompletingNeverMissEachOther) {
    std::atomic<uint64_t> value{0}, allowed{0};
    std::atomic<bool> over{false};
    constexpr uint64_t kRounds = 4000; // a round takes two time slices on a busy host
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    std::thread device([&] {
        for (uint64_t i = 1; i <= kRounds; i++) {
            while (allowed.load() < i) {
                if (over) return;
                std::this_thread::yield();
            }
            value.store(i, std::memory_order_release);
            interrupts.completion(3);
        }
    });
    for (uint64_t i = 1; i <= kRounds; i++) {
        if (std::chrono::steady_clock::now() > end) {
            over = true;
            break;
        }
        allowed = i;
        interrupts.arm(3);
        if (value.load() >= i) continue; // done before we armed; the bit may be left over
        auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!(take(0) & 8) || value.load() < i) {
            if (value.load() >= i) break; // a left-over bit was taken: the value decides
            ASSERT_LT(std::chrono::steady_clock::now(), limit) << "missed in round " << i;
            std::this_thread::yield();
        }
    }
    device.join();
}

} // namespace
} // namespace acc::accd::test
