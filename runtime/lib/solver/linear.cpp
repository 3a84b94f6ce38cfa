// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Factorisations and solves.
#include "runtime/lib/solver/dense.h"

namespace acc::solver {
namespace {

/// The next piece of work, unless there was an error.
class Work {
  public:
    Work& then(cudaError_t error) {
        if (error_ == cudaSuccess) error_ = error;
        return *this;
    }
    bool ok() const { return error_ == cudaSuccess; }
    cusolverStatus_t status() const { return status_of(error_); }

  private:
    cudaError_t error_ = cudaSuccess;
};

/// A = L L^H: L, then L^H; A = U^H U: U^H, then U.
Steps cholesky_steps(bool upper) {
    Steps steps = {};
    steps.triangles[0] = {upper, upper, upper, false};
    steps.triangles[1] = {upper, !upper, !upper, false};
    steps.count = 2;
    return steps;
}

} // namespace

template <class T>
cusolverStatus_t potrf(const Context& context, cublasFillMode_t uplo, int64_t n, Matrices<T> a,
                       int* info) {
    if (bad(uplo) || bad_matrix(n, n, a.ld) || a.count < 0) return kBad;
    if (n == 0 || a.count == 0) return status_of(launch_no_info(context.stream, info, a.count));
    if (a.first == nullptr && a.pointers == nullptr) return kBad;
    return status_of(launch_potrf(context.stream, is_upper(uplo), n, a, info));
}

template <class T>
cusolverStatus_t potrs(const Context& context, cublasFillMode_t uplo, int64_t n, int64_t nrhs,
                       Matrices<T> a, Matrices<T> b, int* info) {
    if (bad(uplo) || nrhs < 0 || bad_matrix(n, n, a.ld) || bad_matrix(n, nrhs, b.ld) || b.count < 0)
        return kBad;
    Work work;
    work.then(launch_no_info(context.stream, info, info == nullptr ? 0 : 1));
    if (n > 0 && nrhs > 0 && b.count > 0)
        work.then(launch_solve(context.stream, cholesky_steps(is_upper(uplo)), n, nrhs, a, b));
    return work.status();
}

template <class T>
cusolverStatus_t potri(const Context& context, cublasFillMode_t uplo, int64_t n, T* a, int64_t lda,
                       T* work, int64_t size, int* info) {
    if (bad(uplo) || bad_matrix(n, n, lda) || size < n * n) return kBad;
    if (n == 0) return status_of(launch_no_info(context.stream, info, 1));
    if (a == nullptr || work == nullptr || info == nullptr) return kBad;
    Work next;
    next.then(launch_check_diagonal(context.stream, n, a, lda, info));
    next.then(launch_identity(context.stream, n, n, work, n));
    if (next.ok())
        next.then(launch_solve(context.stream, cholesky_steps(is_upper(uplo)), n, n, one(a, lda),
                               one(work, n)));
    if (next.ok())
        next.then(launch_copy_triangle(context.stream, is_upper(uplo), n, work, n, a, lda));
    return next.status();
}

template <class T>
cusolverStatus_t trtri(const Context& context, cublasFillMode_t uplo, cublasDiagType_t diag,
                       int64_t n, T* a, int64_t lda, T* work, int64_t size, int* info) {
    if (bad(uplo) || (diag != CUBLAS_DIAG_UNIT && diag != CUBLAS_DIAG_NON_UNIT) ||
        bad_matrix(n, n, lda) || size < n * n)
        return kBad;
    if (n == 0) return status_of(launch_no_info(context.stream, info, 1));
    if (a == nullptr || work == nullptr || info == nullptr) return kBad;
    Steps steps = {};
    steps.triangles[0] = {is_upper(uplo), false, false, diag == CUBLAS_DIAG_UNIT};
    steps.count = 1;
    Work next;
    if (diag == CUBLAS_DIAG_UNIT)
        next.then(launch_no_info(context.stream, info, 1));
    else
        next.then(launch_check_diagonal(context.stream, n, a, lda, info));
    next.then(launch_identity(context.stream, n, n, work, n));
    if (next.ok()) next.then(launch_solve(context.stream, steps, n, n, one(a, lda), one(work, n)));
    if (next.ok())
        next.then(launch_copy_triangle(context.stream, is_upper(uplo), n, work, n, a, lda));
    return next.status();
}

template <class T>
cusolverStatus_t getrf(const Context& context, int64_t m, int64_t n, T* a, int64_t lda,
                       Pivots pivots, int* info) {
    if (bad_matrix(m, n, lda)) return kBad;
    if (m == 0 || n == 0) return status_of(launch_no_info(context.stream, info, 1));
    if (a == nullptr) return kBad;
    return status_of(launch_getrf(context.stream, m, n, one(a, lda), pivots, info));
}

template <class T>
cusolverStatus_t getrs(const Context& context, cublasOperation_t op, int64_t n, int64_t nrhs,
                       const T* a, int64_t lda, Pivots pivots, T* b, int64_t ldb, int* info) {
    if (bad(op) || nrhs < 0 || bad_matrix(n, n, lda) || bad_matrix(n, nrhs, ldb)) return kBad;
    if (n > 0 && nrhs > 0 && (a == nullptr || b == nullptr)) return kBad;
    Steps steps = {};
    steps.count = 2;
    const bool conjugate = op == CUBLAS_OP_C;
    if (op == CUBLAS_OP_N) {
        steps.before = pivots;
        steps.triangles[0] = {false, false, false, true};
        steps.triangles[1] = {true, false, false, false};
    } else {
        steps.triangles[0] = {true, true, conjugate, false};
        steps.triangles[1] = {false, true, conjugate, true};
        steps.after = pivots;
    }
    Work next;
    next.then(launch_no_info(context.stream, info, 1));
    if (next.ok())
        next.then(launch_solve(context.stream, steps, n, nrhs, one(a, lda), one(b, ldb)));
    return next.status();
}

template <class T>
cusolverStatus_t geqrf(const Context& context, int64_t m, int64_t n, T* a, int64_t lda, T* tau,
                       int* info) {
    if (bad_matrix(m, n, lda)) return kBad;
    Work next;
    next.then(launch_no_info(context.stream, info, 1));
    if (m == 0 || n == 0) return next.status();
    if (a == nullptr || tau == nullptr) return kBad;
    return next.then(launch_geqrf(context.stream, m, n, a, lda, tau)).status();
}

template <class T>
cusolverStatus_t orgqr(const Context& context, int64_t m, int64_t n, int64_t k, T* a, int64_t lda,
                       const T* tau, T* work, int64_t size, int* info) {
    if (bad_matrix(m, n, lda) || n > m || k < 0 || k > n || size < m * k) return kBad;
    Work next;
    next.then(launch_no_info(context.stream, info, 1));
    if (n == 0) return next.status();
    if (a == nullptr || (k > 0 && (tau == nullptr || work == nullptr))) return kBad;
    next.then(launch_copy(context.stream, false, m, k, a, lda, work, m));
    next.then(launch_identity(context.stream, m, n, a, lda));
    if (next.ok())
        next.then(launch_ormqr(context.stream, true, false, m, n, k, work, m, tau, a, lda));
    return next.status();
}

template <class T>
cusolverStatus_t ormqr(const Context& context, cublasSideMode_t side, cublasOperation_t op,
                       int64_t m, int64_t n, int64_t k, const T* a, int64_t lda, const T* tau, T* c,
                       int64_t ldc, int* info) {
    const bool left = side == CUBLAS_SIDE_LEFT;
    // As LAPACK: the transposed Q is the conjugate transposed one for complex matrices.
    const bool transposed = op == (is_complex<T> ? CUBLAS_OP_C : CUBLAS_OP_T) ||
                            (!is_complex<T> && op == CUBLAS_OP_C);
    const int64_t order = left ? m : n;
    if ((!left && side != CUBLAS_SIDE_RIGHT) || (op != CUBLAS_OP_N && !transposed) ||
        bad_matrix(m, n, ldc) || k < 0 || k > order || bad_matrix(order, k, lda))
        return kBad;
    Work next;
    next.then(launch_no_info(context.stream, info, 1));
    if (m == 0 || n == 0 || k == 0) return next.status();
    if (a == nullptr || tau == nullptr || c == nullptr) return kBad;
    return next.then(launch_ormqr(context.stream, left, transposed, m, n, k, a, lda, tau, c, ldc))
        .status();
}

#define ACC_INSTANCES(T)                                                                           \
    template cusolverStatus_t potrf<T>(const Context&, cublasFillMode_t, int64_t, Matrices<T>,     \
                                       int*);                                                      \
    template cusolverStatus_t potrs<T>(const Context&, cublasFillMode_t, int64_t, int64_t,         \
                                       Matrices<T>, Matrices<T>, int*);                            \
    template cusolverStatus_t potri<T>(const Context&, cublasFillMode_t, int64_t, T*, int64_t, T*, \
                                       int64_t, int*);                                             \
    template cusolverStatus_t trtri<T>(const Context&, cublasFillMode_t, cublasDiagType_t,         \
                                       int64_t, T*, int64_t, T*, int64_t, int*);                   \
    template cusolverStatus_t getrf<T>(const Context&, int64_t, int64_t, T*, int64_t, Pivots,      \
                                       int*);                                                      \
    template cusolverStatus_t getrs<T>(const Context&, cublasOperation_t, int64_t, int64_t,        \
                                       const T*, int64_t, Pivots, T*, int64_t, int*);              \
    template cusolverStatus_t geqrf<T>(const Context&, int64_t, int64_t, T*, int64_t, T*, int*);   \
    template cusolverStatus_t orgqr<T>(const Context&, int64_t, int64_t, int64_t, T*, int64_t,     \
                                       const T*, T*, int64_t, int*);                               \
    template cusolverStatus_t ormqr<T>(const Context&, cublasSideMode_t, cublasOperation_t,        \
                                       int64_t, int64_t, int64_t, const T*, int64_t, const T*, T*, \
                                       int64_t, int*);
ACC_INSTANCES(float)
ACC_INSTANCES(double)
ACC_INSTANCES(Complex<float>)
ACC_INSTANCES(Complex<double>)

} // namespace acc::solver
