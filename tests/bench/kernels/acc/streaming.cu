// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels that mostly move memory.

#include "device.h"

namespace {

__global__ void saxpy(int n, float a, const float* x, float* y) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = a * x[i] + y[i];
}

} // namespace

void run_saxpy(bench::Session& session) {
    const bench::Saxpy p(session.scale());
    Buffer<float> x(p.x), y(p.y);
    session.run(p, [&] { saxpy<<<divide_up(p.n, 256), 256>>>(p.n, p.a, x.get(), y.get()); }, y);
}
