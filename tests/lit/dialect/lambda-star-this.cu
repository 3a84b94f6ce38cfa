// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -extended-lambda -std=c++17 -c %s -o %t.o
template<class F> __global__ void k(F f){f();} struct C{ int x; void g(){ k<<<1,1>>>([=,*this] __device__ (){ return x; }); } };
