// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// By tiles (blas/kernels/tiles.cuh), whose slices are filled from the image as they are needed; or,
// where a tile would be empty mostly, one thread or one warp for each element.
#include "runtime/lib/blas/kernels/tiles.cuh"
#include "runtime/lib/common/launch.cuh"
#include "runtime/lib/dnn/kernels/activation.cuh"
#include "runtime/lib/dnn/kernels/convolve.h"
#include "runtime/lib/dnn/kernels/element.cuh"

#include <type_traits>

namespace acc::dnn {
namespace {

using blas::kAcross;
using blas::kDepth;
using blas::kThreads;

constexpr int kTile = 64;
static_assert(blas::kTileRows<float> == kTile && blas::kTileColumns<double> == kTile);

/// Elements of any of float's types.
struct AnyFloat {};

template <class In, class Acc>
__device__ __forceinline__ Acc load_as(const Array& array, int64_t i) {
    if constexpr (std::is_same_v<In, AnyFloat>)
        return load<Acc>(array, i);
    else
        return static_cast<const In*>(array.data)[i];
}

/// What n or k alone says of a place.
struct Point {
    int x[kSpatial];
    int64_t offset;
};

struct Split {
    unsigned number, at[kSpatial];
};

__device__ __forceinline__ Split split(unsigned i, const unsigned (&size)[kSpatial]) {
    Split s;
#pragma unroll
    for (int d = kSpatial - 1; d >= 0; --d) {
        const unsigned next = size[d] == 1 ? i : i / size[d];
        s.at[d] = i - next * size[d];
        i = next;
    }
    s.number = i;
    return s;
}

__device__ __forceinline__ int64_t offset_of(const Parts& parts, const Split& s) {
    int64_t offset = s.number * parts.of[0];
#pragma unroll
    for (int d = 0; d < kSpatial; ++d)
        offset += s.at[d] * parts.of[1 + d];
    return offset;
}

__device__ __forceinline__ Point point_of_n(const Image& b, const Split& s) {
    Point p;
#pragma unroll
    for (int d = 0; d < kSpatial; ++d)
        p.x[d] = int(s.at[d]) * b.n_step[d] + b.origin[d];
    p.offset = s.number * b.n_stride;
    return p;
}
__device__ __forceinline__ Point point_of_k(const Image& b, const Split& s) {
    Point p;
#pragma unroll
    for (int d = 0; d < kSpatial; ++d)
        p.x[d] = int(s.at[d]) * b.k_step[d];
    p.offset = s.number * b.k_stride;
    return p;
}

/// The image's element there. What is outside is not read: another element is, and zero taken.
template <class In, class Acc>
__device__ __forceinline__ Acc element(const Image& b, const Array& array, const Point& n,
                                       const Point& k, bool counts) {
    int64_t offset = n.offset + k.offset;
#pragma unroll
    for (int d = 0; d < kSpatial; ++d) {
        int x = n.x[d] + k.x[d];
        if (b.divisor[d] != 1) {
            counts = counts && x % b.divisor[d] == 0;
            x /= b.divisor[d];
        }
        counts = counts && unsigned(x) < unsigned(b.size[d]);
        offset += x * b.stride[d];
    }
    const Acc value = load_as<In, Acc>(array, counts ? offset : 0);
    return counts ? value : Acc(0);
}

__device__ __forceinline__ Array of_group(const Array& array, int64_t stride, int group) {
    return {static_cast<char*>(array.data) + group * stride * int64_t(size_of(array.type)),
            array.type};
}

/// Stores what becomes of a sum.
template <class Acc>
__device__ __noinline__ void finish(const Convolution& c, int group, unsigned m, unsigned n,
                                    Acc sum) {
    const Split s = split(n, c.n_size);
    Acc value = Acc(c.alpha) * sum;
    if (c.beta != 0)
        value += Acc(c.beta) * load<Acc>(c.z.array, group * c.z.group_stride + m * c.z.m_stride +
                                                        offset_of(c.z.parts, s));
    if (c.bias.data != nullptr) value += load<Acc>(c.bias, group * int64_t(c.m) + m);
    if (c.activation != Op::Identity)
        value = activate(c.activation, value, c.parameter, c.propagates_nan);
    store(c.d.array, group * c.d.group_stride + m * c.d.m_stride + offset_of(c.d.parts, s), value);
}

/// A's slice: threads go along k, whose elements are neighbours in a filter and in dy.
template <class In, class Acc>
__device__ __forceinline__ void fill_a(blas::Slice<Acc, kTile>& slice, const Convolution& c,
                                       const Array& array, unsigned first_m, unsigned first_k) {
    const unsigned k = threadIdx.x % kDepth, at_k = first_k + k;
    const bool is_there = at_k < c.k;
    const int64_t of_k = offset_of(c.a.parts, split(is_there ? at_k : 0, c.k_size));
#pragma unroll
    for (int e = 0; e < kTile * kDepth / kThreads; ++e) {
        const unsigned i = threadIdx.x / kDepth + e * (kThreads / kDepth), m = first_m + i;
        const bool counts = is_there && m < c.m;
        const Acc value = load_as<In, Acc>(array, of_k + (counts ? m : 0) * c.a.m_stride);
        slice[k][i] = counts ? value : Acc(0);
    }
}

/// B's slice, threads along n (neighbouring pixels) or along k.
template <class In, class Acc, bool AlongK>
struct Filler;

template <class In, class Acc>
struct Filler<In, Acc, false> {
    Point n;
    bool is_there;

