// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// 16-bit types: + - * and fma are the machine's operations, all else is float rounded once.
// RUN: %cuda_device -O1 %s -o - | FileCheck %s
// RUN: %cuda_host -O1 %s -o /dev/null
#include <cuda_bf16.h>
#include <cuda_fp16.h>

// CHECK-LABEL: define{{.*}} @arithmetic
extern "C" __global__ void arithmetic(half *h, __nv_bfloat16 *b, float *f) {
    // CHECK: @__acc_op.hadd.f16(
    h[0] = h[1] + h[2];
    // CHECK: @__acc_op.hmul.f16(
    h[3] = __hmul_rn(h[1], h[2]);
    // CHECK: @__acc_op.hfma.f16(
    h[4] = __hfma(h[1], h[2], h[3]);
    // CHECK: fpext{{.*}} half %{{.*}} to float
    f[0] = __half2float(h[5]);
    // CHECK: fptrunc{{.*}} float %{{.*}} to half
    h[6] = __float2half(f[1]);
    // CHECK: @__acc_op.hmul.bf16(
    b[0] = b[1] * b[2];
}

// CHECK-LABEL: define{{.*}} @pairs
extern "C" __global__ void pairs(half2 *h, __nv_bfloat162 *b) {
    // CHECK: @__acc_op.hadd.f16x2(
    h[0] = __hadd2(h[1], h[2]);
    // CHECK: @__acc_op.hfma.f16x2(
    h[3] = __hfma2(h[1], __low2half2(h[2]), __float2half2_rn(0.5f));
    b[0] = __hmax2(b[1], b[2]);
    if (__hbgt2(h[0], h[1]) && h[0].x > h[1].y)
        h[4] = __shfl_down_sync(0xffffffff, h[0], 1);
    // CHECK: cmpxchg ptr %{{.*}}, i32 %{{.*}}, i32 %{{.*}} monotonic monotonic
    atomicAdd(&h[0], h[1]);
}

// CHECK-LABEL: define{{.*}} @conversions
extern "C" __global__ void conversions(half *h, int *i) {
    i[0] = __half2int_rn(h[0]);
    h[1] = __int2half_rn(i[1]);
    h[2] = 1.5f;
    h[3] = hexp(h[4]);
    i[2] = __half_as_ushort(h[5]) + (h[6] == h[7]) + __hisnan(h[8]);
    const float f = h[9];
    h[10] = f * 2;
}
