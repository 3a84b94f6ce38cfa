// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/target/ACC.h"
#include "llvm/CodeGen/SelectionDAG.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/Function.h"

using namespace llvm;

/// The place of \p DL, or else the function's.
static DiagnosticLocation placeOf(const Function &F, const DebugLoc &DL) {
  const DISubprogram *Subprogram = F.getSubprogram();
  return DL || !Subprogram ? DiagnosticLocation(DL) : DiagnosticLocation(Subprogram);
}

void llvm::reportACCUnsupported(const Function &F, const Twine &What, const DebugLoc &DL) {
  std::string Message = ("the device cannot do this: " + What).str();
  F.getContext().diagnose(DiagnosticInfoUnsupported(F, Message, placeOf(F, DL)));
}

void llvm::reportACCTooLarge(const Function &Kernel, StringRef Resource, uint64_t Bytes, uint64_t Limit,
                             const Twine &Detail) {
  std::string Message = ("kernel '" + demangle(Kernel.getName()) + "' uses too much " + Resource + ": " +
                         Twine(Bytes) + " bytes (0x" + Twine::utohexstr(Bytes) + "), at most " +
                         Twine(Limit) + " (0x" + Twine::utohexstr(Limit) + ") are possible" + Detail)
                            .str();
  Kernel.getContext().diagnose(DiagnosticInfoUnsupported(Kernel, Message, placeOf(Kernel, DebugLoc())));
}

SDValue llvm::unsupportedACCOperation(SDNode *N, const Twine &What, SelectionDAG &DAG) {
  reportACCUnsupported(DAG.getMachineFunction().getFunction(), What, N->getDebugLoc());
  SmallVector<SDValue, 4> Results;
  for (EVT VT : N->values())
    Results.push_back(VT == MVT::Other ? N->getOperand(0) : DAG.getUNDEF(VT));
  return DAG.getMergeValues(Results, SDLoc(N));
}
