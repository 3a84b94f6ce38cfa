// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions of libclc (LLVM's OpenCL library, linked in at build time), under names of our own.
// Measured errors are in docs/math-accuracy.md; what misses CUDA's bound is implemented here
// instead.
#pragma once

#include "device.h"

// CLC(name, mangled stem): clc_<name>f(float) and clc_<name>(double)
#define CLC1(name, stem)                                                                           \
    extern "C" __attribute__((const)) float clc_##name##f(float) __asm__("_Z" stem "f");           \
    extern "C" __attribute__((const)) double clc_##name(double) __asm__("_Z" stem "d");
#define CLC2(name, stem)                                                                           \
    extern "C" __attribute__((const)) float clc_##name##f(float, float) __asm__("_Z" stem "ff");   \
    extern "C" __attribute__((const)) double clc_##name(double, double) __asm__("_Z" stem "dd");

CLC1(sin, "3sin")
CLC1(cos, "3cos")
CLC1(tan, "3tan")
CLC1(asin, "4asin")
CLC1(acos, "4acos")
CLC1(atan, "4atan")
CLC1(tanh, "4tanh")
CLC1(asinh, "5asinh")
CLC1(acosh, "5acosh")
CLC1(atanh, "5atanh")
CLC1(exp, "3exp")
CLC1(exp2, "4exp2")
CLC1(exp10, "5exp10")
CLC1(log, "3log")
CLC1(log2, "4log2")
CLC1(log10, "5log10")
CLC1(log1p, "5log1p")
CLC1(cbrt, "4cbrt")
CLC1(erf, "3erf")
CLC1(erfc, "4erfc")
CLC2(pow, "3pow")
CLC2(atan2, "5atan2")
CLC2(hypot, "5hypot")
CLC2(fmod, "4fmod")
CLC2(remainder, "9remainder")
