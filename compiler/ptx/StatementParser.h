// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One instruction, without its semicolon.
#pragma once

#include "compiler/ptx/Cursor.h"
#include "compiler/ptx/Scopes.h"

namespace acc::ptx {

/// Operands do not nest further than vectors and addresses of simple operands, so that no input
/// makes this recursive.
class StatementParser {
  public:
    /// `dollar`: '$' belongs to names; else it starts an operand of the asm statement.
    StatementParser(llvm::StringRef text, const Scopes& scopes, bool dollar)
        : cursor_(text, dollar), scopes_(scopes) {}

    /// Returns an error text.
    std::string parse(Statement& statement);

  private:
    void split(llvm::StringRef opcode, Statement& statement);
    std::string operand(Operand& result, llvm::StringRef opcode);
    std::string list(Operand& result, char end);
    std::string pair(Operand& result);
    std::string address(Operand& result);
    std::string image(Operand& result);
    std::string distance(Operand& result);
    std::string simple(Operand& result);
    std::string named(Operand& result);
    std::string asm_operand(Operand& result);
    bool selector(Operand& result, llvm::StringRef text);
    std::string expected(const char* what) const;

    Cursor cursor_;
    const Scopes& scopes_;
};

} // namespace acc::ptx
