// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sums, scaled copies and packing of matrices.
#pragma once

#include "runtime/lib/blas/handle.h"

namespace acc::blas {

template <class T>
struct Term {
    Scalar<T> factor;
    const T* data;
    int64_t ld;
    bool transposed, conjugated;
};

/// C = a + b, m x n.
template <class T>
cublasStatus_t launch_sum(Context&, int64_t m, int64_t n, const Term<T>& a, const Term<T>& b, T* c,
                          int64_t ldc);

/// C = diag(x) A, or, not `rows`, A diag(x).
template <class T>
cublasStatus_t launch_diagonal(Context&, bool rows, int64_t m, int64_t n, const T* a, int64_t lda,
                               const T* x, int64_t incx, T* c, int64_t ldc);

/// Between a half in packed storage and in full storage.
template <class T>
cublasStatus_t launch_packing(Context&, bool packs, bool upper, int64_t n, const T* from, T* to,
                              int64_t ld);

} // namespace acc::blas
