// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/jit/program.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "driver/model/src/translation.h"

namespace acc::model::jit {
namespace {

using isa::Field;
using isa::Opcode;

/// What takes LLVM half a minute is left to the interpreter.
constexpr size_t kMaxInstructions = 10'000;

void add_words(std::vector<Reg>& to, unsigned first, unsigned count) {
    if (first == isa::kZeroReg) return;
    for (unsigned i = 0; i < count; ++i)
        to.push_back(static_cast<Reg>(first + i));
}

/// Registers and predicates that the instruction names, from its row.
void find_operands(Inst& inst) {
    const unsigned form = inst.form();
    for (const isa::OperandInfo& operand : inst.row->operands()) {
        std::vector<Reg>& to = operand.is_out ? inst.defs : inst.uses;
        switch (operand.kind) {
        case isa::OperandKind::Reg:
            if (form == 0 || isa::imm_form(operand) != form)
                add_words(to, inst.reg(operand.field), operand.regs);
            break;
        case isa::OperandKind::PredIn:
        case isa::OperandKind::PredOut:
            if (const unsigned p = inst.reg(operand.field); p != isa::kTruePred)
                to.push_back(static_cast<Reg>(kFirstPred + p));
            break;
        case isa::OperandKind::Imm: break;
        }
    }
}

/// Those that p2r and r2p name without an operand.
void find_implied(Inst& inst) {
    for (unsigned p = 0; p < isa::kTruePred; ++p) {
        const Reg r = static_cast<Reg>(kFirstPred + p);
        if (inst.op() == Opcode::P2R) inst.uses.push_back(r);
        if (inst.op() == Opcode::R2P && (inst.imm() >> p & 1)) inst.defs.push_back(r);
    }
}

/// The registers exist in this kernel.
bool in_range(const Inst& inst, unsigned num_regs) {
    const auto exists = [&](Reg r) { return is_pred(r) || r < num_regs; };
    return std::all_of(inst.defs.begin(), inst.defs.end(), exists) &&
           std::all_of(inst.uses.begin(), inst.uses.end(), exists);
}

/// Instructions that the translator never executes itself: the warp is handed to the interpreter.
bool leaves(const Inst& inst) {
    if (!inst.row) return true;
    if (inst.in_line) return false;
    switch (inst.op()) {
    case Opcode::BRX:
    case Opcode::CALL:
    case Opcode::CALLX:
    case Opcode::RET:
    case Opcode::BRK: return true;
    case Opcode::TRAP: return !inst.guarded();
    default: return false;
    }
}

Inst decode(const Launch& launch, uint64_t pc, isa::Word word) {
    Inst inst;
    inst.pc = pc;
    inst.word = word;
    const isa::Validity valid = isa::validate(word);
    if (!valid.ok()) return inst;
    inst.row = valid.row;
    find_operands(inst);
    find_implied(inst);
    if (!in_range(inst, launch.kernel.num_regs)) {
        inst.row = nullptr;
        inst.defs.clear();
        inst.uses.clear();
        return inst;
    }
    if (inst.op() == Opcode::BRA || inst.op() == Opcode::CALL)
        inst.target = pc + isa::kWordBytes +
                      static_cast<uint64_t>(static_cast<int64_t>(static_cast<int32_t>(inst.imm())));
    return inst;
}

bool ends_block(const Inst& inst) {
    return leaves(inst) || inst.in_line || inst.op() == Opcode::BRA || inst.op() == Opcode::EXIT;
}

/// One time that a function's code stands in the program: the kernel, or a call.
struct Frame {
    int parent;
    uint64_t function, return_to;
    unsigned link; ///< first register of the return address
    unsigned depth;
    bool shared = false; ///< by several calls: it returns to whoever has called
    bool link_kept = true;
};
/// Which calls are followed by the code of their functions.
enum class Calls {
    InLine, ///< all; those of functions that are recursive or too deep, and of whoever calls such
            ///< a function, share one copy, so that an address to return to is one place
    Shared, ///< all: the code of each function stands once
    None,
};
constexpr unsigned kMaxDepth = 8;

/// A place in a frame.
using Place = std::pair<unsigned, uint64_t>;
Place next_to(Place p) {
    return {p.first, p.second + isa::kWordBytes};
}

/// Finds all instructions that can be reached.
class Collector {
  public:
    /// `shared`: functions that are known to be shared; grows.
    Collector(const Launch& launch, const IndirectTargets& targets, Calls calls,
              std::set<uint64_t>& shared)
        : launch_(launch), targets_(targets), calls_(calls), must_share_(shared) {
        frames.push_back({-1, launch.entry, 0, isa::kZeroReg, 0});
    }
    /// False when there are too many or one cannot be read.
    bool run() {
        go({0, launch_.entry});
        while (!work_.empty()) {
            const Place at = work_.back();
            work_.pop_back();
            if (!follow(at)) return false;
        }
        for (auto& [place, inst] : code) {
            if (inst.op_is(Opcode::RET)) inst.link_kept = frames[place.first].link_kept;
            if (leaves(inst)) inst.defs.clear(); // the interpreter's business
        }
        return true;
    }

