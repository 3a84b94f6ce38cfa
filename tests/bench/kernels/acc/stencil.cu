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

// A thread goes along z, with the cell above and the one below in registers.
__global__ void stencil3d(int n, float rate, const float* in, float* out) {
    int x = blockIdx.x * blockDim.x + threadIdx.x + 1;
    int y = blockIdx.y * blockDim.y + threadIdx.y + 1;
    if (x >= n - 1 || y >= n - 1) return;
    int plane = n * n;
    int i = y * n + x;
    float below = in[i], here = in[i + plane];
    for (int z = 1; z < n - 1; ++z) {
        i += plane;
        float above = in[i + plane];
        out[i] = here + rate * (in[i - 1] + in[i + 1] + in[i - n] + in[i + n] + below + above -
                                6.0f * here);
        below = here;
        here = above;
    }
}

// A thread for each pixel of each output channel; the image has a border of zeros.
__global__ void conv3x3(int size, int in_channels, const float* in, const float* weights,
                        float* out) {
    int x = blockIdx.x * blockDim.x + threadIdx.x;
    int y = blockIdx.y * blockDim.y + threadIdx.y;
    int channel = blockIdx.z;
    if (x >= size || y >= size) return;
    int width = size + 2;
    float sum = 0;
    for (int c = 0; c < in_channels; ++c) {
        const float* image = in + (c * width + y) * width + x;
        const float* filter = weights + (channel * in_channels + c) * 9;
        for (int dy = 0; dy < 3; ++dy)
            for (int dx = 0; dx < 3; ++dx)
                sum += image[dy * width + dx] * filter[dy * 3 + dx];
    }
    out[(channel * size + y) * size + x] = sum;
}

} // namespace

void run_stencil2d(bench::Session& session) {
    const bench::Stencil2d p(session.scale());
    Buffer<float> in(p.in), out(p.in.size());
    const dim3 block(32, 8), grid(divide_up(p.n, 32), divide_up(p.n, 8));
    session.run(p, [&] { stencil2d<<<grid, block>>>(p.n, p.rate, in.get(), out.get()); }, out);
}

void run_stencil3d(bench::Session& session) {
    const bench::Stencil3d p(session.scale());
    Buffer<float> in(p.in), out(p.in); // the border of `out` stays
    const dim3 block(32, 8), grid(divide_up(p.n - 2, 32), divide_up(p.n - 2, 8));
    session.run(p, [&] { stencil3d<<<grid, block>>>(p.n, p.rate, in.get(), out.get()); }, out);
}

void run_conv3x3(bench::Session& session) {
    const bench::Conv3x3 p(session.scale());
    Buffer<float> in(p.in), weights(p.weights), out(size_t(p.out_channels) * p.size * p.size);
    const dim3 block(16, 16), grid(divide_up(p.size, 16), divide_up(p.size, 16), p.out_channels);
    auto launch = [&] {
        conv3x3<<<grid, block>>>(p.size, p.in_channels, in.get(), weights.get(), out.get());
    };
    session.run(p, launch, out);
}
