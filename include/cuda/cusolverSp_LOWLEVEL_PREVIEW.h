// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuSOLVER: factors of sparse matrices step by step: structure, factors, solutions.
#pragma once
#define CUSOLVERSP_LOWLEVEL_PREVIEW_H_ // programs test this name

#include "cusolverSp.h"

struct csrluInfoHost;
typedef struct csrluInfoHost* csrluInfoHost_t;
struct csrqrInfoHost;
typedef struct csrqrInfoHost* csrqrInfoHost_t;
struct csrcholInfoHost;
typedef struct csrcholInfoHost* csrcholInfoHost_t;
struct csrcholInfo;
typedef struct csrcholInfo* csrcholInfo_t;

#ifdef __cplusplus
extern "C" {
#endif

cusolverStatus_t cusolverSpCreateCsrluInfoHost(csrluInfoHost_t* info);
cusolverStatus_t cusolverSpDestroyCsrluInfoHost(csrluInfoHost_t info);
cusolverStatus_t cusolverSpXcsrluAnalysisHost(cusolverSpHandle_t handle, ACC_SP_PATTERN,
                                              csrluInfoHost_t info);
cusolverStatus_t cusolverSpXcsrluNnzHost(cusolverSpHandle_t handle, int* nnz_l, int* nnz_u,
                                         csrluInfoHost_t info);

// X: nothing, or Host; INFO ends likewise. P: what differs.
#define ACC_SP_STEPS(X)                                                                            \
    cusolverStatus_t cusolverSpXcsrqrAnalysis##X(                                                  \
        cusolverSpHandle_t handle, int m, int n, int nnz, const cusparseMatDescr_t descriptor,     \
        const int* offsets, const int* columns, csrqrInfo##X##_t info);                            \
    cusolverStatus_t cusolverSpCreateCsrcholInfo##X(csrcholInfo##X##_t* info);                     \
    cusolverStatus_t cusolverSpDestroyCsrcholInfo##X(csrcholInfo##X##_t info);                     \
    cusolverStatus_t cusolverSpXcsrcholAnalysis##X(cusolverSpHandle_t handle, ACC_SP_PATTERN,      \
                                                   csrcholInfo##X##_t info);
ACC_SP_STEPS()
ACC_SP_STEPS(Host)
#undef ACC_SP_STEPS
cusolverStatus_t cusolverSpCreateCsrqrInfoHost(csrqrInfoHost_t* info);
cusolverStatus_t cusolverSpDestroyCsrqrInfoHost(csrqrInfoHost_t info);

#define ACC_SP_MATRIX(T)                                                                           \
    int n, int nnz, const cusparseMatDescr_t descriptor, const T *values, const int *offsets,      \
        const int *columns
#define ACC_SP_QR(L, T, R, X)                                                                      \
    cusolverStatus_t cusolverSp##L##csrqrBufferInfo##X(                                            \
        cusolverSpHandle_t handle, int m, ACC_SP_MATRIX(T), csrqrInfo##X##_t info,                 \
        size_t* internal_bytes, size_t* buffer_bytes);                                             \
    /* A - mu 1 */                                                                                 \
    cusolverStatus_t cusolverSp##L##csrqrSetup##X(cusolverSpHandle_t handle, int m,                \
                                                  ACC_SP_MATRIX(T), T mu, csrqrInfo##X##_t info);  \
    /* Solves, too, unless b is null. */                                                           \
    cusolverStatus_t cusolverSp##L##csrqrFactor##X(cusolverSpHandle_t handle, int m, int n,        \
                                                   int nnz, T* b, T* x, csrqrInfo##X##_t info,     \
                                                   void* buffer);                                  \
    cusolverStatus_t cusolverSp##L##csrqrZeroPivot##X(                                             \
        cusolverSpHandle_t handle, csrqrInfo##X##_t info, R tolerance, int* position);             \
    cusolverStatus_t cusolverSp##L##csrqrSolve##X(cusolverSpHandle_t handle, int m, int n, T* b,   \
                                                  T* x, csrqrInfo##X##_t info, void* buffer);
#define ACC_SP_CHOL(L, T, R, X)                                                                    \
    cusolverStatus_t cusolverSp##L##csrcholBufferInfo##X(                                          \
        cusolverSpHandle_t handle, ACC_SP_MATRIX(T), csrcholInfo##X##_t info,                      \
        size_t* internal_bytes, size_t* buffer_bytes);                                             \
    cusolverStatus_t cusolverSp##L##csrcholFactor##X(cusolverSpHandle_t handle, ACC_SP_MATRIX(T),  \
                                                     csrcholInfo##X##_t info, void* buffer);       \
    cusolverStatus_t cusolverSp##L##csrcholZeroPivot##X(                                           \
        cusolverSpHandle_t handle, csrcholInfo##X##_t info, R tolerance, int* position);           \
    cusolverStatus_t cusolverSp##L##csrcholSolve##X(cusolverSpHandle_t handle, int n, const T* b,  \
                                                    T* x, csrcholInfo##X##_t info, void* buffer);
#define ACC_SP_TYPE(L, T, R)                                                                       \
    cusolverStatus_t cusolverSp##L##csrluBufferInfoHost(                                           \
        cusolverSpHandle_t handle, ACC_SP_MATRIX(T), csrluInfoHost_t info, size_t* internal_bytes, \
        size_t* buffer_bytes);                                                                     \
    cusolverStatus_t cusolverSp##L##csrluFactorHost(cusolverSpHandle_t handle, ACC_SP_MATRIX(T),   \
                                                    csrluInfoHost_t info, R pivot_threshold,       \
                                                    void* buffer);                                 \
    cusolverStatus_t cusolverSp##L##csrluZeroPivotHost(                                            \
        cusolverSpHandle_t handle, csrluInfoHost_t info, R tolerance, int* position);              \
    cusolverStatus_t cusolverSp##L##csrluSolveHost(cusolverSpHandle_t handle, int n, const T* b,   \
                                                   T* x, csrluInfoHost_t info, void* buffer);      \
    /* P A Q^T = L U; L's ones on the diagonal are stored. */                                      \
    cusolverStatus_t cusolverSp##L##csrluExtractHost(                                              \
        cusolverSpHandle_t handle, int* p, int* q, const cusparseMatDescr_t descriptor_l,          \
        T* values_l, int* offsets_l, int* columns_l, const cusparseMatDescr_t descriptor_u,        \
        T* values_u, int* offsets_u, int* columns_u, csrluInfoHost_t info, void* buffer);          \
    ACC_SP_QR(L, T, R, )                                                                           \
    ACC_SP_QR(L, T, R, Host)                                                                       \
    ACC_SP_CHOL(L, T, R, )                                                                         \
    ACC_SP_CHOL(L, T, R, Host)
ACC_SP_TYPE(S, float, float)
ACC_SP_TYPE(D, double, double)
ACC_SP_TYPE(C, cuComplex, float)
ACC_SP_TYPE(Z, cuDoubleComplex, double)
#undef ACC_SP_TYPE
#undef ACC_SP_CHOL
#undef ACC_SP_QR
#undef ACC_SP_MATRIX

#ifdef __cplusplus
}
#endif
