// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sync objects: asynchronous binds that wait and signal, user fences that follow sync objects.
// (User fences themselves: fence_test.cpp.)
#include <gtest/gtest.h>

#include <functional>
#include <linux/sync_file.h>
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

/// A client with a gate: a sync object that signals when open() was called.
struct GatedClient : Client {
    Gate fence;
    Syncobj gate = fence.object(device);

    void open() { fence.open(); }
    /// Can the device read there? Asked with a queue of its own, which may fault.
    bool readable(uint64_t va) {
        Queue probe(device, vm);
        const int e = probe.run(copy(probe.signal_va(4), va, 8));
        if (e != 0) vm.wait_fault();
        return e == 0;
    }
};

/// How a fence ended: 1 without error, 0 not yet, negative the error.
int fence_status(const Device& device, const Syncobj& object) {
    int fd = -1;
    if (drmSyncobjExportSyncFile(device.fd(), object.handle(), &fd)) return -errno;
    sync_file_info info{};
    const int e = ioctl(fd, SYNC_IOC_FILE_INFO, &info) ? -errno : info.status;
    close(fd);
    return e;
}

// --- asynchronous binds
// ---------------------------------------------------------------------------------------------------

TEST(AsyncBind, HappensAfterWhatItWaitsFor) {
    GatedClient client;
    Syncobj done(client.device);
    Bo bo(client.device, kPage, DRM_ACC_BO_SYSTEM);
    const uint64_t va = client.vm.reserve(kPage);
    ASSERT_ERRNO(bind_later(client.vm, map_op(bo.handle(), va, kPage),
                            {client.gate.wait_for(), done.signal_to()}),
                 0);
    pause_ms(20);
    EXPECT_FALSE(done.signalled());
    EXPECT_FALSE(client.readable(va));
    client.open();
    EXPECT_ERRNO(done.wait(), 0);
    EXPECT_TRUE(client.readable(va));
    EXPECT_EQ(fence_status(client.device, done), 1);
}

TEST(AsyncBind, ABufferMayBeClosedBeforeItHappens) {
    GatedClient client;
    Syncobj done(client.device);
    Bo bo(client.device, kPage, DRM_ACC_BO_VRAM);
    *bo.at<uint64_t>() = 0x1234;
    const uint64_t va = client.vm.reserve(kPage);
    ASSERT_ERRNO(bind_later(client.vm, map_op(bo.handle(), va, kPage),
                            {client.gate.wait_for(), done.signal_to()}),
                 0);
    bo.close();
    client.open();
    ASSERT_ERRNO(done.wait(), 0);
    ASSERT_EQ(client.queue.run(copy(client.queue.signal_va(5), va, 8)), 0);
    EXPECT_EQ(client.queue.signal(5), 0x1234u);
}

TEST(AsyncBind, WithoutSyncObjectsItHappensSoon) {
    Client client;
    Bo bo(client.device, kPage, DRM_ACC_BO_SYSTEM);
    const uint64_t va = client.vm.reserve(kPage);
    const drm_acc_vm_bind_op ops[] = {map_op(bo.handle(), va, kPage), unmap_op(va, kPage),
                                      map_op(bo.handle(), va, kPage)};
    ASSERT_ERRNO(client.vm.try_bind(ops, DRM_ACC_VM_BIND_ASYNC), 0);
    Syncobj done(client.device);
    drm_acc_vm_bind_op sync_only{};
    sync_only.type = DRM_ACC_VM_BIND_OP_SYNC_ONLY;
    ASSERT_ERRNO(bind_later(client.vm, sync_only, {done.signal_to()}), 0);
    ASSERT_ERRNO(done.wait(), 0);
    EXPECT_EQ(client.queue.run(fill(va, 8, kPage)), 0);
    EXPECT_EQ(bo.at<uint32_t>()[5], 8u);
}

