// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls in any order with any arguments, from one thread and from several at once on the same file.
// Nothing is expected of a single call but that it returns; afterwards all is given back and others
// have noticed nothing.
#include <gtest/gtest.h>

#include <fcntl.h>
#include <random>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "tests/kmd/device.h"
#include "tests/kmd/driver_state.h"
#include "tests/kmd/environment.h"
#include "tests/kmd/expect.h"
#include "tests/kmd/kernels.h"
#include "tests/kmd/process.h"
#include "tests/kmd/sync.h"

namespace acc::kmd {
namespace {

constexpr uint64_t kWindow = 64 << 20;

/// One thread's hand on the device: operations on objects with small numbers, which other threads
/// use and destroy, too.
class Hand {
  public:
    Hand(const Device& device, uint64_t seed) : fd_(device.fd()), random_(seed) {}
    Hand(const Hand&) = delete;
    ~Hand() { close(event_); }

    void operation() {
        switch (random_() % 21) {
        case 0: create_vm(); break;
        case 1: destroy_vm(); break;
        case 2:
        case 3:
        case 4:
        case 5: bind(); break;
        case 6:
        case 7: create_bo(); break;
        case 8: drmCloseBufferHandle(fd_, handle()); break;
        case 9: touch_bo(); break;
        case 10: share_bo(); break;
        case 11:
        case 12: create_queue(); break;
        case 13: destroy_queue(); break;
        case 14: change_queue(); break;
        case 15: ring(); break;
        case 16: sync_queue(); break;
        case 17: wait(); break;
        case 18: ask(); break;
        case 19: syncobj(); break;
        case 20: tell_event(); break;
        }
    }

  private:
    uint32_t id(uint32_t most) { return 1 + static_cast<uint32_t>(random_() % most); }
    uint32_t vm() { return id(4); }
    uint32_t queue() { return id(6); }
    uint32_t handle() { return id(16); }
    uint64_t va() { return kVaBase + random_() % 24 * kPage; }
    bool chance(unsigned one_in) { return random_() % one_in == 0; }
    void call(unsigned long request, void* argument) { kmd::call(fd_, request, argument); }

