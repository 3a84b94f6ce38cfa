// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Accesses of a block are looked at together: a segment is a run of instructions in which no
// address depends on what is loaded in it. First come the instructions that depend on no load, so
// that all addresses are known; then one branch on whether all of them are good. The fast way is
// the loads and stores and what depends on them, without any branch. The slow way: the interpreter
// executes the whole segment, and faults if it must.
#include <llvm/IR/Intrinsics.h>

#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

using namespace llvm;
using isa::Field;

namespace {

constexpr size_t kMaxLooks = 24;
static_assert(kMaxLooks + kMaxGiven <= kMaxBases);

/// Not part of a segment: what may not run twice, or out of order, or wait.
bool ends_segment(const Inst& inst) {
    if (!inst.row) return true;
    if (inst.row->has(isa::kSideEffects | isa::kIsBranch | isa::kIsCall | isa::kIsReturn |
                      isa::kIsTerminator | isa::kIsWarpOp | isa::kIsBlockSync))
        return true;
    const bool memory = inst.row->has(isa::kMayLoad | isa::kMayStore);
    return memory && !inst.local && !plain_access(inst);
}

bool is_access(const Inst& inst) {
    return !inst.local && plain_access(inst);
}

/// Of an access: what its address and whether it is made depend on.
RegSet address_reads(const Inst& inst) {
    RegSet r;
    const auto add = [&](unsigned reg, unsigned count) {
        for (unsigned i = 0; i < count && reg != isa::kZeroReg; ++i)
            r.set(reg + i);
    };
    const isa::Space space = inst.row->space;
    const bool wide = space != isa::Space::Shared && space != isa::Space::Local;
    add(inst.reg(Field::ra), wide ? 2 : 1);
    add(inst.reg(Field::rb), 1);
    if (inst.guard() != isa::kTruePred) r.set(kFirstPred + inst.guard());
    return r;
}

RegSet set_of(const std::vector<Reg>& regs) {
    RegSet r;
    for (Reg x : regs)
        r.set(x);
    return r;
}

bool same(const Value& a, const Value& b) {
    return static_cast<const Shape&>(a) == static_cast<const Shape&>(b) && a.v == b.v &&
           a.dynamic_step == b.dynamic_step;
}

} // namespace

/// Accesses that one look covers: of the same form, at different offsets.
struct Emitter::Look {
    Way way; ///< of the first
    Value guard;
    IR mask;
    int64_t lowest, highest; ///< offsets
    unsigned place = 0;      ///< whose range it is
};

struct Emitter::Segment {
    size_t first = 0, end = 0; ///< instructions
    State before, middle;      ///< values at the start, and with all that depends on no load
    RegSet loaded;             ///< registers that depend on a load at the end
    RegSet partly; ///< those that the interpreter writes for threads only whose guard holds, and
                   ///< what is made of them: nobody reads the others
    /// What the instructions that depend on no load have made; nothing for the others.
    std::vector<std::optional<std::vector<std::pair<Reg, Value>>>> made;
    std::vector<Look> looks;
    std::vector<std::pair<Reg, Value>> results; ///< what depends on loads and is read afterwards
};

void Emitter::set_state(const State& s) {
    words_ = s.words;
    pairs_ = s.pairs;
    preds_ = s.preds;
}

/// The offset of the instruction.
static int64_t offset_of(const Inst& inst) {
    return static_cast<int32_t>(inst.imm());
}

void Emitter::add_look(Segment& s, const Way& way) {
    const Inst& inst = way.inst;
    const Value guard = inst.guarded() ? get_pred(inst.guard(), inst.guard_negated()) : Value{};
    const int64_t offset = offset_of(inst);
    if (!dry_)
        for (Look& l : s.looks) {
            const Way& other = l.way;
            const bool alike = way.bytes == other.bytes && way.store == other.store &&
                               way.shared == other.shared && way.local == other.local &&
                               way.inst.guarded() == other.inst.guarded() &&
                               way.split == other.split && way.indexed == other.indexed &&
                               isa::mods::MScale.get(inst.mods()) ==
                                   isa::mods::MScale.get(other.inst.mods()) &&
                               isa::mods::MIdx.get(inst.mods()) ==
                                   isa::mods::MIdx.get(other.inst.mods());
            if (!alike || !same(way.root, other.root) || !same(way.root_index, other.root_index) ||
                !same(guard, l.guard) || (offset - l.lowest) % way.bytes)
                continue;
            l.lowest = std::min(l.lowest, offset);
            l.highest = std::max(l.highest, offset);
            return;
        }
    s.looks.push_back({way, guard, effective_mask(inst), offset, offset});
}

