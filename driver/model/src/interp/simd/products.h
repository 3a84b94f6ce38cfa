// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Products of matrices of one warp, on operands in memory: the interpreter's, and what translated
// code calls (driver/model/jit/products_code.cpp). All 32 threads take part; fragments as PTX
// documents them: with g = lane / 4, t = lane % 4 and P elements in a register, register r of A
// holds row g + 8 * (r % 2), columns t * P + i (+ K / 2 in registers 2 and 3), register r of B
// holds rows t * P + i (+ K / 2 in register 1) of column g, and an accumulator c[i] is row g (+ 8
// for i >= 2), column 2 * t + i % 2.
#pragma once

#include "driver/model/src/interp/simd/unpacked.h"

namespace acc::model::interp::ACC_SIMD {
namespace {

/// D, A, B, C: of each the rows of its registers, 32 words each.
typedef void Product(uint32_t mods, const char* a, const char* b, const char* c, char* d);

#ifndef __AVX512F__
/// Accumulators as they are in registers, of f32 or f16.
template <bool Half>
ACC_INLINE Accumulators<16, f32v> float_accumulators(const char* c) {
    if constexpr (Half)
        return {F16::value<0>(word(c, 0), 0), F16::value<1>(word(c, 0), 0),
                F16::value<0>(word(c, 1), 0), F16::value<1>(word(c, 1), 0)};
    else
        return {(f32v)word(c, 0), (f32v)word(c, 1), (f32v)word(c, 2), (f32v)word(c, 3)};
}
template <bool Half>
ACC_INLINE void put_accumulators(char* d, const Accumulators<16, f32v>& sum) {
    if constexpr (Half) {
        for (unsigned i = 0; i < 2; ++i)
            set_word(d, i,
                     narrow_f16((u32v)sum.c[2 * i]) | narrow_f16((u32v)sum.c[2 * i + 1]) << 16);
    } else {
        for (unsigned i = 0; i < 4; ++i)
            set_word(d, i, canonical(sum.c[i]));
    }
}
#endif

/// A chain of fused multiply-adds in f32, rounded once more where the accumulators are f16.
template <class EA, class EB, int K, bool Half>
void mma_float(uint32_t mods, const char* a, const char* b, const char* c, char* d) {
#ifdef __AVX512F__
    multiply_unpacked<EA, EB, K, Half>(mods, a, b, c, d);
#else
    Accumulators<16, f32v> sum = float_accumulators<Half>(c);
    multiply_all<EA, EB, 16, K>(mods, a, b, sum);
    put_accumulators<Half>(d, sum);
#endif
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

// ---- m8n8k4: products of 8 rows and columns of quad pairs, threads 4 * pair .. + 3 and these + 16
ACC_INLINE uint32_t get(const char* row, unsigned reg, unsigned l) {
    return lane(row + reg * kRowBytes, l);
}
ACC_INLINE void set(char* row, unsigned reg, unsigned l, uint32_t v) {
    ((uint32_t*)(row + reg * kRowBytes))[l] = v;
}
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

/// v.add<function>(opcode) for each product, and for the transposition of a matrix; v.add_floats<A,
/// B, K, accumulators of f16>(opcode) for those that are mma_float.
template <class V>
ACC_INLINE void visit_products(V v) {
    v.template add<mma_pairs<true, true>>(ACC_OPCODE(MMA_f16_m8n8k4));
    v.template add<mma_pairs<false, false>>(ACC_OPCODE(MMA_f32f16_m8n8k4));
    v.template add<mma_pairs<true, false>>(ACC_OPCODE(MMA_f32f16c16_m8n8k4));
    v.template add<move_matrix>(ACC_OPCODE(MOVMATRIX));
    v.template add_floats<F16, F16, 8, true>(ACC_OPCODE(MMA_f16_m16n8k8));
    v.template add_floats<F16, F16, 8, false>(ACC_OPCODE(MMA_f32f16_m16n8k8));
    v.template add_floats<F16, F16, 16, true>(ACC_OPCODE(MMA_f16_m16n8k16));
    v.template add_floats<F16, F16, 16, false>(ACC_OPCODE(MMA_f32f16_m16n8k16));
    v.template add_floats<Bf16, Bf16, 8, false>(ACC_OPCODE(MMA_f32bf16_m16n8k8));
    v.template add_floats<Bf16, Bf16, 16, false>(ACC_OPCODE(MMA_f32bf16_m16n8k16));
    v.template add_floats<Tf32, Tf32, 4, false>(ACC_OPCODE(MMA_f32tf32_m16n8k4));
    v.template add_floats<Tf32, Tf32, 8, false>(ACC_OPCODE(MMA_f32tf32_m16n8k8));
    v.template add_floats<F8<mods::MF8A>, F8<mods::MF8B>, 32, false>(
        ACC_OPCODE(MMA_f32f8_m16n8k32));
    v.template add_floats<F8<mods::MF8A>, F8<mods::MF8B>, 32, true>(ACC_OPCODE(MMA_f16f8_m16n8k32));
    v.template add<mma_f64<8, 4>>(ACC_OPCODE(MMA_f64_m8n8k4));
    v.template add<mma_f64<16, 4>>(ACC_OPCODE(MMA_f64_m16n8k4));
    v.template add<mma_f64<16, 8>>(ACC_OPCODE(MMA_f64_m16n8k8));
    v.template add<mma_integer<Int<8, mods::MI8A>, Int<8, mods::MI8B>, 8, 16>>(
        ACC_OPCODE(MMA_i8_m8n8k16));
    v.template add<mma_integer<Int<8, mods::MI8A>, Int<8, mods::MI8B>, 16, 16>>(
        ACC_OPCODE(MMA_i8_m16n8k16));
    v.template add<mma_integer<Int<8, mods::MI8A>, Int<8, mods::MI8B>, 16, 32>>(
        ACC_OPCODE(MMA_i8_m16n8k32));
    v.template add<mma_integer<Int<4, mods::MI8A>, Int<4, mods::MI8B>, 8, 32>>(
        ACC_OPCODE(MMA_i4_m8n8k32));
    v.template add<mma_integer<Int<4, mods::MI8A>, Int<4, mods::MI8B>, 16, 32>>(
        ACC_OPCODE(MMA_i4_m16n8k32));
    v.template add<mma_integer<Int<4, mods::MI8A>, Int<4, mods::MI8B>, 16, 64>>(
        ACC_OPCODE(MMA_i4_m16n8k64));
    v.template add<mma_bits<8, 128>>(ACC_OPCODE(MMA_b1_m8n8k128));
    v.template add<mma_bits<16, 128>>(ACC_OPCODE(MMA_b1_m16n8k128));
    v.template add<mma_bits<16, 256>>(ACC_OPCODE(MMA_b1_m16n8k256));
}

} // namespace
} // namespace acc::model::interp::ACC_SIMD
