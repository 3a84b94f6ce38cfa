// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/common/launch.cuh"
#include "runtime/lib/dnn/kernels/element.cuh"
#include "runtime/lib/dnn/kernels/windows.h"

namespace acc::dnn {
namespace {

/// An element's n, channel and coordinates.
struct Pixel {
    int64_t n, c;
    int at[kWindowDims];
};

__device__ __forceinline__ Pixel pixel_of(int64_t i, int64_t channels,
                                          const int (&size)[kWindowDims]) {
    Pixel p;
#pragma unroll
    for (int d = kWindowDims - 1; d >= 0; --d) {
        const int64_t next = i / size[d];
        p.at[d] = int(i - next * size[d]);
        i = next;
    }
    p.n = i / channels;
    p.c = i - p.n * channels;
    return p;
}

__device__ __forceinline__ int64_t offset_of(const Pixels& a, const Pixel& p) {
    return p.n * a.n_stride + p.c * a.c_stride + p.at[0] * a.stride[0] + p.at[1] * a.stride[1] +
           p.at[2] * a.stride[2];
}

/// The part of a window that is inside.
struct Range {
    int begin[kWindowDims], end[kWindowDims];
};

__device__ __forceinline__ Range window_at(const Pooling& p, const int (&out)[kWindowDims]) {
    Range r;
#pragma unroll
    for (int d = 0; d < kWindowDims; ++d) {
        const int first = out[d] * p.step[d] - p.padding[d], past = first + p.window[d];
        r.begin[d] = first < 0 ? 0 : first;
        r.end[d] = past < p.in_size[d] ? past : p.in_size[d];
    }
    return r;
}

/// The windows that an element is in.
__device__ __forceinline__ Range windows_over(const Pooling& p, const int (&in)[kWindowDims]) {
    Range r;
#pragma unroll
    for (int d = 0; d < kWindowDims; ++d) {
        const int at = in[d] + p.padding[d], first = at - p.window[d] + 1;
        r.begin[d] = first <= 0 ? 0 : (first + p.step[d] - 1) / p.step[d];
        const int past = at / p.step[d] + 1;
        r.end[d] = past < p.out_size[d] ? past : p.out_size[d];
    }
    return r;
}

/// f(pixel) for all places of a range, until it gives false.
template <class F>
__device__ __forceinline__ void each_place(const Range& r, Pixel p, F f) {
    for (p.at[0] = r.begin[0]; p.at[0] < r.end[0]; ++p.at[0])
        for (p.at[1] = r.begin[1]; p.at[1] < r.end[1]; ++p.at[1])
            for (p.at[2] = r.begin[2]; p.at[2] < r.end[2]; ++p.at[2])
                if (!f(p)) return;
}

__device__ __forceinline__ int divisor_of(const Pooling& p, const Range& window) {
    int count = 1;
#pragma unroll
    for (int d = 0; d < kWindowDims; ++d)
        count *= p.mode == Pool::AverageWithPadding ? p.window[d] : window.end[d] - window.begin[d];
    return count;
}

template <class Acc>
__global__ void __launch_bounds__(256) pooling_kernel(const __grid_constant__ Pooling p) {
    const int64_t count = p.n * p.c * p.out_size[0] * p.out_size[1] * p.out_size[2];
    for (int64_t i = lib::thread_of_grid(); i < count; i += lib::threads_of_grid()) {
        const Pixel out = pixel_of(i, p.c, p.out_size);
        const Range window = window_at(p, out.at);
        const bool is_max = p.mode == Pool::Max;
        Acc value = is_max ? -infinity<Acc>() : Acc(0);
        each_place(window, out, [&](const Pixel& at) {
            const Acc x = load<Acc>(p.x.array, offset_of(p.x, at));
            if (!is_max)
                value += x;
            else if (x > value || (x != x && p.propagates_nan))
                value = x;
            return value == value; // a NaN stays
        });
        if (!is_max) value /= Acc(divisor_of(p, window));
        value *= Acc(p.alpha);
        const int64_t place = offset_of(p.y, out);
        if (p.beta != 0) value += Acc(p.beta) * load<Acc>(p.y.array, place);
        store(p.y.array, place, value);
    }
}

/// Whether `in` is the first element of the window with its largest value.
template <class Acc>
__device__ bool is_largest(const Pooling& p, const Range& window, const Pixel& in) {
    Acc largest = -infinity<Acc>();
    bool found = false, result = false;
    each_place(window, in, [&](const Pixel& at) {
        const Acc x = load<Acc>(p.x.array, offset_of(p.x, at));
        if (!found || x > largest || (x != x && p.propagates_nan) ||
            (largest != largest && x == x)) {
            result = at.at[0] == in.at[0] && at.at[1] == in.at[1] && at.at[2] == in.at[2];
            largest = x;
            found = true;
        }
        return x == x || !p.propagates_nan;
    });
    return result;
}

/// A thread gathers what the windows over an element give it, so that sums have one order.
template <class Acc>
__global__ void __launch_bounds__(256) pooling_gradient_kernel(const __grid_constant__ Pooling p) {
    const int64_t count = p.n * p.c * p.in_size[0] * p.in_size[1] * p.in_size[2];
    for (int64_t i = lib::thread_of_grid(); i < count; i += lib::threads_of_grid()) {
        const Pixel in = pixel_of(i, p.c, p.in_size);
        Acc value = 0;
        each_place(windows_over(p, in.at), in, [&](const Pixel& out) {
            const Range window = window_at(p, out.at);
            const Acc dy = load<Acc>(p.dy.array, offset_of(p.dy, out));
            if (p.mode != Pool::Max)
                value += dy / Acc(divisor_of(p, window));
            else if (is_largest<Acc>(p, window, in))
                value += dy;
            return true;
        });
        value *= Acc(p.alpha);
        const int64_t place = offset_of(p.dx, in);
        if (p.beta != 0) value += Acc(p.beta) * load<Acc>(p.dx.array, place);
        store(p.dx.array, place, value);
    }
}

/// k + alpha * sum of squares of the channels around c.
template <class Acc>
__device__ Acc base_of(const ChannelWindows& w, Pixel p) {
    const int64_t c = p.c, first = c - (w.size - 1) / 2, past = first + w.size;
    Acc squares = 0;
    for (p.c = first < 0 ? 0 : first; p.c < (past < w.c ? past : w.c); ++p.c) {
        const Acc x = load<Acc>(w.x.array, offset_of(w.x, p));
        squares += x * x;
    }
    return Acc(w.k) + Acc(w.alpha) * squares;
}

template <class Acc>
__global__ void __launch_bounds__(256)
    channel_windows_kernel(const __grid_constant__ ChannelWindows w) {
    const int64_t count = w.n * w.c * w.in_size[0] * w.in_size[1] * w.in_size[2];
    const Pixels& out = w.backward ? w.dx : w.y;
    for (int64_t i = lib::thread_of_grid(); i < count; i += lib::threads_of_grid()) {
        const Pixel p = pixel_of(i, w.c, w.in_size);
        const Acc x = load<Acc>(w.x.array, offset_of(w.x, p));
        const Acc power = pow(base_of<Acc>(w, p), Acc(-w.power));
        Acc value = x * power;
        if (w.backward) {
            // Those whose windows this channel is in.
            const int64_t first = p.c - (w.size - 1 - (w.size - 1) / 2), past = first + w.size;
            Acc others = 0;
            Pixel q = p;
            for (q.c = first < 0 ? 0 : first; q.c < (past < w.c ? past : w.c); ++q.c)
                others += load<Acc>(w.dy.array, offset_of(w.dy, q)) *
                          load<Acc>(w.x.array, offset_of(w.x, q)) *
                          pow(base_of<Acc>(w, q), Acc(-w.power - 1));
            value = load<Acc>(w.dy.array, offset_of(w.dy, p)) * power -
                    Acc(2 * w.alpha * w.power) * x * others;
        }
        value *= Acc(w.scale);
        const int64_t place = offset_of(out, p);
        if (w.beta != 0) value += Acc(w.beta) * load<Acc>(out.array, place);
        store(out.array, place, value);
    }
}

int64_t pixels(int64_t n, int64_t c, const int (&size)[kWindowDims]) {
    return n * c * size[0] * size[1] * size[2];
}

} // namespace

cudaError_t launch_pooling(cudaStream_t stream, const Pooling& p) {
    return lib::launch(is_wide(p.x.array.type) ? pooling_kernel<double> : pooling_kernel<float>,
                       lib::blocks_for(pixels(p.n, p.c, p.out_size), 256, 4096), 256, stream, p);
}

cudaError_t launch_pooling_gradient(cudaStream_t stream, const Pooling& p) {
    return lib::launch(is_wide(p.dx.array.type) ? pooling_gradient_kernel<double>
                                                : pooling_gradient_kernel<float>,
                       lib::blocks_for(pixels(p.n, p.c, p.in_size), 256, 4096), 256, stream, p);
}

cudaError_t launch_channel_windows(cudaStream_t stream, const ChannelWindows& w) {
    return lib::launch(is_wide(w.x.array.type) ? channel_windows_kernel<double>
                                               : channel_windows_kernel<float>,
                       lib::blocks_for(pixels(w.n, w.c, w.in_size), 256, 4096), 256, stream, w);
}

} // namespace acc::dnn
