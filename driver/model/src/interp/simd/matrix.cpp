// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Matrix operations of one warp: ldmatrix, stmatrix, movmatrix, mma. All 32 threads take part;
// fragments as PTX documents them: with g = lane / 4, t = lane % 4 and P elements in a register,
// register r of A holds row g + 8 * (r % 2), columns t * P + i
// (+ K / 2 in registers 2 and 3), register r of B holds rows t * P + i (+ K / 2 in register 1) of
// column g, and an accumulator c[i] is row g (+ 8 for i >= 2), column 2 * t + i % 2.
#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/sched.h"
#include "driver/model/src/interp/simd/float.h"
#include "driver/model/src/interp/simd/shared.h"
#include "driver/model/src/interp/warp_wait.h"

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

/// A chain of fused multiply-adds in f32, rounded once more where the accumulators are f16.
template <class EA, class EB, int K, bool HalfResult>
void mma_float(uint32_t mods, const char* a, const char* b, const char* c, char* d) {
    Accumulators<16, f32v> sum;
    if constexpr (HalfResult)
        sum = {F16::value<0>(word(c, 0), 0), F16::value<1>(word(c, 0), 0),
               F16::value<0>(word(c, 1), 0), F16::value<1>(word(c, 1), 0)};
    else
        sum = {(f32v)word(c, 0), (f32v)word(c, 1), (f32v)word(c, 2), (f32v)word(c, 3)};
    multiply_all<EA, EB, 16, K>(mods, a, b, sum);
    if constexpr (HalfResult) {
        for (unsigned i = 0; i < 2; ++i)
            set_word(d, i,
                     narrow_f16((u32v)sum.c[2 * i]) | narrow_f16((u32v)sum.c[2 * i + 1]) << 16);
    } else {
        for (unsigned i = 0; i < 4; ++i)
            set_word(d, i, canonical(sum.c[i]));
    }
}

/// The sum of the products is exact in 32 bits: at most 64 * 255 * 255.
template <class EA, class EB, int M, int K>
void mma_integer(uint32_t mods, const char* a, const char* b, const char* c, char* d) {
    Accumulators<M, i32v> sum{};
    multiply_all<EA, EB, M, K>(mods, a, b, sum);
    u32v result[M / 4];
    for (unsigned i = 0; i < M / 4; ++i) {
        const u32v x = word(c, i), y = (u32v)sum.c[i], z = x + y;
        const i32v overflow = (i32v)((x ^ z) & (y ^ z)) < 0;
        const u32v limit = 0x7fffffffu + (x >> 31);
        result[i] = mod<mods::MSatF>(mods) ? choose(overflow, limit, z) : z;
    }
    for (unsigned i = 0; i < M / 4; ++i)
        set_word(d, i, result[i]);
}

/// One word of bits, counted.
template <int T, int M>
ACC_INLINE void count_column(bool is_and, const u32v* a, u32v b, u32v* to) {
    const u32v even = along_columns<T, 0>(b), odd = along_columns<T, 1>(b);
    for (int half = 0; half < M / 8; ++half) {
        const u32v x = along_row<T>(a[half]);
        to[2 * half] += __builtin_elementwise_popcount(is_and ? x & even : x ^ even);
        to[2 * half + 1] += __builtin_elementwise_popcount(is_and ? x & odd : x ^ odd);
    }
}
template <int M, int K>
void mma_bits(uint32_t mods, const char* a, const char* b, const char* c, char* d) {
    constexpr unsigned high = M / 8;
    const bool is_and = mod<mods::MB1Op>(mods) == mods::MB1Op_and;
    u32v sum[M / 4];
    for (unsigned i = 0; i < M / 4; ++i)
        sum[i] = word(c, i);
    for (unsigned r = 0; r < K / 128; ++r) {
        const u32v words[2] = {word(a, r * high), word(a, r * high + high - 1)};
        count_column<0, M>(is_and, words, word(b, r), sum);
        count_column<1, M>(is_and, words, word(b, r), sum);
        count_column<2, M>(is_and, words, word(b, r), sum);
        count_column<3, M>(is_and, words, word(b, r), sum);
    }
    for (unsigned i = 0; i < M / 4; ++i)
        set_word(d, i, sum[i]);
}

