// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches of the dense routines, for float, double and Complex of them. Matrices are stored by
// columns; a block works on one matrix, or one column of it. info may be null.
#pragma once

#include "runtime/lib/common/number.cuh"

#include <cuda_runtime_api.h>

#include <cstdint>

namespace acc::solver {

using lib::Complex;
using lib::is_complex;
using lib::Real;

/// Matrices of a batch: pointers on the device, or at equal distances.
template <class T>
struct Matrices {
    T* first;
    T* const* pointers; ///< or null
    int64_t stride;
    int64_t ld;
    int64_t count;
};

/// Pivots as int or int64_t.
struct Pivots {
    void* data;
    bool wide;
};

/// A = L L^H or U^H U, in the triangle. info: the first column whose pivot is not positive.
template <class T>
cudaError_t launch_potrf(cudaStream_t, bool upper, int64_t n, Matrices<T> a, int* info);
/// A = P L U; null pivots: no pivoting. info: the first zero pivot.
template <class T>
cudaError_t launch_getrf(cudaStream_t, int64_t m, int64_t n, Matrices<T> a, Pivots pivots,
                         int* info);
/// A = Q R as reflectors.
template <class T>
cudaError_t launch_geqrf(cudaStream_t, int64_t m, int64_t n, T* a, int64_t lda, T* tau);

/// One triangular solve: op(triangle) x = b.
struct Triangle {
    bool upper, transposed, conjugate, unit;
};
/// Row exchanges, triangular solves in turn, row exchanges, on each column of b.
struct Steps {
    Pivots before, after; ///< data may be null; `after` goes backwards
    Triangle triangles[2];
    int count;
};
template <class T>
cudaError_t launch_solve(cudaStream_t, const Steps& steps, int64_t n, int64_t nrhs, Matrices<T> a,
                         Matrices<T> b);

/// C = op(Q) C (left) or C op(Q), Q of k reflectors whose columns are in v.
template <class T>
cudaError_t launch_ormqr(cudaStream_t, bool left, bool conjugate, int64_t m, int64_t n, int64_t k,
                         const T* v, int64_t ldv, const T* tau, T* c, int64_t ldc);

/// to = from, or its conjugate transpose. Rows and columns are to's.
template <class T>
cudaError_t launch_copy(cudaStream_t, bool conjugate_transpose, int64_t rows, int64_t columns,
                        const T* from, int64_t ld_from, T* to, int64_t ld_to);
/// Columns `by` to `by` + `columns` - 1 become the first ones.
template <class T>
cudaError_t launch_shift_columns(cudaStream_t, int64_t rows, int64_t columns, int64_t by, T* a,
                                 int64_t lda);
/// The triangle only.
template <class T>
cudaError_t launch_copy_triangle(cudaStream_t, bool upper, int64_t n, const T* from,
                                 int64_t ld_from, T* to, int64_t ld_to);
/// All of a Hermitian matrix from its triangle.
template <class T>
cudaError_t launch_fill(cudaStream_t, bool upper, int64_t n, const T* from, int64_t ld_from, T* to,
                        int64_t ld_to);
/// Ones on the diagonal, zeros elsewhere.
template <class T>
cudaError_t launch_identity(cudaStream_t, int64_t rows, int64_t columns, T* a, int64_t lda);
/// c = op(triangle of a) b, or its conjugate transpose's.
template <class T>
cudaError_t launch_multiply(cudaStream_t, bool upper, bool conjugate, int64_t n, int64_t columns,
                            const T* a, int64_t lda, const T* b, int64_t ldb, T* c, int64_t ldc);
/// *info = first zero of a triangle's diagonal, counted from one, or 0.
template <class T>
cudaError_t launch_check_diagonal(cudaStream_t, int64_t n, const T* a, int64_t lda, int* info);
/// *info = 0.
cudaError_t launch_no_info(cudaStream_t, int* info, int64_t count);
/// *info += more when *info is not 0.
cudaError_t launch_shift_info(cudaStream_t, int* info, int more);
/// *info = value when it is 0 and *second is not.
cudaError_t launch_second_info(cudaStream_t, int* info, const int* second, int value);

/// What the Jacobi methods tell, on the device.
struct JacobiResult {
    double residual;
    int sweeps;
};
struct JacobiOptions {
    double tolerance; ///< of what is left beside the diagonal, relative; 0: the type's
    int max_sweeps;
    bool sort, vectors;
    JacobiResult* result; ///< of the first matrix; or null
};

/// Numbers of work memory of a matrix.
int64_t eigen_work(int64_t n);
/// Eigenvalues, ascending when sorted, of Hermitian matrices; vectors replace the matrices.
template <class T>
cudaError_t launch_eigen(cudaStream_t, const JacobiOptions& options, bool upper, int64_t n,
                         Matrices<T> a, Real<T>* w, T* work, int* info);

/// Where singular vectors go; a null pointer: nowhere.
template <class T>
struct Vectors {
    T* data;
    int64_t ld, stride, columns;
    bool transposed; ///< V^H instead of V
};
int64_t singular_work(int64_t m, int64_t n);
/// Singular values, descending when sorted. m < n is fine.
template <class T>
cudaError_t launch_singular(cudaStream_t, const JacobiOptions& options, int64_t m, int64_t n,
                            Matrices<T> a, Real<T>* s, Vectors<T> u, Vectors<T> v, T* work,
                            int* info);

} // namespace acc::solver
