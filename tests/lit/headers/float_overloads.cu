// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The C++ overloads for float reach the float functions of the device library; none is left declared and undefined.
// RUN: %cuda_device -O1 -std=c++17 %s -o - | FileCheck %s
// RUN: %cuda_device -O1 -std=c++17 %s -o - | FileCheck --check-prefix=UNDEFINED %s
// RUN: %cuda_host -O1 -std=c++17 %s -o - | FileCheck --check-prefix=UNDEFINED %s
#include <cmath>

// UNDEFINED-NOT: declare{{.*}}@_Z

// CHECK-LABEL: define{{.*}} @unqualified
extern "C" __device__ float unqualified(float x, float y, int *quotient) {
    // CHECK: @__nv_fmaf(
    x = fma(x, y, 2.0f);
    // CHECK: @__nv_fmaxf(
    x = fmax(x, y);
    // CHECK: @__nv_fminf(
    x = fmin(x, 3.0f);
    // CHECK: @__nv_cbrtf(
    x = cbrt(x);
    // CHECK: @__nv_remquof(
    return remquo(x, y, quotient);
}

// CHECK-LABEL: define{{.*}} @qualified
extern "C" __device__ float qualified(float x, float y) {
    // CHECK: @__nv_hypotf(
    x = std::hypot(x, y);
    // CHECK: @__nv_roundf(
    x = std::round(x);
    // CHECK: @__nv_erff(
    x = std::erf(x);
    // CHECK: @__nv_scalbnf(
    x = std::scalbn(x, 3);
    // CHECK: @__nv_llroundf(
    return x + (float)std::llround(x);
}

// CHECK-LABEL: define{{.*}} @not_a_number
// CHECK: 0x7FF8000000000000
extern "C" __device__ double not_a_number() { return nan(""); }