/// The instructions from s.first on, those among them emitted that depend on no load. False: there
/// is nothing to look at.
bool Emitter::find_segment(const CodeBlock& code, Segment& s) {
    RegSet& loaded = s.loaded;
    size_t i = s.first;
    for (; i < code.insts.size(); ++i) {
        const Inst& inst = code.insts[i];
        if (ends_segment(inst) || (i > s.first && inst.pc != code.insts[i - 1].pc + 16)) break;
        const bool access = is_access(inst);
        const bool depends = ((access ? address_reads(inst) : inst.reads()) & loaded).any();
        bool made = !access && !depends;
        if (access) {
            if (depends || s.looks.size() == kMaxLooks) break;
            const std::optional<Way> way = way_of(inst);
            if (way && is_parameter(*way) && (!inst.guarded() || inst.old_dead))
                made = true;
            else if (way && !always_fast(*way))
                add_look(s, *way);
            if (s.looks.empty()) return false; // of the first access
        }
        s.made.emplace_back();
        if ((inst.guarded() && inst.old_dead) || (inst.reads() & s.partly).any())
            s.partly |= set_of(inst.defs);
        else
            s.partly &= ~set_of(inst.defs);
        if (!made) {
            loaded |= set_of(inst.defs);
            continue;
        }
        emit(inst);
        loaded &= ~set_of(inst.defs);
        s.made.back().emplace();
        for (Reg r : inst.defs) {
            const auto& values = is_pred(r) ? preds_ : pairs_.count(r) ? pairs_ : words_;
            const auto value = values.find(r); // nothing: the guard is never true
            if (value != values.end()) s.made.back()->emplace_back(*value);
        }
    }
    s.end = i;
    return true;
}

/// The loads and stores, and what depends on them.
void Emitter::walk_again(const CodeBlock& code, const Segment& s) {
    for (size_t i = s.first; i < s.end; ++i) {
        const auto& made = s.made[i - s.first];
        if (!made) {
            emit(code.insts[i]);
            continue;
        }
        for (const auto& [r, v] : *made)
            put(r, v);
    }
}

/// What is read behind the segment.
void Emitter::find_results(const CodeBlock& code, Segment& s) {
    RegSet live = code.live_out;
    for (size_t i = code.insts.size(); i-- > s.end;) {
        const Inst& inst = code.insts[i];
        live &= ~set_of(inst.defs);
        live |= inst.reads();
    }
    for (Reg r = 0; r < kNumRegs; ++r) {
        if (!s.loaded[r]) continue;
        Value v;
        if (!live[r]) { // nobody will ask, but it is written
            v = constant_value(is_pred(r) ? 1 : 32, 0);
        } else if (is_pred(r)) {
            v = get_pred(r - kFirstPred, false);
        } else if (r % 2 == 0 && pairs_.count(r) && s.loaded[r + 1] && live[r + 1]) {
            v = settled(pairs_.at(r));
            v.bits = 64;
        } else {
            v = raw32(r);
        }
        // The first thread need not be one of those that have it.
        const bool partly = s.partly[r] || (v.bits == 64 && s.partly[r + 1]);
        if (v.dynamic || (live[r] && partly && !v.is_vector()))
            v = vector_value(v.bits, vector(canonical(v)));
        s.results.emplace_back(r, v);
        if (v.bits == 64) ++r;
    }
}

/// i1: all accesses of the look may be made.
Emitter::IR Emitter::look(Look& l) {
    Way& way = l.way;
    way.more = static_cast<uint64_t>(l.highest - l.lowest);
    if (const int64_t by = l.lowest - offset_of(way.inst)) {
        Value& base = way.split ? way.base : way.at;
        const Value d = constant_value(base.bits, static_cast<uint64_t>(by));
        base = base.is_vector() ? lift(base.bits, {&base, &d},
                                       [&](ArrayRef<IR> a) { return ir_.CreateAdd(a[0], a[1]); })
                                : add(base, d, base.bits);
    }
    l.place = place(way.inst);
    places_[l.place].writes = way.store;
    IR ok = may_go_fast(way, l.mask, l.place);
    return way.inst.guarded() && l.mask ? ir_.CreateOr(ok, ir_.CreateNot(any(l.mask))) : ok;
}

/// An address that the look covers, for the service to find a range.
void Emitter::give_address(const Look& l, unsigned at) {
    const Way& way = l.way;
    if (way.shared || way.local) return;
    IR lane = l.mask ? first_lane(l.mask) : constant(32, 0);
    IR address = nullptr;
    if (way.split) {
        address = ir_.CreateAdd(way.base.v, ir_.CreateShl(index_of_lane(way, lane), way.scale));
    } else if (way.at.is_vector() || way.at.guarded || way.at.dynamic) {
        address = ir_.CreateExtractElement(vector(way.at), lane);
    } else { // of the first lane, or of whoever is
        address = l.mask && way.at.is_linear() ? ir_.CreateAdd(way.at.v, steps_to(way.at, lane))
                                               : way.at.v;
    }
    TranslatedPlace& p = places_[at];
    store_base(static_cast<unsigned>(p.sources.size() + p.ranges.size()), address);
    p.ranges.push_back(l.place);
}

