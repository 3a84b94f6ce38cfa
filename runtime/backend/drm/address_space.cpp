// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/mman.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <cstring>

#include "runtime/backend/drm/backend.h"
#include "runtime/backend/drm/hardware_queue.h"
#include "runtime/core/address_window.h"
#include "runtime/core/log.h"
#include "runtime/core/status.h"

namespace acc::rt::drm {
namespace {

/// Device addresses per context, if the device has as many. Only reserved: costs no memory.
constexpr uint64_t kWindowBytes = 256ull << 30;
/// A queue's halt is in memory before the driver has read the device's fault record: how long to
/// wait for it.
constexpr int kFaultTries = 100;
constexpr timespec kFaultNap = {.tv_sec = 0, .tv_nsec = 2'000'000};

acc_fault_record to_record(const drm_acc_fault& fault) {
    acc_fault_record record{};
    record.cause = fault.cause;
    record.access = fault.access;
    record.queue = fault.queue_id;
    record.packet_index = fault.packet_index;
    record.pc = fault.pc;
    record.address = fault.address;
    record.kernel = fault.kernel;
    std::copy_n(fault.block, 3, record.block);
    std::copy_n(fault.thread, 3, record.thread);
    record.lane_mask = fault.lane_mask;
    record.access_bytes = fault.access_bytes;
    record.info = fault.info;
    record.compute_unit = fault.compute_unit;
    record.warp = fault.warp;
    return record;
}

class DrmAddressSpace final : public AddressSpaceHandle {
  public:
    DrmAddressSpace(std::shared_ptr<KernelInterface> kernel, uint64_t max_window,
                    uint32_t max_priority)
        : kernel_(std::move(kernel)), window_(std::min(kWindowBytes, max_window)),
          addresses_(window_.base(), window_.bytes()), max_priority_(max_priority) {
        drm_acc_vm_create create{};
        create.va_base = window_.base();
        create.va_bytes = window_.bytes();
        kernel_->call(DRM_IOCTL_ACC_VM_CREATE, &create, "creating an address space on the device");
        id_ = create.vm_id;
    }

    ~DrmAddressSpace() override {
        drm_acc_vm_destroy destroy{};
        destroy.vm_id = id_;
        if (const int result = kernel_->try_call(DRM_IOCTL_ACC_VM_DESTROY, &destroy);
            result != 0 && !kernel_->gone())
            log().error("destroying an address space on the device: {}", std::strerror(-result));
    }

    DeviceAddresses& addresses() const override { return addresses_; }

    void map(uint64_t va, const std::shared_ptr<MemoryObject>& memory, uint64_t offset,
             uint64_t bytes, MapFlags flags) override {
        const uint32_t handle = static_cast<const DrmMemory&>(*memory).handle();
        drm_acc_vm_bind_op op{};
        op.type = DRM_ACC_VM_BIND_OP_MAP;
        op.flags = (flags.write ? 0u : DRM_ACC_VM_BIND_OP_MAP_READONLY) |
                   (flags.execute ? DRM_ACC_VM_BIND_OP_MAP_EXEC : 0u);
        op.bo_handle = handle;
        op.bo_offset = offset;
        op.va = va;
        op.bytes = bytes;
        kernel_->bind(id_, {&op, 1}, "mapping memory for the device");
        if (!flags.host_visible) return;
        try {
            map_for_host(va, handle, offset, bytes);
        } catch (...) {
            unmap(va, bytes);
            throw;
        }
    }

    void unmap_device(uint64_t va, uint64_t bytes) override {
        drm_acc_vm_bind_op op{};
        op.type = DRM_ACC_VM_BIND_OP_UNMAP;
        op.va = va;
        op.bytes = bytes;
        // Part of destructors. A mapping that stays keeps its memory alive and goes with the
        // address space.
        try {
            kernel_->bind(id_, {&op, 1}, "unmapping memory from the device");
        } catch (const Error& error) {
            if (!kernel_->gone()) log().error("{}", error.what());
        }
    }

    std::unique_ptr<HardwareQueue> create_queue(uint64_t ring, uint32_t packets, uint64_t control,
                                                uint32_t priority) override {
        return make_queue(kernel_, stop_, id_,
                          {ring, packets, control, std::min(priority, max_priority_)});
    }

    std::optional<acc_fault_record> take_fault() override {
        for (int tries = 0; tries < kFaultTries && !kernel_->gone(); ++tries) {
            drm_acc_fault fault{};
            drm_acc_fault_get get{};
            get.vm_id = id_;
            get.faults = {
                .stride = sizeof fault, .count = 1, .array = reinterpret_cast<uint64_t>(&fault)};
            if (kernel_->try_call(DRM_IOCTL_ACC_FAULT_GET, &get) != 0) return std::nullopt;
            if (get.faults.count != 0) return to_record(fault);
            if (stop_reason() != StopReason::Unknown) return std::nullopt; // a reset, not a fault
            nanosleep(&kFaultNap, nullptr);
        }
        return std::nullopt;
    }

    StopReason stop_reason() const override {
        return kernel_->gone() ? StopReason::DeviceGone : stop_->load(std::memory_order_acquire);
    }

  private:
    /// A buffer's file can be mapped from its start only: for what lies further in, the rest is cut
    /// off.
    void map_for_host(uint64_t va, uint32_t handle, uint64_t offset, uint64_t bytes) {
        auto* at = reinterpret_cast<void*>(va);
        if (offset == 0) {
            kernel_->map_buffer(handle, at, bytes);
            return;
        }
        auto* whole = static_cast<uint8_t*>(kernel_->map_buffer(handle, nullptr, offset + bytes));
        if (mremap(whole + offset, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, at) == MAP_FAILED) {
            munmap(whole, offset + bytes);
            fail(Status::OutOfMemory,
                 "{} bytes of the device's memory cannot be mapped into the process", bytes);
        }
        munmap(whole, offset);
    }

    const std::shared_ptr<KernelInterface> kernel_;
    const AddressWindow window_;
    mutable DeviceAddresses addresses_;
    const uint32_t max_priority_;
    uint32_t id_ = 0;
    /// Why a queue was lost; queues set it.
    const std::shared_ptr<std::atomic<StopReason>> stop_ =
        std::make_shared<std::atomic<StopReason>>(StopReason::Unknown);
};

} // namespace

std::unique_ptr<AddressSpaceHandle> make_address_space(std::shared_ptr<KernelInterface> kernel,
                                                       uint64_t max_window, uint32_t max_priority) {
    return std::make_unique<DrmAddressSpace>(std::move(kernel), max_window, max_priority);
}

} // namespace acc::rt::drm
