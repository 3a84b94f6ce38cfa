// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: .cu:[[#@LINE+2]]:46: error: parameter 'l' of a kernel cannot be a std::initializer_list, whose elements stay in host memory; pass a pointer to device memory, or a structure with an array
#include <initializer_list>
__global__ void k(std::initializer_list<int> l){}
