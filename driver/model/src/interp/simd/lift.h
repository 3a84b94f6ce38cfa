// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The functions of opcodes for the translator (driver/model/jit). The same sources, compiled to
// LLVM bitcode with ACC_LIFT, have no handlers: what binds an opcode's handlers elsewhere (a Bind)
// executes the instruction at once, on operands in memory. With the instruction known, the
// optimiser leaves of it what that instruction does.
#pragma once

#include "driver/model/src/interp/state.h"

namespace acc::model::interp {

/// An instruction with its operands: of each the rows, 32 words of 4 bytes, aligned to 128 bytes.
struct LiftOp {
    Op op;
    const void *source_a, *source_b, *source_c;
    void* result;
    uint32_t predicate;                ///< lane mask of ps, negated where the instruction says so
    uint32_t predicate_d, predicate_e; ///< lane masks that are pd and pe afterwards
};

} // namespace acc::model::interp
