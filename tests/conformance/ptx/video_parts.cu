// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Video instructions on parts of words: selectors of operands, masks and parts of destinations,
// and vmad, against the same on the host.
#include "../common/check.h"

#include <algorithm>
#include <cstdint>

struct Results {
    uint32_t add2, add2_mask, add4, add4_sum, set4, add_byte, sub_half, merge_byte, merge_half_sat,
        shl_part, mad, mad_po, mad_minus, mad_minus_c, mad_shift;
};

__global__ void run(const uint32_t* numbers, Results* results) {
    const uint32_t a = numbers[threadIdx.x], b = numbers[threadIdx.x + 1],
                   c = numbers[threadIdx.x + 2];
    Results r;
    asm("vadd2.s32.s32.s32 %0, %1.h01, %2.h13, %3;" : "=r"(r.add2) : "r"(a), "r"(b), "r"(c));
    asm("vadd2.u32.u32.u32 %0.h1, %1, %2, %3;" : "=r"(r.add2_mask) : "r"(a), "r"(b), "r"(c));
    asm("vadd4.s32.s32.s32.sat %0.b20, %1.b0123, %2.b7065, %3;"
        : "=r"(r.add4)
        : "r"(a), "r"(b), "r"(c));
    asm("vadd4.u32.u32.u32.add %0.b31, %1, %2, %3;" : "=r"(r.add4_sum) : "r"(a), "r"(b), "r"(c));
    asm("vset4.s32.s32.gt %0, %1.b4567, %2.b3210, %3;" : "=r"(r.set4) : "r"(a), "r"(b), "r"(c));
    asm("vadd.s32.s32.s32 %0, %1.b3, %2.h0;" : "=r"(r.add_byte) : "r"(a), "r"(b));
    asm("vsub.s32.u32.s32.min %0, %1.h1, %2.b0, %3;" : "=r"(r.sub_half) : "r"(a), "r"(b), "r"(c));
    asm("vadd.u32.u32.u32 %0.b1, %1.b2, %2, %3;" : "=r"(r.merge_byte) : "r"(a), "r"(b), "r"(c));
    asm("vadd.s32.s32.s32.sat %0.h1, %1, %2.h0, %3;"
        : "=r"(r.merge_half_sat)
        : "r"(a), "r"(b), "r"(c));
    asm("vshl.u32.u32.u32.wrap %0, %1.h1, %2.b0;" : "=r"(r.shl_part) : "r"(a), "r"(b));
    asm("vmad.s32.s32.s32.sat %0, %1.h0, %2.h1, %3;" : "=r"(r.mad) : "r"(a), "r"(b), "r"(c));
    asm("vmad.u32.u32.u32.po %0, %1.b1, %2.h0, %3;" : "=r"(r.mad_po) : "r"(a), "r"(b), "r"(c));
    asm("vmad.s32.u32.u32 %0, -%1.h0, %2.b3, %3;" : "=r"(r.mad_minus) : "r"(a), "r"(b), "r"(c));
    asm("vmad.s32.s32.u32 %0, %1.h0, %2.h0, -%3;" : "=r"(r.mad_minus_c) : "r"(a), "r"(b), "r"(c));
    asm("vmad.s32.s32.s32.sat.shr15 %0, %1, %2, %3;" : "=r"(r.mad_shift) : "r"(a), "r"(b), "r"(c));
    results[threadIdx.x] = r;
}

static int64_t field(uint32_t word, int first, int bits, bool is_signed) {
    const int64_t value = word >> first & ((1ull << bits) - 1);
    return is_signed && value >> (bits - 1) ? value - (1ll << bits) : value;
}
static int64_t byte(uint32_t word, int i, bool is_signed) {
    return field(word, 8 * i, 8, is_signed);
}
static int64_t half(uint32_t word, int i, bool is_signed) {
    return field(word, 16 * i, 16, is_signed);
}
/// Part i of eight bytes, or four halves, of a and then b.
static int64_t of_both(uint32_t a, uint32_t b, int i, int bits, bool is_signed) {
    const int count = 32 / bits;
    return field(i < count ? a : b, i % count * bits, bits, is_signed);
}
static int64_t limit(__int128 value, int bits) {
    const __int128 high = ((__int128)1 << (bits - 1)) - 1;
    return (int64_t)std::min(std::max(value, -high - 1), high);
}
static uint32_t put(int64_t value, int first, int bits) {
    return uint32_t((value & ((1ll << bits) - 1)) << first);
}

