// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: .cu:[[#@LINE+2]]:39: error: reference to __host__ variable 'stderr' in __host__ __device__ function
#include <cstdio>
__host__ __device__ void f(){ fprintf(stderr,"x"); }
