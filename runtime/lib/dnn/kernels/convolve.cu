// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// By tiles (blas/kernels/tiles.cuh), whose slices are filled from the image as they are needed; or,
// where a tile would be empty mostly, one thread or one warp for each element.
#include "runtime/lib/blas/kernels/tiles.cuh"
#include "runtime/lib/common/launch.cuh"
#include "runtime/lib/dnn/kernels/activation.cuh"
#include "runtime/lib/dnn/kernels/convolve.h"
#include "runtime/lib/dnn/kernels/element.cuh"

#include <algorithm>
#include <climits>
#include <cmath>
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

/// A group's elements, of a type that is known or not.
template <class In>
struct Elements {
    const In* data;

    __device__ __forceinline__ Elements(const Array& array, int64_t stride, int group)
        : data(static_cast<const In*>(array.data) + group * stride) {}
    template <class Acc, class Offset>
    __device__ __forceinline__ Acc at(Offset i) const {
        return data[i];
    }
};
template <>
struct Elements<AnyFloat> {
    Array array;

    __device__ __forceinline__ Elements(const Array& of, int64_t stride, int group)
        : array{static_cast<char*>(of.data) + group * stride * int64_t(size_of(of.type)), of.type} {
    }
    template <class Acc>
    __device__ __forceinline__ Acc at(int64_t i) const {
        return load<Acc>(array, i);
    }
};

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
__device__ __forceinline__ Acc element(const Image& b, const Elements<In>& array, const Point& n,
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
    const Acc value = array.template at<Acc>(counts ? offset : 0);
    return counts ? value : Acc(0);
}

/// Not inlined: it is long, and there are many places.
template <class Acc>
__device__ __noinline__ Acc activated(const Convolution& c, Acc value) {
    return activate(c.activation, value, c.parameter, c.propagates_nan);
}

/// Stores what becomes of a sum at these places of D and Z.
template <class Acc>
__device__ __forceinline__ void finish(const Convolution& c, int64_t row, int64_t at_d,
                                       int64_t at_z, Acc sum) {
    Acc value = Acc(c.alpha) * sum;
    if (c.beta != 0) value += Acc(c.beta) * load<Acc>(c.z.array, at_z);
    if (c.bias.data != nullptr) value += load<Acc>(c.bias, row);
    if (c.activation != Op::Identity) value = activated(c, value);
    store(c.d.array, at_d, value);
}

/// The same where D, Z and bias are of the accumulator's type and nothing is activated. It calls
/// nothing, so that a tile's sums stay in registers.
template <class Acc>
__device__ __forceinline__ void finish_plain(const Convolution& c, int64_t row, int64_t at_d,
                                             int64_t at_z, Acc sum) {
    Acc value = Acc(c.alpha) * sum;
    if (c.beta != 0) value += Acc(c.beta) * static_cast<const Acc*>(c.z.array.data)[at_z];
    if (c.bias.data != nullptr) value += static_cast<const Acc*>(c.bias.data)[row];
    static_cast<Acc*>(c.d.array.data)[at_d] = value;
}

/// How coordinates in the image are divided: not at all; by multiplying, which is exact for those
/// below kDivided; as integers.
enum class Divide { Not, Quickly, Exactly };
constexpr int kDivided = 1 << 22;

/// How a tile's elements are found: the coordinates that there are (the last ones), whether they
/// are divided, and what holds an offset.
template <int Dims, Divide How, class Offset>
struct Way {
    static constexpr int kDims = Dims;
    static constexpr Divide kDivide = How;
    using OffsetType = Offset;
};
using Planes = Way<2, Divide::Not, int>;
using Volumes = Way<kSpatial, Divide::Not, int>;
using Steps = Way<kSpatial, Divide::Quickly, int>;
using AnyWay = Way<kSpatial, Divide::Exactly, int64_t>;

/// What k alone says of the places in A and in the image, for some slices: found once for all
/// threads of a block.
constexpr int kRun = kThreads;
template <class W>
struct Run {
    typename W::OffsetType a[kRun], b[kRun];
    int x[W::kDims][kRun];
};

/// What n alone says.
template <class W>
struct Pixel {
    typename W::OffsetType offset;
    int x[W::kDims];
};

/// Coordinates that are not divided are part of the offset, so that offsets of n and of k add up.
template <class W>
__device__ __forceinline__ typename W::OffsetType
offset_at(const Image& b, const int (&x)[W::kDims], int64_t start) {
    if constexpr (W::kDivide == Divide::Not) {
#pragma unroll
        for (int d = 0; d < W::kDims; ++d)
            start += x[d] * b.stride[kSpatial - W::kDims + d];
    }
    return typename W::OffsetType(start);
}

