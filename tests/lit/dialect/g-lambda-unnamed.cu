// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o
void f(){ struct L{int x;}; L l; }
template<class T> __global__ void k(T t){}
void g(){ struct L{int x;}; L l; k<<<1,1>>>(l); }
