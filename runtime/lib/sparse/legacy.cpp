// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Matrix descriptions, and makers and enders of what analyses keep.
#include "runtime/lib/sparse/legacy.h"

#include "runtime/lib/common/api.h"

using namespace acc::sparse;

namespace {

template <class M>
cusparseStatus_t set(cusparseMatDescr* matrix, M cusparseMatDescr::* member, M value, int most) {
    if (matrix == nullptr || int(value) < 0 || int(value) > most)
        return CUSPARSE_STATUS_INVALID_VALUE;
    matrix->*member = value;
    return CUSPARSE_STATUS_SUCCESS;
}

template <class I>
cusparseStatus_t make_info(I** info) {
    if (info == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
    I made = {};
    if constexpr (std::is_base_of_v<PivotInfo, I>)
        if (cudaMalloc(reinterpret_cast<void**>(&made.position), sizeof(int)) != cudaSuccess)
            return CUSPARSE_STATUS_ALLOC_FAILED;
    return create(info, made);
}

template <class I>
cusparseStatus_t end_info(I* info) {
    if (info == nullptr) return CUSPARSE_STATUS_SUCCESS;
    if constexpr (std::is_base_of_v<PivotInfo, I>) cudaFree(info->position);
    delete info;
    return CUSPARSE_STATUS_SUCCESS;
}

/// Waits for the stream's work.
cusparseStatus_t zero_pivot(const Context& context, const PivotInfo* info, int* position) {
    if (any_null(info, position)) return CUSPARSE_STATUS_INVALID_VALUE;
    int found = 0;
    const cusparseStatus_t status = fetch(context, info->position, &found, sizeof found);
    if (status != CUSPARSE_STATUS_SUCCESS) return status;
    const bool none = found == PivotInfo::kNone;
    found = none ? -1 : found + info->base;
    if (context.pointer_mode == CUSPARSE_POINTER_MODE_HOST)
        *position = found;
    else if (const cudaError_t error = cudaMemcpy(position, &found, sizeof found,
                                                  cudaMemcpyHostToDevice);
             error != cudaSuccess)
        return status_of(error);
    return none ? CUSPARSE_STATUS_SUCCESS : CUSPARSE_STATUS_ZERO_PIVOT;
}

} // namespace

ACC_LIBRARY_API cusparseStatus_t cusparseCreateMatDescr(cusparseMatDescr_t* matrix) {
    return guard(__func__, [&] { return create(matrix, cusparseMatDescr{}); });
}

ACC_LIBRARY_API cusparseStatus_t cusparseDestroyMatDescr(cusparseMatDescr_t matrix) {
    delete matrix;
    return CUSPARSE_STATUS_SUCCESS;
}

// Getters give the value that a new description has when there is none.
#define ACC_MEMBER(NAME, TYPE, MEMBER, MOST)                                                       \
    ACC_LIBRARY_API cusparseStatus_t cusparseSet##NAME(cusparseMatDescr_t matrix, TYPE value) {    \
        return guard(__func__,                                                                     \
                     [&] { return set(matrix, &cusparseMatDescr::MEMBER, value, MOST); });         \
    }                                                                                              \
    ACC_LIBRARY_API TYPE cusparseGet##NAME(const cusparseMatDescr_t matrix) {                      \
        return matrix == nullptr ? cusparseMatDescr{}.MEMBER : matrix->MEMBER;                     \
    }
ACC_MEMBER(MatType, cusparseMatrixType_t, type, CUSPARSE_MATRIX_TYPE_TRIANGULAR)
ACC_MEMBER(MatFillMode, cusparseFillMode_t, fill_mode, CUSPARSE_FILL_MODE_UPPER)
ACC_MEMBER(MatDiagType, cusparseDiagType_t, diag_type, CUSPARSE_DIAG_TYPE_UNIT)
ACC_MEMBER(MatIndexBase, cusparseIndexBase_t, base, CUSPARSE_INDEX_BASE_ONE)

#define ACC_INFO(NAME, TYPE)                                                                       \
    ACC_LIBRARY_API cusparseStatus_t cusparseCreate##NAME##Info(TYPE* info) {                      \
        return guard(__func__, [&] { return make_info(info); });                                   \
    }                                                                                              \
    ACC_LIBRARY_API cusparseStatus_t cusparseDestroy##NAME##Info(TYPE info) {                      \
        return guard(__func__, [&] { return end_info(info); });                                    \
    }
ACC_INFO(Csric02, csric02Info_t)
ACC_INFO(Bsric02, bsric02Info_t)
ACC_INFO(Csrilu02, csrilu02Info_t)
ACC_INFO(Bsrilu02, bsrilu02Info_t)
ACC_INFO(Bsrsv2, bsrsv2Info_t)
ACC_INFO(Bsrsm2, bsrsm2Info_t)
ACC_INFO(Csru2csr, csru2csrInfo_t)
ACC_INFO(Color, cusparseColorInfo_t)
ACC_INFO(Prune, pruneInfo_t)

#define ACC_ZERO_PIVOT(NAME)                                                                       \
    ACC_LIBRARY_API cusparseStatus_t cusparseX##NAME##_zeroPivot(                                  \
        cusparseHandle_t handle, NAME##Info_t info, int* position) {                               \
        return guard(__func__, handle, [&] { return zero_pivot(*handle, info, position); });       \
    }
ACC_ZERO_PIVOT(csrilu02)
ACC_ZERO_PIVOT(csric02)
ACC_ZERO_PIVOT(bsrilu02)
ACC_ZERO_PIVOT(bsric02)
ACC_ZERO_PIVOT(bsrsv2)
ACC_ZERO_PIVOT(bsrsm2)
