// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuSOLVER: LU factors of matrices with one structure, computed again without pivoting.
#pragma once
#define CUSOLVERRF_H_ // programs test this name

#include "cuda_runtime_api.h"
#include "cusolver_common.h"

typedef enum {
    CUSOLVERRF_RESET_VALUES_FAST_MODE_OFF = 0,
    CUSOLVERRF_RESET_VALUES_FAST_MODE_ON = 1
} cusolverRfResetValuesFastMode_t;
typedef enum {
    CUSOLVERRF_MATRIX_FORMAT_CSR = 0,
    CUSOLVERRF_MATRIX_FORMAT_CSC = 1
} cusolverRfMatrixFormat_t;
typedef enum {
    CUSOLVERRF_UNIT_DIAGONAL_STORED_L = 0,
    CUSOLVERRF_UNIT_DIAGONAL_STORED_U = 1,
    CUSOLVERRF_UNIT_DIAGONAL_ASSUMED_L = 2,
    CUSOLVERRF_UNIT_DIAGONAL_ASSUMED_U = 3
} cusolverRfUnitDiagonal_t;
typedef enum {
    CUSOLVERRF_FACTORIZATION_ALG0 = 0,
    CUSOLVERRF_FACTORIZATION_ALG1 = 1,
    CUSOLVERRF_FACTORIZATION_ALG2 = 2
} cusolverRfFactorization_t;
typedef enum {
    CUSOLVERRF_TRIANGULAR_SOLVE_ALG1 = 1,
    CUSOLVERRF_TRIANGULAR_SOLVE_ALG2 = 2,
    CUSOLVERRF_TRIANGULAR_SOLVE_ALG3 = 3
} cusolverRfTriangularSolve_t;
typedef enum {
    CUSOLVERRF_NUMERIC_BOOST_NOT_USED = 0,
    CUSOLVERRF_NUMERIC_BOOST_USED = 1
} cusolverRfNumericBoostReport_t;

struct cusolverRfCommon;
typedef struct cusolverRfCommon* cusolverRfHandle_t;

#ifdef __cplusplus
extern "C" {
#endif

cusolverStatus_t cusolverRfCreate(cusolverRfHandle_t* handle);
cusolverStatus_t cusolverRfDestroy(cusolverRfHandle_t handle);
cusolverStatus_t cusolverRfGetMatrixFormat(cusolverRfHandle_t handle,
                                           cusolverRfMatrixFormat_t* format,
                                           cusolverRfUnitDiagonal_t* diagonal);
cusolverStatus_t cusolverRfSetMatrixFormat(cusolverRfHandle_t handle,
                                           cusolverRfMatrixFormat_t format,
                                           cusolverRfUnitDiagonal_t diagonal);
cusolverStatus_t cusolverRfSetNumericProperties(cusolverRfHandle_t handle, double zero,
                                                double boost);
cusolverStatus_t cusolverRfGetNumericProperties(cusolverRfHandle_t handle, double* zero,
                                                double* boost);
cusolverStatus_t cusolverRfGetNumericBoostReport(cusolverRfHandle_t handle,
                                                 cusolverRfNumericBoostReport_t* report);
cusolverStatus_t cusolverRfSetAlgs(cusolverRfHandle_t handle,
                                   cusolverRfFactorization_t factorization,
                                   cusolverRfTriangularSolve_t solve);
cusolverStatus_t cusolverRfGetAlgs(cusolverRfHandle_t handle,
                                   cusolverRfFactorization_t* factorization,
                                   cusolverRfTriangularSolve_t* solve);
cusolverStatus_t cusolverRfGetResetValuesFastMode(cusolverRfHandle_t handle,
                                                  cusolverRfResetValuesFastMode_t* mode);
cusolverStatus_t cusolverRfSetResetValuesFastMode(cusolverRfHandle_t handle,
                                                  cusolverRfResetValuesFastMode_t mode);

/// A, L and U of P A Q^T = L U with indices from zero, on the host or on the device.
cusolverStatus_t cusolverRfSetupHost(int n, int nnz_a, int* offsets_a, int* columns_a,
                                     double* values_a, int nnz_l, int* offsets_l, int* columns_l,
                                     double* values_l, int nnz_u, int* offsets_u, int* columns_u,
                                     double* values_u, int* p, int* q, cusolverRfHandle_t handle);
cusolverStatus_t cusolverRfSetupDevice(int n, int nnz_a, int* offsets_a, int* columns_a,
                                       double* values_a, int nnz_l, int* offsets_l, int* columns_l,
                                       double* values_l, int nnz_u, int* offsets_u, int* columns_u,
                                       double* values_u, int* p, int* q, cusolverRfHandle_t handle);
/// Everything below is on the device.
cusolverStatus_t cusolverRfResetValues(int n, int nnz_a, int* offsets_a, int* columns_a,
                                       double* values_a, int* p, int* q, cusolverRfHandle_t handle);
cusolverStatus_t cusolverRfAnalyze(cusolverRfHandle_t handle);
cusolverStatus_t cusolverRfRefactor(cusolverRfHandle_t handle);
/// x = A^-1 x. temp: n * nrhs numbers.
cusolverStatus_t cusolverRfSolve(cusolverRfHandle_t handle, int* p, int* q, int nrhs, double* temp,
                                 int ldt, double* x, int ldx);

#ifdef __cplusplus
}
#endif
