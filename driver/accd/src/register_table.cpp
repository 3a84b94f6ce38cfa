// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/accd/src/register_table.h"

#include <array>
#include <vector>

namespace acc::accd {

namespace {

constexpr BlockRow kBlocks[] = {
#define ACC_BLOCK(name, base, count, stride) {#name, base, count, stride},
#define ACC_REGISTER(block, name, offset, bits, count, access, fixed, reset)
#include "acc/spec/acc_regs_table.inc"
};

constexpr RegisterRow kRegisters[] = {
#define ACC_BLOCK(name, base, count, stride)
#define ACC_REGISTER(block, name, offset, bits, count, access, fixed, reset)                       \
    {Register::block##_##name,                                                                     \
     Block::block,                                                                                 \
     #block "_" #name,                                                                             \
     offset,                                                                                       \
     bits,                                                                                         \
     count,                                                                                        \
     Access::access,                                                                               \
     fixed != 0,                                                                                   \
     reset},
#include "acc/spec/acc_regs_table.inc"
};

/// Per block: which register starts at each 4-byte word of an instance.
struct Index {
    struct Entry {
        const RegisterRow* row = nullptr;
        uint32_t index = 0;
    };
    std::array<std::vector<Entry>, std::size(kBlocks)> words;

    Index() {
        for (const RegisterRow& row : kRegisters) {
            auto& table = words[static_cast<size_t>(row.block)];
            for (uint32_t i = 0; i < row.count; i++) {
                size_t word = (row.offset + i * row.bits / 8) / 4;
                if (table.size() <= word) table.resize(word + 1);
                table[word] = {&row, i};
            }
        }
    }
};

} // namespace

std::span<const BlockRow> block_rows() {
    return kBlocks;
}

std::span<const RegisterRow> register_rows() {
    return kRegisters;
}

uint32_t offset_of(const RegisterRow& row, uint32_t instance, uint32_t index) {
    const BlockRow& block = kBlocks[static_cast<size_t>(row.block)];
    return block.base + instance * block.stride + row.offset + index * row.bits / 8;
}

RegisterPlace find_register(uint32_t offset) {
    static const Index index;
    if (offset % 4) return {};
    for (size_t i = std::size(kBlocks); i-- > 0;) { // bases ascend
        const BlockRow& block = kBlocks[i];
        if (offset < block.base) continue;
        uint32_t within = offset - block.base;
        uint32_t instance = block.count > 1 ? within / block.stride : 0;
        if (instance >= block.count) return {};
        uint32_t word = (within - instance * block.stride) / 4;
        const auto& words = index.words[i];
        if (word >= words.size() || !words[word].row) return {};
        return {words[word].row, instance, words[word].index};
    }
    return {};
}

} // namespace acc::accd
