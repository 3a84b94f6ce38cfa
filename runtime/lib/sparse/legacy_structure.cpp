// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Structures with 32-bit indices: coordinates and offsets, sorting, CSR to CSC.
#include "runtime/lib/common/api.h"
#include "runtime/lib/sparse/kernels/convert.h"
#include "runtime/lib/sparse/kernels/structure.h"
#include "runtime/lib/sparse/legacy.h"

using namespace acc::sparse;

namespace {

Indices plain(const int* data, cusparseIndexBase_t base = CUSPARSE_INDEX_BASE_ZERO) {
    return indices_of(writable(data), CUSPARSE_INDEX_32I, base);
}

bool bad(int m, int n, int nnz) {
    return m < 0 || n < 0 || nnz < 0;
}

/// Memory to sort nnz pairs by one key each, and for a copy of the permutation.
struct SortMemory {
    Sortable sort;
    int* rows;
    int* copy;

    SortMemory(Pieces& pieces, int nnz) {
        sort.take(pieces, nnz);
        rows = pieces.take<int>(nnz);
        copy = pieces.take<int>(nnz);
    }
};

cusparseStatus_t sort_size(int m, int n, int nnz, const void* a, const void* b, size_t* size) {
    if (bad(m, n, nnz) || size == nullptr || (nnz > 0 && any_null(a, b)))
        return CUSPARSE_STATUS_INVALID_VALUE;
    Pieces pieces(nullptr);
    const SortMemory memory(pieces, nnz);
    *size = pieces.size();
    return CUSPARSE_STATUS_SUCCESS;
}

/// Pairs become sorted by `high`, then `low` < bound; p, if there is one, goes with them.
cusparseStatus_t sort_pairs(const Context& context, SortMemory& memory, Indices high, Indices low,
                            int64_t highs, int64_t bound, int nnz, int* p, bool write_high) {
    const cudaStream_t stream = context.stream;
    Sortable& s = memory.sort;
    const uint64_t lows = uint64_t(bound < 1 ? 1 : bound);
    cudaError_t error = launch_keys(stream, high, low, nnz, lows, s.keys[0], s.items[0]);
    if (error == cudaSuccess) error = launch_sort(stream, s, uint64_t(highs) * lows);
    if (!write_high) high.data = nullptr;
    if (error == cudaSuccess) error = launch_unkeys(stream, s.keys[0], nnz, lows, high, low);
    if (error == cudaSuccess && p != nullptr) {
        error = cudaMemcpyAsync(memory.copy, p, size_t(nnz) * sizeof(int), cudaMemcpyDeviceToDevice,
                                stream);
        if (error == cudaSuccess)
            error = launch_permute(stream, s.items[0], nnz, memory.copy, p, sizeof(int));
    }
    return status_of(error);
}

cusparseStatus_t coo_sort(const Context& context, bool by_row, int m, int n, int nnz, int* rows,
                          int* columns, int* p, void* buffer) {
    if (bad(m, n, nnz)) return CUSPARSE_STATUS_INVALID_VALUE;
    if (nnz == 0) return CUSPARSE_STATUS_SUCCESS;
    if (any_null(rows, columns) || buffer == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
    Pieces pieces(buffer);
    SortMemory memory(pieces, nnz);
    // One more than there are, as indices may begin with one.
    const int64_t highs = int64_t(by_row ? m : n) + 1, lows = int64_t(by_row ? n : m) + 1;
    return sort_pairs(context, memory, plain(by_row ? rows : columns),
                      plain(by_row ? columns : rows), highs, lows, nnz, p, true);
}

cusparseStatus_t compressed_sort(const Context& context, int lines, int across, int nnz,
                                 const cusparseMatDescr* matrix, const int* offsets, int* indices,
                                 int* p, void* buffer) {
    if (bad(lines, across, nnz) || matrix == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
    if (matrix->type != CUSPARSE_MATRIX_TYPE_GENERAL)
        return CUSPARSE_STATUS_MATRIX_TYPE_NOT_SUPPORTED;
    if (nnz == 0) return CUSPARSE_STATUS_SUCCESS;
    if (any_null(offsets, static_cast<const int*>(indices)) || buffer == nullptr)
        return CUSPARSE_STATUS_INVALID_VALUE;
    Pieces pieces(buffer);
    SortMemory memory(pieces, nnz);
    const Indices rows = plain(memory.rows);
    const cudaError_t error = launch_row_of_each(context.stream, plain(offsets, matrix->base),
                                                 lines, rows);
    if (error != cudaSuccess) return status_of(error);
    return sort_pairs(context, memory, rows, plain(indices, matrix->base), lines, across, nnz, p,
                      false);
}

struct Conversion {
    int m, n, nnz;
    const void* values;
    const int *offsets, *columns;
    void* csc_values;
    int *csc_offsets, *csc_rows;
    cudaDataType type;
    cusparseAction_t action;
    cusparseIndexBase_t base;
    cusparseCsr2CscAlg_t alg;
};

cusparseStatus_t check(const Conversion& c) {
    const bool values = c.action == CUSPARSE_ACTION_NUMERIC;
    if (bad(c.m, c.n, c.nnz) || !valid(c.base) || c.alg != CUSPARSE_CSR2CSC_ALG1 ||
        (!values && c.action != CUSPARSE_ACTION_SYMBOLIC) || c.csc_offsets == nullptr)
        return CUSPARSE_STATUS_INVALID_VALUE;
    if (c.nnz > 0 && (any_null(c.offsets, c.columns, static_cast<const int*>(c.csc_rows)) ||
                      (values && (c.values == nullptr || c.csc_values == nullptr))))
        return CUSPARSE_STATUS_INVALID_VALUE;
    return element_of(c.type) == Element::None ? CUSPARSE_STATUS_NOT_SUPPORTED
                                               : CUSPARSE_STATUS_SUCCESS;
}

cusparseStatus_t to_csc(const Context& context, const Conversion& c, void* buffer) {
    const cudaStream_t stream = context.stream;
    if (buffer == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
    Pieces pieces(buffer);
    Transposed memory;
    memory.take(pieces, c.m, c.n, c.nnz);
    cusparseMatDescr matrix;
    matrix.base = c.base;
    const Element type = element_of(c.type);
    const Rows given = csr_rows(c.m, c.n, c.nnz, &matrix, c.offsets, c.columns,
                                {writable(c.values), type});
    Rows made;
    cudaError_t error;
    if (c.nnz == 0)
        error = cudaMemsetAsync(memory.offsets, 0, size_t(c.n + 1) * sizeof(int64_t), stream);
    else
        error = launch_transpose(stream, given, c.nnz, memory, &made);
    if (error == cudaSuccess)
        error = launch_store(stream, memory.offsets, c.n + 1, plain(c.csc_offsets, c.base));
    if (error == cudaSuccess)
        error = launch_store(stream, memory.indices, c.nnz, plain(c.csc_rows, c.base));
    if (error == cudaSuccess && c.action == CUSPARSE_ACTION_NUMERIC)
        error = launch_permute(stream, memory.permutation, c.nnz, c.values, c.csc_values,
                               size_of(type));
    return status_of(error);
}

} // namespace

ACC_LIBRARY_API cusparseStatus_t cusparseXcoo2csr(cusparseHandle_t handle, const int* rows, int nnz,
                                                  int m, int* offsets, cusparseIndexBase_t base) {
    return guard(__func__, handle, [&] {
        if (m < 0 || nnz < 0 || !valid(base) || offsets == nullptr || (nnz > 0 && rows == nullptr))
            return CUSPARSE_STATUS_INVALID_VALUE;
        return status_of(
            launch_row_starts(handle->stream, plain(rows, base), nnz, m, plain(offsets, base)));
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseXcsr2coo(cusparseHandle_t handle, const int* offsets,
                                                  int nnz, int m, int* rows,
                                                  cusparseIndexBase_t base) {
    return guard(__func__, handle, [&] {
        if (m < 0 || nnz < 0 || !valid(base) ||
            (nnz > 0 && any_null(offsets, static_cast<const int*>(rows))))
            return CUSPARSE_STATUS_INVALID_VALUE;
        if (nnz == 0) return CUSPARSE_STATUS_SUCCESS;
        return status_of(
            launch_row_of_each(handle->stream, plain(offsets, base), m, plain(rows, base)));
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseCreateIdentityPermutation(cusparseHandle_t handle, int n,
                                                                   int* p) {
    return guard(__func__, handle, [&] {
        if (n < 0 || (n > 0 && p == nullptr)) return CUSPARSE_STATUS_INVALID_VALUE;
        return status_of(launch_identity(handle->stream, p, n));
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseXcoosort_bufferSizeExt(cusparseHandle_t handle, int m,
                                                                int n, int nnz, const int* rows,
                                                                const int* columns, size_t* size) {
    return guard(__func__, handle, [&] { return sort_size(m, n, nnz, rows, columns, size); });
}

ACC_LIBRARY_API cusparseStatus_t cusparseXcoosortByRow(cusparseHandle_t handle, int m, int n,
                                                       int nnz, int* rows, int* columns, int* p,
                                                       void* buffer) {
    return guard(__func__, handle,
                 [&] { return coo_sort(*handle, true, m, n, nnz, rows, columns, p, buffer); });
}

ACC_LIBRARY_API cusparseStatus_t cusparseXcoosortByColumn(cusparseHandle_t handle, int m, int n,
                                                          int nnz, int* rows, int* columns, int* p,
                                                          void* buffer) {
    return guard(__func__, handle,
                 [&] { return coo_sort(*handle, false, m, n, nnz, rows, columns, p, buffer); });
}

#define ACC_SORT(FORMAT, LINES, ACROSS)                                                            \
    ACC_LIBRARY_API cusparseStatus_t cusparseX##FORMAT##sort_bufferSizeExt(                        \
        cusparseHandle_t handle, int m, int n, int nnz, const int* offsets, const int* indices,    \
        size_t* size) {                                                                            \
        return guard(__func__, handle,                                                             \
                     [&] { return sort_size(m, n, nnz, offsets, indices, size); });                \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparseX##FORMAT##sort(                                      \
        cusparseHandle_t handle, int m, int n, int nnz, const cusparseMatDescr_t matrix,           \
        const int* offsets, int* indices, int* p, void* buffer) {                                  \
        return guard(__func__, handle, [&] {                                                       \
            return compressed_sort(*handle, LINES, ACROSS, nnz, matrix, offsets, indices, p,       \
                                   buffer);                                                        \
        });                                                                                        \
    }
ACC_SORT(csr, m, n)
ACC_SORT(csc, n, m)

ACC_LIBRARY_API cusparseStatus_t cusparseCsr2cscEx2_bufferSize(
    cusparseHandle_t handle, int m, int n, int nnz, const void* values, const int* offsets,
    const int* columns, void* csc_values, int* csc_offsets, int* csc_rows, cudaDataType type,
    cusparseAction_t action, cusparseIndexBase_t base, cusparseCsr2CscAlg_t alg, size_t* size) {
    return guard(__func__, handle, [&] {
        // Programs ask before they have the arrays.
        (void)values, (void)offsets, (void)columns, (void)csc_values, (void)csc_offsets,
            (void)csc_rows;
        if (bad(m, n, nnz) || size == nullptr || !valid(base) || alg != CUSPARSE_CSR2CSC_ALG1 ||
            (action != CUSPARSE_ACTION_NUMERIC && action != CUSPARSE_ACTION_SYMBOLIC))
            return CUSPARSE_STATUS_INVALID_VALUE;
        if (element_of(type) == Element::None) return CUSPARSE_STATUS_NOT_SUPPORTED;
        Pieces pieces(nullptr);
        Transposed memory;
        memory.take(pieces, m, n, nnz);
        *size = pieces.size();
        return CUSPARSE_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseCsr2cscEx2(
    cusparseHandle_t handle, int m, int n, int nnz, const void* values, const int* offsets,
    const int* columns, void* csc_values, int* csc_offsets, int* csc_rows, cudaDataType type,
    cusparseAction_t action, cusparseIndexBase_t base, cusparseCsr2CscAlg_t alg, void* buffer) {
    return guard(__func__, handle, [&] {
        const Conversion c = {m,           n,        nnz,  values, offsets, columns, csc_values,
                              csc_offsets, csc_rows, type, action, base,    alg};
        const cusparseStatus_t status = check(c);
        return status != CUSPARSE_STATUS_SUCCESS ? status : to_csc(*handle, c, buffer);
    });
}
