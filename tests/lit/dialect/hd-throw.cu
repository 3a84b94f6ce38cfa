// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: .cu:[[#@LINE+1]]:44: error: cannot use 'throw' in __host__ __device__ function
__host__ __device__ int hd(int x){ if(x<0) throw 1; return x;}
__global__ void k(int*p){*p=hd(*p);}
