// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Limits of the process (setrlimit, the shell's ulimit) that stop the runtime, in words; and the
// memory of its machine.
#pragma once

#include <cstdint>
#include <string>

namespace acc::rt {

enum class ResourceLimit {
    AddressSpace, ///< RLIMIT_AS
    FileSize,     ///< RLIMIT_FSIZE
};

/// True when the process may not have `bytes` of it.
bool limited(ResourceLimit limit, uint64_t bytes);
/// Which limit it is, how large, and how to raise it. Empty when the process has none.
std::string limit_text(ResourceLimit limit);

/// Memory that this process may use, in bytes: the machine's, or what the control group that it
/// starts in has (memory.max of cgroup v2, memory.limit_in_bytes of v1), when that is less.
uint64_t usable_host_memory();

} // namespace acc::rt
