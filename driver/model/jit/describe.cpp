// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the analyses have found, as text (ACC_MODEL_TRANSLATOR_DUMP).
#include <llvm/Support/Format.h>
#include <llvm/Support/raw_ostream.h>

#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

namespace {

std::string name_of(Reg r) {
    if (is_local(r)) return "l" + std::to_string(r - kFirstLocal);
    return is_pred(r) ? "p" + std::to_string(r - kFirstPred) : "r" + std::to_string(r);
}

void print(llvm::raw_ostream& out, const Shape& shape) {
    switch (shape.kind) {
    case Kind::Uniform: out << "uniform"; break;
    case Kind::Vector: out << "vector"; break;
    case Kind::Linear:
        out << "linear";
        for (int64_t s : shape.step)
            out << ' ' << s;
    }
    if (shape.known) out << " = " << *shape.known;
    if (!shape.is_vector() && shape.most != ~0ull) out << " <= " << shape.most;
    if (!shape.is_vector() && shape.align != 1) out << " align " << shape.align;
}

} // namespace

std::string Emitter::describe() const {
    std::string text;
    llvm::raw_string_ostream out(text);
    for (unsigned b = 0; b < program_.blocks.size(); ++b) {
        const CodeBlock& block = program_.blocks[b];
        out << "block " << b << (partial_[b] ? " partial" : "") << (chained_[b] ? " chained" : "")
            << (waiting_[b] ? " waiting" : "") << (divergent(b) ? " divergent" : "")
            << (alone_ && alone_blocks_[b] ? " alone" : "") << " ->";
        for (unsigned s : block.succ)
            out << ' ' << s;
        if (program_.join[b] >= 0) out << " join " << program_.join[b];
        out << '\n';
        for (const bool end : {false, true})
            for (Reg r = 0; r < kNumRegs; ++r) {
                if (!(end ? block.live_out[r] && block.def[r] : block.live_in[r])) continue;
                const unsigned index = end ? variables_.out(b, r) : variables_.in(b, r);
                if (variables_.all()[index].reg != r || !shape_[index]) continue;
                out << (end ? "  out " : "  in ") << name_of(r) << '.'
                    << variables_.all()[index].bits << " #" << index << ": ";
                print(out, *shape_[index]);
                if (end && must_blend(b, r)) out << " (blended)";
                out << '\n';
            }
        for (const Inst& inst : block.insts) {
            out << "  " << llvm::format_hex(inst.pc, 0) << ' ';
            if (inst.guarded())
                out << (inst.guard_negated() ? "@!" : "@")
                    << name_of(static_cast<Reg>(kFirstPred + inst.guard())) << ' ';
            out << (inst.row ? inst.row->mnemonic : "?");
            for (Reg r : inst.defs)
                out << ' ' << name_of(r);
            out << " <-";
            for (Reg r : inst.uses)
                out << ' ' << name_of(r);
            out << (inst.old_dead ? " old-dead" : "") << (inst.speculate ? " speculate" : "")
                << (inst.needed_under ? " needed-under-a-guard" : "") << '\n';
        }
    }
    for (const Inst* inst : asked_)
        out << "interpreted: " << inst->row->mnemonic << " at " << llvm::format_hex(inst->pc, 0)
            << '\n';
    return text;
}

} // namespace acc::model::jit
