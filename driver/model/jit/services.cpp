// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is asked of the interpreter: instructions that have no host code of their own, and to go on
// with the threads altogether.
#include <llvm/IR/InlineAsm.h>

#include "driver/model/jit/emitter.h"
#include "driver/model/jit/meetings.h"

namespace acc::model::jit {

using namespace llvm;
using isa::Field;
using isa::Opcode;

unsigned Emitter::place(const Inst& inst) {
    if (dry_) return 0;
    places_.push_back({inst.pc, {}});
    return static_cast<unsigned>(places_.size() - 1);
}

/// Of warp p of the gang.
Emitter::IR Emitter::row(Reg r, unsigned p) {
    if (is_local(r)) {
        IR local = member(offsetof(TranslatedWarp, local), ir_.getPtrTy(), true, p);
        return at_lane(ir_.CreateConstInBoundsGEP1_64(ir_.getInt8Ty(), local,
                                                      (uint64_t{r} - kFirstLocal) * kLanes * 4));
    }
    IR registers = member(offsetof(TranslatedWarp, registers), ir_.getPtrTy(), true, p);
    return at_lane(
        ir_.CreateConstInBoundsGEP1_64(ir_.getInt8Ty(), registers, uint64_t{r} * kLanes * 4));
}

Emitter::IR Emitter::predicate_row(unsigned n, unsigned p) {
    IR predicates = member(offsetof(TranslatedWarp, predicates), ir_.getPtrTy(), true, p);
    return ir_.CreateConstInBoundsGEP1_64(ir_.getInt32Ty(), predicates,
                                          uint64_t{n} * kPredicateStride);
}

Align Emitter::row_alignment() const {
    return Align(one_thread_ ? 4 : 64);
}

/// The register's row of each warp, as a vector.
Emitter::IR Emitter::load_row(Reg r) {
    SmallVector<IR, 8> parts;
    for (unsigned p = 0; p < warps_; ++p)
        parts.push_back(ir_.CreateAlignedLoad(
            FixedVectorType::get(ir_.getInt32Ty(), lanes_ / warps_), row(r, p), row_alignment()));
    return whole(parts);
}

Emitter::IR Emitter::load_predicate(unsigned n) {
    SmallVector<IR, 8> parts;
    if (one_thread_) {
        IR bits = ir_.CreateLShr(ir_.CreateLoad(ir_.getInt32Ty(), predicate_row(n)), lane_);
        return mask_from_bits(ir_.CreateTrunc(bits, type(1, false)));
    }
    for (unsigned p = 0; p < warps_; ++p)
        parts.push_back(mask_from_bits(ir_.CreateLoad(ir_.getInt32Ty(), predicate_row(n, p))));
    return whole(parts);
}

/// Where mask says so (null: everywhere).
void Emitter::save_value(Reg r, const Value& v, IR mask) {
    IR lanes = vector(v);
    for (unsigned p = 0; p < warps_; ++p) {
        if (!is_pred(r)) {
            store_where(part(lanes, p), row(r, p), row_alignment(), mask ? part(mask, p) : nullptr,
                        true);
            continue;
        }
        IR to = predicate_row(r - kFirstPred, p), bits = part_bits(lanes, p);
        if (mask || one_thread_) {
            IR m = part_bits(mask, p);
            IR kept = ir_.CreateAnd(ir_.CreateLoad(ir_.getInt32Ty(), to), ir_.CreateNot(m));
            bits = ir_.CreateOr(ir_.CreateAnd(bits, m), kept);
        }
        ir_.CreateStore(bits, to);
    }
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

void Emitter::call_access(const Inst& inst, unsigned place, IR mask) {
    for (unsigned p = 0; p < warps_; ++p)
        call_access(inst, place, mask, p);
}

/// The interpreter makes the access of warp p. Operands that are not vectors are given as what they
/// are made of.
void Emitter::call_access(const Inst& inst, unsigned place, IR mask, unsigned p) {
    std::vector<RowSource> sources;
    SmallVector<IR, 6> arguments{warp_[p], constant(32, place), part_bits(mask, p)};
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
            if (const Value v = get32(r); (operand.regs > 1 || !give(r, v)) && p == 0)
                save_value(r, v, nullptr); // of all warps, before any result
    }
    places_[place].sources = std::move(sources); // the same for each warp
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
    SmallVector<IR, 4> all;
    SmallVector<llvm::Type*, 4> types;
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

/// The value of register r goes to the service as what it is made of.
bool Emitter::give(unsigned place, Reg r, const Value& v) {
    std::vector<RowSource>& sources = places_[place].sources;
    if (is_pred(r) || is_local(r) || v.is_vector() || v.guarded || v.dynamic ||
        sources.size() == kMaxGiven)
        return false;
    store_base(static_cast<unsigned>(sources.size()), v.v);
    RowSource source{r, static_cast<uint16_t>(v.bits), {}};
    std::copy(v.step.begin(), v.step.end(), source.step);
    sources.push_back(source);
    return true;
}

void Emitter::store_base(unsigned i, IR x) {
    ir_.CreateStore(x, ir_.CreateConstInBoundsGEP1_64(ir_.getInt8Ty(), function_->getArg(0),
                                                      offsetof(TranslatedBlock, bases) + 8 * i));
}

/// These registers, and the lanes of the mask (null: all that there are), for the service.
void Emitter::give_registers(unsigned place, const RegSet& registers, IR mask) {
    for (Reg r = 0; r < kNumRegs; ++r) {
        if (!registers[r]) continue;
        if (!is_pred(r) && r % 2 == 0 && registers[r + 1]) {
            const Value pair = canonical(get64(r));
            if (give(place, r, pair)) {
                ++r;
                continue;
            }
        }
        const Value v = get(r);
        if (!give(place, r, v)) save_value(r, v, mask);
    }
    for (unsigned p = 0; p < warps_; ++p)
        ir_.CreateStore(part_bits(mask, p),
                        ir_.CreateConstInBoundsGEP1_64(ir_.getInt8Ty(), function_->getArg(0),
                                                       offsetof(TranslatedBlock, masks) + 4 * p));
}

/// The interpreter goes on before this instruction of the current block.
void Emitter::leave_at(const Inst& inst) {
    leave(inst.pc, live_before(&inst));
}

/// The interpreter goes on behind the current block, which falls to pc.
void Emitter::leave_behind(uint64_t pc) {
    leave(pc, live_before(nullptr));
}

void Emitter::leave(uint64_t pc, const RegSet& live) {
    failed_ = failed_ || one_thread_; // the other threads of the warp have not begun
    const State before = state();     // what is read here is read here only
    hand_over(pc, live, mask_now_);
    set_state(before);
    if (chained_[current_])
        ir_.CreateBr(hand_over_all_);
    else
        return_handed_over();
}

/// The threads of the mask; null: all that there are.
void Emitter::hand_over(uint64_t pc, const RegSet& live, IR mask) {
    failed_ = failed_ || together_; // of the other gangs, some are behind the last meeting
    const auto at = static_cast<unsigned>(places_.size());
    places_.push_back({pc});
    give_registers(at, live, mask);
    call_service(offsetof(TranslatedBlock, hand_over), ir_.getVoidTy(),
                 {warp_[0], constant(32, at)});
}

/// And behind it.
RegSet Emitter::live_behind(const Inst& inst) const {
    const CodeBlock& code = program_.blocks[current_];
    return &inst == &code.insts.back() ? code.live_out : live_before(&inst + 1);
}

/// Everything that may be live before the instruction `at` of the current block; null: at its end.
RegSet Emitter::live_before(const Inst* at) const {
    const CodeBlock& code = program_.blocks[current_];
    RegSet live = code.live_out;
    for (size_t i = code.insts.size(); i-- > 0 && at;) {
        const Inst& inst = code.insts[i];
        if (!inst.guarded() || inst.old_dead)
            for (Reg r : inst.defs)
                live.reset(r);
        live |= inst.reads();
        if (&inst == at) break;
    }
    return live;
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

namespace {
/// A barrier that all threads of a block meet at.
bool is_meeting(const Inst& inst) {
    return inst.op_is(Opcode::BAR_SYNC) && inst.form() != 0 && inst.imm() < ACC_NUM_BARRIERS &&
           inst.reg(Field::rc) == isa::kZeroReg;
}
} // namespace

/// The service for an instruction whose operands are in the rows.
void Emitter::ask(const Inst& inst, unsigned at, IR mask, bool parks) {
    if (together_ && is_meeting(inst)) {
        auto* t = FunctionType::get(ir_.getVoidTy(), false);
        ir_.CreateCall(module_.getOrInsertFunction(kMeeting, t));
        unpacked_ = {}; // there is one room for all gangs
        return;
    }
    if (parks && !mask && inst.op_is(Opcode::BAR_SYNC)) {
        call_service(offsetof(TranslatedBlock, meet), ir_.getVoidTy(),
                     {warp_[0], ir_.getInt32(at)});
        return;
    }
    const bool warp_operation = inst.row->has(isa::kIsWarpOp);
    const size_t service = !parks           ? offsetof(TranslatedBlock, execute)
                           : warp_operation ? offsetof(TranslatedBlock, warp_operation)
                                            : offsetof(TranslatedBlock, wait);
    IR refused = nullptr;
    for (unsigned p = 0; p < warps_; ++p) {
        IR status = call_service(service, parks ? ir_.getInt32Ty() : ir_.getVoidTy(),
                                 {warp_[p], ir_.getInt32(at), part_bits(mask, p)});
        if (parks) refused = refused ? ir_.CreateOr(refused, status) : status;
    }
    if (parks && mask)
        after_service(refused, inst); // where all threads are together, nobody is
                                      // missing
}

/// An instruction that waits for threads, all of which are here: those of the warp, or of a block
/// that is one gang.
bool Emitter::nobody_to_wait_for(const Inst& inst) const {
    if (chained_[current_] || inst.guarded() || one_thread_) return false;
    return inst.op_is(Opcode::WARPSYNC) || (is_meeting(inst) && size_.threads <= lanes_);
}

/// The interpreter executes the instruction.
void Emitter::emit_generic(const Inst& inst) {
    const isa::RowInfo& row_info = *inst.row;
    const unsigned at = place(inst);
    const bool parks = row_info.has(isa::kIsWarpOp) || waits(row_info);
    parks_ = parks_ || parks;
    if (is_meeting(inst) && !partial_[current_] && !inst.guarded())
        meetings_.insert(inst.imm());
    else
        parks_otherwise_ = parks_otherwise_ || parks;
    if (dry_ && is_memory_access(row_info)) ++asked_in_[current_];
    if (waits(row_info) && (partial_[current_] || inst.guarded() || !is_meeting(inst)))
        single_ = true;
    if (!dry_) {
        asked_.push_back(&inst);
        touch(inst);
        IR mask = effective_mask(inst);
        if (is_memory_access(row_info)) {
            call_access(inst, at, mask);
        } else {
            store_operands(inst);
            ask(inst, at, mask, parks);
        }
    }
    for (Reg r : inst.defs) {
        if (is_pred(r))
            put_pred(r - kFirstPred,
                     vector_value(1, dry_ ? nullptr : load_predicate(r - kFirstPred)));
        else
            put32(r, vector_value(32, dry_ ? nullptr : load_row(r)));
    }
}

void Emitter::emit_plain(const Inst& inst) {
    if (nobody_to_wait_for(inst) || emit_moves(inst) || emit_integer(inst) || emit_logic(inst) ||
        emit_shuffle(inst) || emit_memory(inst) || emit_atomic(inst) || emit_division(inst) ||
        emit_dot(inst) || emit_matrix_memory(inst))
        return;
    const bool wide = inst.op() >= Opcode::DADD && inst.op() <= Opcode::DCOPYSIGN;
    if (emit_float(inst, wide ? 64 : 32) || emit_rounded(inst, wide ? 64 : 32) ||
        emit_convert(inst) || emit_product(inst) || emit_texture(inst) || emit_alu(inst))
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
