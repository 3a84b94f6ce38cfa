// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/common/api.h"
#include "runtime/lib/dnn/convolution.h"

#include <algorithm>

namespace acc::dnn {
namespace {

cudnnStatus_t set(cudnnConvolutionDescriptor_t c, int dims, const int* padding, const int* step,
                  const int* dilation, cudnnConvolutionMode_t mode, cudnnDataType_t type) {
    if (c == nullptr) return null_pointer("the descriptor");
    if (dims < 1 || dims > kSpatial)
        return fail(dims < 1 ? CUDNN_STATUS_BAD_PARAM : CUDNN_STATUS_NOT_SUPPORTED,
                    "convolutions of %d coordinates", dims);
    if (mode != CUDNN_CONVOLUTION && mode != CUDNN_CROSS_CORRELATION)
        return fail(CUDNN_STATUS_BAD_PARAM, "no convolution mode %d", int(mode));
    if (type < CUDNN_DATA_FLOAT || type > CUDNN_DATA_COMPLEX_FP64)
        return fail(CUDNN_STATUS_BAD_PARAM, "no data type %d", int(type));
    for (int d = 0; d < dims; ++d) {
        if (padding[d] < 0) return fail(CUDNN_STATUS_BAD_PARAM, "padding %d", padding[d]);
        if (step[d] <= 0) return fail(CUDNN_STATUS_BAD_PARAM, "filter stride %d", step[d]);
        if (dilation[d] <= 0) return fail(CUDNN_STATUS_BAD_PARAM, "dilation %d", dilation[d]);
    }
    c->dims = dims;
    std::copy(padding, padding + dims, c->padding);
    std::copy(step, step + dims, c->step);
    std::copy(dilation, dilation + dims, c->dilation);
    c->mode = mode;
    c->compute_type = type;
    return CUDNN_STATUS_SUCCESS;
}

} // namespace
} // namespace acc::dnn

using namespace acc::dnn;

ACC_LIBRARY_API cudnnStatus_t
cudnnCreateConvolutionDescriptor(cudnnConvolutionDescriptor_t* conv_desc) {
    return create(__func__, conv_desc);
}
ACC_LIBRARY_API cudnnStatus_t
cudnnDestroyConvolutionDescriptor(cudnnConvolutionDescriptor_t conv_desc) {
    return destroy(conv_desc);
}

