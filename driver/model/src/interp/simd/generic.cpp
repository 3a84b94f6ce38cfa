// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loads and stores through generic addresses: the top byte of each lane's address tells the space.
#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/simd/global.h"
#include "driver/model/src/interp/simd/shared.h"

namespace acc::model::interp::ACC_SIMD {
namespace {

/// Lanes by space. Every other tag counts as global, where the address is outside of every window.
struct Spaces {
    uint32_t shared, local;
};
/// Addresses of the tagged lanes become offsets; those beyond 32 bits stay too large for every
/// window.
ACC_INLINE Spaces sort_lanes(LaneAddresses& at, uint32_t mask) {
    Spaces s{0, 0};
    for (; mask; mask &= mask - 1) {
        const unsigned l = (unsigned)__builtin_ctz(mask);
        const uint64_t tag = at.va[l] >> ACC_AS_TAG_SHIFT;
        if (tag == ACC_AS_TAG_SHARED)
            s.shared |= 1u << l;
        else if (tag == ACC_AS_TAG_LOCAL)
            s.local |= 1u << l;
    }
    return s;
}
ACC_INLINE uint64_t offset_of(uint64_t va) {
    return va & ((1ull << ACC_AS_TAG_SHIFT) - 1);
}

/// Offsets of the lanes; raises the fault when one does not fit 32 bits.
ACC_INLINE bool narrow(Gang* g, const Op* op, unsigned w, uint32_t mask, const LaneAddresses& at,
                       uint32_t bytes, uint32_t access, bool local, u32v& out) {
    LaneAddresses offsets;
    uint64_t high = 0;
    alignas(64) uint32_t low[kLanes] = {};
    for (uint32_t left = mask; left; left &= left - 1) {
        const unsigned l = (unsigned)__builtin_ctz(left);
        offsets.va[l] = offset_of(at.va[l]);
        high |= offsets.va[l] >> 32;
        low[l] = (uint32_t)offsets.va[l];
    }
    out = load_row((const char*)low);
    if (!high) return true;
    raise_window(g, op, w, mask, offsets, local ? g->local_bytes : g->shared_bytes, bytes, access,
                 local ? ACC_LOCAL_APERTURE : ACC_SHARED_APERTURE,
                 local ? ACC_FAULT_LOCAL_RANGE : ACC_FAULT_SHARED_RANGE);
    return false;
}

template <class E>
__attribute__((noinline)) bool load_lanes(Gang* g, const Op* op, unsigned w, uint32_t mask,
                                          const Wide& a, char* d) {
    LaneAddresses at;
    lane_addresses(at, a, op->imm);
    const Spaces s = sort_lanes(at, mask);
    const uint32_t global = mask & ~(s.shared | s.local);
    u32v offset;
    if (global && !load_global_lanes<E>(g, op, w, global, at, d)) return false;
    if (s.shared && (!narrow(g, op, w, s.shared, at, E::Bytes, ACC_ACCESS_READ, false, offset) ||
                     !load_shared<E>(g, op, w, s.shared, offset, d)))
        return false;
    if (s.local && (!narrow(g, op, w, s.local, at, E::Bytes, ACC_ACCESS_READ, true, offset) ||
                    !load_local<E>(g, op, w, s.local, offset, d)))
        return false;
    return true;
}
template <class E>
__attribute__((noinline)) bool store_lanes(Gang* g, const Op* op, unsigned w, uint32_t mask,
                                           const Wide& a, const char* c) {
    LaneAddresses at;
    lane_addresses(at, a, op->imm);
    const Spaces s = sort_lanes(at, mask);
    const uint32_t global = mask & ~(s.shared | s.local);
    u32v offset;
    if (global && !store_global_lanes<E>(g, op, w, global, at, c)) return false;
    if (s.shared && (!narrow(g, op, w, s.shared, at, E::Bytes, ACC_ACCESS_WRITE, false, offset) ||
                     !store_shared<E>(g, op, w, s.shared, offset, c)))
        return false;
    if (s.local && (!narrow(g, op, w, s.local, at, E::Bytes, ACC_ACCESS_WRITE, true, offset) ||
                    !store_local<E>(g, op, w, s.local, offset, c)))
        return false;
    return true;
}

/// All lanes point into shared memory: their offsets, immediate included. Common in functions that
/// take pointers to shared arrays.
ACC_INLINE bool all_shared(const Op* op, const Wide& a, u32v& offset) {
    if (mask_of(a.hi == (uint32_t)(ACC_SHARED_APERTURE >> 32)) != ~0u) return false;
    const uint32_t imm = (uint32_t)op->imm;
    offset = a.lo + imm;
    // the immediate must not carry into the tag
    return (int32_t)imm >= 0 ? mask_of(offset >= a.lo) == ~0u : mask_of(offset < a.lo) == ~0u;
}

template <class E, bool Indexed>
void ACC_HANDLER_CC load(ACC_HANDLER_ARGS) {
    note_strong(g, op);
    const Op here = *op;
    char* r = regs;
#pragma clang loop unroll(disable)
    for (uint64_t w = 0; w < warps; ++w, r += stride) {
        const uint32_t mask = m[w];
        if (!mask) continue;
        const Wide a = address64<Indexed>(&here, r);
        if (mask == ~0u) {
            u32v offset;
            if (load_global_fast<E>(g, a, here.imm, r + here.d)) continue;
            if (all_shared(&here, a, offset)) {
                if (!load_shared<E>(g, op, (unsigned)w, mask, offset, r + here.d)) return;
                continue;
            }
        }
        if (!load_lanes<E>(g, op, (unsigned)w, mask, a, r + here.d)) return;
    }
    ACC_NEXT();
}
template <class E, bool Indexed>
void ACC_HANDLER_CC store(ACC_HANDLER_ARGS) {
    const Op here = *op;
    char* r = regs;
#pragma clang loop unroll(disable)
    for (uint64_t w = 0; w < warps; ++w, r += stride) {
        const uint32_t mask = m[w];
        if (!mask) continue;
        const Wide a = address64<Indexed>(&here, r);
        if (mask == ~0u) {
            u32v offset;
            if (store_global_fast<E>(g, a, here.imm, r + here.c)) continue;
            if (all_shared(&here, a, offset)) {
                if (!store_shared<E>(g, op, (unsigned)w, mask, offset, r + here.c)) return;
                continue;
            }
        }
        if (!store_lanes<E>(g, op, (unsigned)w, mask, a, r + here.c)) return;
    }
    ACC_NEXT();
}
template <class E>
void bind_load(const Inst&, Op& op) {
    op.handler[0] = op.handler[1] = op.flags & kOpIndexed ? load<E, true> : load<E, false>;
}
template <class E>
void bind_store(const Inst&, Op& op) {
    op.handler[0] = op.handler[1] = op.flags & kOpIndexed ? store<E, true> : store<E, false>;
}

} // namespace

void bind_generic(Bind* t) {
#define ACC_BIND_LOAD(space, width, bytes)                                                         \
    t[ACC_OPCODE(LD_##space##_##width)] = bind_load<Elem_##width>;
#define ACC_BIND_STORE(space, width, bytes)                                                        \
    t[ACC_OPCODE(ST_##space##_##width)] = bind_store<Elem_##width>;
    ACC_ISA_LOADS_generic(ACC_BIND_LOAD);
    ACC_ISA_STORES_generic(ACC_BIND_STORE);
}

} // namespace acc::model::interp::ACC_SIMD
