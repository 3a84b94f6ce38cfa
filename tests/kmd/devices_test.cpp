// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two devices under one driver.
#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>
#include <xf86drm.h>

#include "tests/kmd/device.h"
#include "tests/kmd/driver_state.h"
#include "tests/kmd/expect.h"
#include "tests/kmd/gate.h"
#include "tests/kmd/kernels.h"
#include "tests/kmd/process.h"
#include "tests/kmd/sync.h"

namespace acc::kmd {
namespace {

class TwoDevices : public testing::Test {
  protected:
    void SetUp() override {
        if (device_paths().size() < 2) GTEST_SKIP() << "one device only";
    }
};

TEST_F(TwoDevices, AreDifferentOnes) {
    const drm_acc_dev_info a = Device(0).info(), b = Device(1).info();
    EXPECT_NE(std::memcmp(a.uuid, b.uuid, sizeof a.uuid), 0);
}

TEST_F(TwoDevices, WorkAtTheSameTime) {
    Neighbour first(0), second(1);
    Client a(0), b(1);
    EXPECT_EQ(a.vm.id(), b.vm.id()) << "numbers belong to the file";
    EXPECT_EQ(a.queue.id(), b.queue.id());
    Buffer in_a = a.allocate(kPage, DRM_ACC_BO_VRAM), in_b = b.allocate(kPage, DRM_ACC_BO_VRAM);
    const Code code_a = a.code(kNumber), code_b = b.code(kNumber);
    EXPECT_ERRNO(a.launch(code_a, {in_a.va, 100}), 0);
    EXPECT_ERRNO(b.launch(code_b, {in_b.va, 200}), 0);
    EXPECT_EQ(in_a.at()[7], 107u);
    EXPECT_EQ(in_b.at()[7], 207u);
    Neighbour::expect_unharmed(first.stop());
    Neighbour::expect_unharmed(second.stop());
}

TEST_F(TwoDevices, HaveTheirOwnMemory) {
    Device a(0), b(1);
    const uint64_t used = settled_vram(b);
    Bo bo(a, 16 << 20, DRM_ACC_BO_VRAM);
    EXPECT_EQ(b.memory().vram_used, used);
}

TEST_F(TwoDevices, ShareSystemMemory) {
    Client a(0), b(1);
    Buffer mine = a.allocate(40 * kPage, DRM_ACC_BO_SYSTEM);
    const int fd = mine.bo.export_fd();
    uint32_t handle = 0;
    ASSERT_EQ(drmPrimeFDToHandle(b.device.fd(), fd, &handle), 0) << strerrorname_np(errno);
    close(fd);
    Bo theirs = Bo::adopt(b.device, handle, 40 * kPage);
    const uint64_t va = b.vm.reserve(40 * kPage);
    b.vm.map(theirs, va, 40 * kPage);
    ASSERT_ERRNO(b.queue.run(fill(va, 0xb, 40 * kPage)), 0);
    EXPECT_EQ(mine.at()[40 * kPage / 4 - 1], 0xbu);
    ASSERT_ERRNO(a.queue.run(fill(mine.va + kPage, 0xa, kPage)), 0);
    Buffer out = b.allocate(2 * kPage, DRM_ACC_BO_VRAM);
    ASSERT_ERRNO(b.queue.run(copy(out.va, va + kPage, 2 * kPage)), 0);
    EXPECT_EQ(out.at()[0], 0xau);
    EXPECT_EQ(out.at()[kPage / 4], 0xbu);
}

TEST_F(TwoDevices, AUserFenceOfOneIsWaitedForByTheOther) {
    // The fence is in system memory that both reach: no kernel comes between them.
    Client a(0), b(1);
    Buffer mine = a.allocate(kPage, DRM_ACC_BO_SYSTEM);
    const int fd = mine.bo.export_fd();
    uint32_t handle = 0;
    ASSERT_EQ(drmPrimeFDToHandle(b.device.fd(), fd, &handle), 0);
    close(fd);
    Bo theirs = Bo::adopt(b.device, handle, kPage);
    const uint64_t va = b.vm.reserve(kPage);
    b.vm.map(theirs, va, kPage);
    b.queue.submit(wait_value(va + 64, 5));
    EXPECT_ERRNO(b.queue.wait_for(1, 0.02), ETIME);
    ASSERT_ERRNO(a.queue.run(write_value(mine.va + 64, 5)), 0);
    EXPECT_ERRNO(b.queue.wait(), 0);
}

TEST_F(TwoDevices, ABindOfOneIsWaitedForByTheOther) {
    Client a(0), b(1);
    Gate gate;
    Syncobj before = gate.object(a.device), there(a.device), here(b.device);
    Bo bo(a.device, kPage, DRM_ACC_BO_SYSTEM);
    ASSERT_ERRNO(bind_later(a.vm, map_op(bo.handle(), a.vm.reserve(kPage), kPage),
                            {before.wait_for(), there.signal_to()}),
                 0);
    int fd = -1;
    ASSERT_EQ(drmSyncobjExportSyncFile(a.device.fd(), there.handle(), &fd), 0);
    ASSERT_EQ(drmSyncobjImportSyncFile(b.device.fd(), here.handle(), fd), 0);
    close(fd);
    ASSERT_ERRNO(queue_sync(b.device, b.queue.id(), {here.wait_for()}, b.queue.memory(),
                            b.queue.signal_offset(9), 1),
                 0);
    b.queue.submit(wait_value(b.queue.signal_va(9), 1));
    EXPECT_ERRNO(b.queue.wait_for(1, 0.02), ETIME);
    gate.open();
    EXPECT_ERRNO(b.queue.wait(), 0);
}

TEST_F(TwoDevices, AResetOfOneLeavesTheOtherAlone) {
    Device second(1);
    const DriverState driver(second);
    if (!driver.available()) GTEST_SKIP() << "needs debugfs, and root";
    Neighbour neighbour(0);
    Client a(0), b(1);
    ASSERT_ERRNO(driver.inject("reset"), 0);
    EXPECT_EQ(b.queue.state().state, uint32_t{DRM_ACC_QUEUE_STATE_LOST});
    EXPECT_EQ(a.queue.state().state, 0u);
    EXPECT_ERRNO(a.queue.run(write_value(a.queue.signal_va(1), 1)), 0);
    Neighbour::expect_unharmed(neighbour.stop());
}

} // namespace
} // namespace acc::kmd
