// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuSOLVER for dense matrices, stored by columns. What each function does, and where we differ from
// CUDA's documentation: docs/libraries.md. `info` is device memory: 0, or what LAPACK's routine of
// the name says.
#pragma once
#define CUSOLVERDN_H_ // programs test this name

#include <stdint.h>
#include <stdio.h>

#include "cuComplex.h"
#include "cublas_v2.h"
#include "cusolver_common.h"
#include "driver_types.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cusolverDnContext;
typedef struct cusolverDnContext* cusolverDnHandle_t;
struct cusolverDnParams;
typedef struct cusolverDnParams* cusolverDnParams_t;
/// Settings and results of the Jacobi methods.
struct syevjInfo;
typedef struct syevjInfo* syevjInfo_t;
struct gesvdjInfo;
typedef struct gesvdjInfo* gesvdjInfo_t;

typedef enum {
    CUSOLVERDN_GETRF = 0,
    CUSOLVERDN_POTRF = 1,
    CUSOLVERDN_SYEVBATCHED = 2
} cusolverDnFunction_t;

cusolverStatus_t cusolverDnCreate(cusolverDnHandle_t* handle);
cusolverStatus_t cusolverDnDestroy(cusolverDnHandle_t handle);
cusolverStatus_t cusolverDnSetStream(cusolverDnHandle_t handle, cudaStream_t stream);
cusolverStatus_t cusolverDnGetStream(cusolverDnHandle_t handle, cudaStream_t* stream);
cusolverStatus_t cusolverDnSetDeterministicMode(cusolverDnHandle_t handle,
                                                cusolverDeterministicMode_t mode);
cusolverStatus_t cusolverDnGetDeterministicMode(cusolverDnHandle_t handle,
                                                cusolverDeterministicMode_t* mode);

/// Each function has one algorithm: options are checked and change nothing.
cusolverStatus_t cusolverDnCreateParams(cusolverDnParams_t* params);
cusolverStatus_t cusolverDnDestroyParams(cusolverDnParams_t params);
cusolverStatus_t cusolverDnSetAdvOptions(cusolverDnParams_t params, cusolverDnFunction_t function,
                                         cusolverAlgMode_t algorithm);

#define ACC_SOLVER_JACOBI(NAME, TYPE)                                                              \
    cusolverStatus_t cusolverDnCreate##NAME##Info(TYPE* info);                                     \
    cusolverStatus_t cusolverDnDestroy##NAME##Info(TYPE info);
ACC_SOLVER_JACOBI(Syevj, syevjInfo_t)
ACC_SOLVER_JACOBI(Gesvdj, gesvdjInfo_t)
#undef ACC_SOLVER_JACOBI
#define ACC_SOLVER_JACOBI(NAME, TYPE)                                                              \
    cusolverStatus_t cusolverDnX##NAME##SetTolerance(TYPE info, double tolerance);                 \
    cusolverStatus_t cusolverDnX##NAME##SetMaxSweeps(TYPE info, int sweeps);                       \
    cusolverStatus_t cusolverDnX##NAME##SetSortEig(TYPE info, int sort);                           \
    cusolverStatus_t cusolverDnX##NAME##GetResidual(cusolverDnHandle_t handle, TYPE info,          \
                                                    double* residual);                             \
    cusolverStatus_t cusolverDnX##NAME##GetSweeps(cusolverDnHandle_t handle, TYPE info,            \
                                                  int* sweeps);
ACC_SOLVER_JACOBI(syevj, syevjInfo_t)
ACC_SOLVER_JACOBI(gesvdj, gesvdjInfo_t)
#undef ACC_SOLVER_JACOBI

