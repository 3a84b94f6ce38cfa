// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include <cstdlib>

#include "runtime/core/log.h"

namespace acc::rt {
namespace {

/// The logger is made once in a process, so each case has its own.
void log_with(const char* level) {
    setenv("ACC_LOG", level, 1);
    log().error("an error");
    log().info("news");
    std::exit(0);
}

class LogDeathTest : public testing::Test {
  protected:
    void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(LogDeathTest, AnUnknownLevelIsToldAndHidesNoErrors) {
    EXPECT_EXIT(log_with("wat"), testing::ExitedWithCode(0),
                "ACC_LOG=wat is unknown(.|\n)*an error");
}

TEST_F(LogDeathTest, OffIsALevel) {
    EXPECT_EXIT(log_with("off"), testing::ExitedWithCode(0), "^$");
}

TEST_F(LogDeathTest, InfoShowsErrorsAndNews) {
    EXPECT_EXIT(log_with("info"), testing::ExitedWithCode(0), "an error(.|\n)*news");
}

} // namespace
} // namespace acc::rt
