// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuSOLVER: some of the eigenvalues, truncated decompositions, solvers with refinement. Part of
// cusolverDn.h.
#pragma once

struct cusolverDnIRSParams;
typedef struct cusolverDnIRSParams* cusolverDnIRSParams_t;
struct cusolverDnIRSInfos;
typedef struct cusolverDnIRSInfos* cusolverDnIRSInfos_t;

#ifdef __cplusplus
extern "C" {
#endif

/// Eigenvalues by number (il to iu, from one) or by value (vl < w <= vu); *found of them, on the
/// host. Vectors are the matrix's first columns. By value the functions wait.
#define ACC_SOLVER_RANGE(R) cusolverEigMode_t job, cusolverEigRange_t range, cublasFillMode_t uplo
#define ACC_SOLVER_SELECTED(SY, T, R)                                                              \
    cusolverStatus_t cusolverDn##SY##evdx_bufferSize(                                              \
        cusolverDnHandle_t handle, ACC_SOLVER_RANGE(R), int n, const T* a, int lda, R vl, R vu,    \
        int il, int iu, int* found, const R* w, int* size);                                        \
    cusolverStatus_t cusolverDn##SY##evdx(cusolverDnHandle_t handle, ACC_SOLVER_RANGE(R), int n,   \
                                          T* a, int lda, R vl, R vu, int il, int iu, int* found,   \
                                          R* w, T* work, int size, int* info);                     \
    cusolverStatus_t cusolverDn##SY##gvdx_bufferSize(                                              \
        cusolverDnHandle_t handle, cusolverEigType_t type, ACC_SOLVER_RANGE(R), int n, const T* a, \
        int lda, const T* b, int ldb, R vl, R vu, int il, int iu, int* found, const R* w,          \
        int* size);                                                                                \
    cusolverStatus_t cusolverDn##SY##gvdx(cusolverDnHandle_t handle, cusolverEigType_t type,       \
                                          ACC_SOLVER_RANGE(R), int n, T* a, int lda, T* b,         \
                                          int ldb, R vl, R vu, int il, int iu, int* found, R* w,   \
                                          T* work, int size, int* info);
ACC_SOLVER_SELECTED(Ssy, float, float)
ACC_SOLVER_SELECTED(Dsy, double, double)
ACC_SOLVER_SELECTED(Che, cuComplex, float)
ACC_SOLVER_SELECTED(Zhe, cuDoubleComplex, double)
#undef ACC_SOLVER_SELECTED

cusolverStatus_t cusolverDnXsyevdx_bufferSize(cusolverDnHandle_t handle, cusolverDnParams_t params,
                                              ACC_SOLVER_RANGE(void), int64_t n,
                                              cudaDataType a_type, const void* a, int64_t lda,
                                              void* vl, void* vu, int64_t il, int64_t iu,
                                              int64_t* found, cudaDataType w_type, const void* w,
                                              cudaDataType compute, size_t* device_bytes,
                                              size_t* host_bytes);
cusolverStatus_t cusolverDnXsyevdx(cusolverDnHandle_t handle, cusolverDnParams_t params,
                                   ACC_SOLVER_RANGE(void), int64_t n, cudaDataType a_type, void* a,
                                   int64_t lda, void* vl, void* vu, int64_t il, int64_t iu,
                                   int64_t* found, cudaDataType w_type, void* w,
                                   cudaDataType compute, void* device_buffer, size_t device_bytes,
                                   void* host_buffer, size_t host_bytes, int* info);
#undef ACC_SOLVER_RANGE

/// A = U S V^H with V, not V^H; by polar decomposition in CUDA.
cusolverStatus_t cusolverDnXgesvdp_bufferSize(
    cusolverDnHandle_t handle, cusolverDnParams_t params, cusolverEigMode_t job, int econ,
    int64_t m, int64_t n, cudaDataType a_type, const void* a, int64_t lda, cudaDataType s_type,
    const void* s, cudaDataType u_type, const void* u, int64_t ldu, cudaDataType v_type,
    const void* v, int64_t ldv, cudaDataType compute, size_t* device_bytes, size_t* host_bytes);
