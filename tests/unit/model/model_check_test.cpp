// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ACC_MODEL_EXEC=check (driver/model/src/check), with a translator whose code is a C++ function
// that is right or wrong.
#include <gtest/gtest.h>

#include "driver/model/src/check/checker.h"
#include "tests/unit/model/program_rig.h"

namespace acc::model::test {
namespace {

constexpr uint32_t kThreads = 64; ///< of a block
uint32_t wrong_thread = ~0u;      ///< stores another number in the function
bool one_word = false;            ///< that all threads write
bool refuses = false;             ///< nothing is translated

/// out[thread] = thread, or one word instead.
uint32_t store_numbers(TranslatedBlock* block, TranslatedWarp* const* warps, uint32_t count) {
    for (uint32_t w = 0; w < count; ++w)
        for (uint32_t lane = 0; lane < 32; ++lane) {
            const uint32_t thread = block->index[0] * kThreads + warps[w]->number * 32 + lane;
            const uint64_t va = kVramVa + kData + (one_word ? 0 : 4 * thread);
            *reinterpret_cast<uint32_t*>(block->window_offset + va) = one_word ? 77
                                                                      : thread == wrong_thread
                                                                          ? 123456
                                                                          : thread;
        }
    return kContinue;
}

struct FunctionJob final : TranslationJob {
    size_t instructions() const override { return 1; }
    std::shared_ptr<const Translation> run(Refusal&) override {
        auto made = std::make_shared<Translation>();
        made->code_entry = store_numbers;
        made->stacks = Stacks::None;
        return made;
    }
};
struct FunctionTranslator final : Translator {
    std::unique_ptr<TranslationJob> read(const Launch&, const IndirectTargets&,
                                         Refusal& why) override {
        if (!refuses) return std::make_unique<FunctionJob>();
        why = Refusal::TooLarge;
        return nullptr;
    }
};

const std::string kNumbers = kPrologue + "st.global.b32 [r6 + r10<<2], r10\n exit\n";
const std::string kOneWord = kPrologue + "st.global.b32 [r6], r10\n exit\n";

struct CheckTest : EndToEndTest {
    CheckTest()
        : EndToEndTest(
              Rig::list_of(std::make_unique<Checker>(std::make_unique<FunctionTranslator>()))) {
        wrong_thread = ~0u;
        one_word = refuses = false;
    }
    void SetUp() override {
        EndToEndTest::SetUp();
        std::memset(out(), 0xee, 4096 * 4);
    }
};

TEST_P(CheckTest, WhatIsTheSameRuns) {
    load(kNumbers);
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(completes(kernel(10, kThreads)));
    for (uint32_t i = 0; i < 10 * kThreads; ++i)
        ASSERT_EQ(out()[i], i);
    EXPECT_EQ(out()[10 * kThreads], 0xeeeeeeeeu);
}

TEST_P(CheckTest, ADifferenceFailsTheLaunchBeforeItRuns) {
    load(kNumbers);
    wrong_thread = 200;
    EXPECT_FALSE(queue.run(kernel(10, kThreads)));
    ASSERT_TRUE(rig.chip->fault_pop(record));
    EXPECT_EQ(record.cause, ACC_FAULT_TRAP);
    EXPECT_EQ(record.info, ACC_TRAP_CHECK);
    EXPECT_EQ(record.address, kVramVa + kData + 800);
    EXPECT_EQ(record.block[0], 200 / kThreads);
    for (uint32_t i = 0; i < 10 * kThreads; ++i)
        ASSERT_EQ(out()[i], 0xeeeeeeeeu);
}

TEST_P(CheckTest, AStoreThatOnlyTranslatedCodeMakesIsSeen) {
    load(kPrologue + "exit\n");
    EXPECT_FALSE(queue.run(kernel(1, kThreads)));
    ASSERT_TRUE(rig.chip->fault_pop(record));
    EXPECT_EQ(record.info, ACC_TRAP_CHECK);
}

TEST_P(CheckTest, WhatDependsOnTheOrderOfThreadsIsNoDifference) {
    load(kOneWord);
    one_word = true;
    ASSERT_TRUE(completes(kernel(10, kThreads)));
    EXPECT_LT(out()[0], 10 * kThreads);
}

/// The threads of one warp have parted, and either half may come last.
TEST_P(CheckTest, WhatDependsOnTheOrderOfPartedThreadsIsNoDifference) {
    load(kPrologue + R"(
        and.b32 r11, r10, 1
        isetp.s32.eq p0, r11, 0
        mov.b32 r12, 8
@p0     bra even
        st.global.b32 [r6], r12
        exit
even:   mov.b32 r12, 9
        st.global.b32 [r6], r12
        exit
)");
    one_word = true;
    ASSERT_TRUE(completes(kernel(1, 32)));
    EXPECT_TRUE(out()[0] == 8 || out()[0] == 9);
}

TEST_P(CheckTest, AFaultOfOneIsADifference) {
    load(kPrologue + "trap 5\n");
    EXPECT_FALSE(queue.run(kernel(10, kThreads)));
    ASSERT_TRUE(rig.chip->fault_pop(record));
    EXPECT_EQ(record.info, ACC_TRAP_CHECK);
    EXPECT_EQ(record.address, 0u);
}

TEST_P(CheckTest, WhatIsNotTranslatedRuns) {
    load(kNumbers);
    refuses = true;
    wrong_thread = 5;
    ASSERT_TRUE(completes(kernel(10, kThreads)));
    EXPECT_EQ(out()[5], 5u);
}

TEST_P(CheckTest, FaultsAreTheInterpreters) {
    load(kPrologue + "trap 5\n");
    refuses = true;
    EXPECT_FALSE(queue.run(kernel(10, kThreads)));
    ASSERT_TRUE(rig.chip->fault_pop(record));
    EXPECT_EQ(record.cause, ACC_FAULT_TRAP);
    EXPECT_EQ(record.info, 5u);
}

INSTANTIATE_TEST_SUITE_P(ComputeUnits, CheckTest, testing::Values(1, 3));

} // namespace
} // namespace acc::model::test
