// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/backend/model/backend.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

class ModelQueue final : public HardwareQueue {
  public:
    ModelQueue(ModelBackend& backend, uint32_t vmid, uint64_t ring, uint32_t packets,
               uint64_t control, uint32_t priority)
        : backend_(backend), chip_(backend.chip()), halted_(backend.halted(vmid)),
          queue_(backend.take_queue(vmid)) {
        if (!chip_.queue_enable(queue_, vmid, ring, packets, control, priority)) {
            backend_.return_queue(queue_);
            fail(Status::OutOfMemory, "the device refuses a queue of {} packets", packets);
        }
    }
    ~ModelQueue() override {
        while (!chip_.queue_disable(queue_)) {
        } // false: it is still stopping
        backend_.return_queue(queue_);
    }
    void doorbell(uint64_t write_index) override { chip_.doorbell(queue_, write_index); }
    bool wait(const std::atomic<uint64_t>* word, uint64_t value, uint64_t timeout_ns) override {
        return chip_.wait(queue_, word, value, timeout_ns, &halted_);
    }
    void set_service(uint64_t printf_buffer, uint64_t heap) override {
        chip_.queue_set_service(queue_, printf_buffer, heap);
    }

  private:
    ModelBackend& backend_;
    model::Chip& chip_;
    const std::atomic<bool>& halted_; // a queue of the address space has
    const uint32_t queue_;
};

} // namespace

std::unique_ptr<HardwareQueue> make_model_queue(ModelBackend& backend, uint32_t vmid, uint64_t ring,
                                                uint32_t packets, uint64_t control,
                                                uint32_t priority) {
    return std::make_unique<ModelQueue>(backend, vmid, ring, packets, control, priority);
}

} // namespace acc::rt
