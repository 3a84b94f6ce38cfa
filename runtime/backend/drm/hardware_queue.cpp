// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/backend/drm/hardware_queue.h"

#include <immintrin.h>
#include <sys/mman.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "acc/spec/acc_regs.h"
#include "runtime/core/log.h"

namespace acc::rt::drm {
namespace {

/// How long to look at the word before sleeping: about what a sleep and its wake-up cost.
constexpr int64_t kSpinNs = 50'000;
constexpr int kLooksPerClock = 32; // reading the clock costs as much as a few looks
/// One sleep in the kernel. The driver ends a sleep itself when something happens to the queue;
/// what happens to the other queues of the address space the caller sees after a slice.
constexpr int64_t kSliceNs = 20'000'000;
/// How often look() asks the driver.
constexpr int64_t kLookNs = 20'000'000;

int64_t clock_ns(clockid_t clock) {
    timespec now;
    clock_gettime(clock, &now);
    return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

int64_t deadline_after(uint64_t timeout_ns) {
    const int64_t now = clock_ns(CLOCK_MONOTONIC);
    return timeout_ns > static_cast<uint64_t>(INT64_MAX - now)
               ? INT64_MAX
               : now + static_cast<int64_t>(timeout_ns);
}

class DrmQueue final : public HardwareQueue {
  public:
    DrmQueue(std::shared_ptr<KernelInterface> kernel, std::shared_ptr<std::atomic<StopReason>> stop,
             uint32_t vm, const QueuePlace& place)
        : kernel_(std::move(kernel)), stop_(std::move(stop)) {
        drm_acc_queue_create create{};
        create.vm_id = vm;
        create.priority = place.priority;
        create.ring_va = place.ring;
        create.ring_packets = place.packets;
        create.control_va = place.control;
        kernel_->call(DRM_IOCTL_ACC_QUEUE_CREATE, &create, "creating a queue");
        id_ = create.queue_id;
        try {
            page_ = kernel_->map_at_offset(create.doorbell_offset, nullptr, ACC_DOORBELL_BYTES,
                                           PROT_WRITE);
        } catch (...) {
            destroy();
            throw;
        }
        kernel_->watch(lost_);
    }

    ~DrmQueue() override {
        kernel_->unwatch(lost_);
        munmap(page_, ACC_DOORBELL_BYTES);
        destroy();
    }

    void doorbell(uint64_t write_index) override {
        // Packets, parameters and what the host wrote to device memory (write-combined) come first.
        std::atomic_thread_fence(std::memory_order_release);
        _mm_sfence();
        *static_cast<volatile uint64_t*>(page_) = write_index;
    }

    bool wait(const std::atomic<uint64_t>* word, uint64_t value, uint64_t timeout_ns) override {
        if (timeout_ns == 0 || lost()) return word->load(std::memory_order_acquire) >= value;
        return spin(word, value) || sleep(word, value, deadline_after(timeout_ns));
    }

    void set_service(uint64_t printf_buffer, uint64_t heap) override {
        set_property(DRM_ACC_QUEUE_PROPERTY_PRINTF_BUFFER, printf_buffer, printf_buffer_);
        set_property(DRM_ACC_QUEUE_PROPERTY_DEVICE_HEAP, heap, heap_);
    }

    void look() override {
        const int64_t now = clock_ns(CLOCK_MONOTONIC_COARSE);
        int64_t last = looked_.load(std::memory_order_relaxed);
        if (lost() || now - last < kLookNs ||
            !looked_.compare_exchange_strong(last, now, std::memory_order_relaxed))
            return;
        find_out();
    }

  private:
    static bool spin(const std::atomic<uint64_t>* word, uint64_t value) {
        const int64_t start = clock_ns(CLOCK_MONOTONIC);
        do {
            for (int i = 0; i < kLooksPerClock; ++i) {
                if (word->load(std::memory_order_acquire) >= value) return true;
                _mm_pause();
            }
        } while (clock_ns(CLOCK_MONOTONIC) - start < kSpinNs);
        return false;
    }

    /// True when the word has the value; false when the time or a slice is over or the queue is
    /// lost. Does not throw: destructors wait, too.
    bool sleep(const std::atomic<uint64_t>* word, uint64_t value, int64_t end) {
        drm_acc_user_fence fence{};
        fence.address = reinterpret_cast<uint64_t>(word);
        fence.value = value;
        fence.queue_id = id_;
        drm_acc_wait_fence wait{};
        wait.fences = DRM_ACC_OBJ_ARRAY(1, &fence);
        wait.deadline_ns = std::min(end, clock_ns(CLOCK_MONOTONIC) + kSliceNs);
        const int result = kernel_->try_call(DRM_IOCTL_ACC_WAIT_FENCE, &wait);
        if (result == 0 || word->load(std::memory_order_acquire) >= value) return true;
        if (result == -ETIME) return false;
        if (result != -ECANCELED && result != -ENODEV)
            log().error("waiting for the device: {}", std::strerror(-result));
        find_out();
        lost_.store(true, std::memory_order_release); // whatever it was: nothing will come any more
        return false;
    }

    /// Asks the driver what became of the queue.
    void find_out() {
        drm_acc_queue_get_state state{};
        state.queue_id = id_;
        const int result = kernel_->try_call(DRM_IOCTL_ACC_QUEUE_GET_STATE, &state);
        if (result != 0 || (state.state & ~uint32_t{DRM_ACC_QUEUE_STATE_ACTIVE}) == 0)
            return; // gone devices have been noticed by the call itself
        if ((state.state & DRM_ACC_QUEUE_STATE_HUNG) != 0)
            stop_->store(StopReason::Hung, std::memory_order_release);
        else if ((state.state & DRM_ACC_QUEUE_STATE_LOST) != 0)
            stop_->store(StopReason::DeviceReset, std::memory_order_release);
        lost_.store(true, std::memory_order_release);
    }

    void set_property(uint32_t property, uint64_t value, uint64_t& known) {
        if (value == known) return;
        drm_acc_queue_set_property set{};
        set.queue_id = id_;
        set.property = property;
        set.value = value;
        kernel_->call(DRM_IOCTL_ACC_QUEUE_SET_PROPERTY, &set,
                      "giving a queue its message buffer and heap");
        known = value;
    }

    void destroy() {
        drm_acc_queue_destroy destroy{};
        destroy.queue_id = id_;
        if (const int result = kernel_->try_call(DRM_IOCTL_ACC_QUEUE_DESTROY, &destroy);
            result != 0 && !kernel_->gone())
            log().error("destroying a queue: {}", std::strerror(-result));
    }

    const std::shared_ptr<KernelInterface> kernel_;
    const std::shared_ptr<std::atomic<StopReason>> stop_;
    uint32_t id_ = 0;
    void* page_ = nullptr;                  // the doorbell
    uint64_t printf_buffer_ = 0, heap_ = 0; // as the driver knows them; the caller orders
                                            // set_service
    std::atomic<int64_t> looked_{0};        // CLOCK_MONOTONIC_COARSE of the last look
};

} // namespace

std::unique_ptr<HardwareQueue> make_queue(std::shared_ptr<KernelInterface> kernel,
                                          std::shared_ptr<std::atomic<StopReason>> stop,
                                          uint32_t vm, const QueuePlace& place) {
    return std::make_unique<DrmQueue>(std::move(kernel), std::move(stop), vm, place);
}

} // namespace acc::rt::drm