    void create_vm() {
        drm_acc_vm_create create{};
        create.va_base = kVaBase;
        create.va_bytes = kWindow;
        call(DRM_IOCTL_ACC_VM_CREATE, &create);
    }
    void destroy_vm() {
        if (!chance(3)) return;
        drm_acc_vm_destroy destroy{.vm_id = vm(), .pad = 0};
        call(DRM_IOCTL_ACC_VM_DESTROY, &destroy);
    }
    std::vector<drm_acc_sync> syncs(bool signal_only, bool wait_only) {
        std::vector<drm_acc_sync> result(random_() % 3);
        for (drm_acc_sync& s : result) {
            s.handle = id(5);
            s.flags = wait_only || (!signal_only && chance(2))
                          ? 0
                          : static_cast<uint32_t>(DRM_ACC_SYNC_SIGNAL);
            if (s.handle > 3) {
                s.flags |= DRM_ACC_SYNC_TYPE_TIMELINE_SYNCOBJ;
                s.timeline_value = 1 + random_() % 1000;
            }
        }
        return result;
    }
    void bind() {
        std::vector<drm_acc_vm_bind_op> ops(1 + random_() % 4);
        std::vector<std::vector<drm_acc_sync>> kept;
        const bool async = chance(2);
        for (drm_acc_vm_bind_op& op : ops) {
            const uint64_t bytes = (1 + random_() % 12) * kPage;
            op = chance(3) ? unmap_op(va(), bytes)
                           : map_op(handle(), va(), bytes, random_() % 4 * kPage, random_() % 4);
            if (!async) continue;
            kept.push_back(syncs(false, false));
            op.syncs = {.stride = sizeof(drm_acc_sync),
                        .count = static_cast<uint32_t>(kept.back().size()),
                        .array = reinterpret_cast<uint64_t>(kept.back().data())};
        }
        drm_acc_vm_bind b{};
        b.vm_id = vm();
        b.flags = async ? DRM_ACC_VM_BIND_ASYNC : 0;
        b.ops = DRM_ACC_OBJ_ARRAY(static_cast<uint32_t>(ops.size()), ops.data());
        call(DRM_IOCTL_ACC_VM_BIND, &b);
    }
    void create_bo() {
        drm_acc_bo_create create{};
        create.bytes = (1 + random_() % 64) * kPage;
        create.flags = chance(2) ? DRM_ACC_BO_VRAM : DRM_ACC_BO_SYSTEM;
        create.exclusive_vm_id = chance(4) ? vm() : 0;
        call(DRM_IOCTL_ACC_BO_CREATE, &create);
        if (create.handle > 16) drmCloseBufferHandle(fd_, create.handle);
    }
    void touch_bo() {
        drm_acc_bo_mmap_offset where{};
        where.handle = handle();
        if (kmd::call(fd_, DRM_IOCTL_ACC_BO_MMAP_OFFSET, &where)) return;
        void* p = mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_SHARED, fd_,
                       static_cast<off_t>(where.offset));
        if (p == MAP_FAILED) return;
        auto* words = static_cast<volatile uint64_t*>(p);
        // Now and then valid packets, in what may be a ring.
        const Packet packet = chance(2) ? write_value(va(), random_()) : copy(va(), va(), kPage);
        for (unsigned i = 0; i < 8; i++)
            words[random_() % 16 * 8 + i] = chance(2) ? packet.words[i] : random_() % 16;
        munmap(p, kPage);
    }
    void share_bo() {
        int out = -1;
        uint32_t in = 0;
        if (drmPrimeHandleToFD(fd_, handle(), DRM_CLOEXEC | DRM_RDWR, &out)) return;
        drmPrimeFDToHandle(fd_, out, &in);
        close(out);
    }
    void create_queue() {
        drm_acc_queue_create create{};
        create.vm_id = vm();
        create.priority = static_cast<uint32_t>(random_() % 4);
        create.ring_va = va();
        create.control_va = va();
        create.ring_packets = 16u << random_() % 3;
        create.watchdog_ms = 10;
        call(DRM_IOCTL_ACC_QUEUE_CREATE, &create);
        if (create.queue_id <= 6) return;
        drm_acc_queue_destroy destroy{.queue_id = create.queue_id, .pad = 0};
        call(DRM_IOCTL_ACC_QUEUE_DESTROY, &destroy);
    }
    void destroy_queue() {
        drm_acc_queue_destroy destroy{.queue_id = queue(), .pad = 0};
        call(DRM_IOCTL_ACC_QUEUE_DESTROY, &destroy);
    }
    void change_queue() {
        drm_acc_queue_set_property set{.queue_id = queue(),
                                       .property = static_cast<uint32_t>(random_() % 4),
                                       .value = random_() % 4};
        call(DRM_IOCTL_ACC_QUEUE_SET_PROPERTY, &set);
    }
    void ring() {
        // Doorbell pages lie in the first MiBs of the file; those of others are refused.
        const auto offset = static_cast<off_t>(0x100000 + random_() % 16 * kPage);
        void* p = mmap(nullptr, kPage, PROT_WRITE, MAP_SHARED, fd_, offset);
        if (p == MAP_FAILED) return;
        *static_cast<volatile uint64_t*>(p) = random_() % 20;
        munmap(p, kPage);
    }
    void sync_queue() {
        const auto array = chance(2) ? syncs(true, false) : syncs(false, true);
        drm_acc_queue_sync s{};
        s.queue_id = queue();
        s.syncs = {.stride = sizeof(drm_acc_sync),
                   .count = static_cast<uint32_t>(array.size()),
                   .array = reinterpret_cast<uint64_t>(array.data())};
        s.bo_handle = handle();
        s.bo_offset = random_() % 512 * 8;
        s.value = random_() % 3;
        call(DRM_IOCTL_ACC_QUEUE_SYNC, &s);
    }
    void wait() {
        alignas(8) uint64_t values[3] = {random_() % 2, random_() % 2, random_() % 2};
        drm_acc_user_fence fences[3] = {};
        for (int i = 0; i < 3; i++) {
            fences[i].address = reinterpret_cast<uint64_t>(&values[i]);
            fences[i].value = 1;
            fences[i].queue_id = queue();
        }
        drm_acc_wait_fence w{};
        w.fences = DRM_ACC_OBJ_ARRAY(static_cast<uint32_t>(1 + random_() % 3), fences);
        w.deadline_ns = deadline(0.001);
        w.flags = static_cast<uint32_t>(random_() % 2);
        call(DRM_IOCTL_ACC_WAIT_FENCE, &w);
    }
    void tell_event() {
        drm_acc_fence_eventfd f{};
        f.queue_id = queue();
        f.bo_handle = handle();
        f.fd = chance(8) ? fd_ : event_;
        f.bo_offset = random_() % 512 * 8;
        f.value = random_() % 3;
        call(DRM_IOCTL_ACC_FENCE_EVENTFD, &f);
    }
    void ask() {
        drm_acc_fault faults[3];
        drm_acc_fault_get get{.vm_id = vm(), .flags = 0, .faults = DRM_ACC_OBJ_ARRAY(3, faults)};
        call(DRM_IOCTL_ACC_FAULT_GET, &get);
        drm_acc_vm_get_state vm_state{};
        vm_state.vm_id = vm();
        call(DRM_IOCTL_ACC_VM_GET_STATE, &vm_state);
        drm_acc_queue_get_state queue_state{};
        queue_state.queue_id = queue();
        call(DRM_IOCTL_ACC_QUEUE_GET_STATE, &queue_state);
    }
    void syncobj() {
        uint32_t object = id(5);
        switch (random_() % 4) {
        case 0: drmSyncobjCreate(fd_, 0, &object); break;
        case 1:
            if (chance(4)) drmSyncobjDestroy(fd_, object);
            break;
        case 2: drmSyncobjReset(fd_, &object, 1); break;
        default: drmSyncobjSignal(fd_, &object, 1); break;
        }
    }
    int fd_;
    int event_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    std::mt19937_64 random_;
};

class Fuzz : public testing::Test {
  protected:
    Device observer;
    DriverState driver{observer};
    Neighbour neighbour;
    uint64_t used = settled_vram(observer);
    unsigned queues = driver.queues();

