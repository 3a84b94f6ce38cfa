// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o
struct A{__device__ virtual void f(){}}; struct B:A{};
__device__ B* g(A*a){return dynamic_cast<B*>(a);}
