// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Definitions of the float overloads that clang's forward declarations promise and its cmath header
// leaves to the toolkit: fma(float, float, float), fmax(float, float), std::round(float), ...
// Without them such a call compiles to a function that nobody defines. Names are reserved ones:
// user macros given with -D exist before this file is read.
#pragma once

#define __ACC_DEVICE static __inline__ __device__ __attribute__((always_inline))
#define __ACC_FLOAT1(__ret, __name)                                                                \
    __ACC_DEVICE __ret __name(float __x) {                                                         \
        return ::__name##f(__x);                                                                   \
    }
#define __ACC_FLOAT2(__ret, __name, __second)                                                      \
    __ACC_DEVICE __ret __name(float __x, __second __y) {                                           \
        return ::__name##f(__x, __y);                                                              \
    }

__ACC_FLOAT1(float, acosh)
__ACC_FLOAT1(float, asinh)
__ACC_FLOAT1(float, atanh)
__ACC_FLOAT1(float, cbrt)
__ACC_FLOAT1(float, erf)
__ACC_FLOAT1(float, erfc)
__ACC_FLOAT1(float, exp2)
__ACC_FLOAT1(float, expm1)
__ACC_FLOAT1(int, ilogb)
__ACC_FLOAT1(float, lgamma)
__ACC_FLOAT1(long long, llrint)
__ACC_FLOAT1(long long, llround)
__ACC_FLOAT1(float, log1p)
__ACC_FLOAT1(float, log2)
__ACC_FLOAT1(float, logb)
__ACC_FLOAT1(long, lrint)
__ACC_FLOAT1(long, lround)
__ACC_FLOAT1(float, nearbyint)
__ACC_FLOAT1(float, rint)
__ACC_FLOAT1(float, round)
__ACC_FLOAT1(float, tgamma)
__ACC_FLOAT1(float, trunc)

__ACC_FLOAT2(float, copysign, float)
__ACC_FLOAT2(float, fdim, float)
__ACC_FLOAT2(float, fmax, float)
__ACC_FLOAT2(float, fmin, float)
__ACC_FLOAT2(float, hypot, float)
__ACC_FLOAT2(float, nextafter, float)
__ACC_FLOAT2(float, remainder, float)
__ACC_FLOAT2(float, scalbln, long)
__ACC_FLOAT2(float, scalbn, int)

__ACC_DEVICE float fma(float __x, float __y, float __z) {
    return ::fmaf(__x, __y, __z);
}
__ACC_DEVICE float remquo(float __x, float __y, int* __quotient) {
    return ::remquof(__x, __y, __quotient);
}
// The tag selects a payload that no CUDA program may rely on: one quiet NaN for all.
__ACC_DEVICE double nan(const char*) {
    return __builtin_nan("");
}
__ACC_DEVICE float nanf(const char*) {
    return __builtin_nanf("");
}

#undef __ACC_FLOAT1
#undef __ACC_FLOAT2
#undef __ACC_DEVICE
