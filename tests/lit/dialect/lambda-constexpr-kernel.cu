// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -std=c++17 -c %s -o %t.o
template<class F> __global__ void k(F f){f();} void g(){ auto l=[]() constexpr {return 1;}; k<<<1,1>>>(l); }