TEST(AsyncBind, SyncOnlyComesAfterAllEarlierBinds) {
    GatedClient client;
    Syncobj done(client.device);
    Bo bo(client.device, kPage, DRM_ACC_BO_SYSTEM);
    ASSERT_ERRNO(bind_later(client.vm, map_op(bo.handle(), client.vm.reserve(kPage), kPage),
                            {client.gate.wait_for()}),
                 0);
    drm_acc_vm_bind_op sync_only{};
    sync_only.type = DRM_ACC_VM_BIND_OP_SYNC_ONLY;
    ASSERT_ERRNO(bind_later(client.vm, sync_only, {done.signal_to()}), 0);
    pause_ms(20);
    EXPECT_FALSE(done.signalled());
    client.open();
    EXPECT_ERRNO(done.wait(), 0);
}

TEST(AsyncBind, ACycleCannotBeBuilt) {
    // A bind can only wait for something that is under way already, so nothing can wait for its own
    // future.
    Client client;
    Syncobj never(client.device);
    Bo bo(client.device, kPage, DRM_ACC_BO_SYSTEM);
    const drm_acc_vm_bind_op op = map_op(bo.handle(), client.vm.reserve(kPage), kPage);
    EXPECT_ERRNO(bind_later(client.vm, op, {never.wait_for(), never.signal_to()}), EINVAL);
    EXPECT_ERRNO(bind_later(client.vm, op, {never.wait_for()}), EINVAL);
    EXPECT_ERRNO(bind_later(client.vm, op, {never.wait_for(5)}), EINVAL);
    EXPECT_ERRNO(bind_later(client.vm, op, {never.signal_to()}), 0);
    EXPECT_ERRNO(bind_later(client.vm, op, {never.wait_for()}), 0) << "now it is under way";
}

TEST(AsyncBind, OneWrongOperationAndNothingHappens) {
    GatedClient client;
    Bo bo(client.device, kPage, DRM_ACC_BO_SYSTEM);
    const uint64_t va = client.vm.reserve(4 * kPage);
    Syncobj done(client.device), after(client.device);
    const drm_acc_sync signal = done.signal_to();
    drm_acc_vm_bind_op ops[] = {map_op(bo.handle(), va, kPage), map_op(bo.handle(), va, kPage),
                                map_op(bo.handle(), va + 1, kPage)};
    ops[0].syncs = DRM_ACC_OBJ_ARRAY(1, &signal);
    EXPECT_ERRNO(client.vm.try_bind(ops, DRM_ACC_VM_BIND_ASYNC), EINVAL);
    ops[2] = map_op(77777, va, kPage);
    EXPECT_ERRNO(client.vm.try_bind(ops, DRM_ACC_VM_BIND_ASYNC), ENOENT);
    drm_acc_vm_bind_op sync_only{};
    sync_only.type = DRM_ACC_VM_BIND_OP_SYNC_ONLY;
    ASSERT_ERRNO(bind_later(client.vm, sync_only, {after.signal_to()}), 0);
    ASSERT_ERRNO(after.wait(), 0);
    EXPECT_FALSE(client.readable(va));
    EXPECT_EQ(fence_status(client.device, done), -EINVAL) << "the sync object was not touched";
    EXPECT_EQ(client.vm.state().state, uint32_t{DRM_ACC_VM_STATE_USABLE});
}

TEST(AsyncBind, ManyPointsOfATimeline) {
    GatedClient client;
    Syncobj line(client.device);
    Bo bo(client.device, kPage, DRM_ACC_BO_SYSTEM);
    const uint64_t va = client.vm.reserve(32 * kPage);
    for (uint64_t i = 1; i <= 32; i++) {
        std::vector<drm_acc_sync> syncs{line.signal_to(10 * i)};
        syncs.push_back(i == 1 ? client.gate.wait_for() : line.wait_for(10 * (i - 1)));
        ASSERT_ERRNO(bind_later(client.vm, map_op(bo.handle(), va + (i - 1) * kPage, kPage), syncs),
                     0);
    }
    EXPECT_EQ(line.point(), 0u);
    client.open();
    EXPECT_ERRNO(line.wait(kPatience, 320), 0);
    EXPECT_EQ(line.point(), 320u);
    EXPECT_TRUE(client.readable(va + 31 * kPage));
}

