// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The four-bit floating-point types and their pairs and fours, on both sides: two in a byte, the
// first in its lower half. Constructors round to nearest even.
#pragma once
#define __CUDA_FP4_H__ // programs test this name
#include "acc_impl/finite_float_bits.h"
#include "acc_impl/small_float_types.h"

typedef unsigned char __nv_fp4_storage_t;
typedef unsigned char __nv_fp4x2_storage_t;
typedef unsigned short int __nv_fp4x4_storage_t;
typedef enum __nv_fp4_interpretation_t { __NV_E2M1 } __nv_fp4_interpretation_t;

#if defined(__cplusplus)
__ACC_SMALL __nv_fp4_storage_t __acc_double_to_fp4(double x, __nv_fp4_interpretation_t kind,
                                                   enum cudaRoundMode rounding) {
    (void)kind;
    return __acc_to_finite_float(x, 1, 1, 0x7, rounding);
}
__ACC_SMALL float __acc_fp4_value(unsigned x, __nv_fp4_interpretation_t kind) {
    (void)kind;
    return __acc_finite_float_value(x, 1, 1, 0x7);
}
__ACC_FINITE_FLOAT_CONVERSIONS(4, 4)
#endif

#if defined(__cplusplus) && __cplusplus >= 201103L
#define __CUDA_FP4_TYPES_EXIST__
__ACC_SMALL __nv_fp4_storage_t __acc_to_e2m1(double x) {
    return __acc_double_to_fp4(x, __NV_E2M1, cudaRoundNearest);
}
__ACC_SMALL float __acc_e2m1_value(unsigned x) {
    return __acc_fp4_value(x, __NV_E2M1);
}
__ACC_SMALL_FLOAT_TYPES(4, 4, e2m1)
#endif
