// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The functions of a type: cusolverDnSgetrf and its like.
#include "runtime/lib/common/api.h"
#include "runtime/lib/solver/dense.h"

#include <limits>

using namespace acc::solver;

namespace {

/// A workspace's size as the API gives it; never zero, as programs allocate it.
cusolverStatus_t give(int64_t size, bool bad_arguments, int* result) {
    if (bad_arguments || result == nullptr || size > std::numeric_limits<int>::max()) return kBad;
    *result = int(size < 1 ? 1 : size);
    return kOk;
}

const JacobiInfo kDefaults;

/// Settings of a Jacobi function, which also notes whether results can be asked for.
template <class I>
bool use(I* params, int64_t count) {
    if (params == nullptr) return false;
    params->single = count == 1;
    return true;
}

template <class T>
Matrices<typename KernelType<T>::type> batch(T* const* a, int64_t ld, int64_t count) {
    return {nullptr, numbers(const_cast<T**>(a)), 0, ld, count};
}
template <class T>
auto strided(T* a, int64_t ld, int64_t stride, int64_t count) {
    return Matrices<typename KernelType<T>::type>{numbers(a), nullptr, stride, ld, count};
}

} // namespace

#define ACC_API(NAME) ACC_LIBRARY_API cusolverStatus_t cusolverDn##NAME
#define ACC_BODY(...) return guard(__func__, handle, [&]() -> cusolverStatus_t { __VA_ARGS__ });

