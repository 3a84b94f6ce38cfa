// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random words and random text: no crash, and whatever disassembles assembles to the same word.
#include <gtest/gtest.h>

#include <random>

#include "compiler/isa/assemble.h"
#include "compiler/isa/disassemble.h"

namespace acc::isa {
namespace {

using namespace std::string_view_literals;

TEST(DecodeFuzz, TwoMillionRandomWordsAreJudgedConsistently) {
    std::mt19937_64 random(7);
    size_t valid = 0;
    for (unsigned i = 0; i < 2'000'000; ++i) {
        Word word{random(), random()};
        if (i & 1) { // mostly defined opcodes with few bits set, so that the later checks are
                     // reached
            word.lo = (word.lo & random() & random() & ~0xfffull) |
                      static_cast<uint64_t>(kRows[random() % kNumRows].opcode);
            word.hi &= random() & random() & random();
        }
        const Validity v = validate(word);
        valid += v.ok();
        if (v.ok() != explain(word, v).empty()) FAIL() << "no reason for a rejected word";
        if (i % 64 == 1) {
            const Assembly back = assemble(disassemble(word, 0), 0);
            ASSERT_TRUE(back.ok()) << disassemble(word, 0);
            ASSERT_EQ(back.words.at(0), word) << disassemble(word, 0);
        }
    }
    EXPECT_GT(valid, 1000u);
}

TEST(DecodeFuzz, RandomTextNeverCrashesTheAssembler) {
    std::mt19937_64 random(8);
    const std::string seed =
        "@!p0 fadd.f32.rz r1, r2, 1.5e3\nx: ld.global.b32 r4, [r2 + r6<<2 - 16] // c\n"
        "lop3.b32{lut=0xe8} r1, r2, 7, r4\nbra x+16\n.word 0x1, 2\nisetp.s32.lt.and p0|p1, rz, r2, "
        "!pt\n";
    constexpr std::string_view alphabet = "@!p0r1,[]{}=<>+-.:/ \n\tx\\\"\0\xff e5_$"sv;
    for (unsigned i = 0; i < 200'000; ++i) {
        std::string text = seed.substr(random() % seed.size());
        for (unsigned edits = random() % 6; edits-- > 0 && !text.empty();)
            text[random() % text.size()] = alphabet[random() % alphabet.size()];
        text.resize(random() % (text.size() + 1));
        const Assembly result = assemble(text, random());
        for (const AsmError& e : result.errors)
            ASSERT_FALSE(e.message.empty()) << text;
    }
}

} // namespace
} // namespace acc::isa
