// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Video instructions: arithmetic on bytes and half words in 33 bits and more, and on all of a word
// at once. Semantics: PTX ISA, 9.7.16 and 9.7.17.
#include "compiler/ptx/Forms.h"

#include "llvm/IR/Intrinsics.h"

using namespace llvm;

namespace acc::ptx {
namespace {

using E = Emitter;
using I = Instruction;

constexpr unsigned kWide = 64; // holds every intermediate result

/// `bits` of a word, from bit `first`, as a wide number.
Value* part(E& e, Value* word, unsigned first, unsigned bits, bool is_signed) {
    IRBuilder<>& b = e.builder;
    Value* field = b.CreateTrunc(b.CreateLShr(word, first), b.getIntNTy(bits));
    return is_signed ? b.CreateSExt(field, b.getIntNTy(kWide))
                     : b.CreateZExt(field, b.getIntNTy(kWide));
}

Value* wide_constant(E& e, int64_t value) {
    return e.builder.getInt64(uint64_t(value));
}

/// Limits to what `bits` of the sign hold.
Value* saturate(E& e, Value* value, unsigned bits, bool is_signed) {
    const int64_t high = is_signed ? (int64_t{1} << (bits - 1)) - 1 : (int64_t{1} << bits) - 1;
    const int64_t low = is_signed ? -(int64_t{1} << (bits - 1)) : 0;
    llvm::Type* type = value->getType();
    value = e.builder.CreateBinaryIntrinsic(Intrinsic::smax, value,
                                            ConstantInt::getSigned(type, low));
    return e.builder.CreateBinaryIntrinsic(Intrinsic::smin, value,
                                           ConstantInt::getSigned(type, high));
}

Value* compare(E& e, I& in, Value* a, Value* b) {
    static constexpr std::pair<const char*, CmpInst::Predicate> rows[] = {
        {"eq", CmpInst::ICMP_EQ},  {"ne", CmpInst::ICMP_NE},  {"lt", CmpInst::ICMP_SLT},
        {"le", CmpInst::ICMP_SLE}, {"gt", CmpInst::ICMP_SGT}, {"ge", CmpInst::ICMP_SGE}};
    for (auto [name, predicate] : rows)
        if (in.has(name))
            return e.builder.CreateZExt(e.builder.CreateICmp(predicate, a, b), a->getType());
    e.unsupported("a comparison is missing");
}

Value* operate(E& e, I& in, StringRef op, Value* a, Value* b) {
    IRBuilder<>& builder = e.builder;
    if (op == "vadd") return builder.CreateAdd(a, b);
    if (op == "vsub") return builder.CreateSub(a, b);
    if (op == "vabsdiff")
        return builder.CreateBinaryIntrinsic(Intrinsic::abs, builder.CreateSub(a, b),
                                             builder.getFalse());
    if (op == "vmin") return builder.CreateBinaryIntrinsic(Intrinsic::smin, a, b);
    if (op == "vmax") return builder.CreateBinaryIntrinsic(Intrinsic::smax, a, b);
    if (op == "vset") return compare(e, in, a, b);
    // vavrg: halves are rounded away from zero, upwards from it
    Value* sum = builder.CreateAdd(a, b);
    Value* not_negative = builder.CreateZExt(builder.CreateICmpSGE(sum, wide_constant(e, 0)),
                                             sum->getType());
    return builder.CreateAShr(builder.CreateAdd(sum, not_negative), 1);
}

struct Types {
    bool d_signed, a_signed, b_signed;
};

/// vset has no type of its result, which is unsigned.
Types types_of(E& e, I& in, bool has_result) {
    Types types{};
    types.d_signed = has_result && in.type(e, 0).is_signed;
    types.a_signed = in.type(e, has_result).is_signed;
    types.b_signed = in.type(e, has_result + 1u).is_signed;
    return types;
}

/// vop2, vop4: each part by itself; .add: the sum of the parts and c. Without .add c would be the
/// source of parts that a mask leaves out; there is no mask.
void parts(E& e, I& in) {
    StringRef name = in.opcode();
    const unsigned count = unsigned(name.back() - '0'), bits = 32 / count;
    StringRef op = name.drop_back();
    const Types types = types_of(e, in, op != "vset");
    const bool sat = in.has("sat"), sum = in.has("add");
    IRBuilder<>& b = e.builder;
    Value *x = in.read(e, 1, e.bits(32)), *y = in.read(e, 2, e.bits(32)),
          *c = in.read(e, 3, e.bits(32));
    Value* result = sum ? b.CreateZExt(c, b.getIntNTy(kWide)) : b.getInt64(0);
    for (unsigned i = 0; i < count; ++i) {
        Value* value = operate(e, in, op, part(e, x, i * bits, bits, types.a_signed),
                               part(e, y, i * bits, bits, types.b_signed));
        if (sat) value = saturate(e, value, bits, types.d_signed);
        if (sum)
            result = b.CreateAdd(result, value);
        else
            result = b.CreateOr(result, b.CreateShl(part(e, value, 0, bits, false), i * bits));
    }
    e.write(in.operand(0), b.CreateTrunc(result, b.getInt32Ty()));
}

/// The second operation, with c: .add, .min, .max as the result's type says.
Value* with_third(E& e, I& in, Value* value, Value* c, bool is_signed) {
    IRBuilder<>& b = e.builder;
    StringRef op = in.one_of({"add", "min", "max"});
    if (op == "add") return b.CreateAdd(value, c);
    Intrinsic::ID id = is_signed ? (op == "min" ? Intrinsic::smin : Intrinsic::smax)
                                 : (op == "min" ? Intrinsic::umin : Intrinsic::umax);
    return b.CreateBinaryIntrinsic(id, value, c);
}

void finish(E& e, I& in, Value* wide, bool d_signed) {
    IRBuilder<>& b = e.builder;
    if (in.has("sat")) wide = saturate(e, wide, 32, d_signed);
    Value* value = b.CreateTrunc(wide, b.getInt32Ty());
    if (in.count() == 4) value = with_third(e, in, value, in.read(e, 3, e.bits(32)), d_signed);
    e.write(in.operand(0), value);
}

/// vop d, a, b[, c] on whole words.
void word(E& e, I& in) {
    const Types types = types_of(e, in, in.opcode() != "vset");
    Value* a = part(e, in.read(e, 1, e.bits(32)), 0, 32, types.a_signed);
    Value* b = part(e, in.read(e, 2, e.bits(32)), 0, 32, types.b_signed);
    finish(e, in, operate(e, in, in.opcode(), a, b), types.d_signed);
}

/// vshl, vshr: amounts beyond 32 are 32, or taken modulo 32.
void shift(E& e, I& in) {
    const Types types = types_of(e, in, true);
    IRBuilder<>& builder = e.builder;
    Value* a = part(e, in.read(e, 1, e.bits(32)), 0, 32, types.a_signed);
    Value* b = part(e, in.read(e, 2, e.bits(32)), 0, 32, false);
    if (in.one_of({"clamp", "wrap"}) == "clamp")
        b = builder.CreateBinaryIntrinsic(Intrinsic::umin, b, wide_constant(e, 32));
    else
        b = builder.CreateAnd(b, 31);
    if (in.opcode() == "vshr") return finish(e, in, builder.CreateAShr(a, b), types.d_signed);
    // Saturation sees all that a shift by 32 leaves, and its sign.
    a = builder.CreateSExt(a, builder.getInt128Ty());
    finish(e, in, builder.CreateShl(a, builder.CreateZExt(b, a->getType())), types.d_signed);
}

#define ACC_VIDEO "u32|s32 u32|s32 u32|s32 "

constexpr Form kForms[] = {
    {"vadd2 " ACC_VIDEO "[sat|add] : d a b c", parts},
    {"vadd4 " ACC_VIDEO "[sat|add] : d a b c", parts},
    {"vsub2 " ACC_VIDEO "[sat|add] : d a b c", parts},
    {"vsub4 " ACC_VIDEO "[sat|add] : d a b c", parts},
    {"vavrg2 " ACC_VIDEO "[sat|add] : d a b c", parts},
    {"vavrg4 " ACC_VIDEO "[sat|add] : d a b c", parts},
    {"vabsdiff2 " ACC_VIDEO "[sat|add] : d a b c", parts},
    {"vabsdiff4 " ACC_VIDEO "[sat|add] : d a b c", parts},
    {"vmin2 " ACC_VIDEO "[sat|add] : d a b c", parts},
    {"vmin4 " ACC_VIDEO "[sat|add] : d a b c", parts},
    {"vmax2 " ACC_VIDEO "[sat|add] : d a b c", parts},
    {"vmax4 " ACC_VIDEO "[sat|add] : d a b c", parts},
    {"vset2 u32|s32 u32|s32 $cmp [add] : d a b c", parts},
    {"vset4 u32|s32 u32|s32 $cmp [add] : d a b c", parts},
    {"vadd " ACC_VIDEO "[sat] : d a b", word},
    {"vadd " ACC_VIDEO "[sat] add|min|max : d a b c", word},
    {"vsub " ACC_VIDEO "[sat] : d a b", word},
    {"vsub " ACC_VIDEO "[sat] add|min|max : d a b c", word},
    {"vabsdiff " ACC_VIDEO "[sat] : d a b", word},
    {"vabsdiff " ACC_VIDEO "[sat] add|min|max : d a b c", word},
    {"vmin " ACC_VIDEO "[sat] : d a b", word},
    {"vmin " ACC_VIDEO "[sat] add|min|max : d a b c", word},
    {"vmax " ACC_VIDEO "[sat] : d a b", word},
    {"vmax " ACC_VIDEO "[sat] add|min|max : d a b c", word},
    {"vset u32|s32 u32|s32 $cmp : d a b", word},
    {"vset u32|s32 u32|s32 $cmp add|min|max : d a b c", word},
    {"vshl u32|s32 u32|s32 u32 [sat] clamp|wrap : d a b", shift},
    {"vshl u32|s32 u32|s32 u32 [sat] clamp|wrap add|min|max : d a b c", shift},
    {"vshr u32|s32 u32|s32 u32 [sat] clamp|wrap : d a b", shift},
    {"vshr u32|s32 u32|s32 u32 [sat] clamp|wrap add|min|max : d a b c", shift},
};

#undef ACC_VIDEO

} // namespace

std::span<const Form> video_forms() {
    return kForms;
}

} // namespace acc::ptx
