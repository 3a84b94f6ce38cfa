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
GEMM_TILED(sgemm32, float, 32)
GEMM_TILED(dgemm, double, 16)

#define GEMM_REGISTERS(NAME, TILE, DEPTH, EACH)                                                    \
    kernel void NAME(int n, global const float* a, global const float* b, global float* c) {       \
        local float tile_a[DEPTH][TILE];                                                           \
        local float tile_b[DEPTH][TILE];                                                           \
        int t = get_local_id(0);                                                                   \
        int first_row = get_group_id(1) * TILE, first_column = get_group_id(0) * TILE;             \
        int x = t % (TILE / EACH) * EACH, y = t / (TILE / EACH) * EACH;                            \
        float sums[EACH][EACH];                                                                    \
        for (int row = 0; row < EACH; ++row)                                                       \
            for (int column = 0; column < EACH; ++column)                                          \
                sums[row][column] = 0;                                                             \
        for (int k = 0; k < n; k += DEPTH) {                                                       \
            for (int i = t; i < TILE * DEPTH; i += 256) {                                          \
                tile_a[i % DEPTH][i / DEPTH] = a[(first_row + i / DEPTH) * n + k + i % DEPTH];     \
                tile_b[i / TILE][i % TILE] = b[(k + i / TILE) * n + first_column + i % TILE];      \
            }                                                                                      \
            barrier(CLK_LOCAL_MEM_FENCE);                                                          \
            for (int i = 0; i < DEPTH; ++i) {                                                      \
                float of_a[EACH], of_b[EACH];                                                      \
                for (int j = 0; j < EACH; ++j) {                                                   \
                    of_a[j] = tile_a[i][y + j];                                                    \
                    of_b[j] = tile_b[i][x + j];                                                    \
                }                                                                                  \
                for (int row = 0; row < EACH; ++row)                                               \
                    for (int column = 0; column < EACH; ++column)                                  \
                        sums[row][column] += of_a[row] * of_b[column];                             \
            }                                                                                      \
            barrier(CLK_LOCAL_MEM_FENCE);                                                          \
        }                                                                                          \
        for (int row = 0; row < EACH; ++row)                                                       \
            for (int column = 0; column < EACH; ++column)                                          \
                c[(first_row + y + row) * n + first_column + x + column] = sums[row][column];      \
    }

GEMM_REGISTERS(sgemm64, 64, 16, 4)
GEMM_REGISTERS(sgemm128, 128, 8, 8)

int dot4(int a, int b, int sum) {
    int4 products = convert_int4(as_char4(a)) * convert_int4(as_char4(b));
    return sum + products.x + products.y + products.z + products.w;
}

#define IGEMM(NAME, LOAD_B)                                                                        \
    kernel void NAME(int n, int words, global const int* a, global const int* b, global int* c) {  \
        local int tile_a[16][16];                                                                  \
        local int tile_b[16][17];                                                                  \
        int x = get_local_id(0), y = get_local_id(1), first_column = get_group_id(0) * 16;         \
        int row = get_group_id(1) * 16 + y;                                                        \
        int column = first_column + x;                                                             \
        int sum = 0;                                                                               \
        for (int k = 0; k < words; k += 16) {                                                      \
            tile_a[y][x] = a[row * words + k + x];                                                 \
            LOAD_B;                                                                                \
            barrier(CLK_LOCAL_MEM_FENCE);                                                          \
            for (int i = 0; i < 16; ++i)                                                           \
                sum = dot4(tile_a[y][i], tile_b[i][x], sum);                                       \
            barrier(CLK_LOCAL_MEM_FENCE);                                                          \
        }                                                                                          \
        c[row * n + column] = sum;                                                                 \
    }

IGEMM(igemm, tile_b[y][x] = b[(k + y) * n + column])
IGEMM(igemm_columns, tile_b[x][y] = b[(first_column + y) * words + k + x])