// ---- f64: two rows a value, as 32 elements in the order of lanes
typedef uint64_t u64v __attribute__((ext_vector_type(32)));
ACC_INLINE f64v doubles(const char* row, unsigned element) {
    const u64v low = __builtin_convertvector(word(row, 2 * element), u64v),
               high = __builtin_convertvector(word(row, 2 * element + 1), u64v);
    return (f64v)(low | high << 32);
}
template <int M, int K>
void mma_f64(uint32_t, const char* a, const char* b, const char* c, char* d) {
    constexpr unsigned high = M / 8;
    Accumulators<M, f64v> sum;
    for (unsigned i = 0; i < M / 4; ++i)
        sum.c[i] = doubles(c, i);
    for (unsigned r = 0; r < K / 4; ++r) {
        const f64v words[2] = {doubles(a, r * high), doubles(a, r * high + high - 1)};
        const f64v other = doubles(b, r);
        multiply_column<0>(words, other, sum);
        multiply_column<1>(words, other, sum);
        multiply_column<2>(words, other, sum);
        multiply_column<3>(words, other, sum);
    }
    for (unsigned i = 0; i < M / 4; ++i) {
        const f64v x = sum.c[i];
        const u64v bits = x != x ? (u64v)kNan64 : (u64v)x;
        set_word(d, 2 * i, __builtin_convertvector(bits, u32v));
        set_word(d, 2 * i + 1, __builtin_convertvector(bits >> 32, u32v));
    }
}

/// The transpose of an 8x8 matrix: lane 4 * g + t has elements 2 * t and 2 * t + 1 of column g.
void move_matrix(uint32_t, const char* a, const char*, const char*, char* d) {
    const u32v x = word(a, 0);
    // Of the lane of row 2 * t (+ 1) the word of column g / 2, of which element g % 2.
    const u32v first = __builtin_shufflevector(x, x, 0, 8, 16, 24, 0, 8, 16, 24, 1, 9, 17, 25, 1, 9,
                                               17, 25, 2, 10, 18, 26, 2, 10, 18, 26, 3, 11, 19, 27,
                                               3, 11, 19, 27);
    const u32v second = __builtin_shufflevector(x, x, 4, 12, 20, 28, 4, 12, 20, 28, 5, 13, 21, 29,
                                                5, 13, 21, 29, 6, 14, 22, 30, 6, 14, 22, 30, 7, 15,
                                                23, 31, 7, 15, 23, 31);
    const u32v by = (lane_numbers() >> 2 & 1u) << 4;
    set_word(d, 0, (first >> by & 0xffffu) | (second >> by & 0xffffu) << 16);
}