    std::map<Place, Inst> code;
    std::set<Place> leaders;
    std::map<Place, std::vector<Place>> called; ///< by the call or jump: where it goes
    std::vector<Frame> frames;
    std::map<unsigned, std::vector<Place>> returns; ///< where shared frames return to
    bool more_shared = false;                       ///< than were known to be: to be run again

  private:
    void go(Place at) {
        leaders.insert(at);
        work_.push_back(at);
    }
    bool follow(Place at) {
        for (; !code.count(at); at = next_to(at)) {
            const std::optional<isa::Word> word = read_code(*launch_.vm, at.second);
            if (!word || code.size() >= kMaxInstructions) return false;
            Inst& inst = code.emplace(at, decode(launch_, at.second, *word)).first->second;
            note_link(at.first, inst);
            if (inst.row && !inst.guarded()) take_in(at, inst);
            if (!ends_block(inst)) continue;
            if (!leaves(inst) && !inst.in_line) {
                if (inst.op() == Opcode::BRA) go({at.first, inst.target});
                if (inst.guarded()) go(next_to(at));
            }
            break;
        }
        return true;
    }
    /// A call of a function that is not active yet, or the return from one.
    void take_in(Place at, Inst& inst) {
        const Frame frame = frames[at.first];
        if (inst.op() == Opcode::RET && frame.shared) {
            inst.in_line = true; // its calls have seen to where it goes
        } else if (inst.op() == Opcode::RET && frame.parent >= 0 &&
                   inst.reg(Field::ra) == frame.link) {
            inst.in_line = true;
            inst.return_to = frame.return_to;
            go({static_cast<unsigned>(frame.parent), frame.return_to});
        }
        if (calls_ == Calls::None) return;
        if (inst.op() == Opcode::BRX) return jump(at, inst);
        const bool indirect = inst.op() == Opcode::CALLX;
        if (!indirect && inst.op() != Opcode::CALL) return;
        if (inst.reg(Field::rd) == isa::kZeroReg) return;
        const std::vector<uint64_t> to = indirect ? known_targets(inst) : std::vector{inst.target};
        inst.in_line = !to.empty();
        for (uint64_t function : to)
            call(at, inst, function);
    }
    /// Where the instruction has gone through a register, as far as there is code now.
    std::vector<uint64_t> known_targets(const Inst& inst) const {
        std::vector<uint64_t> to = targets_.of(inst.pc);
        std::erase_if(to, [&](uint64_t pc) { return !read_code(*launch_.vm, pc); });
        return to;
    }
    void jump(Place at, Inst& inst) {
        const std::vector<uint64_t> to = known_targets(inst);
        inst.in_line = !to.empty();
        for (uint64_t pc : to) {
            called[at].push_back({at.first, pc});
            go({at.first, pc});
        }
    }
    void call(Place at, const Inst& inst, uint64_t function) {
        const Frame& frame = frames[at.first];
        if (calls_ == Calls::Shared || frame.depth == kMaxDepth || must_share_.count(function) ||
            active(at.first, function))
            return share(at, function);
        const Frame callee{static_cast<int>(at.first), function, inst.pc + isa::kWordBytes,
                           inst.reg(Field::rd), frame.depth + 1};
        const Place begin{static_cast<unsigned>(frames.size()), function};
        frames.push_back(callee);
        called[at].push_back(begin);
        go(begin);
    }
    /// The function is being executed where a frame's code stands.
    bool active(unsigned frame, uint64_t function) const {
        for (int f = static_cast<int>(frame); f >= 0; f = frames[static_cast<size_t>(f)].parent)
            if (frames[static_cast<size_t>(f)].function == function) return true;
        return false;
    }
    /// A call of a function whose code stands once, for all such calls.
    void share(Place at, uint64_t function) {
        const auto must = [&](uint64_t f) {
            more_shared = must_share_.insert(f).second || more_shared;
        };
        must(function);
        for (int f = static_cast<int>(at.first); frames[static_cast<size_t>(f)].parent >= 0;
             f = frames[static_cast<size_t>(f)].parent)
            must(frames[static_cast<size_t>(f)].function);
        const auto [known, is_new] = shared_.emplace(function, frames.size());
        if (is_new) frames.push_back({-1, function, 0, isa::kZeroReg, 0, true, false});
        called[at].push_back({known->second, function});
        returns[known->second].push_back(next_to(at));
        go({known->second, function});
        go(next_to(at));
    }
    /// What an instruction writes may be the return address of a frame that it is in.
    void note_link(unsigned frame, const Inst& inst) {
        for (int f = static_cast<int>(frame); f >= 0; f = frames[static_cast<size_t>(f)].parent)
            for (Reg r : inst.defs)
                if (Frame& of = frames[static_cast<size_t>(f)]; (r & ~1u) == (of.link & ~1u))
                    of.link_kept = false;
    }

