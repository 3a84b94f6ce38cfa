// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loads and stores of global and constant memory.
#include "driver/model/src/interp/simd/global.h"

#include "acc/spec/acc_isa_opcodes.h"

namespace acc::model::interp::ACC_SIMD {

namespace {
/// The cause of a fault of one lane, ACC_FAULT_NONE when there is none.
uint32_t lane_cause(const Gang* g, uint64_t va, uint32_t bytes, uint32_t need) {
    if (va % bytes) return ACC_FAULT_MISALIGNED;
    const uint64_t offset = va - g->vm_base;
    if (offset > g->vm_bytes - bytes) return ACC_FAULT_UNMAPPED;
    const uint32_t perm = g->perm[offset >> ACC_PAGE_SHIFT];
    if (perm & kPermPoison) return ACC_FAULT_ECC;
    if (!(perm & kPermRead)) return ACC_FAULT_UNMAPPED;
    return (perm & need) == need ? ACC_FAULT_NONE : ACC_FAULT_PERMISSION;
}

/// Raises the fault of the first failing lane. False when no lane fails (any more: the page table
/// has just changed).
bool raise_global(Gang* g, const Op* op, unsigned w, uint32_t mask, const LaneAddresses& at,
                  uint32_t bytes, uint32_t need, uint32_t access) {
    uint32_t cause = ACC_FAULT_NONE, lanes = 0;
    uint64_t address = 0;
    for (; mask; mask &= mask - 1) {
        const unsigned l = (unsigned)__builtin_ctz(mask);
        const uint32_t c = lane_cause(g, at.va[l], bytes, need);
        if (c != ACC_FAULT_NONE && cause == ACC_FAULT_NONE) {
            cause = c;
            address = at.va[l];
        }
        if (c != ACC_FAULT_NONE && c == cause) lanes |= 1u << l;
    }
    if (cause == ACC_FAULT_NONE) return false;
    raise_access(g, op, cause, w, lanes, access, address, bytes);
    return true;
}
/// Some page does not allow the access, or is not in the window.
__attribute__((noinline, cold)) bool check_slowly(Gang* g, const Op* op, unsigned w, uint32_t mask,
                                                  LaneAddresses& at, uint32_t bytes, uint32_t need,
                                                  uint32_t access) {
    for (;;) {
        if (enter_indirect(g, mask, at.va, bytes, need)) return true;
        if (raise_global(g, op, w, mask, at, bytes, need, access)) return false;
    }
}
} // namespace

bool check_global_lanes(Gang* g, const Op* op, unsigned w, uint32_t mask, LaneAddresses& at,
                        uint32_t bytes, uint32_t need, uint32_t access) {
    uint32_t inside = 0;
    for (int h = 0; h < 2; ++h) {
        const u64h offset = *(const u64h*)(at.va + 16 * h) - g->vm_base;
        typedef bool b16 __attribute__((ext_vector_type(16)));
        const i64h good = (offset <= g->vm_bytes - bytes) &
                          ((offset & (uint64_t)(bytes - 1)) == 0ull);
        inside |= (uint32_t)__builtin_bit_cast(uint16_t, __builtin_convertvector(good, b16))
                  << (16 * h);
    }
    bool good = (inside & mask) == mask;
    if (good) {
        const uint8_t* perm = g->perm;
        const uint64_t base = g->vm_base;
        uint32_t missing = 0;
        for_lanes(mask, [&](unsigned l) ACC_LAMBDA {
            missing |= perm[(at.va[l] - base) >> ACC_PAGE_SHIFT] ^ need;
        });
        good = (missing & (need | kPermPoison | kPermIndirect)) == 0;
    }
    return __builtin_expect(good, 1) || check_slowly(g, op, w, mask, at, bytes, need, access);
}

namespace {

template <class E, bool Indexed>
void ACC_HANDLER_CC load(ACC_HANDLER_ARGS) {
    note_strong(g, op);
    const Op here = *op;
    char* r = regs;
    const uint64_t imm = here.imm;
#pragma clang loop unroll(disable)
    for (uint64_t w = 0; w < warps; ++w, r += stride) {
        const uint32_t mask = m[w];
        if (!mask) continue;
        const Wide a = address64<Indexed>(&here, r);
        if (mask == ~0u && load_global_fast<E>(g, a, imm, r + here.d)) continue;
        LaneAddresses at;
        lane_addresses(at, a, imm);
        if (!load_global_lanes<E>(g, op, (unsigned)w, mask, at, r + here.d)) return;
    }
    ACC_NEXT();
}
/// Loads of which one address for all threads is expected: kernel parameters.
template <class E>
void ACC_HANDLER_CC load_uniform(ACC_HANDLER_ARGS) {
    note_strong(g, op);
    const Op here = *op;
    char* r = regs;
    uint64_t known = 0; // address that `value` was read from
    bool have = false;
    uint32_t value[E::Rows] = {};
#pragma clang loop unroll(disable)
    for (uint64_t w = 0; w < warps; ++w, r += stride) {
        const uint32_t mask = m[w];
        if (!mask) continue;
        const unsigned first = (unsigned)__builtin_ctz(mask);
        const uint32_t lo = lane(r + here.a, first), hi = lane(r + here.a + kRowBytes, first);
        const uint32_t same = mask_of((load_row(r + here.a) == lo) &
                                      (load_row(r + here.a + kRowBytes) == hi));
        const uint64_t va = ((uint64_t)hi << 32 | lo) + here.imm;
        if ((same & mask) == mask &&
            ((have && va == known) ||
             ((va & (E::Bytes - 1)) == 0 && range_allowed(g, va, E::Bytes, kPermRead)))) {
            if (!have || va != known) read_element<E>(g->window + (va - g->vm_base), value);
            known = va;
            have = true;
            for (int i = 0; i < E::Rows; ++i)
                store_row_masked(r + here.d + i * kRowBytes, splat(value[i]), mask);
            continue;
        }
        LaneAddresses at;
        lane_addresses(at, address64<false>(&here, r), here.imm);
        if (!load_global_lanes<E>(g, op, (unsigned)w, mask, at, r + here.d)) return;
    }
    ACC_NEXT();
}
template <class E, bool Indexed>
void ACC_HANDLER_CC store(ACC_HANDLER_ARGS) {
    const Op here = *op;
    char* r = regs;
    const uint64_t imm = here.imm;
#pragma clang loop unroll(disable)
    for (uint64_t w = 0; w < warps; ++w, r += stride) {
        const uint32_t mask = m[w];
        if (!mask) continue;
        const Wide a = address64<Indexed>(&here, r);
        if (mask == ~0u && store_global_fast<E>(g, a, imm, r + here.c)) continue;
        LaneAddresses at;
        lane_addresses(at, a, imm);
        if (!store_global_lanes<E>(g, op, (unsigned)w, mask, at, r + here.c)) return;
    }
    ACC_NEXT();
}
template <class E>
void bind_load(const Inst&, Op& op) {
    op.handler[0] = op.handler[1] = op.flags & kOpIndexed ? load<E, true> : load<E, false>;
}
template <class E>
void bind_const(const Inst&, Op& op) {
    op.handler[0] = op.handler[1] = op.flags & kOpIndexed ? load<E, true> : load_uniform<E>;
}
template <class E>
void bind_store(const Inst&, Op& op) {
    op.handler[0] = op.handler[1] = op.flags & kOpIndexed ? store<E, true> : store<E, false>;
}

} // namespace

void bind_global(Bind* t) {
#define ACC_BIND_LOAD(space, width, bytes)                                                         \
    t[ACC_OPCODE(LD_##space##_##width)] = bind_load<Elem_##width>;
#define ACC_BIND_CONST(space, width, bytes)                                                        \
    t[ACC_OPCODE(LD_##space##_##width)] = bind_const<Elem_##width>;
#define ACC_BIND_STORE(space, width, bytes)                                                        \
    t[ACC_OPCODE(ST_##space##_##width)] = bind_store<Elem_##width>;
    ACC_ISA_LOADS_global(ACC_BIND_LOAD);
    ACC_ISA_LOADS_const(ACC_BIND_CONST);
    ACC_ISA_STORES_global(ACC_BIND_STORE);
}

} // namespace acc::model::interp::ACC_SIMD
