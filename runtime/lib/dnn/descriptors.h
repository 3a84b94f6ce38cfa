// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What descriptors point to, and as what kernels see them.
#pragma once

#include "runtime/lib/dnn/handle.h"
#include "runtime/lib/dnn/kernels/tensor.h"

#include <new>
#include <vector>

struct cudnnTensorStruct {
    cudnnDataType_t type = CUDNN_DATA_FLOAT;
    int dims = 0; ///< 0: not set yet
    int64_t size[CUDNN_DIM_MAX] = {};
    int64_t stride[CUDNN_DIM_MAX] = {};
};

/// Outputs, inputs, coordinates; in the layout's order in memory, without gaps.
struct cudnnFilterStruct {
    cudnnDataType_t type = CUDNN_DATA_FLOAT;
    cudnnTensorFormat_t format = CUDNN_TENSOR_NCHW;
    int dims = 0;
    int64_t size[CUDNN_DIM_MAX] = {};
};

struct cudnnActivationStruct {
    cudnnActivationMode_t mode = CUDNN_ACTIVATION_IDENTITY;
    cudnnNanPropagation_t nan = CUDNN_NOT_PROPAGATE_NAN;
    double coefficient = 0;
    double swish_beta = 1;
};

namespace acc::dnn {

using Tensor = cudnnTensorStruct;

/// Element::None when tensors cannot have the type here.
Element element_of(cudnnDataType_t type);

/// The type of alpha and beta is float, for doubles double.
double scalar(cudnnDataType_t type, const void* given);

/// An error unless sizes are positive and the elements of a count that kernels can number.
cudnnStatus_t check_sizes(int dims, const int64_t* size);
/// An error unless the tensor was set; `what` is its name in messages.
cudnnStatus_t check_tensor(const Tensor* tensor, const char* what);
cudnnStatus_t check_filter(const cudnnFilterStruct* filter, const char* what);
/// An error unless they have the same dimensions (and type).
cudnnStatus_t check_same(const Tensor& a, const Tensor& b, const char* what);
/// An error unless a's dimensions are b's or 1.
cudnnStatus_t check_spreads(const Tensor& a, const Tensor& b, const char* what);

/// The filter as a tensor.
Tensor tensor_of(const cudnnFilterStruct& filter);
/// A tensor without gaps, the last dimension fastest, or (NHWC) the second.
Tensor packed_tensor(cudnnDataType_t type, cudnnTensorFormat_t format, int dims,
                     const int64_t* size);

inline Array array_of(const Tensor& tensor, const void* data) {
    return {const_cast<void*>(data), element_of(tensor.type)};
}
int64_t elements(const Tensor& tensor);

/// A set of arrays that are gone through together: dimensions of size 1 are left out, and those
/// that follow each other in all arrays are one.
class Loop {
  public:
    /// `count` arrays; strides of dimension d: strides[a][d].
    void add(int64_t size, const int64_t* strides, int count);
    Box box() const;
    Strides strides(int array) const;

  private:
    struct Dimension {
        int64_t size;
        std::vector<int64_t> stride;
    };
    std::vector<Dimension> dimensions_;
};

/// The strides of `tensor` over the dimensions of another: 0 where it is 1 and the other is not.
int64_t stride_over(const Tensor& tensor, const Tensor& other, int dimension);

/// Create and Destroy of any descriptor.
template <class D>
cudnnStatus_t create(const char* function, D** descriptor) {
    return guard(function, [&] {
        if (descriptor == nullptr) return null_pointer("the descriptor's place");
        *descriptor = new (std::nothrow) D;
        return *descriptor == nullptr ? CUDNN_STATUS_ALLOC_FAILED : CUDNN_STATUS_SUCCESS;
    });
}
template <class D>
cudnnStatus_t destroy(D* descriptor) {
    delete descriptor;
    return CUDNN_STATUS_SUCCESS;
}

/// Where a getter's result goes, if it is wanted.
template <class T, class V>
void give(T* to, V value) {
    if (to != nullptr) *to = T(value);
}

} // namespace acc::dnn
