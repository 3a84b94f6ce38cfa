// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Arguments that every routine checks in the same way.
#pragma once

#include <cublas_api.h>

#include <cstdint>

namespace acc::blas {

inline bool is_operation(cublasOperation_t op) {
    return op == CUBLAS_OP_N || op == CUBLAS_OP_T || op == CUBLAS_OP_C;
}
inline bool is_half(cublasFillMode_t uplo) {
    return uplo == CUBLAS_FILL_MODE_LOWER || uplo == CUBLAS_FILL_MODE_UPPER;
}
inline bool is_side(cublasSideMode_t side) {
    return side == CUBLAS_SIDE_LEFT || side == CUBLAS_SIDE_RIGHT;
}
inline bool is_diagonal(cublasDiagType_t diag) {
    return diag == CUBLAS_DIAG_UNIT || diag == CUBLAS_DIAG_NON_UNIT;
}

/// Whether columns of `rows` elements can be `ld` apart.
inline bool is_leading(int64_t ld, int64_t rows) {
    return ld >= (rows > 1 ? rows : 1);
}

/// Sizes of a product and its matrices.
inline bool are_product_sizes(cublasOperation_t transa, cublasOperation_t transb, int64_t m,
                              int64_t n, int64_t k, int64_t lda, int64_t ldb, int64_t ldc) {
    return is_operation(transa) && is_operation(transb) && m >= 0 && n >= 0 && k >= 0 &&
           is_leading(lda, transa == CUBLAS_OP_N ? m : k) &&
           is_leading(ldb, transb == CUBLAS_OP_N ? k : n) && is_leading(ldc, m);
}

} // namespace acc::blas
