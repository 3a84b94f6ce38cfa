// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SpMV, SpMM and SDDMM: arguments, types, memory.
#include "runtime/lib/sparse/kernels/products.h"

#include "runtime/lib/common/api.h"
#include "runtime/lib/sparse/describe.h"
#include "runtime/lib/sparse/operand.h"

using namespace acc::sparse;

namespace {

/// Which types of A, of the other operand, of the result and of the arithmetic go together.
struct Types {
    Element a, x, y, compute;
};
constexpr Types kUniform[] = {
    {Element::F32, Element::F32, Element::F32, Element::F32},
    {Element::F64, Element::F64, Element::F64, Element::F64},
    {Element::C32, Element::C32, Element::C32, Element::C32},
    {Element::C64, Element::C64, Element::C64, Element::C64},
};
constexpr Types kMixed[] = {
    {Element::I8, Element::I8, Element::I32, Element::I32},
    {Element::I8, Element::I8, Element::F32, Element::F32},
    {Element::F16, Element::F16, Element::F16, Element::F32},
    {Element::F16, Element::F16, Element::F32, Element::F32},
    {Element::BF16, Element::BF16, Element::BF16, Element::F32},
    {Element::BF16, Element::BF16, Element::F32, Element::F32},
    {Element::C16, Element::C16, Element::C16, Element::C32},
    {Element::CBF16, Element::CBF16, Element::CBF16, Element::C32},
};
/// Of SpMV alone.
constexpr Types kMixedVectors[] = {
    {Element::F32, Element::F64, Element::F64, Element::F64},
    {Element::F32, Element::C32, Element::C32, Element::C32},
    {Element::F64, Element::C64, Element::C64, Element::C64},
};

template <size_t N>
bool among(const Types (&table)[N], const Types& t) {
    for (const Types& row : table)
        if (row.a == t.a && row.x == t.x && row.y == t.y && row.compute == t.compute) return true;
    return false;
}

cusparseStatus_t check_spmv(cusparseOperation_t op, const void* alpha, const cusparseSpMatDescr* a,
                            const cusparseDnVecDescr* x, const void* beta,
                            const cusparseDnVecDescr* y, cudaDataType compute,
                            cusparseSpMVAlg_t alg) {
    if (any_null(alpha, a, x, beta, y) || !valid(op) || alg < CUSPARSE_SPMV_ALG_DEFAULT ||
        alg > CUSPARSE_SPMV_BSR_ALG1)
        return CUSPARSE_STATUS_INVALID_VALUE;
    if (columns_after(*a, op) != x->size || rows_after(*a, op) != y->size)
        return CUSPARSE_STATUS_INVALID_VALUE;
    if (a->format == CUSPARSE_FORMAT_BLOCKED_ELL) return CUSPARSE_STATUS_NOT_SUPPORTED;
    const Types types = {element_of(a->type), element_of(x->type), element_of(y->type),
                         compute_of(compute)};
    return among(kUniform, types) || among(kMixed, types) || among(kMixedVectors, types)
               ? CUSPARSE_STATUS_SUCCESS
               : CUSPARSE_STATUS_NOT_SUPPORTED;
}

size_t operand_size(const cusparseSpMatDescr& a, cusparseOperation_t op) {
    if (!needs_transposing(a, op)) return 0;
    Pieces pieces(nullptr);
    Transposed memory;
    take_operand(pieces, a, op, memory);
    return pieces.size();
}

cusparseStatus_t spmv(const Context& context, cusparseOperation_t op, const void* alpha,
                      const cusparseSpMatDescr& a, const cusparseDnVecDescr& x, const void* beta,
                      const cusparseDnVecDescr& y, Element compute, void* buffer) {
    if (needs_transposing(a, op) && buffer == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
    Pieces pieces(buffer);
    Transposed memory;
    take_operand(pieces, a, op, memory);
    Rows rows;
    cudaError_t error = make_operand(context.stream, a, op, 0, memory, &rows);
    if (error == cudaSuccess)
        error = launch_spmv(context.stream, compute, rows,
                            op == CUSPARSE_OPERATION_CONJUGATE_TRANSPOSE, values_of(x),
                            values_of(y), scalar(context, compute, alpha),
                            scalar(context, compute, beta));
    return status_of(error);
}

bool batches_fit(int a, int b, int c) {
    return (a == 1 || a == c) && (b == 1 || b == c);
}

cusparseStatus_t check_spmm(cusparseOperation_t op_a, cusparseOperation_t op_b, const void* alpha,
                            const cusparseSpMatDescr* a, const cusparseDnMatDescr* b,
                            const void* beta, const cusparseDnMatDescr* c, cudaDataType compute,
                            cusparseSpMMAlg_t alg) {
    if (any_null(alpha, a, b, beta, c) || !valid(op_a) || !valid(op_b) ||
        alg < CUSPARSE_SPMM_ALG_DEFAULT || alg > CUSPARSE_SPMM_BSR_ALG1)
        return CUSPARSE_STATUS_INVALID_VALUE;
    const Dense right = dense_of(*b, op_b);
    if (rows_after(*a, op_a) != c->rows || columns_after(*a, op_a) != right.rows ||
        right.columns != c->columns || !batches_fit(a->batches, b->batches, c->batches))
        return CUSPARSE_STATUS_INVALID_VALUE;
    if (a->format == CUSPARSE_FORMAT_SLICED_ELLPACK) return CUSPARSE_STATUS_NOT_SUPPORTED;
    const Types types = {element_of(a->type), element_of(b->type), element_of(c->type),
                         compute_of(compute)};
    return among(kUniform, types) || among(kMixed, types) ? CUSPARSE_STATUS_SUCCESS
                                                          : CUSPARSE_STATUS_NOT_SUPPORTED;
}

cusparseStatus_t spmm(const Context& context, cusparseOperation_t op_a, cusparseOperation_t op_b,
                      const void* alpha, const cusparseSpMatDescr& a, const cusparseDnMatDescr& b,
                      const void* beta, const cusparseDnMatDescr& c, Element compute,
                      void* buffer) {
    const bool transposed = needs_transposing(a, op_a);
    if (transposed && buffer == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
    const bool conjugate = op_a == CUSPARSE_OPERATION_CONJUGATE_TRANSPOSE;
    const AnyScalar s = scalar(context, compute, alpha), t = scalar(context, compute, beta);
    Dense right = dense_of(b, op_b), left = dense_of(c, CUSPARSE_OPERATION_NON_TRANSPOSE);
    if (!transposed || a.batches == 1) {
        Pieces pieces(buffer);
        Transposed memory;
        take_operand(pieces, a, op_a, memory);
        Rows rows = rows_of(a);
        const cudaError_t error = transposed
                                      ? make_operand(context.stream, a, op_a, 0, memory, &rows)
                                      : cudaSuccess;
        if (error != cudaSuccess) return status_of(error);
        return status_of(
            launch_spmm(context.stream, compute, rows, conjugate, right, left, s, t, c.batches));
    }
    const auto move = [](Dense& d) {
        d.values.data = static_cast<char*>(d.values.data) +
                        d.stride * int64_t(size_of(d.values.type));
    };
    for (int i = 0; i < c.batches; ++i, move(right), move(left)) {
        Pieces pieces(buffer);
        Transposed memory;
        take_operand(pieces, a, op_a, memory);
        Rows rows;
        cudaError_t error = make_operand(context.stream, a, op_a, i, memory, &rows);
        if (error == cudaSuccess)
            error = launch_spmm(context.stream, compute, rows, conjugate, right, left, s, t, 1);
        if (error != cudaSuccess) return status_of(error);
    }
    return CUSPARSE_STATUS_SUCCESS;
}

cusparseStatus_t check_sddmm(cusparseOperation_t op_a, cusparseOperation_t op_b, const void* alpha,
                             const cusparseDnMatDescr* a, const cusparseDnMatDescr* b,
                             const void* beta, const cusparseSpMatDescr* c, cudaDataType compute,
                             cusparseSDDMMAlg_t alg) {
    if (any_null(alpha, a, b, beta, c) || !valid(op_a) || !valid(op_b) ||
        alg != CUSPARSE_SDDMM_ALG_DEFAULT)
        return CUSPARSE_STATUS_INVALID_VALUE;
    const Dense left = dense_of(*a, op_a), right = dense_of(*b, op_b);
    if (left.rows != c->rows || left.columns != right.rows || right.columns != c->columns ||
        !batches_fit(a->batches, b->batches, c->batches))
        return CUSPARSE_STATUS_INVALID_VALUE;
    if ((c->format != CUSPARSE_FORMAT_CSR && c->format != CUSPARSE_FORMAT_BSR) ||
        op_a == CUSPARSE_OPERATION_CONJUGATE_TRANSPOSE ||
        op_b == CUSPARSE_OPERATION_CONJUGATE_TRANSPOSE)
        return CUSPARSE_STATUS_NOT_SUPPORTED;
    const Types types = {element_of(a->type), element_of(b->type), element_of(c->type),
                         compute_of(compute)};
    const bool half = types.a == Element::F16 && types.compute == Element::F32;
    return among(kUniform, types) || (half && among(kMixed, types)) ? CUSPARSE_STATUS_SUCCESS
                                                                    : CUSPARSE_STATUS_NOT_SUPPORTED;
}

} // namespace

ACC_LIBRARY_API cusparseStatus_t cusparseSpMV_bufferSize(
    cusparseHandle_t handle, cusparseOperation_t op, const void* alpha, cusparseConstSpMatDescr_t a,
    cusparseConstDnVecDescr_t x, const void* beta, cusparseDnVecDescr_t y, cudaDataType compute,
    cusparseSpMVAlg_t alg, size_t* size) {
    return guard(__func__, handle, [&] {
        if (size == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
        const cusparseStatus_t status = check_spmv(op, alpha, a, x, beta, y, compute, alg);
        if (status == CUSPARSE_STATUS_SUCCESS) *size = operand_size(*a, op);
        return status;
    });
}

/// Nothing to prepare: the arguments are checked.
ACC_LIBRARY_API cusparseStatus_t cusparseSpMV_preprocess(
    cusparseHandle_t handle, cusparseOperation_t op, const void* alpha, cusparseConstSpMatDescr_t a,
    cusparseConstDnVecDescr_t x, const void* beta, cusparseDnVecDescr_t y, cudaDataType compute,
    cusparseSpMVAlg_t alg, void*) {
    return guard(__func__, handle,
                 [&] { return check_spmv(op, alpha, a, x, beta, y, compute, alg); });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSpMV(cusparseHandle_t handle, cusparseOperation_t op,
                                              const void* alpha, cusparseConstSpMatDescr_t a,
                                              cusparseConstDnVecDescr_t x, const void* beta,
                                              cusparseDnVecDescr_t y, cudaDataType compute,
                                              cusparseSpMVAlg_t alg, void* buffer) {
    return guard(__func__, handle, [&] {
        const cusparseStatus_t status = check_spmv(op, alpha, a, x, beta, y, compute, alg);
        if (status != CUSPARSE_STATUS_SUCCESS) return status;
        return spmv(*handle, op, alpha, *a, *x, beta, *y, compute_of(compute), buffer);
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSpMM_bufferSize(
    cusparseHandle_t handle, cusparseOperation_t op_a, cusparseOperation_t op_b, const void* alpha,
    cusparseConstSpMatDescr_t a, cusparseConstDnMatDescr_t b, const void* beta,
    cusparseDnMatDescr_t c, cudaDataType compute, cusparseSpMMAlg_t alg, size_t* size) {
    return guard(__func__, handle, [&] {
        if (size == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
        const cusparseStatus_t status = check_spmm(op_a, op_b, alpha, a, b, beta, c, compute, alg);
        if (status == CUSPARSE_STATUS_SUCCESS) *size = operand_size(*a, op_a);
        return status;
    });
}

/// Nothing to prepare: the arguments are checked.
ACC_LIBRARY_API cusparseStatus_t cusparseSpMM_preprocess(
    cusparseHandle_t handle, cusparseOperation_t op_a, cusparseOperation_t op_b, const void* alpha,
    cusparseConstSpMatDescr_t a, cusparseConstDnMatDescr_t b, const void* beta,
    cusparseDnMatDescr_t c, cudaDataType compute, cusparseSpMMAlg_t alg, void*) {
    return guard(__func__, handle,
                 [&] { return check_spmm(op_a, op_b, alpha, a, b, beta, c, compute, alg); });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSpMM(cusparseHandle_t handle, cusparseOperation_t op_a,
                                              cusparseOperation_t op_b, const void* alpha,
                                              cusparseConstSpMatDescr_t a,
                                              cusparseConstDnMatDescr_t b, const void* beta,
                                              cusparseDnMatDescr_t c, cudaDataType compute,
                                              cusparseSpMMAlg_t alg, void* buffer) {
    return guard(__func__, handle, [&] {
        const cusparseStatus_t status = check_spmm(op_a, op_b, alpha, a, b, beta, c, compute, alg);
        if (status != CUSPARSE_STATUS_SUCCESS) return status;
        return spmm(*handle, op_a, op_b, alpha, *a, *b, beta, *c, compute_of(compute), buffer);
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSDDMM_bufferSize(
    cusparseHandle_t handle, cusparseOperation_t op_a, cusparseOperation_t op_b, const void* alpha,
    cusparseConstDnMatDescr_t a, cusparseConstDnMatDescr_t b, const void* beta,
    cusparseSpMatDescr_t c, cudaDataType compute, cusparseSDDMMAlg_t alg, size_t* size) {
    return guard(__func__, handle, [&] {
        if (size == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
        const cusparseStatus_t status = check_sddmm(op_a, op_b, alpha, a, b, beta, c, compute, alg);
        if (status == CUSPARSE_STATUS_SUCCESS) *size = 0;
        return status;
    });
}

/// Nothing to prepare: the arguments are checked.
ACC_LIBRARY_API cusparseStatus_t cusparseSDDMM_preprocess(
    cusparseHandle_t handle, cusparseOperation_t op_a, cusparseOperation_t op_b, const void* alpha,
    cusparseConstDnMatDescr_t a, cusparseConstDnMatDescr_t b, const void* beta,
    cusparseSpMatDescr_t c, cudaDataType compute, cusparseSDDMMAlg_t alg, void*) {
    return guard(__func__, handle,
                 [&] { return check_sddmm(op_a, op_b, alpha, a, b, beta, c, compute, alg); });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSDDMM(cusparseHandle_t handle, cusparseOperation_t op_a,
                                               cusparseOperation_t op_b, const void* alpha,
                                               cusparseConstDnMatDescr_t a,
                                               cusparseConstDnMatDescr_t b, const void* beta,
                                               cusparseSpMatDescr_t c, cudaDataType compute,
                                               cusparseSDDMMAlg_t alg, void*) {
    return guard(__func__, handle, [&] {
        const cusparseStatus_t status = check_sddmm(op_a, op_b, alpha, a, b, beta, c, compute, alg);
        if (status != CUSPARSE_STATUS_SUCCESS) return status;
        const Element type = compute_of(compute);
        return status_of(launch_sddmm(handle->stream, type, dense_of(*a, op_a), dense_of(*b, op_b),
                                      rows_of(*c), scalar(*handle, type, alpha),
                                      scalar(*handle, type, beta), c->batches));
    });
}
