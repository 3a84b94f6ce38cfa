// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/unit/runtime_cuda/expect.h"

namespace cuda_test {
namespace {

using EventApi = Clean;

TEST_F(EventApi, ElapsedTimeNeedsTwoRecordedEventsWithTiming) {
    cudaEvent_t start = nullptr, end = nullptr, untimed = nullptr;
    float ms = -1;
    ASSERT_CUDA_OK(cudaEventCreate(&start));
    ASSERT_CUDA_OK(cudaEventCreate(&end));
    ASSERT_CUDA_OK(cudaEventCreateWithFlags(&untimed, cudaEventDisableTiming));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaEventElapsedTime(&ms, start, end)); // never
                                                                                        // recorded
    ASSERT_CUDA_OK(cudaEventRecord(start, nullptr));
    void* pointer = nullptr;
    ASSERT_CUDA_OK(cudaMalloc(&pointer, 8 << 20));
    ASSERT_CUDA_OK(cudaMemset(pointer, 1, 8 << 20));
    ASSERT_CUDA_OK(cudaEventRecord(end, nullptr));
    ASSERT_CUDA_OK(cudaEventRecord(untimed, nullptr));
    ASSERT_CUDA_OK(cudaEventSynchronize(end));
    EXPECT_CUDA_OK(cudaEventElapsedTime(&ms, start, end));
    EXPECT_GT(ms, 0.0f);
    EXPECT_LT(ms, 60000.0f);
    float back = 0;
    EXPECT_CUDA_OK(cudaEventElapsedTime(&back, end, start));
    EXPECT_EQ(back, -ms);
    EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaEventElapsedTime(&ms, start, untimed));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaEventElapsedTime(nullptr, start, end));
    for (cudaEvent_t event : {start, end, untimed})
        EXPECT_CUDA_OK(cudaEventDestroy(event));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaEventDestroy(start));
    EXPECT_CUDA_OK(cudaFree(pointer));
}

TEST_F(EventApi, AnUnrecordedEventIsComplete) {
    cudaEvent_t event = nullptr;
    ASSERT_CUDA_OK(cudaEventCreate(&event));
    EXPECT_CUDA_OK(cudaEventQuery(event));
    EXPECT_CUDA_OK(cudaEventSynchronize(event));
    EXPECT_CUDA_OK(cudaStreamWaitEvent(nullptr, event, 0));
    EXPECT_CUDA_OK(cudaEventDestroy(event));
}

TEST_F(EventApi, BadArguments) {
    cudaEvent_t event = nullptr;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaEventCreate(nullptr));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaEventCreateWithFlags(&event, 0x100));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaEventCreateWithFlags(&event, cudaEventInterprocess));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaEventRecord(nullptr, nullptr));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaEventQuery(nullptr));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaStreamWaitEvent(nullptr, nullptr, 0));
}

} // namespace
} // namespace cuda_test
