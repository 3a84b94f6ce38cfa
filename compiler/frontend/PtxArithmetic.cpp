// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// PTX arithmetic, logic, comparison, conversion → IR. Semantics: PTX ISA, chapter 9.
#include "compiler/frontend/PtxInstructions.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/IntrinsicsNVPTX.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend::ptx {
namespace {

using E = Emitter;
using S = const Statement;

void need(E& e, S& s, size_t count) {
    if (s.operands.size() != count)
        e.unsupported("expected " + std::to_string(count) + " operands");
}

void finish(E& e, S& s, Value* value, const Type& type) {
    e.write(s.operands[0], value, type.is_signed);
}

/// Rounding mode of a float instruction; empty for the default (nearest even).
StringRef rounding(S& s) {
    for (const char* mode : {"rz", "rm", "rp"})
        if (s.has(mode)) return mode;
    return {};
}

/// llvm.nvvm.<name>.<rounding>[.ftz][.sat].<f|d>, for what plain IR cannot say.
Value* rounded_call(E& e, S& s, const char* name, const Type& type, ArrayRef<Value*> arguments) {
    StringRef mode = rounding(s);
    std::string full = std::string("llvm.nvvm.") + name + "." + (mode.empty() ? "rn" : mode.str()) +
                       (s.has("ftz") ? ".ftz" : "") + (s.has("sat") ? ".sat" : "") +
                       (type.bits == 64 ? ".d" : ".f");
    Intrinsic::ID id = Intrinsic::lookupIntrinsicID(full);
    if (id == Intrinsic::not_intrinsic) e.unsupported("this combination of modifiers");
    return e.builder.CreateIntrinsic(id, {}, arguments);
}

bool is_plain(S& s) {
    return rounding(s).empty() && !s.has("ftz") && !s.has("sat");
}

Value* with_carry(E& e, S& s, Value* a, Value* b, bool subtract) {
    bool carry_in = s.opcode.ends_with("c");
    llvm::Type* type = a->getType();
    llvm::Type* wide = e.builder.getIntNTy(type->getIntegerBitWidth() + 1);
    if (carry_in && !e.carry) e.unsupported("the carry of an earlier asm statement");
    Value* x = e.builder.CreateZExt(a, wide);
    Value* y = e.builder.CreateZExt(b, wide);
    Value* sum = subtract ? e.builder.CreateSub(x, y) : e.builder.CreateAdd(x, y);
    if (carry_in) {
        Value* in = e.builder.CreateZExt(e.carry, wide);
        sum = subtract ? e.builder.CreateSub(sum, in) : e.builder.CreateAdd(sum, in);
    }
    if (s.has("cc"))
        e.carry = e.builder.CreateTrunc(e.builder.CreateLShr(sum, type->getIntegerBitWidth()),
                                        e.builder.getInt1Ty());
    return e.builder.CreateTrunc(sum, type);
}

void add_sub(E& e, S& s) {
    need(e, s, 3);
    bool subtract = s.opcode.starts_with("sub");
    Type type = e.last_type(s);
    Value* a = e.read(s.operands[1], type);
    Value* b = e.read(s.operands[2], type);
    if (type.is_float) {
        if (is_plain(s))
            return finish(e, s, subtract ? e.builder.CreateFSub(a, b) : e.builder.CreateFAdd(a, b),
                          type);
        return finish(e, s,
                      rounded_call(e, s, "add", type, {a, subtract ? e.builder.CreateFNeg(b) : b}),
                      type);
    }
    if (s.has("cc") || s.opcode.ends_with("c"))
        return finish(e, s, with_carry(e, s, a, b, subtract), type);
    if (s.has("sat"))
        return finish(e, s,
                      e.builder.CreateBinaryIntrinsic(
                          subtract ? Intrinsic::ssub_sat : Intrinsic::sadd_sat, a, b),
                      type);
    finish(e, s, subtract ? e.builder.CreateSub(a, b) : e.builder.CreateAdd(a, b), type);
}

/// a * b as mul and mad want it: low or high half, or the double width.
Value* product(E& e, S& s, const Type& type, Value* a, Value* b) {
    if (s.has("lo")) return e.builder.CreateMul(a, b);
    llvm::Type* wide = e.builder.getIntNTy(type.bits * 2);
    Value* full = type.is_signed ? e.builder.CreateMul(e.builder.CreateSExt(a, wide),
                                                       e.builder.CreateSExt(b, wide))
                                 : e.builder.CreateMul(e.builder.CreateZExt(a, wide),
                                                       e.builder.CreateZExt(b, wide));
    if (s.has("wide")) return full;
    if (!s.has("hi")) e.unsupported("multiplication without .lo, .hi or .wide");
    return e.builder.CreateTrunc(e.builder.CreateLShr(full, type.bits),
                                 e.builder.getIntNTy(type.bits));
}

void mul(E& e, S& s) {
    need(e, s, 3);
    Type type = e.last_type(s);
    Value* a = e.read(s.operands[1], type);
    Value* b = e.read(s.operands[2], type);
    if (type.is_float)
        return finish(e, s,
                      is_plain(s) ? e.builder.CreateFMul(a, b)
                                  : rounded_call(e, s, "mul", type, {a, b}),
                      type);
    finish(e, s, product(e, s, type, a, b), type);
}

void mad(E& e, S& s) {
    need(e, s, 4);
    Type type = e.last_type(s);
    Value* a = e.read(s.operands[1], type);
    Value* b = e.read(s.operands[2], type);
    if (type.is_float) {
        Value* c = e.read(s.operands[3], type);
        Value* value = is_plain(s) ? e.builder.CreateIntrinsic(Intrinsic::fma, {type.ir}, {a, b, c})
                                   : rounded_call(e, s, "fma", type, {a, b, c});
        return finish(e, s, value, type);
    }
    Type sum_type = s.has("wide")
                        ? e.type_of((type.is_signed ? "s" : "u") + std::to_string(type.bits * 2))
                        : type;
    Value* part = product(e, s, type, a, b);
    Value* c = e.read(s.operands[3], sum_type);
    if (s.has("cc") || s.opcode == "madc")
        return finish(e, s, with_carry(e, s, part, c, false), sum_type);
    finish(e, s, e.builder.CreateAdd(part, c), sum_type);
}

void divide(E& e, S& s) {
    need(e, s, 3);
    Type type = e.last_type(s);
    Value* a = e.read(s.operands[1], type);
    Value* b = e.read(s.operands[2], type);
    bool remainder = s.opcode == "rem";
    if (!type.is_float) {
        Instruction::BinaryOps op = remainder
                                        ? (type.is_signed ? Instruction::SRem : Instruction::URem)
                                        : (type.is_signed ? Instruction::SDiv : Instruction::UDiv);
        return finish(e, s, e.builder.CreateBinOp(op, a, b), type);
    }
    if (s.has("approx") || s.has("full")) {
        bool full = s.has("full");
        Intrinsic::ID id = full ? (s.has("ftz") ? Intrinsic::nvvm_div_full_ftz
                                                : Intrinsic::nvvm_div_full)
                                : (s.has("ftz") ? Intrinsic::nvvm_div_approx_ftz_f
                                                : Intrinsic::nvvm_div_approx_f);
        return finish(e, s, e.builder.CreateIntrinsic(id, {}, {a, b}), type);
    }
    finish(e, s, is_plain(s) ? e.builder.CreateFDiv(a, b) : rounded_call(e, s, "div", type, {a, b}),
           type);
}

void min_max(E& e, S& s) {
    need(e, s, 3);
    Type type = e.last_type(s);
    bool is_min = s.opcode == "min";
    Value* a = e.read(s.operands[1], type);
    Value* b = e.read(s.operands[2], type);
    Intrinsic::ID id;
    if (type.is_float)
        id = s.has("NaN") ? (is_min ? Intrinsic::minimum : Intrinsic::maximum)
                          : (is_min ? Intrinsic::minnum : Intrinsic::maxnum);
    else
        id = type.is_signed ? (is_min ? Intrinsic::smin : Intrinsic::smax)
                            : (is_min ? Intrinsic::umin : Intrinsic::umax);
    finish(e, s, e.builder.CreateBinaryIntrinsic(id, a, b), type);
}

void unary(E& e, S& s) {
    need(e, s, 2);
    Type type = e.last_type(s);
    Value* a = e.read(s.operands[1], type);
    StringRef op = s.opcode;
    Value* value = nullptr;
    if (op == "neg")
        value = type.is_float ? e.builder.CreateFNeg(a) : e.builder.CreateNeg(a);
    else if (op == "abs")
        value = type.is_float
                    ? e.builder.CreateUnaryIntrinsic(Intrinsic::fabs, a)
                    : e.builder.CreateBinaryIntrinsic(Intrinsic::abs, a, e.builder.getFalse());
    else if (op == "not")
        value = e.builder.CreateNot(a);
    else if (op == "brev")
        value = e.builder.CreateUnaryIntrinsic(Intrinsic::bitreverse, a);
    finish(e, s, value, type);
}

/// Results are 32 bits whatever the operand is.
void count(E& e, S& s) {
    need(e, s, 2);
    Type type = e.last_type(s);
    Value* a = e.read(s.operands[1], type);
    Value* value = nullptr;
    if (s.opcode == "popc") {
        value = e.builder.CreateUnaryIntrinsic(Intrinsic::ctpop, a);
    } else if (s.opcode == "clz") {
        value = e.builder.CreateBinaryIntrinsic(Intrinsic::ctlz, a, e.builder.getFalse());
    } else { // bfind: position of the highest bit that differs from the sign
        if (type.is_signed) a = e.builder.CreateXor(a, e.builder.CreateAShr(a, type.bits - 1));
        Value* zeros = e.builder.CreateBinaryIntrinsic(Intrinsic::ctlz, a, e.builder.getFalse());
        Value* position = s.has("shiftamt") ? zeros
                                            : e.builder.CreateSub(
                                                  ConstantInt::get(type.ir, type.bits - 1), zeros);
        value = e.builder.CreateSelect(e.builder.CreateIsNull(a),
                                       ConstantInt::getAllOnesValue(type.ir), position);
    }
    e.write(s.operands[0], e.builder.CreateZExtOrTrunc(value, e.builder.getInt32Ty()));
}

void logic(E& e, S& s) {
    need(e, s, 3);
    Type type = e.last_type(s);
    bool predicate = type.bits == 1;
    Value* a = predicate ? e.read_predicate(s.operands[1]) : e.read(s.operands[1], type);
    Value* b = predicate ? e.read_predicate(s.operands[2]) : e.read(s.operands[2], type);
    Instruction::BinaryOps op = s.opcode == "and"  ? Instruction::And
                                : s.opcode == "or" ? Instruction::Or
                                                   : Instruction::Xor;
    finish(e, s, e.builder.CreateBinOp(op, a, b), type);
}

/// PTX clamps shift amounts to the width.
void shift(E& e, S& s) {
    need(e, s, 3);
    Type type = e.last_type(s);
    Value* a = e.read(s.operands[1], type);
    Value* amount = e.read(s.operands[2], e.type_of("u32"));
    Value* limit = e.builder.getInt32(type.bits - 1);
    Value* large = e.builder.CreateICmpUGT(amount, limit);
    Value* in_range = e.builder.CreateZExtOrTrunc(
        e.builder.CreateBinaryIntrinsic(Intrinsic::umin, amount, limit), type.ir);
    if (s.opcode == "shr" && type.is_signed)
        return finish(e, s, e.builder.CreateAShr(a, in_range), type);
    Value* value = s.opcode == "shl" ? e.builder.CreateShl(a, in_range)
                                     : e.builder.CreateLShr(a, in_range);
    finish(e, s, e.builder.CreateSelect(large, ConstantInt::get(type.ir, 0), value), type);
}

void funnel(E& e, S& s) {
    need(e, s, 4);
    Type type = e.type_of("b32");
    Value* low = e.read(s.operands[1], type);
    Value* high = e.read(s.operands[2], type);
    Value* amount = e.read(s.operands[3], type);
    bool left = s.has("l");
    Intrinsic::ID wrapping = left ? Intrinsic::fshl : Intrinsic::fshr;
    Intrinsic::ID clamping = left ? Intrinsic::nvvm_fshl_clamp : Intrinsic::nvvm_fshr_clamp;
    Value* value = s.has("wrap")
                       ? e.builder.CreateIntrinsic(wrapping, {type.ir}, {high, low, amount})
                       : e.builder.CreateIntrinsic(clamping, {}, {high, low, amount});
    finish(e, s, value, type);
}

/// mask of `length` ones; lengths of the width and more give all ones.
Value* ones(E& e, const Type& type, Value* length) {
    Value* one = ConstantInt::get(type.ir, 1);
    Value* wide = e.builder.CreateZExtOrTrunc(e.builder.CreateAnd(length, type.bits - 1), type.ir);
    Value* mask = e.builder.CreateSub(e.builder.CreateShl(one, wide), one);
    return e.builder.CreateSelect(e.builder.CreateICmpUGE(length, e.builder.getInt32(type.bits)),
                                  ConstantInt::getAllOnesValue(type.ir), mask);
}

Value* byte_operand(E& e, const Operand& operand) {
    return e.builder.CreateAnd(e.read(operand, e.type_of("u32")), 0xff);
}

Value* shift_right_or_zero(E& e, const Type& type, Value* a, Value* amount) {
    Value* in_range = e.builder.CreateZExtOrTrunc(e.builder.CreateAnd(amount, type.bits - 1),
                                                  type.ir);
    return e.builder.CreateSelect(e.builder.CreateICmpUGE(amount, e.builder.getInt32(type.bits)),
                                  ConstantInt::get(type.ir, 0), e.builder.CreateLShr(a, in_range));
}

/// Signed: fields that reach beyond the top are filled with the sign bit of the operand.
void bfe(E& e, S& s) {
    need(e, s, 4);
    Type type = e.last_type(s);
    Value* a = e.read(s.operands[1], type);
    Value* position = byte_operand(e, s.operands[2]);
    Value* length = byte_operand(e, s.operands[3]);
    if (!type.is_signed) {
        Value* field = e.builder.CreateAnd(shift_right_or_zero(e, type, a, position),
                                           ones(e, type, length));
        return finish(e, s, field, type);
    }
    Value* top = e.builder.CreateSub(e.builder.CreateAdd(position, length),
                                     e.builder.getInt32(1)); // of the field
    Value* sign_at = e.builder.CreateBinaryIntrinsic(Intrinsic::umin, top,
                                                     e.builder.getInt32(type.bits - 1));
    Value* sign = e.builder.CreateAnd(
        e.builder.CreateLShr(a, e.builder.CreateZExtOrTrunc(sign_at, type.ir)), 1);
    Value* fill = e.builder.CreateNeg(sign);
    Value* in_range = e.builder.CreateZExtOrTrunc(
        e.builder.CreateBinaryIntrinsic(Intrinsic::umin, position,
                                        e.builder.getInt32(type.bits - 1)),
        type.ir);
    Value* mask = ones(e, type, length);
    Value* shifted = e.builder.CreateAShr(a, in_range);
    Value* field = e.builder.CreateOr(e.builder.CreateAnd(shifted, mask),
                                      e.builder.CreateAnd(fill, e.builder.CreateNot(mask)));
    finish(
        e, s,
        e.builder.CreateSelect(e.builder.CreateIsNull(length), ConstantInt::get(type.ir, 0), field),
        type);
}

void bfi(E& e, S& s) {
    need(e, s, 5);
    Type type = e.last_type(s);
    Value* a = e.read(s.operands[1], type);
    Value* b = e.read(s.operands[2], type);
    Value* position = byte_operand(e, s.operands[3]);
    Value* length = byte_operand(e, s.operands[4]);
    Value* in_range = e.builder.CreateZExtOrTrunc(e.builder.CreateAnd(position, type.bits - 1),
                                                  type.ir);
    Value* mask = e.builder.CreateShl(ones(e, type, length), in_range);
    Value* merged = e.builder.CreateOr(e.builder.CreateAnd(e.builder.CreateShl(a, in_range), mask),
                                       e.builder.CreateAnd(b, e.builder.CreateNot(mask)));
    finish(e, s,
           e.builder.CreateSelect(e.builder.CreateICmpUGE(position, e.builder.getInt32(type.bits)),
                                  b, merged),
           type);
}

void prmt(E& e, S& s) {
    need(e, s, 4);
    if (s.modifiers.size() != 1) e.unsupported("prmt modes");
    Type type = e.type_of("b32");
    finish(e, s,
           e.builder.CreateIntrinsic(Intrinsic::nvvm_prmt, {},
                                     {e.read(s.operands[1], type), e.read(s.operands[2], type),
                                      e.read(s.operands[3], type)}),
           type);
}

/// Sum of minterms of the truth table; the optimiser and the backend find short forms.
void lop3(E& e, S& s) {
    need(e, s, 5);
    if (s.operands[4].kind != Operand::Integer)
        e.unsupported("lop3 with a table that is not a constant");
    Type type = e.type_of("b32");
    Value* inputs[3] = {e.read(s.operands[1], type), e.read(s.operands[2], type),
                        e.read(s.operands[3], type)};
    Value* result = ConstantInt::get(type.ir, 0);
    for (unsigned row = 0; row < 8; ++row) {
        if (!(s.operands[4].integer >> row & 1)) continue;
        Value* term = ConstantInt::getAllOnesValue(type.ir);
        for (unsigned i = 0; i < 3; ++i) // bit 2 of the row number is operand a
            term = e.builder.CreateAnd(term, row >> (2 - i) & 1 ? inputs[i]
                                                                : e.builder.CreateNot(inputs[i]));
        result = e.builder.CreateOr(result, term);
    }
    finish(e, s, result, type);
}

CmpInst::Predicate comparison(E& e, S& s, const Type& type) {
    struct Row {
        const char* name;
        CmpInst::Predicate real, is_signed, is_unsigned;
    };
    static constexpr Row rows[] = {
        {"eq", CmpInst::FCMP_OEQ, CmpInst::ICMP_EQ, CmpInst::ICMP_EQ},
        {"ne", CmpInst::FCMP_ONE, CmpInst::ICMP_NE, CmpInst::ICMP_NE},
        {"lt", CmpInst::FCMP_OLT, CmpInst::ICMP_SLT, CmpInst::ICMP_ULT},
        {"le", CmpInst::FCMP_OLE, CmpInst::ICMP_SLE, CmpInst::ICMP_ULE},
        {"gt", CmpInst::FCMP_OGT, CmpInst::ICMP_SGT, CmpInst::ICMP_UGT},
        {"ge", CmpInst::FCMP_OGE, CmpInst::ICMP_SGE, CmpInst::ICMP_UGE},
        {"lo", CmpInst::BAD_FCMP_PREDICATE, CmpInst::ICMP_ULT, CmpInst::ICMP_ULT},
        {"ls", CmpInst::BAD_FCMP_PREDICATE, CmpInst::ICMP_ULE, CmpInst::ICMP_ULE},
        {"hi", CmpInst::BAD_FCMP_PREDICATE, CmpInst::ICMP_UGT, CmpInst::ICMP_UGT},
        {"hs", CmpInst::BAD_FCMP_PREDICATE, CmpInst::ICMP_UGE, CmpInst::ICMP_UGE},
        {"equ", CmpInst::FCMP_UEQ, CmpInst::BAD_ICMP_PREDICATE, CmpInst::BAD_ICMP_PREDICATE},
        {"neu", CmpInst::FCMP_UNE, CmpInst::BAD_ICMP_PREDICATE, CmpInst::BAD_ICMP_PREDICATE},
        {"ltu", CmpInst::FCMP_ULT, CmpInst::BAD_ICMP_PREDICATE, CmpInst::BAD_ICMP_PREDICATE},
        {"leu", CmpInst::FCMP_ULE, CmpInst::BAD_ICMP_PREDICATE, CmpInst::BAD_ICMP_PREDICATE},
        {"gtu", CmpInst::FCMP_UGT, CmpInst::BAD_ICMP_PREDICATE, CmpInst::BAD_ICMP_PREDICATE},
        {"geu", CmpInst::FCMP_UGE, CmpInst::BAD_ICMP_PREDICATE, CmpInst::BAD_ICMP_PREDICATE},
        {"num", CmpInst::FCMP_ORD, CmpInst::BAD_ICMP_PREDICATE, CmpInst::BAD_ICMP_PREDICATE},
        {"nan", CmpInst::FCMP_UNO, CmpInst::BAD_ICMP_PREDICATE, CmpInst::BAD_ICMP_PREDICATE},
    };
    for (const Row& row : rows) {
        if (!s.has(row.name)) continue;
        CmpInst::Predicate predicate = type.is_float    ? row.real
                                       : type.is_signed ? row.is_signed
                                                        : row.is_unsigned;
        if (predicate != CmpInst::BAD_FCMP_PREDICATE && predicate != CmpInst::BAD_ICMP_PREDICATE)
            return predicate;
    }
    e.unsupported("comparison");
}

void setp(E& e, S& s) {
    if (s.operands.size() != 3 && s.operands.size() != 4) e.unsupported("number of operands");
    Type type = e.last_type(s);
    Value* result = e.builder.CreateCmp(comparison(e, s, type), e.read(s.operands[1], type),
                                        e.read(s.operands[2], type));
    Value* inverse = e.builder.CreateNot(result);
    if (s.operands.size() == 4) {
        Value* other = e.read_predicate(s.operands[3]);
        Instruction::BinaryOps op = s.has("and")  ? Instruction::And
                                    : s.has("or") ? Instruction::Or
                                                  : Instruction::Xor;
        result = e.builder.CreateBinOp(op, result, other);
        inverse = e.builder.CreateBinOp(op, inverse, other);
    }
    if (s.operands[0].kind == Operand::Pair) {
        e.write(s.operands[0].parts[0], result);
        e.write(s.operands[0].parts[1], inverse);
    } else {
        e.write(s.operands[0], result);
    }
}

void selp(E& e, S& s) {
    need(e, s, 4);
    Type type = e.last_type(s);
    Value* condition = e.read_predicate(s.operands[3]);
    finish(
        e, s,
        e.builder.CreateSelect(condition, e.read(s.operands[1], type), e.read(s.operands[2], type)),
        type);
}

void mov(E& e, S& s) {
    need(e, s, 2);
    Type type = e.last_type(s);
    finish(e, s, type.bits == 1 ? e.read_predicate(s.operands[1]) : e.read(s.operands[1], type),
           type);
}

/// cvt[.rounding][.ftz][.sat].to.from
void cvt(E& e, S& s) {
    need(e, s, 2);
    Type from = e.last_type(s);
    Type to = s.modifiers.size() >= 2 ? e.type_of(s.modifiers[s.modifiers.size() - 2]) : Type();
    if (!to.ir) e.unsupported("conversion");
    Value* a = e.read(s.operands[1], from);
    IRBuilder<>& b = e.builder;
    auto integer_rounding = [&](Value* value) {
        Intrinsic::ID id = s.has("rni")   ? Intrinsic::rint
                           : s.has("rmi") ? Intrinsic::floor
                           : s.has("rpi") ? Intrinsic::ceil
                                          : Intrinsic::trunc;
        return b.CreateUnaryIntrinsic(id, value);
    };
    if (!rounding(s).empty() && from.bits > to.bits) e.unsupported("conversion with this rounding");
    Value* value;
    if (from.is_float && to.is_float) {
        bool to_integer = s.has("rni") || s.has("rzi") || s.has("rmi") || s.has("rpi");
        value = to_integer ? integer_rounding(a) : a;
        value = from.bits < to.bits   ? b.CreateFPExt(value, to.ir)
                : from.bits > to.bits ? b.CreateFPTrunc(value, to.ir)
                                      : value;
        if (s.has("sat"))
            value = b.CreateMaxNum(b.CreateMinNum(value, ConstantFP::get(to.ir, 1.0)),
                                   ConstantFP::get(to.ir, 0.0));
    } else if (from.is_float) {
        // PTX clamps out-of-range values and gives 0 for NaN.
        value = b.CreateIntrinsic(to.is_signed ? Intrinsic::fptosi_sat : Intrinsic::fptoui_sat,
                                  {to.ir, from.ir}, {integer_rounding(a)});
    } else if (to.is_float) {
        value = from.is_signed ? b.CreateSIToFP(a, to.ir) : b.CreateUIToFP(a, to.ir);
    } else {
        if (s.has("sat")) e.unsupported("saturating integer conversion");
        value = from.is_signed ? b.CreateSExtOrTrunc(a, to.ir) : b.CreateZExtOrTrunc(a, to.ir);
    }
    finish(e, s, value, to);
}

/// rcp, sqrt, rsqrt, sin, cos, ex2, lg2, tanh
void special_function(E& e, S& s) {
    need(e, s, 2);
    Type type = e.last_type(s);
    Value* a = e.read(s.operands[1], type);
    if (s.opcode == "sqrt" && !s.has("approx") && is_plain(s))
        return finish(e, s, e.builder.CreateUnaryIntrinsic(Intrinsic::sqrt, a), type);
    if ((s.opcode == "rcp" || s.opcode == "sqrt") && !s.has("approx"))
        return finish(e, s, rounded_call(e, s, s.opcode.c_str(), type, {a}), type);
    bool ftz = s.has("ftz");
    std::string base = "llvm.nvvm." + s.opcode + ".approx";
    for (const std::string& name : {base + (ftz ? ".ftz" : "") + (type.bits == 64 ? ".d" : ".f"),
                                    base + (ftz ? ".ftz" : ""), base + ".f32", base + ".ftz.f"}) {
        Intrinsic::ID id = Intrinsic::lookupIntrinsicID(name);
        if (id == Intrinsic::not_intrinsic) continue;
        SmallVector<llvm::Type*> overloads;
        if (Intrinsic::isOverloaded(id)) overloads.push_back(type.ir);
        return finish(e, s, e.builder.CreateIntrinsic(id, overloads, {a}), type);
    }
    e.unsupported("special function");
}

void dp4a(E& e, S& s) {
    need(e, s, 4);
    if (s.modifiers.size() != 2) e.unsupported("modifiers");
    Type type = e.type_of("b32");
    bool a_signed = s.modifiers[0][0] == 's', b_signed = s.modifiers[1][0] == 's';
    Intrinsic::ID id = a_signed
                           ? (b_signed ? Intrinsic::nvvm_idp4a_s_s : Intrinsic::nvvm_idp4a_s_u)
                           : (b_signed ? Intrinsic::nvvm_idp4a_u_s : Intrinsic::nvvm_idp4a_u_u);
    finish(e, s,
           e.builder.CreateIntrinsic(id, {},
                                     {e.read(s.operands[1], type), e.read(s.operands[2], type),
                                      e.read(s.operands[3], type)}),
           type);
}

constexpr InstructionRow kRows[] = {
    {"add", add_sub},
    {"addc", add_sub},
    {"sub", add_sub},
    {"subc", add_sub},
    {"mul", mul},
    {"mad", mad},
    {"madc", mad},
    {"fma", mad},
    {"div", divide},
    {"rem", divide},
    {"min", min_max},
    {"max", min_max},
    {"abs", unary},
    {"neg", unary},
    {"not", unary},
    {"brev", unary},
    {"popc", count},
    {"clz", count},
    {"bfind", count},
    {"and", logic},
    {"or", logic},
    {"xor", logic},
    {"shl", shift},
    {"shr", shift},
    {"shf", funnel},
    {"bfe", bfe},
    {"bfi", bfi},
    {"prmt", prmt},
    {"lop3", lop3},
    {"setp", setp},
    {"selp", selp},
    {"mov", mov},
    {"cvt", cvt},
    {"rcp", special_function},
    {"sqrt", special_function},
    {"rsqrt", special_function},
    {"sin", special_function},
    {"cos", special_function},
    {"ex2", special_function},
    {"lg2", special_function},
    {"tanh", special_function},
    {"dp4a", dp4a},
};

} // namespace

std::span<const InstructionRow> arithmetic_instructions() {
    return kRows;
}

void translate(Emitter& emitter, const Statement& statement) {
    for (std::span<const InstructionRow> rows : {arithmetic_instructions(), memory_instructions()})
        for (const InstructionRow& row : rows)
            if (statement.opcode == row.opcode) return row.translate(emitter, statement);
    emitter.unsupported("instruction '" + statement.opcode + "' is not supported");
}

} // namespace acc::frontend::ptx
