// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads that run one after the other, as scalar code: all of a kernel, or what comes behind some
// block of it, to the end. Where data says how often each thread goes round a loop, and what it
// reads there lies anywhere (a row of a sparse matrix for each thread), a vector of the host is no
// faster than its scalars, and waits for the slowest lane. What comes before, which decides who
// goes into the loop at all, is better done by vectors. A second emitter makes the scalar code.
#include <algorithm>

#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

using namespace llvm;

namespace {
/// What threads of a warp may use to tell each other something without a barrier: programs written
/// for warps in lock step do, with volatile or plain words in shared memory.
bool may_tell_others(const Inst& inst) {
    const isa::RowInfo& row = *inst.row;
    if (row.opcode == isa::Opcode::FENCE) return true;
    const bool load = row.has(isa::kMayLoad), store = row.has(isa::kMayStore);
    if (store && row.space == isa::Space::Shared) return true;
    if (load == store || row.has(isa::kSideEffects)) return false; // atomics are whole in any order
    return is_strong(inst, store);
}
} // namespace

/// Whether the threads of a warp may run one after the other in these blocks: none waits for
/// another, or for what another one has done.
bool Emitter::may_go_one_by_one(const std::vector<bool>& blocks) const {
    for (unsigned b = 0; b < program_.blocks.size(); ++b) {
        if (!blocks[b]) continue;
        const CodeBlock& block = program_.blocks[b];
        if (block.end == End::Leave || block.end == End::Switch || block.stops_some()) return false;
        for (unsigned s : block.succ)
            if (s <= b && loop_may_spin(s, b) != Spin::No) return false;
        for (const Inst& inst : block.insts)
            if (!inst.row || inst.row->has(isa::kIsWarpOp | isa::kIsBlockSync) ||
                inst.op_is(isa::Opcode::NANOSLEEP) || inst.op_is(isa::Opcode::YIELD) ||
                may_tell_others(inst))
                return false;
    }
    return true;
}

/// And whether they had better, in the loop of blocks first to last.
bool Emitter::better_one_by_one(unsigned first, unsigned last) const {
    size_t instructions = 0, gathers = 0, asked = 0;
    for (unsigned b = first; b <= last; ++b) {
        instructions += program_.blocks[b].insts.size();
        gathers += gathers_in_[b];
        asked += asked_in_[b];
    }
    return asked || (gathers && scatters(first, last) && instructions < 12 * gathers);
}

/// The last block from which all threads that come there had better go on alone to their ends: one
/// enters the blocks behind it only there. 0: the whole kernel. Nothing: there is none.
std::optional<unsigned> Emitter::best_alone() const {
    for (unsigned last = 0; last < program_.blocks.size(); ++last)
        for (unsigned first : program_.blocks[last].succ) {
            if (first > last || !better_one_by_one(first, last)) continue;
            for (unsigned from = first + 1; from-- > 0;) {
                const std::vector<bool> blocks = reach({from}, -1);
                if (!blocks[last] || !is_entered_at(blocks, from)) continue;
                if (may_go_one_by_one(blocks)) return from;
                break;
            }
        }
    return std::nullopt;
}

/// Nobody comes into the blocks but at `from`.
bool Emitter::is_entered_at(const std::vector<bool>& blocks, unsigned from) const {
    for (unsigned b = 0; b < blocks.size(); ++b)
        for (unsigned p : program_.blocks[b].pred)
            if (blocks[b] && b != from && !blocks[p]) return false;
    return from == 0 || !blocks[0];
}

/// The blocks from `from` on are not this emitter's, but those of one for single threads.
void Emitter::set_alone(unsigned from) {
    analysed_ = false;
    alone_from_ = from;
    alone_blocks_ = reach({from}, -1);
    alone_ = std::make_unique<Emitter>(module_, program_, size_, alu_, host_, 0);
}

/// A block of which this emitter makes nothing.
bool Emitter::is_elsewhere(unsigned b) const {
    return alone_ && alone_blocks_[b] && b != alone_from_;
}

/// A block that is elsewhere: nobody waits at it.
void Emitter::pass_by(unsigned b) {
    ir_.SetInsertPoint(label_[b]);
    if (chained_[b])
        go_chain(b);
    else
        ir_.CreateUnreachable();
    if (body_[b] == label_[b]) return;
    ir_.SetInsertPoint(body_[b]);
    ir_.CreateUnreachable();
}

