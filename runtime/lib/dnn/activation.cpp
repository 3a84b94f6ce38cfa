// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Activations and softmax.
#include "runtime/lib/dnn/activation.h"

#include "runtime/lib/common/api.h"
#include "runtime/lib/dnn/kernels/rows.h"

#include <cmath>

namespace acc::dnn {

namespace {

struct Row {
    cudnnActivationMode_t mode;
    Op op, gradient;
};
constexpr Row kRows[] = {
    {CUDNN_ACTIVATION_SIGMOID, Op::Sigmoid, Op::SigmoidGradient},
    {CUDNN_ACTIVATION_RELU, Op::Relu, Op::ReluGradient},
    {CUDNN_ACTIVATION_TANH, Op::Tanh, Op::TanhGradient},
    {CUDNN_ACTIVATION_CLIPPED_RELU, Op::ClippedRelu, Op::ClippedReluGradient},
    {CUDNN_ACTIVATION_ELU, Op::Elu, Op::EluGradient},
    {CUDNN_ACTIVATION_IDENTITY, Op::Identity, Op::Identity},
    {CUDNN_ACTIVATION_SWISH, Op::Swish, Op::SwishGradient},
};

} // namespace

Activation activation_of(const cudnnActivationStruct& given) {
    Activation a;
    for (const Row& row : kRows)
        if (row.mode == given.mode) {
            a.op = row.op;
            a.gradient = row.gradient;
        }
    a.parameter[0] = given.mode == CUDNN_ACTIVATION_SWISH ? given.swish_beta : given.coefficient;
    if (given.mode == CUDNN_ACTIVATION_RELU) {
        a.parameter[0] = 0; // the coefficient is not a bound of it
        a.parameter[1] = INFINITY;
    }
    a.propagates_nan = given.nan == CUDNN_PROPAGATE_NAN;
    return a;
}

namespace {

/// y's dimensions, and the strides of tensors of the same.
template <size_t N>
Loop loop_over(const Tensor& y, const Tensor* const (&tensors)[N]) {
    Loop loop;
    for (int d = 0; d < y.dims; ++d) {
        int64_t strides[N];
        for (size_t t = 0; t < N; ++t)
            strides[t] = tensors[t]->stride[d];
        loop.add(y.size[d], strides, int(N));
    }
    return loop;
}

void put(Elementwise& e, const Activation& a, Op op) {
    e.op = op;
    e.propagates_nan = a.propagates_nan;
    for (int i = 0; i < 3; ++i)
        e.parameter[i] = a.parameter[i];
}

} // namespace
} // namespace acc::dnn

using namespace acc::dnn;

ACC_LIBRARY_API cudnnStatus_t
cudnnCreateActivationDescriptor(cudnnActivationDescriptor_t* activation_desc) {
    return create(__func__, activation_desc);
}
ACC_LIBRARY_API cudnnStatus_t
cudnnDestroyActivationDescriptor(cudnnActivationDescriptor_t activation_desc) {
    return destroy(activation_desc);
}

