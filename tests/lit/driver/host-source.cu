// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// -cuda: C++ that the host compiler makes an object of, with the device code in it.
// REQUIRES: accc, accdevicelib, accrt
// RUN: mkdir -p %t && cp %s %t/source.cu
// RUN: cd %t && accc -cuda -O2 source.cu
// RUN: cd %t && g++ -c source.cu.cpp.ii -o g.o && accc g.o -o by-g++ && ./by-g++ | FileCheck %s
// RUN: accc --cuda -x cu %s -o %t/named.ii && clang++-22 -O2 -c %t/named.ii -o %t/c.o
// RUN: accc %t/c.o -o %t/by-clang && %t/by-clang | FileCheck %s
// RUN: not accc -cuda -rdc=true %s -o %t/no.ii 2>&1 | FileCheck --check-prefix=RDC %s
// CHECK: text "42"
// RDC: -cuda takes CUDA sources, without -rdc: {{.*}}host-source.cu
#include <cstdio>
__device__ int value = 40;
__global__ void add(int* p, int n) { *p = value + n; }
int main() {
    int* p;
    cudaMallocManaged(&p, 4);
    add<<<1, 1>>>(p, 2);
    cudaDeviceSynchronize();
    printf("text \"%d\"\n", *p);
}