template <class W>
__device__ __forceinline__ Pixel<W> pixel_of(const Convolution& c, unsigned n) {
    const Split s = split(n, c.n_size);
    Pixel<W> pixel;
#pragma unroll
    for (int d = 0; d < W::kDims; ++d) {
        const int of = kSpatial - W::kDims + d;
        pixel.x[d] = int(s.at[of]) * c.b.n_step[of] + c.b.origin[of];
    }
    pixel.offset = offset_at<W>(c.b, pixel.x, s.number * c.b.n_stride);
    return pixel;
}

template <class W>
__device__ __forceinline__ void fill_run(Run<W>& run, const Convolution& c, unsigned first_k) {
    const unsigned at = first_k + threadIdx.x;
    const Split s = split(at < c.k ? at : 0, c.k_size);
    int x[W::kDims];
#pragma unroll
    for (int d = 0; d < W::kDims; ++d) {
        const int of = kSpatial - W::kDims + d;
        x[d] = int(s.at[of]) * c.b.k_step[of];
        run.x[d][threadIdx.x] = x[d];
    }
    run.a[threadIdx.x] = typename W::OffsetType(offset_of(c.a.parts, s));
    run.b[threadIdx.x] = offset_at<W>(c.b, x, s.number * c.b.k_stride);
}

/// The image's element there. What is outside is not read: another element is, and zero taken.
template <class In, class Acc, class W>
__device__ __forceinline__ Acc image_at(const Image& b, const Elements<In>& array,
                                        const Pixel<W>& pixel, const Run<W>& run, int k,
                                        bool counts) {
    typename W::OffsetType offset = pixel.offset + run.b[k];
#pragma unroll
    for (int d = 0; d < W::kDims; ++d) {
        const int of = kSpatial - W::kDims + d;
        int x = pixel.x[d] + run.x[d][k];
        if constexpr (W::kDivide == Divide::Quickly) {
            const int quotient = __float2int_rn(float(x) * (1.0f / float(b.divisor[of])));
            counts = counts & (quotient * b.divisor[of] == x);
            x = quotient;
        } else if constexpr (W::kDivide == Divide::Exactly) {
            counts = counts & (x % b.divisor[of] == 0);
            x /= b.divisor[of];
        }
        if constexpr (W::kDivide != Divide::Not) offset += typename W::OffsetType(x * b.stride[of]);
        counts = counts & (unsigned(x) < unsigned(b.size[of]));
    }
    const Acc value = array.template at<Acc>(counts ? offset : 0);
    return counts ? value : Acc(0);
}

