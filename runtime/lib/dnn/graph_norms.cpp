// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Normalisations in operation graphs.
#include "runtime/lib/dnn/graph_operations.h"
#include "runtime/lib/dnn/kernels/rows.h"

#include <algorithm>

namespace acc::dnn::graph {
namespace {

/// Whether a dimension is one that statistics are kept for: of batches the channels, of instances
/// n and the channels, of layers those that the scale does not go along.
bool is_outer(cudnnBackendNormMode_t mode, const Tensor& x, const Tensor& scale, int d) {
    switch (mode) {
    case CUDNN_BATCH_NORM: return d == 1;
    case CUDNN_INSTANCE_NORM: return d <= 1;
    default: return scale.size[d] == 1 && x.size[d] != 1;
    }
}

bool is_layer(cudnnBackendNormMode_t mode) {
    return mode == CUDNN_LAYER_NORM || mode == CUDNN_RMS_NORM;
}

cudnnStatus_t check(const Descriptor& operation, cudnnBackendNormMode_t mode,
                    std::initializer_list<cudnnBackendAttributeName_t> like_x,
                    std::initializer_list<cudnnBackendAttributeName_t> parameters, const Tensor& x,
                    cudnnBackendAttributeName_t epsilon) {
    if (mode != CUDNN_BATCH_NORM && mode != CUDNN_INSTANCE_NORM && !is_layer(mode))
        return fail(CUDNN_STATUS_NOT_SUPPORTED, "normalisation mode %d", int(mode));
    for (const auto name : like_x) {
        const Tensor t = tensor_of(*operation.child(name));
        if (t.dims != x.dims || !std::equal(t.size, t.size + t.dims, x.size))
            return fail(CUDNN_STATUS_BAD_PARAM_SHAPE_MISMATCH, "attribute %d has not x's sizes",
                        int(name));
    }
    for (const auto name : parameters)
        if (const Reference d = operation.child(name))
            if (const auto status = check_spreads(tensor_of(*d), x, "a parameter"); failed(status))
                return status;
    const Reference e = operation.child(epsilon);
    if (e != nullptr && !e->get(CUDNN_ATTR_TENSOR_IS_BY_VALUE, false))
        return fail(CUDNN_STATUS_NOT_SUPPORTED, "epsilon on the device");
    return CUDNN_STATUS_SUCCESS;
}

/// The loops over x, and spans of others over them.
class Rows {
  public:
    Rows(cudnnBackendNormMode_t mode, const Tensor& x, const Tensor& scale)
        : mode_(mode), x_(x), scale_(scale) {}
    /// Dimensions stay apart: there are few, and the spans are made one by one.
    Box box(bool outer) const {
        Box box;
        for (int d = 0; d < x_.dims; ++d)
            if (is_outer(mode_, x_, scale_, d) == outer) {
                box.size[box.dims++] = x_.size[d];
                box.count *= x_.size[d];
            }
        return box;
    }
    Span span(const Operand& o) const {
        Span span;
        if (!o.given) return span;
        span.array = array_of(o.tensor, o.place.data);
        int outer = 0, inner = 0;
        for (int d = 0; d < x_.dims; ++d) {
            const int64_t stride = stride_over(o.tensor, x_, d);
            (is_outer(mode_, x_, scale_, d) ? span.outer.of[outer++]
                                            : span.inner.of[inner++]) = stride;
        }
        return span;
    }

