// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The shortest way through the driver, each step once. What is wrong here makes all other tests
// pointless.
#include <gtest/gtest.h>

#include <cstddef>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <xf86drm.h>

#include "tests/kmd/device.h"
#include "tests/kmd/driver_state.h"
#include "tests/kmd/kernels.h"
#include "tests/kmd/process.h"

namespace acc::kmd {
namespace {

TEST(Smoke, TheDeviceSaysWhatItIs) {
    Device device;
    const drm_acc_dev_info info = device.info();
    EXPECT_EQ(info.hw_version >> 16, 1u);
    EXPECT_GE(info.compute_units, 1u);
    EXPECT_GE(info.max_queues, 2u);
    EXPECT_GE(info.max_vms, 2u);
    EXPECT_EQ(info.va_bits, 48u);
    EXPECT_EQ(info.page_bytes, 4096u);
    EXPECT_GE(info.vram_bytes, 16u << 20);
    EXPECT_EQ(info.pad, 0u);
    const drm_acc_dev_memory memory = device.memory();
    EXPECT_LE(memory.vram_used, memory.vram_total);
    EXPECT_LE(memory.vram_total, info.vram_bytes);
}

TEST(Smoke, DeviceTimePasses) {
    Device device;
    const auto first = device.query<drm_acc_dev_timestamp>(DRM_ACC_DEV_QUERY_TIMESTAMP);
    const auto second = device.query<drm_acc_dev_timestamp>(DRM_ACC_DEV_QUERY_TIMESTAMP);
    EXPECT_GT(second.device_ns, first.device_ns);
    EXPECT_GE(second.cpu_ns, first.cpu_ns);
    EXPECT_LE(first.cpu_ns, now_ns());
}

class SmokeMemory : public testing::TestWithParam<uint32_t> {};

TEST_P(SmokeMemory, FillAndCopyAreSeenByTheHost) {
    Client client;
    Buffer a = client.allocate(3 * kPage, GetParam()), b = client.allocate(3 * kPage, GetParam());
    ASSERT_EQ(client.queue.run(fill(a.va, 0x12345678, 3 * kPage)), 0);
    EXPECT_EQ(a.at()[0], 0x12345678u);
    EXPECT_EQ(a.at()[3 * kPage / 4 - 1], 0x12345678u);
    a.at()[5] = 99;
    ASSERT_EQ(client.queue.run(copy(b.va + 8, a.va + 16, kPage)), 0);
    EXPECT_EQ(b.at()[1], 0u);
    EXPECT_EQ(b.at()[2], 0x12345678u);
    EXPECT_EQ(b.at()[3], 99u);
    EXPECT_EQ(b.at()[2 + kPage / 4], 0u);
}

TEST_P(SmokeMemory, AKernelAddsVectors) {
    Client client;
    constexpr uint32_t n = 1000;
    Buffer a = client.allocate(n * 4, GetParam()), b = client.allocate(n * 4, GetParam()),
           c = client.allocate(n * 4, GetParam());
    for (uint32_t i = 0; i < n; i++) {
        a.at()[i] = i;
        b.at()[i] = 7 * i + 1;
    }
    const Code code = client.code(kVectorAdd);
    ASSERT_EQ(client.launch(code, {c.va, a.va, b.va}, 10, 100), 0);
    for (uint32_t i = 0; i < n; i++)
        ASSERT_EQ(c.at()[i], 8 * i + 1) << i;
    EXPECT_EQ(client.queue.control().read_index, 1u);
    EXPECT_EQ(client.queue.state().read_index, 1u);
    EXPECT_EQ(client.queue.state().state, 0u);
}

INSTANTIATE_TEST_SUITE_P(Placement, SmokeMemory,
                         testing::Values(DRM_ACC_BO_VRAM, DRM_ACC_BO_SYSTEM), [](const auto& i) {
                             return i.param == DRM_ACC_BO_VRAM ? "Vram" : "System";
                         });

TEST(Smoke, ManyPacketsGoRoundTheRing) {
    Client client;
    Buffer out = client.allocate(kPage);
    for (uint64_t i = 1; i <= 200; i++) {
        client.queue.submit(write_value(out.va, i));
        if (i % 32 == 0) {
            ASSERT_EQ(client.queue.wait(), 0);
            ASSERT_EQ(*out.at<uint64_t>(), i);
        }
    }
    ASSERT_EQ(client.queue.wait(), 0);
    EXPECT_EQ(*out.at<uint64_t>(), 200u);
}

TEST(Smoke, AWaitWithoutTheValueTimesOut) {
    Client client;
    ASSERT_EQ(client.queue.run(write_value(client.arguments.va, 1)), 0);
    EXPECT_EQ(client.queue.wait_at(&client.queue.signal(), 2, 0), ETIME);
    const uint64_t before = now_ns();
    EXPECT_EQ(client.queue.wait_for(2, 0.05), ETIME);
    EXPECT_GE(now_ns() - before, 50'000'000u);
    EXPECT_EQ(client.queue.wait_at(&client.queue.signal(), 1, 0), 0);
}

TEST(Smoke, TwoOpensWorkSideBySide) {
    Client one, two;
    // The same addresses in both: what they mean depends on the address space.
    Buffer a = one.allocate(kPage), b = two.allocate(kPage);
    ASSERT_EQ(a.va, b.va);
    EXPECT_EQ(one.queue.run(fill(a.va, 1, kPage)), 0);
    EXPECT_EQ(two.queue.run(fill(b.va, 2, kPage)), 0);
    EXPECT_EQ(a.at()[17], 1u);
    EXPECT_EQ(b.at()[17], 2u);
}

TEST(Smoke, ABufferIsSharedThroughPrime) {
    Client from, to;
    Buffer a = from.allocate(2 * kPage, DRM_ACC_BO_VRAM);
    const int fd = a.bo.export_fd();
    uint32_t handle = 0;
    ASSERT_EQ(drmPrimeFDToHandle(to.device.fd(), fd, &handle), 0);
    close(fd);
    Bo b = Bo::adopt(to.device, handle, 2 * kPage);
    const uint64_t va = to.vm.reserve(2 * kPage);
    to.vm.map(b, va, 2 * kPage);
    ASSERT_EQ(to.queue.run(fill(va + kPage, 77, kPage)), 0);
    EXPECT_EQ(a.at()[0], 0u);
    EXPECT_EQ(a.at()[kPage / 4], 77u);
}

TEST(Smoke, ClosingTheFileWithEverythingOpenIsFine) {
    const uint64_t used = settled_vram(Device());
    Child child([](Line&) {
        Client client;
        Buffer a = client.allocate(64 * kPage, DRM_ACC_BO_VRAM);
        const Code code = client.code(kEndless);
        client.queue.submit(dispatch(code.kernel(), client.arguments.va));
        a.at()[0] = 1;
        _exit(0);
    });
    EXPECT_EQ(child.join(), 0);
    Device device;
    EXPECT_EQ(wait_for_vram(device, used), used);
}

/// From here on every system call but the ones that end the process kills it.
bool forbid_system_calls() {
    sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    };
    sock_fprog program{.len = 4, .filter = filter};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

TEST(Smoke, ALaunchThroughTheDoorbellMakesNoSystemCall) {
    Child child([](Line&) {
        Client client;
        Buffer out = client.allocate(kPage);
        const Code code = client.code(kNumber);
        client.set_arguments({out.va, 5});
        const Packet packet = dispatch(code.kernel(), client.arguments.va, 2, 32);
        ASSERT_EQ(client.queue.run(packet), 0); // the pages are there now
        std::memset(out.at(), 0, kPage);
        if (!forbid_system_calls()) _exit(77);
        for (int i = 0; i < 100; i++) {
            client.queue.submit(packet);
            client.queue.spin();
        }
        const bool right = out.at()[0] == 5 && out.at()[63] == 68 &&
                           client.queue.signal().load() == 101;
        syscall(SYS_exit_group, right ? 0 : 1);
    });
    const int status = child.join();
    if (status == 77) GTEST_SKIP() << "the kernel has no seccomp filters";
    EXPECT_EQ(status, 0) << "128 + 31 is SIGSYS: a system call was made";
}

TEST(Smoke, TheFilterOfThePreviousTestCatchesSystemCalls) {
    Child child([](Line&) {
        if (!forbid_system_calls()) _exit(77);
        syscall(SYS_getppid);
        _exit(0);
    });
    const int status = child.join();
    if (status == 77) GTEST_SKIP() << "the kernel has no seccomp filters";
    EXPECT_EQ(status, 128 + 31);
}

} // namespace
} // namespace acc::kmd
