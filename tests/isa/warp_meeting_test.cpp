// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Warp operations whose threads stand at different instructions: what is a constant for one thread
// may be a register for another. Every warp operation, its threads spread over three places; the
// expected values are computed here from the definitions of PTX (shfl.sync and so on).
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <optional>
#include <random>

#include "tests/isa/machine.h"

namespace acc::test {
namespace {

constexpr uint64_t kIn = Machine::kData + 0x1000, kOut = Machine::kData + 0x4000;
constexpr unsigned kPlaces = 3;

struct Lane {
    uint32_t a = 0, high = 0; ///< the value, and its high word for 64-bit operations
    uint32_t b = 0;           ///< lane or distance
    uint32_t control = 0;     ///< b | clamp << 8 | segment << 16
    bool p = false;
    unsigned place = 0;
    // What the instruction of its place says.
    unsigned lane_of = 0, clamp = 0, segment = 0;
};
struct Got {
    uint32_t d;
    bool p;
};
struct Want {
    std::optional<uint32_t> d; ///< nothing: not written, or undefined
    bool p;
};

/// The warp, and who takes part.
struct Warp {
    std::vector<Lane> lanes{32};
    uint32_t mask = ~0u;
    bool in(unsigned l) const { return mask >> l & 1; }
    template <class F>
    void each(F f) const {
        for (unsigned l = 0; l < 32; ++l)
            if (in(l)) f(l, lanes[l]);
    }
};

class WarpMeeting : public ::testing::Test {
  protected:
    Warp draw(uint32_t mask) {
        Warp w;
        w.mask = mask;
        for (Lane& l : w.lanes) {
            l.a = bits_() % 3 ? bits_() % 4 : static_cast<uint32_t>(bits_());
            l.high = bits_() % 2;
            l.b = static_cast<uint32_t>(bits_() % 32);
            l.control = static_cast<uint32_t>(bits_()) & 0x1f1f1f;
            l.p = bits_() % 2;
            l.place = static_cast<unsigned>(bits_() % kPlaces);
        }
        return w;
    }
    /// Runs `text[place]` for the threads of each place; results are r20 and p3.
    std::vector<Got> run(const Warp& w, const std::vector<std::string>& text) {
        Outcome o = outcome(w, text);
        EXPECT_EQ(o.result, model::RunResult::Done)
            << "cause " << o.fault.cause << " info " << o.fault.info << "\n"
            << text[0] << "\n"
            << text[1];
        std::vector<Got> got;
        for (unsigned l = 0; l < 32; ++l)
            got.push_back({machine_.word<uint32_t>(kOut + 8 * l),
                           machine_.word<uint32_t>(kOut + 8 * l + 4) != 0});
        return got;
    }
    Outcome outcome(const Warp& w, const std::vector<std::string>& text) {
        for (unsigned l = 0; l < 32; ++l) {
            const Lane& x = w.lanes[l];
            const uint32_t words[8] = {x.a, x.high, x.b, x.control, x.p, x.place, w.in(l), 0};
            std::copy_n(words, 8, machine_.at<uint32_t>(kIn + 32 * l));
        }
        std::string program = R"(
        mov.sr64 r2, sr_kernarg
        mov.sr r5, sr_tid_x
        shl.b32 r6, r5, 5
        ld.global.b128 r8, [r2 + r6 + 4096]
        ld.global.b128 r12, [r2 + r6 + 4112]
        isetp.s32.ne p0, r12, 0
        mov.b32 r16, )" + std::to_string(w.mask) +
                              R"(
        isetp.s32.eq p1, r14, 0
@p1     bra end
        isetp.s32.eq p1, r13, 1
@p1     bra place1
        isetp.s32.eq p1, r13, 2
@p1     bra place2
)";
        program += text[0] + "\nbra end\nplace1: " + text[1] +
                   "\nbra end\nplace2: " + text[text.size() - 1] + R"(
end:    mov.b32 r22, 1
        selp.b32 r21, r22, rz, p3
        st.global.b64 [r2 + r5<<3 + 16384], r20
        exit
)";
        machine_.load(program);
        return machine_.run({}, 1, 100000, 20000);
    }
    /// The operation with its mask as a constant, as a register, and as a constant again at a third
    /// place; `operands` stand before the mask.
    static std::vector<std::string> places(const Warp& w, const std::string& before) {
        const std::string mask = std::to_string(w.mask);
        return {before + mask, before + "r16", before + mask};
    }
    /// All places, several times: random warps, whole and in part.
    void check(const std::function<std::vector<std::string>(Warp&)>& program,
               const std::function<Want(const Warp&, unsigned)>& expected) {
        for (const uint32_t mask : {~0u, 0x7ff3'5acfu, 0x0000'8001u})
            for (int round = 0; round < 4; ++round) {
                Warp w = draw(mask);
                if (round == 3) // all the same: the other outcome of vote and match
                    for (Lane& l : w.lanes)
                        l.a = l.high = 7, l.p = true;
                const std::vector<std::string> text = program(w);
                const std::vector<Got> got = run(w, text);
                if (HasFailure()) return;
                w.each([&](unsigned l, const Lane&) {
                    const Want want = expected(w, l);
                    if (want.d)
                        EXPECT_EQ(got[l].d, *want.d)
                            << text[0] << " lane " << l << " mask " << mask;
                    EXPECT_EQ(got[l].p, want.p) << text[0] << " lane " << l << " mask " << mask;
                });
                if (HasFailure()) return;
                for (const std::string& line : text) {
                    const std::string last = line.substr(line.rfind('\n') + 1);
                    machine_.proves({last.substr(0, last.find_first_of(" {"))});
                }
            }
    }
    Machine machine_;
    std::mt19937 bits_{20261129};
};