// S, D, C and Z: L is the letter, T the type, R its real type, SY and OR begin the names that
// differ for complex matrices (Ssyevd, Cheevd; Sorgqr, Cungqr). Sizes of workspaces are in T.
#define ACC_SOLVER_F(NAME) cusolverStatus_t cusolverDn##NAME(cusolverDnHandle_t handle
#define ACC_SOLVER_LINEAR(L, T)                                                                    \
    ACC_SOLVER_F(L##potrf_bufferSize), cublasFillMode_t uplo, int n, T* a, int lda, int* size);    \
    ACC_SOLVER_F(L##potrf), cublasFillMode_t uplo, int n, T* a, int lda, T* work, int size,        \
        int* info);                                                                                \
    ACC_SOLVER_F(L##potrs), cublasFillMode_t uplo, int n, int nrhs, const T* a, int lda, T* b,     \
        int ldb, int* info);                                                                       \
    ACC_SOLVER_F(L##potrfBatched), cublasFillMode_t uplo, int n, T* a[], int lda, int* info,       \
        int count);                                                                                \
    ACC_SOLVER_F(L##potrsBatched), cublasFillMode_t uplo, int n, int nrhs, T* a[], int lda,        \
        T* b[], int ldb, int* info, int count);                                                    \
    ACC_SOLVER_F(L##potri_bufferSize), cublasFillMode_t uplo, int n, T* a, int lda, int* size);    \
    ACC_SOLVER_F(L##potri), cublasFillMode_t uplo, int n, T* a, int lda, T* work, int size,        \
        int* info);                                                                                \
    ACC_SOLVER_F(L##getrf_bufferSize), int m, int n, T* a, int lda, int* size);                    \
    ACC_SOLVER_F(L##getrf), int m, int n, T* a, int lda, T* work, int* pivots, int* info);         \
    ACC_SOLVER_F(L##getrs), cublasOperation_t op, int n, int nrhs, const T* a, int lda,            \
        const int* pivots, T* b, int ldb, int* info);                                              \
    ACC_SOLVER_F(L##geqrf_bufferSize), int m, int n, T* a, int lda, int* size);                    \
    ACC_SOLVER_F(L##geqrf), int m, int n, T* a, int lda, T* tau, T* work, int size, int* info);
#define ACC_SOLVER_ORTHOGONAL(OR, T)                                                               \
    ACC_SOLVER_F(OR##gqr_bufferSize), int m, int n, int k, const T* a, int lda, const T* tau,      \
        int* size);                                                                                \
    ACC_SOLVER_F(OR##gqr), int m, int n, int k, T* a, int lda, const T* tau, T* work, int size,    \
        int* info);                                                                                \
    ACC_SOLVER_F(OR##mqr_bufferSize), cublasSideMode_t side, cublasOperation_t op, int m, int n,   \
        int k, const T* a, int lda, const T* tau, const T* c, int ldc, int* size);                 \
    ACC_SOLVER_F(OR##mqr), cublasSideMode_t side, cublasOperation_t op, int m, int n, int k,       \
        const T* a, int lda, const T* tau, T* c, int ldc, T* work, int size, int* info);
#define ACC_SOLVER_EIGEN(SY, T, R)                                                                 \
    ACC_SOLVER_F(SY##evd_bufferSize), cusolverEigMode_t job, cublasFillMode_t uplo, int n,         \
        const T* a, int lda, const R* w, int* size);                                               \
    ACC_SOLVER_F(SY##evd), cusolverEigMode_t job, cublasFillMode_t uplo, int n, T* a, int lda,     \
        R* w, T* work, int size, int* info);                                                       \
    ACC_SOLVER_F(SY##evj_bufferSize), cusolverEigMode_t job, cublasFillMode_t uplo, int n,         \
        const T* a, int lda, const R* w, int* size, syevjInfo_t params);                           \
    ACC_SOLVER_F(SY##evj), cusolverEigMode_t job, cublasFillMode_t uplo, int n, T* a, int lda,     \
        R* w, T* work, int size, int* info, syevjInfo_t params);                                   \
    ACC_SOLVER_F(SY##evjBatched_bufferSize), cusolverEigMode_t job, cublasFillMode_t uplo, int n,  \
        const T* a, int lda, const R* w, int* size, syevjInfo_t params, int count);                \
    ACC_SOLVER_F(SY##evjBatched), cusolverEigMode_t job, cublasFillMode_t uplo, int n, T* a,       \
        int lda, R* w, T* work, int size, int* info, syevjInfo_t params, int count);               \
    ACC_SOLVER_F(SY##gvd_bufferSize), cusolverEigType_t type, cusolverEigMode_t job,               \
        cublasFillMode_t uplo, int n, const T* a, int lda, const T* b, int ldb, const R* w,        \
        int* size);                                                                                \
    ACC_SOLVER_F(SY##gvd), cusolverEigType_t type, cusolverEigMode_t job, cublasFillMode_t uplo,   \
        int n, T* a, int lda, T* b, int ldb, R* w, T* work, int size, int* info);                  \
    ACC_SOLVER_F(SY##gvj_bufferSize), cusolverEigType_t type, cusolverEigMode_t job,               \
        cublasFillMode_t uplo, int n, const T* a, int lda, const T* b, int ldb, const R* w,        \
        int* size, syevjInfo_t params);                                                            \
    ACC_SOLVER_F(SY##gvj), cusolverEigType_t type, cusolverEigMode_t job, cublasFillMode_t uplo,   \
        int n, T* a, int lda, T* b, int ldb, R* w, T* work, int size, int* info,                   \
        syevjInfo_t params);
#define ACC_SOLVER_SINGULAR(L, T, R)                                                               \
    ACC_SOLVER_F(L##gesvd_bufferSize), int m, int n, int* size);                                   \
    ACC_SOLVER_F(L##gesvd), signed char job_u, signed char job_vt, int m, int n, T* a, int lda,    \
        R* s, T* u, int ldu, T* vt, int ldvt, T* work, int size, R* rwork, int* info);             \
    ACC_SOLVER_F(L##gesvdj_bufferSize), cusolverEigMode_t job, int econ, int m, int n, const T* a, \
        int lda, const R* s, const T* u, int ldu, const T* v, int ldv, int* size,                  \
        gesvdjInfo_t params);                                                                      \
    ACC_SOLVER_F(L##gesvdj), cusolverEigMode_t job, int econ, int m, int n, T* a, int lda, R* s,   \
        T* u, int ldu, T* v, int ldv, T* work, int size, int* info, gesvdjInfo_t params);          \
    ACC_SOLVER_F(L##gesvdjBatched_bufferSize), cusolverEigMode_t job, int m, int n, const T* a,    \
        int lda, const R* s, const T* u, int ldu, const T* v, int ldv, int* size,                  \
        gesvdjInfo_t params, int count);                                                           \
    ACC_SOLVER_F(L##gesvdjBatched), cusolverEigMode_t job, int m, int n, T* a, int lda, R* s,      \
        T* u, int ldu, T* v, int ldv, T* work, int size, int* info, gesvdjInfo_t params,           \
        int count);
#define ACC_SOLVER_FAMILIES(L, T, R, SY, OR)                                                       \
    ACC_SOLVER_LINEAR(L, T)                                                                        \
    ACC_SOLVER_ORTHOGONAL(OR, T)                                                                   \
    ACC_SOLVER_EIGEN(SY, T, R)                                                                     \
    ACC_SOLVER_SINGULAR(L, T, R)
ACC_SOLVER_FAMILIES(S, float, float, Ssy, Sor)
ACC_SOLVER_FAMILIES(D, double, double, Dsy, Dor)
ACC_SOLVER_FAMILIES(C, cuComplex, float, Che, Cun)
ACC_SOLVER_FAMILIES(Z, cuDoubleComplex, double, Zhe, Zun)
#undef ACC_SOLVER_FAMILIES
#undef ACC_SOLVER_SINGULAR
#undef ACC_SOLVER_EIGEN
#undef ACC_SOLVER_ORTHOGONAL
#undef ACC_SOLVER_LINEAR

// Any type, 64-bit sizes, workspaces in bytes on the device and on the host.
#define ACC_SOLVER_SIZES size_t *device_bytes, size_t *host_bytes
#define ACC_SOLVER_BUFFERS                                                                         \
    void *device_buffer, size_t device_bytes, void *host_buffer, size_t host_bytes, int *info
ACC_SOLVER_F(Xgetrf_bufferSize), cusolverDnParams_t params, int64_t m, int64_t n,
    cudaDataType a_type, const void* a, int64_t lda, cudaDataType compute, ACC_SOLVER_SIZES);
ACC_SOLVER_F(Xgetrf), cusolverDnParams_t params, int64_t m, int64_t n, cudaDataType a_type, void* a,
    int64_t lda, int64_t* pivots, cudaDataType compute, ACC_SOLVER_BUFFERS);
ACC_SOLVER_F(Xgetrs), cusolverDnParams_t params, cublasOperation_t op, int64_t n, int64_t nrhs,
    cudaDataType a_type, const void* a, int64_t lda, const int64_t* pivots, cudaDataType b_type,
    void* b, int64_t ldb, int* info);
ACC_SOLVER_F(Xpotrf_bufferSize), cusolverDnParams_t params, cublasFillMode_t uplo, int64_t n,
    cudaDataType a_type, const void* a, int64_t lda, cudaDataType compute, ACC_SOLVER_SIZES);
ACC_SOLVER_F(Xpotrf), cusolverDnParams_t params, cublasFillMode_t uplo, int64_t n,
    cudaDataType a_type, void* a, int64_t lda, cudaDataType compute, ACC_SOLVER_BUFFERS);
ACC_SOLVER_F(Xpotrs), cusolverDnParams_t params, cublasFillMode_t uplo, int64_t n, int64_t nrhs,
    cudaDataType a_type, const void* a, int64_t lda, cudaDataType b_type, void* b, int64_t ldb,
    int* info);
ACC_SOLVER_F(Xgeqrf_bufferSize), cusolverDnParams_t params, int64_t m, int64_t n,
    cudaDataType a_type, const void* a, int64_t lda, cudaDataType tau_type, const void* tau,
    cudaDataType compute, ACC_SOLVER_SIZES);
