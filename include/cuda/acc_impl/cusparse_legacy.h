// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuSPARSE's functions on arrays, with 32-bit indices: cusparseSgtsv2 and its like for S, D, C, Z.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/// How the arrays of a matrix are to be read. Getters give the value itself.
cusparseStatus_t cusparseCreateMatDescr(cusparseMatDescr_t* matrix);
cusparseStatus_t cusparseDestroyMatDescr(cusparseMatDescr_t matrix);
cusparseStatus_t cusparseSetMatType(cusparseMatDescr_t matrix, cusparseMatrixType_t type);
cusparseMatrixType_t cusparseGetMatType(const cusparseMatDescr_t matrix);
cusparseStatus_t cusparseSetMatFillMode(cusparseMatDescr_t matrix, cusparseFillMode_t mode);
cusparseFillMode_t cusparseGetMatFillMode(const cusparseMatDescr_t matrix);
cusparseStatus_t cusparseSetMatDiagType(cusparseMatDescr_t matrix, cusparseDiagType_t type);
cusparseDiagType_t cusparseGetMatDiagType(const cusparseMatDescr_t matrix);
cusparseStatus_t cusparseSetMatIndexBase(cusparseMatDescr_t matrix, cusparseIndexBase_t base);
cusparseIndexBase_t cusparseGetMatIndexBase(const cusparseMatDescr_t matrix);

/// What an analysis tells the function itself.
#define ACC_SPARSE_INFO(NAME, TYPE)                                                                \
    cusparseStatus_t cusparseCreate##NAME##Info(TYPE* info);                                       \
    cusparseStatus_t cusparseDestroy##NAME##Info(TYPE info);
ACC_SPARSE_INFO(Csric02, csric02Info_t)
ACC_SPARSE_INFO(Bsric02, bsric02Info_t)
ACC_SPARSE_INFO(Csrilu02, csrilu02Info_t)
ACC_SPARSE_INFO(Bsrilu02, bsrilu02Info_t)
ACC_SPARSE_INFO(Bsrsv2, bsrsv2Info_t)
ACC_SPARSE_INFO(Bsrsm2, bsrsm2Info_t)
ACC_SPARSE_INFO(Csru2csr, csru2csrInfo_t)
ACC_SPARSE_INFO(Color, cusparseColorInfo_t)
ACC_SPARSE_INFO(Prune, pruneInfo_t)
#undef ACC_SPARSE_INFO

// Conversions and sorting of structures.
cusparseStatus_t cusparseXcoo2csr(cusparseHandle_t handle, const int* row_indices, int nnz, int m,
                                  int* row_offsets, cusparseIndexBase_t base);
cusparseStatus_t cusparseXcsr2coo(cusparseHandle_t handle, const int* row_offsets, int nnz, int m,
                                  int* row_indices, cusparseIndexBase_t base);
/// p = (0, 1, ..., n-1).
cusparseStatus_t cusparseCreateIdentityPermutation(cusparseHandle_t handle, int n, int* p);
cusparseStatus_t cusparseXcoosort_bufferSizeExt(cusparseHandle_t handle, int m, int n, int nnz,
                                                const int* rows, const int* columns, size_t* size);
cusparseStatus_t cusparseXcoosortByRow(cusparseHandle_t handle, int m, int n, int nnz, int* rows,
                                       int* columns, int* p, void* buffer);
cusparseStatus_t cusparseXcoosortByColumn(cusparseHandle_t handle, int m, int n, int nnz, int* rows,
                                          int* columns, int* p, void* buffer);
#define ACC_SPARSE_SORT(FORMAT)                                                                    \
    cusparseStatus_t cusparseX##FORMAT##sort_bufferSizeExt(cusparseHandle_t handle, int m, int n,  \
                                                           int nnz, const int* offsets,            \
                                                           const int* indices, size_t* size);      \
    cusparseStatus_t cusparseX##FORMAT##sort(cusparseHandle_t handle, int m, int n, int nnz,       \
                                             const cusparseMatDescr_t matrix, const int* offsets,  \
                                             int* indices, int* p, void* buffer);
ACC_SPARSE_SORT(csr)
ACC_SPARSE_SORT(csc)
#undef ACC_SPARSE_SORT
cusparseStatus_t cusparseCsr2cscEx2(cusparseHandle_t handle, int m, int n, int nnz,
                                    const void* csr_values, const int* csr_row_offsets,
                                    const int* csr_columns, void* csc_values,
                                    int* csc_column_offsets, int* csc_rows, cudaDataType type,
                                    cusparseAction_t action, cusparseIndexBase_t base,
                                    cusparseCsr2CscAlg_t alg, void* buffer);
