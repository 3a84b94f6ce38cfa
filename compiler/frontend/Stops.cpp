// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/frontend/Passes.h"
#include "compiler/ptx/Emitter.h"

#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/IntrinsicsNVPTX.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend {
namespace {

/// To LLVM these end the program without reading memory, so that stores before them are dead. Here
/// the other threads and the host go on, or a debugger looks.
bool stops(const Instruction& instruction) {
    auto* call = dyn_cast<IntrinsicInst>(&instruction);
    if (!call) return false;
    switch (call->getIntrinsicID()) {
    case Intrinsic::nvvm_exit:
    case Intrinsic::trap:
    case Intrinsic::ubsantrap:
    case Intrinsic::debugtrap: return true;
    default: return false;
    }
}

} // namespace

PreservedAnalyses StopsPass::run(Module& module, ModuleAnalysisManager&) {
    for (Function& function : module)
        for (Instruction& instruction : instructions(function))
            if (stops(instruction)) {
                IRBuilder<> builder(&instruction);
                ptx::memory_barrier(builder);
            }
    return PreservedAnalyses::none();
}

} // namespace acc::frontend
