// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Generators far ahead in their sequences.
#include <curand.h>
#ifndef __CUDA_RUNTIME_H__
#error "curand.h brings cuda_runtime.h"
#endif
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

namespace {

constexpr unsigned kDimensions = 3, kPoints = 20;

/// Points of a sequence of 32 bits from `offset` on, dimension by dimension.
std::vector<unsigned> points(bool on_host, curandRngType_t type, unsigned long long offset) {
    std::vector<unsigned> result(kDimensions * kPoints);
    curandGenerator_t generator = nullptr;
    EXPECT_EQ(on_host ? curandCreateGeneratorHost(&generator, type)
                      : curandCreateGenerator(&generator, type),
              CURAND_STATUS_SUCCESS);
    EXPECT_EQ(curandSetQuasiRandomGeneratorDimensions(generator, kDimensions),
              CURAND_STATUS_SUCCESS);
    EXPECT_EQ(curandSetGeneratorOffset(generator, offset), CURAND_STATUS_SUCCESS);
    const size_t size = result.size() * sizeof(unsigned);
    unsigned* memory = result.data();
    if (!on_host) EXPECT_EQ(cudaMalloc(reinterpret_cast<void**>(&memory), size), cudaSuccess);
    EXPECT_EQ(curandGenerate(generator, memory, result.size()), CURAND_STATUS_SUCCESS);
    if (!on_host) {
        EXPECT_EQ(cudaMemcpy(result.data(), memory, size, cudaMemcpyDeviceToHost), cudaSuccess);
        cudaFree(memory);
    }
    EXPECT_EQ(curandDestroyGenerator(generator), CURAND_STATUS_SUCCESS);
    return result;
}

/// A Sobol' sequence of 32 bits has 2^32 points, which come round.
TEST(Places, SobolsPointsComeRound) {
    constexpr unsigned long long kPeriod = 1ull << 32;
    for (const curandRngType_t type :
         {CURAND_RNG_QUASI_SOBOL32, CURAND_RNG_QUASI_SCRAMBLED_SOBOL32})
        for (const bool on_host : {false, true}) {
            EXPECT_EQ(points(on_host, type, kPeriod + 5), points(on_host, type, 5));
            // The first points once more behind the last seven.
            const auto ahead = points(on_host, type, kPeriod - 7), start = points(on_host, type, 0);
            for (unsigned d = 0; d < kDimensions; ++d)
                for (unsigned i = 7; i < kPoints; ++i)
                    EXPECT_EQ(ahead[d * kPoints + i], start[d * kPoints + i - 7])
                        << type << " dimension " << d << " point " << i;
        }
}

void slow(void*) {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
}

/// Numbers in another stream go on from those of the one before, whose work is not done yet.
TEST(Streams, NumbersInAnotherOneComeBehindThoseBefore) {
    constexpr size_t kCount = 5000;
    unsigned* memory = nullptr;
    ASSERT_EQ(cudaMalloc(reinterpret_cast<void**>(&memory), 4 * kCount * sizeof(unsigned)),
              cudaSuccess);
    curandGenerator_t generator = nullptr;
    ASSERT_EQ(curandCreateGenerator(&generator, CURAND_RNG_PSEUDO_XORWOW), CURAND_STATUS_SUCCESS);
    cudaStream_t streams[2];
    for (cudaStream_t& s : streams)
        ASSERT_EQ(cudaStreamCreateWithFlags(&s, cudaStreamNonBlocking), cudaSuccess);
    ASSERT_EQ(cudaLaunchHostFunc(streams[0], slow, nullptr), cudaSuccess);
    for (unsigned i = 0; i < 2; ++i) {
        ASSERT_EQ(curandSetStream(generator, streams[i]), CURAND_STATUS_SUCCESS);
        ASSERT_EQ(curandGenerate(generator, memory + i * kCount, kCount), CURAND_STATUS_SUCCESS);
        if (i == 0) ASSERT_EQ(cudaStreamDestroy(streams[0]), cudaSuccess); // its work goes on
    }
    ASSERT_EQ(cudaDeviceSynchronize(), cudaSuccess);
    ASSERT_EQ(curandSetStream(generator, nullptr), CURAND_STATUS_SUCCESS);
    ASSERT_EQ(curandSetPseudoRandomGeneratorSeed(generator, 0), CURAND_STATUS_SUCCESS);
    ASSERT_EQ(curandGenerate(generator, memory + 2 * kCount, 2 * kCount), CURAND_STATUS_SUCCESS);
    std::vector<unsigned> values(4 * kCount);
    ASSERT_EQ(
        cudaMemcpy(values.data(), memory, values.size() * sizeof(unsigned), cudaMemcpyDeviceToHost),
        cudaSuccess);
    EXPECT_TRUE(
        std::equal(values.begin(), values.begin() + 2 * kCount, values.begin() + 2 * kCount));
    EXPECT_EQ(curandDestroyGenerator(generator), CURAND_STATUS_SUCCESS);
    cudaStreamDestroy(streams[1]);
    cudaFree(memory);
}

} // namespace
