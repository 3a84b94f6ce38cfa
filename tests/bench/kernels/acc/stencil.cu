// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Neighbourhoods on grids.

#include "device.h"

namespace {

__global__ void stencil2d(int n, float rate, const float* in, float* out) {
    int x = blockIdx.x * blockDim.x + threadIdx.x;
    int y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= n || y >= n) return;
    int i = y * n + x;
    if (x == 0 || y == 0 || x == n - 1 || y == n - 1)
        out[i] = in[i];
    else
        out[i] = in[i] + rate * (in[i - 1] + in[i + 1] + in[i - n] + in[i + n] - 4.0f * in[i]);
}

} // namespace

void run_stencil2d(bench::Session& session) {
    const bench::Stencil2d p(session.scale());
    Buffer<float> in(p.in), out(p.in.size());
    const dim3 block(32, 8), grid(divide_up(p.n, 32), divide_up(p.n, 8));
    session.run(p, [&] { stencil2d<<<grid, block>>>(p.n, p.rate, in.get(), out.get()); }, out);
}
