// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two words beside each other in memory that are a register pair, as complex numbers are: taken
// apart and put together by permutations of words. As shifted and narrowed 64-bit numbers they
// would take the host three to five times as many instructions.
#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

using namespace llvm;

namespace {
/// Words of a row of the host.
constexpr unsigned row_words(bool masks) {
    return masks ? 16 : 8;
}
} // namespace

/// Word `which` of each lane's pair.
Emitter::IR Emitter::word_of_pairs(IR pairs, unsigned which) {
    const unsigned row = row_words(has_masks_);
    auto* words = FixedVectorType::get(ir_.getInt32Ty(), row);
    SmallVector<int, 16> picked;
    for (unsigned l = 0; l < row; ++l)
        picked.push_back(static_cast<int>(2 * l + which));
    SmallVector<IR, 16> parts;
    for (unsigned first = 0; first < lanes_; first += row) {
        const auto half = [&](unsigned from) {
            return ir_.CreateBitCast(lanes_from(pairs, from, row / 2), words);
        };
        parts.push_back(ir_.CreateShuffleVector(half(first), half(first + row / 2), picked));
    }
    return whole(parts);
}

Emitter::IR Emitter::pairs_of_words(IR low, IR high) {
    const unsigned row = row_words(has_masks_);
    auto* pairs = FixedVectorType::get(ir_.getInt64Ty(), row / 2);
    SmallVector<IR, 32> parts;
    for (unsigned first = 0; first < lanes_; first += row) {
        IR l = lanes_from(low, first, row), h = lanes_from(high, first, row);
        for (unsigned from = 0; from < row; from += row / 2) {
            SmallVector<int, 16> order;
            for (unsigned i = 0; i < row / 2; ++i) {
                order.push_back(static_cast<int>(from + i));
                order.push_back(static_cast<int>(row + from + i));
            }
            parts.push_back(ir_.CreateBitCast(ir_.CreateShuffleVector(l, h, order), pairs));
        }
    }
    return whole(parts);
}

/// What a store of a pair takes.
Value Emitter::stored_pair(const Inst& inst) {
    const auto r = static_cast<Reg>(inst.reg(isa::Field::rc));
    const bool apart = r != isa::kZeroReg && words_.count(r) && words_.count(r + 1) &&
                       !pairs_.count(r);
    if (!apart || one_thread_) return source(inst, isa::Field::rc, 64);
    const Value low = get32(r), high = get32(static_cast<Reg>(r + 1));
    if (!low.is_vector() && !high.is_vector()) return source(inst, isa::Field::rc, 64);
    return vector_value(64, pairs_of_words(vector(low), vector(high)));
}

} // namespace acc::model::jit
