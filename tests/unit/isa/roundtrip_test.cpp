// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Word -> text -> word, over every opcode, form, register, predicate, modifier value and a set of
// immediates.
#include <gtest/gtest.h>

#include <random>
#include <unordered_map>

#include "compiler/isa/assemble.h"
#include "compiler/isa/disassemble.h"
#include "tests/unit/isa/word_maker.h"

namespace acc::isa::test {
namespace {

constexpr uint64_t kPc = 0x12340;

void expect_round_trip(Word word) {
    const std::string text = disassemble(word, kPc);
    const Assembly result = assemble(text, kPc);
    ASSERT_TRUE(result.ok()) << text << "\n" << result.errors[0].text();
    ASSERT_EQ(result.words.size(), 1u) << text;
    ASSERT_EQ(std::pair(result.words[0].lo, result.words[0].hi), std::pair(word.lo, word.hi))
        << text;
}

TEST(RoundTrip, EveryOpcodeFormAndField) {
    size_t words = 0;
    for_each_form([&](const RowInfo& row, unsigned form) {
        for_each_variant(row, form, [&](Word word) {
            if (testing::Test::HasFatalFailure()) return;
            ASSERT_TRUE(validate(word).ok()) << row.name;
            ++words;
            expect_round_trip(word);
        });
    });
    EXPECT_GT(words, 200000u);
}

TEST(RoundTrip, RandomCombinationsOfFields) {
    std::mt19937_64 random(1);
    std::vector<Word> words;
    for_each_form([&](const RowInfo& row, unsigned form) {
        for (unsigned tries = 0; tries < 200; ++tries) {
            Word word = plain_word(row, form);
            const Word noise{random() & random(), random() & random()};
            const Word mask = row.mask[form];
            word.lo = (noise.lo & mask.lo & ~0xc000000000000fffull) |
                      (word.lo & 0xc000000000000fffull);
            word.hi = noise.hi & mask.hi;
            if (validate(word).ok()) words.push_back(word);
        }
    });
    EXPECT_GT(words.size(), 20000u);
    for (const Word word : words)
        ASSERT_NO_FATAL_FAILURE(expect_round_trip(word));
}

TEST(RoundTrip, TwoWordsNeverShareAText) {
    std::unordered_map<std::string, Word> seen;
    for_each_form([&](const RowInfo& row, unsigned form) {
        for_each_variant(row, form, [&](Word word) {
            const auto [place, is_new] = seen.emplace(disassemble(word, kPc), word);
            ASSERT_TRUE(is_new || place->second == word) << place->first;
        });
    });
}

TEST(RoundTrip, WordsThatAreNoInstructionAreKeptAsData) {
    for (const Word word : {Word{0, 0}, Word{~0ull, ~0ull}, Word{0x7007, 1}})
        expect_round_trip(word);
}

TEST(RoundTrip, BranchTargetsAreAbsoluteAndMoveWithThePc) {
    Word word = plain_word(row(Opcode::BRA), 0);
    set(word, Field::imm, 0x40);
    EXPECT_EQ(disassemble(word, 0x100), "bra 0x150");
    EXPECT_EQ(disassemble(word, 0x200), "bra 0x250");
    EXPECT_EQ(disassemble(word, 0x100, [](uint64_t at) { return at == 0x150 ? "loop" : ""; }),
              "bra 0x150 // loop");
}

} // namespace
} // namespace acc::isa::test
