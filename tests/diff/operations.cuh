// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operations that CUDA has functions or PTX for, each said once more in C++ (included by
// prelude.cuh).
#pragma once

HD inline uint32_t popc(uint64_t v) {
#ifdef __CUDA_ARCH__
    return __popcll(v);
#else
    uint32_t n = 0;
    for (; v; v &= v - 1)
        ++n;
    return n;
#endif
}

HD inline uint32_t clz(uint32_t v) {
#ifdef __CUDA_ARCH__
    return __clz((int)v);
#else
    uint32_t n = 0;
    while (n < 32 && !(v >> (31 - n) & 1))
        ++n;
    return n;
#endif
}

HD inline uint32_t first_set(uint64_t v) {
#ifdef __CUDA_ARCH__
    return __ffsll((long long)v);
#else
    for (uint32_t n = 0; n < 64; ++n)
        if (v >> n & 1) return n + 1;
    return 0;
#endif
}

HD inline uint64_t brev(uint64_t v) {
#ifdef __CUDA_ARCH__
    return __brevll(v);
#else
    uint64_t r = 0;
    for (int i = 0; i < 64; ++i)
        r |= (v >> i & 1) << (63 - i);
    return r;
#endif
}

HD inline uint64_t high_product(uint64_t a, uint64_t b) {
#ifdef __CUDA_ARCH__
    return __umul64hi(a, b);
#else
    return (uint64_t)((unsigned __int128)a * b >> 64);
#endif
}

HD inline int64_t high_product_signed(int64_t a, int64_t b) {
#ifdef __CUDA_ARCH__
    return __mul64hi(a, b);
#else
    return (int64_t)((__int128)a * b >> 64);
#endif
}

HD inline uint32_t byte_perm(uint32_t a, uint32_t b, uint32_t s) {
#ifdef __CUDA_ARCH__
    return __byte_perm(a, b, s);
#else
    uint64_t both = (uint64_t)b << 32 | a;
    uint32_t r = 0;
    for (int i = 0; i < 4; ++i)
        r |= (uint32_t)(both >> ((s >> 4 * i & 7) * 8) & 255) << 8 * i;
    return r;
#endif
}

HD inline uint32_t funnel(uint32_t low, uint32_t high, uint32_t shift) {
#ifdef __CUDA_ARCH__
    return __funnelshift_l(low, high, shift);
#else
    return (uint32_t)((((uint64_t)high << 32 | low) << (shift & 31)) >> 32);
#endif
}

HD inline int32_t dot4(int32_t a, int32_t b, int32_t c) {
#ifdef __CUDA_ARCH__
    return __dp4a(a, b, c);
#else
    uint32_t sum = (uint32_t)c;
    for (int i = 0; i < 4; ++i)
        sum += (uint32_t)((int32_t)(int8_t)(a >> 8 * i) * (int8_t)(b >> 8 * i));
    return (int32_t)sum;
#endif
}

HD inline uint32_t add_bytes(uint32_t a, uint32_t b) {
#ifdef __CUDA_ARCH__
    return __vadd4(a, b);
#else
    uint32_t r = 0;
    for (int i = 0; i < 4; ++i)
        r |= ((a >> 8 * i) + (b >> 8 * i) & 255) << 8 * i;
    return r;
#endif
}

HD inline uint32_t difference_of_bytes(uint32_t a, uint32_t b) {
#ifdef __CUDA_ARCH__
    return __vabsdiffu4(a, b);
#else
    uint32_t r = 0;
    for (int i = 0; i < 4; ++i) {
        int x = a >> 8 * i & 255, y = b >> 8 * i & 255;
        r |= (uint32_t)(x < y ? y - x : x - y) << 8 * i;
    }
    return r;
#endif
}

// Conversions that round and clamp; NaN never comes here.
template <class T>
HD inline int32_t nearest(T v) {
    v = not_nan(v);
#ifdef __CUDA_ARCH__
    return sizeof(T) == 4 ? __float2int_rn((float)v) : __double2int_rn((double)v);
#else
    T r = std::rint(v);
    return r >= 2147483648.0 ? INT32_MAX : r < -2147483648.0 ? INT32_MIN : (int32_t)r;
#endif
}
HD inline uint32_t to_byte(float v) {
    v = not_nan(v);
#ifdef __CUDA_ARCH__
    uint32_t r;
    asm("cvt.rzi.u8.f32 %0, %1;" : "=r"(r) : "f"(v));
    return r & 255;
#else
    return v >= 255 ? 255 : v <= 0 ? 0 : (uint32_t)v;
#endif
}