ACC_LIBRARY_API cudnnStatus_t cudnnSetActivationDescriptor(
    cudnnActivationDescriptor_t activation_desc, cudnnActivationMode_t mode,
    cudnnNanPropagation_t relu_nan_opt, double coef) {
    return guard(__func__, [&] {
        if (activation_desc == nullptr) return null_pointer("the descriptor");
        if (mode < CUDNN_ACTIVATION_SIGMOID || mode > CUDNN_ACTIVATION_SWISH)
            return fail(CUDNN_STATUS_BAD_PARAM, "no activation %d", int(mode));
        if (relu_nan_opt != CUDNN_NOT_PROPAGATE_NAN && relu_nan_opt != CUDNN_PROPAGATE_NAN)
            return fail(CUDNN_STATUS_BAD_PARAM, "no NaN option %d", int(relu_nan_opt));
        activation_desc->mode = mode;
        activation_desc->nan = relu_nan_opt;
        activation_desc->coefficient = coef;
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetActivationDescriptor(
    const cudnnActivationDescriptor_t activation_desc, cudnnActivationMode_t* mode,
    cudnnNanPropagation_t* relu_nan_opt, double* coef) {
    return guard(__func__, [&] {
        if (activation_desc == nullptr) return null_pointer("the descriptor");
        give(mode, activation_desc->mode);
        give(relu_nan_opt, activation_desc->nan);
        give(coef, activation_desc->coefficient);
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnSetActivationDescriptorSwishBeta(
    cudnnActivationDescriptor_t activation_desc, double swish_beta) {
    return guard(__func__, [&] {
        if (activation_desc == nullptr) return null_pointer("the descriptor");
        activation_desc->swish_beta = swish_beta;
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetActivationDescriptorSwishBeta(
    cudnnActivationDescriptor_t activation_desc, double* swish_beta) {
    return guard(__func__, [&] {
        if (activation_desc == nullptr) return null_pointer("the descriptor");
        give(swish_beta, activation_desc->swish_beta);
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t
cudnnActivationForward(cudnnHandle_t handle, cudnnActivationDescriptor_t activation_desc,
                       const void* alpha, const cudnnTensorDescriptor_t x_desc, const void* x,
                       const void* beta, const cudnnTensorDescriptor_t y_desc, void* y) {
    return guard(__func__, handle, [&] {
        if (activation_desc == nullptr || alpha == nullptr || beta == nullptr)
            return null_pointer("the activation, alpha or beta");
        for (const auto status : {check_tensor(x_desc, "xDesc"), check_tensor(y_desc, "yDesc")})
            if (failed(status)) return status;
        if (const auto status = check_same(*x_desc, *y_desc, "x and y"); failed(status))
            return status;
        if (x == nullptr || y == nullptr) return null_pointer("x or y");
        const Tensor* const tensors[] = {x_desc, y_desc};
        const Loop loop = loop_over(*y_desc, tensors);
        Elementwise e;
        const Activation activation = activation_of(*activation_desc);
        put(e, activation, activation.op);
        e.box = loop.box();
        e.in[0] = array_of(*x_desc, x);
        e.in_strides[0] = loop.strides(0);
        e.out = array_of(*y_desc, y);
        e.out_strides = loop.strides(1);
        e.scale = scalar(x_desc->type, alpha);
        e.beta = scalar(x_desc->type, beta);
        return status_of(launch_elementwise(handle->stream, e));
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnActivationBackward(
    cudnnHandle_t handle, cudnnActivationDescriptor_t activation_desc, const void* alpha,
    const cudnnTensorDescriptor_t y_desc, const void* y, const cudnnTensorDescriptor_t dy_desc,
    const void* dy, const cudnnTensorDescriptor_t x_desc, const void* x, const void* beta,
    const cudnnTensorDescriptor_t dx_desc, void* dx) {
    return guard(__func__, handle, [&] {
        if (activation_desc == nullptr || alpha == nullptr || beta == nullptr)
            return null_pointer("the activation, alpha or beta");
        for (const auto status : {check_tensor(y_desc, "yDesc"), check_tensor(dy_desc, "dyDesc"),
                                  check_tensor(x_desc, "xDesc"), check_tensor(dx_desc, "dxDesc")})
            if (failed(status)) return status;
        for (const auto status :
             {check_same(*dy_desc, *dx_desc, "dy and dx"),
              check_same(*y_desc, *dx_desc, "y and dx"), check_same(*x_desc, *dx_desc, "x and dx")})
            if (failed(status)) return status;
        if (y == nullptr || dy == nullptr || x == nullptr || dx == nullptr)
            return null_pointer("y, dy, x or dx");
        const Tensor* const tensors[] = {dy_desc, y_desc, x_desc, dx_desc};
        const void* const data[] = {dy, y, x};
        const Loop loop = loop_over(*dx_desc, tensors);
        Elementwise e;
        const Activation activation = activation_of(*activation_desc);
        put(e, activation, activation.gradient);
        e.box = loop.box();
        e.inputs = activation.gradient == Op::Identity ? 1 : 3;
        for (int i = 0; i < e.inputs; ++i) {
            e.in[i] = array_of(*tensors[i], data[i]);
            e.in_strides[i] = loop.strides(i);
        }
        e.out = array_of(*dx_desc, dx);
        e.out_strides = loop.strides(3);
        e.scale = scalar(dx_desc->type, alpha);
        e.beta = scalar(dx_desc->type, beta);
        return status_of(launch_elementwise(handle->stream, e));
    });
}

namespace {

/// Rows of a softmax: an image's, or (CHANNEL) a pixel's channels. Tensors have the same sizes.
template <size_t N>
void add_rows(cudnnSoftmaxMode_t mode, const Tensor* const (&tensors)[N], Loop& outer,
              Loop& inner) {
    for (int d = 0; d < tensors[0]->dims; ++d) {
        int64_t strides[N];
        for (size_t t = 0; t < N; ++t)
            strides[t] = tensors[t]->stride[d];
        const bool is_inner = mode == CUDNN_SOFTMAX_MODE_CHANNEL ? d == 1 : d > 0;
        (is_inner ? inner : outer).add(tensors[0]->size[d], strides, int(N));
    }
}

cudnnStatus_t check_softmax(cudnnSoftmaxAlgorithm_t algo, cudnnSoftmaxMode_t mode) {
    if (algo < CUDNN_SOFTMAX_FAST || algo > CUDNN_SOFTMAX_LOG)
        return fail(CUDNN_STATUS_BAD_PARAM, "no softmax algorithm %d", int(algo));
    if (mode != CUDNN_SOFTMAX_MODE_INSTANCE && mode != CUDNN_SOFTMAX_MODE_CHANNEL)
        return fail(CUDNN_STATUS_BAD_PARAM, "no softmax mode %d", int(mode));
    return CUDNN_STATUS_SUCCESS;
}

SoftmaxKind kind_of(cudnnSoftmaxAlgorithm_t algo) {
    return algo == CUDNN_SOFTMAX_FAST  ? SoftmaxKind::Fast
           : algo == CUDNN_SOFTMAX_LOG ? SoftmaxKind::Log
                                       : SoftmaxKind::Accurate;
}

} // namespace

ACC_LIBRARY_API cudnnStatus_t cudnnSoftmaxForward(cudnnHandle_t handle,
                                                  cudnnSoftmaxAlgorithm_t algo,
                                                  cudnnSoftmaxMode_t mode, const void* alpha,
                                                  const cudnnTensorDescriptor_t x_desc,
                                                  const void* x, const void* beta,
                                                  const cudnnTensorDescriptor_t y_desc, void* y) {
    return guard(__func__, handle, [&] {
        if (alpha == nullptr || beta == nullptr) return null_pointer("alpha or beta");
        for (const auto status : {check_softmax(algo, mode), check_tensor(x_desc, "xDesc"),
                                  check_tensor(y_desc, "yDesc")})
            if (failed(status)) return status;
        if (const auto status = check_same(*x_desc, *y_desc, "x and y"); failed(status))
            return status;
        if (x == nullptr || y == nullptr) return null_pointer("x or y");
        const Tensor* const tensors[] = {x_desc, y_desc};
        Loop outer, inner;
        add_rows(mode, tensors, outer, inner);
        Softmax s;
        s.kind = kind_of(algo);
        s.outer = outer.box();
        s.inner = inner.box();
        s.x = {array_of(*x_desc, x), outer.strides(0), inner.strides(0)};
        s.y = {array_of(*y_desc, y), outer.strides(1), inner.strides(1)};
        s.alpha = scalar(x_desc->type, alpha);
        s.beta = scalar(x_desc->type, beta);
        return status_of(launch_softmax(handle->stream, s));
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnSoftmaxBackward(
    cudnnHandle_t handle, cudnnSoftmaxAlgorithm_t algo, cudnnSoftmaxMode_t mode, const void* alpha,
    const cudnnTensorDescriptor_t y_desc, const void* y, const cudnnTensorDescriptor_t dy_desc,
    const void* dy, const void* beta, const cudnnTensorDescriptor_t dx_desc, void* dx) {
    return guard(__func__, handle, [&] {
        if (alpha == nullptr || beta == nullptr) return null_pointer("alpha or beta");
        for (const auto status : {check_softmax(algo, mode), check_tensor(y_desc, "yDesc"),
                                  check_tensor(dy_desc, "dyDesc"), check_tensor(dx_desc, "dxDesc")})
            if (failed(status)) return status;
        for (const auto status : {check_same(*y_desc, *dx_desc, "y and dx"),
                                  check_same(*dy_desc, *dx_desc, "dy and dx")})
            if (failed(status)) return status;
        if (y == nullptr || dy == nullptr || dx == nullptr) return null_pointer("y, dy or dx");
        const Tensor* const tensors[] = {y_desc, dy_desc, dx_desc};
        Loop outer, inner;
        add_rows(mode, tensors, outer, inner);
        Softmax s;
        s.backward = true;
        s.kind = kind_of(algo);
        s.outer = outer.box();
        s.inner = inner.box();
        s.x = {array_of(*y_desc, y), outer.strides(0), inner.strides(0)};
        s.dy = {array_of(*dy_desc, dy), outer.strides(1), inner.strides(1)};
        s.y = {array_of(*dx_desc, dx), outer.strides(2), inner.strides(2)};
        s.alpha = scalar(dx_desc->type, alpha);
        s.beta = scalar(dx_desc->type, beta);
        return status_of(launch_softmax(handle->stream, s));
    });
}
