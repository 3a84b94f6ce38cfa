// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: .cu:[[#@LINE+1]]:47: error: 'x' requires 128 bit size '__float128' type support, but target 'nvptx64-nvidia-cuda' does not support it
__device__ __float128 f(__float128 x){ return x*2; }
