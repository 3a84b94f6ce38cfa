// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/frontend/Passes.h"
#include "compiler/frontend/PtxEmitter.h"

#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

namespace acc::frontend {
namespace {

/// The operands of an asm statement as its text numbers them: outputs first, then inputs; "+r" is
/// an output with a tied input.
struct AsmOperands {
    std::vector<Value*> values;
    std::vector<Type*> outputs;
};

AsmOperands operands_of(CallInst& call) {
    AsmOperands result;
    auto* assembly = cast<InlineAsm>(call.getCalledOperand());
    Type* type = call.getType();
    unsigned argument = 0;
    for (const InlineAsm::ConstraintInfo& constraint : assembly->ParseConstraints()) {
        if (constraint.Type == InlineAsm::isOutput) {
            if (constraint.isIndirect) throw ptx::Unsupported{"memory output operands"};
            Type* output = type->isStructTy()
                               ? type->getStructElementType(unsigned(result.outputs.size()))
                               : type;
            result.outputs.push_back(output);
            result.values.push_back(nullptr);
        } else if (constraint.Type == InlineAsm::isInput) {
            Value* value = call.getArgOperand(argument++);
            if (constraint.hasMatchingInput() || constraint.Codes.empty()) continue;
            unsigned tied;
            if (!StringRef(constraint.Codes[0]).getAsInteger(10, tied) &&
                tied < result.outputs.size())
                result.values[tied] = value->getType() == result.outputs[tied] ? value : nullptr;
            else
                result.values.push_back(value);
        }
    }
    return result;
}

void translate_guarded(ptx::Emitter& emitter, const ptx::Statement& statement) {
    if (!statement.guard) {
        ptx::translate(emitter, statement);
        return;
    }
    IRBuilder<>& builder = emitter.builder;
    Value* condition = emitter.read_predicate(*statement.guard);
    ptx::Emitter::Snapshot before = emitter.snapshot();
    Instruction* after = &*builder.GetInsertPoint();
    BasicBlock* head = after->getParent();
    Instruction* then_end = SplitBlockAndInsertIfThen(condition, after->getIterator(), false);
    builder.SetInsertPoint(then_end);
    ptx::translate(emitter, statement);
    BasicBlock* taken = then_end->getParent();
    builder.SetInsertPoint(after->getParent(), after->getParent()->begin());
    emitter.merge(before, head, taken);
    builder.SetInsertPoint(after);
}

void translate(CallInst& call) {
    AsmOperands operands = operands_of(call);
    ptx::Program program;
    std::string error = ptx::parse(cast<InlineAsm>(call.getCalledOperand())->getAsmString(),
                                   program);
    if (!error.empty()) throw ptx::Unsupported{error};
    IRBuilder<> builder(&call);
    ptx::Emitter emitter(builder, operands.values, operands.outputs);
    for (const ptx::Declaration& declaration : program.registers)
        emitter.declare(declaration);
    for (const ptx::Statement& statement : program.statements) {
        try {
            translate_guarded(emitter, statement);
        } catch (const ptx::Unsupported& problem) {
            throw ptx::Unsupported{"'" + statement.text + "': " + problem.what};
        }
    }
    builder.SetInsertPoint(&call);
    Value* result = operands.outputs.size() == 1 && !call.getType()->isStructTy()
                        ? emitter.output(0)
                        : nullptr;
    if (call.getType()->isStructTy()) {
        result = PoisonValue::get(call.getType());
        for (unsigned i = 0; i < operands.outputs.size(); ++i)
            if (Value* value = emitter.output(i))
                result = builder.CreateInsertValue(result, value, i);
    }
    if (!call.getType()->isVoidTy())
        call.replaceAllUsesWith(result ? result : UndefValue::get(call.getType()));
}

} // namespace

PreservedAnalyses InlinePtxPass::run(Module& module, ModuleAnalysisManager&) {
    for (Function& function : module) {
        SmallVector<CallInst*> work;
        for (Instruction& instruction : instructions(function))
            if (auto* call = dyn_cast<CallInst>(&instruction); call && call->isInlineAsm())
                work.push_back(call);
        for (CallInst* call : work) {
            try {
                translate(*call);
            } catch (const ptx::Unsupported& problem) {
                module.getContext().diagnose(DiagnosticInfoUnsupported(
                    function, "inline PTX " + problem.what, call->getDebugLoc()));
                if (!call->getType()->isVoidTy())
                    call->replaceAllUsesWith(UndefValue::get(call->getType()));
            }
            call->eraseFromParent();
        }
    }
    return PreservedAnalyses::none();
}

} // namespace acc::frontend
