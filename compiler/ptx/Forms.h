// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The table of PTX: one row per form of an instruction, with every modifier and operand that it may
// have. A statement that fits no row is an error, and so is a modifier or an operand that a row
// admits but its lowering did not look at: nothing is ever ignored.
#pragma once

#include "compiler/ptx/Emitter.h"

#include "llvm/ADT/SmallVector.h"

#include <span>

namespace acc::ptx {

class Instruction;

/// `syntax`: "opcode slots : operands", e.g. "add [rn|rz|rm|rp] [ftz] [sat] f32 : d a b".
/// A slot is one of several modifiers, in brackets when it may be missing; $i, $f, ... stand for
/// the lists of types in Forms.cpp. Operands in brackets may be missing.
struct Form {
    const char* syntax;
    void (*lower)(Emitter&, Instruction&);
};

/// A statement together with the row that it fits, seen from its lowering: every question marks
/// what was asked about as used.
class Instruction {
  public:
    Instruction(const Statement& statement, llvm::SmallVector<llvm::StringRef> modifiers);

    llvm::StringRef opcode() const { return statement_.opcode; }

    /// Is the modifier there?
    bool has(llvm::StringRef modifier);
    /// The one of these modifiers that is there, else empty.
    llvm::StringRef one_of(std::initializer_list<llvm::StringRef> modifiers);
    /// The n-th of these modifiers that the statement has, in its order, else empty.
    llvm::StringRef nth_of(unsigned n, std::initializer_list<llvm::StringRef> modifiers);
    /// ".name" when it is there, else "": for the names of machine operations.
    std::string suffix(llvm::StringRef modifier, llvm::StringRef name = {});
    /// Modifiers that change how fast something is, not what it does.
    void hint(std::initializer_list<llvm::StringRef> modifiers);

    /// The n-th type among the modifiers.
    Type type(const Emitter& emitter, unsigned n = 0);

    size_t count() const { return statement_.operands.size(); }
    const Operand& operand(size_t index);
    const Operand& last() { return operand(count() - 1); }

    llvm::Value* read(Emitter& emitter, size_t index, const Type& type) {
        return emitter.read(operand(index), type);
    }

    /// Throws when something was not looked at.
    void check_used() const;

  private:
    struct Token {
        llvm::StringRef text;
        bool used = false;
    };
    const Statement& statement_;
    llvm::SmallVector<Token> tokens_;
    llvm::SmallVector<bool> used_operands_;
};

/// The rows of the files of this folder.
std::span<const Form> integer_forms();
std::span<const Form> bit_forms();
std::span<const Form> float_forms();
std::span<const Form> half_forms();
std::span<const Form> conversion_forms();
std::span<const Form> compare_forms();
std::span<const Form> memory_forms();
std::span<const Form> atomic_forms();
std::span<const Form> mbarrier_forms();
std::span<const Form> video_forms();
std::span<const Form> warp_forms();
std::span<const Form> control_forms();
std::span<const Form> texture_forms();
std::span<const Form> cluster_forms();
std::span<const Form> tensor_forms();

} // namespace acc::ptx
