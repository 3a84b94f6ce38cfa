// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// User fences: waiting for many of them, eventfds that follow them, and that they never become a
// dma-fence, for which others would wait.
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <thread>

#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tests/kmd/device.h"
#include "tests/kmd/driver_state.h"
#include "tests/kmd/expect.h"
#include "tests/kmd/gate.h"
#include "tests/kmd/kernels.h"
#include "tests/kmd/process.h"
#include "tests/kmd/sync.h"

namespace acc::kmd {
namespace {

// --- waiting for many
// -----------------------------------------------------------------------------------------------------

drm_acc_user_fence fence_at(Queue& queue, unsigned signal, uint64_t value) {
    return {.address = reinterpret_cast<uint64_t>(&queue.signal(signal)),
            .value = value,
            .queue_id = queue.id(),
            .pad = 0};
}

/// WAIT_FENCE: the errno value; what it said about which one in `index`.
int wait_fences(const Device& device, const std::vector<drm_acc_user_fence>& fences, bool any,
                int64_t until = deadline(), uint32_t* index = nullptr) {
    drm_acc_wait_fence w{};
    w.fences = DRM_ACC_OBJ_ARRAY(static_cast<uint32_t>(fences.size()), fences.data());
    w.deadline_ns = until;
    w.flags = any ? uint32_t{DRM_ACC_WAIT_FENCE_ANY} : 0;
    w.index = 0xabcd;
    const int e = device.call(DRM_IOCTL_ACC_WAIT_FENCE, w);
    if (index) *index = w.index;
    return e;
}

TEST(WaitFences, AnyAndAllOfWhatIsThereAndWhatIsNot) {
    Client client;
    Queue second(client.device, client.vm);
    client.queue.signal(1) = 5;
    second.signal(1) = 7;
    const auto there = fence_at(client.queue, 1, 5), also = fence_at(second, 1, 6),
               missing = fence_at(second, 2, 1);
    uint32_t index = 0;
    EXPECT_ERRNO(wait_fences(client.device, {there, also}, false, 0), 0);
    EXPECT_ERRNO(wait_fences(client.device, {there, missing}, false, 0, &index), ETIME);
    EXPECT_EQ(index, 0xabcdu) << "no fence decided";
    EXPECT_ERRNO(wait_fences(client.device, {missing, there, also}, true, 0, &index), 0);
    EXPECT_EQ(index, 1u);
    EXPECT_ERRNO(wait_fences(client.device, {missing}, true, 0), ETIME);
    const std::vector<drm_acc_user_fence> many(1024, there);
    EXPECT_ERRNO(wait_fences(client.device, many, false, 0), 0);
    EXPECT_ERRNO(wait_fences(client.device, many, true, 0, &index), 0);
    EXPECT_EQ(index, 0u);
}

/// Queues that each wait for a number of their own before they store their fence (signal 2).
struct Runners : Client {
    std::vector<std::unique_ptr<Queue>> queues;
    std::vector<drm_acc_user_fence> fences;

