// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Incomplete factors in place: csrilu02 and csric02.
#include "runtime/lib/common/api.h"
#include "runtime/lib/sparse/kernels/structure.h"
#include "runtime/lib/sparse/kernels/triangular.h"
#include "runtime/lib/sparse/legacy.h"

using namespace acc::sparse;

namespace {

cusparseStatus_t check(int m, int nnz, const cusparseMatDescr* matrix, const void* values,
                       const int* rows, const int* columns, const PivotInfo* info) {
    if (m < 0 || nnz < 0 || any_null(matrix, info) ||
        (m > 0 && nnz > 0 && (values == nullptr || any_null(rows, columns))))
        return CUSPARSE_STATUS_INVALID_VALUE;
    return matrix->type == CUSPARSE_MATRIX_TYPE_GENERAL ? CUSPARSE_STATUS_SUCCESS
                                                        : CUSPARSE_STATUS_MATRIX_TYPE_NOT_SUPPORTED;
}

template <class S>
cusparseStatus_t size_of_state(int m, S* size) {
    if (size == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
    Pieces pieces(nullptr);
    pieces.take<int>(solver_state(m, 1));
    *size = S(pieces.size());
    return CUSPARSE_STATUS_SUCCESS;
}

bool valid(cusparseSolvePolicy_t policy) {
    return policy == CUSPARSE_SOLVE_POLICY_NO_LEVEL || policy == CUSPARSE_SOLVE_POLICY_USE_LEVEL;
}

/// Pivots that the structure has no place for are missing already.
cusparseStatus_t analyse(const Context& context, PivotInfo* info, const cusparseMatDescr* matrix,
                         const Rows& rows, cusparseSolvePolicy_t policy, const void* buffer) {
    if (!valid(policy) || buffer == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
    info->base = matrix->base;
    static constexpr int kNone = PivotInfo::kNone;
    cudaError_t error = cudaMemcpyAsync(info->position, &kNone, sizeof kNone,
                                        cudaMemcpyHostToDevice, context.stream);
    if (error == cudaSuccess) error = launch_find_missing(context.stream, rows, info->position);
    return status_of(error);
}

cusparseStatus_t factor(const Context& context, bool cholesky, int m, int nnz,
                        const cusparseMatDescr* matrix, Values values, const int* rows,
                        const int* columns, PivotInfo* info, cusparseSolvePolicy_t policy,
                        void* buffer) {
    if (!valid(policy) || buffer == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
    Boost boost = {info->boost, 0, nullptr, {{0, 0}, nullptr}};
    if (info->boost) {
        boost.value = scalar(context, values.type, info->boost_value);
        if (context.pointer_mode == CUSPARSE_POINTER_MODE_HOST)
            boost.tolerance = *info->tolerance;
        else
            boost.tolerance_pointer = info->tolerance;
    }
    Pieces pieces(buffer);
    int* state = pieces.take<int>(solver_state(m, 1));
    info->base = matrix->base;
    return status_of(launch_incomplete(context.stream,
                                       csr_rows(m, m, nnz, matrix, rows, columns, values), cholesky,
                                       boost, info->position, state));
}

} // namespace

#define ACC_FACTOR(L, T, NAME, INFO, CHOLESKY)                                                     \
    ACC_LIBRARY_API cusparseStatus_t cusparse##L##NAME##_bufferSize(                               \
        cusparseHandle_t handle, int m, int nnz, const cusparseMatDescr_t a, T* values,            \
        const int* rows, const int* columns, INFO info, int* size) {                               \
        return guard(__func__, handle, [&] {                                                       \
            const cusparseStatus_t status = check(m, nnz, a, values, rows, columns, info);         \
            return status != CUSPARSE_STATUS_SUCCESS ? status : size_of_state(m, size);            \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparse##L##NAME##_bufferSizeExt(                            \
        cusparseHandle_t handle, int m, int nnz, const cusparseMatDescr_t a, T* values,            \
        const int* rows, const int* columns, INFO info, size_t* size) {                            \
        return guard(__func__, handle, [&] {                                                       \
            const cusparseStatus_t status = check(m, nnz, a, values, rows, columns, info);         \
            return status != CUSPARSE_STATUS_SUCCESS ? status : size_of_state(m, size);            \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparse##L##NAME##_analysis(                                 \
        cusparseHandle_t handle, int m, int nnz, const cusparseMatDescr_t a, const T* values,      \
        const int* rows, const int* columns, INFO info, cusparseSolvePolicy_t policy,              \
        void* buffer) {                                                                            \
        return guard(__func__, handle, [&] {                                                       \
            const cusparseStatus_t status = check(m, nnz, a, values, rows, columns, info);         \
            if (status != CUSPARSE_STATUS_SUCCESS) return status;                                  \
            const Rows all = csr_rows(m, m, nnz, a, rows, columns,                                 \
                                      {writable(values), TypeOf<T>::element});                     \
            return analyse(*handle, info, a, all, policy, buffer);                                 \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparse##L##NAME(                                            \
        cusparseHandle_t handle, int m, int nnz, const cusparseMatDescr_t a, T* values,            \
        const int* rows, const int* columns, INFO info, cusparseSolvePolicy_t policy,              \
        void* buffer) {                                                                            \
        return guard(__func__, handle, [&] {                                                       \
            const cusparseStatus_t status = check(m, nnz, a, values, rows, columns, info);         \
            if (status != CUSPARSE_STATUS_SUCCESS) return status;                                  \
            return factor(*handle, CHOLESKY, m, nnz, a, {values, TypeOf<T>::element}, rows,        \
                          columns, info, policy, buffer);                                          \
        });                                                                                        \
    }

#define ACC_FACTORS(L, T)                                                                          \
    ACC_FACTOR(L, T, csrilu02, csrilu02Info_t, false)                                              \
    ACC_FACTOR(L, T, csric02, csric02Info_t, true)                                                 \
    ACC_LIBRARY_API cusparseStatus_t cusparse##L##csrilu02_numericBoost(                           \
        cusparseHandle_t handle, csrilu02Info_t info, int enable, double* tolerance, T* value) {   \
        return guard(__func__, handle, [&] {                                                       \
            if (info == nullptr || (enable != 0 && (tolerance == nullptr || value == nullptr)))    \
                return CUSPARSE_STATUS_INVALID_VALUE;                                              \
            info->boost = enable != 0;                                                             \
            info->tolerance = tolerance;                                                           \
            info->boost_value = value;                                                             \
            return CUSPARSE_STATUS_SUCCESS;                                                        \
        });                                                                                        \
    }
ACC_FACTORS(S, float)
ACC_FACTORS(D, double)
ACC_FACTORS(C, cuComplex)
ACC_FACTORS(Z, cuDoubleComplex)
