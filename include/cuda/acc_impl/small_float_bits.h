// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the formats of eight, six and four bits share: one rounding from a double to a code, and the
// values of their sources.
#pragma once
#include "../cuda_bf16.h"
#include "../cuda_fp16.h"
#include "../device_types.h"
#include "../vector_functions.h"

#if defined(__cplusplus)
#define __ACC_SMALL static inline __host__ __device__ __attribute__((unused))

__ACC_SMALL unsigned long long __acc_double_bits(double x) {
    unsigned long long bits;
    __builtin_memcpy(&bits, &x, sizeof bits);
    return bits;
}

__ACC_SMALL float __acc_half_value(__half_raw x) {
    return __half2float(__half(x));
}
__ACC_SMALL float __acc_bfloat16_value(__nv_bfloat16_raw x) {
    const unsigned bits = (unsigned)x.x << 16;
    float value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}

__ACC_SMALL unsigned __acc_sign_bit(double x) {
    return (unsigned)(__acc_double_bits(x) >> 63);
}

/// Also where the host compiler was told that there are no NaNs.
__ACC_SMALL bool __acc_is_nan(double x) {
    return (__acc_double_bits(x) & ~(1ull << 63)) > 0x7ffull << 52;
}

/// |x| (a number or infinity) as exponent and mantissa of a format, without an end to its
/// exponents: above the format's largest code where the format ends.
__ACC_SMALL int __acc_small_float_code(double x, int mantissa, int bias,
                                       enum cudaRoundMode rounding) {
    const unsigned long long magnitude = __acc_double_bits(x) & ~(1ull << 63);
    const int exponent = (int)(magnitude >> 52) - 1023;
    if (exponent > 1 - bias + 32) return 0xff;
    const int below = exponent < 1 - bias ? 1 - bias - exponent : 0; // the normal numbers
    const int shift = 52 - mantissa + below;
    int code = 0;
    unsigned long long rest = magnitude != 0, half = 2; // less than half of the smallest number
    if (shift < 54) {
        const unsigned long long all = (magnitude & ((1ull << 52) - 1)) | 1ull << 52;
        rest = all & ((1ull << shift) - 1);
        half = 1ull << (shift - 1);
        code = (int)(all >> shift);
        if (below == 0) code += (exponent + bias - 1) << mantissa;
    }
    const bool up = rounding == cudaRoundNearest ? rest > half || (rest == half && (code & 1))
                    : rounding == cudaRoundZero
                        ? false
                        : rest != 0 && __acc_sign_bit(x) == (rounding == cudaRoundMinInf);
    return code + up;
}

/// To an integer: towards zero, the nearest that the type has, NaN as 0.
template <typename T>
static inline __host__ __device__ T __acc_small_float_to_integer(float value, double lowest,
                                                                 double highest) {
    if (value != value) return T(0);
    if ((double)value <= lowest) return T(lowest);
    if ((double)value >= highest) {
        // The highest 64-bit integers are no doubles: `highest` is the next one.
        const unsigned long long ones = T(~T(0)) > T(0) ? ~0ull : ~0ull >> 1;
        return sizeof(T) < 8 ? T(highest) : T(ones);
    }
    return T(value);
}
#endif
