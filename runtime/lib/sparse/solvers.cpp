// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SpSV and SpSM. The analysis keeps op(A)'s rows and a copy of the values in the program's buffer;
// solving reads A's structure (unless it was transposed) and that copy.
#include "runtime/lib/common/api.h"
#include "runtime/lib/sparse/describe.h"
#include "runtime/lib/sparse/kernels/triangular.h"
#include "runtime/lib/sparse/operand.h"

namespace acc::sparse {

struct Solver {
    bool analysed = false;
    Triangle triangle = {};
    int64_t elements = 0, columns = 0;
    Element type = Element::None;
    int* state = nullptr;
};

} // namespace acc::sparse

struct cusparseSpSVDescr : acc::sparse::Solver {};
struct cusparseSpSMDescr : acc::sparse::Solver {};

using namespace acc::sparse;

namespace {

struct SolverMemory {
    Transposed transposed;
    char* values;
    int* state;

    SolverMemory(Pieces& pieces, const cusparseSpMatDescr& a, cusparseOperation_t op,
                 int64_t columns) {
        take_operand(pieces, a, op, transposed);
        values = pieces.take<char>(stored_elements(a) * int64_t(size_of(element_of(a.type))));
        state = pieces.take<int>(solver_state(a.rows, columns));
    }
};

bool solvable(cusparseFormat_t format) {
    return format == CUSPARSE_FORMAT_CSR || format == CUSPARSE_FORMAT_CSC ||
           format == CUSPARSE_FORMAT_COO || format == CUSPARSE_FORMAT_SLICED_ELLPACK;
}

/// What holds of A for both.
cusparseStatus_t check_matrix(const cusparseSpMatDescr& a, cudaDataType compute) {
    if (a.rows != a.columns) return CUSPARSE_STATUS_INVALID_VALUE;
    const Element type = compute_of(compute);
    const bool known = type != Element::None && type != Element::I32;
    return solvable(a.format) && known && a.type == compute && a.batches == 1
               ? CUSPARSE_STATUS_SUCCESS
               : CUSPARSE_STATUS_NOT_SUPPORTED;
}

cusparseStatus_t check(cusparseOperation_t op, const void* alpha, const cusparseSpMatDescr* a,
                       const cusparseDnVecDescr* x, const cusparseDnVecDescr* y,
                       cudaDataType compute, cusparseSpSVAlg_t alg, const Solver* solver) {
    if (any_null(alpha, a, x, y, solver) || !valid(op) || alg != CUSPARSE_SPSV_ALG_DEFAULT ||
        x->size != a->rows || y->size != a->rows)
        return CUSPARSE_STATUS_INVALID_VALUE;
    if (x->type != compute || y->type != compute) return CUSPARSE_STATUS_NOT_SUPPORTED;
    return check_matrix(*a, compute);
}

cusparseStatus_t check(cusparseOperation_t op_a, cusparseOperation_t op_b, const void* alpha,
                       const cusparseSpMatDescr* a, const cusparseDnMatDescr* b,
                       const cusparseDnMatDescr* c, cudaDataType compute, cusparseSpSMAlg_t alg,
                       const Solver* solver) {
    if (any_null(alpha, a, b, c, solver) || !valid(op_a) || !valid(op_b) ||
        alg != CUSPARSE_SPSM_ALG_DEFAULT)
        return CUSPARSE_STATUS_INVALID_VALUE;
    const Dense right = dense_of(*b, op_b);
    if (c->rows != a->rows || right.rows != a->rows || right.columns != c->columns)
        return CUSPARSE_STATUS_INVALID_VALUE;
    if (b->type != compute || c->type != compute || b->batches != 1 || c->batches != 1)
        return CUSPARSE_STATUS_NOT_SUPPORTED;
    return check_matrix(*a, compute);
}

size_t buffer_size(const cusparseSpMatDescr& a, cusparseOperation_t op, int64_t columns) {
    Pieces pieces(nullptr);
    const SolverMemory memory(pieces, a, op, columns);
    return pieces.size();
}

cusparseStatus_t analyse(const Context& context, const cusparseSpMatDescr& a,
                         cusparseOperation_t op, int64_t columns, Solver& solver, void* buffer) {
    if (buffer == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
    Pieces pieces(buffer);
    SolverMemory memory(pieces, a, op, columns);
    Triangle& t = solver.triangle;
    cudaError_t error = make_operand(context.stream, a, op, 0, memory.transposed, &t.rows);
    if (error != cudaSuccess) return status_of(error);
    t.rows.values.data = memory.values;
    t.conjugate = op == CUSPARSE_OPERATION_CONJUGATE_TRANSPOSE;
    t.forward = (a.fill_mode == CUSPARSE_FILL_MODE_LOWER) ==
                (op == CUSPARSE_OPERATION_NON_TRANSPOSE);
    t.unit = a.diag_type == CUSPARSE_DIAG_TYPE_UNIT;
    solver.elements = stored_elements(a);
    solver.columns = columns;
    solver.type = element_of(a.type);
    solver.state = memory.state;
    solver.analysed = true;
    error = cudaMemcpyAsync(memory.values, a.values, size_t(solver.elements) * size_of(solver.type),
                            cudaMemcpyDeviceToDevice, context.stream);
    return status_of(error);
}

bool fits(const Solver& solver, const cusparseSpMatDescr& a, int64_t columns) {
    return solver.analysed && solver.triangle.rows.rows == a.rows && solver.columns >= columns;
}

cusparseStatus_t update(const Context& context, Solver* solver, const void* values, int part) {
    if (any_null(solver, values) ||
        (part != CUSPARSE_SPSV_UPDATE_GENERAL && part != CUSPARSE_SPSV_UPDATE_DIAGONAL) ||
        !solver->analysed)
        return CUSPARSE_STATUS_INVALID_VALUE;
    const Rows& rows = solver->triangle.rows;
    if (part == CUSPARSE_SPSV_UPDATE_DIAGONAL)
        return status_of(
            launch_set_diagonal(context.stream, rows, {writable(values), solver->type}));
    return status_of(cudaMemcpyAsync(rows.values.data, values,
                                     size_t(solver->elements) * size_of(solver->type),
                                     cudaMemcpyDeviceToDevice, context.stream));
}

Dense column(const cusparseDnVecDescr& v) {
    return {values_of(v), v.size, 1, 1, v.size, 0, false};
}

} // namespace

#define ACC_SOLVER(NAME)                                                                           \
    ACC_LIBRARY_API cusparseStatus_t cusparse##NAME##_createDescr(cusparse##NAME##Descr_t* s) {    \
        return guard(__func__, [&] { return create(s, cusparse##NAME##Descr{}); });                \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparse##NAME##_destroyDescr(cusparse##NAME##Descr_t s) {    \
        delete s;                                                                                  \
        return CUSPARSE_STATUS_SUCCESS;                                                            \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparse##NAME##_updateMatrix(                                \
        cusparseHandle_t handle, cusparse##NAME##Descr_t solver, void* values,                     \
        cusparse##NAME##Update_t part) {                                                           \
        return guard(__func__, handle, [&] { return update(*handle, solver, values, part); });     \
    }
ACC_SOLVER(SpSV)
ACC_SOLVER(SpSM)

ACC_LIBRARY_API cusparseStatus_t cusparseSpSV_bufferSize(
    cusparseHandle_t handle, cusparseOperation_t op, const void* alpha, cusparseConstSpMatDescr_t a,
    cusparseConstDnVecDescr_t x, cusparseDnVecDescr_t y, cudaDataType compute,
    cusparseSpSVAlg_t alg, cusparseSpSVDescr_t solver, size_t* size) {
    return guard(__func__, handle, [&] {
        if (size == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
        const cusparseStatus_t status = check(op, alpha, a, x, y, compute, alg, solver);
        if (status == CUSPARSE_STATUS_SUCCESS) *size = buffer_size(*a, op, 1);
        return status;
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSpSV_analysis(
    cusparseHandle_t handle, cusparseOperation_t op, const void* alpha, cusparseConstSpMatDescr_t a,
    cusparseConstDnVecDescr_t x, cusparseDnVecDescr_t y, cudaDataType compute,
    cusparseSpSVAlg_t alg, cusparseSpSVDescr_t solver, void* buffer) {
    return guard(__func__, handle, [&] {
        const cusparseStatus_t status = check(op, alpha, a, x, y, compute, alg, solver);
        if (status != CUSPARSE_STATUS_SUCCESS) return status;
        return analyse(*handle, *a, op, 1, *solver, buffer);
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSpSV_solve(cusparseHandle_t handle, cusparseOperation_t op,
                                                    const void* alpha, cusparseConstSpMatDescr_t a,
                                                    cusparseConstDnVecDescr_t x,
                                                    cusparseDnVecDescr_t y, cudaDataType compute,
                                                    cusparseSpSVAlg_t alg,
                                                    cusparseSpSVDescr_t solver) {
    return guard(__func__, handle, [&] {
        const cusparseStatus_t status = check(op, alpha, a, x, y, compute, alg, solver);
        if (status != CUSPARSE_STATUS_SUCCESS) return status;
        if (!fits(*solver, *a, 1)) return CUSPARSE_STATUS_INVALID_VALUE;
        return status_of(launch_triangular(handle->stream, solver->type, solver->triangle,
                                           column(*x), column(*y),
                                           scalar(*handle, solver->type, alpha), solver->state));
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSpSM_bufferSize(
    cusparseHandle_t handle, cusparseOperation_t op_a, cusparseOperation_t op_b, const void* alpha,
    cusparseConstSpMatDescr_t a, cusparseConstDnMatDescr_t b, cusparseDnMatDescr_t c,
    cudaDataType compute, cusparseSpSMAlg_t alg, cusparseSpSMDescr_t solver, size_t* size) {
    return guard(__func__, handle, [&] {
        if (size == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
        const cusparseStatus_t status = check(op_a, op_b, alpha, a, b, c, compute, alg, solver);
        if (status == CUSPARSE_STATUS_SUCCESS) *size = buffer_size(*a, op_a, c->columns);
        return status;
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSpSM_analysis(
    cusparseHandle_t handle, cusparseOperation_t op_a, cusparseOperation_t op_b, const void* alpha,
    cusparseConstSpMatDescr_t a, cusparseConstDnMatDescr_t b, cusparseDnMatDescr_t c,
    cudaDataType compute, cusparseSpSMAlg_t alg, cusparseSpSMDescr_t solver, void* buffer) {
    return guard(__func__, handle, [&] {
        const cusparseStatus_t status = check(op_a, op_b, alpha, a, b, c, compute, alg, solver);
        if (status != CUSPARSE_STATUS_SUCCESS) return status;
        return analyse(*handle, *a, op_a, c->columns, *solver, buffer);
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSpSM_solve(
    cusparseHandle_t handle, cusparseOperation_t op_a, cusparseOperation_t op_b, const void* alpha,
    cusparseConstSpMatDescr_t a, cusparseConstDnMatDescr_t b, cusparseDnMatDescr_t c,
    cudaDataType compute, cusparseSpSMAlg_t alg, cusparseSpSMDescr_t solver) {
    return guard(__func__, handle, [&] {
        const cusparseStatus_t status = check(op_a, op_b, alpha, a, b, c, compute, alg, solver);
        if (status != CUSPARSE_STATUS_SUCCESS) return status;
        if (!fits(*solver, *a, c->columns)) return CUSPARSE_STATUS_INVALID_VALUE;
        return status_of(launch_triangular(handle->stream, solver->type, solver->triangle,
                                           dense_of(*b, op_b),
                                           dense_of(*c, CUSPARSE_OPERATION_NON_TRANSPOSE),
                                           scalar(*handle, solver->type, alpha), solver->state));
    });
}