// Bit-fields: position and length are bytes, and bits beyond the word are its sign or 0.
HD inline uint32_t field(uint32_t v, uint32_t position, uint32_t length) {
#ifdef __CUDA_ARCH__
    uint32_t r;
    asm("bfe.u32 %0, %1, %2, %3;" : "=r"(r) : "r"(v), "r"(position), "r"(length));
    return r;
#else
    uint64_t shifted = (uint64_t)v >> ((position & 255) < 63 ? position & 255 : 63);
    return (uint32_t)((length & 255) < 32 ? shifted & ((1ull << (length & 255)) - 1) : shifted);
#endif
}
HD inline int32_t field_signed(int32_t v, uint32_t position, uint32_t length) {
#ifdef __CUDA_ARCH__
    int32_t r;
    asm("bfe.s32 %0, %1, %2, %3;" : "=r"(r) : "r"(v), "r"(position), "r"(length));
    return r;
#else
    uint32_t from = position & 255, count = length & 255, r = 0;
    uint32_t sign = count == 0 ? 0
                               : (uint32_t)v >> (from + count - 1 < 31 ? from + count - 1 : 31) & 1;
    for (uint32_t i = 0; i < 32; ++i)
        r |= (i < count && from + i < 32 ? (uint32_t)v >> (from + i) & 1 : sign) << i;
    return (int32_t)r;
#endif
}
HD inline uint32_t insert(uint32_t from, uint32_t into, uint32_t position, uint32_t length) {
#ifdef __CUDA_ARCH__
    uint32_t r;
    asm("bfi.b32 %0, %1, %2, %3, %4;" : "=r"(r) : "r"(from), "r"(into), "r"(position), "r"(length));
    return r;
#else
    for (uint32_t i = 0; i < (length & 255) && (position & 255) + i < 32; ++i) {
        uint32_t bit = 1u << ((position & 255) + i);
        into = from >> i & 1 ? into | bit : into & ~bit;
    }
    return into;
#endif
}

/// Any function of three bits.
template <int Table>
HD inline uint32_t logic(uint32_t a, uint32_t b, uint32_t c) {
#ifdef __CUDA_ARCH__
    uint32_t r;
    asm("lop3.b32 %0, %1, %2, %3, %4;" : "=r"(r) : "r"(a), "r"(b), "r"(c), "n"(Table));
    return r;
#else
    uint32_t r = 0;
    for (int i = 0; i < 32; ++i)
        r |= (uint32_t)(Table >> ((a >> i & 1) * 4 + (b >> i & 1) * 2 + (c >> i & 1)) & 1) << i;
    return r;
#endif
}

/// Sums of more than a word, with the carry in the condition register.
HD inline uint64_t add_carry(uint64_t a, uint64_t b, uint64_t c) {
#ifdef __CUDA_ARCH__
    uint32_t low, middle, high;
    asm("add.cc.u32 %0, %3, %5;\n\t"
        "addc.cc.u32 %1, %4, %6;\n\t"
        "addc.u32 %2, %7, 0;"
        : "=&r"(low), "=&r"(middle), "=r"(high)
        : "r"((uint32_t)a), "r"((uint32_t)(a >> 32)), "r"((uint32_t)b), "r"((uint32_t)(b >> 32)),
          "r"((uint32_t)c));
    return ((uint64_t)middle << 32 | low) + high * 5ull;
#else
    unsigned __int128 sum = (unsigned __int128)a + b;
    return (uint64_t)sum + (uint32_t)((uint32_t)(sum >> 64) + (uint32_t)c) * 5ull;
#endif
}
HD inline uint64_t subtract_borrow(uint64_t a, uint64_t b) {
#ifdef __CUDA_ARCH__
    uint32_t low, middle, high;
    asm("sub.cc.u32 %0, %3, %5;\n\t"
        "subc.cc.u32 %1, %4, %6;\n\t"
        "subc.u32 %2, 7, 0;"
        : "=&r"(low), "=&r"(middle), "=r"(high)
        : "r"((uint32_t)a), "r"((uint32_t)(a >> 32)), "r"((uint32_t)b), "r"((uint32_t)(b >> 32)));
    return ((uint64_t)middle << 32 | low) + high;
#else
    return a - b + (7 - (a < b));
#endif
}
HD inline int32_t add_saturating(int32_t a, int32_t b) {
#ifdef __CUDA_ARCH__
    int32_t r;
    asm("add.sat.s32 %0, %1, %2;" : "=r"(r) : "r"(a), "r"(b));
    return r;
#else
    int64_t sum = (int64_t)a + b;
    return sum > INT32_MAX ? INT32_MAX : sum < INT32_MIN ? INT32_MIN : (int32_t)sum;
#endif
}
HD inline uint64_t multiply_wide(uint32_t a, uint32_t b, uint64_t c) {
#ifdef __CUDA_ARCH__
    uint64_t r;
    asm("mad.wide.u32 %0, %1, %2, %3;" : "=l"(r) : "r"(a), "r"(b), "l"(c));
    return r;
#else
    return (uint64_t)a * b + c;
#endif
}
HD inline int32_t multiply_high(int32_t a, int32_t b) {
#ifdef __CUDA_ARCH__
    return __mulhi(a, b);
#else
    return (int32_t)((int64_t)a * b >> 32);
#endif
}
HD inline uint32_t differences(uint32_t a, uint32_t b, uint32_t c) {
#ifdef __CUDA_ARCH__
    return __usad(a, b, c);
#else
    return (a < b ? b - a : a - b) + c;
#endif
}
HD inline int32_t multiply24(int32_t a, int32_t b) {
#ifdef __CUDA_ARCH__
    return __mul24(a, b);
#else
    int64_t x = (int32_t)((uint32_t)a << 8) / 256, y = (int32_t)((uint32_t)b << 8) / 256;
    return (int32_t)(uint64_t)(x * y);
#endif
}
HD inline int32_t middle(int32_t a, int32_t b) {
#ifdef __CUDA_ARCH__
    return __hadd(a, b);
#else
    return (int32_t)(((int64_t)a + b) >> 1);
#endif
}

