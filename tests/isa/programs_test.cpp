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

void load(Machine& machine, const std::string& text, uint64_t seed) {
    machine.load(text);
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
        load(interpreted, program.text(), seed);
        load(translated, program.text(), seed);
        const Outcome one = interpreted.run(program.shape(), 2);
        const Outcome other = translated.run(program.shape(), 2);
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

} // namespace
} // namespace acc::test