    explicit Runners(unsigned count) {
        for (unsigned i = 0; i < count; i++) {
            queues.push_back(std::make_unique<Queue>(device, vm));
            queues[i]->submit(wait_value(queues[i]->signal_va(1), 1));
            queues[i]->submit(write_value(queues[i]->signal_va(2), 1));
            fences.push_back(fence_at(*queues[i], 2, 1));
        }
    }
    void let_go(unsigned i) { queues[i]->signal(1) = 1; }
};

TEST(WaitFences, AllSleepsUntilTheLastIsThere) {
    Runners r(5);
    std::thread opener([&] {
        for (unsigned i : {3u, 0u, 4u, 1u}) {
            pause_ms(5);
            r.let_go(i);
        }
    });
    EXPECT_ERRNO(wait_fences(r.device, r.fences, false, deadline(0.2)), ETIME) << "four of five";
    opener.join();
    std::thread last([&] {
        pause_ms(20);
        r.let_go(2);
    });
    EXPECT_ERRNO(wait_fences(r.device, r.fences, false), 0);
    for (auto& queue : r.queues)
        EXPECT_EQ(queue->signal(2), 1u);
    last.join();
}

TEST(WaitFences, AnyWakesForWhicheverComes) {
    Runners r(5);
    EXPECT_ERRNO(wait_fences(r.device, r.fences, true, deadline(0.02)), ETIME);
    for (unsigned i : {3u, 0u, 4u}) {
        std::thread opener([&] {
            pause_ms(20);
            r.let_go(i);
        });
        uint32_t index = 0;
        auto rest = r.fences;
        for (unsigned seen = 0; seen < 5; seen++) // those that are there already do not count
            if (r.queues[seen]->signal(2)) rest[seen].value = 2;
        EXPECT_ERRNO(wait_fences(r.device, rest, true, deadline(), &index), 0);
        EXPECT_EQ(index, i);
        opener.join();
    }
}

TEST(WaitFences, AFenceThatWillNotComeEndsTheWait) {
    Runners r(3);
    std::thread end([&] {
        pause_ms(20);
        r.queues[1]->submit(write_value(0x123000, 1)); // faults once it gets there
        r.let_go(1);
    });
    r.fences[1].value = 2; // never
    uint32_t index = 0;
    EXPECT_ERRNO(wait_fences(r.device, r.fences, false, deadline(), &index), ECANCELED);
    EXPECT_EQ(index, 1u);
    end.join();
    EXPECT_ERRNO(wait_fences(r.device, r.fences, true, deadline(), &index), ECANCELED);
    EXPECT_EQ(index, 1u);
    r.let_go(2);
    EXPECT_ERRNO(wait_fences(r.device, {r.fences[2]}, true), 0);
    EXPECT_ERRNO(wait_fences(r.device, r.fences, true, deadline(), &index), 0)
        << "one that is there counts more than one that will not come";
    EXPECT_EQ(index, 2u);
    r.vm.wait_fault();
}

TEST(WaitFences, InvalidArguments) {
    Client client;
    Device other;
    const auto good = fence_at(client.queue, 1, 0);
    const auto with = [&](const std::function<void(drm_acc_user_fence&)>& change) {
        drm_acc_user_fence f = good;
        change(f);
        return wait_fences(client.device, {good, f}, false, 0);
    };
    EXPECT_ERRNO(with([](auto&) {}), 0);
    EXPECT_ERRNO(with([](auto& f) { f.pad = 1; }), EINVAL);
    EXPECT_ERRNO(with([](auto& f) { f.address += 4; }), EINVAL);
    EXPECT_ERRNO(with([](auto& f) { f.address = 64; }), EFAULT);
    EXPECT_ERRNO(with([](auto& f) { f.queue_id = 99; }), ENOENT);
    EXPECT_ERRNO(wait_fences(client.device, {}, false, 0), EINVAL);
    EXPECT_ERRNO(wait_fences(client.device, std::vector(1025, good), false, 0), EINVAL);
    EXPECT_ERRNO(wait_fences(other, {good}, false, 0), ENOENT);
    for (uint32_t count : {1u, 2u}) {
        for (uint32_t stride : {0u, 8u, 16u, 28u, 8192u}) {
            drm_acc_wait_fence w{};
            w.fences = {
                .stride = stride, .count = count, .array = reinterpret_cast<uint64_t>(&good)};
            EXPECT_ERRNO(client.device.call(DRM_IOCTL_ACC_WAIT_FENCE, w), EINVAL) << stride;
        }
        drm_acc_wait_fence w{};
        w.fences = {.stride = sizeof good, .count = count, .array = 64};
        EXPECT_ERRNO(client.device.call(DRM_IOCTL_ACC_WAIT_FENCE, w), EFAULT);
        // A newer program's structure: what we do not know must be zero.
        struct Longer {
            drm_acc_user_fence fence;
            uint64_t more;
        } longer[2] = {{good, 0}, {good, 0}};
        w.fences = DRM_ACC_OBJ_ARRAY(count, longer);
        EXPECT_ERRNO(client.device.call(DRM_IOCTL_ACC_WAIT_FENCE, w), 0);
        longer[count - 1].more = 1;
        EXPECT_ERRNO(client.device.call(DRM_IOCTL_ACC_WAIT_FENCE, w), E2BIG);
    }
}

// --- eventfds
// ------------------------------------------------------------------------------------------------------------

/// An eventfd and what it has counted.
class Event {
  public:
    Event() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
    Event(Event&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    ~Event() {
        if (fd_ >= 0) close(fd_);
    }
    int fd() const { return fd_; }
    /// Waits for it; false when nothing comes.
    bool wait(double seconds = kPatience) const {
        pollfd p{.fd = fd_, .events = POLLIN, .revents = 0};
        return poll(&p, 1, static_cast<int>(seconds * 1000)) == 1;
    }
    /// What it has counted since the last look.
    uint64_t count() const {
        uint64_t n = 0;
        return read(fd_, &n, sizeof n) == sizeof n ? n : 0;
    }

  private:
    int fd_;
};

int fence_eventfd(const Device& device, uint32_t queue, const Bo& bo, uint64_t offset,
                  uint64_t value, int fd) {
    drm_acc_fence_eventfd f{};
    f.queue_id = queue;
    f.bo_handle = bo.handle();
    f.fd = fd;
    f.bo_offset = offset;
    f.value = value;
    return device.call(DRM_IOCTL_ACC_FENCE_EVENTFD, f);
}

TEST(FenceEventfd, IsSignalledOnceWhenAPacketHasStoredTheValue) {
    Client client;
    for (uint32_t placement : {DRM_ACC_BO_SYSTEM, DRM_ACC_BO_VRAM}) {
        Event event;
        Buffer fence = client.allocate(kPage, placement);
        ASSERT_ERRNO(fence_eventfd(client.device, client.queue.id(), fence.bo, 64, 5, event.fd()),
                     0);
        ASSERT_EQ(client.queue.run(write_value(fence.va + 64, 4)), 0);
        EXPECT_FALSE(event.wait(0.02));
        ASSERT_EQ(client.queue.run(write_value(fence.va + 64, 6)), 0);
        EXPECT_TRUE(event.wait());
        ASSERT_EQ(client.queue.run(write_value(fence.va + 64, 7)), 0);
        EXPECT_EQ(event.count(), 1u);
    }
}

TEST(FenceEventfd, IsSignalledAtOnceWhenTheValueIsThere) {
    Client client;
    Event event;
    client.queue.signal(9) = 100;
    ASSERT_ERRNO(fence_eventfd(client.device, client.queue.id(), client.queue.memory(),
                               client.queue.signal_offset(9), 100, event.fd()),
                 0);
    EXPECT_EQ(event.count(), 1u);
}

TEST(FenceEventfd, ManyOnOneQueue) {
    Client client;
    std::vector<Event> events(40);
    for (uint64_t i = 0; i < 40; i++)
        ASSERT_ERRNO(fence_eventfd(client.device, client.queue.id(), client.queue.memory(),
                                   client.queue.signal_offset(9), i + 1, events[i].fd()),
                     0);
    for (uint64_t i : {10u, 11u, 40u}) {
        ASSERT_EQ(client.queue.run(write_value(client.queue.signal_va(9), i)), 0);
        EXPECT_TRUE(events[i - 1].wait());
        if (i < 40) EXPECT_EQ(events[i].count(), 0u);
    }
    for (auto& event : events)
        EXPECT_EQ(event.count(), 1u);
}

TEST(FenceEventfd, OneEventfdForFencesOfSeveralQueues) {
    Runners r(4);
    Event event;
    for (auto& queue : r.queues)
        ASSERT_ERRNO(fence_eventfd(r.device, queue->id(), queue->memory(), queue->signal_offset(2),
                                   1, event.fd()),
                     0);
    uint64_t seen = 0;
    for (unsigned i = 0; i < 4; i++) {
        EXPECT_EQ(event.count(), 0u);
        r.let_go(i);
        EXPECT_TRUE(event.wait());
        seen += event.count();
    }
    EXPECT_EQ(seen, 4u);
}

TEST(FenceEventfd, IsSignalledWhenTheQueueStopsOrHasStopped) {
    for (int how = 0; how < 2; how++) {
        Client client;
        Event event, late;
        ASSERT_ERRNO(fence_eventfd(client.device, client.queue.id(), client.queue.memory(),
                                   client.queue.signal_offset(9), 1, event.fd()),
                     0);
        if (how == 0) {
            client.queue.destroy();
        } else {
            client.queue.submit(write_value(0x123000, 1)); // faults
            EXPECT_ERRNO(client.queue.wait(), ECANCELED);
            ASSERT_ERRNO(fence_eventfd(client.device, client.queue.id(), client.queue.memory(),
                                       client.queue.signal_offset(9), 1, late.fd()),
                         0);
            EXPECT_EQ(late.count(), 1u);
        }
        EXPECT_TRUE(event.wait()) << how;
        EXPECT_EQ(event.count(), 1u);
    }
}

TEST(FenceEventfd, TheFileMayBeClosedWhileItIsPending) {
    const uint64_t used = settled_vram(Device());
    Event event;
    {
        Client client;
        Bo fence(client.device, kPage, DRM_ACC_BO_VRAM);
        ASSERT_ERRNO(fence_eventfd(client.device, client.queue.id(), fence, 0, 1, event.fd()), 0);
        fence.close();
        Event gone; // the program's descriptor may go, too
        ASSERT_ERRNO(fence_eventfd(client.device, client.queue.id(), client.queue.memory(),
                                   client.queue.signal_offset(9), 1, gone.fd()),
                     0);
    }
    EXPECT_TRUE(event.wait());
    Device device;
    EXPECT_EQ(wait_for_vram(device, used), used);
}

TEST(FenceEventfd, InvalidArguments) {
    Client client;
    Device other;
    Bo bo(client.device, kPage, DRM_ACC_BO_SYSTEM);
    Event event;
    drm_acc_fence_eventfd good{};
    good.queue_id = client.queue.id();
    good.bo_handle = bo.handle();
    good.fd = event.fd();
    good.value = 1;
    const auto changed = [&](const std::function<void(drm_acc_fence_eventfd&)>& change) {
        drm_acc_fence_eventfd f = good;
        change(f);
        return client.device.call(DRM_IOCTL_ACC_FENCE_EVENTFD, f);
    };
    EXPECT_ERRNO(changed([](auto& f) { f.bo_offset = kPage - 8; }), 0);
    for (uint32_t id : {0u, 2u, ~0u})
        EXPECT_ERRNO(changed([&](auto& f) { f.queue_id = id; }), ENOENT) << id;
    for (unsigned bit = 0; bit < 32; bit++)
        EXPECT_ERRNO(changed([&](auto& f) { f.flags = 1u << bit; }), EINVAL) << bit;
    for (uint32_t handle : {0u, 7777u, ~0u})
        EXPECT_ERRNO(changed([&](auto& f) { f.bo_handle = handle; }), ENOENT) << handle;
    for (uint64_t offset : {1ull, 4ull, 7ull, 4096ull, 4092ull, 1ull << 40, ~0ull - 7, ~0ull})
        EXPECT_ERRNO(changed([&](auto& f) { f.bo_offset = offset; }), EINVAL) << offset;
    for (int fd : {-1, 9999})
        EXPECT_ERRNO(changed([&](auto& f) { f.fd = fd; }), EBADF) << fd;
    EXPECT_ERRNO(changed([&](auto& f) { f.fd = client.device.fd(); }), EINVAL) << "no eventfd";
    EXPECT_ERRNO(other.call(DRM_IOCTL_ACC_FENCE_EVENTFD, good), ENOENT);
    int e = 0;
    for (int pending = 1; pending <= 1024 && e == 0; pending++)
        e = changed([](auto&) {});
    EXPECT_ERRNO(e, EBUSY) << "1024 are pending";
    client.queue.destroy();
    EXPECT_EQ(event.count(), 1024u) << "each of them has signalled";
}

// --- what others wait for
// ------------------------------------------------------------------------------------------------

/// Puts a fence into a buffer's reservation, as a compositor or a driver does.
int put_into_reservation(int dma_buf, int sync_file) {
    dma_buf_import_sync_file import{.flags = DMA_BUF_SYNC_WRITE, .fd = sync_file};
    return call(dma_buf, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &import);
}

/// A buffer that is not ours.
int foreign_buffer() {
    const int heap = open("/dev/dma_heap/system", O_RDWR | O_CLOEXEC);
    dma_heap_allocation_data data{};
    data.len = kPage;
    data.fd_flags = O_RDWR | O_CLOEXEC;
    const int e = heap < 0 ? errno : call(heap, DMA_HEAP_IOCTL_ALLOC, &data);
    if (heap >= 0) close(heap);
    return e ? -1 : static_cast<int>(data.fd);
}

TEST(Promise, NoFenceFollowsWhatAProgramMustDo) {
    // A queue that will never store anything: no way leads from its fences into a sync object, and
    // so none into a reservation.
    Client client;
    const Code code = client.code(kEndless);
    client.queue.submit(dispatch(code.kernel(), client.arguments.va));
    Syncobj object(client.device);
    for (uint64_t point : {0ull, 5ull})
        EXPECT_ERRNO(queue_sync(client.device, client.queue.id(), {object.signal_to(point)},
                                client.queue.memory(), client.queue.signal_offset(9), 1),
                     EINVAL);
    int fd = -1;
    EXPECT_NE(drmSyncobjExportSyncFile(client.device.fd(), object.handle(), &fd), 0)
        << "there is no fence in it";
}

TEST(Promise, AThirdProcessIsNeverHeldUpByAProgram) {
    // What a bind signals may go into anybody's reservation: the queue that runs for ever, and the
    // process that is stopped in the middle of everything, do not keep it from signalling.
    const int foreign = foreign_buffer();
    ASSERT_GE(foreign, 0) << "no /dev/dma_heap/system";
    Child holder([&](Line& line) {
        Client client;
        const Code code = client.code(kEndless);
        client.queue.submit(dispatch(code.kernel(), client.arguments.va, 100, 256));
        Gate gate;
        Syncobj before = gate.object(client.device), done(client.device);
        Buffer own = client.allocate(kPage, DRM_ACC_BO_SYSTEM);
        const int shared = own.bo.export_fd();
        ASSERT_ERRNO(bind_later(client.vm, map_op(own.bo.handle(), client.vm.reserve(kPage), kPage),
                                {before.wait_for(), done.signal_to()}),
                     0);
        // The process also waits for it on its queue, behind the kernel that does not end.
        ASSERT_ERRNO(queue_sync(client.device, client.queue.id(), {done.wait_for()},
                                client.queue.memory(), client.queue.signal_offset(9), 1),
                     0);
        int file = -1;
        ASSERT_EQ(drmSyncobjExportSyncFile(client.device.fd(), done.handle(), &file), 0);
        for (int buffer : {foreign, shared})
            ASSERT_ERRNO(put_into_reservation(buffer, file), 0);
        line.send(1);
        line.receive();
        gate.open(); // what the bind waits for is the kernel's promise, too
        line.send(2);
        for (;;)
            pause();
    });
    ASSERT_TRUE(holder.line().receive().has_value());
    pollfd p{.fd = foreign, .events = POLLIN | POLLOUT, .revents = 0};
    EXPECT_EQ(poll(&p, 1, 20), 0) << "the fence is there and has not signalled";
    holder.line().send(0);
    ASSERT_TRUE(holder.line().receive().has_value());
    EXPECT_EQ(poll(&p, 1, static_cast<int>(kPatience * 1000)), 1);
    close(foreign);
}

} // namespace
} // namespace acc::kmd
