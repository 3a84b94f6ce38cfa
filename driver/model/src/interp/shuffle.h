// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What shfl means, once: for single lanes (U = uint32_t, I = int32_t) and for rows of lanes
// (vectors of the same). The functions are of each file's own, because files of simd/ may
// instantiate nothing that the linker could share between host variants.
#pragma once

#include <cstdint>

#include "acc/spec/acc_isa_opcodes.h"

#define ACC_SHUFFLE_INLINE __attribute__((always_inline)) static inline

namespace acc::model::interp {

/// Beside its value, what a thread gives to a shuffle.
template <class U>
struct ShuffleOperands {
    U b; ///< lane or distance
    U clamp, segment;
};

/// From the modifiers and register b.
template <class U>
ACC_SHUFFLE_INLINE ShuffleOperands<U> shuffle_operands(uint32_t bits, U b) {
    namespace shfl = isa::mods::SHFL;
    constexpr auto field = [](isa::ModField f) { return f.mask() >> f.bit; };
    constexpr uint32_t source_at = shfl::src.bit, source_mask = field(shfl::src);
    constexpr uint32_t lane_mask = isa::kShflLane.mask();
    const uint32_t source = bits >> source_at & source_mask;
    if (source == shfl::src_cr) {
        constexpr uint32_t clamp_mask = field(isa::kShflClamp),
                           segment_mask = field(isa::kShflSegment);
        return {b & lane_mask, b >> (uint32_t)isa::kShflClamp.bit & clamp_mask,
                b >> (uint32_t)isa::kShflSegment.bit & segment_mask};
    }
    constexpr uint32_t clamp_mask = field(shfl::clamp), segment_mask = field(shfl::seg),
                       simm_mask = field(shfl::simmlane);
    const U zero = b ^ b;
    return {source == shfl::src_simm ? zero + (bits >> shfl::simmlane.bit & simm_mask)
                                     : b & lane_mask,
            zero + (bits >> shfl::clamp.bit & clamp_mask),
            zero + (bits >> shfl::seg.bit & segment_mask)};
}

/// The lane that `lane` reads from; in_range says whether it is one, otherwise the thread keeps its
/// own value.
template <class U, class I>
ACC_SHUFFLE_INLINE U shuffle_source(uint32_t mode, U lane, const ShuffleOperands<U>& x,
                                    I& in_range) {
    namespace shfl = isa::mods::SHFL;
    const U first = lane & x.segment, last = first | (x.clamp & ~x.segment);
    U from;
    switch (mode) {
    case shfl::shmode_idx: from = first | (x.b & ~x.segment), in_range = from <= last; break;
    case shfl::shmode_up: from = lane - x.b, in_range = (I)from >= (I)last; break;
    case shfl::shmode_down: from = lane + x.b, in_range = from <= last; break;
    default: from = lane ^ x.b, in_range = from <= last; break; // bfly
    }
    return from;
}

} // namespace acc::model::interp
