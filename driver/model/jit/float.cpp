// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Floating point with the host's arithmetic: round to nearest even, subnormals kept. The other
// roundings, ftz and sat are the interpreter's.
#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/IntrinsicsX86.h>

#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

using namespace llvm;
using isa::Field;
using isa::Opcode;
namespace mods = isa::mods;

namespace {
constexpr uint32_t kNotHere = mods::MRnd.mask() | mods::MFtz.mask() | mods::MSat.mask();

CmpInst::Predicate float_predicate(unsigned cmp) {
    switch (cmp) {
    case mods::MFCmp_eq: return CmpInst::FCMP_OEQ;
    case mods::MFCmp_ne: return CmpInst::FCMP_ONE;
    case mods::MFCmp_lt: return CmpInst::FCMP_OLT;
    case mods::MFCmp_le: return CmpInst::FCMP_OLE;
    case mods::MFCmp_gt: return CmpInst::FCMP_OGT;
    case mods::MFCmp_ge: return CmpInst::FCMP_OGE;
    case mods::MFCmp_num: return CmpInst::FCMP_ORD;
    case mods::MFCmp_nan: return CmpInst::FCMP_UNO;
    case mods::MFCmp_equ: return CmpInst::FCMP_UEQ;
    case mods::MFCmp_neu: return CmpInst::FCMP_UNE;
    case mods::MFCmp_ltu: return CmpInst::FCMP_ULT;
    case mods::MFCmp_leu: return CmpInst::FCMP_ULE;
    case mods::MFCmp_gtu: return CmpInst::FCMP_UGT;
    default: return CmpInst::FCMP_UGE;
    }
}
} // namespace

Emitter::IR Emitter::with_signs(IR x, uint32_t m, uint32_t absolute, uint32_t negative) {
    if (m & absolute) x = ir_.CreateUnaryIntrinsic(Intrinsic::fabs, x);
    if (m & negative) x = ir_.CreateFNeg(x);
    return x;
}

/// Arithmetic in another direction than to the nearest, on hosts whose instructions say it
/// (AVX-512). Null: there is none here.
Emitter::IR Emitter::rounded(const Inst& inst, ArrayRef<IR> v, unsigned bits) {
    const bool wide = bits == 64;
    Intrinsic::ID id = Intrinsic::not_intrinsic;
    switch (inst.op()) {
    case Opcode::FADD: id = Intrinsic::x86_avx512_add_ps_512; break;
    case Opcode::FMUL: id = Intrinsic::x86_avx512_mul_ps_512; break;
    case Opcode::FFMA: id = Intrinsic::x86_avx512_vfmadd_ps_512; break;
    case Opcode::DADD: id = Intrinsic::x86_avx512_add_pd_512; break;
    case Opcode::DMUL: id = Intrinsic::x86_avx512_mul_pd_512; break;
    case Opcode::DFMA: id = Intrinsic::x86_avx512_vfmadd_pd_512; break;
    default: return nullptr;
    }
    // MRnd's rz, rm, rp as the host's number, with the bit for "no exceptions".
    static constexpr uint32_t kDirection[] = {8 | 0, 8 | 3, 8 | 1, 8 | 2};
    IR direction = ir_.getInt32(kDirection[mods::MRnd.get(inst.mods()) & 3]);
    return in_parts(wide ? 8 : 16, v, [&](SmallVector<IR, 4> part) {
        part.push_back(direction);
        return ir_.CreateIntrinsic(id, {}, part);
    });
}

/// A product of floats rounded towards zero, where the host has no such instruction: of the
/// magnitudes, one less in the last place where the nearest number is more than the product. What
/// is left of it has a sign for that even where it is too small to be a number itself.
Emitter::IR Emitter::product_to_zero(IR a, IR b) {
    IR magnitude = ConstantInt::get(as_int(a, 32)->getType(), 0x7fffffff);
    IR x = as_int(a, 32), y = as_int(b, 32);
    IR sign = ir_.CreateAnd(ir_.CreateXor(x, y), ir_.CreateNot(magnitude));
    IR fx = as_float(ir_.CreateAnd(x, magnitude), 32),
       fy = as_float(ir_.CreateAnd(y, magnitude), 32);
    IR nearest = ir_.CreateFMul(fx, fy);
    IR rest = ir_.CreateIntrinsic(Intrinsic::fma, {nearest->getType()},
                                  {fx, fy, ir_.CreateFNeg(nearest)});
    // Negative, and no NaN, which stands for infinity.
    IR above = ir_.CreateICmpSLE(as_int(rest, 32),
                                 ConstantInt::get(magnitude->getType(), 0xff800000u));
    IR bits = ir_.CreateAdd(as_int(nearest, 32), ir_.CreateSExt(above, magnitude->getType()));
    return as_float(ir_.CreateOr(bits, sign), 32);
}

