// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Integer arithmetic. Semantics: PTX ISA, 9.7.1 and 9.7.2.
#include "compiler/ptx/Forms.h"

#include "llvm/IR/IntrinsicsNVPTX.h"

using namespace llvm;

namespace acc::ptx {
namespace {

using E = Emitter;
using I = Instruction;

Value* with_carry(E& e, I& in, Value* a, Value* b, bool subtract) {
    bool carry_in = in.opcode().ends_with("c");
    llvm::Type* type = a->getType();
    llvm::Type* wide = e.builder.getIntNTy(type->getIntegerBitWidth() + 1);
    Value* carry = carry_in ? e.carry() : nullptr;
    if (carry_in && !carry) e.unsupported("the carry of an earlier asm statement");
    Value* x = e.builder.CreateZExt(a, wide);
    Value* y = e.builder.CreateZExt(b, wide);
    Value* sum = subtract ? e.builder.CreateSub(x, y) : e.builder.CreateAdd(x, y);
    if (carry_in) {
        carry = e.builder.CreateZExt(carry, wide);
        sum = subtract ? e.builder.CreateSub(sum, carry) : e.builder.CreateAdd(sum, carry);
    }
    if (in.has("cc"))
        e.set_carry(e.builder.CreateTrunc(e.builder.CreateLShr(sum, type->getIntegerBitWidth()),
                                          e.builder.getInt1Ty()));
    return e.builder.CreateTrunc(sum, type);
}

void add_sub(E& e, I& in) {
    bool subtract = in.opcode().starts_with("sub");
    Type type = in.type(e);
    Value *a = in.read(e, 1, type), *b = in.read(e, 2, type);
    Value* value;
    if (in.has("cc") || in.opcode().ends_with("c"))
        value = with_carry(e, in, a, b, subtract);
    else if (in.has("sat"))
        value = e.builder.CreateBinaryIntrinsic(
            subtract ? Intrinsic::ssub_sat : Intrinsic::sadd_sat, a, b);
    else
        value = subtract ? e.builder.CreateSub(a, b) : e.builder.CreateAdd(a, b);
    e.write(in.operand(0), value, type);
}

/// a * b in the double width.
Value* full_product(E& e, const Type& type, Value* a, Value* b) {
    llvm::Type* wide = e.builder.getIntNTy(type.bits * 2);
    auto extend = [&](Value* v) {
        return type.is_signed ? e.builder.CreateSExt(v, wide) : e.builder.CreateZExt(v, wide);
    };
    return e.builder.CreateMul(extend(a), extend(b));
}

/// The half that .lo or .hi names; the whole for .wide.
Value* product(E& e, I& in, const Type& type, Value* a, Value* b) {
    if (in.has("lo")) return e.builder.CreateMul(a, b);
    Value* full = full_product(e, type, a, b);
    if (in.has("wide")) return full;
    in.has("hi");
    return e.builder.CreateTrunc(e.builder.CreateLShr(full, type.bits), type.ir);
}

Type sum_type(E& e, I& in, const Type& type) {
    return in.has("wide") ? e.type_of((type.is_signed ? "s" : "u") + std::to_string(type.bits * 2))
                          : type;
}

void mul(E& e, I& in) {
    Type type = in.type(e);
    Value* value = product(e, in, type, in.read(e, 1, type), in.read(e, 2, type));
    e.write(in.operand(0), value, type);
}

void mad(E& e, I& in) {
    Type type = in.type(e), sum = sum_type(e, in, type);
    Value* part = product(e, in, type, in.read(e, 1, type), in.read(e, 2, type));
    Value* c = in.read(e, 3, sum);
    Value* value;
    if (in.has("cc") || in.opcode() == "madc")
        value = with_carry(e, in, part, c, false);
    else if (in.has("sat"))
        value = e.builder.CreateBinaryIntrinsic(Intrinsic::sadd_sat, part, c);
    else
        value = e.builder.CreateAdd(part, c);
    e.write(in.operand(0), value, sum);
}

/// mul24, mad24: products of the low 24 bits; .lo and .hi are bits 31:0 and 47:16 of it.
void mul24(E& e, I& in) {
    Type type = in.type(e);
    auto low24 = [&](size_t index) {
        Value* high = e.builder.CreateShl(in.read(e, index, type), 8);
        return type.is_signed ? e.builder.CreateAShr(high, 8) : e.builder.CreateLShr(high, 8);
    };
    Value* full = full_product(e, type, low24(1), low24(2));
    if (in.has("hi"))
        full = e.builder.CreateLShr(full, 16);
    else
        in.has("lo");
    Value* value = e.builder.CreateTrunc(full, type.ir);
    if (in.opcode() == "mad24") {
        Value* c = in.read(e, 3, type);
        value = in.has("sat") ? e.builder.CreateBinaryIntrinsic(Intrinsic::sadd_sat, value, c)
                              : e.builder.CreateAdd(value, c);
    }
    e.write(in.operand(0), value, type);
}

/// |a - b| + c
void sad(E& e, I& in) {
    Type type = in.type(e);
    Value *a = in.read(e, 1, type), *b = in.read(e, 2, type);
    Value* less = e.builder.CreateICmp(type.is_signed ? CmpInst::ICMP_SLT : CmpInst::ICMP_ULT, a,
                                       b);
    Value* distance = e.builder.CreateSelect(less, e.builder.CreateSub(b, a),
                                             e.builder.CreateSub(a, b));
    e.write(in.operand(0), e.builder.CreateAdd(distance, in.read(e, 3, type)), type);
}

/// LLVM's divisions have no result by zero, nor of the least number by -1, and delete the code that
/// tests for it afterwards; the machine has one: all ones and the dividend, the least number and 0.
Value* machine_division(IRBuilder<>& builder, llvm::Instruction::BinaryOps op, Value* a, Value* b) {
    const bool quotient = op == llvm::Instruction::SDiv || op == llvm::Instruction::UDiv;
    const bool is_signed = op == llvm::Instruction::SDiv || op == llvm::Instruction::SRem;
    llvm::Type* type = a->getType();
    Constant *zero = ConstantInt::get(type, 0), *ones = Constant::getAllOnesValue(type);
    if (isa<Constant>(b) && b != zero && b != ones) return builder.CreateBinOp(op, a, b);
    Value *by_zero = builder.CreateICmpEQ(b, zero), *bad = by_zero, *negated = nullptr;
    if (is_signed) {
        negated = builder.CreateICmpEQ(b, ones);
        bad = builder.CreateOr(bad, negated);
    }
    Value* safe = builder.CreateSelect(bad, ConstantInt::get(type, 1), b);
    Value* value = builder.CreateBinOp(op, a, safe);
    if (is_signed && quotient) // the remainder by 1 is that by -1
        value = builder.CreateSelect(negated, builder.CreateNeg(a), value);
    return builder.CreateSelect(by_zero, quotient ? ones : a, value);
}

void divide(E& e, I& in) {
    Type type = in.type(e);
    bool quotient = in.opcode() == "div";
    llvm::Instruction::BinaryOps op = quotient ? (type.is_signed ? llvm::Instruction::SDiv
                                                                 : llvm::Instruction::UDiv)
                                               : (type.is_signed ? llvm::Instruction::SRem
                                                                 : llvm::Instruction::URem);
    Value *a = in.read(e, 1, type), *b = in.read(e, 2, type);
    e.write(in.operand(0), machine_division(e.builder, op, a, b), type);
}

void min_max(E& e, I& in) {
    Type type = in.type(e);
    bool is_min = in.opcode() == "min";
    Intrinsic::ID id = type.is_signed ? (is_min ? Intrinsic::smin : Intrinsic::smax)
                                      : (is_min ? Intrinsic::umin : Intrinsic::umax);
    Value *a = in.read(e, 1, type), *b = in.read(e, 2, type);
    Value* value = e.builder.CreateBinaryIntrinsic(id, a, b);
    if (in.has("relu"))
        value = e.builder.CreateBinaryIntrinsic(Intrinsic::smax, value,
                                                ConstantInt::get(type.ir, 0));
    e.write(in.operand(0), value, type);
}

void absolute(E& e, I& in) {
    Type type = in.type(e);
    Value* a = in.read(e, 1, type);
    e.write(in.operand(0), e.builder.CreateBinaryIntrinsic(Intrinsic::abs, a, e.builder.getFalse()),
            type);
}

void negate(E& e, I& in) {
    Type type = in.type(e);
    e.write(in.operand(0), e.builder.CreateNeg(in.read(e, 1, type)), type);
}

void dot_product(E& e, I& in) {
    bool a_signed = in.type(e, 0).is_signed, b_signed = in.type(e, 1).is_signed;
    bool four = in.opcode() == "dp4a";
    static constexpr Intrinsic::ID ids[2][2][2] = {
        {{Intrinsic::nvvm_idp2a_u_u, Intrinsic::nvvm_idp2a_u_s},
         {Intrinsic::nvvm_idp2a_s_u, Intrinsic::nvvm_idp2a_s_s}},
        {{Intrinsic::nvvm_idp4a_u_u, Intrinsic::nvvm_idp4a_u_s},
         {Intrinsic::nvvm_idp4a_s_u, Intrinsic::nvvm_idp4a_s_s}}};
    Type type = e.bits(32);
    SmallVector<Value*> arguments = {in.read(e, 1, type), in.read(e, 2, type)};
    if (!four) arguments.push_back(e.builder.getInt1(in.one_of({"lo", "hi"}) == "hi"));
    arguments.push_back(in.read(e, 3, type));
    e.write(in.operand(0), e.call(ids[four][a_signed][b_signed], arguments));
}

constexpr Form kForms[] = {
    {"add $i : d a b", add_sub},
    {"add sat s32 : d a b", add_sub},
    {"add cc u32|s32|u64|s64 : d a b", add_sub},
    {"addc [cc] u32|s32|u64|s64 : d a b", add_sub},
    {"sub $i : d a b", add_sub},
    {"sub sat s32 : d a b", add_sub},
    {"sub cc u32|s32|u64|s64 : d a b", add_sub},
    {"subc [cc] u32|s32|u64|s64 : d a b", add_sub},
    {"mul lo|hi $i : d a b", mul},
    {"mul wide u16|s16|u32|s32 : d a b", mul},
    {"mad lo|hi $i : d a b c", mad},
    {"mad wide u16|s16|u32|s32 : d a b c", mad},
    {"mad hi sat s32 : d a b c", mad},
    {"mad lo|hi cc u32|s32|u64|s64 : d a b c", mad},
    {"madc lo|hi [cc] u32|s32|u64|s64 : d a b c", mad},
    {"mul24 lo|hi u32|s32 : d a b", mul24},
    {"mad24 lo|hi u32|s32 : d a b c", mul24},
    {"mad24 hi sat s32 : d a b c", mul24},
    {"sad $i : d a b c", sad},
    {"div $i : d a b", divide},
    {"rem $i : d a b", divide},
    {"min $i : d a b", min_max},
    {"min relu s32 : d a b", min_max},
    {"max $i : d a b", min_max},
    {"max relu s32 : d a b", min_max},
    {"abs s16|s32|s64 : d a", absolute},
    {"neg s16|s32|s64 : d a", negate},
    {"dp4a u32|s32 u32|s32 : d a b c", dot_product},
    {"dp2a lo|hi u32|s32 u32|s32 : d a b c", dot_product},
};

} // namespace

std::span<const Form> integer_forms() {
    return kForms;
}

} // namespace acc::ptx
