// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: .cu:[[#@LINE+1]]:23: error: kernel launch from __device__ or __global__ functions requires separate compilation mode (-rdc=true)
__global__ void k(){ k<<<1,1>>>(); }
