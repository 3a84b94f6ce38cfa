// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The kernels of ../acc/stencil.cu.

kernel void stencil2d(int n, float rate, global const float* in, global float* out) {
    int x = get_global_id(0);
    int y = get_global_id(1);
    if (x >= n || y >= n) return;
    int i = y * n + x;
    if (x == 0 || y == 0 || x == n - 1 || y == n - 1)
        out[i] = in[i];
    else
        out[i] = in[i] + rate * (in[i - 1] + in[i + 1] + in[i - n] + in[i + n] - 4.0f * in[i]);
}
