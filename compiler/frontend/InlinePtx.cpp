// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What an asm statement promises (GCC's and nvcc's rules) is kept although its text becomes IR:
//  - "memory": an empty statement with the same clobber stands before and behind the translation,
//  and
//    no access moves across it;
//  - volatile: its memory accesses are volatile ones; when it has no effects of its own, its
//  operands
//    pass through empty volatile statements, so that it is neither removed nor merged nor moved;
//  - otherwise it is a function of its operands and may be optimised like any other code.
#include "compiler/frontend/Carry.h"
#include "compiler/frontend/Passes.h"
#include "compiler/ptx/Blocks.h"

#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

#include <optional>

using namespace llvm;

namespace acc::frontend {
namespace {

/// The operands of an asm statement as its text numbers them: outputs, then inputs, tied ones
/// ("0") among them. "+r" is an output, whose tied input stands behind all others.
struct AsmOperands {
    std::vector<Value*> values; ///< outputs: the value of a tied input, else null
    std::vector<Type*> outputs;
    bool clobbers_memory = false;
};

/// nvcc's rule: the operand's type is the one that the letter stands for.
void check_type(StringRef letter, Type* type, const DataLayout& layout) {
    static constexpr struct {
        const char* letter;
        unsigned bits;
        bool floating;
    } kLetters[] = {
        {"h", 16, false}, {"r", 32, false}, {"l", 64, false}, {"f", 32, true}, {"d", 64, true}};
    for (const auto& row : kLetters) {
        if (letter != row.letter || !type->isSized()) continue;
        const uint64_t bits = layout.getTypeSizeInBits(type);
        const bool half = type->isHalfTy() || type->isBFloatTy();
        if (bits == row.bits && (half || type->isFloatingPointTy() == row.floating)) continue;
        throw ptx::Unsupported{"an operand of " + std::to_string(bits) + " bits" +
                               (type->isFloatingPointTy() ? " (floating point)" : "") +
                               " does not fit its constraint \"" + letter.str() +
                               "\", which stands for " + std::to_string(row.bits) + " bits" +
                               (row.floating ? " (floating point)" : "")};
    }
}

AsmOperands operands_of(CallInst& call) {
    AsmOperands result;
    auto* assembly = cast<InlineAsm>(call.getCalledOperand());
    Type* type = call.getType();
    unsigned argument = 0;
    for (const InlineAsm::ConstraintInfo& constraint : assembly->ParseConstraints()) {
        StringRef code = constraint.Codes.empty() ? StringRef() : StringRef(constraint.Codes[0]);
        if (constraint.Type == InlineAsm::isClobber) result.clobbers_memory |= code == "{memory}";
        if (constraint.Type == InlineAsm::isOutput) {
            if (constraint.isIndirect) throw ptx::Unsupported{"memory output operands"};
            Type* output = type->isStructTy()
                               ? type->getStructElementType(unsigned(result.outputs.size()))
                               : type;
            check_type(code, output, call.getDataLayout());
            result.outputs.push_back(output);
            result.values.push_back(nullptr);
        } else if (constraint.Type == InlineAsm::isInput) {
            Value* value = call.getArgOperand(argument++);
            result.values.push_back(value);
            unsigned tied;
            if (code.getAsInteger(10, tied)) {
                check_type(code, value->getType(), call.getDataLayout());
                continue;
            }
            if (tied >= result.outputs.size() || value->getType() != result.outputs[tied])
                throw ptx::Unsupported{"a tied operand whose type is not its output's"};
            result.values[tied] = value;
        }
    }
    return result;
}

/// What surrounds the statements of an asm statement with labels: blocks between what stands before
/// the call and what stands behind it.
class Inside : public ptx::Surroundings {
  public:
    /// Leaves the builder at the end of what stands before.
    Inside(IRBuilder<>& builder, const ptx::Program& program, CallInst& call)
        : program_(program), before_(*call.getParent()),
          after_(*before_.splitBasicBlock(call.getIterator())),
          blocks_(builder, program, *call.getFunction(), &after_) {
        before_.getTerminator()->eraseFromParent();
        builder.SetInsertPoint(&before_);
    }

    void translate(ptx::Emitter& emitter, IRBuilder<>& builder) {
        for (size_t i = 0; i < program_.statements.size(); ++i) {
            blocks_.enter(i);
            try {
                blocks_.statement(emitter, program_.statements[i]);
            } catch (const ptx::Unsupported& problem) {
                finish(builder);
                throw ptx::Unsupported{"'" + program_.statements[i].text + "': " + problem.what};
            }
        }
        blocks_.enter(program_.statements.size());
        finish(builder);
    }

    Value* address_of(const ptx::Operand&) override { return nullptr; }
    BasicBlock* label(StringRef name, unsigned scope) override {
        return blocks_.label(name, scope);
    }
    const ptx::BranchTargets* targets(StringRef name, unsigned scope) override {
        for (const ptx::BranchTargets& list : program_.targets)
            if (list.scope == scope && list.name == name) return &list;
        return nullptr;
    }
    void call(ptx::Emitter&, ptx::Instruction&) override {
        throw ptx::Unsupported{"calls are not supported in asm statements"};
    }
    void leave(ptx::Emitter&) override {
        throw ptx::Unsupported{"an asm statement cannot return from its function"};
    }

  private:
    /// Every block ends, also after an error: what follows looks at the function.
    void finish(IRBuilder<>& builder) {
        if (!blocks_.ended()) builder.CreateBr(&after_);
        for (BasicBlock& block : *before_.getParent())
            if (!block.getTerminator()) BranchInst::Create(&after_, &block);
    }