TEST(AsyncBind, ClosingTheFileWithBindsThatStillWait) {
    const uint64_t used = settled_vram(Device());
    Child child([](Line&) {
        GatedClient client;
        Bo bo(client.device, 16 * kPage, DRM_ACC_BO_VRAM);
        for (int i = 0; i < 50; i++)
            ASSERT_ERRNO(bind_later(client.vm, map_op(bo.handle(), client.vm.reserve(kPage), kPage),
                                    {client.gate.wait_for()}),
                         0);
        _exit(0);
    });
    EXPECT_EQ(child.join(), 0);
    Device device;
    EXPECT_EQ(wait_for_vram(device, used), used);
}

TEST(AsyncBind, WhatMayBePendingIsLimited) {
    GatedClient client;
    const drm_acc_sync wait = client.gate.wait_for();
    std::vector<drm_acc_vm_bind_op> ops(65536, unmap_op(client.vm.reserve(kPage), kPage));
    ops[0].syncs = DRM_ACC_OBJ_ARRAY(1, &wait);
    for (int i = 0; i < 4; i++)
        ASSERT_ERRNO(client.vm.try_bind(ops, DRM_ACC_VM_BIND_ASYNC), 0) << i;
    EXPECT_ERRNO(client.vm.try_bind(ops, DRM_ACC_VM_BIND_ASYNC), EBUSY)
        << "more than the 262144 of the header";
}

TEST(AsyncBind, DestroyingTheAddressSpaceEndsWhatWaits) {
    GatedClient client;
    Syncobj done(client.device);
    Bo bo(client.device, kPage, DRM_ACC_BO_SYSTEM);
    {
        Vm vm(client.device);
        ASSERT_ERRNO(bind_later(vm, map_op(bo.handle(), vm.reserve(kPage), kPage),
                                {client.gate.wait_for(), done.signal_to()}),
                     0);
    }
    EXPECT_ERRNO(done.wait(), 0);
    EXPECT_EQ(fence_status(client.device, done), -ECANCELED);
    EXPECT_FALSE(client.gate.signalled());
}

TEST(AsyncBind, WaitsForAnotherProcess) {
    GatedClient one;
    int fd = -1;
    ASSERT_EQ(drmSyncobjHandleToFD(one.device.fd(), one.gate.handle(), &fd), 0);
    Child child([&](Line& line) {
        Client two; // an open of its own; only the descriptor of the sync object is inherited
        uint32_t here = 0;
        ASSERT_EQ(drmSyncobjFDToHandle(two.device.fd(), fd, &here), 0);
        Bo bo(two.device, kPage, DRM_ACC_BO_SYSTEM);
        Syncobj done(two.device);
        const uint64_t va = two.vm.reserve(kPage);
        ASSERT_ERRNO(
            bind_later(two.vm, map_op(bo.handle(), va, kPage),
                       {{.flags = 0, .handle = here, .timeline_value = 0}, done.signal_to()}),
            0);
        pause_ms(10);
        EXPECT_FALSE(done.signalled());
        line.send(1);
        EXPECT_ERRNO(done.wait(), 0);
        EXPECT_EQ(two.queue.run(fill(va, 1, kPage)), 0);
        drmSyncobjDestroy(two.device.fd(), here);
    });
    EXPECT_TRUE(child.line().receive().has_value());
    one.open();
    EXPECT_EQ(child.join(), 0);
    close(fd);
}

