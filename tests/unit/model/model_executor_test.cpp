// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Executors side by side (driver/model/src/exec.h): each dispatch goes to the first that accepts
// it, block objects and caches stay with their executor, and a checker is an executor, too.
#include <gtest/gtest.h>

#include <system_error>

#include "tests/unit/model/checker.h"
#include "tests/unit/model/program_rig.h"

namespace acc::model::test {
namespace {

/// Stands for a translator: has "translated" the kernels whose grid has an even number of blocks.
/// What the program below does it does in C++: out[block] = add + block.
class Stub final : public Executor {
  public:
    explicit Stub(uint32_t add) : add_(add) {}
    const char* name() const override { return "stub"; }
    bool accepts(const Launch& launch) const override {
        ++asked;
        return launch.grid[0] % 2 == 0;
    }
    void dispatch_begins(Launch&) override {
        EXPECT_EQ(begun, ended);
        ++begun;
    }
    void dispatch_ended(Launch&) override {
        ++ended;
        EXPECT_EQ(begun, ended);
    }
    void space_ended(uint64_t space) override { ended_spaces.push_back(space); }
    std::unique_ptr<Block> make_block() override {
        ++blocks_made;
        return std::make_unique<Running>(*this);
    }

    mutable std::atomic<unsigned> asked{0};
    std::atomic<unsigned> begun{0}, ended{0}, blocks_made{0}, blocks_run{0};
    std::vector<uint64_t> ended_spaces;
    bool fail = false;
    bool together = false; ///< no block ends before all have begun
    std::atomic<unsigned> here{0};

  private:
    class Running final : public Block {
      public:
        explicit Running(Stub& stub) : stub_(stub) {}
        void start(Launch& launch, uint32_t x, uint32_t, uint32_t, uint32_t) override {
            EXPECT_TRUE(launch.grid[0] % 2 == 0) << "another executor's dispatch";
            launch_ = &launch;
            x_ = x;
            ++stub_.here;
        }
        RunResult run(uint64_t, acc_fault_record& fault) override {
            EXPECT_GT(stub_.begun, stub_.ended);
            if (stub_.together && stub_.here < launch_->grid[0]) return RunResult::Waiting;
            if (stub_.fail) {
                fault = {};
                fault.cause = ACC_FAULT_TRAP;
                return RunResult::Fault;
            }
            const uint64_t at = kVramVa + kData + 4 * x_;
            reinterpret_cast<uint32_t*>(launch_->vm->window +
                                        (at - launch_->vm->base))[0] = stub_.add_ + x_;
            ++stub_.blocks_run;
            return RunResult::Done;
        }

