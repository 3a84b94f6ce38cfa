// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: .cu:[[#@LINE+2]]:23: error: no matching constructor for initialization of 'S'
struct H{int x; H(){x=1;} }; struct S{ H h; };
__global__ void k(){S s;}
