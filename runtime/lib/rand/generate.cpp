// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The functions that fill memory.
#include "runtime/lib/rand/generator.h"

#include "runtime/lib/common/api.h"

namespace acc::rand {
namespace {

constexpr double kMaxLambda = 400000;

/// Checks what all distributions have in common, and makes n elements.
curandStatus_t generate(curandGenerator_st* generator, const Distribution& d, void* out, size_t n) {
    if (generator == nullptr) return CURAND_STATUS_NOT_INITIALIZED;
    const Settings& s = generator->settings;
    const bool quasi = is_quasi(s.type);
    if (d.kind == Kind::bits32 && is_64_bits(s.type)) return CURAND_STATUS_TYPE_ERROR;
    if (d.kind == Kind::bits64 && !is_64_bits(s.type)) return CURAND_STATUS_TYPE_ERROR;
    if (quasi && n % s.dimensions != 0) return CURAND_STATUS_LENGTH_NOT_MULTIPLE;
    if (!quasi && is_normal(d.kind) && n % 2 != 0) return CURAND_STATUS_LENGTH_NOT_MULTIPLE;
    if (d.kind == Kind::poisson && !(d.mean > 0 && d.mean <= kMaxLambda))
        return CURAND_STATUS_OUT_OF_RANGE;
    if (n == 0) return CURAND_STATUS_SUCCESS;
    if (out == nullptr) return CURAND_STATUS_OUT_OF_RANGE;
    if (!s.on_host && cudaPeekAtLastError() != cudaSuccess)
        return CURAND_STATUS_PREEXISTING_FAILURE;
    return guarded([&] {
        const curandStatus_t status = prepare(generator);
        if (status != CURAND_STATUS_SUCCESS) return status;
        const curandStatus_t filled = generator->source->fill(d, out, n, s.stream);
        if (filled == CURAND_STATUS_SUCCESS && !s.on_host) note_fill(generator);
        return filled;
    });
}

} // namespace
} // namespace acc::rand

using namespace acc::rand;

ACC_LIBRARY_API curandStatus_t curandGenerate(curandGenerator_t generator, unsigned int* outputPtr,
                                              size_t num) {
    return generate(generator, {Kind::bits32}, outputPtr, num);
}
ACC_LIBRARY_API curandStatus_t curandGenerateLongLong(curandGenerator_t generator,
                                                      unsigned long long* outputPtr, size_t num) {
    return generate(generator, {Kind::bits64}, outputPtr, num);
}
ACC_LIBRARY_API curandStatus_t curandGenerateUniform(curandGenerator_t generator, float* outputPtr,
                                                     size_t num) {
    return generate(generator, {Kind::uniform}, outputPtr, num);
}
ACC_LIBRARY_API curandStatus_t curandGenerateUniformDouble(curandGenerator_t generator,
                                                           double* outputPtr, size_t num) {
    return generate(generator, {Kind::uniform_double}, outputPtr, num);
}
ACC_LIBRARY_API curandStatus_t curandGenerateNormal(curandGenerator_t generator, float* outputPtr,
                                                    size_t n, float mean, float stddev) {
    return generate(generator, {Kind::normal, mean, stddev}, outputPtr, n);
}
ACC_LIBRARY_API curandStatus_t curandGenerateNormalDouble(curandGenerator_t generator,
                                                          double* outputPtr, size_t n, double mean,
                                                          double stddev) {
    return generate(generator, {Kind::normal_double, mean, stddev}, outputPtr, n);
}
ACC_LIBRARY_API curandStatus_t curandGenerateLogNormal(curandGenerator_t generator,
                                                       float* outputPtr, size_t n, float mean,
                                                       float stddev) {
    return generate(generator, {Kind::log_normal, mean, stddev}, outputPtr, n);
}
ACC_LIBRARY_API curandStatus_t curandGenerateLogNormalDouble(curandGenerator_t generator,
                                                             double* outputPtr, size_t n,
                                                             double mean, double stddev) {
    return generate(generator, {Kind::log_normal_double, mean, stddev}, outputPtr, n);
}
ACC_LIBRARY_API curandStatus_t curandGeneratePoisson(curandGenerator_t generator,
                                                     unsigned int* outputPtr, size_t n,
                                                     double lambda) {
    return generate(generator, {Kind::poisson, lambda}, outputPtr, n);
}
