// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/frontend/PtxEmitter.h"

#include <span>

namespace acc::frontend::ptx {

/// One row per opcode (the part before the first dot). The handler reads the modifiers.
struct InstructionRow {
    const char* opcode;
    void (*translate)(Emitter&, const Statement&);
};

std::span<const InstructionRow> arithmetic_instructions();
std::span<const InstructionRow> memory_instructions();

} // namespace acc::frontend::ptx
