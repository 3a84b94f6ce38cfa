// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is done to each element by itself.
#pragma once

#include "runtime/lib/dnn/kernels/tensor.h"

namespace acc::dnn {

/// f of up to three inputs: x, y, z are input 0, 1, 2, each times its scale. Gradients have dy
/// first.
enum class Op : unsigned char {
    Identity,
    Constant, ///< parameter[0]
    Add,
    AddSquare,
    Sub,
    Mul,
    Div,
    Min,
    Max,
    Mod,
    Pow,
    Atan2,
    Sqrt,
    Rsqrt,
    Not, ///< 1 - x
    Abs,
    Ceil,
    Floor,
    Cos,
    Sin,
    Tan,
    Exp,
    Log,
    Neg,
    Erf,
    Reciprocal,
    Relu,        ///< below parameter[0]: that + parameter[2] (x - that); above parameter[1]: that
    ClippedRelu, ///< between 0 and parameter[0]
    Sigmoid,
    Tanh,
    Elu,   ///< parameter[0] (exp(x) - 1) below 0
    Swish, ///< x sigmoid(parameter[0] x)
    Gelu,
    GeluTanh,
    Softplus,     ///< log(1 + exp(parameter[0] x)) / parameter[0]
    ReluGradient, ///< of dy and x
    ClippedReluGradient,
    SigmoidGradient, ///< of dy and y
    TanhGradient,    ///< of dy and y
    SigmoidGradientOfX,
    TanhGradientOfX,
    EluGradient, ///< of dy, y and x
    EluGradientOfX,
    SwishGradient,
    GeluGradient,
    GeluTanhGradient,
    SoftplusGradient,
    Equal,
    NotEqual,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    And,
    Or,
    LogicalNot,
    Select,  ///< z ? x : y
    Index,   ///< the coordinate along the dimension parameter[0]
    Dropout, ///< x / (1 - parameter[0]) or 0, by numbers of the state; y: the mask that is written
    DropoutGradient, ///< x / (1 - parameter[0]) where the mask y is not zero
};

struct Elementwise {
    Op op = Op::Identity;
    Box box;
    int inputs = 1;
    Array in[3];
    Strides in_strides[3];
    double in_scale[3] = {1, 1, 1};
    Array out;
    Strides out_strides;
    double scale = 1; ///< out = scale f + beta out
    double beta = 0;
    double parameter[3] = {};
    bool propagates_nan = true;
    const uint64_t* random = nullptr; ///< Dropout: seed and number of the next draw
    double in_value[3] = {};          ///< of inputs without data
};

cudaError_t launch_elementwise(cudaStream_t stream, const Elementwise& e);

/// The state of dropout: its seed; `draws` more numbers are taken.
cudaError_t launch_seed(cudaStream_t stream, uint64_t* state, uint64_t seed);
cudaError_t launch_advance(cudaStream_t stream, uint64_t* state, uint64_t draws);

} // namespace acc::dnn
