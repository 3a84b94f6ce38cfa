// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loads, stores and atomics of every width and space, over the shapes of addresses that the
// interpreter treats differently, against a byte-wise reference.
#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <functional>
#include <random>

#include "tests/isa/machine.h"

namespace acc::test {
namespace {

constexpr unsigned kThreads = 128;
constexpr uint64_t kOffsets = Machine::kData + 0x1000, kValues = Machine::kData + 0x2000,
                   kOut = Machine::kData + 0x8000, kArena = Machine::kData + 0x100000;
constexpr unsigned kArenaBytes = 4096; // also the size of shared and of local memory in these tests

struct Width {
    const char* load;
    const char* store;
    unsigned bytes;
    bool is_signed;
};
const Width kWidths[] = {{"u8", "b8", 1, false},     {"s8", "b8", 1, true},
                         {"u16", "b16", 2, false},   {"s16", "b16", 2, true},
                         {"b32", "b32", 4, false},   {"b64", "b64", 8, false},
                         {"b128", "b128", 16, false}};

/// Offsets of the threads: multiples of `bytes` below kArenaBytes.
using Pattern = std::function<unsigned(unsigned thread, unsigned bytes)>;
struct NamedPattern {
    const char* name;
    Pattern offset;
    bool distinct; ///< no two threads of the block at one offset
};
const NamedPattern kPatterns[] = {
    {"unit stride", [](unsigned t, unsigned n) { return t * n; }, true},
    {"one address", [](unsigned, unsigned n) { return 5 * n; }, false},
    {"one address a half warp", [](unsigned t, unsigned n) { return t / 16 * 3 * n; }, false},
    {"rows of 16",
     [](unsigned t, unsigned n) {
         return (t % 16 + t / 16 % 2 * 100 + t / 32 * 24) * n % kArenaBytes;
     },
     false},
    {"reversed", [](unsigned t, unsigned n) { return (kThreads - 1 - t) * n; }, true},
    {"stride two", [](unsigned t, unsigned n) { return t * 2 * n % kArenaBytes; }, false},
    {"scattered", [](unsigned t, unsigned n) { return t * 37 % kThreads * n; }, true},
};

class Memory : public ::testing::Test {
  protected:
    void SetUp() override {
        std::mt19937 bits(7);
        for (unsigned i = 0; i < kArenaBytes; ++i)
            initial_[i] = static_cast<uint8_t>(bits());
        for (unsigned t = 0; t < kThreads * 4; ++t)
            values_[t] = bits();
    }
    void prepare(const NamedPattern& pattern, unsigned bytes) {
        std::memcpy(machine_.at<uint8_t>(kArena), initial_, kArenaBytes);
        std::memcpy(machine_.at<uint8_t>(kValues), values_, sizeof values_);
        std::memset(machine_.at<uint8_t>(kOut), 0xee, 0x8000);
        for (unsigned t = 0; t < kThreads; ++t)
            machine_.word<uint32_t>(kOffsets + 4 * t) = offset_[t] = pattern.offset(t, bytes);
    }
    void run(const std::string& body, bool partial, unsigned shared = 0, unsigned local = 0) {
        std::string text = R"(
        mov.sr64 r2, sr_kernarg
        mov.sr r4, sr_tid_x
        ld.global.b32 r5, [r2 + r4<<2 + 4096]
        ld.global.b128 r12, [r2 + r4<<4 + 8192]
        iadd.b64 r8, r2, 0x100000
)";
        if (partial) text += "and.b32 r6, r4, 3\nisetp.s32.eq p0, r6, 1\n@p0 bra skip\n";
        text += body + R"(
skip:   st.global.b128 [r2 + r4<<4 + 32768], r16
        exit
)";
        machine_.load(text);
        LaunchShape shape;
        shape.block[0] = kThreads;
        shape.shared = shared;
        shape.local = local;
        const Outcome o = machine_.run(shape);
        ASSERT_EQ(o.result, model::RunResult::Done)
            << "cause " << o.fault.cause << " pc +" << o.fault.pc - Machine::kCode << text;
    }
    static bool skipped(unsigned t, bool partial) { return partial && t % 4 == 1; }
    /// The words a load gives.
    std::array<uint32_t, 4> loaded(const uint8_t* memory, const Width& w) {
        std::array<uint32_t, 4> r{};
        std::memcpy(r.data(), memory, w.bytes);
        if (w.is_signed && w.bytes < 4 && memory[w.bytes - 1] & 0x80) r[0] |= ~0u << (8 * w.bytes);
        return r;
    }
    void expect_loaded(const Width& w, const char* what, bool partial) {
        for (unsigned t = 0; t < kThreads; ++t) {
            std::array<uint32_t, 4> want{};
            if (!skipped(t, partial)) want = loaded(initial_ + offset_[t], w);
            for (unsigned i = 0; i < 4; ++i)
                ASSERT_EQ(machine_.word<uint32_t>(kOut + 16 * t + 4 * i), want[i])
                    << w.load << " " << what << " thread " << t << " word " << i << " partial "
                    << partial;
        }
    }
    void expect_stored(const Width& w, const uint8_t* memory, const char* what, bool partial) {
        uint8_t want[kArenaBytes];
        std::memcpy(want, initial_, kArenaBytes);
        for (unsigned t = 0; t < kThreads; ++t)
            if (!skipped(t, partial)) std::memcpy(want + offset_[t], values_ + 4 * t, w.bytes);
        ASSERT_EQ(std::memcmp(want, memory, kArenaBytes), 0)
            << w.store << " " << what << " partial " << partial;
    }
    Machine machine_;
    uint8_t initial_[kArenaBytes];
    uint32_t values_[kThreads * 4];
    unsigned offset_[kThreads];
};