/// Of a Linear value whose steps are known: how much further a lane is than the first.
Emitter::IR Emitter::steps_to(const Value& v, IR lane) {
    IR sum = constant(v.bits, 0);
    for (unsigned bit = 0; bit < lane_bits_; ++bit) {
        if (v.step[bit] == 0) continue;
        IR has = ir_.CreateTrunc(ir_.CreateLShr(lane, bit), type(1, false));
        sum = ir_.CreateAdd(
            sum, ir_.CreateSelect(has, constant(v.bits, static_cast<uint64_t>(v.step[bit])),
                                  constant(v.bits, 0)));
    }
    return sum;
}

/// The number of the first lane of the mask; any when there is none.
Emitter::IR Emitter::first_lane(IR mask) {
    IR lane = ir_.CreateBinaryIntrinsic(Intrinsic::cttz, bits_of(mask), ir_.getFalse());
    return ir_.CreateAnd(ir_.CreateZExtOrTrunc(lane, type(32, false)), constant(32, lanes_ - 1));
}

/// The value of register r that the interpreter has left, which has the shape of `like`.
Emitter::IR Emitter::from_row(Reg r, const Value& like) {
    if (is_pred(r)) {
        IR lanes = load_predicate(r - kFirstPred);
        return like.is_vector() ? lanes : any(ir_.CreateAnd(lanes, mask_or_all()));
    }
    const bool pair = like.bits == 64;
    if (like.is_vector()) return pair ? joined(load_row(r), load_row(r + 1)) : load_row(r);
    IR first = first_lane(mask_or_all());
    const auto word = [&](Reg x) {
        return warps_ > 1 || one_thread_
                   ? ir_.CreateExtractElement(load_row(x), first)
                   : ir_.CreateLoad(type(32, false),
                                    ir_.CreateGEP(ir_.getInt32Ty(), row(x), first));
    };
    IR x = pair ? joined(word(r), word(r + 1)) : word(r);
    if (like.is_linear()) x = ir_.CreateSub(x, steps_to(like, first));
    return x;
}

void Emitter::emit_interpreted(const CodeBlock& code, Segment& s) {
    set_state(s.before);
    const unsigned at = place(code.insts[s.first]);
    places_[at].count = static_cast<unsigned>(s.end - s.first);
    places_[at].own_guards = true;
    RegSet written, wanted;
    for (size_t i = s.first; i < s.end; ++i) {
        wanted |= code.insts[i].reads() & ~written;
        written |= set_of(code.insts[i].defs);
    }
    give_registers(at, wanted, mask_now_);
    for (const Look& l : s.looks)
        give_address(l, at);
    call_keeping(offsetof(TranslatedBlock, segment), {warp_[0], constant(32, at)});
}

/// A segment that begins with this instruction. Returns the first behind it; `first`: none begins
/// here.
size_t Emitter::emit_segment(const CodeBlock& code, size_t first) {
    if (!is_access(code.insts[first]) || ends_segment(code.insts[first])) return first;
    Segment s;
    s.first = first;
    s.before = state();
    if (!find_segment(code, s)) return first;
    s.middle = state();
    llvm::BasicBlock *fast = nullptr, *slow = nullptr, *done = nullptr, *fast_end = nullptr;
    if (!dry_) {
        fast = block("fast");
        slow = block("slow");
        done = block("done");
        IR ok = nullptr;
        for (Look& l : s.looks)
            ok = both(ok, look(l));
        branch_likely(ok, fast, slow);
        ir_.SetInsertPoint(fast);
    }
    set_state(s.before);
    walk_again(code, s);
    find_results(code, s);
    if (!dry_) {
        fast_end = ir_.GetInsertBlock();
        ir_.CreateBr(done);
        ir_.SetInsertPoint(slow);
        emit_interpreted(code, s);
        std::vector<IR> rows;
        for (const auto& [r, v] : s.results)
            rows.push_back(v.known ? v.v : from_row(r, v));
        llvm::BasicBlock* slow_end = ir_.GetInsertBlock();
        ir_.CreateBr(done);
        ir_.SetInsertPoint(done);
        for (size_t i = 0; i < rows.size(); ++i) {
            Value& v = s.results[i].second;
            if (v.known) continue;
            PHINode* phi = ir_.CreatePHI(v.v->getType(), 2);
            phi->addIncoming(v.v, fast_end);
            phi->addIncoming(rows[i], slow_end);
            v.v = phi;
        }
    }
    set_state(s.middle);
    for (const auto& [r, v] : s.results)
        put(r, v);
    return s.end;
}

} // namespace acc::model::jit
