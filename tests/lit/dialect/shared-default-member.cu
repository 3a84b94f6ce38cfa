// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -c %s -o %t.o
struct B { int v = 0; B() = default; };
__global__ void k(int *o) { __shared__ B b; o[threadIdx.x] = b.v; }
