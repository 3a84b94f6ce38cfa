// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loads and stores that the translator makes itself.
#pragma once

#include <optional>

#include "driver/model/jit/program.h"

namespace acc::model::jit {

struct Access {
    unsigned bytes = 0; ///< of an element
    bool is_signed = false, store = false;
    isa::Space space = isa::Space::None;
};

/// What the instruction accesses. Nothing when it is no load or store, or one that another host
/// thread may look at: then the interpreter does it, whose accesses are whole and in order. (A
/// block's shared memory is one host thread's.)
std::optional<Access> plain_access(const Inst& inst);

/// The load, or the store, is more than ordinary: ordered with others', or volatile.
bool is_strong(const Inst& inst, bool store);

} // namespace acc::model::jit
