// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A kernel as the translator reads it: its instructions, decoded from code memory, as a graph of
// basic blocks in the order in which they will be emitted.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "acc/spec/isa_validate.h"
#include "driver/model/src/exec.h"
#include "driver/model/src/translation.h"

namespace acc::model::jit {

/// What can hold a value: registers r0..r254 by number, predicates p0..p6 from kFirstPred, and
/// words of local memory from kFirstLocal where a kernel has only such as it names by constants.
using Reg = uint16_t;
inline constexpr Reg kFirstPred = 256, kFirstLocal = 264;
inline constexpr unsigned kMaxLocalWords = 128, kNumRegs = kFirstLocal + kMaxLocalWords;
using RegSet = std::bitset<kNumRegs>;
constexpr bool is_pred(Reg r) {
    return r >= kFirstPred && r < kFirstLocal;
}
constexpr bool is_local(Reg r) {
    return r >= kFirstLocal;
}

/// Addresses of code are counted from the kernel's entry on: what is made of a program is right
/// wherever the code lies.
struct Inst {
    uint64_t pc = 0;
    isa::Word word;
    const isa::RowInfo* row = nullptr; ///< null: not an instruction; whoever reaches it faults
    uint64_t target = 0;               ///< of bra and call
    bool in_line = false;   ///< a call whose function's code follows, or the return from such a
                            ///< one; a jump through a register to places that are known
    uint64_t return_to = 0; ///< of such a return: where it goes
    bool link_kept = false; ///< and nothing can have changed the address that it reads
    std::vector<Reg> defs, uses; ///< without the guard and the old values of guarded defs
    std::optional<Reg> local;    ///< a load or store of local memory: its first word
    bool old_dead = false;  ///< guarded, but nobody reads what it would leave when the guard is
                            ///< false
    bool speculate = false; ///< besides, it can run without the guard
    /// Its results are read by instructions under this guard only (predicate, negated); an
    /// instruction without a guard of its own is as good as under it.
    std::optional<std::pair<unsigned, bool>> needed_under;

    /// What it reads, its guard and what it may leave as it was among it.
    RegSet reads() const;
    /// r is half of a 64-bit value that it writes.
    bool writes_pair(Reg r) const;
    isa::Opcode op() const { return row->opcode; }
    bool op_is(isa::Opcode opcode) const { return row && row->opcode == opcode; }
    unsigned form() const { return static_cast<unsigned>(isa::get(word, isa::Field::form)); }
    uint32_t mods() const { return static_cast<uint32_t>(isa::get(word, isa::Field::mods)); }
    uint32_t imm() const { return static_cast<uint32_t>(isa::get(word, isa::Field::imm)); }
    unsigned reg(isa::Field f) const { return static_cast<unsigned>(isa::get(word, f)); }
    bool guarded() const {
        return isa::get(word, isa::Field::guard) != isa::kTruePred ||
               isa::get(word, isa::Field::gneg);
    }
    /// pt when the guard is !pt, which is never true.
    unsigned guard() const { return reg(isa::Field::guard); }
    bool guard_negated() const { return isa::get(word, isa::Field::gneg); }
};

/// How a block ends.
enum class End : uint8_t {
    Fall,   ///< goes to succ[0]
    Branch, ///< guard of the last instruction true: succ[0], else succ[1]
    Exit,   ///< the threads end
    ExitIf, ///< those for which the guard holds end, the others go to succ[0]
    Return, ///< to succ[0], if the address says so
    Switch, ///< to the one of succ whose address a register holds, if there is one
    StopIf, ///< those for which it holds come to a trap (stops.cpp), the others go to succ[0], or
            ///< end when there is none
    StopUnless,
    Leave, ///< the last instruction is one that only the interpreter executes, with what follows
};

struct CodeBlock {
    std::vector<Inst> insts; ///< with the branch or exit that ends it, if it has one
    End end = End::Fall;
    std::vector<unsigned> succ, pred;
    /// End::Switch, of a function whose code stands once for several calls and returns, or of a
    /// call or jump through a register: what the register may hold, in the order of succ.
    std::vector<uint64_t> targets;
    RegSet live_in, live_out, def, use;
    uint64_t pc() const { return insts.front().pc; }
    /// It returns from a function whose code stands once for several calls.
    bool shared_return() const {
        return end == End::Switch && insts.back().op_is(isa::Opcode::RET);
    }
    /// It ends in a trap.
    bool stops() const { return end == End::Leave && insts.back().op_is(isa::Opcode::TRAP); }
    bool stops_some() const { return end == End::StopIf || end == End::StopUnless; }
    /// Threads may go on from it in the interpreter, with what is in the registers.
    bool may_leave() const {
        return (end == End::Leave && !stops()) || (end == End::Switch && !shared_return());
    }
    bool ends_threads() const {
        return end == End::Exit || end == End::ExitIf || (stops_some() && succ.empty());
    }
};

/// Code is moved by whole pages only.
inline constexpr uint64_t kPageBytes = uint64_t{1} << ACC_PAGE_SHIFT;

struct Program {
    uint64_t entry_offset = 0;     ///< where in its page the entry lies
    RegSet locals;                 ///< words of local memory that are registers
    std::vector<CodeBlock> blocks; ///< reverse post-order, loops contiguous; 0 is the entry
    /// Reconvergence point of a block with two successors: the nearest block that all paths which
    /// do not end the threads lead to; -1 when there is none.
    std::vector<int> join;
};

/// A variable of a loop moves by what is known at run time only, a whole grid perhaps.
bool strides(const Inst& inst);

/// Takes out the blocks from which all ways lead to a trap. The branches to them become
/// End::StopIf and StopUnless; what is read behind these is live there. Joins must be found anew.
void cut_stops(Program& program);

/// Reads the code that can be reached from the launch's entry, through registers to `targets`. The
/// code of a function that is called by name stands once for each call, unless there would be too
/// much. Nothing when it cannot be read, or is too large: then the interpreter runs the kernel, and
/// `why` says which.
std::optional<Program> read_program(const Launch& launch, const IndirectTargets& targets,
                                    Refusal& why);

} // namespace acc::model::jit