    const Launch& launch_;
    const IndirectTargets& targets_;
    const Calls calls_;
    std::set<uint64_t>& must_share_;
    std::map<uint64_t, unsigned> shared_; ///< frame by function
    std::vector<Place> work_;
};

/// Blocks in order of place; succ holds indices into the same list.
std::vector<CodeBlock> make_blocks(const Collector& from) {
    std::vector<CodeBlock> blocks;
    std::vector<Place> places; // of each block's last instruction
    std::map<Place, unsigned> index;
    for (const Place leader : from.leaders) {
        index[leader] = static_cast<unsigned>(blocks.size());
        CodeBlock& block = blocks.emplace_back();
        for (Place at = leader;; at = next_to(at)) {
            block.insts.push_back(from.code.at(at));
            if (!ends_block(block.insts.back()) && !from.leaders.count(next_to(at))) continue;
            places.push_back(at);
            break;
        }
    }
    for (unsigned b = 0; b < blocks.size(); ++b) {
        CodeBlock& block = blocks[b];
        const Inst& last = block.insts.back();
        const auto here = [&](uint64_t pc) { return index.at({places[b].first, pc}); };
        const uint64_t next = last.pc + isa::kWordBytes;
        if (leaves(last)) {
            block.end = End::Leave;
        } else if (last.op() == Opcode::CALL) {
            block.succ = {index.at(from.called.at(places[b]).front())};
        } else if (last.op() == Opcode::CALLX || last.op() == Opcode::BRX) {
            block.end = End::Switch;
            const auto more = static_cast<uint64_t>(static_cast<int32_t>(last.imm()));
            for (const Place to : from.called.at(places[b])) {
                block.succ.push_back(index.at(to));
                block.targets.push_back(to.second - more);
            }
        } else if (last.op() == Opcode::RET) {
            block.end = End::Return;
            const unsigned frame = places[b].first;
            if (from.frames[frame].shared) {
                block.end = End::Switch;
                for (const Place to : from.returns.at(frame)) {
                    block.succ.push_back(index.at(to));
                    block.targets.push_back(to.second);
                }
                continue;
            }
            block.succ = {index.at(
                {static_cast<unsigned>(from.frames[places[b].first].parent), last.return_to})};
        } else if (last.op() == Opcode::BRA) {
            block.end = last.guarded() ? End::Branch : End::Fall;
            block.succ = {here(last.target)};
            if (last.guarded()) block.succ.push_back(here(next));
        } else if (last.op() == Opcode::EXIT) {
            block.end = last.guarded() ? End::ExitIf : End::Exit;
            if (last.guarded()) block.succ = {here(next)};
        } else {
            block.succ = {here(next)};
        }
    }
    return blocks;
}

/// A branch to a block that holds nothing but `exit` ends its threads; branches whose two ways are
/// one are none.
void simplify_ends(std::vector<CodeBlock>& blocks) {
    const auto only_exits = [&](unsigned b) {
        return blocks[b].end == End::Exit && blocks[b].insts.size() == 1;
    };
    for (CodeBlock& block : blocks)
        if (block.end == End::Branch && block.succ[0] == block.succ[1]) {
            block.end = End::Fall;
            block.succ.pop_back();
        } else if (block.end == End::Branch && only_exits(block.succ[0])) {
            block.end = End::ExitIf;
            block.succ = {block.succ[1]};
        }
}

using Loops = std::vector<std::set<unsigned>>;

/// Natural loops by the back edges of a depth-first walk.
Loops find_loops(const std::vector<CodeBlock>& blocks) {
    std::vector<std::vector<unsigned>> pred(blocks.size());
    for (unsigned b = 0; b < blocks.size(); ++b)
        for (unsigned s : blocks[b].succ)
            pred[s].push_back(b);
    std::vector<std::pair<unsigned, unsigned>> back;
    std::vector<uint8_t> state(blocks.size()); // 1 on the path, 2 done
    std::vector<std::pair<unsigned, size_t>> path{{0, 0}};
    state[0] = 1;
    while (!path.empty()) {
        auto& [b, next] = path.back();
        if (next == blocks[b].succ.size()) {
            state[b] = 2;
            path.pop_back();
            continue;
        }
        const unsigned s = blocks[b].succ[next++];
        if (state[s] == 1) back.emplace_back(b, s);
        if (state[s] == 0) {
            state[s] = 1;
            path.emplace_back(s, 0);
        }
    }
    Loops loops;
    for (const auto& [latch, head] : back) {
        std::set<unsigned> body{head};
        std::vector<unsigned> work{latch};
        while (!work.empty()) {
            const unsigned b = work.back();
            work.pop_back();
            if (state[b] == 2 && body.insert(b).second)
                work.insert(work.end(), pred[b].begin(), pred[b].end());
        }
        loops.push_back(std::move(body));
    }
    std::sort(loops.begin(), loops.end(),
              [](const auto& x, const auto& y) { return x.size() < y.size(); });
    return loops;
}

/// Reverse post-order; of two successors, the one that leaves more loops comes later, so that the
/// blocks of a loop stand together.
std::vector<unsigned> emission_order(const std::vector<CodeBlock>& blocks, const Loops& loops) {
    std::vector<unsigned> post;
    std::vector<bool> seen(blocks.size());
    struct Visit {
        unsigned block;
        std::vector<unsigned> succ;
    };
    const auto visit = [&](unsigned b) {
        seen[b] = true;
        std::vector<unsigned> succ = blocks[b].succ;
        const auto leaves_loops = [&](unsigned s) {
            return std::count_if(loops.begin(), loops.end(),
                                 [&](const auto& loop) { return loop.count(b) && !loop.count(s); });
        };
        std::stable_sort(succ.begin(), succ.end(), [&](unsigned x, unsigned y) {
            const auto lx = leaves_loops(x), ly = leaves_loops(y);
            return lx != ly ? lx < ly : blocks[x].pc() < blocks[y].pc();
        });
        return Visit{b, std::move(succ)}; // taken from the back
    };
    std::vector<Visit> path{visit(0)};
    while (!path.empty()) {
        if (path.back().succ.empty()) {
            post.push_back(path.back().block);
            path.pop_back();
            continue;
        }
        const unsigned s = path.back().succ.back();
        path.back().succ.pop_back();
        if (!seen[s]) path.push_back(visit(s));
    }
    std::reverse(post.begin(), post.end());
    return post;
}

void renumber(Program& program, std::vector<CodeBlock>& blocks,
              const std::vector<unsigned>& order) {
    std::vector<unsigned> number(blocks.size(), ~0u);
    for (unsigned i = 0; i < order.size(); ++i)
        number[order[i]] = i;
    for (unsigned b : order)
        program.blocks.push_back(std::move(blocks[b]));
    for (unsigned b = 0; b < program.blocks.size(); ++b)
        for (unsigned& s : program.blocks[b].succ) {
            s = number[s];
            program.blocks[s].pred.push_back(b);
        }
}

/// Of the blocks that end the threads, the one where the paths that count lead to; where a loop is
/// left by ending only, that is in the loop. blocks.size() when there is none.
size_t last_end(const Program& program) {
    const size_t n = program.blocks.size();
    for (size_t b = n; b-- > 0;)
        if (program.blocks[b].ends_threads() && program.blocks[b].succ.empty()) return b;
    for (size_t b = n; b-- > 0;)
        if (program.blocks[b].ends_threads()) return b;
    return n;
}

/// Post-dominators of the graph in which paths that end threads do not count (Cooper, Harvey,
/// Kennedy: a set per block is enough for graphs of this size).
void find_joins(Program& program) {
    const size_t n = program.blocks.size();
    std::vector<std::vector<bool>> after(n, std::vector<bool>(n, true));
    const size_t last = last_end(program);
    if (last < n) {
        after[last].assign(n, false);
        after[last][last] = true;
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t b = n; b-- > 0;) {
            if (b == last) continue;
            std::vector<bool> set(n, true);
            for (unsigned s : program.blocks[b].succ)
                for (size_t i = 0; i < n; ++i)
                    set[i] = set[i] && after[s][i];
            if (program.blocks[b].succ.empty()) continue; // all: it rules nothing out
            set[b] = true;
            if (set != after[b]) {
                after[b] = std::move(set);
                changed = true;
            }
        }
    }
    program.join.assign(n, -1);
    for (size_t b = 0; b < n; ++b) {
        if (program.blocks[b].succ.size() < 2) continue;
        // Of those behind b, the first in emission order that every other one is behind, too.
        for (size_t i = 0; i < n && program.join[b] < 0; ++i) {
            if (i == b || !after[b][i]) continue;
            bool nearest = true;
            for (size_t k = 0; k < n && nearest; ++k)
                nearest = k == b || !after[b][k] || after[i][k];
            // A block from which nothing goes on has all behind it; it counts when it is reached.
            if (nearest) program.join[b] = static_cast<int>(i);
        }
    }
}

using Guard = std::pair<unsigned, bool>; ///< predicate, negated

bool names(const std::vector<Reg>& list, Reg r) {
    return std::find(list.begin(), list.end(), r) != list.end();
}

/// Whether what `r` holds where the guard of block.insts[at] is false is read behind it. Reads
/// under a guard under which r has been written since do not see it.
bool reads_old(const CodeBlock& block, size_t at, Reg r) {
    std::set<Guard> written;
    for (size_t i = at; i < block.insts.size(); ++i) {
        const Inst& inst = block.insts[i];
        const Guard guard{inst.guard(), inst.guard_negated()};
        if (i > at) {
            const bool covered = inst.guarded()
                                     ? written.count(guard)
                                     : inst.needed_under && written.count(*inst.needed_under);
            const bool reads = names(inst.uses, r) ||
                               (inst.guarded() && kFirstPred + inst.guard() == r);
            if (reads && !covered) return true;
        }
        if (names(inst.defs, r)) {
            if (!inst.guarded()) return false;
            if (!inst.old_dead && !written.count(guard)) return true;
            written.insert(guard);
        }
        for (Reg d : inst.defs)
            if (is_pred(d)) {
                written.erase({d - kFirstPred, false});
                written.erase({d - kFirstPred, true});
            }
    }
    return block.live_out[r];
}

bool is_pure(const isa::RowInfo& row) {
    return !row.has(isa::kMayLoad | isa::kMayStore | isa::kSideEffects | isa::kIsWarpOp |
                    isa::kIsBlockSync | isa::kIsBranch | isa::kIsCall | isa::kIsReturn |
                    isa::kIsTerminator);
}

/// The one guard under which everything stands that reads what block.insts[at] writes to `r`; none
/// when there is another reader, or the guard's predicate changes in between.
std::optional<Guard> guard_of_readers(const CodeBlock& block, size_t at, Reg r) {
    std::optional<Guard> found;
    std::set<Guard> written; // r has been written under these since
    std::set<unsigned> changed;
    for (size_t i = at + 1; i < block.insts.size(); ++i) {
        const Inst& inst = block.insts[i];
        const Guard guard{inst.guard(), inst.guard_negated()};
        if (inst.guarded() && kFirstPred + inst.guard() == r) return std::nullopt;
        if (names(inst.uses, r)) {
            const std::optional<Guard> under = inst.guarded() ? guard : inst.needed_under;
            if (!under) return std::nullopt;
            if (!written.count(*under)) {
                if ((found && *found != *under) || changed.count(under->first)) return std::nullopt;
                found = under;
            }
        }
        if (names(inst.defs, r)) {
            if (!inst.guarded()) return found;
            if (!inst.old_dead && !written.count(guard)) return std::nullopt;
            written.insert(guard);
        }
        for (Reg d : inst.defs)
            if (is_pred(d)) {
                changed.insert(d - kFirstPred);
                written.erase({d - kFirstPred, false});
                written.erase({d - kFirstPred, true});
            }
    }
    return block.live_out[r] ? std::nullopt : found;
}

/// From behind, so that chains of instructions are found.
void find_needs(CodeBlock& block) {
    for (size_t i = block.insts.size(); i-- > 0;) {
        Inst& inst = block.insts[i];
        inst.needed_under.reset();
        if (!inst.row || inst.guarded() || inst.defs.empty() || !is_pure(*inst.row)) continue;
        std::optional<Guard> all;
        bool same = true;
        for (Reg r : inst.defs) {
            const std::optional<Guard> one = guard_of_readers(block, i, r);
            same = same && one && (!all || *all == *one);
            all = one;
        }
        if (same) inst.needed_under = all;
    }
}

void find_liveness(Program& program, unsigned num_regs);

/// Guarded instructions whose old results are dead. All are taken to be so at first; those that
/// turn out not to be make more registers live.
void find_dead_old_values(Program& program, unsigned num_regs) {
    for (CodeBlock& block : program.blocks)
        for (Inst& inst : block.insts)
            inst.old_dead = inst.row && inst.guarded() && !inst.defs.empty();
    for (bool changed = true; changed;) {
        changed = false;
        find_liveness(program, num_regs);
        for (CodeBlock& block : program.blocks)
            find_needs(block);
        for (CodeBlock& block : program.blocks)
            for (size_t i = 0; i < block.insts.size(); ++i) {
                Inst& inst = block.insts[i];
                if (!inst.old_dead) continue;
                for (Reg r : inst.defs)
                    if (inst.old_dead && reads_old(block, i, r)) {
                        inst.old_dead = false;
                        changed = true;
                    }
            }
    }
    for (CodeBlock& block : program.blocks)
        for (Inst& inst : block.insts)
            inst.speculate = inst.old_dead && is_pure(*inst.row);
}

void find_liveness(Program& program, unsigned num_regs) {
    for (CodeBlock& block : program.blocks)
        block.live_in = block.live_out = block.def = block.use = {};
    RegSet every;
    for (unsigned r = 0; r < num_regs; ++r)
        every.set(r);
    for (unsigned p = kFirstPred; p < kFirstPred + isa::kTruePred; ++p)
        every.set(p);
    every |= program.locals;
    for (CodeBlock& block : program.blocks)
        for (const Inst& inst : block.insts) {
            const auto use = [&](Reg r) {
                if (!block.def[r]) block.use.set(r);
            };
            for (Reg r : inst.uses)
                use(r);
            if (inst.guarded() && inst.guard() != isa::kTruePred)
                use(static_cast<Reg>(kFirstPred + inst.guard()));
            if (inst.guarded() && !inst.old_dead)
                for (Reg r : inst.defs)
                    use(r);
            for (Reg r : inst.defs)
                block.def.set(r);
        }
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t b = program.blocks.size(); b-- > 0;) {
            CodeBlock& block = program.blocks[b];
            // What only the interpreter executes may read anything. A shared function that
            // returns to nobody's place faults; there registers need not be right.
            RegSet out;
            if (block.may_leave() || (block.end == End::Return && !block.insts.back().link_kept))
                out = every;
            for (unsigned s : block.succ)
                out |= program.blocks[s].live_in;
            const RegSet in = block.use | (out & ~block.def);
            changed = changed || in != block.live_in || out != block.live_out;
            block.live_out = out;
            block.live_in = in;
        }
    }
}

} // namespace

