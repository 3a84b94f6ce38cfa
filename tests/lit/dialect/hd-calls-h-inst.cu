// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -c %s -o %t.o
int h(int x){return x;}
template<class T> __host__ __device__ int hd(T x){return h(x);}
__global__ void k(int*p){*p=hd(*p);}
