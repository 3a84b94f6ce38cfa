// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The backend's public interface, for compiler/driver and tools. The target is found through LLVM's
// TargetRegistry after initializeTarget():
//
//   acc::initializeTarget();
//   std::unique_ptr<llvm::TargetMachine> TM = acc::createTargetMachine({});
//   acc::prepareModule(M, *TM);      // triple and data layout; the module may come from clang's nvptx64
//   ...                              // compiler/frontend optimises
//   llvm::Error E = acc::emitModule(M, *TM, Stream, llvm::CodeGenFileType::ObjectFile);
//
// The object is an ELF64 relocatable file (ET_REL) with the sections and relocations of acc_code_object.h;
// the linker step of compiler/object makes a code object of it. Errors in the module (an unknown external, an
// unsupported operation) go to the LLVMContext's diagnostic handler, or abort where LLVM offers nothing
// better.
#pragma once

#include "llvm/Support/CodeGen.h"
#include "llvm/Support/Error.h"
#include <memory>

namespace llvm {
class Module;
class raw_pwrite_stream;
class TargetMachine;
} // namespace llvm

namespace acc {

inline constexpr const char *TargetTriple = "acc-unknown-unknown-elf";

/// docs/isa/abi.md, section Data.
inline constexpr const char *DataLayoutString = "e-p:64:64-p1:64:64-p3:32:32-p4:64:64-p5:32:32-i64:64-i128:"
                                                "128-i256:256-f64:64-v16:16-v32:32-v64:64-v128:128-"
                                                "n32:64-S128-A5";

/// Registers the target with LLVM. Call once, before anything else; not thread-safe.
void initializeTarget();

/// Multiplications and additions are fused where both are flagged `contract` (clang -ffp-contract=fast,
/// nvcc's -fmad).
struct TargetConfig {
  unsigned OptLevel = 3;    ///< 0..3, as -O
  bool AsmComments = false; ///< verbose assembly
};

/// A machine for TargetTriple; initializeTarget() must have run.
std::unique_ptr<llvm::TargetMachine> createTargetMachine(const TargetConfig &Config);

/// Gives the module our triple and data layout.
void prepareModule(llvm::Module &M, const llvm::TargetMachine &TM);

/// Generates assembly or an object. The module is used up.
llvm::Error emitModule(llvm::Module &M, llvm::TargetMachine &TM, llvm::raw_pwrite_stream &OS,
                       llvm::CodeGenFileType Type);

} // namespace acc