cusparseStatus_t cusparseCsr2cscEx2_bufferSize(cusparseHandle_t handle, int m, int n, int nnz,
                                               const void* csr_values, const int* csr_row_offsets,
                                               const int* csr_columns, void* csc_values,
                                               int* csc_column_offsets, int* csc_rows,
                                               cudaDataType type, cusparseAction_t action,
                                               cusparseIndexBase_t base, cusparseCsr2CscAlg_t alg,
                                               size_t* size);
cusparseStatus_t cusparseXcsrgeam2Nnz(cusparseHandle_t handle, int m, int n,
                                      const cusparseMatDescr_t a, int a_nnz, const int* a_rows,
                                      const int* a_columns, const cusparseMatDescr_t b, int b_nnz,
                                      const int* b_rows, const int* b_columns,
                                      const cusparseMatDescr_t c, int* c_rows, int* total,
                                      void* workspace);
cusparseStatus_t cusparseXcsr2bsrNnz(cusparseHandle_t handle, cusparseDirection_t direction, int m,
                                     int n, const cusparseMatDescr_t a, const int* a_rows,
                                     const int* a_columns, int block, const cusparseMatDescr_t c,
                                     int* c_rows, int* total);
cusparseStatus_t cusparseXgebsr2csr(cusparseHandle_t handle, cusparseDirection_t direction, int mb,
                                    int nb, const cusparseMatDescr_t a, const int* a_rows,
                                    const int* a_columns, int block_rows, int block_columns,
                                    const cusparseMatDescr_t c, int* c_rows, int* c_columns);
cusparseStatus_t cusparseXcsr2gebsrNnz(cusparseHandle_t handle, cusparseDirection_t direction,
                                       int m, int n, const cusparseMatDescr_t a, const int* a_rows,
                                       const int* a_columns, const cusparseMatDescr_t c,
                                       int* c_rows, int block_rows, int block_columns, int* total,
                                       void* buffer);
cusparseStatus_t cusparseXgebsr2gebsrNnz(cusparseHandle_t handle, cusparseDirection_t direction,
                                         int mb, int nb, int blocks, const cusparseMatDescr_t a,
                                         const int* a_rows, const int* a_columns, int a_block_rows,
                                         int a_block_columns, const cusparseMatDescr_t c,
                                         int* c_rows, int c_block_rows, int c_block_columns,
                                         int* total, void* buffer);

/// The row of the first zero on the diagonal of a factor, -1 when there is none; the status says
/// CUSPARSE_STATUS_ZERO_PIVOT. Waits for the device.
cusparseStatus_t cusparseXcsrilu02_zeroPivot(cusparseHandle_t handle, csrilu02Info_t info,
                                             int* position);
cusparseStatus_t cusparseXcsric02_zeroPivot(cusparseHandle_t handle, csric02Info_t info,
                                            int* position);
cusparseStatus_t cusparseXbsrilu02_zeroPivot(cusparseHandle_t handle, bsrilu02Info_t info,
                                             int* position);
cusparseStatus_t cusparseXbsric02_zeroPivot(cusparseHandle_t handle, bsric02Info_t info,
                                            int* position);
cusparseStatus_t cusparseXbsrsv2_zeroPivot(cusparseHandle_t handle, bsrsv2Info_t info,
                                           int* position);
cusparseStatus_t cusparseXbsrsm2_zeroPivot(cusparseHandle_t handle, bsrsm2Info_t info,
                                           int* position);

// What the families below begin with.
#define ACC_SPARSE_F(NAME) cusparseStatus_t cusparse##NAME(cusparseHandle_t handle
#define ACC_SPARSE_CSR(T) const T *values, const int *rows, const int *columns
#define ACC_SPARSE_IN_PLACE(T) T *values, const int *rows, const int *columns
#define ACC_SPARSE_BLOCKS(T)                                                                       \
    const cusparseMatDescr_t a, T *values, const int *rows, const int *columns, int block

