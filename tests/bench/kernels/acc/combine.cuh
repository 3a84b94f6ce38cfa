// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What all threads of a block combine to.

#pragma once

struct Sum {
    __device__ float operator()(float a, float b) const { return a + b; }
};
struct Max {
    __device__ float operator()(float a, float b) const { return fmaxf(a, b); }
};

// What all threads of the block combine to, given to all of them.
template <int Threads, typename Combine>
__device__ float block_combine(float value, Combine combine) {
    __shared__ float of_warp[Threads / 32];
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    for (int offset = 16; offset > 0; offset /= 2)
        value = combine(value, __shfl_xor_sync(0xffffffff, value, offset));
    __syncthreads(); // of_warp may still be read
    if (lane == 0) of_warp[warp] = value;
    __syncthreads();
    value = of_warp[0];
    for (int i = 1; i < Threads / 32; ++i)
        value = combine(value, of_warp[i]);
    return value;
}
