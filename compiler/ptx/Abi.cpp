// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions as clang writes them for CUDA: scalars as they are, arrays (structures) as byval
// copies, and returned in words.
#include "compiler/ptx/ModuleEmitter.h"

using namespace llvm;

namespace acc::ptx {
namespace {

struct PointerRow {
    const char* function;
    unsigned parameters; ///< bit i: parameter i; bit 31: the result
};
constexpr PointerRow kPointers[] = {
    {"vprintf", 0b11},
    {"malloc", 1u << 31},
    {"free", 0b1},
    {"__assertfail", 0b1011},
};
constexpr size_t kResult = 31;

} // namespace

unsigned address_space(Space space) {
    switch (space) {
    case Space::Global: return 1;
    case Space::Shared: return 3;
    case Space::Const: return 4;
    case Space::Local:
    case Space::Param: return 5;
    }
    return 0;
}

bool Abi::is_pointer(StringRef function, size_t parameter) {
    for (const PointerRow& row : kPointers)
        if (function == row.function) return parameter < 32 && row.parameters >> parameter & 1;
    return false;
}

llvm::Type* Abi::scalar(const Variable& variable) const {
    if (variable.type == "f32") return llvm::Type::getFloatTy(context_);
    if (variable.type == "f64") return llvm::Type::getDoubleTy(context_);
    const unsigned bytes = bytes_of_type(variable.type);
    if (!bytes) throw Unsupported{"a parameter of type '." + variable.type + "'"};
    return IntegerType::get(context_, bytes * 8);
}

llvm::Type* Abi::result(const Signature& signature) const {
    if (signature.results.empty()) return llvm::Type::getVoidTy(context_);
    if (signature.results.size() > 1) throw Unsupported{"more than one result"};
    const Variable& variable = signature.results[0].variable;
    if (!is_aggregate(variable)) return scalar(variable);
    const uint64_t word = std::min<uint64_t>(variable.align(), 8), bytes = variable.bytes();
    if (bytes % word) throw Unsupported{"a result whose size is no multiple of its alignment"};
    return ArrayType::get(IntegerType::get(context_, unsigned(word) * 8), bytes / word);
}

llvm::FunctionType* Abi::function(const Signature& signature, StringRef name) const {
    llvm::Type* pointer = PointerType::get(context_, 0);
    SmallVector<llvm::Type*> types;
    for (const Parameter& parameter : signature.parameters) {
        const bool by_address = is_aggregate(parameter.variable) || is_pointer(name, types.size());
        types.push_back(by_address ? pointer : scalar(parameter.variable));
    }
    llvm::Type* value = is_pointer(name, kResult) ? pointer : result(signature);
    return llvm::FunctionType::get(value, types, false);
}

AttributeList Abi::attributes(const Signature& signature) const {
    AttributeList list;
    list = list.addFnAttribute(context_, Attribute::NoUnwind);
    list = list.addFnAttribute(context_, Attribute::Convergent);
    for (size_t i = 0; i < signature.parameters.size(); ++i) {
        const Variable& variable = signature.parameters[i].variable;
        if (!is_aggregate(variable) || variable.unsized) continue; // of any size: its address
        llvm::Type* bytes = ArrayType::get(llvm::Type::getInt8Ty(context_), variable.bytes());
        AttrBuilder builder(context_);
        builder.addByValAttr(bytes);
        builder.addAlignmentAttr(Align(variable.align()));
        list = list.addParamAttributes(context_, unsigned(i), builder);
    }
    return list;
}

} // namespace acc::ptx
