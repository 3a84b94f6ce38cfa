// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -c %s -o %t.o
#include <cstdarg>
__device__ int f(int n, ...){ va_list l; va_start(l,n); int r=va_arg(l,int); va_end(l); return r; }
__global__ void k(int*p){*p=f(1,2);}
