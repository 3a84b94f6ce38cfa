// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches of the kernels of matrices and vectors. Vectors start at element 0, whatever the sign of
// their stride.
#pragma once

#include "runtime/lib/blas/handle.h"
#include "runtime/lib/blas/kernels/gemm.h"

namespace acc::blas {

/// How what is stored of a matrix lies in memory: columns ld apart; only a band around the
/// diagonal; only a half, without gaps.
enum class Storage : unsigned char { Full, Band, Packed };

/// A matrix of `rows` x `columns` and the operation on it. A band has `below` and `above` diagonals
/// on each side.
template <class T>
struct Stored {
    const T* a = nullptr;
    int64_t ld = 0, rows = 0, columns = 0, below = 0, above = 0;
    Storage storage = Storage::Full;
    Shape shape = Shape::General;
    bool upper = false, unit = false, transposed = false, conjugated = false;
};

/// y = alpha op(A) x + beta y. (Symmetric matrices have no operation.)
template <class T>
cublasStatus_t launch_matvec(Context&, const Stored<T>& a, Scalar<T> alpha, const T* x,
                             int64_t incx, Scalar<T> beta, T* y, int64_t incy);

/// x = op(A) x, and x = op(A)^-1 x, for a triangular A.
template <class T>
cublasStatus_t launch_triangular_product(Context&, const Stored<T>& a, T* x, int64_t incx);
template <class T>
cublasStatus_t launch_triangular_system(Context&, const Stored<T>& a, T* x, int64_t incx);

/// alpha of an update: a T, or a real number.
template <class T>
struct UpdateFactor {
    T value;
    const void* pointer; ///< on the device, or null
    bool real;
};

/// A += alpha x y^T (`conjugated`: y^H). `twice`: + alpha' y x^T, with ^H and alpha' the conjugate
/// of alpha for Hermitian matrices. `a` says where, and for symmetric ones which half.
template <class T>
struct Update {
    Stored<T> a;
    T* data = nullptr;
    const T* x = nullptr;
    const T* y = nullptr;
    int64_t incx = 1, incy = 1;
    UpdateFactor<T> alpha;
    bool conjugated = false, twice = false;
};
template <class T>
cublasStatus_t launch_update(Context&, const Update<T>& update);

/// A general matrix in full storage, for batches and mixed types: y = alpha op(A) x + beta y,
/// summed in Compute<A>.
template <class A, class Y>
struct GemvBatch {
    int64_t m = 0, n = 0, lda = 0, incx = 1, incy = 1, batch = 1;
    bool transposed = false, conjugated = false;
    const A* a = nullptr;
    const A* x = nullptr;
    Y* y = nullptr;
    int64_t stride_a = 0, stride_x = 0, stride_y = 0; ///< elements
    const A* const* a_array = nullptr;
    const A* const* x_array = nullptr;
    Y* const* y_array = nullptr;
};
template <class A, class Y, class C>
cublasStatus_t launch_gemv(Context&, const GemvBatch<A, Y>& problem, Scalar<C> alpha,
                           Scalar<C> beta);

} // namespace acc::blas
