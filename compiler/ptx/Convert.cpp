// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cvt. Semantics: PTX ISA, 9.7.9.21. Halves and the 8-bit formats are integers of their width here;
// the machine wants them in words.
#include "compiler/ptx/Forms.h"

#include "llvm/IR/Intrinsics.h"

using namespace llvm;

namespace acc::ptx {
namespace {

using E = Emitter;
using I = Instruction;

/// A format of floating point: its name in mnemonics, and how the machine holds it.
struct Format {
    StringRef name;
    llvm::Type* held = nullptr;
    Type type; ///< as operand of the asm statement
    bool is_half() const { return name == "f16" || name == "bf16"; }
};

Format format_of(E& e, const Type& type) {
    if (type.ir->isFloatTy()) return {"f32", type.ir, type};
    if (type.ir->isDoubleTy()) return {"f64", type.ir, type};
    return {type.ir->isHalfTy() ? "f16" : "bf16", e.builder.getInt32Ty(), e.bits(16)};
}

Value* read_float(E& e, I& in, size_t index, const Format& format) {
    Value* value = in.read(e, index, format.type);
    return format.is_half() ? e.builder.CreateZExt(value, format.held) : value;
}

void write_float(E& e, I& in, Value* value, const Format& format) {
    e.write(in.operand(0), format.is_half() ? e.builder.CreateTrunc(value, format.type.ir) : value);
}

Value* flush(E& e, Value* value) {
    return e.machine("fadd.f32.ftz", value->getType(),
                     {value, ConstantFP::get(value->getType(), -0.0)});
}

/// Clamps to [0, 1]; NaN becomes 0.
Value* saturate(E& e, Value* value, const Format& format) {
    if (format.name == "f64")
        return e.builder.CreateBinaryIntrinsic(
            Intrinsic::minimumnum,
            e.builder.CreateBinaryIntrinsic(Intrinsic::maximumnum, value,
                                            ConstantFP::get(format.held, 0.0)),
            ConstantFP::get(format.held, 1.0));
    // x + -0 is x.
    Value* zero = format.is_half() ? (Value*)e.builder.getInt32(0x8000)
                                   : ConstantFP::get(format.held, -0.0);
    std::string op = format.is_half() ? ("hadd." + format.name + ".sat").str() : "fadd.f32.sat";
    return e.machine(op, format.held, {value, zero});
}

/// ".rz" and the like.
std::string rounding(I& in) {
    in.hint({"rn"}); // the machine's default
    return in.suffix("rz") + in.suffix("rm") + in.suffix("rp");
}

// ---- integers

/// Clamps a signed or unsigned value to the range of `to`.
Value* clamp(E& e, Value* value, bool from_signed, const Type& to) {
    unsigned width = value->getType()->getIntegerBitWidth();
    IRBuilder<>& b = e.builder;
    if (to.bits > width || (to.bits == width && to.is_signed == from_signed)) {
        // Only negative numbers can be out of a wider range.
        if (!from_signed || to.is_signed) return value;
        return b.CreateBinaryIntrinsic(Intrinsic::smax, value,
                                       ConstantInt::get(value->getType(), 0));
    }
    APInt highest = (to.is_signed ? APInt::getSignedMaxValue(to.bits) : APInt::getMaxValue(to.bits))
                        .zextOrTrunc(width);
    if (!from_signed)
        return b.CreateBinaryIntrinsic(Intrinsic::umin, value,
                                       ConstantInt::get(value->getType(), highest));
    APInt lowest = to.is_signed ? APInt::getSignedMinValue(to.bits).sextOrTrunc(width)
                                : APInt::getZero(width);
    value = b.CreateBinaryIntrinsic(Intrinsic::smax, value,
                                    ConstantInt::get(value->getType(), lowest));
    if (to.bits == width) return value; // signed to unsigned of the same width
    return b.CreateBinaryIntrinsic(Intrinsic::smin, value,
                                   ConstantInt::get(value->getType(), highest));
}

void integers(E& e, I& in) {
    Type to = in.type(e, 0), from = in.type(e, 1);
    Value* value = in.read(e, 1, from);
    if (in.has("sat")) value = clamp(e, value, from.is_signed, to);
    value = from.is_signed ? e.builder.CreateSExtOrTrunc(value, to.ir)
                           : e.builder.CreateZExtOrTrunc(value, to.ir);
    e.write(in.operand(0), value, to);
}

/// Clamps to the range by itself, whether .sat is there or not. NaN: 0, but the bit pattern 100...0
/// when one of the types is f64, s64 or u64.
void float_to_integer(E& e, I& in) {
    Type to = in.type(e, 0), source = in.type(e, 1);
    Format from = format_of(e, source);
    in.hint({"sat"});
    Value* a = read_float(e, in, 1, from);
    std::string name = to.is_signed ? "cvt.s" : "cvt.u";
    name += (to.bits == 64 ? "64." : "32.") + from.name.str();
    for (const char* mode : {"rzi", "rni", "rmi", "rpi"})
        name += in.suffix(mode);
    if (source.ir->isFloatTy()) name += in.suffix("ftz");
    Type machine_type = e.bits(to.bits == 64 ? 64 : 32);
    Value* value = e.machine(name, machine_type.ir, {a});
    value = e.builder.CreateTrunc(clamp(e, value, to.is_signed, to), to.ir);
    if (source.bits == 64)
        value = e.builder.CreateSelect(
            e.builder.CreateFCmpUNO(a, a),
            ConstantInt::get(e.builder.getContext(), APInt::getSignedMinValue(to.bits)), value);
    e.write(in.operand(0), value, to);
}

void integer_to_float(E& e, I& in) {
    Format to = format_of(e, in.type(e, 0));
    Type from = in.type(e, 1);
    Type machine_type = e.bits(from.bits == 64 ? 64 : 32);
    Value* a = in.read(e, 1, from);
    a = from.is_signed ? e.builder.CreateSExt(a, machine_type.ir)
                       : e.builder.CreateZExt(a, machine_type.ir);
    std::string mode = rounding(in);
    Value* value;
    if (mode.empty() && !to.is_half())
        value = from.is_signed ? e.builder.CreateSIToFP(a, to.held)
                               : e.builder.CreateUIToFP(a, to.held);
    else
        value = e.machine("cvt." + to.name.str() + (from.is_signed ? ".s" : ".u") +
                              std::to_string(machine_type.bits) + mode,
                          to.held, {a});
    if (in.has("sat")) value = saturate(e, value, to);
    write_float(e, in, value, to);
}

// ---- floating point

/// Rounds to an integral value of the same format, or copies.
void same_format(E& e, I& in) {
    Format format = format_of(e, in.type(e, 0));
    in.type(e, 1);
    Value* value = read_float(e, in, 1, format);
    std::string mode = in.suffix("rni") + in.suffix("rzi") + in.suffix("rmi") + in.suffix("rpi");
    bool ftz = in.has("ftz"); // only f32's rows have it
    if (!mode.empty())
        value = e.machine("frnd." + format.name + mode + (ftz ? ".ftz" : ""), format.held, {value});
    else if (ftz)
        value = flush(e, value);
    if (in.has("sat")) value = saturate(e, value, format);
    write_float(e, in, value, format);
}

void widen(E& e, I& in) {
    Format to = format_of(e, in.type(e, 0)), from = format_of(e, in.type(e, 1));
    Value* value = read_float(e, in, 1, from);
    // Subnormal halves are normal numbers of f32: .ftz concerns f32 sources.
    bool ftz = in.has("ftz") && from.name == "f32";
    value = e.machine("cvt." + to.name + "." + from.name + (ftz ? ".ftz" : ""), to.held, {value});
    if (in.has("sat")) value = saturate(e, value, to);
    write_float(e, in, value, to);
}

/// Too large numbers, infinite ones too, become the largest finite one.
Value* clamp_to_finite(E& e, Value* value, double largest) {
    IRBuilder<>& b = e.builder;
    Value *high = ConstantFP::get(value->getType(), largest),
          *low = ConstantFP::get(value->getType(), -largest);
    value = b.CreateSelect(b.CreateFCmpOGT(value, high), high, value);
    return b.CreateSelect(b.CreateFCmpOLT(value, low), low, value);
}

double largest_of(StringRef format) {
    return format.starts_with("bf16") ? 0x1.fep127 : 65504.0;
}

void narrow(E& e, I& in) {
    Format to = format_of(e, in.type(e, 0)), from = format_of(e, in.type(e, 1));
    Value* value = read_float(e, in, 1, from);
    std::string mode = rounding(in);
    bool to_f32 = to.name == "f32", ftz = in.has("ftz");
    if (ftz && !to_f32) value = flush(e, value);
    if (in.has("satfinite")) value = clamp_to_finite(e, value, largest_of(to.name));
    if (in.has("relu")) // the packed instruction has it; its low half is the operand b
        value = e.builder.CreateAnd(e.machine("cvt." + to.name + "x2.f32" + mode + ".relu", to.held,
                                              {ConstantFP::get(from.held, 0.0), value}),
                                    0xffff);
    else
        value = e.machine("cvt." + to.name + "." + from.name + mode + (ftz && to_f32 ? ".ftz" : ""),
                          to.held, {value});
    if (in.has("sat")) value = saturate(e, value, to);
    write_float(e, in, value, to);
}

/// f16 <-> bf16, by way of f32, which holds both exactly.
void between_halves(E& e, I& in) {
    Format to = format_of(e, in.type(e, 0)), from = format_of(e, in.type(e, 1));
    Value* wide = e.machine("cvt.f32." + from.name, e.builder.getFloatTy(),
                            {read_float(e, in, 1, from)});
    write_float(e, in, e.machine("cvt." + to.name + ".f32" + rounding(in), to.held, {wide}), to);
}

/// cvt.f16x2.f32 d, a, b: a is the high half.
void pack_halves(E& e, I& in) {
    Type f32 = e.type_of("f32");
    StringRef to = in.one_of({"f16x2", "bf16x2"});
    in.hint({"f32"});
    Value *high = in.read(e, 1, f32), *low = in.read(e, 2, f32);
    if (in.has("satfinite")) {
        high = clamp_to_finite(e, high, largest_of(to));
        low = clamp_to_finite(e, low, largest_of(to));
    }
    e.write(in.operand(0), e.machine("cvt." + to + ".f32" + rounding(in) + in.suffix("relu"),
                                     e.builder.getInt32Ty(), {high, low}));
}

/// To two 8-bit numbers, from f32 (a is the high byte) or f16x2.
void pack_bytes(E& e, I& in) {
    StringRef to = in.one_of({"e4m3x2", "e5m2x2"}), from = in.one_of({"f32", "f16x2"});
    Type source = from == "f32" ? e.type_of("f32") : e.bits(32);
    in.hint({"rn"});
    SmallVector<Value*> arguments;
    for (size_t i = 1; i < in.count(); ++i)
        arguments.push_back(in.read(e, i, source));
    Value* value = e.machine("cvt." + to + "." + from + in.suffix("relu") + in.suffix("satfinite"),
                             e.builder.getInt32Ty(), arguments);
    e.write(in.operand(0), e.builder.CreateTrunc(value, e.builder.getInt16Ty()));
}

void unpack_bytes(E& e, I& in) {
    StringRef from = in.one_of({"e4m3x2", "e5m2x2"});
    in.hint({"rn", "f16x2"}); // exact
    Value* bytes = e.builder.CreateZExt(in.read(e, 1, e.bits(16)), e.builder.getInt32Ty());
    e.write(in.operand(0),
            e.machine("cvt.f16x2." + from + in.suffix("relu"), bytes->getType(), {bytes}));
}

/// The result is a word, for mma.
void to_tf32(E& e, I& in) {
    in.hint({"rn", "tf32", "f32"});
    Value* a = in.read(e, 1, e.type_of("f32"));
    e.write(in.operand(0), e.machine("cvt.tf32.f32" + in.suffix("rna") + in.suffix("relu"),
                                     e.builder.getInt32Ty(), {a}));
}

constexpr Form kForms[] = {
    {"cvt [sat] $i8 $i8 : d a", integers},
    {"cvt rni|rzi|rmi|rpi [ftz] [sat] $i8 f32 : d a", float_to_integer},
    {"cvt rni|rzi|rmi|rpi [sat] $i8 f16|bf16|f64 : d a", float_to_integer},
    {"cvt $rnd [sat] f16|bf16|f32|f64 $i8 : d a", integer_to_float},
    {"cvt [rni|rzi|rmi|rpi] [ftz] [sat] f32 f32 : d a", same_format},
    {"cvt [rni|rzi|rmi|rpi] [sat] f64 f64 : d a", same_format},
    {"cvt [rni|rzi|rmi|rpi] [sat] f16 f16 : d a", same_format},
    {"cvt [rni|rzi|rmi|rpi] bf16 bf16 : d a", same_format},
    {"cvt [ftz] [sat] f32 f16|bf16 : d a", widen},
    {"cvt [ftz] [sat] f64 f32 : d a", widen},
    {"cvt [sat] f64 f16|bf16 : d a", widen},
    {"cvt $rnd [ftz] [sat] f32 f64 : d a", narrow},
    {"cvt $rnd [ftz] [sat] f16 f32 : d a", narrow},
    {"cvt rn|rz [relu] [satfinite] f16|bf16 f32 : d a", narrow},
    {"cvt $rnd bf16 f32 : d a", narrow},
    {"cvt $rnd [sat] f16 f64 : d a", narrow},
    {"cvt $rnd bf16 f64 : d a", narrow},
    {"cvt $rnd f16 bf16 : d a", between_halves},
    {"cvt $rnd bf16 f16 : d a", between_halves},
    {"cvt rn|rz [relu] [satfinite] f16x2|bf16x2 f32 : d a b", pack_halves},
    {"cvt rn satfinite [relu] e4m3x2|e5m2x2 f32 : d a b", pack_bytes},
    {"cvt rn satfinite [relu] e4m3x2|e5m2x2 f16x2 : d a", pack_bytes},
    {"cvt rn [relu] f16x2 e4m3x2|e5m2x2 : d a", unpack_bytes},
    {"cvt rna tf32 f32 : d a", to_tf32},
    {"cvt rn [relu] tf32 f32 : d a", to_tf32},
};

} // namespace

std::span<const Form> conversion_forms() {
    return kForms;
}

} // namespace acc::ptx
