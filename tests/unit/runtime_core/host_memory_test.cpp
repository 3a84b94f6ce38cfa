// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/host_memory.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

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
    int on_stack = 0;
    EXPECT_EQ(add_status(rig, &on_stack, 4), Status::NotSupported);
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

} // namespace
} // namespace acc::rt::test
