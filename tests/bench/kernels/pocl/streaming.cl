// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The kernels of ../acc/streaming.cu.

kernel void saxpy(int n, float a, global const float* x, global float* y) {
    int i = get_global_id(0);
    if (i < n) y[i] = a * x[i] + y[i];
}

kernel void triad(int n, float s, global const float* b, global const float* c, global float* a) {
    for (int i = get_global_id(0); i < n; i += get_global_size(0))
        a[i] = b[i] + s * c[i];
}

kernel void transpose_naive(int n, global const float* in, global float* out) {
    int x = get_global_id(0);
    int y = get_global_id(1);
    if (x < n && y < n) out[x * n + y] = in[y * n + x];
}

kernel void transpose_tiled(int n, global const float* in, global float* out) {
    local float tile[32][33];
    int tx = get_local_id(0), ty = get_local_id(1);
    int x = get_group_id(0) * 32 + tx;
    int y = get_group_id(1) * 32 + ty;
    for (int i = 0; i < 32; i += 8)
        tile[ty + i][tx] = in[(y + i) * n + x];
    barrier(CLK_LOCAL_MEM_FENCE);
    x = get_group_id(1) * 32 + tx;
    y = get_group_id(0) * 32 + ty;
    for (int i = 0; i < 32; i += 8)
        out[(y + i) * n + x] = tile[tx][ty + i];
}
