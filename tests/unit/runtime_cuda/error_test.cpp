// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstring>
#include <thread>

#include "tests/unit/runtime_cuda/expect.h"

namespace cuda_test {
namespace {

using Error = Clean;

// Documented names and texts, from the CUDA Runtime API reference.
TEST_F(Error, NamesAndTexts) {
    EXPECT_STREQ(cudaGetErrorName(cudaSuccess), "cudaSuccess");
    EXPECT_STREQ(cudaGetErrorString(cudaSuccess), "no error");
    EXPECT_STREQ(cudaGetErrorName(cudaErrorInvalidValue), "cudaErrorInvalidValue");
    EXPECT_STREQ(cudaGetErrorString(cudaErrorInvalidValue), "invalid argument");
    EXPECT_STREQ(cudaGetErrorString(cudaErrorMemoryAllocation), "out of memory");
    EXPECT_STREQ(cudaGetErrorString(cudaErrorIllegalAddress),
                 "an illegal memory access was encountered");
    EXPECT_STREQ(cudaGetErrorString(cudaErrorLaunchFailure), "unspecified launch failure");
    EXPECT_STREQ(cudaGetErrorName(static_cast<cudaError_t>(12345)), "unrecognized error code");
    EXPECT_STREQ(cudaGetErrorString(static_cast<cudaError_t>(12345)), "unrecognized error code");
}

TEST_F(Error, EveryConstantHasItsOwnRow) {
    static const struct {
        int code;
        const char* name;
    } kSome[] = {{4, "cudaErrorCudartUnloading"},
                 {98, "cudaErrorInvalidDeviceFunction"},
                 {209, "cudaErrorNoKernelImageForDevice"},
                 {400, "cudaErrorInvalidResourceHandle"},
                 {700, "cudaErrorIllegalAddress"},
                 {716, "cudaErrorMisalignedAddress"},
                 {720, "cudaErrorCooperativeLaunchTooLarge"},
                 {801, "cudaErrorNotSupported"},
                 {999, "cudaErrorUnknown"}};
    for (const auto& row : kSome)
        EXPECT_STREQ(cudaGetErrorName(static_cast<cudaError_t>(row.code)), row.name);
}

TEST_F(Error, LastErrorIsKeptUntilAskedFor) {
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMalloc(nullptr, 16));
    int count = 0;
    EXPECT_CUDA_OK(cudaGetDeviceCount(&count)); // success does not clear it
    EXPECT_CUDA(cudaErrorInvalidValue, cudaPeekAtLastError());
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGetLastError());
    EXPECT_CUDA(cudaSuccess, cudaGetLastError());
}

TEST_F(Error, LastErrorIsTheThreads) {
    cudaMalloc(nullptr, 16);
    std::thread([] { EXPECT_CUDA(cudaSuccess, cudaGetLastError()); }).join();
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGetLastError());
}

TEST_F(Error, UnsupportedFunctionsSaySo) {
    const void* table = nullptr;
    EXPECT_CUDA(cudaErrorNotSupported, cudaGetExportTable(&table, nullptr));
    EXPECT_CUDA(cudaErrorNotSupported, cudaGetLastError());
}

} // namespace
} // namespace cuda_test
