// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions that name their rounding are correctly rounded whatever -prec-div, -prec-sqrt and -use_fast_math say; so is
// the arithmetic of f16 and bf16.
// REQUIRES: accc, accdevicelib
// RUN: accc -use_fast_math -cubin %s -o %t.cubin
// RUN: accc-objdump -d %t.cubin | FileCheck %s
#include <cuda_bf16.h>
#include <cuda_fp16.h>

// CHECK-LABEL: named
// CHECK: fsqrt.f32 r
// CHECK: fdiv.f32 r
// CHECK: frcp.f32 r
extern "C" __global__ void named(const float* in, float* out) {
    out[0] = __fsqrt_rn(in[0]);
    out[1] = __fdiv_rn(in[0], in[1]);
    out[2] = __frcp_rn(in[0]);
}

// CHECK-LABEL: halves
// CHECK: fsqrt.f32 r
// CHECK: fdiv.f32 r
// CHECK: frcp.f32 r
extern "C" __global__ void halves(const __nv_bfloat16* in, __nv_bfloat16* out) {
    out[0] = hsqrt(in[0]);
    out[1] = __hdiv(in[0], in[1]);
    out[2] = hrcp(in[0]);
}

// CHECK-LABEL: operators
// CHECK: fdiv.f32.ftz
extern "C" __global__ void operators(const float* in, float* out) {
    out[0] = in[0] / in[1];
}