ACC_SOLVER_F(Xgeqrf), cusolverDnParams_t params, int64_t m, int64_t n, cudaDataType a_type, void* a,
    int64_t lda, cudaDataType tau_type, void* tau, cudaDataType compute, ACC_SOLVER_BUFFERS);
ACC_SOLVER_F(Xtrtri_bufferSize), cublasFillMode_t uplo, cublasDiagType_t diag, int64_t n,
    cudaDataType a_type, void* a, int64_t lda, ACC_SOLVER_SIZES);
ACC_SOLVER_F(Xtrtri), cublasFillMode_t uplo, cublasDiagType_t diag, int64_t n, cudaDataType a_type,
    void* a, int64_t lda, ACC_SOLVER_BUFFERS);
ACC_SOLVER_F(Xsyevd_bufferSize), cusolverDnParams_t params, cusolverEigMode_t job,
    cublasFillMode_t uplo, int64_t n, cudaDataType a_type, const void* a, int64_t lda,
    cudaDataType w_type, const void* w, cudaDataType compute, ACC_SOLVER_SIZES);
ACC_SOLVER_F(Xsyevd), cusolverDnParams_t params, cusolverEigMode_t job, cublasFillMode_t uplo,
    int64_t n, cudaDataType a_type, void* a, int64_t lda, cudaDataType w_type, void* w,
    cudaDataType compute, ACC_SOLVER_BUFFERS);
