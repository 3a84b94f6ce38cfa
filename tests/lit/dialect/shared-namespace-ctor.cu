// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: .cu:[[#@LINE+2]]:14: error: a __shared__ variable at namespace scope has no dynamic initialization: constructor of 'B' does something; call an initialization function in the kernel
struct B { int v; __device__ B(){v=1;} };
__shared__ B b;
__global__ void k(int *o) { o[threadIdx.x] = b.v; }
