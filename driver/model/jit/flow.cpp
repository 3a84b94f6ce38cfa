// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Control flow. Where all threads of a warp that are left go the same way, a branch is a branch of
// the host. Where they part, the blocks between the branch and where they come together run one
// after the other in the order of emission (a chain), each for the threads that wait at it: its
// mask.
#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/MDBuilder.h>

#include <algorithm>
#include <bit>

#include "driver/model/jit/emitter.h"
#include "driver/model/jit/meetings.h"

namespace acc::model::jit {

using namespace llvm;

Emitter::Emitter(Module& module, const Program& program, const LaunchSize& size,
                 const AluLibrary& alu, const Host& host, unsigned warps)
    : cx_(module.getContext()), module_(module), program_(program), size_(size), alu_(alu),
      host_(host), has_masks_(host.masks), has_keeper_(host.keeper), has_dots_(host.dots),
      has_range_(host.range), one_thread_(warps == 0), warps_(one_thread_ ? 1 : warps),
      lanes_(one_thread_ ? 1 : warps * kLanes),
      lane_bits_(static_cast<unsigned>(std::countr_zero(lanes_))),
      most_dynamic_(3 + std::countr_zero(warps_)), variables_(program),
      counted_(find_counted_loops(program)), ir_(module.getContext()) {}

bool Emitter::run(const std::string& name, Translation& translation) {
    if (!analyse() || (alone_ && !alone_->analyse())) return false;
    together_ = may_meet_in_code();
    may_park_ = !together_ && (parks_ || may_spin());
    dry_ = false;
    emit_function(name);
    if (failed_) {
        function_->eraseFromParent();
        return false;
    }
    translation.places = std::move(places_);
    translation.warps = warps_;
    translation.stacks = may_park_             ? Stacks::Each
                         : polls_ || together_ ? Stacks::One
                                               : Stacks::None;
    return true;
}

/// Nothing waits but all threads at one barrier, and no gang may be handed over: those that wait
/// are not where the interpreter could go on.
bool Emitter::may_meet_in_code() const {
    return may_be_together_ && !has_masks_ && !one_thread_ && !alone_ && !parks_otherwise_ &&
           meetings_.size() == 1 && size_.threads > lanes_ && !may_spin();
}

llvm::BasicBlock* Emitter::block(const std::string& name) {
    return llvm::BasicBlock::Create(cx_, name, function_);
}

void Emitter::branch_likely(IR cond, llvm::BasicBlock* likely, llvm::BasicBlock* unlikely) {
    ir_.CreateCondBr(cond, likely, unlikely, MDBuilder(cx_).createBranchWeights(1u << 20, 1));
}

/// Who stands where, as it is kept while it is not a vector's mask: as bits, for the host has few
/// registers for masks, unless there are too many.
Emitter::IR Emitter::kept(IR mask) {
    return lanes_ <= kMostBits ? bits_of(mask) : mask;
}
llvm::Type* Emitter::mask_type(unsigned b) const {
    const bool bits = waiting_[b] && lanes_ <= kMostBits;
    return bits ? type(lanes_, false) : type(1, true);
}

Emitter::IR Emitter::load_mask(unsigned b) {
    if (dry_) return nullptr;
    return ir_.CreateBitCast(ir_.CreateLoad(mask_type(b), mask_[b]), type(1, true));
}

/// Those who wait at block b, as kept() has it.
Emitter::IR Emitter::waiting_at(unsigned b) {
    IR held = ir_.CreateLoad(mask_type(b), mask_[b]);
    return held->getType()->isVectorTy() ? kept(held) : held;
}

Emitter::IR Emitter::is_any(IR held) {
    return held->getType()->isVectorTy() ? any(held) : ir_.CreateIsNotNull(held);
}

/// Those who execute the current block.
Emitter::IR Emitter::here() {
    return bits_now_ ? bits_now_ : kept(mask_or_all());
}

void Emitter::set_waiting(unsigned b, IR held) {
    ir_.CreateStore(ir_.CreateBitCast(held, mask_type(b)), mask_[b]);
}

void Emitter::add_waiting(unsigned b, IR held) {
    set_waiting(b, ir_.CreateOr(waiting_at(b), held));
}

/// The instructions of a block, and what it leaves behind.
void Emitter::walk(unsigned b) {
    current_ = b;
    words_.clear();
    pairs_.clear();
    preds_.clear();
    ahead_.clear();
    way_ahead_ = ahead_in(b);
    unpacked_ = {};
    const CodeBlock& block = program_.blocks[b];
    for (size_t i = 0; i < block.insts.size();) {
        const Inst& inst = block.insts[i];
        const bool last = &inst == &block.insts.back();
        if (last &&
            (block.end == End::Leave || block.end == End::Return || block.end == End::Switch ||
             inst.op_is(isa::Opcode::BRA) || inst.op_is(isa::Opcode::EXIT)))
            break;
        if (const size_t behind = emit_segment(block, i); behind != i) {
            i = behind;
            continue;
        }
        emit(inst);
        ++i;
    }
    cond_ = {};
    if (block.end == End::Branch || block.end == End::ExitIf || block.stops_some()) {
        const Inst& last = block.insts.back();
        cond_ = get_pred(last.guard(), last.guard_negated());
        if (dry_ && !block.stops_some()) // else nobody parts
            cond_shape_[b] = cond_shape_[b] ? join(*cond_shape_[b], cond_)
                                            : static_cast<const Shape&>(cond_);
    }
    if (block.end == End::Switch) begin_switch(b);
    write_back(b);
}

/// Behind this block v is taken to be as its shape says. If it is not, the interpreter goes on.
void Emitter::make_sure(const Value& v) {
    llvm::BasicBlock *good = block("as_shaped"), *wraps = block("wraps");
    branch_likely(v.holds, good, wraps);
    ir_.SetInsertPoint(wraps);
    const CodeBlock& code = program_.blocks[current_];
    const Inst& last = code.insts.back();
    const bool at_branch = code.end != End::Fall || last.op_is(isa::Opcode::BRA);
    if (at_branch)
        leave_at(last);
    else
        leave_behind(program_.blocks[code.succ[0]].pc());
    ir_.SetInsertPoint(good);
}

void Emitter::write_back(unsigned b) {
    const CodeBlock& block = program_.blocks[b];
    for (Reg r = 0; r < kNumRegs; ++r) {
        if (!block.def[r] || !block.live_out[r]) continue;
        const unsigned index = variables_.out(b, r);
        const Variable& variable = variables_.all()[index];
        if (variable.reg != r) continue; // the high word of a pair
        Value v;
        if (is_pred(r)) {
            v = get_pred(r - kFirstPred, false);
        } else if (variable.bits == 64) {
            v = get64(r);
        } else {
            v = get32(r);
            if (const auto word = words_.find(r); word != words_.end()) v = word->second;
        }
        const bool blend = must_blend(b, r);
        if (dry_) {
            Shape shape = v;
            if (blend) {
                shape = {};
                shape.kind = Kind::Vector;
                shape.raw = v.raw;
            }
            shape_[index] = shape_[index] ? join(*shape_[index], shape) : shape;
            continue;
        }
        const Shape& shape = *shape_[index];
        if (shape.known) continue;
        if (v.guarded && !shape.is_vector()) make_sure(v);
        if (v.raw && !shape.raw) v = canonical(v);
        IR x = shape.is_vector() ? vector(v) : scalar(v);
        if (blend)
            x = ir_.CreateSelect(mask_or_all(), x,
                                 ir_.CreateLoad(type(variable.bits, true), slot_[index]));
        ir_.CreateStore(x, slot_[index]);
        for (unsigned i = 0; i < kLaneBits; ++i)
            if (shape.is_dynamic(i)) ir_.CreateStore(step_of(v, i), step_slot_[index][i]);
    }
}

void Emitter::emit_function(const std::string& name) {
    auto* t = FunctionType::get(ir_.getInt32Ty(),
                                {ir_.getPtrTy(), ir_.getPtrTy(), ir_.getInt32Ty()}, false);
    function_ = Function::Create(t, Function::ExternalLinkage, name, module_);
    function_->addFnAttr(Attribute::NoUnwind);
    function_->addFnAttr(Attribute::NoRedZone); // calls that LLVM does not see (call_keeping)
    function_->addFnAttr("prefer-vector-width", "512");
    if (together_)
        function_->addFnAttr(kGangs, std::to_string((size_.threads + lanes_ - 1) / lanes_));
    llvm::BasicBlock* entry = block("entry");
    head_ = block("head");
    const size_t n = program_.blocks.size();
    for (unsigned b = 0; b < n; ++b) {
        label_.push_back(block("b" + std::to_string(b)));
        body_.push_back(chained_[b] ? block("body" + std::to_string(b)) : label_.back());
    }
    finish_ = block("finish");
    if (one_thread_) next_warp_ = block("next_warp");
    hand_over_all_ = block("hand_over_all");
    ir_.SetInsertPoint(entry);
    emit_entry();
    if (alone_) {
        alone_->dry_ = false;
        alone_->function_ = function_;
        alone_->ir_.SetInsertPoint(entry);
        alone_->emit_entry();
    }
    ir_.CreateBr(head_);
    ir_.SetInsertPoint(head_);
    emit_head();
    position_->addIncoming(ir_.getInt32(0), entry);
    for (unsigned b = 0; b < n; ++b)
        is_elsewhere(b) ? pass_by(b) : emit_block(b);
    emit_bases();
    ir_.SetInsertPoint(finish_);
    if (one_thread_) end_thread();
    IR next = ir_.CreateAdd(position_, ir_.getInt32(1));
    position_->addIncoming(next, ir_.GetInsertBlock());
    llvm::BasicBlock* done = block("done");
    ir_.CreateCondBr(ir_.CreateICmpULT(next, function_->getArg(2)), head_, done);
    ir_.SetInsertPoint(done);
    ir_.CreateRet(ir_.getInt32(kContinue));
    emit_hand_over_all();
}

namespace {
/// Other threads can write what it reads.
bool shared_with_others(const isa::RowInfo& row) {
    return row.space != isa::Space::None && row.space != isa::Space::Const &&
           row.space != isa::Space::Local;
}

/// A load that is not ordinary, or an atomic whose old value is wanted; or a fence, behind which
/// ordinary loads see what others have written.
bool may_be_waited_for(const Inst& inst) {
    const isa::RowInfo& row = *inst.row;
    if (row.opcode == isa::Opcode::FENCE) return true;
    if (!row.has(isa::kMayLoad) || !shared_with_others(row)) return false;
    if (row.has(isa::kSideEffects)) return inst.reg(isa::Field::rd) != isa::kZeroReg;
    return is_strong(inst, false);
}
} // namespace

/// A thread may wait in a loop for what another one writes.
bool Emitter::may_spin() const {
    for (unsigned b = 0; b < program_.blocks.size(); ++b)
        for (unsigned s : program_.blocks[b].succ)
            if (s <= b && loop_may_spin(s, b) != Spin::No) return true;
    return false;
}

/// The loop of blocks first to last: some instruction in it is one to wait with, or nothing that
/// one turn leaves to the next decides when it ends, though it reads memory. Where functions are
/// shared by calls, a loop goes through code that stands elsewhere: anything that reads memory may
/// be in it.
Emitter::Spin Emitter::loop_may_spin(unsigned first, unsigned last) const {
    const bool shared = std::any_of(program_.blocks.begin(), program_.blocks.end(),
                                    [](const CodeBlock& b) { return b.shared_return(); });
    if (shared) {
        first = 0;
        last = static_cast<unsigned>(program_.blocks.size()) - 1;
    }
    bool loads = false;
    for (unsigned b = first; b <= last; ++b)
        for (const Inst& inst : program_.blocks[b].insts) {
            if (inst.row && may_be_waited_for(inst)) return Spin::Likely;
            loads = loads ||
                    (inst.row && inst.row->has(isa::kMayLoad) && shared_with_others(*inst.row));
        }
    if (!loads) return Spin::No;
    return shared || !ends_by_turns(first, last) ? Spin::Perhaps : Spin::No;
}

/// What one turn of the loop leaves to the next decides, alone or with others, when it ends.
bool Emitter::ends_by_turns(unsigned first, unsigned last) const {
    RegSet carried;
    for (unsigned b = first; b <= last; ++b)
        carried |= program_.blocks[b].def;
    RegSet moves = carried & program_.blocks[first].live_in; // and what is made of these
    for (int round = 0; round < 2; ++round)
        for (unsigned b = first; b <= last; ++b)
            for (const Inst& inst : program_.blocks[b].insts) {
                bool moved = inst.guard() != isa::kTruePred && moves[kFirstPred + inst.guard()];
                for (Reg r : inst.uses)
                    moved = moved || moves[r];
                for (Reg r : inst.defs)
                    moves[r] = moved || (inst.guarded() && moves[r]);
            }
    for (unsigned b = first; b <= last; ++b) {
        const CodeBlock& block = program_.blocks[b];
        bool leaves = block.end == End::ExitIf;
        for (unsigned s : block.succ)
            leaves = leaves || (block.end == End::Branch && (s < first || s > last));
        const Inst& inst = block.insts.back();
        if (leaves && inst.guard() != isa::kTruePred && moves[kFirstPred + inst.guard()])
            return true;
    }
    return false;
}

void Emitter::return_handed_over() {
    ir_.CreateStore(position_, ir_.CreateConstInBoundsGEP1_64(ir_.getInt8Ty(), function_->getArg(0),
                                                              offsetof(TranslatedBlock, position)));
    ir_.CreateRet(ir_.getInt32(kHandOver));
}

/// What the code keeps in memory until LLVM finds registers for it.
void Emitter::emit_entry() {
    mask_.assign(program_.blocks.size(), nullptr);
    for (unsigned b = 0; b < program_.blocks.size(); ++b)
        if (partial_[b] || waiting_[b]) mask_[b] = ir_.CreateAlloca(mask_type(b));
    slot_.assign(variables_.all().size(), nullptr);
    step_slot_.assign(slot_.size(), {});
    for (unsigned i = 0; i < slot_.size(); ++i) {
        if (!shape_[i] || shape_[i]->known) continue;
        const unsigned bits = variables_.all()[i].bits;
        slot_[i] = ir_.CreateAlloca(type(bits, shape_[i]->is_vector()));
        for (unsigned bit = 0; bit < kLaneBits; ++bit)
            if (shape_[i]->is_dynamic(bit))
                step_slot_[i][bit] = ir_.CreateAlloca(type(bits, false));
    }
    fuel_ = ir_.CreateAlloca(ir_.getInt32Ty());
}

/// A gang begins.
void Emitter::emit_head() {
    position_ = ir_.CreatePHI(ir_.getInt32Ty(), 2);
    if (together_) position_->setMetadata(kPosition, MDNode::get(cx_, {}));
    IR first = ir_.CreateMul(ir_.CreateZExt(position_, ir_.getInt64Ty()), ir_.getInt64(warps_));
    IR warps = ir_.CreateGEP(ir_.getPtrTy(), function_->getArg(1), first);
    warp_.clear();
    for (unsigned p = 0; p < warps_; ++p)
        warp_.push_back(load_member(warps, p * sizeof(void*), ir_.getPtrTy(), true));
    if (one_thread_)
        begin_threads(member(offsetof(TranslatedWarp, live), ir_.getInt32Ty(), false));
    else
        begin_prologue(block("begin"));
    const auto clear = [&](AllocaInst* slot) {
        if (slot) ir_.CreateStore(Constant::getNullValue(slot->getAllocatedType()), slot);
    };
    for (AllocaInst* mask : mask_)
        clear(mask);
    for (AllocaInst* slot : slot_)
        clear(slot);
    ir_.CreateStore(member(offsetof(TranslatedWarp, fuel), ir_.getInt32Ty(), false), fuel_);
    for (Reg r = 0; r < kNumRegs; ++r) { // zero, but for the stack pointer
        if (!program_.blocks[0].live_in[r]) continue;
        const unsigned i = variables_.in(0, r);
        if (!slot_[i] || variables_.all()[i].reg != 0) continue;
        IR size = constant(variables_.all()[i].bits, size_.local_bytes);
        ir_.CreateStore(shape_[i]->is_vector() ? splat(size) : size, slot_[i]);
    }
    if (partial_[0]) set_waiting(0, kept(live_mask()));
    ir_.CreateBr(body_[0]);
}

/// What is added to the block later comes before `then`.
void Emitter::begin_prologue(llvm::BasicBlock* then) {
    prologue_ = ir_.GetInsertBlock();
    ir_.CreateBr(then);
    ir_.SetInsertPoint(then);
}

/// Of a warp whose threads run one after the other.
void Emitter::begin_threads(IR live) {
    thread_head_ = block("thread");
    llvm::BasicBlock *some = block("some_live"), *begin = block("threads");
    ir_.CreateCondBr(ir_.CreateIsNotNull(live), some, next_warp_);
    ir_.SetInsertPoint(some);
    begin_prologue(begin);
    ir_.CreateBr(thread_head_);
    ir_.SetInsertPoint(thread_head_);
    threads_ = ir_.CreatePHI(ir_.getInt32Ty(), 2);
    threads_->addIncoming(live, begin);
    lane_ = ir_.CreateBinaryIntrinsic(Intrinsic::cttz, threads_, ir_.getTrue());
}

void Emitter::end_thread() {
    IR left = ir_.CreateAnd(threads_, ir_.CreateSub(threads_, ir_.getInt32(1)));
    threads_->addIncoming(left, finish_);
    ir_.CreateCondBr(ir_.CreateIsNotNull(left), thread_head_, next_warp_);
    ir_.SetInsertPoint(next_warp_);
}

void Emitter::emit_block(unsigned b) {
    ir_.SetInsertPoint(label_[b]);
    if (chained_[b]) {
        llvm::BasicBlock* skip = block("skip");
        ir_.CreateCondBr(is_any(waiting_at(b)), body_[b], skip);
        ir_.SetInsertPoint(skip);
        go_chain(b);
        ir_.SetInsertPoint(body_[b]);
    }
    bits_now_ = partial_[b] && waiting_[b] ? waiting_at(b) : nullptr;
    mask_now_ = bits_now_     ? ir_.CreateBitCast(bits_now_, type(1, true))
                : partial_[b] ? load_mask(b)
                              : nullptr;
    if (mask_[b]) ir_.CreateStore(Constant::getNullValue(mask_type(b)), mask_[b]);
    if (alone_ && b == alone_from_) return emit_alone(b);
    if (goes_round_together(b)) emit_together(b);
    walk(b);
    end_block(b);
}

/// A loop of one block that threads leave in the order of their numbers: most of the time all of
/// them go round.
bool Emitter::goes_round_together(unsigned b) const {
    constexpr size_t kMost = 400; // instructions of all warps; they stand twice
    const CodeBlock& code = program_.blocks[b];
    return chained_[b] && code.end == End::Branch && divergent(b) && cond_shape_[b]->regular &&
           (code.succ[0] == b) != (code.succ[1] == b) && code.insts.size() * warps_ <= kMost;
}

/// The loop at block b as long as all threads go round, without masks. The builder is left where
/// some do not.
void Emitter::emit_together(unsigned b) {
    llvm::BasicBlock *all = block("together"), *some = block("parted"), *leave = block("part");
    IR before = mask_now_, bits_before = bits_now_;
    ir_.CreateCondBr(any(ir_.CreateNot(before)), some, all);
    ir_.SetInsertPoint(all);
    mask_now_ = bits_now_ = nullptr;
    partial_[b] = chained_[b] = false;
    walk(b);
    IR leaves = vector(cond_);
    if (program_.blocks[b].succ[0] == b) leaves = ir_.CreateNot(leaves);
    llvm::BasicBlock* again = block("again");
    ir_.CreateCondBr(any(leaves), leave, again);
    ir_.SetInsertPoint(again);
    poll(b, b, all);
    partial_[b] = chained_[b] = true;
    ir_.SetInsertPoint(leave);
    end_chained(b);
    ir_.SetInsertPoint(some);
    mask_now_ = before;
    bits_now_ = bits_before;
}

void Emitter::end_block(unsigned b) {
    const CodeBlock& code = program_.blocks[b];
    const bool parts = code.end == End::Branch || code.end == End::Switch;
    const bool chain = chained_[b] || (parts && divergent(b));
    switch (code.end) {
    case End::Leave: return leave_at(code.insts.back());
    case End::Exit: return end_exit(b, chain);
    case End::ExitIf: return end_exit_if(b);
    case End::Switch: return chain ? end_switch_chained(b) : end_switch(b);
    case End::StopIf:
    case End::StopUnless:
        end_stop_if(b);
        if (code.succ.empty()) return end_exit(b, chain);
        return chain ? end_chained(b) : go(b, code.succ[0]);
    case End::Return: check_return(b); [[fallthrough]];
    case End::Fall: return chain ? end_chained(b) : go(b, code.succ[0]);
    case End::Branch: {
        if (chain) return end_chained(b);
        llvm::BasicBlock *yes = block("yes"), *no = block("no");
        ir_.CreateCondBr(cond_.v, yes, no);
        ir_.SetInsertPoint(yes);
        go(b, code.succ[0]);
        ir_.SetInsertPoint(no);
        return go(b, code.succ[1]);
    }
    }
}

/// Threads that have not ended.
Emitter::IR Emitter::live_mask() {
    SmallVector<IR, 8> parts;
    for (unsigned p = 0; p < warps_; ++p)
        parts.push_back(
            mask_from_bits(member(offsetof(TranslatedWarp, live), ir_.getInt32Ty(), false, p)));
    return whole(parts);
}

void Emitter::exit_threads(IR mask) {
    for (unsigned p = 0; p < warps_; ++p) {
        IR ending = part_bits(mask, p);
        if (may_park_) {
            call_keeping(offsetof(TranslatedBlock, exit_lanes), {warp_[p], ending});
            continue;
        }
        IR live = ir_.CreateConstInBoundsGEP1_64(ir_.getInt8Ty(), warp_[p],
                                                 offsetof(TranslatedWarp, live));
        IR left = ir_.CreateAnd(ir_.CreateLoad(ir_.getInt32Ty(), live), ir_.CreateNot(ending));
        ir_.CreateStore(left, live);
    }
    if (may_park_) return;
    ir_.CreateStore(constant(32, 1),
                    ir_.CreateConstInBoundsGEP1_64(ir_.getInt8Ty(), function_->getArg(0),
                                                   offsetof(TranslatedBlock, lanes_ended)));
}

void Emitter::end_exit(unsigned b, bool chain) {
    if (!chain) {
        ir_.CreateBr(finish_);
        return;
    }
    exit_threads(mask_now_);
    go_chain(b);
}

void Emitter::end_exit_if(unsigned b) {
    const unsigned next = program_.blocks[b].succ[0];
    if (cond_.is_uniform() && !chained_[b]) {
        llvm::BasicBlock* stay = block("stay");
        ir_.CreateCondBr(cond_.v, finish_, stay);
        ir_.SetInsertPoint(stay);
        return go(b, next);
    }
    IR leaving = ir_.CreateAnd(mask_or_all(), vector(cond_));
    IR rest = ir_.CreateAnd(mask_or_all(), ir_.CreateNot(vector(cond_)));
    llvm::BasicBlock *some = block("some_exit"), *stay = block("stay");
    ir_.CreateCondBr(any(leaving), some, stay);
    ir_.SetInsertPoint(some);
    exit_threads(leaving);
    if (chained_[b]) {
        ir_.CreateBr(stay);
        ir_.SetInsertPoint(stay);
        add_waiting(next, kept(rest));
        if (next <= b) {
            llvm::BasicBlock *again = block("again"), *on = block("on");
            ir_.CreateCondBr(is_any(waiting_at(next)), again, on);
            ir_.SetInsertPoint(again);
            poll(b, next, body_[next]);
            ir_.SetInsertPoint(on);
        }
        return go_chain(b);
    }
    ir_.CreateCondBr(any(rest), stay, finish_);
    ir_.SetInsertPoint(stay);
    mask_now_ = rest;
    bits_now_ = nullptr;
    go(b, next);
}

/// As soon as a thread goes where it comes to a trap, the interpreter goes on with all, at the
/// branch.
void Emitter::end_stop_if(unsigned b) {
    const CodeBlock& code = program_.blocks[b];
    IR good = cond_.is_uniform() ? cond_.v : vector(cond_);
    if (code.end == End::StopIf) good = ir_.CreateNot(good);
    if (!cond_.is_uniform())
        good = ir_.CreateNot(any(ir_.CreateAnd(mask_or_all(), ir_.CreateNot(good))));
    llvm::BasicBlock *on = block("on"), *stop = block("stop");
    branch_likely(good, on, stop);
    ir_.SetInsertPoint(stop);
    leave_at(code.insts.back());
    ir_.SetInsertPoint(on);
}

/// Threads part, or have parted: those for each successor are added to who waits there.
void Emitter::end_chained(unsigned b) {
    const CodeBlock& code = program_.blocks[b];
    IR all = here(), yes = code.end == End::Branch ? kept(vector(cond_)) : nullptr;
    for (unsigned i = 0; i < code.succ.size(); ++i) {
        const unsigned s = code.succ[i];
        if (!mask_[s]) continue;
        IR going = !yes     ? all
                   : i == 0 ? ir_.CreateAnd(all, yes)
                            : ir_.CreateAnd(all, ir_.CreateNot(yes));
        add_waiting(s, going);
    }
    go_on_in_chain(b);
}

/// Who jumps back goes first, then those who wait at the blocks that come next.
void Emitter::go_on_in_chain(unsigned b) {
    for (unsigned s : program_.blocks[b].succ) {
        if (s > b) continue;
        llvm::BasicBlock *again = block("again"), *on = block("on");
        ir_.CreateCondBr(is_any(waiting_at(s)), again, on);
        ir_.SetInsertPoint(again);
        poll(b, s, body_[s]);
        ir_.SetInsertPoint(on);
    }
    go_chain(b);
}

/// All threads that are left go to one block.
void Emitter::go(unsigned from, unsigned to) {
    if (mask_[to] && waiting_[to])
        set_waiting(to, here());
    else if (mask_[to])
        ir_.CreateStore(mask_or_all(), mask_[to]);
    if (to <= from)
        poll(from, to, body_[to]);
    else
        ir_.CreateBr(body_[to]);
}

void Emitter::go_chain(unsigned from) {
    const int next = next_in_chain(from);
    if (next < 0) {
        ir_.CreateBr(finish_);
        return;
    }
    const auto to = static_cast<unsigned>(next);
    if (chained_[to] || !partial_[to])
        ir_.CreateBr(label_[to]);
    else
        ir_.CreateCondBr(is_any(waiting_at(to)), label_[to], finish_);
}

/// Instructions of a turn of the loop that jumps from block `from` back to `to`.
uint32_t Emitter::cost_of_loop(unsigned from, unsigned to) const {
    constexpr uint64_t kMost = 1u << 24;
    uint64_t cost = 0;
    for (unsigned b = to; b <= from; ++b) {
        uint64_t times = warps_;
        for (const CountedLoop& loop : counted_) // within it
            if (b >= loop.first && b <= loop.last && loop.first >= to && loop.last <= from &&
                (loop.first != to || loop.last != from))
                times = std::min<uint64_t>(times * loop.turns, kMost);
        cost = std::min(cost + program_.blocks[b].insts.size() * times, kMost);
    }
    return static_cast<uint32_t>(cost);
}

/// A loop that is not interrupted.
bool Emitter::ends_soon(unsigned from, unsigned to) const {
    constexpr uint64_t kMost = 20000; // instructions
    for (const CountedLoop& loop : counted_)
        if (loop.first == to && loop.last == from && !chained_[from] && !chained_[to])
            return uint64_t{loop.turns} * cost_of_loop(from, to) <= kMost;
    return false;
}

/// A jump back: counts down, and asks when the count is over.
void Emitter::poll(unsigned from, unsigned to, llvm::BasicBlock* target) {
    if (ends_soon(from, to)) {
        ir_.CreateBr(target);
        return;
    }
    polls_ = true;
    const uint32_t cost = cost_of_loop(from, to);
    IR left = ir_.CreateNSWSub(ir_.CreateLoad(ir_.getInt32Ty(), fuel_), ir_.getInt32(cost));
    ir_.CreateStore(left, fuel_);
    llvm::BasicBlock *ask = block("poll"), *on = block("polled");
    branch_likely(ir_.CreateICmpSGT(left, ir_.getInt32(0)), target, ask);
    ir_.SetInsertPoint(ask);
    // Threads that wait elsewhere may wait on, unless those that go round may wait for them.
    const Spin spin = loop_may_spin(to, from);
    const bool alone = (!chained_[from] && !chained_[to]) || spin == Spin::No;
    IR how = ir_.getInt32(kPollTogether);
    if (!alone)
        how = ir_.CreateSelect(ir_.CreateICmpEQ(bits_of(load_mask(to)), bits_of(live_mask())), how,
                               ir_.getInt32(spin == Spin::Perhaps ? kPollPatient : 0));
    if (spin != Spin::No && !ends_by_turns(to, from))
        how = ir_.CreateOr(how, ir_.getInt32(kPollSpins));
    IR status = call_keeping(offsetof(TranslatedBlock, poll),
                             {warp_[0], ir_.getInt64(program_.blocks[to].pc()), how});
    if (alone)
        ir_.CreateBr(on);
    else
        ir_.CreateCondBr(ir_.CreateICmpEQ(status, ir_.getInt32(kContinue)), on, hand_over_all_);
    ir_.SetInsertPoint(on);
    ir_.CreateStore(member(offsetof(TranslatedWarp, fuel), ir_.getInt32Ty(), false), fuel_);
    ir_.CreateBr(target);
}

/// Everybody who waits at a block is handed over.
void Emitter::emit_hand_over_all() {
    if (hand_over_all_->use_empty()) { // nobody does
        hand_over_all_->eraseFromParent();
        return;
    }
    ir_.SetInsertPoint(hand_over_all_);
    for (unsigned b = 0; b < program_.blocks.size(); ++b) {
        if (!waiting_[b] || is_elsewhere(b)) continue;
        words_.clear();
        pairs_.clear();
        preds_.clear();
        current_ = b;
        hand_over(program_.blocks[b].pc(), program_.blocks[b].live_in, load_mask(b));
    }
    return_handed_over();
}

} // namespace acc::model::jit
