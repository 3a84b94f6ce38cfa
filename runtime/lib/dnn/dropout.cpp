// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/dnn/dropout.h"

#include "runtime/lib/common/api.h"
#include "runtime/lib/dnn/descriptors.h"
#include "runtime/lib/dnn/kernels/elementwise.h"

using namespace acc::dnn;

namespace {

constexpr size_t kStatesSize = 2 * sizeof(uint64_t);

cudnnStatus_t set(cudnnDropoutDescriptor_t d, float rate, void* states, size_t size,
                  unsigned long long seed) {
    if (d == nullptr) return null_pointer("the descriptor");
    if (!(rate >= 0 && rate <= 1))
        return fail(CUDNN_STATUS_BAD_PARAM, "dropout is %g", double(rate));
    if (states != nullptr && size < kStatesSize)
        return fail(CUDNN_STATUS_INVALID_VALUE, "%zu bytes for states, %zu are needed", size,
                    kStatesSize);
    d->rate = rate;
    d->states = static_cast<uint64_t*>(states);
    d->seed = seed;
    return CUDNN_STATUS_SUCCESS;
}

/// One of the two directions: the mask is written or read.
cudnnStatus_t run(cudnnHandle_t handle, Op op, const cudnnDropoutStruct* d, const Tensor* x,
                  const void* x_data, const Tensor* y, void* y_data, void* reserve, size_t size) {
    if (d == nullptr) return null_pointer("the dropout");
    for (const auto status : {check_tensor(x, "xdesc"), check_tensor(y, "ydesc")})
        if (failed(status)) return status;
    if (const auto status = check_same(*x, *y, "x and y"); failed(status)) return status;
    if (x_data == nullptr || y_data == nullptr || reserve == nullptr)
        return null_pointer("x, y or reserveSpace");
    const int64_t count = elements(*x);
    if (size < size_t(count))
        return fail(CUDNN_STATUS_BAD_PARAM, "%zu bytes of reserve space, %lld are needed", size,
                    (long long)count);
    if (op == Op::Dropout && d->states == nullptr)
        return fail(CUDNN_STATUS_BAD_PARAM, "the dropout has no states");
    const Tensor mask = packed_tensor(CUDNN_DATA_UINT8, CUDNN_TENSOR_NCHW, x->dims, x->size);
    Loop loop;
    for (int i = 0; i < x->dims; ++i) {
        const int64_t strides[] = {x->stride[i], mask.stride[i], y->stride[i]};
        loop.add(x->size[i], strides, 3);
    }
    Elementwise e;
    e.op = op;
    e.box = loop.box();
    e.inputs = 2;
    e.in[0] = array_of(*x, x_data);
    e.in[1] = array_of(mask, reserve);
    e.in_strides[0] = loop.strides(0);
    e.in_strides[1] = loop.strides(1);
    e.out = array_of(*y, y_data);
    e.out_strides = loop.strides(2);
    e.parameter[0] = double(d->rate);
    e.random = d->states;
    if (const auto status = status_of(launch_elementwise(handle->stream, e)); failed(status))
        return status;
    return op == Op::Dropout ? status_of(launch_advance(handle->stream, d->states, uint64_t(count)))
                             : CUDNN_STATUS_SUCCESS;
}

} // namespace

ACC_LIBRARY_API cudnnStatus_t cudnnCreateDropoutDescriptor(cudnnDropoutDescriptor_t* dropout_desc) {
    return create(__func__, dropout_desc);
}
ACC_LIBRARY_API cudnnStatus_t cudnnDestroyDropoutDescriptor(cudnnDropoutDescriptor_t dropout_desc) {
    return destroy(dropout_desc);
}

ACC_LIBRARY_API cudnnStatus_t cudnnDropoutGetStatesSize(cudnnHandle_t handle, size_t* size) {
    return guard(__func__, handle, [&] {
        if (size == nullptr) return null_pointer("sizeInBytes");
        *size = kStatesSize;
        return CUDNN_STATUS_SUCCESS;
    });
}

/// A byte for each element: whether it was kept.
ACC_LIBRARY_API cudnnStatus_t cudnnDropoutGetReserveSpaceSize(cudnnTensorDescriptor_t xdesc,
                                                              size_t* size) {
    return guard(__func__, [&] {
        if (size == nullptr) return null_pointer("sizeInBytes");
        if (const auto status = check_tensor(xdesc, "xdesc"); failed(status)) return status;
        *size = size_t(elements(*xdesc));
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnSetDropoutDescriptor(cudnnDropoutDescriptor_t dropout_desc,
                                                        cudnnHandle_t handle, float dropout,
                                                        void* states, size_t state_size,
                                                        unsigned long long seed) {
    return guard(__func__, handle, [&] {
        const auto status = set(dropout_desc, dropout, states, state_size, seed);
        if (failed(status) || states == nullptr) return status;
        return status_of(launch_seed(handle->stream, dropout_desc->states, seed));
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnRestoreDropoutDescriptor(cudnnDropoutDescriptor_t dropout_desc,
                                                            cudnnHandle_t handle, float dropout,
                                                            void* states, size_t state_size,
                                                            unsigned long long seed) {
    return guard(__func__, handle,
                 [&] { return set(dropout_desc, dropout, states, state_size, seed); });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetDropoutDescriptor(cudnnDropoutDescriptor_t dropout_desc,
                                                        cudnnHandle_t handle, float* dropout,
                                                        void** states, unsigned long long* seed) {
    return guard(__func__, handle, [&] {
        if (dropout_desc == nullptr) return null_pointer("the descriptor");
        give(dropout, dropout_desc->rate);
        if (states != nullptr) *states = dropout_desc->states;
        give(seed, dropout_desc->seed);
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnDropoutForward(cudnnHandle_t handle,
                                                  const cudnnDropoutDescriptor_t dropout_desc,
                                                  const cudnnTensorDescriptor_t xdesc,
                                                  const void* x,
                                                  const cudnnTensorDescriptor_t ydesc, void* y,
                                                  void* reserve_space, size_t reserve_space_size) {
    return guard(__func__, handle, [&] {
        return run(handle, Op::Dropout, dropout_desc, xdesc, x, ydesc, y, reserve_space,
                   reserve_space_size);
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnDropoutBackward(cudnnHandle_t handle,
                                                   const cudnnDropoutDescriptor_t dropout_desc,
                                                   const cudnnTensorDescriptor_t dydesc,
                                                   const void* dy,
                                                   const cudnnTensorDescriptor_t dxdesc, void* dx,
                                                   void* reserve_space, size_t reserve_space_size) {
    return guard(__func__, handle, [&] {
        return run(handle, Op::DropoutGradient, dropout_desc, dydesc, dy, dxdesc, dx, reserve_space,
                   reserve_space_size);
    });
}
