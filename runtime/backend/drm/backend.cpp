// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/backend/drm/backend.h"

#include <cerrno>
#include <cstring>

#include "runtime/core/status.h"

namespace acc::rt::drm {

DrmBackend::DrmBackend(DeviceInfo info, uint32_t max_priority, uint64_t max_window, Opener open)
    : info_(std::move(info)), max_priority_(max_priority), max_window_(max_window),
      open_(std::move(open)) {}

std::shared_ptr<KernelInterface> DrmBackend::kernel() const {
    std::lock_guard lock(mutex_);
    if (!kernel_) {
        auto file = open_();
        if (!file)
            fail(errno == ENODEV || errno == ENOENT || errno == ENXIO ? Status::DeviceUnavailable
                                                                      : Status::SystemNotReady,
                 "the device cannot be opened any more: {}", std::strerror(errno));
        kernel_ = std::make_shared<KernelInterface>(std::move(file));
    }
    return kernel_;
}

std::shared_ptr<MemoryObject> DrmBackend::allocate(Domain domain, uint64_t bytes) {
    return DrmMemory::make(kernel(), domain, bytes);
}

std::shared_ptr<MemoryObject> DrmBackend::adopt_host_pages(void* at, uint64_t bytes) {
    return DrmMemory::adopt(kernel(), at, bytes);
}

std::unique_ptr<AddressSpaceHandle> DrmBackend::create_address_space() {
    return make_address_space(kernel(), max_window_, max_priority_);
}

uint64_t DrmBackend::vram_free() const {
    const auto memory = kernel()->query<drm_acc_dev_memory>(DRM_ACC_DEV_QUERY_MEMORY,
                                                            "asking for the device's free memory");
    return memory.vram_total - std::min(memory.vram_used, memory.vram_total);
}

uint64_t DrmBackend::timestamp_ns() const {
    return kernel()
        ->query<drm_acc_dev_timestamp>(DRM_ACC_DEV_QUERY_TIMESTAMP, "asking for the device's time")
        .device_ns;
}

} // namespace acc::rt::drm
