// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What nvcc says about device code that writes __constant__ variables: an assignment to a scalar is an error, other
// stores are warnings and trap; and more than 64 KiB are refused with their sizes.
// REQUIRES: accc, accdevicelib, accrt
// RUN: not accc -DASSIGN -c %s -o %t.o 2>&1 | FileCheck --check-prefix=ASSIGN %s
// RUN: not accc -DINCREMENT -c %s -o %t.o 2>&1 | FileCheck --check-prefix=INCREMENT %s
// RUN: not accc -DLARGE -c %s -o %t.o 2>&1 | FileCheck --check-prefix=LARGE %s
// RUN: accc -DFULL -c %s -o %t.o
// RUN: accc %s -o %t.exe 2>&1 | FileCheck --check-prefix=WARN %s
// RUN: %t.exe 2>/dev/null | FileCheck --check-prefix=OUT %s
#include <cstdio>
#include <cstring>

__constant__ int scalar = 1;
__constant__ int table[4] = {1, 2, 3, 4};
#ifdef LARGE
// LARGE: error: too much constant memory: the __constant__ variables take 80024 bytes (0x13898), at most 65536 bytes (0x10000) are possible: 'second' 60000, 'first' 20000, 'table' 16, 'scalar' 4
__constant__ float first[5000];
__constant__ double second[7500];
#endif
#ifdef FULL
__constant__ char rest[65536 - 20];
#endif

__device__ void set(int *p, int v) { *p = v; }

__global__ void kernel(int *out, int way) {
#ifdef ASSIGN
  // ASSIGN: constant-memory.cu:[[#@LINE+1]]:{{[0-9]+}}: error: cannot assign to 'scalar': a __constant__ variable is written by the host
  scalar = 5;
#endif
#ifdef INCREMENT
  // INCREMENT: constant-memory.cu:[[#@LINE+1]]:{{[0-9]+}}: error: cannot assign to 'scalar'
  scalar++;
#endif
  // WARN-DAG: constant-memory.cu:[[#@LINE+1]]:{{[0-9]+}}: warning: a store to constant memory 'table': the program traps here
  if (way == 1) table[out[1] & 3] = 7;
  // WARN-DAG: constant-memory.cu:[[#@LINE+1]]:{{[0-9]+}}: warning: a store to constant memory 'scalar'
  if (way == 2) atomicAdd(&scalar, 1);
  // WARN-DAG: constant-memory.cu:[[#@LINE+1]]:{{[0-9]+}}: warning: a store to constant memory 'table'
  if (way == 3) set(&table[1], 9);
  // WARN-DAG: constant-memory.cu:[[#@LINE+1]]:{{[0-9]+}}: warning: a store to constant memory 'table'
  if (way == 4) memset(table, 0, sizeof table);
  *out = scalar + table[1];
}

int main(int argc, char **argv) {
  int *out, got = 0;
  cudaMalloc(&out, 2 * sizeof(int));
  cudaMemset(out, 0, 2 * sizeof(int));
  kernel<<<1, 1>>>(out, 0);
  cudaMemcpy(&got, out, sizeof got, cudaMemcpyDeviceToHost);
  // OUT: 3 no error
  std::printf("%d %s\n", got, cudaGetErrorString(cudaGetLastError()));
  kernel<<<1, 1>>>(out, argc); // 1
  // OUT-NEXT: unspecified launch failure
  std::printf("%s\n", cudaGetErrorString(cudaDeviceSynchronize()));
}
