// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loads and stores of shared and local memory.
#include "driver/model/src/interp/simd/shared.h"

#include "acc/spec/acc_isa_opcodes.h"

namespace acc::model::interp::ACC_SIMD {

__attribute__((cold)) void raise_window(Gang* g, const Op* op, unsigned w, uint32_t mask,
                                        const LaneAddresses& offsets, uint64_t limit,
                                        uint32_t bytes, uint32_t access, uint64_t aperture,
                                        uint32_t range_cause) {
    uint32_t cause = ACC_FAULT_NONE, lanes = 0;
    uint64_t address = 0;
    for (; mask; mask &= mask - 1) {
        const unsigned l = (unsigned)__builtin_ctz(mask);
        const uint64_t offset = offsets.va[l];
        const bool outside = limit < bytes || offset > limit - bytes;
        const uint32_t c = offset % bytes ? ACC_FAULT_MISALIGNED
                           : outside      ? range_cause
                                          : ACC_FAULT_NONE;
        if (c != ACC_FAULT_NONE && cause == ACC_FAULT_NONE) {
            cause = c;
            address = aperture + offset;
        }
        if (c != ACC_FAULT_NONE && c == cause) lanes |= 1u << l;
    }
    raise_access(g, op, cause, w, lanes, access, address, bytes);
}

namespace {

template <class E, bool Indexed, bool Local>
void ACC_HANDLER_CC load(ACC_HANDLER_ARGS) {
    note_strong(g, op);
    const Op here = *op;
    char* r = regs;
#pragma clang loop unroll(disable)
    for (uint64_t w = 0; w < warps; ++w, r += stride) {
        const uint32_t mask = m[w];
        if (!mask) continue;
        const u32v offset = address32<Indexed>(&here, r);
        if (!(Local ? load_local<E>(g, op, (unsigned)w, mask, offset, r + here.d)
                    : load_shared<E>(g, op, (unsigned)w, mask, offset, r + here.d)))
            return;
    }
    ACC_NEXT();
}
template <class E, bool Indexed, bool Local>
void ACC_HANDLER_CC store(ACC_HANDLER_ARGS) {
    const Op here = *op;
    char* r = regs;
#pragma clang loop unroll(disable)
    for (uint64_t w = 0; w < warps; ++w, r += stride) {
        const uint32_t mask = m[w];
        if (!mask) continue;
        const u32v offset = address32<Indexed>(&here, r);
        if (!(Local ? store_local<E>(g, op, (unsigned)w, mask, offset, r + here.c)
                    : store_shared<E>(g, op, (unsigned)w, mask, offset, r + here.c)))
            return;
    }
    ACC_NEXT();
}
template <class E, bool Local>
void bind_load(const Inst&, Op& op) {
    op.handler[0] = op.handler[1] = op.flags & kOpIndexed ? load<E, true, Local>
                                                          : load<E, false, Local>;
}
template <class E, bool Local>
void bind_store(const Inst&, Op& op) {
    op.handler[0] = op.handler[1] = op.flags & kOpIndexed ? store<E, true, Local>
                                                          : store<E, false, Local>;
}
} // namespace

#define ACC_BIND_LOAD(space, width, bytes)                                                         \
    t[ACC_OPCODE(LD_##space##_##width)] = bind_load<Elem_##width, Local>;
#define ACC_BIND_STORE(space, width, bytes)                                                        \
    t[ACC_OPCODE(ST_##space##_##width)] = bind_store<Elem_##width, Local>;

void bind_shared(Bind* t) {
    constexpr bool Local = false;
    ACC_ISA_LOADS_shared(ACC_BIND_LOAD);
    ACC_ISA_STORES_shared(ACC_BIND_STORE);
}
void bind_local(Bind* t) {
    constexpr bool Local = true;
    ACC_ISA_LOADS_local(ACC_BIND_LOAD);
    ACC_ISA_STORES_local(ACC_BIND_STORE);
}

} // namespace acc::model::interp::ACC_SIMD