RegSet Inst::reads() const {
    RegSet r;
    for (Reg u : uses)
        r.set(u);
    if (guard() != isa::kTruePred) r.set(kFirstPred + guard());
    if (guarded() && !old_dead)
        for (Reg d : defs)
            r.set(d);
    return r;
}

bool Inst::writes_pair(Reg r) const {
    return !is_pred(r) && std::find(defs.begin(), defs.end(), r ^ 1) != defs.end();
}

namespace {

bool is_local_access(const Inst& inst) {
    return inst.row && inst.row->space == isa::Space::Local && inst.row->mem_bytes >= 4 &&
           !inst.row->has(isa::kSideEffects);
}

/// r0, the stack pointer, at the start of each block, where it is the same on all ways; for the
/// instructions that may change it only additions of constants are known.
class StackPointer {
  public:
    StackPointer(const Program& program, uint32_t at_entry) {
        in_.resize(program.blocks.size());
        in_[0] = {true, at_entry};
        for (bool changed = true; changed;) {
            changed = false;
            for (unsigned b = 0; b < program.blocks.size(); ++b) {
                if (!in_[b].reached) continue;
                At at = in_[b];
                for (const Inst& inst : program.blocks[b].insts)
                    step(inst, at);
                for (unsigned s : program.blocks[b].succ)
                    changed = meet(in_[s], at) || changed;
            }
        }
    }
    struct At {
        bool reached = false;
        std::optional<uint32_t> value;
        friend bool operator==(const At&, const At&) = default;
    };
    const At& in(unsigned b) const { return in_[b]; }
    static void step(const Inst& inst, At& at) {
        if (!names(inst.defs, 0)) return;
        const bool adds = inst.op_is(Opcode::IADD) && !inst.guarded() && inst.form() == 1 &&
                          inst.reg(Field::ra) == 0;
        if (at.value && adds)
            *at.value += inst.imm();
        else
            at.value.reset();
    }