    __device__ __forceinline__ Filler(const Convolution& c, unsigned first_n) {
        const unsigned at = first_n + threadIdx.x % kTile;
        is_there = at < c.n;
        n = point_of_n(c.b, split(is_there ? at : 0, c.n_size));
    }
    __device__ __forceinline__ void fill(blas::Slice<Acc, kTile>& slice, const Convolution& c,
                                         const Array& array, unsigned first_k) const {
#pragma unroll 1
        for (int e = 0; e < kTile * kDepth / kThreads; ++e) {
            const unsigned k = threadIdx.x / kTile + e * (kThreads / kTile), at = first_k + k;
            const bool counts = at < c.k;
            slice[k][threadIdx.x % kTile] = element<In, Acc>(
                c.b, array, n, point_of_k(c.b, split(counts ? at : 0, c.k_size)),
                counts && is_there);
        }
    }
};

template <class In, class Acc>
struct Filler<In, Acc, true> {
    static constexpr int kEach = kTile * kDepth / kThreads;
    Point n[kEach];
    unsigned left;

    __device__ __forceinline__ Filler(const Convolution& c, unsigned first_n) {
        left = c.n - first_n;
#pragma unroll
        for (int e = 0; e < kEach; ++e) {
            const unsigned i = threadIdx.x / kDepth + e * (kThreads / kDepth);
            n[e] = point_of_n(c.b, split(i < left ? first_n + i : 0, c.n_size));
        }
    }
    __device__ __forceinline__ void fill(blas::Slice<Acc, kTile>& slice, const Convolution& c,
                                         const Array& array, unsigned first_k) const {
        const unsigned k = threadIdx.x % kDepth, at = first_k + k;
        const bool is_there = at < c.k;
        const Point of_k = point_of_k(c.b, split(is_there ? at : 0, c.k_size));
#pragma unroll
        for (int e = 0; e < kEach; ++e) {
            const unsigned i = threadIdx.x / kDepth + e * (kThreads / kDepth);
            slice[k][i] = element<In, Acc>(c.b, array, n[e], of_k, is_there && i < left);
        }
    }
};

template <class In, class Acc, bool AlongK>
__global__ void __launch_bounds__(kThreads) tiles_kernel(const __grid_constant__ Convolution c) {
    __shared__ blas::Slice<Acc, blas::kTileRows<Acc>> slice_a;
    __shared__ blas::Slice<Acc, blas::kTileColumns<Acc>> slice_b;
    const unsigned tiles = (c.m + kTile - 1) / kTile;
    const unsigned first_m = blockIdx.x % tiles * kTile, first_n = blockIdx.x / tiles * kTile;
    const int group = int(blockIdx.z);
    const Array a = of_group(c.a.array, c.a.group_stride, group),
                b = of_group(c.b.array, c.b.group_stride, group);
    const int x = int(threadIdx.x) % kAcross, y = int(threadIdx.x) / kAcross * 4;
    const Filler<In, Acc, AlongK> filler(c, first_n);
    blas::Sums<Acc> sums = {};
    for (unsigned k = 0; k < c.k; k += kDepth) {
        fill_a<In, Acc>(slice_a, c, a, first_m, k);
        filler.fill(slice_b, c, b, k);
        __syncthreads();
        blas::multiply_slices<Acc>(sums, slice_a, slice_b, x, y);
        __syncthreads();
    }
    // One copy of what becomes of an element, not sixteen: it is long.
    Acc in_order[16];
#pragma unroll
    for (int e = 0; e < 16; ++e)
        in_order[e] = sums[e % 4][e / 4];
#pragma unroll 1
    for (int e = 0; e < 16; ++e) {
        const unsigned m = first_m + x + e % 4 * kAcross, n = first_n + y + e / 4;
        if (m < c.m && n < c.n) finish(c, group, m, n, in_order[e]);
    }
}

/// `Lanes` threads for each element, which take turns with k.
template <class In, class Acc, int Lanes>
__global__ void __launch_bounds__(kThreads) elements_kernel(const __grid_constant__ Convolution c) {
    const int64_t i = lib::thread_of_grid() / Lanes;
    const unsigned lane = threadIdx.x % Lanes;
    const int64_t each = int64_t(c.m) * c.n;
    if (i >= each * c.groups) return; // whole warps, when a warp takes an element
    const int group = int(i / each);
    const unsigned m = unsigned(i % each / c.n), n = unsigned(i % each % c.n);
    const Array a = of_group(c.a.array, c.a.group_stride, group),
                b = of_group(c.b.array, c.b.group_stride, group);
    const Point of_n = point_of_n(c.b, split(n, c.n_size));
    Acc sum = 0;
#pragma unroll 1
    for (unsigned k = lane; k < c.k; k += Lanes) {
        const Split s = split(k, c.k_size);
        sum += load_as<In, Acc>(a, m * c.a.m_stride + offset_of(c.a.parts, s)) *
               element<In, Acc>(c.b, b, of_n, point_of_k(c.b, s), true);
    }
    if constexpr (Lanes == 32) {
        for (int mask = 16; mask > 0; mask /= 2)
            sum += __shfl_xor_sync(0xffffffffu, sum, mask);
    }
    if (lane == 0) finish(c, group, m, n, sum);
}

template <class In, class Acc>
cudaError_t launch_for(cudaStream_t stream, const Convolution& c) {
    const auto rounded = [](int64_t n) { return (n + kTile - 1) / kTile * kTile; };
    const int64_t each = int64_t(c.m) * c.n;
    if (each * 8 >= rounded(c.m) * rounded(c.n)) {
        const dim3 grid(unsigned(rounded(c.m) / kTile * (rounded(c.n) / kTile)), 1,
                        unsigned(c.groups));
        return lib::launch(c.taps_along_n ? tiles_kernel<In, Acc, true>
                                          : tiles_kernel<In, Acc, false>,
                           grid, kThreads, stream, c);
    }
    const int64_t elements = each * c.groups;
    if (elements < 8192 && c.k >= 64)
        return lib::launch(elements_kernel<In, Acc, 32>, lib::blocks_for(elements * 32, kThreads),
                           kThreads, stream, c);
    return lib::launch(elements_kernel<In, Acc, 1>, lib::blocks_for(elements, kThreads), kThreads,
                       stream, c);
}

} // namespace

cudaError_t launch_convolution(cudaStream_t stream, const Convolution& c) {
    const Element type = c.a.array.type;
    if (type == Element::F32 && c.b.array.type == type) return launch_for<float, float>(stream, c);
    if (type == Element::F64) return launch_for<double, double>(stream, c);
    return launch_for<AnyFloat, float>(stream, c);
}

} // namespace acc::dnn
