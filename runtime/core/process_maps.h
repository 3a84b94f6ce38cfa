// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is mapped into this process, as the kernel lists it (/proc/self/maps).
#pragma once

#include <cstddef>
#include <cstdint>

namespace acc::rt {

struct Mapping {
    uint64_t from = 0, to = 0;                  ///< addresses [from, to)
    int protection = 0;                         ///< PROT_*
    bool is_private = false;                    ///< copy on write
    bool stack = false;                         ///< of the main thread
    uint64_t device = 0, inode = 0, offset = 0; ///< of the file; inode 0: none

    /// True when the file has the same byte at `address` in both.
    bool same_file_at(const Mapping& other, uint64_t address) const {
        return inode != 0 && inode == other.inode && device == other.device &&
               offset + (address - from) == other.offset + (address - other.from);
    }
};

/// Goes through the mappings in order of their addresses. Allocates nothing and takes no lock, so a
/// child of fork() may use it; mappings behind the current one may be changed meanwhile.
class ProcessMaps {
  public:
    ProcessMaps();
    ~ProcessMaps();
    ProcessMaps(const ProcessMaps&) = delete;
    /// False when the kernel does not tell (there is no /proc, or no file descriptor left).
    bool readable() const { return fd_ >= 0; }
    /// False after the last one.
    bool next(Mapping& mapping);

  private:
    int get();

    int fd_ = -1;
    size_t at_ = 0, end_ = 0;
    char buffer_[4096];
};

} // namespace acc::rt
