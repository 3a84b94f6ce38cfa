// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The kernels beside the passes (see steps.h): rows of real transforms, Bluestein's algorithm, the
// user's layouts.
#include "runtime/lib/fft/steps.h"

#include <cuda_fp16.h>

#include <algorithm>
#include <type_traits>

namespace acc::fft {
namespace {

constexpr unsigned int kThreads = 128, kMostBlocks = 65535;

template <class T>
__device__ __forceinline__ Complex<T> product(Complex<T> a, Complex<T> b) {
    return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

/// The spectrum of N reals from that of z, whose parts are the even and the odd ones: the even
/// ones' is z's Hermitian part, the odd ones' the other part over i.
template <class T>
__device__ void split(const Complex<T>* z, Complex<T>* out, const Complex<T>* roots,
                      unsigned int half, unsigned int k) {
    const Complex<T> a = z[k == half ? 0 : k], b = z[k == 0 ? 0 : half - k], w = roots[k];
    const Complex<T> even = {T(0.5) * (a.re + b.re), T(0.5) * (a.im - b.im)};
    const Complex<T> odd = {T(0.5) * (a.im + b.im), T(0.5) * (b.re - a.re)};
    const Complex<T> turned = product(w, odd);
    out[k] = {even.re + turned.re, even.im + turned.im};
}
/// And back, without a factor: z becomes even + i odd of the inverse transform's halves. The
/// imaginary parts of the first and of the last number do not count.
template <class T>
__device__ void merge(const Complex<T>* x, Complex<T>* out, const Complex<T>* roots,
                      unsigned int half, unsigned int k) {
    Complex<T> a = x[k], b = x[half - k];
    if (k == 0) a.im = b.im = 0;
    const Complex<T> w = {roots[k].re, -roots[k].im};
    const Complex<T> even = {a.re + b.re, a.im - b.im}, odd = {a.re - b.re, a.im + b.im};
    const Complex<T> turned = product(w, odd);
    out[k] = {even.re - turned.im, even.im + turned.re};
}

template <class T>
__global__ void run_rows(RowsStep<T> s) {
    const unsigned int half = s.length / 2, k = blockIdx.x * blockDim.x + threadIdx.x;
    const unsigned int count = s.kind == Rows::merge    ? half
                               : s.kind >= Rows::extend ? s.length
                                                        : half + 1;
    if (k >= count) return;
    for (size_t row = blockIdx.y; row < s.rows; row += gridDim.y) {
        const Complex<T>* in = s.in + row * s.in_distance;
        Complex<T>* out = s.out + row * s.out_distance;
        switch (s.kind) {
        case Rows::split: split(in, out, s.roots, half, k); break;
        case Rows::merge: merge(in, out, s.roots, half, k); break;
        case Rows::crop: out[k] = in[k]; break;
        case Rows::extend:
            out[k] = k <= half ? in[k] : Complex<T>{in[s.length - k].re, -in[s.length - k].im};
            break;
        case Rows::widen:
            out[k] = {reinterpret_cast<const T*>(s.in)[row * s.in_distance + k], T(0)};
            break;
        case Rows::narrow: reinterpret_cast<T*>(s.out)[row * s.out_distance + k] = in[k].re; break;
        }
    }
}

template <class T>
__global__ void run_chirp(ChirpStep<T> s) {
    const unsigned int in_length = s.kind == Chirp::start ? s.length : s.padded;
    const unsigned int out_length = s.kind == Chirp::finish ? s.length : s.padded;
    const size_t count = size_t(out_length) * s.inner, filled = size_t(in_length) * s.inner;
    const size_t step = size_t(gridDim.x) * blockDim.x;
    for (size_t line = blockIdx.y; line < s.lines; line += gridDim.y)
        for (size_t i = size_t(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += step) {
            Complex<T> v = {T(0), T(0)};
            if (i < filled) {
                v = s.in[line * s.in_distance + i];
                v.im *= s.in_sign;
                if (s.kind == Chirp::finish) v.im = -v.im;
                v = product(v, s.factors[s.inner == 1 ? i : i / s.inner]);
                if (s.kind == Chirp::convolve) v.im = -v.im;
                v.im *= s.out_sign;
            }
            s.out[line * s.out_distance + i] = v;
        }
}

/// cuFFT's types of callbacks, by what they load and store.
template <class V>
using LoadCallback = V (*)(void* data, size_t offset, void* info, void* shared);
template <class V>
using StoreCallback = void (*)(void* data, size_t offset, V value, void* info, void* shared);

template <class T>
struct Pair {
    T x, y;
};
/// V: a real type, or float2, double2 for complex elements (the types that callbacks have).
template <class V, class Dense, class T>
__device__ void move_element(const PackStep<T>& s, unsigned long long offset, size_t dense,
                             void* shared) {
    Dense* place = static_cast<Dense*>(s.dense) + dense;
    if (s.from_user) {
        const V v = s.callback ? reinterpret_cast<LoadCallback<V>>(s.callback)(
                                     s.user, offset, s.callback_info, shared)
                               : static_cast<const V*>(s.user)[offset];
        if constexpr (std::is_same_v<Dense, T>)
            *place = T(v);
        else
            *place = {T(v.x), T(v.y)};
        return;
    }
    V v;
    if constexpr (std::is_same_v<Dense, T>)
        v = V(*place);
    else
        v = {decltype(v.x)(place->re), decltype(v.x)(place->im)};
    if (s.callback)
        reinterpret_cast<StoreCallback<V>>(s.callback)(s.user, offset, v, s.callback_info, shared);
    else
        static_cast<V*>(s.user)[offset] = v;
}

template <class V, class Dense, class T>
__global__ void run_pack(PackStep<T> s) {
    extern __shared__ char shared[];
    const Layout& l = s.layout;
    const unsigned int x = blockIdx.x * blockDim.x + threadIdx.x;
    if (x >= l.extent[2]) return;
    const size_t rows = l.batch * l.extent[0] * l.extent[1];
    for (size_t row = size_t(blockIdx.y) * blockDim.y + threadIdx.y; row < rows;
         row += size_t(gridDim.y) * blockDim.y) {
        const size_t plane = row / l.extent[1], i1 = row % l.extent[1];
        const size_t batch = plane / l.extent[0], i0 = plane % l.extent[0];
        const unsigned long long offset = batch * l.distance +
                                          ((i0 * l.embed[1] + i1) * l.embed[2] + x) * l.stride;
        move_element<V, Dense>(s, offset, row * s.row_distance + x, shared);
    }
}

template <class V, class Dense, class T>
cudaError_t launch_pack(const PackStep<T>& s, cudaStream_t stream) {
    const size_t rows = s.layout.batch * s.layout.extent[0] * s.layout.extent[1];
    const unsigned int x = std::min(s.layout.extent[2], kThreads);
    const unsigned int y = (unsigned int)std::min<size_t>(rows, kThreads / x);
    const dim3 grid((s.layout.extent[2] + x - 1) / x,
                    (unsigned int)std::min<size_t>((rows + y - 1) / y, kMostBlocks));
    const cudaLaunchConfig_t config = {grid, dim3(x, y), s.shared_size, stream, nullptr, 0};
    return cudaLaunchKernelEx(&config, run_pack<V, Dense, T>, s);
}

} // namespace

template <class T>
cudaError_t launch(const RowsStep<T>& s, cudaStream_t stream) {
    const unsigned int count = s.kind >= Rows::extend ? s.length : s.length / 2 + 1;
    const unsigned int threads = std::min(count, kThreads);
    const dim3 grid((count + threads - 1) / threads,
                    (unsigned int)std::min<size_t>(s.rows, kMostBlocks));
    const cudaLaunchConfig_t config = {grid, threads, 0, stream, nullptr, 0};
    return cudaLaunchKernelEx(&config, run_rows<T>, s);
}

template <class T>
cudaError_t launch(const ChirpStep<T>& s, cudaStream_t stream) {
    const size_t count = size_t(s.kind == Chirp::finish ? s.length : s.padded) * s.inner;
    const unsigned int threads = (unsigned int)std::min<size_t>(count, kThreads);
    const size_t blocks = (count + threads - 1) / threads;
    const dim3 grid((unsigned int)std::min<size_t>(blocks, 1u << 20),
                    (unsigned int)std::min<size_t>(s.lines, kMostBlocks));
    const cudaLaunchConfig_t config = {grid, threads, 0, stream, nullptr, 0};
    return cudaLaunchKernelEx(&config, run_chirp<T>, s);
}

template <class T>
cudaError_t launch(const PackStep<T>& s, cudaStream_t stream) {
    using Pairs = std::conditional_t<std::is_same_v<T, float>, float2, double2>;
    if constexpr (std::is_same_v<T, float>)
        if (s.layout.element == Element::half)
            return s.layout.real ? launch_pack<__half, T>(s, stream)
                                 : launch_pack<Pair<__half>, Complex<T>>(s, stream);
    return s.layout.real ? launch_pack<T, T>(s, stream) : launch_pack<Pairs, Complex<T>>(s, stream);
}

template cudaError_t launch(const RowsStep<float>&, cudaStream_t);
template cudaError_t launch(const RowsStep<double>&, cudaStream_t);
template cudaError_t launch(const ChirpStep<float>&, cudaStream_t);
template cudaError_t launch(const ChirpStep<double>&, cudaStream_t);
template cudaError_t launch(const PackStep<float>&, cudaStream_t);
template cudaError_t launch(const PackStep<double>&, cudaStream_t);

} // namespace acc::fft