/// Threads go along m and along n (neighbouring pixels), so that those of a warp have one k.
template <class In, class Acc, class W, bool Plain>
__global__ void __launch_bounds__(kThreads) tiles_kernel(const __grid_constant__ Convolution c) {
    __shared__ blas::Slice<Acc, blas::kTileRows<Acc>> slice_a;
    __shared__ blas::Slice<Acc, blas::kTileColumns<Acc>> slice_b;
    __shared__ Run<W> run;
    const unsigned tiles = (c.m + kTile - 1) / kTile;
    const unsigned first_m = blockIdx.x % tiles * kTile, first_n = blockIdx.x / tiles * kTile;
    const int group = int(blockIdx.z);
    const Elements<In> a(c.a.array, c.a.group_stride, group), b(c.b.array, c.b.group_stride, group);
    const unsigned across = threadIdx.x % kTile, m = first_m + across, n = first_n + across;
    const bool has_m = m < c.m, has_n = n < c.n;
    const Pixel<W> pixel = pixel_of<W>(c, has_n ? n : 0);
    const auto of_m = typename W::OffsetType((has_m ? m : 0) * c.a.m_stride);
    const int x = int(threadIdx.x) % kAcross, y = int(threadIdx.x) / kAcross * 4;
    blas::Sums<Acc> sums = {};
    for (unsigned first = 0; first < c.k; first += kRun) {
        fill_run(run, c, first);
        __syncthreads();
        const int count = int(c.k - first < kRun ? c.k - first : kRun);
        for (int slice = 0; slice < count; slice += kDepth) {
#pragma unroll
            for (int e = 0; e < kTile * kDepth / kThreads; ++e) {
                const int row = int(threadIdx.x) / kTile + e * (kThreads / kTile), k = slice + row;
                const bool is_there = k < count;
                const Acc value = a.template at<Acc>(of_m + run.a[k]);
                slice_a[row][across] = has_m && is_there ? value : Acc(0);
                slice_b[row][across] = image_at<In, Acc>(c.b, b, pixel, run, k, has_n & is_there);
            }
            __syncthreads();
            blas::multiply_slices<Acc>(sums, slice_a, slice_b, x, y);
            __syncthreads();
        }
    }
#pragma unroll
    for (int column = 0; column < 4; ++column) {
        const unsigned at = first_n + y + column;
        if (at >= c.n) break;
        const Split s = split(at, c.n_size);
        const int64_t at_d = group * c.d.group_stride + offset_of(c.d.parts, s),
                      at_z = group * c.z.group_stride + offset_of(c.z.parts, s);
#pragma unroll
        for (int r = 0; r < 4; ++r) {
            const unsigned row = first_m + x + r * kAcross;
            if (row >= c.m) continue;
            const int64_t of_group = group * int64_t(c.m) + row;
            const int64_t place = at_d + row * c.d.m_stride, other = at_z + row * c.z.m_stride;
            if constexpr (Plain)
                finish_plain(c, of_group, place, other, sums[r][column]);
            else
                finish(c, of_group, place, other, sums[r][column]);
        }
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
    const Elements<In> a(c.a.array, c.a.group_stride, group), b(c.b.array, c.b.group_stride, group);
    const Point of_n = point_of_n(c.b, split(n, c.n_size));
    Acc sum = 0;
#pragma unroll 1
    for (unsigned k = lane; k < c.k; k += Lanes) {
        const Split s = split(k, c.k_size);
        sum += a.template at<Acc>(m * c.a.m_stride + offset_of(c.a.parts, s)) *
               element<In, Acc>(c.b, b, of_n, point_of_k(c.b, s), true);
    }
    if constexpr (Lanes == 32) {
        for (int mask = 16; mask > 0; mask /= 2)
            sum += __shfl_xor_sync(0xffffffffu, sum, mask);
    }
    if (lane != 0) return;
    const Split s = split(n, c.n_size);
    finish(c, group * int64_t(c.m) + m,
           group * c.d.group_stride + m * c.d.m_stride + offset_of(c.d.parts, s),
           group * c.z.group_stride + m * c.z.m_stride + offset_of(c.z.parts, s), sum);
}

/// How far from the first element of A and of the image those are that are read, at most; and the
/// largest coordinate in the image before it is divided.
struct Extent {
    double a = 0, image = 0, coordinate = 0;
};
Extent extent_of(const Convolution& c) {
    const auto number = [](unsigned all, const unsigned (&size)[kSpatial]) {
        return double(all) / size[0] / size[1] / size[2];
    };
    const double n = number(c.n, c.n_size), k = number(c.k, c.k_size);
    Extent e;
    e.a = c.m * std::abs(double(c.a.m_stride)) + k * std::abs(double(c.a.parts.of[0]));
    e.image = n * std::abs(double(c.b.n_stride)) + k * std::abs(double(c.b.k_stride));
    for (int d = 0; d < kSpatial; ++d) {
        const double x = double(c.n_size[d]) * std::abs(c.b.n_step[d]) +
                         double(c.k_size[d]) * std::abs(c.b.k_step[d]) + std::abs(c.b.origin[d]);
        e.a += c.k_size[d] * std::abs(double(c.a.parts.of[1 + d]));
        e.image += x * std::abs(double(c.b.stride[d]));
        e.coordinate = std::max(e.coordinate, x);
    }
    return e;
}

bool is_flat(const Convolution& c) {
    return c.n_size[0] == 1 && c.k_size[0] == 1 && c.b.size[0] == 1 && c.b.origin[0] == 0;
}

template <class Acc>
bool is_plain(const Convolution& c) {
    return c.activation == Op::Identity && c.d.array.type == kOwn<Acc> &&
           (c.beta == 0 || c.z.array.type == kOwn<Acc>) &&
           (c.bias.data == nullptr || c.bias.type == kOwn<Acc>);
}

template <class In, class Acc>
auto tiles_for(const Convolution& c) {
    const Extent extent = extent_of(c);
    const bool divides = std::any_of(c.b.divisor, c.b.divisor + kSpatial,
                                     [](int divisor) { return divisor != 1; });
    if (extent.a >= INT_MAX || extent.image >= INT_MAX) return tiles_kernel<In, Acc, AnyWay, false>;
    if constexpr (!std::is_same_v<In, AnyFloat>) {
        if (is_plain<Acc>(c) && !divides)
            return is_flat(c) ? tiles_kernel<In, Acc, Planes, true>
                              : tiles_kernel<In, Acc, Volumes, true>;
        if (is_plain<Acc>(c) && extent.coordinate < kDivided)
            return tiles_kernel<In, Acc, Steps, true>;
    }
    return divides ? tiles_kernel<In, Acc, AnyWay, false> : tiles_kernel<In, Acc, Volumes, false>;
}

template <class In, class Acc>
cudaError_t launch_for(cudaStream_t stream, const Convolution& c) {
    const auto rounded = [](int64_t n) { return (n + kTile - 1) / kTile * kTile; };
    const int64_t each = int64_t(c.m) * c.n;
    if (each * 8 >= rounded(c.m) * rounded(c.n)) {
        const dim3 grid(unsigned(rounded(c.m) / kTile * (rounded(c.n) / kTile)), 1,
                        unsigned(c.groups));
        return lib::launch(tiles_for<In, Acc>(c), grid, kThreads, stream, c);
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
