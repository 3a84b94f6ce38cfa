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
template <bool Local>
void bind_space(Bind* t, unsigned loads, unsigned stores) {
    t[loads + 0] = bind_load<ElemU8, Local>;
    t[loads + 1] = bind_load<ElemS8, Local>;
    t[loads + 2] = bind_load<ElemU16, Local>;
    t[loads + 3] = bind_load<ElemS16, Local>;
    t[loads + 4] = bind_load<Elem32, Local>;
    t[loads + 5] = bind_load<Elem64, Local>;
    t[loads + 6] = bind_load<Elem128, Local>;
    t[stores + 0] = bind_store<ElemU8, Local>;
    t[stores + 2] = bind_store<ElemU16, Local>;
    t[stores + 4] = bind_store<Elem32, Local>;
    t[stores + 5] = bind_store<Elem64, Local>;
    t[stores + 6] = bind_store<Elem128, Local>;
}

} // namespace

void bind_shared(Bind* t) {
    bind_space<false>(t, ACC_OPCODE(LD_shared_u8), ACC_OPCODE(ST_shared_b8));
}
void bind_local(Bind* t) {
    bind_space<true>(t, ACC_OPCODE(LD_local_u8), ACC_OPCODE(ST_local_b8));
}

} // namespace acc::model::interp::ACC_SIMD
