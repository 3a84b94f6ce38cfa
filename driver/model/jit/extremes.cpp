// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Minimum and maximum of which a NaN is none and -0 is less than +0. The host's min and max know
// neither; its `range` (AVX-512 DQ) does, if NaNs are quiet.
#include <llvm/IR/IntrinsicsX86.h>

#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

using namespace llvm;

namespace {
constexpr uint32_t kSmaller = 4, kGreater = 5; ///< with the sign that the result has
constexpr uint32_t kNoExceptions = 8;          ///< and to the nearest

/// If it is a NaN, it is a quiet one: the host's arithmetic makes no other.
bool is_quiet(const Value& v, unsigned bits) {
    if (!v.known) return v.raw;
    const uint64_t infinity = bits == 64 ? 0x7ff0000000000000 : 0x7f800000;
    return (*v.known & isa::low_bits(bits - 1)) <= infinity;
}
} // namespace

/// Of vectors, as integers. x and y are what they were made of.
Emitter::IR Emitter::extreme(const Value& x, const Value& y, IR vx, IR vy, bool least,
                             unsigned bits) {
    const bool wide = bits == 64;
    const unsigned lanes = wide ? 8 : 16;
    const auto quiet = [&](const Value& v, IR part) -> IR {
        if (is_quiet(v, bits)) return part;
        return ir_.CreateIntrinsic(
            wide ? Intrinsic::x86_avx512_mul_pd_512 : Intrinsic::x86_avx512_mul_ps_512, {},
            {part, ConstantFP::get(part->getType(), 1.0), ir_.getInt32(kNoExceptions)});
    };
    return in_parts(lanes, {vx, vy}, [&](ArrayRef<IR> part) {
        IR a = quiet(x, part[0]), b = quiet(y, part[1]);
        return ir_.CreateIntrinsic(wide ? Intrinsic::x86_avx512_mask_range_pd_512
                                        : Intrinsic::x86_avx512_mask_range_ps_512,
                                   {},
                                   {a, b, ir_.getInt32(least ? kSmaller : kGreater),
                                    PoisonValue::get(a->getType()), constant(lanes, ~0ull),
                                    ir_.getInt32(kNoExceptions)});
    });
}

} // namespace acc::model::jit