ACC_LIBRARY_API cudnnStatus_t cudnnSetConvolution2dDescriptor(
    cudnnConvolutionDescriptor_t conv_desc, int pad_h, int pad_w, int u, int v, int dilation_h,
    int dilation_w, cudnnConvolutionMode_t mode, cudnnDataType_t compute_type) {
    return guard(__func__, [&] {
        const int padding[] = {pad_h, pad_w}, step[] = {u, v},
                  dilation[] = {dilation_h, dilation_w};
        return set(conv_desc, 2, padding, step, dilation, mode, compute_type);
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetConvolution2dDescriptor(
    const cudnnConvolutionDescriptor_t conv_desc, int* pad_h, int* pad_w, int* u, int* v,
    int* dilation_h, int* dilation_w, cudnnConvolutionMode_t* mode, cudnnDataType_t* compute_type) {
    return guard(__func__, [&] {
        if (conv_desc == nullptr) return null_pointer("the descriptor");
        if (conv_desc->dims != 2)
            return fail(CUDNN_STATUS_BAD_PARAM, "the convolution has %d coordinates",
                        conv_desc->dims);
        give(pad_h, conv_desc->padding[0]);
        give(pad_w, conv_desc->padding[1]);
        give(u, conv_desc->step[0]);
        give(v, conv_desc->step[1]);
        give(dilation_h, conv_desc->dilation[0]);
        give(dilation_w, conv_desc->dilation[1]);
        give(mode, conv_desc->mode);
        give(compute_type, conv_desc->compute_type);
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnSetConvolutionNdDescriptor(
    cudnnConvolutionDescriptor_t conv_desc, int array_length, const int pad_a[],
    const int filter_stride_a[], const int dilation_a[], cudnnConvolutionMode_t mode,
    cudnnDataType_t compute_type) {
    return guard(__func__, [&] {
        if (pad_a == nullptr || filter_stride_a == nullptr || dilation_a == nullptr)
            return null_pointer("padA, filterStrideA or dilationA");
        return set(conv_desc, array_length, pad_a, filter_stride_a, dilation_a, mode, compute_type);
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetConvolutionNdDescriptor(
    const cudnnConvolutionDescriptor_t conv_desc, int array_length_requested, int* array_length,
    int pad_a[], int stride_a[], int dilation_a[], cudnnConvolutionMode_t* mode,
    cudnnDataType_t* compute_type) {
    return guard(__func__, [&] {
        if (conv_desc == nullptr) return null_pointer("the descriptor");
        if (array_length_requested < 0)
            return fail(CUDNN_STATUS_BAD_PARAM, "arrayLengthRequested is %d",
                        array_length_requested);
        give(array_length, conv_desc->dims);
        for (int d = 0; d < std::min(array_length_requested, conv_desc->dims); ++d) {
            if (pad_a != nullptr) pad_a[d] = conv_desc->padding[d];
            if (stride_a != nullptr) stride_a[d] = conv_desc->step[d];
            if (dilation_a != nullptr) dilation_a[d] = conv_desc->dilation[d];
        }
        give(mode, conv_desc->mode);
        give(compute_type, conv_desc->compute_type);
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnSetConvolutionMathType(cudnnConvolutionDescriptor_t conv_desc,
                                                          cudnnMathType_t math_type) {
    return guard(__func__, [&] {
        if (conv_desc == nullptr) return null_pointer("the descriptor");
        if (math_type < CUDNN_DEFAULT_MATH || math_type > CUDNN_FMA_MATH)
            return fail(CUDNN_STATUS_BAD_PARAM, "no math type %d", int(math_type));
        conv_desc->math_type = math_type;
        return CUDNN_STATUS_SUCCESS;
    });
}
ACC_LIBRARY_API cudnnStatus_t cudnnGetConvolutionMathType(cudnnConvolutionDescriptor_t conv_desc,
                                                          cudnnMathType_t* math_type) {
    return guard(__func__, [&] {
        if (conv_desc == nullptr || math_type == nullptr)
            return null_pointer("the descriptor or mathType");
        *math_type = conv_desc->math_type;
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnSetConvolutionGroupCount(cudnnConvolutionDescriptor_t conv_desc,
                                                            int group_count) {
    return guard(__func__, [&] {
        if (conv_desc == nullptr) return null_pointer("the descriptor");
        if (group_count < 1 || group_count > 65535)
            return fail(CUDNN_STATUS_BAD_PARAM, "%d groups", group_count);
        conv_desc->groups = group_count;
        return CUDNN_STATUS_SUCCESS;
    });
}
ACC_LIBRARY_API cudnnStatus_t cudnnGetConvolutionGroupCount(cudnnConvolutionDescriptor_t conv_desc,
                                                            int* group_count) {
    return guard(__func__, [&] {
        if (conv_desc == nullptr || group_count == nullptr)
            return null_pointer("the descriptor or groupCount");
        *group_count = conv_desc->groups;
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnSetConvolutionReorderType(cudnnConvolutionDescriptor_t conv_desc,
                                                             cudnnReorderType_t reorder_type) {
    return guard(__func__, [&] {
        if (conv_desc == nullptr) return null_pointer("the descriptor");
        if (reorder_type != CUDNN_DEFAULT_REORDER && reorder_type != CUDNN_NO_REORDER)
            return fail(CUDNN_STATUS_BAD_PARAM, "no reorder type %d", int(reorder_type));
        conv_desc->reorder = reorder_type;
        return CUDNN_STATUS_SUCCESS;
    });
}
ACC_LIBRARY_API cudnnStatus_t cudnnGetConvolutionReorderType(cudnnConvolutionDescriptor_t conv_desc,
                                                             cudnnReorderType_t* reorder_type) {
    return guard(__func__, [&] {
        if (conv_desc == nullptr || reorder_type == nullptr)
            return null_pointer("the descriptor or reorderType");
        *reorder_type = conv_desc->reorder;
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetConvolution2dForwardOutputDim(
    const cudnnConvolutionDescriptor_t conv_desc, const cudnnTensorDescriptor_t input_tensor_desc,
    const cudnnFilterDescriptor_t filter_desc, int* n, int* c, int* h, int* w) {
    return guard(__func__, [&] {
        if (conv_desc == nullptr) return null_pointer("the convolution");
        for (const auto status : {check_tensor(input_tensor_desc, "inputTensorDesc"),
                                  check_filter(filter_desc, "filterDesc")})
            if (failed(status)) return status;
        if (input_tensor_desc->dims != 4)
            return fail(CUDNN_STATUS_BAD_PARAM, "the input has %d dimensions",
                        input_tensor_desc->dims);
        int64_t size[CUDNN_DIM_MAX];
        const auto status = output_dimensions(*conv_desc, *input_tensor_desc, *filter_desc, size);
        if (failed(status)) return status;
        int* const places[] = {n, c, h, w};
        for (int d = 0; d < 4; ++d)
            give(places[d], size[d]);
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetConvolutionNdForwardOutputDim(
    const cudnnConvolutionDescriptor_t conv_desc, const cudnnTensorDescriptor_t input_tensor_desc,
    const cudnnFilterDescriptor_t filter_desc, int nb_dims, int tensor_output_dim_a[]) {
    return guard(__func__, [&] {
        if (conv_desc == nullptr || tensor_output_dim_a == nullptr)
            return null_pointer("the convolution or tensorOutputDimA");
        for (const auto status : {check_tensor(input_tensor_desc, "inputTensorDesc"),
                                  check_filter(filter_desc, "filterDesc")})
            if (failed(status)) return status;
        if (nb_dims < input_tensor_desc->dims)
            return fail(CUDNN_STATUS_BAD_PARAM, "nbDims is %d, the input has %d", nb_dims,
                        input_tensor_desc->dims);
        int64_t size[CUDNN_DIM_MAX];
        const auto status = output_dimensions(*conv_desc, *input_tensor_desc, *filter_desc, size);
        if (failed(status)) return status;
        for (int d = 0; d < input_tensor_desc->dims; ++d)
            tensor_output_dim_a[d] = int(size[d]);
        return CUDNN_STATUS_SUCCESS;
    });
}
