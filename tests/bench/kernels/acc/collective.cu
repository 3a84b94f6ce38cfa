// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels in which the threads of a block combine what they have.

#include "device.h"

namespace {

// Grid-stride sums of the threads, then shuffles in each warp, then the warps' sums through shared
// memory.
__global__ void reduce(int n, const float* in, float* sums) {
    __shared__ float of_warp[32];
    float sum = 0;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x)
        sum += in[i];
    for (int offset = 16; offset > 0; offset /= 2)
        sum += __shfl_down_sync(0xffffffff, sum, offset);
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    if (lane == 0) of_warp[warp] = sum;
    __syncthreads();
    if (warp == 0) {
        sum = lane < blockDim.x / 32 ? of_warp[lane] : 0;
        for (int offset = 16; offset > 0; offset /= 2)
            sum += __shfl_down_sync(0xffffffff, sum, offset);
        if (lane == 0) sums[blockIdx.x] = sum;
    }
}

} // namespace

void run_reduction(bench::Session& session) {
    const bench::Reduction p(session.scale());
    Buffer<float> in(p.in), sums(p.groups), out(1);
    auto launch = [&] {
        reduce<<<p.groups, 256>>>(p.n, in.get(), sums.get());
        reduce<<<1, 256>>>(p.groups, sums.get(), out.get());
    };
    session.run(p, launch, out);
}
