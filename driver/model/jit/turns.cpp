// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/jit/turns.h"

#include <algorithm>
#include <optional>

namespace acc::model::jit {

using isa::Field;
using isa::Opcode;
namespace mods = isa::mods;

namespace {

constexpr uint32_t kMostTurns = 4096;

bool writes(const Inst& inst, Reg r) {
    return std::find(inst.defs.begin(), inst.defs.end(), r) != inst.defs.end();
}

/// Its second operand is its immediate.
bool has_constant(const Inst& inst) {
    return inst.form() != 0;
}

/// The last instruction of the block, before `end`, that writes r; -1: none.
int last_write(const CodeBlock& block, Reg r, size_t end) {
    for (size_t i = end; i-- > 0;)
        if (writes(block.insts[i], r)) return static_cast<int>(i);
    return -1;
}

class Finder {
  public:
    Finder(const Program& program, unsigned first, unsigned last)
        : program_(program), first_(first), last_(last) {}
    std::optional<CountedLoop> find();

  private:
    struct Count {
        uint32_t from, by;
        size_t at; ///< of the addition in the last block
    };
    bool is_loop();
    std::optional<uint32_t> value_before(Reg r) const;
    std::optional<Count> count_of(Reg r) const;
    std::optional<uint32_t> turns() const;

    const Program& program_;
    const unsigned first_, last_;
    unsigned before_ = 0; ///< where the loop is come to from
};

/// It is entered from one block, at its first one, and only its last one jumps back, which leaves
/// it otherwise. Where the kernel begins one comes from nowhere, too.
bool Finder::is_loop() {
    if (first_ == 0) return false;
    for (unsigned s : program_.blocks[last_].succ)
        if (s != first_ && s >= first_ && s <= last_) return false;
    bool entered = false;
    for (unsigned b = first_; b <= last_; ++b)
        for (unsigned p : program_.blocks[b].pred) {
            const bool inside = p >= first_ && p <= last_;
            if (b == first_ ? inside && p != last_ : !inside) return false;
            if (inside) continue;
            if (entered) return false;
            entered = true;
            before_ = p;
        }
    return entered;
}

/// A constant that r has where the loop begins.
std::optional<uint32_t> Finder::value_before(Reg r) const {
    unsigned b = before_;
    for (unsigned step = 0; step < 8; ++step) {
        const CodeBlock& block = program_.blocks[b];
        const int at = last_write(block, r, block.insts.size());
        if (at >= 0) {
            const Inst& inst = block.insts[static_cast<size_t>(at)];
            if (!inst.op_is(Opcode::MOV) || inst.guarded()) return std::nullopt;
            if (has_constant(inst)) return inst.imm();
            return inst.reg(Field::rb) == isa::kZeroReg ? std::optional(0u) : std::nullopt;
        }
        if (b == 0 || block.pred.size() != 1) return std::nullopt;
        b = block.pred[0];
    }
    return std::nullopt;
}

/// r changes in the loop by one addition of a constant, in the last block.
std::optional<Finder::Count> Finder::count_of(Reg r) const {
    unsigned written = 0;
    for (unsigned b = first_; b <= last_; ++b)
        for (const Inst& inst : program_.blocks[b].insts)
            written += writes(inst, r);
    const CodeBlock& block = program_.blocks[last_];
    const int at = last_write(block, r, block.insts.size());
    if (written != 1 || at < 0) return std::nullopt;
    const Inst& inst = block.insts[static_cast<size_t>(at)];
    if (!inst.op_is(Opcode::IADD) || inst.guarded() || !has_constant(inst) ||
        inst.reg(Field::ra) != r)
        return std::nullopt;
    const std::optional<uint32_t> from = value_before(r);
    if (!from) return std::nullopt;
    return Count{*from, inst.imm(), static_cast<size_t>(at)};
}

bool holds(const Inst& compare, uint32_t x) {
    const uint32_t y = compare.imm();
    const bool is_signed = compare.op_is(Opcode::ISETPS32);
    const bool less = is_signed ? static_cast<int32_t>(x) < static_cast<int32_t>(y) : x < y;
    switch (mods::MICmp.get(compare.mods())) {
    case mods::MICmp_eq: return x == y;
    case mods::MICmp_ne: return x != y;
    case mods::MICmp_lt: return less;
    case mods::MICmp_le: return less || x == y;
    case mods::MICmp_gt: return !less && x != y;
    default: return !less;
    }
}

/// How often the loop goes round, as a comparison of a counter with a constant says.
std::optional<uint32_t> Finder::turns() const {
    const CodeBlock& block = program_.blocks[last_];
    if (block.end != End::Branch) return std::nullopt;
    const Inst& jump = block.insts.back();
    if (jump.guard() == isa::kTruePred) return std::nullopt;
    const auto p = static_cast<Reg>(kFirstPred + jump.guard());
    const int at = last_write(block, p, block.insts.size());
    if (at < 0) return std::nullopt;
    const Inst& compare = block.insts[static_cast<size_t>(at)];
    if ((!compare.op_is(Opcode::ISETPS32) && !compare.op_is(Opcode::ISETPU32)) ||
        compare.guarded() || !has_constant(compare) ||
        mods::MBool.get(compare.mods()) != mods::MBool_default)
        return std::nullopt;
    // pe has the opposite; both in one register: nobody does that.
    const bool opposite = compare.reg(Field::pd) != jump.guard();
    if (compare.reg(Field::pd) == compare.reg(Field::pe)) return std::nullopt;
    const auto r = static_cast<Reg>(compare.reg(Field::ra));
    const std::optional<Count> count = count_of(r);
    if (!count) return std::nullopt;
    const bool added = count->at < static_cast<size_t>(at);
    const bool back_if = block.succ[0] == first_;
    uint32_t x = count->from;
    for (uint32_t n = 1; n <= kMostTurns; ++n, x += count->by) {
        const bool guard = holds(compare, added ? x + count->by : x) != opposite;
        if ((guard != jump.guard_negated()) != back_if) return n;
    }
    return std::nullopt;
}

std::optional<CountedLoop> Finder::find() {
    const CodeBlock& block = program_.blocks[last_];
    if (!is_loop() || block.succ.size() != 2 || block.succ[0] == block.succ[1]) return std::nullopt;
    const std::optional<uint32_t> n = turns();
    if (!n) return std::nullopt;
    CountedLoop loop{first_, last_, *n, {}};
    for (Reg r = 0; r < isa::kZeroReg; ++r) {
        const std::optional<Count> count = block.def[r] ? count_of(r) : std::nullopt;
        if (!count) continue;
        const auto by = static_cast<int32_t>(count->by);
        const int64_t last = int64_t{count->from} + int64_t{by} * (*n - 1);
        if (last >= 0 && last <= UINT32_MAX)
            loop.counters.push_back({r, std::max(count->from, static_cast<uint32_t>(last))});
    }
    return loop;
}

} // namespace

std::vector<CountedLoop> find_counted_loops(const Program& program) {
    std::vector<CountedLoop> loops;
    for (unsigned last = 0; last < program.blocks.size(); ++last)
        for (unsigned first : program.blocks[last].succ)
            if (first <= last)
                if (const std::optional<CountedLoop> loop = Finder(program, first, last).find())
                    loops.push_back(*loop);
    return loops;
}

} // namespace acc::model::jit
