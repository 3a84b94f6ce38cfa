// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The driver is taken off a device while processes use it, and put on again: an administrator's
// unbind, which is also what a removal of the device does first. Files, mappings and buffers of
// before stay and do no harm.
#include <gtest/gtest.h>

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "tests/kmd/device.h"
#include "tests/kmd/driver_state.h"
#include "tests/kmd/environment.h"
#include "tests/kmd/expect.h"
#include "tests/kmd/gate.h"
#include "tests/kmd/kernels.h"
#include "tests/kmd/process.h"
#include "tests/kmd/sync.h"

namespace acc::kmd {
namespace {

class Unbind : public testing::Test {
  protected:
    std::string address;
    std::vector<std::string> others; // unbound meanwhile, so that "the first device" is ours or
                                     // none

    void SetUp() override {
        if (access("/sys/bus/pci/drivers/acc/unbind", W_OK) != 0) GTEST_SKIP() << "needs root";
        const std::string sysfs = DriverState(Device()).sysfs();
        address = sysfs.substr(sysfs.rfind('/') + 1);
        for (const auto& entry : std::filesystem::directory_iterator("/sys/bus/pci/drivers/acc")) {
            const std::string name = entry.path().filename();
            if (name.find(':') != std::string::npos && name != address) others.push_back(name);
        }
        for (const std::string& other : others)
            ASSERT_ERRNO(tell_driver("unbind", other), 0);
    }
    void TearDown() override {
        for (const std::string& other : others)
            EXPECT_ERRNO(tell_driver("bind", other), 0);
    }
    int tell_driver(const char* what) const { return tell_driver(what, address); }
    static int tell_driver(const char* what, const std::string& address) {
        const int fd = open((std::string("/sys/bus/pci/drivers/acc/") + what).c_str(), O_WRONLY);
        if (fd < 0) return errno;
        const int e = write(fd, address.data(), address.size()) < 0 ? errno : 0;
        close(fd);
        return e;
    }
    /// The device works: the first one is ours again.
    static void expect_works() {
        Client client;
        EXPECT_ERRNO(client.queue.run(write_value(client.queue.signal_va(1), 7)), 0);
        EXPECT_EQ(client.queue.signal(1), 7u);
        EXPECT_GT(client.device.memory().vram_used, 0u);
    }
};

/// What a process may be doing when it happens. Each ends by itself, with an error that says so.
const std::function<void(Client&)> kActivities[] = {
    [](Client& c) { // sleeps in the kernel
        c.queue.submit(wait_value(c.queue.signal_va(1), 1));
        EXPECT_TRUE(one_of(c.queue.wait(), {ENODEV, ECANCELED}));
    },
    [](Client& c) { // launches and waits, again and again
        int e = 0;
        while (e == 0)
            e = c.queue.run(write_value(c.queue.signal_va(1), 1));
        EXPECT_TRUE(one_of(e, {ENODEV, ECANCELED}));
    },
    [](Client& c) { // binds and unbinds
        Bo bo(c.device, 64 * kPage, DRM_ACC_BO_SYSTEM);
        const uint64_t va = c.vm.reserve(64 * kPage);
        int e = 0;
        while (e == 0) {
            const drm_acc_vm_bind_op op = map_op(bo.handle(), va, 64 * kPage);
            e = c.vm.try_bind({&op, 1});
        }
        EXPECT_ERRNO(e, ENODEV);
    },
    [](Client& c) { // makes buffers and queues, and touches both kinds of mappings
        for (;;) {
            Buffer buffer = c.allocate(kPage, DRM_ACC_BO_VRAM);
            buffer.at()[0] = 1;
            Queue queue(c.device, c.vm);
            queue.run(write_value(queue.signal_va(1), 1));
        }
    },
    [](Client& c) { // computes without end, and leaves an eventfd waiting
        const Code code = c.code(kEndless);
        drm_acc_fence_eventfd tell{.queue_id = c.queue.id(),
                                   .flags = 0,
                                   .bo_handle = c.queue.memory().handle(),
                                   .fd = eventfd(0, EFD_CLOEXEC),
                                   .bo_offset = c.queue.signal_offset(2),
                                   .value = 1};
        EXPECT_TRUE(one_of(c.device.call(DRM_IOCTL_ACC_FENCE_EVENTFD, tell), {0, ENODEV}));
        c.queue.submit(dispatch(code.kernel(), c.arguments.va, 10, 64));
        EXPECT_TRUE(one_of(c.queue.wait(), {ENODEV, ECANCELED}));
    },
};

TEST_F(Unbind, WhileProcessesUseTheDevice) {
    for (unsigned round = 0; round < effort(3); round++) {
        std::vector<std::unique_ptr<Child>> children;
        for (const auto& activity : kActivities) {
            children.push_back(std::make_unique<Child>([&](Line& line) {
                Client client;
                line.send(0);
                try {
                    activity(client);
                } catch (const Failure& f) {
                    EXPECT_ERRNO(f.code, ENODEV) << f.what();
                }
                line.receive(); // closes its file only after the driver is back
                client.queue.ring();
            }));
            ASSERT_TRUE(children.back()->line().receive().has_value());
        }
        pause_ms(10 + 37 * round);
        ASSERT_ERRNO(tell_driver("unbind"), 0);
        EXPECT_THROW(Device(), Failure);
        ASSERT_ERRNO(tell_driver("bind"), 0);
        expect_works();
        for (auto& child : children)
            child->line().send(0);
        for (size_t i = 0; i < children.size(); i++)
            EXPECT_EQ(children[i]->join(), 0) << "activity " << i << ", round " << round;
        expect_works();
    }
}

TEST_F(Unbind, AnOldDoorbellReachesNobody) {
    Client old;
    old.queue.ring(); // present
    ASSERT_ERRNO(tell_driver("unbind"), 0);
    ASSERT_ERRNO(tell_driver("bind"), 0);
    Client fresh;
    fresh.queue.put(write_value(fresh.queue.signal_va(1), 1));
    *old.queue.doorbell() = 1;
    pause_ms(50);
    EXPECT_EQ(fresh.queue.signal(1), 0u) << "somebody else rang";
    fresh.queue.ring();
    EXPECT_ERRNO(fresh.queue.wait(), 0);
}

TEST_F(Unbind, OldBuffersAreHarmless) {
    auto old = std::make_unique<Client>();
    Buffer vram = old->allocate(16 * kPage, DRM_ACC_BO_VRAM);
    Buffer system = old->allocate(16 * kPage, DRM_ACC_BO_SYSTEM);
    vram.at()[0] = system.at()[0] = 1;
    const int shared = system.bo.export_fd();
    ASSERT_ERRNO(tell_driver("unbind"), 0);
    ASSERT_ERRNO(tell_driver("bind"), 0);
    Client fresh;
    Buffer same_place = fresh.allocate(16 * kPage, DRM_ACC_BO_VRAM);
    for (unsigned i = 0; i < 16; i++) {
        vram.at(i * kPage)[0] = 0xbad;
        EXPECT_EQ(same_place.at(i * kPage)[0], 0u) << "page " << i << " is somebody else's now";
    }
    close(shared);
    old.reset();
    expect_works();
}

TEST_F(Unbind, WhileProcessesDie) {
    // Their memory goes back to the system at the very moment; the device must have let go of it.
    for (unsigned round = 0; round < effort(6); round++) {
        std::vector<std::unique_ptr<Child>> children;
        for (int i = 0; i < 4; i++) {
            children.push_back(std::make_unique<Child>([](Line& line) {
                Client client;
                Buffer system = client.allocate(256 * kPage);
                for (unsigned n = 0; n < 60; n++)
                    client.queue.put(fill(system.va, n, 256 * kPage));
                client.queue.ring();
                Queue second(client.device, client.vm);
                const Code code = client.code("mov.sr64 r2, sr_kernarg\n ld.const.b64 r6, "
                                              "[r2]\nagain: st.global.b32 [r6], r6\n bra again\n");
                client.set_arguments({system.va});
                second.submit(dispatch(code.kernel(), client.arguments.va, 4, 64));
                line.send(0);
                client.queue.wait_for(1000);
            }));
            ASSERT_TRUE(children.back()->line().receive().has_value());
        }
        int unbound = -1;
        std::thread administrator([&] { unbound = tell_driver("unbind"); });
        usleep(400 * round);
        for (auto& child : children)
            child->kill();
        administrator.join();
        ASSERT_ERRNO(unbound, 0);
        ASSERT_ERRNO(tell_driver("bind"), 0);
        expect_works();
    }
}

TEST_F(Unbind, WithAStoreThatStillWaitsWhenTheFileIsClosed) {
    for (int round = 0; round < 3; round++) {
        {
            Client client;
            Gate closed;
            Syncobj gate = closed.object(client.device);
            Bo bo(client.device, kPage, round % 2 ? DRM_ACC_BO_VRAM : DRM_ACC_BO_SYSTEM);
            ASSERT_ERRNO(queue_sync(client.device, client.queue.id(), {gate.wait_for()}, bo, 0, 5),
                         0);
            ASSERT_ERRNO(tell_driver("unbind"), 0);
        } // the last reference to the old device
        ASSERT_ERRNO(tell_driver("bind"), 0);
        expect_works();
    }
}

} // namespace
} // namespace acc::kmd
