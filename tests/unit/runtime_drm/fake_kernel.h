// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kernel driver's interface in a few lines, for tests of its user: checks what it is given,
// keeps objects, answers as told.
#pragma once

#include <cerrno>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "include/uapi/drm/acc_drm.h"
#include "runtime/backend/drm/backend.h"

namespace acc::rt::drm::test {

/// What the driver knows, and what tests want it to do. Outlives the files that are open on it.
class FakeKernel {
  public:
    FakeKernel();
    ~FakeKernel();
    FakeKernel(const FakeKernel&) = delete;

    std::unique_ptr<DeviceFile> open();
    /// A backend whose file is this.
    std::unique_ptr<DrmBackend> backend(uint32_t max_priority = 2,
                                        uint64_t max_window = 1ull << 40);

    /// The next calls of `request` fail with these errors, in order, without doing anything.
    void fail_next(unsigned long request, std::initializer_list<int> errors);
    /// Every call fails with ENODEV from now on.
    void remove_device() { gone = true; }
    unsigned count(unsigned long request) const;
    /// The 64-bit value at the start of a queue's doorbell page.
    uint64_t doorbell(uint32_t queue) const;

    struct Buffer {
        uint64_t bytes = 0, offset = 0;
        uint32_t flags = 0;
    };
    struct Queue {
        drm_acc_queue_create create{};
        uint64_t doorbell_offset = 0;
        uint32_t state = 0;
        std::map<uint32_t, uint64_t> properties;
    };

    std::vector<unsigned long> calls;   ///< every ioctl, in order
    std::map<uint32_t, Buffer> buffers; ///< open handles
    std::map<uint32_t, drm_acc_vm_create> vms;
    std::map<uint32_t, Queue> queues;
    std::vector<drm_acc_vm_bind_op> binds; ///< operations done
    std::vector<uint32_t> bind_sizes;      ///< operations of each call
    std::deque<drm_acc_fault> faults;
    unsigned fault_delay = 0; ///< so many FAULT_GET calls find nothing yet
    drm_acc_dev_info info{};
    drm_acc_dev_memory memory{.vram_total = 1 << 30, .vram_used = 0};
    uint32_t driver_info_bytes = sizeof(drm_acc_dev_info); ///< an older driver's are fewer
    /// Answers WAIT_FENCE, which the backend calls for one fence at a time: 0 or -errno.
    struct Wait : drm_acc_user_fence {
        int64_t deadline_ns = 0;
    };
    std::function<int(const Wait&)> on_wait;
    /// For on_wait: the first queue stops, in this state (DRM_ACC_QUEUE_STATE_*). What the waiter
    /// then gets.
    int stop_queue(uint32_t state) {
        queues.begin()->second.state = state;
        return -ECANCELED;
    }
    /// VM_BIND stops before this operation of its call, once, with this error.
    uint32_t bind_stop = UINT32_MAX;
    int bind_error = 0;
    bool map_fails = false;
    bool gone = false;

    int control(unsigned long request, void* argument);
    void* map(void* at, uint64_t bytes, int protection, uint64_t offset);

  private:
    int query(drm_acc_dev_query& query);
    int bind(drm_acc_vm_bind& bind);
    int create_buffer(drm_acc_bo_create& create);
    int create_queue(drm_acc_queue_create& create);
    int get_faults(drm_acc_fault_get& get);
    int wait_fence(const drm_acc_wait_fence& wait);
    uint64_t take_offset(uint64_t bytes);

    int memory_fd_;
    uint64_t next_offset_ = 0x10000;
    uint32_t next_id_ = 1;
    std::map<unsigned long, std::deque<int>> failures_;
};

} // namespace acc::rt::drm::test
