// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Code from which all ways lead to a trap: failed assertions, and what a compiler found impossible.
// It hardly ever runs, and whoever comes there does not come back. So it needs no host code, and
// threads that go there part from nobody.
#include <algorithm>

#include "driver/model/jit/program.h"

namespace acc::model::jit {
namespace {

/// Blocks from which one of `seeds` can be reached.
std::vector<bool> lead_to(const Program& program, std::vector<unsigned> seeds) {
    std::vector<bool> found(program.blocks.size());
    while (!seeds.empty()) {
        const unsigned b = seeds.back();
        seeds.pop_back();
        if (found[b]) continue;
        found[b] = true;
        seeds.insert(seeds.end(), program.blocks[b].pred.begin(), program.blocks[b].pred.end());
    }
    return found;
}

bool goes_on(const CodeBlock& block) {
    return block.ends_threads() || block.end == End::Switch ||
           (block.end == End::Leave && !block.stops());
}

/// Blocks that come to a trap and to no other end.
std::vector<bool> find_doomed(const Program& program) {
    std::vector<unsigned> ends, traps;
    for (unsigned b = 0; b < program.blocks.size(); ++b) {
        const CodeBlock& block = program.blocks[b];
        if (goes_on(block)) ends.push_back(b);
        if (block.stops()) traps.push_back(b);
        // Of several places to go to each counts: which one it is is known at run time only.
        if (block.end == End::Switch) ends.insert(ends.end(), block.succ.begin(), block.succ.end());
    }
    std::vector<bool> doomed = lead_to(program, std::move(traps));
    const std::vector<bool> live = lead_to(program, std::move(ends));
    for (unsigned b = 0; b < doomed.size(); ++b)
        doomed[b] = doomed[b] && !live[b];
    return doomed;
}

} // namespace

void cut_stops(Program& program) {
    const std::vector<bool> doomed = find_doomed(program);
    if (doomed[0]) return;
    std::vector<unsigned> number;
    unsigned kept = 0;
    for (const bool gone : doomed)
        number.push_back(gone ? ~0u : kept++);
    if (kept == doomed.size()) return;
    std::vector<CodeBlock> blocks;
    for (unsigned b = 0; b < doomed.size(); ++b) {
        if (doomed[b]) continue;
        CodeBlock& block = blocks.emplace_back(std::move(program.blocks[b]));
        if (block.end == End::Branch && (doomed[block.succ[0]] || doomed[block.succ[1]])) {
            block.end = doomed[block.succ[0]] ? End::StopIf : End::StopUnless;
            block.succ = {block.succ[block.end == End::StopIf]};
        } else if (block.end == End::ExitIf && doomed[block.succ[0]]) {
            block.end = End::StopUnless;
            block.succ.clear();
        }
        for (std::vector<unsigned>* list : {&block.succ, &block.pred})
            for (unsigned& other : *list)
                other = number[other];
    }
    program.blocks = std::move(blocks);
}

} // namespace acc::model::jit
