// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Video instructions, and set on halves, against the same on the host.
#include "../common/check.h"

#include <algorithm>
#include <cstdint>
#include <vector>

struct Results {
    uint32_t absdiff4, absdiff4_sum, add2_sat, sub4_sat, min2, max4, set4, set2_sum, add, sub_max,
        shl_sat, shr_wrap, halves, mask;
};

__global__ void run(const uint32_t* numbers, Results* results) {
    const uint32_t a = numbers[threadIdx.x], b = numbers[threadIdx.x + 1], c = 1000;
    Results& r = results[threadIdx.x];
    asm("vabsdiff4.u32.u32.u32 %0, %1, %2, %3;" : "=r"(r.absdiff4) : "r"(a), "r"(b), "r"(0));
    asm("vabsdiff4.u32.s32.u32.add %0, %1, %2, %3;"
        : "=r"(r.absdiff4_sum)
        : "r"(a), "r"(b), "r"(c));
    asm("vadd2.s32.s32.s32.sat %0, %1, %2, %3;" : "=r"(r.add2_sat) : "r"(a), "r"(b), "r"(0));
    asm("vsub4.u32.u32.u32.sat %0, %1, %2, %3;" : "=r"(r.sub4_sat) : "r"(a), "r"(b), "r"(0));
    asm("vmin2.s32.s32.s32 %0, %1, %2, %3;" : "=r"(r.min2) : "r"(a), "r"(b), "r"(0));
    asm("vmax4.u32.u32.u32 %0, %1, %2, %3;" : "=r"(r.max4) : "r"(a), "r"(b), "r"(0));
    asm("vset4.u32.u32.lt %0, %1, %2, %3;" : "=r"(r.set4) : "r"(a), "r"(b), "r"(0));
    asm("vset2.s32.s32.ge.add %0, %1, %2, %3;" : "=r"(r.set2_sum) : "r"(a), "r"(b), "r"(c));
    asm("vadd.s32.s32.s32.sat %0, %1, %2;" : "=r"(r.add) : "r"(a), "r"(b));
    asm("vsub.u32.u32.u32.max %0, %1, %2, %3;" : "=r"(r.sub_max) : "r"(a), "r"(b), "r"(c));
    asm("vshl.u32.u32.u32.sat.clamp %0, %1, %2;" : "=r"(r.shl_sat) : "r"(a), "r"(b & 63));
    asm("vshr.s32.s32.u32.wrap %0, %1, %2;" : "=r"(r.shr_wrap) : "r"(a), "r"(b));
    asm("set.lt.f16x2.f16x2 %0, %1, %2;" : "=r"(r.halves) : "r"(a), "r"(b));
    asm("set.gtu.u32.f16x2 %0, %1, %2;" : "=r"(r.mask) : "r"(a), "r"(b));
}

static int64_t part(uint32_t word, int i, int bits, bool is_signed) {
    const int64_t value = word >> (i * bits) & ((1ull << bits) - 1);
    return is_signed && value >> (bits - 1) ? value - (1ll << bits) : value;
}

template <typename F>
static uint32_t each(uint32_t a, uint32_t b, int bits, bool is_signed, F f) {
    uint32_t result = 0;
    for (int i = 0; i < 32 / bits; ++i)
        result |= uint32_t(f(part(a, i, bits, is_signed), part(b, i, bits, is_signed)) &
                           ((1ll << bits) - 1))
                  << (i * bits);
    return result;
}

static bool is_nan(uint32_t half) {
    return (half & 0x7fff) > 0x7c00;
}
/// Halves in the order of numbers.
static int order(uint32_t half) {
    const int magnitude = int(half & 0x7fff);
    return half & 0x8000 ? -magnitude : magnitude;
}

static Results expected(uint32_t a, uint32_t b) {
    Results r{};
    r.absdiff4 = each(a, b, 8, false, [](int64_t x, int64_t y) { return x > y ? x - y : y - x; });
    r.absdiff4_sum = r.set2_sum = 1000;
    for (int i = 0; i < 4; ++i)
        r.absdiff4_sum += uint32_t(std::abs(part(a, i, 8, true) - part(b, i, 8, false)));
    for (int i = 0; i < 2; ++i)
        r.set2_sum += part(a, i, 16, true) >= part(b, i, 16, true);
    r.add2_sat = each(a, b, 16, true, [](int64_t x, int64_t y) {
        return std::clamp<int64_t>(x + y, -32768, 32767);
    });
    r.sub4_sat = each(a, b, 8, false,
                      [](int64_t x, int64_t y) { return std::max<int64_t>(x - y, 0); });
    r.min2 = each(a, b, 16, true, [](int64_t x, int64_t y) { return std::min(x, y); });
    r.max4 = each(a, b, 8, false, [](int64_t x, int64_t y) { return std::max(x, y); });
    r.set4 = each(a, b, 8, false, [](int64_t x, int64_t y) { return int64_t(x < y); });
    r.add = uint32_t(std::clamp<int64_t>(int64_t(int32_t(a)) + int32_t(b), INT32_MIN, INT32_MAX));
    r.sub_max = std::max(a - b, 1000u);
    const int amount = std::min(int(b & 63), 32);
    r.shl_sat = uint32_t(std::min<uint64_t>(uint64_t(a) << amount, UINT32_MAX));
    r.shr_wrap = uint32_t(int32_t(a) >> (b & 31));
    for (int i = 0; i < 2; ++i) {
        const uint32_t x = a >> (16 * i) & 0xffff, y = b >> (16 * i) & 0xffff;
        const bool unordered = is_nan(x) || is_nan(y);
        if (!unordered && order(x) < order(y)) r.halves |= 0x3c00u << (16 * i);
        if (unordered || order(x) > order(y)) r.mask |= 0xffffu << (16 * i);
    }
    return r;
}

int main() {
    constexpr int kThreads = 512;
    std::vector<uint32_t> numbers(kThreads + 1);
    uint32_t state = 12345;
    for (uint32_t& number : numbers) {
        state = state * 1664525u + 1013904223u;
        number = state;
    }
    const uint32_t edges[] = {0,          0xffffffff, 0x80008000, 0x7fff7fff, 0x7c00fc00,
                              0x80000000, 0x7fffffff, 0x7e007e00, 0x00018001, 0xff00ff80};
    for (size_t i = 0; i < std::size(edges); ++i)
        for (size_t k = 0; k < std::size(edges); ++k) {
            numbers[i * 20 + k * 2] = edges[i];
            numbers[i * 20 + k * 2 + 1] = edges[k];
        }
    uint32_t* in;
    Results* out;
    CHECK(cudaMalloc(&in, numbers.size() * 4));
    CHECK(cudaMalloc(&out, kThreads * sizeof(Results)));
    CHECK(cudaMemcpy(in, numbers.data(), numbers.size() * 4, cudaMemcpyHostToDevice));
    run<<<1, kThreads>>>(in, out);
    std::vector<Results> got(kThreads);
    CHECK(cudaMemcpy(got.data(), out, kThreads * sizeof(Results), cudaMemcpyDeviceToHost));
    for (int i = 0; i < kThreads; ++i) {
        const Results want = expected(numbers[i], numbers[i + 1]);
        const auto *g = reinterpret_cast<const uint32_t*>(&got[i]),
                   *w = reinterpret_cast<const uint32_t*>(&want);
        for (size_t k = 0; k < sizeof(Results) / 4; ++k)
            EXPECT(g[k] == w[k], "row %zu of %x, %x: %x, expected %x", k, numbers[i],
                   numbers[i + 1], g[k], w[k]);
    }
    return finish();
}
