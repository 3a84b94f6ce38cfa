// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Global memory accesses of one warp, used for the global, const and generic spaces.
#pragma once

#include "driver/model/src/interp/simd/memory.h"

namespace acc::model::interp::ACC_SIMD {

/// What the addresses of a warp look like, by halves.
template <int Bytes>
struct Pattern {
    uint64_t base[2]; ///< addresses of lanes 0 and 16
    bool unit;        ///< both halves consecutive
    bool same;        ///< one address a half
    ACC_MEMBER Pattern of(const Wide& a, uint64_t imm) {
        const u32v bases = half_bases(a.lo), delta = a.lo - bases;
        const uint32_t high = mask_of(a.hi == half_bases(a.hi));
        Pattern p;
        const uint32_t lo0 = a.lo[0], lo1 = a.lo[16];
        p.base[0] = ((uint64_t)a.hi[0] << 32 | lo0) + imm;
        p.base[1] = ((uint64_t)a.hi[16] << 32 | lo1) + imm;
        // No half may run over a 4 GiB boundary: the high words would have to change within it.
        const uint32_t last = 0u - 16 * Bytes;
        p.unit = (mask_of(delta == half_steps<Bytes>()) & high) == ~0u && lo0 <= last &&
                 lo1 <= last;
        p.same = false;
        if (!p.unit) p.same = (mask_of(delta == 0u) & high) == ~0u;
        return p;
    }
    __attribute__((always_inline)) bool aligned() const {
        return ((base[0] | base[1]) & (Bytes - 1)) == 0;
    }
};

template <class E>
ACC_INLINE bool load_global_fast(const Gang* g, const Wide& a, uint64_t imm, char* d) {
    const auto p = Pattern<E::Bytes>::of(a, imm);
    constexpr uint32_t span = 16 * E::Bytes;
    const uint64_t n = p.unit ? span : E::Bytes;
    if (__builtin_expect(!(p.unit | p.same) || !p.aligned(), 0)) return false;
    if (p.unit && p.base[1] == p.base[0] + span) {
        if (!range_allowed(g, p.base[0], 2 * span, kPermRead)) return false;
    } else if (!range_allowed(g, p.base[0], n, kPermRead) ||
               !range_allowed(g, p.base[1], n, kPermRead)) {
        return false;
    }
    const uint8_t* memory = g->window - g->vm_base;
    for (int h = 0; h < 2; ++h) {
        if (p.unit)
            load_half<E>(memory + p.base[h], d + 64 * h);
        else
            broadcast_half<E>(memory + p.base[h], d + 64 * h);
    }
    return true;
}
template <class E>
ACC_INLINE bool store_global_fast(const Gang* g, const Wide& a, uint64_t imm, const char* c) {
    const auto p = Pattern<E::Bytes>::of(a, imm);
    constexpr uint32_t span = 16 * E::Bytes;
    if (__builtin_expect(!p.unit || !p.aligned(), 0)) return false;
    if (!range_allowed(g, p.base[0], span, kPermRead | kPermWrite) ||
        !range_allowed(g, p.base[1], span, kPermRead | kPermWrite))
        return false;
    uint8_t* memory = g->window - g->vm_base;
    for (int h = 0; h < 2; ++h)
        store_half<E>(memory + p.base[h], c + 64 * h);
    return true;
}

template <class E>
__attribute__((noinline)) bool load_global_lanes(Gang* g, const Op* op, unsigned w, uint32_t mask,
                                                 LaneAddresses& at, char* d) {
    if (!check_global_lanes(g, op, w, mask, at, E::Bytes, kPermRead, ACC_ACCESS_READ)) return false;
    const uint8_t* memory = g->window - g->vm_base;
    Staging<E> s;
    for_lanes(mask, [&](unsigned l) ACC_LAMBDA { load_lane<E>(memory + at.va[l], s, l); });
    end_global(g);
    commit<E>(d, s, mask);
    return true;
}
template <class E>
__attribute__((noinline)) bool store_global_lanes(Gang* g, const Op* op, unsigned w, uint32_t mask,
                                                  LaneAddresses& at, const char* c) {
    if (!check_global_lanes(g, op, w, mask, at, E::Bytes, kPermRead | kPermWrite, ACC_ACCESS_WRITE))
        return false;
    uint8_t* memory = g->window - g->vm_base;
    for_lanes(mask, [&](unsigned l) ACC_LAMBDA { store_lane<E>(memory + at.va[l], c, l); });
    end_global(g);
    return true;
}

} // namespace acc::model::interp::ACC_SIMD
