// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Accesses of a block are looked at together, in segments: runs of instructions. First come the
// instructions of a segment that depend on no load in it, so that the addresses of most accesses
// are known; then one branch on whether all of them are good. Behind it come the loads, and what
// depends on them. Where that is the address of another access (an index that is loaded), there is
// a second branch for all such, and so on: a segment is executed in waves, whatever the order of
// its instructions. Stores come last, when all has been looked at. So there is one slow way for
// every branch: the interpreter executes the whole segment, and faults if it must.
#include <llvm/IR/Intrinsics.h>

#include "driver/model/jit/emitter.h"
#include "driver/model/jit/look.h"

namespace acc::model::jit {

using namespace llvm;
using isa::Field;

namespace {

constexpr size_t kMaxLooks = 24;
constexpr unsigned kMostWaves = 4;
/// Accesses whose address depends on a load of the segment: until the last of these is made, what
/// they depend on is in registers.
constexpr unsigned kMostDependent = 8;
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

struct Emitter::Segment {
    size_t first = 0, end = 0; ///< instructions
    State before, middle;      ///< values at the start, and with all that depends on no load
    RegSet loaded;             ///< registers that depend on a load at the end
    RegSet partly; ///< those that the interpreter writes for threads only whose guard holds, and
                   ///< what is made of them: nobody reads the others
    /// Of each instruction: the wave in which it is executed, and of an access the one in which it
    /// is looked at. The last one has what may not run twice.
    std::vector<unsigned> wave;
    std::vector<std::optional<unsigned>> looked;
    unsigned last_wave = 1;
    /// What the instructions have made that have been executed.
    std::vector<std::optional<std::vector<std::pair<Reg, Value>>>> made;
    std::vector<Look> looks;
    std::vector<std::pair<Reg, Value>> results; ///< what depends on loads and is read afterwards
    llvm::BasicBlock* slow = nullptr;
    std::map<unsigned, llvm::BasicBlock*> bad; ///< from where it is gone, by wave
};

/// In which wave the instructions of a segment can be executed, one after the other.
struct Emitter::Waves {
    static constexpr unsigned kLast = kMostWaves + 1; ///< the last one, whichever that is
    std::array<RegSet, kLast + 1> since; ///< registers whose value is not there before the wave
    bool stored = false;                 ///< there is a store
    unsigned dependent = 0;

