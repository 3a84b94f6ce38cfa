// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Making a Product (kernels/gemm.h) of a routine's arguments.
#pragma once

#include "runtime/lib/blas/handle.h"
#include "runtime/lib/blas/kernels/gemm.h"
#include "runtime/lib/blas/kernels/number.cuh"

namespace acc::blas {

template <class T>
constexpr Type type_id() {
    if constexpr (std::is_same_v<T, float>) return Type::F32;
    if constexpr (std::is_same_v<T, double>) return Type::F64;
    if constexpr (std::is_same_v<T, cuComplex>) return Type::C32;
    if constexpr (std::is_same_v<T, cuDoubleComplex>) return Type::C64;
    if constexpr (std::is_same_v<T, __half>) return Type::F16;
    if constexpr (std::is_same_v<T, __nv_bfloat16>) return Type::BF16;
    return Type::None;
}

/// What elements of T are added up in.
template <class T>
constexpr Type accumulator_of() {
    return type_id<Compute<T>>();
}

inline Operand operand(const void* data, int64_t ld, Type type,
                       cublasOperation_t op = CUBLAS_OP_N) {
    Operand result;
    result.data = data;
    result.ld = ld;
    result.type = type;
    result.element_size = int(size_of(type));
    result.transposed = op != CUBLAS_OP_N;
    result.conjugated = op == CUBLAS_OP_C;
    return result;
}

inline Operand operands(const void* const* array, int64_t ld, Type type,
                        cublasOperation_t op = CUBLAS_OP_N) {
    Operand result = operand(nullptr, ld, type, op);
    result.array = array;
    return result;
}

inline Target target(void* data, int64_t ld, Type type) {
    Target result;
    result.data = data;
    result.ld = ld;
    result.type = type;
    return result;
}

/// The part of a matrix from (row, column) on, of the matrix as it is stored.
inline Operand part_of(Operand whole, int64_t row, int64_t column) {
    whole.offset += (row + column * whole.ld) * whole.element_size;
    return whole;
}
inline Target part_of(Target whole, int64_t row, int64_t column) {
    whole.offset += (row + column * whole.ld) * int64_t(size_of(whole.type));
    return whole;
}

/// A target as an operand of the next product.
inline Operand as_operand(const Target& from) {
    Operand result = operand(from.data, from.ld, from.type);
    result.array = from.array;
    result.batch_stride = from.batch_stride;
    result.offset = from.offset;
    return result;
}

inline Factor constant(double value) {
    Factor result;
    result.value[0] = value;
    return result;
}

/// alpha or beta of type `type`, host or device as the handle's mode says.
inline Factor factor(const Context& context, const void* given, Type type) {
    Factor result;
    result.type = type;
    if (context.pointer_mode == CUBLAS_POINTER_MODE_DEVICE) {
        result.pointer = given;
        return result;
    }
    switch (type) {
    case Type::F64: result.value[0] = read<double>(given); break;
    case Type::F16: result.value[0] = __half2float(read<__half>(given)); break;
    case Type::BF16: result.value[0] = __bfloat162float(read<__nv_bfloat16>(given)); break;
    case Type::I32: result.value[0] = read<int>(given); break;
    case Type::C32:
        result.value[0] = read<cuComplex>(given).x;
        result.value[1] = read<cuComplex>(given).y;
        break;
    case Type::C64:
        result.value[0] = read<cuDoubleComplex>(given).x;
        result.value[1] = read<cuDoubleComplex>(given).y;
        break;
    default: result.value[0] = read<float>(given);
    }
    return result;
}

template <class T>
Factor factor(const Context& context, const T* given) {
    return factor(context, given, type_id<T>());
}

/// Whether the host knows a factor to be this.
inline bool is_known(const Factor& factor, double value) {
    return factor.pointer == nullptr && factor.value[0] == value && factor.value[1] == 0;
}

/// Does a product, unless there is nothing to do.
inline cublasStatus_t multiply(Context& context, Type accumulator, const Product& product) {
    if (product.m == 0 || product.n == 0 || product.batch == 0) return CUBLAS_STATUS_SUCCESS;
    const bool nothing_added = product.k == 0 || is_known(product.alpha, 0);
    if (nothing_added && is_known(product.beta, 1) && product.c.data == product.d.data &&
        product.c.array == product.d.array && !product.has_epilogue)
        return CUBLAS_STATUS_SUCCESS;
    return launch_product(context.stream, accumulator, product);
}

/// C = alpha op(A) op(B) + beta C with matrices of one type.
inline Product product_of(int64_t m, int64_t n, int64_t k, const Factor& alpha, const Operand& a,
                          const Operand& b, const Factor& beta, const Target& c) {
    Product result;
    result.m = m;
    result.n = n;
    result.k = k;
    result.alpha = alpha;
    result.beta = beta;
    result.a = a;
    result.b = b;
    result.c = result.d = c;
    return result;
}

} // namespace acc::blas
