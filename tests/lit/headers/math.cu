// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Math functions: the device library's on the device, libm's on the host, by every spelling programs use.
// RUN: %cuda_device -O1 -std=c++17 %s -o - | FileCheck --check-prefix=DEVICE %s
// RUN: %cuda_host -O1 -std=c++17 %s -o - | FileCheck --check-prefix=HOST %s
#include <cmath>

// DEVICE-LABEL: define{{.*}} @single
// HOST-LABEL: define{{.*}} @single
extern "C" __host__ __device__ float single(float x) {
    // DEVICE: @__nv_sinf(
    // HOST: @sinf(
    x = sinf(x);
    // DEVICE: @__nv_expf(
    // HOST: @expf(
    x = std::exp(x);
    // DEVICE: @__nv_powf(
    // HOST: @powf(
    x = pow(x, 1.5f);
    // DEVICE: @__nv_sqrtf(
    // HOST: sqrt
    x = sqrt(x);
    // DEVICE: @__nv_rsqrtf(
    x = rsqrtf(x);
    // DEVICE: @__nv_erfcinvf(
    x = erfcinvf(x);
    // DEVICE: @__nv_fmaf(
    return fmaf(x, x, x);
}

// DEVICE-LABEL: define{{.*}} @twice
// HOST-LABEL: define{{.*}} @twice
extern "C" __host__ __device__ double twice(double x, int i) {
    double s, c;
    // DEVICE: @__nv_sincos(
    sincos(x, &s, &c);
    // DEVICE: @__nv_fabs(
    // HOST: @llvm.fabs.f64(
    x = fabs(s);
    // An integer argument means the double function.
    // DEVICE: @__nv_cos(
    // HOST: @cos(
    x += std::cos(i);
    // DEVICE: @__nv_normcdf(
    return normcdf(x) + c;
}

// DEVICE-LABEL: define{{.*}} @extremes
extern "C" __host__ __device__ double extremes(int a, unsigned b, float f, double d, long long l) {
    return min(a, 3) + max(b, 4u) + max(a, b) + min(f, 2.0f) + max(f, d) + min(l, 5ll) + fmaxf(f, 1.0f) + abs(a) +
           std::abs(d) + std::min(a, 4) + isnan(f) + std::isinf(d) + signbit(d);
}
