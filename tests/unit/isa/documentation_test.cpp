// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The code in docs/isa/assembly.md is assembly, and the disassembler prints it as the page shows
// it.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "compiler/isa/assemble.h"
#include "compiler/isa/disassemble.h"

namespace acc::isa {
namespace {

std::vector<std::string> code_blocks() {
    std::ifstream in(ACC_ASSEMBLY_MD);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    std::vector<std::string> blocks;
    for (size_t at = text.find("```\n"); at != std::string::npos; at = text.find("```\n", at)) {
        const size_t end = text.find("```\n", at + 4);
        blocks.push_back(text.substr(at + 4, end - at - 4));
        at = end + 4;
    }
    return blocks;
}

TEST(Documentation, EveryExampleAssembles) {
    const std::vector<std::string> blocks = code_blocks();
    ASSERT_EQ(blocks.size(), 2u);
    for (const std::string& block : blocks) {
        const Assembly result = assemble(block);
        EXPECT_TRUE(result.ok()) << block << (result.ok() ? "" : result.errors[0].text());
        EXPECT_FALSE(result.words.empty());
    }
}

TEST(Documentation, TheRejectedWordIsPrintedAsShown) {
    std::string shown = code_blocks().at(1);
    shown.pop_back(); // the line's end
    EXPECT_EQ(disassemble(assemble(shown).words.at(0), 0), shown);
}

} // namespace
} // namespace acc::isa
