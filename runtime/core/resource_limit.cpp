// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/resource_limit.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace acc::rt {
namespace {

struct Row {
    __rlimit_resource_t resource;
    const char* name;
    const char* shell;
    const char* what;
};

Row row_of(ResourceLimit limit) {
    switch (limit) {
    case ResourceLimit::AddressSpace: break;
    case ResourceLimit::FileSize: return {RLIMIT_FSIZE, "RLIMIT_FSIZE", "ulimit -f", "file size"};
    }
    return {RLIMIT_AS, "RLIMIT_AS", "ulimit -v", "address space"};
}

rlim_t value_of(const Row& row) {
    rlimit value{};
    return getrlimit(row.resource, &value) == 0 ? value.rlim_cur : RLIM_INFINITY;
}

/// The number in a file of one line; `none` when it is not there or says "max".
uint64_t number_in(const char* path, uint64_t none) {
    uint64_t value = 0;
    return std::ifstream(path) >> value ? value : none;
}

} // namespace

bool limited(ResourceLimit limit, uint64_t bytes) {
    const rlim_t value = value_of(row_of(limit));
    return value != RLIM_INFINITY && value < bytes;
}

std::string limit_text(ResourceLimit limit) {
    const Row row = row_of(limit);
    const rlim_t value = value_of(row);
    if (value == RLIM_INFINITY) return {};
    return fmt::format("the process's limit of {} ({}) is {} bytes: raise it (`{} unlimited`)",
                       row.what, row.name, value, row.shell);
}

uint64_t usable_host_memory() {
    const uint64_t machine = static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) *
                             static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
    // A container sees its own group as the root of the hierarchy.
    return std::min({machine, number_in("/sys/fs/cgroup/memory.max", machine),
                     number_in("/sys/fs/cgroup/memory/memory.limit_in_bytes", machine)});
}

} // namespace acc::rt