TEST(AsyncBind, ItsFenceOutlivesItsFile) {
    int fd = -1;
    const Gate closed;
    {
        Client client;
        Syncobj gate = closed.object(client.device), done(client.device);
        Bo bo(client.device, kPage, DRM_ACC_BO_SYSTEM);
        ASSERT_ERRNO(bind_later(client.vm, map_op(bo.handle(), client.vm.reserve(kPage), kPage),
                                {gate.wait_for(), done.signal_to()}),
                     0);
        ASSERT_EQ(drmSyncobjExportSyncFile(client.device.fd(), done.handle(), &fd), 0);
    }
    pollfd p{.fd = fd, .events = POLLIN, .revents = 0};
    EXPECT_EQ(poll(&p, 1, kPatience * 1000), 1);
    sync_file_info info{};
    EXPECT_EQ(ioctl(fd, SYNC_IOC_FILE_INFO, &info), 0);
    EXPECT_EQ(info.status, -ECANCELED);
    close(fd);
}

TEST(AsyncBind, AnEventCounterHearsOfItsEnd) {
    // DRM_IOCTL_SYNCOBJ_EVENTFD, which libdrm's headers of Debian 12 do not have yet.
    struct {
        uint32_t handle, flags;
        uint64_t point;
        int32_t fd;
        uint32_t pad;
    } request{};
    GatedClient client;
    Syncobj line(client.device);
    const int event = eventfd(0, EFD_CLOEXEC);
    request.handle = line.handle();
    request.point = 3;
    request.fd = event;
    ASSERT_ERRNO(call(client.device.fd(), DRM_IOWR(0xCF, request), &request), 0);
    Bo bo(client.device, kPage, DRM_ACC_BO_SYSTEM);
    ASSERT_ERRNO(bind_later(client.vm, map_op(bo.handle(), client.vm.reserve(kPage), kPage),
                            {client.gate.wait_for(), line.signal_to(3)}),
                 0);
    pollfd p{.fd = event, .events = POLLIN, .revents = 0};
    EXPECT_EQ(poll(&p, 1, 20), 0);
    client.open();
    EXPECT_EQ(poll(&p, 1, kPatience * 1000), 1);
    close(event);
}

TEST(AsyncBind, ItsSyncFileCanBeMergedAndImported) {
    GatedClient client;
    Syncobj done(client.device), back(client.device);
    Bo bo(client.device, kPage, DRM_ACC_BO_SYSTEM);
    ASSERT_ERRNO(bind_later(client.vm, map_op(bo.handle(), client.vm.reserve(kPage), kPage),
                            {client.gate.wait_for(), done.signal_to()}),
                 0);
    int fd = -1;
    ASSERT_EQ(drmSyncobjExportSyncFile(client.device.fd(), done.handle(), &fd), 0);
    ASSERT_EQ(drmSyncobjImportSyncFile(client.device.fd(), back.handle(), fd), 0);
    pollfd p{.fd = fd, .events = POLLIN, .revents = 0};
    EXPECT_EQ(poll(&p, 1, 10), 0);
    EXPECT_FALSE(back.signalled());
    client.open();
    EXPECT_EQ(poll(&p, 1, kPatience * 1000), 1);
    EXPECT_ERRNO(back.wait(), 0);
    sync_fence_info fence{};
    sync_file_info info{};
    info.num_fences = 1;
    info.sync_fence_info = reinterpret_cast<uint64_t>(&fence);
    EXPECT_EQ(ioctl(fd, SYNC_IOC_FILE_INFO, &info), 0);
    EXPECT_EQ(info.status, 1);
    EXPECT_STREQ(fence.driver_name, "acc");
    close(fd);
}

// --- user fences that follow sync objects
// ---------------------------------------------------------------------------------