    const ptx::Program& program_;
    BasicBlock &before_, &after_;
    ptx::Blocks blocks_;
};

bool has_branches(const ptx::Program& program) {
    return !program.labels.empty() || any_of(program.statements, [](const ptx::Statement& one) {
        return one.opcode == "bra" || one.opcode == "brx" || one.opcode == "ret" ||
               one.opcode == "call";
    });
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

/// As opaque(), for the types that operands of asm statements have.
Value* hide(IRBuilder<>& builder, Value* value, SmallVectorImpl<CallInst*>& hidden) {
    Type* type = value->getType();
    unsigned bits = unsigned(type->getPrimitiveSizeInBits());
    // Constants stay, for the instructions that want them; wider values than a register are rare.
    if (isa<Constant>(value) || type->isPointerTy() || bits == 0 || bits > 64) return value;
    unsigned width = bits <= 32 ? 32 : 64;
    Value* integer = builder.CreateBitCast(value, builder.getIntNTy(bits));
    CallInst* call = ptx::opaque(builder, builder.CreateZExt(integer, builder.getIntNTy(width)));
    hidden.push_back(call);
    return builder.CreateBitCast(builder.CreateTrunc(call, builder.getIntNTy(bits)), type);
}

/// The value of the call: one output, or a structure of them.
Value* result_of(CallInst& call, ptx::Emitter& emitter, size_t count, IRBuilder<>& builder,
                 bool keep) {
    SmallVector<CallInst*> hidden;
    auto output = [&](unsigned index) -> Value* {
        Value* value = emitter.output(index);
        return value && keep ? hide(builder, value, hidden) : value;
    };
    if (!call.getType()->isStructTy()) return count == 1 ? output(0) : nullptr;
    Value* result = PoisonValue::get(call.getType());
    for (unsigned i = 0; i < count; ++i)
        if (Value* value = output(i)) result = builder.CreateInsertValue(result, value, i);
    return result;
}

void translate_straight(ptx::Emitter& emitter, const ptx::Program& program) {
    for (const ptx::Statement& statement : program.statements) {
        try {
            translate_guarded(emitter, statement);
        } catch (const ptx::Unsupported& problem) {
            throw ptx::Unsupported{"'" + statement.text + "': " + problem.what};
        }
    }
}

/// `shares_carry`: some statement of the module reads the flag that an earlier one has set.
void translate(CallInst& call, bool shares_carry) {
    auto* assembly = cast<InlineAsm>(call.getCalledOperand());
    AsmOperands operands = operands_of(call);
    ptx::Program program;
    std::string error = ptx::parse(assembly->getAsmString(), program);
    if (!error.empty()) throw ptx::Unsupported{error};
    IRBuilder<> builder(&call);
    if (operands.clobbers_memory) ptx::memory_barrier(builder);
    bool is_volatile = assembly->hasSideEffects();
    SmallVector<CallInst*> hidden;
    std::vector<Value*> values = operands.values;
    if (is_volatile)
        for (Value*& value : values)
            if (value) value = hide(builder, value, hidden);
    std::optional<Inside> inside;
    std::optional<ptx::Emitter> made;
    if (has_branches(program)) {
        inside.emplace(builder, program, call);
        made.emplace(builder, program, values, operands.outputs, is_volatile, *inside);
    } else {
        made.emplace(builder, program, values, operands.outputs, is_volatile);
    }
    ptx::Emitter& emitter = *made;
    const bool carries = shares_carry && uses_carry(program);
    if (carries) emitter.set_carry(read_carry(builder));
    if (inside)
        inside->translate(emitter, builder);
    else
        translate_straight(emitter, program);
    builder.SetInsertPoint(&call);
    if (carries) write_carry(builder, emitter.carry());
    bool pinned = operands.clobbers_memory || emitter.has_effects || !hidden.empty();
    if (operands.clobbers_memory ? !program.statements.empty()
                                 : is_volatile && !pinned && operands.outputs.empty())
        ptx::memory_barrier(builder);
    Value* result = result_of(call, emitter, operands.outputs.size(), builder,
                              is_volatile && !emitter.has_effects);
    if (emitter.has_effects) // which keep it in its place; nothing need be hidden
        for (CallInst* entry : hidden)
            entry->replaceAllUsesWith(entry->getArgOperand(0)), entry->eraseFromParent();
    if (!call.getType()->isVoidTy())
        call.replaceAllUsesWith(result ? result : UndefValue::get(call.getType()));
}

bool reads_earlier_carry(Module& module) {
    for (Function& function : module)
        for (Instruction& instruction : instructions(function)) {
            auto* call = dyn_cast<CallInst>(&instruction);
            if (!call || !call->isInlineAsm()) continue;
            const StringRef text = cast<InlineAsm>(call->getCalledOperand())->getAsmString();
            ptx::Program program;
            if ((text.contains("addc") || text.contains("subc") || text.contains("madc")) &&
                ptx::parse(text, program).empty() && wants_carry(program))
                return true;
        }
    return false;
}

} // namespace

PreservedAnalyses InlinePtxPass::run(Module& module, ModuleAnalysisManager&) {
    const bool shares_carry = reads_earlier_carry(module);
    for (Function& function : module) {
        SmallVector<CallInst*> work;
        for (Instruction& instruction : instructions(function))
            if (auto* call = dyn_cast<CallInst>(&instruction); call && call->isInlineAsm())
                work.push_back(call);
        for (CallInst* call : work) {
            try {
                translate(*call, shares_carry);
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
