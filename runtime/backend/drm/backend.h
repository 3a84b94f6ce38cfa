// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The backend on the kernel driver: one open render node. The driver owns physical memory, page
// tables, queue numbers and faults; this side reserves addresses, maps buffers, and writes rings
// and doorbells without entering the kernel.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "runtime/backend/drm/kernel_interface.h"
#include "runtime/core/backend.h"
#include "runtime/core/host_pages.h"

namespace acc::rt::drm {

/// A buffer, with its host view.
class DrmMemory final : public MemoryObject {
  public:
    /// Throws Error(OutOfMemory, DeviceUnavailable).
    static std::shared_ptr<DrmMemory> make(std::shared_ptr<KernelInterface> kernel, Domain domain,
                                           uint64_t bytes);
    /// System memory that takes the place of the program's pages at `at`, contents and all.
    static std::shared_ptr<DrmMemory> adopt(std::shared_ptr<KernelInterface> kernel, void* at,
                                            uint64_t bytes);
    ~DrmMemory() override;

    uint32_t handle() const { return buffer_.handle; }
    bool in_place() const override { return !adopted_ || adopted_->in_place(); }

    /// A GEM handle, closed with the object.
    struct Buffer {
        Buffer(std::shared_ptr<KernelInterface> of, uint32_t number)
            : kernel(std::move(of)), handle(number) {}
        ~Buffer();
        Buffer(const Buffer&) = delete;
        const std::shared_ptr<KernelInterface> kernel;
        const uint32_t handle;
    };

  private:
    DrmMemory(std::shared_ptr<KernelInterface> kernel, Domain domain, uint64_t bytes,
              uint32_t handle);

    Buffer buffer_;
    std::optional<SharedPages> adopted_; ///< pages of the program that this memory stands in for
};

class DrmBackend final : public Backend {
  public:
    using Opener = std::function<std::unique_ptr<DeviceFile>()>;
    /// `open` is called when the device is first used, not before: until then forking is free. Null
    /// and errno when it fails.
    DrmBackend(DeviceInfo info, uint32_t max_priority, uint64_t max_window, Opener open);

    const DeviceInfo& info() const override { return info_; }
    std::shared_ptr<MemoryObject> allocate(Domain domain, uint64_t bytes) override;
    std::unique_ptr<AddressSpaceHandle> create_address_space() override;
    std::shared_ptr<MemoryObject> adopt_host_pages(void* at, uint64_t bytes) override;
    uint64_t vram_free() const override;
    uint64_t timestamp_ns() const override;

  private:
    std::shared_ptr<KernelInterface> kernel() const;

    const DeviceInfo info_;
    const uint32_t max_priority_;
    const uint64_t max_window_;
    const Opener open_;
    mutable std::mutex mutex_; // protects kernel_
    mutable std::shared_ptr<KernelInterface> kernel_;
};

std::unique_ptr<AddressSpaceHandle> make_address_space(std::shared_ptr<KernelInterface> kernel,
                                                       uint64_t max_window, uint32_t max_priority);

} // namespace acc::rt::drm
