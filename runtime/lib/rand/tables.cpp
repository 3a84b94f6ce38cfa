// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Tables that programs ask for: direction vectors, scramble constants, discrete distributions.
#include "runtime/lib/common/api.h"
#include "runtime/lib/rand/directions.h"
#include "runtime/lib/rand/generator.h"

#include <cmath>
#include <cstring>
#include <vector>

namespace acc::rand {
namespace {

constexpr double kMaxLambda = 400000;

/// All dimensions, made when they are first asked for.
template <class Word, bool Scrambled>
Word* all_vectors() {
    static std::vector<Word> vectors = direction_vectors<Word>(kMaxDimensions, Scrambled);
    return vectors.data();
}
template <class Word>
Word* all_constants() {
    static std::vector<Word> constants = scramble_constants<Word>(kMaxDimensions);
    return constants.data();
}

/// The distribution function of a Poisson distribution from `first` on, as far as a double can
/// tell.
std::vector<double> poisson_function(double lambda, unsigned int first) {
    std::vector<double> function;
    double k = first;
    double term = std::exp(k * std::log(lambda) - lambda - std::lgamma(k + 1)), sum = term;
    function.push_back(sum);
    const double last = lambda + 12 * std::sqrt(lambda) + 30;
    while (k < last) {
        k += 1;
        term *= lambda / k;
        sum += term;
        function.push_back(sum);
    }
    function.back() = 1;
    return function;
}

curandStatus_t create_poisson(double lambda, curandDiscreteDistribution_t* place) {
    const double start = std::floor(lambda - 9 * std::sqrt(lambda));
    const unsigned int first = start > 0 ? static_cast<unsigned int>(start) : 0;
    const std::vector<double> function = poisson_function(lambda, first);
    const size_t size = sizeof(curandDiscreteDistribution_st) + function.size() * sizeof(double);
    char* memory = nullptr;
    if (cudaMalloc(reinterpret_cast<void**>(&memory), size) != cudaSuccess)
        return CURAND_STATUS_ALLOCATION_FAILED;
    // The structure, and the table behind it.
    std::vector<char> image(size);
    const curandDiscreteDistribution_st head = {
        first, static_cast<unsigned int>(function.size()),
        reinterpret_cast<const double*>(memory + sizeof head)};
    std::memcpy(image.data(), &head, sizeof head);
    std::memcpy(image.data() + sizeof head, function.data(), function.size() * sizeof(double));
    if (cudaMemcpy(memory, image.data(), size, cudaMemcpyHostToDevice) != cudaSuccess) {
        cudaFree(memory);
        return CURAND_STATUS_INITIALIZATION_FAILED;
    }
    *place = reinterpret_cast<curandDiscreteDistribution_t>(memory);
    return CURAND_STATUS_SUCCESS;
}

} // namespace
} // namespace acc::rand

using namespace acc::rand;

ACC_LIBRARY_API curandStatus_t curandGetDirectionVectors32(curandDirectionVectors32_t* vectors[],
                                                           curandDirectionVectorSet_t set) {
    if (vectors == nullptr) return CURAND_STATUS_OUT_OF_RANGE;
    return guarded([&] {
        uint32_t* words = nullptr;
        if (set == CURAND_DIRECTION_VECTORS_32_JOEKUO6)
            words = all_vectors<uint32_t, false>();
        else if (set == CURAND_SCRAMBLED_DIRECTION_VECTORS_32_JOEKUO6)
            words = all_vectors<uint32_t, true>();
        else
            return CURAND_STATUS_OUT_OF_RANGE;
        *vectors = reinterpret_cast<curandDirectionVectors32_t*>(words);
        return CURAND_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API curandStatus_t curandGetDirectionVectors64(curandDirectionVectors64_t* vectors[],
                                                           curandDirectionVectorSet_t set) {
    if (vectors == nullptr) return CURAND_STATUS_OUT_OF_RANGE;
    return guarded([&] {
        uint64_t* words = nullptr;
        if (set == CURAND_DIRECTION_VECTORS_64_JOEKUO6)
            words = all_vectors<uint64_t, false>();
        else if (set == CURAND_SCRAMBLED_DIRECTION_VECTORS_64_JOEKUO6)
            words = all_vectors<uint64_t, true>();
        else
            return CURAND_STATUS_OUT_OF_RANGE;
        *vectors = reinterpret_cast<curandDirectionVectors64_t*>(words);
        return CURAND_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API curandStatus_t curandGetScrambleConstants32(unsigned int** constants) {
    if (constants == nullptr) return CURAND_STATUS_OUT_OF_RANGE;
    return guarded([&] {
        *constants = all_constants<uint32_t>();
        return CURAND_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API curandStatus_t curandGetScrambleConstants64(unsigned long long** constants) {
    if (constants == nullptr) return CURAND_STATUS_OUT_OF_RANGE;
    return guarded([&] {
        *constants = reinterpret_cast<unsigned long long*>(all_constants<uint64_t>());
        return CURAND_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API curandStatus_t curandCreatePoissonDistribution(
    double lambda, curandDiscreteDistribution_t* discrete_distribution) {
    if (discrete_distribution == nullptr) return CURAND_STATUS_NOT_INITIALIZED;
    if (!(lambda > 0 && lambda <= kMaxLambda)) return CURAND_STATUS_OUT_OF_RANGE;
    return guarded([&] { return create_poisson(lambda, discrete_distribution); });
}

ACC_LIBRARY_API curandStatus_t
curandDestroyDistribution(curandDiscreteDistribution_t discrete_distribution) {
    if (discrete_distribution == nullptr) return CURAND_STATUS_NOT_INITIALIZED;
    return cudaFree(discrete_distribution) == cudaSuccess ? CURAND_STATUS_SUCCESS
                                                          : CURAND_STATUS_INTERNAL_ERROR;
}
