// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What all files of the device library share. They are C++ for the bare nvptx64 target (no CUDA
// headers), compiled with -ffp-contract=off: where a fused multiply-add matters, it is written.
#pragma once

#define NV                                                                                         \
    extern "C" __attribute__((always_inline, const)) // pure functions that should always be inlined
#define NV_CALL extern "C" __attribute__((const))    // pure, the inliner decides
#define NV_OUT extern "C"                            // results through pointers
#define LOCAL static inline __attribute__((always_inline))

typedef unsigned int u32;
typedef long long i64;
typedef unsigned long long u64;
typedef unsigned short u16;

LOCAL u32 bits(float a) {
    return __builtin_bit_cast(u32, a);
}
LOCAL u64 bits(double a) {
    return __builtin_bit_cast(u64, a);
}
LOCAL float as_float(u32 a) {
    return __builtin_bit_cast(float, a);
}
LOCAL double as_double(u64 a) {
    return __builtin_bit_cast(double, a);
}
LOCAL float fma(float a, float b, float c) {
    return __builtin_fmaf(a, b, c);
}
LOCAL double fma(double a, double b, double c) {
    return __builtin_fma(a, b, c);
}
LOCAL float fabs(float a) {
    return __builtin_fabsf(a);
}
LOCAL double fabs(double a) {
    return __builtin_fabs(a);
}
LOCAL float copysign(float a, float b) {
    return __builtin_copysignf(a, b);
}
LOCAL double copysign(double a, double b) {
    return __builtin_copysign(a, b);
}
LOCAL float sqrt(float a) {
    return __builtin_elementwise_sqrt(a);
}
LOCAL double sqrt(double a) {
    return __builtin_elementwise_sqrt(a);
}
/// To the nearest integer, ties to even: one instruction.
LOCAL float rint(float a) {
    return __builtin_rintf(a);
}
LOCAL double rint(double a) {
    return __builtin_rint(a);
}
constexpr float kInfF = __builtin_inff();
constexpr double kInf = __builtin_inf();
