// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Choices of modifier values for a row of the instruction table, so that references are written
// once for all modifiers of a row and tests try each value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "acc/spec/isa_table.h"

namespace acc::test {

/// The row of a mnemonic, with or without modifiers; ends the program when there is none.
const isa::RowInfo& row_of(std::string_view mnemonic);

/// The values of a modifier that tests have to try: all of them, of a number with many values some
/// (the ends among them).
std::vector<uint32_t> values_to_try(const isa::ModInfo& mod);

/// One value for each modifier of a row.
class Choice {
  public:
    explicit Choice(const isa::RowInfo& row) : row_(&row), values_(row.num_mods, 0) {}
    /// Value of a modifier; 0 when the row has no modifier of that name.
    uint32_t operator[](std::string_view name) const;
    bool is(std::string_view name) const { return (*this)[name] != 0; }
    void set(std::string_view name, uint32_t value);
    /// The mnemonic with its suffixes and numeric modifiers (not `scale`, which is written inside
    /// of an address).
    std::string mnemonic() const;

  private:
    friend std::vector<Choice> choices(const isa::RowInfo& row, unsigned more);
    bool allowed() const; ///< by the row's rules
    const isa::RowInfo* row_;
    std::vector<uint32_t> values_;
};

/// The default; each value to try of each modifier, among random ones; `more` random ones. The same
/// in every run.
std::vector<Choice> choices(const isa::RowInfo& row, unsigned more = 6);

} // namespace acc::test
