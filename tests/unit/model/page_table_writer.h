// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes page tables into VRAM the way a driver does, from include/acc/spec/acc_mmu.h alone.
#pragma once

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <sys/mman.h>

#include "acc/spec/acc_mmu.h"

namespace acc::model::test {

/// The host's view of VRAM: a mapping of the aperture file.
class Aperture {
  public:
    Aperture(int fd, uint64_t bytes) : bytes_(bytes) {
        void* at = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (at == MAP_FAILED) throw std::runtime_error("cannot map VRAM");
        data_ = static_cast<uint8_t*>(at);
    }
    ~Aperture() { munmap(data_, bytes_); }
    Aperture(const Aperture&) = delete;
    Aperture& operator=(const Aperture&) = delete;
    uint8_t* at(uint64_t offset) const { return data_ + offset; }

  private:
    uint8_t* data_;
    uint64_t bytes_;
};

class PageTableWriter {
  public:
    /// Tables are allocated upwards from `first_table`; the root is the first.
    PageTableWriter(const Aperture& vram, uint64_t first_table) : vram_(vram), next_(first_table) {
        root_ = new_table();
    }
    uint64_t root() const { return root_; }

    /// The entry for `va` at `level` (0 = 4 KiB page, 1 = 2 MiB), tables above it made as needed.
    uint64_t* entry(uint64_t va, int level) {
        uint64_t table = root_;
        for (int l = ACC_PT_LEVELS - 1; l > level; l--) {
            uint64_t* e = slot(table, va, l);
            if (!(*e & ACC_PTE_VALID)) *e = new_table() | ACC_PTE_VALID;
            table = *e & ACC_PTE_ADDR_MASK;
        }
        return slot(table, va, level);
    }
    /// Maps 4 KiB pages; `flags`: ACC_PTE_WRITE, _EXEC, _SYSTEM, _POISON.
    void map(uint64_t va, uint64_t phys, uint64_t bytes, uint64_t flags) {
        for (uint64_t i = 0; i < bytes; i += ACC_PAGE_BYTES)
            *entry(va + i, 0) = (phys + i) | flags | ACC_PTE_VALID;
    }
    void map_large(uint64_t va, uint64_t phys, uint64_t flags) {
        *entry(va, 1) = phys | flags | ACC_PTE_LARGE | ACC_PTE_VALID;
    }
    void unmap(uint64_t va, uint64_t bytes) {
        for (uint64_t i = 0; i < bytes; i += ACC_PAGE_BYTES)
            *entry(va + i, 0) = 0;
    }

  private:
    uint64_t* slot(uint64_t table, uint64_t va, int level) const {
        uint64_t index = (va >> (ACC_PAGE_SHIFT + 9 * level)) % ACC_PT_ENTRIES;
        return reinterpret_cast<uint64_t*>(vram_.at(table)) + index;
    }
    uint64_t new_table() {
        uint64_t table = next_;
        next_ += ACC_PAGE_BYTES;
        std::memset(vram_.at(table), 0, ACC_PAGE_BYTES);
        return table;
    }

    const Aperture& vram_;
    uint64_t next_, root_;
};

} // namespace acc::model::test