/// Copies the arena into shared memory at the start, and back at the end.
const char* const kFillShared = R"(
        shl.b32 r30, r4, 5
        iadd.b64 r32, r8, 16
        ld.global.b128 r20, [r8 + r30]
        st.shared.b128 [r30], r20
        ld.global.b128 r20, [r32 + r30]
        st.shared.b128 [r30 + 16], r20
        bar.sync 0, rz
)";

TEST_F(Memory, LoadsOfGlobalConstAndGenericSpace) {
    for (const Width& w : kWidths)
        for (const NamedPattern& p : kPatterns)
            for (const bool partial : {false, true})
                for (const char* space : {"global", "const", "generic"}) {
                    prepare(p, w.bytes);
                    run(std::string("ld.") + space + "." + w.load + " r16, [r8 + r5]\n", partial);
                    expect_loaded(w, p.name, partial);
                    // the same through a 64-bit register without an index, and a negative offset
                    prepare(p, w.bytes);
                    run(std::string(
                            "zext.u32 r10, r5\niadd.b64 r10, r10, r8\niadd.b64 r10, r10, 64\nld.") +
                            space + "." + w.load + " r16, [r10 - 64]\n",
                        partial);
                    expect_loaded(w, p.name, partial);
                }
}

TEST_F(Memory, LoadsOfSharedMemory) {
    for (const Width& w : kWidths)
        for (const NamedPattern& p : kPatterns)
            for (const bool partial : {false, true}) {
                // the arena is in shared memory before threads drop out
                for (const bool generic : {false, true}) {
                    prepare(p, w.bytes);
                    std::string body = kFillShared;
                    if (partial) body += "isetp.s32.eq p1, r6, 1\n@p1 bra skip\n";
                    body += generic ? std::string("movi.b64 r10, 0x0100000000000000\nld.generic.") +
                                          w.load + " r16, [r10 + r5]\n"
                                    : std::string("ld.shared.") + w.load + " r16, [r5]\n";
                    if (partial) body = "and.b32 r6, r4, 3\n" + body;
                    run(body, false, kArenaBytes);
                    expect_loaded(w, p.name, partial);
                }
            }
}

TEST_F(Memory, SharedMemoryBeginsAsZerosWhereAsked) {
    machine_.load(R"(
        mov.sr64 r2, sr_kernarg
        mov.sr r4, sr_tid_x
        shl.b32 r5, r4, 2
        ld.shared.b32 r6, [r5]
        st.shared.b32 [r5], r2
        st.global.b32 [r2 + r4<<2 + 32768], r6
        exit
)");
    LaunchShape shape;
    shape.block[0] = kThreads;
    shape.shared = kThreads * 4;
    shape.clean = true;
    for (int round = 0; round < 2; ++round) {
        ASSERT_EQ(machine_.run(shape).result, model::RunResult::Done);
        for (unsigned t = 0; t < kThreads; ++t)
            ASSERT_EQ(machine_.word<uint32_t>(kOut + 4 * t), 0u) << "thread " << t;
    }
}

TEST_F(Memory, StoresToGlobalMemory) {
    for (const Width& w : kWidths)
        for (const NamedPattern& p : kPatterns)
            for (const bool partial : {false, true})
                for (const char* space : {"global", "generic"}) {
                    if (!p.distinct || w.is_signed) continue;
                    prepare(p, w.bytes);
                    run(std::string("st.") + space + "." + w.store + " [r8 + r5], r12\n", partial);
                    expect_stored(w, machine_.at<uint8_t>(kArena), p.name, partial);
                }
}

