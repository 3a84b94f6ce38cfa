// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Products whose types are arguments, and batches of products.
#include "runtime/lib/blas/arguments.h"
#include "runtime/lib/blas/compute.h"
#include "runtime/lib/blas/products.h"
#include "runtime/lib/common/api.h"

#include <vector>

namespace acc::blas {
namespace {

/// Sizes and options of a product, and its batch.
struct Sizes {
    cublasOperation_t transa, transb;
    int64_t m, n, k, lda, ldb, ldc, batch;

    bool valid() const {
        return batch >= 0 && are_product_sizes(transa, transb, m, n, k, lda, ldb, ldc);
    }
};

/// Matrices by address, stride or arrays of addresses.
struct Matrices {
    const void* a = nullptr;
    const void* b = nullptr;
    void* c = nullptr;
    int64_t stride_a = 0, stride_b = 0, stride_c = 0; ///< elements
    const void* const* a_array = nullptr;
    const void* const* b_array = nullptr;
    void* const* c_array = nullptr;
};

struct Types {
    Type a, b, c;
};

cublasStatus_t multiply_all(Context& context, const Sizes& s, const Matrices& given,
                            const Types& types, const Arithmetic& arithmetic, const Factor& alpha,
                            const Factor& beta) {
    Operand a = operand(given.a, s.lda, types.a, s.transa),
            b = operand(given.b, s.ldb, types.b, s.transb);
    Target c = target(given.c, s.ldc, types.c);
    a.array = given.a_array;
    b.array = given.b_array;
    c.array = given.c_array;
    a.batch_stride = given.stride_a * int64_t(size_of(types.a));
    b.batch_stride = given.stride_b * int64_t(size_of(types.b));
    c.batch_stride = given.stride_c * int64_t(size_of(types.c));
    Product p = product_of(s.m, s.n, s.k, alpha, a, b, beta, c);
    p.batch = s.batch;
    return multiply(context, arithmetic.accumulator, p);
}

cublasStatus_t with_types(Context& context, const Sizes& s, const Matrices& matrices,
                          const void* alpha, const void* beta, const Types& types,
                          const Arithmetic& arithmetic) {
    if (!s.valid() || alpha == nullptr || beta == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    if (arithmetic.accumulator == Type::None) return CUBLAS_STATUS_NOT_SUPPORTED;
    return multiply_all(context, s, matrices, types, arithmetic,
                        factor(context, alpha, arithmetic.scale),
                        factor(context, beta, arithmetic.scale));
}

/// The forms with a type of computing and a hint at an algorithm.
cublasStatus_t with_compute(Context& context, const Sizes& s, const Matrices& matrices,
                            const void* alpha, const void* beta, cudaDataType a_type,
                            cudaDataType b_type, cudaDataType c_type, cublasComputeType_t compute) {
    if (!is_compute_type(compute)) return CUBLAS_STATUS_INVALID_VALUE;
    const Types types = {type_of(a_type), type_of(b_type), type_of(c_type)};
    return with_types(context, s, matrices, alpha, beta, types,
                      arithmetic_of(compute, types.a, types.b, types.c));
}

template <class T>
cublasStatus_t of_one_type(Context& context, const Sizes& s, const Matrices& matrices,
                           const T* alpha, const T* beta) {
    constexpr Type type = type_id<T>();
    return with_types(context, s, matrices, alpha, beta, {type, type, type},
                      {accumulator_of<T>(), type});
}

cublasStatus_t sgemm_ex(Context& context, cublasOperation_t transa, cublasOperation_t transb,
                        int64_t m, int64_t n, int64_t k, const float* alpha, const void* a,
                        cudaDataType a_type, int64_t lda, const void* b, cudaDataType b_type,
                        int64_t ldb, const float* beta, void* c, cudaDataType c_type, int64_t ldc) {
    if (type_of(a_type) == Type::C32 || type_of(a_type) == Type::CI8)
        return CUBLAS_STATUS_NOT_SUPPORTED;
    return with_compute(context, {transa, transb, m, n, k, lda, ldb, ldc, 1}, {a, b, c}, alpha,
                        beta, a_type, b_type, c_type, CUBLAS_COMPUTE_32F);
}

cublasStatus_t cgemm_ex(Context& context, cublasOperation_t transa, cublasOperation_t transb,
                        int64_t m, int64_t n, int64_t k, const cuComplex* alpha, const void* a,
                        cudaDataType a_type, int64_t lda, const void* b, cudaDataType b_type,
                        int64_t ldb, const cuComplex* beta, void* c, cudaDataType c_type,
                        int64_t ldc) {
    if (type_of(c_type) != Type::C32) return CUBLAS_STATUS_NOT_SUPPORTED;
    return with_compute(context, {transa, transb, m, n, k, lda, ldb, ldc, 1}, {a, b, c}, alpha,
                        beta, a_type, b_type, c_type, CUBLAS_COMPUTE_32F);
}

cublasStatus_t gemm_ex(Context& context, cublasOperation_t transa, cublasOperation_t transb,
                       int64_t m, int64_t n, int64_t k, const void* alpha, const void* a,
                       cudaDataType a_type, int64_t lda, const void* b, cudaDataType b_type,
                       int64_t ldb, const void* beta, void* c, cudaDataType c_type, int64_t ldc,
                       cublasComputeType_t compute, cublasGemmAlgo_t) {
    return with_compute(context, {transa, transb, m, n, k, lda, ldb, ldc, 1}, {a, b, c}, alpha,
                        beta, a_type, b_type, c_type, compute);
}

template <class T>
cublasStatus_t gemm_batched(Context& context, cublasOperation_t transa, cublasOperation_t transb,
                            int64_t m, int64_t n, int64_t k, const T* alpha, const T* const* a,
                            int64_t lda, const T* const* b, int64_t ldb, const T* beta, T* const* c,
                            int64_t ldc, int64_t batch) {
    Matrices all;
    all.a_array = reinterpret_cast<const void* const*>(a);
    all.b_array = reinterpret_cast<const void* const*>(b);
    all.c_array = reinterpret_cast<void* const*>(c);
    return of_one_type(context, {transa, transb, m, n, k, lda, ldb, ldc, batch}, all, alpha, beta);
}

template <class T>
cublasStatus_t gemm_strided_batched(Context& context, cublasOperation_t transa,
                                    cublasOperation_t transb, int64_t m, int64_t n, int64_t k,
                                    const T* alpha, const T* a, int64_t lda, int64_t stride_a,
                                    const T* b, int64_t ldb, int64_t stride_b, const T* beta, T* c,
                                    int64_t ldc, int64_t stride_c, int64_t batch) {
    return of_one_type(context, {transa, transb, m, n, k, lda, ldb, ldc, batch},
                       {a, b, c, stride_a, stride_b, stride_c}, alpha, beta);
}

cublasStatus_t gemm_batched_ex(Context& context, cublasOperation_t transa, cublasOperation_t transb,
                               int64_t m, int64_t n, int64_t k, const void* alpha,
                               const void* const* a, cudaDataType a_type, int64_t lda,
                               const void* const* b, cudaDataType b_type, int64_t ldb,
                               const void* beta, void* const* c, cudaDataType c_type, int64_t ldc,
                               int64_t batch, cublasComputeType_t compute, cublasGemmAlgo_t) {
    Matrices all;
    all.a_array = a;
    all.b_array = b;
    all.c_array = c;
    return with_compute(context, {transa, transb, m, n, k, lda, ldb, ldc, batch}, all, alpha, beta,
                        a_type, b_type, c_type, compute);
}

cublasStatus_t gemm_strided_batched_ex(Context& context, cublasOperation_t transa,
                                       cublasOperation_t transb, int64_t m, int64_t n, int64_t k,
                                       const void* alpha, const void* a, cudaDataType a_type,
                                       int64_t lda, int64_t stride_a, const void* b,
                                       cudaDataType b_type, int64_t ldb, int64_t stride_b,
                                       const void* beta, void* c, cudaDataType c_type, int64_t ldc,
                                       int64_t stride_c, int64_t batch, cublasComputeType_t compute,
                                       cublasGemmAlgo_t) {
    return with_compute(context, {transa, transb, m, n, k, lda, ldb, ldc, batch},
                        {a, b, c, stride_a, stride_b, stride_c}, alpha, beta, a_type, b_type,
                        c_type, compute);
}

/// Groups of problems of one size each; scalars and sizes are arrays of the host, a group's
/// addresses follow the ones before.
template <class I>
cublasStatus_t grouped(Context& context, const cublasOperation_t* transa,
                       const cublasOperation_t* transb, const I* m, const I* n, const I* k,
                       const void* alpha, const void* const* a, const I* lda, const void* const* b,
                       const I* ldb, const void* beta, void* const* c, const I* ldc, int64_t groups,
                       const I* sizes, const Types& types, const Arithmetic& arithmetic) {
    if (groups < 0 || (groups > 0 && (alpha == nullptr || beta == nullptr)))
        return CUBLAS_STATUS_INVALID_VALUE;
    if (arithmetic.accumulator == Type::None) return CUBLAS_STATUS_NOT_SUPPORTED;
    std::vector<Sizes> all;
    for (int64_t g = 0; g < groups; ++g) {
        all.push_back({transa[g], transb[g], m[g], n[g], k[g], lda[g], ldb[g], ldc[g], sizes[g]});
        if (!all.back().valid()) return CUBLAS_STATUS_INVALID_VALUE;
    }
    const Context on_host; // the scalars are there, whatever the handle's mode
    int64_t first = 0;
    for (size_t g = 0; g < all.size(); first += all[g++].batch) {
        Matrices some;
        some.a_array = a + first;
        some.b_array = b + first;
        some.c_array = c + first;
        const auto scalar = [&](const void* array) {
            const auto* bytes = static_cast<const char*>(array);
            return factor(on_host, bytes + g * size_of(arithmetic.scale), arithmetic.scale);
        };
        const cublasStatus_t status = multiply_all(context, all[g], some, types, arithmetic,
                                                   scalar(alpha), scalar(beta));
        if (status != CUBLAS_STATUS_SUCCESS) return status;
    }
    return CUBLAS_STATUS_SUCCESS;
}

template <class T, class I>
cublasStatus_t gemm_grouped_batched(Context& context, const cublasOperation_t* transa,
                                    const cublasOperation_t* transb, const I* m, const I* n,
                                    const I* k, const T* alpha, const T* const* a, const I* lda,
                                    const T* const* b, const I* ldb, const T* beta, T* const* c,
                                    const I* ldc, int64_t groups, const I* sizes) {
    constexpr Type type = type_id<T>();
    return grouped(context, transa, transb, m, n, k, alpha, reinterpret_cast<const void* const*>(a),
                   lda, reinterpret_cast<const void* const*>(b), ldb, beta,
                   reinterpret_cast<void* const*>(c), ldc, groups, sizes, {type, type, type},
                   {type, type});
}

template <class I>
cublasStatus_t
gemm_grouped_batched_ex(Context& context, const cublasOperation_t* transa,
                        const cublasOperation_t* transb, const I* m, const I* n, const I* k,
                        const void* alpha, const void* const* a, cudaDataType a_type, const I* lda,
                        const void* const* b, cudaDataType b_type, const I* ldb, const void* beta,
                        void* const* c, cudaDataType c_type, const I* ldc, int64_t groups,
                        const I* sizes, cublasComputeType_t compute) {
    if (!is_compute_type(compute)) return CUBLAS_STATUS_INVALID_VALUE;
    const Types types = {type_of(a_type), type_of(b_type), type_of(c_type)};
    return grouped(context, transa, transb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, groups,
                   sizes, types, arithmetic_of(compute, types.a, types.b, types.c));
}

/// C = alpha op(A) op(A)^T + beta C, or with ^H, for complex floats, A in bytes or floats.
template <class S>
cublasStatus_t complex_update(Context& context, bool hermitian, cublasFillMode_t uplo,
                              cublasOperation_t trans, int64_t n, int64_t k, const S* alpha,
                              const void* a, cudaDataType a_type, int64_t lda, const S* beta,
                              void* c, cudaDataType c_type, int64_t ldc) {
    const cublasOperation_t other = hermitian ? CUBLAS_OP_C : CUBLAS_OP_T;
    if (!is_half(uplo) || (trans != CUBLAS_OP_N && trans != other) || n < 0 || k < 0 ||
        !is_leading(lda, trans == CUBLAS_OP_N ? n : k) || !is_leading(ldc, n) || alpha == nullptr ||
        beta == nullptr)
        return CUBLAS_STATUS_INVALID_VALUE;
    const Type type = type_of(a_type);
    if ((type != Type::C32 && type != Type::CI8) || type_of(c_type) != Type::C32)
        return CUBLAS_STATUS_NOT_SUPPORTED;
    Product p = product_of(n, n, k, factor(context, alpha),
                           operand(a, lda, type, trans == CUBLAS_OP_N ? CUBLAS_OP_N : other),
                           operand(a, lda, type, trans == CUBLAS_OP_N ? other : CUBLAS_OP_N),
                           factor(context, beta), target(c, ldc, Type::C32));
    p.part = uplo == CUBLAS_FILL_MODE_LOWER ? Part::Lower : Part::Upper;
    p.real_diagonal = hermitian;
    return multiply(context, Type::C32, p);
}

cublasStatus_t csyrk_ex(Context& context, cublasFillMode_t uplo, cublasOperation_t trans, int64_t n,
                        int64_t k, const cuComplex* alpha, const void* a, cudaDataType a_type,
                        int64_t lda, const cuComplex* beta, void* c, cudaDataType c_type,
                        int64_t ldc) {
    return complex_update(context, false, uplo, trans, n, k, alpha, a, a_type, lda, beta, c, c_type,
                          ldc);
}

cublasStatus_t cherk_ex(Context& context, cublasFillMode_t uplo, cublasOperation_t trans, int64_t n,
                        int64_t k, const float* alpha, const void* a, cudaDataType a_type,
                        int64_t lda, const float* beta, void* c, cudaDataType c_type, int64_t ldc) {
    return complex_update(context, true, uplo, trans, n, k, alpha, a, a_type, lda, beta, c, c_type,
                          ldc);
}

} // namespace
} // namespace acc::blas

using namespace acc::blas;

#include "gemm_ex_entries.inc"
