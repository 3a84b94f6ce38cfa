// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the matrix instructions share: products by the machine's mma rows, operands of several
// registers.
#pragma once

#include "compiler/ptx/Forms.h"

namespace acc::ptx {

/// One product D = A * B + C of the machine: its name ("mma.m16n8k16.f32.f16.f16"), and how many
/// registers each operand has. A register is 32 bits, of f64 64.
struct Product {
    std::string name;
    bool is_double = false;
    unsigned a = 0, b = 0, c = 0;
};

/// Instruction of a whole warp, by its name in the ISA with modifiers: a function of its operands
/// that all threads of the warp call together.
llvm::SmallVector<llvm::Value*> warp_operation(Emitter& e, const llvm::Twine& name,
                                               llvm::Type* element, size_t results,
                                               llvm::ArrayRef<llvm::Value*> arguments,
                                               llvm::MemoryEffects effects);
llvm::SmallVector<llvm::Value*> multiply(Emitter& e, const Product& product,
                                         llvm::ArrayRef<llvm::Value*> a,
                                         llvm::ArrayRef<llvm::Value*> b,
                                         llvm::ArrayRef<llvm::Value*> c);

/// The registers of an operand, {a, b, ...} or one alone; throws when they are not `count`.
llvm::ArrayRef<Operand> registers_of(Emitter& e, const Operand& operand, size_t count);
llvm::SmallVector<llvm::Value*> read_registers(Emitter& e, const Operand& operand, size_t count,
                                               const Type& type);
void write_registers(Emitter& e, const Operand& operand, llvm::ArrayRef<llvm::Value*> values);

std::span<const Form> matrix_forms();
std::span<const Form> wmma_forms();

} // namespace acc::ptx
