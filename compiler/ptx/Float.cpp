// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f32 and f64 arithmetic. Semantics: PTX ISA, 9.7.3. What has no modifiers is plain IR, which the
// optimiser understands; the rest are the machine's own instructions.
#include "compiler/ptx/Forms.h"

#include "llvm/IR/Intrinsics.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::ptx {
namespace {

using E = Emitter;
using I = Instruction;

/// ".rz.ftz.sat"; nearest even is the machine's default, too.
std::string modifiers(I& in) {
    in.hint({"rn"});
    return in.suffix("rz") + in.suffix("rm") + in.suffix("rp") + in.suffix("ftz") +
           in.suffix("sat");
}

std::string name(StringRef op, const Type& type) {
    return (op + (type.bits == 64 ? ".f64" : ".f32")).str();
}

void add_sub_mul(E& e, I& in) {
    Type type = in.type(e);
    std::string mods = modifiers(in);
    Value *a = in.read(e, 1, type), *b = in.read(e, 2, type);
    bool is_mul = in.opcode() == "mul";
    if (in.opcode() == "sub") b = e.builder.CreateFNeg(b);
    Value* value = !mods.empty()
                       ? e.machine(name(is_mul ? "fmul" : "fadd", type) + mods, type.ir, {a, b})
                   : is_mul ? e.builder.CreateFMul(a, b)
                            : e.builder.CreateFAdd(a, b);
    e.write(in.operand(0), value);
}

void fma(E& e, I& in) {
    Type type = in.type(e);
    std::string mods = modifiers(in);
    Value *a = in.read(e, 1, type), *b = in.read(e, 2, type), *c = in.read(e, 3, type);
    Value* value = mods.empty() ? e.builder.CreateIntrinsic(Intrinsic::fma, {type.ir}, {a, b, c})
                                : e.machine(name("ffma", type) + mods, type.ir, {a, b, c});
    e.write(in.operand(0), value);
}

/// Division is one instruction and correctly rounded, which is within what .approx and .full
/// promise.
void divide(E& e, I& in) {
    Type type = in.type(e);
    in.hint({"approx", "full"});
    std::string mods = modifiers(in);
    Value *a = in.read(e, 1, type), *b = in.read(e, 2, type);
    e.write(in.operand(0), mods.empty() ? e.builder.CreateFDiv(a, b)
                                        : e.machine(name("fdiv", type) + mods, type.ir, {a, b}));
}

/// x + -0 is x, with subnormals flushed.
Value* flush(E& e, I& in, const Type& type, Value* value) {
    if (!in.has("ftz")) return value;
    return e.machine("fadd.f32.ftz", type.ir, {value, ConstantFP::get(type.ir, -0.0)});
}

void negate(E& e, I& in) {
    Type type = in.type(e);
    e.write(in.operand(0), e.builder.CreateFNeg(flush(e, in, type, in.read(e, 1, type))));
}

void absolute(E& e, I& in) {
    Type type = in.type(e);
    Value* a = flush(e, in, type, in.read(e, 1, type));
    e.write(in.operand(0), e.builder.CreateUnaryIntrinsic(Intrinsic::fabs, a));
}

void min_max(E& e, I& in) {
    Type type = in.type(e);
    Value *a = in.read(e, 1, type), *b = in.read(e, 2, type);
    std::string mods = in.suffix("ftz") + in.suffix("NaN", "nan") + in.suffix("xorsign");
    e.write(in.operand(0),
            e.machine(name(in.opcode() == "min" ? "fmin" : "fmax", type) + mods, type.ir, {a, b}));
}

void min_max_of_magnitudes(E& e, I& in) {
    in.hint({"abs"}); // .xorsign.abs is one modifier
    min_max(e, in);
}

/// d has the sign of a and the magnitude of b.
void copy_sign(E& e, I& in) {
    Type type = in.type(e);
    Value *sign = in.read(e, 1, type), *magnitude = in.read(e, 2, type);
    e.write(in.operand(0), e.builder.CreateBinaryIntrinsic(Intrinsic::copysign, magnitude, sign));
}

void test(E& e, I& in) {
    Type type = in.type(e);
    StringRef what = in.one_of(
        {"finite", "infinite", "number", "notanumber", "normal", "subnormal"});
    e.write(in.operand(0), e.machine(name("ftestp", type) + "." + what, e.builder.getInt1Ty(),
                                     {in.read(e, 1, type)}));
}

/// rcp and sqrt, correctly rounded.
void exact_function(E& e, I& in) {
    Type type = in.type(e);
    std::string op = name(in.opcode() == "rcp" ? "frcp" : "fsqrt", type) + modifiers(in);
    e.write(in.operand(0), e.machine(op, type.ir, {in.read(e, 1, type)}));
}

void approximation(E& e, I& in) {
    Type type = in.type(e);
    in.hint({"approx"});
    // The approximations in f64 flush their inputs in any case.
    std::string ftz = in.suffix("ftz");
    std::string op = name((in.opcode() + ".approx").str(), type) + (type.bits == 64 ? "" : ftz);
    e.write(in.operand(0), e.machine(op, type.ir, {in.read(e, 1, type)}));
}

/// rsqrt.approx.f64 is software since PTX 4.0: of CUDA's rsqrt() it is all there is, with subnormal
/// numbers and within a unit in the last place. The library's name is one that no module defines.
void exact_rsqrt(E& e, I& in) {
    Type type = in.type(e);
    in.hint({"approx"});
    Module* module = e.builder.GetInsertBlock()->getModule();
    e.write(in.operand(0),
            e.builder.CreateCall(module->getOrInsertFunction("__acc_rsqrt", type.ir, type.ir),
                                 {in.read(e, 1, type)}));
}

constexpr Form kForms[] = {
    {"add [$rnd] [ftz] [sat] f32 : d a b", add_sub_mul},
    {"add [$rnd] f64 : d a b", add_sub_mul},
    {"sub [$rnd] [ftz] [sat] f32 : d a b", add_sub_mul},
    {"sub [$rnd] f64 : d a b", add_sub_mul},
    {"mul [$rnd] [ftz] [sat] f32 : d a b", add_sub_mul},
    {"mul [$rnd] f64 : d a b", add_sub_mul},
    {"fma $rnd [ftz] [sat] f32 : d a b c", fma},
    {"fma $rnd f64 : d a b c", fma},
    {"mad [$rnd] [ftz] [sat] f32 : d a b c", fma},
    {"mad [$rnd] f64 : d a b c", fma},
    {"div $rnd [ftz] f32 : d a b", divide},
    {"div approx|full [ftz] f32 : d a b", divide},
    {"div $rnd f64 : d a b", divide},
    {"neg [ftz] f32 : d a", negate},
    {"neg f64 : d a", negate},
    {"abs [ftz] f32 : d a", absolute},
    {"abs f64 : d a", absolute},
    {"min [ftz] [NaN] f32 : d a b", min_max},
    {"min [ftz] [NaN] xorsign abs f32 : d a b", min_max_of_magnitudes},
    {"min f64 : d a b", min_max},
    {"max [ftz] [NaN] f32 : d a b", min_max},
    {"max [ftz] [NaN] xorsign abs f32 : d a b", min_max_of_magnitudes},
    {"max f64 : d a b", min_max},
    {"copysign f32|f64 : d a b", copy_sign},
    {"testp finite|infinite|number|notanumber|normal|subnormal f32|f64 : p a", test},
    {"rcp $rnd [ftz] f32 : d a", exact_function},
    {"rcp $rnd f64 : d a", exact_function},
    {"rcp approx [ftz] f32 : d a", approximation},
    {"rcp approx ftz f64 : d a", approximation},
    {"sqrt $rnd [ftz] f32 : d a", exact_function},
    {"sqrt $rnd f64 : d a", exact_function},
    {"sqrt approx [ftz] f32 : d a", approximation},
    {"rsqrt approx [ftz] f32 : d a", approximation},
    {"rsqrt approx f64 : d a", exact_rsqrt},
    {"rsqrt approx ftz f64 : d a", approximation},
    {"sin approx [ftz] f32 : d a", approximation},
    {"cos approx [ftz] f32 : d a", approximation},
    {"ex2 approx [ftz] f32 : d a", approximation},
    {"lg2 approx [ftz] f32 : d a", approximation},
    {"tanh approx f32 : d a", approximation},
};

} // namespace

std::span<const Form> float_forms() {
    return kForms;
}

} // namespace acc::ptx
