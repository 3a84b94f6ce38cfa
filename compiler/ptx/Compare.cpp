// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Comparison, selection and moves. Semantics: PTX ISA, 9.7.5, 9.7.6, 9.7.9.
#include "compiler/ptx/Forms.h"

#include "llvm/IR/Intrinsics.h"

using namespace llvm;

namespace acc::ptx {
namespace {

using E = Emitter;
using I = Instruction;

CmpInst::Predicate comparison(E& e, I& in, const Type& type) {
    struct Row {
        const char* name;
        CmpInst::Predicate real, is_signed, is_unsigned;
    };
    constexpr CmpInst::Predicate none = CmpInst::BAD_ICMP_PREDICATE;
    static constexpr Row rows[] = {
        {"eq", CmpInst::FCMP_OEQ, CmpInst::ICMP_EQ, CmpInst::ICMP_EQ},
        {"ne", CmpInst::FCMP_ONE, CmpInst::ICMP_NE, CmpInst::ICMP_NE},
        {"lt", CmpInst::FCMP_OLT, CmpInst::ICMP_SLT, CmpInst::ICMP_ULT},
        {"le", CmpInst::FCMP_OLE, CmpInst::ICMP_SLE, CmpInst::ICMP_ULE},
        {"gt", CmpInst::FCMP_OGT, CmpInst::ICMP_SGT, CmpInst::ICMP_UGT},
        {"ge", CmpInst::FCMP_OGE, CmpInst::ICMP_SGE, CmpInst::ICMP_UGE},
        {"lo", none, none, CmpInst::ICMP_ULT},
        {"ls", none, none, CmpInst::ICMP_ULE},
        {"hi", none, none, CmpInst::ICMP_UGT},
        {"hs", none, none, CmpInst::ICMP_UGE},
        {"equ", CmpInst::FCMP_UEQ, none, none},
        {"neu", CmpInst::FCMP_UNE, none, none},
        {"ltu", CmpInst::FCMP_ULT, none, none},
        {"leu", CmpInst::FCMP_ULE, none, none},
        {"gtu", CmpInst::FCMP_UGT, none, none},
        {"geu", CmpInst::FCMP_UGE, none, none},
        {"num", CmpInst::FCMP_ORD, none, none},
        {"nan", CmpInst::FCMP_UNO, none, none},
    };
    for (const Row& row : rows)
        if (in.has(row.name))
            return type.is_float ? row.real : type.is_signed ? row.is_signed : row.is_unsigned;
    e.unsupported("a comparison is missing");
}

/// Operand as a number to compare; subnormals become zero where .ftz says so.
Value* comparand(E& e, size_t index, I& in, const Type& type, bool ftz) {
    Value* value = in.read(e, index, type);
    if (!ftz) return value;
    if (type.bits == 32 && !type.ir->isVectorTy())
        return e.machine("fadd.f32.ftz", type.ir, {value, ConstantFP::get(type.ir, -0.0)});
    Type word = e.bits(32);
    Value* bits = e.builder.CreateZExt(
        e.builder.CreateBitCast(value, e.builder.getIntNTy(type.bits)), word.ir);
    bits = e.machine(type.bits == 32 ? "hadd.f16x2.ftz" : "hadd.f16.ftz", word.ir,
                     {bits, e.builder.getInt32(0x80008000)});
    return e.builder.CreateBitCast(e.builder.CreateTrunc(bits, e.builder.getIntNTy(type.bits)),
                                   type.ir);
}

/// Halves are compared as f32, which changes nothing.
Value* compare(E& e, CmpInst::Predicate predicate, Value* a, Value* b) {
    if (a->getType()->isHalfTy() || a->getType()->isBFloatTy()) {
        a = e.builder.CreateFPExt(a, e.builder.getFloatTy());
        b = e.builder.CreateFPExt(b, e.builder.getFloatTy());
    }
    return e.builder.CreateCmp(predicate, a, b);
}

/// The result and the opposite, each combined with the predicate of a fourth operand.
Value* combine(E& e, I& in, Value* result, StringRef op) {
    if (op.empty()) return result;
    Value* other = e.read_predicate(in.operand(3));
    return op == "and"  ? e.builder.CreateAnd(result, other)
           : op == "or" ? e.builder.CreateOr(result, other)
                        : e.builder.CreateXor(result, other);
}

StringRef combination(E& e, I& in) {
    StringRef op = in.one_of({"and", "or", "xor"});
    if (op.empty() != (in.count() == 3))
        e.unsupported("a fourth operand goes with .and, .or or .xor");
    return op;
}

void set_predicate(E& e, I& in) {
    Type type = in.type(e);
    bool ftz = in.has("ftz");
    CmpInst::Predicate predicate = comparison(e, in, type);
    if (predicate == CmpInst::BAD_ICMP_PREDICATE) e.unsupported("this comparison of this type");
    Value *a = comparand(e, 1, in, type, ftz), *b = comparand(e, 2, in, type, ftz);
    StringRef op = combination(e, in);
    const Operand& target = in.operand(0);
    if (type.ir->isVectorTy()) { // p from the low halves, q from the high ones
        if (target.kind != Operand::Pair) e.unsupported("the result must be p|q");
        Value* parts[2];
        for (unsigned i = 0; i < 2; ++i)
            parts[i] = combine(e, in,
                               compare(e, predicate, e.builder.CreateExtractElement(a, i),
                                       e.builder.CreateExtractElement(b, i)),
                               op);
        return e.write_pair(target, parts[0], parts[1]);
    }
    Value* result = compare(e, predicate, a, b);
    e.write_pair(target, combine(e, in, result, op),
                 combine(e, in, e.builder.CreateNot(result), op));
}

/// As setp, but a number: all ones, or 1.0.
void set_number(E& e, I& in) {
    Type to = in.type(e, 0), type = in.type(e, 1);
    bool ftz = in.has("ftz");
    CmpInst::Predicate predicate = comparison(e, in, type);
    if (predicate == CmpInst::BAD_ICMP_PREDICATE) e.unsupported("this comparison of this type");
    Value *a = comparand(e, 1, in, type, ftz), *b = comparand(e, 2, in, type, ftz);
    Value* result = combine(e, in, compare(e, predicate, a, b), combination(e, in));
    e.write(in.operand(0), to.is_float ? e.builder.CreateSelect(result, ConstantFP::get(to.ir, 1.0),
                                                                ConstantFP::get(to.ir, 0.0))
                                       : e.builder.CreateSExt(result, to.ir));
}

/// Both halves of a word at once: 1.0, or all ones.
void set_halves(E& e, I& in) {
    Type to = in.type(e, 0), type = in.type(e, 1);
    bool ftz = in.has("ftz");
    CmpInst::Predicate predicate = comparison(e, in, type);
    Value *a = comparand(e, 1, in, type, ftz), *b = comparand(e, 2, in, type, ftz);
    StringRef op = combination(e, in);
    Value* result = e.builder.getInt32(0);
    for (unsigned i = 0; i < 2; ++i) {
        Value* one = combine(e, in,
                             compare(e, predicate, e.builder.CreateExtractElement(a, i),
                                     e.builder.CreateExtractElement(b, i)),
                             op);
        llvm::Type* half = type.ir->getScalarType();
        Value* number = to.is_float ? e.builder.CreateBitCast(
                                          e.builder.CreateSelect(one, ConstantFP::get(half, 1.0),
                                                                 ConstantFP::get(half, 0.0)),
                                          e.builder.getInt16Ty())
                                    : e.builder.CreateSExt(one, e.builder.getInt16Ty());
        number = e.builder.CreateZExt(number, e.builder.getInt32Ty());
        result = e.builder.CreateOr(result, e.builder.CreateShl(number, 16 * i));
    }
    e.write(in.operand(0), result);
}

void select_by_predicate(E& e, I& in) {
    Type type = in.type(e);
    Value *a = in.read(e, 1, type), *b = in.read(e, 2, type);
    e.write(in.operand(0), e.builder.CreateSelect(e.read_predicate(in.operand(3)), a, b), type);
}

/// slct: c >= 0 ? a : b; NaN chooses b.
void select_by_sign(E& e, I& in) {
    Type type = in.type(e, 0), by = in.type(e, 1);
    Value *a = in.read(e, 1, type), *b = in.read(e, 2, type);
    Value* c = comparand(e, 3, in, by, in.has("ftz"));
    Value* zero = Constant::getNullValue(by.ir);
    Value* condition = by.is_float ? e.builder.CreateFCmpOGE(c, zero)
                                   : e.builder.CreateICmpSGE(c, zero);
    e.write(in.operand(0), e.builder.CreateSelect(condition, a, b), type);
}

void move(E& e, I& in) {
    Type type = in.type(e);
    Value* value = type.bits == 1 ? e.read_predicate(in.operand(1)) : in.read(e, 1, type);
    e.write(in.operand(0), value, type);
}

constexpr Form kForms[] = {
    {"setp eq|ne [$bool] $b : p a b [c]", set_predicate},
    {"setp $cmp [$bool] s16|s32|s64 : p a b [c]", set_predicate},
    {"setp $cmp|lo|ls|hi|hs [$bool] u16|u32|u64 : p a b [c]", set_predicate},
    {"setp $fcmp [$bool] [ftz] f32|f16|f16x2 : p a b [c]", set_predicate},
    {"setp $fcmp [$bool] f64|bf16|bf16x2 : p a b [c]", set_predicate},
    {"set eq|ne [$bool] u32|s32|f32 $b : d a b [c]", set_number},
    {"set $cmp [$bool] u32|s32|f32 s16|s32|s64 : d a b [c]", set_number},
    {"set $cmp|lo|ls|hi|hs [$bool] u32|s32|f32 u16|u32|u64 : d a b [c]", set_number},
    {"set $fcmp [$bool] [ftz] u32|s32|f32 f32|f16 : d a b [c]", set_number},
    {"set $fcmp [$bool] u32|s32|f32 f64|bf16 : d a b [c]", set_number},
    {"set $fcmp [$bool] [ftz] u16|s16|f16 f16 : d a b [c]", set_number},
    {"set $fcmp [$bool] u16|s16|bf16 bf16 : d a b [c]", set_number},
    {"set $fcmp [$bool] [ftz] u32|s32|f16x2 f16x2 : d a b [c]", set_halves},
    {"set $fcmp [$bool] u32|s32|bf16x2 bf16x2 : d a b [c]", set_halves},
    {"selp $b|$i|f32|f64 : d a b c", select_by_predicate},
    {"slct $b|$i|f32|f64 s32 : d a b c", select_by_sign},
    {"slct [ftz] $b|$i|f32|f64 f32 : d a b c", select_by_sign},
    {"mov pred|$b|b128|$i|f32|f64 : d a", move},
};

} // namespace

std::span<const Form> compare_forms() {
    return kForms;
}

} // namespace acc::ptx
