// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What opcodes do, as LLVM IR: the functions that the interpreter's handlers are made of
// (driver/model/src/interp/simd/lift.h), to be inlined where an instruction stands.
#pragma once

#include <llvm/IR/Module.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace acc::model::jit {

/// The bitcode: for hosts with or without mask registers.
std::string_view alu_code(bool masks);

class AluLibrary {
  public:
    explicit AluLibrary(bool masks);
    /// Whether there is a function for the opcode (its number).
    bool has(unsigned opcode) const { return functions_.count(opcode) != 0; }
    /// void(const Inst*, LiftOp*), as a declaration in `module`.
    static llvm::FunctionCallee declare(llvm::Module& module, unsigned opcode);
    /// Puts what has been declared, and what that needs, into the module, to be inlined.
    void link(llvm::Module& module) const;

  private:
    std::string_view code_;
    std::map<unsigned, std::string> functions_; ///< names, by opcode
};

} // namespace acc::model::jit
