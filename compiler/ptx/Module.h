// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A whole PTX module: text → LLVM IR in the form in which clang hands over device code.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <memory>
#include <string>
#include <vector>

namespace llvm {
class LLVMContext;
class Module;
} // namespace llvm

namespace acc::ptx {

struct Problem {
    unsigned line = 0; ///< of the text, from 1
    std::string text;
};

/// `name` is for debug information; `layout` the data layout of the device. The text is untrusted:
/// any bytes give a module or problems (and no module).
std::unique_ptr<llvm::Module> parse_module(llvm::StringRef text, llvm::StringRef name,
                                           llvm::StringRef layout, llvm::LLVMContext& context,
                                           std::vector<Problem>& problems);

} // namespace acc::ptx
