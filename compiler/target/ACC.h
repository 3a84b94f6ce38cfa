// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the files of the backend share: address spaces, DAG nodes, and the passes' constructors.
#pragma once

#include "compiler/target/mc/ACCMCTargetDesc.h"
#include "llvm/CodeGen/SelectionDAGNodes.h"

namespace llvm {
class ACCTargetMachine;
class DebugLoc;
class Function;
class FunctionPass;
class GlobalVariable;
class ModulePass;
class PassRegistry;
class SelectionDAG;
class Twine;
enum class CodeGenOptLevel;

namespace ACCAS {
/// Address spaces of docs/isa/abi.md. They index opcode tables, hence Constant after Local there.
enum : unsigned { Generic = 0, Global = 1, Shared = 3, Constant = 4, Local = 5 };
} // namespace ACCAS

namespace ACCISD {
enum NodeType : unsigned {
  FIRST_NUMBER = ISD::BUILTIN_OP_END,
  CALL,     ///< chain, callee, argument registers, mask, [glue]
  RET,      ///< chain, result registers, [glue]
  EXIT,     ///< chain; the thread ends
  PC_ADDR,  ///< address of a symbol of the image, relative to the program counter
  SREG,     ///< special register; operand: number
  TEXTURE,  ///< chain, opcode, modifiers, words of the operands (the first two as one) -> words, chain
  LOAD_V2,  ///< chain, address -> two values, chain
  LOAD_V4,  ///< chain, address -> four values, chain
  STORE_V2, ///< chain, two values, address
  STORE_V4, ///< chain, four values, address
  CAS_128,  ///< chain, address, expected low and high, new low and high -> old low and high, chain
  EXCH_128, ///< chain, address, new low and high -> old low and high, chain
};
} // namespace ACCISD

/// True for functions the host launches: calling convention ptx_kernel.
bool isACCKernel(const Function &F);

/// How many registers a function may use so that its block fits on a compute unit: from the launch bounds of
/// a kernel, for other functions as if blocks had 1024 threads.
unsigned getACCRegisterLimit(const Function &F);

/// Offset of a shared variable, as the layout pass decided; nullopt for `extern __shared__` arrays, which
/// start at sr_dyn_shared.
std::optional<uint32_t> getACCSharedOffset(const GlobalVariable &GV);

/// Tells the context's diagnostic handler what of \p F cannot be compiled, with the source line (without \p
/// DL the function's). Nothing in the backend ends the process: the caller goes on with something valid, and
/// acc::emitModule fails at its end.
void reportACCUnsupported(const Function &F, const Twine &What, const DebugLoc &DL);

/// Reports that a kernel needs \p Bytes of a resource that ends at \p Limit; \p Detail follows the figures.
void reportACCTooLarge(const Function &Kernel, StringRef Resource, uint64_t Bytes, uint64_t Limit,
                       const Twine &Detail);

/// Reports it for a node, and gives what stands for its results: undefined values, and the chain it had.
SDValue unsupportedACCOperation(SDNode *N, const Twine &What, SelectionDAG &DAG);

void registerACCAsmPrinter();
FunctionPass *createACCISelDagPass(ACCTargetMachine &TM, CodeGenOptLevel OptLevel);
/// Gives every shared variable its offset and every kernel its static shared size ("acc-shared-bytes").
ModulePass *createACCSharedLayoutPass();
/// Finds alignments out, and makes 16-byte accesses of small copies.
FunctionPass *createACCWidenMemoryPass();
/// Gives accesses in loops bases and indices that the machine adds up by itself.
FunctionPass *createACCLoopAddressesPass();
/// Brings the parts of addresses into the block of their access, where selection finds them.
FunctionPass *createACCSinkAddressesPass();
/// Orders blocks so that threads which part meet again.
FunctionPass *createACCBlockOrderPass();
/// Guards short conditional blocks instead of branching around them.
FunctionPass *createACCGuardPass();

} // namespace llvm
