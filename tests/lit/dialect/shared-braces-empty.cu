// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: .cu:[[#@LINE+2]]:42: error: a __shared__ variable has no initial value; assign to it in the kernel
struct B { int v; };
__global__ void k(int *o) { __shared__ B b{}; o[threadIdx.x] = b.v; }
