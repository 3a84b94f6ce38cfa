// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/mman.h>

#include "runtime/backend/drm/backend.h"
#include "runtime/core/host_pages.h"

namespace acc::rt::drm {
namespace {

uint32_t create_buffer(KernelInterface& kernel, Domain domain, uint64_t bytes) {
    drm_acc_bo_create create{};
    create.bytes = bytes;
    create.flags = domain == Domain::Vram ? DRM_ACC_BO_VRAM : DRM_ACC_BO_SYSTEM;
    kernel.call(DRM_IOCTL_ACC_BO_CREATE, &create,
                domain == Domain::Vram ? "allocating device memory" : "allocating system memory");
    return create.handle;
}

} // namespace

DrmMemory::Buffer::~Buffer() {
    drm_gem_close close{};
    close.handle = handle;
    kernel->try_call(DRM_IOCTL_GEM_CLOSE, &close); // fails only when the device is gone, and the
                                                   // memory with it
}

DrmMemory::DrmMemory(std::shared_ptr<KernelInterface> kernel, Domain domain, uint64_t bytes,
                     uint32_t handle)
    : MemoryObject(domain, bytes, nullptr), buffer_(std::move(kernel), handle) {
    set_host(buffer_.kernel->map_buffer(handle, nullptr, bytes));
}

std::shared_ptr<DrmMemory> DrmMemory::make(std::shared_ptr<KernelInterface> kernel, Domain domain,
                                           uint64_t bytes) {
    const uint32_t handle = create_buffer(*kernel, domain, bytes);
    return std::shared_ptr<DrmMemory>(new DrmMemory(std::move(kernel), domain, bytes, handle));
}

std::shared_ptr<DrmMemory> DrmMemory::adopt(std::shared_ptr<KernelInterface> kernel, void* at,
                                            uint64_t bytes) {
    check_replaceable(at, bytes);
    auto memory = make(std::move(kernel), Domain::System, bytes);
    copy_pages(memory->host(), at, bytes);
    memory->buffer_.kernel->map_buffer(memory->handle(), at, bytes);
    memory->adopted_.emplace(at, memory->host(), bytes);
    return memory;
}

DrmMemory::~DrmMemory() {
    // When there is no memory for private pages the program keeps the shared ones: the mapping
    // holds the buffer.
    if (adopted_) adopted_->give_back();
    munmap(host(), bytes());
}

} // namespace acc::rt::drm
