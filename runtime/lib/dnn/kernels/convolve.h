// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Convolutions and their gradients as one product of matrices,
//   D[m][n] = activation(alpha sum over k of A[m][k] B[k][n] + beta Z[m][n] + bias[m]),
// for each group, where B is looked up in an image: n and k are each a number and three coordinates
// (what is not there is of size 1), and n's and k's coordinates together are a place in the image.
//
//                  m         n            k            A        B's image   D
//   forward        outputs   n, pixels    c, taps      filter   x           y
//   to the data    inputs    n, pixels    k, taps      filter   dy          dx
//   to the filter  outputs   c, taps      n, pixels    dy       x           dw
#pragma once

#include "runtime/lib/dnn/kernels/elementwise.h"

namespace acc::dnn {

inline constexpr int kSpatial = 3;

/// The strides of n or k in an array: of its number, of its coordinates.
struct Parts {
    int64_t of[1 + kSpatial] = {};
};

/// A, D or Z: m and the parts of the other side.
struct Matrix {
    Array array;
    int64_t group_stride = 0;
    int64_t m_stride = 0;
    Parts parts;
};

struct Image {
    Array array;
    int64_t group_stride = 0;
    int64_t n_stride = 0, k_stride = 0; ///< of n's and k's number
    /// x = (n_step n + k_step k + origin) / divisor, of each coordinate; what has a remainder or is
    /// outside is zero.
    int64_t stride[kSpatial] = {};
    int size[kSpatial] = {1, 1, 1};
    int n_step[kSpatial] = {}, k_step[kSpatial] = {}, origin[kSpatial] = {};
    int divisor[kSpatial] = {1, 1, 1};
};

struct Convolution {
    unsigned m = 1, n = 1, k = 1; ///< of a group
    unsigned n_size[kSpatial] = {1, 1, 1}, k_size[kSpatial] = {1, 1, 1};
    int groups = 1;
    Matrix a;
    Image b;
    Matrix d, z; ///< Z is read where beta is not zero
    Array bias;  ///< or null
    double alpha = 1, beta = 0;
    Op activation = Op::Identity;
    double parameter[3] = {};
    bool propagates_nan = true;
};

cudaError_t launch_convolution(cudaStream_t stream, const Convolution& c);

} // namespace acc::dnn