TEST_F(Memory, StoresToSharedMemory) {
    for (const Width& w : kWidths)
        for (const NamedPattern& p : kPatterns)
            for (const bool partial : {false, true}) {
                if (!p.distinct || w.is_signed) continue;
                prepare(p, w.bytes);
                std::string body = "and.b32 r6, r4, 3\nisetp.s32.eq p1, r6, 1\n";
                body += kFillShared;
                body += std::string(partial ? "@!p1 " : "") + "st.shared." + w.store +
                        " [r5], r12\nbar.sync 0, rz\n";
                body += "ld.shared.b128 r20, [r30]\nst.global.b128 [r8 + r30], r20\nld.shared.b128 "
                        "r20, [r30 + 16]\nst.global.b128 [r32 + r30], r20\n";
                run(body, false, kArenaBytes);
                expect_stored(w, machine_.at<uint8_t>(kArena), p.name, partial);
            }
}

TEST_F(Memory, LocalMemoryIsPrivateAndByteAddressed) {
    // Each thread fills 64 bytes of its own from its values, word by word, and reads an element
    // back at its own offset.
    for (const Width& w : kWidths)
        for (const bool generic : {false, true})
            for (const bool same_offset : {false, true}) {
                prepare({"",
                         [&](unsigned t, unsigned n) {
                             return same_offset ? 16 : t * 5 % (64 / n) * n;
                         },
                         false},
                        w.bytes);
                std::string body;
                for (int i = 0; i < 4; ++i)
                    body += "st.local.b128 [rz + " + std::to_string(16 * i) + "], r12\n";
                body += generic ? std::string("movi.b64 r10, 0x0200000000000000\nld.generic.") +
                                      w.load + " r16, [r10 + r5]\n"
                                : std::string("ld.local.") + w.load + " r16, [r5]\n";
                run(body, false, 0, 64);
                for (unsigned t = 0; t < kThreads; ++t) {
                    const auto* bytes = reinterpret_cast<const uint8_t*>(values_ + 4 * t);
                    uint8_t memory[32];
                    std::memcpy(memory, bytes, 16);
                    std::memcpy(memory + 16, bytes, 16);
                    const auto want = loaded(memory + offset_[t] % 16, w);
                    ASSERT_EQ(machine_.word<uint32_t>(kOut + 16 * t), want[0])
                        << w.load << " thread " << t;
                }
                if (w.is_signed) continue;
                run(std::string("st.local.b128 [rz], rz\nst.local.b128 [rz + 16], rz\n") +
                        (generic ? "movi.b64 r10, 0x0200000000000000\nst.generic." +
                                       std::string(w.store) + " [r10 + 16], r12\n"
                                 : "st.local." + std::string(w.store) + " [rz + 16], r12\n") +
                        "ld.local.b128 r16, [rz + 16]\n",
                    false, 0, 64);
                for (unsigned t = 0; t < kThreads; ++t)
                    ASSERT_EQ(machine_.word<uint32_t>(kOut + 16 * t),
                              w.bytes >= 4 ? values_[4 * t]
                                           : values_[4 * t] & ((1u << 8 * w.bytes) - 1));
            }
}

TEST_F(Memory, IndicesAreScaledAndExtended) {
    prepare(kPatterns[0], 4);
    run(R"(
        mov.b32 r20, -3
        ld.global.b32 r16, [r8 + r20<<2 + 100]
        ld.global.b32 r17, [r8 + r4<<4]
        movi.b64 r22, -17179869184
        iadd.b64 r22, r22, r8
        mov.b32 r20, 0x80000001
        ld.global.b32.uidx r18, [r22 + r20<<3]
)",
        false);
    for (unsigned t = 0; t < kThreads; ++t) {
        uint32_t want[3];
        std::memcpy(&want[0], initial_ + 88, 4);
        std::memcpy(&want[1], initial_ + 16 * t, 4);
        std::memcpy(&want[2], initial_ + 8, 4);
        for (int i = 0; i < 3; ++i)
            ASSERT_EQ(machine_.word<uint32_t>(kOut + 16 * t + 4 * i), want[i]) << i;
    }
}

