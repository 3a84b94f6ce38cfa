// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What accesses are looked at together.
#pragma once

#include <vector>

#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

/// The offset of an access.
inline int64_t offset_of(const Inst& inst) {
    return static_cast<int32_t>(inst.imm());
}

/// Accesses that one look covers: of the same form and wave, at different offsets.
struct Emitter::Look {
    Way way;     ///< of the first
    Value guard; ///< its predicate, whether or not it is negated
    IR mask;
    int64_t lowest, highest; ///< offsets
    unsigned wave;
    std::vector<Way> members; ///< those that are made in the next wave
    unsigned place = 0;       ///< whose range it is
    IR address = nullptr;     ///< that it covers, where the wave before it has been good
};

} // namespace acc::model::jit
