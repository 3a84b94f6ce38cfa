// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// XFAIL: *
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -extended-lambda -std=c++17 -c %s -o %t.o
template<class F> __global__ void k(F f){f();} template<class T> void g(T t){ k<<<1,1>>>([=] __device__ (){ if constexpr(sizeof(T)==4) return t; }); } void h(){g(1);}