TEST_F(Memory, OneInstructionMayReachAllSpaces) {
    prepare(kPatterns[0], 4);
    run(R"(
        st.shared.b32 [rz], r4
        st.local.b32 [rz], r12
        bar.sync 0, rz
        and.b32 r20, r4, 3
        mov.b64 r22, r8
        isetp.s32.eq p0, r20, 0
@p0     movi.b64 r22, 0x0100000000000000
        isetp.s32.eq p1, r20, 1
@p1     movi.b64 r22, 0x0200000000000000
        st.shared.b32 [rz], rz
        bar.sync 0, rz
        ld.generic.b32 r16, [r22]
)",
        false, 64, 64);
    uint32_t first;
    std::memcpy(&first, initial_, 4);
    for (unsigned t = 0; t < kThreads; ++t)
        ASSERT_EQ(machine_.word<uint32_t>(kOut + 16 * t), t % 4 == 0   ? 0
                                                          : t % 4 == 1 ? values_[4 * t]
                                                                       : first);
}

// ---- atomics
struct Atomic {
    const char* name;
    unsigned bytes;
    uint64_t (*next)(uint64_t old, uint64_t c); ///< independent of the order of the threads, see
                                                ///< below
};
uint64_t f32_sum(uint64_t a, uint64_t b) {
    return std::bit_cast<uint32_t>(std::bit_cast<float>(static_cast<uint32_t>(a)) +
                                   std::bit_cast<float>(static_cast<uint32_t>(b)));
}
uint64_t f64_sum(uint64_t a, uint64_t b) {
    return std::bit_cast<uint64_t>(std::bit_cast<double>(a) + std::bit_cast<double>(b));
}
const Atomic kAtomics[] = {
    {"add.b32", 4, [](uint64_t o, uint64_t c) { return o + c; }},
    {"add.b64", 8, [](uint64_t o, uint64_t c) { return o + c; }},
    {"add.f32", 4, f32_sum},
    {"add.f64", 8, f64_sum},
    {"min.s32", 4,
     [](uint64_t o, uint64_t c) -> uint64_t {
         return static_cast<uint32_t>(std::min(static_cast<int32_t>(o), static_cast<int32_t>(c)));
     }},
    {"max.u32", 4, [](uint64_t o, uint64_t c) { return std::max(o, c); }},
    {"min.u64", 8, [](uint64_t o, uint64_t c) { return std::min(o, c); }},
    {"max.s64", 8,
     [](uint64_t o, uint64_t c) {
         return static_cast<uint64_t>(std::max(static_cast<int64_t>(o), static_cast<int64_t>(c)));
     }},
    {"and.b32", 4, [](uint64_t o, uint64_t c) { return o & c; }},
    {"or.b64", 8, [](uint64_t o, uint64_t c) { return o | c; }},
    {"xor.b32", 4, [](uint64_t o, uint64_t c) { return o ^ c; }},
    {"exch.b32", 4, [](uint64_t, uint64_t c) { return c; }},
    {"exch.b64", 8, [](uint64_t, uint64_t c) { return c; }},
    {"inc.u32", 4, [](uint64_t o, uint64_t c) -> uint64_t { return o >= c ? 0 : o + 1; }},
    {"dec.u32", 4, [](uint64_t o, uint64_t c) -> uint64_t { return o == 0 || o > c ? c : o - 1; }},
};

TEST_F(Memory, AtomicsReturnTheOldValueAndUpdate) {
    for (const Atomic& a : kAtomics)
        for (const char* space : {"global", "generic", "shared"})
            for (const bool partial : {false, true})
                for (const bool together : {false, true}) { // all threads at one address: lanes are
                                                            // served in order
                    prepare(together ? kPatterns[1] : kPatterns[6], a.bytes);
                    // small whole numbers, so that floating sums are exact
                    uint64_t operand[kThreads], memory[kThreads];
                    for (unsigned t = 0; t < kThreads; ++t) {
                        operand[t] = std::strstr(a.name, "f32")
                                         ? std::bit_cast<uint32_t>(static_cast<float>(t))
                                     : std::strstr(a.name, "f64")
                                         ? std::bit_cast<uint64_t>(static_cast<double>(t))
                                         : t * 3 + 1;
                        memory[t] = std::strstr(a.name, ".f") ? 0 : t + 20;
                    }
                    for (unsigned t = 0; t < kThreads; ++t) {
                        std::memcpy(machine_.at<char>(kValues + 16 * t), &operand[t], 8);
                        std::memcpy(machine_.at<char>(kArena + t * a.bytes), &memory[t], a.bytes);
                    }
                    const bool shared = space[0] == 's';
                    std::string body = shared ? std::string("and.b32 r6, r4, 3\n") + kFillShared
                                              : "";
                    if (shared && partial) body += "isetp.s32.eq p1, r6, 1\n@p1 bra away\n";
                    body += std::string("zext.u32 r10, r5\niadd.b64 r10, r10, r8\natom.") + space +
                            "." + a.name +
                            (shared ? ".cta r16, [r5], r12\n" : ".gpu r16, [r10], r12\n");
                    if (shared)
                        body += "away: bar.sync 0, rz\nld.shared.b128 r20, [r30]\nst.global.b128 "
                                "[r8 + r30], r20\nld.shared.b128 r20, [r30 + 16]\nst.global.b128 "
                                "[r32 + r30], r20\n";
                    run(body, partial && !shared, kArenaBytes);
                    for (unsigned t = 0; t < kThreads; ++t) {
                        if (skipped(t, partial)) continue;
                        uint64_t& place = memory[offset_[t] / a.bytes];
                        uint64_t old = 0;
                        std::memcpy(&old, machine_.at<char>(kOut + 16 * t), a.bytes);
                        ASSERT_EQ(old, place) << a.name << " " << space << " thread " << t
                                              << " partial " << partial << " together " << together;
                        place = a.next(place, operand[t]);
                    }
                    for (unsigned t = 0; t < kThreads; ++t) {
                        uint64_t now = 0;
                        std::memcpy(&now, machine_.at<char>(kArena + t * a.bytes), a.bytes);
                        ASSERT_EQ(now, a.bytes == 4 ? memory[t] & 0xffffffff : memory[t])
                            << a.name << " " << space << " element " << t;
                    }
                }
}

