// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/address_window.h"

#include <sys/mman.h>

#include "runtime/core/resource_limit.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

constexpr uint64_t kAlign = 1ull << 30;
constexpr int kReserve = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

} // namespace

AddressWindow::AddressWindow(uint64_t bytes) : reserved_bytes_(bytes + kAlign), bytes_(bytes) {
    reserved_ = mmap(nullptr, reserved_bytes_, PROT_NONE, kReserve, -1, 0);
    if (reserved_ == MAP_FAILED)
        fail(limited(ResourceLimit::AddressSpace, UINT64_MAX) ? Status::SystemNotReady
                                                              : Status::OutOfMemory,
             "{} bytes of address space cannot be reserved for device addresses. {}",
             reserved_bytes_, limit_text(ResourceLimit::AddressSpace));
    base_ = (reinterpret_cast<uint64_t>(reserved_) + kAlign - 1) & ~(kAlign - 1);
}

AddressWindow::~AddressWindow() {
    munmap(reserved_, reserved_bytes_);
}

void AddressWindow::close(uint64_t va, uint64_t bytes) {
    mmap(reinterpret_cast<void*>(va), bytes, PROT_NONE, kReserve | MAP_FIXED, -1, 0);
}

} // namespace acc::rt
