// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Machine operations as PTX, for -ptx: the opposite of what compiler/ptx makes of these
// instructions. Values of 16 bits lie in the low half of 32-bit registers, as the machine has them.
#include "compiler/frontend/Passes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend {
namespace {

constexpr StringLiteral kPrefix = "__acc_op.";

/// "hadd.nb.sat.f16x2" in parts.
struct Operation {
    explicit Operation(StringRef name) { name.split(parts, '.'); }
    StringRef name() const { return parts[0]; }
    StringRef last() const { return parts.back(); }
    bool has(StringRef part) const { return is_contained(drop_begin(parts), part); }
    SmallVector<StringRef> parts;
};

/// `text` with $0 and the like standing for registers of 16 bits.
std::string narrow(const std::string& text, unsigned operands) {
    std::string result = "{ .reg .b16 r0, r1, r2, r3; ";
    for (unsigned i = 1; i <= operands; ++i)
        result += "cvt.u16.u32 r" + utostr(i) + ", $" + utostr(i) + "; ";
    for (char c : text)
        result += c == '$' ? 'r' : c;
    return result + " cvt.u32.u16 $0, r0; }";
}

/// add, sub, mul of bf16 are fma in PTX for what is older than sm_90.
std::string bfloat_text(const Operation& op, bool pair) {
    const std::string type = pair ? ".bf16x2" : ".bf16", bits = pair ? ".b32" : ".b16";
    auto constant = [&](const char* half) { return std::string("0x") + half + (pair ? half : ""); };
    std::string text = "{ .reg " + bits + " k; ";
    auto set = [&](const char* half) { text += "mov" + bits + " k, " + constant(half) + "; "; };
    if (op.name() == "hmul") {
        set("8000");
        text += "fma.rn" + type + " $0, $1, $2, k; ";
    } else if (op.name() == "hadd") {
        set(op.has("nb") ? "bf80" : "3f80");
        text += "fma.rn" + type + (op.has("nb") ? " $0, $2, k, $1; " : " $0, $1, k, $2; ");
    } else {
        text += "fma.rn" + type + " $0, $1, $2, $3; ";
    }
    if (op.has("sat")) {
        set("0000");
        text += "max" + type + " $0, $0, k; ";
        set("3f80");
        text += "min" + type + " $0, $0, k; ";
    }
    return text + "}";
}

std::string half_text(const Operation& op) {
    const bool pair = op.last().ends_with("x2");
    const unsigned operands = op.name() == "hfma" ? 3 : 2;
    std::string text;
    if (op.last().starts_with("bf16")) {
        text = bfloat_text(op, pair);
    } else {
        StringRef opcode = op.name() == "hfma"   ? "fma"
                           : op.name() == "hmul" ? "mul"
                           : op.has("nb")        ? "sub"
                                                 : "add";
        text = (opcode + ".rn" + (op.has("sat") ? ".sat." : ".") + op.last() + " $0, $1, $2" +
                (operands == 3 ? ", $3;" : ";"))
                   .str();
    }
    return pair ? text : narrow(text, operands);
}

/// "cvt.f16.f64": of another register class, whose value is not narrowed.
std::string conversion_text(const Operation& op) {
    return ("{ .reg .b16 h; cvt.rn." + op.parts[1] + "." + op.last() +
            " h, $1; cvt.u32.u16 $0, h; }")
        .str();
}

/// Lanes of two or four in a word: "vset.mask.ge.x4.s".
std::string lanes_text(const Operation& op) {
    const bool four = op.has("x4");
    const std::string count = four ? "4" : "2", t = op.last() == "s" ? ".s32" : ".u32";
    const std::string types = t + t + t, sat = op.has("sat") ? ".sat" : "";
    auto three = [&](const std::string& opcode, const std::string& mods, const char* operands) {
        return opcode + count + mods + " $0, " + operands + ";";
    };
    const std::string name = op.name().str();
    const std::string zero = "{ .reg .b32 z; mov.b32 z, 0; ";
    if (name == "vneg") return zero + three("vsub", types + sat, "z, $1, z") + " }";
    if (name == "vabs") return zero + three("vabsdiff", types + sat, "$1, z, z") + " }";
    if (name == "vsad") return three("vabsdiff", ".u32" + t + t + ".add", "$1, $2, $3");
    if (name == "vavg" && op.has("up")) return three("vavrg", types, "$1, $2, $1");
    if (name == "vavg") // downwards
        return std::string(
                   "{ .reg .b32 x, y; and.b32 x, $1, $2; xor.b32 y, $1, $2; and.b32 y, y, ") +
               (four ? "0xfefefefe" : "0xfffefffe") + "; shr.u32 y, y, 1; add.u32 $0, x, y; }";
    if (name != "vset") return three(name, types + sat, "$1, $2, $1");
    // vset names the types of its operands alone.
    const std::string ones = "vset" + count + t + t + "." + op.parts[2].str();
    // Lanes of 1 become lanes of all ones.
    if (op.has("mask"))
        return "{ .reg .b32 x, y; " + ones + " x, $1, $2, $1; shl.b32 y, x, " +
               (four ? "8" : "16") + "; sub.u32 $0, y, x; }";
    return ones + " $0, $1, $2, $1;";
}

std::string text_of(const Operation& op) {
    if (is_contained({"hadd", "hmul", "hfma"}, op.name())) return half_text(op);
    if (op.name() == "cvt" && is_contained({"f16", "bf16"}, op.parts[1]))
        return conversion_text(op);
    if (op.has("x2") || op.has("x4")) return lanes_text(op);
    if (op.name() == "fns") return "fns.b32 $0, $1, $2, $3;";
    if (op.name() == "dp4a" || op.name() == "dp2a") {
        const std::string t = op.last() == "sb" ? ".s32" : ".u32";
        const std::string half = op.has("lo") ? ".lo" : op.has("hi") ? ".hi" : "";
        return op.name().str() + half + t + t + " $0, $1, $2, $3;";
    }
    return {};
}

/// Empty: a type that no register of PTX has.
std::string constraints_of(FunctionType& type) {
    auto letter = [](Type* of) -> StringRef {
        if (of->isIntegerTy(32)) return "r";
        if (of->isIntegerTy(64)) return "l";
        return of->isFloatTy() ? "f" : of->isDoubleTy() ? "d" : "";
    };
    // The result is written before all operands are read.
    std::string constraints = "=&" + letter(type.getReturnType()).str();
    for (Type* parameter : type.params()) {
        if (letter(parameter).empty()) return {};
        constraints += "," + letter(parameter).str();
    }
    return letter(type.getReturnType()).empty() ? "" : constraints;
}

void replace(Function& function) {
    const Operation operation(function.getName().drop_front(kPrefix.size()));
    const std::string text = text_of(operation);
    const std::string constraints = constraints_of(*function.getFunctionType());
    if (text.empty() || constraints.empty()) return;
    InlineAsm* statement = InlineAsm::get(function.getFunctionType(), text, constraints,
                                          /*hasSideEffects=*/false);
    for (User* user : make_early_inc_range(function.users())) {
        auto* call = dyn_cast<CallInst>(user);
        if (!call || call->getCalledFunction() != &function) continue;
        call->setCalledOperand(statement);
        call->setAttributes({});
        call->setDoesNotThrow();
        call->setDoesNotAccessMemory();
    }
}

} // namespace

PreservedAnalyses PtxInstructionsPass::run(Module& module, ModuleAnalysisManager&) {
    for (Function& function : module)
        if (function.isDeclaration() && function.getName().starts_with(kPrefix)) replace(function);
    return PreservedAnalyses::none();
}

} // namespace acc::frontend
