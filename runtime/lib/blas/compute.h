// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which types go together in products whose types are arguments, and in what they are added up.
#pragma once

#include "runtime/lib/blas/types.h"

#include <cublas_api.h>

namespace acc::blas {

struct Arithmetic {
    Type accumulator = Type::None; ///< None: no such combination
    Type scale = Type::None;       ///< of alpha and beta
};

/// For cublasGemmEx and its batched forms, as CUDA documents them.
inline Arithmetic arithmetic_of(cublasComputeType_t compute, Type a, Type b, Type c) {
    if (a != b) return {};
    switch (compute) {
    case CUBLAS_COMPUTE_16F:
    case CUBLAS_COMPUTE_16F_PEDANTIC:
        if (a == Type::F16 && c == Type::F16) return {Type::F32, Type::F16};
        return {};
    case CUBLAS_COMPUTE_32I:
    case CUBLAS_COMPUTE_32I_PEDANTIC:
        if (a == Type::I8 && c == Type::I32) return {Type::I32, Type::I32};
        return {};
    case CUBLAS_COMPUTE_64F:
    case CUBLAS_COMPUTE_64F_PEDANTIC:
    case CUBLAS_COMPUTE_64F_EMULATED_FIXEDPOINT:
        if (a == c && (a == Type::F64 || a == Type::C64)) return {a, a};
        return {};
    case CUBLAS_COMPUTE_32F:
    case CUBLAS_COMPUTE_32F_PEDANTIC:
        if ((a == Type::F16 || a == Type::BF16) && (c == a || c == Type::F32))
            return {Type::F32, Type::F32};
        if (a == Type::I8 && c == Type::F32) return {Type::F32, Type::F32};
        if (a == Type::CI8 && c == Type::C32) return {Type::C32, Type::C32};
        [[fallthrough]];
    case CUBLAS_COMPUTE_32F_FAST_16F:
    case CUBLAS_COMPUTE_32F_FAST_16BF:
    case CUBLAS_COMPUTE_32F_FAST_TF32:
    case CUBLAS_COMPUTE_32F_EMULATED_16BFX9:
        if (a == c && (a == Type::F32 || a == Type::C32)) return {a, a};
        return {};
    default: return {};
    }
}

inline bool is_compute_type(cublasComputeType_t compute) {
    switch (compute) {
    case CUBLAS_COMPUTE_16F:
    case CUBLAS_COMPUTE_16F_PEDANTIC:
    case CUBLAS_COMPUTE_32F:
    case CUBLAS_COMPUTE_32F_PEDANTIC:
    case CUBLAS_COMPUTE_32F_FAST_16F:
    case CUBLAS_COMPUTE_32F_FAST_16BF:
    case CUBLAS_COMPUTE_32F_FAST_TF32:
    case CUBLAS_COMPUTE_32F_EMULATED_16BFX9:
    case CUBLAS_COMPUTE_64F:
    case CUBLAS_COMPUTE_64F_PEDANTIC:
    case CUBLAS_COMPUTE_64F_EMULATED_FIXEDPOINT:
    case CUBLAS_COMPUTE_32I:
    case CUBLAS_COMPUTE_32I_PEDANTIC: return true;
    default: return false;
    }
}

} // namespace acc::blas
