// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/unit/runtime_cuda/expect.h"

namespace cuda_test {
namespace {

using PoolApi = Clean;

TEST_F(PoolApi, AllocatesAndFreesInStreamOrder) {
    cudaStream_t stream = nullptr;
    void *a = nullptr, *b = nullptr;
    ASSERT_CUDA_OK(cudaStreamCreate(&stream));
    ASSERT_CUDA_OK(cudaMallocAsync(&a, 1 << 20, stream));
    ASSERT_CUDA_OK(cudaMemsetAsync(a, 1, 1 << 20, stream));
    ASSERT_CUDA_OK(cudaFreeAsync(a, stream));
    ASSERT_CUDA_OK(cudaMallocAsync(&b, 1 << 20, stream));
    ASSERT_CUDA_OK(cudaMemsetAsync(b, 2, 1 << 20, stream));
    unsigned char byte = 0;
    ASSERT_CUDA_OK(
        cudaMemcpyAsync(&byte, static_cast<char*>(b) + 77, 1, cudaMemcpyDeviceToHost, stream));
    ASSERT_CUDA_OK(cudaStreamSynchronize(stream));
    EXPECT_EQ(byte, 2);
    EXPECT_CUDA_OK(cudaFree(b)); // allowed for pool memory, too
    EXPECT_CUDA(cudaErrorInvalidValue, cudaFreeAsync(b, stream));
    EXPECT_CUDA_OK(cudaStreamDestroy(stream));
}

TEST_F(PoolApi, DefaultPoolHasAttributes) {
    cudaMemPool_t pool = nullptr;
    ASSERT_CUDA_OK(cudaDeviceGetDefaultMemPool(&pool, 0));
    unsigned long long threshold = 1ull << 30, got = 0;
    EXPECT_CUDA_OK(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &threshold));
    EXPECT_CUDA_OK(cudaMemPoolGetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &got));
    EXPECT_EQ(got, threshold);
    void* pointer = nullptr;
    ASSERT_CUDA_OK(cudaMallocAsync(&pointer, 1 << 20, nullptr));
    EXPECT_CUDA_OK(cudaMemPoolGetAttribute(pool, cudaMemPoolAttrUsedMemCurrent, &got));
    EXPECT_EQ(got, 1u << 20);
    EXPECT_CUDA_OK(cudaFreeAsync(pointer, nullptr));
    EXPECT_CUDA_OK(cudaDeviceSynchronize());
    EXPECT_CUDA_OK(cudaMemPoolGetAttribute(pool, cudaMemPoolAttrReservedMemCurrent, &got));
    EXPECT_EQ(got, 1u << 20); // below the threshold: kept
    EXPECT_CUDA_OK(cudaMemPoolTrimTo(pool, 0));
    EXPECT_CUDA_OK(cudaMemPoolGetAttribute(pool, cudaMemPoolAttrReservedMemCurrent, &got));
    EXPECT_EQ(got, 0u);
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMemPoolTrimTo(nullptr, 0));
}

} // namespace
} // namespace cuda_test
