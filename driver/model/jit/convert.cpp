// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conversions between numbers, and rounding to integral ones.
#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/IntrinsicsX86.h>

#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

using namespace llvm;
using isa::Field;
using isa::Opcode;
namespace mods = isa::mods;

/// Lanes of f32 or f64 as 32-bit integers, by the host's instruction, which gives the top bit alone
/// (signed) or all ones (unsigned, AVX-512 only) for what is out of range. NaN: 0, or as the host
/// has it for f64. Not there: unsigned integers of f64, and of f32 without AVX-512.
Emitter::IR Emitter::to_integers(IR f, bool sign, unsigned from) {
    const bool wide = from == 64;
    const unsigned lanes = (wide ? 4 : 8) * (has_masks_ ? 2 : 1);
    const Intrinsic::ID id = !has_masks_ ? (wide ? Intrinsic::x86_avx_cvtt_pd2dq_256
                                                 : Intrinsic::x86_avx_cvtt_ps2dq_256)
                             : wide      ? Intrinsic::x86_avx512_mask_cvttpd2dq_512
                             : sign      ? Intrinsic::x86_avx512_mask_cvttps2dq_512
                                         : Intrinsic::x86_avx512_mask_cvttps2udq_512;
    IR r = in_parts(lanes, f, [&](SmallVector<IR, 4> part) {
        if (has_masks_) {
            constexpr int kCurrentRounding = 4;
            part.push_back(Constant::getNullValue(FixedVectorType::get(ir_.getInt32Ty(), lanes)));
            part.push_back(Constant::getAllOnesValue(ir_.getIntNTy(lanes)));
            part.push_back(ir_.getInt32(kCurrentRounding));
        }
        return ir_.CreateIntrinsic(id, {}, part);
    });
    const auto number = [&](double x) { return ConstantFP::get(f->getType(), x); };
    IR zero = Constant::getNullValue(r->getType());
    if (!sign) return ir_.CreateSelect(ir_.CreateFCmpOGE(f, number(0)), r, zero);
    r = ir_.CreateSelect(ir_.CreateFCmpOGE(f, number(0x1p31)),
                         ConstantInt::get(r->getType(), INT32_MAX), r);
    return wide ? r : ir_.CreateSelect(ir_.CreateFCmpUNO(f, f), zero, r);
}

bool Emitter::emit_convert(const Inst& inst) {
    const auto rd = static_cast<Reg>(inst.reg(Field::rd));
    const uint32_t m = inst.mods();
    const auto element = [&](IR like, llvm::Type* t) -> llvm::Type* {
        return like->getType()->isVectorTy() ? FixedVectorType::get(t, lanes_) : t;
    };
    llvm::Type* f32 = llvm::Type::getFloatTy(cx_);
    llvm::Type* f64 = llvm::Type::getDoubleTy(cx_);
    const auto int_to_float = [&](bool sign, unsigned from, unsigned to) {
        if (m & mods::MRnd.mask()) return false;
        const Value x = source(inst, Field::ra, from);
        Value r = lift(to, {&x}, [&](ArrayRef<IR> v) {
            llvm::Type* t = element(v[0], to == 64 ? f64 : f32);
            return as_int(sign ? ir_.CreateSIToFP(v[0], t) : ir_.CreateUIToFP(v[0], t), to);
        });
        to == 64 ? put64(rd, r) : put32(rd, r);
        return true;
    };
    const auto float_to_int = [&](bool sign, unsigned from) {
        const Value x = float_source(inst, Field::ra, from);
        const bool scalar = x.is_uniform() && from == 32; // that of f64 has another rule for NaN
        if (mods::MFtz.get(m) || (!scalar && !sign && (!has_masks_ || from == 64))) return false;
        Value r = scalar ? uniform(32, nullptr) : vector_value(32, nullptr);
        if (dry_) return put32(rd, r), true;
        IR f = as_float(scalar ? x.v : vector(x), from);
        static constexpr Intrinsic::ID round[] = {Intrinsic::not_intrinsic, Intrinsic::roundeven,
                                                  Intrinsic::floor, Intrinsic::ceil};
        if (const unsigned how = mods::MRndI.get(m)) f = ir_.CreateUnaryIntrinsic(round[how], f);
        r = scalar ? uniform(32, ir_.CreateIntrinsic(sign ? Intrinsic::fptosi_sat
                                                          : Intrinsic::fptoui_sat,
                                                     {type(32, false), f->getType()}, {f}))
                   : vector_value(32, to_integers(f, sign, from));
        put32(rd, r);
        return true;
    };
    const auto integral = [&](unsigned bits) {
        static constexpr Intrinsic::ID round[] = {Intrinsic::roundeven, Intrinsic::trunc,
                                                  Intrinsic::floor, Intrinsic::ceil};
        const unsigned how = mods::MRndF.get(m);
        if (how >= std::size(round) || mods::MRndFtz.get(m)) return false;
        const Value x = float_source(inst, Field::ra, bits);
        Value r = lift(bits, {&x}, [&](ArrayRef<IR> v) {
            return as_int(ir_.CreateUnaryIntrinsic(round[how], as_float(v[0], bits)), bits);
        });
        r.raw = true;
        bits == 64 ? put64(rd, r) : put32(rd, r);
        return true;
    };
    switch (inst.op()) {
    case Opcode::CVT_f32_s32: return int_to_float(true, 32, 32);
    case Opcode::CVT_f32_u32: return int_to_float(false, 32, 32);
    case Opcode::CVT_f64_s32: return int_to_float(true, 32, 64);
    case Opcode::CVT_f64_u32: return int_to_float(false, 32, 64);
    case Opcode::CVT_f64_s64: return int_to_float(true, 64, 64);
    case Opcode::CVT_f64_u64: return int_to_float(false, 64, 64);
    case Opcode::CVT_s32_f32: return float_to_int(true, 32);
    case Opcode::CVT_u32_f32: return float_to_int(false, 32);
    case Opcode::CVT_s32_f64: return float_to_int(true, 64);
    case Opcode::FRND_f32: return integral(32);
    case Opcode::FRND_f64: return integral(64);
    case Opcode::CVT_f64_f32: {
        if (m) return false;
        const Value x = float_source(inst, Field::ra, 32);
        Value r = lift(64, {&x}, [&](ArrayRef<IR> v) {
            return as_int(ir_.CreateFPExt(as_float(v[0], 32), element(v[0], f64)), 64);
        });
        r.raw = true;
        put64(rd, r);
        return true;
    }
    case Opcode::CVT_f32_f16: {
        if (m || !host_.halves) return false;
        const Value x = source(inst, Field::ra, 32);
        Value r = lift(32, {&x}, [&](ArrayRef<IR> v) {
            IR low = ir_.CreateTrunc(v[0], element(v[0], ir_.getInt16Ty()));
            IR half = ir_.CreateBitCast(low, element(v[0], llvm::Type::getHalfTy(cx_)));
            return as_int(ir_.CreateFPExt(half, element(v[0], f32)), 32);
        });
        r.raw = true;
        put32(rd, r);
        return true;
    }
    case Opcode::CVT_f32_f64: {
        if (m) return false;
        const Value x = float_source(inst, Field::ra, 64);
        Value r = lift(32, {&x}, [&](ArrayRef<IR> v) {
            return as_int(ir_.CreateFPTrunc(as_float(v[0], 64), element(v[0], f32)), 32);
        });
        r.raw = true;
        put32(rd, r);
        return true;
    }
    default: return false;
    }
}

} // namespace acc::model::jit
