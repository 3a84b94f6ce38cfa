// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Elements of types known at run time, as values of the accumulator's type, and what becomes of a
// sum.
#pragma once

#include "runtime/lib/blas/kernels/gemm.h"
#include "runtime/lib/blas/kernels/number.cuh"

#include <cuda_fp8.h>

namespace acc::blas {

__device__ inline float fp8_to_float(unsigned char bits, __nv_fp8_interpretation_t kind) {
    return __half2float(__half(__nv_cvt_fp8_to_halfraw(bits, kind)));
}

/// Element i of an array of `type`.
template <class Acc>
__device__ Acc load_any(const void* data, int64_t i, Type type);

template <>
__device__ inline float load_any<float>(const void* data, int64_t i, Type type) {
    switch (type) {
    case Type::F16: return __half2float(static_cast<const __half*>(data)[i]);
    case Type::BF16: return __bfloat162float(static_cast<const __nv_bfloat16*>(data)[i]);
    case Type::I8: return float(static_cast<const signed char*>(data)[i]);
    case Type::I32: return float(static_cast<const int*>(data)[i]);
    case Type::E4M3: return fp8_to_float(static_cast<const unsigned char*>(data)[i], __NV_E4M3);
    case Type::E5M2: return fp8_to_float(static_cast<const unsigned char*>(data)[i], __NV_E5M2);
    default: return static_cast<const float*>(data)[i];
    }
}
template <>
__device__ inline double load_any<double>(const void* data, int64_t i, Type) {
    return static_cast<const double*>(data)[i];
}
template <>
__device__ inline int load_any<int>(const void* data, int64_t i, Type type) {
    return type == Type::I8 ? static_cast<const signed char*>(data)[i]
                            : static_cast<const int*>(data)[i];
}
template <>
__device__ inline cuComplex load_any<cuComplex>(const void* data, int64_t i, Type type) {
    if (type == Type::CI8) {
        const char2 value = static_cast<const char2*>(data)[i];
        return {float(value.x), float(value.y)};
    }
    return static_cast<const cuComplex*>(data)[i];
}
template <>
__device__ inline cuDoubleComplex load_any<cuDoubleComplex>(const void* data, int64_t i, Type) {
    return static_cast<const cuDoubleComplex*>(data)[i];
}

__device__ inline signed char to_int8(float x) {
    const float rounded = rintf(x);
    return static_cast<signed char>(rounded > 127 ? 127 : rounded < -128 ? -128 : int(rounded));
}

template <class Acc>
__device__ void store_any(void* data, int64_t i, Type type, Acc value);

template <>
__device__ inline void store_any<float>(void* data, int64_t i, Type type, float value) {
    switch (type) {
    case Type::F16: static_cast<__half*>(data)[i] = __float2half(value); return;
    case Type::BF16: static_cast<__nv_bfloat16*>(data)[i] = __float2bfloat16(value); return;
    case Type::I8: static_cast<signed char*>(data)[i] = to_int8(value); return;
    case Type::E4M3:
        static_cast<unsigned char*>(data)[i] = __nv_cvt_float_to_fp8(value, __NV_SATFINITE,
                                                                     __NV_E4M3);
        return;
    case Type::E5M2:
        static_cast<unsigned char*>(data)[i] = __nv_cvt_float_to_fp8(value, __NV_SATFINITE,
                                                                     __NV_E5M2);
        return;
    default: static_cast<float*>(data)[i] = value;
    }
}
template <>
__device__ inline void store_any<double>(void* data, int64_t i, Type, double value) {
    static_cast<double*>(data)[i] = value;
}
template <>
__device__ inline void store_any<int>(void* data, int64_t i, Type type, int value) {
    if (type == Type::I8)
        static_cast<signed char*>(data)[i] = static_cast<signed char>(value > 127    ? 127
                                                                      : value < -128 ? -128
                                                                                     : value);
    else
        static_cast<int*>(data)[i] = value;
}
template <>
__device__ inline void store_any<cuComplex>(void* data, int64_t i, Type, cuComplex value) {
    static_cast<cuComplex*>(data)[i] = value;
}
template <>
__device__ inline void store_any<cuDoubleComplex>(void* data, int64_t i, Type,
                                                  cuDoubleComplex value) {
    static_cast<cuDoubleComplex*>(data)[i] = value;
}

/// alpha or beta for a row. A complex accumulator takes a real factor, too.
template <class Acc>
__device__ Acc get(const Factor& factor, int64_t row) {
    if constexpr (is_complex<Acc>) {
        Acc value = {Real<Acc>(factor.value[0]), Real<Acc>(factor.value[1])};
        const int64_t place = row * factor.row_stride;
        if (factor.pointer != nullptr && (factor.type == Type::F32 || factor.type == Type::F64))
            value = {static_cast<const Real<Acc>*>(factor.pointer)[place], 0};
        else if (factor.pointer != nullptr)
            value = static_cast<const Acc*>(factor.pointer)[place];
        return conjugate_if(factor.conjugated, value);
    } else {
        if (factor.pointer == nullptr) return Acc(factor.value[0]);
        return load_any<Acc>(factor.pointer, row * factor.row_stride, factor.type);
    }
}

/// Whether A and B are read: not where alpha is zero.
template <class Acc>
__device__ bool multiplies(const Factor& alpha, int64_t row) {
    if constexpr (std::is_same_v<Acc, int>) {
        if (alpha.type == Type::F32) return get<float>(alpha, row) != 0;
    }
    return !is_zero(get<Acc>(alpha, row));
}

/// The pointer of problem `z`; the compiler sees that it is one to global memory.
template <class Matrix>
__device__ auto data_of(const Matrix& matrix, int64_t z) -> decltype(+matrix.data) {
    const auto bytes = reinterpret_cast<size_t>(matrix.data) + size_t(z * matrix.batch_stride);
    const auto place = matrix.array != nullptr ? reinterpret_cast<size_t>(matrix.array[z]) : bytes;
    return static_cast<decltype(+matrix.data)>(
        __cvta_global_to_generic(place + size_t(matrix.offset)));
}

/// Whether an element is of the part that is written.
__device__ inline bool is_in(Part part, int64_t row, int64_t column) {
    return part == Part::All || (part == Part::Lower ? row >= column : row <= column);
}

/// GELU by tanh, as cuBLASLt has it, and its derivative.
__device__ inline float gelu(float x) {
    const float inner = 0.7978845608028654f * (x + 0.044715f * x * x * x);
    return 0.5f * x * (1 + tanhf(inner));
}
__device__ inline float gelu_gradient(float x) {
    const float t = tanhf(0.7978845608028654f * (x + 0.044715f * x * x * x));
    const float slope = 0.7978845608028654f * (1 + 3 * 0.044715f * x * x);
    return 0.5f * (1 + t) + 0.5f * x * (1 - t * t) * slope;
}

/// Bias, auxiliary values and activation of one element of problem z.
__device__ __forceinline__ float apply(const Epilogue& e, float value, int64_t row, int64_t column,
                                       int64_t z) {
    if (e.bias != nullptr)
        value += load_any<float>(
            e.bias, (e.bias_of_columns ? column : row) + z * e.bias_batch_stride, e.bias_type);
    const int64_t place = row + column * e.aux_ld + z * e.aux_batch_stride;
    auto* bits = static_cast<unsigned*>(e.aux);
    switch (e.activation) {
    case Activation::Relu:
        // One bit for each element, rows along the bits; other threads have the word's other bits.
        if (bits != nullptr) {
            if (value > 0)
                atomicOr(&bits[place / 32], 1u << (place % 32));
            else
                atomicAnd(&bits[place / 32], ~(1u << (place % 32)));
        }
        return value > 0 || value != value ? value : 0.f;
    case Activation::Gelu:
        if (e.aux != nullptr) store_any(e.aux, place, e.aux_type, value);
        return gelu(value);
    case Activation::ReluGradient: return bits[place / 32] >> (place % 32) & 1 ? value : 0.f;
    case Activation::GeluGradient:
        return value * gelu_gradient(load_any<float>(e.aux, place, e.aux_type));
    default: return value;
    }
}

__device__ __forceinline__ void finish_float(const Product& p, const void* c, void* d, int64_t z,
                                             int64_t row, int64_t column, float sum) {
    float alpha = get<float>(p.alpha, row), beta = get<float>(p.beta, row);
    if (p.has_epilogue) {
        if (p.epilogue.a_scale != nullptr) alpha *= *p.epilogue.a_scale;
        if (p.epilogue.b_scale != nullptr) alpha *= *p.epilogue.b_scale;
        if (p.epilogue.c_scale != nullptr) beta *= *p.epilogue.c_scale;
    }
    float value = alpha * sum;
    if (beta != 0) value += beta * load_any<float>(c, row + column * p.c.ld, p.c.type);
    if (p.has_epilogue) {
        value = apply(p.epilogue, value, row, column, z);
        if (p.epilogue.d_amax != nullptr) // sizes of floats are ordered as their bits are
            atomicMax(reinterpret_cast<int*>(p.epilogue.d_amax), __float_as_int(fabsf(value)));
        if (p.epilogue.d_scale != nullptr) value *= *p.epilogue.d_scale;
    }
    store_any<float>(d, row + column * p.d.ld, p.d.type, value);
}

/// Stores what becomes of the sum of products for (row, column).
template <class Acc>
__device__ __forceinline__ void finish(const Product& p, const void* c, void* d, int64_t z,
                                       int64_t row, int64_t column, Acc sum) {
    if (!is_in(p.part, row, column)) return;
    if constexpr (std::is_same_v<Acc, int>) {
        if (p.alpha.type == Type::F32) return finish_float(p, c, d, z, row, column, float(sum));
    }
    if constexpr (std::is_same_v<Acc, float>) return finish_float(p, c, d, z, row, column, sum);
    const Acc alpha = get<Acc>(p.alpha, row), beta = get<Acc>(p.beta, row);
    Acc value = multiply(alpha, sum);
    if (!is_zero(beta))
        value = multiply_add(beta, load_any<Acc>(c, row + column * p.c.ld, p.c.type), value);
    if constexpr (is_complex<Acc>) {
        if (p.real_diagonal && row == column) value.y = 0;
    }
    store_any<Acc>(d, row + column * p.d.ld, p.d.type, value);
}

} // namespace acc::blas
