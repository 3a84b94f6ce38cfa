// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Pooling and local response normalisation.
#include "runtime/lib/common/api.h"
#include "runtime/lib/dnn/pixels.h"

#include <algorithm>

struct cudnnPoolingStruct {
    int dims = 0; ///< coordinates; 0: not set yet
    cudnnPoolingMode_t mode = CUDNN_POOLING_MAX;
    cudnnNanPropagation_t nan = CUDNN_NOT_PROPAGATE_NAN;
    int window[acc::dnn::kWindowDims] = {};
    int padding[acc::dnn::kWindowDims] = {};
    int step[acc::dnn::kWindowDims] = {};
};

struct cudnnLRNStruct {
    unsigned size = 5;
    double alpha = 1e-4, beta = 0.75, k = 2;
};

namespace acc::dnn {

Pixels pixels_of(const Tensor& t, const void* data) {
    Pixels p;
    p.array = array_of(t, data);
    p.n_stride = t.stride[0];
    p.c_stride = t.stride[1];
    for (int d = 2; d < t.dims; ++d)
        p.stride[kWindowDims - (t.dims - d)] = t.stride[d];
    return p;
}

void set_sizes(int (&size)[kWindowDims], const Tensor& t) {
    for (int d = 2; d < t.dims; ++d)
        size[kWindowDims - (t.dims - d)] = int(t.size[d]);
}

namespace {

using Settings = cudnnPoolingStruct;

cudnnStatus_t set(cudnnPoolingDescriptor_t p, cudnnPoolingMode_t mode, cudnnNanPropagation_t nan,
                  int dims, const int* window, const int* padding, const int* step) {
    if (p == nullptr) return null_pointer("the descriptor");
    if (mode < CUDNN_POOLING_MAX || mode > CUDNN_POOLING_MAX_DETERMINISTIC)
        return fail(CUDNN_STATUS_BAD_PARAM, "no pooling mode %d", int(mode));
    if (nan != CUDNN_NOT_PROPAGATE_NAN && nan != CUDNN_PROPAGATE_NAN)
        return fail(CUDNN_STATUS_BAD_PARAM, "no NaN option %d", int(nan));
    if (dims < 1 || dims > kWindowDims)
        return fail(dims < 1 ? CUDNN_STATUS_BAD_PARAM : CUDNN_STATUS_NOT_SUPPORTED,
                    "windows of %d coordinates", dims);
    for (int d = 0; d < dims; ++d)
        if (window[d] <= 0 || step[d] <= 0 || padding[d] < 0)
            return fail(CUDNN_STATUS_BAD_PARAM, "window %d, stride %d, padding %d", window[d],
                        step[d], padding[d]);
    p->dims = dims;
    p->mode = mode;
    p->nan = nan;
    std::copy(window, window + dims, p->window);
    std::copy(padding, padding + dims, p->padding);
    std::copy(step, step + dims, p->step);
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t output_dimensions(const Settings* p, const Tensor* x,
                                int64_t (&size)[CUDNN_DIM_MAX]) {
    if (p == nullptr) return null_pointer("the pooling's descriptor");
    if (p->dims == 0) return fail(CUDNN_STATUS_BAD_PARAM, "the pooling was not set");
    if (const auto status = check_tensor(x, "the input's descriptor"); failed(status))
        return status;
    if (x->dims != p->dims + 2)
        return fail(CUDNN_STATUS_BAD_PARAM, "%d dimensions, and windows of %d coordinates", x->dims,
                    p->dims);
    size[0] = x->size[0];
    size[1] = x->size[1];
    for (int d = 0; d < p->dims; ++d) {
        const int64_t padded = x->size[2 + d] + 2 * int64_t(p->padding[d]);
        if (padded < p->window[d])
            return fail(CUDNN_STATUS_BAD_PARAM, "a window of %d does not fit in %lld", p->window[d],
                        (long long)padded);
        size[2 + d] = (padded - p->window[d]) / p->step[d] + 1;
    }
    return CUDNN_STATUS_SUCCESS;
}

/// Checks, and makes what is alike forward and backward. y may be of any size whose windows begin
/// in the padded input: programs round up, too.
cudnnStatus_t make(const Settings* p, const Tensor* x, const Tensor* y, const void* alpha,
                   const void* beta, Pooling& pooling) {
    if (alpha == nullptr || beta == nullptr) return null_pointer("alpha or beta");
    int64_t size[CUDNN_DIM_MAX];
    if (const auto status = output_dimensions(p, x, size); failed(status)) return status;
    if (const auto status = check_tensor(y, "yDesc"); failed(status)) return status;
    if (y->dims != x->dims || y->size[0] != size[0] || y->size[1] != size[1])
        return fail(CUDNN_STATUS_BAD_PARAM, "y has another n or c than x");
    if (y->type != x->type) return fail(CUDNN_STATUS_BAD_PARAM, "x and y have different types");
    pooling.mode = p->mode == CUDNN_POOLING_AVERAGE_COUNT_INCLUDE_PADDING ? Pool::AverageWithPadding
                   : p->mode == CUDNN_POOLING_AVERAGE_COUNT_EXCLUDE_PADDING ? Pool::Average
                                                                            : Pool::Max;
    pooling.propagates_nan = p->nan == CUDNN_PROPAGATE_NAN;
    pooling.n = x->size[0];
    pooling.c = x->size[1];
    set_sizes(pooling.in_size, *x);
    set_sizes(pooling.out_size, *y);
    for (int d = 0; d < p->dims; ++d) {
        const int at = kWindowDims - p->dims + d;
        pooling.window[at] = p->window[d];
        pooling.padding[at] = p->padding[d];
        pooling.step[at] = p->step[d];
        if ((y->size[2 + d] - 1) * p->step[d] >= x->size[2 + d] + p->padding[d])
            return fail(CUDNN_STATUS_BAD_PARAM, "dimension %d of y is %lld, of the result %lld",
                        2 + d, (long long)y->size[2 + d], (long long)size[2 + d]);
    }
    pooling.alpha = scalar(x->type, alpha);
    pooling.beta = scalar(x->type, beta);
    return CUDNN_STATUS_SUCCESS;
}

} // namespace
} // namespace acc::dnn

using namespace acc::dnn;

ACC_LIBRARY_API cudnnStatus_t cudnnCreatePoolingDescriptor(cudnnPoolingDescriptor_t* pooling_desc) {
    return create(__func__, pooling_desc);
}
ACC_LIBRARY_API cudnnStatus_t cudnnDestroyPoolingDescriptor(cudnnPoolingDescriptor_t pooling_desc) {
    return destroy(pooling_desc);
}

ACC_LIBRARY_API cudnnStatus_t cudnnSetPooling2dDescriptor(
    cudnnPoolingDescriptor_t pooling_desc, cudnnPoolingMode_t mode,
    cudnnNanPropagation_t maxpooling_nan_opt, int window_height, int window_width,
    int vertical_padding, int horizontal_padding, int vertical_stride, int horizontal_stride) {
    return guard(__func__, [&] {
        const int window[] = {window_height, window_width},
                  padding[] = {vertical_padding, horizontal_padding},
                  step[] = {vertical_stride, horizontal_stride};
        return set(pooling_desc, mode, maxpooling_nan_opt, 2, window, padding, step);
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetPooling2dDescriptor(
    const cudnnPoolingDescriptor_t pooling_desc, cudnnPoolingMode_t* mode,
    cudnnNanPropagation_t* maxpooling_nan_opt, int* window_height, int* window_width,
    int* vertical_padding, int* horizontal_padding, int* vertical_stride, int* horizontal_stride) {
    return guard(__func__, [&] {
        if (pooling_desc == nullptr) return null_pointer("the descriptor");
        if (pooling_desc->dims != 2)
            return fail(CUDNN_STATUS_BAD_PARAM, "windows of %d coordinates", pooling_desc->dims);
        give(mode, pooling_desc->mode);
        give(maxpooling_nan_opt, pooling_desc->nan);
        give(window_height, pooling_desc->window[0]);
        give(window_width, pooling_desc->window[1]);
        give(vertical_padding, pooling_desc->padding[0]);
        give(horizontal_padding, pooling_desc->padding[1]);
        give(vertical_stride, pooling_desc->step[0]);
        give(horizontal_stride, pooling_desc->step[1]);
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t
cudnnSetPoolingNdDescriptor(cudnnPoolingDescriptor_t pooling_desc, const cudnnPoolingMode_t mode,
                            const cudnnNanPropagation_t maxpooling_nan_opt, int nb_dims,
                            const int window_dim_a[], const int padding_a[], const int stride_a[]) {
    return guard(__func__, [&] {
        if (window_dim_a == nullptr || padding_a == nullptr || stride_a == nullptr)
            return null_pointer("windowDimA, paddingA or strideA");
        return set(pooling_desc, mode, maxpooling_nan_opt, nb_dims, window_dim_a, padding_a,
                   stride_a);
    });
}

ACC_LIBRARY_API cudnnStatus_t
cudnnGetPoolingNdDescriptor(const cudnnPoolingDescriptor_t pooling_desc, int nb_dims_requested,
                            cudnnPoolingMode_t* mode, cudnnNanPropagation_t* maxpooling_nan_opt,
                            int* nb_dims, int window_dim_a[], int padding_a[], int stride_a[]) {
    return guard(__func__, [&] {
        if (pooling_desc == nullptr) return null_pointer("the descriptor");
        if (nb_dims_requested < 0)
            return fail(CUDNN_STATUS_BAD_PARAM, "nbDimsRequested is %d", nb_dims_requested);
        give(mode, pooling_desc->mode);
        give(maxpooling_nan_opt, pooling_desc->nan);
        give(nb_dims, pooling_desc->dims);
        for (int d = 0; d < std::min(nb_dims_requested, pooling_desc->dims); ++d) {
            if (window_dim_a != nullptr) window_dim_a[d] = pooling_desc->window[d];
            if (padding_a != nullptr) padding_a[d] = pooling_desc->padding[d];
            if (stride_a != nullptr) stride_a[d] = pooling_desc->step[d];
        }
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetPoolingNdForwardOutputDim(
    const cudnnPoolingDescriptor_t pooling_desc, const cudnnTensorDescriptor_t input_tensor_desc,
    int nb_dims, int output_tensor_dim_a[]) {
    return guard(__func__, [&] {
        if (output_tensor_dim_a == nullptr) return null_pointer("outputTensorDimA");
        int64_t size[CUDNN_DIM_MAX];
        const auto status = output_dimensions(pooling_desc, input_tensor_desc, size);
        if (failed(status)) return status;
        if (nb_dims != input_tensor_desc->dims)
            return fail(CUDNN_STATUS_BAD_PARAM, "nbDims is %d, the input has %d", nb_dims,
                        input_tensor_desc->dims);
        std::copy(size, size + nb_dims, output_tensor_dim_a);
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetPooling2dForwardOutputDim(
    const cudnnPoolingDescriptor_t pooling_desc, const cudnnTensorDescriptor_t input_tensor_desc,
    int* n, int* c, int* h, int* w) {
    return guard(__func__, [&] {
        int64_t size[CUDNN_DIM_MAX];
        const auto status = output_dimensions(pooling_desc, input_tensor_desc, size);
        if (failed(status)) return status;
        if (input_tensor_desc->dims != 4)
            return fail(CUDNN_STATUS_BAD_PARAM, "the input has %d dimensions",
                        input_tensor_desc->dims);
        int* const places[] = {n, c, h, w};
        for (int d = 0; d < 4; ++d)
            give(places[d], size[d]);
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnPoolingForward(cudnnHandle_t handle,
                                                  const cudnnPoolingDescriptor_t pooling_desc,
                                                  const void* alpha,
                                                  const cudnnTensorDescriptor_t x_desc,
                                                  const void* x, const void* beta,
                                                  const cudnnTensorDescriptor_t y_desc, void* y) {
    return guard(__func__, handle, [&] {
        Pooling pooling;
        const auto status = make(pooling_desc, x_desc, y_desc, alpha, beta, pooling);
        if (failed(status)) return status;
        if (x == nullptr || y == nullptr) return null_pointer("x or y");
        pooling.x = pixels_of(*x_desc, x);
        pooling.y = pixels_of(*y_desc, y);
        return status_of(launch_pooling(handle->stream, pooling));
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnPoolingBackward(
    cudnnHandle_t handle, const cudnnPoolingDescriptor_t pooling_desc, const void* alpha,
    const cudnnTensorDescriptor_t y_desc, const void*, const cudnnTensorDescriptor_t dy_desc,
    const void* dy, const cudnnTensorDescriptor_t x_desc, const void* x, const void* beta,
    const cudnnTensorDescriptor_t dx_desc, void* dx) {
    return guard(__func__, handle, [&] {
        Pooling pooling;
        const auto status = make(pooling_desc, x_desc, dy_desc, alpha, beta, pooling);
        if (failed(status)) return status;
        for (const auto checked : {check_tensor(y_desc, "yDesc"), check_tensor(dx_desc, "dxDesc")})
            if (failed(checked)) return checked;
        for (const auto checked :
             {check_same(*y_desc, *dy_desc, "y and dy"), check_same(*x_desc, *dx_desc, "x and dx")})
            if (failed(checked)) return checked;
        if (dy == nullptr || dx == nullptr || (x == nullptr && pooling.mode == Pool::Max))
            return null_pointer("dy, x or dx");
        pooling.x = pixels_of(*x_desc, x);
        pooling.dy = pixels_of(*dy_desc, dy);
        pooling.dx = pixels_of(*dx_desc, dx);
        return status_of(launch_pooling_gradient(handle->stream, pooling));
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnCreateLRNDescriptor(cudnnLRNDescriptor_t* norm_desc) {
    return create(__func__, norm_desc);
}
ACC_LIBRARY_API cudnnStatus_t cudnnDestroyLRNDescriptor(cudnnLRNDescriptor_t lrn_desc) {
    return destroy(lrn_desc);
}

ACC_LIBRARY_API cudnnStatus_t cudnnSetLRNDescriptor(cudnnLRNDescriptor_t norm_desc, unsigned lrn_n,
                                                    double lrn_alpha, double lrn_beta,
                                                    double lrn_k) {
    return guard(__func__, [&] {
        if (norm_desc == nullptr) return null_pointer("the descriptor");
        if (lrn_n < CUDNN_LRN_MIN_N || lrn_n > CUDNN_LRN_MAX_N || lrn_k < CUDNN_LRN_MIN_K ||
            lrn_beta < CUDNN_LRN_MIN_BETA)
            return fail(CUDNN_STATUS_BAD_PARAM, "n %u, beta %g or k %g is out of range", lrn_n,
                        lrn_beta, lrn_k);
        *norm_desc = {lrn_n, lrn_alpha, lrn_beta, lrn_k};
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetLRNDescriptor(cudnnLRNDescriptor_t norm_desc, unsigned* lrn_n,
                                                    double* lrn_alpha, double* lrn_beta,
                                                    double* lrn_k) {
    return guard(__func__, [&] {
        if (norm_desc == nullptr) return null_pointer("the descriptor");
        give(lrn_n, norm_desc->size);
        give(lrn_alpha, norm_desc->alpha);
        give(lrn_beta, norm_desc->beta);
        give(lrn_k, norm_desc->k);
        return CUDNN_STATUS_SUCCESS;
    });
}

namespace {

cudnnStatus_t make_windows(const cudnnLRNStruct* norm, cudnnLRNMode_t mode, const void* alpha,
                           const void* beta, const Tensor* x,
                           std::initializer_list<const Tensor*> others, ChannelWindows& w) {
    if (norm == nullptr || alpha == nullptr || beta == nullptr)
        return null_pointer("the LRN's descriptor, alpha or beta");
    if (mode != CUDNN_LRN_CROSS_CHANNEL_DIM1)
        return fail(CUDNN_STATUS_BAD_PARAM, "no LRN mode %d", int(mode));
    if (const auto status = check_tensor(x, "xDesc"); failed(status)) return status;
    for (const Tensor* other : others) {
        if (const auto status = check_tensor(other, "a tensor"); failed(status)) return status;
        if (const auto status = check_same(*x, *other, "x and another tensor"); failed(status))
            return status;
    }
    if (x->dims > 2 + kWindowDims)
        return fail(CUDNN_STATUS_NOT_SUPPORTED, "LRN of %d dimensions", x->dims);
    w.n = x->size[0];
    w.c = x->size[1];
    set_sizes(w.in_size, *x);
    w.size = int(norm->size);
    w.alpha = norm->alpha / norm->size;
    w.power = norm->beta;
    w.k = norm->k;
    w.scale = scalar(x->type, alpha);
    w.beta = scalar(x->type, beta);
    return CUDNN_STATUS_SUCCESS;
}

} // namespace

ACC_LIBRARY_API cudnnStatus_t cudnnLRNCrossChannelForward(
    cudnnHandle_t handle, cudnnLRNDescriptor_t norm_desc, cudnnLRNMode_t lrn_mode,
    const void* alpha, const cudnnTensorDescriptor_t x_desc, const void* x, const void* beta,
    const cudnnTensorDescriptor_t y_desc, void* y) {
    return guard(__func__, handle, [&] {
        ChannelWindows w;
        const auto status = make_windows(norm_desc, lrn_mode, alpha, beta, x_desc, {y_desc}, w);
        if (failed(status)) return status;
        if (x == nullptr || y == nullptr) return null_pointer("x or y");
        w.x = pixels_of(*x_desc, x);
        w.y = pixels_of(*y_desc, y);
        return status_of(launch_channel_windows(handle->stream, w));
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnLRNCrossChannelBackward(
    cudnnHandle_t handle, cudnnLRNDescriptor_t norm_desc, cudnnLRNMode_t lrn_mode,
    const void* alpha, const cudnnTensorDescriptor_t y_desc, const void*,
    const cudnnTensorDescriptor_t dy_desc, const void* dy, const cudnnTensorDescriptor_t x_desc,
    const void* x, const void* beta, const cudnnTensorDescriptor_t dx_desc, void* dx) {
    return guard(__func__, handle, [&] {
        ChannelWindows w;
        const auto status = make_windows(norm_desc, lrn_mode, alpha, beta, x_desc,
                                         {y_desc, dy_desc, dx_desc}, w);
        if (failed(status)) return status;
        if (x == nullptr || dy == nullptr || dx == nullptr) return null_pointer("x, dy or dx");
        w.backward = true;
        w.x = pixels_of(*x_desc, x);
        w.dy = pixels_of(*dy_desc, dy);
        w.dx = pixels_of(*dx_desc, dx);
        return status_of(launch_channel_windows(handle->stream, w));
    });
}
