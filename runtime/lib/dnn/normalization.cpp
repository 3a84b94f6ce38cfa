// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Batch normalisation, under its first and its later names.
#include "runtime/lib/common/api.h"
#include "runtime/lib/dnn/activation.h"
#include "runtime/lib/dnn/kernels/rows.h"

#include <initializer_list>

namespace acc::dnn {
namespace {

/// What is done beside the normalisation itself.
enum class Extra { None, Activation, AddActivation };

/// What statistics are of: each activation over n, or each channel over n and the coordinates.
bool is_kept(bool per_activation, int dimension) {
    return per_activation ? dimension > 0 : dimension == 1;
}

cudnnStatus_t check_parameters(const Tensor* parameters, const Tensor& x, bool per_activation) {
    if (const auto status = check_tensor(parameters, "the parameters' descriptor"); failed(status))
        return status;
    if (parameters->dims != x.dims)
        return fail(CUDNN_STATUS_BAD_PARAM, "the parameters have %d dimensions, x %d",
                    parameters->dims, x.dims);
    for (int d = 0; d < x.dims; ++d)
        if (parameters->size[d] != (is_kept(per_activation, d) ? x.size[d] : 1))
            return fail(CUDNN_STATUS_BAD_PARAM, "dimension %d of the parameters is %lld", d,
                        (long long)parameters->size[d]);
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t check_extra(Extra extra, const cudnnActivationStruct* activation, const Tensor* z,
                          const void* z_data, const Tensor& x) {
    if (extra == Extra::None) return CUDNN_STATUS_SUCCESS;
    if (activation == nullptr) return null_pointer("the activation");
    if (activation->mode != CUDNN_ACTIVATION_RELU && activation->mode != CUDNN_ACTIVATION_IDENTITY)
        return fail(CUDNN_STATUS_NOT_SUPPORTED, "activation %d after a normalisation",
                    int(activation->mode));
    if (extra == Extra::Activation) return CUDNN_STATUS_SUCCESS;
    if (const auto status = check_tensor(z, "zDesc"); failed(status)) return status;
    if (z_data == nullptr) return null_pointer("z");
    return check_same(x, *z, "x and z");
}

/// Boxes and strides of x-like tensors and, last, of the parameters.
struct Rows {
    Loop outer, inner;
    Rows(const Tensor& x, bool per_activation, std::initializer_list<const Tensor*> tensors,
         const Tensor& parameters) {
        for (int d = 0; d < x.dims; ++d) {
            const bool kept = is_kept(per_activation, d);
            std::vector<int64_t> strides;
            for (const Tensor* t : tensors)
                strides.push_back(t->stride[d]);
            strides.push_back(kept ? parameters.stride[d] : 0);
            (kept ? outer : inner).add(x.size[d], strides.data(), int(strides.size()));
        }
    }
    Span span(int i, const Tensor& t, const void* data) const {
        return {array_of(t, data), outer.strides(i), inner.strides(i)};
    }
};

void put(const Activation& a, Op op, Op& to, double (&parameter)[3]) {
    to = op;
    for (int i = 0; i < 3; ++i)
        parameter[i] = a.parameter[i];
}

/// What forward functions are given.
struct Forward {
    bool per_activation;
    Extra extra = Extra::None;
    const void *alpha, *beta;
    const Tensor* x_desc;
    const void* x;
    const Tensor* z_desc = nullptr;
    const void* z = nullptr;
    const Tensor* y_desc;
    void* y;
    const Tensor* parameters;
    const void *scale, *bias;
    double epsilon;
    const cudnnActivationStruct* activation = nullptr;
    // Inference:
    const void *mean = nullptr, *variance = nullptr;
    // Training:
    double factor = 0;
    void *running_mean = nullptr, *running_variance = nullptr;
    void *saved_mean = nullptr, *saved_inverse = nullptr;
};

cudnnStatus_t check(const Forward& f) {
    if (f.alpha == nullptr || f.beta == nullptr) return null_pointer("alpha or beta");
    for (const auto status : {check_tensor(f.x_desc, "xDesc"), check_tensor(f.y_desc, "yDesc")})
        if (failed(status)) return status;
    for (const auto status : {check_same(*f.x_desc, *f.y_desc, "x and y"),
                              check_parameters(f.parameters, *f.x_desc, f.per_activation),
                              check_extra(f.extra, f.activation, f.z_desc, f.z, *f.x_desc)})
        if (failed(status)) return status;
    if (f.x_desc->dims < 4 || f.x_desc->dims > 5)
        return fail(CUDNN_STATUS_NOT_SUPPORTED, "normalisation of %d dimensions", f.x_desc->dims);
    if (f.x == nullptr || f.y == nullptr || f.scale == nullptr || f.bias == nullptr)
        return null_pointer("x, y, scale or bias");
    if (f.epsilon < CUDNN_BN_MIN_EPSILON)
        return fail(CUDNN_STATUS_BAD_PARAM, "epsilon is %g", f.epsilon);
    return CUDNN_STATUS_SUCCESS;
}

/// What inference and training have in common.
Normalization normalization_of(const Forward& f, const Rows& rows) {
    const bool has_z = f.extra == Extra::AddActivation;
    const int last = has_z ? 3 : 2;
    Normalization n;
    n.outer = rows.outer.box();
    n.inner = rows.inner.box();
    n.x = rows.span(0, *f.x_desc, f.x);
    n.y = rows.span(1, *f.y_desc, f.y);
    if (has_z) n.z = rows.span(2, *f.z_desc, f.z);
    n.scale = rows.span(last, *f.parameters, f.scale);
    n.bias = rows.span(last, *f.parameters, f.bias);
    n.epsilon = f.epsilon;
    n.alpha = scalar(f.x_desc->type, f.alpha);
    n.beta = scalar(f.x_desc->type, f.beta);
    if (f.extra != Extra::None) {
        const Activation a = activation_of(*f.activation);
        put(a, a.op, n.activation, n.parameter);
    }
    return n;
}

Rows rows_of(const Forward& f) {
    if (f.extra == Extra::AddActivation)
        return {*f.x_desc, f.per_activation, {f.x_desc, f.y_desc, f.z_desc}, *f.parameters};
    return {*f.x_desc, f.per_activation, {f.x_desc, f.y_desc}, *f.parameters};
}

cudnnStatus_t infer(cudnnHandle_t handle, const Forward& f) {
    if (const auto status = check(f); failed(status)) return status;
    if (f.mean == nullptr || f.variance == nullptr) return null_pointer("mean or variance");
    const Rows rows = rows_of(f);
    const int last = f.extra == Extra::AddActivation ? 3 : 2;
    Normalization n = normalization_of(f, rows);
    n.uses_statistics = true;
    n.mean = rows.span(last, *f.parameters, f.mean);
    n.variance = rows.span(last, *f.parameters, f.variance);
    return status_of(launch_normalization(handle->stream, n));
}

cudnnStatus_t train(cudnnHandle_t handle, const Forward& f) {
    if (const auto status = check(f); failed(status)) return status;
    if ((f.running_mean == nullptr) != (f.running_variance == nullptr) ||
        (f.saved_mean == nullptr) != (f.saved_inverse == nullptr))
        return fail(CUDNN_STATUS_BAD_PARAM, "a mean without its variance");
    const Rows rows = rows_of(f);
    const int last = f.extra == Extra::AddActivation ? 3 : 2;
    Normalization n = normalization_of(f, rows);
    n.mean = rows.span(last, *f.parameters, f.saved_mean);
    n.variance = rows.span(last, *f.parameters, f.saved_inverse);
    n.running_mean = n.new_running_mean = rows.span(last, *f.parameters, f.running_mean);
    n.running_variance = n.new_running_variance = rows.span(last, *f.parameters,
                                                            f.running_variance);
    n.factor = f.factor;
    return status_of(launch_normalization(handle->stream, n));
}

struct Backward {
    bool per_activation;
    Extra extra = Extra::None;
    const void *alpha, *beta, *alpha_params, *beta_params;
    const Tensor* x_desc;
    const void* x;
    const Tensor* y_desc = nullptr;
    const void* y = nullptr;
    const Tensor* dy_desc;
    const void* dy;
    const Tensor* dz_desc = nullptr;
    void* dz = nullptr;
    const Tensor* dx_desc;
    void* dx;
    const Tensor* parameters;
    const void* scale;
    void *dscale, *dbias;
    double epsilon;
    const void *saved_mean, *saved_inverse;
    const cudnnActivationStruct* activation = nullptr;
};

cudnnStatus_t check(const Backward& b) {
    for (const void* factor : {b.alpha, b.beta, b.alpha_params, b.beta_params})
        if (factor == nullptr) return null_pointer("an alpha or beta");
    for (const auto status : {check_tensor(b.x_desc, "xDesc"), check_tensor(b.dy_desc, "dyDesc"),
                              check_tensor(b.dx_desc, "dxDesc")})
        if (failed(status)) return status;
    for (const auto status : {check_same(*b.x_desc, *b.dy_desc, "x and dy"),
                              check_same(*b.x_desc, *b.dx_desc, "x and dx"),
                              check_parameters(b.parameters, *b.x_desc, b.per_activation),
                              check_extra(b.extra, b.activation, b.dz_desc, b.dz, *b.x_desc)})
        if (failed(status)) return status;
    if (b.x_desc->dims < 4 || b.x_desc->dims > 5)
        return fail(CUDNN_STATUS_NOT_SUPPORTED, "normalisation of %d dimensions", b.x_desc->dims);
    for (const void* data : {b.x, b.dy, static_cast<const void*>(b.dx), b.scale,
                             static_cast<const void*>(b.dscale), static_cast<const void*>(b.dbias)})
        if (data == nullptr) return null_pointer("x, dy, dx, scale or a gradient");
    if ((b.saved_mean == nullptr) != (b.saved_inverse == nullptr))
        return fail(CUDNN_STATUS_BAD_PARAM, "a saved mean without its variance");
    if (b.extra != Extra::None) {
        if (const auto status = check_tensor(b.y_desc, "yDesc"); failed(status)) return status;
        if (b.y == nullptr) return null_pointer("y");
        return check_same(*b.x_desc, *b.y_desc, "x and y");
    }
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t back(cudnnHandle_t handle, const Backward& b) {
    if (const auto status = check(b); failed(status)) return status;
    // What is not there takes x's place in the loops.
    const Tensor* const y = b.extra != Extra::None ? b.y_desc : b.x_desc;
    const Tensor* const dz = b.extra == Extra::AddActivation ? b.dz_desc : b.x_desc;
    const Rows rows(*b.x_desc, b.per_activation, {b.x_desc, b.dy_desc, b.dx_desc, y, dz},
                    *b.parameters);
    NormalizationGradient n;
    n.outer = rows.outer.box();
    n.inner = rows.inner.box();
    n.x = rows.span(0, *b.x_desc, b.x);
    n.dy = rows.span(1, *b.dy_desc, b.dy);
    n.dx = rows.span(2, *b.dx_desc, b.dx);
    n.scale = rows.span(5, *b.parameters, b.scale);
    n.dscale = rows.span(5, *b.parameters, b.dscale);
    n.dbias = rows.span(5, *b.parameters, b.dbias);
    n.mean = rows.span(5, *b.parameters, b.saved_mean);
    n.inv_deviation = rows.span(5, *b.parameters, b.saved_inverse);
    n.epsilon = b.epsilon;
    n.alpha = scalar(b.x_desc->type, b.alpha);
    n.beta = scalar(b.x_desc->type, b.beta);
    n.alpha_params = scalar(b.x_desc->type, b.alpha_params);
    n.beta_params = scalar(b.x_desc->type, b.beta_params);
    if (b.extra != Extra::None) {
        const Activation a = activation_of(*b.activation);
        put(a, a.gradient, n.activation, n.parameter);
        n.y = rows.span(3, *y, b.y);
    }
    if (b.extra == Extra::AddActivation) n.dz = rows.span(4, *dz, b.dz);
    return status_of(launch_normalization_gradient(handle->stream, n));
}

cudnnStatus_t check_mode(cudnnBatchNormMode_t mode) {
    if (mode < CUDNN_BATCHNORM_PER_ACTIVATION || mode > CUDNN_BATCHNORM_SPATIAL_PERSISTENT)
        return fail(CUDNN_STATUS_BAD_PARAM, "no batch normalisation mode %d", int(mode));
    return CUDNN_STATUS_SUCCESS;
}
cudnnStatus_t check_mode(cudnnNormMode_t mode, cudnnNormAlgo_t algo, int groups) {
    if (mode != CUDNN_NORM_PER_ACTIVATION && mode != CUDNN_NORM_PER_CHANNEL)
        return fail(CUDNN_STATUS_BAD_PARAM, "no normalisation mode %d", int(mode));
    if (algo != CUDNN_NORM_ALGO_STANDARD && algo != CUDNN_NORM_ALGO_PERSIST)
        return fail(CUDNN_STATUS_BAD_PARAM, "no normalisation algorithm %d", int(algo));
    if (groups != 1)
        return fail(CUDNN_STATUS_NOT_SUPPORTED, "groupCnt is %d: only 1 is supported", groups);
    return CUDNN_STATUS_SUCCESS;
}

template <class Ops>
cudnnStatus_t check_ops(Ops ops, Extra& extra) {
    if (int(ops) < 0 || int(ops) > 2)
        return fail(CUDNN_STATUS_BAD_PARAM, "no normalisation operation %d", int(ops));
    extra = Extra(int(ops));
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t derive(cudnnTensorDescriptor_t derived, const Tensor* x, bool per_activation) {
    if (derived == nullptr) return null_pointer("the derived descriptor");
    if (const auto status = check_tensor(x, "xDesc"); failed(status)) return status;
    int64_t size[CUDNN_DIM_MAX];
    for (int d = 0; d < x->dims; ++d)
        size[d] = is_kept(per_activation, d) ? x->size[d] : 1;
    *derived = packed_tensor(x->type == CUDNN_DATA_DOUBLE ? CUDNN_DATA_DOUBLE : CUDNN_DATA_FLOAT,
                             CUDNN_TENSOR_NCHW, x->dims, size);
    return CUDNN_STATUS_SUCCESS;
}

/// Neither workspace nor reserve space is needed.
cudnnStatus_t no_space(size_t* size) {
    if (size == nullptr) return null_pointer("sizeInBytes");
    *size = 0;
    return CUDNN_STATUS_SUCCESS;
}

} // namespace
} // namespace acc::dnn

using namespace acc::dnn;

ACC_LIBRARY_API cudnnStatus_t cudnnDeriveBNTensorDescriptor(cudnnTensorDescriptor_t derived_bn_desc,
                                                            const cudnnTensorDescriptor_t x_desc,
                                                            cudnnBatchNormMode_t mode) {
    return guard(__func__, [&] {
        if (const auto status = check_mode(mode); failed(status)) return status;
        return derive(derived_bn_desc, x_desc, mode == CUDNN_BATCHNORM_PER_ACTIVATION);
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnDeriveNormTensorDescriptor(
    cudnnTensorDescriptor_t derived_norm_scale_bias_desc,
    cudnnTensorDescriptor_t derived_norm_mean_var_desc, const cudnnTensorDescriptor_t x_desc,
    cudnnNormMode_t mode, int group_cnt) {
    return guard(__func__, [&] {
        const auto status = check_mode(mode, CUDNN_NORM_ALGO_STANDARD, group_cnt);
        if (failed(status)) return status;
        const bool per_activation = mode == CUDNN_NORM_PER_ACTIVATION;
        for (const auto derived : {derive(derived_norm_scale_bias_desc, x_desc, per_activation),
                                   derive(derived_norm_mean_var_desc, x_desc, per_activation)})
            if (failed(derived)) return derived;
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnBatchNormalizationForwardInference(
    cudnnHandle_t handle, cudnnBatchNormMode_t mode, const void* alpha, const void* beta,
    const cudnnTensorDescriptor_t x_desc, const void* x, const cudnnTensorDescriptor_t y_desc,
    void* y, const cudnnTensorDescriptor_t bn_scale_bias_mean_var_desc, const void* bn_scale,
    const void* bn_bias, const void* estimated_mean, const void* estimated_variance,
    double epsilon) {
    return guard(__func__, handle, [&] {
        if (const auto status = check_mode(mode); failed(status)) return status;
        return infer(handle, {.per_activation = mode == CUDNN_BATCHNORM_PER_ACTIVATION,
                              .alpha = alpha,
                              .beta = beta,
                              .x_desc = x_desc,
                              .x = x,
                              .y_desc = y_desc,
                              .y = y,
                              .parameters = bn_scale_bias_mean_var_desc,
                              .scale = bn_scale,
                              .bias = bn_bias,
                              .epsilon = epsilon,
                              .mean = estimated_mean,
                              .variance = estimated_variance});
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnNormalizationForwardInference(
    cudnnHandle_t handle, cudnnNormMode_t mode, cudnnNormOps_t norm_ops, cudnnNormAlgo_t algo,
    const void* alpha, const void* beta, const cudnnTensorDescriptor_t x_desc, const void* x,
    const cudnnTensorDescriptor_t norm_scale_bias_desc, const void* norm_scale,
    const void* norm_bias, const cudnnTensorDescriptor_t, const void* estimated_mean,
    const void* estimated_variance, const cudnnTensorDescriptor_t z_desc, const void* z,
    cudnnActivationDescriptor_t activation_desc, const cudnnTensorDescriptor_t y_desc, void* y,
    double epsilon, int group_cnt) {
    return guard(__func__, handle, [&] {
        Extra extra = Extra::None;
        for (const auto status : {check_mode(mode, algo, group_cnt), check_ops(norm_ops, extra)})
            if (failed(status)) return status;
        return infer(handle, {.per_activation = mode == CUDNN_NORM_PER_ACTIVATION,
                              .extra = extra,
                              .alpha = alpha,
                              .beta = beta,
                              .x_desc = x_desc,
                              .x = x,
                              .z_desc = z_desc,
                              .z = z,
                              .y_desc = y_desc,
                              .y = y,
                              .parameters = norm_scale_bias_desc,
                              .scale = norm_scale,
                              .bias = norm_bias,
                              .epsilon = epsilon,
                              .activation = activation_desc,
                              .mean = estimated_mean,
                              .variance = estimated_variance});
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnBatchNormalizationForwardTraining(
    cudnnHandle_t handle, cudnnBatchNormMode_t mode, const void* alpha, const void* beta,
    const cudnnTensorDescriptor_t x_desc, const void* x, const cudnnTensorDescriptor_t y_desc,
    void* y, const cudnnTensorDescriptor_t bn_scale_bias_mean_var_desc, const void* bn_scale,
    const void* bn_bias, double exponential_average_factor, void* result_running_mean,
    void* result_running_variance, double epsilon, void* result_save_mean,
    void* result_save_inv_variance) {
    return guard(__func__, handle, [&] {
        if (const auto status = check_mode(mode); failed(status)) return status;
        return train(handle, {.per_activation = mode == CUDNN_BATCHNORM_PER_ACTIVATION,
                              .alpha = alpha,
                              .beta = beta,
                              .x_desc = x_desc,
                              .x = x,
                              .y_desc = y_desc,
                              .y = y,
                              .parameters = bn_scale_bias_mean_var_desc,
                              .scale = bn_scale,
                              .bias = bn_bias,
                              .epsilon = epsilon,
                              .factor = exponential_average_factor,
                              .running_mean = result_running_mean,
                              .running_variance = result_running_variance,
                              .saved_mean = result_save_mean,
                              .saved_inverse = result_save_inv_variance});
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnBatchNormalizationForwardTrainingEx(
    cudnnHandle_t handle, cudnnBatchNormMode_t mode, cudnnBatchNormOps_t bn_ops, const void* alpha,
    const void* beta, const cudnnTensorDescriptor_t x_desc, const void* x_data,
    const cudnnTensorDescriptor_t z_desc, const void* z_data, const cudnnTensorDescriptor_t y_desc,
    void* y_data, const cudnnTensorDescriptor_t bn_scale_bias_mean_var_desc, const void* bn_scale,
    const void* bn_bias, double exponential_average_factor, void* result_running_mean,
    void* result_running_variance, double epsilon, void* result_save_mean,
    void* result_save_inv_variance, cudnnActivationDescriptor_t activation_desc, void*, size_t,
    void*, size_t) {
    return guard(__func__, handle, [&] {
        Extra extra = Extra::None;
        for (const auto status : {check_mode(mode), check_ops(bn_ops, extra)})
            if (failed(status)) return status;
        return train(handle, {.per_activation = mode == CUDNN_BATCHNORM_PER_ACTIVATION,
                              .extra = extra,
                              .alpha = alpha,
                              .beta = beta,
                              .x_desc = x_desc,
                              .x = x_data,
                              .z_desc = z_desc,
                              .z = z_data,
                              .y_desc = y_desc,
                              .y = y_data,
                              .parameters = bn_scale_bias_mean_var_desc,
                              .scale = bn_scale,
                              .bias = bn_bias,
                              .epsilon = epsilon,
                              .activation = activation_desc,
                              .factor = exponential_average_factor,
                              .running_mean = result_running_mean,
                              .running_variance = result_running_variance,
                              .saved_mean = result_save_mean,
                              .saved_inverse = result_save_inv_variance});
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnNormalizationForwardTraining(
    cudnnHandle_t handle, cudnnNormMode_t mode, cudnnNormOps_t norm_ops, cudnnNormAlgo_t algo,
    const void* alpha, const void* beta, const cudnnTensorDescriptor_t x_desc, const void* x_data,
    const cudnnTensorDescriptor_t norm_scale_bias_desc, const void* norm_scale,
    const void* norm_bias, double exponential_average_factor, const cudnnTensorDescriptor_t,
    void* result_running_mean, void* result_running_variance, double epsilon,
    void* result_save_mean, void* result_save_inv_variance,
    cudnnActivationDescriptor_t activation_desc, const cudnnTensorDescriptor_t z_desc,
    const void* z_data, const cudnnTensorDescriptor_t y_desc, void* y_data, void*, size_t, void*,
    size_t, int group_cnt) {
    return guard(__func__, handle, [&] {
        Extra extra = Extra::None;
        for (const auto status : {check_mode(mode, algo, group_cnt), check_ops(norm_ops, extra)})
            if (failed(status)) return status;
        return train(handle, {.per_activation = mode == CUDNN_NORM_PER_ACTIVATION,
                              .extra = extra,
                              .alpha = alpha,
                              .beta = beta,
                              .x_desc = x_desc,
                              .x = x_data,
                              .z_desc = z_desc,
                              .z = z_data,
                              .y_desc = y_desc,
                              .y = y_data,
                              .parameters = norm_scale_bias_desc,
                              .scale = norm_scale,
                              .bias = norm_bias,
                              .epsilon = epsilon,
                              .activation = activation_desc,
                              .factor = exponential_average_factor,
                              .running_mean = result_running_mean,
                              .running_variance = result_running_variance,
                              .saved_mean = result_save_mean,
                              .saved_inverse = result_save_inv_variance});
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnBatchNormalizationBackward(
    cudnnHandle_t handle, cudnnBatchNormMode_t mode, const void* alpha_data_diff,
    const void* beta_data_diff, const void* alpha_param_diff, const void* beta_param_diff,
    const cudnnTensorDescriptor_t x_desc, const void* x, const cudnnTensorDescriptor_t dy_desc,
    const void* dy, const cudnnTensorDescriptor_t dx_desc, void* dx,
    const cudnnTensorDescriptor_t d_bn_scale_bias_desc, const void* bn_scale,
    void* d_bn_scale_result, void* d_bn_bias_result, double epsilon, const void* saved_mean,
    const void* saved_inv_variance) {
    return guard(__func__, handle, [&] {
        if (const auto status = check_mode(mode); failed(status)) return status;
        return back(handle, {.per_activation = mode == CUDNN_BATCHNORM_PER_ACTIVATION,
                             .alpha = alpha_data_diff,
                             .beta = beta_data_diff,
                             .alpha_params = alpha_param_diff,
                             .beta_params = beta_param_diff,
                             .x_desc = x_desc,
                             .x = x,
                             .dy_desc = dy_desc,
                             .dy = dy,
                             .dx_desc = dx_desc,
                             .dx = dx,
                             .parameters = d_bn_scale_bias_desc,
                             .scale = bn_scale,
                             .dscale = d_bn_scale_result,
                             .dbias = d_bn_bias_result,
                             .epsilon = epsilon,
                             .saved_mean = saved_mean,
                             .saved_inverse = saved_inv_variance});
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnBatchNormalizationBackwardEx(
    cudnnHandle_t handle, cudnnBatchNormMode_t mode, cudnnBatchNormOps_t bn_ops,
    const void* alpha_data_diff, const void* beta_data_diff, const void* alpha_param_diff,
    const void* beta_param_diff, const cudnnTensorDescriptor_t x_desc, const void* x_data,
    const cudnnTensorDescriptor_t y_desc, const void* y_data, const cudnnTensorDescriptor_t dy_desc,
    const void* dy_data, const cudnnTensorDescriptor_t dz_desc, void* dz_data,
    const cudnnTensorDescriptor_t dx_desc, void* dx_data,
    const cudnnTensorDescriptor_t d_bn_scale_bias_desc, const void* bn_scale_data, const void*,
    void* d_bn_scale_data, void* d_bn_bias_data, double epsilon, const void* saved_mean,
    const void* saved_inv_variance, cudnnActivationDescriptor_t activation_desc, void*, size_t,
    void*, size_t) {
    return guard(__func__, handle, [&] {
        Extra extra = Extra::None;
        for (const auto status : {check_mode(mode), check_ops(bn_ops, extra)})
            if (failed(status)) return status;
        return back(handle, {.per_activation = mode == CUDNN_BATCHNORM_PER_ACTIVATION,
                             .extra = extra,
                             .alpha = alpha_data_diff,
                             .beta = beta_data_diff,
                             .alpha_params = alpha_param_diff,
                             .beta_params = beta_param_diff,
                             .x_desc = x_desc,
                             .x = x_data,
                             .y_desc = y_desc,
                             .y = y_data,
                             .dy_desc = dy_desc,
                             .dy = dy_data,
                             .dz_desc = dz_desc,
                             .dz = dz_data,
                             .dx_desc = dx_desc,
                             .dx = dx_data,
                             .parameters = d_bn_scale_bias_desc,
                             .scale = bn_scale_data,
                             .dscale = d_bn_scale_data,
                             .dbias = d_bn_bias_data,
                             .epsilon = epsilon,
                             .saved_mean = saved_mean,
                             .saved_inverse = saved_inv_variance,
                             .activation = activation_desc});
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnNormalizationBackward(
    cudnnHandle_t handle, cudnnNormMode_t mode, cudnnNormOps_t norm_ops, cudnnNormAlgo_t algo,
    const void* alpha_data_diff, const void* beta_data_diff, const void* alpha_param_diff,
    const void* beta_param_diff, const cudnnTensorDescriptor_t x_desc, const void* x_data,
    const cudnnTensorDescriptor_t y_desc, const void* y_data, const cudnnTensorDescriptor_t dy_desc,
    const void* dy_data, const cudnnTensorDescriptor_t dz_desc, void* dz_data,
    const cudnnTensorDescriptor_t dx_desc, void* dx_data,
    const cudnnTensorDescriptor_t d_norm_scale_bias_desc, const void* norm_scale_data, const void*,
    void* d_norm_scale_data, void* d_norm_bias_data, double epsilon, const cudnnTensorDescriptor_t,
    const void* saved_mean, const void* saved_inv_variance,
    cudnnActivationDescriptor_t activation_desc, void*, size_t, void*, size_t, int group_cnt) {
    return guard(__func__, handle, [&] {
        Extra extra = Extra::None;
        for (const auto status : {check_mode(mode, algo, group_cnt), check_ops(norm_ops, extra)})
            if (failed(status)) return status;
        return back(handle, {.per_activation = mode == CUDNN_NORM_PER_ACTIVATION,
                             .extra = extra,
                             .alpha = alpha_data_diff,
                             .beta = beta_data_diff,
                             .alpha_params = alpha_param_diff,
                             .beta_params = beta_param_diff,
                             .x_desc = x_desc,
                             .x = x_data,
                             .y_desc = y_desc,
                             .y = y_data,
                             .dy_desc = dy_desc,
                             .dy = dy_data,
                             .dz_desc = dz_desc,
                             .dz = dz_data,
                             .dx_desc = dx_desc,
                             .dx = dx_data,
                             .parameters = d_norm_scale_bias_desc,
                             .scale = norm_scale_data,
                             .dscale = d_norm_scale_data,
                             .dbias = d_norm_bias_data,
                             .epsilon = epsilon,
                             .saved_mean = saved_mean,
                             .saved_inverse = saved_inv_variance,
                             .activation = activation_desc});
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetBatchNormalizationForwardTrainingExWorkspaceSize(
    cudnnHandle_t handle, cudnnBatchNormMode_t, cudnnBatchNormOps_t, const cudnnTensorDescriptor_t,
    const cudnnTensorDescriptor_t, const cudnnTensorDescriptor_t, const cudnnTensorDescriptor_t,
    const cudnnActivationDescriptor_t, size_t* size) {
    return guard(__func__, handle, [&] { return no_space(size); });
}
ACC_LIBRARY_API cudnnStatus_t cudnnGetBatchNormalizationBackwardExWorkspaceSize(
    cudnnHandle_t handle, cudnnBatchNormMode_t, cudnnBatchNormOps_t, const cudnnTensorDescriptor_t,
    const cudnnTensorDescriptor_t, const cudnnTensorDescriptor_t, const cudnnTensorDescriptor_t,
    const cudnnTensorDescriptor_t, const cudnnTensorDescriptor_t, const cudnnActivationDescriptor_t,
    size_t* size) {
    return guard(__func__, handle, [&] { return no_space(size); });
}
ACC_LIBRARY_API cudnnStatus_t cudnnGetBatchNormalizationTrainingExReserveSpaceSize(
    cudnnHandle_t handle, cudnnBatchNormMode_t, cudnnBatchNormOps_t,
    const cudnnActivationDescriptor_t, const cudnnTensorDescriptor_t, size_t* size) {
    return guard(__func__, handle, [&] { return no_space(size); });
}
ACC_LIBRARY_API cudnnStatus_t cudnnGetNormalizationForwardTrainingWorkspaceSize(
    cudnnHandle_t handle, cudnnNormMode_t, cudnnNormOps_t, cudnnNormAlgo_t,
    const cudnnTensorDescriptor_t, const cudnnTensorDescriptor_t, const cudnnTensorDescriptor_t,
    const cudnnTensorDescriptor_t, const cudnnActivationDescriptor_t, const cudnnTensorDescriptor_t,
    size_t* size, int) {
    return guard(__func__, handle, [&] { return no_space(size); });
}
ACC_LIBRARY_API cudnnStatus_t cudnnGetNormalizationBackwardWorkspaceSize(
    cudnnHandle_t handle, cudnnNormMode_t, cudnnNormOps_t, cudnnNormAlgo_t,
    const cudnnTensorDescriptor_t, const cudnnTensorDescriptor_t, const cudnnTensorDescriptor_t,
    const cudnnTensorDescriptor_t, const cudnnTensorDescriptor_t, const cudnnTensorDescriptor_t,
    const cudnnActivationDescriptor_t, const cudnnTensorDescriptor_t, size_t* size, int) {
    return guard(__func__, handle, [&] { return no_space(size); });
}
ACC_LIBRARY_API cudnnStatus_t cudnnGetNormalizationTrainingReserveSpaceSize(
    cudnnHandle_t handle, cudnnNormMode_t, cudnnNormOps_t, cudnnNormAlgo_t,
    const cudnnActivationDescriptor_t, const cudnnTensorDescriptor_t, size_t* size, int) {
    return guard(__func__, handle, [&] { return no_space(size); });
}
