// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels that mostly move memory.

#include "device.h"

namespace {

__global__ void saxpy(int n, float a, const float* x, float* y) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = a * x[i] + y[i];
}

__global__ void triad(int n, float s, const float* b, const float* c, float* a) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x)
        a[i] = b[i] + s * c[i];
}

__global__ void transpose_naive(int n, const float* in, float* out) {
    int x = blockIdx.x * blockDim.x + threadIdx.x;
    int y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < n && y < n) out[x * n + y] = in[y * n + x];
}

// 32 x 8 threads move a tile of 32 x 32 through shared memory.
__global__ void transpose_tiled(int n, const float* in, float* out) {
    __shared__ float tile[32][33];
    int x = blockIdx.x * 32 + threadIdx.x;
    int y = blockIdx.y * 32 + threadIdx.y;
    for (int i = 0; i < 32; i += 8)
        tile[threadIdx.y + i][threadIdx.x] = in[(y + i) * n + x];
    __syncthreads();
    x = blockIdx.y * 32 + threadIdx.x;
    y = blockIdx.x * 32 + threadIdx.y;
    for (int i = 0; i < 32; i += 8)
        out[(y + i) * n + x] = tile[threadIdx.x][threadIdx.y + i];
}

} // namespace

void run_saxpy(bench::Session& session) {
    const bench::Saxpy p(session.scale());
    Buffer<float> x(p.x), y(p.y);
    session.run(p, [&] { saxpy<<<divide_up(p.n, 256), 256>>>(p.n, p.a, x.get(), y.get()); }, y);
}

void run_triad(bench::Session& session) {
    const bench::Triad p(session.scale());
    Buffer<float> b(p.b), c(p.c), a(p.n);
    session.run(p, [&] { triad<<<p.groups, 256>>>(p.n, p.s, b.get(), c.get(), a.get()); }, a);
}

void run_transpose_naive(bench::Session& session) {
    const bench::Transpose p(session.scale());
    Buffer<float> in(p.in), out(p.in.size());
    const dim3 block(16, 16), grid(divide_up(p.n, 16), divide_up(p.n, 16));
    session.run(p, [&] { transpose_naive<<<grid, block>>>(p.n, in.get(), out.get()); }, out);
}

void run_transpose_tiled(bench::Session& session) {
    const bench::Transpose p(session.scale());
    Buffer<float> in(p.in), out(p.in.size());
    const dim3 block(32, 8), grid(p.n / 32, p.n / 32);
    session.run(p, [&] { transpose_tiled<<<grid, block>>>(p.n, in.get(), out.get()); }, out);
}
