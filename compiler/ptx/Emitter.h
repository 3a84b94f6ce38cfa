// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// State of the translation of one asm statement: typed access to its operands and registers.
#pragma once

#include "compiler/ptx/Text.h"

#include "llvm/IR/IRBuilder.h"

namespace acc::ptx {

/// A scalar type of PTX.
struct Type {
    llvm::Type* ir = nullptr; ///< null: no type
    bool is_signed = false;
    bool is_float = false;
    unsigned bits = 0;
};

/// A statement of no instructions that the optimiser cannot see through: `call void asm sideeffect
/// "", "~{memory}"`. Memory accesses do not move across it, and stores before it are kept.
void memory_barrier(llvm::IRBuilder<>& builder);
/// The value, but nobody knows that it is: it passes through an empty volatile statement.
llvm::CallInst* opaque(llvm::IRBuilder<>& builder, llvm::Value* value);

/// Raised for what the translation does not know; the pass makes a diagnostic of it.
struct Unsupported {
    std::string what;
};

class Emitter;
class Instruction;

/// What surrounds the statements of a function: other names than registers, other places in the
/// code.
class Surroundings {
  public:
    virtual ~Surroundings() = default;
    /// Address of a variable or function; null when the name is none's.
    virtual llvm::Value* address_of(const Operand& name) = 0;
    /// Throws Unsupported when the name is no label's.
    virtual llvm::BasicBlock* label(llvm::StringRef name, unsigned scope) = 0;
    virtual const BranchTargets* targets(llvm::StringRef name, unsigned scope) = 0;
    virtual void call(Emitter& emitter, Instruction& call) = 0;
    virtual void leave(Emitter& emitter) = 0;
};

/// State of the translation of an asm statement or a function.
class Emitter {
  public:
    /// Of an asm statement. `values`: the operands as the text numbers them, outputs first; null =
    /// not yet assigned.
    Emitter(llvm::IRBuilder<>& b, const Program& program, std::vector<llvm::Value*> values,
            std::vector<llvm::Type*> outputs, bool is_volatile);
    /// The same for one with branches: its registers and outputs are local variables.
    Emitter(llvm::IRBuilder<>& b, const Program& program, std::vector<llvm::Value*> values,
            std::vector<llvm::Type*> outputs, bool is_volatile, Surroundings& surroundings);
    /// Of a function: its registers are local variables, because any statement may be reached from
    /// several places.
    Emitter(llvm::IRBuilder<>& b, const Program& program, Surroundings& surroundings);

    llvm::IRBuilder<>& builder;
    Surroundings* const surroundings; ///< null: of an asm statement
    unsigned scope = 0;               ///< that the statement stands in
    /// The statement is volatile: each of its memory accesses takes place.
    const bool is_volatile;
    /// An instruction has effects of its own, which keep it where it is.
    bool has_effects = false;

    /// Type of the modifier, e.g. "u32"; without `ir` when the modifier is none.
    Type type_of(llvm::StringRef modifier) const;
    Type bits(unsigned width) const {
        return {llvm::Type::getIntNTy(builder.getContext(), width), false, false, width};
    }

    /// Value of a source operand, reinterpreted as `type` (same width), extended or truncated to
    /// it.
    llvm::Value* read(const Operand& operand, const Type& type);
    llvm::Value* read_predicate(const Operand& operand);
    /// Is it a predicate register?
    bool is_predicate(const Operand& operand) const;
    /// Condition code register CC.CF, i1; null: not yet assigned.
    llvm::Value* carry();
    void set_carry(llvm::Value* value);

    /// A constant; throws, naming `what`, when the operand is none.
    uint64_t read_constant(const Operand& operand, const char* what);
    /// Address operand of the given address space.
    llvm::Value* read_address(const Operand& operand, unsigned space);
    /// Assigns a destination; narrower results are extended to the register as `is_signed` says.
    void write(const Operand& operand, llvm::Value* value, bool is_signed = false);
    void write(const Operand& operand, llvm::Value* value, const Type& type) {
        write(operand, value, type.is_signed);
    }
    /// d or d|p.
    void write_pair(const Operand& operand, llvm::Value* first, llvm::Value* second);

    /// Of the asm statement; null: nothing was written to it.
    llvm::Value* output(unsigned index);

    /// Instruction of the machine, by its name in the ISA with modifiers
    /// (compiler/frontend/README.md, "Machine operations"): a function of its operands.
    llvm::Value* machine(const llvm::Twine& name, llvm::Type* result,
                         llvm::ArrayRef<llvm::Value*> arguments);
    llvm::Value* call(llvm::Intrinsic::ID id, llvm::ArrayRef<llvm::Value*> arguments = {}) {
        return builder.CreateIntrinsic(id, {}, arguments);
    }

    /// For guarded instructions: registers before the instruction, to be merged with those after
    /// it.
    struct Snapshot {
        std::vector<llvm::Value*> values, registers;
        llvm::Value* carry;
    };
    Snapshot snapshot() const { return {values_, registers_, carry_}; }
    void merge(const Snapshot& before, llvm::BasicBlock* skipped, llvm::BasicBlock* taken);

    [[noreturn]] void unsupported(const std::string& what) const { throw Unsupported{what}; }

  private:
    llvm::Value* fit(llvm::Value* value, llvm::Type* type, bool is_signed);
    llvm::Value* raw(const Operand& operand);
    llvm::Value* immediate(const Operand& operand, const Type& type);
    llvm::Value* special_register(llvm::StringRef name);
    unsigned part_width(const Operand& vector, unsigned bits) const;
    void declare(const Program& program);
    llvm::Value* named(const Operand& operand);
    bool is_place(unsigned index) const { return surroundings && index < output_types_.size(); }
    llvm::AllocaInst* local(llvm::Value*& slot, llvm::Type* type, llvm::StringRef name);

    std::vector<llvm::Value*> values_;
    std::vector<llvm::Type*> output_types_;
    std::vector<llvm::Value*> registers_; ///< null = not yet assigned; in functions: their places
    std::vector<llvm::Type*> register_types_;
    llvm::Value* carry_ = nullptr;
};

/// Translates one statement (Forms.cpp); throws Unsupported.
void translate(Emitter& emitter, const Statement& statement);

} // namespace acc::ptx