// 128 bits.
HD inline uint64_t long_product(uint64_t a, uint64_t b, uint64_t c) {
    unsigned __int128 product = (unsigned __int128)a * b + c;
    return (uint64_t)(product >> 64) ^ (uint64_t)product;
}
HD inline uint64_t long_shift(uint64_t a, uint64_t b, uint64_t c) {
    __int128 both = (__int128)((unsigned __int128)a << 64 | b);
    return (uint64_t)(both >> (c & 127)) + (uint64_t)((unsigned __int128)both << (b & 127) >> 64) +
           (both < (__int128)(int64_t)c);
}

HD inline uint32_t greatest_halves(uint32_t a, uint32_t b) {
#ifdef __CUDA_ARCH__
    return __vmaxs2(a, b);
#else
    uint32_t r = 0;
    for (int i = 0; i < 32; i += 16) {
        int16_t x = (int16_t)(a >> i), y = (int16_t)(b >> i);
        r |= (uint32_t)(uint16_t)(x > y ? x : y) << i;
    }
    return r;
#endif
}

/// v * 2^n, and the rest of a division: both are exact.
template <class T>
HD inline T scaled(T v, uint64_t n) {
    return std::ldexp(v, (int)(n & 63) - 32);
}
template <class T>
HD inline T remainder_of(T a, T b) {
    return std::fmod(a, b);
}

// Tables of the program: constant memory, global memory.
#ifdef __CUDACC__
__constant__ const uint32_t fixed_words[8] = {3, 0x80000000, 77, 0xffffffff, 1, 2, 65536, 9};
__device__ Pair fixed_pairs[4] = {{1, -2, 3}, {-100, 1ll << 40, 255}, {7, 8, 9}, {0, -1, 0}};
#else
static const uint32_t fixed_words[8] = {3, 0x80000000, 77, 0xffffffff, 1, 2, 65536, 9};
static Pair fixed_pairs[4] = {{1, -2, 3}, {-100, 1ll << 40, 255}, {7, 8, 9}, {0, -1, 0}};
#endif
HD inline uint32_t lookup(uint32_t i) {
    return fixed_words[i & 7];
}
HD inline uint64_t lookup_pair(uint32_t i) {
    const Pair& p = fixed_pairs[i & 3];
    return (uint64_t)p.b + (uint64_t)p.a * 3 + p.c;
}

// Calls: recursive, in turns, through a table of virtual functions, of a closure; a pointer to
// somebody's array.
HD NOINLINE inline uint64_t descend(int depth, uint64_t v) {
    return depth <= 0 ? v : descend(depth - 1, v * 3 + (uint64_t)depth) ^ (v >> depth);
}
HD uint64_t odd(int depth, Pair p);
HD NOINLINE inline uint64_t even(int depth, Pair p) {
    return depth <= 0 ? (uint64_t)p.b
                      : odd(depth - 1, make_Pair((int32_t)((uint32_t)p.a * 5), p.a, p.c)) + p.c;
}
HD NOINLINE inline uint64_t odd(int depth, Pair p) {
    return depth <= 0 ? (uint64_t)p.a : even(depth - 1, p) * 3;
}
HD NOINLINE inline void stir(uint32_t* words, uint32_t at, uint64_t v) {
    words[at] += (uint32_t)v;
    words[(at + 1) & 3] ^= words[at] >> 3;
}
struct Rule {
    HD virtual uint64_t apply(uint64_t v) const = 0;
};
struct Scale : Rule {
    HD Scale(uint32_t by) : by(by) {}
    HD uint64_t apply(uint64_t v) const override { return v * by; }
    uint32_t by;
};
struct Shift : Rule {
    HD Shift(uint32_t by) : by(by & 63) {}
    HD uint64_t apply(uint64_t v) const override { return (v >> by) ^ v; }
    uint32_t by;
};
template <class F>
HD inline void apply_to(F& step, int turns, uint64_t v) {
    for (int i = 0; i < turns; ++i)
        if (step(v + i)) break;
}
