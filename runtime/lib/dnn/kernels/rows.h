// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is computed for each of `outer` from all of `inner`: reductions, softmax, normalisation.
#pragma once

#include "runtime/lib/dnn/kernels/elementwise.h"

namespace acc::dnn {

/// An array over both boxes.
struct Span {
    Array array;
    Strides outer, inner;
};

enum class Reduce : unsigned char { Add, Mul, Min, Max, AMax, Avg, Norm1, Norm2, MulNoZeros };

struct Reduction {
    Reduce op = Reduce::Add;
    Box outer, inner;
    Span in;
    Span out;      ///< strides of outer only
    Array indices; ///< or null: of Min, Max and AMax, the number in `inner` of what it is
    double alpha = 1, beta = 0;
    bool propagates_nan = true;
};

cudaError_t launch_reduction(cudaStream_t stream, const Reduction& r);

enum class SoftmaxKind : unsigned char { Fast, Accurate, Log };

struct Softmax {
    SoftmaxKind kind = SoftmaxKind::Accurate;
    Box outer, inner;
    Span x;  ///< forward; backward: y
    Span dy; ///< backward
    Span y;  ///< what is written: y, or dx
    bool backward = false;
    double alpha = 1, beta = 0;
};

cudaError_t launch_softmax(cudaStream_t stream, const Softmax& s);

/// y = alpha activation(scale (x - mean) inv_deviation + bias + z) + beta y. Arrays without data
/// are not there: scale 1, bias 0, nothing to write.
struct Normalization {
    Box outer, inner;
    Span x, y, z;
    Span scale, bias;
    bool uses_statistics = false; ///< given in mean and variance, else computed and saved there
    bool given_inverse = false;   ///< `variance` is what 1 / sqrt(variance + epsilon) is
    bool centers = true;          ///< else the mean is zero (RMS)
    Span mean, variance;          ///< saved: mean and 1 / sqrt(variance + epsilon)
    Span running_mean, running_variance;         ///< before; or without data
    Span new_running_mean, new_running_variance; ///< after; may be the same
    double factor = 1, epsilon = 0;
    double alpha = 1, beta = 0;
    Op activation = Op::Identity;
    double parameter[3] = {};
};

cudaError_t launch_normalization(cudaStream_t stream, const Normalization& n);

/// The gradients of that. Sums over `inner` are written to dscale and dbias when they have no inner
/// strides; sums over `outer` are another launch's (launch_scale_gradients).
struct NormalizationGradient {
    Box outer, inner;
    Span x, dy, dx, dz;
    Span y; ///< with an activation: its value
    Span scale, dscale, dbias;
    bool centers = true;
    Span mean, inv_deviation; ///< saved ones; without data computed anew
    double epsilon = 0;
    double alpha = 1, beta = 0;               ///< of dx
    double alpha_params = 1, beta_params = 0; ///< of dscale and dbias
    Op activation = Op::Identity;             ///< a gradient
    double parameter[3] = {};
};

cudaError_t launch_normalization_gradient(cudaStream_t stream, const NormalizationGradient& n);
/// dscale and dbias where they go along `inner`.
cudaError_t launch_scale_gradients(cudaStream_t stream, const NormalizationGradient& n);

} // namespace acc::dnn
