// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Configuration space, as the PCI specification wants it and the register table's constants say.
#include "tests/unit/accd/bus.h"

namespace acc::accd::test {
namespace {

struct ConfigTest : testing::Test {
    Machine machine;
    Bus& bus = *machine.bus;
    uint32_t r(uint32_t offset, int bytes) { return bus.config_read(offset, bytes); }

    /// Offset of a capability, found as an operating system finds it.
    uint32_t capability(uint32_t id) {
        EXPECT_TRUE(r(0x06, 2) & 0x10) << "no capability list";
        for (uint32_t at = r(0x34, 1), steps = 0; at && steps < 48; at = r(at + 1, 1), steps++)
            if (r(at, 1) == id) return at;
        return 0;
    }
};

TEST_F(ConfigTest, Identity) {
    EXPECT_EQ(r(0x00, 2), ACC_PCI_VENDOR_ID);
    EXPECT_EQ(r(0x02, 2), ACC_PCI_DEVICE_ID);
    EXPECT_EQ(r(0x08, 4) >> 8, ACC_PCI_CLASS);
    EXPECT_EQ(r(0x0e, 1), 0x80u) << "the aperture is function 1 of the slot";
    EXPECT_EQ(r(0x3d, 1), 0u) << "no INTx pin";
    EXPECT_EQ(r(0x00, 4), ACC_PCI_DEVICE_ID << 16 | ACC_PCI_VENDOR_ID);
}

TEST_F(ConfigTest, IdentityCannotBeWritten) {
    for (uint32_t offset : {0x00u, 0x08u, 0x2cu, 0x34u}) {
        uint32_t before = r(offset, 4);
        bus.config_write(offset, ~0u, 4);
        EXPECT_EQ(r(offset, 4), before & ~0u) << offset;
    }
}

TEST_F(ConfigTest, OnlyBar0HasASize) {
    for (uint32_t bar = 0; bar < 7; bar++) { // 6: what QEMU takes for a ROM, too
        uint32_t offset = 0x10 + 4 * bar, before = r(offset, 4);
        bus.config_write(offset, ~0u, 4);
        uint32_t size = ~(r(offset, 4) & ~0xfu) + 1;
        bus.config_write(offset, before, 4);
        EXPECT_EQ(size, bar == 0 ? ACC_BAR0_BYTES : 0) << bar;
    }
    EXPECT_EQ(r(0x10, 4) & 0xf, 0u) << "memory, 32 bits, not prefetchable";
}

TEST_F(ConfigTest, MsixCapability) {
    uint32_t at = capability(0x11);
    ASSERT_NE(at, 0u);
    EXPECT_EQ(r(at + 2, 2) & 0x7ff, ACC_MSIX_VECTORS - 1);
    EXPECT_EQ(r(at + 4, 4), ACC_MSIX_TABLE) << "in BAR 0";
    EXPECT_EQ(r(at + 8, 4), ACC_MSIX_PBA);
    bus.config_write(at + 2, 0xffff, 2);
    EXPECT_EQ(r(at + 2, 2), 0xc000u | (ACC_MSIX_VECTORS - 1));
}

TEST_F(ConfigTest, AdvancedFeaturesOfferAFunctionLevelReset) {
    uint32_t at = capability(0x13);
    ASSERT_NE(at, 0u);
    EXPECT_EQ(r(at + 2, 1), 6u);
    EXPECT_EQ(r(at + 3, 1) & 3, 3u);
    bus.config_write(at + 4, 1, 1);
    EXPECT_EQ(r(at + 4, 1), 0u);
    EXPECT_EQ(r(at + 5, 1), 0u) << "no transactions pending";
    EXPECT_EQ(r(0x04, 2), 0u) << "decoding and bus mastering are off";
    EXPECT_EQ(r(0x10, 4), 0u);
    machine.power_on();
    EXPECT_TRUE(machine.ready());
}

TEST_F(ConfigTest, WidthsAndPartsOfRegisters) {
    bus.config_write(0x10, 0x00, 1); // byte by byte
    bus.config_write(0x11, 0x00, 1);
    bus.config_write(0x12, 0x40, 1);
    bus.config_write(0x13, 0xe0, 1);
    EXPECT_EQ(r(0x10, 4), 0xe0400000u);
    EXPECT_EQ(r(0x12, 2), 0xe040u);
    EXPECT_EQ(r(0x11, 3), 0xe04000u);
}

TEST_F(ConfigTest, BeyondTheEndIsAllOnes) {
    EXPECT_EQ(r(0x100, 4), ~0u);
    EXPECT_EQ(r(0xfe, 4), 0xffff0000u);
    EXPECT_EQ(r(0xffffffff, 4), ~0u);
    bus.config_write(0xfe, ~0u, 4);
    bus.config_write(0xffffffff, ~0u, 4);
    EXPECT_EQ(r(0xfc, 4), 0u);
}

TEST_F(ConfigTest, MemorySpaceIsDecodedOnlyWhenEnabledAndWhereTheBarSays) {
    EXPECT_EQ(machine.read32(ACC_DEV_ID), ACC_DEV_ID_MAGIC);
    bus.config_write(0x04, 4, 2); // bus master only
    EXPECT_EQ(machine.read32(ACC_DEV_ID), ~0u);
    bus.config_write(0x04, 6, 2);
    bus.config_write(0x10, 0xe0000000, 4);
    EXPECT_EQ(machine.read32(ACC_DEV_ID), ~0u);
    EXPECT_EQ(bus.read(0xe0000000 + ACC_DEV_ID, 4), ACC_DEV_ID_MAGIC);
    EXPECT_EQ(bus.read(0xe0000000 - 4, 4), 0xffffffffu);
    EXPECT_EQ(bus.read(0xe0000000ull + ACC_BAR0_BYTES, 4), 0xffffffffu);
    EXPECT_EQ(machine.device->bus_errors(), 0u)
        << "accesses that are not ours are no errors of ours";
}

TEST_F(ConfigTest, BusResetTurnsEverythingOff) {
    machine.enable_msix();
    bus.bus_reset();
    EXPECT_EQ(r(0x04, 2), 0u);
    EXPECT_EQ(r(0x10, 4), 0u);
    EXPECT_EQ(r(0x42, 2), ACC_MSIX_VECTORS - 1);
    machine.power_on();
    EXPECT_TRUE(machine.ready());
    EXPECT_EQ(machine.read32(ACC_MSIX_TABLE + 12), 1u) << "masked";
}

} // namespace
} // namespace acc::accd::test