/// PTX ISA, shfl.sync: bval, cval, maxLane, minLane, j, p. Where the source takes no part the
/// value is undefined.
Want shuffled(const Warp& w, unsigned l, const std::string& mode) {
    const Lane& x = w.lanes[l];
    const int lane = static_cast<int>(l), bval = static_cast<int>(x.lane_of),
              segmask = static_cast<int>(x.segment), cval = static_cast<int>(x.clamp);
    const int max_lane = (lane & segmask) | (cval & ~segmask & 31), min_lane = lane & segmask;
    int j = 0;
    bool p = false;
    if (mode == "up")
        j = lane - bval, p = j >= max_lane;
    else if (mode == "down")
        j = lane + bval, p = j <= max_lane;
    else if (mode == "bfly")
        j = lane ^ bval, p = j <= max_lane;
    else
        j = min_lane | (bval & ~segmask & 31), p = j <= max_lane;
    const auto source = static_cast<unsigned>(p ? j : lane);
    if (!w.in(source)) return {{}, p};
    return {w.lanes[source].a, p};
}

TEST_F(WarpMeeting, ShufflesTakeLaneClampAndSegmentWhereverTheyStand) {
    for (const std::string mode : {"idx", "up", "down", "bfly"})
        check(
            [&](Warp& w) {
                // Segments are runs of high bits, as __shfl makes them of a width.
                const unsigned numbers[] = {0, 31, 24, 16, 28, 30, 7};
                const unsigned clamp = numbers[bits_() % 7], segment = numbers[bits_() % 7],
                               constant = numbers[bits_() % 7];
                for (Lane& x : w.lanes) { // at place 2 each thread has numbers of its own
                    x.lane_of = x.place == 0 ? constant : x.place == 1 ? x.b : x.control & 31;
                    x.clamp = x.place == 2 ? x.control >> 8 & 31 : clamp;
                    x.segment = x.place == 2 ? x.control >> 16 : segment;
                }
                const std::string mask = std::to_string(w.mask),
                                  c = "{clamp=" + std::to_string(clamp) +
                                      ", seg=" + std::to_string(segment);
                return std::vector<std::string>{"shfl." + mode + ".simm" + c +
                                                    ", simmlane=" + std::to_string(constant) +
                                                    "} r20|p3, r8, rz, " + mask,
                                                "shfl." + mode + c + "} r20|p3, r8, r10, r16",
                                                "shfl." + mode + ".cr r20|p3, r8, r11, " + mask};
            },
            [&](const Warp& w, unsigned l) { return shuffled(w, l, mode); });
}

