// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is done to tensors element by element, and reductions.
#include "runtime/lib/common/api.h"
#include "runtime/lib/dnn/descriptors.h"
#include "runtime/lib/dnn/kernels/rows.h"

#include <cuda_bf16.h>
#include <cuda_fp16.h>

struct cudnnOpTensorStruct {
    cudnnOpTensorOp_t op = CUDNN_OP_TENSOR_ADD;
    cudnnDataType_t type = CUDNN_DATA_FLOAT;
    cudnnNanPropagation_t nan = CUDNN_NOT_PROPAGATE_NAN;
};

struct cudnnReduceTensorStruct {
    cudnnReduceTensorOp_t op = CUDNN_REDUCE_TENSOR_ADD;
    cudnnDataType_t type = CUDNN_DATA_FLOAT;
    cudnnNanPropagation_t nan = CUDNN_NOT_PROPAGATE_NAN;
    cudnnReduceTensorIndices_t indices = CUDNN_REDUCE_TENSOR_NO_INDICES;
    cudnnIndicesType_t index_type = CUDNN_32BIT_INDICES;
};

namespace acc::dnn {
namespace {

/// Sets box, arrays and strides: inputs are spread over `out` where their size is 1.
void set(Elementwise& e, const Tensor& out, void* out_data,
         std::initializer_list<std::pair<const Tensor*, const void*>> inputs) {
    Loop loop;
    for (int d = 0; d < out.dims; ++d) {
        std::vector<int64_t> strides;
        for (const auto& input : inputs)
            strides.push_back(stride_over(*input.first, out, d));
        strides.push_back(out.stride[d]);
        loop.add(out.size[d], strides.data(), int(strides.size()));
    }
    e.box = loop.box();
    e.inputs = 0;
    for (const auto& input : inputs) {
        e.in[e.inputs] = array_of(*input.first, input.second);
        e.in_strides[e.inputs] = loop.strides(e.inputs);
        ++e.inputs;
    }
    e.out = array_of(out, out_data);
    e.out_strides = loop.strides(e.inputs);
}

/// The value at a host pointer of the tensor's own type.
double value_of(cudnnDataType_t type, const void* at, bool& known) {
    known = true;
    switch (type) {
    case CUDNN_DATA_FLOAT: return *static_cast<const float*>(at);
    case CUDNN_DATA_DOUBLE: return *static_cast<const double*>(at);
    case CUDNN_DATA_INT8: return *static_cast<const signed char*>(at);
    case CUDNN_DATA_UINT8: return *static_cast<const unsigned char*>(at);
    case CUDNN_DATA_INT32: return *static_cast<const int*>(at);
    case CUDNN_DATA_INT64: return double(*static_cast<const int64_t*>(at));
    case CUDNN_DATA_HALF: return float(*static_cast<const __half*>(at));
    case CUDNN_DATA_BFLOAT16: return float(*static_cast<const __nv_bfloat16*>(at));
    default: known = false; return 0;
    }
}

cudnnStatus_t add(cudnnHandle_t handle, const void* alpha, const Tensor* a, const void* a_data,
                  const void* beta, const Tensor* c, void* c_data, bool spreads) {
    if (alpha == nullptr || beta == nullptr) return null_pointer("alpha or beta");
    for (const auto status :
         {check_tensor(a, "the input's descriptor"), check_tensor(c, "the output's descriptor")})
        if (failed(status)) return status;
    if (const auto status = check_spreads(*a, *c, "the input"); failed(status)) return status;
    if (!spreads && elements(*a) != elements(*c))
        return fail(CUDNN_STATUS_BAD_PARAM, "input and output have different dimensions");
    if (a_data == nullptr || c_data == nullptr) return null_pointer("the input or output");
    Elementwise e;
    set(e, *c, c_data, {{a, a_data}});
    e.scale = scalar(c->type, alpha);
    e.beta = scalar(c->type, beta);
    return status_of(launch_elementwise(handle->stream, e));
}

} // namespace
} // namespace acc::dnn

using namespace acc::dnn;

ACC_LIBRARY_API cudnnStatus_t cudnnTransformTensor(cudnnHandle_t handle, const void* alpha,
                                                   const cudnnTensorDescriptor_t x_desc,
                                                   const void* x, const void* beta,
                                                   const cudnnTensorDescriptor_t y_desc, void* y) {
    return guard(__func__, handle,
                 [&] { return add(handle, alpha, x_desc, x, beta, y_desc, y, false); });
}