#ifndef ACC_LIFT // translated code leaves these to the interpreter
ACC_INLINE uint32_t get(const char* row, unsigned reg, unsigned l) {
    return lane(row + reg * kRowBytes, l);
}
ACC_INLINE void set(char* row, unsigned reg, unsigned l, uint32_t v) {
    ((uint32_t*)(row + reg * kRowBytes))[l] = v;
}
// ---- m8n8k4: products of 8 rows and columns of quad pairs, threads 4 * pair .. + 3 and these + 16
/// Where element i of a thread is in an 8x8 accumulator of f16 or f32.
ACC_INLINE void pair_place(bool half, unsigned l, unsigned i, unsigned& row, unsigned& column) {
    const unsigned upper = l >= 16 ? 4 : 0;
    row = half ? l % 4 + upper : (l & 1) + (i & 2) + upper;
    column = half ? i : (i & 4) + (l & 2) + (i & 1);
}
ACC_INLINE float half_at(const char* row, unsigned element, unsigned l) {
    const uint32_t h = get(row, element / 2, l) >> (16 * (element % 2)) & 0xffff;
    const uint32_t magnitude = h & 0x7fff;
    const float f = magnitude >= 0x7c00 ? __builtin_bit_cast(float, 0x7f800000u | magnitude << 13)
                                        : __builtin_bit_cast(float, magnitude << 13) * 0x1p112f;
    return h & 0x8000 ? -f : f;
}
template <bool HalfC, bool HalfD>
void mma_pairs(uint32_t mods, const char* ra, const char* rb, const char* rc, char* rd) {
    const bool by_columns = mod<mods::MLayA>(mods) == mods::MLayA_acol,
               by_rows = mod<mods::MLayB>(mods) == mods::MLayB_brow;
    float a[4][8][4], b[4][4][8], d[4][8][8];
    for (unsigned l = 0; l < kLanes; ++l) {
        const unsigned pair = l % 16 / 4, upper = l >= 16 ? 4 : 0;
        for (unsigned i = 0; i < 4; ++i) {
            a[pair][(by_columns ? i : l % 4) + upper][by_columns ? l % 4 : i] = half_at(ra, i, l);
            b[pair][by_rows ? l % 4 : i][(by_rows ? i : l % 4) + upper] = half_at(rb, i, l);
        }
        for (unsigned i = 0; i < 8; ++i) {
            unsigned row, column;
            pair_place(HalfC, l, i, row, column);
            d[pair][row][column] = HalfC ? half_at(rc, i, l)
                                         : __builtin_bit_cast(float, get(rc, i, l));
        }
    }
    for (unsigned pair = 0; pair < 4; ++pair)
        for (unsigned row = 0; row < 8; ++row)
            for (unsigned k = 0; k < 4; ++k)
                for (unsigned column = 0; column < 8; ++column)
                    d[pair][row][column] = __builtin_fmaf(a[pair][row][k], b[pair][k][column],
                                                          d[pair][row][column]);
    for (unsigned l = 0; l < kLanes; ++l)
        for (unsigned i = 0; i < 8; ++i) {
            unsigned row, column;
            pair_place(HalfD, l, i, row, column);
            const float f = d[l % 16 / 4][row][column];
            if (HalfD) {
                const uint32_t old = i % 2 ? get(rd, i / 2, l) & 0xffff : 0;
                set(rd, i / 2, l,
                    old | round_to_f16((double)f, mods::MRnd_default) << (16 * (i % 2)));
            } else {
                set(rd, i, l, f != f ? kNan32 : __builtin_bit_cast(uint32_t, f));
            }
        }
}

// ---- 8x8 matrices of 16-bit elements in shared memory: 8 row addresses each, from lanes 8 *
// matrix ..
/// Row and column of element i (0, 1) of lane l.
ACC_INLINE void matrix_place(unsigned l, unsigned i, bool transposed, unsigned& row,
                             unsigned& column) {
    row = transposed ? l % 4 * 2 + i : l / 4;
    column = transposed ? l / 4 : l % 4 * 2 + i;
}
template <int Count, bool Store>
bool matrix_memory(Gang* g, const Op* op, unsigned w, char* r) {
    const uint32_t users = Count == 4 ? ~0u : (1u << (8 * Count)) - 1;
    const u32v offset = load_row(r + op->a) + (uint32_t)op->imm;
    if ((lanes_inside<16>(offset, g->shared_bytes) & users) != users) {
        raise_offsets<16>(g, op, w, users, offset, g->shared_bytes,
                          Store ? ACC_ACCESS_WRITE : ACC_ACCESS_READ, ACC_SHARED_APERTURE,
                          ACC_FAULT_SHARED_RANGE);
        return false;
    }
    alignas(64) uint32_t at[kLanes];
    store_row((char*)at, offset);
    const bool transposed = mod<mods::MTrans>(op->mods);
    for (unsigned matrix = 0; matrix < Count; ++matrix) {
        uint32_t result[kLanes];
        for (unsigned l = 0; l < kLanes; ++l) {
            result[l] = 0;
            for (unsigned i = 0; i < 2; ++i) {
                unsigned row, column;
                matrix_place(l, i, transposed, row, column);
                uint8_t* p = g->shared + at[8 * matrix + row] + 2 * column;
                uint16_t element = (uint16_t)(Store ? get(r + op->c, matrix, l) >> (16 * i) : 0);
                if (Store)
                    __builtin_memcpy(p, &element, 2);
                else
                    __builtin_memcpy(&element, p, 2);
                result[l] |= (uint32_t)element << (16 * i);
            }
        }
        if (!Store) __builtin_memcpy(r + op->d + matrix * kRowBytes, result, sizeof result);
    }
    return true;
}

