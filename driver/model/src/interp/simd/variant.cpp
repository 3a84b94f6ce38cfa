// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The table of handlers of this compilation.
#include "driver/model/src/interp/variant.h"

#include "driver/model/src/interp/simd/alu.h"

namespace acc::model::interp {
namespace ACC_SIMD {

void bind_pseudo_ops(Variant& v); ///< those that are no instructions
void run_gang(Gang* g);
void run_one(Gang* g, const Op* op);
bool fetch_kept(const Gang* g, const Op* op, uint64_t address, uint32_t wanted);

namespace {
Variant make() {
    Variant v{};
    v.name = ACC_SIMD_NAME;
    v.run = run_gang;
    v.run_one = run_one;
    v.fetch = fetch_kept;
    bind_pseudo_ops(v);
    bind_integer(v.bind);
    bind_integer_rare(v.bind);
    bind_logic(v.bind);
    bind_moves(v.bind);
    bind_float32(v.bind);
    bind_float64(v.bind);
    bind_half(v.bind);
    bind_sfu(v.bind);
    bind_convert(v.bind);
    bind_convert_narrow(v.bind);
    bind_control(v.bind);
    bind_global(v.bind);
    bind_generic(v.bind);
    bind_shared(v.bind);
    bind_local(v.bind);
    bind_atomics(v.bind);
    bind_sync(v.bind);
    bind_warp(v.bind);
    bind_async(v.bind);
    bind_matrix(v.bind);
    bind_texture(v.bind);
    return v;
}
} // namespace
} // namespace ACC_SIMD

#define ACC_PASTE2(a, b) a##b
#define ACC_PASTE(a, b) ACC_PASTE2(a, b)
const Variant& ACC_PASTE(variant_, ACC_SIMD)() {
    static const Variant variant = ACC_SIMD::make();
    return variant;
}

} // namespace acc::model::interp
