// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/interp/variant.h"

#include <cstdlib>
#include <cstring>
#include <string>
#include <system_error>

namespace acc::model::interp {
namespace {

struct Row {
    const char* name;
    const Variant& (*get)(); ///< code of that host instruction set: only where the host has it
    bool (*supported)();
};

constexpr Row kBestFirst[] = {
    {"v4", variant_v4, [] { return __builtin_cpu_supports("x86-64-v4") != 0; }},
    {"v3", variant_v3, [] { return __builtin_cpu_supports("x86-64-v3") != 0; }},
    {"v2", variant_v2, [] { return __builtin_cpu_supports("x86-64-v2") != 0; }},
};

const Row* find_row(const char* name) {
    for (const Row& row : kBestFirst)
        if (std::strcmp(row.name, name) == 0) return &row;
    return nullptr;
}

bool supported(const Row& row) {
    __builtin_cpu_init();
    return row.supported();
}

[[noreturn]] void refuse(const std::string& what) {
    throw std::system_error(std::make_error_code(std::errc::invalid_argument), what);
}

} // namespace

bool host_can_run(const char* name) {
    const Row* row = find_row(name);
    return row && supported(*row);
}

const Variant& choose_variant(const char* name) {
    if (!name) name = std::getenv("ACC_MODEL_SIMD");
    if (!name || !*name) {
        for (const Row& row : kBestFirst)
            if (supported(row)) return row.get();
        refuse("the interpreter needs a host processor of the level x86-64-v2");
    }
    const Row* row = find_row(name);
    if (!row) refuse("ACC_MODEL_SIMD=" + std::string(name) + " is none of v2, v3, v4");
    if (!supported(*row))
        refuse("ACC_MODEL_SIMD=" + std::string(name) + ": this host's processor is not x86-64-" +
               name);
    return row->get();
}

} // namespace acc::model::interp
