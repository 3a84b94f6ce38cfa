// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/resource_limit.h"

#include <fmt/format.h>
#include <sys/resource.h>

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

} // namespace acc::rt
