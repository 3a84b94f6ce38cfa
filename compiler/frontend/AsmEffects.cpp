// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Of asm statements that stay text (-ptx) LLVM knows only what clang says: without volatile and
// "memory" they are functions of their operands. Those that read memory are not, and would be
// merged although a barrier or a store stands between them.
#include "compiler/frontend/Passes.h"
#include "compiler/ptx/Text.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend {
namespace {

/// Memory is written in brackets, whatever the instruction; others wait for other threads, or call
/// what may do both. A text that is not understood may do anything.
bool touches_memory(StringRef text) {
    static constexpr StringRef others[] = {"bar", "barrier", "call", "cp", "fence", "membar"};
    if (text.contains('[')) return true;
    ptx::Program program;
    if (!ptx::parse(text, program).empty()) return true;
    return any_of(program.statements, [](const ptx::Statement& statement) {
        return is_contained(others, StringRef(statement.opcode));
    });
}

} // namespace

PreservedAnalyses AsmEffectsPass::run(Module& module, ModuleAnalysisManager&) {
    for (Function& function : module)
        for (Instruction& instruction : instructions(function)) {
            auto* call = dyn_cast<CallInst>(&instruction);
            if (!call || !call->isInlineAsm()) continue;
            auto* text = cast<InlineAsm>(call->getCalledOperand());
            if (!touches_memory(text->getAsmString())) continue;
            call->setCalledOperand(InlineAsm::get(text->getFunctionType(), text->getAsmString(),
                                                  text->getConstraintString(),
                                                  /*hasSideEffects=*/true, text->isAlignStack(),
                                                  text->getDialect(), text->canThrow()));
            call->removeFnAttr(Attribute::Memory);
            call->removeFnAttr(Attribute::Speculatable);
        }
    return PreservedAnalyses::none();
}

} // namespace acc::frontend