ACC_SOLVER_F(XsyevBatched_bufferSize), cusolverDnParams_t params, cusolverEigMode_t job,
    cublasFillMode_t uplo, int64_t n, cudaDataType a_type, const void* a, int64_t lda,
    cudaDataType w_type, const void* w, cudaDataType compute, ACC_SOLVER_SIZES, int64_t count);
ACC_SOLVER_F(XsyevBatched), cusolverDnParams_t params, cusolverEigMode_t job, cublasFillMode_t uplo,
    int64_t n, cudaDataType a_type, void* a, int64_t lda, cudaDataType w_type, void* w,
    cudaDataType compute, ACC_SOLVER_BUFFERS, int64_t count);
ACC_SOLVER_F(Xgesvd_bufferSize), cusolverDnParams_t params, signed char job_u, signed char job_vt,
    int64_t m, int64_t n, cudaDataType a_type, const void* a, int64_t lda, cudaDataType s_type,
    const void* s, cudaDataType u_type, const void* u, int64_t ldu, cudaDataType vt_type,
    const void* vt, int64_t ldvt, cudaDataType compute, ACC_SOLVER_SIZES);
ACC_SOLVER_F(Xgesvd), cusolverDnParams_t params, signed char job_u, signed char job_vt, int64_t m,
    int64_t n, cudaDataType a_type, void* a, int64_t lda, cudaDataType s_type, void* s,
    cudaDataType u_type, void* u, int64_t ldu, cudaDataType vt_type, void* vt, int64_t ldvt,
    cudaDataType compute, ACC_SOLVER_BUFFERS);
#undef ACC_SOLVER_BUFFERS
#undef ACC_SOLVER_SIZES
#undef ACC_SOLVER_F

#ifdef __cplusplus
}
#endif

#include "acc_impl/cusolver_selected.h"
