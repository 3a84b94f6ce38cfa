// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/object/code_object.h"
#include "compiler/object/line_table.h"
#include "compiler/object/linker.h"
#include "tests/unit/object/object_maker.h"

namespace acc::object::test {
namespace {

using testing::HasSubstr;

struct Lines {
    std::vector<uint8_t> file = link_code_object(sample().maker.write());
    CodeObject object{Bytes(file)};
    LineTable table{object.section(".debug_line"), {}, {}};
    uint64_t start = object.kernels()[0].entry;

    std::string at(uint64_t offset) const {
        const auto line = table.find(start + offset);
        return line ? line->file + ":" + std::to_string(line->line) + ":" +
                          std::to_string(line->column)
                    : "none";
    }
};

// Expected values: the comments of line_unit() in object_maker.cpp.
TEST(LineTable, FindsTheLineOfEveryInstruction) {
    const Lines l;
    EXPECT_EQ(l.at(0x00), "/src/a.cu:10:7");
    EXPECT_EQ(l.at(0x0f), "/src/a.cu:10:7");
    EXPECT_EQ(l.at(0x10), "/src/a.cu:11:7");
    EXPECT_EQ(l.at(0x20), "/src/a.cu:11:7");
    EXPECT_EQ(l.at(0x30), "/src/a.cu:12:7");
    EXPECT_EQ(l.at(0x40), "/inc/inc.h:3:7");
    EXPECT_EQ(l.at(0x50), "none");
    EXPECT_FALSE(l.table.find(l.start - 1));
    EXPECT_FALSE(l.table.find(~0ull));
}

TEST(LineTable, AFileWithoutLinesHasAnEmptyTable) {
    EXPECT_TRUE(LineTable(Bytes{}, Bytes{}, Bytes{}).empty());
    EXPECT_FALSE(LineTable().find(0));
}

TEST(LineTable, EveryTruncationIsAnErrorOrAShorterTable) {
    const Lines l;
    const Bytes whole = l.object.section(".debug_line");
    for (size_t n = 1; n < whole.size(); ++n)
        EXPECT_THROW(LineTable(whole.first(n), {}, {}), Error) << n;
}

TEST(LineTable, OtherVersionsSayWhatToDo) {
    const Lines l;
    const Bytes whole = l.object.section(".debug_line");
    std::vector<uint8_t> old(whole.begin(), whole.end());
    old[4] = 4;
    try {
        LineTable(old, {}, {});
        FAIL();
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("-gdwarf-5"));
    }
}

} // namespace
} // namespace acc::object::test
