// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A range of the process's addresses that stands for device addresses: device pointers are unique
// in the process, and a host access to memory that only the device sees crashes, as on any
// accelerator.
#pragma once

#include <cstdint>

namespace acc::rt {

class AddressWindow {
  public:
    /// Reserves `bytes`, starting at a multiple of 1 GiB. Costs no memory. Throws
    /// Error(OutOfMemory).
    explicit AddressWindow(uint64_t bytes);
    ~AddressWindow();
    AddressWindow(const AddressWindow&) = delete;

    uint64_t base() const { return base_; }
    uint64_t bytes() const { return bytes_; }
    /// Takes the host's views in [va, va + bytes) away; the range stays reserved.
    static void close(uint64_t va, uint64_t bytes);

  private:
    void* reserved_ = nullptr;
    uint64_t reserved_bytes_ = 0;
    uint64_t base_ = 0, bytes_ = 0;
};

} // namespace acc::rt
