// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SparseToDense and DenseToSparse.
#include "runtime/lib/common/api.h"
#include "runtime/lib/sparse/describe.h"
#include "runtime/lib/sparse/kernels/convert.h"
#include "runtime/lib/sparse/kernels/structure.h"

using namespace acc::sparse;

namespace {

using Sparse = cusparseSpMatDescr;
using DenseMatrix = cusparseDnMatDescr;

cusparseStatus_t check(const Sparse* sparse, const DenseMatrix* dense, int alg) {
    if (any_null(sparse, dense) || alg != 0 || sparse->rows != dense->rows ||
        sparse->columns != dense->columns)
        return CUSPARSE_STATUS_INVALID_VALUE;
    return sparse->type == dense->type && sparse->type != CUDA_R_8I && sparse->batches == 1 &&
                   dense->batches == 1
               ? CUSPARSE_STATUS_SUCCESS
               : CUSPARSE_STATUS_NOT_SUPPORTED;
}

cusparseStatus_t check_to_sparse(const DenseMatrix* dense, const Sparse* sparse, int alg) {
    const cusparseStatus_t status = check(sparse, dense, alg);
    if (status != CUSPARSE_STATUS_SUCCESS) return status;
    return sparse->format == CUSPARSE_FORMAT_BSR || sparse->format == CUSPARSE_FORMAT_SLICED_ELLPACK
               ? CUSPARSE_STATUS_NOT_SUPPORTED
               : CUSPARSE_STATUS_SUCCESS;
}

/// The dense matrix by the lines in which the sparse one is stored.
Dense by_lines(const DenseMatrix& dense, const Sparse& sparse) {
    return dense_of(dense, sparse.format == CUSPARSE_FORMAT_CSC ? CUSPARSE_OPERATION_TRANSPOSE
                                                                : CUSPARSE_OPERATION_NON_TRANSPOSE);
}

struct Memory {
    int64_t* starts;
    int64_t* scan;

    Memory(Pieces& pieces, int64_t lines) {
        starts = pieces.take<int64_t>(lines + 1);
        scan = pieces.take<int64_t>(scan_scratch(lines));
    }
};

cudaError_t write_offsets(const Context& context, const Sparse& sparse, const int64_t* starts,
                          int64_t lines) {
    if (sparse.format == CUSPARSE_FORMAT_COO || sparse.offsets == nullptr) return cudaSuccess;
    return launch_store(context.stream, starts, lines + 1,
                        indices_of(sparse.offsets, sparse.offset_type, sparse.base));
}

/// Counts, and waits for how many there are.
cusparseStatus_t analyse(const Context& context, const DenseMatrix& dense, Sparse& sparse,
                         void* buffer) {
    if (sparse.format == CUSPARSE_FORMAT_BLOCKED_ELL) return CUSPARSE_STATUS_SUCCESS;
    if (buffer == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
    const Dense a = by_lines(dense, sparse);
    Pieces pieces(buffer);
    const Memory memory(pieces, a.rows);
    cudaError_t error = launch_count(context.stream, a, memory.starts);
    if (error == cudaSuccess)
        error = launch_scan(context.stream, memory.starts, memory.starts, a.rows, memory.scan);
    if (error == cudaSuccess) error = write_offsets(context, sparse, memory.starts, a.rows);
    if (error != cudaSuccess) return status_of(error);
    return fetch(context, memory.starts + a.rows, &sparse.nnz, sizeof sparse.nnz);
}

cusparseStatus_t convert(const Context& context, const DenseMatrix& dense, const Sparse& sparse,
                         void* buffer) {
    const Dense a = by_lines(dense, sparse);
    if (sparse.format == CUSPARSE_FORMAT_BLOCKED_ELL)
        return status_of(launch_fill_blocks(context.stream, a, rows_of(sparse)));
    if (buffer == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
    if (sparse.nnz > 0 && any_null(sparse.offsets, sparse.indices, sparse.values))
        return CUSPARSE_STATUS_INVALID_VALUE;
    Pieces pieces(buffer);
    const Memory memory(pieces, a.rows);
    const Indices sorted = sparse.format == CUSPARSE_FORMAT_COO
                               ? indices_of(sparse.offsets, sparse.offset_type, sparse.base)
                               : Indices{nullptr, 4, 0};
    cudaError_t error = write_offsets(context, sparse, memory.starts, a.rows);
    if (error == cudaSuccess && sparse.nnz > 0)
        error = launch_fill(context.stream, a, memory.starts, sorted,
                            indices_of(sparse.indices, sparse.index_type, sparse.base),
                            {sparse.values, element_of(sparse.type)});
    return status_of(error);
}

} // namespace

ACC_LIBRARY_API cusparseStatus_t cusparseSparseToDense_bufferSize(cusparseHandle_t handle,
                                                                  cusparseConstSpMatDescr_t a,
                                                                  cusparseDnMatDescr_t b,
                                                                  cusparseSparseToDenseAlg_t alg,
                                                                  size_t* size) {
    return guard(__func__, handle, [&] {
        if (size == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
        const cusparseStatus_t status = check(a, b, alg);
        if (status == CUSPARSE_STATUS_SUCCESS) *size = 0;
        return status;
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSparseToDense(cusparseHandle_t handle,
                                                       cusparseConstSpMatDescr_t a,
                                                       cusparseDnMatDescr_t b,
                                                       cusparseSparseToDenseAlg_t alg, void*) {
    return guard(__func__, handle, [&] {
        const cusparseStatus_t status = check(a, b, alg);
        if (status != CUSPARSE_STATUS_SUCCESS) return status;
        return status_of(launch_to_dense(handle->stream, rows_of(*a), by_lines(*b, *a)));
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseDenseToSparse_bufferSize(cusparseHandle_t handle,
                                                                  cusparseConstDnMatDescr_t a,
                                                                  cusparseSpMatDescr_t b,
                                                                  cusparseDenseToSparseAlg_t alg,
                                                                  size_t* size) {
    return guard(__func__, handle, [&] {
        if (size == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
        const cusparseStatus_t status = check_to_sparse(a, b, alg);
        if (status != CUSPARSE_STATUS_SUCCESS) return status;
        Pieces pieces(nullptr);
        const Memory memory(pieces, by_lines(*a, *b).rows);
        *size = pieces.size();
        return status;
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseDenseToSparse_analysis(cusparseHandle_t handle,
                                                                cusparseConstDnMatDescr_t a,
                                                                cusparseSpMatDescr_t b,
                                                                cusparseDenseToSparseAlg_t alg,
                                                                void* buffer) {
    return guard(__func__, handle, [&] {
        const cusparseStatus_t status = check_to_sparse(a, b, alg);
        if (status != CUSPARSE_STATUS_SUCCESS) return status;
        return analyse(*handle, *a, *b, buffer);
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseDenseToSparse_convert(cusparseHandle_t handle,
                                                               cusparseConstDnMatDescr_t a,
                                                               cusparseSpMatDescr_t b,
                                                               cusparseDenseToSparseAlg_t alg,
                                                               void* buffer) {
    return guard(__func__, handle, [&] {
        const cusparseStatus_t status = check_to_sparse(a, b, alg);
        if (status != CUSPARSE_STATUS_SUCCESS) return status;
        return convert(*handle, *a, *b, buffer);
    });
}
