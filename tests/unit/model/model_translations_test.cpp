// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// When kernels get host code (driver/model/src/translations.h), with a translator whose code only
// counts: at once or behind the launches, anew after a change of the code, never without a library.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <sstream>
#include <string>
#include <system_error>
#include <thread>

#include "driver/model/src/translations.h"
#include "tests/unit/model/program_rig.h"

namespace acc::model::test {
namespace {

std::atomic<uint64_t> warps_translated{0}, translations_made{0}, loads{0};

uint32_t count_warps(TranslatedBlock*, TranslatedWarp* const*, uint32_t count) {
    warps_translated += count;
    return kContinue;
}

std::atomic<bool> large{false}, kept{false}; ///< what jobs say of themselves
std::atomic<size_t> instructions_of_job{0};  ///< likewise; 0: what they have
std::atomic<bool> damaged{false};            ///< what is kept cannot be used
/// Making one takes until this is false again, and has begun.
std::atomic<bool> takes_long{false}, making{false};

struct CountingJob final : TranslationJob {
    explicit CountingJob(std::vector<CodeWord> words) : code(std::move(words)) {}
    size_t instructions() const override {
        if (instructions_of_job) return instructions_of_job;
        return large ? size_t{1} << 40 : code.size();
    }
    bool is_kept() const override { return kept; }
    std::shared_ptr<const Translation> take_kept() override {
        return damaged ? nullptr : translation();
    }
    std::shared_ptr<const Translation> run(Refusal&) override {
        making = true;
        while (takes_long)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return translation();
    }
    std::shared_ptr<const Translation> translation() const {
        auto made = std::make_shared<Translation>();
        made->code_entry = count_warps;
        made->stacks = Stacks::None;
        made->code = code;
        ++translations_made;
        return made;
    }
    std::vector<CodeWord> code;
};

struct CountingTranslator final : Translator {
    std::unique_ptr<TranslationJob> read(const Launch& launch, const IndirectTargets&,
                                         Refusal&) override {
        const uint8_t* at = launch.vm->window + (launch.entry - launch.vm->base);
        return std::make_unique<CountingJob>(std::vector<CodeWord>{{0, isa::load_word(at)}});
    }
};

std::unique_ptr<Translator> load_counting() {
    ++loads;
    return std::make_unique<CountingTranslator>();
}
std::unique_ptr<Translator> load_nothing() {
    ++loads;
    throw std::system_error(std::make_error_code(std::errc::no_such_file_or_directory), "none");
}

/// A loop of some thousands of turns.
const std::string kLoop = kPrologue + R"(
        mov.b32 r11, 0
again:  iadd.b32 r11, r11, 1
        isetp.u32.lt p0, r11, 4096
@p0     bra again
)";
/// Then each thread stores its number.
const std::string kLong = kLoop + "st.global.b32 [r6 + r10<<2], r10\n exit\n";

class TranslationsTest : public EndToEndTest {
  protected:
    explicit TranslationsTest(std::unique_ptr<Translations> translations)
        : EndToEndTest(Rig::list_of(make_interpreter(nullptr, std::move(translations)))) {
        warps_translated = translations_made = loads = 0;
        large = kept = damaged = takes_long = making = false;
        instructions_of_job = 0;
    }
    /// Launches until `done` says so, or for ten seconds.
    template <class F>
    bool launch_until(F done) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!done() && std::chrono::steady_clock::now() < end)
            if (!completes(kernel(64, 64))) return false;
        return done();
    }
};

struct AtOnce : TranslationsTest {
    AtOnce() : TranslationsTest(std::make_unique<Translations>(load_counting())) {}
};

TEST_P(AtOnce, TheFirstLaunchIsTranslated) {
    load(kLong);
    ASSERT_TRUE(completes(kernel(10, 64)));
    EXPECT_EQ(warps_translated, 20u);
    ASSERT_TRUE(completes(kernel(10, 64)));
    EXPECT_EQ(warps_translated, 40u);
    EXPECT_EQ(translations_made, 1u);
}

