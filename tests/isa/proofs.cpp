// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/isa/proofs.h"

namespace acc::test {

Proofs& Proofs::instance() {
    static Proofs proofs;
    return proofs;
}

void Proofs::add(isa::Word word) {
    const isa::RowInfo* row = isa::find_row(isa::get(word, isa::Field::opcode));
    if (!row) return;
    Seen& seen = seen_[row->opcode];
    seen.forms |= 1u << isa::get(word, isa::Field::form);
    seen.values.resize(row->num_mods);
    for (unsigned i = 0; i < row->num_mods; ++i)
        seen.values[i].insert(
            row->mods()[i].field().get(static_cast<uint32_t>(isa::get(word, isa::Field::mods))));
}

std::string Proofs::missing(const isa::RowInfo& row) const {
    const auto found = seen_.find(row.opcode);
    if (found == seen_.end()) return " nothing of it";
    std::string text;
    for (unsigned form = 0; form < isa::kNumForms; ++form)
        if ((row.forms >> form & 1) && !(found->second.forms >> form & 1))
            text += " form " + std::to_string(form);
    for (unsigned i = 0; i < row.num_mods; ++i) {
        const isa::ModInfo& mod = row.mods()[i];
        const std::set<uint32_t>& have = found->second.values[i];
        if (mod.numeric && mod.max > 7) { // the ends, and some between
            if (!have.count(0) || !have.count(mod.max) || have.size() < 4)
                text += " more values of " + std::string(mod.name);
            continue;
        }
        for (uint32_t v = 0; v <= mod.max; ++v)
            if (!have.count(v))
                text += " " + std::string(mod.name) + "=" +
                        (mod.numeric ? std::to_string(v) : isa::kModValues[mod.first_value + v]);
    }
    return text;
}

} // namespace acc::test
