// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the static archive needs of the mathematical library. Programs in C are linked without it,
// so the archive brings along what is one instruction and looks up the rest. Compiled for SSE 4.1,
// which the device model wants of every host.
#include <dlfcn.h>

extern "C" {

double ceil(double value) {
    return __builtin_ceil(value); // one instruction
}
}

namespace {

using Fma = double (*)(double, double, double);
using Fmaf = float (*)(float, float, float);

[[gnu::target("fma")]] double hardware_fma(double a, double b, double c) {
    return __builtin_fma(a, b, c);
}

[[gnu::target("fma")]] float hardware_fmaf(float a, float b, float c) {
    return __builtin_fmaf(a, b, c);
}

/// The C library's.
template <typename Function>
Function look_up(const char* name) {
    void* library = dlopen("libm.so.6", RTLD_LAZY);
    void* function = library != nullptr ? dlsym(library, name) : nullptr;
    if (function == nullptr) __builtin_trap(); // no C library of Linux is without it
    return reinterpret_cast<Function>(function);
}

/// On hosts without the instruction the C library's, which knows how to do without.
template <typename Function>
Function choose(Function hardware, const char* name) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("fma") ? hardware : look_up<Function>(name);
}

} // namespace

extern "C" {

double fma(double a, double b, double c) {
    static const Fma function = choose<Fma>(hardware_fma, "fma");
    return function(a, b, c);
}

float fmaf(float a, float b, float c) {
    static const Fmaf function = choose<Fmaf>(hardware_fmaf, "fmaf");
    return function(a, b, c);
}

// Of the model's textures: levels of detail from gradients, and sRGB.
double log2(double value) {
    static const auto function = look_up<double (*)(double)>("log2");
    return function(value);
}

double pow(double base, double exponent) {
    static const auto function = look_up<double (*)(double, double)>("pow");
    return function(base, exponent);
}
}