      private:
        Stub& stub_;
        Launch* launch_ = nullptr;
        uint32_t x_ = 0;
    };
    const uint32_t add_;
};

/// out[block] = 1000 + block
const char* const kProgram = R"(
        mov.sr64 r2, sr_kernarg
        ld.const.b64 r6, [r2]
        mov.sr r8, sr_ctaid_x
        iadd.b32 r9, r8, 1000
        st.global.b32 [r6 + r8<<2], r9
        exit
)";

std::vector<std::unique_ptr<Executor>> pair_of(std::unique_ptr<Executor> first,
                                               std::unique_ptr<Executor> second) {
    std::vector<std::unique_ptr<Executor>> list;
    list.push_back(std::move(first));
    list.push_back(std::move(second));
    return list;
}

class ExecutorTest : public EndToEndTest {
  protected:
    ExecutorTest() : ExecutorTest(new Stub(2000u)) {}
    explicit ExecutorTest(Stub* made)
        : EndToEndTest(pair_of(std::unique_ptr<Executor>(made), make_interpreter())), stub(made) {}
    Stub* const stub; ///< the chip's
};

TEST_P(ExecutorTest, EachDispatchRunsOnTheFirstExecutorThatAcceptsIt) {
    load(kProgram);
    for (uint32_t round = 0; round < 20; ++round) {
        const uint32_t grid = 3 + round % 5;
        ASSERT_TRUE(completes(kernel(grid, 32)));
        for (uint32_t b = 0; b < grid; ++b)
            ASSERT_EQ(out()[b], (grid % 2 ? 1000 : 2000) + b) << grid;
    }
    EXPECT_EQ(stub->asked, 20u) << "once for each dispatch";
    EXPECT_EQ(stub->begun, 8u);
    EXPECT_EQ(stub->blocks_run, 4u * (4 + 6));
    EXPECT_LE(stub->blocks_made, GetParam() * kSpareBlocks + GetParam()) << "blocks are used again";
}

TEST_P(ExecutorTest, BlocksThatWaitForEachOtherAreUsedAgain) {
    load(kProgram);
    stub->together = true;
    for (uint32_t round = 0; round < 20; ++round) {
        stub->here = 0;
        ASSERT_TRUE(completes(kernel(16 * GetParam(), 32)));
    }
    // Not some for each launch, however slow this machine is.
    EXPECT_LT(stub->blocks_made, (16 + 19 * 6) * GetParam());
}

TEST_P(ExecutorTest, BothWorkAtOnce) {
    load(kProgram);
    UserQueue other{rig, 3};
    for (int i = 0; i < 50; ++i) {
        queue.submit(kernel(64, 32));
        other.submit(dispatch(kVramVa + kArgs, 65, 32));
        ASSERT_TRUE(queue.wait());
        ASSERT_TRUE(other.wait());
    }
    EXPECT_EQ(out()[64], 1064u);
    EXPECT_EQ(stub->begun, 50u);
    EXPECT_EQ(stub->blocks_run, 50u * 64);
}

TEST_P(ExecutorTest, ADispatchThatFaultsEndsForItsExecutor) {
    load(kProgram);
    stub->fail = true;
    EXPECT_FALSE(queue.run(kernel(16, 32)));
    EXPECT_EQ(stub->begun, 1u);
    EXPECT_EQ(stub->ended, 1u);
}

TEST_P(ExecutorTest, HearsOfAddressSpacesThatEnd) {
    load(kProgram);
    ASSERT_TRUE(completes(kernel(3, 32)));
    ASSERT_TRUE(rig.reset_queue(queue.id()));
    ASSERT_TRUE(rig.repeat([&] { return rig.chip->vm_disable(1); }));
    ASSERT_EQ(stub->ended_spaces.size(), 1u);
    ASSERT_TRUE(rig.chip->vm_enable(1, rig.tables->root(), kVa, kVaBytes));
    ASSERT_TRUE(rig.repeat([&] { return rig.chip->vm_disable(1); }));
    ASSERT_EQ(stub->ended_spaces.size(), 2u);
    EXPECT_NE(stub->ended_spaces[0], stub->ended_spaces[1]) << "ids are never used again";
}

INSTANTIATE_TEST_SUITE_P(Units, ExecutorTest, testing::Values(1u, 3u));

/// Two interpreters in one chip: what one has decoded is not the other's, and both see new code.
class TwoInterpreters : public EndToEndTest {
  protected:
    class OddGrids final : public Executor {
      public:
        const char* name() const override { return "odd"; }
        bool accepts(const Launch& launch) const override { return launch.grid[0] % 2 != 0; }
        std::unique_ptr<Block> make_block() override { return inner_->make_block(); }
        void space_ended(uint64_t space) override { inner_->space_ended(space); }

