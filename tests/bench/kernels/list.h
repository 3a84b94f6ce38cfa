// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kernels, each with the group (the files) that it stands in: BENCH_KERNELS(X) is X(name,
// group) for each. A kernel has the problem `name` in problems.h and a function run_name in
// acc/group.cu, pocl/group.cpp and native/group.cpp.

#pragma once

#define BENCH_KERNELS(X)                                                                           \
    X(saxpy, streaming)                                                                            \
    X(triad, streaming)                                                                            \
    X(transpose_naive, streaming)                                                                  \
    X(transpose_tiled, streaming)                                                                  \
    X(sgemm16, dense)                                                                              \
    X(sgemm32, dense)                                                                              \
    X(sgemm64, dense)                                                                              \
    X(sgemm128, dense)                                                                             \
    X(dgemm, dense)                                                                                \
    X(igemm, dense)                                                                                \
    X(igemm_columns, dense)                                                                        \
    X(conv3x3, stencil)                                                                            \
    X(stencil2d, stencil)                                                                          \
    X(stencil3d, stencil)                                                                          \
    X(nbody, simulation)                                                                           \
    X(mandelbrot, simulation)                                                                      \
    X(black_scholes, simulation)                                                                   \
    X(raytrace, raytrace)                                                                          \
    X(reduction, collective)                                                                       \
    X(scan, collective)                                                                            \
    X(histogram, collective)                                                                       \
    X(spmv_scalar, sparse)                                                                         \
    X(spmv_warp, sparse)                                                                           \
    X(bfs, sparse)                                                                                 \
    X(layernorm, rows)                                                                             \
    X(softmax, rows)                                                                               \
    X(attention, attention)                                                                        \
    X(fft, blocks)                                                                                 \
    X(bitonic, blocks)                                                                             \
    X(alignment, blocks)                                                                           \
    X(sha256, hash)
