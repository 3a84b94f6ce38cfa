// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -c %s -o %t.o
struct B { int v=0;};
__shared__ B b;
__global__ void k(int *o) { o[threadIdx.x] = b.v; }