TEST_P(AtOnce, AnotherSizeOfBlockIsAnotherTranslation) {
    load(kLong);
    ASSERT_TRUE(completes(kernel(10, 64)));
    ASSERT_TRUE(completes(kernel(10, 96)));
    EXPECT_EQ(translations_made, 2u);
    EXPECT_EQ(warps_translated, 50u);
}

TEST_P(AtOnce, ChangedCodeIsTranslatedAnew) {
    load(kLong);
    ASSERT_TRUE(completes(kernel(1, 32)));
    Packet flush = make_packet(ACC_PKT_CACHE);
    flush.cache.actions = ACC_CACHE_INVALIDATE_ICACHE;
    ASSERT_TRUE(completes(flush)); // the same code: looked at, and kept
    ASSERT_TRUE(completes(kernel(1, 32)));
    EXPECT_EQ(translations_made, 1u);
    load("mov.b32 r3, 1\n" + kLong);
    ASSERT_TRUE(completes(kernel(1, 32)));
    EXPECT_EQ(translations_made, 2u);
}

TEST_P(AtOnce, ParametersThatCannotBeReadAreTheInterpretersFault) {
    load(kLong);
    EXPECT_FALSE(queue.run(dispatch(kUnmappedVa, 1, 32, ACC_PKT_F_BARRIER)));
    ASSERT_TRUE(rig.chip->fault_pop(record));
    EXPECT_EQ(record.cause, ACC_FAULT_UNMAPPED);
    EXPECT_EQ(warps_translated, 0u);
}

/// What ACC_MODEL_TRANSLATOR_STATS writes of a kernel.
TEST(ExecutionCounts, SayWhatWasNotHostCode) {
    Launch launch;
    launch.entry = 0x1000;
    launch.block[0] = 64, launch.block[1] = launch.block[2] = 1;
    ExecutionCounts counts(launch);
    const auto text = [&] {
        std::ostringstream out;
        counts.print(out);
        return out.str();
    };
    EXPECT_EQ(text(), "kernel at 0x1000, block 64x1x1: not translated: not hot\n");
    counts.refused(Refusal::TooLarge, 0);
    EXPECT_EQ(text(), "kernel at 0x1000, block 64x1x1: not translated: too many instructions\n");
    counts.translated(42, 1.5, false);
    counts.handed_over(HandOver::Barrier, 0x1100, static_cast<uint16_t>(isa::Opcode::BAR_SYNC));
    counts.handed_over(HandOver::Barrier, 0x1100, static_cast<uint16_t>(isa::Opcode::BAR_SYNC));
    counts.interpreted(7);
    counts.executed(0x1010, static_cast<uint16_t>(isa::Opcode::BREV));
    EXPECT_EQ(text(), "kernel at 0x1000, block 64x1x1: translated, 42 instructions, 1.5 ms\n"
                      "  handed over 2: wait of part of a warp, bar.sync at +0x100\n"
                      "  interpreted 7: warp-instructions after that\n"
                      "  executed 1: brev.b32 at +0x10\n");
}

struct Behind : TranslationsTest {
    Behind() : TranslationsTest(std::make_unique<Translations>(&load_counting, nullptr)) {}
};

TEST_P(Behind, AFewLaunchesAreInterpreted) {
    load(kPrologue + "st.global.b32 [r6 + r10<<2], r10\n exit\n");
    for (int i = 0; i < 20; ++i)
        ASSERT_TRUE(completes(kernel(8, 64)));
    EXPECT_EQ(out()[511], 511u);
    EXPECT_EQ(loads, 0u); // the library is not even looked for
    EXPECT_EQ(warps_translated, 0u);
}

TEST_P(Behind, HotKernelsAreTranslated) {
    load(kLong);
    ASSERT_TRUE(completes(kernel(2, 64)));
    EXPECT_EQ(warps_translated, 0u);
    EXPECT_EQ(out()[127], 127u);
    EXPECT_TRUE(launch_until([] { return warps_translated > 0; })); // perhaps in the midst of a
                                                                    // grid
    EXPECT_EQ(loads, 1u);
    EXPECT_EQ(translations_made, 1u);
}