    void SetUp() override {
        if (!driver.available()) GTEST_SKIP() << "needs debugfs, and root";
    }
    void TearDown() override {
        if (IsSkipped()) return;
        EXPECT_EQ(wait_for_vram(observer, used), used);
        EXPECT_EQ(driver.queues(), queues);
        Neighbour::expect_unharmed(neighbour.stop());
        Client fresh;
        EXPECT_ERRNO(fresh.queue.run(write_value(fresh.queue.signal_va(1), 1)), 0);
    }
};

TEST_F(Fuzz, OneThread) {
    for (unsigned round = 0; round < effort(2); round++) {
        SCOPED_TRACE("ACC_KMD_SEED=" + std::to_string(first_seed() + round));
        Device device;
        Hand hand(device, first_seed() + round);
        for (int i = 0; i < 4000; i++)
            hand.operation();
    }
}

TEST_F(Fuzz, FourThreadsOnOneFile) {
    for (unsigned round = 0; round < effort(2); round++) {
        SCOPED_TRACE("ACC_KMD_SEED=" + std::to_string(first_seed() + round));
        Device device;
        std::vector<std::thread> threads;
        for (unsigned t = 0; t < 4; t++)
            threads.emplace_back([&, t] {
                Hand hand(device, (first_seed() + round) * 100 + t);
                for (int i = 0; i < 2000; i++)
                    hand.operation();
            });
        for (auto& thread : threads)
            thread.join();
    }
}

TEST_F(Fuzz, TheFileIsClosedWhileThreadsUseIt) {
    // Another process has the same open file, closes the last descriptor at any moment by dying,
    // with threads in calls.
    std::mt19937_64 random(first_seed());
    for (unsigned round = 0; round < effort(10); round++) {
        const uint64_t seed = random();
        Child child([seed](Line& line) {
            Device device;
            line.send(0);
            std::vector<std::thread> threads;
            for (unsigned t = 0; t < 3; t++)
                threads.emplace_back([&, t] {
                    Hand hand(device, seed + t);
                    for (;;)
                        hand.operation();
                });
            threads[0].join();
        });
        EXPECT_TRUE(child.line().receive().has_value());
        usleep(static_cast<useconds_t>(random() % 80'000));
        child.kill();
    }
}

TEST_F(Fuzz, RandomBytesAsArguments) {
    std::mt19937_64 random(first_seed());
    Client client;
    const uint64_t interesting[] = {0,
                                    1,
                                    2,
                                    4096,
                                    8192,
                                    ~0ull,
                                    1ull << 63,
                                    kVaBase,
                                    kVaBase + kPage,
                                    1ull << 48,
                                    0xffffffff,
                                    1ull << 31,
                                    0x7fff'ffff'ffff'ffff};
    for (unsigned i = 0; i < effort(6000); i++) {
        uint64_t words[16];
        for (uint64_t& w : words)
            w = random() % 4 ? interesting[random() % std::size(interesting)]
                             : random() >> random() % 64;
        // Two small numbers in one word: type and flags, handle and padding.
        for (uint64_t& w : words)
            if (random() % 3 == 0) w = random() % 4 | (random() % 4) << 32;
        // Answers go to a place where they do no harm: at most 4096 bytes, the interface says.
        static uint64_t answer[1024];
        if (random() % 2) words[1] = reinterpret_cast<uint64_t>(answer);
        const unsigned nr = static_cast<unsigned>(random() % (kLastIoctl + 2));
        // A wait must not be the end of the test.
        if (nr == DRM_ACC_WAIT_FENCE) words[2] = 0; // its deadline
        kmd::call(client.device.fd(),
                  _IOC(_IOC_READ | _IOC_WRITE, 'd', DRM_COMMAND_BASE + nr, random() % 128 & ~7u),
                  words);
    }
    // The client's own queue may have been destroyed by a lucky number; that is its own doing.
}

} // namespace
} // namespace acc::kmd
