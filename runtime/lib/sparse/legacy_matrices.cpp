// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// csrgeam2 and nnz.
#include "runtime/lib/common/api.h"
#include "runtime/lib/sparse/kernels/convert.h"
#include "runtime/lib/sparse/kernels/merge.h"
#include "runtime/lib/sparse/kernels/structure.h"
#include "runtime/lib/sparse/legacy.h"

#include <initializer_list>

using namespace acc::sparse;

namespace {

struct Csr {
    const cusparseMatDescr* matrix;
    int nnz;
    const void* values;
    const int *offsets, *indices;
};

cusparseStatus_t check(int m, int n, const Csr& x, bool values) {
    if (m < 0 || n < 0 || x.nnz < 0 || x.matrix == nullptr || (m > 0 && x.offsets == nullptr) ||
        (x.nnz > 0 && (x.indices == nullptr || (values && x.values == nullptr))))
        return CUSPARSE_STATUS_INVALID_VALUE;
    return x.matrix->type == CUSPARSE_MATRIX_TYPE_GENERAL
               ? CUSPARSE_STATUS_SUCCESS
               : CUSPARSE_STATUS_MATRIX_TYPE_NOT_SUPPORTED;
}

Rows rows_of(int m, int n, const Csr& x, Element type) {
    return csr_rows(m, n, x.nnz, x.matrix, x.offsets, x.indices, {writable(x.values), type});
}

struct CountMemory {
    int64_t *counts, *scan;