      private:
        std::unique_ptr<Executor> inner_ = make_interpreter("v2");
    };
    TwoInterpreters() : EndToEndTest(pair_of(std::make_unique<OddGrids>(), make_interpreter())) {}
};

TEST_P(TwoInterpreters, KeepTheirCodeApart) {
    for (uint32_t version : {1u, 2u, 3u}) {
        load("mov.sr64 r2, sr_kernarg\nld.const.b64 r6, [r2]\nmov.sr r8, sr_ctaid_x\nmov.b32 r9, " +
             std::to_string(version) + "\nst.global.b32 [r6 + r8<<2], r9\nexit\n");
        for (uint32_t grid : {7u, 8u}) {
            std::memset(out(), 0, 64);
            ASSERT_TRUE(completes(kernel(grid, 64)));
            EXPECT_EQ(out()[grid - 1], version);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Units, TwoInterpreters, testing::Values(1u, 3u));

class CheckerTest : public EndToEndTest {
  protected:
    CheckerTest() : CheckerTest(new Checker(make_interpreter(), std::make_unique<Stub>(1000u))) {}
    explicit CheckerTest(Checker* made)
        : EndToEndTest(pair_of(std::unique_ptr<Executor>(made), make_interpreter())),
          checker(made) {}
    Checker* const checker; ///< the chip's
};

TEST_P(CheckerTest, FindsTheFirstByteThatDiffers) {
    load(kProgram);
    ASSERT_TRUE(completes(kernel(8, 32)));
    EXPECT_EQ(checker->checked, 1u);
    EXPECT_TRUE(checker->differences.empty()) << "the stub does what the program does";
    ASSERT_TRUE(completes(kernel(5, 32)));
    EXPECT_EQ(checker->checked, 1u) << "odd grids are the interpreter's alone";
    // Another program: the stub does not know, the checker finds out.
    std::string other = kProgram;
    other.replace(other.find("1000"), 4, "1001");
    load(other);
    ASSERT_TRUE(completes(kernel(8, 32)));
    EXPECT_EQ(checker->checked, 2u);
    ASSERT_EQ(checker->differences.size(), 1u);
    EXPECT_EQ(checker->differences[0], kVramVa + kData);
}

INSTANTIATE_TEST_SUITE_P(Units, CheckerTest, testing::Values(1u, 3u));

/// Sets an environment variable for the time of a test.
class Environment {
  public:
    Environment(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
    ~Environment() { unsetenv(name_); }

  private:
    const char* const name_;
};

std::string error_of_create() {
    SystemMemory system{1 << 20};
    try {
        Chip::create({}, system, nullptr);
    } catch (const std::system_error& error) {
        return error.what();
    }
    return "";
}

TEST(ExecutorChoice, IsMadeByTheEnvironment) {
    EXPECT_EQ(error_of_create(), "");
    {
        const Environment set("ACC_MODEL_EXEC", "interp");
        EXPECT_EQ(error_of_create(), "");
    }
    const Environment set("ACC_MODEL_EXEC", "jot");
    const std::string error = error_of_create();
    EXPECT_NE(error.find("ACC_MODEL_EXEC=jot"), std::string::npos) << error;
    EXPECT_NE(error.find("interp"), std::string::npos) << "says what it can be: " << error;
}

TEST(ExecutorChoice, HostCodeThatCannotBeIsAnError) {
    EXPECT_THROW(make_interpreter("v9"), std::system_error);
    const Environment set("ACC_MODEL_SIMD", "avx");
    const std::string error = error_of_create();
    EXPECT_NE(error.find("ACC_MODEL_SIMD=avx"), std::string::npos) << error;
    EXPECT_NE(error.find("v2, v3, v4"), std::string::npos) << error;
}

TEST(ExecutorChoice, AChipWithoutOneRefusesDispatches) {
    class Never final : public Executor {
        const char* name() const override { return "never"; }
        bool accepts(const Launch&) const override { return false; }
        std::unique_ptr<Block> make_block() override { return nullptr; }
    };
    Rig rig(1, std::make_unique<Never>());
    UserQueue queue{rig, 0};
    EXPECT_FALSE(queue.run(dispatch(16, 4)));
    acc_fault_record record{};
    ASSERT_TRUE(rig.chip->fault_pop(record));
    EXPECT_EQ(record.cause, ACC_FAULT_INVALID_KERNEL);
    SystemMemory system{1 << 20};
    std::vector<std::unique_ptr<Executor>> hole(1);
    EXPECT_THROW(make_chip({}, system, nullptr, std::move(hole)), std::invalid_argument);
}

} // namespace
} // namespace acc::model::test
