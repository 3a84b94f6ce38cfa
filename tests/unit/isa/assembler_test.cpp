// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The assembler against words written by hand from the field table of Schema.td, and its error
// messages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/isa/assemble.h"

namespace acc::isa {
namespace {

using testing::HasSubstr;

Word one(std::string_view text, uint64_t pc = 0) {
    const Assembly result = assemble(text, pc);
    EXPECT_TRUE(result.ok()) << text << ": " << (result.ok() ? "" : result.errors[0].text());
    return result.words.empty() ? Word{} : result.words[0];
}

AsmError error(std::string_view text) {
    const Assembly result = assemble(text);
    EXPECT_EQ(result.errors.size(), 1u) << text;
    return result.errors.empty() ? AsmError{} : result.errors[0];
}

// Fields by hand: opcode 0x010, guard 7 (pt) at 14:12, rd at 23:16, ra at 31:24, rb at 39:32.
TEST(Assembler, PlacesRegisters) {
    EXPECT_EQ(one("iadd.b32 r1, r2, r3"), (Word{0x03'02'01'7'010ull, 0}));
}

TEST(Assembler, PlacesGuards) {
    EXPECT_EQ(one("@p3 nop"), (Word{0x3001, 0}));
    EXPECT_EQ(one("@!p3 nop"), (Word{0xb001, 0}));
}

TEST(Assembler, ImmediatesReplaceBOrC) {
    EXPECT_EQ(one("iadd.b32 r1, r2, -1"), (Word{1ull << 62 | 0x02'01'7'010ull, 0xffffffff}));
    EXPECT_EQ(one("imad.b32 r1, r2, r3, 7"), (Word{2ull << 62 | 0x03'02'01'7'028ull, 7}));
    EXPECT_EQ(one("imad.b32 r1, r2, 7, r4"), (Word{1ull << 62 | 4ull << 40 | 0x02'01'7'028ull, 7}));
}

TEST(Assembler, FloatImmediates) {
    EXPECT_EQ(one("fadd.f32 r1, r2, 1.0").hi, 0x3f800000u);
    EXPECT_EQ(one("fadd.f32 r1, r2, -0.5").hi, 0xbf000000u);
    EXPECT_EQ(one("fadd.f32 r1, r2, 0x7f800000").hi, 0x7f800000u);
    EXPECT_EQ(one("fadd.f64 r2, r4, 1.0").hi, 0x3ff00000u);
    EXPECT_EQ(one("fadd.f32 r1, r2, 1e-3").hi, 0x3a83126fu);
}

TEST(Assembler, Modifiers) {
    // rnd = rz (1 at bit 96), sat (bit 99), in any order.
    EXPECT_EQ(one("fadd.f32.rz.sat r1, r2, r3").hi, 9ull << 32);
    EXPECT_EQ(one("fadd.f32.sat.rz r1, r2, r3").hi, 9ull << 32);
    EXPECT_EQ(one("lop3.b32{lut=0xe8} r1, r2, r3, r4").hi, 0xe8ull << 32);
}

TEST(Assembler, Predicates) {
    // isetp.s32: opcode 0x070, pd 50:48, pe 53:51, ps 56:54, psneg 57; cmp lt = 2, bop and = 1 at
    // bit 4.
    const uint64_t base = 0x02'01'00'7'070ull;
    EXPECT_EQ(one("isetp.s32.lt p1, r1, r2"),
              (Word{7ull << 54 | 7ull << 51 | 1ull << 48 | base, 2ull << 32}));
    EXPECT_EQ(one("isetp.s32.lt.and p1|p2, r1, r2, !p3"),
              (Word{1ull << 57 | 3ull << 54 | 2ull << 51 | 1ull << 48 | base, 0x12ull << 32}));
}

TEST(Assembler, Addresses) {
    const uint64_t load = 0x04'7'50cull; // ld.global.b32 r4
    EXPECT_EQ(one("ld.global.b32 r4, [r2 + r6<<2 + 16]"),
              (Word{6ull << 32 | 2ull << 24 | load, 2ull << 32 | 16}));
    EXPECT_EQ(one("ld.global.b32 r4, [r2 - 4]"),
              (Word{255ull << 32 | 2ull << 24 | load, 0xfffffffc}));
    EXPECT_EQ(one("ld.global.b32 r4, [r2]"), (Word{255ull << 32 | 2ull << 24 | load, 0}));
    EXPECT_EQ(one("st.shared.b32 [r1 + 8], r9"),
              (Word{9ull << 40 | 255ull << 32 | 1ull << 24 | 0x7'554ull, 8}));
}

TEST(Assembler, WideAndSpecial) {
    EXPECT_EQ(one("movi.b64 r2, 0x123456789abcdef0"), (Word{0x02'7'152ull, 0x123456789abcdef0}));
    EXPECT_EQ(one("movi.b64 r2, -1").hi, ~0ull);
    EXPECT_EQ(one("mov.sr r3, sr_ctaid_x"), (Word{0x03'7'154ull, 6}));
    EXPECT_EQ(one(".word 0x1, 0x2"), (Word{1, 2}));
}

TEST(Assembler, LabelsForwardAndBackward) {
    const Assembly result = assemble(
        "start: nop // a comment\n  bra end\nmid:\n  bra start\nend: exit\n bra mid+16", 0x1000);
    ASSERT_TRUE(result.ok());
    ASSERT_EQ(result.words.size(), 5u);
    EXPECT_EQ(result.labels.at("end"), 0x1030u);
    EXPECT_EQ(result.words[1].hi, 0x10u);                        // 0x1010 -> 0x1030
    EXPECT_EQ(result.words[2].hi, static_cast<uint32_t>(-0x30)); // 0x1020 -> 0x1000
    EXPECT_EQ(result.words[4].hi, static_cast<uint32_t>(0x1030 - 0x1050));
}

TEST(Assembler, BranchesReachTwoGigabytesAndWrapAroundNothing) {
    EXPECT_EQ(one("bra 0x80000010", 1).hi, 0x7fffffffu);
    EXPECT_THAT(error("bra 0x80000010").message, HasSubstr("2 GiB"));
}

struct Wrong {
    const char* text;
    unsigned column;
    const char* message;
};
class AssemblerErrors : public testing::TestWithParam<Wrong> {};

TEST_P(AssemblerErrors, AreSaidWithTheirPlace) {
    const AsmError e = error(GetParam().text);
    EXPECT_EQ(e.line, 1u);
    EXPECT_EQ(e.column, GetParam().column) << e.message;
    EXPECT_THAT(e.message, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    , AssemblerErrors,
    testing::Values(Wrong{"frobnicate r1", 1, "unknown instruction 'frobnicate'"},
                    Wrong{"fadd.f32.xy r1, r2, r3", 1, "no modifier '.xy'"},
                    Wrong{"fadd.f32.rz.rm r1, r2, r3", 1, "only one of .rz, .rm, .rp"},
                    Wrong{"isetp.s32 p0, r1, r2", 1, "needs one of .eq"},
                    Wrong{"iadd.b32 r1, r2", 16, "expected ','"},
                    Wrong{"iadd.b32 r1, r2, r3, r4", 20, "end of the instruction"},
                    Wrong{"iadd.b32 r1, r2, r255", 18, "no register 'r255'"},
                    Wrong{"iadd.b32 r1, p2, r3", 14, "expected a register"},
                    Wrong{"iadd.b64 r1, r2, r4", 10, "cannot start a group of 2"},
                    Wrong{"iadd.b64 r254, r2, r4", 10, "cannot start a group of 2"},
                    Wrong{"imad.b32 r1, r2, 3, 4", 21, "one immediate"},
                    Wrong{"iadd.b32 r1, r2, 0x100000000", 18, "does not fit in 32 bits"},
                    Wrong{"iadd.b32 r1, r2, -2147483649", 19, "does not fit in 32 bits"},
                    Wrong{"iadd.b64 r2, r4, 2147483648", 18, "does not fit"},
                    Wrong{"fadd.f32 r1, r2, 1", 18, "floating-point number"},
                    Wrong{"fadd.f64 r2, r4, 0.1", 18, "high word"},
                    Wrong{"fadd.f32 r1, r2, 1e99", 18, "out of range"},
                    Wrong{"ld.global.b32 r1, r2", 19, "expected '['"},
                    Wrong{"ld.global.b32 r1, [r2 + r4<<5]", 29, "scale is at most 4"},
                    Wrong{"ld.global.b32 r1, [r2", 22, "expected ']'"},
                    Wrong{"ld.global.b32.acquire r1, [r2]", 1, "must also set `scope`"},
                    Wrong{"lop3.b32{lot=1} r1, r2, r3, r4", 10, "no numeric modifier 'lot'"},
                    Wrong{"lop3.b32{lut=256} r1, r2, r3, r4", 14, "at most 255"},
                    Wrong{"bra nowhere", 5, "undefined label 'nowhere'"},
                    Wrong{"mov.sr r1, sr_nonsense", 12, "special register"},
                    Wrong{"@p9 nop", 2, "expected a predicate"}, Wrong{"nop ;", 5, "no meaning"},
                    Wrong{"iadd.b32 r1, r2, 12ab", 18, "letters follow"},
                    Wrong{"123", 1, "expected an instruction"},
                    Wrong{"iadd.b32 r1, r2, 99999999999999999999", 18, "64 bits"},
                    Wrong{".word 1", 8, "expected ','"}));

TEST(Assembler, ReportsEveryWrongLine) {
    const Assembly result = assemble("nop\nbad\nnop\nworse r1\nnop: nop\nnop:\n");
    ASSERT_EQ(result.errors.size(), 3u);
    EXPECT_EQ(result.errors[0].line, 6u); // labels are collected first
    EXPECT_EQ(result.errors[1].line, 2u);
    EXPECT_EQ(result.errors[2].line, 4u);
}

} // namespace
} // namespace acc::isa
