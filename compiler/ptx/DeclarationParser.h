// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Declarations of registers, variables and parameters. Semantics: PTX ISA, 5.4 and 7.1. All return
// an error text.
#pragma once

#include "compiler/ptx/Cursor.h"
#include "compiler/ptx/Scopes.h"

namespace acc::ptx {

/// Behind ".reg": .u32 a, b<4>
std::string parse_registers(Cursor& cursor, Scopes& scopes);

/// [.visible ...] .shared .align 4 .b32 a, b[2] = {1, 2}: as far as the end of the list.
std::string parse_variables(Cursor& cursor, std::vector<Variable>& variables);

/// Does one begin here?
bool is_variable(Cursor cursor);

/// (.param .b32 a, .param .align 8 .b8 b[24]), or nothing
std::string parse_parameters(Cursor& cursor, std::vector<Parameter>& parameters);

/// Behind ".callprototype": (results) _ (parameters)
std::string parse_prototype(Cursor& cursor, Signature& signature);

} // namespace acc::ptx
