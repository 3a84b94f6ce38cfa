// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Arithmetic of the element types in device code: float, double, and their complex numbers; __half
// and bfloat16 are storage, which is computed with as float.
#pragma once

#include <cuComplex.h>
#include <cuda_bf16.h>
#include <cuda_fp16.h>

namespace acc::blas {

template <class T>
struct Number;

template <>
struct Number<float> {
    using Real = float;
    using Compute = float;
    static constexpr bool complex = false;
};
template <>
struct Number<double> {
    using Real = double;
    using Compute = double;
    static constexpr bool complex = false;
};
template <>
struct Number<cuComplex> {
    using Real = float;
    using Compute = cuComplex;
    static constexpr bool complex = true;
};
template <>
struct Number<cuDoubleComplex> {
    using Real = double;
    using Compute = cuDoubleComplex;
    static constexpr bool complex = true;
};
template <>
struct Number<__half> {
    using Real = float;
    using Compute = float;
    static constexpr bool complex = false;
};
template <>
struct Number<__nv_bfloat16> {
    using Real = float;
    using Compute = float;
    static constexpr bool complex = false;
};

template <>
struct Number<int> {
    using Real = int;
    using Compute = int;
    static constexpr bool complex = false;
};

template <class T>
using Real = typename Number<T>::Real;
template <class T>
using Compute = typename Number<T>::Compute;
template <class T>
inline constexpr bool is_complex = Number<T>::complex;

/// From storage to what is computed with, and back.
__host__ __device__ inline float load(float x) {
    return x;
}
__host__ __device__ inline double load(double x) {
    return x;
}
__host__ __device__ inline cuComplex load(cuComplex x) {
    return x;
}
__host__ __device__ inline cuDoubleComplex load(cuDoubleComplex x) {
    return x;
}
__host__ __device__ inline float load(__half x) {
    return __half2float(x);
}
__host__ __device__ inline float load(__nv_bfloat16 x) {
    return __bfloat162float(x);
}

template <class T>
__host__ __device__ T store(Compute<T> x) {
    if constexpr (sizeof(T) == 2)
        return T(x);
    else
        return x;
}

template <class T>
__host__ __device__ T zero() {
    if constexpr (is_complex<T>)
        return T{0, 0};
    else
        return T(0);
}

/// A real number as a T.
template <class T>
__host__ __device__ T from_real(Real<T> x) {
    if constexpr (is_complex<T>)
        return T{x, 0};
    else
        return x;
}

__host__ __device__ inline float add(float a, float b) {
    return a + b;
}
__host__ __device__ inline double add(double a, double b) {
    return a + b;
}
__host__ __device__ inline cuComplex add(cuComplex a, cuComplex b) {
    return {a.x + b.x, a.y + b.y};
}
__host__ __device__ inline cuDoubleComplex add(cuDoubleComplex a, cuDoubleComplex b) {
    return {a.x + b.x, a.y + b.y};
}

__host__ __device__ inline int add(int a, int b) {
    return int(unsigned(a) + unsigned(b));
}
__host__ __device__ inline int multiply(int a, int b) {
    return int(unsigned(a) * unsigned(b));
}
__host__ __device__ inline int multiply_add(int a, int b, int c) {
    return add(multiply(a, b), c);
}
__host__ __device__ inline int conjugate(int a) {
    return a;
}
__host__ __device__ inline bool is_zero(int a) {
    return a == 0;
}

__host__ __device__ inline float subtract(float a, float b) {
    return a - b;
}
__host__ __device__ inline double subtract(double a, double b) {
    return a - b;
}
__host__ __device__ inline cuComplex subtract(cuComplex a, cuComplex b) {
    return {a.x - b.x, a.y - b.y};
}
__host__ __device__ inline cuDoubleComplex subtract(cuDoubleComplex a, cuDoubleComplex b) {
    return {a.x - b.x, a.y - b.y};
}

__host__ __device__ inline float multiply(float a, float b) {
    return a * b;
}
__host__ __device__ inline double multiply(double a, double b) {
    return a * b;
}
__host__ __device__ inline cuComplex multiply(cuComplex a, cuComplex b) {
    return {a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x};
}
__host__ __device__ inline cuDoubleComplex multiply(cuDoubleComplex a, cuDoubleComplex b) {
    return {a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x};
}

/// a * b + c.
__host__ __device__ inline float multiply_add(float a, float b, float c) {
    return a * b + c;
}
__host__ __device__ inline double multiply_add(double a, double b, double c) {
    return a * b + c;
}
__host__ __device__ inline cuComplex multiply_add(cuComplex a, cuComplex b, cuComplex c) {
    return {a.x * b.x + (c.x - a.y * b.y), a.x * b.y + (c.y + a.y * b.x)};
}
__host__ __device__ inline cuDoubleComplex multiply_add(cuDoubleComplex a, cuDoubleComplex b,
                                                        cuDoubleComplex c) {
    return {a.x * b.x + (c.x - a.y * b.y), a.x * b.y + (c.y + a.y * b.x)};
}

__host__ __device__ inline float scale(float s, float a) {
    return s * a;
}
__host__ __device__ inline double scale(double s, double a) {
    return s * a;
}
__host__ __device__ inline cuComplex scale(float s, cuComplex a) {
    return {s * a.x, s * a.y};
}
__host__ __device__ inline cuDoubleComplex scale(double s, cuDoubleComplex a) {
    return {s * a.x, s * a.y};
}

__host__ __device__ inline float conjugate(float a) {
    return a;
}
__host__ __device__ inline double conjugate(double a) {
    return a;
}
__host__ __device__ inline cuComplex conjugate(cuComplex a) {
    return {a.x, -a.y};
}
__host__ __device__ inline cuDoubleComplex conjugate(cuDoubleComplex a) {
    return {a.x, -a.y};
}

template <class T>
__host__ __device__ T conjugate_if(bool wanted, T a) {
    return wanted ? conjugate(a) : a;
}

__host__ __device__ inline float real_part(float a) {
    return a;
}
__host__ __device__ inline double real_part(double a) {
    return a;
}
__host__ __device__ inline float real_part(cuComplex a) {
    return a.x;
}
__host__ __device__ inline double real_part(cuDoubleComplex a) {
    return a.x;
}

/// |re| + |im|, BLAS's measure of size.
__host__ __device__ inline float size1(float a) {
    return fabsf(a);
}
__host__ __device__ inline double size1(double a) {
    return fabs(a);
}
__host__ __device__ inline float size1(cuComplex a) {
    return fabsf(a.x) + fabsf(a.y);
}
__host__ __device__ inline double size1(cuDoubleComplex a) {
    return fabs(a.x) + fabs(a.y);
}

__host__ __device__ inline bool is_zero(float a) {
    return a == 0;
}
__host__ __device__ inline bool is_zero(double a) {
    return a == 0;
}
__host__ __device__ inline bool is_zero(cuComplex a) {
    return a.x == 0 && a.y == 0;
}
__host__ __device__ inline bool is_zero(cuDoubleComplex a) {
    return a.x == 0 && a.y == 0;
}

/// a / b; complex ones without overflow in between (Smith's algorithm).
__host__ __device__ inline float divide(float a, float b) {
    return a / b;
}
__host__ __device__ inline double divide(double a, double b) {
    return a / b;
}
template <class T>
__host__ __device__ T divide(T a, T b) {
    if ((b.x < 0 ? -b.x : b.x) >= (b.y < 0 ? -b.y : b.y)) {
        const auto ratio = b.y / b.x, d = b.x + b.y * ratio;
        return {(a.x + a.y * ratio) / d, (a.y - a.x * ratio) / d};
    }
    const auto ratio = b.x / b.y, d = b.x * ratio + b.y;
    return {(a.x * ratio + a.y) / d, (a.y * ratio - a.x) / d};
}

} // namespace acc::blas
