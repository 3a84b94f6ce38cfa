// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which opcodes the interpreter executes. An opcode without a handler traps as an illegal
// instruction; the list is documented in docs/interpreter.md.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "acc/spec/isa_table.h"
#include "driver/model/src/interp/variant.h"

namespace acc::test {
namespace {

TEST(Coverage, EveryOpcodeButClustersHasAHandler) {
    const std::set<std::string> without = {"BAR_CLUSTER_ARRIVE", "BAR_CLUSTER_WAIT", "MAPA"};
    const model::interp::Variant& variant = model::interp::choose_variant(nullptr);
    for (const isa::RowInfo& row : isa::kRows)
        EXPECT_EQ(variant.bind[static_cast<unsigned>(row.opcode)] == nullptr,
                  without.count(row.name) != 0)
            << row.name;
}

TEST(Coverage, OpcodesOutsideTheTableHaveNone) {
    const model::interp::Variant& variant = model::interp::choose_variant(nullptr);
    for (unsigned opcode = 0; opcode < 4096; ++opcode)
        if (!isa::find_row(opcode)) EXPECT_EQ(variant.bind[opcode], nullptr) << opcode;
}

} // namespace
} // namespace acc::test
