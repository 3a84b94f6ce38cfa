// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Generators far ahead in their sequences.
#include <cuda_runtime_api.h>
#include <curand.h>
#include <gtest/gtest.h>

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

} // namespace
