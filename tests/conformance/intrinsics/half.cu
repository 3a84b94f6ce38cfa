// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// 16-bit types: the device's results equal the host's (whose conversions and arithmetic are
// unit-tested by themselves).
#include "check.h"

#include <cmath>
#include <cuda_bf16.h>
#include <cuda_fp16.h>

template <class T>
struct Out {
    T add, sub, mul, div, fma, neg, from_float;
    float to_float;
    bool less, equal;
    int to_int;
};

template <class T, class T2>
__host__ __device__ void compute(Out<T>& o, T a, T b, T c, float f, T (*make)(float)) {
    o.add = a + b, o.sub = a - b, o.mul = a * b, o.div = a / b, o.fma = __hfma(a, b, c), o.neg = -a;
    o.from_float = make(f);
    o.to_float = (float)a;
    o.less = a < b, o.equal = a == b;
}

__device__ __host__ __half to_half(float f) {
    return __float2half(f);
}
__device__ __host__ __nv_bfloat16 to_bfloat16(float f) {
    return __float2bfloat16(f);
}

__global__ void run_half(const unsigned short* in, const float* floats, Out<__half>* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    Out<__half> o = {};
    compute<__half, __half2>(o, __ushort_as_half(in[3 * i]), __ushort_as_half(in[3 * i + 1]),
                             __ushort_as_half(in[3 * i + 2]), floats[i], to_half);
    o.to_int = __half2int_rd(__ushort_as_half(in[3 * i]));
    out[i] = o;
}
__global__ void run_bfloat16(const unsigned short* in, const float* floats, Out<__nv_bfloat16>* out,
                             int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    Out<__nv_bfloat16> o = {};
    compute<__nv_bfloat16, __nv_bfloat162>(
        o, __ushort_as_bfloat16(in[3 * i]), __ushort_as_bfloat16(in[3 * i + 1]),
        __ushort_as_bfloat16(in[3 * i + 2]), floats[i], to_bfloat16);
    o.to_int = __bfloat162int_rd(__ushort_as_bfloat16(in[3 * i]));
    out[i] = o;
}
__global__ void sum_pairs(__half2* total, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) atomicAdd(total, __floats2half2_rn(1.0f, 2.0f));
}

// A NaN only has to be a NaN.
template <class T>
void expect_same(const char* what, T got, T want, int i) {
    if (!(__hisnan(got) && __hisnan(want))) expect_equal(what, got, want, i);
}
template <class T>
void check(const Out<T>& got, const Out<T>& want, int i) {
    expect_same("add", got.add, want.add, i);
    expect_same("sub", got.sub, want.sub, i);
    expect_same("mul", got.mul, want.mul, i);
    expect_same("div", got.div, want.div, i);
    expect_same("fma", got.fma, want.fma, i);
    expect_same("neg", got.neg, want.neg, i);
    expect_same("from float", got.from_float, want.from_float, i);
    if (got.to_float == got.to_float || want.to_float == want.to_float)
        expect_equal("to float", got.to_float, want.to_float, i);
    expect_equal("less", got.less, want.less, i);
    expect_equal("equal", got.equal, want.equal, i);
    expect_equal("to int", got.to_int, want.to_int, i);
}

/// Saturating; NaN is 0.
static int floored(float v) {
    if (v != v) return 0;
    const double whole = std::floor((double)v);
    return whole >= 2147483647.0    ? 2147483647
           : whole <= -2147483648.0 ? -2147483647 - 1
                                    : (int)whole;
}

int main() {
    const int n = 1 << 14;
    Array<unsigned short> in(3 * n);
    Array<float> floats(n);
    Array<Out<__half>> halves(n);
    Array<Out<__nv_bfloat16>> bfloats(n);
    for (int i = 0; i < 3 * n; ++i)
        in[i] = (unsigned short)next_random();
    for (int i = 0; i < n; ++i) {
        const unsigned bits = (unsigned)next_random();
        const unsigned limited = (bits & 0x80000000u) | ((bits % 0x48000000u) & 0x7fffffffu);
        std::memcpy(&floats[i], &limited, sizeof(limited));
    }
    in.upload();
    floats.upload();
    run_half<<<n / 128, 128>>>(in.device(), floats.device(), halves.device(), n);
    run_bfloat16<<<n / 128, 128>>>(in.device(), floats.device(), bfloats.device(), n);
    wait_for_kernel();
    halves.download();
    bfloats.download();
    for (int i = 0; i < n; ++i) {
        Out<__half> h = {};
        compute<__half, __half2>(h, __ushort_as_half(in[3 * i]), __ushort_as_half(in[3 * i + 1]),
                                 __ushort_as_half(in[3 * i + 2]), floats[i], to_half);
        h.to_int = floored(h.to_float);
        check(halves[i], h, i);
        Out<__nv_bfloat16> b = {};
        compute<__nv_bfloat16, __nv_bfloat162>(
            b, __ushort_as_bfloat16(in[3 * i]), __ushort_as_bfloat16(in[3 * i + 1]),
            __ushort_as_bfloat16(in[3 * i + 2]), floats[i], to_bfloat16);
        b.to_int = floored(b.to_float);
        check(bfloats[i], b, i);
    }

    Array<__half2> total(1);
    total[0] = __floats2half2_rn(0.0f, 0.0f);
    total.upload();
    sum_pairs<<<4, 128>>>(total.device(), 512);
    wait_for_kernel();
    total.download();
    expect_equal("atomicAdd of pairs, low", __low2float(total[0]), 512.0f);
    expect_equal("atomicAdd of pairs, high", __high2float(total[0]), 1024.0f);
    return finish();
}
