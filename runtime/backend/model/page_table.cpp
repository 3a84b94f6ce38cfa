// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstring>

#include "runtime/backend/model/backend.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

constexpr uint64_t kTableChunk = 64 * 1024; // tables are taken from VRAM sixteen at a time

unsigned index_at(uint64_t va, int level) {
    return static_cast<unsigned>(va >> (ACC_PAGE_SHIFT + 9 * level)) % ACC_PT_ENTRIES;
}

} // namespace

PageTable::PageTable(ModelBackend& backend) : backend_(backend), root_(0) {
    root_ = new_table();
}

PageTable::~PageTable() {
    backend_.physical(Domain::Vram).release(pages_);
}

uint64_t* PageTable::table(uint64_t offset) const {
    return reinterpret_cast<uint64_t*>(backend_.vram().data() + offset);
}

uint64_t PageTable::new_table() {
    if (free_tables_.empty()) {
        const auto extents = backend_.physical(Domain::Vram).allocate(kTableChunk);
        if (extents.empty()) fail(Status::OutOfMemory, "no device memory is left for page tables");
        for (const Extent& extent : extents) {
            pages_.push_back(extent);
            for (uint64_t at = 0; at < extent.bytes; at += ACC_PAGE_BYTES)
                free_tables_.push_back(extent.offset + extent.bytes - ACC_PAGE_BYTES - at);
        }
    }
    const uint64_t offset = free_tables_.back();
    free_tables_.pop_back();
    std::memset(table(offset), 0, ACC_PAGE_BYTES);
    return offset;
}

uint64_t* PageTable::entry(uint64_t va, int level, bool make) {
    uint64_t at = root_;
    for (int l = ACC_PT_LEVELS - 1; l > level; --l) {
        uint64_t& pointer = table(at)[index_at(va, l)];
        if ((pointer & ACC_PTE_VALID) == 0) {
            if (!make) return nullptr;
            const uint64_t made = new_table();
            pointer = made | ACC_PTE_VALID;
        }
        at = pointer & ACC_PTE_ADDR_MASK;
    }
    return &table(at)[index_at(va, level)];
}

void PageTable::split_large(uint64_t va) {
    uint64_t* large = entry(va, 1, false);
    if (large == nullptr ||
        (*large & (ACC_PTE_VALID | ACC_PTE_LARGE)) != (ACC_PTE_VALID | ACC_PTE_LARGE))
        return;
    const uint64_t small = *large & ~ACC_PTE_LARGE;
    const uint64_t made = new_table();
    for (unsigned i = 0; i < ACC_PT_ENTRIES; ++i)
        table(made)[i] = small + uint64_t{i} * ACC_PAGE_BYTES;
    *large = made | ACC_PTE_VALID;
}

void PageTable::map(uint64_t va, uint64_t physical, uint64_t bytes, uint64_t flags) {
    for (uint64_t done = 0; done < bytes;) {
        const uint64_t left = bytes - done;
        if (((va + done) | (physical + done)) % ACC_LARGE_PAGE_BYTES == 0 &&
            left >= ACC_LARGE_PAGE_BYTES) {
            uint64_t* at = entry(va + done, 1, true);
            if ((*at & ACC_PTE_VALID) != 0 && (*at & ACC_PTE_LARGE) == 0)
                free_tables_.push_back(*at & ACC_PTE_ADDR_MASK);
            *at = (physical + done) | flags | ACC_PTE_VALID | ACC_PTE_LARGE;
            done += ACC_LARGE_PAGE_BYTES;
        } else {
            split_large(va + done);
            *entry(va + done, 0, true) = (physical + done) | flags | ACC_PTE_VALID;
            done += ACC_PAGE_BYTES;
        }
    }
}

void PageTable::unmap(uint64_t va, uint64_t bytes) {
    for (uint64_t done = 0; done < bytes;) {
        const uint64_t in_large = (va + done) % ACC_LARGE_PAGE_BYTES;
        const uint64_t large_left = ACC_LARGE_PAGE_BYTES - in_large;
        uint64_t* at = entry(va + done, 1, false);
        if (at == nullptr || (*at & ACC_PTE_VALID) == 0) {
            done += large_left; // nothing is mapped in this stretch
            continue;
        }
        if (in_large == 0 && bytes - done >= ACC_LARGE_PAGE_BYTES) {
            if ((*at & ACC_PTE_LARGE) == 0) free_tables_.push_back(*at & ACC_PTE_ADDR_MASK);
            *at = 0;
            done += ACC_LARGE_PAGE_BYTES;
            continue;
        }
        split_large(va + done);
        *entry(va + done, 0, true) = 0;
        done += ACC_PAGE_BYTES;
    }
}

} // namespace acc::rt
