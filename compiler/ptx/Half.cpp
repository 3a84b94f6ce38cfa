// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f16, bf16 and their pairs. Semantics: PTX ISA, 9.7.4. Operands are words whose low half, or both
// halves, hold the numbers: the machine's own form.
#include "compiler/ptx/Forms.h"

using namespace llvm;

namespace acc::ptx {
namespace {

using E = Emitter;
using I = Instruction;

struct Half {
    std::string format; ///< "f16x2"
    Type type;          ///< integer of its width
};

Half format_of(E& e, I& in) {
    Type type = in.type(e);
    StringRef format = in.one_of({"f16", "f16x2", "bf16", "bf16x2"});
    return {format.str(), e.bits(type.bits)};
}

Value* word(E& e, I& in, size_t index, const Half& half) {
    return e.builder.CreateZExt(in.read(e, index, half.type), e.builder.getInt32Ty());
}

/// Instruction `op`.<format><mods> on the operands 1 ... n.
void machine(E& e, I& in, const Half& half, StringRef op, const std::string& mods) {
    SmallVector<Value*> arguments;
    for (size_t i = 1; i < in.count(); ++i)
        arguments.push_back(word(e, in, i, half));
    Value* value = e.machine(op + "." + half.format + mods, e.builder.getInt32Ty(), arguments);
    e.write(in.operand(0), e.builder.CreateTrunc(value, half.type.ir));
}

void arithmetic(E& e, I& in) {
    Half half = format_of(e, in);
    in.hint({"rn"}); // the only rounding there is
    std::string mods = in.suffix("ftz") + in.suffix("sat") + in.suffix("relu");
    StringRef op = in.opcode();
    if (op == "sub") mods += ".nb";
    machine(e, in, half, op == "mul" ? "hmul" : op == "fma" ? "hfma" : "hadd", mods);
}

void min_max(E& e, I& in) {
    Half half = format_of(e, in);
    std::string mods = in.suffix("ftz") + in.suffix("NaN", "nan") + in.suffix("xorsign");
    machine(e, in, half, in.opcode() == "min" ? "hmin" : "hmax", mods);
}

void min_max_of_magnitudes(E& e, I& in) {
    in.hint({"abs"}); // .xorsign.abs is one modifier
    min_max(e, in);
}

void approximation(E& e, I& in) {
    Half half = format_of(e, in);
    in.hint({"approx"});
    machine(e, in, half, in.opcode() == "ex2" ? "hex2" : "htanh", in.suffix("ftz"));
}

/// neg and abs change sign bits; with .ftz subnormals become zeros of the same sign first.
void sign(E& e, I& in) {
    Half half = format_of(e, in);
    Value* value = word(e, in, 1, half);
    if (in.has("ftz"))
        value = e.machine("hadd." + half.format + ".ftz", value->getType(),
                          {value, e.builder.getInt32(0x80008000)});
    uint32_t signs = 0x80008000;
    value = in.opcode() == "neg" ? e.builder.CreateXor(value, signs)
                                 : e.builder.CreateAnd(value, ~signs);
    e.write(in.operand(0), e.builder.CreateTrunc(value, half.type.ir));
}

constexpr Form kForms[] = {
    {"add [rn] [ftz] [sat] f16|f16x2 : d a b", arithmetic},
    {"add [rn] bf16|bf16x2 : d a b", arithmetic},
    {"sub [rn] [ftz] [sat] f16|f16x2 : d a b", arithmetic},
    {"sub [rn] bf16|bf16x2 : d a b", arithmetic},
    {"mul [rn] [ftz] [sat] f16|f16x2 : d a b", arithmetic},
    {"mul [rn] bf16|bf16x2 : d a b", arithmetic},
    {"fma rn [ftz] [sat|relu] f16|f16x2 : d a b c", arithmetic},
    {"fma rn [relu] bf16|bf16x2 : d a b c", arithmetic},
    {"neg [ftz] f16|f16x2 : d a", sign},
    {"neg bf16|bf16x2 : d a", sign},
    {"abs [ftz] f16|f16x2 : d a", sign},
    {"abs bf16|bf16x2 : d a", sign},
    {"min [ftz] [NaN] f16|f16x2 : d a b", min_max},
    {"min [ftz] [NaN] xorsign abs f16|f16x2 : d a b", min_max_of_magnitudes},
    {"min [NaN] bf16|bf16x2 : d a b", min_max},
    {"min [NaN] xorsign abs bf16|bf16x2 : d a b", min_max_of_magnitudes},
    {"max [ftz] [NaN] f16|f16x2 : d a b", min_max},
    {"max [ftz] [NaN] xorsign abs f16|f16x2 : d a b", min_max_of_magnitudes},
    {"max [NaN] bf16|bf16x2 : d a b", min_max},
    {"max [NaN] xorsign abs bf16|bf16x2 : d a b", min_max_of_magnitudes},
    {"ex2 approx f16|f16x2 : d a", approximation},
    {"ex2 approx ftz bf16|bf16x2 : d a", approximation},
    {"tanh approx $h : d a", approximation},
};

} // namespace

std::span<const Form> half_forms() {
    return kForms;
}

} // namespace acc::ptx
