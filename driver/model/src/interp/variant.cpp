// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/interp/variant.h"

#include <cstdlib>
#include <cstring>

namespace acc::model::interp {
namespace {

const Variant& choose_variant() {
    __builtin_cpu_init();
    const bool v4 = __builtin_cpu_supports("x86-64-v4"), v3 = __builtin_cpu_supports("x86-64-v3");
    const char* forced = std::getenv("ACC_MODEL_SIMD");
    if (v4 && (!forced || std::strcmp(forced, "v4") == 0)) return variant_v4();
    if (v3 && (!forced || std::strcmp(forced, "v2") != 0)) return variant_v3();
    return variant_v2();
}

} // namespace

const Variant& host_variant() {
    static const Variant& variant = choose_variant();
    return variant;
}

} // namespace acc::model::interp
