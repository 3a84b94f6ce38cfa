// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Integer division where the divisor is the same for all threads, and dot products of bytes on
// hosts that have them. The rest is the interpreter's arithmetic (alu.cpp).
#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/IntrinsicsX86.h>

#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

using namespace llvm;
using isa::Field;
using isa::Opcode;
namespace mods = isa::mods;

namespace {
struct Division {
    unsigned bits;
    bool sign, remainder;
};
std::optional<Division> division_of(Opcode op) {
    switch (op) {
    case Opcode::S32_DIV: return Division{32, true, false};
    case Opcode::S32_REM: return Division{32, true, true};
    case Opcode::U32_DIV: return Division{32, false, false};
    case Opcode::U32_REM: return Division{32, false, true};
    case Opcode::S64_DIV: return Division{64, true, false};
    case Opcode::S64_REM: return Division{64, true, true};
    case Opcode::U64_DIV: return Division{64, false, false};
    case Opcode::U64_REM: return Division{64, false, true};
    default: return std::nullopt;
    }
}
} // namespace

/// Of one number by another. By 0: all ones. The least number by -1: itself.
Emitter::IR Emitter::divide_scalars(IR a, IR b, bool sign) {
    IR none = ir_.CreateIsNull(b), one = ConstantInt::get(b->getType(), 1);
    IR ones = Constant::getAllOnesValue(b->getType());
    if (!sign)
        return ir_.CreateSelect(none, ones, ir_.CreateUDiv(a, ir_.CreateSelect(none, one, b)));
    IR minus = ir_.CreateICmpEQ(b, ones);
    IR q = ir_.CreateSDiv(a, ir_.CreateSelect(ir_.CreateOr(none, minus), one, b));
    return ir_.CreateSelect(none, ones, ir_.CreateSelect(minus, ir_.CreateNeg(q), q));
}

/// Lanes of 32 bits by one number, unsigned: (a + 1/2) / b is 1/2b or more away from every integer,
/// and its error as f64, made with the rounded 1 / b, is less.
Emitter::IR Emitter::divide_lanes(IR a, IR b) {
    llvm::Type* f64 = llvm::Type::getDoubleTy(cx_);
    IR none = ir_.CreateIsNull(b);
    IR inverse = ir_.CreateFDiv(
        ConstantFP::get(f64, 1.0),
        ir_.CreateUIToFP(ir_.CreateSelect(none, ConstantInt::get(b->getType(), 1), b), f64));
    IR half = ir_.CreateFMul(inverse, ConstantFP::get(f64, 0.5));
    llvm::Type* lanes = FixedVectorType::get(f64, lanes_);
    IR q = ir_.CreateIntrinsic(Intrinsic::fma, {lanes},
                               {ir_.CreateUIToFP(a, lanes), splat(inverse), splat(half)});
    return ir_.CreateOr(ir_.CreateFPToUI(q, a->getType()),
                        splat(ir_.CreateSExt(none, b->getType())));
}

/// vpdpbusd: c + the products of unsigned bytes of u and signed ones of s.
Emitter::IR Emitter::dot_bytes(IR c, IR u, IR s) {
    const unsigned lanes = has_masks_ ? 16 : 8;
    return in_parts(lanes, {c, u, s}, [&](SmallVector<IR, 4> part) {
        llvm::Type* bytes = FixedVectorType::get(ir_.getInt8Ty(), 4 * lanes);
        for (unsigned i = 1; i < 3; ++i)
            part[i] = ir_.CreateBitCast(part[i], bytes);
        return ir_.CreateIntrinsic(has_masks_ ? Intrinsic::x86_avx512_vpdpbusd_512
                                              : Intrinsic::x86_avx512_vpdpbusd_256,
                                   {}, part);
    });
}

/// The host multiplies unsigned bytes with signed ones only. Others differ by 128 from those, and
/// the difference is a product with 128 of one operand alone: of one that is the same for all
/// threads, if there is one.
bool Emitter::emit_dot(const Inst& inst) {
    if (!has_dots_ || inst.op() != Opcode::DP4A) return false;
    Value a = source(inst, Field::ra, 32), b = source(inst, Field::rb, 32);
    const Value c = source(inst, Field::rc, 32);
    const bool ua = mods::MDpA.get(inst.mods()) == mods::MDpA_u8,
               ub = mods::MDpB.get(inst.mods()) == mods::MDpB_ub;
    if (a.is_uniform() && b.is_uniform() && c.is_uniform()) return false;
    Value r = vector_value(32, nullptr);
    if (!dry_) {
        if (ub && !ua) std::swap(a, b); // a has the unsigned bytes
        if (ua == ub && a.is_uniform()) std::swap(a, b);
        IR x = vector(a), y = vector(b), sum = vector(c), correction = nullptr;
        IR top = ConstantInt::get(x->getType(), 0x80808080);
        IR more = ConstantInt::get(x->getType(), 4 << 14);
        if (ua == ub) { // with y' = y + 128 or y - 128, the same bits:
            IR moved_x = ir_.CreateXor(x, top), moved_y = ir_.CreateXor(y, top);
            if (ua) { // y (x - 128) + 128 y, and 128 y = 128 y' + 2^14
                correction = dot_bytes(more, top, moved_y);
                x = y, y = moved_x;
            } else { // (x + 128) y - 128 y, and -128 y = -128 y' + 2^14
                correction = dot_bytes(more, moved_y, top);
                x = moved_x;
            }
        }
        r.v = dot_bytes(sum, x, y);
        if (correction) r.v = ir_.CreateAdd(r.v, correction); // (dots.cpp)
    }
    put32(static_cast<Reg>(inst.reg(Field::rd)), r);
    return true;
}

bool Emitter::emit_division(const Inst& inst) {
    const std::optional<Division> division = division_of(inst.op());
    if (!division) return false;
    const auto [bits, sign, remainder] = *division;
    const Value a = source(inst, Field::ra, bits), b = source(inst, Field::rb, bits);
    if (!b.is_uniform() || (!a.is_uniform() && (bits == 64 || !has_masks_))) return false;
    Value r = a.is_uniform() ? uniform(bits, nullptr) : vector_value(bits, nullptr);
    if (a.is_uniform() && !sign) r.most = a.most;
    if (!dry_ && a.is_uniform()) {
        r.v = divide_scalars(a.v, b.v, sign);
        if (remainder) r.v = ir_.CreateSub(a.v, ir_.CreateMul(r.v, b.v));
    } else if (!dry_) {
        IR x = vector(a);
        if (sign) {
            const auto magnitude = [&](IR v) {
                return ir_.CreateBinaryIntrinsic(Intrinsic::abs, v, ir_.getFalse());
            };
            IR s = ir_.CreateAShr(ir_.CreateXor(x, splat(b.v)), 31);
            IR q = divide_lanes(magnitude(x), magnitude(b.v));
            // By 0: all ones, whose sign stays.
            s = ir_.CreateSelect(splat(ir_.CreateIsNull(b.v)), Constant::getNullValue(s->getType()),
                                 s);
            r.v = ir_.CreateSub(ir_.CreateXor(q, s), s);
        } else {
            r.v = divide_lanes(x, b.v);
        }
        if (remainder) r.v = ir_.CreateSub(x, ir_.CreateMul(r.v, splat(b.v)));
    }
    bits == 64 ? put64(static_cast<Reg>(inst.reg(Field::rd)), r)
               : put32(static_cast<Reg>(inst.reg(Field::rd)), r);
    return true;
}

} // namespace acc::model::jit
