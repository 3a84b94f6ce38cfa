// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Options that nvcc hands to the other programs of its toolkit: -Xptxas, -Xnvlink, -Xfatbin,
// -Xcudafe. There are no such programs here: what an option asks for is done by accc, or has no
// meaning for acc code.
#pragma once

#include "compiler/driver/Invocation.h"

#include <string>

namespace acc::driver {

/// Each takes one word of the list that follows -Xptxas and its like. Returns an error text, or
/// nothing.
std::string assembler_option(Invocation&, const std::string& word);     ///< ptxas
std::string device_linker_option(Invocation&, const std::string& word); ///< nvlink
std::string fat_binary_option(Invocation&, const std::string& word);    ///< fatbinary

std::string front_end_option(Invocation&, const std::string& word); ///< cudafe

/// -maxrregcount, of which 0 is no limit.
void set_most_registers(Invocation&, unsigned most);

/// An option was named that is accepted and has no effect; -v shows it.
void note_ignored(Invocation&, const std::string& option);

} // namespace acc::driver
