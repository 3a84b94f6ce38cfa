// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sync objects, and binds that wait for them or signal them.
#pragma once

#include <cstdint>
#include <vector>

#include <xf86drm.h>

#include "tests/kmd/device.h"

namespace acc::kmd {

/// A sync object of a file; used as binary object or as timeline.
class Syncobj {
  public:
    explicit Syncobj(const Device& device) : fd_(device.fd()) {
        if (drmSyncobjCreate(fd_, 0, &handle_)) throw Failure("SYNCOBJ_CREATE", errno);
    }
    Syncobj(Syncobj&& other) noexcept : fd_(other.fd_), handle_(std::exchange(other.handle_, 0)) {}
    Syncobj(const Syncobj&) = delete;
    ~Syncobj() {
        if (handle_) drmSyncobjDestroy(fd_, handle_);
    }
    uint32_t handle() const { return handle_; }

    drm_acc_sync wait_for(uint64_t point = 0) const {
        return {.flags = kind(point), .handle = handle_, .timeline_value = point};
    }
    drm_acc_sync signal_to(uint64_t point = 0) const {
        return {.flags = kind(point) | static_cast<uint32_t>(DRM_ACC_SYNC_SIGNAL),
                .handle = handle_,
                .timeline_value = point};
    }
    /// Signals it from the CPU.
    void signal(uint64_t point = 0) {
        if (point ? drmSyncobjTimelineSignal(fd_, &handle_, &point, 1)
                  : drmSyncobjSignal(fd_, &handle_, 1))
            throw Failure("SYNCOBJ_SIGNAL", errno);
    }
    void reset() {
        if (drmSyncobjReset(fd_, &handle_, 1)) throw Failure("SYNCOBJ_RESET", errno);
    }
    /// Waits on the CPU: 0 or the errno value (ETIME).
    int wait(double seconds = kPatience, uint64_t point = 0) {
        const int64_t until = seconds == 0 ? 0 : deadline(seconds);
        int r = point ? drmSyncobjTimelineWait(fd_, &handle_, &point, 1, until, 0, nullptr)
                      : drmSyncobjWait(fd_, &handle_, 1, until, 0, nullptr);
        return r == 0 ? 0 : (r == -1 ? errno : -r);
    }
    bool signalled(uint64_t point = 0) { return wait(0, point) == 0; }
    /// The last signalled point of a timeline.
    uint64_t point() {
        uint64_t value = 0;
        if (drmSyncobjQuery(fd_, &handle_, &value, 1)) throw Failure("SYNCOBJ_QUERY", errno);
        return value;
    }

  private:
    static uint32_t kind(uint64_t point) {
        return point ? DRM_ACC_SYNC_TYPE_TIMELINE_SYNCOBJ : DRM_ACC_SYNC_TYPE_SYNCOBJ;
    }
    int fd_;
    uint32_t handle_ = 0;
};

/// One asynchronous operation with its sync objects; 0 or the errno value.
inline int bind_later(const Vm& vm, drm_acc_vm_bind_op op, const std::vector<drm_acc_sync>& syncs) {
    op.syncs.stride = sizeof(drm_acc_sync);
    op.syncs.count = static_cast<uint32_t>(syncs.size());
    op.syncs.array = reinterpret_cast<uint64_t>(syncs.data());
    return vm.try_bind({&op, 1}, DRM_ACC_VM_BIND_ASYNC);
}

/// QUEUE_SYNC on a place of a buffer; 0 or the errno value.
inline int queue_sync(const Device& device, uint32_t queue, const std::vector<drm_acc_sync>& syncs,
                      const Bo& bo, uint64_t offset, uint64_t value) {
    drm_acc_queue_sync s{};
    s.queue_id = queue;
    s.syncs.stride = sizeof(drm_acc_sync);
    s.syncs.count = static_cast<uint32_t>(syncs.size());
    s.syncs.array = reinterpret_cast<uint64_t>(syncs.data());
    s.bo_handle = bo.handle();
    s.bo_offset = offset;
    s.value = value;
    return device.call(DRM_IOCTL_ACC_QUEUE_SYNC, s);
}

} // namespace acc::kmd
