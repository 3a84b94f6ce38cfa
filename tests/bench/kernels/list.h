// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kernels, each with the group (the files) that it stands in: BENCH_KERNELS(X) is X(name,
// group) for each. A kernel has the problem `name` in problems.h and a function run_name in
// acc/group.cu, pocl/group.cpp and native/group.cpp.

#pragma once

#define BENCH_KERNELS(X)                                                                           \
    X(saxpy, streaming)                                                                            \
    X(sgemm16, dense)                                                                              \
    X(stencil2d, stencil)                                                                          \
    X(nbody, simulation)                                                                           \
    X(reduction, collective)                                                                       \
    X(softmax, rows)
