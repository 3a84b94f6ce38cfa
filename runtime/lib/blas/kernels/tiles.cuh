// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Products by tiles: a block computes 64 x 64 elements, 4 x 4 in the registers of each of its 256
// threads, from slices of 16 of both operands in shared memory, as values of the accumulator's
// type. Who includes this fills the slices: from matrices (gemm_tiles.cu), from images (cuDNN's
// convolutions).
#pragma once

#include "runtime/lib/blas/kernels/number.cuh"

namespace acc::blas {

constexpr int kDepth = 16;
constexpr int kThreads = 256;
constexpr int kAcross = 16; ///< threads along a tile's rows, and along its columns

/// What a thread has of a tile: as many as registers hold, so fewer of wide numbers.
template <class Acc>
constexpr int kEachRows = sizeof(Acc) <= 8 ? 4 : 2;
template <class Acc>
constexpr int kEachColumns = sizeof(Acc) <= 8 ? 4 : 2;
template <class Acc>
constexpr int kTileRows = kAcross * kEachRows<Acc>;
template <class Acc>
constexpr int kTileColumns = kAcross * kEachColumns<Acc>;
template <class Acc>
using Sums = Acc[kEachRows<Acc>][kEachColumns<Acc>];

/// A slice of an operand: kDepth along k, Across along its other side.
template <class Acc, int Across>
using Slice = Acc[kDepth][Across];

/// Adds to a thread's Sums<Acc> the products of two slices.
template <class Acc, class SumsOfAcc, class SliceA, class SliceB>
__device__ void multiply_slices(SumsOfAcc& sums, const SliceA& a, const SliceB& b, int x, int y) {
#pragma unroll 1
    for (int k = 0; k < kDepth; ++k) {
        Acc of_a[kEachRows<Acc>], of_b[kEachColumns<Acc>];
#pragma unroll
        for (int j = 0; j < kEachRows<Acc>; ++j)
            of_a[j] = a[k][x + j * kAcross];
#pragma unroll
        for (int j = 0; j < kEachColumns<Acc>; ++j)
            of_b[j] = b[k][y + j];
#pragma unroll
        for (int r = 0; r < kEachRows<Acc>; ++r)
#pragma unroll
            for (int c = 0; c < kEachColumns<Acc>; ++c)
                sums[r][c] = multiply_add(of_a[r], of_b[c], sums[r][c]);
    }
}

} // namespace acc::blas
