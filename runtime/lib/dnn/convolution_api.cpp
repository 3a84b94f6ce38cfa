// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Convolutions and their gradients. Their algorithms: algorithms.cpp.
#include "runtime/lib/common/api.h"
#include "runtime/lib/dnn/activation.h"
#include "runtime/lib/dnn/algorithms.h"
#include "runtime/lib/dnn/convolution.h"
#include "runtime/lib/dnn/kernels/rows.h"

namespace acc::dnn {
namespace {

/// What the three functions of a convolution check alike.
cudnnStatus_t check(const cudnnConvolutionStruct* convolution, const Tensor* x,
                    const cudnnFilterStruct* w, const Tensor* y, const void* alpha,
                    const void* beta, std::initializer_list<const void*> data) {
    if (convolution == nullptr || alpha == nullptr || beta == nullptr)
        return null_pointer("the convolution, alpha or beta");
    for (const auto status :
         {check_tensor(x, "x's descriptor"), check_filter(w, "the filter's descriptor"),
          check_tensor(y, "y's descriptor")})
        if (failed(status)) return status;
    for (const void* pointer : data)
        if (pointer == nullptr) return null_pointer("a tensor's or the filter's data");
    return check_convolution(*convolution, *x, tensor_of(*w), *y);
}

cudnnStatus_t run(cudnnHandle_t handle, Convolution& c, double alpha, double beta) {
    c.alpha = alpha;
    c.beta = beta;
    return status_of(launch_convolution(handle->stream, c));
}

} // namespace
} // namespace acc::dnn

using namespace acc::dnn;

