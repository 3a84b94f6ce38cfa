// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Factorisations of batches of small matrices, a block for each.
#pragma once

#include "runtime/lib/blas/handle.h"

namespace acc::blas {

inline constexpr int kInverseOrder = 32; ///< the largest matrix of launch_inverse

/// A = P^-1 L U in place. `pivots` may be null: then rows stay where they are. info: the first zero
/// on U's diagonal, or 0.
template <class T>
cublasStatus_t launch_lu(Context&, int n, T* const* a, int lda, int* pivots, int* info, int batch);
/// C = A^-1 from its factors.
template <class T>
cublasStatus_t launch_lu_inverse(Context&, int n, const T* const* a, int lda, const int* pivots,
                                 T* const* c, int ldc, int* info, int batch);
/// B = op(A)^-1 B from A's factors.
template <class T>
cublasStatus_t launch_lu_solve(Context&, bool transposed, bool conjugated, int n, int sides,
                               const T* const* a, int lda, const int* pivots, T* const* b, int ldb,
                               int batch);
/// C = A^-1, A stays.
template <class T>
cublasStatus_t launch_inverse(Context&, int n, const T* const* a, int lda, T* const* c, int ldc,
                              int* info, int batch);
/// A = Q R in place. With `c`: C becomes the solution of least squares, `info` as for LU; then
/// `tau` may be null.
template <class T>
cublasStatus_t launch_qr(Context&, int m, int n, T* const* a, int lda, T* const* tau, int sides,
                         T* const* c, int ldc, int* info, int batch);

} // namespace acc::blas
