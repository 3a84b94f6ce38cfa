// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: .cu:[[#@LINE+1]]:22: error: a local variable cannot be __constant__, __device__ or __managed__; a static or a __shared__ one lies in the device's memory
__device__ void f(){ __constant__ int x; }
