// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Fat binaries: containers of code objects (and IR, PTX) for several devices
// (include/acc/spec/acc_code_object.h).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "acc/spec/acc_code_object.h"
#include "compiler/object/bytes.h"

namespace acc::object {

struct FatEntry {
    uint32_t kind = 0; ///< ACC_FATBIN_*
    uint32_t arch = 0;
    Bytes data;
};

class FatBinary {
  public:
    /// Reads a container at the start of `bytes` (more may follow it). Throws Error.
    explicit FatBinary(Bytes bytes);
    const std::vector<FatEntry>& entries() const { return entries_; }
    uint64_t total_size() const { return total_size_; }
    const std::array<uint8_t, 16>& build_id() const { return build_id_; }

    /// The code object for a device of instruction set `arch` (ACC_EF_ARCH_*); throws
    /// Error(WrongArch) that lists what is there.
    Bytes code_object(uint32_t arch) const;

  private:
    std::vector<FatEntry> entries_;
    uint64_t total_size_ = 0;
    std::array<uint8_t, 16> build_id_{};
};

/// True when the bytes start with the container's magic.
bool is_fat_binary(Bytes bytes);

/// The bytes of a fat binary in memory, by its own header. `start`: is_fat_binary says so.
Bytes fat_binary_at(const uint8_t* start);

/// True when the bytes start with the ELF magic.
bool is_elf(Bytes bytes);

/// Makes a container. The build id is a hash over kinds, architectures and contents.
std::vector<uint8_t> write_fat_binary(const std::vector<FatEntry>& entries);

} // namespace acc::object
