// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/interp/variant.h"

#include <cstdlib>
#include <cstring>
#include <string>
#include <system_error>

namespace acc::model::interp {
namespace {

using Get = const Variant& (*)();
constexpr Get kBestFirst[] = {variant_v4, variant_v3, variant_v2};

[[noreturn]] void refuse(const std::string& what) {
    throw std::system_error(std::make_error_code(std::errc::invalid_argument), what);
}

} // namespace

const Variant* find_variant(const char* name) {
    for (const Get variant : kBestFirst)
        if (std::strcmp(variant().name, name) == 0) return &variant();
    return nullptr;
}

bool host_can_run(const Variant& variant) {
    __builtin_cpu_init();
    if (&variant == &variant_v4()) return __builtin_cpu_supports("x86-64-v4");
    if (&variant == &variant_v3()) return __builtin_cpu_supports("x86-64-v3");
    return __builtin_cpu_supports("x86-64-v2");
}

const Variant& choose_variant(const char* name) {
    if (!name) name = std::getenv("ACC_MODEL_SIMD");
    if (!name || !*name) {
        for (const Get variant : kBestFirst)
            if (host_can_run(variant())) return variant();
        refuse("the interpreter needs a host processor of the level x86-64-v2");
    }
    const Variant* variant = find_variant(name);
    if (!variant) refuse("ACC_MODEL_SIMD=" + std::string(name) + " is none of v2, v3, v4");
    if (!host_can_run(*variant))
        refuse("ACC_MODEL_SIMD=" + std::string(name) + ": this host's processor is not x86-64-" +
               name);
    return *variant;
}

} // namespace acc::model::interp