    CountMemory(Pieces& pieces, int64_t lines) {
        counts = pieces.take<int64_t>(lines + 1);
        scan = pieces.take<int64_t>(scan_scratch(lines));
    }
};

/// The number of elements where the pointer mode says; in mode host this waits.
cusparseStatus_t give_total(const Context& context, const int64_t* total, int* result) {
    if (context.pointer_mode == CUSPARSE_POINTER_MODE_DEVICE)
        return status_of(launch_store(context.stream, total, 1, {result, 4, 0}));
    int64_t value = 0;
    const cusparseStatus_t status = fetch(context, total, &value, sizeof value);
    if (status == CUSPARSE_STATUS_SUCCESS) *result = int(value);
    return status;
}

cusparseStatus_t geam_size(int m, int n, size_t* size) {
    if (m < 0 || n < 0 || size == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
    Pieces pieces(nullptr);
    const CountMemory memory(pieces, m);
    *size = pieces.size();
    return CUSPARSE_STATUS_SUCCESS;
}

cusparseStatus_t geam_count(const Context& context, int m, int n, const Csr& a, const Csr& b,
                            const cusparseMatDescr* c, int* offsets, int* total, void* buffer) {
    for (const Csr* x : {&a, &b})
        if (const cusparseStatus_t status = check(m, n, *x, false);
            status != CUSPARSE_STATUS_SUCCESS)
            return status;
    if (c == nullptr || total == nullptr || offsets == nullptr || buffer == nullptr)
        return CUSPARSE_STATUS_INVALID_VALUE;
    Pieces pieces(buffer);
    const CountMemory memory(pieces, m);
    cudaError_t error = launch_count_merged(context.stream, rows_of(m, n, a, Element::F32),
                                            rows_of(m, n, b, Element::F32), memory.counts);
    if (error == cudaSuccess)
        error = launch_scan(context.stream, memory.counts, memory.counts, m, memory.scan);
    if (error == cudaSuccess)
        error = launch_store(context.stream, memory.counts, m + 1, indices_of(offsets, c));
    if (error != cudaSuccess) return status_of(error);
    return give_total(context, memory.counts + m, total);
}

cusparseStatus_t geam(const Context& context, int m, int n, const void* alpha, const Csr& a,
                      const void* beta, const Csr& b, const Csr& c, Element type) {
    if (alpha == nullptr || beta == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
    for (const Csr* x : {&a, &b})
        if (const cusparseStatus_t status = check(m, n, *x, true);
            status != CUSPARSE_STATUS_SUCCESS)
            return status;
    if (c.matrix == nullptr || (m > 0 && c.offsets == nullptr) ||
        (a.nnz + int64_t(b.nnz) > 0 && (c.values == nullptr || c.indices == nullptr)))
        return CUSPARSE_STATUS_INVALID_VALUE;
    return status_of(launch_merge(context.stream, rows_of(m, n, a, type), rows_of(m, n, b, type),
                                  rows_of(m, n, c, type), scalar(context, type, alpha),
                                  scalar(context, type, beta)));
}

/// Counts in rows or columns, their sum. Allocates and waits: there is no buffer among the
/// arguments.
cusparseStatus_t nnz(const Context& context, cusparseDirection_t direction, int m, int n,
                     const cusparseMatDescr* matrix, Values a, int lda, int* counts, int* total) {
    if (m < 0 || n < 0 || lda < (m > 1 ? m : 1) || matrix == nullptr || total == nullptr ||
        (direction != CUSPARSE_DIRECTION_ROW && direction != CUSPARSE_DIRECTION_COLUMN) ||
        (m > 0 && n > 0 && (a.data == nullptr || counts == nullptr)))
        return CUSPARSE_STATUS_INVALID_VALUE;
    if (matrix->type != CUSPARSE_MATRIX_TYPE_GENERAL)
        return CUSPARSE_STATUS_MATRIX_TYPE_NOT_SUPPORTED;
    const bool rows = direction == CUSPARSE_DIRECTION_ROW;
    const Dense d = {a, rows ? m : n, rows ? n : m, rows ? 1 : lda, rows ? lda : 1, 0, false};
    Pieces sizes(nullptr);
    CountMemory memory(sizes, d.rows);
    void* buffer = nullptr;
    cudaError_t error = cudaMallocAsync(&buffer, sizes.size(), context.stream);
    if (error != cudaSuccess) return status_of(error);
    Pieces pieces(buffer);
    memory = CountMemory(pieces, d.rows);
    error = launch_count(context.stream, d, memory.counts);
    if (error == cudaSuccess)
        error = launch_store(context.stream, memory.counts, d.rows, {counts, 4, 0});
    if (error == cudaSuccess)
        error = launch_scan(context.stream, memory.counts, memory.counts, d.rows, memory.scan);
    cusparseStatus_t status = status_of(error);
    if (status == CUSPARSE_STATUS_SUCCESS)
        status = give_total(context, memory.counts + d.rows, total);
    cudaFreeAsync(buffer, context.stream);
    return status;
}

} // namespace

ACC_LIBRARY_API cusparseStatus_t cusparseXcsrgeam2Nnz(
    cusparseHandle_t handle, int m, int n, const cusparseMatDescr_t a, int a_nnz, const int* a_rows,
    const int* a_columns, const cusparseMatDescr_t b, int b_nnz, const int* b_rows,
    const int* b_columns, const cusparseMatDescr_t c, int* c_rows, int* total, void* workspace) {
    return guard(__func__, handle, [&] {
        return geam_count(*handle, m, n, {a, a_nnz, nullptr, a_rows, a_columns},
                          {b, b_nnz, nullptr, b_rows, b_columns}, c, c_rows, total, workspace);
    });
}

#define ACC_MATRICES(L, T)                                                                         \
    ACC_LIBRARY_API cusparseStatus_t cusparse##L##csrgeam2_bufferSizeExt(                          \
        cusparseHandle_t handle, int m, int n, const T* alpha, const cusparseMatDescr_t a,         \
        int a_nnz, const T* a_values, const int* a_rows, const int* a_columns, const T* beta,      \
        const cusparseMatDescr_t b, int b_nnz, const T* b_values, const int* b_rows,               \
        const int* b_columns, const cusparseMatDescr_t c, const T* c_values, const int* c_rows,    \
        const int* c_columns, size_t* size) {                                                      \
        (void)alpha, (void)a_nnz, (void)a_values, (void)a_rows, (void)a_columns, (void)beta,       \
            (void)b_nnz, (void)b_values, (void)b_rows, (void)b_columns, (void)c_values,            \
            (void)c_rows, (void)c_columns;                                                         \
        return guard(__func__, handle, [&] {                                                       \
            return any_null(a, b, c) ? CUSPARSE_STATUS_INVALID_VALUE : geam_size(m, n, size);      \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparse##L##csrgeam2(                                        \
        cusparseHandle_t handle, int m, int n, const T* alpha, const cusparseMatDescr_t a,         \
        int a_nnz, const T* a_values, const int* a_rows, const int* a_columns, const T* beta,      \
        const cusparseMatDescr_t b, int b_nnz, const T* b_values, const int* b_rows,               \
        const int* b_columns, const cusparseMatDescr_t c, T* c_values, int* c_rows,                \
        int* c_columns, void*) {                                                                   \
        return guard(__func__, handle, [&] {                                                       \
            return geam(*handle, m, n, alpha, {a, a_nnz, a_values, a_rows, a_columns}, beta,       \
                        {b, b_nnz, b_values, b_rows, b_columns},                                   \
                        {c, 0, c_values, c_rows, c_columns}, TypeOf<T>::element);                  \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparse##L##nnz(                                             \
        cusparseHandle_t handle, cusparseDirection_t direction, int m, int n,                      \
        const cusparseMatDescr_t matrix, const T* a, int lda, int* counts, int* total) {           \
        return guard(__func__, handle, [&] {                                                       \
            return nnz(*handle, direction, m, n, matrix, {writable(a), TypeOf<T>::element}, lda,   \
                       counts, total);                                                             \
        });                                                                                        \
    }
ACC_MATRICES(S, float)
ACC_MATRICES(D, double)
ACC_MATRICES(C, cuComplex)
ACC_MATRICES(Z, cuDoubleComplex)
