// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/host_memory.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <thread>

#include "runtime/core/status.h"
#include "tests/unit/runtime_core/rig.h"

namespace acc::rt::test {
namespace {

Status add_status(Rig& rig, void* host, uint64_t bytes) {
    try {
        rig.context.host_memory().add(host, bytes, 0);
    } catch (const Error& error) {
        return error.status();
    }
    return Status::Success;
}

TEST(HostMemory, BothSidesSeeEachOthersWrites) {
    Rig rig;
    std::vector<uint8_t> data(100000, 1);
    const uint64_t va = rig.context.host_memory().add(data.data() + 100, 90000, 0);
    data[100] = 77;
    EXPECT_EQ(rig.read(va, 1)[0], 77);
    rig.context.legacy_stream().submit(fill_work(va, 9, 90000));
    rig.context.synchronize();
    EXPECT_EQ(data[99], 1);
    EXPECT_EQ(data[100], 9);
    EXPECT_EQ(data[90099], 9);
    EXPECT_EQ(data[90100], 1);
    EXPECT_TRUE(rig.context.host_memory().remove(data.data() + 100));
    EXPECT_EQ(data[100], 9); // the contents stay with the program
    EXPECT_FALSE(rig.context.host_memory().remove(data.data() + 100));
}

TEST(HostMemory, NeighboursMayShareAPage) {
    Rig rig;
    std::vector<uint8_t> data(16384, 0);
    const uint64_t a = rig.context.host_memory().add(data.data() + 4000, 500, 0);
    const uint64_t b = rig.context.host_memory().add(data.data() + 4500, 8000, 0);
    rig.context.legacy_stream().submit(fill_work(a, 1, 500));
    rig.context.legacy_stream().submit(fill_work(b, 2, 8000));
    rig.context.synchronize();
    EXPECT_EQ(data[4499], 1);
    EXPECT_EQ(data[4500], 2);
    rig.context.host_memory().remove(data.data() + 4000);
    rig.context.legacy_stream().submit(fill_work(b, 3, 8000));
    rig.context.synchronize();
    EXPECT_EQ(data[4499], 1);
    EXPECT_EQ(data[4500], 3);
    EXPECT_EQ(data[12499], 3);
}

TEST(HostMemory, OverlapIsRefused) {
    Rig rig;
    std::vector<uint8_t> data(16384, 0);
    rig.context.host_memory().add(data.data(), 8192, 0);
    EXPECT_EQ(add_status(rig, data.data() + 8000, 4000), Status::HostMemoryAlreadyRegistered);
    EXPECT_EQ(add_status(rig, data.data(), 8192), Status::HostMemoryAlreadyRegistered);
}

TEST(HostMemory, OnlyPlainMemoryIsTaken) {
    Rig rig;
    void* shared = mmap(nullptr, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    void* fixed = mmap(nullptr, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT_EQ(add_status(rig, shared, 8192), Status::NotSupported);
    EXPECT_EQ(add_status(rig, fixed, 8192), Status::NotSupported);
    EXPECT_EQ(add_status(rig, reinterpret_cast<void*>(0x1000), 8192), Status::NotSupported);
    // The stack. A variable may lie elsewhere under a sanitizer; the frame does not. Tests run in
    // main's thread.
    auto* frame = __builtin_frame_address(0);
    EXPECT_EQ(add_status(rig, frame, 4), Status::NotSupported);
    std::thread([&] { EXPECT_EQ(add_status(rig, frame, 4), Status::NotSupported); }).join();
    munmap(shared, 8192);
    munmap(fixed, 8192);
}

TEST(HostMemory, PagesComeBackWithTheContext) {
    std::vector<uint8_t> data(65536, 4);
    {
        Rig rig;
        rig.context.host_memory().add(data.data(), data.size(), 0);
        data[0] = 5;
    }
    EXPECT_EQ(data[0], 5);
    data[65535] = 6;
    EXPECT_EQ(data[65535], 6);
}

uint8_t* map_pages(void* at, uint64_t bytes) {
    return static_cast<uint8_t*>(
        mmap(at, bytes, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | (at != nullptr ? MAP_FIXED_NOREPLACE : 0), -1, 0));
}

TEST(HostMemory, WhatIsMappedInPlaceOfRegisteredMemoryIsLeftAlone) {
    constexpr uint64_t kBytes = 16 * 4096;
    uint8_t* pages = map_pages(nullptr, kBytes);
    {
        Rig rig;
        rig.context.host_memory().add(pages, kBytes, 0);
        std::memset(pages, 1, kBytes);
        munmap(pages + 4096, kBytes - 4096); // without unregistering it; the first page stays
        ASSERT_EQ(map_pages(pages + 4096, 4096), pages + 4096);
        std::memset(pages + 4096, 2, 4096);
    }
    EXPECT_EQ(pages[0], 1);
    EXPECT_EQ(pages[4096], 2);
    EXPECT_EQ(pages[8191], 2);
    unsigned char resident = 0;
    EXPECT_NE(mincore(pages + 8192, 4096, &resident), 0); // nothing has come where nothing was
    munmap(pages, 2 * 4096);
}

TEST(HostMemory, AForkAfterRegisteredMemoryWasUnmappedIsFine) {
    constexpr uint64_t kBytes = 4 * 4096;
    Rig rig;
    uint8_t* gone = map_pages(nullptr, kBytes);
    uint8_t* kept = map_pages(nullptr, kBytes);
    rig.context.host_memory().add(gone, kBytes, 0);
    rig.context.host_memory().add(kept, kBytes, 0);
    munmap(gone, kBytes);
    kept[0] = 7;
    const pid_t child = fork();
    if (child == 0) {
        const bool right = kept[0] == 7;
        kept[0] = 8;
        _exit(right ? 5 : 6);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 5) << status;
    EXPECT_EQ(kept[0], 7); // the child had its own copy
}

TEST(HostMemory, MemoryThatWasUnmappedCanBeRegisteredWithItsNeighbours) {
    Rig rig;
    uint8_t* pages = map_pages(nullptr, 2 * 4096);
    rig.context.host_memory().add(pages, 100, 0);
    munmap(pages, 4096);
    ASSERT_EQ(map_pages(pages, 4096), pages);
    const uint64_t va = rig.context.host_memory().add(pages + 200, 6000, 0);
    rig.context.legacy_stream().submit(fill_work(va, 9, 6000));
    rig.context.synchronize();
    EXPECT_EQ(pages[199], 0);
    EXPECT_EQ(pages[200], 9);
    EXPECT_EQ(pages[6199], 9);
}

TEST(HostMemory, AManagedVariableIsSharedByModulesAndCannotBeUnregistered) {
    Rig rig;
    HostMemory& host_memory = rig.context.host_memory();
    std::vector<uint8_t> storage(100, 0);
    HostMemory::Managed first = host_memory.attach(storage.data(), 100);
    {
        HostMemory::Managed second = host_memory.attach(storage.data(), 100);
        EXPECT_EQ(second.va(), first.va());
    }
    EXPECT_FALSE(host_memory.remove(storage.data()));
    ASSERT_TRUE(host_memory.find(storage.data() + 99));
    EXPECT_EQ(host_memory.find(storage.data())->kind, MemoryKind::Managed);
    EXPECT_EQ(add_status(rig, storage.data() + 50, 100), Status::HostMemoryAlreadyRegistered);
    first.leave(); // the device may still write there, to nobody's harm
    EXPECT_FALSE(host_memory.find(storage.data()));
    rig.context.legacy_stream().submit(fill_work(first.va(), 1, 100));
    rig.context.synchronize();
}

TEST(HostMemory, ContextsOfADeviceShareThePages) {
    Rig rig;
    std::vector<uint8_t> data(10000, 0);
    const uint64_t va = rig.context.host_memory().add(data.data(), data.size(), 0);
    {
        Context other(*rig.backend, 0);
        const uint64_t there = other.host_memory().add(data.data() + 100, 200, 0);
        other.legacy_stream().submit(fill_work(there, 4, 200));
        other.synchronize();
        EXPECT_EQ(rig.read(va + 299, 1)[0], 4);
    }
    rig.context.legacy_stream().submit(fill_work(va, 5, 10000));
    rig.context.synchronize();
    EXPECT_EQ(data[100], 5);
    EXPECT_EQ(data[9999], 5);
}

TEST(HostMemory, APortableRegistrationIsEveryContexts) {
    Rig rig;
    Context other(*rig.backend, 0);
    std::vector<uint8_t> data(10000, 0), plain(10000, 0);
    rig.context.host_memory().add(data.data(), data.size(), 0, true);
    rig.context.host_memory().add(plain.data(), plain.size(), 0);
    EXPECT_FALSE(other.host_memory().find(plain.data()));
    const auto there = other.host_memory().find(data.data() + 50);
    ASSERT_TRUE(there);
    other.legacy_stream().submit(fill_work(there->va, 4, 200));
    other.synchronize();
    EXPECT_EQ(data[199], 4);
    EXPECT_THROW(other.host_memory().add(data.data() + 1, 1, 0), Error);
    EXPECT_TRUE(HostMemory::is_portable(data.data()));
    EXPECT_TRUE(other.host_memory().remove(data.data()));
    EXPECT_TRUE(rig.context.host_memory().remove(data.data()));
    EXPECT_FALSE(HostMemory::is_portable(data.data()));
    EXPECT_FALSE(other.host_memory().find(data.data()));
}

} // namespace
} // namespace acc::rt::test
