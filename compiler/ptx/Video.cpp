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

/// An operand without what its instruction looks at itself.
Operand plain(const Operand& operand) {
    Operand result = operand;
    result.selector.clear();
    result.minus = false;
    return result;
}

Value* read_word(E& e, I& in, size_t index) {
    return e.read(plain(in.operand(index)), e.bits(32));
}

/// The parts that an operand of vop2 or vop4 consists of: digits, the highest part first, number
/// those of a and then those of b.
SmallVector<Value*> chosen(E& e, I& in, size_t index, unsigned count, Value* a, Value* b,
                           bool is_signed) {
    const unsigned bits = 32 / count;
    const std::string& selector = in.operand(index).selector;
    if (!selector.empty() && (selector.size() != count + 1 || (selector[0] == 'b') != (count == 4)))
        e.unsupported("the selector '." + selector + "'");
    SmallVector<Value*> parts;
    for (unsigned i = 0; i < count; ++i) {
        const unsigned number = selector.empty() ? i + (index == 2 ? count : 0)
                                                 : unsigned(selector[count - i] - '0');
        parts.push_back(part(e, number < count ? a : b, number % count * bits, bits, is_signed));
    }
    return parts;
}

/// Which parts of the result the mask of its operand names; all without one.
unsigned mask_of(E& e, I& in, unsigned count) {
    const std::string& mask = in.operand(0).selector;
    if (mask.empty()) return (1u << count) - 1;
    unsigned lanes = 0;
    for (size_t i = 1; i < mask.size(); ++i) {
        const unsigned lane = unsigned(mask[i] - '0');
        if (lane >= count || (i > 1 && mask[i] >= mask[i - 1]) || (mask[0] == 'b') != (count == 4))
            e.unsupported("the mask '." + mask + "'");
        lanes |= 1u << lane;
    }
    return lanes;
}

/// The machine's instruction for all parts at once, when there is one: "" else. Without selectors.
std::string at_once(I& in, StringRef op, const Types& types, unsigned count, bool sat, bool sum) {
    if (types.a_signed != types.b_signed) return {};
    const std::string parts = ".x" + std::to_string(count) + (types.a_signed ? ".s" : ".u");
    if (sum) return op == "vabsdiff" ? "vsad" + parts : "";
    if (op == "vset")
        return ("vset.one." + in.one_of({"eq", "ne", "lt", "le", "gt", "ge"})).str() + parts;
    if (types.d_signed != types.a_signed) return {};
    if (op == "vadd" || op == "vsub") return op.str() + (sat ? ".sat" : "") + parts;
    if (sat) return {};
    if (op == "vavrg") return types.a_signed ? "" : "vavg.up" + parts;
    return op.str() + parts; // vabsdiff, vmin, vmax
}

