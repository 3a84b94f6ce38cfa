// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How many warps of a block run side by side, in vectors that hold the threads of all of them. It
// takes fewer stacks and looks, and hides what the host's arithmetic takes until its result is
// there; but registers run out, and where warps go different ways each waits for the others.
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <memory>

#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

namespace {
/// The host's registers, in units of 512 bits, how many of them are for what lives shortly, how
/// many a loop is divided for at most (each takes time to translate), and the most warps of a gang.
/// Hosts without mask registers have half of these in registers and load the others by the way:
/// measured faster than more looks and barriers, but for more than two warps.
struct Registers {
    unsigned all, spare, most_kept, most_warps;
};
constexpr Registers kMasked{32, 6, 128, kMostGangWarps}, kUnmasked{18, 2, 32, 2};
constexpr size_t kMostInstructions = 1500; ///< of all warps of a gang: they are translated too

} // namespace

std::optional<unsigned> wanted_gang() {
    const char* text = std::getenv("ACC_MODEL_TRANSLATOR_GANG");
    return text ? std::optional(static_cast<unsigned>(std::strtoul(text, nullptr, 10)))
                : std::nullopt;
}

/// Registers of the host for the values that come into a block as vectors, but for those variables.
unsigned Emitter::vectors_into(unsigned b, const std::set<unsigned>& without) const {
    unsigned registers = 0;
    for (Reg r = 0; r < kNumRegs; ++r) {
        if (!program_.blocks[b].live_in[r]) continue;
        const unsigned i = variables_.in(b, r);
        const Variable& variable = variables_.all()[i];
        if (variable.reg != r || !shape_[i] || !shape_[i]->is_vector() || without.count(i))
            continue;
        registers += variable.bits / 16; // a predicate is in another kind of register
    }
    return registers;
}

/// The loop of block b will be divided (tiles.cpp) where it keeps too much for the host's
/// registers.
bool Emitter::can_be_divided(unsigned b) const {
    if (looks_in_[b] || asked_in_[b] || partial_[b] || !ends_soon(b, b)) return false;
    return std::none_of(program_.blocks[b].insts.begin(), program_.blocks[b].insts.end(),
                        [](const Inst& inst) {
                            return !inst.local && inst.row->has(isa::kMayStore | isa::kSideEffects |
                                                                isa::kIsWarpOp | isa::kIsBlockSync);
                        });
}

/// The vectors that the loop of block b keeps from turn to turn.
std::set<unsigned> Emitter::kept_in_loop(unsigned b) const {
    std::set<unsigned> kept;
    for (Reg r = 0; r < kNumRegs; ++r)
        if (program_.blocks[b].live_in[r] && program_.blocks[b].def[r] && !is_pred(r))
            if (const unsigned i = variables_.in(b, r); shape_[i] && shape_[i]->is_vector())
                kept.insert(i);
    return kept;
}

/// Threads leave the loop of blocks first to last one after the other, as data says.
bool Emitter::scatters(unsigned first, unsigned last) const {
    for (unsigned b = first; b <= last; ++b) {
        if (!divergent(b) || cond_shape_[b]->regular) continue;
        if (program_.blocks[b].end == End::ExitIf) return true;
        for (unsigned s : program_.blocks[b].succ)
            if (s <= first || s > last) return true;
    }
    return false;
}

/// A variable of a loop moves by what is known at run time only, a whole grid perhaps.
bool strides(const Inst& inst) {
    const bool adds = inst.op_is(isa::Opcode::IADD) || inst.op_is(isa::Opcode::IADD64);
    return adds && inst.form() == 0 && !inst.defs.empty() &&
           std::find(inst.uses.begin(), inst.uses.end(), inst.defs.front()) != inst.uses.end();
}

