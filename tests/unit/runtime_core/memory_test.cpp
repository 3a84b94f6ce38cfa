// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include <set>

#include "runtime/core/status.h"
#include "tests/unit/runtime_core/rig.h"

namespace acc::rt::test {
namespace {

Status status_of(auto&& body) {
    try {
        body();
    } catch (const Error& error) {
        return error.status();
    }
    return Status::Success;
}

TEST(Memory, FindsTheAllocationAroundAnAddress) {
    Rig rig;
    const uint64_t va = rig.allocate(1000);
    ASSERT_TRUE(rig.context.memory().find(va + 999));
    EXPECT_EQ(rig.context.memory().find(va + 999)->va, va);
    const auto past = rig.context.memory().find(va + 1000);
    EXPECT_TRUE(!past || past->va != va);
}

TEST(Memory, SmallAllocationsAreAlignedAndDistinct) {
    Rig rig;
    std::set<uint64_t> seen;
    for (int i = 0; i < 10000; ++i) {
        const uint64_t va = rig.allocate(i % 3000 + 1);
        EXPECT_EQ(va % 256, 0u);
        EXPECT_TRUE(seen.insert(va).second);
    }
}

TEST(Memory, ReleaseWantsTheStartAndTheKind) {
    Rig rig;
    MemoryManager& memory = rig.context.memory();
    const uint64_t va = rig.allocate(4096);
    EXPECT_FALSE(memory.release(va + 1, MemoryKind::Device));
    EXPECT_FALSE(memory.release(va, MemoryKind::Pinned));
    EXPECT_TRUE(memory.release(va, MemoryKind::Device));
    EXPECT_FALSE(memory.release(va, MemoryKind::Device));
}

TEST(Memory, AllVramComesBackAfterFreeing) {
    Rig rig;
    const uint64_t before = rig.backend->vram_free();
    const uint64_t va = rig.allocate(1ull << 30);
    EXPECT_LE(rig.backend->vram_free(), before - (1ull << 30));
    rig.context.memory().release(va, MemoryKind::Device);
    EXPECT_GE(rig.backend->vram_free() + (1 << 20), before); // page tables may stay
}

TEST(Memory, TheModelHasMostOfTheHostsMemory) {
    if (std::getenv("ACC_MODEL_VRAM_MIB") != nullptr) GTEST_SKIP() << "ACC_MODEL_VRAM_MIB is set";
    Rig rig;
    std::ifstream file("/proc/meminfo");
    std::string word;
    uint64_t host_kib = 0;
    while (file >> word && word != "MemTotal:") {
    }
    file >> host_kib;
    const uint64_t total = rig.backend->info().vram_bytes;
    // A control group may allow less than the machine has.
    EXPECT_LE(total, std::max<uint64_t>(host_kib << 10, 4ull << 30));
    EXPECT_GE(total, (4ull << 30) - (1 << 20));
    if (host_kib > 8u << 20 && !std::ifstream("/sys/fs/cgroup/memory.max"))
        EXPECT_GT(total, 4ull << 30);
}

TEST(Memory, MoreThanTheDeviceHasIsOutOfMemory) {
    Rig rig;
    const uint64_t total = rig.backend->info().vram_bytes;
    EXPECT_EQ(status_of([&] { rig.allocate(total + 4096); }), Status::OutOfMemory);
    EXPECT_EQ(status_of([&] { rig.allocate(UINT64_MAX); }), Status::OutOfMemory);
    EXPECT_NO_THROW(rig.allocate(4096)); // the manager is still whole
}

TEST(Memory, PinnedMemoryIsOneMemoryForHostAndDevice) {
    Rig rig;
    const uint64_t va = rig.allocate(8192, MemoryKind::Pinned);
    auto* host = reinterpret_cast<uint8_t*>(va);
    host[5000] = 42;
    EXPECT_EQ(rig.read(va, 8192)[5000], 42);
    rig.context.legacy_stream().submit(fill_work(va, 7, 8192));
    rig.context.synchronize();
    EXPECT_EQ(host[8191], 7);
}

TEST(Memory, FragmentedVramStillServesALargeAllocation) {
    Rig rig;
    const uint64_t piece = 64ull << 20;
    std::vector<uint64_t> pieces;
    while (rig.backend->vram_free() > piece + (16 << 20))
        pieces.push_back(rig.allocate(piece));
    ASSERT_GT(pieces.size(), 8u);
    for (size_t i = 0; i < pieces.size(); i += 2)
        rig.context.memory().release(pieces[i], MemoryKind::Device);
    const uint64_t va = rig.allocate(piece * 3);
    rig.context.legacy_stream().submit(fill_work(va, 9, piece * 3));
    EXPECT_EQ(rig.read(va + piece * 3 - 1, 1)[0], 9);
    EXPECT_EQ(rig.read(va, 1)[0], 9);
}

} // namespace
} // namespace acc::rt::test