#define ACC_SPARSE_BLOCKED(L, T)                                                                   \
    ACC_SPARSE_F(L##bsrmv), cusparseDirection_t direction, cusparseOperation_t op, int mb, int nb, \
        int blocks, const T* alpha, ACC_SPARSE_BLOCKS(const T), const T* x, const T* beta, T* y);  \
    ACC_SPARSE_F(L##bsrxmv), cusparseDirection_t direction, cusparseOperation_t op, int mask_size, \
        int mb, int nb, int blocks, const T* alpha, const cusparseMatDescr_t a, const T* values,   \
        const int* mask, const int* rows, const int* ends, const int* columns, int block,          \
        const T* x, const T* beta, T* y);                                                          \
    ACC_SPARSE_F(L##bsrmm), cusparseDirection_t direction, cusparseOperation_t op_a,               \
        cusparseOperation_t op_b, int mb, int n, int kb, int blocks, const T* alpha,               \
        ACC_SPARSE_BLOCKS(const T), const T* b, const int ldb, const T* beta, T* c, int ldc);      \
    ACC_SPARSE_F(L##bsrsv2_bufferSize), cusparseDirection_t direction, cusparseOperation_t op,     \
        int mb, int blocks, ACC_SPARSE_BLOCKS(T), bsrsv2Info_t info, int* size);                   \
    ACC_SPARSE_F(L##bsrsv2_bufferSizeExt), cusparseDirection_t direction, cusparseOperation_t op,  \
        int mb, int blocks, ACC_SPARSE_BLOCKS(T), bsrsv2Info_t info, size_t* size);                \
    ACC_SPARSE_F(L##bsrsv2_analysis), cusparseDirection_t direction, cusparseOperation_t op,       \
        int mb, int blocks, ACC_SPARSE_BLOCKS(const T), bsrsv2Info_t info,                         \
        cusparseSolvePolicy_t policy, void* buffer);                                               \
    ACC_SPARSE_F(L##bsrsv2_solve), cusparseDirection_t direction, cusparseOperation_t op, int mb,  \
        int blocks, const T* alpha, ACC_SPARSE_BLOCKS(const T), bsrsv2Info_t info, const T* f,     \
        T* x, cusparseSolvePolicy_t policy, void* buffer);                                         \
    ACC_SPARSE_F(L##bsrsm2_bufferSize), cusparseDirection_t direction, cusparseOperation_t op_a,   \
        cusparseOperation_t op_x, int mb, int n, int blocks, ACC_SPARSE_BLOCKS(T),                 \
        bsrsm2Info_t info, int* size);                                                             \
    ACC_SPARSE_F(L##bsrsm2_bufferSizeExt), cusparseDirection_t direction,                          \
        cusparseOperation_t op_a, cusparseOperation_t op_x, int mb, int n, int blocks,             \
        ACC_SPARSE_BLOCKS(T), bsrsm2Info_t info, size_t* size);                                    \
    ACC_SPARSE_F(L##bsrsm2_analysis), cusparseDirection_t direction, cusparseOperation_t op_a,     \
        cusparseOperation_t op_x, int mb, int n, int blocks, ACC_SPARSE_BLOCKS(const T),           \
        bsrsm2Info_t info, cusparseSolvePolicy_t policy, void* buffer);                            \
    ACC_SPARSE_F(L##bsrsm2_solve), cusparseDirection_t direction, cusparseOperation_t op_a,        \
        cusparseOperation_t op_x, int mb, int n, int blocks, const T* alpha,                       \
        ACC_SPARSE_BLOCKS(const T), bsrsm2Info_t info, const T* b, int ldb, T* x, int ldx,         \
        cusparseSolvePolicy_t policy, void* buffer);