cusolverStatus_t cusolverDnXgesvdp(cusolverDnHandle_t handle, cusolverDnParams_t params,
                                   cusolverEigMode_t job, int econ, int64_t m, int64_t n,
                                   cudaDataType a_type, void* a, int64_t lda, cudaDataType s_type,
                                   void* s, cudaDataType u_type, void* u, int64_t ldu,
                                   cudaDataType v_type, void* v, int64_t ldv, cudaDataType compute,
                                   void* device_buffer, size_t device_bytes, void* host_buffer,
                                   size_t host_bytes, int* info, double* error_of_values);

/// The k largest singular values and their vectors; by random projections in CUDA, with p more of
/// them and `iterations`.
cusolverStatus_t cusolverDnXgesvdr_bufferSize(
    cusolverDnHandle_t handle, cusolverDnParams_t params, signed char job_u, signed char job_v,
    int64_t m, int64_t n, int64_t k, int64_t p, int64_t iterations, cudaDataType a_type,
    const void* a, int64_t lda, cudaDataType s_type, const void* s, cudaDataType u_type,
    const void* u, int64_t ldu, cudaDataType v_type, const void* v, int64_t ldv,
    cudaDataType compute, size_t* device_bytes, size_t* host_bytes);
cusolverStatus_t cusolverDnXgesvdr(cusolverDnHandle_t handle, cusolverDnParams_t params,
                                   signed char job_u, signed char job_v, int64_t m, int64_t n,
                                   int64_t k, int64_t p, int64_t iterations, cudaDataType a_type,
                                   void* a, int64_t lda, cudaDataType s_type, void* s,
                                   cudaDataType u_type, void* u, int64_t ldu, cudaDataType v_type,
                                   void* v, int64_t ldv, cudaDataType compute, void* device_buffer,
                                   size_t device_bytes, void* host_buffer, size_t host_bytes,
                                   int* info);

/// The `rank` largest singular values of each matrix of a batch, and their vectors; what is left of
/// each matrix, in Frobenius' norm, on the host (null: not wanted; else the function waits).
#define ACC_SOLVER_APPROXIMATE(L, T, R)                                                            \
    cusolverStatus_t cusolverDn##L##gesvdaStridedBatched_bufferSize(                               \
        cusolverDnHandle_t handle, cusolverEigMode_t job, int rank, int m, int n, const T* a,      \
        int lda, long long int stride_a, const R* s, long long int stride_s, const T* u, int ldu,  \
        long long int stride_u, const T* v, int ldv, long long int stride_v, int* size,            \
        int count);                                                                                \
    cusolverStatus_t cusolverDn##L##gesvdaStridedBatched(                                          \
        cusolverDnHandle_t handle, cusolverEigMode_t job, int rank, int m, int n, const T* a,      \
        int lda, long long int stride_a, R* s, long long int stride_s, T* u, int ldu,              \
        long long int stride_u, T* v, int ldv, long long int stride_v, T* work, int size,          \
        int* info, double* left, int count);
ACC_SOLVER_APPROXIMATE(S, float, float)
ACC_SOLVER_APPROXIMATE(D, double, double)
ACC_SOLVER_APPROXIMATE(C, cuComplex, float)
ACC_SOLVER_APPROXIMATE(Z, cuDoubleComplex, double)
#undef ACC_SOLVER_APPROXIMATE

/// Linear systems with iterative refinement. The factors are of the main precision, so that
/// there is nothing to refine.
cusolverStatus_t cusolverDnIRSParamsCreate(cusolverDnIRSParams_t* params);
cusolverStatus_t cusolverDnIRSParamsDestroy(cusolverDnIRSParams_t params);
cusolverStatus_t cusolverDnIRSParamsSetRefinementSolver(cusolverDnIRSParams_t params,
                                                        cusolverIRSRefinement_t solver);
cusolverStatus_t cusolverDnIRSParamsSetSolverMainPrecision(cusolverDnIRSParams_t params,
                                                           cusolverPrecType_t main);
cusolverStatus_t cusolverDnIRSParamsSetSolverLowestPrecision(cusolverDnIRSParams_t params,
                                                             cusolverPrecType_t lowest);
cusolverStatus_t cusolverDnIRSParamsSetSolverPrecisions(cusolverDnIRSParams_t params,
                                                        cusolverPrecType_t main,
                                                        cusolverPrecType_t lowest);
