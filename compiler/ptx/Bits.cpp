// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Logic, shifts and bit fields. Semantics: PTX ISA, 9.7.1 and 9.7.8.
#include "compiler/ptx/Forms.h"

#include "llvm/IR/Intrinsics.h"

using namespace llvm;

namespace acc::ptx {
namespace {

using E = Emitter;
using I = Instruction;

Value* read_bits(E& e, I& in, size_t index, const Type& type) {
    return type.bits == 1 ? e.read_predicate(in.operand(index)) : in.read(e, index, type);
}

void logic(E& e, I& in) {
    Type type = in.type(e);
    Value *a = read_bits(e, in, 1, type), *b = read_bits(e, in, 2, type);
    Value* value = in.opcode() == "and"  ? e.builder.CreateAnd(a, b)
                   : in.opcode() == "or" ? e.builder.CreateOr(a, b)
                                         : e.builder.CreateXor(a, b);
    e.write(in.operand(0), value);
}

void invert(E& e, I& in) {
    Type type = in.type(e);
    e.write(in.operand(0), e.builder.CreateNot(read_bits(e, in, 1, type)));
}

void logical_not(E& e, I& in) {
    Type type = in.type(e);
    e.write(in.operand(0),
            e.builder.CreateZExt(e.builder.CreateIsNull(in.read(e, 1, type)), type.ir));
}

/// PTX clamps shift amounts to the width.
void shift(E& e, I& in) {
    Type type = in.type(e);
    Value *a = in.read(e, 1, type), *amount = in.read(e, 2, e.bits(32));
    Value* limit = e.builder.getInt32(type.bits - 1);
    Value* large = e.builder.CreateICmpUGT(amount, limit);
    Value* in_range = e.builder.CreateZExtOrTrunc(
        e.builder.CreateBinaryIntrinsic(Intrinsic::umin, amount, limit), type.ir);
    if (in.opcode() == "shr" && type.is_signed)
        return e.write(in.operand(0), e.builder.CreateAShr(a, in_range), type);
    Value* value = in.opcode() == "shl" ? e.builder.CreateShl(a, in_range)
                                        : e.builder.CreateLShr(a, in_range);
    e.write(in.operand(0), e.builder.CreateSelect(large, ConstantInt::get(type.ir, 0), value));
}

/// shf: a is the low word, b the high one.
void funnel(E& e, I& in) {
    Type type = in.type(e);
    Value *low = in.read(e, 1, type), *high = in.read(e, 2, type), *amount = in.read(e, 3, type);
    bool left = in.one_of({"l", "r"}) == "l";
    Value* value;
    if (in.has("wrap"))
        value = e.builder.CreateIntrinsic(left ? Intrinsic::fshl : Intrinsic::fshr, {type.ir},
                                          {high, low, amount});
    else
        value = e.machine((left ? "shf.l" : "shf.r") + in.suffix("clamp"), type.ir,
                          {low, amount, high});
    e.write(in.operand(0), value);
}

void reverse_bits(E& e, I& in) {
    Type type = in.type(e);
    e.write(in.operand(0),
            e.builder.CreateUnaryIntrinsic(Intrinsic::bitreverse, in.read(e, 1, type)));
}

/// Results are 32 bits whatever the operand is.
void count(E& e, I& in) {
    Type type = in.type(e);
    Value* a = in.read(e, 1, type);
    Value* value = in.opcode() == "popc"
                       ? e.builder.CreateUnaryIntrinsic(Intrinsic::ctpop, a)
                       : e.builder.CreateBinaryIntrinsic(Intrinsic::ctlz, a, e.builder.getFalse());
    e.write(in.operand(0), e.builder.CreateTrunc(value, e.builder.getInt32Ty()));
}

/// Position of the highest bit that differs from the sign, or the shift that brings it to the top.
void find_top(E& e, I& in) {
    Type type = in.type(e);
    Value* a = in.read(e, 1, type);
    if (type.is_signed) a = e.builder.CreateXor(a, e.builder.CreateAShr(a, type.bits - 1));
    Value* zeros = e.builder.CreateBinaryIntrinsic(Intrinsic::ctlz, a, e.builder.getFalse());
    Value* top = ConstantInt::get(type.ir, type.bits - 1);
    Value* position = in.has("shiftamt") ? zeros : e.builder.CreateSub(top, zeros);
    position = e.builder.CreateTrunc(position, e.builder.getInt32Ty());
    e.write(in.operand(0),
            e.builder.CreateSelect(e.builder.CreateIsNull(a), e.builder.getInt32(~0u), position));
}

void find_nth(E& e, I& in) {
    Type type = in.type(e);
    e.write(
        in.operand(0),
        e.machine("fns", type.ir, {in.read(e, 1, type), in.read(e, 2, type), in.read(e, 3, type)}));
}

/// mask of `length` ones; lengths of the width and more give all ones.
Value* ones(E& e, const Type& type, Value* length) {
    Value* one = ConstantInt::get(type.ir, 1);
    Value* wide = e.builder.CreateZExtOrTrunc(e.builder.CreateAnd(length, type.bits - 1), type.ir);
    Value* mask = e.builder.CreateSub(e.builder.CreateShl(one, wide), one);
    return e.builder.CreateSelect(e.builder.CreateICmpUGE(length, e.builder.getInt32(type.bits)),
                                  ConstantInt::getAllOnesValue(type.ir), mask);
}

Value* byte_operand(E& e, I& in, size_t index) {
    return e.builder.CreateAnd(in.read(e, index, e.bits(32)), 0xff);
}

Value* shift_right_or_zero(E& e, const Type& type, Value* a, Value* amount) {
    Value* in_range = e.builder.CreateZExtOrTrunc(e.builder.CreateAnd(amount, type.bits - 1),
                                                  type.ir);
    return e.builder.CreateSelect(e.builder.CreateICmpUGE(amount, e.builder.getInt32(type.bits)),
                                  ConstantInt::get(type.ir, 0), e.builder.CreateLShr(a, in_range));
}

/// Signed: fields that reach beyond the top are filled with the sign bit of the operand.
void extract(E& e, I& in) {
    Type type = in.type(e);
    Value *a = in.read(e, 1, type), *position = byte_operand(e, in, 2),
          *length = byte_operand(e, in, 3);
    if (!type.is_signed) {
        Value* field = e.builder.CreateAnd(shift_right_or_zero(e, type, a, position),
                                           ones(e, type, length));
        return e.write(in.operand(0), field, type);
    }
    Value* last = e.builder.getInt32(type.bits - 1);
    Value* top = e.builder.CreateSub(e.builder.CreateAdd(position, length),
                                     e.builder.getInt32(1)); // of the field
    Value* sign_at = e.builder.CreateBinaryIntrinsic(Intrinsic::umin, top, last);
    Value* sign = e.builder.CreateAnd(
        e.builder.CreateLShr(a, e.builder.CreateZExtOrTrunc(sign_at, type.ir)), 1);
    Value* fill = e.builder.CreateNeg(sign);
    Value* in_range = e.builder.CreateZExtOrTrunc(
        e.builder.CreateBinaryIntrinsic(Intrinsic::umin, position, last), type.ir);
    Value* mask = ones(e, type, length);
    Value* shifted = e.builder.CreateAShr(a, in_range);
    Value* field = e.builder.CreateOr(e.builder.CreateAnd(shifted, mask),
                                      e.builder.CreateAnd(fill, e.builder.CreateNot(mask)));
    e.write(
        in.operand(0),
        e.builder.CreateSelect(e.builder.CreateIsNull(length), ConstantInt::get(type.ir, 0), field),
        type);
}

void insert(E& e, I& in) {
    Type type = in.type(e);
    Value *a = in.read(e, 1, type), *b = in.read(e, 2, type), *position = byte_operand(e, in, 3),
          *length = byte_operand(e, in, 4);
    Value* in_range = e.builder.CreateZExtOrTrunc(e.builder.CreateAnd(position, type.bits - 1),
                                                  type.ir);
    Value* mask = e.builder.CreateShl(ones(e, type, length), in_range);
    Value* merged = e.builder.CreateOr(e.builder.CreateAnd(e.builder.CreateShl(a, in_range), mask),
                                       e.builder.CreateAnd(b, e.builder.CreateNot(mask)));
    Value* beyond = e.builder.CreateICmpUGE(position, e.builder.getInt32(type.bits));
    e.write(in.operand(0), e.builder.CreateSelect(beyond, b, merged));
}

/// szext: the low b bits of a, extended. clamp: 32 bits and more are a itself; wrap: b modulo 32.
void extend(E& e, I& in) {
    Type type = in.type(e);
    Value *a = in.read(e, 1, type), *b = in.read(e, 2, e.bits(32));
    Value* zero = e.builder.getInt32(0);
    Value* length = e.builder.CreateAnd(b, 31);
    Value* shift = e.builder.CreateAnd(e.builder.CreateSub(e.builder.getInt32(32), length), 31);
    Value* high = e.builder.CreateShl(a, shift);
    Value* value = type.is_signed ? e.builder.CreateAShr(high, shift)
                                  : e.builder.CreateLShr(high, shift);
    value = e.builder.CreateSelect(e.builder.CreateIsNull(length), zero, value);
    if (in.one_of({"clamp", "wrap"}) == "clamp")
        value = e.builder.CreateSelect(e.builder.CreateICmpUGE(b, e.builder.getInt32(32)), a,
                                       value);
    e.write(in.operand(0), value, type);
}

void mask(E& e, I& in) {
    Type type = in.type(e);
    std::string mode = in.suffix("wrap") + in.suffix("clamp");
    e.write(in.operand(0),
            e.machine("bmsk" + mode, type.ir, {in.read(e, 1, type), in.read(e, 2, type)}));
}

void permute(E& e, I& in) {
    Type type = in.type(e);
    std::string op = "prmt";
    for (const char* mode : {"f4e", "b4e", "rc8", "ecl", "ecr", "rc16"})
        op += in.suffix(mode);
    Value *a = in.read(e, 1, type), *b = in.read(e, 2, type), *selector = in.read(e, 3, type);
    e.write(in.operand(0), e.machine(op, type.ir, {a, selector, b}));
}

/// Sum of minterms of the truth table; the optimiser and the backend find short forms.
Value* truth_table(E& e, const Type& type, ArrayRef<Value*> inputs, uint64_t table) {
    Value* result = ConstantInt::get(type.ir, 0);
    for (unsigned row = 0; row < 8; ++row) {
        if (!(table >> row & 1)) continue;
        Value* term = ConstantInt::getAllOnesValue(type.ir);
        for (unsigned i = 0; i < 3; ++i) // bit 2 of the row number is operand a
            term = e.builder.CreateAnd(term, row >> (2 - i) & 1 ? inputs[i]
                                                                : e.builder.CreateNot(inputs[i]));
        result = e.builder.CreateOr(result, term);
    }
    return result;
}

/// With .and, .or, .xor: d|p, where p = (d != 0) op q.
void lop3(E& e, I& in) {
    Type type = in.type(e);
    Value* inputs[3] = {in.read(e, 1, type), in.read(e, 2, type), in.read(e, 3, type)};
    uint64_t table = e.read_constant(in.operand(4), "the truth table");
    if (table > 0xff) e.unsupported("a truth table of more than eight bits");
    Value* value = truth_table(e, type, inputs, table);
    StringRef op = in.one_of({"and", "or", "xor"});
    if (op.empty()) return e.write(in.operand(0), value);
    Value *some = e.builder.CreateIsNotNull(value), *q = e.read_predicate(in.operand(5));
    Value* p = op == "and"  ? e.builder.CreateAnd(some, q)
               : op == "or" ? e.builder.CreateOr(some, q)
                            : e.builder.CreateXor(some, q);
    if (in.operand(0).kind != Operand::Pair) e.unsupported("the result must be d|p");
    e.write_pair(in.operand(0), value, p);
}

constexpr Form kForms[] = {
    {"and pred|$b : d a b", logic},
    {"or pred|$b : d a b", logic},
    {"xor pred|$b : d a b", logic},
    {"not pred|$b : d a", invert},
    {"cnot $b : d a", logical_not},
    {"shl $b : d a b", shift},
    {"shr $b|$i : d a b", shift},
    {"shf l|r wrap|clamp b32 : d a b c", funnel},
    {"brev b32|b64 : d a", reverse_bits},
    {"popc b32|b64 : d a", count},
    {"clz b32|b64 : d a", count},
    {"bfind [shiftamt] u32|u64|s32|s64 : d a", find_top},
    {"fns b32 : d a b c", find_nth},
    {"bfe u32|u64|s32|s64 : d a b c", extract},
    {"bfi b32|b64 : d a b c e", insert},
    {"szext clamp|wrap u32|s32 : d a b", extend},
    {"bmsk clamp|wrap b32 : d a b", mask},
    {"prmt b32 [f4e|b4e|rc8|ecl|ecr|rc16] : d a b c", permute},
    {"lop3 b32 : d a b c lut", lop3},
    {"lop3 and|or|xor b32 : d|p a b c lut q", lop3},
};

} // namespace

std::span<const Form> bit_forms() {
    return kForms;
}

} // namespace acc::ptx
