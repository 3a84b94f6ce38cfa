// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions of one element, and their slopes.
#pragma once

#include "runtime/lib/dnn/kernels/elementwise.h"

namespace acc::dnn {

template <class Acc>
__device__ __forceinline__ Acc sigmoid(Acc x) {
    return 1 / (1 + exp(-x));
}

/// sqrt(2 / pi) and the cube's factor of GELU by tanh.
template <class Acc>
__device__ __forceinline__ Acc gelu_inner(Acc x) {
    return Acc(0.7978845608028654) * (x + Acc(0.044715) * x * x * x);
}

/// Of ops from Relu to Softplus.
template <class Acc>
__device__ __noinline__ Acc activate(Op op, Acc x, const double* parameter, bool propagates_nan) {
    const Acc a = Acc(parameter[0]);
    switch (op) {
    case Op::Relu: {
        if (x != x) return propagates_nan ? x : a;
        const Acc high = Acc(parameter[1]);
        if (x > high) return high;
        return x > a ? x : a + Acc(parameter[2]) * (x - a);
    }
    case Op::ClippedRelu:
        if (x != x) return propagates_nan ? x : Acc(0);
        return x > a ? a : x > 0 ? x : Acc(0);
    case Op::Sigmoid: return sigmoid(x);
    case Op::Tanh: return tanh(x);
    case Op::Elu: return x > 0 ? x : a * expm1(x);
    case Op::Swish: return x * sigmoid(a * x);
    case Op::Gelu: return Acc(0.5) * x * (1 + erf(x * Acc(0.7071067811865476)));
    case Op::GeluTanh: return Acc(0.5) * x * (1 + tanh(gelu_inner(x)));
    case Op::Softplus: return (a * x > 0 ? a * x + log1p(exp(-a * x)) : log1p(exp(a * x))) / a;
    default: return x;
    }
}

/// The slope at x, where y is the value.
template <class Acc>
__device__ __noinline__ Acc slope(Op op, Acc x, Acc y, const double* parameter) {
    const Acc a = Acc(parameter[0]);
    switch (op) {
    case Op::ReluGradient:
        return x > Acc(parameter[1]) ? Acc(0) : x > a ? Acc(1) : Acc(parameter[2]);
    case Op::ClippedReluGradient: return x > 0 && x < a ? Acc(1) : Acc(0);
    case Op::SigmoidGradient: return y * (1 - y);
    case Op::TanhGradient: return 1 - y * y;
    case Op::SigmoidGradientOfX: y = sigmoid(x); return y * (1 - y);
    case Op::TanhGradientOfX: y = tanh(x); return 1 - y * y;
    case Op::EluGradient: return x > 0 ? Acc(1) : y + a;
    case Op::EluGradientOfX: return x > 0 ? Acc(1) : a * exp(x);
    case Op::SwishGradient: {
        const Acc s = sigmoid(a * x);
        return s + a * x * s * (1 - s);
    }
    case Op::GeluGradient:
        return Acc(0.5) * (1 + erf(x * Acc(0.7071067811865476))) +
               x * Acc(0.3989422804014327) * exp(Acc(-0.5) * x * x);
    case Op::GeluTanhGradient: {
        const Acc t = tanh(gelu_inner(x));
        return Acc(0.5) * (1 + t) + Acc(0.5) * x * (1 - t * t) * Acc(0.7978845608028654) *
                                        (1 + Acc(3 * 0.044715) * x * x);
    }
    case Op::SoftplusGradient: return sigmoid(a * x);
    default: return 1;
    }
}

} // namespace acc::dnn
