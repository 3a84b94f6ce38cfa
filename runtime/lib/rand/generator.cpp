// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Generators and their settings.
#include "runtime/lib/rand/generator.h"

#include "runtime/lib/common/api.h"
#include "runtime/lib/rand/directions.h"

#include <new>

namespace acc::rand {
namespace {

/// The type that a default stands for; 0: no such type.
curandRngType_t known_type(curandRngType_t type) {
    switch (type) {
    case CURAND_RNG_PSEUDO_DEFAULT: return CURAND_RNG_PSEUDO_XORWOW;
    case CURAND_RNG_QUASI_DEFAULT: return CURAND_RNG_QUASI_SOBOL32;
    case CURAND_RNG_PSEUDO_XORWOW:
    case CURAND_RNG_PSEUDO_MRG32K3A:
    case CURAND_RNG_PSEUDO_MTGP32:
    case CURAND_RNG_PSEUDO_MT19937:
    case CURAND_RNG_PSEUDO_PHILOX4_32_10:
    case CURAND_RNG_QUASI_SOBOL32:
    case CURAND_RNG_QUASI_SCRAMBLED_SOBOL32:
    case CURAND_RNG_QUASI_SOBOL64:
    case CURAND_RNG_QUASI_SCRAMBLED_SOBOL64: return type;
    default: return CURAND_RNG_TEST;
    }
}

curandStatus_t create(curandGenerator_t* generator, curandRngType_t type, bool on_host) {
    if (generator == nullptr) return CURAND_STATUS_NOT_INITIALIZED;
    const curandRngType_t known = known_type(type);
    if (known == CURAND_RNG_TEST) return CURAND_STATUS_TYPE_ERROR;
    int devices = 0;
    if (!on_host && (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0))
        return CURAND_STATUS_INITIALIZATION_FAILED;
    curandGenerator_st* made = new (std::nothrow) curandGenerator_st;
    if (made == nullptr) return CURAND_STATUS_ALLOCATION_FAILED;
    made->settings.type = known;
    made->settings.on_host = on_host;
    made->settings.ordering = is_quasi(known) ? CURAND_ORDERING_QUASI_DEFAULT
                                              : CURAND_ORDERING_PSEUDO_DEFAULT;
    *generator = made;
    return CURAND_STATUS_SUCCESS;
}

} // namespace

curandStatus_t prepare(curandGenerator_st* generator) {
    if (generator->source) return CURAND_STATUS_SUCCESS;
    curandStatus_t status = CURAND_STATUS_SUCCESS;
    generator->source = generator->settings.on_host
                            ? make_host_source(generator->settings, &status)
                            : make_device_source(generator->settings, &status);
    return status;
}

namespace {
bool is_captured(cudaStream_t stream) {
    cudaStreamCaptureStatus status = cudaStreamCaptureStatusNone;
    return cudaStreamIsCapturing(stream, &status) == cudaSuccess &&
           status != cudaStreamCaptureStatusNone;
}
} // namespace

void note_fill(curandGenerator_st* generator) {
    const cudaStream_t stream = generator->settings.stream;
    if (is_captured(stream)) return;
    if (generator->filled == nullptr &&
        cudaEventCreateWithFlags(&generator->filled, cudaEventDisableTiming) != cudaSuccess)
        return;
    cudaEventRecord(generator->filled, stream);
}

curandStatus_t change_stream(curandGenerator_st* generator, cudaStream_t stream) {
    const bool other = stream != generator->settings.stream;
    generator->settings.stream = stream;
    if (!other || generator->filled == nullptr) return CURAND_STATUS_SUCCESS;
    const cudaError_t error = is_captured(stream)
                                  ? cudaEventSynchronize(generator->filled)
                                  : cudaStreamWaitEvent(stream, generator->filled, 0);
    return error == cudaSuccess ? CURAND_STATUS_SUCCESS : CURAND_STATUS_LAUNCH_FAILURE;
}

} // namespace acc::rand

using namespace acc::rand;

curandGenerator_st::~curandGenerator_st() {
    if (filled != nullptr) cudaEventDestroy(filled);
}

ACC_LIBRARY_API curandStatus_t curandCreateGenerator(curandGenerator_t* generator,
                                                     curandRngType_t rng_type) {
    return create(generator, rng_type, false);
}

ACC_LIBRARY_API curandStatus_t curandCreateGeneratorHost(curandGenerator_t* generator,
                                                         curandRngType_t rng_type) {
    return create(generator, rng_type, true);
}

ACC_LIBRARY_API curandStatus_t curandDestroyGenerator(curandGenerator_t generator) {
    if (generator == nullptr) return CURAND_STATUS_NOT_INITIALIZED;
    delete generator;
    return CURAND_STATUS_SUCCESS;
}

