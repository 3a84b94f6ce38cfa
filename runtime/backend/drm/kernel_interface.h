// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kernel driver's interface (acc_drm.h) as functions: interrupted calls are made again, error
// numbers become Errors, and the end of the device is noticed once for everybody.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_set>

#include "include/uapi/drm/acc_drm.h"
#include "runtime/backend/drm/device_file.h"

namespace acc::rt::drm {

class KernelInterface {
  public:
    explicit KernelInterface(std::unique_ptr<DeviceFile> file);
    KernelInterface(const KernelInterface&) = delete;

    /// The ioctl, made again while it is interrupted: 0 or -errno.
    int try_call(unsigned long request, void* argument);
    /// The same; throws an Error with `what` (what could not be done) when it fails.
    void call(unsigned long request, void* argument, const char* what);

    /// DEV_QUERY: fills `answer` as far as the driver knows it; what it does not know is zero.
    template <typename Answer>
    Answer query(uint32_t type, const char* what) {
        Answer answer{};
        drm_acc_dev_query query{
            .type = type, .size = sizeof(Answer), .pointer = reinterpret_cast<uint64_t>(&answer)};
        call(DRM_IOCTL_ACC_DEV_QUERY, &query, what);
        return answer;
    }
    /// Changes an address space, in as many calls as the interface's limit asks for. In force on
    /// return.
    void bind(uint32_t vm, std::span<drm_acc_vm_bind_op> ops, const char* what);

    /// Maps [0, bytes) of a buffer into the process: at `at`, or anywhere when null. Throws
    /// Error(OutOfMemory).
    void* map_buffer(uint32_t handle, void* at, uint64_t bytes);
    /// Maps something that a call gave an offset for. Throws Error(OutOfMemory).
    void* map_at_offset(uint64_t offset, void* at, uint64_t bytes, int protection);

    /// True once a call has said that the device is gone.
    bool gone() const { return gone_.load(std::memory_order_acquire); }
    /// `lost` becomes true when the device goes (at once if it is gone already). Until unwatch.
    void watch(std::atomic<bool>& lost);
    void unwatch(std::atomic<bool>& lost);

  private:
    void check_process() const;
    int once(unsigned long request, void* argument);
    void set_gone();

    const std::unique_ptr<DeviceFile> file_;
    const pid_t process_; ///< who opened the file
    std::atomic<bool> gone_{false};
    std::mutex mutex_; // protects watchers_
    std::unordered_set<std::atomic<bool>*> watchers_;
};

/// Throws the Error that -errno of a call stands for.
[[noreturn]] void throw_error(int negative_errno, const char* what);

} // namespace acc::rt::drm