/// vop2, vop4: each part by itself; .add: the sum of the parts and c. Without .add c is the source
/// of parts that a mask leaves out.
void parts(E& e, I& in) {
    StringRef name = in.opcode();
    const unsigned count = unsigned(name.back() - '0'), bits = 32 / count;
    StringRef op = name.drop_back();
    const Types types = types_of(e, in, op != "vset");
    const bool sat = in.has("sat"), sum = in.has("add");
    const unsigned mask = mask_of(e, in, count);
    IRBuilder<>& b = e.builder;
    Value *x = read_word(e, in, 1), *y = read_word(e, in, 2), *c = in.read(e, 3, e.bits(32));
    const bool whole = in.operand(0).selector.empty() && in.operand(1).selector.empty() &&
                       in.operand(2).selector.empty();
    if (const std::string name = whole ? at_once(in, op, types, count, sat, sum) : "";
        !name.empty()) {
        SmallVector<Value*> arguments = {x, y};
        if (sum) arguments.push_back(c);
        return e.write(in.operand(0), e.machine(name, b.getInt32Ty(), arguments));
    }
    const SmallVector<Value*> left = chosen(e, in, 1, count, x, y, types.a_signed),
                              right = chosen(e, in, 2, count, x, y, types.b_signed);
    Value* result = sum ? b.CreateZExt(c, b.getIntNTy(kWide)) : b.getInt64(0);
    for (unsigned i = 0; i < count; ++i) {
        const bool wanted = mask >> i & 1;
        if (!wanted && sum) continue;
        Value* value = wanted ? operate(e, in, op, left[i], right[i])
                              : part(e, c, i * bits, bits, false);
        if (wanted && sat) value = saturate(e, value, bits, types.d_signed);
        if (sum)
            result = b.CreateAdd(result, value);
        else
            result = b.CreateOr(result, b.CreateShl(part(e, value, 0, bits, false), i * bits));
    }
    e.write(plain(in.operand(0)), b.CreateTrunc(result, b.getInt32Ty()));
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

/// Where a byte, a half or all of a word is.
struct Field {
    unsigned first = 0, bits = 32;
};

Field field_of(E& e, const std::string& selector) {
    if (selector.empty()) return {};
    const unsigned bits = selector[0] == 'b' ? 8 : 16, number = unsigned(selector[1] - '0');
    if (selector.size() != 2 || number * bits >= 32)
        e.unsupported("the selector '." + selector + "'");
    return {number * bits, bits};
}

/// The field of an operand as a wide number.
Value* field(E& e, I& in, size_t index, bool is_signed) {
    const Field where = field_of(e, in.operand(index).selector);
    return part(e, read_word(e, in, index), where.first, where.bits, is_signed);
}

/// Puts the result into its operand: as a whole, with a second operation, or into one part of c.
void finish(E& e, I& in, Value* wide, bool d_signed) {
    IRBuilder<>& b = e.builder;
    const std::string& selector = in.operand(0).selector;
    const Field where = field_of(e, selector);
    if (in.has("sat")) wide = saturate(e, wide, where.bits, d_signed);
    Value* value = b.CreateTrunc(wide, b.getInt32Ty());
    const bool third = in.count() == 4;
    const bool second = !in.one_of({"add", "min", "max"}).empty();
    if (third != (second || !selector.empty()) || (second && !selector.empty()))
        e.unsupported("a fourth operand goes with .add, .min, .max or a part of the destination");
    if (second) {
        value = with_third(e, in, value, in.read(e, 3, e.bits(32)), d_signed);
    } else if (third) {
        const uint32_t mask = uint32_t(((uint64_t{1} << where.bits) - 1) << where.first);
        value = b.CreateOr(b.CreateAnd(b.CreateShl(value, where.first), mask),
                           b.CreateAnd(in.read(e, 3, e.bits(32)), ~mask));
    }
    e.write(plain(in.operand(0)), value);
}

/// vop d, a, b[, c] on whole words, or on bytes and halves of them.
void word(E& e, I& in) {
    const Types types = types_of(e, in, in.opcode() != "vset");
    Value *a = field(e, in, 1, types.a_signed), *b = field(e, in, 2, types.b_signed);
    finish(e, in, operate(e, in, in.opcode(), a, b), types.d_signed);
}

/// vshl, vshr: amounts beyond 32 are 32, or taken modulo 32.
void shift(E& e, I& in) {
    const Types types = types_of(e, in, true);
    IRBuilder<>& builder = e.builder;
    Value *a = field(e, in, 1, types.a_signed), *b = field(e, in, 2, false);
    if (in.one_of({"clamp", "wrap"}) == "clamp")
        b = builder.CreateBinaryIntrinsic(Intrinsic::umin, b, wide_constant(e, 32));
    else
        b = builder.CreateAnd(b, 31);
    if (in.opcode() == "vshr") return finish(e, in, builder.CreateAShr(a, b), types.d_signed);
    // Saturation sees all that a shift by 32 leaves, and its sign.
    a = builder.CreateSExt(a, builder.getInt128Ty());
    finish(e, in, builder.CreateShl(a, builder.CreateZExt(b, a->getType())), types.d_signed);
}

/// vmad: a * b + c, each perhaps negated, or + 1 (.po), shifted right, in 128 bits.
void multiply_add(E& e, I& in) {
    IRBuilder<>& builder = e.builder;
    const Types types = types_of(e, in, true);
    const bool minus_product = in.operand(1).minus != in.operand(2).minus;
    const bool minus_c = in.operand(3).minus, plus_one = in.has("po");
    if (plus_one && (minus_product || minus_c)) e.unsupported("'-' with .po");
    if (minus_product && minus_c) e.unsupported("'-' before the product and before c");
    const bool is_signed = types.a_signed || types.b_signed || minus_product || minus_c;
    if (is_signed != types.d_signed) e.unsupported("the sign of the result's type");
    llvm::Type* wide = builder.getInt128Ty();
    Value* product = builder.CreateMul(builder.CreateSExt(field(e, in, 1, types.a_signed), wide),
                                       builder.CreateSExt(field(e, in, 2, types.b_signed), wide));
    Value* c = read_word(e, in, 3);
    if (minus_product) product = builder.CreateNot(product);
    if (minus_c) c = builder.CreateNot(c);
    c = is_signed ? builder.CreateSExt(c, wide) : builder.CreateZExt(c, wide);
    Value* sum = builder.CreateAdd(product, c);
    if (plus_one || minus_product || minus_c)
        sum = builder.CreateAdd(sum, ConstantInt::get(wide, 1));
    const StringRef scale = in.one_of({"shr7", "shr15"});
    if (!scale.empty()) sum = builder.CreateAShr(sum, scale == "shr7" ? 7 : 15);
    if (in.has("sat")) sum = saturate(e, sum, 32, is_signed);
    e.write(in.operand(0), builder.CreateTrunc(sum, builder.getInt32Ty()));
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
    {"vadd " ACC_VIDEO "[sat] [add|min|max] : d a b [c]", word},
    {"vsub " ACC_VIDEO "[sat] [add|min|max] : d a b [c]", word},
    {"vabsdiff " ACC_VIDEO "[sat] [add|min|max] : d a b [c]", word},
    {"vmin " ACC_VIDEO "[sat] [add|min|max] : d a b [c]", word},
    {"vmax " ACC_VIDEO "[sat] [add|min|max] : d a b [c]", word},
    {"vset u32|s32 u32|s32 $cmp [add|min|max] : d a b [c]", word},
    {"vmad " ACC_VIDEO "[po] [sat] [shr7|shr15] : d a b c", multiply_add},
    {"vshl u32|s32 u32|s32 u32 [sat] clamp|wrap [add|min|max] : d a b [c]", shift},
    {"vshr u32|s32 u32|s32 u32 [sat] clamp|wrap [add|min|max] : d a b [c]", shift},
};

#undef ACC_VIDEO

} // namespace

std::span<const Form> video_forms() {
    return kForms;
}

} // namespace acc::ptx