#define ACC_SPARSE_FACTORS(L, T)                                                                   \
    ACC_SPARSE_F(L##csrilu02_numericBoost), csrilu02Info_t info, int enable, double* tolerance,    \
        T* boost);                                                                                 \
    ACC_SPARSE_F(L##csrilu02_bufferSize), int m, int nnz, const cusparseMatDescr_t a,              \
        ACC_SPARSE_IN_PLACE(T), csrilu02Info_t info, int* size);                                   \
    ACC_SPARSE_F(L##csrilu02_bufferSizeExt), int m, int nnz, const cusparseMatDescr_t a,           \
        ACC_SPARSE_IN_PLACE(T), csrilu02Info_t info, size_t* size);                                \
    ACC_SPARSE_F(L##csrilu02_analysis), int m, int nnz, const cusparseMatDescr_t a,                \
        ACC_SPARSE_CSR(T), csrilu02Info_t info, cusparseSolvePolicy_t policy, void* buffer);       \
    ACC_SPARSE_F(L##csrilu02), int m, int nnz, const cusparseMatDescr_t a, ACC_SPARSE_IN_PLACE(T), \
        csrilu02Info_t info, cusparseSolvePolicy_t policy, void* buffer);                          \
    ACC_SPARSE_F(L##csric02_bufferSize), int m, int nnz, const cusparseMatDescr_t a,               \
        ACC_SPARSE_IN_PLACE(T), csric02Info_t info, int* size);                                    \
    ACC_SPARSE_F(L##csric02_bufferSizeExt), int m, int nnz, const cusparseMatDescr_t a,            \
        ACC_SPARSE_IN_PLACE(T), csric02Info_t info, size_t* size);                                 \
    ACC_SPARSE_F(L##csric02_analysis), int m, int nnz, const cusparseMatDescr_t a,                 \
        ACC_SPARSE_CSR(T), csric02Info_t info, cusparseSolvePolicy_t policy, void* buffer);        \
    ACC_SPARSE_F(L##csric02), int m, int nnz, const cusparseMatDescr_t a, ACC_SPARSE_IN_PLACE(T),  \
        csric02Info_t info, cusparseSolvePolicy_t policy, void* buffer);                           \
    ACC_SPARSE_F(L##bsrilu02_numericBoost), bsrilu02Info_t info, int enable, double* tolerance,    \
        T* boost);                                                                                 \
    ACC_SPARSE_F(L##bsrilu02_bufferSize), cusparseDirection_t direction, int mb, int blocks,       \
        ACC_SPARSE_BLOCKS(T), bsrilu02Info_t info, int* size);                                     \
    ACC_SPARSE_F(L##bsrilu02_bufferSizeExt), cusparseDirection_t direction, int mb, int blocks,    \
        ACC_SPARSE_BLOCKS(T), bsrilu02Info_t info, size_t* size);                                  \
    ACC_SPARSE_F(L##bsrilu02_analysis), cusparseDirection_t direction, int mb, int blocks,         \
        ACC_SPARSE_BLOCKS(T), bsrilu02Info_t info, cusparseSolvePolicy_t policy, void* buffer);    \
    ACC_SPARSE_F(L##bsrilu02), cusparseDirection_t direction, int mb, int blocks,                  \
        ACC_SPARSE_BLOCKS(T), bsrilu02Info_t info, cusparseSolvePolicy_t policy, void* buffer);    \
    ACC_SPARSE_F(L##bsric02_bufferSize), cusparseDirection_t direction, int mb, int blocks,        \
        ACC_SPARSE_BLOCKS(T), bsric02Info_t info, int* size);                                      \
    ACC_SPARSE_F(L##bsric02_bufferSizeExt), cusparseDirection_t direction, int mb, int blocks,     \
        ACC_SPARSE_BLOCKS(T), bsric02Info_t info, size_t* size);                                   \
    ACC_SPARSE_F(L##bsric02_analysis), cusparseDirection_t direction, int mb, int blocks,          \
        ACC_SPARSE_BLOCKS(const T), bsric02Info_t info, cusparseSolvePolicy_t policy,              \
        void* buffer);                                                                             \
    ACC_SPARSE_F(L##bsric02), cusparseDirection_t direction, int mb, int blocks,                   \
        ACC_SPARSE_BLOCKS(T), bsric02Info_t info, cusparseSolvePolicy_t policy, void* buffer);

