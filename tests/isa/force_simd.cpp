// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Chooses the interpreter's host instruction set for this test program. Where the host lacks it,
// every test is skipped.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "driver/model/src/interp/variant.h"

namespace {

class HostInstructions : public ::testing::Environment {
    void SetUp() override {
        if (acc::model::interp::host_can_run(ACC_TEST_SIMD)) return;
        // Googletest skips the tests, but counts them as passed: ctest looks for this line.
        std::puts("[  SKIPPED ] this host's processor is not x86-64-" ACC_TEST_SIMD);
        GTEST_SKIP();
    }
};

[[maybe_unused]] const int chosen = setenv("ACC_MODEL_SIMD", ACC_TEST_SIMD, 1);
[[maybe_unused]] const auto* const registered = ::testing::AddGlobalTestEnvironment(
    new HostInstructions);

} // namespace
