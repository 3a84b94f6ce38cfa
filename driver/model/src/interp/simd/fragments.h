// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What products of matrices are made of: rows, columns and elements of fragments, in the order of
// lanes that fragments have (products.h), and chains of multiply-adds.
#pragma once

#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/simd/float.h"

namespace acc::model::interp::ACC_SIMD {
namespace {

ACC_INLINE u32v word(const char* row, unsigned reg) {
    return load_row(row + reg * kRowBytes);
}
ACC_INLINE void set_word(char* row, unsigned reg, u32v v) {
    store_row(row + reg * kRowBytes, v);
}

// What a product needs stays in the order of fragments: in the row of accumulator c[i], lane
// 4 * g + t is row g, so that an element of A is that of lane 4 * g + (its column) in all four
// lanes of a row, and an element of B that of lane 4 * (column) + (its row) in the lanes of a
// column.
template <int T, class V>
ACC_INLINE V along_row(V v) {
    return __builtin_shufflevector(v, v, T, T, T, T, 4 + T, 4 + T, 4 + T, 4 + T, 8 + T, 8 + T,
                                   8 + T, 8 + T, 12 + T, 12 + T, 12 + T, 12 + T, 16 + T, 16 + T,
                                   16 + T, 16 + T, 20 + T, 20 + T, 20 + T, 20 + T, 24 + T, 24 + T,
                                   24 + T, 24 + T, 28 + T, 28 + T, 28 + T, 28 + T);
}
/// Of the columns 2 * t + Odd.
template <int T, int Odd, class V>
ACC_INLINE V along_columns(V v) {
    constexpr int c0 = 4 * Odd + T, c1 = c0 + 8, c2 = c0 + 16, c3 = c0 + 24;
    return __builtin_shufflevector(v, v, c0, c1, c2, c3, c0, c1, c2, c3, c0, c1, c2, c3, c0, c1, c2,
                                   c3, c0, c1, c2, c3, c0, c1, c2, c3, c0, c1, c2, c3, c0, c1, c2,
                                   c3);
}

// ---- element formats: the elements number E of all lanes' words, for whole rows or half ones
template <class U>
struct Kin;
template <>
struct Kin<u32v> {
    typedef f32v floats;
    typedef i32v integers;
};
ACC_INLINE f32v widen_low_half(u32v x) {
    return (f32v)widen_f16(x & 0xffffu);
}
#ifdef __AVX512F__
typedef int32_t i32h __attribute__((ext_vector_type(16)));
typedef uint16_t u16h __attribute__((ext_vector_type(16)));
template <>
struct Kin<u32h> {
    typedef f32h floats;
    typedef i32h integers;
};
ACC_INLINE f32h widen_low_half(u32h x) {
    return widen_halves<f32h>(__builtin_convertvector(x, u16h));
}
#endif
struct F16 {
    enum { Bits = 16 };
    template <class U>
    using type = typename Kin<U>::floats;
    template <int E, class U>
    ACC_MEMBER type<U> value(U x, uint32_t) {
        return widen_low_half(E ? x >> 16 : x);
    }
};
struct Bf16 {
    enum { Bits = 16 };
    template <class U>
    using type = typename Kin<U>::floats;
    template <int E, class U>
    ACC_MEMBER type<U> value(U x, uint32_t) {
        return (type<U>)(E ? x & 0xffff0000u : x << 16);
    }
};
struct Tf32 {
    enum { Bits = 32 };
    template <class U>
    using type = typename Kin<U>::floats;
    template <int E, class U>
    ACC_MEMBER type<U> value(U x, uint32_t) {
        return (type<U>)(x & ~0x1fffu);
    }
};
/// 8-bit floats; Format: the modifier that says which.
template <isa::ModField Format>
struct F8 {
    enum { Bits = 8 };
    static_assert(+mods::MF8A_e5m2 == +mods::MF8B_be5m2);
    template <class U>
    using type = typename Kin<U>::floats;
    template <int E, class U>
    ACC_MEMBER type<U> value(U word, uint32_t mods) {
        const U x = word >> (8 * E) & 0xffu;
        if (mod<Format>(mods) == mods::MF8A_e5m2) return widen_low_half(x << 8);
        // Exponent and fraction in place, then scaled: that normalises subnormals.
        const U magnitude = x & 0x7fu;
        const U scaled = (U)((type<U>)(magnitude << 20) * 0x1p120f);
        return (type<U>)((magnitude == 0x7fu ? (U)kNan32 : scaled) | (x & 0x80u) << 24);
    }
};
/// Integers of Width bits; Signedness: the modifier that says which.
template <int Width, isa::ModField Signedness>
struct Int {
    enum { Bits = Width };
    static_assert(+mods::MI8A_u8 == +mods::MI8B_ub);
    template <class U>
    using type = typename Kin<U>::integers;
    template <int E, class U>
    ACC_MEMBER type<U> value(U x, uint32_t mods) {
        const U top = x << (32 - Width * (E + 1));
        return mod<Signedness>(mods) == mods::MI8A_u8 ? (type<U>)(top >> (32 - Width))
                                                      : (type<U>)top >> (32 - Width);
    }
};

typedef double f64v __attribute__((ext_vector_type(32)));
#ifdef __FMA__
#define ACC_STEP ACC_INLINE
ACC_INLINE f64v multiply_add(f64v a, f64v b, f64v c) {
    return __builtin_elementwise_fma(a, b, c);
}
#else
/// Too much code to stand at each place: fused lane by lane, by the library.
#define ACC_STEP __attribute__((noinline)) static
template <class V>
__attribute__((noinline)) void multiply_add_lanes(const V& a, const V& b, V& c) {
#pragma clang loop unroll(disable) vectorize(disable)
    for (unsigned l = 0; l < kLanes; ++l)
        if constexpr (sizeof(V) == 8 * kLanes)
            c[l] = __builtin_fma(a[l], b[l], c[l]);
        else
            c[l] = __builtin_fmaf(a[l], b[l], c[l]);
}
ACC_INLINE f64v multiply_add(const f64v& a, const f64v& b, f64v c) {
    multiply_add_lanes(a, b, c);
    return c;
}
ACC_INLINE f32v multiply_add(const f32v& a, const f32v& b, f32v c) {
    multiply_add_lanes(a, b, c);
    return c;
}
#endif
#ifdef __AVX512F__
ACC_INLINE f32h multiply_add(f32h a, f32h b, f32h c) {
    return __builtin_elementwise_fma(a, b, c);
}
ACC_INLINE i32h multiply_add(i32h a, i32h b, i32h c) {
    return a * b + c;
}
/// The value itself, of which the compiler does not ask what it is made of.
ACC_INLINE u32h as_it_is(u32h x) {
    return (u32h)__arithmetic_fence((f32h)x);
}
#else
#ifdef __FMA__
ACC_INLINE f32v multiply_add(f32v a, f32v b, f32v c) {
    return __builtin_elementwise_fma(a, b, c);
}
#endif
ACC_INLINE i32v multiply_add(i32v a, i32v b, i32v c) {
    return a * b + c;
}
#endif
/// Accumulators of 16 rows (c[2], c[3]: the rows from 8 on) or of 8.
template <int Rows, class V>
struct Accumulators {
    V c[Rows / 4];
};
/// One k: column 4 * T of the registers.
template <int T, int Rows, class V>
ACC_STEP void multiply_column(const V* a, const V& b, Accumulators<Rows, V>& to) {
    const V even = along_columns<T, 0>(b), odd = along_columns<T, 1>(b);
#pragma clang loop unroll(full)
    for (int half = 0; half < Rows / 8; ++half) {
        const V x = along_row<T>(a[half]);
        to.c[2 * half] = multiply_add(x, even, to.c[2 * half]);
        to.c[2 * half + 1] = multiply_add(x, odd, to.c[2 * half + 1]);
    }
}
#ifdef __AVX512F__
// A row is two of the host's registers, c.h[i][half], and what is done for each is said here: else
// there are more permutations, and what they need is kept in memory.
template <int Rows, class V>
struct HalfAccumulators {
    V h[Rows / 4][2];
};
struct HalfRows {
    u32h h[2];
};
ACC_INLINE HalfRows half_rows(u32v v) {
    return __builtin_bit_cast(HalfRows, v);
}
template <int T, class V>
ACC_INLINE V along_half_row(V v) {
    return __builtin_shufflevector(v, v, T, T, T, T, 4 + T, 4 + T, 4 + T, 4 + T, 8 + T, 8 + T,
                                   8 + T, 8 + T, 12 + T, 12 + T, 12 + T, 12 + T);
}
/// Four elements, again and again.
template <int T, class V>
ACC_INLINE V four(V v) {
    constexpr int a = 4 * T, b = a + 1, c = a + 2, d = a + 3;
    return __builtin_shufflevector(v, v, a, b, c, d, a, b, c, d, a, b, c, d, a, b, c, d);
}
/// One k: element E of the lanes T of rows.
template <int T, int E, class EA, class EB, int Rows, class V>
ACC_INLINE void multiply_elements(uint32_t mods, const HalfRows* a, u32h even, u32h odd,
                                  HalfAccumulators<Rows, V>& to) {
    if constexpr (E < 32 / EA::Bits) {
        const V x = four<T>(EB::template value<E>(even, mods)),
                y = four<T>(EB::template value<E>(odd, mods));
#pragma clang loop unroll(full)
        for (int i = 0; i < Rows / 4; ++i) {
            const V z = along_half_row<T>(EA::template value<E>(a[i / 2].h[i % 2], mods));
            to.h[i / 2 * 2][i % 2] = multiply_add(z, x, to.h[i / 2 * 2][i % 2]);
            to.h[i / 2 * 2 + 1][i % 2] = multiply_add(z, y, to.h[i / 2 * 2 + 1][i % 2]);
        }
        multiply_elements<T, E + 1, EA, EB>(mods, a, even, odd, to);
    }
}
template <class EA, class EB, int Rows, int K, class V>
ACC_INLINE void multiply_all(uint32_t mods, const char* a, const char* b,
                             Accumulators<Rows, V>& whole) {
    constexpr unsigned registers = K * EB::Bits * 8 / 1024, high = Rows / 8;
    typedef HalfAccumulators<Rows, typename EA::template type<u32h>> Halved;
    auto sum = __builtin_bit_cast(Halved, whole);
#pragma clang loop unroll(full)
    for (unsigned r = 0; r < registers; ++r) {
        const HalfRows rows[2] = {half_rows(word(a, r * high)),
                                  half_rows(word(a, r * high + high - 1))};
        // Of each of four lanes of a row of B its even columns, and its odd ones.
        const HalfRows other = half_rows(word(b, r));
        const u32h even = as_it_is(__builtin_shufflevector(other.h[0], other.h[1], 0, 8, 16, 24, 1,
                                                           9, 17, 25, 2, 10, 18, 26, 3, 11, 19,
                                                           27)),
                   odd = as_it_is(__builtin_shufflevector(other.h[0], other.h[1], 4, 12, 20, 28, 5,
                                                          13, 21, 29, 6, 14, 22, 30, 7, 15, 23,
                                                          31));
        multiply_elements<0, 0, EA, EB>(mods, rows, even, odd, sum);
        multiply_elements<1, 0, EA, EB>(mods, rows, even, odd, sum);
        multiply_elements<2, 0, EA, EB>(mods, rows, even, odd, sum);
        multiply_elements<3, 0, EA, EB>(mods, rows, even, odd, sum);
    }
    typedef Accumulators<Rows, V> Whole;
    whole = __builtin_bit_cast(Whole, sum);
}
#else
template <int T, int E, class EA, class EB, int Rows, class V>
ACC_INLINE void multiply_elements(uint32_t mods, const u32v* a, u32v b, Accumulators<Rows, V>& to) {
    if constexpr (E < 32 / EA::Bits) {
        V elements[Rows / 8];
        elements[0] = EA::template value<E>(a[0], mods);
        if constexpr (Rows == 16) elements[1] = EA::template value<E>(a[1], mods);
        multiply_column<T>(elements, EB::template value<E>(b, mods), to);
        multiply_elements<T, E + 1, EA, EB>(mods, a, b, to);
    }
}
/// All of k, which rises: registers, the lanes of a row, elements of a word.
template <class EA, class EB, int Rows, int K, class V>
ACC_INLINE void multiply_all(uint32_t mods, const char* a, const char* b,
                             Accumulators<Rows, V>& to) {
    constexpr unsigned registers = K * EB::Bits * 8 / 1024, high = Rows / 8;
#pragma clang loop unroll(full)
    for (unsigned r = 0; r < registers; ++r) {
        const u32v words[2] = {word(a, r * high), word(a, r * high + high - 1)};
        const u32v other = word(b, r);
        multiply_elements<0, 0, EA, EB>(mods, words, other, to);
        multiply_elements<1, 0, EA, EB>(mods, words, other, to);
        multiply_elements<2, 0, EA, EB>(mods, words, other, to);
        multiply_elements<3, 0, EA, EB>(mods, words, other, to);
    }
}
#endif

} // namespace
} // namespace acc::model::interp::ACC_SIMD
