// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

struct Result {
    int value, other;
};

/// Each source file has a kernel `compute`, a variable `base` and a template of the same names.
int run_a(int x);
int run_b(int x);
int run_c(int x);

template <class T>
__device__ T twice(T v) {
    return v + v;
}
template <class T>
__global__ void template_kernel(T* out, T v) {
    *out = twice(v);
}