/// The values with which threads come to the scalar code, for each of its variables: the same for
/// all, or something of each.
std::vector<Emitter::Entering> Emitter::values_alone(unsigned b) {
    std::vector<Entering> values;
    for (Reg r = 0; r < kNumRegs; ++r) {
        if (!program_.blocks[b].live_in[r]) continue;
        const unsigned i = variables_.in(b, r);
        if (variables_.all()[i].reg != r || !alone_->slot_[i]) continue;
        Value v = read_variable(b, r);
        if (v.raw && !alone_->shape_[i]->raw) v = canonical(v);
        IR row = nullptr;
        if (v.dynamic) v = vector_value(v.bits, vector(v));
        if (v.is_vector() && v.bits > 1) {
            row = in_frame(v.v->getType(), 64);
            ir_.CreateAlignedStore(v.v, row, Align(64));
        }
        values.push_back({i, v, v.is_vector() && v.bits == 1 ? bits_of(v.v) : row});
    }
    return values;
}

/// Of the thread that begins.
Emitter::IR Emitter::entering(const Entering& e) {
    const Value& v = e.value;
    if (v.is_uniform()) return v.v;
    if (v.is_linear()) return ir_.CreateAdd(v.v, steps_of_lane(v));
    if (v.bits == 1) return ir_.CreateTrunc(ir_.CreateLShr(e.row, lane_), ir_.getInt1Ty());
    llvm::Type* element = type(v.bits, false);
    return ir_.CreateLoad(element, ir_.CreateGEP(element, e.row, lane_));
}

/// How much further the lane that runs is.
Emitter::IR Emitter::steps_of_lane(const Value& v) {
    bool even = true;
    for (unsigned bit = 1; bit < kWarpBits; ++bit)
        even = even && v.step[bit] == v.step[0] << bit;
    if (even)
        return ir_.CreateMul(ir_.CreateZExt(lane_, type(v.bits, false)),
                             constant(v.bits, static_cast<uint64_t>(v.step[0])));
    return steps_to(v, lane_);
}

/// The threads that come to the block go on one after the other, and end.
void Emitter::emit_alone(unsigned b) {
    IR mask = mask_now_;
    Emitter& t = *alone_;
    const std::vector<Entering> values = values_alone(b);
    llvm::BasicBlock* behind = block("together_again");
    IR lanes = part_bits(mask, 0);
    t.ir_.SetInsertPoint(ir_.GetInsertBlock());
    t.warp_ = warp_;
    t.position_ = position_;
    t.next_warp_ = behind;
    t.places_.swap(places_);
    t.run_threads(lanes, b, alone_blocks_, values);
    t.places_.swap(places_);
    asked_.insert(asked_.end(), t.asked_.begin(), t.asked_.end());
    polls_ = polls_ || t.polls_;
    failed_ = failed_ || t.failed_;
    ir_.SetInsertPoint(behind);
    if (!chained_[b]) {
        ir_.CreateBr(finish_);
        return;
    }
    exit_threads(mask);
    go_chain(b);
}

/// Some of the blocks leaves another value of it to others.
bool Emitter::is_written(unsigned variable, const std::vector<bool>& blocks) const {
    for (unsigned b = 0; b < blocks.size(); ++b)
        for (Reg r = 0; r < kNumRegs; ++r)
            if (const CodeBlock& code = program_.blocks[b];
                blocks[b] && code.def[r] && code.live_out[r] && variables_.out(b, r) == variable)
                return true;
    return false;
}

/// The variable is what it is for all threads.
void Emitter::fix(const Entering& e) {
    fixed_variables_[e.variable] = e.value.v;
    fixed_.insert(e.value.v);
}

/// The scalar code, in the function and where the other emitter is. It goes on at next_warp_.
void Emitter::run_threads(IR lanes, unsigned from, const std::vector<bool>& blocks,
                          const std::vector<Entering>& values) {
    for (unsigned b = 0; b < blocks.size(); ++b) {
        label_.push_back(blocks[b] ? block("t" + std::to_string(b)) : nullptr);
        body_.push_back(label_.back());
    }
    finish_ = block("thread_ends");
    ir_.CreateStore(member(offsetof(TranslatedWarp, fuel), ir_.getInt32Ty(), false), fuel_);
    begin_threads(lanes);
    for (const Entering& e : values)
        if (e.value.is_uniform() && !is_written(e.variable, blocks))
            fix(e);
        else
            ir_.CreateStore(entering(e), slot_[e.variable]);
    ir_.CreateBr(body_[from]);
    for (unsigned b = 0; b < blocks.size(); ++b)
        if (blocks[b]) emit_block(b);
    emit_bases();
    ir_.SetInsertPoint(finish_);
    end_thread();
}

} // namespace acc::model::jit
