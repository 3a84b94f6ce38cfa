// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: .cu:[[#@LINE+2]]:14: error: dynamic initialization is not supported for __device__, __constant__, __shared__, and __managed__ variables
struct B { int v; __device__ B(){v=threadIdx.x;} };
__device__ B b;