// Systems with three or five diagonals: dl and ds are below the diagonal, du and dw above it.
#define ACC_SPARSE_DIAGONALS(L, T)                                                                 \
    ACC_SPARSE_F(L##gtsv2_bufferSizeExt), int m, int n, const T* dl, const T* d, const T* du,      \
        const T* b, int ldb, size_t* size);                                                        \
    ACC_SPARSE_F(L##gtsv2), int m, int n, const T* dl, const T* d, const T* du, T* b, int ldb,     \
        void* buffer);                                                                             \
    ACC_SPARSE_F(L##gtsv2_nopivot_bufferSizeExt), int m, int n, const T* dl, const T* d,           \
        const T* du, const T* b, int ldb, size_t* size);                                           \
    ACC_SPARSE_F(L##gtsv2_nopivot), int m, int n, const T* dl, const T* d, const T* du, T* b,      \
        int ldb, void* buffer);                                                                    \
    ACC_SPARSE_F(L##gtsv2StridedBatch_bufferSizeExt), int m, const T* dl, const T* d, const T* du, \
        const T* x, int count, int stride, size_t* size);                                          \
    ACC_SPARSE_F(L##gtsv2StridedBatch), int m, const T* dl, const T* d, const T* du, T* x,         \
        int count, int stride, void* buffer);                                                      \
    ACC_SPARSE_F(L##gtsvInterleavedBatch_bufferSizeExt), int algorithm, int m, const T* dl,        \
        const T* d, const T* du, const T* x, int count, size_t* size);                             \
    ACC_SPARSE_F(L##gtsvInterleavedBatch), int algorithm, int m, T* dl, T* d, T* du, T* x,         \
        int count, void* buffer);                                                                  \
    ACC_SPARSE_F(L##gpsvInterleavedBatch_bufferSizeExt), int algorithm, int m, const T* ds,        \
        const T* dl, const T* d, const T* du, const T* dw, const T* x, int count, size_t* size);   \
    ACC_SPARSE_F(L##gpsvInterleavedBatch), int algorithm, int m, T* ds, T* dl, T* d, T* du, T* dw, \
        T* x, int count, void* buffer);

