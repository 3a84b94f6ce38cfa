// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/backend/drm/kernel_interface.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/core/status.h"
#include "tests/unit/runtime_drm/fake_kernel.h"

namespace acc::rt::drm::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Status status_of(int error) {
    FakeKernel fake;
    KernelInterface kernel(fake.open());
    fake.fail_next(DRM_IOCTL_ACC_BO_CREATE, {error});
    drm_acc_bo_create create{};
    create.bytes = 4096;
    try {
        kernel.call(DRM_IOCTL_ACC_BO_CREATE, &create, "a test");
    } catch (const Error& caught) {
        EXPECT_THAT(caught.what(), HasSubstr("a test"));
        return caught.status();
    }
    return Status::Success;
}

TEST(KernelInterface, EveryErrorOfTheInterfaceHasAStatus) {
    EXPECT_EQ(status_of(ENODEV), Status::DeviceUnavailable);
    EXPECT_EQ(status_of(EIO), Status::DeviceUnavailable);
    EXPECT_EQ(status_of(ENOMEM), Status::OutOfMemory);
    EXPECT_EQ(status_of(ENOSPC), Status::OutOfMemory);
    EXPECT_EQ(status_of(EBUSY), Status::OutOfMemory);
    EXPECT_EQ(status_of(EACCES), Status::NotPermitted);
    for (const int ours : {EINVAL, EFAULT, ENOENT, ENOTTY, E2BIG}) // the library's or the driver's
                                                                   // mistake
        EXPECT_EQ(status_of(ours), Status::Unknown) << ours;
}

TEST(KernelInterface, InterruptedCallsAreMadeAgain) {
    FakeKernel fake;
    KernelInterface kernel(fake.open());
    fake.fail_next(DRM_IOCTL_ACC_BO_CREATE, {EINTR, EAGAIN, EINTR});
    drm_acc_bo_create create{};
    create.bytes = 4096;
    kernel.call(DRM_IOCTL_ACC_BO_CREATE, &create, "a test");
    EXPECT_EQ(fake.count(DRM_IOCTL_ACC_BO_CREATE), 4u);
    EXPECT_EQ(fake.buffers.size(), 1u);
}

TEST(KernelInterface, WhatAnOlderDriverDoesNotTellIsZero) {
    FakeKernel fake;
    fake.info.hang_check_ms = 500;
    fake.driver_info_bytes = offsetof(drm_acc_dev_info, hang_check_ms);
    KernelInterface kernel(fake.open());
    const auto info = kernel.query<drm_acc_dev_info>(DRM_ACC_DEV_QUERY_INFO, "a test");
    EXPECT_EQ(info.compute_units, 4u);
    EXPECT_EQ(info.hang_check_ms, 0u);
}

std::vector<drm_acc_vm_bind_op> unmap_ops(size_t count) {
    std::vector<drm_acc_vm_bind_op> ops(count);
    for (size_t i = 0; i < count; ++i) {
        ops[i].type = DRM_ACC_VM_BIND_OP_UNMAP;
        ops[i].va = i * 4096;
        ops[i].bytes = 4096;
    }
    return ops;
}

uint32_t make_vm(KernelInterface& kernel) {
    drm_acc_vm_create create{};
    kernel.call(DRM_IOCTL_ACC_VM_CREATE, &create, "a test");
    return create.vm_id;
}

/// Each operation was done once, in order.
void expect_all_done(const FakeKernel& fake, size_t count) {
    ASSERT_EQ(fake.binds.size(), count);
    for (size_t i = 0; i < count; ++i)
        ASSERT_EQ(fake.binds[i].va, i * 4096);
}

TEST(KernelInterface, LongBindsAreSplitAtTheInterfacesLimit) {
    FakeKernel fake;
    KernelInterface kernel(fake.open());
    auto ops = unmap_ops(150000);
    kernel.bind(make_vm(kernel), ops, "a test");
    EXPECT_THAT(fake.bind_sizes, ElementsAre(65536u, 65536u, 150000u - 2 * 65536u));
    expect_all_done(fake, ops.size());
}