/// The three-operand form of what emit_float leaves: with a rounding mode.
bool Emitter::emit_rounded(const Inst& inst, unsigned bits) {
    const uint32_t m = inst.mods();
    const bool fma = inst.op() == Opcode::FFMA || inst.op() == Opcode::DFMA;
    const bool known = fma || inst.op() == Opcode::FADD || inst.op() == Opcode::DADD ||
                       inst.op() == Opcode::FMUL || inst.op() == Opcode::DMUL;
    if (!known || (m & (mods::MFtz.mask() | mods::MSat.mask()))) return false;
    const bool to_zero = inst.op_is(Opcode::FMUL) && mods::MRnd.get(m) == mods::MRnd_rz;
    if (!has_masks_ && !to_zero) return false;
    std::vector<Value> operands{float_source(inst, Field::ra, bits),
                                float_source(inst, Field::rb, bits)};
    if (fma) operands.push_back(float_source(inst, Field::rc, bits));
    const bool all_uniform = std::all_of(operands.begin(), operands.end(),
                                         [](const Value& v) { return v.is_uniform(); });
    Value r = all_uniform ? uniform(bits, nullptr) : vector_value(bits, nullptr);
    r.raw = true;
    if (!dry_) {
        SmallVector<IR, 4> v;
        const uint32_t negative[] = {mods::MNegA.mask(), mods::MNegB.mask(), mods::MNegC.mask()};
        const uint32_t absolute[] = {mods::MAbsA.mask(), mods::MAbsB.mask(), 0};
        for (unsigned i = 0; i < operands.size(); ++i)
            v.push_back(with_signs(as_float(vector(operands[i]), bits), m, fma ? 0 : absolute[i],
                                   negative[i]));
        r.v = as_int(has_masks_ ? rounded(inst, v, bits) : product_to_zero(v[0], v[1]), bits);
        if (all_uniform) r.v = ir_.CreateExtractElement(r.v, uint64_t{0});
    }
    const auto rd = static_cast<Reg>(inst.reg(Field::rd));
    bits == 64 ? put64(rd, r) : put32(rd, r);
    return true;
}

/// Its NaN is made canonical at once, as an integer: LLVM takes `x < 0 ? NaN : sqrt(x)`, which is
/// what it makes of a look at the result, for the root alone.
bool Emitter::emit_sqrt(const Inst& inst, unsigned bits) {
    const auto rd = static_cast<Reg>(inst.reg(Field::rd));
    const Value x = float_source(inst, Field::ra, bits);
    const Value root = lift(bits, {&x}, [&](ArrayRef<IR> v) {
        IR f = as_float(v[0], bits);
        IR none = ir_.CreateFCmpULT(f, Constant::getNullValue(f->getType()));
        IR nan = ConstantInt::get(v[0]->getType(), ~0ull >> (65 - bits));
        return ir_.CreateSelect(none, nan,
                                as_int(ir_.CreateUnaryIntrinsic(Intrinsic::sqrt, f), bits));
    });
    bits == 64 ? put64(rd, root) : put32(rd, root);
    return true;
}

