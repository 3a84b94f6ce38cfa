// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/backend/drm/kernel_interface.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "runtime/core/log.h"
#include "runtime/core/status.h"

namespace acc::rt::drm {
namespace {

constexpr size_t kMaxBindOps = 65536; // elements of one VM_BIND

struct ErrnoRow {
    int number;
    Status status;
    const char* meaning; ///< what the interface says it means, or null: the system's text is right
};

// What the interface documents. Anything else is a disagreement between this library and the
// driver: Status::Unknown.
constexpr ErrnoRow kErrors[] = {
    {ENODEV, Status::DeviceUnavailable, "the device is gone"},
    {EIO, Status::DeviceUnavailable, "the device does not do what the kernel driver asks"},
    {ENOMEM, Status::OutOfMemory, "out of system memory"},
    {ENOSPC, Status::OutOfMemory, "not enough device memory is free"},
    {EBUSY, Status::OutOfMemory, "all of the device's queues or address spaces are in use"},
    {EACCES, Status::NotPermitted, nullptr},
    {EPERM, Status::NotPermitted, nullptr},
};

bool interrupted(int result) {
    return result == -EINTR || result == -EAGAIN;
}

} // namespace

void throw_error(int negative_errno, const char* what) {
    for (const ErrnoRow& row : kErrors)
        if (row.number == -negative_errno)
            fail(row.status, "{}: {}", what,
                 row.meaning != nullptr ? row.meaning : std::strerror(row.number));
    fail(Status::Unknown, "{}: the kernel driver says: {}", what, std::strerror(-negative_errno));
}

KernelInterface::KernelInterface(std::unique_ptr<DeviceFile> file)
    : file_(std::move(file)), process_(getpid()) {}

void KernelInterface::check_process() const {
    // The open file is shared with the parent: what a child did to it, it would do to the parent.
    if (getpid() != process_)
        fail(Status::NotInitialized,
             "the device cannot be used in a child of fork() when the parent had used it before");
}

int KernelInterface::once(unsigned long request, void* argument) {
    const int result = file_->control(request, argument);
    if (result == -ENODEV) set_gone();
    return result;
}

int KernelInterface::try_call(unsigned long request, void* argument) {
    int result;
    do {
        result = once(request, argument);
    } while (interrupted(result));
    return result;
}

void KernelInterface::call(unsigned long request, void* argument, const char* what) {
    check_process();
    if (const int result = try_call(request, argument); result != 0) throw_error(result, what);
}

void KernelInterface::bind(uint32_t vm, std::span<drm_acc_vm_bind_op> ops, const char* what) {
    check_process();
    while (!ops.empty()) {
        const auto part = ops.first(std::min(ops.size(), kMaxBindOps));
        drm_acc_vm_bind bind{};
        bind.vm_id = vm;
        bind.ops.stride = sizeof(drm_acc_vm_bind_op);
        bind.ops.count = static_cast<uint32_t>(part.size());
        bind.ops.array = reinterpret_cast<uint64_t>(part.data());
        // Not try_call: an interrupted bind has done some of its operations, says how many, and
        // goes on with the rest.
        const int result = once(DRM_IOCTL_ACC_VM_BIND, &bind);
        if (result == 0)
            ops = ops.subspan(part.size());
        else if (interrupted(result))
            ops = ops.subspan(bind.ops.count < part.size() ? bind.ops.count : 0);
        else
            throw_error(result, what);
    }
}

void* KernelInterface::map_at_offset(uint64_t offset, void* at, uint64_t bytes, int protection) {
    void* mapped = file_->map(at, bytes, protection, offset);
    if (mapped == nullptr)
        fail(Status::OutOfMemory,
             "{} bytes of the device's memory cannot be mapped into the process: {}", bytes,
             std::strerror(errno));
    return mapped;
}

void* KernelInterface::map_buffer(uint32_t handle, void* at, uint64_t bytes) {
    drm_acc_bo_mmap_offset place{};
    place.handle = handle;
    call(DRM_IOCTL_ACC_BO_MMAP_OFFSET, &place, "mapping device memory into the process");
    return map_at_offset(place.offset, at, bytes, PROT_READ | PROT_WRITE);
}

void KernelInterface::watch(std::atomic<bool>& lost) {
    std::lock_guard lock(mutex_);
    watchers_.insert(&lost);
    if (gone()) lost.store(true, std::memory_order_release);
}

void KernelInterface::unwatch(std::atomic<bool>& lost) {
    std::lock_guard lock(mutex_);
    watchers_.erase(&lost);
}

void KernelInterface::set_gone() {
    std::lock_guard lock(mutex_);
    if (gone_.exchange(true, std::memory_order_acq_rel)) return;
    log().debug("the kernel driver says that the device is gone");
    for (std::atomic<bool>* lost : watchers_)
        lost->store(true, std::memory_order_release);
}

} // namespace acc::rt::drm
