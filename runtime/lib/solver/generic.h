// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the functions of any type share.
#pragma once

#include "runtime/lib/solver/dense.h"

namespace acc::solver {

/// Calls f(T{}) for the numbers of the type; types that CUDA does not have here are refused.
template <class F>
cusolverStatus_t with_type(cudaDataType type, F f) {
    switch (type) {
    case CUDA_R_32F: return f(float{});
    case CUDA_R_64F: return f(double{});
    case CUDA_C_32F: return f(Complex<float>{});
    case CUDA_C_64F: return f(Complex<double>{});
    default: return CUSOLVER_STATUS_NOT_SUPPORTED;
    }
}

inline cudaDataType real_of(cudaDataType type) {
    return type == CUDA_C_32F ? CUDA_R_32F : type == CUDA_C_64F ? CUDA_R_64F : type;
}

inline size_t size_of(cudaDataType type) {
    return type == CUDA_R_32F ? 4 : type == CUDA_C_64F ? 16 : 8;
}

/// Sizes of a workspace of so many numbers; none is needed on the host.
inline cusolverStatus_t give(int64_t numbers_needed, bool bad_arguments, cudaDataType type,
                             size_t* device_bytes, size_t* host_bytes) {
    if (bad_arguments || device_bytes == nullptr || host_bytes == nullptr) return kBad;
    return with_type(type, [&](auto) {
        *device_bytes = size_t(numbers_needed < 1 ? 1 : numbers_needed) * size_of(type);
        *host_bytes = 0;
        return kOk;
    });
}

constexpr auto kMixed = CUSOLVER_STATUS_NOT_SUPPORTED;
inline const JacobiInfo kDefaults;

template <class T>
T* at(void* pointer) {
    return static_cast<T*>(pointer);
}
template <class T>
const T* at(const void* pointer) {
    return static_cast<const T*>(pointer);
}

#define ACC_TYPED(TYPE, ...)                                                                       \
    return with_type(TYPE, [&](auto number) -> cusolverStatus_t {                                  \
        using T = decltype(number);                                                                \
        __VA_ARGS__                                                                                \
    });

} // namespace acc::solver
