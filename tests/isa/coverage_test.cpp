// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Is every row of the instruction table proven? When all tests of this program have run, each row,
// each of its forms and each value of its modifiers must have been compared with a reference
// (proofs.h), unless the row says why not (`Unproven` in isa/*.td).
#include <gtest/gtest.h>

#include "acc/spec/isa_table.h"
#include "driver/model/src/interp/variant.h"
#include "tests/isa/proofs.h"

namespace acc::test {
namespace {

class EveryRowIsProven : public ::testing::Environment {
    void TearDown() override {
        const ::testing::UnitTest& all = *::testing::UnitTest::GetInstance();
        if (all.test_to_run_count() != all.total_test_count() || all.successful_test_count() == 0)
            return; // some tests only, or a host that runs none
        for (const isa::RowInfo& row : isa::kRows) {
            const std::string missing = Proofs::instance().missing(row);
            if (*row.unproven)
                EXPECT_FALSE(Proofs::instance().any(row))
                    << row.name << " is proven, but says: " << row.unproven;
            else
                EXPECT_EQ(missing, "") << row.name << " (" << row.mnemonic << ")";
        }
    }
};
[[maybe_unused]] const auto* const registered = ::testing::AddGlobalTestEnvironment(
    new EveryRowIsProven);

TEST(Coverage, ARowWithoutAHandlerSaysWhy) {
    const model::interp::Variant& variant = model::interp::choose_variant(nullptr);
    for (const isa::RowInfo& row : isa::kRows)
        if (!variant.bind[static_cast<unsigned>(row.opcode)])
            EXPECT_NE(std::string(row.unproven), "") << row.name;
}

TEST(Coverage, OpcodesOutsideTheTableHaveNone) {
    const model::interp::Variant& variant = model::interp::choose_variant(nullptr);
    for (unsigned opcode = 0; opcode < 4096; ++opcode)
        if (!isa::find_row(opcode)) EXPECT_EQ(variant.bind[opcode], nullptr) << opcode;
}

} // namespace
} // namespace acc::test