  private:
    static bool meet(At& to, const At& from) {
        const At before = to;
        if (!to.reached)
            to = from;
        else if (to.value != from.value)
            to.value.reset();
        return !(to == before);
    }
    std::vector<At> in_;
};

/// The word of local memory that the access names, when all of it is inside.
std::optional<Reg> local_word(const Inst& inst, const StackPointer::At& at, uint32_t bytes) {
    if (!at.value || inst.reg(Field::ra) != 0 || inst.reg(Field::rb) != isa::kZeroReg)
        return std::nullopt;
    const uint32_t offset = *at.value + inst.imm(), size = inst.row->mem_bytes;
    if (offset % size || offset >= bytes || bytes - offset < size) return std::nullopt;
    if (offset / 4 + size / 4 > kMaxLocalWords) return std::nullopt;
    return static_cast<Reg>(kFirstLocal + offset / 4);
}

/// Words of local memory become registers when constants name all of them and nothing can reach
/// them otherwise: neither generic addresses nor code that is not known here.
void promote_locals(Program& program, uint32_t local_bytes) {
    const StackPointer stack(program, local_bytes);
    std::vector<std::pair<Inst*, Reg>> found;
    for (unsigned b = 0; b < program.blocks.size(); ++b) {
        StackPointer::At at = stack.in(b);
        for (Inst& inst : program.blocks[b].insts) {
            if (!inst.row) continue;
            const bool memory = inst.row->has(isa::kMayLoad | isa::kMayStore);
            if (memory && inst.row->space == isa::Space::Generic) return;
            if (memory && inst.row->space == isa::Space::Local) {
                const std::optional<Reg> word = is_local_access(inst)
                                                    ? local_word(inst, at, local_bytes)
                                                    : std::nullopt;
                if (!word) return;
                found.emplace_back(&inst, *word);
            }
            StackPointer::step(inst, at);
        }
        if (program.blocks[b].may_leave()) return;
    }
    for (const auto& [inst, word] : found) {
        inst->local = word;
        std::vector<Reg>& list = inst->row->has(isa::kMayStore) ? inst->defs : inst->uses;
        // The stack pointer stays among the uses: it is what the interpreter goes on with.
        for (unsigned i = 0; i < inst->row->mem_bytes / 4; ++i)
            list.push_back(static_cast<Reg>(word + i));
        for (unsigned i = 0; i < inst->row->mem_bytes / 4; ++i)
            program.locals.set(word + i);
    }
}

/// Addresses were those of this process.
void count_from(Program& program, uint64_t entry) {
    program.entry_offset = entry % kPageBytes;
    for (CodeBlock& block : program.blocks)
        for (Inst& inst : block.insts) {
            inst.pc -= entry;
            if (inst.row && (inst.op() == Opcode::BRA || inst.op() == Opcode::CALL))
                inst.target -= entry;
            if (inst.op_is(Opcode::RET) && inst.in_line) inst.return_to -= entry;
        }
    for (CodeBlock& block : program.blocks)
        for (uint64_t& to : block.targets)
            to -= entry;
}

} // namespace

