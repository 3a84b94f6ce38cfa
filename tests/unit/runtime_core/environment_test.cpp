// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/environment.h"

#include <gtest/gtest.h>

namespace acc::rt {
namespace {

std::vector<std::string> mistakes(std::vector<const char*> environment) {
    environment.push_back(nullptr);
    return environment_mistakes(environment.data());
}

TEST(Environment, WhatTheTableHasIsRight) {
    EXPECT_TRUE(mistakes({"ACC_LOG=trace", "ACC_LOG=", "ACC_CHECK=bounds", "ACC_BACKEND=model",
                          "ACC_MODEL_CUS=3", "ACC_MODEL_SIMD=v3", "PATH=/bin", "nonsense", "="})
                    .empty());
}

TEST(Environment, UnknownValuesAreSaidWithThoseThereAre) {
    const auto found = mistakes({"ACC_LOG=wat"});
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0], "ACC_LOG=wat is unknown; there are trace, debug, info, warn, error, off");
    EXPECT_EQ(mistakes({"ACC_CHECK=bound", "ACC_BACKEND=drn", "ACC_MODEL_SIMD=v5"}).size(), 3u);
}

TEST(Environment, SlipsAreSaidAndOtherProgramsNamesAreNot) {
    for (const char* slip : {"ACC_LGO=x", "ACC_BACKENDS=model", "ACC_MODEL_CU=1",
                             "ACC_MODEL_THREADS=2", "ACCLOG=info", "ACC_CHEK=bounds"})
        EXPECT_EQ(mistakes({slip}).size(), 1u) << slip;
    for (const char* theirs : {"ACC_DEVICE_TYPE=host", "ACC_DEVICE_NUM=0", "ACC_PROFLIB=x",
                               "ACC_NOTIFY=3", "ACCEPT_EULA=y", "ACC_LOG_TO_FILE=1", "ACCOUNT=me"})
        EXPECT_TRUE(mistakes({theirs}).empty()) << theirs;
}

} // namespace
} // namespace acc::rt
