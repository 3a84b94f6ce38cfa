// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// 32 lanes as host vectors. Included by the files that are compiled once per host instruction set;
// ACC_SIMD is the namespace of this compilation (v2, v3, v4). Nothing in such a file may
// instantiate inline functions of other headers: the linker could pick the copy made for a newer
// processor.
#pragma once

#include <cstdint>

#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/state.h"

#define ACC_INLINE __attribute__((always_inline)) static inline
#define ACC_MEMBER __attribute__((always_inline)) static
#define ACC_LAMBDA __attribute__((always_inline))

namespace acc::model::interp::ACC_SIMD {

typedef uint32_t u32v __attribute__((ext_vector_type(32)));
typedef int32_t i32v __attribute__((ext_vector_type(32)));
typedef float f32v __attribute__((ext_vector_type(32)));
typedef bool b32v __attribute__((ext_vector_type(32)));
typedef uint8_t u8v __attribute__((ext_vector_type(32)));
typedef int8_t i8v __attribute__((ext_vector_type(32)));
typedef uint16_t u16v __attribute__((ext_vector_type(32)));
typedef int16_t i16v __attribute__((ext_vector_type(32)));
// Half of the lanes as 64-bit elements.
typedef uint64_t u64h __attribute__((ext_vector_type(16)));
typedef int64_t i64h __attribute__((ext_vector_type(16)));
typedef double f64h __attribute__((ext_vector_type(16)));
typedef uint32_t u32h __attribute__((ext_vector_type(16)));
namespace mods = isa::mods;
/// Value of a modifier in the modifier bits of an instruction. (ModField::get is an inline function
/// of another header, see above.)
template <isa::ModField Mod>
ACC_INLINE uint32_t mod(uint32_t bits) {
    constexpr uint32_t shift = Mod.bit, mask = Mod.mask() >> Mod.bit;
    return bits >> shift & mask;
}

// One mask per warp of a gang.
typedef uint32_t masks __attribute__((ext_vector_type(8)));

template <int...>
struct Seq {};
template <class V>
struct Element;
template <>
struct Element<u32v> {
    typedef uint32_t type;
    typedef i32v signed_vector;
};
template <>
struct Element<u64h> {
    typedef uint64_t type;
    typedef i64h signed_vector;
};
template <>
struct Element<i64h> {
    typedef int64_t type;
};

/// A 64-bit value per lane.
struct Wide {
    u32v lo, hi;
};
/// A 64-bit value per lane as 64-bit elements, in an order of lanes that is cheap to make: a holds
/// lanes 0 1 4 5 8 9 .., b the others.
template <class V>
struct Halves {
    V a, b;
};
struct Quad {
    u32v w[4];
};
struct Octet {
    u32v w[8];
};

ACC_INLINE u32v splat(uint32_t x) {
    return (u32v)x;
}
ACC_INLINE u32v lane_bits() {
    return u32v{1u << 0,  1u << 1,  1u << 2,  1u << 3,  1u << 4,  1u << 5,  1u << 6,  1u << 7,
                1u << 8,  1u << 9,  1u << 10, 1u << 11, 1u << 12, 1u << 13, 1u << 14, 1u << 15,
                1u << 16, 1u << 17, 1u << 18, 1u << 19, 1u << 20, 1u << 21, 1u << 22, 1u << 23,
                1u << 24, 1u << 25, 1u << 26, 1u << 27, 1u << 28, 1u << 29, 1u << 30, 1u << 31};
}
ACC_INLINE u32v lane_numbers() {
    return u32v{0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};
}

/// Lane mask of a vector comparison (elements 0 or -1).
ACC_INLINE uint32_t mask_of(i32v cmp) {
    return __builtin_bit_cast(uint32_t, __builtin_convertvector(cmp, b32v));
}
/// Lane mask as elements 0 or -1.
ACC_INLINE i32v vector_of(uint32_t m) {
#ifdef __AVX512F__
    return __builtin_bit_cast(b32v, m) ? (i32v)-1 : (i32v)0;
#else
    return (splat(m) & lane_bits()) != 0u;
#endif
}
ACC_INLINE u32v select(uint32_t m, u32v a, u32v b) {
#ifdef __AVX512F__
    return __builtin_bit_cast(b32v, m) ? a : b;
#else
    return vector_of(m) ? a : b;
#endif
}
/// cmp has elements 0 or -1.
ACC_INLINE u32v choose(i32v cmp, u32v a, u32v b) {
    return cmp ? a : b;
}

typedef u32v u32row __attribute__((aligned(64))); // rows are aligned for the host's registers, not
                                                  // for their own size
ACC_INLINE u32v load_row(const char* p) {
    return *(const u32row*)p;
}
ACC_INLINE void store_row(char* p, u32v v) {
    *(u32row*)p = v;
}
ACC_INLINE void store_row_masked(char* p, u32v v, uint32_t m) {
    *(u32row*)p = select(m, v, *(u32row*)p);
}
ACC_INLINE uint32_t lane(const char* row, unsigned l) {
    return ((const uint32_t*)row)[l];
}

// Rows <-> 64-bit elements. Within each four lanes: unpack low, unpack high; the way back is one
// shuffle per register.
ACC_INLINE Halves<u64h> join(u32v lo, u32v hi) {
    u32v a = __builtin_shufflevector(lo, hi, 0, 32, 1, 33, 4, 36, 5, 37, 8, 40, 9, 41, 12, 44, 13,
                                     45, 16, 48, 17, 49, 20, 52, 21, 53, 24, 56, 25, 57, 28, 60, 29,
                                     61);
    u32v b = __builtin_shufflevector(lo, hi, 2, 34, 3, 35, 6, 38, 7, 39, 10, 42, 11, 43, 14, 46, 15,
                                     47, 18, 50, 19, 51, 22, 54, 23, 55, 26, 58, 27, 59, 30, 62, 31,
                                     63);
    return {(u64h)a, (u64h)b};
}
ACC_INLINE Halves<u64h> join(Wide w) {
    return join(w.lo, w.hi);
}
ACC_INLINE Wide split(Halves<u64h> h) {
    u32v a = (u32v)h.a, b = (u32v)h.b;
    return {__builtin_shufflevector(a, b, 0, 2, 32, 34, 4, 6, 36, 38, 8, 10, 40, 42, 12, 14, 44, 46,
                                    16, 18, 48, 50, 20, 22, 52, 54, 24, 26, 56, 58, 28, 30, 60, 62),
            __builtin_shufflevector(a, b, 1, 3, 33, 35, 5, 7, 37, 39, 9, 11, 41, 43, 13, 15, 45, 47,
                                    17, 19, 49, 51, 21, 23, 53, 55, 25, 27, 57, 59, 29, 31, 61,
                                    63)};
}
ACC_INLINE Halves<f64h> join_f64(Wide w) {
    Halves<u64h> h = join(w);
    return {(f64h)h.a, (f64h)h.b};
}
ACC_INLINE Wide split_f64(f64h a, f64h b) {
    return split({(u64h)a, (u64h)b});
}
/// Low words only: a narrowing, and how 64-bit comparison results come back.
ACC_INLINE u32v split_low(Halves<u64h> h) {
    return split(h).lo;
}
ACC_INLINE i32v split_cmp(i64h a, i64h b) {
    return (i32v)split({(u64h)a, (u64h)b}).lo;
}
/// Lane order as rows -> element order of Halves, for conversions between widths.
ACC_INLINE Halves<u32h> spread(u32v v) {
    return {
        __builtin_shufflevector(v, v, 0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29),
        __builtin_shufflevector(v, v, 2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30, 31)};
}
ACC_INLINE u32v gather_halves(u32h a, u32h b) {
    return __builtin_shufflevector(a, b, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23, 8,
                                   9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31);
}

// ---- one mask per warp
ACC_INLINE masks load_masks(const uint32_t* p) {
    return *(const masks*)p;
}
ACC_INLINE void store_masks(uint32_t* p, masks v) {
    *(masks*)p = v;
}
ACC_INLINE bool any(masks v) {
    return __builtin_reduce_or(v) != 0;
}
ACC_INLINE masks guard_mask(const Op* op, const Gang* g) {
    masks p = load_masks(g->pred[op->guard]);
    return op->flags & kOpGuardNeg ? ~p : p;
}
ACC_INLINE uint32_t source_pred(const Op* op, const Gang* g, unsigned w) {
    return g->pred[op->ps][w] ^ (op->flags & kOpPsNeg ? ~0u : 0u);
}

} // namespace acc::model::interp::ACC_SIMD
