// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: .cu:[[#@LINE+1]]:36: error: cannot use 'try' in __host__ __device__ function
__host__ __device__ int hd(int x){ try { x++; } catch(...) {} return x;}
