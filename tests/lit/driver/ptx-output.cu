// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// -ptx writes PTX, which accc takes again; what PTX has no words for is an error.
// REQUIRES: accc, accdevicelib, accc-objdump
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: accc -ptx -arch=sm_80 %s -o out.ptx && FileCheck %s < out.ptx
// RUN: accc -cubin out.ptx -o out.cubin && accc-objdump out.cubin | FileCheck --check-prefix=CODE %s
// RUN: cp %s named.cu && accc -ptx named.cu && ls named.ptx
// RUN: accc -ptx -rdc=true %s -o rdc.ptx && FileCheck --check-prefix=RDC %s < rdc.ptx
// RUN: not accc -ptx out.ptx 2>&1 | FileCheck --check-prefix=AGAIN %s
// AGAIN: 'out.ptx' is PTX already
// RUN: not accc -ptx -DOWN %s -o own.ptx 2>&1 | FileCheck --check-prefix=OWN %s
// OWN: error: '__acc_op.frob', an instruction of this device, cannot be written as PTX
// RUN: not test -e own.ptx
#include <cstdio>

// CHECK: .target sm_80
// CHECK-DAG: .visible .global .align 4 .u32 counter = 3;
__device__ unsigned counter = 3;
// CHECK-DAG: .extern .func {{.*}} vprintf
// RDC: .visible .func {{.*}} _Z5twicef
__device__ float twice(float x) { return 2 * x; }

#ifdef OWN
extern "C" __device__ unsigned frob() __asm__("__acc_op.frob");
#endif

// CHECK: .visible .entry _Z6kernelPffj(
// CHECK: %tid.x
// CHECK: bar.sync
// CHECK: sin.approx
// CODE: _Z6kernelPffj
__global__ void kernel(float* out, float x, unsigned n) {
  __shared__ float tile[64];
  tile[threadIdx.x] = twice(x) * threadIdx.x;
  __syncthreads();
  out[threadIdx.x] = expf(tile[63 - threadIdx.x]) + __sinf(x);
  if (n > 5) printf("%u %f\n", atomicAdd(&counter, 1), x);
#ifdef OWN
  out[0] = frob();
#endif
  asm("add.u32 %0, %0, 1;" : "+r"(n));
  if (n == 7) out[1] = n;
}
