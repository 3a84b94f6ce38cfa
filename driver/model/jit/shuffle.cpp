// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Warp operations where all threads of the warp are together and all of them are members. Others
// are the interpreter's.
#include "driver/model/src/interp/shuffle.h"

#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/IntrinsicsX86.h>

#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

using namespace llvm;
using isa::Field;
using isa::Opcode;
namespace mods = isa::mods;

namespace {
/// Lanes of 32 bits, for the functions of interp/shuffle.h.
struct Lanes {
    IRBuilder<>* ir;
    llvm::Value* v;

    Lanes with(llvm::Value* x) const { return {ir, x}; }
    Lanes number(uint32_t x) const { return with(ConstantInt::get(v->getType(), x)); }
    friend Lanes operator&(Lanes x, Lanes y) { return x.with(x.ir->CreateAnd(x.v, y.v)); }
    friend Lanes operator|(Lanes x, Lanes y) { return x.with(x.ir->CreateOr(x.v, y.v)); }
    friend Lanes operator^(Lanes x, Lanes y) { return x.with(x.ir->CreateXor(x.v, y.v)); }
    friend Lanes operator+(Lanes x, Lanes y) { return x.with(x.ir->CreateAdd(x.v, y.v)); }
    friend Lanes operator-(Lanes x, Lanes y) { return x.with(x.ir->CreateSub(x.v, y.v)); }
    friend Lanes operator&(Lanes x, uint32_t y) { return x & x.number(y); }
    friend Lanes operator+(Lanes x, uint32_t y) { return x + x.number(y); }
    friend Lanes operator>>(Lanes x, uint32_t y) {
        return x.with(x.ir->CreateLShr(x.v, x.number(y).v));
    }
    Lanes operator~() const { return with(ir->CreateNot(v)); }
    friend llvm::Value* operator<=(Lanes x, Lanes y) { return x.ir->CreateICmpULE(x.v, y.v); }
};
/// The same as signed numbers, and what comparisons give.
struct SignedLanes {
    IRBuilder<>* ir = nullptr;
    llvm::Value* v = nullptr;
    SignedLanes() = default;
    SignedLanes(llvm::Value* comparison) : v(comparison) {}
    explicit SignedLanes(Lanes x) : ir(x.ir), v(x.v) {}
    friend SignedLanes operator>=(SignedLanes x, SignedLanes y) {
        return x.ir->CreateICmpSGE(x.v, y.v);
    }
};
} // namespace

/// shfl whose lanes are known at run time only.
bool Emitter::emit_shuffle_of_lanes(const Inst& inst, const Value& x, const Value& b) {
    if (!has_masks_) return false;
    Value v = vector_value(32, nullptr), in_range = vector_value(1, nullptr);
    v.raw = x.raw;
    if (!dry_) {
        SmallVector<Constant*, kLanes> numbers;
        for (uint32_t l = 0; l < lanes_; ++l)
            numbers.push_back(ir_.getInt32(l % kLanes));
        const Lanes lane{&ir_, ConstantVector::get(numbers)};
        SignedLanes good;
        const Lanes from = interp::shuffle_source(
            mods::SHFL::shmode.get(inst.mods()), lane,
            interp::shuffle_operands(inst.mods(), lane.with(vector(b))), good);
        in_range.v = good.v;
        IR all = vector(x), index = ir_.CreateSelect(good.v, from.v, lane.v);
        const auto half = [&](IR lanes, unsigned i) {
            SmallVector<int, 16> which;
            for (unsigned l = 0; l < 16; ++l)
                which.push_back(static_cast<int>(i * 16 + l));
            return ir_.CreateShuffleVector(lanes, which);
        };
        SmallVector<IR, 16> parts;
        for (unsigned i = 0; i < 2 * warps_; ++i)
            parts.push_back(
                ir_.CreateIntrinsic(Intrinsic::x86_avx512_vpermi2var_d_512, {},
                                    {half(all, i & ~1u), half(index, i), half(all, i | 1)}));
        v.v = whole(parts);
    }
    put32(static_cast<Reg>(inst.reg(Field::rd)), v);
    put_pred(inst.reg(Field::pd), in_range);
    return true;
}

