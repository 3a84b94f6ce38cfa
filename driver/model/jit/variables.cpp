// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/jit/variables.h"

#include <map>
#include <numeric>
#include <set>

namespace acc::model::jit {
namespace {
constexpr unsigned kNone = ~0u;
}

Variables::Variables(const Program& program) {
    parent_.resize(program.blocks.size() * 2 * kNumRegs);
    std::iota(parent_.begin(), parent_.end(), size_t{0});
    index_.assign(parent_.size(), kNone);
    connect(program);
    pair_up(program);
}

size_t Variables::find(size_t p) {
    while (parent_[p] != p)
        p = parent_[p] = parent_[parent_[p]];
    return p;
}

void Variables::connect(const Program& program) {
    for (unsigned b = 0; b < program.blocks.size(); ++b) {
        const CodeBlock& block = program.blocks[b];
        for (Reg r = 0; r < kNumRegs; ++r) {
            for (unsigned s : block.succ)
                if (program.blocks[s].live_in[r])
                    parent_[find(place(b, 1, r))] = find(place(s, 0, r));
            if (block.live_in[r] && block.live_out[r] && !block.def[r])
                parent_[find(place(b, 0, r))] = find(place(b, 1, r));
        }
    }
}

void Variables::pair_up(const Program& program) {
    std::map<size_t, std::set<size_t>> occurrences; // by root: block ends
    std::set<size_t> single;                        // roots with a definition that is no pair's
    for (unsigned b = 0; b < program.blocks.size(); ++b) {
        const CodeBlock& block = program.blocks[b];
        std::vector<int> pair_written(kNumRegs, -1);
        for (const Inst& inst : block.insts)
            for (Reg r : inst.defs) {
                if (is_pred(r)) continue;
                pair_written[r] = inst.writes_pair(r); // groups of four are two pairs
            }
        for (Reg r = 0; r < kNumRegs; ++r) {
            if (block.live_in[r]) occurrences[find(place(b, 0, r))].insert(b * 2);
            if (!block.live_out[r]) continue;
            occurrences[find(place(b, 1, r))].insert(b * 2 + 1);
            if (pair_written[r] == 0) single.insert(find(place(b, 1, r)));
        }
    }
    std::map<size_t, unsigned> numbers; // by root
    const auto reg_of = [](size_t root) { return static_cast<Reg>(root % kNumRegs); };
    for (const auto& [root, ends] : occurrences) {
        if (numbers.count(root)) continue;
        const Reg r = reg_of(root);
        const auto number = static_cast<unsigned>(all_.size());
        numbers[root] = number;
        if (is_pred(r)) {
            all_.push_back({r, 1});
            continue;
        }
        const size_t other = find(*ends.begin() / 2 * 2 * kNumRegs + *ends.begin() % 2 * kNumRegs +
                                  (r ^ 1u));
        const auto partner = occurrences.find(other);
        const bool pair = partner != occurrences.end() && reg_of(other) == (r ^ 1) &&
                          partner->second == ends && !single.count(root) && !single.count(other);
        all_.push_back({static_cast<Reg>(pair ? r & ~1 : r), pair ? 64u : 32u});
        if (pair) numbers[other] = number;
    }
    for (unsigned b = 0; b < program.blocks.size(); ++b)
        for (Reg r = 0; r < kNumRegs; ++r) {
            if (program.blocks[b].live_in[r])
                index_[place(b, 0, r)] = numbers.at(find(place(b, 0, r)));
            if (program.blocks[b].live_out[r])
                index_[place(b, 1, r)] = numbers.at(find(place(b, 1, r)));
        }
}

} // namespace acc::model::jit
