// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The passes of Stockham's algorithm (see steps.h): a thread has one transform of the radix'
// length, in registers.
#include "runtime/lib/fft/steps.h"

#include <algorithm>

namespace acc::fft {
namespace {

template <class T>
__device__ __forceinline__ Complex<T> operator+(Complex<T> a, Complex<T> b) {
    return {a.re + b.re, a.im + b.im};
}
template <class T>
__device__ __forceinline__ Complex<T> operator-(Complex<T> a, Complex<T> b) {
    return {a.re - b.re, a.im - b.im};
}
template <class T>
__device__ __forceinline__ Complex<T> operator*(Complex<T> a, Complex<T> b) {
    return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}
/// a times -i.
template <class T>
__device__ __forceinline__ Complex<T> turned(Complex<T> a) {
    return {a.im, -a.re};
}

/// cos and sin of 2 pi j / P for the odd radices, j = 1 to (P - 1) / 2.
template <int P>
struct Roots;
template <>
struct Roots<3> {
    __device__ static constexpr double cos(int j) {
        constexpr double values[] = {1, -0.5};
        return values[j];
    }
    __device__ static constexpr double sin(int j) {
        constexpr double values[] = {0, 0.866025403784438647};
        return values[j];
    }
};
template <>
struct Roots<5> {
    __device__ static constexpr double cos(int j) {
        constexpr double values[] = {1, 0.309016994374947424, -0.809016994374947424};
        return values[j];
    }
    __device__ static constexpr double sin(int j) {
        constexpr double values[] = {0, 0.951056516295153572, 0.587785252292473129};
        return values[j];
    }
};
template <>
struct Roots<7> {
    __device__ static constexpr double cos(int j) {
        constexpr double values[] = {1, 0.623489801858733531, -0.222520933956314404,
                                     -0.900968867902419126};
        return values[j];
    }
    __device__ static constexpr double sin(int j) {
        constexpr double values[] = {0, 0.781831482468029809, 0.974927912181823607,
                                     0.433883739117558120};
        return values[j];
    }
};
template <>
struct Roots<11> {
    __device__ static constexpr double cos(int j) {
        constexpr double values[] = {1,
                                     0.841253532831181169,
                                     0.415415013001886425,
                                     -0.142314838273285140,
                                     -0.654860733945285064,
                                     -0.959492973614497390};
        return values[j];
    }
    __device__ static constexpr double sin(int j) {
        constexpr double values[] = {0,
                                     0.540640817455597582,
                                     0.909631995354518371,
                                     0.989821441880932732,
                                     0.755749574354258283,
                                     0.281732556841429697};
        return values[j];
    }
};
template <>
struct Roots<13> {
    __device__ static constexpr double cos(int j) {
        constexpr double values[] = {1,
                                     0.885456025653209896,
                                     0.568064746731155810,
                                     0.120536680255323012,
                                     -0.354604887042535626,
                                     -0.748510748171101099,
                                     -0.970941817426052027};
        return values[j];
    }
    __device__ static constexpr double sin(int j) {
        constexpr double values[] = {0,
                                     0.464723172043768541,
                                     0.822983865893656420,
                                     0.992708874098054000,
                                     0.935016242685414835,
                                     0.663122658240795273,
                                     0.239315664287557682};
        return values[j];
    }
};

/// A prime radix: pairs of inputs whose factors are conjugates have sums and differences.
template <int P, class T>
__device__ __forceinline__ void transform_odd(Complex<T>* v) {
    constexpr int half = (P - 1) / 2;
    Complex<T> sum[half + 1], difference[half + 1], total = v[0];
#pragma unroll
    for (int j = 1; j <= half; ++j) {
        sum[j] = v[j] + v[P - j];
        difference[j] = v[j] - v[P - j];
        total = total + sum[j];
    }
    const Complex<T> first = v[0];
    v[0] = total;
#pragma unroll
    for (int k = 1; k <= half; ++k) {
        Complex<T> even = first, odd = {T(0), T(0)};
#pragma unroll
        for (int j = 1; j <= half; ++j) {
            const int n = j * k % P, m = n <= half ? n : P - n;
            const T c = T(Roots<P>::cos(m)),
                    s = n <= half ? T(Roots<P>::sin(m)) : -T(Roots<P>::sin(m));
            even = {even.re + c * sum[j].re, even.im + c * sum[j].im};
            odd = {odd.re + s * difference[j].re, odd.im + s * difference[j].im};
        }
        v[k] = even + turned(odd);
        v[P - k] = even - turned(odd);
    }
}

template <class T>
__device__ __forceinline__ void transform4(Complex<T>& a, Complex<T>& b, Complex<T>& c,
                                           Complex<T>& d) {
    const Complex<T> s = a + c, t = a - c, u = b + d, w = turned(b - d);
    a = s + u;
    b = t + w;
    c = s - u;
    d = t - w;
}

template <class T>
__device__ __forceinline__ void transform8(Complex<T>* v) {
    constexpr T r = T(0.707106781186547524);
    transform4(v[0], v[2], v[4], v[6]);
    transform4(v[1], v[3], v[5], v[7]);
    const Complex<T> b = {r * (v[3].re + v[3].im), r * (v[3].im - v[3].re)};
    const Complex<T> c = turned(v[5]);
    const Complex<T> d = {r * (v[7].im - v[7].re), -r * (v[7].re + v[7].im)};
    const Complex<T> e[4] = {v[0], v[2], v[4], v[6]}, o[4] = {v[1], b, c, d};
#pragma unroll
    for (int k = 0; k < 4; ++k) {
        v[k] = e[k] + o[k];
        v[k + 4] = e[k] - o[k];
    }
}

template <class T>
__device__ __forceinline__ void transform16(Complex<T>* v) {
    constexpr T r = T(0.707106781186547524), c = T(0.923879532511286756),
                s = T(0.382683432365089772);
#pragma unroll
    for (int k = 0; k < 4; ++k)
        transform4(v[k], v[k + 4], v[k + 8], v[k + 12]);
    // v[4 b + a] times exp(-2 pi i a b / 16)
    v[5] = v[5] * Complex<T>{c, -s};
    v[6] = Complex<T>{r * (v[6].re + v[6].im), r * (v[6].im - v[6].re)};
    v[7] = v[7] * Complex<T>{s, -c};
    v[9] = Complex<T>{r * (v[9].re + v[9].im), r * (v[9].im - v[9].re)};
    v[10] = turned(v[10]);
    v[11] = Complex<T>{r * (v[11].im - v[11].re), -r * (v[11].re + v[11].im)};
    v[13] = v[13] * Complex<T>{s, -c};
    v[14] = Complex<T>{r * (v[14].im - v[14].re), -r * (v[14].re + v[14].im)};
    v[15] = v[15] * Complex<T>{-c, s};
#pragma unroll
    for (int k = 0; k < 4; ++k)
        transform4(v[4 * k], v[4 * k + 1], v[4 * k + 2], v[4 * k + 3]);
    // result a + 4 b stands in v[4 a + b]
#pragma unroll
    for (int a = 0; a < 4; ++a)
#pragma unroll
        for (int b = 0; b < a; ++b) {
            const Complex<T> t = v[4 * a + b];
            v[4 * a + b] = v[4 * b + a];
            v[4 * b + a] = t;
        }
}

template <int R, class T>
__device__ __forceinline__ void transform(Complex<T>* v) {
    if constexpr (R == 2) {
        const Complex<T> t = v[0];
        v[0] = t + v[1];
        v[1] = t - v[1];
    } else if constexpr (R == 4) {
        transform4(v[0], v[1], v[2], v[3]);
    } else if constexpr (R == 8) {
        transform8(v);
    } else if constexpr (R == 16) {
        transform16(v);
    } else if constexpr (R > 1) {
        transform_odd<R>(v);
    }
}

/// v[i] times w^i.
template <int R, class T>
__device__ __forceinline__ void twiddle(Complex<T>* v, Complex<T> w) {
    Complex<T> power[R > 1 ? R : 2];
    power[1] = w;
#pragma unroll
    for (int i = 2; i < R; ++i)
        power[i] = power[i / 2] * power[i - i / 2];
#pragma unroll
    for (int i = 1; i < R; ++i)
        v[i] = v[i] * power[i];
}

template <int R, class T>
__global__ void run_pass(Pass<T> p) {
    const unsigned int col = blockIdx.x * blockDim.x + threadIdx.x;
    if (col >= p.span) return;
    const size_t step = size_t(p.rows) * p.span;
    for (size_t line = size_t(blockIdx.z) * blockDim.z + threadIdx.z; line < p.lines;
         line += size_t(gridDim.z) * blockDim.z)
        for (unsigned int row = blockIdx.y * blockDim.y + threadIdx.y; row < p.rows;
             row += gridDim.y * blockDim.y) {
            const Complex<T>* in = p.in + line * p.in_distance + size_t(row) * p.span + col;
            Complex<T> v[R];
#pragma unroll
            for (int i = 0; i < R; ++i) {
                v[i] = in[i * step];
                v[i].im *= p.in_sign;
            }
            if (p.period > 1) twiddle<R>(v, p.twiddles[p.inner == 1 ? col : col / p.inner]);
            transform<R>(v);
            Complex<T>* out = p.out + line * p.out_distance + size_t(row) * p.span * R + col;
#pragma unroll
            for (int i = 0; i < R; ++i) {
                v[i].im *= p.out_sign;
                out[size_t(i) * p.span] = v[i];
            }
        }
}

constexpr unsigned int kThreads = 128, kMostBlocks = 65535;

/// Threads along the span: whole warps where that leaves few of them idle, so that lanes are
/// neighbours in memory.
unsigned int threads_along(unsigned int span) {
    if (span < 32) return span;
    for (unsigned int x = kThreads; x > 32; x /= 2)
        if ((span + x - 1) / x * x <= span + span / 8) return x;
    return 32;
}

template <int R, class T>
cudaError_t launch_radix(const Pass<T>& p, cudaStream_t stream) {
    const unsigned int x = threads_along(p.span);
    const unsigned int y = std::min(p.rows, kThreads / x);
    const unsigned int z = (unsigned int)std::min<size_t>(p.lines,
                                                          std::min(kThreads / (x * y), 64u));
    const dim3 block(x, y, z);
    const dim3 grid((p.span + x - 1) / x, std::min((p.rows + y - 1) / y, kMostBlocks),
                    (unsigned int)std::min<size_t>((p.lines + z - 1) / z, kMostBlocks));
    const cudaLaunchConfig_t config = {grid, block, 0, stream, nullptr, 0};
    return cudaLaunchKernelEx(&config, run_pass<R, T>, p);
}

} // namespace

template <class T>
cudaError_t launch(const Pass<T>& p, cudaStream_t stream) {
    switch (p.radix) {
    case 1: return launch_radix<1>(p, stream);
    case 2: return launch_radix<2>(p, stream);
    case 3: return launch_radix<3>(p, stream);
    case 4: return launch_radix<4>(p, stream);
    case 5: return launch_radix<5>(p, stream);
    case 7: return launch_radix<7>(p, stream);
    case 8: return launch_radix<8>(p, stream);
    case 11: return launch_radix<11>(p, stream);
    case 13: return launch_radix<13>(p, stream);
    case 16: return launch_radix<16>(p, stream);
    default: return cudaErrorInvalidValue;
    }
}

template cudaError_t launch(const Pass<float>&, cudaStream_t);
template cudaError_t launch(const Pass<double>&, cudaStream_t);

} // namespace acc::fft
