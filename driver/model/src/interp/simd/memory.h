// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loads and stores of rows. A warp's access is looked at by halves of 16 lanes, because that is
// what 16-wide thread blocks make: when each half reads consecutive elements (or one element),
// there is one range check and one vector access a half. All else goes lane by lane, after every
// lane has been checked: a faulting instruction changes nothing.
#pragma once

#include "driver/model/src/interp/indirect.h"
#include "driver/model/src/interp/simd/alu.h"

namespace acc::model::interp::ACC_SIMD {

// Kinds of elements, named as the widths of the opcodes (ACC_ISA_LOADS_*, ACC_ISA_STORES_*).
struct Elem_u8 {
    typedef uint8_t type;
    enum { Bytes = 1, Rows = 1 };
    ACC_MEMBER uint32_t widen(type v) { return v; }
};
struct Elem_s8 {
    typedef int8_t type;
    enum { Bytes = 1, Rows = 1 };
    ACC_MEMBER uint32_t widen(type v) { return (uint32_t)(int32_t)v; }
};
struct Elem_u16 {
    typedef uint16_t type;
    enum { Bytes = 2, Rows = 1 };
    ACC_MEMBER uint32_t widen(type v) { return v; }
};
struct Elem_s16 {
    typedef int16_t type;
    enum { Bytes = 2, Rows = 1 };
    ACC_MEMBER uint32_t widen(type v) { return (uint32_t)(int32_t)v; }
};
struct Elem_b32 {
    typedef uint32_t type;
    enum { Bytes = 4, Rows = 1 };
    ACC_MEMBER uint32_t widen(type v) { return v; }
};
struct Elem_b64 {
    typedef uint32_t type;
    enum { Bytes = 8, Rows = 2 };
    ACC_MEMBER uint32_t widen(type v) { return v; }
};
struct Elem_b128 {
    typedef uint32_t type;
    enum { Bytes = 16, Rows = 4 };
    ACC_MEMBER uint32_t widen(type v) { return v; }
};

// Stores have no sign.
typedef Elem_u8 Elem_b8;
typedef Elem_u16 Elem_b16;

/// A lane's address: base plus index, the immediate not yet added.
template <bool Indexed>
ACC_INLINE Wide address64(const Op* op, const char* r) {
    Wide a{load_row(r + op->a), load_row(r + op->a + kRowBytes)};
    if constexpr (Indexed) {
        const u32v index = load_row(r + op->b);
        const unsigned scale = mod<mods::MScale>(op->mods);
        u32v high = mod<mods::MIdx>(op->mods) == mods::MIdx_uidx ? splat(0)
                                                                 : (u32v)((i32v)index >> 31);
        if (scale) high = high << scale | index >> (32 - scale);
        const u32v lo = a.lo + (index << scale);
        a.hi = a.hi + high - (u32v)(lo < a.lo);
        a.lo = lo;
    }
    return a;
}
/// Offset in shared or local memory, immediate included.
template <bool Indexed>
ACC_INLINE u32v address32(const Op* op, const char* r) {
    u32v a = load_row(r + op->a) + (uint32_t)op->imm;
    if constexpr (Indexed) a += load_row(r + op->b) << mod<mods::MScale>(op->mods);
    return a;
}

/// Element 0 of each half in all lanes of the half.
ACC_INLINE u32v half_bases(u32v v) {
    return __builtin_shufflevector(v, v, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 16, 16,
                                   16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16);
}
template <int Bytes>
ACC_INLINE u32v half_steps() {
    return (lane_numbers() & 15u) * (uint32_t)Bytes;
}

// ---- one half: 16 elements <-> half rows
typedef uint32_t vec16 __attribute__((ext_vector_type(16)));
// Volatile, so that the compiler reads and writes the host's whole vectors: it would else access
// the halves that a shuffle wants apart, as it did for AVX2, and tear elements (see read_element).
template <class V>
ACC_INLINE V read_vector(const uint8_t* p) {
    typedef V anywhere __attribute__((aligned(1)));
    return *(const volatile anywhere*)p;
}
template <class V>
ACC_INLINE void write_vector(uint8_t* p, V v) {
    typedef V anywhere __attribute__((aligned(1)));
    *(volatile anywhere*)p = v;
}
ACC_INLINE void put(char* p, vec16 v) {
    *(vec16*)p = v;
}
ACC_INLINE vec16 take(const char* p) {
    return *(const vec16*)p;
}

template <class E>
ACC_INLINE void load_half(const uint8_t* p, char* d) {
    if constexpr (E::Bytes <= 2) {
        typedef typename E::type narrow __attribute__((ext_vector_type(16)));
        typedef int32_t wide __attribute__((ext_vector_type(16)));
        if constexpr (((typename E::type) - 1) < 0)
            put(d, (vec16) __builtin_convertvector(read_vector<narrow>(p), wide));
        else
            put(d, __builtin_convertvector(read_vector<narrow>(p), vec16));
    } else if constexpr (E::Bytes == 4) {
        put(d, read_vector<vec16>(p));
    } else if constexpr (E::Bytes == 8) {
        const vec16 x = read_vector<vec16>(p), y = read_vector<vec16>(p + 64);
        put(d, __builtin_shufflevector(x, y, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28,
                                       30));
        put(d + kRowBytes, __builtin_shufflevector(x, y, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23,
                                                   25, 27, 29, 31));
    } else {
        const vec16 x0 = read_vector<vec16>(p), x1 = read_vector<vec16>(p + 64),
                    x2 = read_vector<vec16>(p + 128), x3 = read_vector<vec16>(p + 192);
        // words 0 and 1 of the elements, then words 2 and 3: first pairs, then single words
        const vec16 a = __builtin_shufflevector(x0, x1, 0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13,
                                                17, 21, 25, 29);
        const vec16 b = __builtin_shufflevector(x2, x3, 0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13,
                                                17, 21, 25, 29);
        const vec16 e = __builtin_shufflevector(x0, x1, 2, 6, 10, 14, 18, 22, 26, 30, 3, 7, 11, 15,
                                                19, 23, 27, 31);
        const vec16 f = __builtin_shufflevector(x2, x3, 2, 6, 10, 14, 18, 22, 26, 30, 3, 7, 11, 15,
                                                19, 23, 27, 31);
        put(d,
            __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
        put(d + kRowBytes, __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26,
                                                   27, 28, 29, 30, 31));
        put(d + 2 * kRowBytes,
            __builtin_shufflevector(e, f, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
        put(d + 3 * kRowBytes, __builtin_shufflevector(e, f, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25,
                                                       26, 27, 28, 29, 30, 31));
    }
}
// ---- one element in memory: one access of the host, whatever its size, so that another host
// thread sees all of it or nothing. (CUDA promises it up to 8 bytes; decoupled look-back, as in
// CUB, wants it of 16, which hosts with AVX do for aligned addresses.)
typedef uint32_t word4 __attribute__((ext_vector_type(4)));
typedef word4 word4_anywhere __attribute__((aligned(4)));
/// Its words, or the one word that it is widened to.
template <class E>
ACC_INLINE void read_element(const uint8_t* p, uint32_t* words) {
    if constexpr (E::Bytes == 16) {
        *(word4_anywhere*)words = *(const volatile word4_anywhere*)p;
    } else if constexpr (E::Bytes == 8) {
        const uint64_t v = __atomic_load_n((const uint64_t*)p, __ATOMIC_RELAXED);
        words[0] = (uint32_t)v, words[1] = (uint32_t)(v >> 32);
    } else {
        words[0] = E::widen(__atomic_load_n((const typename E::type*)p, __ATOMIC_RELAXED));
    }
}
template <class E>
ACC_INLINE void write_element(uint8_t* p, const uint32_t* words) {
    if constexpr (E::Bytes == 16)
        *(volatile word4_anywhere*)p = *(const word4_anywhere*)words;
    else if constexpr (E::Bytes == 8)
        __atomic_store_n((uint64_t*)p, (uint64_t)words[1] << 32 | words[0], __ATOMIC_RELAXED);
    else
        __atomic_store_n((typename E::type*)p, (typename E::type)words[0], __ATOMIC_RELAXED);
}

template <class E>
ACC_INLINE void broadcast_half(const uint8_t* p, char* d) {
    uint32_t words[E::Rows];
    read_element<E>(p, words);
    for (int i = 0; i < E::Rows; ++i)
        put(d + i * kRowBytes, (vec16)words[i]);
}

template <class E>
ACC_INLINE void store_half(uint8_t* p, const char* c) {
    if constexpr (E::Bytes <= 2) {
        typedef typename E::type narrow __attribute__((ext_vector_type(16)));
        write_vector(p, __builtin_convertvector(take(c), narrow));
    } else if constexpr (E::Bytes == 4) {
        write_vector(p, take(c));
    } else if constexpr (E::Bytes == 8) {
        const vec16 x = take(c), y = take(c + kRowBytes);
        write_vector(p, __builtin_shufflevector(x, y, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6,
                                                22, 7, 23));
        write_vector(p + 64, __builtin_shufflevector(x, y, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13,
                                                     29, 14, 30, 15, 31));
    } else {
        const vec16 x = take(c), y = take(c + kRowBytes), z = take(c + 2 * kRowBytes),
                    t = take(c + 3 * kRowBytes);
        const vec16 a = __builtin_shufflevector(x, y, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6,
                                                22, 7, 23);
        const vec16 b = __builtin_shufflevector(x, y, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29,
                                                14, 30, 15, 31);
        const vec16 e = __builtin_shufflevector(z, t, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6,
                                                22, 7, 23);
        const vec16 f = __builtin_shufflevector(z, t, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29,
                                                14, 30, 15, 31);
        write_vector(p, __builtin_shufflevector(a, e, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6,
                                                7, 22, 23));
        write_vector(p + 64, __builtin_shufflevector(a, e, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28,
                                                     29, 14, 15, 30, 31));
        write_vector(p + 128, __builtin_shufflevector(b, f, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20,
                                                      21, 6, 7, 22, 23));
        write_vector(p + 192, __builtin_shufflevector(b, f, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13,
                                                      28, 29, 14, 15, 30, 31));
    }
}

// ---- one lane
/// Rows of a result on their way to the register file.
template <class E>
struct Staging {
    alignas(64) uint32_t rows[E::Rows][kLanes];
};
template <class E>
ACC_INLINE void load_lane(const uint8_t* p, Staging<E>& s, unsigned l) {
    uint32_t words[E::Rows];
    read_element<E>(p, words);
    for (int i = 0; i < E::Rows; ++i)
        s.rows[i][l] = words[i];
}
template <class E>
ACC_INLINE void store_lane(uint8_t* p, const char* c, unsigned l) {
    uint32_t words[E::Rows];
    for (int i = 0; i < E::Rows; ++i)
        words[i] = lane(c + i * kRowBytes, l);
    write_element<E>(p, words);
}
template <class E>
ACC_INLINE void commit(char* d, const Staging<E>& s, uint32_t mask) {
    for (int i = 0; i < E::Rows; ++i)
        store_row_masked(d + i * kRowBytes, load_row((const char*)s.rows[i]), mask);
}
/// f(lane) for each lane of the mask.
template <class Fn>
ACC_INLINE void for_lanes(uint32_t mask, Fn f) {
    if (mask == ~0u) {
#pragma clang loop unroll_count(4)
        for (unsigned l = 0; l < kLanes; ++l)
            f(l);
        return;
    }
    for (; mask; mask &= mask - 1)
        f((unsigned)__builtin_ctz(mask));
}

// ---- addresses of a warp lane by lane
struct LaneAddresses {
    alignas(64) uint64_t va[kLanes];
};
ACC_INLINE void lane_addresses(LaneAddresses& out, const Wide& a, uint64_t imm) {
    for (int h = 0; h < 2; ++h) {
        vec16 lo, hi;
        __builtin_memcpy(&lo, (const char*)&a.lo + 64 * h, 64);
        __builtin_memcpy(&hi, (const char*)&a.hi + 64 * h, 64);
        *(u64h*)(out.va + 16 * h) = (__builtin_convertvector(lo, u64h) |
                                     __builtin_convertvector(hi, u64h) << 32) +
                                    imm;
    }
}

/// Global memory: every page of [va, va + bytes) exists and allows `need`.
ACC_INLINE bool range_allowed(const Gang* g, uint64_t va, uint64_t bytes, uint32_t need) {
    const uint64_t offset = va - g->vm_base;
    if (__builtin_expect(offset > g->vm_bytes - bytes, 0)) return false;
    const uint32_t first = g->perm[offset >> ACC_PAGE_SHIFT],
                   last = g->perm[(offset + bytes - 1) >> ACC_PAGE_SHIFT];
    return (((first ^ need) | (last ^ need)) & (need | kPermPoison | kPermIndirect)) == 0;
}
/// All lanes of the mask may access global memory; else the fault has been raised. Addresses of
/// pages that are not in the window are replaced by such as lead to their memory all the same;
/// after the access the caller calls end_global.
bool check_global_lanes(Gang* g, const Op* op, unsigned w, uint32_t mask, LaneAddresses& at,
                        uint32_t bytes, uint32_t need, uint32_t access);
ACC_INLINE void end_global(Gang* g) {
    if (__builtin_expect(g->indirect, 0)) leave_indirect(g);
}
/// Raises the fault of the first failing lane of shared or local memory; tag = ACC_*_APERTURE.
/// Offsets are 64-bit, as in LaneAddresses.
void raise_window(Gang* g, const Op* op, unsigned w, uint32_t mask, const LaneAddresses& offsets,
                  uint64_t limit, uint32_t bytes, uint32_t access, uint64_t tag,
                  uint32_t range_cause);

ACC_INLINE void note_strong(Gang* g, const Op* op) {
    if (op->flags & kOpStrong) g->strong = true;
}

// One warp's access by 64-bit lane addresses, all in one space. False: a fault has been raised.
// The addresses may be changed, see check_global_lanes.
template <class E>
bool load_global_lanes(Gang* g, const Op* op, unsigned w, uint32_t mask, LaneAddresses& at,
                       char* d);
template <class E>
bool store_global_lanes(Gang* g, const Op* op, unsigned w, uint32_t mask, LaneAddresses& at,
                        const char* c);

} // namespace acc::model::interp::ACC_SIMD