#endif // ACC_LIFT

// ---- handlers
typedef void Compute(uint32_t mods, const char* a, const char* b, const char* c, char* d);
#ifdef ACC_LIFT
template <Compute* F>
void bind_product(Bind* t, unsigned opcode) {
    t[opcode] = [](const Inst& in, Op& op) {
        const LiftOp& lifted = lifted_op(op);
        F(in.mods, (const char*)lifted.source_a, (const char*)lifted.source_b,
          (const char*)lifted.source_c, (char*)lifted.result);
    };
}
#else
template <Compute* F>
struct Pure {
    ACC_MEMBER bool run(Gang*, const Op* op, unsigned, char* r) {
        F(op->mods, r + op->a, r + op->b, r + op->c, r + op->d);
        return true;
    }
};
template <int Count, bool Store>
struct Memory {
    ACC_MEMBER bool run(Gang* g, const Op* op, unsigned w, char* r) {
        return matrix_memory<Count, Store>(g, op, w, r);
    }
};
/// Warps that are here as a whole execute it; the lanes of others wait for the rest at this
/// instruction and then come again.
template <class K>
void ACC_HANDLER_CC matrix(ACC_HANDLER_ARGS) {
    bool all = true;
    for (uint64_t w = 0; w < warps; ++w) {
        if (m[w] && m[w] != ~0u && g->live[w] != ~0u) { // a thread has exited: it can never
                                                        // complete
            raise(g, op, ACC_FAULT_WARP_OP, (unsigned)w, m[w]);
            return;
        }
        all &= m[w] == ~0u || m[w] == 0;
    }
    alignas(32) uint32_t lanes[kMaxWarps];
    store_masks(lanes, load_masks(m));
    for (uint64_t w = 0; w < warps; ++w) {
        if (lanes[w] == ~0u && !K::run(g, op, (unsigned)w, regs + w * stride)) return;
        if (lanes[w] != ~0u && lanes[w] != 0) wait_for_members(g, op, (unsigned)w, lanes[w], ~0u);
    }
    if (all) ACC_NEXT();
    complete_warp_waits(g);
    ACC_RESUME(go_on(g, op + 1));
}
template <class K>
void bind_matrix_op(Bind* t, unsigned opcode) {
    t[opcode] = [](const Inst&, Op& op) { op.handler[0] = op.handler[1] = matrix<K>; };
}
template <Compute* F>
void bind_product(Bind* t, unsigned opcode) {
    bind_matrix_op<Pure<F>>(t, opcode);
}
#endif // ACC_LIFT

} // namespace

