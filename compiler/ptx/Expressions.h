// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Constants and constant expressions. Semantics: PTX ISA, 4.5.
#pragma once

#include "compiler/ptx/Cursor.h"
#include "compiler/ptx/Text.h"

namespace acc::ptx {

/// Does a number, or an expression of numbers, begin here?
bool is_constant(Cursor cursor);

/// Reads one into an operand of kind Integer or Float. Returns an error text.
std::string parse_constant(Cursor& cursor, Operand& result);

} // namespace acc::ptx
