// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// State of the translation of one asm statement: typed access to its operands and registers.
#pragma once

#include "compiler/frontend/PtxText.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/IR/IRBuilder.h"

namespace acc::frontend::ptx {

/// A scalar type of PTX.
struct Type {
    llvm::Type* ir = nullptr; ///< null: no type
    bool is_signed = false;
    bool is_float = false;
    unsigned bits = 0;
};

/// Raised for what the translation does not know; the pass makes a diagnostic of it.
struct Unsupported {
    std::string what;
};

class Emitter {
  public:
    Emitter(llvm::IRBuilder<>& b, std::vector<llvm::Value*> inputs,
            std::vector<llvm::Type*> outputs)
        : builder(b), values_(std::move(inputs)), output_types_(std::move(outputs)) {}

    llvm::IRBuilder<>& builder;
    llvm::Value* carry = nullptr; ///< condition code register CC.CF, i1

    void declare(const Declaration& declaration);

    /// Type of the modifier, e.g. "u32"; without `ir` when the modifier is none.
    Type type_of(llvm::StringRef modifier) const;
    /// The last type modifier of a statement; throws when there is none.
    Type last_type(const Statement& statement) const;

    /// Value of a source operand, reinterpreted as `type` (same width) or truncated to it.
    llvm::Value* read(const Operand& operand, const Type& type);
    llvm::Value* read_predicate(const Operand& operand);
    /// Address operand of the given address space.
    llvm::Value* read_address(const Operand& operand, unsigned space);
    /// Assigns a destination; narrower results are extended to the register as `is_signed` says.
    void write(const Operand& operand, llvm::Value* value, bool is_signed = false);

    llvm::Value* output(unsigned index) const { return values_[index]; }

    /// For guarded instructions: registers before the instruction, to be merged with those after
    /// it.
    struct Snapshot {
        std::vector<llvm::Value*> values;
        llvm::StringMap<llvm::Value*> registers;
    };
    Snapshot snapshot() const { return {values_, registers_}; }
    void merge(const Snapshot& before, llvm::BasicBlock* skipped, llvm::BasicBlock* taken);

    [[noreturn]] void unsupported(const std::string& what) const { throw Unsupported{what}; }

  private:
    llvm::Value* fit(llvm::Value* value, llvm::Type* type, bool is_signed);
    llvm::Value* raw(const Operand& operand);
    llvm::Value* special_register(llvm::StringRef name);

    std::vector<llvm::Value*> values_; ///< asm operands, outputs first; null = not yet assigned
    std::vector<llvm::Type*> output_types_;
    llvm::StringMap<llvm::Value*> registers_;
    llvm::StringMap<llvm::Type*> declared_;
};

/// Translates one statement; throws Unsupported.
void translate(Emitter& emitter, const Statement& statement);

} // namespace acc::frontend::ptx
