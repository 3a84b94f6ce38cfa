// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The registers of BAR 0, from the contract's table (include/acc/spec/host/Registers.td), and the
// way from an offset to a register.
#pragma once

#include <cstdint>
#include <span>

namespace acc::accd {

enum class Block : uint8_t {
#define ACC_BLOCK(name, base, count, stride) name,
#define ACC_REGISTER(block, name, offset, bits, count, access, fixed, reset)
#include "acc/spec/acc_regs_table.inc"
};

/// Every register by its name: Register::QUEUE_RING, ...
enum class Register : uint8_t {
#define ACC_BLOCK(name, base, count, stride)
#define ACC_REGISTER(block, name, offset, bits, count, access, fixed, reset) block##_##name,
#include "acc/spec/acc_regs_table.inc"
};

enum class Access : uint8_t { ro, rw, wo, w1c, rc };

struct BlockRow {
    const char* name;
    uint32_t base, count, stride;
};

struct RegisterRow {
    Register id;
    Block block;
    const char* name; ///< "QUEUE_RING"
    uint32_t offset;  ///< in its block's instance
    uint32_t bits, count;
    Access access;
    bool fixed_reset; ///< `reset` is the value after a reset; otherwise it depends on the device
    uint64_t reset;
};

std::span<const BlockRow> block_rows();
std::span<const RegisterRow> register_rows();

/// Offset of a register in BAR 0.
uint32_t offset_of(const RegisterRow&, uint32_t instance = 0, uint32_t index = 0);

/// A register, found.
struct RegisterPlace {
    const RegisterRow* row = nullptr; ///< null: no register there
    uint32_t instance = 0;            ///< of its block
    uint32_t index = 0;               ///< in an array of registers
};

/// The register that starts at `offset` of BAR 0.
RegisterPlace find_register(uint32_t offset);

} // namespace acc::accd
