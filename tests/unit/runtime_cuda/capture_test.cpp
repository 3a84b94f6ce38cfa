// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What programs ask about capture and graphs while there are none: the answers are right, and
// invalid arguments are told apart from what is not supported.
#include <cuda.h>

#include "tests/unit/runtime_cuda/expect.h"

namespace cuda_test {
namespace {

using CaptureApi = Clean;

TEST_F(CaptureApi, NoStreamIsCapturing) {
    cudaStream_t made = nullptr;
    ASSERT_CUDA_OK(cudaStreamCreate(&made));
    for (cudaStream_t stream : {static_cast<cudaStream_t>(nullptr), made, cudaStreamPerThread}) {
        auto status = cudaStreamCaptureStatusActive;
        EXPECT_CUDA_OK(cudaStreamIsCapturing(stream, &status));
        EXPECT_EQ(status, cudaStreamCaptureStatusNone);
        status = cudaStreamCaptureStatusActive;
        EXPECT_CUDA_OK(cudaStreamGetCaptureInfo_v2(stream, &status));
        EXPECT_EQ(status, cudaStreamCaptureStatusNone);
        auto driver_status = CU_STREAM_CAPTURE_STATUS_ACTIVE;
        EXPECT_EQ(CUDA_SUCCESS, cuStreamIsCapturing(stream, &driver_status));
        EXPECT_EQ(driver_status, CU_STREAM_CAPTURE_STATUS_NONE);
    }
    EXPECT_CUDA(cudaErrorInvalidValue, cudaStreamIsCapturing(made, nullptr));
    EXPECT_EQ(CUDA_ERROR_INVALID_VALUE, cuStreamIsCapturing(made, nullptr));
    EXPECT_CUDA_OK(cudaStreamDestroy(made));
    auto status = cudaStreamCaptureStatusActive;
    EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaStreamIsCapturing(made, &status));
}

TEST_F(CaptureApi, TheThreadsModeIsExchanged) {
    auto mode = cudaStreamCaptureModeRelaxed;
    EXPECT_CUDA_OK(cudaThreadExchangeStreamCaptureMode(&mode));
    EXPECT_EQ(mode, cudaStreamCaptureModeGlobal);
    EXPECT_CUDA_OK(cudaThreadExchangeStreamCaptureMode(&mode));
    EXPECT_EQ(mode, cudaStreamCaptureModeRelaxed);
    mode = static_cast<cudaStreamCaptureMode>(7);
    EXPECT_CUDA(cudaErrorInvalidValue, cudaThreadExchangeStreamCaptureMode(&mode));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaThreadExchangeStreamCaptureMode(nullptr));
}

TEST_F(CaptureApi, InvalidArgumentsComeBeforeNotSupported) {
    cudaGraph_t graph = nullptr;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphCreate(nullptr, 0));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGetLastError());
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphCreate(&graph, 1));
    EXPECT_CUDA(cudaErrorNotSupported, cudaGraphCreate(&graph, 0));
    ASSERT_EQ(CUDA_SUCCESS, cuInit(0));
    EXPECT_EQ(CUDA_ERROR_INVALID_VALUE, cuGraphCreate(nullptr, 0));
    EXPECT_EQ(CUDA_ERROR_NOT_SUPPORTED, cuGraphCreate(&graph, 0));
}

} // namespace
} // namespace cuda_test
