// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Eigenvalues and singular values.
#include "runtime/lib/solver/dense.h"

namespace acc::solver {
namespace {

JacobiOptions options_of(const JacobiInfo& settings, bool vectors) {
    return {settings.tolerance, settings.max_sweeps, settings.sort, vectors, settings.result};
}

Steps one_step(const Triangle& triangle) {
    Steps steps = {};
    steps.triangles[0] = triangle;
    steps.count = 1;
    return steps;
}

/// C, whose eigenvalues are the problem's, into `c`: L^-1 A L^-H (type 1) or L^H A L, with U for
/// L^H. `half` is memory of the same size.
template <class T>
cudaError_t reduce(cudaStream_t stream, cusolverEigType_t type, bool upper, int64_t n, const T* a,
                   int64_t lda, const T* b, int64_t ldb, T* c, T* half) {
    cudaError_t error = launch_fill(stream, upper, n, a, lda, c, n);
    for (int turn = 0; turn < 2 && error == cudaSuccess; ++turn) {
        // Twice from the left, with the conjugate transposed between: C is Hermitian.
        if (type == CUSOLVER_EIG_TYPE_1) {
            error = launch_solve(stream, one_step({upper, upper, upper, false}), n, n, one(b, ldb),
                                 one(c, n));
            if (error == cudaSuccess) error = launch_copy(stream, true, n, n, c, n, half, n);
        } else {
            error = launch_multiply(stream, upper, !upper, n, n, b, ldb, c, n, half, n);
            if (error == cudaSuccess) error = launch_copy(stream, true, n, n, half, n, c, n);
            if (error == cudaSuccess) error = launch_copy(stream, false, n, n, c, n, half, n);
        }
        if (error == cudaSuccess) error = launch_copy(stream, false, n, n, half, n, c, n);
    }
    return error;
}

/// Vectors of C become the problem's: L^-H y (types 1 and 2) or L y.
template <class T>
cudaError_t restore(cudaStream_t stream, cusolverEigType_t type, bool upper, int64_t n, const T* b,
                    int64_t ldb, T* y, T* half) {
    if (type != CUSOLVER_EIG_TYPE_3)
        return launch_solve(stream, one_step({upper, !upper, !upper, false}), n, n, one(b, ldb),
                            one(y, n));
    const cudaError_t error = launch_multiply(stream, upper, upper, n, n, b, ldb, y, n, half, n);
    return error != cudaSuccess ? error : launch_copy(stream, false, n, n, half, n, y, n);
}

} // namespace

template <class T>
cusolverStatus_t eigen(const Context& context, const JacobiInfo& settings, cusolverEigMode_t job,
                       cublasFillMode_t uplo, int64_t n, Matrices<T> a, Real<T>* w, T* work,
                       int64_t size, int* info) {
    if (bad(job) || bad(uplo) || bad_matrix(n, n, a.ld) || a.count < 0 ||
        size < eigen_work(n) * a.count)
        return kBad;
    if (n == 0 || a.count == 0) return status_of(launch_no_info(context.stream, info, a.count));
    if (a.first == nullptr || w == nullptr || work == nullptr) return kBad;
    return status_of(launch_eigen(context.stream,
                                  options_of(settings, job == CUSOLVER_EIG_MODE_VECTOR),
                                  is_upper(uplo), n, a, w, work, info));
}

int64_t generalised_work(int64_t n) {
    return eigen_work(n) + 2 * n * n + 1; // one for an info
}

template <class T>
cusolverStatus_t generalised(const Context& context, const JacobiInfo& settings,
                             cusolverEigType_t type, cusolverEigMode_t job, cublasFillMode_t uplo,
                             int64_t n, T* a, int64_t lda, T* b, int64_t ldb, Real<T>* w, T* work,
                             int64_t size, int* info) {
    if (type < CUSOLVER_EIG_TYPE_1 || type > CUSOLVER_EIG_TYPE_3 || bad(job) || bad(uplo) ||
        bad_matrix(n, n, lda) || bad_matrix(n, n, ldb) || size < generalised_work(n))
        return kBad;
    if (n == 0) return status_of(launch_no_info(context.stream, info, 1));
    if (a == nullptr || b == nullptr || w == nullptr || work == nullptr || info == nullptr)
        return kBad;
    const bool upper = is_upper(uplo);
    const cudaStream_t stream = context.stream;
    // B's factor tells in info that B is not positive definite; the rest is done all the same, with
    // an info of its own, which counts when B's is zero: n, for values that did not converge.
    int* second = reinterpret_cast<int*>(work);
    T *c = work + 1, *half = c + n * n, *rest = half + n * n;
    cudaError_t error = launch_potrf(stream, upper, n, one(b, ldb), info);
    if (error == cudaSuccess) error = launch_shift_info(stream, info, int(n));
    if (error == cudaSuccess) error = reduce(stream, type, upper, n, a, lda, b, ldb, c, half);
    if (error == cudaSuccess)
        error = launch_eigen(stream, options_of(settings, job == CUSOLVER_EIG_MODE_VECTOR), upper,
                             n, one(c, n), w, rest, second);
    if (error == cudaSuccess) error = launch_second_info(stream, info, second, int(n));
    if (error == cudaSuccess && job == CUSOLVER_EIG_MODE_VECTOR) {
        error = restore(stream, type, upper, n, b, ldb, c, half);
        if (error == cudaSuccess) error = launch_copy(stream, false, n, n, c, n, a, lda);
    }
    return status_of(error);
}

template <class T>
cusolverStatus_t gesvd(const Context& context, signed char job_u, signed char job_vt, int64_t m,
                       int64_t n, T* a, int64_t lda, Real<T>* s, T* u, int64_t ldu, T* vt,
                       int64_t ldvt, T* work, int64_t size, int* info) {
    const auto known = [](signed char job) {
        return job == 'A' || job == 'S' || job == 'O' || job == 'N';
    };
    // As documented: m >= n.
    if (!known(job_u) || !known(job_vt) || (job_u == 'O' && job_vt == 'O') || m < n ||
        bad_matrix(m, n, lda) || size < singular_work(m, n))
        return kBad;
    const bool u_out = job_u == 'A' || job_u == 'S', vt_out = job_vt == 'A' || job_vt == 'S';
    if ((u_out && bad_matrix(m, 0, ldu)) || (vt_out && bad_matrix(n, 0, ldvt))) return kBad;
    if (n == 0) return status_of(launch_no_info(context.stream, info, 1));
    if (a == nullptr || s == nullptr || work == nullptr || (u_out && u == nullptr) ||
        (vt_out && vt == nullptr))
        return kBad;
    Vectors<T> left = {}, right = {};
    if (job_u == 'O') left = {a, lda, 0, n, false};
    if (u_out) left = {u, ldu, 0, job_u == 'A' ? m : n, false};
    if (job_vt == 'O') right = {a, lda, 0, n, true};
    if (vt_out) right = {vt, ldvt, 0, n, true};
    return status_of(launch_singular(context.stream, JacobiOptions{0, 100, true, true, nullptr}, m,
                                     n, one(a, lda), s, left, right, work, info));
}

template <class T>
cusolverStatus_t gesvdj(const Context& context, const JacobiInfo& settings, cusolverEigMode_t job,
                        bool econ, int64_t m, int64_t n, Matrices<T> a, Real<T>* s, Vectors<T> u,
                        Vectors<T> v, T* work, int64_t size, int* info) {
    if (bad(job) || bad_matrix(m, n, a.ld) || a.count < 0 || size < singular_work(m, n) * a.count)
        return kBad;
    const bool vectors = job == CUSOLVER_EIG_MODE_VECTOR;
    if (vectors && (bad_matrix(m, 0, u.ld) || bad_matrix(n, 0, v.ld))) return kBad;
    if (m == 0 || n == 0 || a.count == 0)
        return status_of(launch_no_info(context.stream, info, a.count));
    if (a.first == nullptr || s == nullptr || work == nullptr ||
        (vectors && (u.data == nullptr || v.data == nullptr)))
        return kBad;
    const int64_t least = m < n ? m : n;
    u.columns = econ ? least : m;
    v.columns = econ ? least : n;
    if (!vectors) u = v = {};
    return status_of(launch_singular(context.stream, options_of(settings, vectors), m, n, a, s, u,
                                     v, work, info));
}

#define ACC_INSTANCES(T)                                                                           \
    template cusolverStatus_t eigen<T>(const Context&, const JacobiInfo&, cusolverEigMode_t,       \
                                       cublasFillMode_t, int64_t, Matrices<T>, Real<T>*, T*,       \
                                       int64_t, int*);                                             \
    template cusolverStatus_t generalised<T>(const Context&, const JacobiInfo&, cusolverEigType_t, \
                                             cusolverEigMode_t, cublasFillMode_t, int64_t, T*,     \
                                             int64_t, T*, int64_t, Real<T>*, T*, int64_t, int*);   \
    template cusolverStatus_t gesvd<T>(const Context&, signed char, signed char, int64_t, int64_t, \
                                       T*, int64_t, Real<T>*, T*, int64_t, T*, int64_t, T*,        \
                                       int64_t, int*);                                             \
    template cusolverStatus_t gesvdj<T>(const Context&, const JacobiInfo&, cusolverEigMode_t,      \
                                        bool, int64_t, int64_t, Matrices<T>, Real<T>*, Vectors<T>, \
                                        Vectors<T>, T*, int64_t, int*);
ACC_INSTANCES(float)
ACC_INSTANCES(double)
ACC_INSTANCES(Complex<float>)
ACC_INSTANCES(Complex<double>)

} // namespace acc::solver
