// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: .cu:[[#@LINE+2]]:27: error: parameter 'l' of a kernel cannot be a va_list, which refers to the host's stack
#include <cstdarg>
__global__ void k(va_list l){}
