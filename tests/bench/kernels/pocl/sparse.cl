// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The kernels of ../acc/sparse.cu; what there are shuffles is a tree in local memory here.

kernel void spmv_scalar(int rows, global const int* starts, global const int* columns,
                        global const float* values, global const float* x, global float* y) {
    int row = get_global_id(0);
    if (row >= rows) return;
    float sum = 0;
    for (int i = starts[row]; i < starts[row + 1]; ++i)
        sum += values[i] * x[columns[i]];
    y[row] = sum;
}

// 32 work-items for each row.
kernel void spmv_warp(int rows, global const int* starts, global const int* columns,
                      global const float* values, global const float* x, global float* y) {
    local float part[256];
    int t = get_local_id(0), row = get_global_id(0) / 32, lane = t % 32;
    float sum = 0;
    if (row < rows) {
        for (int i = starts[row] + lane; i < starts[row + 1]; i += 32)
            sum += values[i] * x[columns[i]];
    }
    part[t] = sum;
    for (int offset = 16; offset > 0; offset /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (lane < offset) part[t] += part[t + offset];
    }
    if (lane == 0 && row < rows) y[row] = part[t];
}

kernel void bfs_begin(int vertices, global int* distances) {
    int v = get_global_id(0);
    if (v < vertices) distances[v] = v == 0 ? 0 : -1;
}

kernel void bfs_level(int vertices, int level, global const int* starts, global const int* edges,
                      global int* distances, global int* changed) {
    int v = get_global_id(0);
    if (v >= vertices || distances[v] != level) return;
    for (int i = starts[v]; i < starts[v + 1]; ++i) {
        int to = edges[i];
        if (distances[to] < 0) {
            distances[to] = level + 1;
            *changed = 1;
        }
    }
}