// Without a branch before it: translated code knows that the warp is whole.
TEST_F(WarpMeeting, ShufflesOfAWholeWarpTakeLanesOfEachThread) {
    for (const std::string mode : {"idx", "up", "down", "bfly"})
        for (const bool control : {false, true})
            for (const unsigned clamp : {0u, 31u, 24u}) {
                Warp w = draw(~0u);
                for (unsigned l = 0; l < 32; ++l) {
                    Lane& x = w.lanes[l];
                    x.lane_of = control ? x.control & 31 : x.b;
                    x.clamp = control ? x.control >> 8 & 31 : clamp;
                    x.segment = control ? x.control >> 16 : 24;
                    const uint32_t words[4] = {x.a, x.high, x.b, x.control};
                    std::copy_n(words, 4, machine_.at<uint32_t>(kIn + 16 * l));
                }
                const std::string fields = "{clamp=" + std::to_string(clamp) + ", seg=24}";
                machine_.load(R"(
        mov.sr64 r2, sr_kernarg
        mov.sr r5, sr_tid_x
        shl.b32 r6, r5, 4
        ld.global.b128 r8, [r2 + r6 + 4096]
        shfl.)" + mode + (control ? ".cr" : fields) +
                              " r20|p3, r8, " + (control ? "r11" : "r10") + R"(, -1
        mov.b32 r22, 1
        selp.b32 r21, r22, rz, p3
        st.global.b64 [r2 + r5<<3 + 16384], r20
        exit
)");
                ASSERT_EQ(machine_.run({}).result, model::RunResult::Done);
                for (unsigned l = 0; l < 32; ++l) {
                    const Want want = shuffled(w, l, mode);
                    ASSERT_EQ(machine_.word<uint32_t>(kOut + 8 * l), *want.d) << mode << l;
                    ASSERT_EQ(machine_.word<uint32_t>(kOut + 8 * l + 4) != 0, want.p) << mode << l;
                }
            }
}

TEST_F(WarpMeeting, Votes) {
    const auto yes = [](const Warp& w) {
        uint32_t mask = 0;
        w.each([&](unsigned l, const Lane& x) { mask |= uint32_t{x.p} << l; });
        return mask;
    };
    const auto vote = [&](const char* name, auto result) {
        check([&](Warp& w) { return places(w, std::string("vote.") + name + " p3, p0, "); },
              [&](const Warp& w, unsigned) { return Want{{}, result(yes(w), w.mask)}; });
    };
    vote("all", [](uint32_t y, uint32_t all) { return y == all; });
    vote("any", [](uint32_t y, uint32_t) { return y != 0; });
    vote("uni", [](uint32_t y, uint32_t all) { return y == 0 || y == all; });
    // One place votes with a constant, one with the negation of another predicate.
    check(
        [&](Warp& w) {
            for (Lane& x : w.lanes)
                if (x.place == 0) x.p = true;
            const std::string mask = std::to_string(w.mask);
            return std::vector<std::string>{
                "vote.ballot r20, pt, " + mask, "vote.ballot r20, p0, r16",
                "isetp.s32.eq p2, r12, 0\nvote.ballot r20, !p2, " + mask};
        },
        [&](const Warp& w, unsigned) { return Want{yes(w), false}; });
}

TEST_F(WarpMeeting, Matches) {
    const auto same = [](const Warp& w, unsigned l, bool wide) {
        uint32_t mask = 0;
        w.each([&](unsigned other, const Lane& x) {
            if (x.a == w.lanes[l].a && (!wide || x.high == w.lanes[l].high)) mask |= 1u << other;
        });
        return mask;
    };
    for (const bool wide : {false, true}) {
        const std::string type = wide ? ".b64 " : ".b32 ";
        check([&](Warp& w) { return places(w, "match.any" + type + "r20, r8, "); },
              [&](const Warp& w, unsigned l) { return Want{same(w, l, wide), false}; });
        check([&](Warp& w) { return places(w, "match.all" + type + "r20|p3, r8, "); },
              [&](const Warp& w, unsigned l) {
                  const bool all = same(w, l, wide) == w.mask;
                  return Want{all ? w.mask : 0, all};
              });
    }
}