TEST_F(Memory, AtomicsThroughGenericAddressesReachLocalMemory) {
    for (const Atomic& a : kAtomics)
        for (const bool partial : {false, true}) {
            prepare(kPatterns[0], 16);
            const auto number = [&](unsigned n) -> uint64_t { // exact in every type
                return std::strstr(a.name, "f32") ? std::bit_cast<uint32_t>(static_cast<float>(n))
                       : std::strstr(a.name, "f64")
                           ? std::bit_cast<uint64_t>(static_cast<double>(n))
                           : n;
            };
            for (unsigned t = 0; t < kThreads; ++t) {
                const uint64_t pair[2] = {number(3 * t + 1), number(t + 20)};
                std::memcpy(machine_.at<char>(kValues + 16 * t), pair, sizeof pair);
            }
            // The second value of a thread goes to its own offset 8 or 24, the first is the
            // operand.
            run(std::string("and.b32 r5, r4, 1\nshl.b32 r5, r5, 4\niadd.b32 r5, r5, 8\n"
                            "st.local.b64 [r5], r14\n"
                            "zext.u32 r10, r5\nmovi.b64 r18, ") +
                    std::to_string(ACC_LOCAL_APERTURE) + "\niadd.b64 r10, r10, r18\natom.generic." +
                    a.name + ".gpu r16, [r10], r12\nld.local.b64 r18, [r5]\n",
                partial, 0, kArenaBytes);
            for (unsigned t = 0; t < kThreads; ++t) {
                if (skipped(t, partial)) continue;
                uint64_t got[2], old = number(t + 20), next = a.next(old, number(3 * t + 1));
                std::memcpy(got, machine_.at<char>(kOut + 16 * t), sizeof got);
                const uint64_t width = a.bytes == 4 ? 0xffffffff : ~uint64_t{0};
                ASSERT_EQ(got[0] & width, old & width) << a.name << " thread " << t;
                ASSERT_EQ(got[1] & width, next & width) << a.name << " thread " << t;
            }
        }
}

TEST_F(Memory, CompareAndSwap) {
    prepare(kPatterns[0], 16);
    run(R"(
        ld.global.b128 r20, [r8 + r5]
        isetp.s32.lt p0, r4, 64
@p0     iadd.b32 r23, r23, 1
        atom.global.cas.b128.gpu r16, [r8 + 0], r20, r12
        zext.u32 r10, r5
        iadd.b64 r10, r10, r8
        atom.global.cas.b64.gpu r18, [r10 + 8], r22, r14
        atom.global.cas.b16.gpu r17, [r10 + 4], r21, r13
)",
        false);
    for (unsigned t = 1; t < kThreads; ++t) {
        const auto* now = machine_.at<uint8_t>(kArena + 16 * t);
        uint64_t high = 0, want = 0;
        std::memcpy(&high, now + 8, 8);
        std::memcpy(&want,
                    t < 64 ? reinterpret_cast<const char*>(initial_ + 16 * t + 8)
                           : reinterpret_cast<const char*>(values_ + 4 * t + 2),
                    8);
        ASSERT_EQ(high, want) << t; // the first 64 compared with something else
        ASSERT_EQ(std::memcmp(now + 4, values_ + 4 * t + 1, 2), 0);
        ASSERT_EQ(std::memcmp(now + 6, initial_ + 16 * t + 6, 2), 0);
    }
}

} // namespace
} // namespace acc::test