ACC_LIBRARY_API curandStatus_t curandGetVersion(int* version) {
    if (version == nullptr) return CURAND_STATUS_OUT_OF_RANGE;
    *version = CURAND_VERSION;
    return CURAND_STATUS_SUCCESS;
}

ACC_LIBRARY_API curandStatus_t curandGetProperty(libraryPropertyType type, int* value) {
    if (value == nullptr) return CURAND_STATUS_OUT_OF_RANGE;
    switch (type) {
    case MAJOR_VERSION: *value = CURAND_VER_MAJOR; return CURAND_STATUS_SUCCESS;
    case MINOR_VERSION: *value = CURAND_VER_MINOR; return CURAND_STATUS_SUCCESS;
    case PATCH_LEVEL: *value = CURAND_VER_PATCH; return CURAND_STATUS_SUCCESS;
    default: return CURAND_STATUS_OUT_OF_RANGE;
    }
}

ACC_LIBRARY_API curandStatus_t curandSetStream(curandGenerator_t generator, cudaStream_t stream) {
    if (generator == nullptr) return CURAND_STATUS_NOT_INITIALIZED;
    return change_stream(generator, stream);
}

ACC_LIBRARY_API curandStatus_t curandSetPseudoRandomGeneratorSeed(curandGenerator_t generator,
                                                                  unsigned long long seed) {
    if (generator == nullptr) return CURAND_STATUS_NOT_INITIALIZED;
    if (is_quasi(generator->settings.type)) return CURAND_STATUS_TYPE_ERROR;
    generator->settings.seed = seed;
    generator->source.reset();
    return CURAND_STATUS_SUCCESS;
}

ACC_LIBRARY_API curandStatus_t curandSetGeneratorOffset(curandGenerator_t generator,
                                                        unsigned long long offset) {
    if (generator == nullptr) return CURAND_STATUS_NOT_INITIALIZED;
    // The Mersenne twisters have no way ahead but step by step.
    if (generator->settings.type == CURAND_RNG_PSEUDO_MTGP32 ||
        generator->settings.type == CURAND_RNG_PSEUDO_MT19937)
        return CURAND_STATUS_TYPE_ERROR;
    generator->settings.offset = offset;
    generator->source.reset();
    return CURAND_STATUS_SUCCESS;
}

ACC_LIBRARY_API curandStatus_t curandSetGeneratorOrdering(curandGenerator_t generator,
                                                          curandOrdering_t order) {
    if (generator == nullptr) return CURAND_STATUS_NOT_INITIALIZED;
    const bool quasi = is_quasi(generator->settings.type);
    switch (order) {
    case CURAND_ORDERING_QUASI_DEFAULT:
        if (!quasi) return CURAND_STATUS_OUT_OF_RANGE;
        break;
    case CURAND_ORDERING_PSEUDO_DYNAMIC: // the device's own, which the host has not
        if (generator->settings.on_host) return CURAND_STATUS_OUT_OF_RANGE;
        [[fallthrough]];
    case CURAND_ORDERING_PSEUDO_BEST:
    case CURAND_ORDERING_PSEUDO_DEFAULT:
    case CURAND_ORDERING_PSEUDO_SEEDED:
    case CURAND_ORDERING_PSEUDO_LEGACY:
        if (quasi) return CURAND_STATUS_OUT_OF_RANGE;
        break;
    default: return CURAND_STATUS_OUT_OF_RANGE;
    }
    generator->settings.ordering = order;
    generator->source.reset();
    return CURAND_STATUS_SUCCESS;
}

ACC_LIBRARY_API curandStatus_t
curandSetQuasiRandomGeneratorDimensions(curandGenerator_t generator, unsigned int num_dimensions) {
    if (generator == nullptr) return CURAND_STATUS_NOT_INITIALIZED;
    if (!is_quasi(generator->settings.type)) return CURAND_STATUS_TYPE_ERROR;
    if (num_dimensions < 1 || num_dimensions > kMaxDimensions) return CURAND_STATUS_OUT_OF_RANGE;
    generator->settings.dimensions = num_dimensions;
    generator->source.reset();
    return CURAND_STATUS_SUCCESS;
}

ACC_LIBRARY_API curandStatus_t curandGenerateSeeds(curandGenerator_t generator) {
    if (generator == nullptr) return CURAND_STATUS_NOT_INITIALIZED;
    return guarded([&] {
        const curandStatus_t status = prepare(generator);
        if (status == CURAND_STATUS_SUCCESS && !generator->settings.on_host) note_fill(generator);
        return status;
    });
}