#define ACC_LINEAR(L, T)                                                                           \
    ACC_API(L##potrf_bufferSize)                                                                   \
    (cusolverDnHandle_t handle, cublasFillMode_t uplo, int n, T*, int lda, int* size) {            \
        ACC_BODY(return give(0, bad(uplo) || bad_matrix(n, n, lda), size);)                        \
    }                                                                                              \
    ACC_API(L##potrf)                                                                              \
    (cusolverDnHandle_t handle, cublasFillMode_t uplo, int n, T* a, int lda, T*, int, int* info) { \
        ACC_BODY(return potrf(*handle, uplo, n, one(numbers(a), lda), info);)                      \
    }                                                                                              \
    ACC_API(L##potrs)                                                                              \
    (cusolverDnHandle_t handle, cublasFillMode_t uplo, int n, int nrhs, const T* a, int lda, T* b, \
     int ldb, int* info) {                                                                         \
        ACC_BODY(if (n > 0 && nrhs > 0 && (a == nullptr || b == nullptr)) return kBad;             \
                 return potrs(*handle, uplo, n, nrhs, one(numbers(a), lda), one(numbers(b), ldb),  \
                              info);)                                                              \
    }                                                                                              \
    ACC_API(L##potrfBatched)                                                                       \
    (cusolverDnHandle_t handle, cublasFillMode_t uplo, int n, T* a[], int lda, int* info,          \
     int count) {                                                                                  \
        ACC_BODY(return potrf(*handle, uplo, n, batch(a, lda, count), info);)                      \
    }                                                                                              \
    ACC_API(L##potrsBatched)                                                                       \
    (cusolverDnHandle_t handle, cublasFillMode_t uplo, int n, int nrhs, T* a[], int lda, T* b[],   \
     int ldb, int* info, int count) {                                                              \
        ACC_BODY(if (n > 0 && count > 0 && (a == nullptr || b == nullptr)) return kBad;            \
                 return potrs(*handle, uplo, n, nrhs, batch(a, lda, count), batch(b, ldb, count),  \
                              info);)                                                              \
    }                                                                                              \
    ACC_API(L##potri_bufferSize)                                                                   \
    (cusolverDnHandle_t handle, cublasFillMode_t uplo, int n, T*, int lda, int* size) {            \
        ACC_BODY(return give(int64_t(n) * n, bad(uplo) || bad_matrix(n, n, lda), size);)           \
    }                                                                                              \
    ACC_API(L##potri)                                                                              \
    (cusolverDnHandle_t handle, cublasFillMode_t uplo, int n, T* a, int lda, T* work, int size,    \
     int* info) {                                                                                  \
        ACC_BODY(return potri(*handle, uplo, n, numbers(a), lda, numbers(work), size, info);)      \
    }                                                                                              \
    ACC_API(L##getrf_bufferSize)                                                                   \
    (cusolverDnHandle_t handle, int m, int n, T*, int lda, int* size) {                            \
        ACC_BODY(return give(0, bad_matrix(m, n, lda), size);)                                     \
    }                                                                                              \
    ACC_API(L##getrf)                                                                              \
    (cusolverDnHandle_t handle, int m, int n, T* a, int lda, T*, int* pivots, int* info) {         \
        ACC_BODY(return getrf(*handle, m, n, numbers(a), lda, {pivots, false}, info);)             \
    }                                                                                              \
    ACC_API(L##getrs)                                                                              \
    (cusolverDnHandle_t handle, cublasOperation_t op, int n, int nrhs, const T* a, int lda,        \
     const int* pivots, T* b, int ldb, int* info) {                                                \
        ACC_BODY(return getrs(*handle, op, n, nrhs, numbers(a), lda,                               \
                              {const_cast<int*>(pivots), false}, numbers(b), ldb, info);)          \
    }                                                                                              \
    ACC_API(L##geqrf_bufferSize)                                                                   \
    (cusolverDnHandle_t handle, int m, int n, T*, int lda, int* size) {                            \
        ACC_BODY(return give(0, bad_matrix(m, n, lda), size);)                                     \
    }                                                                                              \
    ACC_API(L##geqrf)                                                                              \
    (cusolverDnHandle_t handle, int m, int n, T* a, int lda, T* tau, T*, int, int* info) {         \
        ACC_BODY(return geqrf(*handle, m, n, numbers(a), lda, numbers(tau), info);)                \
    }
ACC_LINEAR(S, float)
ACC_LINEAR(D, double)
ACC_LINEAR(C, cuComplex)
ACC_LINEAR(Z, cuDoubleComplex)

#define ACC_ORTHOGONAL(OR, T)                                                                      \
    ACC_API(OR##gqr_bufferSize)                                                                    \
    (cusolverDnHandle_t handle, int m, int n, int k, const T*, int lda, const T*, int* size) {     \
        ACC_BODY(                                                                                  \
            return give(int64_t(m) * k, bad_matrix(m, n, lda) || n > m || k < 0 || k > n, size);)  \
    }                                                                                              \
    ACC_API(OR##gqr)                                                                               \
    (cusolverDnHandle_t handle, int m, int n, int k, T* a, int lda, const T* tau, T* work,         \
     int size, int* info) {                                                                        \
        ACC_BODY(return orgqr(*handle, m, n, k, numbers(a), lda, numbers(tau), numbers(work),      \
                              size, info);)                                                        \
    }                                                                                              \
    ACC_API(OR##mqr_bufferSize)                                                                    \
    (cusolverDnHandle_t handle, cublasSideMode_t, cublasOperation_t op, int m, int n, int k,       \
     const T*, int lda, const T*, const T*, int ldc, int* size) {                                  \
        ACC_BODY(return give(0, bad(op) || bad_matrix(m, n, ldc) || k < 0 || lda < 1, size);)      \
    }                                                                                              \
    ACC_API(OR##mqr)                                                                               \
    (cusolverDnHandle_t handle, cublasSideMode_t side, cublasOperation_t op, int m, int n, int k,  \
     const T* a, int lda, const T* tau, T* c, int ldc, T*, int, int* info) {                       \
        ACC_BODY(return ormqr(*handle, side, op, m, n, k, numbers(a), lda, numbers(tau),           \
                              numbers(c), ldc, info);)                                             \
    }
ACC_ORTHOGONAL(Sor, float)
ACC_ORTHOGONAL(Dor, double)
ACC_ORTHOGONAL(Cun, cuComplex)
ACC_ORTHOGONAL(Zun, cuDoubleComplex)

#define ACC_EIGEN(SY, T, R)                                                                        \
    ACC_API(SY##evd_bufferSize)                                                                    \
    (cusolverDnHandle_t handle, cusolverEigMode_t job, cublasFillMode_t uplo, int n, const T*,     \
     int lda, const R*, int* size) {                                                               \
        ACC_BODY(                                                                                  \
            return give(eigen_work(n), bad(job) || bad(uplo) || bad_matrix(n, n, lda), size);)     \
    }                                                                                              \
    ACC_API(SY##evd)                                                                               \
    (cusolverDnHandle_t handle, cusolverEigMode_t job, cublasFillMode_t uplo, int n, T* a,         \
     int lda, R* w, T* work, int size, int* info) {                                                \
        ACC_BODY(return eigen(*handle, kDefaults, job, uplo, n, one(numbers(a), lda), w,           \
                              numbers(work), size, info);)                                         \
    }                                                                                              \
    ACC_API(SY##evj_bufferSize)                                                                    \
    (cusolverDnHandle_t handle, cusolverEigMode_t job, cublasFillMode_t uplo, int n, const T*,     \
     int lda, const R*, int* size, syevjInfo_t params) {                                           \
        ACC_BODY(return give(eigen_work(n),                                                        \
                             params == nullptr || bad(job) || bad(uplo) || bad_matrix(n, n, lda),  \
                             size);)                                                               \
    }                                                                                              \
    ACC_API(SY##evj)                                                                               \
    (cusolverDnHandle_t handle, cusolverEigMode_t job, cublasFillMode_t uplo, int n, T* a,         \
     int lda, R* w, T* work, int size, int* info, syevjInfo_t params) {                            \
        ACC_BODY(if (!use(params, 1)) return kBad;                                                 \
                 return eigen(*handle, *params, job, uplo, n, one(numbers(a), lda), w,             \
                              numbers(work), size, info);)                                         \
    }                                                                                              \
    ACC_API(SY##evjBatched_bufferSize)                                                             \
    (cusolverDnHandle_t handle, cusolverEigMode_t job, cublasFillMode_t uplo, int n, const T*,     \
     int lda, const R*, int* size, syevjInfo_t params, int count) {                                \
        ACC_BODY(return give(eigen_work(n) * count,                                                \
                             params == nullptr || count < 0 || bad(job) || bad(uplo) ||            \
                                 bad_matrix(n, n, lda),                                            \
                             size);)                                                               \
    }                                                                                              \
    ACC_API(SY##evjBatched)                                                                        \
    (cusolverDnHandle_t handle, cusolverEigMode_t job, cublasFillMode_t uplo, int n, T* a,         \
     int lda, R* w, T* work, int size, int* info, syevjInfo_t params, int count) {                 \
        ACC_BODY(if (!use(params, count > 1 ? count : 2)) return kBad; return eigen(               \
                     *handle, *params, job, uplo, n, strided(a, lda, int64_t(lda) * n, count), w,  \
                     numbers(work), size, info);)                                                  \
    }                                                                                              \
    ACC_API(SY##gvd_bufferSize)                                                                    \
    (cusolverDnHandle_t handle, cusolverEigType_t, cusolverEigMode_t job, cublasFillMode_t uplo,   \
     int n, const T*, int lda, const T*, int ldb, const R*, int* size) {                           \
        ACC_BODY(                                                                                  \
            return give(generalised_work(n),                                                       \
                        bad(job) || bad(uplo) || bad_matrix(n, n, lda) || bad_matrix(n, n, ldb),   \
                        size);)                                                                    \
    }                                                                                              \
    ACC_API(SY##gvd)                                                                               \
    (cusolverDnHandle_t handle, cusolverEigType_t type, cusolverEigMode_t job,                     \
     cublasFillMode_t uplo, int n, T* a, int lda, T* b, int ldb, R* w, T* work, int size,          \
     int* info) {                                                                                  \
        ACC_BODY(return generalised(*handle, kDefaults, type, job, uplo, n, numbers(a), lda,       \
                                    numbers(b), ldb, w, numbers(work), size, info);)               \
    }                                                                                              \
    ACC_API(SY##gvj_bufferSize)                                                                    \
    (cusolverDnHandle_t handle, cusolverEigType_t, cusolverEigMode_t job, cublasFillMode_t uplo,   \
     int n, const T*, int lda, const T*, int ldb, const R*, int* size, syevjInfo_t params) {       \
        ACC_BODY(return give(generalised_work(n),                                                  \
                             params == nullptr || bad(job) || bad(uplo) ||                         \
                                 bad_matrix(n, n, lda) || bad_matrix(n, n, ldb),                   \
                             size);)                                                               \
    }                                                                                              \
    ACC_API(SY##gvj)                                                                               \
    (cusolverDnHandle_t handle, cusolverEigType_t type, cusolverEigMode_t job,                     \
     cublasFillMode_t uplo, int n, T* a, int lda, T* b, int ldb, R* w, T* work, int size,          \
     int* info, syevjInfo_t params) {                                                              \
        ACC_BODY(if (!use(params, 1)) return kBad;                                                 \
                 return generalised(*handle, *params, type, job, uplo, n, numbers(a), lda,         \
                                    numbers(b), ldb, w, numbers(work), size, info);)               \
    }
ACC_EIGEN(Ssy, float, float)
ACC_EIGEN(Dsy, double, double)
ACC_EIGEN(Che, cuComplex, float)
ACC_EIGEN(Zhe, cuDoubleComplex, double)

#define ACC_SINGULAR(L, T, R)                                                                      \
    ACC_API(L##gesvd_bufferSize)                                                                   \
    (cusolverDnHandle_t handle, int m, int n, int* size) {                                         \
        ACC_BODY(return give(singular_work(m, n), m < n || n < 0, size);)                          \
    }                                                                                              \
    ACC_API(L##gesvd)                                                                              \
    (cusolverDnHandle_t handle, signed char job_u, signed char job_vt, int m, int n, T* a,         \
     int lda, R* s, T* u, int ldu, T* vt, int ldvt, T* work, int size, R*, int* info) {            \
        ACC_BODY(return gesvd(*handle, job_u, job_vt, m, n, numbers(a), lda, s, numbers(u), ldu,   \
                              numbers(vt), ldvt, numbers(work), size, info);)                      \
    }                                                                                              \
    ACC_API(L##gesvdj_bufferSize)                                                                  \
    (cusolverDnHandle_t handle, cusolverEigMode_t job, int, int m, int n, const T*, int lda,       \
     const R*, const T*, int, const T*, int, int* size, gesvdjInfo_t params) {                     \
        ACC_BODY(return give(singular_work(m, n),                                                  \
                             params == nullptr || bad(job) || bad_matrix(m, n, lda), size);)       \
    }                                                                                              \
    ACC_API(L##gesvdj)                                                                             \
    (cusolverDnHandle_t handle, cusolverEigMode_t job, int econ, int m, int n, T* a, int lda,      \
     R* s, T* u, int ldu, T* v, int ldv, T* work, int size, int* info, gesvdjInfo_t params) {      \
        ACC_BODY(if (!use(params, 1)) return kBad;                                                 \
                 return gesvdj(*handle, *params, job, econ != 0, m, n, one(numbers(a), lda), s,    \
                               {numbers(u), ldu, 0, 0, false}, {numbers(v), ldv, 0, 0, false},     \
                               numbers(work), size, info);)                                        \
    }                                                                                              \
    ACC_API(L##gesvdjBatched_bufferSize)                                                           \
    (cusolverDnHandle_t handle, cusolverEigMode_t job, int m, int n, const T*, int lda, const R*,  \
     const T*, int, const T*, int, int* size, gesvdjInfo_t params, int count) {                    \
        ACC_BODY(return give(singular_work(m, n) * count,                                          \
                             params == nullptr || count < 0 || m > 32 || n > 32 || bad(job) ||     \
                                 bad_matrix(m, n, lda),                                            \
                             size);)                                                               \
    }                                                                                              \
    ACC_API(L##gesvdjBatched)                                                                      \
    (cusolverDnHandle_t handle, cusolverEigMode_t job, int m, int n, T* a, int lda, R* s, T* u,    \
     int ldu, T* v, int ldv, T* work, int size, int* info, gesvdjInfo_t params, int count) {       \
        ACC_BODY(if (m > 32 || n > 32 || !use(params, count > 1 ? count : 2)) return kBad;         \
                 return gesvdj(                                                                    \
                     *handle, *params, job, false, m, n, strided(a, lda, int64_t(lda) * n, count), \
                     s, {numbers(u), ldu, int64_t(ldu) * m, 0, false},                             \
                     {numbers(v), ldv, int64_t(ldv) * n, 0, false}, numbers(work), size, info);)   \
    }
ACC_SINGULAR(S, float, float)
ACC_SINGULAR(D, double, double)
ACC_SINGULAR(C, cuComplex, float)
ACC_SINGULAR(Z, cuDoubleComplex, double)
