// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The routines, once for each element type; the API's functions are shells around them. Each checks
// its arguments. Sizes of workspaces are in numbers.
#pragma once

#include "runtime/lib/solver/handle.h"

namespace acc::solver {

constexpr cusolverStatus_t kOk = CUSOLVER_STATUS_SUCCESS;
constexpr cusolverStatus_t kBad = CUSOLVER_STATUS_INVALID_VALUE;

inline bool bad_matrix(int64_t m, int64_t n, int64_t ld) {
    return m < 0 || n < 0 || ld < (m > 1 ? m : 1);
}
inline bool bad(cublasFillMode_t uplo) {
    return uplo != CUBLAS_FILL_MODE_LOWER && uplo != CUBLAS_FILL_MODE_UPPER;
}
inline bool bad(cusolverEigMode_t job) {
    return job != CUSOLVER_EIG_MODE_NOVECTOR && job != CUSOLVER_EIG_MODE_VECTOR;
}
inline bool bad(cublasOperation_t op) {
    return op < CUBLAS_OP_N || op > CUBLAS_OP_C;
}
inline bool is_upper(cublasFillMode_t uplo) {
    return uplo == CUBLAS_FILL_MODE_UPPER;
}
template <class T>
Matrices<T> one(const T* a, int64_t ld) {
    return {const_cast<T*>(a), nullptr, 0, ld, 1};
}

template <class T>
cusolverStatus_t potrf(const Context&, cublasFillMode_t uplo, int64_t n, Matrices<T> a, int* info);
template <class T>
cusolverStatus_t potrs(const Context&, cublasFillMode_t uplo, int64_t n, int64_t nrhs,
                       Matrices<T> a, Matrices<T> b, int* info);
template <class T>
cusolverStatus_t potri(const Context&, cublasFillMode_t uplo, int64_t n, T* a, int64_t lda, T* work,
                       int64_t size, int* info);
template <class T>
cusolverStatus_t trtri(const Context&, cublasFillMode_t uplo, cublasDiagType_t diag, int64_t n,
                       T* a, int64_t lda, T* work, int64_t size, int* info);
template <class T>
cusolverStatus_t getrf(const Context&, int64_t m, int64_t n, T* a, int64_t lda, Pivots pivots,
                       int* info);
template <class T>
cusolverStatus_t getrs(const Context&, cublasOperation_t op, int64_t n, int64_t nrhs, const T* a,
                       int64_t lda, Pivots pivots, T* b, int64_t ldb, int* info);
template <class T>
cusolverStatus_t geqrf(const Context&, int64_t m, int64_t n, T* a, int64_t lda, T* tau, int* info);
template <class T>
cusolverStatus_t orgqr(const Context&, int64_t m, int64_t n, int64_t k, T* a, int64_t lda,
                       const T* tau, T* work, int64_t size, int* info);
template <class T>
cusolverStatus_t ormqr(const Context&, cublasSideMode_t side, cublasOperation_t op, int64_t m,
                       int64_t n, int64_t k, const T* a, int64_t lda, const T* tau, T* c,
                       int64_t ldc, int* info);

template <class T>
cusolverStatus_t eigen(const Context&, const JacobiInfo& settings, cusolverEigMode_t job,
                       cublasFillMode_t uplo, int64_t n, Matrices<T> a, Real<T>* w, T* work,
                       int64_t size, int* info);
int64_t generalised_work(int64_t n);
template <class T>
cusolverStatus_t generalised(const Context&, const JacobiInfo& settings, cusolverEigType_t type,
                             cusolverEigMode_t job, cublasFillMode_t uplo, int64_t n, T* a,
                             int64_t lda, T* b, int64_t ldb, Real<T>* w, T* work, int64_t size,
                             int* info);
/// LAPACK's gesvd; m >= n.
template <class T>
cusolverStatus_t gesvd(const Context&, signed char job_u, signed char job_vt, int64_t m, int64_t n,
                       T* a, int64_t lda, Real<T>* s, T* u, int64_t ldu, T* vt, int64_t ldvt,
                       T* work, int64_t size, int* info);
template <class T>
cusolverStatus_t gesvdj(const Context&, const JacobiInfo& settings, cusolverEigMode_t job,
                        bool econ, int64_t m, int64_t n, Matrices<T> a, Real<T>* s, Vectors<T> u,
                        Vectors<T> v, T* work, int64_t size, int* info);

} // namespace acc::solver
