// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// More than a million mutated inputs, the same ones every time. A crash prints the target and the
// number of the input; `mutation_fuzz --target NAME --input N --write FILE` writes it.
#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <unistd.h>

#include "tests/fuzz/mutate.h"
#include "tests/fuzz/seeds.h"
#include "tests/fuzz/targets.h"

namespace acc::fuzz {
namespace {

const char* g_target = "";
volatile uint64_t g_input = 0;

/// Says which input it was; the default action follows.
void report(int signal) {
    char text[160];
    const int n = std::snprintf(text, sizeof text,
                                "mutation_fuzz: crash in target %s, input %llu\n", g_target,
                                static_cast<unsigned long long>(g_input));
    [[maybe_unused]] const auto written = write(STDERR_FILENO, text, static_cast<size_t>(n));
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

std::vector<uint8_t> input(const std::vector<std::vector<uint8_t>>& pool, uint64_t n) {
    return Mutator(n * 0x2545f4914f6cdd1d + 1).mutate(pool[n % pool.size()]);
}

class MutationFuzz : public testing::TestWithParam<Target> {};

/// ACC_FUZZ_INPUTS sets the number of inputs per target.
uint64_t inputs_per_target() {
    const char* text = std::getenv("ACC_FUZZ_INPUTS");
    return text != nullptr ? std::strtoull(text, nullptr, 10) : 250'000;
}

TEST_P(MutationFuzz, ReturnsOnEveryInput) {
    const Target target = GetParam();
    const auto pool = seeds(target.name);
    for (const auto& seed : pool)
        target.run(seed);
    g_target = target.name;
    for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE})
        std::signal(signal, report);
    uint64_t accepted = 0;
    // One word list is as long as several hundred of the other inputs.
    const uint64_t count = std::string_view(target.name) == "words" ? inputs_per_target() / 100
                                                                    : inputs_per_target();
    for (uint64_t n = 0; n < count; ++n) {
        g_input = n;
        accepted += target.run(input(pool, n));
    }
    RecordProperty("inputs", std::to_string(count));
    RecordProperty("accepted", std::to_string(accepted));
    // If nearly everything is refused at the first check, the mutations test nothing.
    EXPECT_GT(accepted, count / 1000);
    EXPECT_LT(accepted, count);
}

INSTANTIATE_TEST_SUITE_P(, MutationFuzz, testing::ValuesIn(kTargets),
                         [](const auto& info) { return std::string(info.param.name); });

} // namespace

int write_input(std::string_view name, uint64_t n, const char* path) {
    for (const Target& target : kTargets) {
        if (name != target.name) continue;
        const std::vector<uint8_t> bytes = input(seeds(target.name), n);
        std::ofstream(path, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
        return 0;
    }
    return 2;
}

} // namespace acc::fuzz

int main(int argc, char** argv) {
    if (argc == 7 && std::string_view(argv[1]) == "--target" &&
        std::string_view(argv[3]) == "--input" && std::string_view(argv[5]) == "--write")
        return acc::fuzz::write_input(argv[2], std::strtoull(argv[4], nullptr, 10), argv[6]);
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
