// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: .cu:[[#@LINE+2]]:51: error: reference to __host__ function 'name' in __device__ function
#include <typeinfo>
__device__ const char* f(int x){ return typeid(x).name(); }
