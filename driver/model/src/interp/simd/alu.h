// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the function of an opcode to its handlers. A function is a struct F with the number of rows
// of its result and operands (0 = it has none) and `apply(const Op&, a, b, c)` over whole rows:
//
//     struct Iadd { enum { D = 1, A = 1, B = 1, C = 0 }; ACC_MEMBER u32v apply(const Op&, u32v a,
//     u32v b, None) { return a + b; } };
//
// bind_alu<F> makes handlers for each form (registers, immediate b, immediate c), for all lanes and
// for masked lanes.
#pragma once

#include "driver/model/src/interp/sched.h"
#include "driver/model/src/interp/simd/lift.h"
#include "driver/model/src/interp/simd/simd.h"
#include "driver/model/src/interp/variant.h"

namespace acc::model::interp::ACC_SIMD {

// Threaded dispatch: the end of every handler.
#define ACC_GO(next_op)                                                                            \
    do {                                                                                           \
        const Op* go = (next_op);                                                                  \
        if (__builtin_expect(go == stop, 0)) [[clang::musttail]]                                   \
            return arrive(go, g, stop, regs, stride, warps, mode, g->mask);                        \
        [[clang::musttail]] return go->handler[mode](go, g, stop, regs, stride, warps, mode,       \
                                                     g->mask);                                     \
    } while (0)
#define ACC_NEXT() ACC_GO(op + 1)
/// After the scheduler chose what runs: everything is reloaded from the gang.
#define ACC_RESUME(next_op)                                                                        \
    do {                                                                                           \
        const Op* go = (next_op);                                                                  \
        if (!go) return;                                                                           \
        [[clang::musttail]] return go->handler[g->mode](go, g, g->stop, regs, stride, warps,       \
                                                        g->mode, g->mask);                         \
    } while (0)

/// The walk has reached the pc of a parked group.
void ACC_HANDLER_CC arrive(ACC_HANDLER_ARGS);

struct None {};
template <int N>
struct RowsOf;
template <>
struct RowsOf<0> {
    typedef None type;
};
template <>
struct RowsOf<1> {
    typedef u32v type;
};
template <>
struct RowsOf<2> {
    typedef Wide type;
};

ACC_INLINE uint32_t combine(unsigned bop, uint32_t cmp, uint32_t ps) {
    switch (bop) {
    case mods::MBool_and: return cmp & ps;
    case mods::MBool_or: return cmp | ps;
    case mods::MBool_xor: return cmp ^ ps;
    default: return cmp;
    }
}

template <int N>
ACC_INLINE typename RowsOf<N>::type load_operand(const char* p) {
    if constexpr (N == 1)
        return load_row(p);
    else if constexpr (N == 2)
        return Wide{load_row(p), load_row(p + kRowBytes)};
    else
        return None{};
}
template <int N>
ACC_INLINE typename RowsOf<N>::type immediate_operand(const Op* op) {
    if constexpr (N == 1)
        return splat((uint32_t)op->imm);
    else if constexpr (N == 2)
        return Wide{splat((uint32_t)op->imm), splat((uint32_t)(op->imm >> 32))};
    else
        return None{};
}
template <bool Masked>
ACC_INLINE void store_result(char* p, u32v v, uint32_t m) {
    if constexpr (Masked)
        store_row_masked(p, v, m);
    else
        store_row(p, v);
}
template <bool Masked>
ACC_INLINE void store_result(char* p, Wide v, uint32_t m) {
    store_result<Masked>(p, v.lo, m);
    store_result<Masked>(p + kRowBytes, v.hi, m);
}

#ifdef ACC_LIFT

ACC_INLINE LiftOp& lifted_op(Op& op) {
    return reinterpret_cast<LiftOp&>(op); // it is the first member of one
}
ACC_INLINE void store_lifted(const LiftOp& op, u32v v) {
    *(u32v*)op.result = v;
}
ACC_INLINE void store_lifted(const LiftOp& op, Wide v) {
    ((u32v*)op.result)[0] = v.lo;
    ((u32v*)op.result)[1] = v.hi;
}
template <class F, int Form>
ACC_INLINE auto evaluate_lifted(const LiftOp& op) {
    auto a = load_operand<F::A>((const char*)op.source_a);
    auto b = Form == 1 ? immediate_operand<F::B>(&op.op)
                       : load_operand<F::B>((const char*)op.source_b);
    auto c = Form == 2 ? immediate_operand<F::C>(&op.op)
                       : load_operand<F::C>((const char*)op.source_c);
    return F::apply(op.op, a, b, c);
}
template <class F>
void bind_alu(const Inst& in, Op& op) {
    LiftOp& lifted = lifted_op(op);
    if constexpr (F::B != 0)
        if (in.form == 1) return store_lifted(lifted, evaluate_lifted<F, 1>(lifted));
    if constexpr (F::C != 0)
        if (in.form == 2) return store_lifted(lifted, evaluate_lifted<F, 2>(lifted));
    store_lifted(lifted, evaluate_lifted<F, 0>(lifted));
}
template <class F>
void bind_rare(const Inst& in, Op& op) {
    bind_alu<F>(in, op);
}
template <class F, bool Bop>
ACC_INLINE void compare_lifted(const Inst& in, Op& op) {
    LiftOp& lifted = lifted_op(op);
    uint32_t cmp;
    if (F::B != 0 && in.form == 1)
        cmp = evaluate_lifted<F, 1>(lifted);
    else
        cmp = evaluate_lifted<F, 0>(lifted);
    const unsigned bop = Bop ? mod<mods::MBool>(op.mods) : mods::MBool_default;
    lifted.predicate_d = combine(bop, cmp, lifted.predicate);
    lifted.predicate_e = combine(bop, ~cmp, lifted.predicate);
}
template <class F>
void bind_compare(const Inst& in, Op& op) {
    compare_lifted<F, true>(in, op);
}
template <class F>
void bind_test(const Inst& in, Op& op) {
    compare_lifted<F, false>(in, op);
}

#else

template <class F, int Form>
ACC_INLINE auto evaluate(const Op& op, const char* r) {
    auto a = load_operand<F::A>(r + op.a);
    auto b = Form == 1 ? immediate_operand<F::B>(&op) : load_operand<F::B>(r + op.b);
    auto c = Form == 2 ? immediate_operand<F::C>(&op) : load_operand<F::C>(r + op.c);
    return F::apply(op, a, b, c);
}

template <class F, int Form, bool Masked>
void ACC_HANDLER_CC alu(ACC_HANDLER_ARGS) {
    const Op here = *op; // what the loop needs of it stays in host registers, whatever the stores
                         // to rows may alias
    char* r = regs;
#pragma clang loop unroll(disable)
    for (uint64_t w = 0; w < warps; ++w, r += stride) {
        if (Masked && !m[w]) continue;
        store_result<Masked>(r + here.d, evaluate<F, Form>(here, r), Masked ? m[w] : ~0u);
    }
    ACC_NEXT();
}

template <class F>
void bind_alu(const Inst& in, Op& op) {
    Handler all = alu<F, 0, false>, masked = alu<F, 0, true>;
    if constexpr (F::B != 0)
        if (in.form == 1) all = alu<F, 1, false>, masked = alu<F, 1, true>;
    if constexpr (F::C != 0)
        if (in.form == 2) all = alu<F, 2, false>, masked = alu<F, 2, true>;
    op.handler[0] = all;
    op.handler[1] = masked;
}
/// For functions that are too large or too rare to be compiled twice.
template <class F>
void bind_rare(const Inst& in, Op& op) {
    Handler masked = alu<F, 0, true>;
    if constexpr (F::B != 0)
        if (in.form == 1) masked = alu<F, 1, true>;
    if constexpr (F::C != 0)
        if (in.form == 2) masked = alu<F, 2, true>;
    op.handler[0] = op.handler[1] = masked;
}

/// Writes a destination predicate for the lanes of m.
ACC_INLINE void set_pred(Gang* g, unsigned row, unsigned w, uint32_t value, uint32_t m) {
    uint32_t& p = g->pred[row][w];
    p = (p & ~m) | (value & m);
}
/// Handlers of comparisons: F::apply gives a lane mask. Bop: whether the bop field is used.
template <class F, int Form, bool Bop>
void ACC_HANDLER_CC compare(ACC_HANDLER_ARGS) {
    const Op here = *op;
    const unsigned bop = mod<mods::MBool>(here.mods);
    const uint32_t negate = here.flags & kOpPsNeg ? ~0u : 0u;
    uint32_t* pd = g->pred[here.pd];
    uint32_t* pe = g->pred[here.pe];
    const uint32_t* ps = g->pred[here.ps];
    const bool both = here.pe != kPredDiscard;
    char* r = regs;
#pragma clang loop unroll(disable)
    for (uint64_t w = 0; w < warps; ++w, r += stride) {
        const uint32_t lanes = m[w];
        if (!lanes) continue;
        uint32_t cmp = evaluate<F, Form>(here, r), inverse = ~cmp;
        if constexpr (Bop) {
            const uint32_t other = ps[w] ^ negate;
            cmp = combine(bop, cmp, other);
            inverse = combine(bop, inverse, other);
        }
        pd[w] = (pd[w] & ~lanes) | (cmp & lanes);
        if (both) pe[w] = (pe[w] & ~lanes) | (inverse & lanes);
    }
    ACC_NEXT();
}
template <class F>
void bind_compare(const Inst& in, Op& op) {
    const bool bop = mod<mods::MBool>(in.mods) != mods::MBool_default;
    Handler h = bop ? compare<F, 0, true> : compare<F, 0, false>;
    if constexpr (F::B != 0)
        if (in.form == 1) h = bop ? compare<F, 1, true> : compare<F, 1, false>;
    op.handler[0] = op.handler[1] = h;
}

/// Of tests, which have no second operand and no predicate to combine with.
template <class F>
void bind_test(const Inst&, Op& op) {
    op.handler[0] = op.handler[1] = compare<F, 0, false>;
}

#endif // ACC_LIFT

/// Applies a function of scalars lane by lane, for what has no vector form.
template <class S>
ACC_INLINE u32v per_lane(S f, u32v a, u32v b = 0, u32v c = 0) {
    u32v r;
#pragma clang loop unroll(disable)
    for (int l = 0; l < 32; ++l)
        r[l] = f(a[l], b[l], c[l]);
    return r;
}
ACC_INLINE uint64_t wide_lane(const Wide& w, int l) {
    return (uint64_t)w.hi[l] << 32 | w.lo[l];
}
ACC_INLINE void set_wide_lane(Wide& w, int l, uint64_t v) {
    w.lo[l] = (uint32_t)v;
    w.hi[l] = (uint32_t)(v >> 32);
}

// Function structs. The expression sees op, a, b, c.
#define ACC_FUNC(name, d, na, nb, nc, ...)                                                         \
    struct name {                                                                                  \
        enum { D = d, A = na, B = nb, C = nc };                                                    \
        template <class TA, class TB, class TC>                                                    \
        ACC_MEMBER auto apply(const Op& op, TA a, TB b, TC c) {                                    \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }

// What each file of opcodes adds to the table.
void bind_integer(Bind* table);
void bind_integer_rare(Bind* table);
void bind_logic(Bind* table);
void bind_moves(Bind* table);
void bind_float32(Bind* table);
void bind_float64(Bind* table);
void bind_half(Bind* table);
void bind_sfu(Bind* table);
void bind_convert(Bind* table);
void bind_convert_narrow(Bind* table);
void bind_control(Bind* table);
void bind_global(Bind* table);
void bind_generic(Bind* table);
void bind_shared(Bind* table);
void bind_local(Bind* table);
void bind_atomics(Bind* table);
void bind_sync(Bind* table);
void bind_warp(Bind* table);
void bind_async(Bind* table);
void bind_matrix(Bind* table);
void bind_texture(Bind* table);

#define ACC_OPCODE(name) (unsigned)isa::Opcode::name

} // namespace acc::model::interp::ACC_SIMD
