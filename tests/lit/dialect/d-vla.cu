// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: .cu:[[#@LINE+1]]:31: error: cannot use variable-length arrays in __device__ functions
__device__ int f(int n){ int a[n]; return a[0]; }
