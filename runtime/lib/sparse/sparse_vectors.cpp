// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Axpby, Gather, Scatter, Rot, SpVV.
#include "runtime/lib/common/api.h"
#include "runtime/lib/sparse/describe.h"
#include "runtime/lib/sparse/kernels/products.h"
#include "runtime/lib/sparse/operand.h"

#include <cstring>

using namespace acc::sparse;

namespace {

/// What a vector of the type is computed in.
Element natural(Element type) {
    switch (type) {
    case Element::F16:
    case Element::BF16: return Element::F32;
    case Element::C16:
    case Element::CBF16: return Element::C32;
    case Element::I8:
    case Element::I32: return Element::None;
    default: return type;
    }
}

cusparseStatus_t check_pair(const cusparseSpVecDescr* x, const cusparseDnVecDescr* y) {
    if (any_null(x, y) || x->size != y->size) return CUSPARSE_STATUS_INVALID_VALUE;
    return x->type == y->type ? CUSPARSE_STATUS_SUCCESS : CUSPARSE_STATUS_NOT_SUPPORTED;
}

Indices places_of(const cusparseSpVecDescr& x) {
    return indices_of(x.indices, x.index_type, x.base);
}

cusparseStatus_t move(const Context& context, bool scatter, const cusparseSpVecDescr* x,
                      const cusparseDnVecDescr* y) {
    const cusparseStatus_t status = check_pair(x, y);
    if (status != CUSPARSE_STATUS_SUCCESS) return status;
    return status_of(launch_gather(context.stream, scatter, places_of(*x), values_of(*x), x->nnz,
                                   values_of(*y)));
}

cusparseStatus_t check_spvv(cusparseOperation_t op, const cusparseSpVecDescr* x,
                            const cusparseDnVecDescr* y, const void* result, cudaDataType compute) {
    if (result == nullptr ||
        (op != CUSPARSE_OPERATION_NON_TRANSPOSE && op != CUSPARSE_OPERATION_CONJUGATE_TRANSPOSE))
        return CUSPARSE_STATUS_INVALID_VALUE;
    const cusparseStatus_t status = check_pair(x, y);
    if (status != CUSPARSE_STATUS_SUCCESS) return status;
    const Element type = element_of(x->type), in = compute_of(compute);
    const bool known = type == Element::I8 ? in == Element::I32 || in == Element::F32
                                           : in != Element::None && in == natural(type);
    return known ? CUSPARSE_STATUS_SUCCESS : CUSPARSE_STATUS_NOT_SUPPORTED;
}

} // namespace

