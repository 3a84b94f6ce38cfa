// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loops that end after a number of turns that is known: they need not be interrupted, and what they
// count lies between bounds, so that accesses of shared memory need no look.
#pragma once

#include <vector>

#include "driver/model/jit/program.h"

namespace acc::model::jit {

/// A register that such a loop counts with, from a constant on and by a constant.
struct Counter {
    Reg reg;
    uint32_t most; ///< at the start of the loop's blocks, as an unsigned number
};

/// A loop of blocks first to last, which only `last` jumps back in.
struct CountedLoop {
    unsigned first, last;
    uint32_t turns; ///< at most
    std::vector<Counter> counters;
};

std::vector<CountedLoop> find_counted_loops(const Program& program);

} // namespace acc::model::jit
