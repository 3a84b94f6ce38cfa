// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A kernel that cannot be launched anywhere is refused when it is compiled, with its place, what it takes and the limit.
// REQUIRES: accc, accdevicelib
// RUN: rm -f %t.o
// RUN: not accc -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not accc -G -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not ls %t.o
// RUN: accc -DFITS -c %s -o %t.o

#ifndef FITS
// CHECK-DAG: too-large.cu:[[#@LINE+1]]{{(:[0-9]+)?}}: error: kernel 'shared(int*)' uses too much shared memory: 240000 bytes (0x3a980), at most 49152 (0xc000) are possible; the largest variable is '{{.*}}words' with 240000
__global__ void shared(int *out) {
  __shared__ int words[60000];
  words[threadIdx.x] = 1;
  __syncthreads();
  *out = words[5];
}

// CHECK-DAG: too-large.cu:[[#@LINE+1]]{{(:[0-9]+)?}}: error: kernel 'local(int*, int)' uses too much local memory per thread: {{[0-9]+}} bytes (0x{{[0-9a-f]+}}), at most 524288 (0x80000) are possible
__global__ void local(int *out, int i) {
  int words[600000];
  for (int j = 0; j < 600000; ++j) words[j] = out[j];
  *out = words[i];
}
#endif

__global__ void largest(int *out) {
  __shared__ int words[12288];
  words[threadIdx.x] = 1;
  __syncthreads();
  *out = words[5];
}