ACC_LIBRARY_API cusparseStatus_t cusparseAxpby(cusparseHandle_t handle, const void* alpha,
                                               cusparseConstSpVecDescr_t x, const void* beta,
                                               cusparseDnVecDescr_t y) {
    return guard(__func__, handle, [&] {
        if (any_null(alpha, beta)) return CUSPARSE_STATUS_INVALID_VALUE;
        const cusparseStatus_t status = check_pair(x, y);
        if (status != CUSPARSE_STATUS_SUCCESS) return status;
        const Element type = natural(element_of(x->type));
        if (type == Element::None) return CUSPARSE_STATUS_NOT_SUPPORTED;
        return status_of(launch_axpby(handle->stream, type, places_of(*x), values_of(*x), x->nnz,
                                      values_of(*y), y->size, scalar(*handle, type, alpha),
                                      scalar(*handle, type, beta)));
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseGather(cusparseHandle_t handle,
                                                cusparseConstDnVecDescr_t y,
                                                cusparseSpVecDescr_t x) {
    return guard(__func__, handle, [&] { return move(*handle, false, x, y); });
}

ACC_LIBRARY_API cusparseStatus_t cusparseScatter(cusparseHandle_t handle,
                                                 cusparseConstSpVecDescr_t x,
                                                 cusparseDnVecDescr_t y) {
    return guard(__func__, handle, [&] { return move(*handle, true, x, y); });
}

ACC_LIBRARY_API cusparseStatus_t cusparseRot(cusparseHandle_t handle, const void* c, const void* s,
                                             cusparseSpVecDescr_t x, cusparseDnVecDescr_t y) {
    return guard(__func__, handle, [&] {
        if (any_null(c, s)) return CUSPARSE_STATUS_INVALID_VALUE;
        const cusparseStatus_t status = check_pair(x, y);
        if (status != CUSPARSE_STATUS_SUCCESS) return status;
        const Element type = natural(element_of(x->type));
        if (type == Element::None) return CUSPARSE_STATUS_NOT_SUPPORTED;
        return status_of(launch_rot(handle->stream, type, places_of(*x), values_of(*x), x->nnz,
                                    values_of(*y), scalar(*handle, type, c),
                                    scalar(*handle, type, s)));
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSpVV_bufferSize(
    cusparseHandle_t handle, cusparseOperation_t op, cusparseConstSpVecDescr_t x,
    cusparseConstDnVecDescr_t y, const void* result, cudaDataType compute, size_t* size) {
    return guard(__func__, handle, [&] {
        if (size == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
        const cusparseStatus_t status = check_spvv(op, x, y, result, compute);
        if (status == CUSPARSE_STATUS_SUCCESS) *size = 0;
        return status;
    });
}

namespace {

/// Where the device writes a number for the host: captured calls have a place each, as their graphs
/// may run beside others.
cudaError_t place_of_result(Context& context, cudaStreamCaptureStatus captured, void** place) {
    *place = context.host_result;
    if (captured != cudaStreamCaptureStatusActive) return cudaSuccess;
    void*& mine = context.captured_results.emplace_back(nullptr);
    // No work of the stream's: allowed however it is captured.
    cudaStreamCaptureMode mode = cudaStreamCaptureModeRelaxed;
    cudaError_t error = cudaThreadExchangeStreamCaptureMode(&mode);
    if (error != cudaSuccess) return error;
    error = cudaHostAlloc(&mine, kHostResultSize, cudaHostAllocDefault);
    cudaThreadExchangeStreamCaptureMode(&mode);
    *place = mine;
    return error;
}

} // namespace

/// Waits for the result in pointer mode host, unless the stream is captured: then the graph copies
/// it.
ACC_LIBRARY_API cusparseStatus_t cusparseSpVV(cusparseHandle_t handle, cusparseOperation_t op,
                                              cusparseConstSpVecDescr_t x,
                                              cusparseConstDnVecDescr_t y, void* result,
                                              cudaDataType compute, void*) {
    return guard(__func__, handle, [&] {
        const cusparseStatus_t status = check_spvv(op, x, y, result, compute);
        if (status != CUSPARSE_STATUS_SUCCESS) return status;
        const Element type = compute_of(compute);
        const bool waits = handle->pointer_mode == CUSPARSE_POINTER_MODE_HOST;
        cudaStreamCaptureStatus captured = cudaStreamCaptureStatusNone;
        void* place = result;
        if (waits) {
            cudaError_t error = cudaStreamIsCapturing(handle->stream, &captured);
            if (error == cudaSuccess) error = place_of_result(*handle, captured, &place);
            if (error != cudaSuccess) return status_of(error);
        }
        cudaError_t error = launch_spvv(handle->stream, type, places_of(*x), values_of(*x), x->nnz,
                                        op == CUSPARSE_OPERATION_CONJUGATE_TRANSPOSE, values_of(*y),
                                        place);
        if (error != cudaSuccess || !waits) return status_of(error);
        if (captured == cudaStreamCaptureStatusActive)
            return status_of(
                cudaMemcpyAsync(result, place, size_of(type), cudaMemcpyDefault, handle->stream));
        error = cudaStreamSynchronize(handle->stream);
        if (error == cudaSuccess) std::memcpy(result, handle->host_result, size_of(type));
        return status_of(error);
    });
}
