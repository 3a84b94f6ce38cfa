// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SIMD-in-a-word integer functions: a word is two 16-bit or four 8-bit lanes. The device has
// instructions for most of them (machine operations, compiler/frontend/README.md); the host's are
// written lane by lane. Dot products and the min/max chains of later releases are here too.
#pragma once
#include "machine_op.h"

#define __ACC_BOTH static __inline__ __host__ __device__ __attribute__((always_inline))

namespace __acc_simd {
// Lane i of a word of N-bit lanes, unsigned and signed.
template <int _Bits>
__ACC_BOTH int u(unsigned a, int i) {
    return (int)((a >> (i * _Bits)) & ((1u << _Bits) - 1));
}
template <int _Bits>
__ACC_BOTH int s(unsigned a, int i) {
    return (int)(a << (32 - _Bits - i * _Bits)) >> (32 - _Bits);
}
template <int _Bits>
__ACC_BOTH unsigned put(int v, int i) {
    return ((unsigned)v & ((1u << _Bits) - 1)) << (i * _Bits);
}
template <int _Bits>
__ACC_BOTH int satu(int v) {
    return v<0 ? 0 : v>(1 << _Bits) - 1 ? (1 << _Bits) - 1 : v;
}
template <int _Bits>
__ACC_BOTH int sats(int v) {
    return v<-(1 << (_Bits - 1)) ? -(1 << (_Bits - 1)) : v>(1 << (_Bits - 1)) - 1
               ? (1 << (_Bits - 1)) - 1
               : v;
}
} // namespace __acc_simd

// EXPR: one lane's result from lanes a and b read by L (u or s); W lanes of N bits.
#define __ACC_EACH_LANE(N, L, SECOND, EXPR)                                                        \
    unsigned result = 0;                                                                           \
    for (int i = 0; i < 32 / N; ++i) {                                                             \
        const int a = __acc_simd::L<N>(va, i), b = __acc_simd::L<N>(SECOND, i);                    \
        (void)b;                                                                                   \
        result |= __acc_simd::put<N>(EXPR, i);                                                     \
    }                                                                                              \
    return result;
#define __ACC_PLAIN2(NAME, N, L, EXPR)                                                             \
    __ACC_BOTH unsigned NAME(unsigned va, unsigned vb) {                                           \
        __ACC_EACH_LANE(N, L, vb, EXPR)                                                            \
    }
