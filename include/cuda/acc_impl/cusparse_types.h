// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuSPARSE's constants and the types of what its functions take.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/// What every function returns.
typedef enum {
    CUSPARSE_STATUS_SUCCESS = 0,
    CUSPARSE_STATUS_NOT_INITIALIZED = 1, ///< no handle
    CUSPARSE_STATUS_ALLOC_FAILED = 2,
    CUSPARSE_STATUS_INVALID_VALUE = 3, ///< an argument is out of its range
    CUSPARSE_STATUS_ARCH_MISMATCH = 4,
    CUSPARSE_STATUS_MAPPING_ERROR = 5,
    CUSPARSE_STATUS_EXECUTION_FAILED = 6, ///< a launch or a copy failed
    CUSPARSE_STATUS_INTERNAL_ERROR = 7,
    CUSPARSE_STATUS_MATRIX_TYPE_NOT_SUPPORTED = 8, ///< of a cusparseMatDescr_t
    CUSPARSE_STATUS_ZERO_PIVOT = 9,                ///< a factor's diagonal has a zero
    CUSPARSE_STATUS_NOT_SUPPORTED = 10,            ///< no such combination, or not in this library
    CUSPARSE_STATUS_INSUFFICIENT_RESOURCES = 11
} cusparseStatus_t;

/// Where alpha, beta and scalar results are.
typedef enum {
    CUSPARSE_POINTER_MODE_HOST = 0,
    CUSPARSE_POINTER_MODE_DEVICE = 1
} cusparsePointerMode_t;

/// Conversions: indices only, or values as well.
typedef enum { CUSPARSE_ACTION_SYMBOLIC = 0, CUSPARSE_ACTION_NUMERIC = 1 } cusparseAction_t;

typedef enum {
    CUSPARSE_MATRIX_TYPE_GENERAL = 0,
    CUSPARSE_MATRIX_TYPE_SYMMETRIC = 1,
    CUSPARSE_MATRIX_TYPE_HERMITIAN = 2,
    CUSPARSE_MATRIX_TYPE_TRIANGULAR = 3
} cusparseMatrixType_t;

/// Which triangle of a matrix is read; entries of the other are not looked at.
typedef enum { CUSPARSE_FILL_MODE_LOWER = 0, CUSPARSE_FILL_MODE_UPPER = 1 } cusparseFillMode_t;

/// UNIT: the diagonal is taken as ones.
typedef enum { CUSPARSE_DIAG_TYPE_NON_UNIT = 0, CUSPARSE_DIAG_TYPE_UNIT = 1 } cusparseDiagType_t;

/// The first row's and column's number.
typedef enum { CUSPARSE_INDEX_BASE_ZERO = 0, CUSPARSE_INDEX_BASE_ONE = 1 } cusparseIndexBase_t;

/// op(A): as it is, transposed, conjugate transposed.
typedef enum {
    CUSPARSE_OPERATION_NON_TRANSPOSE = 0,
    CUSPARSE_OPERATION_TRANSPOSE = 1,
    CUSPARSE_OPERATION_CONJUGATE_TRANSPOSE = 2
} cusparseOperation_t;

/// The order of elements in a block, or whether rows or columns are counted.
typedef enum { CUSPARSE_DIRECTION_ROW = 0, CUSPARSE_DIRECTION_COLUMN = 1 } cusparseDirection_t;

typedef enum {
    CUSPARSE_SOLVE_POLICY_NO_LEVEL = 0,
    CUSPARSE_SOLVE_POLICY_USE_LEVEL = 1
} cusparseSolvePolicy_t;

typedef enum { CUSPARSE_COLOR_ALG0 = 0, CUSPARSE_COLOR_ALG1 = 1 } cusparseColorAlg_t;

typedef enum { CUSPARSE_CSR2CSC_ALG_DEFAULT = 1, CUSPARSE_CSR2CSC_ALG1 = 1 } cusparseCsr2CscAlg_t;

typedef enum {
    CUSPARSE_FORMAT_CSR = 1,
    CUSPARSE_FORMAT_CSC = 2,
    CUSPARSE_FORMAT_COO = 3,
    CUSPARSE_FORMAT_BLOCKED_ELL = 5,
    CUSPARSE_FORMAT_BSR = 6,
    CUSPARSE_FORMAT_SLICED_ELLPACK = 7
} cusparseFormat_t;

/// Which index of a dense matrix runs fastest: the row's (COL) or the column's (ROW).
typedef enum { CUSPARSE_ORDER_COL = 1, CUSPARSE_ORDER_ROW = 2 } cusparseOrder_t;

typedef enum {
    CUSPARSE_INDEX_16U = 1,
    CUSPARSE_INDEX_32I = 2,
    CUSPARSE_INDEX_64I = 3
} cusparseIndexType_t;

typedef enum {
    CUSPARSE_SPMAT_FILL_MODE, ///< a cusparseFillMode_t
    CUSPARSE_SPMAT_DIAG_TYPE  ///< a cusparseDiagType_t
} cusparseSpMatAttribute_t;

