// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The six-bit floating-point types and their pairs and fours, on both sides: each in the lower bits
// of a byte of its own. Constructors round to nearest even.
#pragma once
#define __CUDA_FP6_H__ // programs test this name
#include "acc_impl/finite_float_bits.h"
#include "acc_impl/small_float_types.h"

typedef unsigned char __nv_fp6_storage_t;
typedef unsigned short int __nv_fp6x2_storage_t;
typedef unsigned int __nv_fp6x4_storage_t;
typedef enum __nv_fp6_interpretation_t { __NV_E2M3, __NV_E3M2 } __nv_fp6_interpretation_t;

#if defined(__cplusplus)
__ACC_SMALL __nv_fp6_storage_t __acc_double_to_fp6(double x, __nv_fp6_interpretation_t kind,
                                                   enum cudaRoundMode rounding) {
    const bool e2m3 = kind == __NV_E2M3;
    return __acc_to_finite_float(x, e2m3 ? 3 : 2, e2m3 ? 1 : 3, 0x1f, rounding);
}
__ACC_SMALL float __acc_fp6_value(unsigned x, __nv_fp6_interpretation_t kind) {
    const bool e2m3 = kind == __NV_E2M3;
    return __acc_finite_float_value(x, e2m3 ? 3 : 2, e2m3 ? 1 : 3, 0x1f);
}
__ACC_FINITE_FLOAT_CONVERSIONS(6, 8)
#endif

#if defined(__cplusplus) && __cplusplus >= 201103L
#define __CUDA_FP6_TYPES_EXIST__
__ACC_SMALL __nv_fp6_storage_t __acc_to_e2m3(double x) {
    return __acc_double_to_fp6(x, __NV_E2M3, cudaRoundNearest);
}
__ACC_SMALL float __acc_e2m3_value(unsigned x) {
    return __acc_fp6_value(x, __NV_E2M3);
}
__ACC_SMALL __nv_fp6_storage_t __acc_to_e3m2(double x) {
    return __acc_double_to_fp6(x, __NV_E3M2, cudaRoundNearest);
}
__ACC_SMALL float __acc_e3m2_value(unsigned x) {
    return __acc_fp6_value(x, __NV_E3M2);
}
__ACC_SMALL_FLOAT_TYPES(6, 8, e2m3)
__ACC_SMALL_FLOAT_TYPES(6, 8, e3m2)
#endif