    unsigned of(const RegSet& regs) const {
        unsigned wave = kLast;
        while (wave > 0 && (since[wave] & regs).none())
            --wave;
        return wave;
    }
    /// In which wave the access is looked at. Nothing: it must begin a segment of its own.
    std::optional<unsigned> looked(const Inst& inst) {
        const unsigned wave = of(address_reads(inst));
        if (wave >= kMostWaves || (wave > 0 && ++dependent > kMostDependent)) return std::nullopt;
        return wave;
    }
    /// looked: of an access.
    unsigned add(const Inst& inst, std::optional<unsigned> looked) {
        unsigned wave = of(inst.reads());
        if (looked) {
            wave = std::max(wave, *looked + 1);
            stored = stored || inst.row->has(isa::kMayStore);
            if (stored) wave = kLast;
        }
        const RegSet made = set_of(inst.defs);
        for (unsigned w = 1; w <= kLast; ++w)
            since[w] = w <= wave ? since[w] | made : since[w] & ~made;
        return wave;
    }
};

void Emitter::set_state(const State& s) {
    words_ = s.words;
    pairs_ = s.pairs;
    preds_ = s.preds;
}

bool Emitter::under_same_guard(const Look& a, const Look& b) {
    const Inst &x = a.way.inst, &y = b.way.inst;
    return x.guarded() == y.guarded() && x.guard_negated() == y.guard_negated() &&
           same(a.guard, b.guard);
}

/// early: it is a load that is made in the next wave.
void Emitter::add_look(Segment& s, const Way& way, unsigned wave, bool early) {
    const Inst& inst = way.inst;
    const Value guard = inst.guarded() ? get_pred(inst.guard(), false) : Value{};
    const int64_t offset = offset_of(inst);
    const Look look{way, guard, effective_mask(inst), offset, offset, wave, {}};
    if (!dry_)
        for (Look& l : s.looks) {
            const Way& other = l.way;
            const bool alike = way.bytes == other.bytes && way.store == other.store &&
                               way.shared == other.shared && way.local == other.local &&
                               way.split == other.split && way.indexed == other.indexed &&
                               isa::mods::MScale.get(inst.mods()) ==
                                   isa::mods::MScale.get(other.inst.mods()) &&
                               isa::mods::MIdx.get(inst.mods()) ==
                                   isa::mods::MIdx.get(other.inst.mods());
            if (!alike || wave != l.wave || !same(way.root, other.root) ||
                !same(way.root_index, other.root_index) || !under_same_guard(look, l) ||
                (offset - l.lowest) % way.bytes)
                continue;
            if (early) l.members.push_back(way);
            l.lowest = std::min(l.lowest, offset);
            l.highest = std::max(l.highest, offset);
            return;
        }
    s.looks.push_back(look);
    if (early) s.looks.back().members.push_back(way);
}

/// The instructions from s.first on, those among them emitted that depend on no load. False: there
/// is nothing to look at.
bool Emitter::find_segment(const CodeBlock& code, Segment& s) {
    Waves waves;
    size_t i = s.first;
    for (; i < code.insts.size(); ++i) {
        const Inst& inst = code.insts[i];
        if (ends_segment(inst) || (i > s.first && inst.pc != code.insts[i - 1].pc + 16)) break;
        std::optional<unsigned> looked;
        if (is_access(inst)) {
            looked = waves.looked(inst);
            if (!looked || s.looks.size() == kMaxLooks) break;
            const std::optional<Way> way = *looked ? std::nullopt : way_of(inst);
            if (way && is_parameter(*way) && (!inst.guarded() || inst.old_dead))
                looked.reset();
            else if (way && !always_fast(*way))
                add_look(s, *way, 0, !waves.stored && !way->store);
            if (s.looks.empty()) return false; // of the first access
            if (looked) s.last_wave = std::max(s.last_wave, *looked + 1u);
        }
        s.made.emplace_back();
        s.looked.push_back(looked);
        s.wave.push_back(waves.add(inst, looked));
        if ((inst.guarded() && inst.old_dead) || (inst.reads() & s.partly).any())
            s.partly |= set_of(inst.defs);
        else
            s.partly &= ~set_of(inst.defs);
        if (s.wave.back() == 0) make(inst, s, i);
    }
    s.end = i;
    s.loaded = waves.since[1];
    return true;
}

/// Executes instruction i, and keeps what it makes.
void Emitter::make(const Inst& inst, Segment& s, size_t i) {
    emit(inst);
    auto& made = s.made[i - s.first];
    made.emplace();
    for (Reg r : inst.defs) {
        const auto& values = is_pred(r) ? preds_ : pairs_.count(r) ? pairs_ : words_;
        const auto value = values.find(r); // nothing: the guard is never true
        if (value != values.end()) made->emplace_back(*value);
    }
}

/// The instructions of one wave behind the first; what of the next one is looked at.
void Emitter::walk_wave(const CodeBlock& code, Segment& s, unsigned wave) {
    set_state(s.before);
    for (size_t i = s.first; i < s.end; ++i) {
        const Inst& inst = code.insts[i];
        const size_t at = i - s.first;
        if (s.made[at]) {
            for (const auto& [r, v] : *s.made[at])
                put(r, v);
            continue;
        }
        if (wave == s.last_wave || s.wave[at] <= wave)
            make(inst, s, i);
        else if (s.looked[at] && *s.looked[at] == wave)
            if (const std::optional<Way> way = way_of(inst); way && !always_fast(*way))
                add_look(s, *way, wave, s.wave[at] != Waves::kLast);
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

/// i1: all accesses of the look may be made. some: somebody makes them.
Emitter::IR Emitter::look(const std::vector<Look>& looks, Look& l, bool some) {
    Way& way = l.way;
    const std::shared_ptr<Rows> rows = find_rows(l);
    way.more = rows ? rows->words * 4 - way.bytes : static_cast<uint64_t>(l.highest - l.lowest);
    if (const int64_t by = l.lowest - offset_of(way.inst)) {
        Value& base = way.split ? way.base : way.at;
        const Value d = constant_value(base.bits, static_cast<uint64_t>(by));
        base = base.is_vector() ? lift(base.bits, {&base, &d},
                                       [&](ArrayRef<IR> a) { return ir_.CreateAdd(a[0], a[1]); })
                                : add(base, d, base.bits);
    }
    const bool fixed = has_fixed_base(way);
    const Look* like = nullptr; // one with the same base: what is good for one index is for another
    for (const Look& other : looks)
        if (&other < &l && fixed && other.wave == l.wave && has_same_bounds(other, l))
            like = &other;
    l.place = like ? like->place : place(way.inst);
    places_[l.place].writes = way.store;
    IR ok = nullptr;
    if (fixed) {
        ok = look_at_index(way, l.place, l.mask, l.lowest);
        if (IR aligned = steps_aligned(way)) ok = both(ok, aligned);
    } else {
        ok = may_go_fast(way, l.mask, l.place);
    }
    if (rows) {
        rows->whole = all_in_range(way, l.place);
        for (const Way& member : rows->members)
            rows_[&member.inst] = rows;
    }
    return way.inst.guarded() && l.mask && !some ? ir_.CreateOr(ok, ir_.CreateNot(any(l.mask)))
                                                 : ok;
}

/// An address that the look covers, for the service to find a range.
Emitter::IR Emitter::address_of(const Look& l) {
    const Way& way = l.way;
    IR lane = l.mask ? first_lane(l.mask) : constant(32, 0);
    if (way.split)
        return ir_.CreateAdd(
            way.base.v,
            ir_.CreateShl(wide_index(way, ir_.CreateExtractElement(way.index.v, lane)), way.scale));
    if (way.at.is_vector() || way.at.guarded || way.at.dynamic)
        return ir_.CreateExtractElement(vector(way.at), lane);
    // Of the first lane, or of whoever is.
    return l.mask && way.at.is_linear() ? ir_.CreateAdd(way.at.v, steps_to(way.at, lane))
                                        : way.at.v;
}

/// Of a Linear value whose steps are known: how much further a lane is than the first.
Emitter::IR Emitter::steps_to(const Value& v, IR lane) {
    IR sum = constant(v.bits, 0);
    for (unsigned bit = 0; bit < kLaneBits; ++bit) {
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

/// One branch on whether what the wave looks at is good. The builder goes on where it is.
void Emitter::look_at(Segment& s, unsigned wave) {
    if (dry_) return;
    const auto first = std::find_if(s.looks.begin(), s.looks.end(),
                                    [&](const Look& l) { return l.wave == wave; });
    if (first == s.looks.end()) return;
    // A thread alone that accesses nothing need not look.
    const bool one_guard = one_thread_ && first->way.inst.guarded() &&
                           std::all_of(s.looks.begin(), s.looks.end(), [&](const Look& l) {
                               return l.wave != wave || under_same_guard(l, *first);
                           });
    llvm::BasicBlock* nobody = nullptr;
    if (one_guard && first->mask) {
        nobody = block("nobody");
        llvm::BasicBlock* some = block("some");
        ir_.CreateCondBr(any(first->mask), some, nobody);
        ir_.SetInsertPoint(some);
    }
    IR ok = nullptr;
    for (Look& l : s.looks)
        if (l.wave == wave) ok = both(ok, look(s.looks, l, nobody));
    llvm::BasicBlock *fast = block("fast"), *bad = block("bad");
    branch_likely(ok, fast, bad);
    if (nobody) {
        ir_.SetInsertPoint(nobody);
        ir_.CreateBr(fast);
    }
    ir_.SetInsertPoint(bad);
    for (Look& l : s.looks)
        if (l.wave == wave && !l.way.shared && !l.way.local) l.address = address_of(l);
    s.bad[wave] = ir_.GetInsertBlock();
    ir_.CreateBr(s.slow);
    ir_.SetInsertPoint(fast);
}

/// Where the slow way begins: the addresses that the looks were at, of the wave from which it
/// comes; 0, where no range is found, for the others. Stored there, since what is passed on would
/// be computed before the branch.
void Emitter::give_addresses(const Segment& s, unsigned at) {
    IRBuilder<>::InsertPointGuard guard(ir_);
    TranslatedPlace& p = places_[at];
    for (const Look& l : s.looks) {
        if (!l.address) continue;
        const auto base = static_cast<unsigned>(p.sources.size() + p.ranges.size());
        p.ranges.push_back(l.place);
        for (const auto& [wave, from] : s.bad) {
            ir_.SetInsertPoint(from->getTerminator());
            store_base(base, wave == l.wave ? l.address : constant(64, 0));
        }
    }
}

void Emitter::emit_interpreted(const CodeBlock& code, Segment& s) {
    ir_.SetInsertPoint(s.slow);
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
    give_addresses(s, at);
    call_keeping(offsetof(TranslatedBlock, segment), {warp_[0], constant(32, at)});
}

/// A segment that begins with this instruction. Returns the first behind it; `first`: none begins
/// here.
size_t Emitter::emit_segment(const CodeBlock& code, size_t first) {
    if (!is_access(code.insts[first]) || ends_segment(code.insts[first])) return first;
    rows_.clear();
    Segment s;
    s.first = first;
    s.before = state();
    if (!find_segment(code, s)) return first;
    s.middle = state();
    ++looks_in_[current_];
    llvm::BasicBlock *done = nullptr, *fast_end = nullptr;
    if (!dry_) {
        s.slow = block("slow");
        done = block("done");
    }
    look_at(s, 0);
    for (unsigned wave = 1; wave <= s.last_wave; ++wave) {
        walk_wave(code, s, wave);
        look_at(s, wave);
    }
    find_results(code, s);
    if (!dry_) {
        fast_end = ir_.GetInsertBlock();
        ir_.CreateBr(done);
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
