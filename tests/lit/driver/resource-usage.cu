// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// -Xptxas -v and --resource-usage: the lines that scripts look for, in the form of CUDA's assembler.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_75 -Xptxas -v -cubin %s -o %t.cubin 2>&1 | FileCheck %s
// RUN: accc --resource-usage -arch=sm_75 -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: accc -Xptxas -v,-maxrregcount=24 -DSPILL -cubin %s -o %t.cubin 2>&1 | FileCheck --check-prefix=SPILL %s
// RUN: accc -Xptxas=-v -Xptxas "-maxrregcount 24" -DSPILL -cubin %s -o %t.cubin 2>&1 | FileCheck --check-prefix=SPILL %s
// RUN: accc -dc -maxrregcount=24 %s -DSPILL -o %t.o && accc -dlink -Xnvlink -v %t.o -o %t.dlink.o 2>&1 | FileCheck --check-prefix=SPILL %s
// RUN: accc -dc -Xptxas -v %s -o %t.o 2>&1 | FileCheck --check-prefix=LATER %s
// LATER: accc note    : registers are given to relocatable device code when it is linked; -Xptxas -v (or -Xnvlink -v) at the link prints them
// RUN: accc -maxrregcount=24 -c %s -o %t.o 2>&1 | FileCheck --check-prefix=LEAST %s
// RUN: accc -Xptxas -maxrregcount=24 -c %s -o %t.o 2>&1 | FileCheck --check-prefix=LEAST %s
// LEAST: accc note    : -maxrregcount=24: functions of acc have at least 40 registers
// RUN: accc -maxrregcount=40 -c %s -o %t.o 2>&1 | count 0

__device__ int table[100];
__constant__ float weights[16];

// CHECK: ptxas info    : 400 bytes gmem, 64 bytes cmem[3]
// CHECK: ptxas info    : Compiling entry function 'kernel' for 'sm_75'
// CHECK-NEXT: ptxas info    : Function properties for kernel
// CHECK-NEXT: {{^}}    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
// CHECK-NEXT: ptxas info    : Used {{[1-9][0-9]*}} registers, used 1 barriers, 256 bytes smem, 12 bytes cmem[0]
extern "C" __global__ void kernel(float* p, int n) {
  __shared__ float s[64];
  s[threadIdx.x & 63] = p[threadIdx.x] * weights[threadIdx.x & 15];
  __syncthreads();
  p[threadIdx.x] = s[(threadIdx.x + 1) & 63] + table[n];
}

#ifdef SPILL
// Forty values that are all alive at one place do not fit into few registers.
// SPILL: Compiling entry function 'spills'
// SPILL: {{^}}    {{[1-9][0-9]*}} bytes stack frame, {{[1-9][0-9]*}} bytes spill stores, {{[1-9][0-9]*}} bytes spill loads
extern "C" __global__ void spills(volatile float* p) {
  float values[40];
#pragma unroll
  for (int i = 0; i < 40; ++i)
    values[i] = p[i];
#pragma unroll
  for (int i = 0; i < 40; ++i)
    p[i] = values[39 - i];
}
#endif