TEST_F(WarpMeeting, Reductions) {
    using Fold = std::function<uint32_t(uint32_t, uint32_t)>;
    const auto as_signed = [](uint32_t x) { return static_cast<int32_t>(x); };
    const std::pair<const char*, Fold> kinds[] = {
        {"add", [](uint32_t a, uint32_t b) { return a + b; }},
        {"min_s32", [&](uint32_t a, uint32_t b) { return as_signed(a) < as_signed(b) ? a : b; }},
        {"max_s32", [&](uint32_t a, uint32_t b) { return as_signed(a) > as_signed(b) ? a : b; }},
        {"min_u32", [](uint32_t a, uint32_t b) { return std::min(a, b); }},
        {"max_u32", [](uint32_t a, uint32_t b) { return std::max(a, b); }},
        {"and", [](uint32_t a, uint32_t b) { return a & b; }},
        {"or", [](uint32_t a, uint32_t b) { return a | b; }},
        {"xor", [](uint32_t a, uint32_t b) { return a ^ b; }}};
    const auto all = [](const Warp& w, auto f) {
        bool first = true;
        uint32_t r = 0;
        w.each([&](unsigned, const Lane& x) {
            r = first ? x.a : f(r, x.a);
            first = false;
        });
        return r;
    };
    for (const auto& [name, fold] : kinds)
        check([&](Warp& w) { return places(w, std::string("redux.") + name + " r20, r8, "); },
              [&, &fold = fold](const Warp& w, unsigned) { return Want{all(w, fold), false}; });
}

/// PTX redux.sync.fmin and .fmax: numbers win over NaN, unless .nan; -0 is below +0.
TEST_F(WarpMeeting, FloatReductions) {
    const uint32_t numbers[] = {0, 0x80000000, 0x3f800000, 0xbf800000, 0x7f800000, 0xff800000,
                                1, 0x80000001, 0x40490fdb, 0xc2280000, 0x7fc00000, 0xff812345};
    for (const bool max : {false, true})
        for (const bool nan : {false, true})
            for (const bool abs : {false, true}) {
                const std::string name = std::string("redux.") + (max ? "fmax" : "fmin") +
                                         (nan ? ".nan" : "") + (abs ? ".abs" : "") + " r20, r8, ";
                check(
                    [&](Warp& w) {
                        const unsigned kinds = bits_() % 2 ? 10 : 12; // without NaN, or with
                        for (Lane& x : w.lanes)
                            x.a = numbers[bits_() % kinds];
                        return places(w, name);
                    },
                    [&](const Warp& w, unsigned) {
                        bool any_nan = false, any = false;
                        float best = 0;
                        w.each([&](unsigned, const Lane& x) {
                            float f = std::bit_cast<float>(x.a);
                            if (abs) f = std::fabs(f);
                            if (std::isnan(f)) {
                                any_nan = true;
                                return;
                            }
                            const bool tie = f == best,
                                       better = tie ? std::signbit(f) != max : (f < best) != max;
                            if (!any || better) best = f;
                            any = true;
                        });
                        const bool is_nan = !any || (nan && any_nan);
                        return Want{is_nan ? 0x7fffffffu : std::bit_cast<uint32_t>(best), false};
                    });
            }
}

TEST_F(WarpMeeting, WarpsyncAndElect) {
    check([&](Warp& w) { return places(w, "mov.b32 r20, 5\nwarpsync "); },
          [](const Warp&, unsigned) { return Want{5, false}; });
    check([&](Warp& w) { return places(w, "elect r20|p3, "); },
          [](const Warp& w, unsigned l) {
              const auto leader = static_cast<uint32_t>(std::countr_zero(w.mask));
              return Want{leader, l == leader};
          });
}