TEST(QueueSync, StoresTheValueWhenAllHaveSignalled) {
    for (uint32_t placement : {DRM_ACC_BO_SYSTEM, DRM_ACC_BO_VRAM}) {
        Client client;
        Gate first, second;
        Syncobj one = first.object(client.device), two = second.object(client.device);
        Buffer gate = client.allocate(kPage, placement);
        ASSERT_ERRNO(queue_sync(client.device, client.queue.id(), {one.wait_for(), two.wait_for()},
                                gate.bo, 128, 33),
                     0);
        client.queue.submit(wait_value(gate.va + 128, 33));
        EXPECT_ERRNO(client.queue.wait_for(client.queue.written(), 0.02), ETIME);
        first.open();
        EXPECT_ERRNO(one.wait(), 0);
        EXPECT_ERRNO(client.queue.wait_for(client.queue.written(), 0.02), ETIME) << "one of two";
        EXPECT_EQ(*gate.at<uint64_t>(128), 0u);
        second.open();
        EXPECT_ERRNO(client.queue.wait(), 0);
        EXPECT_EQ(*gate.at<uint64_t>(128), 33u);
        // Once more, with what has signalled already.
        ASSERT_ERRNO(queue_sync(client.device, client.queue.id(), {one.wait_for(), two.wait_for()},
                                gate.bo, 128, 34),
                     0);
        client.queue.submit(wait_value(gate.va + 128, 34));
        EXPECT_ERRNO(client.queue.wait(), 0);
    }
}

TEST(QueueSync, FollowsAPointOfATimeline) {
    GatedClient client;
    Syncobj line(client.device);
    Bo bo(client.device, kPage, DRM_ACC_BO_SYSTEM);
    ASSERT_ERRNO(bind_later(client.vm, map_op(bo.handle(), client.vm.reserve(kPage), kPage),
                            {client.gate.wait_for(), line.signal_to(7)}),
                 0);
    ASSERT_ERRNO(queue_sync(client.device, client.queue.id(), {line.wait_for(7)},
                            client.queue.memory(), client.queue.signal_offset(9), 1),
                 0);
    client.queue.submit(wait_value(client.queue.signal_va(9), 1));
    EXPECT_ERRNO(client.queue.wait_for(client.queue.written(), 0.02), ETIME);
    client.open();
    EXPECT_ERRNO(client.queue.wait(), 0);
}

TEST(QueueSync, TheStoreHappensEvenAfterAnError) {
    GatedClient client;
    Syncobj done(client.device);
    Bo bo(client.device, kPage, DRM_ACC_BO_SYSTEM);
    {
        Vm doomed(client.device);
        ASSERT_ERRNO(bind_later(doomed, map_op(bo.handle(), doomed.reserve(kPage), kPage),
                                {client.gate.wait_for(), done.signal_to()}),
                     0);
        ASSERT_ERRNO(queue_sync(client.device, client.queue.id(), {done.wait_for()},
                                client.queue.memory(), client.queue.signal_offset(9), 12),
                     0);
        EXPECT_EQ(client.queue.signal(9), 0u);
    }
    EXPECT_EQ(fence_status(client.device, done), -ECANCELED);
    client.queue.submit(wait_value(client.queue.signal_va(9), 12));
    EXPECT_ERRNO(client.queue.wait(), 0);
}

