// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuSOLVER: linear systems with sparse matrices in CSR form. Functions whose names end in Host work
// on the host's memory, by the host; the others on the device's. What is there, and how it is done:
// docs/libraries.md.
#pragma once
#define CUSOLVERSP_H_ // programs test this name

#include "cuComplex.h"
#include "cublas_v2.h"
#include "cuda_runtime_api.h"
#include "cusolver_common.h"
#include "cusparse.h"

struct cusolverSpContext;
typedef struct cusolverSpContext* cusolverSpHandle_t;
struct csrqrInfo;
typedef struct csrqrInfo* csrqrInfo_t;

#ifdef __cplusplus
extern "C" {
#endif

cusolverStatus_t cusolverSpCreate(cusolverSpHandle_t* handle);
cusolverStatus_t cusolverSpDestroy(cusolverSpHandle_t handle);
cusolverStatus_t cusolverSpSetStream(cusolverSpHandle_t handle, cudaStream_t stream);
cusolverStatus_t cusolverSpGetStream(cusolverSpHandle_t handle, cudaStream_t* stream);

#define ACC_SP_PATTERN                                                                             \
    int n, int nnz, const cusparseMatDescr_t descriptor, const int *offsets, const int *columns

cusolverStatus_t cusolverSpXcsrissymHost(cusolverSpHandle_t handle, int m, int nnz,
                                         const cusparseMatDescr_t descriptor, const int* offsets,
                                         const int* ends, const int* columns, int* symmetric);

/// Orderings that keep factors sparse, of A + A^T; p[i] is the row that becomes row i.
cusolverStatus_t cusolverSpXcsrsymrcmHost(cusolverSpHandle_t handle, ACC_SP_PATTERN, int* p);
cusolverStatus_t cusolverSpXcsrsymmdqHost(cusolverSpHandle_t handle, ACC_SP_PATTERN, int* p);
cusolverStatus_t cusolverSpXcsrsymamdHost(cusolverSpHandle_t handle, ACC_SP_PATTERN, int* p);
cusolverStatus_t cusolverSpXcsrmetisndHost(cusolverSpHandle_t handle, ACC_SP_PATTERN,
                                           const int64_t* options, int* p);

/// B = A(p, q): the structure is replaced, and map[i], given as i, says where value i was.
cusolverStatus_t cusolverSpXcsrperm_bufferSizeHost(cusolverSpHandle_t handle, int m, int n, int nnz,
                                                   const cusparseMatDescr_t descriptor,
                                                   const int* offsets, const int* columns,
                                                   const int* p, const int* q, size_t* bytes);
cusolverStatus_t cusolverSpXcsrpermHost(cusolverSpHandle_t handle, int m, int n, int nnz,
                                        const cusparseMatDescr_t descriptor, int* offsets,
                                        int* columns, const int* p, const int* q, int* map,
                                        void* buffer);

/// QR factors of many matrices with one structure.
cusolverStatus_t cusolverSpCreateCsrqrInfo(csrqrInfo_t* info);
cusolverStatus_t cusolverSpDestroyCsrqrInfo(csrqrInfo_t info);
cusolverStatus_t cusolverSpXcsrqrAnalysisBatched(cusolverSpHandle_t handle, int m, int n, int nnz,
                                                 const cusparseMatDescr_t descriptor,
                                                 const int* offsets, const int* columns,
                                                 csrqrInfo_t info);

/// A x = b. *singular, on the host: the first column whose pivot is at most `tolerance`, or -1.
#define ACC_SP_SOLVE(NAME, T, R)                                                                   \
    cusolverStatus_t cusolverSp##NAME(cusolverSpHandle_t handle, int n, int nnz,                   \
                                      const cusparseMatDescr_t descriptor, const T* values,        \
                                      const int* offsets, const int* columns, const T* b,          \
                                      R tolerance, int reorder, T* x, int* singular);
#define ACC_SP_TYPE(L, T, R)                                                                       \
    ACC_SP_SOLVE(L##csrlsvluHost, T, R)                                                            \
    ACC_SP_SOLVE(L##csrlsvqrHost, T, R)                                                            \
    ACC_SP_SOLVE(L##csrlsvcholHost, T, R)                                                          \
    ACC_SP_SOLVE(L##csrlsvqr, T, R)                                                                \
    ACC_SP_SOLVE(L##csrlsvchol, T, R)                                                              \
    cusolverStatus_t cusolverSp##L##csrqrBufferInfoBatched(                                        \
        cusolverSpHandle_t handle, int m, int n, int nnz, const cusparseMatDescr_t descriptor,     \
        const T* values, const int* offsets, const int* columns, int count, csrqrInfo_t info,      \
        size_t* internal_bytes, size_t* buffer_bytes);                                             \
    cusolverStatus_t cusolverSp##L##csrqrsvBatched(                                                \
        cusolverSpHandle_t handle, int m, int n, int nnz, const cusparseMatDescr_t descriptor,     \
        const T* values, const int* offsets, const int* columns, const T* b, T* x, int count,      \
        csrqrInfo_t info, void* buffer);
ACC_SP_TYPE(S, float, float)
ACC_SP_TYPE(D, double, double)
ACC_SP_TYPE(C, cuComplex, float)
ACC_SP_TYPE(Z, cuDoubleComplex, double)
#undef ACC_SP_TYPE
#undef ACC_SP_SOLVE

#ifdef __cplusplus
}
#endif