cusolverStatus_t cusolverDnIRSParamsSetTol(cusolverDnIRSParams_t params, double tolerance);
cusolverStatus_t cusolverDnIRSParamsSetTolInner(cusolverDnIRSParams_t params, double tolerance);
cusolverStatus_t cusolverDnIRSParamsSetMaxIters(cusolverDnIRSParams_t params, int iterations);
cusolverStatus_t cusolverDnIRSParamsSetMaxItersInner(cusolverDnIRSParams_t params, int iterations);
cusolverStatus_t cusolverDnIRSParamsGetMaxIters(cusolverDnIRSParams_t params, int* iterations);
cusolverStatus_t cusolverDnIRSParamsEnableFallback(cusolverDnIRSParams_t params);
cusolverStatus_t cusolverDnIRSParamsDisableFallback(cusolverDnIRSParams_t params);
cusolverStatus_t cusolverDnIRSInfosCreate(cusolverDnIRSInfos_t* infos);
cusolverStatus_t cusolverDnIRSInfosDestroy(cusolverDnIRSInfos_t infos);
cusolverStatus_t cusolverDnIRSInfosGetNiters(cusolverDnIRSInfos_t infos, int* iterations);
cusolverStatus_t cusolverDnIRSInfosGetOuterNiters(cusolverDnIRSInfos_t infos, int* iterations);
cusolverStatus_t cusolverDnIRSInfosGetMaxIters(cusolverDnIRSInfos_t infos, int* iterations);
cusolverStatus_t cusolverDnIRSXgesv_bufferSize(cusolverDnHandle_t handle,
                                               cusolverDnIRSParams_t params, int n, int nrhs,
                                               size_t* bytes);
/// A x = b; a and b stay. Waits, as *iterations is the host's.
cusolverStatus_t cusolverDnIRSXgesv(cusolverDnHandle_t handle, cusolverDnIRSParams_t params,
                                    cusolverDnIRSInfos_t infos, int n, int nrhs, void* a, int lda,
                                    void* b, int ldb, void* x, int ldx, void* work, size_t bytes,
                                    int* iterations, int* info);

/// The same for a pair of precisions, the main one first: C, D, S, Z; H, K: half; B, Y: bfloat16;
/// X, E: tf32.
#define ACC_SOLVER_GESV(NAME, T)                                                                   \
    cusolverStatus_t cusolverDn##NAME##gesv_bufferSize(                                            \
        cusolverDnHandle_t handle, cusolver_int_t n, cusolver_int_t nrhs, T* a,                    \
        cusolver_int_t lda, cusolver_int_t* pivots, T* b, cusolver_int_t ldb, T* x,                \
        cusolver_int_t ldx, void* work, size_t* bytes);                                            \
    cusolverStatus_t cusolverDn##NAME##gesv(cusolverDnHandle_t handle, cusolver_int_t n,           \
                                            cusolver_int_t nrhs, T* a, cusolver_int_t lda,         \
                                            cusolver_int_t* pivots, T* b, cusolver_int_t ldb,      \
                                            T* x, cusolver_int_t ldx, void* work, size_t bytes,    \
                                            cusolver_int_t* iterations, cusolver_int_t* info);
ACC_SOLVER_GESV(ZZ, cuDoubleComplex)
ACC_SOLVER_GESV(ZC, cuDoubleComplex)
ACC_SOLVER_GESV(ZK, cuDoubleComplex)
ACC_SOLVER_GESV(ZE, cuDoubleComplex)
ACC_SOLVER_GESV(ZY, cuDoubleComplex)
ACC_SOLVER_GESV(CC, cuComplex)
ACC_SOLVER_GESV(CK, cuComplex)
ACC_SOLVER_GESV(CE, cuComplex)
ACC_SOLVER_GESV(CY, cuComplex)
ACC_SOLVER_GESV(DD, double)
ACC_SOLVER_GESV(DS, double)
ACC_SOLVER_GESV(DH, double)
ACC_SOLVER_GESV(DB, double)
ACC_SOLVER_GESV(DX, double)
ACC_SOLVER_GESV(SS, float)
ACC_SOLVER_GESV(SH, float)
ACC_SOLVER_GESV(SB, float)
ACC_SOLVER_GESV(SX, float)
#undef ACC_SOLVER_GESV

#ifdef __cplusplus
}
#endif
