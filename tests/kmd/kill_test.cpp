// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Processes that are killed at any moment leave nothing behind.
#include <gtest/gtest.h>

#include <random>
#include <unistd.h>
#include <xf86drm.h>

#include "tests/kmd/device.h"
#include "tests/kmd/driver_state.h"
#include "tests/kmd/environment.h"
#include "tests/kmd/expect.h"
#include "tests/kmd/kernels.h"
#include "tests/kmd/process.h"
#include "tests/kmd/sync.h"

namespace acc::kmd {
namespace {

/// Uses the driver at random until somebody kills the process.
void live_until_killed(uint64_t seed) {
    std::mt19937_64 random(seed);
    const auto chance = [&](unsigned one_in) { return random() % one_in == 0; };
    Client client(0, {.packets = 64, .priority = 1, .watchdog_ms = chance(2) ? 20u : 0u});
    const Code number = client.code(kNumber), endless = client.code(kEndless);
    std::vector<Buffer> buffers;
    std::vector<std::unique_ptr<Queue>> queues;
    Syncobj object(client.device);
    for (;;) {
        switch (random() % 9) {
        case 0:
            if (buffers.size() > 8) buffers.clear();
            buffers.push_back(client.allocate((1 + random() % 300) * kPage,
                                              chance(2) ? DRM_ACC_BO_VRAM : DRM_ACC_BO_SYSTEM));
            break;
        case 1:
            if (!buffers.empty()) client.vm.unmap(buffers.back().va, buffers.back().bo.bytes());
            break;
        case 2:
            if (queues.size() > 3) queues.clear();
            queues.push_back(std::make_unique<Queue>(client.device, client.vm));
            break;
        case 3:
            if (!queues.empty())
                queues.back()->submit(dispatch(endless.kernel(), client.arguments.va, 4, 64));
            break;
        case 4:
            if (!buffers.empty()) {
                client.set_arguments({buffers.back().va, random()});
                client.queue.run(dispatch(number.kernel(), client.arguments.va));
            }
            break;
        case 5: client.queue.wait_for(client.queue.written() + 1, 0.003); break;
        case 6:
            if (!buffers.empty()) {
                const int fd = buffers.back().bo.export_fd();
                uint32_t handle = 0;
                drmPrimeFDToHandle(client.device.fd(), fd, &handle);
                if (chance(2)) close(fd);
            }
            break;
        case 7:
            if (!queues.empty()) {
                // Something that never comes, and a bind behind it.
                queue_sync(client.device, queues.back()->id(), {object.signal_to()},
                           queues.back()->memory(), queues.back()->signal_offset(20), ~0ull);
                if (!buffers.empty())
                    bind_later(client.vm,
                               map_op(buffers.back().bo.handle(), client.vm.reserve(kPage), kPage),
                               {object.wait_for()});
            }
            break;
        case 8:
            if (!buffers.empty()) buffers.back().at()[random() % 1024] = 1;
            break;
        }
    }
}

TEST(Kill, AtAHundredRandomMomentsLeavesNothingBehind) {
    Device device;
    const DriverState driver(device);
    if (!driver.available()) GTEST_SKIP() << "needs debugfs, and root";
    Neighbour neighbour;
    const uint64_t used = settled_vram(device);
    const unsigned queues = driver.queues();
    std::mt19937_64 random(first_seed());
    for (unsigned i = 0; i < effort(100); i++) {
        const uint64_t seed = random();
        Child child([seed](Line& line) {
            line.send(0);
            try {
                live_until_killed(seed);
            } catch (const Failure&) {
                // Its own faults may have stopped its queues; it stays until it is killed.
                for (;;)
                    pause_ms(100);
            }
        });
        child.line().receive();
        usleep(static_cast<useconds_t>(random() % (i % 4 ? 10'000 : 60'000)));
        child.kill();
        // Dying is not over when wait() returns: the file is put away a moment later. A few may
        // overlap.
    }
    EXPECT_EQ(wait_for_vram(device, used), used);
    EXPECT_EQ(driver.queues(), queues);
    Neighbour::expect_unharmed(neighbour.stop());
}

TEST(Kill, WhileAnEndlessKernelOwnsEveryUnit) {
    Device device;
    const uint64_t used = settled_vram(device);
    for (int i = 0; i < 3; i++) {
        Child child([](Line& line) {
            Client client;
            Buffer buffer = client.allocate(1 << 20, DRM_ACC_BO_VRAM);
            const Code code = client.code(kEndless);
            client.queue.submit(dispatch(code.kernel(), client.arguments.va, 1000, 1024));
            line.send(0);
            client.queue.wait();
        });
        EXPECT_TRUE(child.line().receive().has_value());
        child.kill();
    }
    EXPECT_EQ(wait_for_vram(device, used), used);
    Client next;
    EXPECT_ERRNO(next.queue.run(write_value(next.queue.signal_va(1), 1)), 0);
}

TEST(Kill, WhileABindGoesOnForMinutes) {
    Device device;
    const uint64_t used = settled_vram(device);
    Child child([](Line& line) {
        Client client;
        const Bo bo(client.device, 64 << 20, DRM_ACC_BO_VRAM);
        // No 2 MiB page fits, so each of them writes 16384 entries.
        const uint64_t va = client.vm.reserve(128 << 20, 2 << 20) + kPage;
        const std::vector<drm_acc_vm_bind_op> ops(65536, map_op(bo.handle(), va, 64 << 20));
        line.send(0);
        client.vm.try_bind(ops);
        line.send(1);
    });
    ASSERT_TRUE(child.line().receive().has_value());
    pause_ms(300);
    EXPECT_FALSE(child.line().pending())
        << "too quick to be killed in the middle: needs more operations";
    child.kill();
    EXPECT_EQ(wait_for_vram(device, used), used);
}

} // namespace
} // namespace acc::kmd