/// shfl whose lanes are known here: a constant permutation, or one lane's value for all.
bool Emitter::emit_permutation(const Inst& inst) {
    const uint32_t m = inst.mods();
    const unsigned source_of = mods::SHFL::src.get(m), mode = mods::SHFL::shmode.get(m);
    const Value b = source(inst, Field::rb, 32);
    const Value x = float_source(inst, Field::ra, 32);
    const auto rd = static_cast<Reg>(inst.reg(Field::rd));
    const bool whole = source_of == mods::SHFL::src_default && mods::SHFL::seg.get(m) == 0 &&
                       mods::SHFL::clamp.get(m) == kLanes - 1;
    if (source_of != mods::SHFL::src_simm && !b.known) {
        if (mode != mods::SHFL::shmode_idx || !whole || !b.is_uniform())
            return emit_shuffle_of_lanes(inst, x, b);
        IR lane = dry_ ? nullptr : ir_.CreateAnd(b.v, constant(32, kLanes - 1));
        Value v = per_warp(
            32, [&](unsigned p) { return ir_.CreateExtractElement(part(vector(x), p), lane); });
        v.raw = x.raw;
        put32(rd, v);
        put_pred(inst.reg(Field::pd), constant_value(1, 1));
        return true;
    }
    SmallVector<int, kLanes> from;
    SmallVector<Constant*, kLanes> in_range;
    bool all = true;
    for (uint32_t i = 0; i < lanes_; ++i) {
        const uint32_t lane = i % kLanes;
        const auto operands = interp::shuffle_operands<uint32_t>(
            m, static_cast<uint32_t>(b.known.value_or(0)));
        int32_t good = 0;
        const uint32_t other = interp::shuffle_source<uint32_t, int32_t>(mode, lane, operands,
                                                                         good);
        from.push_back(static_cast<int>(i - lane + (good ? other % kLanes : lane)));
        in_range.push_back(ConstantInt::getBool(cx_, good != 0));
        all = all && good;
    }
    Value v = x;
    if (!x.is_uniform()) {
        v = vector_value(32, nullptr);
        v.raw = x.raw;
        if (!dry_) v.v = ir_.CreateShuffleVector(vector(x), from);
    }
    put32(rd, v);
    put_pred(inst.reg(Field::pd),
             all ? constant_value(1, 1)
                 : vector_value(1, dry_ ? nullptr : ConstantVector::get(in_range)));
    return true;
}

bool Emitter::emit_vote(const Inst& inst) {
    const Value p = get_pred(inst.reg(Field::ps), isa::get(inst.word, Field::psneg));
    IR lanes = vector(p);
    const auto truth = [&](auto f) {
        put_pred(inst.reg(Field::pd),
                 per_warp(1, [&](unsigned w) { return f(part_bits(lanes, w)); }));
        return true;
    };
    const auto all = [&](IR bits) { return ir_.CreateICmpEQ(bits, constant(32, ~0ull)); };
    const auto some = [&](IR bits) { return ir_.CreateICmpNE(bits, constant(32, 0)); };
    switch (inst.op()) {
    case Opcode::VOTE_ALL: return truth(all);
    case Opcode::VOTE_ANY: return truth(some);
    case Opcode::VOTE_UNI:
        return truth([&](IR bits) { return ir_.CreateOr(all(bits), ir_.CreateNot(some(bits))); });
    default:
        put32(static_cast<Reg>(inst.reg(Field::rd)),
              per_warp(32, [&](unsigned w) { return part_bits(lanes, w); }));
        return true;
    }
}

bool Emitter::emit_redux(const Inst& inst) {
    static constexpr Intrinsic::ID kReduce[] = {
        Intrinsic::vector_reduce_add,  Intrinsic::vector_reduce_smin, Intrinsic::vector_reduce_smax,
        Intrinsic::vector_reduce_umin, Intrinsic::vector_reduce_umax, Intrinsic::vector_reduce_and,
        Intrinsic::vector_reduce_or,   Intrinsic::vector_reduce_xor};
    const unsigned how = mods::REDUX::rop.get(inst.mods());
    if (how >= std::size(kReduce)) return false;
    const Value x = source(inst, Field::ra, 32);
    IR lanes = vector(x);
    put32(static_cast<Reg>(inst.reg(Field::rd)), per_warp(32, [&](unsigned p) {
              return ir_.CreateUnaryIntrinsic(kReduce[how], part(lanes, p));
          }));
    return true;
}

bool Emitter::emit_shuffle(const Inst& inst) {
    if (inst.op() < Opcode::SHFL || inst.op() > Opcode::ACTIVEMASK || partial_[current_] ||
        inst.guarded())
        return false;
    const auto rd = static_cast<Reg>(inst.reg(Field::rd));
    if (inst.op() == Opcode::ACTIVEMASK) {
        put32(rd, constant_value(32, ~0ull));
        return true;
    }
    const Value members = source(inst, Field::rc, 32);
    if (!members.known || *members.known != 0xffffffff) return false;
    switch (inst.op()) {
    case Opcode::SHFL: return emit_permutation(inst);
    case Opcode::VOTE_ALL:
    case Opcode::VOTE_ANY:
    case Opcode::VOTE_UNI:
    case Opcode::BALLOT: return emit_vote(inst);
    case Opcode::REDUX: return emit_redux(inst);
    case Opcode::ELECT: {
        put32(rd, constant_value(32, 0));
        SmallVector<Constant*, kLanes> first(lanes_, ConstantInt::getFalse(cx_));
        for (unsigned i = 0; i < lanes_; i += kLanes)
            first[i] = ConstantInt::getTrue(cx_);
        put_pred(inst.reg(Field::pd), vector_value(1, dry_ ? nullptr : ConstantVector::get(first)));
        return true;
    }
    default: return false;
    }
}

} // namespace acc::model::jit
