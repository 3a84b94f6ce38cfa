// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Descriptors of convolutions, and the products of matrices that they are.
#pragma once

#include "runtime/lib/dnn/descriptors.h"
#include "runtime/lib/dnn/kernels/convolve.h"

struct cudnnConvolutionStruct {
    int dims = 0; ///< coordinates; 0: not set yet
    int padding[acc::dnn::kSpatial] = {};
    int step[acc::dnn::kSpatial] = {1, 1, 1};
    int dilation[acc::dnn::kSpatial] = {1, 1, 1};
    cudnnConvolutionMode_t mode = CUDNN_CONVOLUTION;
    cudnnDataType_t compute_type = CUDNN_DATA_FLOAT;
    cudnnMathType_t math_type = CUDNN_DEFAULT_MATH;
    cudnnReorderType_t reorder = CUDNN_DEFAULT_REORDER;
    int groups = 1;
};

namespace acc::dnn {

using ConvolutionSettings = cudnnConvolutionStruct;

/// The dimensions of y = conv(x, w).
cudnnStatus_t output_dimensions(const ConvolutionSettings& settings, const Tensor& x,
                                const cudnnFilterStruct& w, int64_t (&size)[CUDNN_DIM_MAX]);

/// An error unless conv(x, w) is a y. The tensors' types may differ; kernels convert.
cudnnStatus_t check_convolution(const ConvolutionSettings& settings, const Tensor& x,
                                const Tensor& w, const Tensor& y);

/// The products for y, for the gradient to x's data and the one to the filter: strides and sizes;
/// of the three the one that is written is D, and Z is D.
Convolution forward_of(const ConvolutionSettings& settings, const Tensor& x, const void* x_data,
                       const Tensor& w, const void* w_data, const Tensor& y, void* y_data);
Convolution gradient_to_data(const ConvolutionSettings& settings, const Tensor& x, void* dx,
                             const Tensor& w, const void* w_data, const Tensor& y, const void* dy);
Convolution gradient_to_filter(const ConvolutionSettings& settings, const Tensor& x,
                               const void* x_data, const Tensor& w, void* dw, const Tensor& y,
                               const void* dy);

} // namespace acc::dnn
