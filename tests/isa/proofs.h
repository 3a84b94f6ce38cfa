// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which instructions have been compared with a reference in this process. coverage_test.cpp asks
// for them when all tests of the program have run.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "acc/spec/isa_table.h"

namespace acc::test {

class Proofs {
  public:
    static Proofs& instance();
    /// The result of this instruction word was what a reference says.
    void add(isa::Word word);
    /// What is missing for a row: the row itself, forms, values of modifiers. Empty: nothing is.
    std::string missing(const isa::RowInfo& row) const;
    bool any(const isa::RowInfo& row) const { return seen_.count(row.opcode) != 0; }

  private:
    struct Seen {
        uint32_t forms = 0;
        std::vector<std::set<uint32_t>> values; ///< by modifier
    };
    std::map<isa::Opcode, Seen> seen_;
};

} // namespace acc::test
