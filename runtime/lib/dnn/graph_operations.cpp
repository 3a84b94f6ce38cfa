// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The operations of graphs as launches of the kernels that the other functions use.
#include "runtime/lib/dnn/graph_operations.h"

#include "runtime/lib/dnn/convolution.h"
#include "runtime/lib/dnn/kernels/rows.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace acc::dnn::graph {

Operand operand_of(const Descriptor& operation, cudnnBackendAttributeName_t name,
                   const Places& places) {
    const Reference d = operation.child(name);
    if (d == nullptr) return {};
    return {true, tensor_of(*d), places.at(id_of(*d))};
}

namespace {

/// What a pointwise mode is: its operation, how many inputs it has, whether it is a gradient.
struct Row {
    cudnnPointwiseMode_t mode;
    Op op;
    int inputs;
};
constexpr Row kRows[] = {
    {CUDNN_POINTWISE_ADD, Op::Add, 2},
    {CUDNN_POINTWISE_ADD_SQUARE, Op::AddSquare, 2},
    {CUDNN_POINTWISE_DIV, Op::Div, 2},
    {CUDNN_POINTWISE_MAX, Op::Max, 2},
    {CUDNN_POINTWISE_MIN, Op::Min, 2},
    {CUDNN_POINTWISE_MOD, Op::Mod, 2},
    {CUDNN_POINTWISE_MUL, Op::Mul, 2},
    {CUDNN_POINTWISE_POW, Op::Pow, 2},
    {CUDNN_POINTWISE_SUB, Op::Sub, 2},
    {CUDNN_POINTWISE_ATAN2, Op::Atan2, 2},
    {CUDNN_POINTWISE_ABS, Op::Abs, 1},
    {CUDNN_POINTWISE_CEIL, Op::Ceil, 1},
    {CUDNN_POINTWISE_COS, Op::Cos, 1},
    {CUDNN_POINTWISE_EXP, Op::Exp, 1},
    {CUDNN_POINTWISE_FLOOR, Op::Floor, 1},
    {CUDNN_POINTWISE_LOG, Op::Log, 1},
    {CUDNN_POINTWISE_NEG, Op::Neg, 1},
    {CUDNN_POINTWISE_RSQRT, Op::Rsqrt, 1},
    {CUDNN_POINTWISE_SIN, Op::Sin, 1},
    {CUDNN_POINTWISE_SQRT, Op::Sqrt, 1},
    {CUDNN_POINTWISE_TAN, Op::Tan, 1},
    {CUDNN_POINTWISE_ERF, Op::Erf, 1},
    {CUDNN_POINTWISE_IDENTITY, Op::Identity, 1},
    {CUDNN_POINTWISE_RECIPROCAL, Op::Reciprocal, 1},
    {CUDNN_POINTWISE_RELU_FWD, Op::Relu, 1},
    {CUDNN_POINTWISE_TANH_FWD, Op::Tanh, 1},
    {CUDNN_POINTWISE_SIGMOID_FWD, Op::Sigmoid, 1},
    {CUDNN_POINTWISE_ELU_FWD, Op::Elu, 1},
    {CUDNN_POINTWISE_GELU_FWD, Op::Gelu, 1},
    {CUDNN_POINTWISE_SOFTPLUS_FWD, Op::Softplus, 1},
    {CUDNN_POINTWISE_SWISH_FWD, Op::Swish, 1},
    {CUDNN_POINTWISE_GELU_APPROX_TANH_FWD, Op::GeluTanh, 1},
    {CUDNN_POINTWISE_RELU_BWD, Op::ReluGradient, 2},
    {CUDNN_POINTWISE_TANH_BWD, Op::TanhGradientOfX, 2},
    {CUDNN_POINTWISE_SIGMOID_BWD, Op::SigmoidGradientOfX, 2},
    {CUDNN_POINTWISE_ELU_BWD, Op::EluGradientOfX, 2},
    {CUDNN_POINTWISE_GELU_BWD, Op::GeluGradient, 2},
    {CUDNN_POINTWISE_SOFTPLUS_BWD, Op::SoftplusGradient, 2},
    {CUDNN_POINTWISE_SWISH_BWD, Op::SwishGradient, 2},
    {CUDNN_POINTWISE_GELU_APPROX_TANH_BWD, Op::GeluTanhGradient, 2},
    {CUDNN_POINTWISE_CMP_EQ, Op::Equal, 2},
    {CUDNN_POINTWISE_CMP_NEQ, Op::NotEqual, 2},
    {CUDNN_POINTWISE_CMP_GT, Op::Greater, 2},
    {CUDNN_POINTWISE_CMP_GE, Op::GreaterEqual, 2},
    {CUDNN_POINTWISE_CMP_LT, Op::Less, 2},
    {CUDNN_POINTWISE_CMP_LE, Op::LessEqual, 2},
    {CUDNN_POINTWISE_LOGICAL_AND, Op::And, 2},
    {CUDNN_POINTWISE_LOGICAL_OR, Op::Or, 2},
    {CUDNN_POINTWISE_LOGICAL_NOT, Op::LogicalNot, 1},
    {CUDNN_POINTWISE_GEN_INDEX, Op::Index, 1},
    {CUDNN_POINTWISE_BINARY_SELECT, Op::Select, 3},
};

const Row* find(cudnnPointwiseMode_t mode) {
    for (const Row& row : kRows)
        if (row.mode == mode) return &row;
    return nullptr;
}

bool is_gradient(Op op) {
    return op >= Op::ReluGradient && op <= Op::SoftplusGradient;
}

/// The names of a pointwise operation's tensors: inputs in the kernel's order, then the output.
std::vector<cudnnBackendAttributeName_t> pointwise_names(const Row& row) {
    if (is_gradient(row.op))
        return {CUDNN_ATTR_OPERATION_POINTWISE_DYDESC, CUDNN_ATTR_OPERATION_POINTWISE_XDESC,
                CUDNN_ATTR_OPERATION_POINTWISE_DXDESC};
    std::vector<cudnnBackendAttributeName_t> names = {CUDNN_ATTR_OPERATION_POINTWISE_XDESC};
    if (row.inputs > 1) names.push_back(CUDNN_ATTR_OPERATION_POINTWISE_BDESC);
    if (row.inputs > 2) names.push_back(CUDNN_ATTR_OPERATION_POINTWISE_TDESC);
    names.push_back(CUDNN_ATTR_OPERATION_POINTWISE_YDESC);
    return names;
}

const Row* pointwise_row(const Descriptor& operation) {
    return find(operation.child(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR)
                    ->get(CUDNN_ATTR_POINTWISE_MODE, cudnnPointwiseMode_t(-1)));
}

void set_parameters(const Descriptor& settings, Op op, Elementwise& e) {
    e.op = op;
    e.propagates_nan = settings.get(CUDNN_ATTR_POINTWISE_NAN_PROPAGATION, CUDNN_PROPAGATE_NAN) ==
                       CUDNN_PROPAGATE_NAN;
    switch (op) {
    case Op::Relu:
    case Op::ReluGradient:
        e.parameter[0] = settings.real(CUDNN_ATTR_POINTWISE_RELU_LOWER_CLIP, 0);
        e.parameter[1] = settings.real(CUDNN_ATTR_POINTWISE_RELU_UPPER_CLIP, INFINITY);
        e.parameter[2] = settings.real(CUDNN_ATTR_POINTWISE_RELU_LOWER_CLIP_SLOPE, 0);
        break;
    case Op::Elu:
    case Op::EluGradientOfX:
        e.parameter[0] = settings.real(CUDNN_ATTR_POINTWISE_ELU_ALPHA, 1);
        break;
    case Op::Softplus:
    case Op::SoftplusGradient:
        e.parameter[0] = settings.real(CUDNN_ATTR_POINTWISE_SOFTPLUS_BETA, 1);
        break;
    case Op::Swish:
    case Op::SwishGradient:
        e.parameter[0] = settings.real(CUDNN_ATTR_POINTWISE_SWISH_BETA, 1);
        break;
    case Op::Index:
        e.parameter[0] = double(settings.get<int64_t>(CUDNN_ATTR_POINTWISE_AXIS, 0));
        break;
    default: break;
    }
}

cudnnStatus_t run_pointwise(const Descriptor& operation, const Places& places,
                            cudaStream_t stream) {
    const Row& row = *pointwise_row(operation);
    const auto names = pointwise_names(row);
    std::vector<Operand> operands;
    for (const auto name : names)
        operands.push_back(operand_of(operation, name, places));
    const Operand& out = operands.back();
    Elementwise e;
    set_parameters(*operation.child(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR), row.op, e);
    Loop loop;
    for (int d = 0; d < out.tensor.dims; ++d) {
        std::vector<int64_t> strides;
        for (const Operand& o : operands)
            strides.push_back(o.place.by_value ? 0 : stride_over(o.tensor, out.tensor, d));
        loop.add(out.tensor.size[d], strides.data(), int(strides.size()));
    }
    e.box = loop.box();
    if (row.op == Op::Index) { // dimensions stay apart: their numbers are what counts
        e.box.dims = out.tensor.dims;
        e.inputs = 0;
        for (int d = 0; d < out.tensor.dims; ++d) {
            e.box.size[d] = out.tensor.size[d];
            e.out_strides.of[d] = out.tensor.stride[d];
        }
    } else {
        e.inputs = row.inputs;
        e.out_strides = loop.strides(row.inputs);
    }
    for (int i = 0; i < e.inputs; ++i) {
        const Operand& o = operands[size_t(i)];
        if (o.place.by_value)
            e.in_value[i] = o.place.value;
        else
            e.in[i] = array_of(o.tensor, o.place.data);
        e.in_strides[i] = loop.strides(i);
    }
    e.in_scale[0] = operation.real(CUDNN_ATTR_OPERATION_POINTWISE_ALPHA1, 1);
    e.in_scale[1] = operation.real(CUDNN_ATTR_OPERATION_POINTWISE_ALPHA2, 1);
    e.out = array_of(out.tensor, out.place.data);
    return status_of(launch_elementwise(stream, e));
}

cudnnStatus_t check_pointwise(const Descriptor& operation) {
    const Row* row = pointwise_row(operation);
    if (row == nullptr)
        return fail(CUDNN_STATUS_NOT_SUPPORTED, "pointwise mode %d",
                    int(operation.child(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR)
                            ->get(CUDNN_ATTR_POINTWISE_MODE, cudnnPointwiseMode_t(-1))));
    const auto names = pointwise_names(*row);
    for (const auto name : names)
        if (operation.child(name) == nullptr)
            return fail(CUDNN_STATUS_BAD_PARAM, "a pointwise operation without attribute %d",
                        int(name));
    const Tensor out = tensor_of(*operation.child(names.back()));
    for (size_t i = 0; i + 1 < names.size(); ++i) {
        const auto in = operation.child(names[i]);
        if (in->get(CUDNN_ATTR_TENSOR_IS_BY_VALUE, false)) continue;
        if (const auto status = check_spreads(tensor_of(*in), out, "an input"); failed(status))
            return status;
    }
    return CUDNN_STATUS_SUCCESS;
}

/// x, w and y of a convolution, the settings' names, and which is written.
struct ConvolutionNames {
    cudnnBackendAttributeName_t settings, x, w, y, alpha, beta;
};
ConvolutionNames convolution_names(cudnnBackendDescriptorType_t type) {
    switch (type) {
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR:
        return {CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC,
                CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
                CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W,
                CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y,
                CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA,
                CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA};
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR:
        return {CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC,
                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX,
                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W,
                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY,
                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA,
                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA};
    default:
        return {CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC,
                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X,
                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW,
                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY,
                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA,
                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA};
    }
}

cudnnStatus_t settings_of(const Descriptor& d, const Tensor& x, const Tensor& w,
                          ConvolutionSettings& s) {
    const auto padding = d.all<int64_t>(CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS),
               step = d.all<int64_t>(CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES),
               dilation = d.all<int64_t>(CUDNN_ATTR_CONVOLUTION_DILATIONS);
    const auto dims = d.get<int64_t>(CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, 0);
    if (dims < 1 || dims > kSpatial)
        return fail(CUDNN_STATUS_NOT_SUPPORTED, "convolutions of %lld coordinates",
                    (long long)dims);
    for (const auto* list : {&padding, &step, &dilation})
        if (int64_t(list->size()) != dims)
            return fail(CUDNN_STATUS_BAD_PARAM, "%zu numbers for %lld coordinates", list->size(),
                        (long long)dims);
    s.dims = int(dims);
    for (int i = 0; i < s.dims; ++i) {
        const auto at = size_t(i);
        if (step[at] <= 0 || dilation[at] <= 0)
            return fail(CUDNN_STATUS_BAD_PARAM, "stride %lld, dilation %lld", (long long)step[at],
                        (long long)dilation[at]);
        s.padding[i] = int(padding[at]);
        s.step[i] = int(step[at]);
        s.dilation[i] = int(dilation[at]);
    }
    s.mode = d.get(CUDNN_ATTR_CONVOLUTION_CONV_MODE, CUDNN_CROSS_CORRELATION);
    if (x.dims != s.dims + 2 || w.dims != x.dims || x.size[1] % w.size[1] != 0)
        return fail(CUDNN_STATUS_BAD_PARAM_SHAPE_MISMATCH, "x and the filter do not go together");
    s.groups = int(x.size[1] / w.size[1]);
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t check_convolution_operation(const Descriptor& operation) {
    const ConvolutionNames names = convolution_names(operation.type);
    const Tensor x = tensor_of(*operation.child(names.x)), w = tensor_of(*operation.child(names.w)),
                 y = tensor_of(*operation.child(names.y));
    ConvolutionSettings s;
    const Descriptor& given = *operation.child(names.settings);
    if (const auto status = settings_of(given, x, w, s); failed(status)) return status;
    const auto after = given.all<int64_t>(CUDNN_ATTR_CONVOLUTION_POST_PADDINGS);
    if (int(after.size()) != s.dims || y.dims != x.dims || y.size[0] != x.size[0] ||
        y.size[1] != w.size[0] || w.size[0] % s.groups != 0)
        return fail(CUDNN_STATUS_BAD_PARAM_SHAPE_MISMATCH, "y is not the convolution's");
    for (int d = 0; d < s.dims; ++d) {
        const int64_t covered = (w.size[2 + d] - 1) * s.dilation[d] + 1;
        const int64_t room = x.size[2 + d] + s.padding[d] + after[size_t(d)] - covered;
        if (room < 0 || room / s.step[d] + 1 != y.size[2 + d])
            return fail(CUDNN_STATUS_BAD_PARAM_SHAPE_MISMATCH, "dimension %d of y is %lld", 2 + d,
                        (long long)y.size[2 + d]);
    }
    const auto is_float = [](const Tensor& t) {
        return t.type == CUDNN_DATA_FLOAT || t.type == CUDNN_DATA_HALF ||
               t.type == CUDNN_DATA_BFLOAT16 || t.type == CUDNN_DATA_FP8_E4M3 ||
               t.type == CUDNN_DATA_FP8_E5M2;
    };
    const bool all_double = x.type == CUDNN_DATA_DOUBLE && w.type == x.type && y.type == x.type;
    if (!all_double && (!is_float(x) || !is_float(w) || !is_float(y)))
        return fail(CUDNN_STATUS_NOT_SUPPORTED_DATA_TYPE, "convolutions of these data types");
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t run_convolution(const Descriptor& operation, const Places& places,
                              cudaStream_t stream) {
    const ConvolutionNames names = convolution_names(operation.type);
    const Operand x = operand_of(operation, names.x, places),
                  w = operand_of(operation, names.w, places),
                  y = operand_of(operation, names.y, places);
    ConvolutionSettings s;
    const auto status = settings_of(*operation.child(names.settings), x.tensor, w.tensor, s);
    if (failed(status)) return status;
    Convolution c;
    if (operation.type == CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR)
        c = forward_of(s, x.tensor, x.place.data, w.tensor, w.place.data, y.tensor, y.place.data);
    else if (operation.type == CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR)
        c = gradient_to_data(s, x.tensor, x.place.data, w.tensor, w.place.data, y.tensor,
                             y.place.data);
    else
        c = gradient_to_filter(s, x.tensor, x.place.data, w.tensor, w.place.data, y.tensor,
                               y.place.data);
    c.alpha = operation.real(names.alpha, 1);
    c.beta = operation.real(names.beta, 0);
    return status_of(launch_convolution(stream, c));
}

cudnnStatus_t check_matmul(const Descriptor& operation) {
    const Tensor a = tensor_of(*operation.child(CUDNN_ATTR_OPERATION_MATMUL_ADESC)),
                 b = tensor_of(*operation.child(CUDNN_ATTR_OPERATION_MATMUL_BDESC)),
                 c = tensor_of(*operation.child(CUDNN_ATTR_OPERATION_MATMUL_CDESC));
    const int last = c.dims - 1;
    bool right = c.dims >= 2 && a.dims == c.dims && b.dims == c.dims;
    right = right && a.size[last - 1] == c.size[last - 1] && b.size[last] == c.size[last] &&
            a.size[last] == b.size[last - 1];
    // Of fewer matrices each is for several that follow each other.
    for (int d = 0; right && d < last - 1; ++d)
        right = c.size[d] % a.size[d] == 0 && c.size[d] % b.size[d] == 0;
    if (!right)
        return fail(CUDNN_STATUS_BAD_PARAM_SHAPE_MISMATCH, "matrices that do not go together");
    for (const Tensor* t : {&a, &b, &c})
        if (is_wide(element_of(t->type)) &&
            (a.type != CUDNN_DATA_DOUBLE || b.type != a.type || c.type != a.type))
            return fail(CUDNN_STATUS_NOT_SUPPORTED_DATA_TYPE, "products of these data types");
    return CUDNN_STATUS_SUCCESS;
}

/// A product is a convolution without taps; the last batch dimension are its groups where all
/// step through it alike.
cudnnStatus_t run_matmul(const Descriptor& operation, const Places& places, cudaStream_t stream) {
    const Operand a = operand_of(operation, CUDNN_ATTR_OPERATION_MATMUL_ADESC, places),
                  b = operand_of(operation, CUDNN_ATTR_OPERATION_MATMUL_BDESC, places),
                  c = operand_of(operation, CUDNN_ATTR_OPERATION_MATMUL_CDESC, places);
    const Tensor& ct = c.tensor;
    const int last = ct.dims - 1, batch = last - 1;
    Convolution p;
    p.m = unsigned(ct.size[last - 1]);
    p.n = unsigned(ct.size[last]);
    p.k = unsigned(a.tensor.size[last]);
    int64_t many = 1;
    for (int d = 0; d < batch; ++d)
        many *= ct.size[d];
    const auto plain = [&](const Tensor& t) {
        return batch > 0 && (t.size[batch - 1] == ct.size[batch - 1] || t.size[batch - 1] == 1);
    };
    const bool grouped = plain(a.tensor) && plain(b.tensor) && ct.size[batch - 1] <= 65535;
    p.groups = grouped ? int(ct.size[batch - 1]) : 1;
    const auto step = [&](const Tensor& t) {
        return grouped && t.size[batch - 1] != 1 ? t.stride[batch - 1] : 0;
    };
    for (int64_t i = 0; i < many; i += p.groups) {
        const auto data = [&](const Operand& o) {
            int64_t left = i, offset = 0;
            for (int d = batch - 1; d >= 0; --d) {
                const int64_t at = left % ct.size[d];
                left /= ct.size[d];
                offset += at / (ct.size[d] / o.tensor.size[d]) * o.tensor.stride[d];
            }
            Array array = array_of(o.tensor, o.place.data);
            array.data = static_cast<char*>(array.data) + offset * int64_t(size_of(array.type));
            return array;
        };
        p.a = {data(a), step(a.tensor), a.tensor.stride[last - 1], {{a.tensor.stride[last]}}};
        p.b.array = data(b);
        p.b.group_stride = step(b.tensor);
        p.b.n_stride = b.tensor.stride[last];
        p.b.k_stride = b.tensor.stride[last - 1];
        p.d = {data(c), step(ct), ct.stride[last - 1], {{ct.stride[last]}}};
        p.z = p.d;
        if (const auto status = status_of(launch_convolution(stream, p)); failed(status))
            return status;
    }
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t check_reduction(const Descriptor& operation) {
    const auto op = operation.child(CUDNN_ATTR_OPERATION_REDUCTION_DESC)
                        ->get(CUDNN_ATTR_REDUCTION_OPERATOR, CUDNN_REDUCE_TENSOR_ADD);
    if (op < CUDNN_REDUCE_TENSOR_ADD || op > CUDNN_REDUCE_TENSOR_MUL_NO_ZEROS)
        return fail(CUDNN_STATUS_NOT_SUPPORTED, "reduction %d", int(op));
    return check_spreads(tensor_of(*operation.child(CUDNN_ATTR_OPERATION_REDUCTION_YDESC)),
                         tensor_of(*operation.child(CUDNN_ATTR_OPERATION_REDUCTION_XDESC)), "y");
}

cudnnStatus_t run_reduction(const Descriptor& operation, const Places& places,
                            cudaStream_t stream) {
    const Operand x = operand_of(operation, CUDNN_ATTR_OPERATION_REDUCTION_XDESC, places),
                  y = operand_of(operation, CUDNN_ATTR_OPERATION_REDUCTION_YDESC, places);
    Loop outer, inner;
    for (int d = 0; d < x.tensor.dims; ++d) {
        const int64_t strides[] = {x.tensor.stride[d], y.tensor.stride[d]};
        (y.tensor.size[d] == 1 ? inner : outer).add(x.tensor.size[d], strides, 2);
    }
    Reduction r;
    r.op = Reduce(operation.child(CUDNN_ATTR_OPERATION_REDUCTION_DESC)
                      ->get(CUDNN_ATTR_REDUCTION_OPERATOR, CUDNN_REDUCE_TENSOR_ADD));
    r.outer = outer.box();
    r.inner = inner.box();
    r.in = {array_of(x.tensor, x.place.data), outer.strides(0), inner.strides(0)};
    r.out = {array_of(y.tensor, y.place.data), outer.strides(1), {}};
    return status_of(launch_reduction(stream, r));
}

/// A copy of x to y of the same dimensions, y from its element `offset` on.
cudnnStatus_t copy(const Operand& x, Tensor y, void* y_data, int64_t offset, cudaStream_t stream) {
    Loop loop;
    for (int d = 0; d < x.tensor.dims; ++d) {
        const int64_t strides[] = {x.tensor.stride[d], y.stride[d]};
        loop.add(x.tensor.size[d], strides, 2);
    }
    Elementwise e;
    e.box = loop.box();
    e.in[0] = array_of(x.tensor, x.place.data);
    e.in_strides[0] = loop.strides(0);
    e.out = array_of(y, y_data);
    e.out.data = static_cast<char*>(e.out.data) + offset * int64_t(size_of(e.out.type));
    e.out_strides = loop.strides(1);
    return status_of(launch_elementwise(stream, e));
}

bool same_sizes(const Tensor& a, const Tensor& b) {
    return a.dims == b.dims && std::equal(a.size, a.size + a.dims, b.size);
}
bool is_packed(const Tensor& t) {
    int64_t stride = 1;
    for (int d = t.dims - 1; d >= 0; stride *= t.size[d--])
        if (t.size[d] != 1 && t.stride[d] != stride) return false;
    return true;
}

cudnnStatus_t check_reshape(const Descriptor& operation) {
    const Tensor x = tensor_of(*operation.child(CUDNN_ATTR_OPERATION_RESHAPE_XDESC)),
                 y = tensor_of(*operation.child(CUDNN_ATTR_OPERATION_RESHAPE_YDESC));
    if (elements(x) != elements(y))
        return fail(CUDNN_STATUS_BAD_PARAM_SHAPE_MISMATCH, "a reshape to another size");
    if (!same_sizes(x, y) && !(is_packed(x) && is_packed(y)))
        return fail(CUDNN_STATUS_NOT_SUPPORTED_LAYOUT, "a reshape of tensors with gaps");
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t run_reshape(const Descriptor& operation, const Places& places, cudaStream_t stream) {
    const Operand x = operand_of(operation, CUDNN_ATTR_OPERATION_RESHAPE_XDESC, places);
    Operand y = operand_of(operation, CUDNN_ATTR_OPERATION_RESHAPE_YDESC, places);
    if (!same_sizes(x.tensor, y.tensor)) {
        const cudnnDataType_t type = y.tensor.type;
        y.tensor = x.tensor; // both lie in their order
        y.tensor.type = type;
    }
    return copy(x, y.tensor, y.place.data, 0, stream);
}

cudnnStatus_t check_concat(const Descriptor& operation) {
    const Tensor out = tensor_of(*operation.child(CUDNN_ATTR_OPERATION_CONCAT_OUTPUT_DESC));
    const auto axis = operation.get<int64_t>(CUDNN_ATTR_OPERATION_CONCAT_AXIS, 0);
    int64_t size = 0;
    bool right = axis >= 0 && axis < out.dims;
    for (const Reference& in :
         operation.find(CUDNN_ATTR_OPERATION_CONCAT_INPUT_DESCS)->descriptors) {
        const Tensor t = tensor_of(*in);
        right = right && t.dims == out.dims;
        for (int d = 0; right && d < out.dims; ++d)
            right = d == axis || t.size[d] == out.size[d];
        if (right) size += t.size[axis];
    }
    if (!right || size != out.size[axis])
        return fail(CUDNN_STATUS_BAD_PARAM_SHAPE_MISMATCH, "tensors that do not make the output");
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t run_concat(const Descriptor& operation, const Places& places, cudaStream_t stream) {
    const Operand out = operand_of(operation, CUDNN_ATTR_OPERATION_CONCAT_OUTPUT_DESC, places);
    const auto axis = operation.get<int64_t>(CUDNN_ATTR_OPERATION_CONCAT_AXIS, 0);
    int64_t at = 0;
    for (const Reference& in :
         operation.find(CUDNN_ATTR_OPERATION_CONCAT_INPUT_DESCS)->descriptors) {
        const Operand x = {true, tensor_of(*in), places.at(id_of(*in))};
        const auto status = copy(x, out.tensor, out.place.data, at * out.tensor.stride[axis],
                                 stream);
        if (failed(status)) return status;
        at += x.tensor.size[axis];
    }
    return CUDNN_STATUS_SUCCESS;
}

/// Each kind of operation: its check, its launch, and the names of what it writes.
struct Kind {
    cudnnBackendDescriptorType_t type;
    cudnnStatus_t (*check)(const Descriptor&);
    cudnnStatus_t (*run)(const Descriptor&, const Places&, cudaStream_t);
    std::vector<cudnnBackendAttributeName_t> written;
};
const std::vector<Kind>& kinds() {
    static const std::vector<Kind> all = {
        {CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR,
         check_pointwise,
         run_pointwise,
         {CUDNN_ATTR_OPERATION_POINTWISE_YDESC, CUDNN_ATTR_OPERATION_POINTWISE_DXDESC}},
        {CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR,
         check_convolution_operation,
         run_convolution,
         {CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y}},
        {CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR,
         check_convolution_operation,
         run_convolution,
         {CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX}},
        {CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR,
         check_convolution_operation,
         run_convolution,
         {CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW}},
        {CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR,
         check_matmul,
         run_matmul,
         {CUDNN_ATTR_OPERATION_MATMUL_CDESC}},
        {CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR,
         check_reduction,
         run_reduction,
         {CUDNN_ATTR_OPERATION_REDUCTION_YDESC}},
        {CUDNN_BACKEND_OPERATION_RESHAPE_DESCRIPTOR,
         check_reshape,
         run_reshape,
         {CUDNN_ATTR_OPERATION_RESHAPE_YDESC}},
        {CUDNN_BACKEND_OPERATION_CONCAT_DESCRIPTOR,
         check_concat,
         run_concat,
         {CUDNN_ATTR_OPERATION_CONCAT_OUTPUT_DESC}},
        {CUDNN_BACKEND_OPERATION_NORM_FORWARD_DESCRIPTOR,
         check_norm_forward,
         run_norm_forward,
         {CUDNN_ATTR_OPERATION_NORM_FWD_YDESC,
          CUDNN_ATTR_OPERATION_NORM_FWD_OUTPUT_RUNNING_MEAN_DESC,
          CUDNN_ATTR_OPERATION_NORM_FWD_OUTPUT_RUNNING_VAR_DESC}},
        {CUDNN_BACKEND_OPERATION_NORM_BACKWARD_DESCRIPTOR,
         check_norm_backward,
         run_norm_backward,
         {CUDNN_ATTR_OPERATION_NORM_BWD_DXDESC, CUDNN_ATTR_OPERATION_NORM_BWD_DSCALE_DESC,
          CUDNN_ATTR_OPERATION_NORM_BWD_DBIAS_DESC}},
    };
    return all;
}

const Kind* kind_of(const Descriptor& operation) {
    for (const Kind& kind : kinds())
        if (kind.type == operation.type) return &kind;
    return nullptr;
}

/// A number by value has no place on the device, where all others than these are read.
cudnnStatus_t check_values(const Descriptor& operation, const Kind& kind) {
    for (const auto& [name, attribute] : operation.attributes) {
        const bool is_written = std::find(kind.written.begin(), kind.written.end(), name) !=
                                kind.written.end();
        if (operation.type == CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR && !is_written) continue;
        if (name == CUDNN_ATTR_OPERATION_NORM_FWD_EPSILON_DESC ||
            name == CUDNN_ATTR_OPERATION_NORM_FWD_EXP_AVG_FACTOR_DESC ||
            name == CUDNN_ATTR_OPERATION_NORM_BWD_EPSILON_DESC)
            continue;
        for (const Reference& d : attribute.descriptors)
            if (d->type == CUDNN_BACKEND_TENSOR_DESCRIPTOR &&
                d->get(CUDNN_ATTR_TENSOR_IS_BY_VALUE, false))
                return fail(CUDNN_STATUS_NOT_SUPPORTED, "attribute %d is tensor %lld by value",
                            int(name), (long long)id_of(*d));
    }
    return CUDNN_STATUS_SUCCESS;
}

/// Descriptors with one id are of one tensor, for which there is one place.
bool agree(const Descriptor& a, const Descriptor& b) {
    for (const auto flag : {CUDNN_ATTR_TENSOR_IS_VIRTUAL, CUDNN_ATTR_TENSOR_IS_BY_VALUE})
        if (a.get(flag, false) != b.get(flag, false)) return false;
    const Tensor x = tensor_of(a), y = tensor_of(b);
    if (x.type != y.type || !same_sizes(x, y)) return false;
    for (int d = 0; d < x.dims; ++d)
        if (x.size[d] != 1 && x.stride[d] != y.stride[d]) return false;
    return true;
}

cudnnStatus_t check_agreement(const std::vector<Reference>& operations) {
    std::map<int64_t, Reference> known;
    for (const Reference& o : operations) {
        const Tensors tensors = tensors_of(*o);
        for (const auto* list : {&tensors.in, &tensors.out})
            for (const Reference& t : *list)
                if (!agree(*known.emplace(id_of(*t), t).first->second, *t))
                    return fail(CUDNN_STATUS_BAD_PARAM, "two different tensors have the id %lld",
                                (long long)id_of(*t));
    }
    return CUDNN_STATUS_SUCCESS;
}

} // namespace

cudnnStatus_t check_operation(const Descriptor& operation) {
    const Kind* kind = kind_of(operation);
    if (kind == nullptr)
        return fail(CUDNN_STATUS_NOT_SUPPORTED_GRAPH_PATTERN, "operations of type %d",
                    int(operation.type));
    if (const auto status = check_values(operation, *kind); failed(status)) return status;
    return kind->check(operation);
}

cudnnStatus_t run_operation(const Descriptor& operation, const Places& places,
                            cudaStream_t stream) {
    return kind_of(operation)->run(operation, places, stream);
}

Tensors tensors_of(const Descriptor& operation) {
    Tensors tensors;
    const auto& written = kind_of(operation)->written;
    // Statistics are a result of training, and given in inference.
    const bool trains = operation.type == CUDNN_BACKEND_OPERATION_NORM_FORWARD_DESCRIPTOR &&
                        operation.get(CUDNN_ATTR_OPERATION_NORM_FWD_PHASE,
                                      CUDNN_NORM_FWD_INFERENCE) == CUDNN_NORM_FWD_TRAINING;
    for (const auto& [name, attribute] : operation.attributes) {
        const bool is_statistic = name == CUDNN_ATTR_OPERATION_NORM_FWD_MEAN_DESC ||
                                  name == CUDNN_ATTR_OPERATION_NORM_FWD_INV_VARIANCE_DESC;
        const bool is_written = std::find(written.begin(), written.end(), name) != written.end() ||
                                (trains && is_statistic);
        for (const Reference& d : attribute.descriptors)
            if (d->type == CUDNN_BACKEND_TENSOR_DESCRIPTOR)
                (is_written ? tensors.out : tensors.in).push_back(d);
    }
    return tensors;
}

cudnnStatus_t in_order(const Descriptor& graph, std::vector<Reference>& operations) {
    std::vector<Reference> left = graph.find(CUDNN_ATTR_OPERATIONGRAPH_OPS)->descriptors;
    if (const auto status = check_agreement(left); failed(status)) return status;
    std::set<int64_t> made, pending;
    for (const Reference& o : left)
        for (const Reference& t : tensors_of(*o).out)
            if (!pending.insert(id_of(*t)).second)
                return fail(CUDNN_STATUS_BAD_PARAM_DUPLICATED_ENTRIES,
                            "tensor %lld is the result of two operations", (long long)id_of(*t));
    while (!left.empty()) {
        const auto ready = std::find_if(left.begin(), left.end(), [&](const Reference& o) {
            const Tensors tensors = tensors_of(*o);
            return std::all_of(tensors.in.begin(), tensors.in.end(), [&](const Reference& t) {
                return pending.count(id_of(*t)) == 0 || made.count(id_of(*t)) != 0;
            });
        });
        if (ready == left.end())
            return fail(CUDNN_STATUS_BAD_PARAM, "the operations need each other's results");
        for (const Reference& t : tensors_of(**ready).out)
            made.insert(id_of(*t));
        operations.push_back(*ready);
        left.erase(ready);
    }
    for (const Reference& o : operations)
        for (const Reference& t : tensors_of(*o).in)
            if (t->get(CUDNN_ATTR_TENSOR_IS_VIRTUAL, false) && made.count(id_of(*t)) == 0)
                return fail(CUDNN_STATUS_BAD_PARAM, "no operation makes the virtual tensor %lld",
                            (long long)id_of(*t));
    return CUDNN_STATUS_SUCCESS;
}

size_t workspace_of(const Descriptor& graph, std::map<int64_t, size_t>* offsets) {
    constexpr size_t kAlignment = 256;
    std::map<int64_t, size_t> at;
    size_t size = 0;
    for (const Reference& o : graph.find(CUDNN_ATTR_OPERATIONGRAPH_OPS)->descriptors)
        for (const Reference& d : tensors_of(*o).out) {
            if (!d->get(CUDNN_ATTR_TENSOR_IS_VIRTUAL, false)) continue;
            if (!at.emplace(id_of(*d), size).second) continue;
            const Tensor t = tensor_of(*d);
            int64_t last = 0;
            for (int i = 0; i < t.dims; ++i)
                last += (t.size[i] - 1) * t.stride[i];
            const size_t bytes = size_t(last + 1) * size_of(element_of(t.type));
            size += (bytes + kAlignment - 1) / kAlignment * kAlignment;
        }
    if (offsets != nullptr) *offsets = std::move(at);
    return size;
}

} // namespace acc::dnn::graph