/// What the threads of one mask have to agree on: kind, mode, type and mask. Else nobody can ever
/// go on, and the fault says why.
TEST_F(WarpMeeting, DifferentOperationsAreADeadlockThatSaysSo) {
    const std::pair<const char*, const char*> pairs[] = {
        {"shfl.up{clamp=0} r20, r8, r10, r16", "shfl.down{clamp=31} r20, r8, r10, r16"},
        {"vote.any p3, p0, r16", "vote.all p3, p0, r16"},
        {"match.any.b32 r20, r8, r16", "match.any.b64 r20, r8, r16"},
        {"redux.add r20, r8, r16", "redux.or r20, r8, r16"},
        {"redux.fmin r20, r8, r16", "redux.fmin.nan r20, r8, r16"},
        {"warpsync r16", "vote.ballot r20, p0, r16"}};
    for (const auto& [one, other] : pairs) {
        Warp w = draw(~0u);
        for (unsigned l = 0; l < 32; ++l)
            w.lanes[l].place = l % 2;
        const Outcome o = outcome(w, {one, other, other});
        EXPECT_EQ(o.result, model::RunResult::Fault) << one;
        EXPECT_EQ(o.fault.cause, ACC_FAULT_DEADLOCK) << one;
        EXPECT_EQ(o.fault.info, ACC_DEADLOCK_WARP_OPS) << one;
    }
}

TEST_F(WarpMeeting, MasksThatDifferAreADeadlockThatSaysSo) {
    Warp w = draw(~0u);
    for (unsigned l = 0; l < 32; ++l)
        w.lanes[l].place = l < 16 ? 0 : 1;
    const Outcome o = outcome(w, {"warpsync 0xffffffff", "warpsync 0xffff0001"});
    EXPECT_EQ(o.fault.cause, ACC_FAULT_DEADLOCK);
    EXPECT_EQ(o.fault.info, ACC_DEADLOCK_WARP_OPS);
}

TEST_F(WarpMeeting, WhoIsNotInItsOwnMaskDoesNotWait) {
    Warp w = draw(~0u);
    uint32_t ballot = 0;
    for (unsigned l = 0; l < 32; ++l) {
        w.lanes[l].place = 0;
        ballot |= uint32_t{w.lanes[l].p} << l;
    }
    const auto below = [](unsigned l) { return (1u << l) - 1; };
    std::vector<Got> got = run(w, {"mov.sr r16, sr_lanemask_lt\nvote.ballot r20, p0, r16", "exit"});
    for (unsigned l = 0; l < 32; ++l)
        EXPECT_EQ(got[l].d, ballot & below(l)) << l;
    got = run(w, {"mov.sr r16, sr_lanemask_lt\nvote.any p3, p0, r16", "exit"});
    for (unsigned l = 0; l < 32; ++l)
        EXPECT_EQ(got[l].p, (ballot & below(l)) != 0) << l;
    // Lanes 16 to 31 shuffle along with the members; a source that is no member has its value, too.
    got = run(w, {"shfl.down.simm{clamp=31, simmlane=12} r20|p3, r8, rz, 0x0000ffff", "exit"});
    for (unsigned l = 0; l < 20; ++l)
        EXPECT_EQ(got[l].d, w.lanes[l + 12].a) << l;
    // Members wait for those that come later; the others are gone by then.
    for (unsigned l = 0; l < 32; ++l)
        w.lanes[l].place = l < 4 ? 1 : 0;
    got = run(w, {"vote.ballot r20, p0, 0x0000ffff", "vote.ballot r20, p0, 0x0000ffff"});
    for (unsigned l = 0; l < 32; ++l)
        EXPECT_EQ(got[l].d, ballot & (l < 16 ? 0xffffu : 0xfff0u)) << l;
}

TEST_F(WarpMeeting, AThreadAtABarrierIsNoWarpOperation) {
    Warp w = draw(~0u);
    for (unsigned l = 0; l < 32; ++l)
        w.lanes[l].place = l % 2;
    const Outcome o = outcome(w, {"warpsync r16", "bar.sync 0, rz"});
    EXPECT_EQ(o.fault.cause, ACC_FAULT_BARRIER);
    EXPECT_EQ(o.fault.info, 0u);
}

} // namespace
} // namespace acc::test