TEST(KernelInterface, AnInterruptedBindGoesOnWhereItStopped) {
    FakeKernel fake;
    KernelInterface kernel(fake.open());
    auto ops = unmap_ops(1000);
    const uint32_t vm = make_vm(kernel);
    fake.bind_stop = 300;
    fake.bind_error = EINTR;
    kernel.bind(vm, ops, "a test");
    EXPECT_THAT(fake.bind_sizes, ElementsAre(1000u, 700u));
    expect_all_done(fake, ops.size());
}

TEST(KernelInterface, ABindInterruptedBeforeItBeganIsMadeAgain) {
    FakeKernel fake;
    KernelInterface kernel(fake.open());
    auto ops = unmap_ops(3);
    const uint32_t vm = make_vm(kernel);
    fake.fail_next(DRM_IOCTL_ACC_VM_BIND, {EINTR}); // the count stays as it was given
    kernel.bind(vm, ops, "a test");
    expect_all_done(fake, ops.size());
}

TEST(KernelInterface, ABindThatFailsHalfWayIsAnError) {
    FakeKernel fake;
    KernelInterface kernel(fake.open());
    auto ops = unmap_ops(10);
    const uint32_t vm = make_vm(kernel);
    fake.bind_stop = 5;
    fake.bind_error = ENOMEM;
    EXPECT_THROW(kernel.bind(vm, ops, "a test"), Error);
    EXPECT_EQ(fake.bind_sizes.size(), 1u);
}

TEST(KernelInterface, EverybodyWhoWatchesLearnsThatTheDeviceIsGone) {
    FakeKernel fake;
    KernelInterface kernel(fake.open());
    std::atomic<bool> early{false}, left{false}, late{false};
    kernel.watch(early);
    kernel.watch(left);
    kernel.unwatch(left);
    EXPECT_FALSE(kernel.gone());
    fake.remove_device();
    drm_acc_vm_create create{};
    EXPECT_EQ(kernel.try_call(DRM_IOCTL_ACC_VM_CREATE, &create), -ENODEV);
    kernel.watch(late);
    EXPECT_TRUE(kernel.gone());
    EXPECT_TRUE(early);
    EXPECT_FALSE(left);
    EXPECT_TRUE(late);
}

TEST(KernelInterface, AChildOfForkCannotUseTheParentsFile) {
    FakeKernel fake;
    KernelInterface kernel(fake.open());
    const pid_t child = fork();
    if (child == 0) {
        drm_acc_vm_create create{};
        try {
            kernel.call(DRM_IOCTL_ACC_VM_CREATE, &create, "a test");
        } catch (const Error& error) {
            _exit(error.status() == Status::NotInitialized && fake.calls.empty() ? 0 : 1);
        }
        _exit(2);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(DrmBackend, OpensTheDeviceAtFirstUse) {
    FakeKernel fake;
    unsigned opened = 0;
    DrmBackend backend({}, 1, 1 << 30, [&] {
        ++opened;
        return fake.open();
    });
    (void)backend.info();
    EXPECT_EQ(opened, 0u);
    auto memory = backend.allocate(Domain::System, 4096);
    auto more = backend.allocate(Domain::System, 4096);
    EXPECT_EQ(opened, 1u);
}

TEST(DrmBackend, ADeviceThatCannotBeOpenedAnyMoreIsAnError) {
    DrmBackend backend({}, 1, 1 << 30, [] {
        errno = ENODEV;
        return nullptr;
    });
    try {
        backend.allocate(Domain::System, 4096);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.status(), Status::DeviceUnavailable);
    }
}

TEST(DrmBackend, FreeMemoryAndTimeComeFromTheDriver) {
    FakeKernel fake;
    fake.memory = {.vram_total = 1000 << 12, .vram_used = 300 << 12};
    auto backend = fake.backend();
    EXPECT_EQ(backend->vram_free(), 700u << 12);
    EXPECT_EQ(backend->timestamp_ns(), 77u);
}

} // namespace
} // namespace acc::rt::drm::test
