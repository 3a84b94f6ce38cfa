// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Text of a module → its declarations and functions, one after the other.
#pragma once

#include "compiler/ptx/Module.h"
#include "compiler/ptx/Text.h"

#include <array>

namespace acc::ptx {

/// Limits of a kernel's launches; 0: none.
struct LaunchBounds {
    std::array<uint64_t, 3> max_threads{}, required_threads{}, cluster{};
    uint64_t min_blocks = 0, max_registers = 0, max_cluster = 0;
};

struct FunctionHead {
    std::string name;
    bool is_entry = false;
    Linkage linkage = Linkage::Internal;
    Signature signature;
    LaunchBounds bounds;
    unsigned line = 0;
};

/// What is made of the parts.
class ModuleSink {
  public:
    virtual ~ModuleSink() = default;
    /// .file
    virtual void file(unsigned number, llvm::StringRef name) = 0;
    virtual void variable(const Variable& variable) = 0;
    /// `body`: null for a declaration.
    virtual void function(const FunctionHead& head, const Program* body) = 0;
    /// .alias a, b: another name of a function.
    virtual void alias(llvm::StringRef name, llvm::StringRef target) = 0;
};

/// Throws Problem at the first thing that is no PTX.
void parse_module_text(llvm::StringRef text, ModuleSink& sink);

} // namespace acc::ptx
