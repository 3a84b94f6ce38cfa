// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which blocks run with part of the threads, and what shape each variable has: each decides about
// the other, so both are computed until nothing changes.
#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

namespace {
constexpr unsigned kMaxRounds = 100;
}

/// Blocks that are reached from `from` without passing `stop`.
std::vector<bool> Emitter::reach(const std::vector<unsigned>& from, int stop) const {
    std::vector<bool> seen(program_.blocks.size());
    std::vector<unsigned> work = from;
    while (!work.empty()) {
        const unsigned b = work.back();
        work.pop_back();
        if (seen[b] || static_cast<int>(b) == stop) continue;
        seen[b] = true;
        for (unsigned s : program_.blocks[b].succ)
            work.push_back(s);
    }
    return seen;
}

void Emitter::add_influence(unsigned branch) {
    const CodeBlock& block = program_.blocks[branch];
    Influence in{branch, {}, program_.join[branch]};
    in.blocks = reach(block.succ, in.join);
    // Blocks that lead to no join may come behind it; then nothing short of the end is one.
    for (size_t b = 0; in.join >= 0 && b < in.blocks.size(); ++b)
        if (in.blocks[b] && static_cast<int>(b) > in.join) in.join = -1;
    if (in.join < 0) in.blocks = reach(block.succ, -1);
    influences_.push_back(std::move(in));
}

void Emitter::find_partial_blocks() {
    const size_t n = program_.blocks.size();
    influences_.clear();
    partial_.assign(n, size_.threads % lanes_ != 0);
    chained_.assign(n, false);
    waiting_.assign(n, false);
    std::vector<unsigned> after_partial_exit;
    for (unsigned b = 0; b < n; ++b) {
        const CodeBlock& block = program_.blocks[b];
        if (!divergent(b)) continue;
        if (block.end == End::Branch || block.end == End::Switch) add_influence(b);
        if (block.end == End::ExitIf) after_partial_exit.push_back(block.succ[0]);
    }
    for (const Influence& in : influences_) {
        bool exits = false;
        for (unsigned b = 0; b < n; ++b) {
            if (!in.blocks[b]) continue;
            partial_[b] = chained_[b] = waiting_[b] = true;
            exits = exits || program_.blocks[b].ends_threads();
        }
        if (in.join < 0) continue;
        waiting_[static_cast<unsigned>(in.join)] = true;
        if (exits) after_partial_exit.push_back(static_cast<unsigned>(in.join));
    }
    const std::vector<bool> fewer = reach(after_partial_exit, -1);
    for (unsigned b = 0; b < n; ++b)
        if (fewer[b]) partial_[b] = true;
}

/// While block b runs, threads may wait at another block that reads what register r is before. They
/// wait at blocks that come later, since who jumps back goes on at once; they have come there past
/// b, or through it on an earlier round of a loop.
bool Emitter::must_blend(unsigned b, Reg r) const {
    if (!chained_[b]) return false;
    const unsigned variable = variables_.out(b, r);
    const auto reads = [&](unsigned other) {
        return other > b && program_.blocks[other].live_in[r] &&
               variables_.in(other, r) == variable;
    };
    const auto again_before = [&](unsigned other) { // b runs again before `other` does
        for (unsigned p = b; p < other; ++p)
            for (unsigned h : program_.blocks[p].succ)
                if (h <= b) return true;
        return false;
    };
    for (const Influence& in : influences_) {
        if (!in.blocks[b]) continue;
        std::vector<bool> past; // blocks that threads of the branch reach without b
        const auto may_wait = [&](unsigned other) {
            if (!reads(other)) return false;
            if (again_before(other)) return true;
            if (past.empty()) past = reach_past(in, b);
            return static_cast<bool>(past[other]);
        };
        if (in.join >= 0 && may_wait(static_cast<unsigned>(in.join))) return true;
        for (unsigned other = b + 1; other < in.blocks.size(); ++other)
            if (in.blocks[other] && may_wait(other)) return true;
    }
    return false;
}

/// Blocks, the join among them, that threads of a branch can reach without block b.
std::vector<bool> Emitter::reach_past(const Influence& in, unsigned b) const {
    std::vector<bool> seen(program_.blocks.size());
    std::vector<unsigned> work = program_.blocks[in.branch].succ;
    while (!work.empty()) {
        const unsigned x = work.back();
        work.pop_back();
        if (seen[x] || x == b) continue;
        seen[x] = true;
        if (static_cast<int>(x) == in.join) continue;
        for (unsigned s : program_.blocks[x].succ)
            work.push_back(s);
    }
    return seen;
}

/// Where those may wait who come next in the order of emission; -1: nobody does.
int Emitter::next_in_chain(unsigned b) const {
    int next = -1;
    const auto consider = [&](int other) {
        if (other > static_cast<int>(b) && (next < 0 || other < next)) next = other;
    };
    for (const Influence& in : influences_) {
        if (!in.blocks[b] && in.branch != b) continue;
        for (unsigned other = b + 1; other < in.blocks.size(); ++other)
            if (in.blocks[other]) {
                consider(static_cast<int>(other));
                break;
            }
        consider(in.join);
    }
    return next;
}

bool Emitter::analyse() {
    if (analysed_) return true;
    dry_ = true;
    cond_shape_.assign(program_.blocks.size(), std::nullopt);
    shape_.assign(variables_.all().size(), std::nullopt);
    // At the entry every register is zero, but for the stack pointer.
    for (Reg r = 0; r < kNumRegs; ++r) {
        if (!program_.blocks[0].live_in[r]) continue;
        std::optional<Shape>& shape = shape_[variables_.in(0, r)];
        Shape zero;
        zero.align = 0;
        zero.most = 0;
        zero.known = 0;
        if (r == 0 || (r == 1 && variables_.all()[variables_.in(0, r)].bits == 64)) { // the low
                                                                                      // word
            zero.known = zero.most = size_.local_bytes;
            zero.align = size_.local_bytes & -size_.local_bytes;
        }
        shape = shape ? join(*shape, zero) : zero;
    }
    for (unsigned round = 0; round < kMaxRounds; ++round) {
        const auto shapes = shape_;
        const auto conditions = cond_shape_;
        find_partial_blocks();
        parks_ = single_ = parks_otherwise_ = false;
        meetings_.clear();
        gathers_ = 0;
        gathers_in_.assign(program_.blocks.size(), 0);
        asked_in_.assign(program_.blocks.size(), 0);
        looks_in_.assign(program_.blocks.size(), 0);
        for (unsigned b = 0; b < program_.blocks.size(); ++b)
            if (!alone_ || !alone_blocks_[b]) walk(b);
        analysed_ = shapes == shape_ && conditions == cond_shape_;
        if (analysed_) return true;
    }
    return false;
}

} // namespace acc::model::jit
