// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses each of these 8 programs.
// Operands of asm statements have the type that their constraint stands for.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -rdc=true -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK-DAG: .cu:[[#@LINE+1]]:{{.*}}error: inline PTX {{.*}}an operand of 64 bits does not fit its constraint "r", which stands for 32 bits
__global__ void p1(int* o, long a) { asm("mov.u32 %0, %1;" : "=r"(*o) : "r"(a)); }
// CHECK-DAG: .cu:[[#@LINE+1]]:{{.*}}error: inline PTX {{.*}}an operand of 32 bits (floating point) does not fit its constraint "r"
__global__ void p2(int* o, float a) { asm("mov.b32 %0, %1;" : "=r"(*o) : "r"(a)); }
// CHECK-DAG: .cu:[[#@LINE+1]]:{{.*}}error: inline PTX {{.*}}an operand of 8 bits does not fit its constraint "r"
__global__ void p3(int* o, char a) { asm("mov.b32 %0, %1;" : "=r"(*o) : "r"(a)); }
// CHECK-DAG: .cu:[[#@LINE+1]]:{{.*}}error: inline PTX {{.*}}an operand of 32 bits does not fit its constraint "f", which stands for 32 bits (floating point)
__global__ void p4(float* o, int a) { asm("mov.b32 %0, %1;" : "=f"(*o) : "f"(a)); }
// CHECK-DAG: .cu:[[#@LINE+1]]:{{.*}}error: inline PTX {{.*}}an operand of 32 bits does not fit its constraint "l"
__global__ void p5(int* o, int a) { asm("cvt.u32.u64 %0, %1;" : "=r"(*o) : "l"(a)); }
// CHECK-DAG: .cu:[[#@LINE+1]]:{{.*}}error: inline PTX {{.*}}an operand of 64 bits (floating point) does not fit its constraint "l"
__global__ void p6(int* o, double a) { asm("cvt.u32.u64 %0, %1;" : "=r"(*o) : "l"(a)); }
// CHECK-DAG: .cu:[[#@LINE+1]]:{{.*}}error: inline PTX {{.*}}an operand of 8 bits does not fit its constraint "h"
__global__ void p7(int* o, char a) { asm("cvt.u32.u16 %0, %1;" : "=r"(*o) : "h"(a)); }
// CHECK-DAG: .cu:[[#@LINE+1]]:{{.*}}error: inline PTX {{.*}}an operand of 16 bits does not fit its constraint "r"
__global__ void p8(short* o, int a) { asm("mov.b32 %0, %1;" : "=r"(*o) : "r"(a)); }
