// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: .cu:[[#@LINE+1]]:43: error: cannot assign to 'c': a __constant__ variable is written by the host (cudaMemcpyToSymbol), in function 'k()'
__constant__ int c; __global__ void k(){ c=1; }
