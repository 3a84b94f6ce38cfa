// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Matrix operations of one warp: ldmatrix, stmatrix, and products (products.h).
#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/src/interp/sched.h"
#include "driver/model/src/interp/simd/products.h"
#include "driver/model/src/interp/simd/shared.h"
#include "driver/model/src/interp/warp_wait.h"

namespace acc::model::interp::ACC_SIMD {
namespace {

// ---- 8x8 matrices of 16-bit elements in shared memory: 8 row addresses each, from lanes 8 *
// matrix ..
/// Row and column of element i (0, 1) of lane l.
ACC_INLINE void matrix_place(unsigned l, unsigned i, bool transposed, unsigned& row,
                             unsigned& column) {
    row = transposed ? l % 4 * 2 + i : l / 4;
    column = transposed ? l / 4 : l % 4 * 2 + i;
}
template <int Count, bool Store>
bool matrix_memory(Gang* g, const Op* op, unsigned w, char* r) {
    const uint32_t users = Count == 4 ? ~0u : (1u << (8 * Count)) - 1;
    const u32v offset = load_row(r + op->a) + (uint32_t)op->imm;
    if ((lanes_inside<16>(offset, g->shared_bytes) & users) != users) {
        raise_offsets<16>(g, op, w, users, offset, g->shared_bytes,
                          Store ? ACC_ACCESS_WRITE : ACC_ACCESS_READ, ACC_SHARED_APERTURE,
                          ACC_FAULT_SHARED_RANGE);
        return false;
    }
    alignas(64) uint32_t at[kLanes];
    store_row((char*)at, offset);
    const bool transposed = mod<mods::MTrans>(op->mods);
    for (unsigned matrix = 0; matrix < Count; ++matrix) {
        uint32_t result[kLanes];
        for (unsigned l = 0; l < kLanes; ++l) {
            result[l] = 0;
            for (unsigned i = 0; i < 2; ++i) {
                unsigned row, column;
                matrix_place(l, i, transposed, row, column);
                uint8_t* p = g->shared + at[8 * matrix + row] + 2 * column;
                uint16_t element = (uint16_t)(Store ? get(r + op->c, matrix, l) >> (16 * i) : 0);
                if (Store)
                    __builtin_memcpy(p, &element, 2);
                else
                    __builtin_memcpy(&element, p, 2);
                result[l] |= (uint32_t)element << (16 * i);
            }
        }
        if (!Store) __builtin_memcpy(r + op->d + matrix * kRowBytes, result, sizeof result);
    }
    return true;
}

// ---- handlers
template <Product* F>
struct Pure {
    ACC_MEMBER bool run(Gang*, const Op* op, unsigned, char* r) {
        F(op->mods, r + op->a, r + op->b, r + op->c, r + op->d);
        return true;
    }
};
template <int Count, bool Store>
struct Memory {
    ACC_MEMBER bool run(Gang* g, const Op* op, unsigned w, char* r) {
        return matrix_memory<Count, Store>(g, op, w, r);
    }
};
/// Warps that are here as a whole execute it; the lanes of others wait for the rest at this
/// instruction and then come again.
template <class K>
void ACC_HANDLER_CC matrix(ACC_HANDLER_ARGS) {
    bool all = true;
    for (uint64_t w = 0; w < warps; ++w) {
        if (m[w] && m[w] != ~0u && g->live[w] != ~0u) { // a thread has exited: it can never
                                                        // complete
            raise(g, op, ACC_FAULT_WARP_OP, (unsigned)w, m[w]);
            return;
        }
        all &= m[w] == ~0u || m[w] == 0;
    }
    alignas(32) uint32_t lanes[kMaxWarps];
    store_masks(lanes, load_masks(m));
    for (uint64_t w = 0; w < warps; ++w) {
        if (lanes[w] == ~0u && !K::run(g, op, (unsigned)w, regs + w * stride)) return;
        if (lanes[w] != ~0u && lanes[w] != 0) wait_for_members(g, op, (unsigned)w, lanes[w], ~0u);
    }
    if (all) ACC_NEXT();
    complete_warp_waits(g);
    ACC_RESUME(go_on(g, op + 1));
}
template <class K>
void bind_matrix_op(Bind* t, unsigned opcode) {
    t[opcode] = [](const Inst&, Op& op) { op.handler[0] = op.handler[1] = matrix<K>; };
}
/// Binds the products that it is told of.
struct Binder {
    Bind* table;
    template <Product* F>
    void add(unsigned opcode) {
        bind_matrix_op<Pure<F>>(table, opcode);
    }
    template <class EA, class EB, int K, bool Half>
    void add_floats(unsigned opcode) {
        add<mma_float<EA, EB, K, Half>>(opcode);
    }
};

} // namespace

void bind_matrix(Bind* t) {
    bind_matrix_op<Memory<1, false>>(t, ACC_OPCODE(LDMATRIX1));
    bind_matrix_op<Memory<2, false>>(t, ACC_OPCODE(LDMATRIX2));
    bind_matrix_op<Memory<4, false>>(t, ACC_OPCODE(LDMATRIX4));
    bind_matrix_op<Memory<1, true>>(t, ACC_OPCODE(STMATRIX1));
    bind_matrix_op<Memory<2, true>>(t, ACC_OPCODE(STMATRIX2));
    bind_matrix_op<Memory<4, true>>(t, ACC_OPCODE(STMATRIX4));
    visit_products(Binder{t});
}

} // namespace acc::model::interp::ACC_SIMD
