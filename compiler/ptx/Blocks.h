// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The flow of control in a function or an asm statement: labels begin blocks, guards end them.
#pragma once

#include "compiler/ptx/Emitter.h"

#include <map>

namespace acc::ptx {

class Blocks {
  public:
    /// Makes the labels' blocks, each before `next` (null: at the function's end). Throws
    /// Unsupported for a label that is there twice.
    Blocks(llvm::IRBuilder<>& builder, const Program& program, llvm::Function& function,
           llvm::BasicBlock* next = nullptr);

    /// Throws Unsupported when the name is no label's of the scope or of one around it.
    llvm::BasicBlock* label(llvm::StringRef name, unsigned scope);
    /// The statement at this position comes next: after its labels.
    void enter(size_t position);
    /// Translates it; throws Unsupported.
    void statement(Emitter& emitter, const Statement& statement);
    /// The block ends already: in a branch or a return.
    bool ended() const;

  private:
    llvm::BasicBlock* new_block();

    llvm::IRBuilder<>& builder_;
    const Program& program_;
    llvm::Function& function_;
    llvm::BasicBlock* next_;
    std::map<std::pair<unsigned, std::string>, llvm::BasicBlock*> blocks_;
    size_t next_label_ = 0;
};

} // namespace acc::ptx
