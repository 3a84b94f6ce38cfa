// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The last device of the machine disappears while processes use it (the same as its device process
// being killed: every access reads all ones). It does not come back in this boot, so this program
// runs last.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/kmd/device.h"
#include "tests/kmd/driver_state.h"
#include "tests/kmd/expect.h"
#include "tests/kmd/kernels.h"
#include "tests/kmd/process.h"
#include "tests/kmd/sync.h"

namespace acc::kmd {
namespace {

/// Everything that a program may still try with a device that is gone; nothing may hang, and no
/// call pretends to have worked.
void use_a_lost_device(Client& client, Buffer& buffer) {
    client.queue.ring();
    EXPECT_ERRNO(client.queue.wait_for(client.queue.written() + 1), ENODEV);
    EXPECT_THROW(Bo(client.device, kPage, DRM_ACC_BO_VRAM), Failure);
    EXPECT_THROW(Queue(client.device, client.vm), Failure);
    EXPECT_THROW(Vm{client.device}, Failure);
    const drm_acc_vm_bind_op op = unmap_op(buffer.va, kPage);
    EXPECT_ERRNO(client.vm.try_bind({&op, 1}), ENODEV);
    buffer.at()[0] = 1; // device memory cannot be relied on any more, but touching it is harmless
}

TEST(Gone, ProcessesGetErrorsAndEnd) {
    const auto devices = static_cast<unsigned>(device_paths().size());
    ASSERT_GE(devices, 1u);
    const unsigned last = devices - 1;
    Device device(last);
    const DriverState driver(device);
    if (!driver.available()) GTEST_SKIP() << "needs debugfs, and root";

    std::unique_ptr<Neighbour> neighbour;
    if (last > 0) neighbour = std::make_unique<Neighbour>(0);
    const std::function<void(Client&)> activities[] = {
        // Sleeps in the kernel.
        [](Client& c) {
            c.queue.submit(wait_value(c.queue.signal_va(1), 1));
            EXPECT_TRUE(one_of(c.queue.wait(), {ENODEV, ECANCELED}));
        },
        // Launches and waits, again and again.
        [](Client& c) {
            int e = 0;
            while (e == 0)
                e = c.queue.run(write_value(c.queue.signal_va(1), 1));
            EXPECT_TRUE(one_of(e, {ENODEV, ECANCELED}));
        },
        // Waits for an eventfd that the device should have caused to be told.
        [](Client& c) {
            const int event = eventfd(0, EFD_CLOEXEC);
            drm_acc_fence_eventfd tell{.queue_id = c.queue.id(),
                                       .flags = 0,
                                       .bo_handle = c.queue.memory().handle(),
                                       .fd = event,
                                       .bo_offset = c.queue.signal_offset(2),
                                       .value = 1};
            ASSERT_ERRNO(c.device.call(DRM_IOCTL_ACC_FENCE_EVENTFD, tell), 0);
            pollfd p{.fd = event, .events = POLLIN, .revents = 0};
            EXPECT_EQ(poll(&p, 1, static_cast<int>(kPatience * 1000)), 1) << "it ends";
        },
        // Binds and unbinds.
        [](Client& c) {
            Bo bo(c.device, kPage, DRM_ACC_BO_SYSTEM);
            const uint64_t va = c.vm.reserve(kPage);
            int e = 0;
            while (e == 0) {
                const drm_acc_vm_bind_op op = map_op(bo.handle(), va, kPage);
                e = c.vm.try_bind({&op, 1});
            }
            EXPECT_ERRNO(e, ENODEV);
        },
        // Computes without end.
        [](Client& c) {
            const Code code = c.code(kEndless);
            c.queue.submit(dispatch(code.kernel(), c.arguments.va, 10, 64));
            EXPECT_TRUE(one_of(c.queue.wait(), {ENODEV, ECANCELED}));
        },
    };
    std::vector<std::unique_ptr<Child>> children;
    for (const auto& activity : activities) {
        children.push_back(std::make_unique<Child>([&](Line& line) {
            Client client(last);
            Buffer buffer = client.allocate(kPage, DRM_ACC_BO_VRAM);
            buffer.at()[0] = 1;
            line.send(0);
            activity(client);
            use_a_lost_device(client, buffer);
        }));
        ASSERT_TRUE(children.back()->line().receive().has_value());
    }
    pause_ms(100);
    if (getenv("ACC_KMD_KILLED_FROM_OUTSIDE")) // kill-device.sh waits for the line
        std::puts("ready: the device may die now"), std::fflush(stdout);
    else
        ASSERT_ERRNO(driver.inject("vanish"), 0);
    for (size_t i = 0; i < children.size(); i++)
        EXPECT_EQ(children[i]->join(), 0) << "activity " << i;
    if (neighbour) Neighbour::expect_unharmed(neighbour->stop());
}

TEST(Gone, AResetDoesNotHang) {
    const auto devices = static_cast<unsigned>(device_paths().size());
    if (devices == 0) GTEST_SKIP() << "the node is gone, too";
    Device device(devices - 1);
    const DriverState driver(device);
    if (!driver.available()) GTEST_SKIP() << "needs debugfs, and root";
    EXPECT_NE(driver.inject("reset"), 0);
    EXPECT_NE(driver.inject("hang_device"), 0);
}

} // namespace
} // namespace acc::kmd
