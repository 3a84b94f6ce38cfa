// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The registers and variables that a name means inside of nested { }.
#pragma once

#include "compiler/ptx/Text.h"

#include "llvm/ADT/StringMap.h"

namespace acc::ptx {

class Scopes {
  public:
    explicit Scopes(Program& program);

    /// False: they nest too deeply.
    bool open();
    /// False: none is open.
    bool close();
    size_t depth() const { return scopes_.size() - 1; }
    /// Number of the innermost one.
    unsigned current() const { return scopes_.back().number; }

    /// `name` or, when count is not 0, name0 ... name<count - 1>; of a vector type: name.x, ... .
    /// Returns an error text.
    std::string declare(llvm::StringRef type, llvm::StringRef name, uint64_t count,
                        unsigned vector = 1);
    std::string declare(Variable variable);

    /// A register, a vector of registers or a variable of the function, as an operand; false when
    /// it is none of them.
    bool find(llvm::StringRef name, Operand& operand) const;

  private:
    struct Family {
        unsigned first = 0;
        uint64_t count = 0;
        unsigned vector = 1;
        bool is_variable = false;
    };
    struct Scope {
        unsigned number;
        llvm::StringMap<Family> names;
    };
    std::optional<unsigned> member(const Scope& scope, llvm::StringRef name) const;

    Program& program_;
    std::vector<Scope> scopes_;
};

} // namespace acc::ptx
