// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../common/check.h"
#include "shared.h"

static __device__ int base = 200;

static __global__ void compute(int x, int* out) {
    *out = x * 2 + base;
}

int run_b(int x) {
    Buffer<int> out(1);
    compute<<<1, 1>>>(x, out.device());
    SYNC();
    const int computed = out.download()[0];
    template_kernel<int><<<1, 1>>>(out.device(), computed);
    SYNC();
    return out.download()[0];
}
