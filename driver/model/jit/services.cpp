// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is asked of the interpreter: instructions that have no host code of their own, and to go on
// with the threads altogether.
#include <llvm/IR/InlineAsm.h>

#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

using namespace llvm;
using isa::Field;
using isa::Opcode;

unsigned Emitter::place(const Inst& inst) {
    if (dry_) return 0;
    places_.push_back({inst.pc, {}});
    return static_cast<unsigned>(places_.size() - 1);
}

Emitter::IR Emitter::row(Reg r) {
    if (is_local(r)) {
        IR local = member(offsetof(TranslatedWarp, local), ir_.getPtrTy());
        return ir_.CreateConstInBoundsGEP1_64(ir_.getInt8Ty(), local,
                                              (uint64_t{r} - kFirstLocal) * kLanes * 4);
    }
    IR registers = member(offsetof(TranslatedWarp, registers), ir_.getPtrTy());
    return ir_.CreateConstInBoundsGEP1_64(ir_.getInt8Ty(), registers, uint64_t{r} * kLanes * 4);
}

Emitter::IR Emitter::predicate_row(unsigned p) {
    IR predicates = member(offsetof(TranslatedWarp, predicates), ir_.getPtrTy());
    return ir_.CreateConstInBoundsGEP1_64(ir_.getInt32Ty(), predicates,
                                          uint64_t{p} * kPredicateStride);
}

/// Where mask says so (null: everywhere).
void Emitter::save_value(Reg r, const Value& v, IR mask) {
    if (!is_pred(r)) {
        if (mask)
            ir_.CreateMaskedStore(vector(v), row(r), Align(64), mask);
        else
            ir_.CreateAlignedStore(vector(v), row(r), Align(64));
        return;
    }
    IR p = predicate_row(r - kFirstPred), bits = bits_of(vector(v));
    if (mask) {
        IR m = bits_of(mask);
        bits = ir_.CreateOr(ir_.CreateAnd(bits, m),
                            ir_.CreateAnd(ir_.CreateLoad(ir_.getInt32Ty(), p), ir_.CreateNot(m)));
    }
    ir_.CreateStore(bits, p);
}

/// The values that the instruction reads are known to the block from here on.
void Emitter::touch(const Inst& inst) {
    for (Reg r : inst.uses)
        get(r);
    if (inst.guard() != isa::kTruePred) get_pred(inst.guard(), false);
}

void Emitter::store_operands(const Inst& inst) {
    for (Reg r : inst.uses)
        save_value(r, get(r), nullptr);
}

/// The interpreter makes the access. Operands that are not vectors are given as what they are made
/// of.
void Emitter::call_access(const Inst& inst, unsigned place, IR mask_bits) {
    std::vector<RowSource>& sources = places_[place].sources;
    SmallVector<IR, 6> arguments{warp_, constant(32, place), mask_bits};
    const auto give = [&](Reg r, const Value& v) {
        if (v.is_vector() || v.guarded || v.dynamic || sources.size() == kMaxRowSources)
            return false;
        RowSource source{r, static_cast<uint16_t>(v.bits), {}};
        std::copy(v.step.begin(), v.step.end(), source.step);
        sources.push_back(source);
        arguments.push_back(ir_.CreateZExt(v.v, type(64, false)));
        return true;
    };
    for (const isa::OperandInfo& operand : inst.row->operands()) {
        if (operand.kind != isa::OperandKind::Reg || operand.is_out) continue;
        if (inst.form() && isa::imm_form(operand) == inst.form()) continue;
        const Reg first = static_cast<Reg>(inst.reg(operand.field));
        if (first == isa::kZeroReg) continue;
        if (operand.regs == 2 && give(first, canonical(get64(first)))) continue;
        for (Reg r = first; r < first + operand.regs; ++r)
            if (const Value v = get32(r); operand.regs > 1 || !give(r, v))
                save_value(r, v, nullptr);
    }
    call_keeping(offsetof(TranslatedBlock, access), arguments);
}

