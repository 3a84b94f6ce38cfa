// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Processes that are killed at any moment leave nothing behind.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <random>
#include <set>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>

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

/// What a child tells of itself in memory that it shares with the test; readable after its death.
struct Life {
    std::atomic<uint64_t> begun, ended; ///< operations
    std::atomic<uint32_t> kind;         ///< of the one begun last
    std::atomic<bool> given_up;         ///< its own faults have stopped its queues
};

/// Shared with children that are forked later.
template <class T>
class Shared {
  public:
    Shared()
        : memory_(static_cast<T*>(mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE,
                                       MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {
        if (memory_ == MAP_FAILED) throw Failure("mmap", errno);
    }
    ~Shared() { munmap(memory_, sizeof(T)); }
    T* operator->() const { return memory_; }
    T& operator*() const { return *memory_; }

  private:
    T* memory_;
};

constexpr uint32_t kKinds = 9;

/// Uses the driver at random until somebody kills the process.
void live_until_killed(uint64_t seed, Life& life) {
    std::mt19937_64 random(seed);
    const auto chance = [&](unsigned one_in) { return random() % one_in == 0; };
    Client client(0, {.packets = 64, .priority = 1, .watchdog_ms = chance(2) ? 20u : 0u});
    const Code number = client.code(kNumber), endless = client.code(kEndless);
    std::vector<Buffer> buffers;
    std::vector<std::unique_ptr<Queue>> queues;
    Gate gate;
    Syncobj object = gate.object(client.device);
    const int event = eventfd(0, EFD_CLOEXEC);
    for (;;) {
        const auto kind = static_cast<uint32_t>(random() % kKinds);
        life.kind = kind;
        life.begun++;
        switch (kind) {
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
                // Something that does not come for now, and a bind and a store behind it; something
                // that never comes, and an eventfd behind it.
                queue_sync(client.device, queues.back()->id(), {object.wait_for()},
                           queues.back()->memory(), queues.back()->signal_offset(20), 1);
                drm_acc_fence_eventfd tell{.queue_id = queues.back()->id(),
                                           .flags = 0,
                                           .bo_handle = queues.back()->memory().handle(),
                                           .fd = event,
                                           .bo_offset = queues.back()->signal_offset(21),
                                           .value = ~0ull};
                client.device.call(DRM_IOCTL_ACC_FENCE_EVENTFD, tell);
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
        life.ended++;
    }
}

/// Waits for a child to get so far; false when it does not get on at all any more.
bool reaches(const Life& life, uint64_t operations) {
    const int64_t limit = deadline(3 * kPatience);
    while (life.begun < operations && !life.given_up) {
        if (static_cast<int64_t>(now_ns()) > limit) return false;
        pause_ms(1);
    }
    return true;
}

TEST(Kill, AtAHundredRandomMomentsLeavesNothingBehind) {
    Device device;
    const DriverState driver(device);
    if (!driver.available()) GTEST_SKIP() << "needs debugfs, and root";
    Neighbour neighbour;
    const uint64_t used = settled_vram(device);
    const unsigned queues = driver.queues();
    std::mt19937_64 random(first_seed());
    const Shared<Life> life;
    unsigned killed = 0, inside = 0, given_up = 0;
    std::set<uint32_t> kinds; // of operations in which they died
    while (killed < effort(100)) {
        const uint64_t seed = random(), moment = 1 + random() % 40;
        life->begun = life->ended = life->kind = 0;
        life->given_up = false;
        Child child([&](Line&) {
            try {
                live_until_killed(seed, *life);
            } catch (const Failure&) {
            }
            life->given_up = true;
            for (;;)
                pause();
        });
        ASSERT_TRUE(reaches(*life, moment)) << "seed " << seed << ", operation " << life->kind;
        child.kill();
        // Those whose own faults have stopped their queues prove little: others take their place.
        if (life->given_up) {
            ASSERT_LT(++given_up, 10 * effort(100)) << "hardly any child gets on";
            continue;
        }
        killed++;
        if (life->begun != life->ended) {
            inside++;
            kinds.insert(life->kind);
        }
        // Dying is not over when wait() returns: the file is put away a moment later. A few may
        // overlap.
    }
    std::printf("%u killed in the middle of an operation, of %zu kinds; %u others had given up\n",
                inside, kinds.size(), given_up);
    EXPECT_GE(inside, killed / 2) << "the others died between two operations";
    EXPECT_GE(kinds.size(), 4u);
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

TEST(Kill, WhileALongBindGoesOn) {
    Device device;
    const uint64_t used = settled_vram(device);
    const Shared<Life> life;
    life->begun = life->ended = 0;
    Child child([&](Line&) {
        Client client;
        const Bo bo(client.device, 64 << 20, DRM_ACC_BO_VRAM);
        // No 2 MiB page fits, so each of them writes 16384 entries.
        const uint64_t va = client.vm.reserve(128 << 20, 2 << 20) + kPage;
        const std::vector<drm_acc_vm_bind_op> ops(65536, map_op(bo.handle(), va, 64 << 20));
        for (;;) {
            life->begun++;
            client.vm.try_bind(ops);
            life->ended++;
        }
    });
    ASSERT_TRUE(reaches(*life, 1));
    pause_ms(50); // into it, more likely than not
    child.kill();
    EXPECT_EQ(life->begun, life->ended + 1) << "it died in the call";
    EXPECT_EQ(wait_for_vram(device, used), used);
}

} // namespace
} // namespace acc::kmd
