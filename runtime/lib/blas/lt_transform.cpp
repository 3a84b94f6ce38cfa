// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cublasLtMatrixTransform: C = alpha op(A) + beta op(B), between types and layouts.
#include "runtime/lib/blas/kernels/transform.h"

#include "runtime/lib/blas/lt_descriptors.h"
#include "runtime/lib/blas/lt_log.h"
#include "runtime/lib/blas/products.h"
#include "runtime/lib/common/api.h"

namespace acc::blas {
namespace {

bool is_order(int32_t order) {
    return order == CUBLASLT_ORDER_COL || order == CUBLASLT_ORDER_ROW ||
           order == CUBLASLT_ORDER_COL32;
}

bool is_real(Type type) {
    return type != Type::None && type != Type::C32 && type != Type::C64 && type != Type::CI8;
}

Placed placed(const void* data, const Layout& layout, int32_t op) {
    Placed result;
    result.data = data;
    result.ld = layout.ld;
    result.batch_stride = layout.stride;
    result.type = type_of(cudaDataType(layout.type));
    result.order = layout.order == CUBLASLT_ORDER_ROW     ? Order::Rows
                   : layout.order == CUBLASLT_ORDER_COL32 ? Order::Strips
                                                          : Order::Columns;
    result.transposed = op != CUBLAS_OP_N;
    return result;
}

bool is_op(int32_t op) {
    return op == CUBLAS_OP_N || op == CUBLAS_OP_T || op == CUBLAS_OP_C;
}
bool is_integer(Type type) {
    return type == Type::I8 || type == Type::I32;
}

bool fits(const Layout& from, int32_t op, const Layout& to) {
    const bool turned = op != CUBLAS_OP_N;
    return (turned ? from.columns : from.rows) == to.rows &&
           (turned ? from.rows : from.columns) == to.columns && from.batch == to.batch;
}

cublasStatus_t transform(const TransformDescription& desc, const void* alpha, const void* a,
                         const Layout& la, const void* beta, const void* b, const Layout* lb,
                         void* c, const Layout& lc, cudaStream_t stream) {
    if (!fits(la, desc.transa, lc) || (lb != nullptr && !fits(*lb, desc.transb, lc)) ||
        alpha == nullptr || (lb != nullptr && b != nullptr && beta == nullptr) ||
        !is_op(desc.transa) || !is_op(desc.transb))
        return CUBLAS_STATUS_INVALID_VALUE;
    const Type scale = type_of(cudaDataType(desc.scale_type));
    const bool doubles = scale == Type::F64;
    bool integers = scale == Type::I32;
    for (const Layout* layout : {&la, lb, &lc}) {
        if (layout == nullptr) continue;
        const Type type = type_of(cudaDataType(layout->type));
        if (!is_order(layout->order) || !is_real(type) || (type == Type::F64) != doubles ||
            layout->batch_mode != CUBLASLT_BATCH_MODE_STRIDED)
            return CUBLAS_STATUS_NOT_SUPPORTED;
        if (!is_leading(*layout)) return CUBLAS_STATUS_INVALID_VALUE;
        integers = integers && is_integer(type);
    }
    if (scale != Type::F32 && scale != Type::F16 && scale != Type::I32 && !doubles)
        return CUBLAS_STATUS_NOT_SUPPORTED;
    if (lc.rows == 0 || lc.columns == 0 || lc.batch == 0) return CUBLAS_STATUS_SUCCESS;
    Context context;
    context.pointer_mode = cublasPointerMode_t(desc.pointer_mode);
    const bool adds = lb != nullptr && b != nullptr;
    return launch_transform(
        stream,
        doubles    ? Type::F64
        : integers ? Type::I32
                   : Type::F32,
        int64_t(lc.rows), int64_t(lc.columns), lc.batch, factor(context, alpha, scale),
        placed(a, la, desc.transa), adds ? factor(context, beta, scale) : constant(0),
        adds ? placed(b, *lb, desc.transb) : Placed{}, placed(c, lc, CUBLAS_OP_N));
}

} // namespace
} // namespace acc::blas

using namespace acc::blas;

ACC_LIBRARY_API cublasStatus_t
cublasLtMatrixTransform(cublasLtHandle_t handle, cublasLtMatrixTransformDesc_t description,
                        const void* alpha, const void* a, cublasLtMatrixLayout_t a_layout,
                        const void* beta, const void* b, cublasLtMatrixLayout_t b_layout, void* c,
                        cublasLtMatrixLayout_t c_layout, cudaStream_t stream) {
    if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
    if (description == nullptr || a_layout == nullptr || c_layout == nullptr)
        return CUBLAS_STATUS_INVALID_VALUE;
    return lt_finished("cublasLtMatrixTransform",
                       transform(inside<TransformDescription>(description), alpha, a,
                                 inside<Layout>(a_layout), beta, b,
                                 b_layout == nullptr ? nullptr : &inside<Layout>(b_layout), c,
                                 inside<Layout>(c_layout), stream));
}
