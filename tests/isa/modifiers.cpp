// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/isa/modifiers.h"

#include <cstdio>
#include <cstdlib>
#include <random>

namespace acc::test {

const isa::RowInfo& row_of(std::string_view mnemonic) {
    // Of the rows whose mnemonic this is, or begins, the longest.
    const isa::RowInfo* best = nullptr;
    for (const isa::RowInfo& row : isa::kRows) {
        const std::string_view name = row.mnemonic;
        const bool begins = mnemonic.substr(0, name.size()) == name &&
                            (mnemonic.size() == name.size() || mnemonic[name.size()] == '.' ||
                             mnemonic[name.size()] == '{');
        if (begins && (!best || name.size() > std::string_view(best->mnemonic).size())) best = &row;
    }
    if (best) return *best;
    std::fprintf(stderr, "no instruction %.*s\n", static_cast<int>(mnemonic.size()),
                 mnemonic.data());
    std::abort();
}

std::vector<uint32_t> values_to_try(const isa::ModInfo& mod) {
    std::vector<uint32_t> values;
    if (mod.numeric && mod.max > 7) return {0, 1, mod.max / 3, mod.max / 2 + 1, mod.max};
    for (uint32_t v = 0; v <= mod.max; ++v)
        values.push_back(v);
    return values;
}

uint32_t Choice::operator[](std::string_view name) const {
    for (unsigned i = 0; i < row_->num_mods; ++i)
        if (row_->mods()[i].name == name) return values_[i];
    return 0;
}

void Choice::set(std::string_view name, uint32_t value) {
    for (unsigned i = 0; i < row_->num_mods; ++i)
        if (row_->mods()[i].name == name) values_[i] = value;
}

std::string Choice::mnemonic() const {
    std::string text = row_->mnemonic, numbers;
    for (unsigned i = 0; i < row_->num_mods; ++i) {
        const isa::ModInfo& mod = row_->mods()[i];
        if (!mod.numeric) {
            const std::string suffix = isa::kModValues[mod.first_value + values_[i]];
            if (!suffix.empty()) text += "." + suffix;
        } else if (values_[i] && std::string_view(mod.name) != "scale") {
            numbers += (numbers.empty() ? "" : ", ") + std::string(mod.name) + "=" +
                       std::to_string(values_[i]);
        }
    }
    return numbers.empty() ? text : text + "{" + numbers + "}";
}

bool Choice::allowed() const {
    for (const isa::ModRuleInfo& rule : row_->rules())
        if ((rule.values >> values_[rule.mod] & 1) && values_[rule.needs] == 0) return false;
    return true;
}

std::vector<Choice> choices(const isa::RowInfo& row, unsigned more) {
    std::mt19937 bits(static_cast<unsigned>(row.opcode));
    std::vector<Choice> list{Choice(row)};
    const auto random = [&] {
        Choice c(row);
        for (unsigned i = 0; i < row.num_mods; ++i)
            c.values_[i] = static_cast<uint32_t>(bits() % (uint64_t{row.mods()[i].max} + 1));
        return c;
    };
    for (unsigned i = 0; i < row.num_mods; ++i)
        for (const uint32_t value : values_to_try(row.mods()[i])) {
            Choice c = random();
            do {
                c = random();
                c.values_[i] = value;
            } while (!c.allowed());
            list.push_back(c);
        }
    while (row.num_mods && more) {
        const Choice c = random();
        if (!c.allowed()) continue;
        list.push_back(c);
        --more;
    }
    return list;
}

} // namespace acc::test
