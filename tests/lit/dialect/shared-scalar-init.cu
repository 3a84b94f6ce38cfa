// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: .cu:[[#@LINE+1]]:42: error: a __shared__ variable has no initial value; assign to it in the kernel
__global__ void k(int*o){ __shared__ int x=5; *o=x; }
