// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: .cu:[[#@LINE+1]]:{{[0-9]+}}: error: invalid % escape in inline assembly string
int f(int x) { int y; asm("mov %1, %eax\n mov %eax, %0" : "=r"(y) : "r"(x) : "eax"); return y; }
