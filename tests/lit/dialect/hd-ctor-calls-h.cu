// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: .cu:[[#@LINE+2]]:23: error: reference to __host__ function '~S' in __global__ function
struct H{H(){} ~H(){}}; struct S{ H h; __host__ __device__ S(){} };
__global__ void k(){S s;}