  private:
    cudnnBackendNormMode_t mode_;
    const Tensor& x_;
    const Tensor& scale_;
};

} // namespace

cudnnStatus_t check_norm_forward(const Descriptor& o) {
    const auto mode = o.get(CUDNN_ATTR_OPERATION_NORM_FWD_MODE, CUDNN_BATCH_NORM);
    const Reference factor = o.child(CUDNN_ATTR_OPERATION_NORM_FWD_EXP_AVG_FACTOR_DESC);
    if (factor != nullptr && !factor->get(CUDNN_ATTR_TENSOR_IS_BY_VALUE, false))
        return fail(CUDNN_STATUS_NOT_SUPPORTED, "an averaging factor on the device");
    return check(o, mode, {CUDNN_ATTR_OPERATION_NORM_FWD_YDESC},
                 {CUDNN_ATTR_OPERATION_NORM_FWD_SCALE_DESC, CUDNN_ATTR_OPERATION_NORM_FWD_BIAS_DESC,
                  CUDNN_ATTR_OPERATION_NORM_FWD_MEAN_DESC,
                  CUDNN_ATTR_OPERATION_NORM_FWD_INV_VARIANCE_DESC},
                 tensor_of(*o.child(CUDNN_ATTR_OPERATION_NORM_FWD_XDESC)),
                 CUDNN_ATTR_OPERATION_NORM_FWD_EPSILON_DESC);
}

cudnnStatus_t run_norm_forward(const Descriptor& o, const Places& places, cudaStream_t stream) {
    const auto operand = [&](cudnnBackendAttributeName_t name) {
        return operand_of(o, name, places);
    };
    const auto mode = o.get(CUDNN_ATTR_OPERATION_NORM_FWD_MODE, CUDNN_BATCH_NORM);
    const Operand x = operand(CUDNN_ATTR_OPERATION_NORM_FWD_XDESC),
                  scale = operand(CUDNN_ATTR_OPERATION_NORM_FWD_SCALE_DESC),
                  mean = operand(CUDNN_ATTR_OPERATION_NORM_FWD_MEAN_DESC),
                  inverse = operand(CUDNN_ATTR_OPERATION_NORM_FWD_INV_VARIANCE_DESC);
    const Rows rows(mode, x.tensor, scale.tensor);
    Normalization n;
    n.outer = rows.box(true);
    n.inner = rows.box(false);
    n.x = rows.span(x);
    n.y = rows.span(operand(CUDNN_ATTR_OPERATION_NORM_FWD_YDESC));
    n.scale = rows.span(scale);
    n.bias = rows.span(operand(CUDNN_ATTR_OPERATION_NORM_FWD_BIAS_DESC));
    n.mean = rows.span(mean);
    n.variance = rows.span(inverse);
    n.centers = mode != CUDNN_RMS_NORM;
    const bool infers = o.get(CUDNN_ATTR_OPERATION_NORM_FWD_PHASE, CUDNN_NORM_FWD_INFERENCE) ==
                        CUDNN_NORM_FWD_INFERENCE;
    n.uses_statistics = n.given_inverse = infers && inverse.given;
    n.epsilon = operand(CUDNN_ATTR_OPERATION_NORM_FWD_EPSILON_DESC).place.value;
    const Operand factor = operand(CUDNN_ATTR_OPERATION_NORM_FWD_EXP_AVG_FACTOR_DESC);
    n.factor = factor.given ? factor.place.value : 1;
    n.running_mean = rows.span(operand(CUDNN_ATTR_OPERATION_NORM_FWD_INPUT_RUNNING_MEAN_DESC));
    n.running_variance = rows.span(operand(CUDNN_ATTR_OPERATION_NORM_FWD_INPUT_RUNNING_VAR_DESC));
    n.new_running_mean = rows.span(operand(CUDNN_ATTR_OPERATION_NORM_FWD_OUTPUT_RUNNING_MEAN_DESC));
    n.new_running_variance = rows.span(
        operand(CUDNN_ATTR_OPERATION_NORM_FWD_OUTPUT_RUNNING_VAR_DESC));
    return status_of(launch_normalization(stream, n));
}

cudnnStatus_t check_norm_backward(const Descriptor& o) {
    const auto mode = o.get(CUDNN_ATTR_OPERATION_NORM_BWD_MODE, CUDNN_BATCH_NORM);
    if (mode == CUDNN_INSTANCE_NORM)
        return fail(CUDNN_STATUS_NOT_SUPPORTED, "gradients of instance normalisation");
    if (o.child(CUDNN_ATTR_OPERATION_NORM_BWD_INV_VARIANCE_DESC) == nullptr)
        return fail(CUDNN_STATUS_NOT_SUPPORTED, "gradients without saved statistics");
    return check(
        o, mode, {CUDNN_ATTR_OPERATION_NORM_BWD_DYDESC, CUDNN_ATTR_OPERATION_NORM_BWD_DXDESC},
        {CUDNN_ATTR_OPERATION_NORM_BWD_SCALE_DESC, CUDNN_ATTR_OPERATION_NORM_BWD_DSCALE_DESC,
         CUDNN_ATTR_OPERATION_NORM_BWD_DBIAS_DESC, CUDNN_ATTR_OPERATION_NORM_BWD_MEAN_DESC,
         CUDNN_ATTR_OPERATION_NORM_BWD_INV_VARIANCE_DESC},
        tensor_of(*o.child(CUDNN_ATTR_OPERATION_NORM_BWD_XDESC)),
        CUDNN_ATTR_OPERATION_NORM_BWD_EPSILON_DESC);
}

cudnnStatus_t run_norm_backward(const Descriptor& o, const Places& places, cudaStream_t stream) {
    const auto operand = [&](cudnnBackendAttributeName_t name) {
        return operand_of(o, name, places);
    };
    const auto mode = o.get(CUDNN_ATTR_OPERATION_NORM_BWD_MODE, CUDNN_BATCH_NORM);
    const Operand x = operand(CUDNN_ATTR_OPERATION_NORM_BWD_XDESC),
                  scale = operand(CUDNN_ATTR_OPERATION_NORM_BWD_SCALE_DESC);
    const Rows rows(mode, x.tensor, scale.tensor);
    NormalizationGradient n;
    n.outer = rows.box(true);
    n.inner = rows.box(false);
    n.x = rows.span(x);
    n.dy = rows.span(operand(CUDNN_ATTR_OPERATION_NORM_BWD_DYDESC));
    n.dx = rows.span(operand(CUDNN_ATTR_OPERATION_NORM_BWD_DXDESC));
    n.scale = rows.span(scale);
    n.mean = rows.span(operand(CUDNN_ATTR_OPERATION_NORM_BWD_MEAN_DESC));
    n.inv_deviation = rows.span(operand(CUDNN_ATTR_OPERATION_NORM_BWD_INV_VARIANCE_DESC));
    n.centers = mode != CUDNN_RMS_NORM;
    n.beta_params = 0;
    const Span dscale = rows.span(operand(CUDNN_ATTR_OPERATION_NORM_BWD_DSCALE_DESC)),
               dbias = rows.span(operand(CUDNN_ATTR_OPERATION_NORM_BWD_DBIAS_DESC));
    if (!is_layer(mode)) {
        n.dscale = dscale;
        n.dbias = dbias;
        return status_of(launch_normalization_gradient(stream, n));
    }
    const auto status = status_of(launch_normalization_gradient(stream, n));
    if (failed(status)) return status;
    n.dscale = dscale;
    n.dbias = dbias;
    return status_of(launch_scale_gradients(stream, n));
}

} // namespace acc::dnn::graph
