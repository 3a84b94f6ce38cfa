// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this, for each capability that it knows (7.5 is its first).
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_75 -c %s -o %t.o
// RUN: accc -arch=sm_60 -c %s -o %t.o
#include <cuda_bf16.h>
__global__ void k(__nv_bfloat16* p, __nv_bfloat162* q) {
    atomicAdd(p, *p);
    atomicAdd(q, *q);
}