// Algorithms. Each function has one, which is deterministic; the names are accepted.
typedef enum { CUSPARSE_SPARSETODENSE_ALG_DEFAULT = 0 } cusparseSparseToDenseAlg_t;
typedef enum { CUSPARSE_DENSETOSPARSE_ALG_DEFAULT = 0 } cusparseDenseToSparseAlg_t;
typedef enum {
    CUSPARSE_SPMV_ALG_DEFAULT = 0,
    CUSPARSE_SPMV_COO_ALG1 = 1,
    CUSPARSE_SPMV_CSR_ALG1 = 2,
    CUSPARSE_SPMV_CSR_ALG2 = 3,
    CUSPARSE_SPMV_COO_ALG2 = 4,
    CUSPARSE_SPMV_SELL_ALG1 = 5,
    CUSPARSE_SPMV_BSR_ALG1 = 6
} cusparseSpMVAlg_t;
typedef enum { CUSPARSE_SPSV_ALG_DEFAULT = 0 } cusparseSpSVAlg_t;
typedef enum { CUSPARSE_SPSM_ALG_DEFAULT = 0 } cusparseSpSMAlg_t;
typedef enum {
    CUSPARSE_SPMM_ALG_DEFAULT = 0,
    CUSPARSE_SPMM_COO_ALG1 = 1,
    CUSPARSE_SPMM_COO_ALG2 = 2,
    CUSPARSE_SPMM_COO_ALG3 = 3,
    CUSPARSE_SPMM_CSR_ALG1 = 4,
    CUSPARSE_SPMM_COO_ALG4 = 5,
    CUSPARSE_SPMM_CSR_ALG2 = 6,
    CUSPARSE_SPMM_CSR_ALG3 = 12,
    CUSPARSE_SPMM_BLOCKED_ELL_ALG1 = 13,
    CUSPARSE_SPMM_BSR_ALG1 = 14
} cusparseSpMMAlg_t;
typedef enum {
    CUSPARSE_SPGEMM_DEFAULT = 0,
    CUSPARSE_SPGEMM_CSR_ALG_DETERMINITIC = 1,
    CUSPARSE_SPGEMM_CSR_ALG_NONDETERMINITIC = 2,
    CUSPARSE_SPGEMM_ALG1 = 3,
    CUSPARSE_SPGEMM_ALG2 = 4,
    CUSPARSE_SPGEMM_ALG3 = 5
} cusparseSpGEMMAlg_t;
typedef enum { CUSPARSE_SDDMM_ALG_DEFAULT = 0 } cusparseSDDMMAlg_t;
typedef enum { CUSPARSE_SPMM_OP_ALG_DEFAULT } cusparseSpMMOpAlg_t;

/// Which of a triangular matrix's values cusparseSpSV_updateMatrix and cusparseSpSM_updateMatrix
/// are given: all, in the matrix's order, or those of the diagonal.
typedef enum {
    CUSPARSE_SPSV_UPDATE_GENERAL = 0,
    CUSPARSE_SPSV_UPDATE_DIAGONAL = 1
} cusparseSpSVUpdate_t;
typedef enum {
    CUSPARSE_SPSM_UPDATE_GENERAL = 0,
    CUSPARSE_SPSM_UPDATE_DIAGONAL = 1
} cusparseSpSMUpdate_t;

typedef void (*cusparseLoggerCallback_t)(int level, const char* function, const char* message);

#define ACC_SPARSE_POINTER(NAME, STRUCTURE)                                                        \
    struct STRUCTURE;                                                                              \
    typedef struct STRUCTURE* NAME;
ACC_SPARSE_POINTER(cusparseHandle_t, cusparseContext)
ACC_SPARSE_POINTER(cusparseMatDescr_t, cusparseMatDescr)
ACC_SPARSE_POINTER(bsrsv2Info_t, bsrsv2Info)
ACC_SPARSE_POINTER(bsrsm2Info_t, bsrsm2Info)
ACC_SPARSE_POINTER(csric02Info_t, csric02Info)
ACC_SPARSE_POINTER(bsric02Info_t, bsric02Info)
ACC_SPARSE_POINTER(csrilu02Info_t, csrilu02Info)
ACC_SPARSE_POINTER(bsrilu02Info_t, bsrilu02Info)
ACC_SPARSE_POINTER(csru2csrInfo_t, csru2csrInfo)
ACC_SPARSE_POINTER(cusparseColorInfo_t, cusparseColorInfo)
ACC_SPARSE_POINTER(pruneInfo_t, pruneInfo)
ACC_SPARSE_POINTER(cusparseSpVecDescr_t, cusparseSpVecDescr)
ACC_SPARSE_POINTER(cusparseDnVecDescr_t, cusparseDnVecDescr)
ACC_SPARSE_POINTER(cusparseSpMatDescr_t, cusparseSpMatDescr)
ACC_SPARSE_POINTER(cusparseDnMatDescr_t, cusparseDnMatDescr)
ACC_SPARSE_POINTER(cusparseSpSVDescr_t, cusparseSpSVDescr)
ACC_SPARSE_POINTER(cusparseSpSMDescr_t, cusparseSpSMDescr)
ACC_SPARSE_POINTER(cusparseSpGEMMDescr_t, cusparseSpGEMMDescr)
ACC_SPARSE_POINTER(cusparseSpMMOpPlan_t, cusparseSpMMOpPlan)
#undef ACC_SPARSE_POINTER
typedef const struct cusparseSpVecDescr* cusparseConstSpVecDescr_t;
typedef const struct cusparseDnVecDescr* cusparseConstDnVecDescr_t;
typedef const struct cusparseSpMatDescr* cusparseConstSpMatDescr_t;
typedef const struct cusparseDnMatDescr* cusparseConstDnMatDescr_t;

#ifdef __cplusplus
}
#endif
