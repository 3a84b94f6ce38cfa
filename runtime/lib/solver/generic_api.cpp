// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The functions of any type, with 64-bit sizes: cusolverDnXgetrf and its like.
#include "runtime/lib/common/api.h"
#include "runtime/lib/solver/generic.h"

using namespace acc::solver;

#define ACC_API(NAME) ACC_LIBRARY_API cusolverStatus_t cusolverDnX##NAME
#define ACC_BODY(...) return guard(__func__, handle, [&]() -> cusolverStatus_t { __VA_ARGS__ });

ACC_API(getrf_bufferSize)
(cusolverDnHandle_t handle, cusolverDnParams_t, int64_t m, int64_t n, cudaDataType type,
 const void*, int64_t lda, cudaDataType compute, size_t* device_bytes, size_t* host_bytes) {
    ACC_BODY(if (type != compute) return kMixed;
             return give(0, bad_matrix(m, n, lda), type, device_bytes, host_bytes);)
}

ACC_API(getrf)
(cusolverDnHandle_t handle, cusolverDnParams_t, int64_t m, int64_t n, cudaDataType type, void* a,
 int64_t lda, int64_t* pivots, cudaDataType compute, void*, size_t, void*, size_t, int* info) {
    ACC_BODY(if (type != compute) return kMixed; ACC_TYPED(
                 type, return getrf(*handle, m, n, at<T>(a), lda, Pivots{pivots, true}, info);))
}

ACC_API(getrs)
(cusolverDnHandle_t handle, cusolverDnParams_t, cublasOperation_t op, int64_t n, int64_t nrhs,
 cudaDataType type, const void* a, int64_t lda, const int64_t* pivots, cudaDataType b_type, void* b,
 int64_t ldb, int* info) {
    ACC_BODY(if (type != b_type) return kMixed;
             ACC_TYPED(type, return getrs(*handle, op, n, nrhs, at<T>(a), lda,
                                          Pivots{const_cast<int64_t*>(pivots), true}, at<T>(b), ldb,
                                          info);))
}

ACC_API(potrf_bufferSize)
(cusolverDnHandle_t handle, cusolverDnParams_t, cublasFillMode_t uplo, int64_t n, cudaDataType type,
 const void*, int64_t lda, cudaDataType compute, size_t* device_bytes, size_t* host_bytes) {
    ACC_BODY(if (type != compute) return kMixed;
             return give(0, bad(uplo) || bad_matrix(n, n, lda), type, device_bytes, host_bytes);)
}

ACC_API(potrf)
(cusolverDnHandle_t handle, cusolverDnParams_t, cublasFillMode_t uplo, int64_t n, cudaDataType type,
 void* a, int64_t lda, cudaDataType compute, void*, size_t, void*, size_t, int* info) {
    ACC_BODY(if (type != compute) return kMixed;
             ACC_TYPED(type, return potrf(*handle, uplo, n, one(at<T>(a), lda), info);))
}

ACC_API(potrs)
(cusolverDnHandle_t handle, cusolverDnParams_t, cublasFillMode_t uplo, int64_t n, int64_t nrhs,
 cudaDataType type, const void* a, int64_t lda, cudaDataType b_type, void* b, int64_t ldb,
 int* info) {
    ACC_BODY(if (type != b_type) return kMixed;
             if (n > 0 && nrhs > 0 && (a == nullptr || b == nullptr)) return kBad;
             ACC_TYPED(type, return potrs(*handle, uplo, n, nrhs, one(at<T>(a), lda),
                                          one(at<T>(b), ldb), info);))
}

ACC_API(geqrf_bufferSize)
(cusolverDnHandle_t handle, cusolverDnParams_t, int64_t m, int64_t n, cudaDataType type,
 const void*, int64_t lda, cudaDataType tau_type, const void*, cudaDataType compute,
 size_t* device_bytes, size_t* host_bytes) {
    ACC_BODY(if (type != compute || type != tau_type) return kMixed;
             return give(0, bad_matrix(m, n, lda), type, device_bytes, host_bytes);)
}

ACC_API(geqrf)
(cusolverDnHandle_t handle, cusolverDnParams_t, int64_t m, int64_t n, cudaDataType type, void* a,
 int64_t lda, cudaDataType tau_type, void* tau, cudaDataType compute, void*, size_t, void*, size_t,
 int* info) {
    ACC_BODY(if (type != compute || type != tau_type) return kMixed;
             ACC_TYPED(type, return geqrf(*handle, m, n, at<T>(a), lda, at<T>(tau), info);))
}

ACC_API(trtri_bufferSize)
(cusolverDnHandle_t handle, cublasFillMode_t uplo, cublasDiagType_t, int64_t n, cudaDataType type,
 void*, int64_t lda, size_t* device_bytes, size_t* host_bytes) {
    ACC_BODY(
        return give(n * n, bad(uplo) || bad_matrix(n, n, lda), type, device_bytes, host_bytes);)
}

