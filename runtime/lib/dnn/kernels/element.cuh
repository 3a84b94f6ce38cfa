// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Elements of types known at run time, and where they are.
#pragma once

#include "runtime/lib/dnn/kernels/tensor.h"

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_fp8.h>

namespace acc::dnn {

/// Types that are not what is computed in. Not inlined: there are many places that load.
template <class Acc>
__device__ __noinline__ Acc load_converted(const void* data, Element type, int64_t i) {
    switch (type) {
    case Element::F16: return __half2float(static_cast<const __half*>(data)[i]);
    case Element::BF16: return __bfloat162float(static_cast<const __nv_bfloat16*>(data)[i]);
    case Element::I8: return Acc(static_cast<const signed char*>(data)[i]);
    case Element::U8: return Acc(static_cast<const unsigned char*>(data)[i]);
    case Element::Bool: return static_cast<const unsigned char*>(data)[i] != 0 ? Acc(1) : Acc(0);
    case Element::I32: return Acc(static_cast<const int*>(data)[i]);
    case Element::I64: return Acc(static_cast<const int64_t*>(data)[i]);
    case Element::E4M3:
        return float(
            __half(__nv_cvt_fp8_to_halfraw(static_cast<const unsigned char*>(data)[i], __NV_E4M3)));
    case Element::E5M2:
        return float(
            __half(__nv_cvt_fp8_to_halfraw(static_cast<const unsigned char*>(data)[i], __NV_E5M2)));
    default: return static_cast<const float*>(data)[i];
    }
}

template <class Acc>
constexpr Element kOwn = sizeof(Acc) == 8 ? Element::F64 : Element::F32;

template <class Acc>
__device__ __forceinline__ Acc load(const Array& array, int64_t i) {
    if (array.type == kOwn<Acc>) return static_cast<const Acc*>(array.data)[i];
    return load_converted<Acc>(array.data, array.type, i);
}

/// Rounded to even and held between the type's ends.
template <class Acc>
__device__ inline Acc to_integer(Acc value, Acc low, Acc high) {
    const Acc rounded = rint(value);
    return rounded < low ? low : rounded > high ? high : rounded;
}

template <class Acc>
__device__ __noinline__ void store_converted(void* data, Element type, int64_t i, Acc value) {
    switch (type) {
    case Element::F16: static_cast<__half*>(data)[i] = __float2half(float(value)); return;
    case Element::BF16:
        static_cast<__nv_bfloat16*>(data)[i] = __float2bfloat16(float(value));
        return;
    case Element::I8:
        static_cast<signed char*>(data)[i] = (signed char)(to_integer<Acc>(value, -128, 127));
        return;
    case Element::U8:
        static_cast<unsigned char*>(data)[i] = (unsigned char)(to_integer<Acc>(value, 0, 255));
        return;
    case Element::Bool: static_cast<unsigned char*>(data)[i] = value != 0; return;
    case Element::I32: static_cast<int*>(data)[i] = int(rint(value)); return;
    case Element::I64: static_cast<int64_t*>(data)[i] = int64_t(rint(value)); return;
    case Element::E4M3:
        static_cast<unsigned char*>(data)[i] = __nv_cvt_float_to_fp8(float(value), __NV_SATFINITE,
                                                                     __NV_E4M3);
        return;
    case Element::E5M2:
        static_cast<unsigned char*>(data)[i] = __nv_cvt_float_to_fp8(float(value), __NV_SATFINITE,
                                                                     __NV_E5M2);
        return;
    default: static_cast<float*>(data)[i] = float(value);
    }
}

template <class Acc>
__device__ __forceinline__ void store(const Array& array, int64_t i, Acc value) {
    if (array.type == kOwn<Acc>)
        static_cast<Acc*>(array.data)[i] = value;
    else
        store_converted<Acc>(array.data, array.type, i, value);
}

/// Calls f(dimension, coordinate) for element i of a box, the fastest dimension first.
template <class F>
__device__ __forceinline__ void each_coordinate(const Box& box, int64_t i, F f) {
    if (box.count <= 0x7fffffff) { // divisions of 64 bits are long
        auto left = unsigned(i);
        for (int d = box.dims - 1; d > 0; --d) {
            const auto size = unsigned(box.size[d]);
            const unsigned next = left / size;
            f(d, int64_t(left - next * size));
            left = next;
        }
        f(0, int64_t(left));
        return;
    }
    for (int d = box.dims - 1; d > 0; --d) {
        const int64_t next = i / box.size[d];
        f(d, i - next * box.size[d]);
        i = next;
    }
    f(0, i);
}

__device__ __noinline__ inline int64_t offset_in_dims(const Box& box, const Strides& strides,
                                                      int64_t i) {
    int64_t offset = 0;
    each_coordinate(box, i, [&](int d, int64_t x) { offset += x * strides.of[d]; });
    return offset;
}

__device__ __forceinline__ int64_t offset_of(const Box& box, const Strides& strides, int64_t i) {
    return box.dims <= 1 ? i * strides.of[0] : offset_in_dims(box, strides, i);
}

template <class Acc>
__device__ __forceinline__ Acc infinity() {
    return Acc(__int_as_float(0x7f800000));
}

} // namespace acc::dnn