#define ACC_SPARSE_MATRICES(L, T, R)                                                               \
    ACC_SPARSE_F(L##gemvi), cusparseOperation_t op, int m, int n, const T* alpha, const T* a,      \
        int lda, int nnz, const T* x_values, const int* x_indices, const T* beta, T* y,            \
        cusparseIndexBase_t base, void* buffer);                                                   \
    ACC_SPARSE_F(L##gemvi_bufferSize), cusparseOperation_t op, int m, int n, int nnz, int* size);  \
    ACC_SPARSE_F(L##csrgeam2_bufferSizeExt), int m, int n, const T* alpha,                         \
        const cusparseMatDescr_t a, int a_nnz, const T* a_values, const int* a_rows,               \
        const int* a_columns, const T* beta, const cusparseMatDescr_t b, int b_nnz,                \
        const T* b_values, const int* b_rows, const int* b_columns, const cusparseMatDescr_t c,    \
        const T* c_values, const int* c_rows, const int* c_columns, size_t* size);                 \
    ACC_SPARSE_F(L##csrgeam2), int m, int n, const T* alpha, const cusparseMatDescr_t a,           \
        int a_nnz, const T* a_values, const int* a_rows, const int* a_columns, const T* beta,      \
        const cusparseMatDescr_t b, int b_nnz, const T* b_values, const int* b_rows,               \
        const int* b_columns, const cusparseMatDescr_t c, T* c_values, int* c_rows,                \
        int* c_columns, void* buffer);                                                             \
    ACC_SPARSE_F(L##csrcolor), int m, int nnz, const cusparseMatDescr_t a, ACC_SPARSE_CSR(T),      \
        const R* fraction, int* colors, int* coloring, int* reordering,                            \
        const cusparseColorInfo_t info);                                                           \
    ACC_SPARSE_F(L##nnz), cusparseDirection_t direction, int m, int n,                             \
        const cusparseMatDescr_t descr, const T* a, int lda, int* counts, int* total);             \
    ACC_SPARSE_F(L##nnz_compress), int m, const cusparseMatDescr_t a, const T* values,             \
        const int* rows, int* counts, int* total, T tolerance);                                    \
    ACC_SPARSE_F(L##csr2csr_compress), int m, int n, const cusparseMatDescr_t a, const T* values,  \
        const int* columns, const int* rows, int nnz, const int* counts, T* c_values,              \
        int* c_columns, int* c_rows, T tolerance);                                                 \
    ACC_SPARSE_F(L##csr2bsr), cusparseDirection_t direction, int m, int n,                         \
        const cusparseMatDescr_t a, ACC_SPARSE_CSR(T), int block, const cusparseMatDescr_t c,      \
        T* c_values, int* c_rows, int* c_columns);                                                 \
    ACC_SPARSE_F(L##bsr2csr), cusparseDirection_t direction, int mb, int nb,                       \
        ACC_SPARSE_BLOCKS(const T), const cusparseMatDescr_t c, T* c_values, int* c_rows,          \
        int* c_columns);                                                                           \
    ACC_SPARSE_F(L##gebsr2gebsc_bufferSize), int mb, int nb, int blocks, ACC_SPARSE_CSR(T),        \
        int block_rows, int block_columns, int* size);                                             \
    ACC_SPARSE_F(L##gebsr2gebsc_bufferSizeExt), int mb, int nb, int blocks, ACC_SPARSE_CSR(T),     \
        int block_rows, int block_columns, size_t* size);                                          \
    ACC_SPARSE_F(L##gebsr2gebsc), int mb, int nb, int blocks, ACC_SPARSE_CSR(T), int block_rows,   \
        int block_columns, T* c_values, int* c_rows, int* c_columns, cusparseAction_t action,      \
        cusparseIndexBase_t base, void* buffer);                                                   \
    ACC_SPARSE_F(L##gebsr2csr), cusparseDirection_t direction, int mb, int nb,                     \
        const cusparseMatDescr_t a, ACC_SPARSE_CSR(T), int block_rows, int block_columns,          \
        const cusparseMatDescr_t c, T* c_values, int* c_rows, int* c_columns);                     \
    ACC_SPARSE_F(L##csr2gebsr_bufferSize), cusparseDirection_t direction, int m, int n,            \
        const cusparseMatDescr_t a, ACC_SPARSE_CSR(T), int block_rows, int block_columns,          \
        int* size);                                                                                \
    ACC_SPARSE_F(L##csr2gebsr_bufferSizeExt), cusparseDirection_t direction, int m, int n,         \
        const cusparseMatDescr_t a, ACC_SPARSE_CSR(T), int block_rows, int block_columns,          \
        size_t* size);                                                                             \
    ACC_SPARSE_F(L##csr2gebsr), cusparseDirection_t direction, int m, int n,                       \
        const cusparseMatDescr_t a, ACC_SPARSE_CSR(T), const cusparseMatDescr_t c, T* c_values,    \
        int* c_rows, int* c_columns, int block_rows, int block_columns, void* buffer);             \
    ACC_SPARSE_F(L##gebsr2gebsr_bufferSize), cusparseDirection_t direction, int mb, int nb,        \
        int blocks, const cusparseMatDescr_t a, ACC_SPARSE_CSR(T), int a_block_rows,               \
        int a_block_columns, int c_block_rows, int c_block_columns, int* size);                    \
    ACC_SPARSE_F(L##gebsr2gebsr_bufferSizeExt), cusparseDirection_t direction, int mb, int nb,     \
        int blocks, const cusparseMatDescr_t a, ACC_SPARSE_CSR(T), int a_block_rows,               \
        int a_block_columns, int c_block_rows, int c_block_columns, size_t* size);                 \
    ACC_SPARSE_F(L##gebsr2gebsr), cusparseDirection_t direction, int mb, int nb, int blocks,       \
        const cusparseMatDescr_t a, ACC_SPARSE_CSR(T), int a_block_rows, int a_block_columns,      \
        const cusparseMatDescr_t c, T* c_values, int* c_rows, int* c_columns, int c_block_rows,    \
        int c_block_columns, void* buffer);                                                        \
    ACC_SPARSE_F(L##csru2csr_bufferSizeExt), int m, int n, int nnz, T* values, const int* rows,    \
        int* columns, csru2csrInfo_t info, size_t* size);                                          \
    ACC_SPARSE_F(L##csru2csr), int m, int n, int nnz, const cusparseMatDescr_t a, T* values,       \
        const int* rows, int* columns, csru2csrInfo_t info, void* buffer);                         \
    ACC_SPARSE_F(L##csr2csru), int m, int n, int nnz, const cusparseMatDescr_t a, T* values,       \
        const int* rows, int* columns, csru2csrInfo_t info, void* buffer);

// What stays of a matrix when numbers up to a threshold, or a share of the smallest, are left out.
#define ACC_SPARSE_PRUNE(L, T)                                                                     \
    ACC_SPARSE_F(L##pruneDense2csr_bufferSizeExt), int m, int n, const T* a, int lda,              \
        const T* threshold, const cusparseMatDescr_t c, const T* c_values, const int* c_rows,      \
        const int* c_columns, size_t* size);                                                       \
    ACC_SPARSE_F(L##pruneDense2csrNnz), int m, int n, const T* a, int lda, const T* threshold,     \
        const cusparseMatDescr_t c, int* c_rows, int* total, void* buffer);                        \
    ACC_SPARSE_F(L##pruneDense2csr), int m, int n, const T* a, int lda, const T* threshold,        \
        const cusparseMatDescr_t c, T* c_values, const int* c_rows, int* c_columns, void* buffer); \
    ACC_SPARSE_F(L##pruneCsr2csr_bufferSizeExt), int m, int n, int nnz,                            \
        const cusparseMatDescr_t a, ACC_SPARSE_CSR(T), const T* threshold,                         \
        const cusparseMatDescr_t c, const T* c_values, const int* c_rows, const int* c_columns,    \
        size_t* size);                                                                             \
    ACC_SPARSE_F(L##pruneCsr2csrNnz), int m, int n, int nnz, const cusparseMatDescr_t a,           \
        ACC_SPARSE_CSR(T), const T* threshold, const cusparseMatDescr_t c, int* c_rows,            \
        int* total, void* buffer);                                                                 \
    ACC_SPARSE_F(L##pruneCsr2csr), int m, int n, int nnz, const cusparseMatDescr_t a,              \
        ACC_SPARSE_CSR(T), const T* threshold, const cusparseMatDescr_t c, T* c_values,            \
        const int* c_rows, int* c_columns, void* buffer);                                          \
    ACC_SPARSE_F(L##pruneDense2csrByPercentage_bufferSizeExt), int m, int n, const T* a, int lda,  \
        float percentage, const cusparseMatDescr_t c, const T* c_values, const int* c_rows,        \
        const int* c_columns, pruneInfo_t info, size_t* size);                                     \
    ACC_SPARSE_F(L##pruneDense2csrNnzByPercentage), int m, int n, const T* a, int lda,             \
        float percentage, const cusparseMatDescr_t c, int* c_rows, int* total, pruneInfo_t info,   \
        void* buffer);                                                                             \
    ACC_SPARSE_F(L##pruneDense2csrByPercentage), int m, int n, const T* a, int lda,                \
        float percentage, const cusparseMatDescr_t c, T* c_values, const int* c_rows,              \
        int* c_columns, pruneInfo_t info, void* buffer);                                           \
    ACC_SPARSE_F(L##pruneCsr2csrByPercentage_bufferSizeExt), int m, int n, int nnz,                \
        const cusparseMatDescr_t a, ACC_SPARSE_CSR(T), float percentage,                           \
        const cusparseMatDescr_t c, const T* c_values, const int* c_rows, const int* c_columns,    \
        pruneInfo_t info, size_t* size);                                                           \
    ACC_SPARSE_F(L##pruneCsr2csrNnzByPercentage), int m, int n, int nnz,                           \
        const cusparseMatDescr_t a, ACC_SPARSE_CSR(T), float percentage,                           \
        const cusparseMatDescr_t c, int* c_rows, int* total, pruneInfo_t info, void* buffer);      \
    ACC_SPARSE_F(L##pruneCsr2csrByPercentage), int m, int n, int nnz, const cusparseMatDescr_t a,  \
        ACC_SPARSE_CSR(T), float percentage, const cusparseMatDescr_t c, T* c_values,              \
        const int* c_rows, int* c_columns, pruneInfo_t info, void* buffer);

#define ACC_SPARSE_FAMILIES(L, T, R)                                                               \
    ACC_SPARSE_BLOCKED(L, T)                                                                       \
    ACC_SPARSE_FACTORS(L, T)                                                                       \
    ACC_SPARSE_DIAGONALS(L, T)                                                                     \
    ACC_SPARSE_MATRICES(L, T, R)
ACC_SPARSE_FAMILIES(S, float, float)
ACC_SPARSE_FAMILIES(D, double, double)
ACC_SPARSE_FAMILIES(C, cuComplex, float)
ACC_SPARSE_FAMILIES(Z, cuDoubleComplex, double)
ACC_SPARSE_PRUNE(S, float)
ACC_SPARSE_PRUNE(D, double)
ACC_SPARSE_PRUNE(H, __half)
#undef ACC_SPARSE_FAMILIES
#undef ACC_SPARSE_PRUNE
#undef ACC_SPARSE_MATRICES
#undef ACC_SPARSE_DIAGONALS
#undef ACC_SPARSE_FACTORS
#undef ACC_SPARSE_BLOCKED
#undef ACC_SPARSE_BLOCKS
#undef ACC_SPARSE_IN_PLACE
#undef ACC_SPARSE_CSR
#undef ACC_SPARSE_F

#ifdef __cplusplus
}
#endif