ACC_LIBRARY_API cudnnStatus_t cudnnAddTensor(cudnnHandle_t handle, const void* alpha,
                                             const cudnnTensorDescriptor_t a_desc, const void* a,
                                             const void* beta, const cudnnTensorDescriptor_t c_desc,
                                             void* c) {
    return guard(__func__, handle,
                 [&] { return add(handle, alpha, a_desc, a, beta, c_desc, c, true); });
}

ACC_LIBRARY_API cudnnStatus_t cudnnSetTensor(cudnnHandle_t handle,
                                             const cudnnTensorDescriptor_t y_desc, void* y,
                                             const void* value_ptr) {
    return guard(__func__, handle, [&] {
        if (const auto status = check_tensor(y_desc, "yDesc"); failed(status)) return status;
        if (y == nullptr || value_ptr == nullptr) return null_pointer("y or valuePtr");
        Elementwise e;
        set(e, *y_desc, y, {});
        e.op = Op::Constant;
        bool known = false;
        e.parameter[0] = value_of(y_desc->type, value_ptr, known);
        if (!known)
            return fail(CUDNN_STATUS_NOT_SUPPORTED, "values of data type %d", int(y_desc->type));
        return status_of(launch_elementwise(handle->stream, e));
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnScaleTensor(cudnnHandle_t handle,
                                               const cudnnTensorDescriptor_t y_desc, void* y,
                                               const void* alpha) {
    return guard(__func__, handle, [&] {
        if (const auto status = check_tensor(y_desc, "yDesc"); failed(status)) return status;
        if (y == nullptr || alpha == nullptr) return null_pointer("y or alpha");
        Elementwise e;
        set(e, *y_desc, y, {{y_desc, y}});
        e.scale = scalar(y_desc->type, alpha);
        return status_of(launch_elementwise(handle->stream, e));
    });
}

ACC_LIBRARY_API cudnnStatus_t
cudnnCreateOpTensorDescriptor(cudnnOpTensorDescriptor_t* op_tensor_desc) {
    return create(__func__, op_tensor_desc);
}
ACC_LIBRARY_API cudnnStatus_t
cudnnDestroyOpTensorDescriptor(cudnnOpTensorDescriptor_t op_tensor_desc) {
    return destroy(op_tensor_desc);
}

ACC_LIBRARY_API cudnnStatus_t cudnnSetOpTensorDescriptor(cudnnOpTensorDescriptor_t op_tensor_desc,
                                                         cudnnOpTensorOp_t op_tensor_op,
                                                         cudnnDataType_t op_tensor_comp_type,
                                                         cudnnNanPropagation_t op_tensor_nan_opt) {
    return guard(__func__, [&] {
        if (op_tensor_desc == nullptr) return null_pointer("the descriptor");
        if (op_tensor_op < CUDNN_OP_TENSOR_ADD || op_tensor_op > CUDNN_OP_TENSOR_NOT)
            return fail(CUDNN_STATUS_BAD_PARAM, "no operation %d", int(op_tensor_op));
        *op_tensor_desc = {op_tensor_op, op_tensor_comp_type, op_tensor_nan_opt};
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetOpTensorDescriptor(
    const cudnnOpTensorDescriptor_t op_tensor_desc, cudnnOpTensorOp_t* op_tensor_op,
    cudnnDataType_t* op_tensor_comp_type, cudnnNanPropagation_t* op_tensor_nan_opt) {
    return guard(__func__, [&] {
        if (op_tensor_desc == nullptr) return null_pointer("the descriptor");
        give(op_tensor_op, op_tensor_desc->op);
        give(op_tensor_comp_type, op_tensor_desc->type);
        give(op_tensor_nan_opt, op_tensor_desc->nan);
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t
cudnnOpTensor(cudnnHandle_t handle, const cudnnOpTensorDescriptor_t op_tensor_desc,
              const void* alpha1, const cudnnTensorDescriptor_t a_desc, const void* a,
              const void* alpha2, const cudnnTensorDescriptor_t b_desc, const void* b,
              const void* beta, const cudnnTensorDescriptor_t c_desc, void* c) {
    return guard(__func__, handle, [&] {
        if (op_tensor_desc == nullptr || alpha1 == nullptr || beta == nullptr)
            return null_pointer("the operation, alpha1 or beta");
        for (const auto status : {check_tensor(a_desc, "aDesc"), check_tensor(c_desc, "cDesc")})
            if (failed(status)) return status;
        constexpr Op ops[] = {Op::Add, Op::Mul, Op::Min, Op::Max, Op::Sqrt, Op::Not};
        const bool is_unary = op_tensor_desc->op >= CUDNN_OP_TENSOR_SQRT;
        if (const auto status = check_spreads(*a_desc, *c_desc, "a"); failed(status)) return status;
        if (elements(*a_desc) != elements(*c_desc))
            return fail(CUDNN_STATUS_BAD_PARAM, "a and c have different dimensions");
        if (a == nullptr || c == nullptr) return null_pointer("a or c");
        Elementwise e;
        if (is_unary) {
            set(e, *c_desc, c, {{a_desc, a}});
        } else {
            if (alpha2 == nullptr || b == nullptr) return null_pointer("alpha2 or b");
            if (const auto status = check_tensor(b_desc, "bDesc"); failed(status)) return status;
            if (const auto status = check_spreads(*b_desc, *c_desc, "b"); failed(status))
                return status;
            set(e, *c_desc, c, {{a_desc, a}, {b_desc, b}});
            e.in_scale[1] = scalar(c_desc->type, alpha2);
        }
        e.op = ops[op_tensor_desc->op];
        e.propagates_nan = op_tensor_desc->nan == CUDNN_PROPAGATE_NAN;
        e.in_scale[0] = scalar(c_desc->type, alpha1);
        e.beta = scalar(c_desc->type, beta);
        return status_of(launch_elementwise(handle->stream, e));
    });
}

ACC_LIBRARY_API cudnnStatus_t
cudnnCreateReduceTensorDescriptor(cudnnReduceTensorDescriptor_t* reduce_tensor_desc) {
    return create(__func__, reduce_tensor_desc);
}
ACC_LIBRARY_API cudnnStatus_t
cudnnDestroyReduceTensorDescriptor(cudnnReduceTensorDescriptor_t reduce_tensor_desc) {
    return destroy(reduce_tensor_desc);
}

ACC_LIBRARY_API cudnnStatus_t cudnnSetReduceTensorDescriptor(
    cudnnReduceTensorDescriptor_t reduce_tensor_desc, cudnnReduceTensorOp_t reduce_tensor_op,
    cudnnDataType_t reduce_tensor_comp_type, cudnnNanPropagation_t reduce_tensor_nan_opt,
    cudnnReduceTensorIndices_t reduce_tensor_indices,
    cudnnIndicesType_t reduce_tensor_indices_type) {
    return guard(__func__, [&] {
        if (reduce_tensor_desc == nullptr) return null_pointer("the descriptor");
        if (reduce_tensor_op < CUDNN_REDUCE_TENSOR_ADD ||
            reduce_tensor_op > CUDNN_REDUCE_TENSOR_MUL_NO_ZEROS)
            return fail(CUDNN_STATUS_BAD_PARAM, "no reduction %d", int(reduce_tensor_op));
        if (reduce_tensor_indices != CUDNN_REDUCE_TENSOR_NO_INDICES &&
            reduce_tensor_indices != CUDNN_REDUCE_TENSOR_FLATTENED_INDICES)
            return fail(CUDNN_STATUS_BAD_PARAM, "no indices %d", int(reduce_tensor_indices));
        if (reduce_tensor_indices != CUDNN_REDUCE_TENSOR_NO_INDICES &&
            reduce_tensor_indices_type != CUDNN_32BIT_INDICES)
            return fail(CUDNN_STATUS_NOT_SUPPORTED, "indices have 32 bits");
        *reduce_tensor_desc = {reduce_tensor_op, reduce_tensor_comp_type, reduce_tensor_nan_opt,
                               reduce_tensor_indices, reduce_tensor_indices_type};
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetReduceTensorDescriptor(
    const cudnnReduceTensorDescriptor_t reduce_tensor_desc, cudnnReduceTensorOp_t* reduce_tensor_op,
    cudnnDataType_t* reduce_tensor_comp_type, cudnnNanPropagation_t* reduce_tensor_nan_opt,
    cudnnReduceTensorIndices_t* reduce_tensor_indices,
    cudnnIndicesType_t* reduce_tensor_indices_type) {
    return guard(__func__, [&] {
        if (reduce_tensor_desc == nullptr) return null_pointer("the descriptor");
        give(reduce_tensor_op, reduce_tensor_desc->op);
        give(reduce_tensor_comp_type, reduce_tensor_desc->type);
        give(reduce_tensor_nan_opt, reduce_tensor_desc->nan);
        give(reduce_tensor_indices, reduce_tensor_desc->indices);
        give(reduce_tensor_indices_type, reduce_tensor_desc->index_type);
        return CUDNN_STATUS_SUCCESS;
    });
}

namespace {

bool gives_indices(const cudnnReduceTensorStruct& r) {
    return r.indices != CUDNN_REDUCE_TENSOR_NO_INDICES &&
           (r.op == CUDNN_REDUCE_TENSOR_MIN || r.op == CUDNN_REDUCE_TENSOR_MAX ||
            r.op == CUDNN_REDUCE_TENSOR_AMAX);
}

cudnnStatus_t check_reduction(const cudnnReduceTensorStruct* r, const Tensor* a, const Tensor* c) {
    if (r == nullptr) return null_pointer("the reduction");
    for (const auto status : {check_tensor(a, "aDesc"), check_tensor(c, "cDesc")})
        if (failed(status)) return status;
    return check_spreads(*c, *a, "c");
}

size_t indices_size(const cudnnReduceTensorStruct& r, const Tensor& c) {
    return gives_indices(r) ? size_t(elements(c)) * sizeof(int) : 0;
}

} // namespace

ACC_LIBRARY_API cudnnStatus_t cudnnGetReductionIndicesSize(
    cudnnHandle_t handle, const cudnnReduceTensorDescriptor_t reduce_tensor_desc,
    const cudnnTensorDescriptor_t a_desc, const cudnnTensorDescriptor_t c_desc, size_t* size) {
    return guard(__func__, handle, [&] {
        if (size == nullptr) return null_pointer("sizeInBytes");
        const auto status = check_reduction(reduce_tensor_desc, a_desc, c_desc);
        if (!failed(status)) *size = indices_size(*reduce_tensor_desc, *c_desc);
        return status;
    });
}

/// None is needed.
ACC_LIBRARY_API cudnnStatus_t cudnnGetReductionWorkspaceSize(
    cudnnHandle_t handle, const cudnnReduceTensorDescriptor_t reduce_tensor_desc,
    const cudnnTensorDescriptor_t a_desc, const cudnnTensorDescriptor_t c_desc, size_t* size) {
    return guard(__func__, handle, [&] {
        if (size == nullptr) return null_pointer("sizeInBytes");
        *size = 0;
        return check_reduction(reduce_tensor_desc, a_desc, c_desc);
    });
}

ACC_LIBRARY_API cudnnStatus_t
cudnnReduceTensor(cudnnHandle_t handle, const cudnnReduceTensorDescriptor_t reduce_tensor_desc,
                  void* indices, size_t indices_size_given, void*, size_t, const void* alpha,
                  const cudnnTensorDescriptor_t a_desc, const void* a, const void* beta,
                  const cudnnTensorDescriptor_t c_desc, void* c) {
    return guard(__func__, handle, [&] {
        if (alpha == nullptr || beta == nullptr) return null_pointer("alpha or beta");
        const auto status = check_reduction(reduce_tensor_desc, a_desc, c_desc);
        if (failed(status)) return status;
        if (a == nullptr || c == nullptr) return null_pointer("a or c");
        const size_t needed = indices_size(*reduce_tensor_desc, *c_desc);
        if (needed > 0 && (indices == nullptr || indices_size_given < needed))
            return fail(CUDNN_STATUS_INVALID_VALUE, "%zu bytes for indices, %zu are needed",
                        indices_size_given, needed);
        Reduction r;
        Loop outer, inner;
        for (int d = 0; d < a_desc->dims; ++d) {
            const int64_t strides[] = {a_desc->stride[d], c_desc->stride[d]};
            (c_desc->size[d] == 1 ? inner : outer).add(a_desc->size[d], strides, 2);
        }
        r.op = Reduce(reduce_tensor_desc->op);
        r.outer = outer.box();
        r.inner = inner.box();
        r.in = {array_of(*a_desc, a), outer.strides(0), inner.strides(0)};
        r.out = {array_of(*c_desc, c), outer.strides(1), {}};
        if (needed > 0) r.indices = {indices, Element::I32};
        r.alpha = scalar(c_desc->type, alpha);
        r.beta = scalar(c_desc->type, beta);
        r.propagates_nan = reduce_tensor_desc->nan == CUDNN_PROPAGATE_NAN;
        return status_of(launch_reduction(handle->stream, r));
    });
}
