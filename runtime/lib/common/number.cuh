// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Numbers in device code under one arithmetic: float, double, and Complex of them, which lies in
// memory as cuComplex does.
#pragma once

#include <cuda_runtime.h>

#include <cmath>

namespace acc::lib {

template <class R>
struct alignas(2 * sizeof(R)) Complex {
    R re, im;

    Complex() = default;
    __host__ __device__ constexpr Complex(R real, R imaginary = 0) : re(real), im(imaginary) {}
};

template <class R>
__host__ __device__ inline Complex<R> operator+(Complex<R> a, Complex<R> b) {
    return {a.re + b.re, a.im + b.im};
}
template <class R>
__host__ __device__ inline Complex<R> operator-(Complex<R> a, Complex<R> b) {
    return {a.re - b.re, a.im - b.im};
}
template <class R>
__host__ __device__ inline Complex<R> operator-(Complex<R> a) {
    return {-a.re, -a.im};
}
template <class R>
__host__ __device__ inline Complex<R> operator*(Complex<R> a, Complex<R> b) {
    return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}
template <class R>
__host__ __device__ inline Complex<R> operator*(R a, Complex<R> b) {
    return {a * b.re, a * b.im};
}
template <class R>
__host__ __device__ inline Complex<R>& operator+=(Complex<R>& a, Complex<R> b) {
    return a = a + b;
}
template <class R>
__host__ __device__ inline Complex<R>& operator-=(Complex<R>& a, Complex<R> b) {
    return a = a - b;
}
template <class R>
__host__ __device__ inline bool operator==(Complex<R> a, Complex<R> b) {
    return a.re == b.re && a.im == b.im;
}
template <class R>
__host__ __device__ inline bool operator!=(Complex<R> a, Complex<R> b) {
    return !(a == b);
}
/// Smith's division: neither overflows nor loses small numbers on the way.
template <class R>
__host__ __device__ inline Complex<R> operator/(Complex<R> a, Complex<R> b) {
    if ((b.re < 0 ? -b.re : b.re) >= (b.im < 0 ? -b.im : b.im)) {
        const R ratio = b.re == 0 && b.im == 0 ? R(0) : b.im / b.re;
        const R scale = b.re + b.im * ratio;
        return {(a.re + a.im * ratio) / scale, (a.im - a.re * ratio) / scale};
    }
    const R ratio = b.re / b.im;
    const R scale = b.re * ratio + b.im;
    return {(a.re * ratio + a.im) / scale, (a.im * ratio - a.re) / scale};
}

template <class T>
struct RealOf {
    using type = T;
    static constexpr bool complex = false;
};
template <class R>
struct RealOf<Complex<R>> {
    using type = R;
    static constexpr bool complex = true;
};
template <class T>
using Real = typename RealOf<T>::type;
template <class T>
inline constexpr bool is_complex = RealOf<T>::complex;

template <class T>
__host__ __device__ inline T conj(T a) {
    if constexpr (is_complex<T>)
        return {a.re, -a.im};
    else
        return a;
}
template <class T>
__host__ __device__ inline T conj_if(bool wanted, T a) {
    return wanted ? conj(a) : a;
}
template <class T>
__host__ __device__ inline Real<T> real(T a) {
    if constexpr (is_complex<T>)
        return a.re;
    else
        return a;
}
template <class T>
__host__ __device__ inline Real<T> imag(T a) {
    if constexpr (is_complex<T>)
        return a.im;
    else
        return 0;
}
/// |a|², which may overflow.
template <class T>
__host__ __device__ inline Real<T> square(T a) {
    if constexpr (is_complex<T>)
        return a.re * a.re + a.im * a.im;
    else
        return a * a;
}
/// |re| + |im|.
template <class T>
__host__ __device__ inline Real<T> size1(T a) {
    if constexpr (is_complex<T>)
        return (a.re < 0 ? -a.re : a.re) + (a.im < 0 ? -a.im : a.im);
    else
        return a < 0 ? -a : a;
}
/// |a|, without overflow on the way.
template <class T>
__host__ __device__ inline Real<T> magnitude(T a) {
    if constexpr (is_complex<T>)
        return hypot(a.re, a.im);
    else
        return a < 0 ? -a : a;
}

#ifdef __CUDACC__
/// A value from another lane of the warp.
template <class T>
__device__ inline T shuffle_xor(T a, int mask) {
    if constexpr (is_complex<T>)
        return {__shfl_xor_sync(0xffffffffu, a.re, mask), __shfl_xor_sync(0xffffffffu, a.im, mask)};
    else
        return __shfl_xor_sync(0xffffffffu, a, mask);
}
#endif

} // namespace acc::lib
