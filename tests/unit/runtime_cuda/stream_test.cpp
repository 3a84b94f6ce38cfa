// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <atomic>
#include <thread>
#include <vector>

#include "tests/unit/runtime_cuda/expect.h"

extern "C" cudaError_t cudaMemsetAsync_ptsz(void*, int, size_t, cudaStream_t);
extern "C" cudaError_t cudaStreamSynchronize_ptsz(cudaStream_t);

namespace cuda_test {
namespace {

using StreamApi = Clean;

TEST_F(StreamApi, CreationAndQueries) {
    cudaStream_t stream = nullptr;
    unsigned flags = 99;
    int priority = 99, least = 99, greatest = 99;
    unsigned long long id = 0, other = 0;
    ASSERT_CUDA_OK(cudaDeviceGetStreamPriorityRange(&least, &greatest));
    EXPECT_EQ(least, 0);
    EXPECT_LT(greatest, least);
    ASSERT_CUDA_OK(cudaStreamCreateWithPriority(&stream, cudaStreamNonBlocking, greatest - 5));
    EXPECT_CUDA_OK(cudaStreamGetFlags(stream, &flags));
    EXPECT_EQ(flags, unsigned{cudaStreamNonBlocking});
    EXPECT_CUDA_OK(cudaStreamGetPriority(stream, &priority));
    EXPECT_EQ(priority, greatest); // clamped, as documented
    EXPECT_CUDA_OK(cudaStreamGetId(stream, &id));
    EXPECT_CUDA_OK(cudaStreamGetId(nullptr, &other));
    EXPECT_NE(id, other);
    EXPECT_CUDA_OK(cudaStreamQuery(stream));
    EXPECT_CUDA_OK(cudaStreamDestroy(stream));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaStreamDestroy(stream));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaStreamSynchronize(stream));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaStreamDestroy(nullptr));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaStreamCreateWithFlags(&stream, 0x8));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaStreamCreate(nullptr));
}

TEST_F(StreamApi, ImplicitStreamsHaveHandles) {
    EXPECT_CUDA_OK(cudaStreamSynchronize(nullptr));
    EXPECT_CUDA_OK(cudaStreamSynchronize(cudaStreamLegacy));
    EXPECT_CUDA_OK(cudaStreamSynchronize(cudaStreamPerThread));
    EXPECT_CUDA_OK(cudaStreamQuery(cudaStreamPerThread));
}

TEST_F(StreamApi, QuerySaysNotReadyWhileWorkIsPending) {
    cudaStream_t stream = nullptr;
    ASSERT_CUDA_OK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    std::atomic<bool> go{false};
    ASSERT_CUDA_OK(cudaLaunchHostFunc(
        stream,
        [](void* flag) {
            while (!static_cast<std::atomic<bool>*>(flag)->load())
                std::this_thread::yield();
        },
        &go));
    EXPECT_CUDA(cudaErrorNotReady, cudaStreamQuery(stream));
    EXPECT_CUDA_OK(cudaGetLastError()); // no error: what is checked next would fail for it
    go = true;
    EXPECT_CUDA_OK(cudaStreamSynchronize(stream));
    EXPECT_CUDA_OK(cudaStreamQuery(stream));
    EXPECT_CUDA_OK(cudaStreamDestroy(stream));
}

struct Seen {
    cudaStream_t stream = nullptr;
    cudaError_t status = cudaErrorUnknown;
    cudaError_t inside = cudaSuccess;
};

TEST_F(StreamApi, CallbacksGetStreamAndStatusAndMayNotCallTheApi) {
    cudaStream_t stream = nullptr;
    ASSERT_CUDA_OK(cudaStreamCreate(&stream));
    Seen seen;
    ASSERT_CUDA_OK(cudaStreamAddCallback(
        stream,
        [](cudaStream_t in, cudaError_t status, void* data) {
            void* pointer = nullptr;
            *static_cast<Seen*>(data) = {in, status, cudaMalloc(&pointer, 16)};
        },
        &seen, 0));
    ASSERT_CUDA_OK(cudaStreamSynchronize(stream));
    EXPECT_EQ(seen.stream, stream);
    EXPECT_EQ(seen.status, cudaSuccess);
    EXPECT_EQ(seen.inside, cudaErrorNotPermitted);
    EXPECT_CUDA(cudaErrorInvalidValue, cudaStreamAddCallback(stream, nullptr, nullptr, 0));
    EXPECT_CUDA_OK(cudaStreamDestroy(stream));
}

TEST_F(StreamApi, HandlesOfWhatIsGoneNeverBecomeValidAgain) {
    std::vector<cudaStream_t> old_streams;
    std::vector<cudaEvent_t> old_events;
    for (int round = 0; round < 100; ++round) {
        cudaStream_t stream = nullptr;
        cudaEvent_t event = nullptr;
        ASSERT_CUDA_OK(cudaStreamCreate(&stream));
        ASSERT_CUDA_OK(cudaEventCreate(&event));
        EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaEventQuery(cudaEvent_t(stream)));
        EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaStreamQuery(cudaStream_t(event)));
        for (const cudaStream_t old : old_streams)
            ASSERT_EQ(cudaErrorInvalidResourceHandle, cudaStreamQuery(old));
        for (const cudaEvent_t old : old_events)
            ASSERT_EQ(cudaErrorInvalidResourceHandle, cudaEventQuery(old));
        ASSERT_CUDA_OK(cudaStreamDestroy(stream));
        ASSERT_CUDA_OK(cudaEventDestroy(event));
        EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaStreamDestroy(stream));
        EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaEventDestroy(event));
        old_streams.push_back(stream);
        old_events.push_back(event);
    }
    // A reset ends all handles of the device.
    cudaStream_t before = nullptr, after = nullptr;
    cudaMemPool_t pool = nullptr;
    ASSERT_CUDA_OK(cudaStreamCreate(&before));
    ASSERT_CUDA_OK(cudaDeviceGetDefaultMemPool(&pool, 0));
    ASSERT_CUDA_OK(cudaDeviceReset());
    ASSERT_CUDA_OK(cudaStreamCreate(&after));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaStreamQuery(before));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMemPoolTrimTo(pool, 0));
    EXPECT_CUDA_OK(cudaStreamQuery(after));
}

TEST_F(StreamApi, PerThreadEntryPointsUseTheThreadsStream) {
    void* pointer = nullptr;
    ASSERT_CUDA_OK(cudaMalloc(&pointer, 256));
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([=] {
            EXPECT_CUDA_OK(
                cudaMemsetAsync_ptsz(static_cast<char*>(pointer) + t * 64, t + 1, 64, nullptr));
            EXPECT_CUDA_OK(cudaStreamSynchronize_ptsz(nullptr));
        });
    for (auto& thread : threads)
        thread.join();
    char data[256];
    ASSERT_CUDA_OK(cudaMemcpy(data, pointer, 256, cudaMemcpyDeviceToHost));
    for (int i = 0; i < 256; ++i)
        EXPECT_EQ(data[i], i / 64 + 1);
    EXPECT_CUDA_OK(cudaFree(pointer));
}

} // namespace
} // namespace cuda_test
