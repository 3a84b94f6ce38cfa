// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arguments of the ioctls about address spaces and buffers, and of mmap. What binding does:
// bind_test.cpp.
#include <gtest/gtest.h>

#include <fcntl.h>
#include <functional>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>

#include "tests/kmd/device.h"
#include "tests/kmd/driver_state.h"
#include "tests/kmd/expect.h"
#include "tests/kmd/process.h"

namespace acc::kmd {
namespace {

// --- address spaces
// -------------------------------------------------------------------------------------------------------

int create_vm(const Device& device, uint64_t base, uint64_t bytes, uint32_t flags = 0) {
    drm_acc_vm_create create{};
    create.va_base = base;
    create.va_bytes = bytes;
    create.flags = flags;
    const int e = device.call(DRM_IOCTL_ACC_VM_CREATE, create);
    if (e == 0) {
        EXPECT_NE(create.vm_id, 0u);
        drm_acc_vm_destroy destroy{.vm_id = create.vm_id, .pad = 0};
        EXPECT_ERRNO(device.call(DRM_IOCTL_ACC_VM_DESTROY, destroy), 0);
    }
    return e;
}

TEST(VmCreate, ValidWindows) {
    Device device;
    const uint64_t largest = device.info().va_window_bytes;
    EXPECT_ERRNO(create_vm(device, 0, kPage), 0);
    EXPECT_ERRNO(create_vm(device, kPage, kPage), 0);
    EXPECT_ERRNO(create_vm(device, 0x7f00'1234'5000, 1ull << 32), 0);
    EXPECT_ERRNO(create_vm(device, 1ull << 40, largest), 0);
    EXPECT_ERRNO(create_vm(device, (1ull << 48) - (1 << 20), 1 << 19), 0);
}

TEST(VmCreate, InvalidWindows) {
    Device device;
    const uint64_t largest = device.info().va_window_bytes;
    EXPECT_ERRNO(create_vm(device, kVaBase, 0), EINVAL);
    EXPECT_ERRNO(create_vm(device, kVaBase + 1, kPage), EINVAL);
    EXPECT_ERRNO(create_vm(device, kVaBase + 2048, kPage), EINVAL);
    EXPECT_ERRNO(create_vm(device, kVaBase, kPage + 1), EINVAL);
    EXPECT_ERRNO(create_vm(device, kVaBase, 100), EINVAL);
    EXPECT_ERRNO(create_vm(device, kVaBase, largest + kPage), EINVAL);
    EXPECT_ERRNO(create_vm(device, kVaBase, 1ull << 63), EINVAL);
    EXPECT_ERRNO(create_vm(device, (1ull << 48) - kPage, 2 * kPage), EINVAL) << "beyond va_bits";
    EXPECT_ERRNO(create_vm(device, 1ull << 48, kPage), EINVAL);
    EXPECT_ERRNO(create_vm(device, 0xffff'8000'0000'0000, kPage), EINVAL);
    EXPECT_ERRNO(create_vm(device, ~0ull - kPage + 1, 2 * kPage), EINVAL) << "wraps around";
    EXPECT_ERRNO(create_vm(device, kVaBase, ~0ull - kPage + 1), EINVAL);
}

TEST(VmCreate, EveryFlagBitIsReserved) {
    Device device;
    for (unsigned bit = 0; bit < 32; bit++)
        EXPECT_ERRNO(create_vm(device, kVaBase, kPage, 1u << bit), EINVAL) << bit;
}

TEST(VmCreate, NumbersStartAtOneInEveryFile) {
    Device one, two;
    Vm a(one), b(two);
    EXPECT_EQ(a.id(), 1u);
    EXPECT_EQ(b.id(), 1u);
}

TEST(VmDestroy, InvalidArguments) {
    Device device, other;
    Vm vm(device);
    Vm second(device, kVaBase, 1 << 20);
    for (uint32_t id : {0u, 77u, 0xffffffffu}) {
        drm_acc_vm_destroy destroy{.vm_id = id, .pad = 0};
        EXPECT_ERRNO(device.call(DRM_IOCTL_ACC_VM_DESTROY, destroy), ENOENT) << id;
    }
    drm_acc_vm_destroy padded{.vm_id = vm.id(), .pad = 1};
    EXPECT_ERRNO(device.call(DRM_IOCTL_ACC_VM_DESTROY, padded), EINVAL);
    drm_acc_vm_destroy foreign{.vm_id = second.id(), .pad = 0};
    EXPECT_ERRNO(other.call(DRM_IOCTL_ACC_VM_DESTROY, foreign), ENOENT);
    EXPECT_EQ(vm.state().state, uint32_t{DRM_ACC_VM_STATE_USABLE});
    EXPECT_ERRNO(device.call(DRM_IOCTL_ACC_VM_DESTROY, foreign), 0);
    EXPECT_ERRNO(device.call(DRM_IOCTL_ACC_VM_DESTROY, foreign), ENOENT) << "twice";
}

TEST(VmDestroy, NotWhileItHasQueues) {
    Device device;
    Vm vm(device);
    drm_acc_vm_destroy destroy{.vm_id = vm.id(), .pad = 0};
    {
        Queue queue(device, vm);
        EXPECT_ERRNO(device.call(DRM_IOCTL_ACC_VM_DESTROY, destroy), EBUSY);
        EXPECT_EQ(queue.run(write_value(queue.signal_va(1), 3)), 0) << "and nothing happened";
    }
    EXPECT_ERRNO(device.call(DRM_IOCTL_ACC_VM_DESTROY, destroy), 0);
}

TEST(VmGetState, InvalidArguments) {
    Device device, other;
    Vm vm(device), second(device);
    drm_acc_vm_get_state state{};
    for (uint32_t id : {0u, 3u, 0xffffffffu}) {
        state.vm_id = id;
        EXPECT_ERRNO(device.call(DRM_IOCTL_ACC_VM_GET_STATE, state), ENOENT) << id;
    }
    state.vm_id = second.id();
    EXPECT_ERRNO(other.call(DRM_IOCTL_ACC_VM_GET_STATE, state), ENOENT);
    state.state = state.faults_lost = state.faults_pending = 99; // outputs: any value is fine
    EXPECT_ERRNO(device.call(DRM_IOCTL_ACC_VM_GET_STATE, state), 0);
    EXPECT_EQ(state.state, uint32_t{DRM_ACC_VM_STATE_USABLE});
    EXPECT_EQ(state.faults_lost, 0u);
    EXPECT_EQ(state.faults_pending, 0u);
}

// --- binding
// --------------------------------------------------------------------------------------------------------------

class Bind : public testing::Test {
  protected:
    Device device, other;
    Vm vm{device};
    Bo bo{device, 4 * kPage, DRM_ACC_BO_SYSTEM};
    const uint64_t va = kVaBase + 16 * kPage;
    drm_acc_vm_bind_op good = map_op(bo.handle(), va, 2 * kPage, kPage);

    int bind(drm_acc_vm_bind_op op, uint32_t flags = 0) { return vm.try_bind({&op, 1}, flags); }
    /// The good operation with one change.
    int changed(const std::function<void(drm_acc_vm_bind_op&)>& change, uint32_t flags = 0) {
        drm_acc_vm_bind_op op = good;
        change(op);
        return bind(op, flags);
    }
};

TEST_F(Bind, ValidMaps) {
    for (uint32_t flags : {0u, 1u, 2u, 3u})
        EXPECT_ERRNO(changed([&](auto& op) { op.flags = flags; }), 0);
    EXPECT_ERRNO(changed([&](auto& op) { op.va = kVaBase; }), 0) << "first page of the window";
    EXPECT_ERRNO(changed([&](auto& op) { op.va = kVaBase + kVaBytes - 2 * kPage; }), 0) << "last";
    EXPECT_ERRNO(changed([&](auto& op) { op.bo_offset = 0, op.bytes = 4 * kPage; }), 0) << "all";
    EXPECT_ERRNO(changed([&](auto& op) { op.bo_offset = 3 * kPage, op.bytes = kPage; }), 0);
}

TEST_F(Bind, ValidUnmaps) {
    EXPECT_ERRNO(bind(unmap_op(va, kPage)), 0) << "where nothing is mapped";
    EXPECT_ERRNO(bind(unmap_op(kVaBase, kVaBytes)), 0) << "the whole window";
    ASSERT_ERRNO(bind(good), 0);
    EXPECT_ERRNO(bind(unmap_op(va + kPage, kPage)), 0) << "a part";
    EXPECT_ERRNO(bind(unmap_op(va - kPage, 10 * kPage)), 0) << "more than there is";
}

TEST_F(Bind, EveryUnknownFlagBitIsRefused) {
    for (unsigned bit = 2; bit < 32; bit++)
        EXPECT_ERRNO(changed([&](auto& op) { op.flags = 1u << bit; }), EINVAL) << "map, " << bit;
    for (unsigned bit = 0; bit < 32; bit++) {
        drm_acc_vm_bind_op op = unmap_op(va, kPage);
        op.flags = 1u << bit;
        EXPECT_ERRNO(bind(op), EINVAL) << "unmap, " << bit;
    }
    for (unsigned bit = 1; bit < 32; bit++)
        EXPECT_ERRNO(bind(good, 1u << bit), EINVAL) << "bind, " << bit;
}

TEST_F(Bind, InvalidMaps) {
    EXPECT_ERRNO(changed([](auto& op) { op.type = 3; }), EINVAL);
    EXPECT_ERRNO(changed([](auto& op) { op.type = ~0u; }), EINVAL);
    EXPECT_ERRNO(changed([](auto& op) { op.pad = 1; }), EINVAL);
    EXPECT_ERRNO(changed([](auto& op) { op.va += 1; }), EINVAL);
    EXPECT_ERRNO(changed([](auto& op) { op.va += 2048; }), EINVAL);
    EXPECT_ERRNO(changed([](auto& op) { op.bytes = 0; }), EINVAL);
    EXPECT_ERRNO(changed([](auto& op) { op.bytes = 100; }), EINVAL);
    EXPECT_ERRNO(changed([](auto& op) { op.bytes += 1; }), EINVAL);
    EXPECT_ERRNO(changed([](auto& op) { op.bo_offset = 1; }), EINVAL);
    EXPECT_ERRNO(changed([](auto& op) { op.bo_offset = 512; }), EINVAL);
}

TEST_F(Bind, RangesBeyondTheBuffer) {
    EXPECT_ERRNO(changed([](auto& op) { op.bytes = 4 * kPage; }), EINVAL);
    EXPECT_ERRNO(changed([](auto& op) { op.bo_offset = 3 * kPage; }), EINVAL);
    EXPECT_ERRNO(changed([](auto& op) { op.bo_offset = 4 * kPage; }), EINVAL);
    EXPECT_ERRNO(changed([](auto& op) { op.bo_offset = ~0ull - kPage + 1; }), EINVAL) << "wraps";
    EXPECT_ERRNO(changed([](auto& op) { op.bo_offset = ~0ull - 2 * kPage + 1; }), EINVAL);
    EXPECT_ERRNO(changed([](auto& op) { op.bytes = ~0ull - kPage + 1; }), EINVAL);
    EXPECT_ERRNO(changed([](auto& op) { op.bytes = 1ull << 63; }), EINVAL);
}

TEST_F(Bind, RangesBeyondTheWindow) {
    const uint64_t end = kVaBase + kVaBytes;
    for (uint64_t where : {kVaBase - kPage, end - kPage, end, uint64_t{0}, uint64_t{1} << 48,
                           uint64_t{1} << 63, -kPage, -2 * kPage}) {
        EXPECT_ERRNO(changed([&](auto& op) { op.va = where; }), EINVAL) << std::hex << where;
        EXPECT_ERRNO(bind(unmap_op(where, 2 * kPage)), EINVAL) << std::hex << where;
    }
    EXPECT_ERRNO(bind(unmap_op(kVaBase, kVaBytes + kPage)), EINVAL);
    EXPECT_ERRNO(bind(unmap_op(kVaBase + kPage, ~0ull - kPage + 1)), EINVAL);
    EXPECT_ERRNO(bind(unmap_op(va, 0)), EINVAL);
    EXPECT_ERRNO(bind(unmap_op(va + 8, kPage)), EINVAL);
    EXPECT_ERRNO(bind(unmap_op(va, kPage + 8)), EINVAL);
}

TEST_F(Bind, UnmapHasNoBuffer) {
    drm_acc_vm_bind_op op = unmap_op(va, kPage);
    op.bo_handle = bo.handle();
    EXPECT_ERRNO(bind(op), EINVAL);
    op = unmap_op(va, kPage);
    op.bo_offset = kPage;
    EXPECT_ERRNO(bind(op), EINVAL);
    op = unmap_op(va, kPage);
    op.pad = 7;
    EXPECT_ERRNO(bind(op), EINVAL);
}

TEST_F(Bind, SyncOnlyIsForAsynchronousBindsAndHasNoRange) {
    drm_acc_vm_bind_op op{};
    op.type = DRM_ACC_VM_BIND_OP_SYNC_ONLY;
    EXPECT_ERRNO(bind(op), EINVAL) << "synchronous";
    EXPECT_ERRNO(bind(op, DRM_ACC_VM_BIND_ASYNC), 0);
    const std::function<void(drm_acc_vm_bind_op&)> changes[] = {
        [](auto& o) { o.flags = 1; }, [&](auto& o) { o.bo_handle = bo.handle(); },
        [](auto& o) { o.pad = 1; },   [](auto& o) { o.bo_offset = kPage; },
        [&](auto& o) { o.va = va; },  [](auto& o) { o.bytes = kPage; },
    };
    int n = 0;
    for (const auto& change : changes) {
        drm_acc_vm_bind_op wrong = op;
        change(wrong);
        EXPECT_ERRNO(bind(wrong, DRM_ACC_VM_BIND_ASYNC), EINVAL) << "change " << n++;
    }
}

TEST_F(Bind, UnknownObjects) {
    for (uint32_t handle : {0u, 1000u, 0xffffffffu})
        EXPECT_ERRNO(changed([&](auto& op) { op.bo_handle = handle; }), ENOENT) << handle;
    Bo foreign(other, kPage, DRM_ACC_BO_SYSTEM), foreign2(other, 4 * kPage, DRM_ACC_BO_SYSTEM);
    ASSERT_NE(foreign2.handle(), bo.handle());
    EXPECT_ERRNO(changed([&](auto& op) { op.bo_handle = foreign2.handle(); }), ENOENT);
    for (uint32_t id : {0u, 2u, 0xffffffffu}) {
        drm_acc_vm_bind bind{};
        bind.vm_id = id;
        bind.ops = DRM_ACC_OBJ_ARRAY(1, &good);
        EXPECT_ERRNO(device.call(DRM_IOCTL_ACC_VM_BIND, bind), ENOENT) << id;
    }
    drm_acc_vm_bind bind{};
    bind.vm_id = vm.id();
    bind.ops = DRM_ACC_OBJ_ARRAY(1, &good);
    EXPECT_ERRNO(other.call(DRM_IOCTL_ACC_VM_BIND, bind), ENOENT) << "another file's number";
    Bo closed(device, 4 * kPage, DRM_ACC_BO_SYSTEM);
    const uint32_t stale = closed.handle();
    closed.close();
    EXPECT_ERRNO(changed([&](auto& op) { op.bo_handle = stale; }), ENOENT);
}

TEST_F(Bind, TheArrayOfOperations) {
    drm_acc_vm_bind bind{};
    const auto with = [&](uint32_t stride, uint32_t count, const void* array) {
        bind.vm_id = vm.id();
        bind.ops = {.stride = stride, .count = count, .array = reinterpret_cast<uint64_t>(array)};
        return device.call(DRM_IOCTL_ACC_VM_BIND, bind);
    };
    EXPECT_ERRNO(with(56, 1, &good), 0);
    EXPECT_ERRNO(with(56, 0, &good), EINVAL) << "1..65536 elements";
    EXPECT_ERRNO(with(56, 65537, &good), EINVAL);
    EXPECT_ERRNO(with(56, ~0u, &good), EINVAL);
    for (uint32_t stride : {0u, 8u, 48u, 52u, 55u, 57u, 60u, 8192u})
        EXPECT_ERRNO(with(stride, 1, &good), EINVAL) << stride;
    for (uint64_t pointer : {0ull, 64ull, 0xffff'8880'0000'0000ull, ~0ull - 55})
        EXPECT_ERRNO(with(56, 1, reinterpret_cast<void*>(pointer)), EFAULT) << std::hex << pointer;
}

TEST_F(Bind, LongerElementsMustEndInZeros) {
    struct Longer {
        drm_acc_vm_bind_op op;
        uint64_t more[2];
    } ops[3] = {{good, {0, 0}}, {unmap_op(va, kPage), {0, 0}}, {good, {0, 0}}};
    const auto bind = [&] {
        drm_acc_vm_bind bind{};
        bind.vm_id = vm.id();
        bind.ops = DRM_ACC_OBJ_ARRAY(3, ops);
        return device.call(DRM_IOCTL_ACC_VM_BIND, bind);
    };
    EXPECT_ERRNO(bind(), 0);
    ops[2].more[1] = 1ull << 63;
    EXPECT_TRUE(one_of(bind(), {EINVAL, E2BIG})) << "what the driver does not know must be zero";
}

TEST_F(Bind, SyncObjectsAreForAsynchronousBinds) {
    uint32_t handle = 0;
    ASSERT_EQ(drmSyncobjCreate(device.fd(), 0, &handle), 0);
    drm_acc_sync sync{
        .flags = uint32_t(DRM_ACC_SYNC_SIGNAL), .handle = handle, .timeline_value = 0};
    EXPECT_ERRNO(changed([&](auto& op) { op.syncs = DRM_ACC_OBJ_ARRAY(1, &sync); }), EINVAL);
    EXPECT_ERRNO(
        changed([&](auto& op) { op.syncs = DRM_ACC_OBJ_ARRAY(1, &sync); }, DRM_ACC_VM_BIND_ASYNC),
        0);
    EXPECT_EQ(drmSyncobjWait(device.fd(), &handle, 1, deadline(), 0, nullptr), 0);
    const auto refused = [&](drm_acc_sync wrong, uint32_t stride = 16, uint64_t array = 0) {
        return changed(
            [&](auto& op) {
                op.syncs = {.stride = stride,
                            .count = 1,
                            .array = array ? array : reinterpret_cast<uint64_t>(&wrong)};
            },
            DRM_ACC_VM_BIND_ASYNC);
    };
    EXPECT_ERRNO(refused({.flags = 2, .handle = handle, .timeline_value = 0}), EINVAL) << "kind";
    EXPECT_ERRNO(refused({.flags = 0xff, .handle = handle, .timeline_value = 0}), EINVAL);
    for (unsigned bit = 8; bit < 31; bit++)
        EXPECT_ERRNO(refused({.flags = 1u << bit, .handle = handle, .timeline_value = 0}), EINVAL)
            << bit;
    EXPECT_ERRNO(refused({.flags = 0, .handle = handle, .timeline_value = 1}), EINVAL)
        << "a binary object has no points";
    EXPECT_ERRNO(refused({.flags = 1, .handle = handle, .timeline_value = 0}), EINVAL)
        << "a timeline has points";
    EXPECT_ERRNO(refused({.flags = 0, .handle = 0, .timeline_value = 0}), ENOENT);
    EXPECT_ERRNO(
        refused({.flags = uint32_t(DRM_ACC_SYNC_SIGNAL), .handle = 999, .timeline_value = 0}),
        ENOENT);
    EXPECT_ERRNO(refused(sync, 8), EINVAL);
    EXPECT_ERRNO(refused(sync, 12), EINVAL);
    EXPECT_ERRNO(refused(sync, 16, 64), EFAULT);
    drmSyncobjDestroy(device.fd(), handle);
}

TEST_F(Bind, AFailedSynchronousBindSaysHowManyOperationsWereDone) {
    const drm_acc_vm_bind_op ops[] = {good, unmap_op(va, kPage), map_op(9999, va, kPage), good};
    uint32_t done = 0;
    EXPECT_ERRNO(vm.try_bind(ops, 0, &done), ENOENT);
    // Checking everything first is as good as stopping at the third.
    EXPECT_LE(done, 2u);
}

TEST_F(Bind, AnExclusiveBufferStaysInItsAddressSpace) {
    Vm second(device, kVaBase, 1 << 20);
    Bo mine(device, kPage, DRM_ACC_BO_VRAM, vm.id());
    const drm_acc_vm_bind_op op = map_op(mine.handle(), kVaBase, kPage);
    EXPECT_ERRNO(vm.try_bind({&op, 1}), 0);
    EXPECT_TRUE(one_of(second.try_bind({&op, 1}), {EINVAL, EPERM}));
    int fd = -1;
    EXPECT_NE(drmPrimeHandleToFD(device.fd(), mine.handle(), DRM_CLOEXEC, &fd), 0);
    EXPECT_TRUE(one_of(errno, {EINVAL, EPERM}));
}

// --- buffers
// --------------------------------------------------------------------------------------------------------------

class Buffers : public testing::Test {
  protected:
    Device device;
    int create(uint64_t bytes, uint32_t flags, uint32_t vm = 0, uint32_t pad = 0,
               uint64_t* rounded = nullptr) {
        drm_acc_bo_create c{};
        c.bytes = bytes;
        c.flags = flags;
        c.exclusive_vm_id = vm;
        c.pad = pad;
        const int e = device.call(DRM_IOCTL_ACC_BO_CREATE, c);
        if (e == 0) {
            EXPECT_NE(c.handle, 0u);
            EXPECT_EQ(drmCloseBufferHandle(device.fd(), c.handle), 0);
            if (rounded) *rounded = c.bytes;
        }
        return e;
    }
};

TEST_F(Buffers, SizesAreRoundedUpToPages) {
    for (uint32_t flags : {DRM_ACC_BO_VRAM, DRM_ACC_BO_SYSTEM}) {
        for (auto [bytes, expected] : {std::pair<uint64_t, uint64_t>{1, kPage},
                                       {kPage - 1, kPage},
                                       {kPage, kPage},
                                       {kPage + 1, 2 * kPage},
                                       {3 << 20, 3 << 20}}) {
            uint64_t rounded = 0;
            EXPECT_ERRNO(create(bytes, flags, 0, 0, &rounded), 0);
            EXPECT_EQ(rounded, expected);
        }
    }
}

TEST_F(Buffers, InvalidArguments) {
    EXPECT_ERRNO(create(0, DRM_ACC_BO_VRAM), EINVAL);
    EXPECT_ERRNO(create(0, DRM_ACC_BO_SYSTEM), EINVAL);
    EXPECT_ERRNO(create(kPage, 0), EINVAL) << "no placement";
    EXPECT_ERRNO(create(kPage, DRM_ACC_BO_VRAM | DRM_ACC_BO_SYSTEM), EINVAL) << "two";
    for (unsigned bit = 2; bit < 32; bit++)
        EXPECT_ERRNO(create(kPage, DRM_ACC_BO_SYSTEM | 1u << bit), EINVAL) << bit;
    EXPECT_ERRNO(create(kPage, DRM_ACC_BO_SYSTEM, 0, 1), EINVAL) << "padding";
    EXPECT_ERRNO(create(kPage, DRM_ACC_BO_SYSTEM, 5), ENOENT) << "no such address space";
    Device other;
    Vm foreign(other);
    EXPECT_ERRNO(create(kPage, DRM_ACC_BO_SYSTEM, foreign.id()), ENOENT) << "another file's";
}

TEST_F(Buffers, MoreThanThereIs) {
    const uint64_t vram = device.info().vram_bytes, used = settled_vram(device);
    EXPECT_ERRNO(create(vram + kPage, DRM_ACC_BO_VRAM), ENOSPC);
    EXPECT_ERRNO(create(1ull << 45, DRM_ACC_BO_VRAM), ENOSPC);
    for (uint64_t bytes : {~0ull, ~0ull - kPage + 2, 1ull << 63}) {
        EXPECT_TRUE(one_of(create(bytes, DRM_ACC_BO_VRAM), {EINVAL, ENOSPC})) << bytes;
        EXPECT_TRUE(one_of(create(bytes, DRM_ACC_BO_SYSTEM), {EINVAL, ENOMEM, ENOSPC, EFBIG}))
            << bytes;
    }
    EXPECT_EQ(device.memory().vram_used, used);
}

TEST_F(Buffers, DeviceMemoryThatRunsOutSaysSoAndComesBack) {
    const uint64_t used = settled_vram(device), total = device.memory().vram_total;
    {
        std::vector<Bo> bos;
        try {
            for (uint64_t taken = 0; taken <= total; taken += 16 << 20)
                bos.emplace_back(device, 16 << 20, DRM_ACC_BO_VRAM);
            ADD_FAILURE() << "more memory than there is";
        } catch (const Failure& f) {
            EXPECT_ERRNO(f.code, ENOSPC);
        }
        EXPECT_GE(bos.size(), 1u);
    }
    EXPECT_EQ(wait_for_vram(device, used), used);
    EXPECT_ERRNO(create(16 << 20, DRM_ACC_BO_VRAM), 0);
}

TEST_F(Buffers, MmapOffsetArguments) {
    Bo bo(device, kPage, DRM_ACC_BO_SYSTEM);
    drm_acc_bo_mmap_offset where{};
    where.handle = bo.handle();
    EXPECT_ERRNO(device.call(DRM_IOCTL_ACC_BO_MMAP_OFFSET, where), 0);
    const uint64_t first = where.offset;
    EXPECT_EQ(first % kPage, 0u);
    EXPECT_ERRNO(device.call(DRM_IOCTL_ACC_BO_MMAP_OFFSET, where), 0);
    EXPECT_EQ(where.offset, first) << "asking twice gives the same";
    where.pad = 1;
    EXPECT_ERRNO(device.call(DRM_IOCTL_ACC_BO_MMAP_OFFSET, where), EINVAL);
    where.pad = 0;
    for (uint32_t handle : {0u, 1000u, ~0u}) {
        where.handle = handle;
        EXPECT_ERRNO(device.call(DRM_IOCTL_ACC_BO_MMAP_OFFSET, where), ENOENT) << handle;
    }
    Device other;
    where.handle = bo.handle();
    EXPECT_ERRNO(other.call(DRM_IOCTL_ACC_BO_MMAP_OFFSET, where), ENOENT);
}

// --- mmap
// -----------------------------------------------------------------------------------------------------------------

class Mapping : public testing::TestWithParam<uint32_t> {
  protected:
    Device device;
    Bo bo{device, 4 * kPage, GetParam()};
    uint64_t offset = 0;

    void SetUp() override {
        drm_acc_bo_mmap_offset where{};
        where.handle = bo.handle();
        ASSERT_ERRNO(device.call(DRM_IOCTL_ACC_BO_MMAP_OFFSET, where), 0);
        offset = where.offset;
    }
    /// 0 or errno; the mapping is removed again.
    static int try_map(int fd, uint64_t bytes, int protection, int flags, uint64_t at) {
        void* p = mmap(nullptr, bytes, protection, flags, fd, static_cast<off_t>(at));
        if (p == MAP_FAILED) return errno;
        munmap(p, bytes);
        return 0;
    }
};

TEST_P(Mapping, PartsAndProtections) {
    const int rw = PROT_READ | PROT_WRITE;
    EXPECT_ERRNO(try_map(device.fd(), 4 * kPage, rw, MAP_SHARED, offset), 0);
    EXPECT_ERRNO(try_map(device.fd(), kPage, rw, MAP_SHARED, offset), 0) << "the beginning";
    EXPECT_ERRNO(try_map(device.fd(), 4 * kPage, PROT_READ, MAP_SHARED, offset), 0);
}

TEST_P(Mapping, WrongRanges) {
    const int rw = PROT_READ | PROT_WRITE;
    EXPECT_ERRNO(try_map(device.fd(), 5 * kPage, rw, MAP_SHARED, offset), EINVAL) << "too long";
    EXPECT_ERRNO(try_map(device.fd(), 1 << 30, rw, MAP_SHARED, offset), EINVAL);
    for (uint64_t at :
         {uint64_t{0}, kPage, uint64_t{1} << 40, uint64_t{1} << 50, offset + (uint64_t{1} << 36)})
        EXPECT_TRUE(one_of(try_map(device.fd(), kPage, rw, MAP_SHARED, at), {EINVAL, EACCES}))
            << std::hex << at;
}

TEST_P(Mapping, AnotherFilesBufferCannotBeMapped) {
    Device other;
    EXPECT_TRUE(
        one_of(try_map(other.fd(), kPage, PROT_READ, MAP_SHARED, offset), {EACCES, EINVAL}));
}

TEST_P(Mapping, APrivateMappingNeverChangesTheBuffer) {
    void* p = mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE, device.fd(),
                   static_cast<off_t>(offset));
    if (p == MAP_FAILED) {
        EXPECT_ERRNO(errno, EINVAL);
        return;
    }
    *static_cast<volatile uint32_t*>(p) = 77;
    EXPECT_EQ(*bo.at<uint32_t>(), 0u);
    munmap(p, kPage);
}

TEST_P(Mapping, ContentsStayWhenTheHandleIsClosed) {
    auto* p = bo.at<volatile uint32_t>();
    p[kPage] = 5;
    ASSERT_EQ(drmCloseBufferHandle(device.fd(), bo.handle()), 0);
    EXPECT_EQ(p[kPage], 5u);
    p[0] = 6;
    EXPECT_EQ(p[0], 6u);
}

TEST_P(Mapping, NewBuffersAreZero) {
    // What the previous owner of the memory left must be gone: fill, free, allocate again.
    constexpr uint64_t bytes = 2 << 20;
    for (int round = 0; round < 3; round++) {
        Bo fresh(device, bytes, GetParam());
        const auto* words = fresh.at<uint64_t>();
        uint64_t all = 0;
        for (uint64_t i = 0; i < bytes / 8; i++)
            all |= words[i];
        EXPECT_EQ(all, 0u) << "round " << round;
        std::memset(fresh.at(), 0x5a, bytes);
    }
}

INSTANTIATE_TEST_SUITE_P(Placement, Mapping, testing::Values(DRM_ACC_BO_VRAM, DRM_ACC_BO_SYSTEM),
                         [](const auto& i) {
                             return i.param == DRM_ACC_BO_VRAM ? "Vram" : "System";
                         });

} // namespace
} // namespace acc::kmd
