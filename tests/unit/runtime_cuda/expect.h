// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cuda_runtime_api.h>
#include <gtest/gtest.h>

#define EXPECT_CUDA(code, call) EXPECT_EQ(static_cast<cudaError_t>(code), (call)) << #call
#define ASSERT_CUDA_OK(call)                                                                       \
    ASSERT_EQ(cudaSuccess, (call)) << #call << ": " << cudaGetErrorString(cudaGetLastError())
#define EXPECT_CUDA_OK(call) EXPECT_EQ(cudaSuccess, (call)) << #call

namespace cuda_test {

/// Leaves no error behind for the next test.
struct Clean : testing::Test {
    void TearDown() override { cudaGetLastError(); }
};

} // namespace cuda_test
