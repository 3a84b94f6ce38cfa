// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Descriptors of tensors and filters.
#include "runtime/lib/common/api.h"
#include "runtime/lib/dnn/descriptors.h"

#include <algorithm>

namespace acc::dnn {

Element element_of(cudnnDataType_t type) {
    switch (type) {
    case CUDNN_DATA_FLOAT: return Element::F32;
    case CUDNN_DATA_DOUBLE: return Element::F64;
    case CUDNN_DATA_HALF: return Element::F16;
    case CUDNN_DATA_BFLOAT16: return Element::BF16;
    case CUDNN_DATA_INT8: return Element::I8;
    case CUDNN_DATA_UINT8: return Element::U8;
    case CUDNN_DATA_INT32: return Element::I32;
    case CUDNN_DATA_INT64: return Element::I64;
    case CUDNN_DATA_BOOLEAN: return Element::Bool;
    case CUDNN_DATA_FP8_E4M3: return Element::E4M3;
    case CUDNN_DATA_FP8_E5M2: return Element::E5M2;
    default: return Element::None;
    }
}

double scalar(cudnnDataType_t type, const void* given) {
    return type == CUDNN_DATA_DOUBLE ? *static_cast<const double*>(given)
                                     : double(*static_cast<const float*>(given));
}

cudnnStatus_t check_tensor(const Tensor* tensor, const char* what) {
    if (tensor == nullptr) return null_pointer(what);
    if (tensor->dims == 0) return fail(CUDNN_STATUS_BAD_PARAM, "%s was not set", what);
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t check_filter(const cudnnFilterStruct* filter, const char* what) {
    if (filter == nullptr) return null_pointer(what);
    if (filter->dims == 0) return fail(CUDNN_STATUS_BAD_PARAM, "%s was not set", what);
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t check_same(const Tensor& a, const Tensor& b, const char* what) {
    if (a.dims != b.dims || !std::equal(a.size, a.size + a.dims, b.size))
        return fail(CUDNN_STATUS_BAD_PARAM, "%s have different dimensions", what);
    if (a.type != b.type) return fail(CUDNN_STATUS_BAD_PARAM, "%s have different types", what);
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t check_spreads(const Tensor& a, const Tensor& b, const char* what) {
    if (a.dims != b.dims)
        return fail(CUDNN_STATUS_BAD_PARAM, "%s: %d dimensions, the other has %d", what, a.dims,
                    b.dims);
    for (int d = 0; d < a.dims; ++d)
        if (a.size[d] != b.size[d] && a.size[d] != 1)
            return fail(CUDNN_STATUS_BAD_PARAM, "%s: dimension %d is %lld, not 1 or %lld", what, d,
                        (long long)a.size[d], (long long)b.size[d]);
    return CUDNN_STATUS_SUCCESS;
}

Tensor packed_tensor(cudnnDataType_t type, cudnnTensorFormat_t format, int dims,
                     const int64_t* size) {
    Tensor t;
    t.type = type;
    t.dims = dims;
    std::copy(size, size + dims, t.size);
    int64_t stride = 1;
    if (format == CUDNN_TENSOR_NHWC && dims > 1) {
        t.stride[1] = 1;
        stride = size[1];
    }
    for (int d = dims - 1; d >= 0; --d) {
        if (d == 1 && format == CUDNN_TENSOR_NHWC) continue;
        t.stride[d] = stride;
        stride *= size[d];
    }
    return t;
}

Tensor tensor_of(const cudnnFilterStruct& filter) {
    return packed_tensor(filter.type, filter.format, filter.dims, filter.size);
}

int64_t elements(const Tensor& tensor) {
    int64_t count = 1;
    for (int d = 0; d < tensor.dims; ++d)
        count *= tensor.size[d];
    return count;
}

void Loop::add(int64_t size, const int64_t* strides, int count) {
    if (size == 1) return;
    if (!dimensions_.empty()) {
        Dimension& before = dimensions_.back();
        bool follows = true;
        for (int a = 0; a < count; ++a)
            follows = follows && before.stride[size_t(a)] == strides[a] * size;
        if (follows) {
            before.size *= size;
            before.stride.assign(strides, strides + count);
            return;
        }
    }
    dimensions_.push_back({size, std::vector<int64_t>(strides, strides + count)});
}

Box Loop::box() const {
    Box box;
    box.dims = int(dimensions_.size());
    for (size_t d = 0; d < dimensions_.size(); ++d) {
        box.size[d] = dimensions_[d].size;
        box.count *= dimensions_[d].size;
    }
    return box;
}

Strides Loop::strides(int array) const {
    Strides strides;
    for (size_t d = 0; d < dimensions_.size(); ++d)
        strides.of[d] = dimensions_[d].stride[size_t(array)];
    return strides;
}

int64_t stride_over(const Tensor& tensor, const Tensor& other, int dimension) {
    return tensor.size[dimension] == 1 && other.size[dimension] != 1 ? 0 : tensor.stride[dimension];
}

cudnnStatus_t check_sizes(int dims, const int64_t* size) {
    constexpr int64_t kMostElements = 0x7fffffff;
    int64_t count = 1;
    for (int d = 0; d < dims; ++d) {
        if (size[d] <= 0)
            return fail(CUDNN_STATUS_BAD_PARAM, "dimension %d is %lld", d, (long long)size[d]);
        if (size[d] > kMostElements / count)
            return fail(CUDNN_STATUS_NOT_SUPPORTED, "more than 2^31 - 1 elements");
        count *= size[d];
    }
    return CUDNN_STATUS_SUCCESS;
}

namespace {

constexpr int kLeastDims = 3;

cudnnStatus_t check_type(cudnnDataType_t type) {
    if (type < CUDNN_DATA_FLOAT || type > CUDNN_DATA_COMPLEX_FP64)
        return fail(CUDNN_STATUS_BAD_PARAM, "no data type %d", int(type));
    if (element_of(type) == Element::None)
        return fail(CUDNN_STATUS_NOT_SUPPORTED, "data type %d is not supported", int(type));
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t check_format(cudnnTensorFormat_t format) {
    if (format < CUDNN_TENSOR_NCHW || format > CUDNN_TENSOR_NCHW_VECT_C)
        return fail(CUDNN_STATUS_BAD_PARAM, "no tensor format %d", int(format));
    if (format == CUDNN_TENSOR_NCHW_VECT_C)
        return fail(CUDNN_STATUS_NOT_SUPPORTED, "CUDNN_TENSOR_NCHW_VECT_C is not supported");
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t check_dims(int dims) {
    if (dims < kLeastDims || dims > CUDNN_DIM_MAX)
        return fail(CUDNN_STATUS_NOT_SUPPORTED, "%d dimensions: %d to %d are supported", dims,
                    kLeastDims, CUDNN_DIM_MAX);
    return CUDNN_STATUS_SUCCESS;
}

/// Sets a tensor when all is right; without strides it has no gaps.
cudnnStatus_t set(Tensor* tensor, cudnnDataType_t type, cudnnTensorFormat_t format, int dims,
                  const int64_t* size, const int64_t* stride) {
    if (tensor == nullptr) return null_pointer("the descriptor");
    if (const auto status = check_type(type); failed(status)) return status;
    if (const auto status = check_format(format); failed(status)) return status;
    if (const auto status = check_sizes(dims, size); failed(status)) return status;
    *tensor = packed_tensor(type, format, dims, size);
    if (stride == nullptr) return CUDNN_STATUS_SUCCESS;
    std::copy(stride, stride + dims, tensor->stride);
    return CUDNN_STATUS_SUCCESS;
}

} // namespace
} // namespace acc::dnn

using namespace acc::dnn;

ACC_LIBRARY_API cudnnStatus_t cudnnCreateTensorDescriptor(cudnnTensorDescriptor_t* tensor_desc) {
    return create(__func__, tensor_desc);
}
ACC_LIBRARY_API cudnnStatus_t cudnnDestroyTensorDescriptor(cudnnTensorDescriptor_t tensor_desc) {
    return destroy(tensor_desc);
}

ACC_LIBRARY_API cudnnStatus_t cudnnSetTensor4dDescriptor(cudnnTensorDescriptor_t tensor_desc,
                                                         cudnnTensorFormat_t format,
                                                         cudnnDataType_t data_type, int n, int c,
                                                         int h, int w) {
    return guard(__func__, [&] {
        const int64_t size[] = {n, c, h, w};
        return set(tensor_desc, data_type, format, 4, size, nullptr);
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnSetTensor4dDescriptorEx(cudnnTensorDescriptor_t tensor_desc,
                                                           cudnnDataType_t data_type, int n, int c,
                                                           int h, int w, int n_stride, int c_stride,
                                                           int h_stride, int w_stride) {
    return guard(__func__, [&] {
        const int64_t size[] = {n, c, h, w}, stride[] = {n_stride, c_stride, h_stride, w_stride};
        return set(tensor_desc, data_type, CUDNN_TENSOR_NCHW, 4, size, stride);
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetTensor4dDescriptor(const cudnnTensorDescriptor_t tensor_desc,
                                                         cudnnDataType_t* data_type, int* n, int* c,
                                                         int* h, int* w, int* n_stride,
                                                         int* c_stride, int* h_stride,
                                                         int* w_stride) {
    return guard(__func__, [&] {
        if (const auto status = check_tensor(tensor_desc, "the tensor"); failed(status))
            return status;
        if (tensor_desc->dims != 4)
            return fail(CUDNN_STATUS_BAD_PARAM, "the tensor has %d dimensions", tensor_desc->dims);
        give(data_type, tensor_desc->type);
        int* const sizes[] = {n, c, h, w};
        int* const strides[] = {n_stride, c_stride, h_stride, w_stride};
        for (int d = 0; d < 4; ++d) {
            give(sizes[d], tensor_desc->size[d]);
            give(strides[d], tensor_desc->stride[d]);
        }
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnSetTensorNdDescriptor(cudnnTensorDescriptor_t tensor_desc,
                                                         cudnnDataType_t data_type, int nb_dims,
                                                         const int dim_a[], const int stride_a[]) {
    return guard(__func__, [&] {
        if (dim_a == nullptr || stride_a == nullptr) return null_pointer("dimA or strideA");
        if (const auto status = check_dims(nb_dims); failed(status)) return status;
        const std::vector<int64_t> size(dim_a, dim_a + nb_dims),
            stride(stride_a, stride_a + nb_dims);
        return set(tensor_desc, data_type, CUDNN_TENSOR_NCHW, nb_dims, size.data(), stride.data());
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnSetTensorNdDescriptorEx(cudnnTensorDescriptor_t tensor_desc,
                                                           cudnnTensorFormat_t format,
                                                           cudnnDataType_t data_type, int nb_dims,
                                                           const int dim_a[]) {
    return guard(__func__, [&] {
        if (dim_a == nullptr) return null_pointer("dimA");
        if (const auto status = check_dims(nb_dims); failed(status)) return status;
        const std::vector<int64_t> size(dim_a, dim_a + nb_dims);
        return set(tensor_desc, data_type, format, nb_dims, size.data(), nullptr);
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetTensorNdDescriptor(const cudnnTensorDescriptor_t tensor_desc,
                                                         int nb_dims_requested,
                                                         cudnnDataType_t* data_type, int* nb_dims,
                                                         int dim_a[], int stride_a[]) {
    return guard(__func__, [&] {
        if (const auto status = check_tensor(tensor_desc, "the tensor"); failed(status))
            return status;
        if (nb_dims_requested < 0 || nb_dims_requested > CUDNN_DIM_MAX)
            return fail(CUDNN_STATUS_BAD_PARAM, "nbDimsRequested is %d", nb_dims_requested);
        give(data_type, tensor_desc->type);
        give(nb_dims, tensor_desc->dims);
        for (int d = 0; d < std::min(nb_dims_requested, tensor_desc->dims); ++d) {
            if (dim_a != nullptr) dim_a[d] = int(tensor_desc->size[d]);
            if (stride_a != nullptr) stride_a[d] = int(tensor_desc->stride[d]);
        }
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetTensorSizeInBytes(const cudnnTensorDescriptor_t tensor_desc,
                                                        size_t* size) {
    return guard(__func__, [&] {
        if (size == nullptr) return null_pointer("size");
        if (const auto status = check_tensor(tensor_desc, "the tensor"); failed(status))
            return status;
        int64_t last = 0;
        for (int d = 0; d < tensor_desc->dims; ++d)
            last += (tensor_desc->size[d] - 1) * tensor_desc->stride[d];
        *size = size_t(last + 1) * size_of(element_of(tensor_desc->type));
        return CUDNN_STATUS_SUCCESS;
    });
}

namespace {

cudnnStatus_t set_filter(cudnnFilterDescriptor_t filter, cudnnDataType_t type,
                         cudnnTensorFormat_t format, int dims, const int64_t* size) {
    Tensor checked;
    if (filter == nullptr) return null_pointer("the descriptor");
    if (const auto status = set(&checked, type, format, dims, size, nullptr); failed(status))
        return status;
    filter->type = type;
    filter->format = format;
    filter->dims = dims;
    std::copy(size, size + dims, filter->size);
    return CUDNN_STATUS_SUCCESS;
}

} // namespace

ACC_LIBRARY_API cudnnStatus_t cudnnCreateFilterDescriptor(cudnnFilterDescriptor_t* filter_desc) {
    return create(__func__, filter_desc);
}
ACC_LIBRARY_API cudnnStatus_t cudnnDestroyFilterDescriptor(cudnnFilterDescriptor_t filter_desc) {
    return destroy(filter_desc);
}

ACC_LIBRARY_API cudnnStatus_t cudnnSetFilter4dDescriptor(cudnnFilterDescriptor_t filter_desc,
                                                         cudnnDataType_t data_type,
                                                         cudnnTensorFormat_t format, int k, int c,
                                                         int h, int w) {
    return guard(__func__, [&] {
        const int64_t size[] = {k, c, h, w};
        return set_filter(filter_desc, data_type, format, 4, size);
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetFilter4dDescriptor(const cudnnFilterDescriptor_t filter_desc,
                                                         cudnnDataType_t* data_type,
                                                         cudnnTensorFormat_t* format, int* k,
                                                         int* c, int* h, int* w) {
    return guard(__func__, [&] {
        if (const auto status = check_filter(filter_desc, "the filter"); failed(status))
            return status;
        if (filter_desc->dims != 4)
            return fail(CUDNN_STATUS_BAD_PARAM, "the filter has %d dimensions", filter_desc->dims);
        give(data_type, filter_desc->type);
        give(format, filter_desc->format);
        int* const sizes[] = {k, c, h, w};
        for (int d = 0; d < 4; ++d)
            give(sizes[d], filter_desc->size[d]);
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnSetFilterNdDescriptor(cudnnFilterDescriptor_t filter_desc,
                                                         cudnnDataType_t data_type,
                                                         cudnnTensorFormat_t format, int nb_dims,
                                                         const int filter_dim_a[]) {
    return guard(__func__, [&] {
        if (filter_dim_a == nullptr) return null_pointer("filterDimA");
        if (const auto status = check_dims(nb_dims); failed(status)) return status;
        const std::vector<int64_t> size(filter_dim_a, filter_dim_a + nb_dims);
        return set_filter(filter_desc, data_type, format, nb_dims, size.data());
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetFilterNdDescriptor(const cudnnFilterDescriptor_t filter_desc,
                                                         int nb_dims_requested,
                                                         cudnnDataType_t* data_type,
                                                         cudnnTensorFormat_t* format, int* nb_dims,
                                                         int filter_dim_a[]) {
    return guard(__func__, [&] {
        if (const auto status = check_filter(filter_desc, "the filter"); failed(status))
            return status;
        if (nb_dims_requested < 0 || nb_dims_requested > CUDNN_DIM_MAX)
            return fail(CUDNN_STATUS_BAD_PARAM, "nbDimsRequested is %d", nb_dims_requested);
        give(data_type, filter_desc->type);
        give(format, filter_desc->format);
        give(nb_dims, filter_desc->dims);
        for (int d = 0; d < std::min(nb_dims_requested, filter_desc->dims); ++d)
            if (filter_dim_a != nullptr) filter_dim_a[d] = int(filter_desc->size[d]);
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetFilterSizeInBytes(const cudnnFilterDescriptor_t filter_desc,
                                                        size_t* size) {
    return guard(__func__, [&] {
        if (size == nullptr) return null_pointer("size");
        if (const auto status = check_filter(filter_desc, "the filter"); failed(status))
            return status;
        *size = size_t(elements(tensor_of(*filter_desc))) * size_of(element_of(filter_desc->type));
        return CUDNN_STATUS_SUCCESS;
    });
}
