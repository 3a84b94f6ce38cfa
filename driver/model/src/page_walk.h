// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The page-table walker (include/acc/spec/acc_mmu.h). Entries are hostile input: a reserved bit, an
// address beyond VRAM or a misplaced flag makes the entry invalid, as if it were absent.
#pragma once

#include <algorithm>
#include <cstdint>

#include "acc/spec/acc_mmu.h"
#include "driver/model/src/vram.h"

namespace acc::model {

/// A valid leaf of the page table, clipped to the range of the walk.
struct PageLeaf {
    uint64_t va;    ///< first virtual address
    uint64_t bytes; ///< multiple of 4096
    bool system;    ///< `phys` is a bus address, otherwise an offset in VRAM
    uint64_t phys;
    bool write, exec, poison;
};

namespace detail {

inline constexpr uint64_t level_bytes(int level) {
    return 1ull << (ACC_PAGE_SHIFT + 9 * level);
}

/// Offset in VRAM of the table a non-leaf entry points to, or UINT64_MAX when the entry is not a
/// valid pointer.
inline uint64_t next_table(const Vram& vram, uint64_t pte) {
    uint64_t table = pte & ACC_PTE_ADDR_MASK;
    bool valid = (pte & ACC_PTE_VALID) && !(pte & ~ACC_PTE_TABLE_MASK) &&
                 vram.contains(table, ACC_PAGE_BYTES);
    return valid ? table : UINT64_MAX;
}

/// True when `pte` is a valid leaf that maps `size` bytes.
inline bool valid_leaf(const Vram& vram, uint64_t pte, uint64_t size) {
    if (!(pte & ACC_PTE_VALID) || (pte & ACC_PTE_RESERVED_MASK)) return false;
    if (((pte & ACC_PTE_LARGE) != 0) != (size == ACC_LARGE_PAGE_BYTES)) return false;
    uint64_t phys = pte & ACC_PTE_ADDR_MASK;
    return phys % size == 0 && ((pte & ACC_PTE_SYSTEM) || vram.contains(phys, size));
}

template <typename Emit>
void walk_table(const Vram& vram, uint64_t table, int level, uint64_t va, uint64_t end,
                Emit& emit) {
    const uint64_t span = level_bytes(level);
    while (va < end) {
        uint64_t entry_va = va & ~(span - 1), stop = std::min(end, entry_va + span);
        uint64_t pte = vram.load64(table + ((va / span) % ACC_PT_ENTRIES) * 8);
        bool leaf = level == 0 || (level == 1 && (pte & ACC_PTE_LARGE));
        if (leaf) {
            if (valid_leaf(vram, pte, span))
                emit(PageLeaf{va, stop - va, (pte & ACC_PTE_SYSTEM) != 0,
                              (pte & ACC_PTE_ADDR_MASK) + (va - entry_va),
                              (pte & ACC_PTE_WRITE) != 0, (pte & ACC_PTE_EXEC) != 0,
                              (pte & ACC_PTE_POISON) != 0});
        } else if (uint64_t next = next_table(vram, pte); next != UINT64_MAX) {
            walk_table(vram, next, level - 1, va, stop, emit);
        }
        va = stop;
    }
}

} // namespace detail

/// Calls emit(const PageLeaf&) for every valid leaf in [va, va + bytes), ascending; absent subtrees
/// are skipped whole. `root`: VRAM offset of the level-3 table (4096-aligned, inside VRAM). `va`,
/// `bytes`: multiples of 4096 within 48 bits.
template <typename Emit>
void walk_pages(const Vram& vram, uint64_t root, uint64_t va, uint64_t bytes, Emit&& emit) {
    detail::walk_table(vram, root, ACC_PT_LEVELS - 1, va, va + bytes, emit);
}

} // namespace acc::model
