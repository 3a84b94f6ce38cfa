// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o
template<class F> __global__ void k(F f){f();} void g(){ k<<<1,1>>>([] __device__ (){}); }
