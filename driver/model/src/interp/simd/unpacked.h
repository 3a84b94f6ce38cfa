// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Products of floats for hosts with AVX-512. Their operands are unpacked first, to floats in memory
// in the order in which they are multiplied: many products have an operand in common, and it need
// not be done again. Then a step along k is nothing but loads of B, which the host repeats, one
// permutation in registers for each half row of A, and multiply-adds; two products of one A share
// the permutations. Accumulators stay in the order of fragments, in the host's registers.
#pragma once

#include "driver/model/src/interp/simd/fragments.h"

#ifdef __AVX512F__

namespace acc::model::interp::ACC_SIMD {
namespace {

typedef uint16_t u16w __attribute__((ext_vector_type(32)));
typedef float f32q __attribute__((ext_vector_type(4)));

/// Both elements, or all four, of sixteen words: element e of each is in out[e].
template <class E>
ACC_INLINE void split_words(E, uint32_t mods, u32h words, f32h* out) {
    out[0] = E::template value<0>(words, mods);
    if constexpr (E::Bits < 32) out[1] = E::template value<1>(words, mods);
    if constexpr (E::Bits < 16) {
        out[2] = E::template value<2>(words, mods);
        out[3] = E::template value<3>(words, mods);
    }
}
/// Of halves: one permutation brings all lower ones together, and all upper ones.
ACC_INLINE void split_words(F16, uint32_t, u32h words, f32h* out) {
    const u16w x = (u16w)words;
    const u16w apart = __builtin_shufflevector(x, x, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24,
                                               26, 28, 30, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21,
                                               23, 25, 27, 29, 31);
    out[0] = widen_halves<f32h>(apart.lo);
    out[1] = widen_halves<f32h>(apart.hi);
}

/// Of an operand in memory: for each register along k and each element of a word ...
template <class EA, class EB, int K>
struct Layout {
    enum {
        Steps = K * EB::Bits * 8 / 1024, ///< registers of B, half of those of A
        Elements = 32 / EB::Bits,
        FloatsA = Steps * Elements * 64, ///< ... rows 0 to 15, four columns each,
        FloatsB = Steps * Elements * 32, ///< ... four rows, of each the even columns; then the odd
                                         ///< ones
    };
};

template <class EA, class EB, int K>
ACC_INLINE void unpack_a(uint32_t mods, const char* words, float* to) {
    typedef Layout<EA, EB, K> L;
#pragma clang loop unroll(disable)
    for (unsigned half = 0; half < L::Steps * 4u; ++half) { // of a register: 4 rows
        u32h w;
        f32h x[L::Elements];
        __builtin_memcpy(&w, words + half * sizeof w, sizeof w);
        split_words(EA{}, mods, w, x);
#pragma clang loop unroll(full)
        for (unsigned e = 0; e < L::Elements; ++e)
            *(f32h*)(to + ((half / 4 * L::Elements + e) * 4 + half % 4) * 16) = x[e];
    }
}

/// The word of each of four rows, and of the even columns or the odd ones.
template <int Odd>
ACC_INLINE u32h columns_of(u32h low, u32h high) {
    constexpr int c = 4 * Odd;
    return __builtin_shufflevector(low, high, c, c + 8, c + 16, c + 24, c + 1, c + 9, c + 17,
                                   c + 25, c + 2, c + 10, c + 18, c + 26, c + 3, c + 11, c + 19,
                                   c + 27);
}
template <class EA, class EB, int K>
ACC_INLINE void unpack_b(uint32_t mods, const char* words, float* to) {
    typedef Layout<EA, EB, K> L;
#pragma clang loop unroll(disable)
    for (unsigned step = 0; step < L::Steps; ++step) {
        u32h w[2];
        f32h even[L::Elements], odd[L::Elements];
        __builtin_memcpy(w, words + step * sizeof w, sizeof w);
        split_words(EB{}, mods, columns_of<0>(w[0], w[1]), even);
        split_words(EB{}, mods, columns_of<1>(w[0], w[1]), odd);
#pragma clang loop unroll(full)
        for (unsigned e = 0; e < L::Elements; ++e) {
            *(f32h*)(to + (step * L::Elements + e) * 32) = even[e];
            *(f32h*)(to + (step * L::Elements + e) * 32 + 16) = odd[e];
        }
    }
}

ACC_INLINE f32h repeated(const float* from) {
    f32q v;
    __builtin_memcpy(&v, from, sizeof v);
    return __builtin_shufflevector(v, v, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3);
}

/// One step along k of `Count` products of one A.
template <int T, int Count>
ACC_INLINE void multiply_step(const float* a, const float* const* b, f32h* sum) {
    f32h rows[4];
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; ++i)
        rows[i] = along_half_row<T>(*(const f32h*)(a + 16 * i));
#pragma clang loop unroll(full)
    for (int n = 0; n < Count; ++n) {
        const f32h even = repeated(b[n] + 4 * T), odd = repeated(b[n] + 16 + 4 * T);
        f32h* s = sum + 8 * n; // c[0], c[1] of rows 0 to 7, then c[2], c[3]; of each two halves
#pragma clang loop unroll(full)
        for (int i = 0; i < 4; ++i) {
            f32h &x = s[i / 2 * 4 + i % 2], &y = s[i / 2 * 4 + 2 + i % 2];
            x = multiply_add(rows[i], even, x);
            y = multiply_add(rows[i], odd, y);
        }
    }
}
template <int T, int E, int Elements, int Count>
ACC_INLINE void multiply_word(const float* a, const float* const* b, f32h* sum) {
    if constexpr (E < Elements) {
        const float* columns[Count];
        for (int n = 0; n < Count; ++n)
            columns[n] = b[n] + 32 * E;
        multiply_step<T, Count>(a + 64 * E, columns, sum);
        multiply_word<T, E + 1, Elements, Count>(a, b, sum);
    }
}
/// `Count` products of one A, of operands that are unpacked; sum: 8 registers of each.
template <class EA, class EB, int K, int Count>
ACC_INLINE void multiply_floats(const float* a, const float* const* b, f32h* sum) {
    typedef Layout<EA, EB, K> L;
    constexpr int elements = L::Elements;
#pragma clang loop unroll(disable)
    for (unsigned step = 0; step < L::Steps; ++step) {
        const float* columns[Count];
        for (int n = 0; n < Count; ++n)
            columns[n] = b[n] + step * elements * 32;
        const float* rows = a + step * elements * 64;
        multiply_word<0, 0, elements, Count>(rows, columns, sum);
        multiply_word<1, 0, elements, Count>(rows, columns, sum);
        multiply_word<2, 0, elements, Count>(rows, columns, sum);
        multiply_word<3, 0, elements, Count>(rows, columns, sum);
    }
}

/// NaNs become the canonical one; seldom is there any.
template <int Count>
ACC_INLINE void make_canonical(f32h* sum) {
    uint32_t any = 0;
#pragma clang loop unroll(full)
    for (int i = 0; i < 8 * Count; i += 2) {
        typedef float Float16 __attribute__((vector_size(64)));
        any |= (uint16_t)__builtin_ia32_cmpps512_mask((Float16)sum[i], (Float16)sum[i + 1], 3,
                                                      (uint16_t)-1, 4); // one is a NaN
    }
    if (__builtin_expect(any == 0, 1)) return;
    for (int i = 0; i < 8 * Count; ++i)
        sum[i] = sum[i] != sum[i] ? (f32h)(u32h)kNan32 : sum[i];
}

/// Accumulators in the host's registers: of f32 eight of each product, of f16 four.
template <bool Half, int Count>
struct Registers {
    f32h v[(Half ? 4 : 8) * Count];
};
template <bool Half, int Count>
ACC_INLINE void take_registers(const Registers<Half, Count>& from, f32h* sum) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 4 * Count; ++i) {
        if constexpr (Half) { // of each word c[0] and c[1]
            const int n = i / 4 * 8 + i % 4 / 2 * 4 + i % 2;
            sum[n] = F16::value<0>((u32h)from.v[i], 0);
            sum[n + 2] = F16::value<1>((u32h)from.v[i], 0);
        } else {
            sum[2 * i] = from.v[2 * i];
            sum[2 * i + 1] = from.v[2 * i + 1];
        }
    }
}
/// f32 to f16 as narrow_f16 does it.
ACC_INLINE u32h narrow_half_row(f32h x) {
    typedef _Float16 f16h __attribute__((ext_vector_type(16)));
    const u16h h = (u16h) __builtin_convertvector(x, f16h);
    return __builtin_convertvector((h & 0x7fff) > 0x7c00 ? (u16h)0x7fff : h, u32h);
}
template <bool Half, int Count>
ACC_INLINE Registers<Half, Count> give_registers(f32h* sum) {
    Registers<Half, Count> to;
    if constexpr (!Half) make_canonical<Count>(sum);
#pragma clang loop unroll(full)
    for (int i = 0; i < 4 * Count; ++i) {
        if constexpr (Half) {
            const int n = i / 4 * 8 + i % 4 / 2 * 4 + i % 2;
            to.v[i] = (f32h)(narrow_half_row(sum[n]) | narrow_half_row(sum[n + 2]) << 16);
        } else {
            to.v[2 * i] = sum[2 * i];
            to.v[2 * i + 1] = sum[2 * i + 1];
        }
    }
    return to;
}

/// On rows of registers, as Product.
template <class EA, class EB, int K, bool Half>
ACC_INLINE void multiply_unpacked(uint32_t mods, const char* a, const char* b, const char* c,
                                  char* d) {
    typedef Layout<EA, EB, K> L;
    alignas(64) float rows[L::FloatsA], columns[L::FloatsB];
    unpack_a<EA, EB, K>(mods, a, rows);
    unpack_b<EA, EB, K>(mods, b, columns);
    asm volatile("" ::: "memory"); // from memory: they are more than the host has registers
    Registers<Half, 1> in;
    f32h sum[8];
    __builtin_memcpy(&in, c, sizeof in);
    take_registers(in, sum);
    const float* const all[] = {columns};
    multiply_floats<EA, EB, K, 1>(rows, all, sum);
    const Registers<Half, 1> out = give_registers<Half, 1>(sum);
    __builtin_memcpy(d, &out, sizeof out);
}

} // namespace
} // namespace acc::model::interp::ACC_SIMD

#endif
