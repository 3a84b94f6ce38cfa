// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Tensors as kernels see them: pointers with a type and strides. Kernels are templates on what they
// compute in, float or double; types of elements are looked at when they run.
#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>

namespace acc::dnn {

enum class Element : unsigned char {
    F32,
    F64,
    F16,
    BF16,
    I8,
    U8,
    I32,
    I64,
    Bool,
    E4M3,
    E5M2,
    None
};

constexpr size_t size_of(Element type) {
    switch (type) {
    case Element::F64:
    case Element::I64: return 8;
    case Element::F16:
    case Element::BF16: return 2;
    case Element::I8:
    case Element::U8:
    case Element::Bool:
    case Element::E4M3:
    case Element::E5M2: return 1;
    case Element::None: return 0;
    default: return 4;
    }
}

/// Whether float does not hold all its values: kernels compute in double then.
constexpr bool is_wide(Element type) {
    return type == Element::F64 || type == Element::I32 || type == Element::I64;
}

inline constexpr int kMaxDims = 8;

struct Array {
    void* data = nullptr;
    Element type = Element::F32;
};

/// Sizes of the dimensions that are gone through together, slowest first.
struct Box {
    int dims = 0;
    int64_t size[kMaxDims] = {};
    int64_t count = 1;
};

/// Strides of an array in the same order; 0 where it is spread over a dimension.
struct Strides {
    int64_t of[kMaxDims] = {};
};

} // namespace acc::dnn
