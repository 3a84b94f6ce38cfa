// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The guest's memory: what may be mapped, and that nothing else can be reached.
#include "driver/accd/src/guest_memory.h"
#include "tests/unit/accd/bus.h"

namespace acc::accd::test {
namespace {

constexpr uint64_t kPage = ACC_PAGE_BYTES;

struct MemoryTest : testing::Test {
    MemoryFile file{16 * kPage}, other{16 * kPage};
    GuestMemory memory;
    uint8_t* window = static_cast<uint8_t*>(
        mmap(nullptr, 16 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));

    MemoryTest() {
        for (uint64_t i = 0; i < 16; i++) {
            *file.at(i * kPage) = static_cast<uint8_t>(i);
            *other.at(i * kPage) = static_cast<uint8_t>(100 + i);
        }
        memory.set_bus_master(true);
    }
    ~MemoryTest() override { munmap(window, 16 * kPage); }
    static MemoryRegion region(uint64_t gpa, uint64_t bytes, int64_t offset, int fd) {
        return {gpa, bytes, offset, UniqueFd(dup(fd))};
    }
    template <typename... R>
    auto layout(R&&... regions) {
        std::vector<MemoryRegion> list;
        (list.push_back(std::forward<R>(regions)), ...);
        return memory.set_regions(std::move(list));
    }
};

TEST_F(MemoryTest, AddressesAreThoseOfTheLayout) {
    layout(region(0x8000, 4 * kPage, 2 * kPage, file.fd()), region(0, 2 * kPage, 0, other.fd()));
    ASSERT_TRUE(memory.map(0x9000, kPage, window, true));
    EXPECT_EQ(*window, 3);
    *window = 77;
    EXPECT_EQ(*file.at(3 * kPage), 77);
    ASSERT_TRUE(memory.map(0x1000, kPage, window, true));
    EXPECT_EQ(*window, 101);
    EXPECT_EQ(memory.refused(), 0u);
}

TEST_F(MemoryTest, ARangeMaySpanRegionsButNoHole) {
    layout(region(0, 2 * kPage, 0, file.fd()), region(2 * kPage, 2 * kPage, 8 * kPage, other.fd()),
           region(5 * kPage, kPage, 0, file.fd()));
    ASSERT_TRUE(memory.map(0, 4 * kPage, window, true));
    EXPECT_EQ(window[kPage], 1);
    EXPECT_EQ(window[2 * kPage], 108);
    EXPECT_FALSE(memory.map(3 * kPage, 2 * kPage, window, true));
    EXPECT_FALSE(memory.map(4 * kPage, kPage, window, true));
    EXPECT_FALSE(memory.map(6 * kPage, kPage, window, true));
    EXPECT_FALSE(memory.map(~0ull - kPage + 1, kPage, window, true));
    EXPECT_EQ(memory.refused(), 3u) << "single pages count";
}

TEST_F(MemoryTest, ReadOnlyMeansReadOnly) {
    layout(region(0, kPage, 0, file.fd()));
    ASSERT_TRUE(memory.map(0, kPage, window, false));
    EXPECT_EQ(*window, 0);
    EXPECT_DEATH(*static_cast<volatile uint8_t*>(window) = 1, "");
}

TEST_F(MemoryTest, BusMasteringOffRefusesEverything) {
    layout(region(0, kPage, 0, file.fd()));
    memory.set_bus_master(false);
    EXPECT_FALSE(memory.map(0, kPage, window, true));
    EXPECT_EQ(memory.host_address(0, kPage), nullptr);
    EXPECT_EQ(memory.refused(), 1u);
    memory.set_bus_master(true);
    EXPECT_TRUE(memory.map(0, kPage, window, true));
}

TEST_F(MemoryTest, RegionsThatMakeNoSenseAreIgnored) {
    int pipe_fds[2];
    ASSERT_EQ(pipe(pipe_fds), 0);
    layout(region(0x0800, kPage, 0, file.fd()),            // not whole pages
           region(0x10000, 100, 0, file.fd()),             //
           region(0x20000, kPage, 0x80, file.fd()),        //
           region(0x30000, 0, 0, file.fd()),               // empty
           region(~0ull - 0xfff, 2 * kPage, 0, file.fd()), // wraps
           region(0x40000, kPage, -4096, file.fd()),       // negative
           region(0x50000, 17 * kPage, 0, file.fd()),      // beyond the file
           region(0x60000, kPage, 16 * kPage, file.fd()),  //
           region(0x70000, kPage, 0, pipe_fds[0]),         // no file
           MemoryRegion{0x80000, kPage, 0, UniqueFd()},    //
           region(0x90000, 2 * kPage, 0, file.fd()),       // good
           region(0x91000, 2 * kPage, 0, other.fd()));     // overlaps
    close(pipe_fds[0]);
    close(pipe_fds[1]);
    for (uint64_t gpa = 0; gpa < 0x90000; gpa += kPage)
        EXPECT_FALSE(memory.map(gpa, kPage, window, true)) << std::hex << gpa;
    EXPECT_TRUE(memory.map(0x90000, 2 * kPage, window, true));
    EXPECT_EQ(window[kPage], 1);
    EXPECT_FALSE(memory.map(0x92000, kPage, window, true));
}

TEST_F(MemoryTest, ChangesAreTold) {
    using Places = std::vector<uint64_t>;
    auto places = [](const std::vector<GuestMemory::Range>& ranges) {
        Places out;
        for (auto range : ranges)
            out.push_back(range.gpa);
        return out;
    };
    auto low = [&] { return region(0, 2 * kPage, 0, file.fd()); };
    EXPECT_EQ(places(layout(low())), Places{0});
    EXPECT_EQ(places(layout(low(), region(0x8000, kPage, 0, other.fd()))), Places{0x8000});
    EXPECT_EQ(places(layout(low())), Places{0x8000}) << "gone";
    EXPECT_EQ(places(layout(low())), Places{});
    EXPECT_EQ(places(layout(region(0, 2 * kPage, kPage, file.fd()))), (Places{0, 0}))
        << "other memory at the same place";
}

TEST_F(MemoryTest, HostAddressesStayValidWhenTheLayoutChanges) {
    layout(region(0x4000, 4 * kPage, 0, file.fd()));
    uint8_t* at = memory.host_address(0x5000, 2 * kPage);
    ASSERT_NE(at, nullptr);
    EXPECT_EQ(*at, 1);
    EXPECT_EQ(memory.host_address(0x5000, 4 * kPage), nullptr) << "leaves the region";
    EXPECT_EQ(memory.host_address(0x3000, kPage), nullptr);
    layout(region(0x4000, 4 * kPage, 0, file.fd()), region(0x40000, kPage, 0, other.fd()));
    EXPECT_EQ(memory.host_address(0x5000, kPage), at) << "the same region keeps its mapping";
    layout(region(0x4000, kPage, 0, other.fd()));
    *at = 55;
    EXPECT_EQ(*file.at(kPage), 55) << "still the old memory";
    memory.drop_retired();
}

} // namespace
} // namespace acc::accd::test