std::optional<Program> read_program(const Launch& launch, const IndirectTargets& targets,
                                    Refusal& why) {
    std::optional<Collector> collector;
    // The functions by which kernels are launched are large, and stand at every launch.
    const bool launches = (launch.kernel.flags & ACC_KD_LAUNCHES) != 0;
    for (const Calls calls : {Calls::InLine, Calls::Shared, Calls::None}) {
        if (calls == Calls::InLine && launches) continue;
        bool good = false;
        std::set<uint64_t> shared;
        do {
            collector.emplace(launch, targets, calls, shared);
            good = collector->run();
        } while (collector->more_shared);
        if (good) break;
        if (calls != Calls::None) continue; // perhaps with less of the functions
        why = collector->code.size() < kMaxInstructions ? Refusal::Unreadable : Refusal::TooLarge;
        return std::nullopt;
    }
    std::vector<CodeBlock> blocks = make_blocks(*collector);
    simplify_ends(blocks);
    // The walks start at block 0.
    unsigned entry = 0;
    while (blocks[entry].pc() != launch.entry) // frame 0 comes first
        ++entry;
    if (entry != 0) {
        std::swap(blocks[0], blocks[entry]);
        for (CodeBlock& block : blocks)
            for (unsigned& s : block.succ)
                s = s == 0 ? entry : s == entry ? 0 : s;
    }
    Program program;
    renumber(program, blocks, emission_order(blocks, find_loops(blocks)));
    promote_locals(program, launch.local_bytes);
    find_dead_old_values(program, launch.kernel.num_regs);
    cut_stops(program);
    find_joins(program);
    count_from(program, launch.entry);
    return program;
}

} // namespace acc::model::jit
