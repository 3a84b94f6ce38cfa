// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The eight-bit floating-point types and their pairs and fours, on both sides. Bits and rounding:
// acc_impl/fp8_bits.h. Constructors saturate; what they get is rounded once.
#pragma once
#define __CUDA_FP8_H__ // programs test this name
#include "acc_impl/fp8_bits.h"
#include "acc_impl/small_float_types.h"

#if defined(__cplusplus) && __cplusplus >= 201103L
#define __CUDA_FP8_TYPES_EXIST__
// clang-format off: tables of one-line functions

__ACC_SMALL double __acc_e8m0_value(__nv_fp8_storage_t x) { return (double)__acc_bfloat16_value(__nv_cvt_e8m0_to_bf16raw(x)); }
__ACC_SMALL __nv_fp8_storage_t __acc_to_e8m0(double x) { return __nv_cvt_double_to_e8m0(x, __NV_SATFINITE, cudaRoundPosInf); }
__ACC_SMALL __nv_fp8_storage_t __acc_to_e4m3(float x) { return __nv_cvt_float_to_fp8(x, __NV_SATFINITE, __NV_E4M3); }
__ACC_SMALL __nv_fp8_storage_t __acc_to_e4m3(double x) { return __nv_cvt_double_to_fp8(x, __NV_SATFINITE, __NV_E4M3); }
__ACC_SMALL __nv_fp8_storage_t __acc_to_e5m2(float x) { return __nv_cvt_float_to_fp8(x, __NV_SATFINITE, __NV_E5M2); }
__ACC_SMALL __nv_fp8_storage_t __acc_to_e5m2(double x) { return __nv_cvt_double_to_fp8(x, __NV_SATFINITE, __NV_E5M2); }
__ACC_SMALL float __acc_e4m3_value(__nv_fp8_storage_t x) { return __acc_half_value(__nv_cvt_fp8_to_halfraw(x, __NV_E4M3)); }
__ACC_SMALL float __acc_e5m2_value(__nv_fp8_storage_t x) { return __acc_half_value(__nv_cvt_fp8_to_halfraw(x, __NV_E5M2)); }

__ACC_SMALL_FLOAT_TYPES(8, 8, e4m3)
__ACC_SMALL_FLOAT_TYPES(8, 8, e5m2)
__ACC_SMALL_FLOAT_TYPES(8, 8, e8m0)

// clang-format on
#endif
