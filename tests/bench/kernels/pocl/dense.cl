// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The kernels of ../acc/dense.cu. A template becomes a macro.

#define GEMM_TILED(NAME, T, TILE)                                                                  \
    kernel void NAME(int n, global const T* a, global const T* b, global T* c) {                   \
        local T tile_a[TILE][TILE];                                                                \
        local T tile_b[TILE][TILE];                                                                \
        int x = get_local_id(0), y = get_local_id(1);                                              \
        int row = get_group_id(1) * TILE + y;                                                      \
        int column = get_group_id(0) * TILE + x;                                                   \
        T sum = 0;                                                                                 \
        for (int k = 0; k < n; k += TILE) {                                                        \
            tile_a[y][x] = a[row * n + k + x];                                                     \
            tile_b[y][x] = b[(k + y) * n + column];                                                \
            barrier(CLK_LOCAL_MEM_FENCE);                                                          \
            for (int i = 0; i < TILE; ++i)                                                         \
                sum += tile_a[y][i] * tile_b[i][x];                                                \
            barrier(CLK_LOCAL_MEM_FENCE);                                                          \
        }                                                                                          \
        c[row * n + column] = sum;                                                                 \
    }

GEMM_TILED(sgemm16, float, 16)
