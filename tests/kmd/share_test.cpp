// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Buffers that leave their file: PRIME between opens of the device, and memory that others made.
#include <gtest/gtest.h>

#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/udmabuf.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>

#include "tests/kmd/device.h"
#include "tests/kmd/driver_state.h"
#include "tests/kmd/expect.h"
#include "tests/kmd/process.h"

namespace acc::kmd {
namespace {

Bo import(const Device& device, int fd, uint64_t bytes) {
    uint32_t handle = 0;
    if (drmPrimeFDToHandle(device.fd(), fd, &handle)) throw Failure("PRIME_FD_TO_HANDLE", errno);
    return Bo::adopt(device, handle, bytes);
}

/// Maps a buffer into the client's address space.
uint64_t bind(Client& client, const Bo& bo) {
    const uint64_t va = client.vm.reserve(bo.bytes());
    client.vm.map(bo, va, bo.bytes());
    return va;
}

class Share : public testing::TestWithParam<uint32_t> {};
INSTANTIATE_TEST_SUITE_P(Placement, Share, testing::Values(DRM_ACC_BO_VRAM, DRM_ACC_BO_SYSTEM),
                         [](const auto& i) {
                             return i.param == DRM_ACC_BO_VRAM ? "Vram" : "System";
                         });

TEST_P(Share, BothOpensSeeTheSameMemory) {
    Client one, two;
    Buffer mine = one.allocate(4 * kPage, GetParam());
    const int fd = mine.bo.export_fd();
    Bo theirs = import(two.device, fd, 4 * kPage);
    close(fd);
    const uint64_t va = bind(two, theirs);
    ASSERT_EQ(one.queue.run(fill(mine.va, 1, 4 * kPage)), 0);
    ASSERT_EQ(two.queue.run(fill(va + kPage, 2, kPage)), 0);
    EXPECT_EQ(mine.at()[0], 1u);
    EXPECT_EQ(mine.at()[kPage / 4], 2u);
    EXPECT_EQ(theirs.at<uint32_t>()[2 * kPage / 4], 1u) << "the importer's own mapping";
    theirs.at<uint32_t>()[2 * kPage / 4] = 3;
    EXPECT_EQ(mine.at()[2 * kPage / 4], 3u);
}

TEST_P(Share, TheImporterKeepsTheMemoryAlive) {
    Client two;
    Bo kept = [&] {
        Client one;
        Buffer mine = one.allocate(2 * kPage, GetParam());
        EXPECT_EQ(one.queue.run(fill(mine.va, 0xabcd, 2 * kPage)), 0);
        const int fd = mine.bo.export_fd();
        Bo bo = import(two.device, fd, 2 * kPage);
        close(fd);
        return bo;
    }(); // the exporter's file is closed now
    const uint64_t va = bind(two, kept);
    Buffer out = two.allocate(2 * kPage);
    ASSERT_EQ(two.queue.run(copy(out.va, va, 2 * kPage)), 0);
    EXPECT_EQ(out.at()[700], 0xabcdu);
    EXPECT_EQ(kept.at<uint32_t>()[700], 0xabcdu);
}

TEST_P(Share, ImportingTwiceGivesTheSameHandle) {
    Device one, two;
    Bo bo(one, kPage, GetParam());
    const int fd = bo.export_fd();
    uint32_t a = 0, b = 0, own = 0;
    EXPECT_EQ(drmPrimeFDToHandle(two.fd(), fd, &a), 0);
    EXPECT_EQ(drmPrimeFDToHandle(two.fd(), fd, &b), 0);
    EXPECT_EQ(drmPrimeFDToHandle(one.fd(), fd, &own), 0);
    EXPECT_EQ(a, b);
    EXPECT_EQ(own, bo.handle());
    close(fd);
    drmCloseBufferHandle(two.fd(), a);
}

TEST_P(Share, MemoryComesBackWhenTheLastOneLetsGo) {
    Device one, two;
    const uint64_t used = settled_vram(one);
    {
        Bo bo(one, 1 << 20, GetParam());
        const int fd = bo.export_fd();
        Bo theirs = import(two, fd, 1 << 20);
        bo.close();
        theirs.close();
        if (GetParam() == DRM_ACC_BO_VRAM)
            EXPECT_GT(one.memory().vram_used, used) << "the descriptor holds it";
        close(fd);
    }
    EXPECT_EQ(wait_for_vram(one, used), used);
}

TEST_P(Share, AnotherProcessGetsItThroughADescriptor) {
    Client client;
    Buffer buffer = client.allocate(kPage, GetParam());
    buffer.at()[1] = 41;
    const int fd = buffer.bo.export_fd();
    Child child([&](Line&) {
        Client other;
        Bo bo = import(other.device, fd, kPage);
        EXPECT_EQ(bo.at<uint32_t>()[1], 41u);
        EXPECT_EQ(other.queue.run(fill(bind(other, bo), 42, kPage)), 0);
    });
    EXPECT_EQ(child.join(), 0);
    EXPECT_EQ(buffer.at()[1], 42u);
    close(fd);
}

TEST_P(Share, TheDescriptorItselfCanBeMapped) {
    Client client;
    Buffer buffer = client.allocate(2 * kPage, GetParam());
    const int fd = buffer.bo.export_fd();
    void* p = mmap(nullptr, 2 * kPage, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ASSERT_NE(p, MAP_FAILED) << strerrorname_np(errno);
    dma_buf_sync sync{.flags = DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW};
    EXPECT_EQ(ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync), 0);
    static_cast<volatile uint32_t*>(p)[600] = 5;
    sync.flags = DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW;
    EXPECT_EQ(ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync), 0);
    Buffer out = client.allocate(2 * kPage);
    ASSERT_EQ(client.queue.run(copy(out.va, buffer.va, 2 * kPage)), 0);
    EXPECT_EQ(out.at()[600], 5u);
    EXPECT_EQ(mmap(nullptr, 3 * kPage, PROT_READ, MAP_SHARED, fd, 0), MAP_FAILED) << "too long";
    munmap(p, 2 * kPage);
    close(fd);
}

TEST(ShareErrors, WhatIsNoBuffer) {
    Device device;
    uint32_t handle = 0;
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    EXPECT_NE(drmPrimeFDToHandle(device.fd(), ends[0], &handle), 0);
    EXPECT_TRUE(one_of(errno, {EINVAL}));
    close(ends[0]);
    close(ends[1]);
    EXPECT_NE(drmPrimeFDToHandle(device.fd(), 9999, &handle), 0);
    EXPECT_TRUE(one_of(errno, {EBADF}));
    int fd = -1;
    EXPECT_NE(drmPrimeHandleToFD(device.fd(), 77, 0, &fd), 0);
    EXPECT_TRUE(one_of(errno, {ENOENT}));
    drm_gem_flink flink{.handle = Bo(device, kPage, DRM_ACC_BO_SYSTEM).handle(), .name = 0};
    EXPECT_TRUE(one_of(device.call(DRM_IOCTL_GEM_FLINK, flink), {EACCES, EOPNOTSUPP}))
        << "global names are not for render nodes";
}

/// The device writes into memory that somebody else made, and reads it.
void use_foreign_memory(int fd, uint64_t bytes) {
    Client client;
    Bo bo = import(client.device, fd, bytes);
    const uint64_t va = bind(client, bo);
    void* p = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ASSERT_NE(p, MAP_FAILED);
    auto* words = static_cast<volatile uint32_t*>(p);
    ASSERT_EQ(client.queue.run(fill(va, 0x600d, bytes)), 0);
    for (uint64_t i = 0; i < bytes / 4; i += 333)
        ASSERT_EQ(words[i], 0x600du) << i;
    words[bytes / 4 - 1] = 12;
    ASSERT_EQ(client.queue.run(copy(client.queue.signal_va(8), va + bytes - 8, 8)), 0);
    EXPECT_EQ(client.queue.signal(8) >> 32, 12u);
    munmap(p, bytes);
}

TEST(ShareForeign, ADmaHeapsBuffer) {
    const int heap = open("/dev/dma_heap/system", O_RDWR | O_CLOEXEC);
    if (heap < 0) GTEST_SKIP() << "no /dev/dma_heap/system: " << strerrorname_np(errno);
    dma_heap_allocation_data data{};
    data.len = 40 * kPage;
    data.fd_flags = O_RDWR | O_CLOEXEC;
    ASSERT_EQ(ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data), 0);
    use_foreign_memory(static_cast<int>(data.fd), 40 * kPage);
    close(static_cast<int>(data.fd));
    close(heap);
}

TEST(ShareForeign, PagesOfAMemoryFile) {
    const int udmabuf = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);
    if (udmabuf < 0) GTEST_SKIP() << "no /dev/udmabuf: " << strerrorname_np(errno);
    const int file = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    ASSERT_EQ(ftruncate(file, 32 * kPage), 0);
    ASSERT_EQ(fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK), 0);
    udmabuf_create create{};
    create.memfd = static_cast<uint32_t>(file);
    create.flags = UDMABUF_FLAGS_CLOEXEC;
    create.size = 32 * kPage;
    const int fd = ioctl(udmabuf, UDMABUF_CREATE, &create);
    ASSERT_GE(fd, 0) << strerrorname_np(errno);
    use_foreign_memory(fd, 32 * kPage);
    close(fd);
    close(file);
    close(udmabuf);
}

} // namespace
} // namespace acc::kmd