#if defined(__CUDA_ARCH__)
// OP: the instruction that does it, without its lanes and their sign.
#define __ACC_LANES2(NAME, W, N, L, OP, EXPR)                                                      \
    extern "C" __ACC_MACHINE_OP(unsigned, __acc_op##NAME, (unsigned, unsigned),                    \
                                OP ".x" #W "." #L);                                                \
    __ACC_BOTH unsigned NAME(unsigned va, unsigned vb) {                                           \
        return __acc_op##NAME(va, vb);                                                             \
    }
#define __ACC_LANES1(NAME, W, N, L, OP, EXPR)                                                      \
    extern "C" __ACC_MACHINE_OP(unsigned, __acc_op##NAME, (unsigned, unsigned),                    \
                                OP ".x" #W "." #L);                                                \
    __ACC_BOTH unsigned NAME(unsigned va) {                                                        \
        return __acc_op##NAME(va, 0);                                                              \
    }
#define __ACC_SUM(NAME, W, N, L)                                                                   \
    extern "C" __ACC_MACHINE_OP(unsigned, __acc_op##NAME, (unsigned, unsigned, unsigned),          \
                                "vsad.x" #W "." #L);                                               \
    __ACC_BOTH unsigned NAME(unsigned va, unsigned vb) {                                           \
        return __acc_op##NAME(va, vb, 0);                                                          \
    }
#else
#define __ACC_LANES2(NAME, W, N, L, OP, EXPR) __ACC_PLAIN2(NAME, N, L, EXPR)
#define __ACC_LANES1(NAME, W, N, L, OP, EXPR)                                                      \
    __ACC_BOTH unsigned NAME(unsigned va) {                                                        \
        __ACC_EACH_LANE(N, L, 0, EXPR)                                                             \
    }
#define __ACC_SUM(NAME, W, N, L)                                                                   \
    __ACC_BOTH unsigned NAME(unsigned va, unsigned vb) {                                           \
        unsigned result = 0;                                                                       \
        for (int i = 0; i < 32 / N; ++i) {                                                         \
            const int a = __acc_simd::L<N>(va, i), b = __acc_simd::L<N>(vb, i);                    \
            result += (unsigned)(a > b ? a - b : b - a);                                           \
        }                                                                                          \
        return result;                                                                             \
    }
#endif
// Comparisons: __vcmp gives all-ones lanes, __vset gives lanes of 1.
#define __ACC_COMPARE(NAME, W, N, L, OP, EXPR)                                                     \
    __ACC_LANES2(__vcmp##NAME##W, W, N, L, "vset.mask." OP, (EXPR) ? -1 : 0)                       \
    __ACC_LANES2(__vset##NAME##W, W, N, L, "vset.one." OP, (EXPR) ? 1 : 0)

#define __ACC_SIMD(W, N)                                                                           \
    __ACC_LANES2(__vadd##W, W, N, u, "vadd", a + b)                                                \
    __ACC_LANES2(__vaddus##W, W, N, u, "vadd.sat", __acc_simd::satu<N>(a + b))                     \
    __ACC_LANES2(__vaddss##W, W, N, s, "vadd.sat", __acc_simd::sats<N>(a + b))                     \
    __ACC_LANES2(__vsub##W, W, N, u, "vsub", a - b)                                                \
    __ACC_LANES2(__vsubus##W, W, N, u, "vsub.sat", __acc_simd::satu<N>(a - b))                     \
    __ACC_LANES2(__vsubss##W, W, N, s, "vsub.sat", __acc_simd::sats<N>(a - b))                     \
    __ACC_LANES2(__vavgu##W, W, N, u, "vavg.up", (a + b + 1) >> 1)                                 \
    __ACC_PLAIN2(__vavgs##W, N, s, (a + b + (a + b >= 0)) >> 1) /* halves away from zero */        \
    __ACC_LANES2(__vhaddu##W, W, N, u, "vavg", (a + b) >> 1)                                       \
    __ACC_LANES2(__vabsdiffu##W, W, N, u, "vabsdiff", a > b ? a - b : b - a)                       \
    __ACC_LANES2(__vabsdiffs##W, W, N, s, "vabsdiff", a > b ? a - b : b - a)                       \
    __ACC_LANES2(__vmaxu##W, W, N, u, "vmax", a > b ? a : b)                                       \
    __ACC_LANES2(__vmaxs##W, W, N, s, "vmax", a > b ? a : b)                                       \
    __ACC_LANES2(__vminu##W, W, N, u, "vmin", a < b ? a : b)                                       \
    __ACC_LANES2(__vmins##W, W, N, s, "vmin", a < b ? a : b)                                       \
    __ACC_LANES1(__vabs##W, W, N, s, "vabs", a < 0 ? -a : a)                                       \
    __ACC_LANES1(__vabsss##W, W, N, s, "vabs.sat", __acc_simd::sats<N>(a < 0 ? -a : a))            \
    __ACC_LANES1(__vneg##W, W, N, s, "vneg", -a)                                                   \
    __ACC_LANES1(__vnegss##W, W, N, s, "vneg.sat", __acc_simd::sats<N>(-a))                        \
    __ACC_COMPARE(eq, W, N, u, "eq", a == b)                                                       \
    __ACC_COMPARE(ne, W, N, u, "ne", a != b)                                                       \
    __ACC_COMPARE(geu, W, N, u, "ge", a >= b)                                                      \
    __ACC_COMPARE(gtu, W, N, u, "gt", a > b)                                                       \
    __ACC_COMPARE(leu, W, N, u, "le", a <= b)                                                      \
    __ACC_COMPARE(ltu, W, N, u, "lt", a < b)                                                       \
    __ACC_COMPARE(ges, W, N, s, "ge", a >= b)                                                      \
    __ACC_COMPARE(gts, W, N, s, "gt", a > b)                                                       \
    __ACC_COMPARE(les, W, N, s, "le", a <= b)                                                      \
    __ACC_COMPARE(lts, W, N, s, "lt", a < b)                                                       \
    __ACC_SUM(__vsadu##W, W, N, u)                                                                 \
    __ACC_SUM(__vsads##W, W, N, s)

__ACC_SIMD(2, 16)
__ACC_SIMD(4, 8)
#undef __ACC_LANES1
#undef __ACC_LANES2
#undef __ACC_PLAIN2
#undef __ACC_EACH_LANE
#undef __ACC_SUM
#undef __ACC_COMPARE
#undef __ACC_SIMD

// Dot product of four 8-bit lanes, or of two 16-bit lanes with the low (lo) or high (hi) two 8-bit
// lanes of b, plus c.
#if defined(__CUDA_ARCH__)
#define __ACC_DOT(NAME, T, L, COUNT, NA, FIRST, OP)                                                \
    extern "C" __ACC_MACHINE_OP(T, __acc_op##NAME##L, (T, T, T), OP "." #L "8." #L "b");           \
    static __device__ __forceinline__ T NAME(T va, T vb, T c) {                                    \
        return __acc_op##NAME##L(va, vb, c);                                                       \
    }
#else
#define __ACC_DOT(NAME, T, L, COUNT, NA, FIRST, OP)                                                \
    static __device__ __forceinline__ T NAME(T va, T vb, T c) {                                    \
        unsigned sum = (unsigned)c;                                                                \
        for (int i = 0; i < COUNT; ++i)                                                            \
            sum += (unsigned)(__acc_simd::L<NA>((unsigned)va, i) *                                 \
                              __acc_simd::L<8>((unsigned)vb, i + FIRST));                          \
        return (T)sum;                                                                             \
    }
#endif
__ACC_DOT(__dp4a, int, s, 4, 8, 0, "dp4a")
__ACC_DOT(__dp4a, unsigned, u, 4, 8, 0, "dp4a")
__ACC_DOT(__dp2a_lo, int, s, 2, 16, 0, "dp2a.lo")
__ACC_DOT(__dp2a_lo, unsigned, u, 2, 16, 0, "dp2a.lo")
__ACC_DOT(__dp2a_hi, int, s, 2, 16, 2, "dp2a.hi")
__ACC_DOT(__dp2a_hi, unsigned, u, 2, 16, 2, "dp2a.hi")
#undef __ACC_DOT
static __device__ __forceinline__ int __dp4a(char4 a, char4 b, int c) {
    return __dp4a(__builtin_bit_cast(int, a), __builtin_bit_cast(int, b), c);
}
static __device__ __forceinline__ unsigned __dp4a(uchar4 a, uchar4 b, unsigned c) {
    return __dp4a(__builtin_bit_cast(unsigned, a), __builtin_bit_cast(unsigned, b), c);
}

// Three-way and fused min/max: __vimax3_*, __viaddmax_*, the relu forms (result not below 0), and
// the forms that also say which operand won.
#define __ACC_MINMAX(OP, CMP)                                                                      \
    __ACC_MINMAX_T(OP, CMP, s32, int)                                                              \
    __ACC_MINMAX_T(OP, CMP, u32, unsigned)                                                         \
    __ACC_BOTH int __vi##OP##_s32_relu(int a, int b) {                                             \
        return __vi##OP##3_s32(a, b, a) > 0 ? __vi##OP##3_s32(a, b, a) : 0;                        \
    }                                                                                              \
    __ACC_BOTH int __vi##OP##3_s32_relu(int a, int b, int c) {                                     \
        const int r = __vi##OP##3_s32(a, b, c);                                                    \
        return r > 0 ? r : 0;                                                                      \
    }                                                                                              \
    __ACC_BOTH int __viadd##OP##_s32_relu(int a, int b, int c) {                                   \
        const int r = __viadd##OP##_s32(a, b, c);                                                  \
        return r > 0 ? r : 0;                                                                      \
    }                                                                                              \
    __ACC_MINMAX_X2(OP, s)                                                                         \
    __ACC_MINMAX_X2(OP, u)                                                                         \
    __ACC_BOTH unsigned __vi##OP##_s16x2_relu(unsigned a, unsigned b) {                            \
        return __vmaxs2(__v##OP##s2(a, b), 0);                                                     \
    }                                                                                              \
    __ACC_BOTH unsigned __vi##OP##3_s16x2_relu(unsigned a, unsigned b, unsigned c) {               \
        return __vmaxs2(__vi##OP##3_s16x2(a, b, c), 0);                                            \
    }                                                                                              \
    __ACC_BOTH unsigned __viadd##OP##_s16x2_relu(unsigned a, unsigned b, unsigned c) {             \
        return __vmaxs2(__viadd##OP##_s16x2(a, b, c), 0);                                          \
    }
#define __ACC_MINMAX_T(OP, CMP, SUFFIX, T)                                                         \
    __ACC_BOTH T __vi##OP##3_##SUFFIX(T a, T b, T c) {                                             \
        const T ab = a CMP b ? a : b;                                                              \
        return ab CMP c ? ab : c;                                                                  \
    }                                                                                              \
    __ACC_BOTH T __viadd##OP##_##SUFFIX(T a, T b, T c) {                                           \
        const T sum = (T)((unsigned)a + (unsigned)b);                                              \
        return sum CMP c ? sum : c;                                                                \
    }                                                                                              \
    __ACC_BOTH T __vib##OP##_##SUFFIX(T a, T b, bool* first) {                                     \
        *first = !(b CMP a);                                                                       \
        return *first ? a : b;                                                                     \
    }
#define __ACC_MINMAX_X2(OP, SIGN)                                                                  \
    __ACC_BOTH unsigned __vi##OP##3_##SIGN##16x2(unsigned a, unsigned b, unsigned c) {             \
        return __v##OP##SIGN##2(__v##OP##SIGN##2(a, b), c);                                        \
    }                                                                                              \
    __ACC_BOTH unsigned __viadd##OP##_##SIGN##16x2(unsigned a, unsigned b, unsigned c) {           \
        return __v##OP##SIGN##2(__vadd2(a, b), c);                                                 \
    }                                                                                              \
    __ACC_BOTH unsigned __vib##OP##_##SIGN##16x2(unsigned a, unsigned b, bool* first_hi,           \
                                                 bool* first_lo) {                                 \
        const unsigned r = __v##OP##SIGN##2(a, b);                                                 \
        *first_hi = (r >> 16) == (a >> 16);                                                        \
        *first_lo = (r & 0xffff) == (a & 0xffff);                                                  \
        return r;                                                                                  \
    }
__ACC_MINMAX(max, >)
__ACC_MINMAX(min, <)
#undef __ACC_MINMAX
#undef __ACC_MINMAX_T
#undef __ACC_MINMAX_X2
#undef __ACC_BOTH