/// How many warps the loops at block `last` that jump back to `first` bear.
unsigned Emitter::gang_in_loop(unsigned first, unsigned last) const {
    if (scatters(first, last)) return 1;
    const Registers host = has_masks_ ? kMasked : kUnmasked;
    bool meets = false, global = false, far = false;
    unsigned registers = 0, divided = 0;
    std::set<unsigned> elsewhere; // in memory where their loop does not run
    for (unsigned b = first; b <= last; ++b) {
        if (!can_be_divided(b)) continue;
        const std::set<unsigned> kept = kept_in_loop(b);
        unsigned n = 0;
        for (unsigned i : kept)
            n += variables_.all()[i].bits / 16;
        if (n + host.spare > host.all / 2) elsewhere.insert(kept.begin(), kept.end());
        divided = std::max(divided, n);
    }
    for (unsigned b = first; b <= last; ++b) {
        registers = std::max(registers, vectors_into(b, elsewhere));
        for (const Inst& inst : program_.blocks[b].insts) {
            meets = meets || (inst.row && inst.row->has(isa::kIsBlockSync));
            far = far || strides(inst);
            global = global ||
                     (plain_access(inst) && !inst.local && inst.row->space != isa::Space::Shared &&
                      inst.row->space != isa::Space::Local);
        }
    }
    unsigned warps = host.most_warps;
    while (warps > 1 && (warps * registers + host.spare > host.all ||
                         (!elsewhere.empty() && warps * divided > host.most_kept)))
        warps /= 2;
    // Where nobody waits, and each turn is far from the last, prefetchers do not follow so many
    // warps.
    if (global && !meets && gathers_) warps = std::min(warps, 2u);
    if (global && !meets && far) warps = std::min(warps, 4u);
    return warps;
}

unsigned Emitter::most_warps() const {
    if (single_ || may_spin()) return 1;
    size_t instructions = 0;
    unsigned warps = (has_masks_ ? kMasked : kUnmasked).most_warps;
    for (unsigned b = 0; b < program_.blocks.size(); ++b) {
        instructions += program_.blocks[b].insts.size();
        for (unsigned s : program_.blocks[b].succ)
            if (s <= b) warps = std::min(warps, gang_in_loop(s, b));
    }
    const std::optional<unsigned> wanted = wanted_gang();
    if (wanted) warps = std::min(std::max(*wanted, 1u), kMostGangWarps);
    while (warps > 1 && (size_.threads % (warps * kLanes) ||
                         (!wanted && warps * instructions > kMostInstructions)))
        warps /= 2;
    return warps;
}

bool Emitter::loops() const {
    for (unsigned b = 0; b < program_.blocks.size(); ++b)
        for (unsigned s : program_.blocks[b].succ)
            if (s <= b) return true;
    return false;
}

/// Branches at which threads part as data says.
unsigned Emitter::irregular_branches() const {
    unsigned n = 0;
    for (unsigned b = 0; b < program_.blocks.size(); ++b)
        n += divergent(b) && !cond_shape_[b]->regular;
    return n;
}

std::unique_ptr<Emitter>
best_emitter(const std::function<std::unique_ptr<Emitter>(unsigned)>& emitter) {
    std::unique_ptr<Emitter> one = emitter(1);
    if (!one->analyse()) return one;
    const std::vector<bool> all(one->program_.blocks.size(), true);
    const std::optional<unsigned> alone = !wanted_gang() ? one->best_alone()
                                          : *wanted_gang() == 0 && one->may_go_one_by_one(all)
                                              ? std::optional(0u)
                                              : std::nullopt;
    if (alone == 0u) return emitter(0);
    if (alone) {
        one->set_alone(*alone);
        return one;
    }
    for (unsigned warps = one->most_warps(); warps > 1; warps /= 2) {
        // What is the same for all threads of a warp may differ from warp to warp.
        std::unique_ptr<Emitter> several = emitter(warps);
        if (!several->analyse() || several->single_ ||
            several->irregular_branches() > one->irregular_branches())
            continue;
        // Without loops and barriers there is nothing to win but rows for columns.
        const bool enough = one->loops() || one->parks_ || wanted_gang()
                                ? several->gathers_ <= one->gathers_
                                : several->gathers_ < one->gathers_;
        if (enough) return several;
    }
    return one;
}

} // namespace acc::model::jit
