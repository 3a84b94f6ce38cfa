// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: .cu:[[#@LINE+1]]:30: error: 'x' cannot be __managed__ and __constant__: the device does not write constant memory, and both sides write managed memory
__managed__ __constant__ int x;
