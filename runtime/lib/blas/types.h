// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Element types that are known at run time only.
#pragma once

#include <library_types.h>

#include <cstddef>

namespace acc::blas {

/// A subset of cudaDataType; the device code switches on it.
enum class Type : unsigned char { F32, F64, C32, C64, F16, BF16, I8, I32, E4M3, E5M2, CI8, None };

constexpr Type type_of(cudaDataType type) {
    switch (type) {
    case CUDA_R_32F: return Type::F32;
    case CUDA_R_64F: return Type::F64;
    case CUDA_C_32F: return Type::C32;
    case CUDA_C_64F: return Type::C64;
    case CUDA_R_16F: return Type::F16;
    case CUDA_R_16BF: return Type::BF16;
    case CUDA_R_8I: return Type::I8;
    case CUDA_C_8I: return Type::CI8;
    case CUDA_R_32I: return Type::I32;
    case CUDA_R_8F_E4M3: return Type::E4M3;
    case CUDA_R_8F_E5M2: return Type::E5M2;
    default: return Type::None;
    }
}

/// Bytes of an element.
constexpr size_t size_of(Type type) {
    switch (type) {
    case Type::I8:
    case Type::E4M3:
    case Type::E5M2: return 1;
    case Type::F16:
    case Type::BF16:
    case Type::CI8: return 2;
    case Type::F32:
    case Type::I32: return 4;
    case Type::F64:
    case Type::C32: return 8;
    case Type::C64: return 16;
    default: return 0;
    }
}

} // namespace acc::blas