/// Calls a service that is rarely asked for: registers stay as they are (keep.h). Returns what it
/// returns, an i32.
Emitter::IR Emitter::call_keeping(size_t offset, ArrayRef<IR> arguments) {
    IR service = block_member(offset, ir_.getPtrTy());
    SmallVector<llvm::Type*, 8> types;
    SmallVector<IR, 8> all;
    std::string constraints = "={eax},{r11},{rax}";
    if (has_keeper_) all = {block_member(offsetof(TranslatedBlock, keep), ir_.getPtrTy()), service};
    static constexpr const char* kRegisters[] = {"rdi", "rsi", "rdx", "rcx", "r8", "r9"};
    for (IR a : arguments) {
        const bool word = a->getType()->isIntegerTy(32);
        constraints += std::string(",{") + kRegisters[all.size() - (has_keeper_ ? 2 : 0)] + "}";
        all.push_back(word && has_keeper_ ? ir_.CreateZExt(a, type(64, false)) : a);
    }
    for (IR a : all)
        types.push_back(a->getType());
    auto* t = FunctionType::get(ir_.getInt32Ty(), types, false);
    if (!has_keeper_) return ir_.CreateCall(t, service, all);
    constraints += ",~{memory},~{dirflag},~{fpsr},~{flags}";
    return ir_.CreateCall(t, InlineAsm::get(t, "callq *%r11", constraints, true, true), all);
}

Emitter::IR Emitter::call_service(size_t offset, llvm::Type* result,
                                  std::initializer_list<IR> arguments) {
    SmallVector<IR, 4> all{warp_};
    SmallVector<llvm::Type*, 4> types{ir_.getPtrTy()};
    for (IR a : arguments) {
        all.push_back(a);
        types.push_back(a->getType());
    }
    return ir_.CreateCall(FunctionType::get(result, types, false),
                          block_member(offset, ir_.getPtrTy()), all);
}

/// Lanes that execute the instruction; null: all.
Emitter::IR Emitter::effective_mask(const Inst& inst) {
    if (!inst.guarded() || inst.speculate || dry_) return mask_now_;
    const Value g = get_pred(inst.guard(), inst.guard_negated());
    if (g.known && *g.known) return mask_now_;
    IR m = vector(g);
    return mask_now_ ? ir_.CreateAnd(mask_now_, m) : m;
}

void Emitter::after_service(IR status, const Inst& resume) {
    llvm::BasicBlock *on = block("served"), *hand = block("hand_over");
    branch_likely(ir_.CreateICmpEQ(status, ir_.getInt32(kContinue)), on, hand);
    ir_.SetInsertPoint(hand);
    leave_at(resume);
    ir_.SetInsertPoint(on);
}

/// The threads of the mask; null: all that there are.
Emitter::IR Emitter::thread_bits(IR mask) {
    return mask ? bits_of(mask) : constant(32, ~0ull);
}

/// The interpreter goes on before this instruction of the current block.
void Emitter::leave_at(const Inst& inst) {
    save_now(&inst);
    leave(inst.pc);
}

/// The interpreter goes on behind the current block, which falls to pc.
void Emitter::leave_behind(uint64_t pc) {
    save_now(nullptr);
    leave(pc);
}

void Emitter::leave(uint64_t pc) {
    hand_over(pc, thread_bits(mask_now_));
    if (chained_[current_])
        ir_.CreateBr(hand_over_all_);
    else
        return_handed_over();
}

void Emitter::hand_over(uint64_t pc, IR mask_bits) {
    ir_.CreateCall(FunctionType::get(ir_.getVoidTy(),
                                     {ir_.getPtrTy(), ir_.getInt64Ty(), ir_.getInt32Ty()}, false),
                   block_member(offsetof(TranslatedBlock, hand_over), ir_.getPtrTy()),
                   {warp_, ir_.getInt64(pc), mask_bits});
}

/// Everything that may be live before the instruction `at` of the current block (null: at its end),
/// for the block's threads.
void Emitter::save_now(const Inst* at) {
    const CodeBlock& code = program_.blocks[current_];
    RegSet live = code.live_in;
    for (const Inst& inst : code.insts) {
        if (&inst == at) break;
        for (Reg r : inst.defs)
            live.set(r);
    }
    const auto words = words_, pairs = pairs_, preds = preds_; // what is read here is read here
                                                               // only
    for (Reg r = 0; r < kNumRegs; ++r)
        if (live[r]) save_value(r, get(r), mask_now_);
    words_ = words;
    pairs_ = pairs;
    preds_ = preds;
}