ACC_LIBRARY_API cudnnStatus_t cudnnConvolutionForward(
    cudnnHandle_t handle, const void* alpha, const cudnnTensorDescriptor_t x_desc, const void* x,
    const cudnnFilterDescriptor_t w_desc, const void* w,
    const cudnnConvolutionDescriptor_t conv_desc, cudnnConvolutionFwdAlgo_t algo, void*, size_t,
    const void* beta, const cudnnTensorDescriptor_t y_desc, void* y) {
    return guard(__func__, handle, [&] {
        for (const auto status : {check_algorithm(algo),
                                  check(conv_desc, x_desc, w_desc, y_desc, alpha, beta, {x, w, y})})
            if (failed(status)) return status;
        Convolution c = forward_of(*conv_desc, *x_desc, x, tensor_of(*w_desc), w, *y_desc, y);
        return run(handle, c, scalar(y_desc->type, alpha), scalar(y_desc->type, beta));
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnConvolutionBackwardData(
    cudnnHandle_t handle, const void* alpha, const cudnnFilterDescriptor_t w_desc, const void* w,
    const cudnnTensorDescriptor_t dy_desc, const void* dy,
    const cudnnConvolutionDescriptor_t conv_desc, cudnnConvolutionBwdDataAlgo_t algo, void*, size_t,
    const void* beta, const cudnnTensorDescriptor_t dx_desc, void* dx) {
    return guard(__func__, handle, [&] {
        for (const auto status : {check_algorithm(algo), check(conv_desc, dx_desc, w_desc, dy_desc,
                                                               alpha, beta, {w, dy, dx})})
            if (failed(status)) return status;
        Convolution c = gradient_to_data(*conv_desc, *dx_desc, dx, tensor_of(*w_desc), w, *dy_desc,
                                         dy);
        return run(handle, c, scalar(dx_desc->type, alpha), scalar(dx_desc->type, beta));
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnConvolutionBackwardFilter(
    cudnnHandle_t handle, const void* alpha, const cudnnTensorDescriptor_t x_desc, const void* x,
    const cudnnTensorDescriptor_t dy_desc, const void* dy,
    const cudnnConvolutionDescriptor_t conv_desc, cudnnConvolutionBwdFilterAlgo_t algo, void*,
    size_t, const void* beta, const cudnnFilterDescriptor_t dw_desc, void* dw) {
    return guard(__func__, handle, [&] {
        for (const auto status : {check_algorithm(algo), check(conv_desc, x_desc, dw_desc, dy_desc,
                                                               alpha, beta, {x, dy, dw})})
            if (failed(status)) return status;
        Convolution c = gradient_to_filter(*conv_desc, *x_desc, x, tensor_of(*dw_desc), dw,
                                           *dy_desc, dy);
        return run(handle, c, scalar(dw_desc->type, alpha), scalar(dw_desc->type, beta));
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnConvolutionBiasActivationForward(
    cudnnHandle_t handle, const void* alpha1, const cudnnTensorDescriptor_t x_desc, const void* x,
    const cudnnFilterDescriptor_t w_desc, const void* w,
    const cudnnConvolutionDescriptor_t conv_desc, cudnnConvolutionFwdAlgo_t algo, void*, size_t,
    const void* alpha2, const cudnnTensorDescriptor_t z_desc, const void* z,
    const cudnnTensorDescriptor_t bias_desc, const void* bias,
    const cudnnActivationDescriptor_t activation_desc, const cudnnTensorDescriptor_t y_desc,
    void* y) {
    return guard(__func__, handle, [&] {
        for (const auto status :
             {check_algorithm(algo),
              check(conv_desc, x_desc, w_desc, y_desc, alpha1, alpha2, {x, w, y, bias}),
              check_tensor(z_desc, "zDesc"), check_tensor(bias_desc, "biasDesc")})
            if (failed(status)) return status;
        if (activation_desc == nullptr) return null_pointer("the activation");
        if (activation_desc->mode != CUDNN_ACTIVATION_RELU &&
            activation_desc->mode != CUDNN_ACTIVATION_IDENTITY)
            return fail(CUDNN_STATUS_NOT_SUPPORTED, "activation %d of a convolution",
                        int(activation_desc->mode));
        if (const auto status = check_same(*z_desc, *y_desc, "z and y"); failed(status))
            return status;
        if (bias_desc->dims < 2 || elements(*bias_desc) != w_desc->size[0] ||
            bias_desc->size[1] != w_desc->size[0] || bias_desc->stride[1] != 1)
            return fail(CUDNN_STATUS_BAD_PARAM, "the bias is not one number for each output");
        const double of_z = scalar(y_desc->type, alpha2);
        if (of_z != 0 && z == nullptr) return null_pointer("z");
        Convolution c = forward_of(*conv_desc, *x_desc, x, tensor_of(*w_desc), w, *y_desc, y);
        c.z = forward_of(*conv_desc, *x_desc, x, tensor_of(*w_desc), w, *z_desc,
                         const_cast<void*>(z))
                  .d;
        c.bias = array_of(*bias_desc, bias);
        const Activation activation = activation_of(*activation_desc);
        c.activation = activation.op;
        for (int i = 0; i < 3; ++i)
            c.parameter[i] = activation.parameter[i];
        c.propagates_nan = activation.propagates_nan;
        return run(handle, c, scalar(y_desc->type, alpha1), of_z);
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnConvolutionBackwardBias(cudnnHandle_t handle, const void* alpha,
                                                           const cudnnTensorDescriptor_t dy_desc,
                                                           const void* dy, const void* beta,
                                                           const cudnnTensorDescriptor_t db_desc,
                                                           void* db) {
    return guard(__func__, handle, [&] {
        if (alpha == nullptr || beta == nullptr) return null_pointer("alpha or beta");
        for (const auto status : {check_tensor(dy_desc, "dyDesc"), check_tensor(db_desc, "dbDesc")})
            if (failed(status)) return status;
        if (dy == nullptr || db == nullptr) return null_pointer("dy or db");
        if (db_desc->dims != dy_desc->dims || db_desc->size[1] != dy_desc->size[1] ||
            elements(*db_desc) != dy_desc->size[1])
            return fail(CUDNN_STATUS_BAD_PARAM, "db is not one number for each channel of dy");
        Reduction r;
        Loop outer, inner;
        for (int d = 0; d < dy_desc->dims; ++d) {
            const int64_t strides[] = {dy_desc->stride[d], db_desc->stride[d]};
            (d == 1 ? outer : inner).add(dy_desc->size[d], strides, 2);
        }
        r.outer = outer.box();
        r.inner = inner.box();
        r.in = {array_of(*dy_desc, dy), outer.strides(0), inner.strides(0)};
        r.out = {array_of(*db_desc, db), outer.strides(1), {}};
        r.alpha = scalar(dy_desc->type, alpha);
        r.beta = scalar(dy_desc->type, beta);
        return status_of(launch_reduction(handle->stream, r));
    });
}
