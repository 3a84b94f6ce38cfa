// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Name expressions: what a program says of a kernel or variable ("f<int>", "&ns::table"), and the
// name under which the code has it. The expression becomes the initial value of a variable behind
// the source, which also makes the template's instance; its value in the IR is the answer.
#pragma once

#include "llvm/IR/Module.h"

#include <string>
#include <vector>

namespace acc::driver {

/// How messages call the lines of name_expression_source.
constexpr const char* kNameExpressions = "name expressions";

/// What goes behind the source; line N is that of expression N, from 1.
std::string name_expression_source(const std::vector<std::string>& expressions);

/// The names, in order ("" where an expression is no address of a global), and the variables are
/// gone from the module.
std::vector<std::string> take_lowered_names(llvm::Module& module, size_t count);

/// Static variables of the device, and static kernels, are the program's to find by nvcc's names
/// for them: nobody else names them, because there is no host side.
void show_static_names(llvm::Module& module);

} // namespace acc::driver
