// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: .cu:[[#@LINE+2]]:42: error: reference to __device__ function 'd' in __host__ __device__ function
extern __device__ int d(int x);
__host__ __device__ int hd(int x){return d(x);}
