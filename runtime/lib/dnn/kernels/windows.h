// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Pooling: windows of up to three dimensions; and windows of neighbouring channels.
#pragma once

#include "runtime/lib/dnn/kernels/tensor.h"

namespace acc::dnn {

inline constexpr int kWindowDims = 3;

enum class Pool : unsigned char { Max, AverageWithPadding, Average };

/// An array by n, channel and three coordinates.
struct Pixels {
    Array array;
    int64_t n_stride = 0, c_stride = 0;
    int64_t stride[kWindowDims] = {};
};

struct Pooling {
    Pool mode = Pool::Max;
    int64_t n = 1, c = 1;
    int in_size[kWindowDims] = {1, 1, 1}, out_size[kWindowDims] = {1, 1, 1};
    int window[kWindowDims] = {1, 1, 1}, padding[kWindowDims] = {}, step[kWindowDims] = {1, 1, 1};
    Pixels x, y;
    Pixels dx, dy; ///< backward
    double alpha = 1, beta = 0;
    bool propagates_nan = true;
};

cudaError_t launch_pooling(cudaStream_t stream, const Pooling& p);
cudaError_t launch_pooling_gradient(cudaStream_t stream, const Pooling& p);

/// y = x (k + alpha / size * sum of x² of the channels around)^-beta.
struct ChannelWindows {
    int64_t n = 1, c = 1;
    int in_size[kWindowDims] = {1, 1, 1};
    int size = 1;
    double alpha = 0, power = 0, k = 1; ///< alpha is divided by the size already
    Pixels x, y;
    Pixels dx, dy; ///< backward: dx is written
    double scale = 1, beta = 0;
    bool backward = false;
};

cudaError_t launch_channel_windows(cudaStream_t stream, const ChannelWindows& w);

} // namespace acc::dnn
