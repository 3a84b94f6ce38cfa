// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random programs that come to their end (structured_program.h): the interpreter and translated
// code leave the same in memory, to the bit. ACC_TEST_PROGRAMS=FIRST:COUNT chooses which.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "tests/isa/structured_program.h"

namespace acc::test {
namespace {

constexpr uint64_t kData = Machine::kData, kBytes = 0x210000;

void fill(Machine& machine, uint64_t seed) {
    std::mt19937_64 bits(seed);
    constexpr uint64_t kSpecial[] = {0,          1,          0x8000000000000000, 0x3f80000040000000,
                                     0x7f800000, 0xff800001, 0x7ff0000000000000, ~0ull};
    for (uint64_t at = 0; at < 0x10000; at += 8) // two blocks of up to 128 threads
        machine.word<uint64_t>(kData + StructuredProgram::kThreadData +
                               at) = bits() % 4 ? bits() : kSpecial[bits() % 8];
}

/// The first word that differs, or 0.
uint64_t difference(Machine& a, Machine& b) {
    for (uint64_t at = kData; at < kData + kBytes; at += 8)
        if (a.word<uint64_t>(at) != b.word<uint64_t>(at)) return at;
    return 0;
}

std::string how(const Outcome& o) {
    if (o.result == model::RunResult::Done) return "ends";
    return o.result == model::RunResult::Fault
               ? "faults " + std::to_string(o.fault.cause) + " at +" +
                     std::to_string(o.fault.pc - Machine::kCode)
               : "does not end";
}

void clear(Machine& machine, uint64_t seed) {
    std::memset(machine.at<char>(kData), 0, kBytes);
    fill(machine, seed);
}

TEST(Programs, AreTheSameInBothExecutors) {
    uint64_t first = 1, count = 40;
    if (const char* wanted = std::getenv("ACC_TEST_PROGRAMS")) {
        char* end = nullptr;
        first = std::strtoull(wanted, &end, 0);
        if (*end == ':') count = std::strtoull(end + 1, nullptr, 0);
    }
    Machine interpreted(nullptr, false), translated(nullptr, true);
    uint64_t ended = 0, different = 0;
    for (uint64_t seed = first; seed < first + count; ++seed) {
        const StructuredProgram program(seed);
        interpreted.load(program.text());
        translated.load(program.text());
        clear(interpreted, seed);
        const Outcome one = interpreted.run(program.shape(), 2);
        Outcome other;
        // The second time it is known where jumps through registers go.
        const bool jumps = program.text().find("brx ") != std::string::npos ||
                           program.text().find("callx ") != std::string::npos;
        for (int turn = 0; turn < (jumps ? 2 : 1); ++turn) {
            clear(translated, seed);
            other = translated.run(program.shape(), 2);
        }
        ended += one.result == model::RunResult::Done;
        EXPECT_EQ(one.result, other.result) << "program " << seed << ": the interpreter "
                                            << how(one) << ", translated " << how(other);
        uint64_t at = 0;
        if (one.result == model::RunResult::Done && other.result == model::RunResult::Done)
            at = difference(interpreted, translated);
        EXPECT_EQ(at, 0u) << "program " << seed << ": at data + " << at - kData << " "
                          << interpreted.word<uint64_t>(at ? at : kData) << ", translated "
                          << translated.word<uint64_t>(at ? at : kData) << " (8 bytes)";
        different += at != 0 || one.result != other.result;
        if (const char* folder = std::getenv("ACC_TEST_PROGRAMS_KEEP")) {
            if (!at && one.result == other.result) continue;
            const std::string path = std::string(folder) + "/" + std::to_string(seed) + ".s";
            if (std::FILE* file = std::fopen(path.c_str(), "w")) {
                std::fputs(program.text().c_str(), file);
                std::fclose(file);
            }
        }
    }
    std::printf("%llu programs, %llu to their end, %llu different\n",
                static_cast<unsigned long long>(count), static_cast<unsigned long long>(ended),
                static_cast<unsigned long long>(different));
    EXPECT_GE(ended * 10, count * 9) << "too few programs come to their end";
}

/// Rows of memory, one for each thread, in a block that fills no warp: what a shuffle finds in
/// threads that there are not is the same.
TEST(Programs, RowsOfThreadsThatAreNone) {
    const std::string text = R"(
        mov.sr64 r24, sr_kernarg
        mov.sr r28, sr_tid_x
        shl.b32 r28, r28, 8
        ld.global.b128 r12, [r24 + r28 + 2097152]
        ld.global.b128 r20, [r24 + r28 + 2097184]
        mov.b32 r23, 9
        shfl.bfly{clamp=31} r16|p2, r14, r23, -1
        shfl.bfly{clamp=31} r17|p2, r21, r23, -1
        st.global.b64 [r24 + r28], r16
        exit
)";
    LaunchShape shape;
    shape.block[0] = 8;
    shape.grid[0] = 200; // the first access of all is the interpreter's
    Machine interpreted(nullptr, false), translated(nullptr, true);
    for (Machine* machine : {&interpreted, &translated}) {
        machine->load(text);
        clear(*machine, 1);
        for (uint32_t i = 0; i < 32 * 64; ++i)
            machine->word<uint32_t>(kData + 2097152 + 4 * i) = i + 1;
        ASSERT_EQ(machine->run(shape).result, model::RunResult::Done);
    }
    EXPECT_EQ(difference(interpreted, translated), 0u);
}

/// Square roots of what has none, and of what is no number: the canonical one.
TEST(Programs, RootsThatAreNoNumbers) {
    const std::string text = R"(
        mov.sr64 r24, sr_kernarg
        mov.sr r28, sr_tid_x
        shl.b32 r28, r28, 4
        ld.global.b64 r10, [r24 + r28 + 2097152]
        fsqrt.f64 r20, r10
        fsqrt.f32 r22, r11
        st.global.b64 [r24 + r28], r20
        st.global.b32 [r24 + r28 + 8], r22
        exit
)";
    constexpr uint64_t kInputs[] = {0xbff0000000000000, 0xffffffffe12267bd, 0x7ff0000000000001,
                                    0x8000000000000000, 0x8000000000000001, 0x4010000000000000,
                                    0xfff0000000000000, 0x7ff8000012345678};
    for (const bool translated : {false, true}) {
        Machine machine(nullptr, translated);
        machine.load(text);
        LaunchShape shape;
        for (unsigned t = 0; t < 32; ++t)
            machine.word<uint64_t>(kData + 2097152 + 16 * t) = kInputs[t % 8];
        ASSERT_EQ(machine.run(shape).result, model::RunResult::Done);
        for (unsigned t = 0; t < 32; ++t) {
            const uint64_t wide = machine.word<uint64_t>(kData + 16 * t);
            const uint32_t narrow = machine.word<uint32_t>(kData + 16 * t + 8);
            const unsigned i = t % 8;
            EXPECT_EQ(wide, i == 3   ? kInputs[3]
                            : i == 5 ? 0x4000000000000000
                                     : 0x7fffffffffffffff)
                << translated << " " << t;
            if (i != 3 && i != 4 && i != 5)
                EXPECT_EQ(narrow, 0x7fffffffu) << translated << " " << t;
        }
    }
}

} // namespace
} // namespace acc::test
