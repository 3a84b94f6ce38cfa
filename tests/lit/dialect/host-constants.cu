// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this.
// Constants of the host that other units see take no constant memory; one that device code uses has its value there.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -c %s -o %t.o
// RUN: llvm-nm %t.o | FileCheck %s
// RUN: accc -arch=sm_80 -fatbin %s -o %t.fatbin && accc-objdump -t %t.fatbin | FileCheck --check-prefix=DEVICE %s
// CHECK-DAG: R large
// CHECK-DAG: R large_in_c
// CHECK-DAG: R number
// DEVICE-NOT: large
extern const int large[100000];
const int large[100000] = {1, 2, 3};
extern "C" const int large_in_c[100000] = {4};
extern const int number;
const int number = 5;
__global__ void k(int* p) { *p = number; }
