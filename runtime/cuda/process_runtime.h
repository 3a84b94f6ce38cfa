// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A process has one runtime, however many copies of it are loaded: the static archive in the
// program, other ones in plug-ins, libaccrt.so beside them (docs/decisions/0013).
#pragma once

#include <atomic>
#include <cstdint>

namespace acc::cuda {

/// What a copy says about itself to the others, which may be older or newer: this never changes.
/// A loaded image that holds a copy has a note (name "ACC", type 1) with the distance from the
/// note's contents to this.
struct RuntimeCopy {
    uint32_t layout = 1;
    std::atomic<uint32_t> serves = 0;    ///< 1 in the copy that serves the process
    const uint32_t* functions = nullptr; ///< how many; the next two have as many
    const char* const* names = nullptr;  ///< sorted by their bytes
    void* const* bodies = nullptr;       ///< this copy's own functions
};

/// True when this copy is the one that serves the process.
bool this_copy_serves() noexcept;

} // namespace acc::cuda
