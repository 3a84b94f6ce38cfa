// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The MMU: page-table walks, host windows, permission bytes.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <random>
#include <set>
#include <vector>

#include "driver/model/src/address_space.h"
#include "tests/unit/model/page_table_writer.h"
#include "tests/unit/model/system_memory.h"

namespace acc::model::test {
namespace {

constexpr uint64_t kPage = ACC_PAGE_BYTES, kLarge = ACC_LARGE_PAGE_BYTES;
constexpr uint64_t kBase = 0x7f00'0000'0000, kWindow = 1ull << 30;
constexpr uint64_t kVram = 32ull << 20, kSystem = 8ull << 20, kTables = 16ull << 20;

class VmTest : public testing::Test {
  protected:
    Vram vram{kVram};
    Aperture aperture{vram.fd(), kVram};
    SystemMemory system{kSystem};
    PageTableWriter tables{aperture, kTables};
    MapAccounts accounts{1 << 16};
    std::shared_ptr<Vm> vm = Vm::create(5, vram, system, accounts, tables.root(), kBase, kWindow);

    uint32_t cause(uint64_t va, uint64_t n, uint8_t need = kPermRead) {
        return vm->check(va, n, need).cause;
    }
    uint8_t perm(uint64_t va) { return vm->perm[(va - kBase) / kPage]; }
    uint64_t& word(uint64_t va) { return *reinterpret_cast<uint64_t*>(vm->window + (va - kBase)); }
};

TEST_F(VmTest, RefusesBadWindows) {
    auto create = [&](uint64_t root, uint64_t base, uint64_t bytes) {
        return Vm::create(0, vram, system, accounts, root, base, bytes) != nullptr;
    };
    EXPECT_FALSE(create(tables.root() + 8, kBase, kWindow)); // root not aligned
    EXPECT_FALSE(create(kVram, kBase, kWindow));             // root beyond VRAM
    EXPECT_FALSE(create(tables.root(), kBase + 1, kWindow)); // base not aligned
    EXPECT_FALSE(create(tables.root(), kBase, kWindow + 1)); // size not aligned
    EXPECT_FALSE(create(tables.root(), kBase, 0));           // empty
    EXPECT_FALSE(create(tables.root(), kBase, (1ull << 40) + kPage));
    EXPECT_FALSE(create(tables.root(), (1ull << 48) - kPage, 2 * kPage));
    EXPECT_FALSE(create(tables.root(), ~0ull << 12, kPage));
    EXPECT_TRUE(create(tables.root(), (1ull << 48) - kPage, kPage));
}

TEST_F(VmTest, SeesPagesOnlyAfterInvalidate) {
    *reinterpret_cast<uint64_t*>(aperture.at(kPage)) = 77;
    tables.map(kBase + kPage, kPage, kPage, ACC_PTE_WRITE);
    EXPECT_EQ(cause(kBase + kPage, 8), ACC_FAULT_UNMAPPED);
    vm->invalidate(kBase + kPage, kPage);
    ASSERT_EQ(cause(kBase + kPage, 8), ACC_FAULT_NONE);
    EXPECT_EQ(word(kBase + kPage), 77u);
    word(kBase + kPage) = 78;
    EXPECT_EQ(*reinterpret_cast<uint64_t*>(aperture.at(kPage)), 78u);
}

TEST_F(VmTest, SeesPagesThatAreMappedWhenItIsCreated) {
    tables.map(kBase, kPage, kPage, 0);
    vm = Vm::create(5, vram, system, accounts, tables.root(), kBase, kWindow);
    EXPECT_EQ(cause(kBase, 8), ACC_FAULT_NONE);
}

TEST_F(VmTest, PermissionsAreThoseOfTheEntry) {
    const std::pair<uint64_t, uint8_t> cases[] = {
        {0, kPermRead},
        {ACC_PTE_WRITE, kPermRead | kPermWrite},
        {ACC_PTE_EXEC, kPermRead | kPermExec},
        {ACC_PTE_WRITE | ACC_PTE_EXEC | ACC_PTE_POISON,
         kPermRead | kPermWrite | kPermExec | kPermPoison}};
    uint64_t va = kBase;
    for (auto [flags, expected] : cases) {
        tables.map(va, 0, kPage, flags);
        vm->invalidate(va, kPage);
        EXPECT_EQ(perm(va), expected);
        va += kPage;
    }
    EXPECT_EQ(cause(kBase, 1, kPermWrite), ACC_FAULT_PERMISSION);
    EXPECT_EQ(cause(kBase + kPage, 1, kPermWrite), ACC_FAULT_NONE);
    EXPECT_EQ(cause(kBase + 3 * kPage, 1), ACC_FAULT_ECC);
}

TEST_F(VmTest, ChecksEveryPageOfARange) {
    tables.map(kBase, 0, 40 * kPage, ACC_PTE_WRITE);
    tables.map(kBase + 37 * kPage, 0, kPage, 0);
    vm->invalidate(kBase, 40 * kPage);
    EXPECT_EQ(cause(kBase, 40 * kPage), ACC_FAULT_NONE);
    EXPECT_EQ(cause(kBase + 8, 37 * kPage - 8, kPermWrite), ACC_FAULT_NONE);
    Access access = vm->check(kBase + 8, 37 * kPage, kPermWrite);
    EXPECT_EQ(access.host, nullptr);
    EXPECT_EQ(access.cause, ACC_FAULT_PERMISSION);
    EXPECT_EQ(access.address, kBase + 37 * kPage);
    EXPECT_EQ(vm->check(kBase + 5, 41 * kPage, kPermRead).address, kBase + 40 * kPage);
    EXPECT_EQ(vm->check(kBase + 37 * kPage + 9, 1, kPermWrite).address, kBase + 37 * kPage + 9);
}

TEST_F(VmTest, AddressesOutsideTheWindowAreUnmapped) {
    tables.map(kBase, 0, kPage, 0);
    tables.map(kBase + kWindow - kPage, 0, kPage, 0);
    vm->invalidate(0, 0);
    for (uint64_t va : std::initializer_list<uint64_t>{0, kBase - 1, kBase + kWindow, ~0ull,
                                                       kBase | ACC_SHARED_APERTURE})
        EXPECT_EQ(cause(va, 1), ACC_FAULT_UNMAPPED) << std::hex << va;
    EXPECT_EQ(cause(kBase, ~0ull), ACC_FAULT_UNMAPPED);
    EXPECT_EQ(vm->check(kBase + kWindow - 4, 8, kPermRead).address, kBase + kWindow);
}

TEST_F(VmTest, LargePagesMapTwoMebibytes) {
    *reinterpret_cast<uint64_t*>(aperture.at(2 * kLarge + 0x123008)) = 99;
    tables.map_large(kBase + kLarge, 2 * kLarge, ACC_PTE_WRITE);
    vm->invalidate(kBase + kLarge + 5 * kPage, 1); // a part of it: only that page is looked at
    EXPECT_EQ(cause(kBase + kLarge + 5 * kPage, kPage), ACC_FAULT_NONE);
    EXPECT_EQ(cause(kBase + kLarge, 1), ACC_FAULT_UNMAPPED);
    vm->invalidate(kBase, 4 * kLarge);
    EXPECT_EQ(cause(kBase + kLarge, kLarge, kPermWrite), ACC_FAULT_NONE);
    EXPECT_EQ(cause(kBase + 2 * kLarge, 1), ACC_FAULT_UNMAPPED);
    EXPECT_EQ(word(kBase + kLarge + 0x123008), 99u);
}

TEST_F(VmTest, SystemPagesComeFromTheBus) {
    *reinterpret_cast<uint64_t*>(system.at(3 * kPage)) = 55;
    tables.map(kBase, 3 * kPage, kPage, ACC_PTE_SYSTEM | ACC_PTE_WRITE);
    vm->invalidate(kBase, kPage);
    EXPECT_EQ(word(kBase), 55u);
}

TEST_F(VmTest, SystemPagesWithoutMemoryAreUnmappedAndTheirNeighboursAreNot) {
    tables.map(kBase, kSystem - 3 * kPage, 5 * kPage, ACC_PTE_SYSTEM); // two pages beyond the end
    tables.map(kBase + 5 * kPage, 0, kPage, ACC_PTE_SYSTEM);
    vm->invalidate(kBase, 8 * kPage);
    EXPECT_EQ(cause(kBase, 3 * kPage), ACC_FAULT_NONE);
    EXPECT_EQ(cause(kBase + 3 * kPage, 1), ACC_FAULT_UNMAPPED);
    EXPECT_EQ(cause(kBase + 4 * kPage, 1), ACC_FAULT_UNMAPPED);
    EXPECT_EQ(cause(kBase + 5 * kPage, 1), ACC_FAULT_NONE);
    word(kBase + 3 * kPage) = 1; // harmless
}

TEST_F(VmTest, EveryReservedBitMakesALeafInvalid) {
    for (int bit = 0; bit < 64; bit++) {
        if (!(ACC_PTE_RESERVED_MASK >> bit & 1)) continue;
        *tables.entry(kBase, 0) = (1ull << bit) | ACC_PTE_WRITE | ACC_PTE_VALID;
        *tables.entry(kBase + kLarge, 1) = (1ull << bit) | ACC_PTE_LARGE | ACC_PTE_VALID;
        vm->invalidate(0, 0);
        EXPECT_EQ(cause(kBase, 1), ACC_FAULT_UNMAPPED) << bit;
        EXPECT_EQ(cause(kBase + kLarge, 1), ACC_FAULT_UNMAPPED) << bit;
    }
}

TEST_F(VmTest, LeavesThatCannotBeAreInvalid) {
    *tables.entry(kBase, 0) = kVram | ACC_PTE_VALID;                          // beyond VRAM
    *tables.entry(kBase + kPage, 0) = ACC_PTE_ADDR_MASK | ACC_PTE_VALID;      // far beyond
    *tables.entry(kBase + 2 * kPage, 0) = ACC_PTE_LARGE | ACC_PTE_VALID;      // large at level 0
    *tables.entry(kBase + 3 * kPage, 0) = 4 * kPage;                          // not valid
    *tables.entry(kBase + kLarge, 1) = kPage | ACC_PTE_LARGE | ACC_PTE_VALID; // large, misaligned
    *tables.entry(kBase + 2 * kLarge, 1) = kVram | ACC_PTE_LARGE | ACC_PTE_VALID;
    *tables.entry(kBase + 3 * kLarge, 1) = ~0ull;
    vm->invalidate(0, 0);
    for (uint64_t i = 0; i < 4; i++)
        EXPECT_EQ(cause(kBase + i * kPage, 1), ACC_FAULT_UNMAPPED) << i;
    for (uint64_t i = 1; i < 4; i++)
        EXPECT_EQ(cause(kBase + i * kLarge, 1), ACC_FAULT_UNMAPPED) << i;
}

TEST_F(VmTest, TablePointersThatCannotBeAreInvalid) {
    for (int level : {1, 2, 3}) {
        for (uint64_t bad : std::initializer_list<uint64_t>{
                 kVram, ACC_PTE_ADDR_MASK, kTables | ACC_PTE_WRITE, kTables | ACC_PTE_EXEC,
                 kTables | ACC_PTE_SYSTEM, kTables | ACC_PTE_POISON, kTables | 1ull << 63}) {
            PageTableWriter own(aperture, kTables + (4ull << 20));
            own.map(kBase, 0, kPage, 0);
            *own.entry(kBase, level) = bad | ACC_PTE_VALID;
            auto other = Vm::create(1, vram, system, accounts, own.root(), kBase, kWindow);
            EXPECT_EQ(other->check(kBase, 1, kPermRead).cause, ACC_FAULT_UNMAPPED)
                << level << " " << bad;
        }
    }
}

TEST_F(VmTest, LargeAboveLevelOneIsInvalid) {
    *tables.entry(kBase, 2) = ACC_PTE_LARGE | ACC_PTE_VALID;
    vm->invalidate(0, 0);
    EXPECT_EQ(cause(kBase, 1), ACC_FAULT_UNMAPPED);
}

TEST_F(VmTest, TablesThatPointAtThemselvesAreWalkedToTheBottom) {
    *reinterpret_cast<uint64_t*>(aperture.at(tables.root())) = 0;
    uint64_t slot = (kBase >> 39) % ACC_PT_ENTRIES;
    reinterpret_cast<uint64_t*>(aperture.at(tables.root()))[slot] = tables.root() | ACC_PTE_VALID;
    vm->invalidate(0, 0); // ends
    SUCCEED();
}

TEST_F(VmTest, UnmappedPagesStayHarmless) {
    tables.map(kBase, kPage, 4 * kPage, ACC_PTE_WRITE);
    vm->invalidate(0, 0);
    volatile uint64_t* stale = &word(kBase + 2 * kPage); // a racing access has passed its check
    *stale = 1;
    tables.unmap(kBase + kPage, 2 * kPage);
    vm->invalidate(kBase + kPage, 2 * kPage);
    EXPECT_EQ(cause(kBase + 2 * kPage, 8), ACC_FAULT_UNMAPPED);
    *stale = 2; // does not crash, and does not reach what was there
    EXPECT_EQ(*reinterpret_cast<uint64_t*>(aperture.at(3 * kPage)), 1u);
    EXPECT_EQ(cause(kBase, kPage), ACC_FAULT_NONE);
    EXPECT_EQ(cause(kBase + 3 * kPage, kPage), ACC_FAULT_NONE);
}

TEST_F(VmTest, CodeEpochGrowsWhenCodePagesChangeAndOnlyThen) {
    auto epoch = [&] { return vm->code_epoch.load(); };
    tables.map(kBase, 0, kPage, ACC_PTE_WRITE);
    uint64_t before = epoch();
    vm->invalidate(kBase, kPage);
    EXPECT_EQ(epoch(), before);
    tables.map(kBase + kPage, kPage, kPage, ACC_PTE_EXEC);
    vm->invalidate(kBase + kPage, kPage);
    EXPECT_GT(epoch(), before);
    before = epoch();
    tables.map(kBase + kPage, 2 * kPage, kPage, ACC_PTE_EXEC); // other memory, same permissions
    vm->invalidate(kBase + kPage, kPage);
    EXPECT_GT(epoch(), before);
    before = epoch();
    tables.unmap(kBase + kPage, kPage);
    vm->invalidate(kBase + kPage, kPage);
    EXPECT_GT(epoch(), before);
}

/// The same with as many host mappings as it takes, with few of them, and with none.
class VmBudgetTest : public VmTest, public testing::WithParamInterface<uint64_t> {
  protected:
    MapAccounts few{GetParam()};
    void SetUp() override {
        system.addressable = true;
        vm = Vm::create(5, vram, system, few, tables.root(), kBase, kWindow);
    }
    void TearDown() override { vm.reset(); }
};
INSTANTIATE_TEST_SUITE_P(HostMappings, VmBudgetTest, testing::Values(1 << 16, 40, 0));

/// Random maps and unmaps of runs of pages, and poisoned pages; after each round the invalidated
/// parts must agree with the tables, and the others with what they were before.
TEST_P(VmBudgetTest, RandomMapsAgreeWithAReferenceMap) {
    struct Page {
        bool system;
        uint64_t phys;
        uint8_t perm;
        bool operator==(const Page&) const = default;
    };
    constexpr uint64_t pages = 1536; // three large pages
    std::mt19937_64 random(12345);
    std::map<uint64_t, Page> wanted, visible; // by page number
    std::set<uint64_t> poisoned;              // offsets in VRAM
    for (uint64_t p = 0; p < kTables; p += kPage)
        *reinterpret_cast<uint64_t*>(aperture.at(p)) = p;
    for (uint64_t p = 0; p < kSystem; p += kPage)
        *reinterpret_cast<uint64_t*>(system.at(p)) = p | 1;
    for (int round = 0; round < 1500; round++) {
        uint64_t first = random() % pages, count = 1 + random() % 64;
        count = std::min(count, pages - first);
        uint64_t va = kBase + first * kPage;
        if (random() % 3 == 0) {
            tables.unmap(va, count * kPage);
            for (uint64_t i = 0; i < count; i++)
                wanted.erase(first + i);
        } else {
            bool in_system = random() % 2, backwards = random() % 4 == 0;
            uint64_t limit = in_system ? kSystem : kTables;
            uint64_t phys = random() % (limit / kPage - count) * kPage;
            uint64_t flags = (random() % 2 ? ACC_PTE_WRITE : 0) | (random() % 2 ? ACC_PTE_EXEC : 0);
            for (uint64_t i = 0; i < count; i++) {
                uint64_t at = phys + (backwards ? count - 1 - i : i) * kPage;
                tables.map(va + i * kPage, at, kPage, flags | (in_system ? ACC_PTE_SYSTEM : 0));
                uint8_t p = kPermRead | (flags & ACC_PTE_WRITE ? kPermWrite : 0) |
                            (flags & ACC_PTE_EXEC ? kPermExec : 0);
                wanted[first + i] = {in_system, at, p};
            }
        }
        if (random() % 20 == 0) {
            uint64_t page = random() % (kTables / kPage) * kPage;
            if (poisoned.insert(page).second) {
                vram.poison(page);
            } else {
                poisoned.erase(page);
                vram.unpoison(page);
            }
            vm->poison_changed(page);
        }
        // Invalidate something that covers the change, or only a part, or everything.
        uint64_t a = first, b = first + count;
        if (random() % 4 == 0) a += random() % count;
        if (random() % 4 == 0) b += random() % 100;
        b = std::min(b, pages);
        bool all = random() % 50 == 0;
        if (all) a = 0, b = pages;
        vm->invalidate(all ? 0 : kBase + a * kPage, all ? 0 : (b - a) * kPage);
        for (uint64_t p = a; p < b; p++) {
            visible.erase(p);
            if (auto it = wanted.find(p); it != wanted.end()) visible[p] = it->second;
        }
        if (round % 10) continue;
        for (uint64_t p = 0; p < pages; p++) {
            auto it = visible.find(p);
            uint64_t va = kBase + p * kPage;
            if (it == visible.end()) {
                ASSERT_EQ(perm(va), 0) << round << " page " << p;
                continue;
            }
            const Page& page = it->second;
            bool poison = !page.system && poisoned.count(page.phys);
            ASSERT_EQ(perm(va) & ~kPermIndirect, page.perm | (poison ? kPermPoison : 0))
                << round << " page " << p;
            Access access = vm->check(va, 8, kPermRead);
            ASSERT_EQ(access.cause, poison ? ACC_FAULT_ECC : ACC_FAULT_NONE);
            if (!poison)
                ASSERT_EQ(*reinterpret_cast<uint64_t*>(access.host),
                          page.phys | (page.system ? 1 : 0))
                    << round << " page " << p;
        }
        uint64_t indirect = 0;
        for (uint64_t p = 0; p < pages; p++)
            indirect += (perm(kBase + p * kPage) & kPermIndirect) != 0;
        ASSERT_EQ(few.indirect.load(), indirect);
        ASSERT_LE(few.pieces.load(), std::max<uint64_t>(2 * GetParam(), 0));
    }
    EXPECT_EQ(few.indirect.load() == 0, GetParam() > 40);
    vm.reset();
    EXPECT_EQ(few.pieces.load(), 0u);
    EXPECT_EQ(few.indirect.load(), 0u);
}

/// Scattered pages: page i of the range is the last but i of memory.
class ScatteredTest : public VmBudgetTest {
  protected:
    void SetUp() override {
        VmBudgetTest::SetUp();
        for (uint64_t i = 0; i < kCount; i++) {
            tables.map(kBase + i * kPage, kSystem - (i + 1) * kPage, kPage,
                       ACC_PTE_SYSTEM | ACC_PTE_WRITE);
            *reinterpret_cast<uint64_t*>(system.at(kSystem - (i + 1) * kPage)) = i;
        }
        vm->invalidate(kBase, kCount * kPage);
    }
    static constexpr uint64_t kCount = 200;
};
INSTANTIATE_TEST_SUITE_P(HostMappings, ScatteredTest, testing::Values(40, 0));

TEST_P(ScatteredTest, EveryPageIsReachableWithFewHostMappings) {
    EXPECT_LE(few.pieces.load(), GetParam());
    EXPECT_EQ(few.pieces.load() + few.indirect.load(), kCount);
    std::vector<uint8_t> all(kCount * kPage);
    ASSERT_TRUE(vm->read(all.data(), kBase, all.size()));
    for (uint64_t i = 0; i < kCount; i++)
        ASSERT_EQ(*reinterpret_cast<uint64_t*>(all.data() + i * kPage), i);
    EXPECT_EQ(cause(kBase, kCount * kPage, kPermWrite), ACC_FAULT_NONE);
    EXPECT_EQ(cause(kBase, kCount * kPage + 1), ACC_FAULT_UNMAPPED);
}

TEST_P(ScatteredTest, AnAddressInTheHostIsReportedStaleWhenItsPageGoes) {
    EXPECT_FALSE(vm->invalidate(kBase, kCount * kPage)); // nothing has changed
    tables.unmap(kBase + (kCount - 1) * kPage, kPage);
    EXPECT_TRUE(vm->invalidate(kBase + (kCount - 1) * kPage, kPage));
    EXPECT_EQ(cause(kBase + (kCount - 1) * kPage, 8), ACC_FAULT_UNMAPPED);
    EXPECT_FALSE(vm->invalidate(kBase + (kCount - 1) * kPage, kPage));
}

TEST_P(ScatteredTest, ABusThatChangesIsFollowedWhereItChanged) {
    auto value = [&](uint64_t i) {
        uint64_t out = ~0ull;
        vm->read(&out, kBase + i * kPage, sizeof out);
        return out;
    };
    system.moved = kPage; // swaps neighbours
    vm->bus_changed(kSystem - 4 * kPage, 2 * kPage);
    for (uint64_t i = 0; i < kCount; i++)
        ASSERT_EQ(value(i), i == 2 || i == 3 ? i ^ 1 : i) << i;
    system.off = true;
    vm->bus_changed(0, 0);
    for (uint64_t i = 0; i < kCount; i++)
        ASSERT_EQ(cause(kBase + i * kPage, 8), ACC_FAULT_UNMAPPED) << i;
    EXPECT_EQ(few.pieces.load() + few.indirect.load(), 0u);
    system.off = false;
    vm->bus_changed(0, 0);
    for (uint64_t i = 0; i < kCount; i++)
        ASSERT_EQ(value(i), i ^ 1) << i;
}

TEST_F(VmTest, PagesComeIntoTheWindowWhenThereIsRoom) {
    system.addressable = true;
    MapAccounts few{8};
    vm = Vm::create(5, vram, system, few, tables.root(), kBase, kWindow);
    for (uint64_t i = 0; i < 16; i++)
        tables.map(kBase + i * kPage, 2 * i * kPage, kPage, ACC_PTE_SYSTEM);
    vm->invalidate(kBase, 16 * kPage);
    EXPECT_EQ(few.indirect.load(), 10u); // a quarter is kept for large pieces
    tables.unmap(kBase, 6 * kPage);
    vm->invalidate(kBase, 6 * kPage);
    EXPECT_EQ(few.indirect.load(), 10u); // untouched so far
    vm->invalidate(kBase + 6 * kPage, 10 * kPage);
    EXPECT_EQ(few.indirect.load(), 4u);
    EXPECT_EQ(cause(kBase + 6 * kPage, 10 * kPage), ACC_FAULT_NONE);
    vm.reset();
}

TEST_F(VmTest, OneInvalidateMapsSoManyPieces) {
    system.addressable = true;
    constexpr uint64_t pages = 10'000;
    for (uint64_t i = 0; i < pages; i++)
        tables.map(kBase + i * kPage, 2 * i * kPage % kSystem, kPage, ACC_PTE_SYSTEM);
    uint64_t before = 0;
    do {
        before = accounts.pieces;
        vm->invalidate(kBase, pages * kPage);
        EXPECT_LE(accounts.pieces - before, 4096u);
        EXPECT_EQ(accounts.pieces + accounts.indirect, pages);
        EXPECT_EQ(cause(kBase, pages * kPage), ACC_FAULT_NONE);
    } while (accounts.pieces != before);
    EXPECT_EQ(accounts.indirect, 0u);
}

TEST_F(VmTest, AHostWithoutMoreMappingsStillGivesAccess) {
    system.full = system.addressable = true;
    *reinterpret_cast<uint64_t*>(system.at(5 * kPage)) = 55;
    tables.map(kBase, 5 * kPage, 3 * kPage, ACC_PTE_SYSTEM | ACC_PTE_WRITE);
    vm->invalidate(kBase, 3 * kPage);
    Access access = vm->check(kBase, 3 * kPage, kPermWrite);
    ASSERT_NE(access.host, nullptr);
    EXPECT_EQ(access.bytes, 3 * kPage); // contiguous in the host
    EXPECT_EQ(*reinterpret_cast<uint64_t*>(access.host), 55u);
    EXPECT_EQ(accounts.failures.load(), 0u);

    // Without addresses there is nothing left to do: unmapped, and counted.
    system.addressable = false;
    tables.map(kBase + kLarge, 5 * kPage, 3 * kPage, ACC_PTE_SYSTEM | ACC_PTE_WRITE);
    vm->invalidate(kBase + kLarge, 3 * kPage);
    EXPECT_EQ(cause(kBase + kLarge, 8), ACC_FAULT_UNMAPPED);
    EXPECT_EQ(accounts.failures.load(), 3u);
}

TEST_F(VmTest, RandomBytesAsTablesNeverCrash) {
    std::mt19937_64 random(99);
    constexpr uint64_t tables_bytes = 64 * kPage;
    for (int round = 0; round < 200; round++) {
        auto* words = reinterpret_cast<uint64_t*>(aperture.at(kTables));
        for (uint64_t i = 0; i < tables_bytes / 8; i++) {
            uint64_t e = random();
            if (random() % 2)
                e = (kTables + (random() % 64) * kPage) | ACC_PTE_VALID; // a plausible table
                                                                         // pointer
            if (random() % 4 == 0)
                e = (random() & (kVram - kPage) & ~(kPage - 1)) | (random() & 0x3f);
            words[i] = e;
        }
        auto wild = Vm::create(2, vram, system, accounts, kTables, random() % 4096 * kPage,
                               64 * kLarge);
        ASSERT_NE(wild, nullptr);
        for (uint64_t p = 0; p < wild->bytes / kPage; p += 97)
            if (wild->perm[p])
                static_cast<void>(*const_cast<volatile uint8_t*>(wild->window + p * kPage));
    }
}

} // namespace
} // namespace acc::model::test
