// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// CUDA's functions of double with the rounding mode as an argument, from the time before the
// __dadd_rn family.
#pragma once

#define __ACC_DEV static __device__ __forceinline__ __attribute__((__nodebug__))
#define __ACC_BY_MODE(MODE, NAME, ...)                                                             \
    (MODE) == cudaRoundNearest  ? NAME##_rn(__VA_ARGS__)                                           \
    : (MODE) == cudaRoundZero   ? NAME##_rz(__VA_ARGS__)                                           \
    : (MODE) == cudaRoundPosInf ? NAME##_ru(__VA_ARGS__)                                           \
                                : NAME##_rd(__VA_ARGS__)

__ACC_DEV double fma(double a, double b, double c, enum cudaRoundMode mode) {
    return __ACC_BY_MODE(mode, __fma, a, b, c);
}
__ACC_DEV double dmul(double a, double b, enum cudaRoundMode mode = cudaRoundNearest) {
    return __ACC_BY_MODE(mode, __dmul, a, b);
}
__ACC_DEV double dadd(double a, double b, enum cudaRoundMode mode = cudaRoundNearest) {
    return __ACC_BY_MODE(mode, __dadd, a, b);
}
__ACC_DEV double dsub(double a, double b, enum cudaRoundMode mode = cudaRoundNearest) {
    return __ACC_BY_MODE(mode, __dsub, a, b);
}
__ACC_DEV int double2int(double a, enum cudaRoundMode mode = cudaRoundZero) {
    return __ACC_BY_MODE(mode, __double2int, a);
}
__ACC_DEV unsigned int double2uint(double a, enum cudaRoundMode mode = cudaRoundZero) {
    return __ACC_BY_MODE(mode, __double2uint, a);
}
__ACC_DEV long long double2ll(double a, enum cudaRoundMode mode = cudaRoundZero) {
    return __ACC_BY_MODE(mode, __double2ll, a);
}
__ACC_DEV unsigned long long double2ull(double a, enum cudaRoundMode mode = cudaRoundZero) {
    return __ACC_BY_MODE(mode, __double2ull, a);
}
__ACC_DEV double ll2double(long long a, enum cudaRoundMode mode = cudaRoundNearest) {
    return __ACC_BY_MODE(mode, __ll2double, a);
}
__ACC_DEV double ull2double(unsigned long long a, enum cudaRoundMode mode = cudaRoundNearest) {
    return __ACC_BY_MODE(mode, __ull2double, a);
}
// These are exact in every mode.
__ACC_DEV double int2double(int a, enum cudaRoundMode = cudaRoundNearest) {
    return (double)a;
}
__ACC_DEV double uint2double(unsigned int a, enum cudaRoundMode = cudaRoundNearest) {
    return (double)a;
}
__ACC_DEV double float2double(float a, enum cudaRoundMode = cudaRoundNearest) {
    return (double)a;
}

#undef __ACC_BY_MODE
#undef __ACC_DEV
