// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The GemmEx functions as they were before CUDA 11, when the type of computing was a cudaDataType:
// overloads for C++.
#pragma once

/// What such programs mean by a type of data: the arithmetic of that type, in the pedantic math
/// mode the pedantic one. NOT_SUPPORTED when a type has none.
static inline cublasStatus_t cublasMigrateComputeType(cublasHandle_t handle, cudaDataType data,
                                                      cublasComputeType_t* arithmetic) {
    struct Row {
        cudaDataType data;
        cublasComputeType_t usual, pedantic;
    };
    static const Row rows[] = {
        {CUDA_R_16F, CUBLAS_COMPUTE_16F, CUBLAS_COMPUTE_16F_PEDANTIC},
        {CUDA_R_32F, CUBLAS_COMPUTE_32F, CUBLAS_COMPUTE_32F_PEDANTIC},
        {CUDA_C_32F, CUBLAS_COMPUTE_32F, CUBLAS_COMPUTE_32F_PEDANTIC},
        {CUDA_R_64F, CUBLAS_COMPUTE_64F, CUBLAS_COMPUTE_64F_PEDANTIC},
        {CUDA_C_64F, CUBLAS_COMPUTE_64F, CUBLAS_COMPUTE_64F_PEDANTIC},
        {CUDA_R_32I, CUBLAS_COMPUTE_32I, CUBLAS_COMPUTE_32I_PEDANTIC},
    };
    cublasMath_t mode;
    if (const cublasStatus_t failure = cublasGetMathMode(handle, &mode)) return failure;
    const int flags = CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION;
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; ++i)
        if (rows[i].data == data) {
            *arithmetic = (int(mode) & ~flags) == CUBLAS_PEDANTIC_MATH ? rows[i].pedantic
                                                                       : rows[i].usual;
            return CUBLAS_STATUS_SUCCESS;
        }
    return CUBLAS_STATUS_NOT_SUPPORTED;
}

static inline cublasStatus_t cublasGemmEx(cublasHandle_t handle, cublasOperation_t transa,
                                          cublasOperation_t transb, int m, int n, int k,
                                          const void* alpha, const void* A, cudaDataType Atype,
                                          int lda, const void* B, cudaDataType Btype, int ldb,
                                          const void* beta, void* C, cudaDataType Ctype, int ldc,
                                          cudaDataType computeType, cublasGemmAlgo_t algo) {
    cublasComputeType_t compute = CUBLAS_COMPUTE_32F;
    const cublasStatus_t status = cublasMigrateComputeType(handle, computeType, &compute);
    if (status != CUBLAS_STATUS_SUCCESS) return status;
    return cublasGemmEx(handle, transa, transb, m, n, k, alpha, A, Atype, lda, B, Btype, ldb, beta,
                        C, Ctype, ldc, compute, algo);
}

static inline cublasStatus_t
cublasGemmBatchedEx(cublasHandle_t handle, cublasOperation_t transa, cublasOperation_t transb,
                    int m, int n, int k, const void* alpha, const void* const Aarray[],
                    cudaDataType Atype, int lda, const void* const Barray[], cudaDataType Btype,
                    int ldb, const void* beta, void* const Carray[], cudaDataType Ctype, int ldc,
                    int batchCount, cudaDataType computeType, cublasGemmAlgo_t algo) {
    cublasComputeType_t compute = CUBLAS_COMPUTE_32F;
    const cublasStatus_t status = cublasMigrateComputeType(handle, computeType, &compute);
    if (status != CUBLAS_STATUS_SUCCESS) return status;
    return cublasGemmBatchedEx(handle, transa, transb, m, n, k, alpha, Aarray, Atype, lda, Barray,
                               Btype, ldb, beta, Carray, Ctype, ldc, batchCount, compute, algo);
}

static inline cublasStatus_t cublasGemmStridedBatchedEx(
    cublasHandle_t handle, cublasOperation_t transa, cublasOperation_t transb, int m, int n, int k,
    const void* alpha, const void* A, cudaDataType Atype, int lda, long long int strideA,
    const void* B, cudaDataType Btype, int ldb, long long int strideB, const void* beta, void* C,
    cudaDataType Ctype, int ldc, long long int strideC, int batchCount, cudaDataType computeType,
    cublasGemmAlgo_t algo) {
    cublasComputeType_t compute = CUBLAS_COMPUTE_32F;
    const cublasStatus_t status = cublasMigrateComputeType(handle, computeType, &compute);
    if (status != CUBLAS_STATUS_SUCCESS) return status;
    return cublasGemmStridedBatchedEx(handle, transa, transb, m, n, k, alpha, A, Atype, lda,
                                      strideA, B, Btype, ldb, strideB, beta, C, Ctype, ldc, strideC,
                                      batchCount, compute, algo);
}
