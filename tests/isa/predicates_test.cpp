// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Predicates, constants and special registers.
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "tests/isa/machine.h"
#include "tests/isa/modifiers.h"

namespace acc::test {
namespace {

constexpr unsigned kThreads = 64;
constexpr uint64_t kIn = Machine::kData + 0x1000, kOut = Machine::kData + 0x4000;

class Predicates : public ::testing::Test {
  protected:
    /// Each thread has a random word in r8, and its bits 0..6 in p0..p6; r16 and r17 are stored.
    void run(const std::string& body) {
        for (unsigned t = 0; t < kThreads; ++t)
            machine_.word<uint32_t>(kIn + 4 * t) = word_[t] = static_cast<uint32_t>(bits_());
        std::string text = R"(
        mov.sr64 r2, sr_kernarg
        mov.sr r4, sr_tid_x
        ld.global.b32 r8, [r2 + r4<<2 + 4096]
)";
        for (int i = 0; i < 7; ++i)
            text += "and.b32 r9, r8, " + std::to_string(1 << i) + "\nisetp.s32.ne p" +
                    std::to_string(i) + ", r9, 0\n";
        machine_.load(text + body + "\nst.global.b64 [r2 + r4<<3 + 16384], r16\nexit\n");
        LaunchShape shape;
        shape.block[0] = kThreads;
        const Outcome o = machine_.run(shape);
        ASSERT_EQ(o.result, model::RunResult::Done) << "cause " << o.fault.cause << body;
    }
    uint32_t low(unsigned t) { return machine_.word<uint32_t>(kOut + 8 * t); }
    uint64_t both(unsigned t) { return machine_.word<uint64_t>(kOut + 8 * t); }
    bool bit(unsigned t, unsigned i) const { return i == 7 || (word_[t] >> i & 1); }
    Machine machine_;
    std::mt19937 bits_{23};
    uint32_t word_[kThreads];
};

TEST_F(Predicates, AreCombined) {
    for (const Choice& m : choices(row_of("plop")))
        for (unsigned round = 0; round < 8; ++round) {
            const unsigned a = bits_() % 8, b = bits_() % 8, negate = bits_() % 4;
            const auto name = [](unsigned i, bool negated) {
                return std::string(negated ? "!p" : "p") + (i == 7 ? "t" : std::to_string(i));
            };
            run(m.mnemonic() + " p1|p2, " + name(a, negate & 1) + ", " + name(b, negate & 2) +
                "\np2r r16");
            for (unsigned t = 0; t < kThreads; ++t) {
                const bool x = bit(t, a) != ((negate & 1) != 0),
                           y = bit(t, b) != ((negate & 2) != 0);
                const bool results[] = {x && y, x || y, x != y};
                const bool r = results[m["pop"]];
                ASSERT_EQ(low(t), (word_[t] & 0x79) | (r ? 2u : 4u))
                    << m.mnemonic() << " thread " << t;
            }
            machine_.proves({m.mnemonic(), "p2r"});
        }
}

TEST_F(Predicates, AreMovedAndNegated) {
    run("pmov p3, p0\npmov p4, !p1\n@p6 pmov p5, pt\np2r r16");
    for (unsigned t = 0; t < kThreads; ++t) {
        const uint32_t want = (word_[t] & 0x47) | uint32_t{bit(t, 0)} << 3 |
                              uint32_t{!bit(t, 1)} << 4 | uint32_t{bit(t, 6) || bit(t, 5)} << 5;
        ASSERT_EQ(low(t), want) << t;
    }
    machine_.proves({"pmov", "p2r"});
}

TEST_F(Predicates, ComeFromTheBitsOfARegister) {
    for (const uint32_t which : {0x7fu, 0u, 0x15u, 0x6au, 0xffffff80u, 0x12345678u}) {
        run("not.b32 r10, r8\nr2p r10, " + std::to_string(static_cast<int32_t>(which)) +
            "\np2r r16");
        for (unsigned t = 0; t < kThreads; ++t)
            ASSERT_EQ(low(t), (word_[t] ^ which) & 0x7f) << which << " thread " << t;
        machine_.proves({"r2p", "p2r"});
    }
    run("isetp.u32.lt p0, r4, 20\nnot.b32 r10, r8\n@p0 r2p r10, 127\np2r r16");
    for (unsigned t = 0; t < kThreads; ++t) // p0 too is r10's where the guard let it through
        ASSERT_EQ(low(t) & 0x7e, (t < 20 ? ~word_[t] : word_[t]) & 0x7e) << t;
}

TEST_F(Predicates, ConstantsOf64Bits) {
    for (const uint64_t value : {uint64_t{0}, ~uint64_t{0}, uint64_t{0x123456789abcdef0},
                                 uint64_t{1} << 63, uint64_t{0xffffffff}}) {
        run("movi.b64 r16, " + std::to_string(static_cast<int64_t>(value)));
        for (unsigned t = 0; t < kThreads; ++t)
            ASSERT_EQ(both(t), value);
        machine_.proves({"movi.b64"});
    }
    // 17 instructions come before, and the constant is relative to the next one.
    run("lea.pc r16, there\nnop\nthere: nop");
    for (unsigned t = 0; t < kThreads; ++t)
        ASSERT_EQ(both(t), Machine::kCode + 16 * (3 + 14 + 2));
    run("there: lea.pc r16, there");
    ASSERT_EQ(both(5), Machine::kCode + 16 * 17);
    machine_.proves({"lea.pc"});
}

/// Every special register but the clocks: both ways of reading, by thread of a three-dimensional
/// block.
TEST_F(Predicates, SpecialRegistersOfEveryThread) {
    LaunchShape shape;
    shape.block[0] = 5, shape.block[1] = 4, shape.block[2] = 3;
    shape.grid[0] = 2, shape.grid[1] = 3, shape.grid[2] = 2;
    shape.shared = 256;
    shape.local = 64;
    shape.cluster[1] = 3, shape.cluster[2] = 2;
    shape.cooperative = true;
    const uint64_t launch_only = ~uint64_t{0}; // the same for all threads, whatever it is
    for (unsigned number = 0; number < isa::kNumSpecialRegs; ++number) {
        const isa::SpecialRegInfo& reg = isa::kSpecialRegs[number];
        const std::string name = reg.name;
        if (name == "clock" || name == "globaltimer") continue;
        machine_.load(R"(
        mov.sr64 r2, sr_kernarg
        mov.sr r4, sr_ctaid_z
        mov.sr r5, sr_ctaid_y
        imad.b32 r4, r4, 3, r5
        mov.sr r5, sr_ctaid_x
        imad.b32 r4, r4, 2, r5
        mov.sr r5, sr_tid_z
        imad.b32 r4, r4, 3, r5
        mov.sr r5, sr_tid_y
        imad.b32 r4, r4, 4, r5
        mov.sr r5, sr_tid_x
        imad.b32 r4, r4, 5, r5
        mov.sr r8, sr_)" +
                      name + "\nmov.sr64 r10, sr_" + name + R"(
        mov.b32 r9, 0
        st.global.b128 [r2 + r4<<4 + 16384], r8
        exit
)");
        ASSERT_EQ(machine_.run(shape).result, model::RunResult::Done) << name;
        for (unsigned t = 0; t < 12 * 60; ++t) {
            const unsigned block = t / 60, in = t % 60, lane = in % 32;
            const uint32_t bit = 1u << lane;
            const std::pair<const char*, uint64_t> values[] = {{"tid_x", in % 5},
                                                               {"tid_y", in / 5 % 4},
                                                               {"tid_z", in / 20},
                                                               {"ntid_x", 5},
                                                               {"ntid_y", 4},
                                                               {"ntid_z", 3},
                                                               {"ctaid_x", block % 2},
                                                               {"ctaid_y", block / 2 % 3},
                                                               {"ctaid_z", block / 6},
                                                               {"nctaid_x", 2},
                                                               {"nctaid_y", 3},
                                                               {"nctaid_z", 2},
                                                               {"laneid", lane},
                                                               {"warpid", in / 32},
                                                               {"nwarpid", 32},
                                                               {"smid", 0},
                                                               {"nsmid", 1},
                                                               {"gridid", launch_only},
                                                               {"lanemask_eq", bit},
                                                               {"lanemask_lt", bit - 1},
                                                               {"lanemask_le", bit | (bit - 1)},
                                                               {"lanemask_gt", ~(bit | (bit - 1))},
                                                               {"lanemask_ge", ~(bit - 1)},
                                                               {"kernarg", Machine::kData},
                                                               {"dyn_shared", 256},
                                                               {"total_shared", 256},
                                                               {"local_size", 64},
                                                               {"printf", 0},
                                                               {"cluster_ctarank", block / 2},
                                                               {"cluster_nctarank", 6},
                                                               {"cluster_nctaid_x", 1},
                                                               {"cluster_nctaid_y", 3},
                                                               {"cluster_nctaid_z", 2},
                                                               {"cluster_ctaid_x", 0},
                                                               {"cluster_ctaid_y", block / 2 % 3},
                                                               {"cluster_ctaid_z", block / 6},
                                                               {"clusterid_x", block % 2},
                                                               {"clusterid_y", 0},
                                                               {"clusterid_z", 0},
                                                               {"nclusterid_x", 2},
                                                               {"nclusterid_y", 1},
                                                               {"nclusterid_z", 1},
                                                               {"is_explicit_cluster", 1},
                                                               {"heap", 0},
                                                               {"warpsize", 32},
                                                               {"cooperative", 1}};
            uint64_t want = 0;
            bool known = false;
            for (const auto& [candidate, value] : values)
                if (name == candidate) want = value, known = true;
            ASSERT_TRUE(known) << "no expected value for sr_" << name;
            const uint64_t got = machine_.word<uint64_t>(kOut + 16 * t + 8);
            if (want == launch_only)
                want = machine_.word<uint64_t>(kOut + 8);
            else if (reg.width == 32)
                want &= 0xffffffff;
            ASSERT_EQ(got, want) << name << " thread " << t;
            ASSERT_EQ(machine_.word<uint32_t>(kOut + 16 * t), static_cast<uint32_t>(want)) << name;
        }
        machine_.proves({"mov.sr", "mov.sr64"});
    }
}

} // namespace
} // namespace acc::test