TEST(QueueSync, InvalidArguments) {
    Client client;
    Device other;
    Bo bo(client.device, kPage, DRM_ACC_BO_SYSTEM);
    Syncobj object(client.device);
    object.signal();
    const drm_acc_sync wait = object.wait_for(), signal = object.signal_to();
    drm_acc_queue_sync good{};
    good.queue_id = client.queue.id();
    good.syncs = DRM_ACC_OBJ_ARRAY(1, &wait);
    good.bo_handle = bo.handle();
    const auto changed = [&](const std::function<void(drm_acc_queue_sync&)>& change) {
        drm_acc_queue_sync s = good;
        change(s);
        return client.device.call(DRM_IOCTL_ACC_QUEUE_SYNC, s);
    };
    const auto with = [&](drm_acc_sync sync) {
        return changed([&](auto& s) { s.syncs = DRM_ACC_OBJ_ARRAY(1, &sync); });
    };
    EXPECT_ERRNO(changed([](auto&) {}), 0);
    EXPECT_ERRNO(changed([](auto& s) { s.bo_offset = kPage - 8; }), 0);
    for (uint32_t id : {0u, 2u, ~0u})
        EXPECT_ERRNO(changed([&](auto& s) { s.queue_id = id; }), ENOENT) << id;
    for (unsigned bit = 0; bit < 32; bit++)
        EXPECT_ERRNO(changed([&](auto& s) { s.flags = 1u << bit; }), EINVAL) << bit;
    EXPECT_ERRNO(changed([](auto& s) { s.pad = 1; }), EINVAL);
    for (uint32_t handle : {0u, 7777u, ~0u})
        EXPECT_ERRNO(changed([&](auto& s) { s.bo_handle = handle; }), ENOENT) << handle;
    for (uint64_t offset : {1ull, 4ull, 7ull, 4096ull, 4092ull, 1ull << 40, ~0ull - 7, ~0ull})
        EXPECT_ERRNO(changed([&](auto& s) { s.bo_offset = offset; }), EINVAL) << offset;
    EXPECT_ERRNO(changed([](auto& s) { s.syncs.count = 0; }), EINVAL);
    std::vector<drm_acc_sync> many(1025, signal);
    EXPECT_ERRNO(changed([&](auto& s) { s.syncs = DRM_ACC_OBJ_ARRAY(1025u, many.data()); }),
                 EINVAL);
    EXPECT_ERRNO(changed([&](auto& s) { s.syncs.count = ~0u; }), EINVAL);
    for (uint32_t stride : {0u, 8u, 12u, 20u, 8192u})
        EXPECT_ERRNO(changed([&](auto& s) { s.syncs.stride = stride; }), EINVAL) << stride;
    for (uint64_t pointer : {0ull, 64ull, 0xffff'8880'0000'0000ull})
        EXPECT_ERRNO(changed([&](auto& s) { s.syncs.array = pointer; }), EFAULT);
    const drm_acc_sync mixed[] = {wait, signal};
    EXPECT_ERRNO(changed([&](auto& s) { s.syncs = DRM_ACC_OBJ_ARRAY(2, mixed); }), EINVAL);
    EXPECT_ERRNO(with(signal), EINVAL) << "a user fence never becomes a dma-fence";
    EXPECT_ERRNO(with({.flags = 2, .handle = object.handle(), .timeline_value = 0}), EINVAL);
    EXPECT_ERRNO(with({.flags = 256, .handle = object.handle(), .timeline_value = 0}), EINVAL);
    EXPECT_ERRNO(with({.flags = 0, .handle = object.handle(), .timeline_value = 5}), EINVAL);
    EXPECT_ERRNO(with({.flags = 1, .handle = object.handle(), .timeline_value = 0}), EINVAL);
    EXPECT_ERRNO(with({.flags = 0, .handle = 999, .timeline_value = 0}), ENOENT);
    EXPECT_ERRNO(with({.flags = uint32_t(DRM_ACC_SYNC_SIGNAL), .handle = 0, .timeline_value = 0}),
                 ENOENT);
    Syncobj empty(client.device);
    EXPECT_ERRNO(with(empty.wait_for()), EINVAL) << "nothing under way";
    EXPECT_ERRNO(other.call(DRM_IOCTL_ACC_QUEUE_SYNC, good), ENOENT);
    struct {
        drm_acc_sync sync;
        uint64_t more;
    } longer{wait, 0};
    EXPECT_ERRNO(changed([&](auto& s) { s.syncs = DRM_ACC_OBJ_ARRAY(1, &longer); }), 0);
    longer.more = 1;
    EXPECT_TRUE(one_of(changed([&](auto& s) { s.syncs = DRM_ACC_OBJ_ARRAY(1, &longer); }),
                       {EINVAL, E2BIG}));
}

} // namespace
} // namespace acc::kmd
