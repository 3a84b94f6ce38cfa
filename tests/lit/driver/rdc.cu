// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Relocatable device code: functions and variables of another file, through objects, archives, and a separate device link.
// REQUIRES: accc, accdevicelib, accrt
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: accc -dc %s -o main.o && accc -rdc=true -c %S/Inputs/unit.cu -o unit.o
// RUN: llvm-readelf -S main.o | FileCheck --check-prefix=SECTION %s
// SECTION: .acc.ir
// RUN: accc main.o unit.o -o program && ./program
// RUN: llvm-readelf -S program | FileCheck --check-prefix=LINKED --implicit-check-not=.acc.ir %s
// LINKED: .nv_fatbin
// RUN: accc -rdc=true %s %S/Inputs/unit.cu -o program2 && ./program2
// RUN: accc -lib unit.o -o libunit.a && accc main.o -L. -lunit -o program3 && ./program3
// RUN: accc -dlink main.o unit.o -o device.o && clang++-22 main.o unit.o device.o -L%toolkit/lib64 -lcudart -Wl,-rpath,%toolkit/lib64 -o program4 && ./program4
// RUN: not accc main.o -o program5 2>&1 | FileCheck --check-prefix=MISSING %s
// MISSING: error: device {{function|variable}} '{{.*}}' is used but not defined
#include "Inputs/header.h"
extern __device__ int counter;
static __global__ void kernel(int* p) {
  counter += 2;
  *p = shared_by_units(40) + counter;
}
int main() {
  int *p, result = 0;
  cudaMalloc(&p, sizeof *p);
  kernel<<<1, 1>>>(p);
  cudaMemcpy(&result, p, sizeof result, cudaMemcpyDeviceToHost);
  return result == 43 ? 0 : 1;
}
