// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Buffers, address spaces, the program's own pages.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "runtime/core/status.h"
#include "tests/unit/runtime_drm/fake_kernel.h"

namespace acc::rt::drm::test {
namespace {

constexpr uint64_t kPage = 4096;

/// Whether the process can read the byte, found out without crashing.
bool readable(const void* at) {
    int ends[2];
    if (pipe(ends) != 0) return false;
    const bool can = write(ends[1], at, 1) == 1;
    close(ends[0]);
    close(ends[1]);
    return can;
}

TEST(DrmMemory, HostSeesItAndTheHandleIsClosed) {
    FakeKernel fake;
    auto backend = fake.backend();
    auto memory = backend->allocate(Domain::Vram, 3 * kPage);
    ASSERT_EQ(fake.buffers.size(), 1u);
    EXPECT_EQ(fake.buffers.begin()->second.flags, static_cast<uint32_t>(DRM_ACC_BO_VRAM));
    std::memset(memory->host(), 7, 3 * kPage);
    EXPECT_EQ(static_cast<uint8_t*>(memory->host())[3 * kPage - 1], 7);
    memory.reset();
    EXPECT_TRUE(fake.buffers.empty());
}

TEST(DrmMemory, SystemMemoryIsAskedForAsSuch) {
    FakeKernel fake;
    auto backend = fake.backend();
    auto memory = backend->allocate(Domain::System, kPage);
    EXPECT_EQ(fake.buffers.begin()->second.flags, static_cast<uint32_t>(DRM_ACC_BO_SYSTEM));
}

TEST(DrmMemory, AHandleThatCannotBeMappedIsClosed) {
    FakeKernel fake;
    auto backend = fake.backend();
    fake.map_fails = true;
    EXPECT_THROW(backend->allocate(Domain::Vram, kPage), Error);
    EXPECT_TRUE(fake.buffers.empty());
}

TEST(DrmMemory, OutlivesTheBackend) {
    FakeKernel fake;
    auto backend = fake.backend();
    auto memory = backend->allocate(Domain::Vram, kPage);
    backend.reset();
    static_cast<uint8_t*>(memory->host())[0] = 1;
    memory.reset();
    EXPECT_TRUE(fake.buffers.empty());
}

TEST(DrmAddressSpace, IsAWindowThatTheProcessHasReserved) {
    FakeKernel fake;
    auto backend = fake.backend();
    auto space = backend->create_address_space();
    ASSERT_EQ(fake.vms.size(), 1u);
    EXPECT_EQ(fake.vms.begin()->second.va_base, space->base());
    EXPECT_EQ(fake.vms.begin()->second.va_bytes, space->bytes());
    EXPECT_EQ(space->base() % kPage, 0u);
    // Nobody else gets these addresses: a mapping that must not replace anything fails.
    void* at = mmap(reinterpret_cast<void*>(space->base()), kPage, PROT_READ,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    EXPECT_EQ(at, MAP_FAILED);
    space.reset();
    EXPECT_TRUE(fake.vms.empty());
}

TEST(DrmAddressSpace, IsNoLargerThanTheDeviceAllows) {
    FakeKernel fake;
    auto backend = fake.backend(2, 1ull << 32);
    EXPECT_EQ(backend->create_address_space()->bytes(), 1ull << 32);
}

TEST(DrmAddressSpace, MapsWithTheRightFlags) {
    FakeKernel fake;
    auto backend = fake.backend();
    auto space = backend->create_address_space();
    auto memory = backend->allocate(Domain::Vram, 8 * kPage);
    const uint64_t va = space->base() + 16 * kPage;
    space->map(va, memory, 2 * kPage, 3 * kPage, {.write = false, .execute = true});
    ASSERT_EQ(fake.binds.size(), 1u);
    const drm_acc_vm_bind_op& op = fake.binds.front();
    EXPECT_EQ(op.type, static_cast<uint32_t>(DRM_ACC_VM_BIND_OP_MAP));
    EXPECT_EQ(op.flags,
              static_cast<uint32_t>(DRM_ACC_VM_BIND_OP_MAP_READONLY | DRM_ACC_VM_BIND_OP_MAP_EXEC));
    EXPECT_EQ(op.bo_handle, fake.buffers.begin()->first);
    EXPECT_EQ(op.bo_offset, 2 * kPage);
    EXPECT_EQ(op.va, va);
    EXPECT_EQ(op.bytes, 3 * kPage);
    EXPECT_EQ(op.syncs.count, 0u);
    EXPECT_FALSE(readable(reinterpret_cast<void*>(va)));
}

TEST(DrmAddressSpace, HostVisibleMemoryHasTheDevicesAddress) {
    FakeKernel fake;
    auto backend = fake.backend();
    auto space = backend->create_address_space();
    auto memory = backend->allocate(Domain::System, 8 * kPage);
    auto* host = static_cast<uint8_t*>(memory->host());
    host[0] = 1;
    host[5 * kPage] = 6;
    auto* whole = reinterpret_cast<uint8_t*>(space->base());
    auto* part = reinterpret_cast<uint8_t*>(space->base() + 64 * kPage);
    space->map(space->base(), memory, 0, 8 * kPage, {.host_visible = true});
    space->map(space->base() + 64 * kPage, memory, 5 * kPage, 2 * kPage, {.host_visible = true});
    EXPECT_EQ(whole[0], 1);
    EXPECT_EQ(part[0], 6);
    part[kPage] = 9;
    EXPECT_EQ(host[6 * kPage], 9);
    EXPECT_FALSE(readable(part + 2 * kPage));
    space->unmap(space->base(), 8 * kPage);
    EXPECT_FALSE(readable(whole));
    EXPECT_EQ(fake.binds.back().type, static_cast<uint32_t>(DRM_ACC_VM_BIND_OP_UNMAP));
    EXPECT_EQ(fake.binds.back().bo_handle, 0u);
    EXPECT_EQ(host[6 * kPage], 9); // the memory's own view stays
}

TEST(DrmAddressSpace, WhatTheHostCannotMapIsNotLeftToTheDevice) {
    FakeKernel fake;
    auto backend = fake.backend();
    auto space = backend->create_address_space();
    auto memory = backend->allocate(Domain::System, kPage);
    fake.map_fails = true;
    EXPECT_THROW(space->map(space->base(), memory, 0, kPage, {.host_visible = true}), Error);
    ASSERT_EQ(fake.binds.size(), 2u);
    EXPECT_EQ(fake.binds.back().type, static_cast<uint32_t>(DRM_ACC_VM_BIND_OP_UNMAP));
    EXPECT_EQ(fake.binds.back().va, space->base());
}

TEST(DrmAddressSpace, UnmappingNeverThrows) {
    FakeKernel fake;
    auto backend = fake.backend();
    auto space = backend->create_address_space();
    fake.fail_next(DRM_IOCTL_ACC_VM_BIND, {ENOMEM});
    EXPECT_NO_THROW(space->unmap(space->base(), kPage));
    fake.remove_device();
    EXPECT_NO_THROW(space->unmap(space->base(), kPage));
}

TEST(DrmAddressSpace, CreationFailsWithTheDriversReason) {
    FakeKernel fake;
    auto backend = fake.backend();
    fake.fail_next(DRM_IOCTL_ACC_VM_CREATE, {ENOMEM});
    EXPECT_THROW(backend->create_address_space(), Error);
    EXPECT_NO_THROW(backend->create_address_space());
}

drm_acc_fault sample_fault() {
    drm_acc_fault fault{};
    fault.cause = ACC_FAULT_UNMAPPED;
    fault.access = ACC_ACCESS_ATOMIC;
    fault.queue_id = 3;
    fault.lane_mask = 0xf0;
    fault.packet_index = 11;
    fault.pc = 0x1110;
    fault.address = 0xdead000;
    fault.kernel = 0x1000;
    for (uint32_t i = 0; i < 3; ++i) {
        fault.block[i] = 20 + i;
        fault.thread[i] = 30 + i;
    }
    fault.info = 99;
    fault.access_bytes = 8;
    fault.compute_unit = 5;
    fault.warp = 6;
    return fault;
}

TEST(DrmAddressSpace, FaultsArriveWhole) {
    FakeKernel fake;
    auto backend = fake.backend();
    auto space = backend->create_address_space();
    fake.faults = {sample_fault()};
    const auto record = space->take_fault();
    ASSERT_TRUE(record);
    EXPECT_EQ(record->cause, ACC_FAULT_UNMAPPED);
    EXPECT_EQ(record->access, ACC_ACCESS_ATOMIC);
    EXPECT_EQ(record->queue, 3u);
    EXPECT_EQ(record->lane_mask, 0xf0u);
    EXPECT_EQ(record->packet_index, 11u);
    EXPECT_EQ(record->pc, 0x1110u);
    EXPECT_EQ(record->address, 0xdead000u);
    EXPECT_EQ(record->kernel, 0x1000u);
    EXPECT_EQ(record->block[2], 22u);
    EXPECT_EQ(record->thread[0], 30u);
    EXPECT_EQ(record->info, 99u);
    EXPECT_EQ(record->access_bytes, 8u);
    EXPECT_EQ(record->compute_unit, 5u);
    EXPECT_EQ(record->warp, 6u);
}

TEST(DrmAddressSpace, AFaultThatFailsToArriveEndsInNone) {
    FakeKernel fake;
    auto backend = fake.backend();
    auto space = backend->create_address_space();
    fake.fail_next(DRM_IOCTL_ACC_FAULT_GET, {EINVAL});
    EXPECT_FALSE(space->take_fault());
    fake.remove_device();
    EXPECT_FALSE(space->take_fault());
    EXPECT_EQ(space->stop_reason(), StopReason::DeviceGone);
}

TEST(DrmAdoptedPages, KeepTheirContentsBothWays) {
    FakeKernel fake;
    auto backend = fake.backend();
    auto* pages = static_cast<uint8_t*>(
        mmap(nullptr, 4 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    std::memset(pages, 3, 4 * kPage);
    auto memory = backend->adopt_host_pages(pages + kPage, 2 * kPage);
    auto* shared = static_cast<uint8_t*>(memory->host());
    EXPECT_EQ(shared[0], 3);
    pages[kPage] = 4;
    EXPECT_EQ(shared[0], 4);
    shared[2 * kPage - 1] = 5;
    EXPECT_EQ(pages[3 * kPage - 1], 5);
    memory.reset();
    EXPECT_EQ(pages[kPage], 4);
    EXPECT_EQ(pages[3 * kPage - 1], 5);
    EXPECT_EQ(pages[0], 3);
    EXPECT_TRUE(fake.buffers.empty());
    munmap(pages, 4 * kPage);
}

TEST(DrmAdoptedPages, StackAndSharedMemoryAreRefused) {
    FakeKernel fake;
    auto backend = fake.backend();
    auto status = [&](void* at) {
        try {
            backend->adopt_host_pages(at, kPage);
        } catch (const Error& error) {
            return error.status();
        }
        return Status::Success;
    };
    const auto frame = reinterpret_cast<uint64_t>(__builtin_frame_address(0)); // a variable may lie
                                                                               // elsewhere under a
                                                                               // sanitizer
    EXPECT_EQ(status(reinterpret_cast<void*>(frame & ~(kPage - 1))), Status::NotSupported);
    void* shared = mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    EXPECT_EQ(status(shared), Status::NotSupported);
    munmap(shared, kPage);
    EXPECT_TRUE(fake.buffers.empty());
}

} // namespace
} // namespace acc::rt::drm::test