static Results expected(uint32_t a, uint32_t b, uint32_t c) {
    Results r{};
    r.add2 = put(of_both(a, b, 1, 16, true) + of_both(a, b, 3, 16, true), 0, 16) |
             put(of_both(a, b, 0, 16, true) + of_both(a, b, 1, 16, true), 16, 16);
    r.add2_mask = put(half(c, 0, false), 0, 16) |
                  put(half(a, 1, false) + half(b, 1, false), 16, 16);
    // %1.b0123: part 3 first, so part 0 of the operand is byte 3; %2.b7065: bytes 5, 6, 0, 7.
    const int left[] = {3, 2, 1, 0}, right[] = {5, 6, 0, 7};
    for (int i = 0; i < 4; ++i) {
        const bool wanted = i == 2 || i == 0;
        const int64_t sum = limit(
            of_both(a, b, left[i], 8, true) + of_both(a, b, right[i], 8, true), 8);
        r.add4 |= put(wanted ? sum : byte(c, i, false), 8 * i, 8);
    }
    r.add4_sum = c + uint32_t(byte(a, 3, false) + byte(b, 3, false) + byte(a, 1, false) +
                              byte(b, 1, false));
    for (int i = 0; i < 4; ++i) // %1.b4567: part 0 is byte 7, ...
        r.set4 |= uint32_t(of_both(a, b, 7 - i, 8, true) > of_both(a, b, i, 8, true)) << (8 * i);
    r.add_byte = uint32_t(byte(a, 3, true) + half(b, 0, true));
    r.sub_half = uint32_t(
        std::min<int64_t>((int32_t)uint32_t(half(a, 1, false) - byte(b, 0, true)), (int32_t)c));
    r.merge_byte = (c & 0xffff00ff) | put(byte(a, 2, false) + b, 8, 8);
    r.merge_half_sat = (c & 0xffff) | put(limit((int32_t)a + half(b, 0, true), 16), 16, 16);
    r.shl_part = uint32_t(half(a, 1, false) << (byte(b, 0, false) & 31));
    r.mad = uint32_t(limit(half(a, 0, true) * half(b, 1, true) + (int32_t)c, 32));
    r.mad_po = uint32_t(byte(a, 1, false) * half(b, 0, false) + c + 1);
    r.mad_minus = uint32_t((int32_t)c - half(a, 0, false) * byte(b, 3, false));
    r.mad_minus_c = uint32_t(half(a, 0, true) * half(b, 0, false) - (int32_t)c);
    r.mad_shift = uint32_t(limit(((__int128)(int32_t)a * (int32_t)b + (int32_t)c) >> 15, 32));
    return r;
}

int main() {
    std::vector<uint32_t> numbers = {0,          ~0u,        0x80000000, 0x7fffffff, 0x80808080,
                                     0x7f7f7f7f, 0x01020304, 0xfffe0001, 0x8000ffff, 0x00ff00ff};
    uint32_t seed = 12345;
    while (numbers.size() < 258)
        numbers.push_back(seed = seed * 1664525 + 1013904223);
    const int threads = 256;
    Buffer<uint32_t> in(numbers);
    Buffer<Results> out(threads);
    run<<<1, threads>>>(in.device(), out.device());
    SYNC();
    const std::vector<Results> got = out.download();
    for (int i = 0; i < threads; ++i) {
        const Results want = expected(numbers[i], numbers[i + 1], numbers[i + 2]);
        const uint32_t *g = &got[i].add2, *w = &want.add2;
        for (unsigned k = 0; k < sizeof(Results) / 4; ++k)
            EXPECT(g[k] == w[k], "thread %d (%x %x %x), result %u: %x, not %x", i, numbers[i],
                   numbers[i + 1], numbers[i + 2], k, g[k], w[k]);
    }
    return finish();
}