/// f32 (bits = 32) or f64.
bool Emitter::emit_float(const Inst& inst, unsigned bits) {
    const auto rd = static_cast<Reg>(inst.reg(Field::rd));
    const uint32_t m = inst.mods();
    const auto a = [&] { return float_source(inst, Field::ra, bits); };
    const auto b = [&] { return float_source(inst, Field::rb, bits); };
    const auto c = [&] { return float_source(inst, Field::rc, bits); };
    const auto put = [&](Value v, bool may_be_raw = true) {
        v.raw = may_be_raw;
        bits == 64 ? put64(rd, v) : put32(rd, v);
        return true;
    };
    const auto one = [&](auto f) {
        const Value x = a();
        return put(lift(bits, {&x},
                        [&](ArrayRef<IR> v) { return as_int(f(as_float(v[0], bits)), bits); }));
    };
    const auto two = [&](auto f) {
        const Value x = a(), y = b();
        return put(lift(bits, {&x, &y}, [&](ArrayRef<IR> v) {
            IR fx = with_signs(as_float(v[0], bits), m, mods::MAbsA.mask(), mods::MNegA.mask());
            IR fy = with_signs(as_float(v[1], bits), m, mods::MAbsB.mask(), mods::MNegB.mask());
            return as_int(f(fx, fy), bits);
        }));
    };
    switch (inst.op()) {
    case Opcode::FADD:
    case Opcode::DADD:
        if (m & kNotHere) return false;
        return two([&](IR x, IR y) { return ir_.CreateFAdd(x, y); });
    case Opcode::FMUL:
    case Opcode::DMUL:
        if (m & kNotHere) return false;
        return two([&](IR x, IR y) { return ir_.CreateFMul(x, y); });
    case Opcode::FFMA:
    case Opcode::DFMA: {
        if (m & kNotHere) return false;
        const Value x = a(), y = b(), z = c();
        return put(lift(bits, {&x, &y, &z}, [&](ArrayRef<IR> v) {
            const auto operand = [&](unsigned i, uint32_t negative) {
                return with_signs(as_float(v[i], bits), m, 0, negative);
            };
            IR fx = operand(0, mods::MNegA.mask());
            return as_int(ir_.CreateIntrinsic(
                              Intrinsic::fma, {fx->getType()},
                              {fx, operand(1, mods::MNegB.mask()), operand(2, mods::MNegC.mask())}),
                          bits);
        }));
    }
    case Opcode::FMIN:
    case Opcode::DMIN:
    case Opcode::FMAX:
    case Opcode::DMAX: {
        if (m & (mods::MNan.mask() | mods::MXorSign.mask() | (bits == 32 ? mods::MFtz.mask() : 0)))
            return false;
        const bool least = inst.op() == Opcode::FMIN || inst.op() == Opcode::DMIN;
        const Value of_x = a(), of_y = b();
        return two([&](IR x, IR y) {
            if (has_range_ && x->getType()->isVectorTy() && !one_thread_)
                return extreme(of_x, of_y, x, y, least, bits);
            return static_cast<IR>(ir_.CreateIntrinsic(
                least ? Intrinsic::minimumnum : Intrinsic::maximumnum, {x->getType()}, {x, y}));
        });
    }
    case Opcode::FDIV:
    case Opcode::DDIV: {
        if (m & (mods::MRnd.mask() | mods::MFtz.mask())) return false;
        const Value x = a(), y = b();
        return put(lift(bits, {&x, &y}, [&](ArrayRef<IR> v) {
            return as_int(ir_.CreateFDiv(as_float(v[0], bits), as_float(v[1], bits)), bits);
        }));
    }
    case Opcode::FRCP:
    case Opcode::DRCP:
        if (m & (mods::MRnd.mask() | mods::MFtz.mask())) return false;
        return one([&](IR x) { return ir_.CreateFDiv(ConstantFP::get(x->getType(), 1.0), x); });
    case Opcode::FSQRT:
    case Opcode::DSQRT:
        if (m & (mods::MRnd.mask() | mods::MFtz.mask())) return false;
        return emit_sqrt(inst, bits);
    case Opcode::SQRT: return m == 0 && emit_sqrt(inst, bits);
    case Opcode::RCP:
        if (m) return false;
        return one([&](IR x) { return ir_.CreateFDiv(ConstantFP::get(x->getType(), 1.0), x); });
    case Opcode::RSQRT:
        if (m) return false;
        return one([&](IR x) {
            IR root = ir_.CreateUnaryIntrinsic(Intrinsic::sqrt, x);
            return ir_.CreateFDiv(ConstantFP::get(x->getType(), 1.0), root);
        });
    case Opcode::FSETP:
    case Opcode::DSETP: {
        if (bits == 32 && mods::FSETP::sftz.get(m)) return false;
        const Value x = a(), y = b();
        const Value cmp = lift(1, {&x, &y}, [&](ArrayRef<IR> v) {
            IR fx = with_signs(as_float(v[0], bits), m, mods::MCmpAbsA.mask(),
                               mods::MCmpNegA.mask());
            IR fy = with_signs(as_float(v[1], bits), m, mods::MCmpAbsB.mask(),
                               mods::MCmpNegB.mask());
            return ir_.CreateFCmp(float_predicate(mods::MFCmp.get(m)), fx, fy);
        });
        set_predicates(inst, cmp);
        return true;
    }
    default: return false;
    }
}

} // namespace acc::model::jit
