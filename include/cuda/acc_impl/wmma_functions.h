// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcuda::wmma: loads, stores and products. Each is the PTX instruction of its name
// (compiler/ptx/Wmma.cpp). Rows and columns are a matter of memory: in registers fragments do not
// differ, so that products name .row.col in any case.
#pragma once

namespace nvcuda {
namespace wmma {

// clang-format off
#ifdef __CUDA_ARCH__
#define __ACC_WMMA_ASM(...) asm(__VA_ARGS__)
#else
#define __ACC_WMMA_ASM(...) (void)0 // the host's compiler does not know the letters
#endif

// Lists of operands by their number, and what they stand for.
#define __ACC_WMMA_LIST_1 "{%0}"
#define __ACC_WMMA_LIST_2 "{%0,%1}"
#define __ACC_WMMA_LIST_4 "{%0,%1,%2,%3}"
#define __ACC_WMMA_LIST_8 "{%0,%1,%2,%3,%4,%5,%6,%7}"
#define __ACC_WMMA_FROM_1 ", [%1], %2;"
#define __ACC_WMMA_FROM_2 ", [%2], %3;"
#define __ACC_WMMA_FROM_4 ", [%4], %5;"
#define __ACC_WMMA_FROM_8 ", [%8], %9;"
#define __ACC_WMMA_BEHIND_2_2 "{%2,%3}"
#define __ACC_WMMA_BEHIND_2_4 "{%2,%3,%4,%5}"
#define __ACC_WMMA_BEHIND_2_8 "{%2,%3,%4,%5,%6,%7,%8,%9}"
#define __ACC_WMMA_OUT_1(letter, w) "=" letter(w[0])
#define __ACC_WMMA_IN_1(letter, w) "" letter(w[0])
#define __ACC_WMMA_OUT_2(letter, w) "=" letter(w[0]), "=" letter(w[1])
#define __ACC_WMMA_IN_2(letter, w) "" letter(w[0]), "" letter(w[1])
#define __ACC_WMMA_OUT_4(letter, w) "=" letter(w[0]), "=" letter(w[1]), "=" letter(w[2]), "=" letter(w[3])
#define __ACC_WMMA_IN_4(letter, w) "" letter(w[0]), "" letter(w[1]), "" letter(w[2]), "" letter(w[3])
#define __ACC_WMMA_OUT_8(letter, w) "=" letter(w[0]), "=" letter(w[1]), "=" letter(w[2]), "=" letter(w[3]), "=" letter(w[4]), "=" letter(w[5]), "=" letter(w[6]), "=" letter(w[7])
#define __ACC_WMMA_IN_8(letter, w) "" letter(w[0]), "" letter(w[1]), "" letter(w[2]), "" letter(w[3]), "" letter(w[4]), "" letter(w[5]), "" letter(w[6]), "" letter(w[7])
#define __ACC_WMMA_LISTS_8_8_8_8 "{%0,%1,%2,%3,%4,%5,%6,%7}, {%8,%9,%10,%11,%12,%13,%14,%15}, {%16,%17,%18,%19,%20,%21,%22,%23}, {%24,%25,%26,%27,%28,%29,%30,%31};"
#define __ACC_WMMA_LISTS_8_8_8_4 "{%0,%1,%2,%3,%4,%5,%6,%7}, {%8,%9,%10,%11,%12,%13,%14,%15}, {%16,%17,%18,%19,%20,%21,%22,%23}, {%24,%25,%26,%27};"
#define __ACC_WMMA_LISTS_4_8_8_8 "{%0,%1,%2,%3}, {%4,%5,%6,%7,%8,%9,%10,%11}, {%12,%13,%14,%15,%16,%17,%18,%19}, {%20,%21,%22,%23,%24,%25,%26,%27};"
#define __ACC_WMMA_LISTS_4_8_8_4 "{%0,%1,%2,%3}, {%4,%5,%6,%7,%8,%9,%10,%11}, {%12,%13,%14,%15,%16,%17,%18,%19}, {%20,%21,%22,%23};"
#define __ACC_WMMA_LISTS_8_4_4_8 "{%0,%1,%2,%3,%4,%5,%6,%7}, {%8,%9,%10,%11}, {%12,%13,%14,%15}, {%16,%17,%18,%19,%20,%21,%22,%23};"
#define __ACC_WMMA_LISTS_8_8_2_8 "{%0,%1,%2,%3,%4,%5,%6,%7}, {%8,%9,%10,%11,%12,%13,%14,%15}, {%16,%17}, {%18,%19,%20,%21,%22,%23,%24,%25};"
#define __ACC_WMMA_LISTS_8_2_8_8 "{%0,%1,%2,%3,%4,%5,%6,%7}, {%8,%9}, {%10,%11,%12,%13,%14,%15,%16,%17}, {%18,%19,%20,%21,%22,%23,%24,%25};"
#define __ACC_WMMA_LISTS_8_2_2_8 "{%0,%1,%2,%3,%4,%5,%6,%7}, {%8,%9}, {%10,%11}, {%12,%13,%14,%15,%16,%17,%18,%19};"
#define __ACC_WMMA_LISTS_8_4_1_8 "{%0,%1,%2,%3,%4,%5,%6,%7}, {%8,%9,%10,%11}, {%12}, {%13,%14,%15,%16,%17,%18,%19,%20};"
#define __ACC_WMMA_LISTS_8_1_4_8 "{%0,%1,%2,%3,%4,%5,%6,%7}, {%8}, {%9,%10,%11,%12}, {%13,%14,%15,%16,%17,%18,%19,%20};"
#define __ACC_WMMA_LISTS_2_1_1_2 "{%0,%1}, {%2}, {%3}, {%4,%5};"

// The registers of a fragment.
#define __ACC_WMMA_WORDS(f) __acc_words(f)
#define __ACC_WMMA_ELEMENTS(f) (f).x

// ---- load_matrix_sync of A and B
#define __ACC_WMMA_LOAD(use, letter, m, n, k, T, P, layout, order, shape, type, count, word, words) \
    static __device__ __forceinline__ void load_matrix_sync(fragment<use, m, n, k, T, layout>& f, const P* p, unsigned ldm) { \
        auto* w = words(f); \
        __ACC_WMMA_ASM("wmma.load." letter ".sync.aligned." order "." shape "." type " " __ACC_WMMA_LIST_##count __ACC_WMMA_FROM_##count \
                       : __ACC_WMMA_OUT_##count(word, w) : "l"(p), "r"(ldm)); \
    }
#define __ACC_WMMA_LOADS(use, letter, m, n, k, T, P, shape, type, count, word, words) \
    __ACC_WMMA_LOAD(use, letter, m, n, k, T, P, row_major, "row", shape, type, count, word, words) \
    __ACC_WMMA_LOAD(use, letter, m, n, k, T, P, col_major, "col", shape, type, count, word, words)
/// count_K: registers of A, of B, where the shape is m16n16, m32n8, m8n32.
#define __ACC_WMMA_LOADS_OF_SHAPES(T, type, a16, b16, a32, b32, a8, b8) \
    __ACC_WMMA_LOADS(matrix_a, "a", 16, 16, 16, T, T, "m16n16k16", type, a16, "r", __ACC_WMMA_WORDS) \
    __ACC_WMMA_LOADS(matrix_b, "b", 16, 16, 16, T, T, "m16n16k16", type, b16, "r", __ACC_WMMA_WORDS) \
    __ACC_WMMA_LOADS(matrix_a, "a", 32, 8, 16, T, T, "m32n8k16", type, a32, "r", __ACC_WMMA_WORDS) \
    __ACC_WMMA_LOADS(matrix_b, "b", 32, 8, 16, T, T, "m32n8k16", type, b32, "r", __ACC_WMMA_WORDS) \
    __ACC_WMMA_LOADS(matrix_a, "a", 8, 32, 16, T, T, "m8n32k16", type, a8, "r", __ACC_WMMA_WORDS) \
    __ACC_WMMA_LOADS(matrix_b, "b", 8, 32, 16, T, T, "m8n32k16", type, b8, "r", __ACC_WMMA_WORDS)

// ---- load_matrix_sync and store_matrix_sync of accumulators
#define __ACC_WMMA_ACCUMULATOR(m, n, k, T, shape, type, count, word, words) \
    static __device__ __forceinline__ void load_matrix_sync(fragment<accumulator, m, n, k, T>& f, const T* p, unsigned ldm, layout_t layout) { \
        auto* w = words(f); \
        if (layout == mem_row_major) \
            __ACC_WMMA_ASM("wmma.load.c.sync.aligned.row." shape "." type " " __ACC_WMMA_LIST_##count __ACC_WMMA_FROM_##count \
                           : __ACC_WMMA_OUT_##count(word, w) : "l"(p), "r"(ldm)); \
        else \
            __ACC_WMMA_ASM("wmma.load.c.sync.aligned.col." shape "." type " " __ACC_WMMA_LIST_##count __ACC_WMMA_FROM_##count \
                           : __ACC_WMMA_OUT_##count(word, w) : "l"(p), "r"(ldm)); \
    } \
    static __device__ __forceinline__ void store_matrix_sync(T* p, const fragment<accumulator, m, n, k, T>& f, unsigned ldm, layout_t layout) { \
        auto* w = words(f); \
        if (layout == mem_row_major) \
            __ACC_WMMA_ASM("wmma.store.d.sync.aligned.row." shape "." type " [%0], " __ACC_WMMA_BEHIND_2_##count ", %1;" \
                           : : "l"(p), "r"(ldm), __ACC_WMMA_IN_##count(word, w)); \
        else \
            __ACC_WMMA_ASM("wmma.store.d.sync.aligned.col." shape "." type " [%0], " __ACC_WMMA_BEHIND_2_##count ", %1;" \
                           : : "l"(p), "r"(ldm), __ACC_WMMA_IN_##count(word, w)); \
    }
#define __ACC_WMMA_ACCUMULATORS(T, type, count, word, words) \
    __ACC_WMMA_ACCUMULATOR(16, 16, 16, T, "m16n16k16", type, count, word, words) \
    __ACC_WMMA_ACCUMULATOR(32, 8, 16, T, "m32n8k16", type, count, word, words) \
    __ACC_WMMA_ACCUMULATOR(8, 32, 16, T, "m8n32k16", type, count, word, words)

// ---- mma_sync: the text behind "wmma.mma", then types and registers of D, A, B, C
#define __ACC_WMMA_TEXT(text, d, a, b, c, dw, df, iw, af, bf, cw, cf) \
    __ACC_WMMA_ASM(text " " __ACC_WMMA_LISTS_##d##_##a##_##b##_##c \
                   : __ACC_WMMA_OUT_##d(dw, df) \
                   : __ACC_WMMA_IN_##a(iw, af), __ACC_WMMA_IN_##b(iw, bf), __ACC_WMMA_IN_##c(cw, cf))
#define __ACC_WMMA_PRODUCT(m, n, k, T, D, C, text, d, a, b, c, dw, dwords, iw, iwords, cw, cwords) \
    template <typename LA, typename LB> \
    static __device__ __forceinline__ void mma_sync(fragment<accumulator, m, n, k, D>& fd, const fragment<matrix_a, m, n, k, T, LA>& fa, \
                                                    const fragment<matrix_b, m, n, k, T, LB>& fb, const fragment<accumulator, m, n, k, C>& fc) { \
        auto* df = dwords(fd); \
        auto *af = iwords(fa), *bf = iwords(fb); \
        auto* cf = cwords(fc); \
        __ACC_WMMA_TEXT(text, d, a, b, c, dw, df, iw, af, bf, cw, cf); \
    }
/// Integers, whose sums may saturate.
#define __ACC_WMMA_INTEGERS(m, n, k, T, text, d, a, b, c) \
    template <typename LA, typename LB> \
    static __device__ __forceinline__ void mma_sync(fragment<accumulator, m, n, k, int>& fd, const fragment<matrix_a, m, n, k, T, LA>& fa, \
                                                    const fragment<matrix_b, m, n, k, T, LB>& fb, const fragment<accumulator, m, n, k, int>& fc, \
                                                    bool satf = false) { \
        auto* df = __acc_words(fd); \
        auto *af = __acc_words(fa), *bf = __acc_words(fb), *cf = __acc_words(fc); \
        if (satf) \
            __ACC_WMMA_TEXT(text ".satfinite", d, a, b, c, "r", df, "r", af, bf, "r", cf); \
        else \
            __ACC_WMMA_TEXT(text, d, a, b, c, "r", df, "r", af, bf, "r", cf); \
    }

__ACC_WMMA_LOADS_OF_SHAPES(__half, "f16", 8, 8, 8, 8, 8, 8)
__ACC_WMMA_ACCUMULATORS(__half, "f16", 4, "r", __ACC_WMMA_WORDS)
__ACC_WMMA_ACCUMULATORS(float, "f32", 8, "f", __ACC_WMMA_ELEMENTS)
#define __ACC_WMMA_HALF(m, n, k, shape) \
    __ACC_WMMA_PRODUCT(m, n, k, __half, float, float, "wmma.mma.sync.aligned.row.col." shape ".f32.f32", 8, 8, 8, 8, \
                       "f", __ACC_WMMA_ELEMENTS, "r", __acc_words, "f", __ACC_WMMA_ELEMENTS) \
    __ACC_WMMA_PRODUCT(m, n, k, __half, float, __half, "wmma.mma.sync.aligned.row.col." shape ".f32.f16", 8, 8, 8, 4, \
                       "f", __ACC_WMMA_ELEMENTS, "r", __acc_words, "r", __acc_words) \
    __ACC_WMMA_PRODUCT(m, n, k, __half, __half, float, "wmma.mma.sync.aligned.row.col." shape ".f16.f32", 4, 8, 8, 8, \
                       "r", __acc_words, "r", __acc_words, "f", __ACC_WMMA_ELEMENTS) \
    __ACC_WMMA_PRODUCT(m, n, k, __half, __half, __half, "wmma.mma.sync.aligned.row.col." shape ".f16.f16", 4, 8, 8, 4, \
                       "r", __acc_words, "r", __acc_words, "r", __acc_words)
__ACC_WMMA_HALF(16, 16, 16, "m16n16k16")
__ACC_WMMA_HALF(32, 8, 16, "m32n8k16")
__ACC_WMMA_HALF(8, 32, 16, "m8n32k16")

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 720
__ACC_WMMA_LOADS_OF_SHAPES(signed char, "s8", 2, 2, 4, 1, 1, 4)
__ACC_WMMA_LOADS_OF_SHAPES(unsigned char, "u8", 2, 2, 4, 1, 1, 4)
__ACC_WMMA_ACCUMULATORS(int, "s32", 8, "r", __ACC_WMMA_WORDS)
#define __ACC_WMMA_BYTES(T, type) \
    __ACC_WMMA_INTEGERS(16, 16, 16, T, "wmma.mma.sync.aligned.row.col.m16n16k16.s32." type "." type ".s32", 8, 2, 2, 8) \
    __ACC_WMMA_INTEGERS(32, 8, 16, T, "wmma.mma.sync.aligned.row.col.m32n8k16.s32." type "." type ".s32", 8, 4, 1, 8) \
    __ACC_WMMA_INTEGERS(8, 32, 16, T, "wmma.mma.sync.aligned.row.col.m8n32k16.s32." type "." type ".s32", 8, 1, 4, 8)
__ACC_WMMA_BYTES(signed char, "s8")
__ACC_WMMA_BYTES(unsigned char, "u8")
#endif

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 730
#define __ACC_WMMA_PACKED(k, T, shape, type) \
    __ACC_WMMA_LOAD(matrix_a, "a", 8, 8, k, experimental::precision::T, void, row_major, "row", shape, type, 1, "r", __ACC_WMMA_WORDS) \
    __ACC_WMMA_LOAD(matrix_b, "b", 8, 8, k, experimental::precision::T, void, col_major, "col", shape, type, 1, "r", __ACC_WMMA_WORDS)
__ACC_WMMA_PACKED(32, s4, "m8n8k32", "s4")
__ACC_WMMA_PACKED(32, u4, "m8n8k32", "u4")
__ACC_WMMA_PACKED(128, b1, "m8n8k128", "b1")
__ACC_WMMA_ACCUMULATOR(8, 8, 32, int, "m8n8k32", "s32", 2, "r", __ACC_WMMA_WORDS)
__ACC_WMMA_ACCUMULATOR(8, 8, 128, int, "m8n8k128", "s32", 2, "r", __ACC_WMMA_WORDS)
__ACC_WMMA_INTEGERS(8, 8, 32, experimental::precision::s4, "wmma.mma.sync.aligned.row.col.m8n8k32.s32.s4.s4.s32", 2, 1, 1, 2)
__ACC_WMMA_INTEGERS(8, 8, 32, experimental::precision::u4, "wmma.mma.sync.aligned.row.col.m8n8k32.s32.u4.u4.s32", 2, 1, 1, 2)
static __device__ __forceinline__ void bmma_sync(fragment<accumulator, 8, 8, 128, int>& fd,
                                                 const fragment<matrix_a, 8, 8, 128, experimental::precision::b1, row_major>& fa,
                                                 const fragment<matrix_b, 8, 8, 128, experimental::precision::b1, col_major>& fb,
                                                 const fragment<accumulator, 8, 8, 128, int>& fc,
                                                 experimental::bmmaBitOp op = experimental::bmmaBitOpXOR,
                                                 experimental::bmmaAccumulateOp = experimental::bmmaAccumulateOpPOPC) {
    auto* df = __acc_words(fd);
    auto *af = __acc_words(fa), *bf = __acc_words(fb), *cf = __acc_words(fc);
    if (op == experimental::bmmaBitOpAND)
        __ACC_WMMA_TEXT("wmma.mma.and.popc.sync.aligned.row.col.m8n8k128.s32.b1.b1.s32", 2, 1, 1, 2, "r", df, "r", af, bf, "r", cf);
    else
        __ACC_WMMA_TEXT("wmma.mma.xor.popc.sync.aligned.row.col.m8n8k128.s32.b1.b1.s32", 2, 1, 1, 2, "r", df, "r", af, bf, "r", cf);
}
#endif

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
__ACC_WMMA_LOADS_OF_SHAPES(__nv_bfloat16, "bf16", 4, 4, 8, 2, 2, 8)
#define __ACC_WMMA_BF16(m, n, k, shape, a, b) \
    __ACC_WMMA_PRODUCT(m, n, k, __nv_bfloat16, float, float, "wmma.mma.sync.aligned.row.col." shape ".f32.bf16.bf16.f32", 8, a, b, 8, \
                       "f", __ACC_WMMA_ELEMENTS, "r", __acc_words, "f", __ACC_WMMA_ELEMENTS)
__ACC_WMMA_BF16(16, 16, 16, "m16n16k16", 4, 4)
__ACC_WMMA_BF16(32, 8, 16, "m32n8k16", 8, 2)
__ACC_WMMA_BF16(8, 32, 16, "m8n32k16", 2, 8)

__ACC_WMMA_LOADS(matrix_a, "a", 16, 16, 8, precision::tf32, float, "m16n16k8", "tf32", 4, "r", __ACC_WMMA_WORDS)
__ACC_WMMA_LOADS(matrix_b, "b", 16, 16, 8, precision::tf32, float, "m16n16k8", "tf32", 4, "r", __ACC_WMMA_WORDS)
__ACC_WMMA_ACCUMULATOR(16, 16, 8, float, "m16n16k8", "f32", 8, "f", __ACC_WMMA_ELEMENTS)
__ACC_WMMA_PRODUCT(16, 16, 8, precision::tf32, float, float, "wmma.mma.sync.aligned.row.col.m16n16k8.f32.tf32.tf32.f32", 8, 4, 4, 8,
                   "f", __ACC_WMMA_ELEMENTS, "r", __acc_words, "f", __ACC_WMMA_ELEMENTS)

__ACC_WMMA_LOADS(matrix_a, "a", 8, 8, 4, double, double, "m8n8k4", "f64", 1, "d", __ACC_WMMA_ELEMENTS)
__ACC_WMMA_LOADS(matrix_b, "b", 8, 8, 4, double, double, "m8n8k4", "f64", 1, "d", __ACC_WMMA_ELEMENTS)
__ACC_WMMA_ACCUMULATOR(8, 8, 4, double, "m8n8k4", "f64", 2, "d", __ACC_WMMA_ELEMENTS)
__ACC_WMMA_PRODUCT(8, 8, 4, double, double, double, "wmma.mma.sync.aligned.row.col.m8n8k4.f64.f64.f64.f64", 2, 1, 1, 2,
                   "d", __ACC_WMMA_ELEMENTS, "d", __ACC_WMMA_ELEMENTS, "d", __ACC_WMMA_ELEMENTS)

/// Rounded to nearest, ties away from zero, to the ten bits of fraction that tf32 has.
static __device__ __forceinline__ float __float_to_tf32(float value) {
    unsigned result = 0;
    __ACC_WMMA_ASM("cvt.rna.tf32.f32 %0, %1;" : "=r"(result) : "f"(value));
    return __uint_as_float(result);
}
#endif
// clang-format on

#undef __ACC_WMMA_ACCUMULATOR
#undef __ACC_WMMA_ACCUMULATORS
#undef __ACC_WMMA_ASM
#undef __ACC_WMMA_BEHIND_2_2
#undef __ACC_WMMA_BEHIND_2_4
#undef __ACC_WMMA_BEHIND_2_8
#undef __ACC_WMMA_BF16
#undef __ACC_WMMA_BYTES
#undef __ACC_WMMA_ELEMENTS
#undef __ACC_WMMA_FROM_1
#undef __ACC_WMMA_FROM_2
#undef __ACC_WMMA_FROM_4
#undef __ACC_WMMA_FROM_8
#undef __ACC_WMMA_HALF
#undef __ACC_WMMA_INTEGERS
#undef __ACC_WMMA_IN_1
#undef __ACC_WMMA_IN_2
#undef __ACC_WMMA_IN_4
#undef __ACC_WMMA_IN_8
#undef __ACC_WMMA_LISTS_2_1_1_2
#undef __ACC_WMMA_LISTS_4_8_8_4
#undef __ACC_WMMA_LISTS_4_8_8_8
#undef __ACC_WMMA_LISTS_8_1_4_8
#undef __ACC_WMMA_LISTS_8_2_2_8
#undef __ACC_WMMA_LISTS_8_2_8_8
#undef __ACC_WMMA_LISTS_8_4_1_8
#undef __ACC_WMMA_LISTS_8_4_4_8
#undef __ACC_WMMA_LISTS_8_8_2_8
#undef __ACC_WMMA_LISTS_8_8_8_4
#undef __ACC_WMMA_LISTS_8_8_8_8
#undef __ACC_WMMA_LIST_1
#undef __ACC_WMMA_LIST_2
#undef __ACC_WMMA_LIST_4
#undef __ACC_WMMA_LIST_8
#undef __ACC_WMMA_LOAD
#undef __ACC_WMMA_LOADS
#undef __ACC_WMMA_LOADS_OF_SHAPES
#undef __ACC_WMMA_OUT_1
#undef __ACC_WMMA_OUT_2
#undef __ACC_WMMA_OUT_4
#undef __ACC_WMMA_OUT_8
#undef __ACC_WMMA_PACKED
#undef __ACC_WMMA_PRODUCT
#undef __ACC_WMMA_TEXT
#undef __ACC_WMMA_WORDS

} // namespace wmma
} // namespace nvcuda
