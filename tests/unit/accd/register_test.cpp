// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every register of the table: reset value, access, width. The table is the contract's; what is
// checked is that the device does what its rows say.
#include <functional>
#include <map>

#include "tests/unit/accd/bus.h"

namespace acc::accd::test {
namespace {

struct RegisterTest : testing::Test {
    Machine machine;
    uint64_t get(uint32_t offset, const RegisterRow& row) {
        return row.bits == 32 ? machine.read32(offset) : machine.read64(offset);
    }
    void put(uint32_t offset, const RegisterRow& row, uint64_t value) {
        row.bits == 32 ? machine.write32(offset, static_cast<uint32_t>(value))
                       : machine.write64(offset, value);
    }
    uint32_t errors() { return machine.read32(ACC_DEV_BUS_ERRORS); }
    static uint64_t all_ones(const RegisterRow& row) {
        return row.bits == 32 ? 0xffffffffull : ~0ull;
    }

    /// First, last and a middle instance and array element of each register.
    void each(const std::function<void(const RegisterRow&, uint32_t offset)>& check) {
        for (const RegisterRow& row : register_rows()) {
            const BlockRow& block = block_rows()[static_cast<size_t>(row.block)];
            for (uint32_t i : {0u, block.count / 2, block.count - 1})
                for (uint32_t n : {0u, row.count - 1}) {
                    SCOPED_TRACE(std::string(row.name) + " instance " + std::to_string(i));
                    check(row, offset_of(row, i, n));
                }
        }
    }
};

TEST_F(RegisterTest, ResetValues) {
    each([&](const RegisterRow& row, uint32_t offset) {
        if (row.fixed_reset) EXPECT_EQ(get(offset, row), row.access == Access::wo ? 0 : row.reset);
    });
    EXPECT_EQ(errors(), 0u);
}

TEST_F(RegisterTest, DeviceValues) {
    EXPECT_EQ(machine.read64(ACC_DEV_VRAM_BYTES), kVramBytes);
    EXPECT_EQ(machine.read32(ACC_DEV_COMPUTE_UNITS), 2u);
    EXPECT_EQ(machine.read32(ACC_DEV_QUEUES), 256u);
    EXPECT_EQ(machine.read32(ACC_DEV_ADDRESS_SPACES), 64u);
    EXPECT_NE(machine.read32(ACC_DEV_CLOCK_KHZ), 0u);
    EXPECT_EQ(machine.read64(ACC_DEV_UUID_LO), 0x1122334455667788u);
    EXPECT_EQ(machine.read64(ACC_DEV_UUID_HI), 0x99aabbccddeeff00u);
    EXPECT_EQ(machine.read64(ACC_DEV_VA_WINDOW_BYTES), 1ull << 40);
    EXPECT_EQ(machine.read32(ACC_DEV_APERTURE), ACC_DEV_APERTURE_COMPANION);
    uint64_t before = machine.read64(ACC_DEV_TIMESTAMP);
    EXPECT_GE(machine.read64(ACC_DEV_TIMESTAMP), before);
}

TEST_F(RegisterTest, OtherWidthsHaveNoEffectReadOnesAndCount) {
    uint32_t expected = 0;
    each([&](const RegisterRow& row, uint32_t offset) {
        for (uint32_t bytes : {1u, 2u, 4u, 8u}) {
            if (bytes == row.bits / 8) continue;
            // The second half of a 64-bit register, and a register's neighbours, are no places
            // either.
            EXPECT_EQ(machine.bus->read(kBar0 + offset, bytes), ~0ull >> (64 - 8 * bytes)) << bytes;
            expected++;
            if (row.id == Register::DEV_RESET) continue; // 32-bit key in a wider write: below
            machine.bus->write(kBar0 + offset, 0, bytes);
            expected++;
        }
        if (row.fixed_reset && row.access == Access::rw) EXPECT_EQ(get(offset, row), row.reset);
    });
    machine.write64(ACC_DEV_RESET, ACC_DEV_RESET_KEY);
    EXPECT_EQ(errors(), expected + 1);
    EXPECT_EQ(machine.read32(ACC_DEV_STATUS), ACC_DEV_STATUS_READY_MASK);
}

TEST_F(RegisterTest, ReadOnlyRegistersRefuseWrites) {
    uint32_t expected = 0;
    each([&](const RegisterRow& row, uint32_t offset) {
        if (row.access != Access::ro && row.access != Access::rc) return;
        put(offset, row, all_ones(row));
        EXPECT_EQ(errors(), ++expected);
        if (row.fixed_reset && row.id != Register::DEV_BUS_ERRORS)
            EXPECT_EQ(get(offset, row), row.reset);
    });
    EXPECT_GT(expected, 0u);
}

TEST_F(RegisterTest, WriteOnlyRegistersReadZero) {
    each([&](const RegisterRow& row, uint32_t offset) {
        if (row.access == Access::wo) EXPECT_EQ(get(offset, row), 0u);
    });
    EXPECT_EQ(errors(), 0u);
}

TEST_F(RegisterTest, PlainRegistersKeepWhatIsWrittenUntilAReset) {
    // Registers with meanings of their own, and what all ones read back as.
    const std::map<Register, uint64_t> special = {{Register::IRQ_ENABLE, 0xf},
                                                  {Register::INJECT_UNLOCK, 0}};
    each([&](const RegisterRow& row, uint32_t offset) {
        if (row.access != Access::rw) return;
        put(offset, row, all_ones(row));
        auto it = special.find(row.id);
        EXPECT_EQ(get(offset, row), it == special.end() ? all_ones(row) : it->second);
    });
    EXPECT_EQ(errors(), 0u);
    ASSERT_TRUE(machine.reset_device());
    each([&](const RegisterRow& row, uint32_t offset) {
        if (row.access == Access::rw) EXPECT_EQ(get(offset, row), row.reset);
    });
}

TEST_F(RegisterTest, InstancesAreSeparate) {
    for (uint32_t i = 0; i < 256; i++)
        machine.write64(ACC_QUEUE_RING(i), 0x1000 * i);
    for (uint32_t i = 0; i < 64; i++)
        machine.write64(ACC_VM_ROOT(i), 0x2000 * i);
    for (uint32_t i = 0; i < 256; i++)
        EXPECT_EQ(machine.read64(ACC_QUEUE_RING(i)), 0x1000 * i);
    for (uint32_t i = 0; i < 64; i++)
        EXPECT_EQ(machine.read64(ACC_VM_ROOT(i)), 0x2000 * i);
}

/// Every 4-byte place of BAR 0, against a list of what the table puts there.
TEST_F(RegisterTest, PlacesWithoutARegisterCountAsErrors) {
    std::vector<bool> used(ACC_BAR0_BYTES / 4);
    for (const RegisterRow& row : register_rows()) {
        const BlockRow& block = block_rows()[static_cast<size_t>(row.block)];
        for (uint32_t i = 0; i < block.count; i++)
            for (uint32_t n = 0; n < row.count; n++)
                if (row.bits == 32) used[offset_of(row, i, n) / 4] = true;
    }
    for (uint32_t i = 0; i < 4 * ACC_MSIX_VECTORS; i++)
        used[ACC_MSIX_TABLE / 4 + i] = true;
    used[ACC_MSIX_PBA / 4] = used[ACC_MSIX_PBA / 4 + 1] = true;
    uint32_t expected = 0;
    for (uint32_t offset = 0; offset < ACC_BAR0_BYTES; offset += offset < 0x30400 ? 4 : 0xffc) {
        uint32_t value = machine.read32(offset);
        if (used[offset / 4]) continue;
        ASSERT_EQ(value, ~0u) << std::hex << offset;
        expected++;
    }
    EXPECT_EQ(errors(), expected);
}

TEST_F(RegisterTest, BusErrorsSurviveADeviceReset) {
    machine.read32(0x7000);
    ASSERT_TRUE(machine.reset_device());
    EXPECT_EQ(errors(), 1u);
}

TEST_F(RegisterTest, AWrongResetKeyDoesNothing) {
    machine.write64(ACC_QUEUE_RING(3), 0x5000);
    machine.write32(ACC_DEV_RESET, 1);
    EXPECT_EQ(machine.read32(ACC_DEV_STATUS), ACC_DEV_STATUS_READY_MASK);
    EXPECT_EQ(machine.read64(ACC_QUEUE_RING(3)), 0x5000u);
}

} // namespace
} // namespace acc::accd::test
