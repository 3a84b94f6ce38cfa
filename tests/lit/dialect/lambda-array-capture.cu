// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -extended-lambda -c %s -o %t.o
template<class F> __global__ void k(F f){f();} void g(){ int a[3]={1,2,3}; k<<<1,1>>>([=] __device__ (){ return a[1]; }); }
