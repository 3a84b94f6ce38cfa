// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: .cu:[[#@LINE+1]]:24: error: a kernel's arguments are copied to the device: parameter 'x' cannot be an rvalue reference; take it by value
__global__ void k(int&&x){}