void bind_matrix(Bind* t) {
#ifndef ACC_LIFT
    bind_matrix_op<Memory<1, false>>(t, ACC_OPCODE(LDMATRIX1));
    bind_matrix_op<Memory<2, false>>(t, ACC_OPCODE(LDMATRIX2));
    bind_matrix_op<Memory<4, false>>(t, ACC_OPCODE(LDMATRIX4));
    bind_matrix_op<Memory<1, true>>(t, ACC_OPCODE(STMATRIX1));
    bind_matrix_op<Memory<2, true>>(t, ACC_OPCODE(STMATRIX2));
    bind_matrix_op<Memory<4, true>>(t, ACC_OPCODE(STMATRIX4));
    bind_product<mma_pairs<true, true>>(t, ACC_OPCODE(MMA_f16_m8n8k4));
    bind_product<mma_pairs<false, false>>(t, ACC_OPCODE(MMA_f32f16_m8n8k4));
    bind_product<mma_pairs<true, false>>(t, ACC_OPCODE(MMA_f32f16c16_m8n8k4));
#endif
    bind_product<move_matrix>(t, ACC_OPCODE(MOVMATRIX));
    bind_product<mma_float<F16, F16, 8, true>>(t, ACC_OPCODE(MMA_f16_m16n8k8));
    bind_product<mma_float<F16, F16, 8, false>>(t, ACC_OPCODE(MMA_f32f16_m16n8k8));
    bind_product<mma_float<F16, F16, 16, true>>(t, ACC_OPCODE(MMA_f16_m16n8k16));
    bind_product<mma_float<F16, F16, 16, false>>(t, ACC_OPCODE(MMA_f32f16_m16n8k16));
    bind_product<mma_float<Bf16, Bf16, 8, false>>(t, ACC_OPCODE(MMA_f32bf16_m16n8k8));
    bind_product<mma_float<Bf16, Bf16, 16, false>>(t, ACC_OPCODE(MMA_f32bf16_m16n8k16));
    bind_product<mma_float<Tf32, Tf32, 4, false>>(t, ACC_OPCODE(MMA_f32tf32_m16n8k4));
    bind_product<mma_float<Tf32, Tf32, 8, false>>(t, ACC_OPCODE(MMA_f32tf32_m16n8k8));
    bind_product<mma_float<F8<mods::MF8A>, F8<mods::MF8B>, 32, false>>(
        t, ACC_OPCODE(MMA_f32f8_m16n8k32));
    bind_product<mma_float<F8<mods::MF8A>, F8<mods::MF8B>, 32, true>>(
        t, ACC_OPCODE(MMA_f16f8_m16n8k32));
    bind_product<mma_f64<8, 4>>(t, ACC_OPCODE(MMA_f64_m8n8k4));
    bind_product<mma_f64<16, 4>>(t, ACC_OPCODE(MMA_f64_m16n8k4));
    bind_product<mma_f64<16, 8>>(t, ACC_OPCODE(MMA_f64_m16n8k8));
    bind_product<mma_integer<Int<8, mods::MI8A>, Int<8, mods::MI8B>, 8, 16>>(
        t, ACC_OPCODE(MMA_i8_m8n8k16));
    bind_product<mma_integer<Int<8, mods::MI8A>, Int<8, mods::MI8B>, 16, 16>>(
        t, ACC_OPCODE(MMA_i8_m16n8k16));
    bind_product<mma_integer<Int<8, mods::MI8A>, Int<8, mods::MI8B>, 16, 32>>(
        t, ACC_OPCODE(MMA_i8_m16n8k32));
    bind_product<mma_integer<Int<4, mods::MI8A>, Int<4, mods::MI8B>, 8, 32>>(
        t, ACC_OPCODE(MMA_i4_m8n8k32));
    bind_product<mma_integer<Int<4, mods::MI8A>, Int<4, mods::MI8B>, 16, 32>>(
        t, ACC_OPCODE(MMA_i4_m16n8k32));
    bind_product<mma_integer<Int<4, mods::MI8A>, Int<4, mods::MI8B>, 16, 64>>(
        t, ACC_OPCODE(MMA_i4_m16n8k64));
    bind_product<mma_bits<8, 128>>(t, ACC_OPCODE(MMA_b1_m8n8k128));
    bind_product<mma_bits<16, 128>>(t, ACC_OPCODE(MMA_b1_m16n8k128));
    bind_product<mma_bits<16, 256>>(t, ACC_OPCODE(MMA_b1_m16n8k256));
}

} // namespace acc::model::interp::ACC_SIMD