TEST_P(Behind, SmallLaunchesInTurnAddUp) {
    load(kPrologue + "st.global.b32 [r6 + r10<<2], r10\n exit\n");
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!warps_translated && std::chrono::steady_clock::now() < end)
        for (const uint32_t threads : {64u, 96u})
            ASSERT_TRUE(completes(kernel(1, threads)));
    EXPECT_GT(warps_translated, 0u);
}

TEST_P(Behind, AllocationsBetweenLaunchesMakeNoKernelCold) {
    load(kPrologue + "st.global.b32 [r6 + r10<<2], r10\n exit\n");
    Packet flush = make_packet(ACC_PKT_CACHE);
    flush.cache.actions = ACC_CACHE_INVALIDATE_ICACHE; // as what maps memory does
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!warps_translated && std::chrono::steady_clock::now() < end) {
        ASSERT_TRUE(completes(flush));
        ASSERT_TRUE(completes(kernel(8, 64)));
    }
    EXPECT_GT(warps_translated, 0u);
}

TEST_P(Behind, WhatTakesLongToTranslateMustBeHotter) {
    load(kLong);
    large = true;
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
    while (std::chrono::steady_clock::now() < end)
        ASSERT_TRUE(completes(kernel(8, 64)));
    EXPECT_EQ(loads, 1u);
    EXPECT_EQ(translations_made, 0u);
}

TEST_P(Behind, WhatAnotherProcessHasMadeIsUsedSoon) {
    load(kLong);
    large = kept = true;
    EXPECT_TRUE(launch_until([] { return warps_translated > 0; }));
}

TEST_P(Behind, WhatIsKeptDoesNotWaitForWhatIsBeingMade) {
    load(kLong);
    takes_long = true;
    EXPECT_TRUE(launch_until([] { return making.load(); }));
    kept = true;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!warps_translated && std::chrono::steady_clock::now() < end)
        EXPECT_TRUE(completes(kernel(64, 96)));
    EXPECT_GT(warps_translated, 0u);
    takes_long = false;
}

/// A grid that would take the interpreter a minute, of a kernel that takes two seconds to
/// translate.
TEST_P(Behind, BlocksOfALargeGridWaitForTheirCode) {
    load(kLoop + "exit\n");
    takes_long = true;
    instructions_of_job = 3000;
    queue.submit(kernel(1 << 20, 64));
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    const auto in_time = [&] { return std::chrono::steady_clock::now() < end; };
    while (!making && in_time())
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_TRUE(making); // although the interpreter has not spent two seconds on it yet
    uint64_t before = 0, now = rig.chip->counters().blocks;
    do {
        before = now;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        now = rig.chip->counters().blocks;
    } while (now != before && in_time());
    EXPECT_EQ(now, before); // those that had begun have ended, and no others begin
    takes_long = false;
    EXPECT_TRUE(queue.wait());
    EXPECT_GT(warps_translated, 1u << 20); // of 2 << 20
}

TEST_P(Behind, WhatIsKeptAndCannotBeUsedIsMade) {
    load(kLong);
    kept = damaged = true;
    EXPECT_TRUE(launch_until([] { return warps_translated > 0; }));
    EXPECT_TRUE(making);
}

struct WithoutLibrary : TranslationsTest {
    WithoutLibrary() : TranslationsTest(std::make_unique<Translations>(&load_nothing, nullptr)) {}
};

TEST_P(WithoutLibrary, EverythingIsInterpreted) {
    load(kLong);
    EXPECT_TRUE(launch_until([] { return loads > 0; }));
    std::memset(out(), 0, 64 * 64 * 4);
    for (int i = 0; i < 5; ++i)
        ASSERT_TRUE(completes(kernel(64, 64)));
    EXPECT_EQ(out()[64 * 64 - 1], 64u * 64 - 1);
    EXPECT_EQ(loads, 1u);
    EXPECT_EQ(warps_translated, 0u);
}

INSTANTIATE_TEST_SUITE_P(Units, AtOnce, testing::Values(1u, 3u));
INSTANTIATE_TEST_SUITE_P(Units, Behind, testing::Values(1u, 3u));
INSTANTIATE_TEST_SUITE_P(Units, WithoutLibrary, testing::Values(2u));

} // namespace
} // namespace acc::model::test