ACC_API(trtri)
(cusolverDnHandle_t handle, cublasFillMode_t uplo, cublasDiagType_t diag, int64_t n,
 cudaDataType type, void* a, int64_t lda, void* work, size_t bytes, void*, size_t, int* info) {
    ACC_BODY(ACC_TYPED(type, return trtri(*handle, uplo, diag, n, at<T>(a), lda, at<T>(work),
                                          int64_t(bytes / sizeof(T)), info);))
}

ACC_API(syevd_bufferSize)
(cusolverDnHandle_t handle, cusolverDnParams_t, cusolverEigMode_t job, cublasFillMode_t uplo,
 int64_t n, cudaDataType type, const void*, int64_t lda, cudaDataType w_type, const void*,
 cudaDataType compute, size_t* device_bytes, size_t* host_bytes) {
    ACC_BODY(if (type != compute || w_type != real_of(type)) return kMixed;
             return give(eigen_work(n), bad(job) || bad(uplo) || bad_matrix(n, n, lda), type,
                         device_bytes, host_bytes);)
}

ACC_API(syevd)
(cusolverDnHandle_t handle, cusolverDnParams_t, cusolverEigMode_t job, cublasFillMode_t uplo,
 int64_t n, cudaDataType type, void* a, int64_t lda, cudaDataType w_type, void* w,
 cudaDataType compute, void* work, size_t bytes, void*, size_t, int* info) {
    ACC_BODY(if (type != compute || w_type != real_of(type)) return kMixed;
             ACC_TYPED(type, return eigen(*handle, kDefaults, job, uplo, n, one(at<T>(a), lda),
                                          at<Real<T>>(w), at<T>(work), int64_t(bytes / sizeof(T)),
                                          info);))
}

ACC_API(syevBatched_bufferSize)
(cusolverDnHandle_t handle, cusolverDnParams_t, cusolverEigMode_t job, cublasFillMode_t uplo,
 int64_t n, cudaDataType type, const void*, int64_t lda, cudaDataType w_type, const void*,
 cudaDataType compute, size_t* device_bytes, size_t* host_bytes, int64_t count) {
    ACC_BODY(if (type != compute || w_type != real_of(type)) return kMixed; return give(
                 eigen_work(n) * count, count < 0 || bad(job) || bad(uplo) || bad_matrix(n, n, lda),
                 type, device_bytes, host_bytes);)
}

ACC_API(syevBatched)
(cusolverDnHandle_t handle, cusolverDnParams_t, cusolverEigMode_t job, cublasFillMode_t uplo,
 int64_t n, cudaDataType type, void* a, int64_t lda, cudaDataType w_type, void* w,
 cudaDataType compute, void* work, size_t bytes, void*, size_t, int* info, int64_t count) {
    ACC_BODY(if (type != compute || w_type != real_of(type)) return kMixed;
             ACC_TYPED(type, return eigen(*handle, kDefaults, job, uplo, n,
                                          Matrices<T>{at<T>(a), nullptr, lda * n, lda, count},
                                          at<Real<T>>(w), at<T>(work), int64_t(bytes / sizeof(T)),
                                          info);))
}

ACC_API(gesvd_bufferSize)
(cusolverDnHandle_t handle, cusolverDnParams_t, signed char, signed char, int64_t m, int64_t n,
 cudaDataType type, const void*, int64_t lda, cudaDataType s_type, const void*, cudaDataType u_type,
 const void*, int64_t, cudaDataType vt_type, const void*, int64_t, cudaDataType compute,
 size_t* device_bytes, size_t* host_bytes) {
    ACC_BODY(if (type != compute || s_type != real_of(type) || u_type != type ||
                 vt_type != type) return kMixed;
             return give(singular_work(m, n), m < n || bad_matrix(m, n, lda), type, device_bytes,
                         host_bytes);)
}

ACC_API(gesvd)
(cusolverDnHandle_t handle, cusolverDnParams_t, signed char job_u, signed char job_vt, int64_t m,
 int64_t n, cudaDataType type, void* a, int64_t lda, cudaDataType s_type, void* s,
 cudaDataType u_type, void* u, int64_t ldu, cudaDataType vt_type, void* vt, int64_t ldvt,
 cudaDataType compute, void* work, size_t bytes, void*, size_t, int* info) {
    ACC_BODY(if (type != compute || s_type != real_of(type) || u_type != type ||
                 vt_type != type) return kMixed;
             ACC_TYPED(type, return gesvd(*handle, job_u, job_vt, m, n, at<T>(a), lda,
                                          at<Real<T>>(s), at<T>(u), ldu, at<T>(vt), ldvt,
                                          at<T>(work), int64_t(bytes / sizeof(T)), info);))
}