namespace {
/// Waits for other threads, or lets them go first.
bool waits(const isa::RowInfo& row) {
    return row.has(isa::kIsBlockSync) || row.opcode == Opcode::NANOSLEEP ||
           row.opcode == Opcode::YIELD;
}
bool is_memory_access(const isa::RowInfo& row) {
    return (row.has(isa::kMayLoad) || row.has(isa::kMayStore)) && row.mem_bytes != 0 &&
           row.space != isa::Space::None && !row.has(isa::kIsWarpOp);
}
} // namespace

/// The service for an instruction whose operands are in the rows.
void Emitter::ask(const Inst& inst, unsigned at, IR mask, bool parks) {
    IR bits = thread_bits(mask);
    IR number = ir_.getInt32(at);
    llvm::Type *none = ir_.getVoidTy(), *word = ir_.getInt32Ty();
    if (!parks) {
        call_service(offsetof(TranslatedBlock, execute), none, {number, bits});
    } else if (!mask && inst.op_is(Opcode::BAR_SYNC)) {
        call_service(offsetof(TranslatedBlock, meet), none, {number});
    } else {
        const size_t service = inst.row->has(isa::kIsWarpOp)
                                   ? offsetof(TranslatedBlock, warp_operation)
                                   : offsetof(TranslatedBlock, wait);
        IR status = call_service(service, word, {number, bits});
        if (mask) after_service(status, inst); // where all threads are together, nobody is missing
    }
}

/// The interpreter executes the instruction.
void Emitter::emit_generic(const Inst& inst) {
    const isa::RowInfo& row_info = *inst.row;
    const unsigned at = place(inst);
    const bool parks = row_info.has(isa::kIsWarpOp) || waits(row_info);
    parks_ = parks_ || parks;
    if (!dry_) {
        asked_.push_back(&inst);
        touch(inst);
        IR mask = effective_mask(inst);
        if (is_memory_access(row_info)) {
            call_access(inst, at, thread_bits(mask));
        } else {
            store_operands(inst);
            ask(inst, at, mask, parks);
        }
    }
    for (Reg r : inst.defs) {
        if (is_pred(r)) {
            put_pred(r - kFirstPred,
                     vector_value(1, dry_ ? nullptr
                                          : mask_from_bits(ir_.CreateLoad(
                                                ir_.getInt32Ty(), predicate_row(r - kFirstPred)))));
        } else {
            put32(r, vector_value(32,
                                  dry_ ? nullptr
                                       : ir_.CreateAlignedLoad(type(32, true), row(r), Align(64))));
        }
    }
}

void Emitter::emit_plain(const Inst& inst) {
    if (emit_moves(inst) || emit_integer(inst) || emit_logic(inst) || emit_shuffle(inst) ||
        emit_memory(inst) || emit_atomic(inst) || emit_division(inst) || emit_dot(inst))
        return;
    const bool wide = inst.op() >= Opcode::DADD && inst.op() <= Opcode::DCOPYSIGN;
    if (emit_float(inst, wide ? 64 : 32) || emit_rounded(inst, wide ? 64 : 32) ||
        emit_convert(inst) || emit_alu(inst))
        return;
    emit_generic(inst);
}

/// What a guarded instruction writes is new where the guard is true.
void Emitter::emit_guarded(const Inst& inst) {
    const Value guard = get_pred(inst.guard(), inst.guard_negated());
    if (guard.known) {
        if (*guard.known) emit_plain(inst);
        return;
    }
    std::vector<std::pair<Reg, Value>> old;
    for (Reg r : inst.defs) {
        if (!inst.writes_pair(r))
            old.emplace_back(r, get(r));
        else if (r % 2 == 0)
            old.emplace_back(r, canonical(get64(r)));
    }
    emit_plain(inst);
    for (const auto& [r, before] : old) {
        if (is_pred(r))
            put_pred(r - kFirstPred, select(guard, get_pred(r - kFirstPred, false), before));
        else if (before.bits == 64)
            put64(r, select(guard, get64(r), before));
        else
            put32(r, select(guard, get32(r), before));
    }
}

void Emitter::emit(const Inst& inst) {
    if (inst.guarded() && !inst.old_dead && !inst.defs.empty())
        emit_guarded(inst);
    else
        emit_plain(inst);
}

} // namespace acc::model::jit
