// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loads and stores of elements whose type is known when the kernel runs, and a row's elements.
#pragma once

#include "runtime/lib/common/launch.cuh"
#include "runtime/lib/common/number.cuh"
#include "runtime/lib/sparse/kernels/view.h"

#include <cuda_bf16.h>
#include <cuda_fp16.h>

namespace acc::sparse {

using lib::Complex;
using lib::conj_if;
using lib::is_complex;
using lib::Real;

using C32 = Complex<float>;
using C64 = Complex<double>;

template <class T>
__device__ inline T at(const void* data, int64_t i) {
    return static_cast<const T*>(data)[i];
}

/// Element i as a C. What a C does not hold (a complex number as a float) is never asked for.
template <class C>
__device__ inline C load(const Values& v, int64_t i) {
    if constexpr (std::is_same_v<C, float>) {
        switch (v.type) {
        case Element::F16: return __half2float(at<__half>(v.data, i));
        case Element::BF16: return __bfloat162float(at<__nv_bfloat16>(v.data, i));
        case Element::I8: return float(at<signed char>(v.data, i));
        default: return at<float>(v.data, i);
        }
    } else if constexpr (std::is_same_v<C, double>) {
        return v.type == Element::F32 ? double(at<float>(v.data, i)) : at<double>(v.data, i);
    } else if constexpr (std::is_same_v<C, int>) {
        return v.type == Element::I8 ? int(at<signed char>(v.data, i)) : at<int>(v.data, i);
    } else if constexpr (std::is_same_v<C, C32>) {
        switch (v.type) {
        case Element::F32: return C32(at<float>(v.data, i));
        case Element::C16:
            return {__half2float(at<__half>(v.data, 2 * i)),
                    __half2float(at<__half>(v.data, 2 * i + 1))};
        case Element::CBF16:
            return {__bfloat162float(at<__nv_bfloat16>(v.data, 2 * i)),
                    __bfloat162float(at<__nv_bfloat16>(v.data, 2 * i + 1))};
        default: return at<C32>(v.data, i);
        }
    } else {
        return v.type == Element::F64 ? C64(at<double>(v.data, i)) : at<C64>(v.data, i);
    }
}

template <class T>
__device__ inline T& place(const Values& v, int64_t i) {
    return static_cast<T*>(v.data)[i];
}

template <class C>
__device__ inline void store(const Values& v, int64_t i, C value) {
    if constexpr (std::is_same_v<C, float>) {
        if (v.type == Element::F16)
            place<__half>(v, i) = __float2half(value);
        else if (v.type == Element::BF16)
            place<__nv_bfloat16>(v, i) = __float2bfloat16(value);
        else
            place<float>(v, i) = value;
    } else if constexpr (std::is_same_v<C, C32>) {
        if (v.type == Element::C16) {
            place<__half>(v, 2 * i) = __float2half(value.re);
            place<__half>(v, 2 * i + 1) = __float2half(value.im);
        } else if (v.type == Element::CBF16) {
            place<__nv_bfloat16>(v, 2 * i) = __float2bfloat16(value.re);
            place<__nv_bfloat16>(v, 2 * i + 1) = __float2bfloat16(value.im);
        } else {
            place<C32>(v, i) = value;
        }
    } else {
        place<C>(v, i) = value;
    }
}

/// An index, counted from zero.
__device__ inline int64_t index_at(const Indices& x, int64_t i) {
    return (x.bytes == 4 ? int64_t(at<int>(x.data, i)) : at<int64_t>(x.data, i)) - x.base;
}
__device__ inline void set_index(const Indices& x, int64_t i, int64_t value) {
    if (x.bytes == 4)
        static_cast<int*>(x.data)[i] = int(value + x.base);
    else
        static_cast<int64_t*>(x.data)[i] = value + x.base;
}

template <class C>
__device__ inline C scalar(const AnyScalar& s) {
    return *static_cast<const C*>(s.pointer != nullptr ? s.pointer
                                                       : static_cast<const void*>(s.value));
}

/// The first of n sorted indices that is not below `key`.
__device__ inline int64_t lower_bound(const Indices& x, int64_t n, int64_t key) {
    int64_t low = 0;
    while (n > 0) {
        const int64_t half = n / 2;
        if (index_at(x, low + half) < key) {
            low += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return low;
}

/// A row's part of `indices` and `values`.
struct Range {
    int64_t first, steps, stride; ///< in indices
    int64_t place, step_place, column_place;
};

__device__ inline Range range_of(const Rows& m, int64_t row) {
    switch (m.layout) {
    case Layout::Offsets: {
        const int64_t first = index_at(m.offsets, row);
        return {first, index_at(m.offsets, row + 1) - first, 1, first, 1, 0};
    }
    case Layout::Sorted: {
        const int64_t first = lower_bound(m.sorted, m.nnz, row);
        int64_t last = first;
        while (last < m.nnz && index_at(m.sorted, last) == row)
            ++last;
        return {first, last - first, 1, first, 1, 0};
    }
    case Layout::Blocks: {
        const int64_t block = row / m.block_rows, in_block = row % m.block_rows;
        const int64_t first = index_at(m.offsets, block);
        const int64_t size = m.block_rows * m.block_columns;
        return {first, index_at(m.offsets, block + 1) - first,
                1,     first * size + (m.column_major ? in_block : in_block * m.block_columns),
                size,  m.column_major ? m.block_rows : 1};
    }
    case Layout::Padded:
        return {row / m.block_rows * m.steps,    m.steps,         1,
                row * m.steps * m.block_columns, m.block_columns, 1};
    case Layout::Slices: {
        const int64_t slice = row / m.slice;
        const int64_t first = index_at(m.offsets, slice);
        const int64_t place = first + row % m.slice;
        return {place, (index_at(m.offsets, slice + 1) - first) / m.slice, m.slice, place, m.slice,
                0};
    }
    }
    return {};
}

/// f(column, place in values) for the row's steps `from`, from + by, ...
template <class F>
__device__ inline void for_row(const Rows& m, int64_t row, int from, int by, F f) {
    const Range r = range_of(m, row);
    for (int64_t k = from; k < r.steps; k += by) {
        const int64_t index = index_at(m.indices, r.first + k * r.stride);
        if (index < 0) continue; // padding
        int64_t place = r.place + k * r.step_place;
        for (int64_t c = 0; c < m.block_columns; ++c, place += r.column_place)
            f(index * m.block_columns + c, m.permutation != nullptr ? m.permutation[place] : place);
    }
}

/// Matrix `batch` of a batch.
__device__ inline Rows of_batch(Rows m, int64_t batch) {
    const auto moved = [&](void* p, int64_t bytes) {
        return p == nullptr ? p : static_cast<void*>(static_cast<char*>(p) + batch * bytes);
    };
    m.offsets.data = moved(m.offsets.data, m.offsets_stride * m.offsets.bytes);
    m.sorted.data = moved(m.sorted.data, m.indices_stride * m.sorted.bytes);
    m.indices.data = moved(m.indices.data, m.indices_stride * m.indices.bytes);
    m.values.data = moved(m.values.data, m.values_stride * int64_t(size_of(m.values.type)));
    return m;
}

__device__ inline Dense of_batch(Dense d, int64_t batch) {
    d.values.data = static_cast<char*>(d.values.data) +
                    batch * d.stride * int64_t(size_of(d.values.type));
    return d;
}

template <class C>
__device__ inline C load(const Dense& d, int64_t row, int64_t column) {
    return conj_if(d.conjugate, load<C>(d.values, row * d.row_step + column * d.column_step));
}

/// What beta y is: nothing when beta is zero, so that a NaN in y is not looked at.
template <class C>
__device__ inline C plus_beta(C value, C beta, const Values& y, int64_t i) {
    if (beta != C(0)) value += beta * load<C>(y, i);
    return value;
}

template <class T>
__device__ inline T sum_of_lanes(T value, int lanes) {
    for (int mask = lanes / 2; mask > 0; mask /= 2)
        value += lib::shuffle_xor(value, mask);
    return value;
}

} // namespace acc::sparse
