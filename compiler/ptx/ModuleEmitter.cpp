// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/ptx/ModuleEmitter.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;

namespace acc::ptx {
namespace {

constexpr size_t kMostProblems = 100;
constexpr uint64_t kFewBytes = 64;

std::string dimensions(const std::array<uint64_t, 3>& values) {
    std::string text;
    for (uint64_t value : values)
        if (value) text += (text.empty() ? "" : ",") + std::to_string(value);
    return text;
}

void set_bounds(Function& function, const LaunchBounds& bounds) {
    auto set = [&](const char* name, const std::string& value) {
        if (!value.empty() && value != "0") function.addFnAttr(name, value);
    };
    set("nvvm.maxntid", dimensions(bounds.max_threads));
    set("nvvm.reqntid", dimensions(bounds.required_threads));
    set("nvvm.cluster_dim", dimensions(bounds.cluster));
    set("nvvm.minctasm", std::to_string(bounds.min_blocks));
    set("nvvm.maxnreg", std::to_string(bounds.max_registers));
    set("nvvm.maxclusterrank", std::to_string(bounds.max_cluster));
}

} // namespace

ModuleEmitter::ModuleEmitter(Module& module, std::vector<Problem>& problems)
    : module_(module), problems_(problems), abi_(module.getContext()), lines_(module) {}

void ModuleEmitter::problem(unsigned line, const std::string& text) {
    if (problems_.size() < kMostProblems) problems_.push_back({line, text});
}

GlobalValue* ModuleEmitter::find(StringRef name) const {
    if (GlobalVariable* variable = variables_.lookup(name)) return variable;
    const FunctionEntry* function = find_function(name);
    return function ? function->function : nullptr;
}

const FunctionEntry* ModuleEmitter::find_function(StringRef name) const {
    auto found = functions_.find(name);
    return found == functions_.end() ? nullptr : &found->second;
}

// ---- variables

/// An address of 64 bits, as the device sees it: global and constant ones are generic ones.
Constant* ModuleEmitter::address(const Initial& initial) {
    GlobalValue* target = find(initial.symbol);
    if (!target) throw Unsupported{"'" + initial.symbol + "' is not declared"};
    const unsigned space = target->getAddressSpace();
    if (space == address_space(Space::Shared))
        throw Unsupported{"the address of '" + initial.symbol + "', which each block has anew"};
    LLVMContext& context = module_.getContext();
    Constant* pointer = target;
    if (initial.bits)
        pointer = ConstantExpr::getGetElementPtr(
            llvm::Type::getInt8Ty(context), pointer,
            ConstantInt::get(llvm::Type::getInt64Ty(context), initial.bits));
    return space ? ConstantExpr::getAddrSpaceCast(pointer, PointerType::get(context, 0)) : pointer;
}

/// Bytes, with pointers between them.
Constant* ModuleEmitter::initialiser(const Variable& variable) {
    LLVMContext& context = module_.getContext();
    const unsigned element = bytes_of_type(variable.type);
    std::vector<Constant*> parts;
    std::string bytes;
    uint64_t given = 0; // bytes
    auto flush = [&] {
        if (!bytes.empty()) parts.push_back(ConstantDataArray::getString(context, bytes, false));
        bytes.clear();
    };
    auto zeros_until = [&](uint64_t end) {
        const uint64_t count = end - given;
        given = end;
        if (count <= kFewBytes) { // strings are in one piece
            bytes.append(count, '\0');
            return;
        }
        flush();
        parts.push_back(
            ConstantAggregateZero::get(ArrayType::get(llvm::Type::getInt8Ty(context), count)));
    };
    for (size_t i = 0; i < variable.initials.size(); ++i) {
        const Initial& initial = variable.initials[i];
        zeros_until(initial.index * element);
        given += element;
        if (initial.symbol.empty()) {
            for (unsigned byte = 0; byte < element; ++byte)
                bytes += char(byte < 8 ? initial.bits >> (8 * byte) : 0);
            continue;
        }
        flush();
        parts.push_back(address(initial));
        if (element == 8 && !initial.mask) continue;
        // The eight bytes of an address, one after the other: 0xFF(x), 0xFF00(x), ...
        for (unsigned byte = 0; byte < 8; ++byte) {
            const bool fits = element == 1 && i + byte < variable.initials.size() &&
                              variable.initials[i + byte].index == initial.index + byte &&
                              variable.initials[i + byte].symbol == initial.symbol &&
                              variable.initials[i + byte].mask == uint64_t{0xff} << (8 * byte);
            if (!fits) throw Unsupported{"a part of the address of '" + initial.symbol + "'"};
        }
        i += 7;
        given += 7;
    }
    if (given > variable.bytes()) throw Unsupported{"the initialiser is longer than the variable"};
    zeros_until(variable.bytes());
    flush();
    if (parts.size() == 1) return parts[0];
    return ConstantStruct::getAnon(context, parts, /*Packed=*/true);
}

void ModuleEmitter::set_linkage(GlobalVariable& global, const Variable& variable) {
    const bool declared = variable.linkage == Linkage::Extern;
    switch (variable.linkage) {
    case Linkage::Internal: global.setLinkage(GlobalValue::InternalLinkage); break;
    case Linkage::Weak:
    case Linkage::Common: global.setLinkage(GlobalValue::WeakAnyLinkage); break;
    default: global.setLinkage(GlobalValue::ExternalLinkage);
    }
    const bool shared = variable.space == Space::Shared;
    // The host can name it, whatever other modules can; but not what a compiler has made.
    const bool made = variable.linkage == Linkage::Internal && variable.name.starts_with('$');
    if (!declared && !shared && !made) global.setExternallyInitialized(true);
    if (variable.space == Space::Const && made) global.setConstant(true);
}

GlobalVariable* ModuleEmitter::make(const Variable& variable, const Twine& name) {
    if (variable.space == Space::Local || variable.space == Space::Param)
        throw Unsupported{"a variable of this space outside of functions"};
    const bool shared = variable.space == Space::Shared;
    if (shared && !variable.initials.empty())
        throw Unsupported{"shared memory has no initial value"};
    if (variable.unsized && variable.linkage != Linkage::Extern)
        throw Unsupported{"only .extern variables may be without a size"};
    llvm::Type* bytes = ArrayType::get(llvm::Type::getInt8Ty(module_.getContext()),
                                       variable.bytes());
    Constant* value = variable.linkage == Linkage::Extern ? nullptr
                      : shared                            ? UndefValue::get(bytes)
                      : variable.initials.empty()         ? ConstantAggregateZero::get(bytes)
                                                          : initialiser(variable);
    auto* global = new GlobalVariable(module_, value ? value->getType() : bytes, false,
                                      GlobalValue::ExternalLinkage, value, name, nullptr,
                                      GlobalValue::NotThreadLocal, address_space(variable.space));
    global->setAlignment(Align(variable.align()));
    set_linkage(*global, variable);
    return global;
}

void ModuleEmitter::variable(const Variable& variable) {
    try {
        GlobalVariable*& known = variables_[variable.name];
        if (functions_.contains(variable.name) ||
            (known && !known->isDeclaration() && variable.linkage != Linkage::Extern))
            throw Unsupported{"it is declared twice"};
        if (known && variable.linkage == Linkage::Extern) return;
        GlobalVariable* earlier = known;
        known = make(variable, earlier ? "" : variable.name);
        if (variable.managed) managed_.push_back(known);
        if (!earlier) return;
        known->takeName(earlier);
        if (earlier->getType() != known->getType())
            throw Unsupported{"it was declared in another space"};
        earlier->replaceAllUsesWith(known);
        earlier->eraseFromParent();
    } catch (const Unsupported& reason) {
        problem(variable.line, "variable '" + variable.name + "': " + reason.what);
    }
}

// ---- functions

FunctionEntry& ModuleEmitter::declare(const FunctionHead& head) {
    llvm::FunctionType* type = abi_.function(head.signature, head.name);
    if (head.is_entry && !type->getReturnType()->isVoidTy())
        throw Unsupported{"a kernel has no result"};
    auto [found, is_new] = functions_.try_emplace(head.name);
    FunctionEntry& entry = found->second;
    if (!is_new && (entry.function->getFunctionType() != type || entry.is_entry != head.is_entry))
        throw Unsupported{"it differs from its declaration"};
    if (variables_.contains(head.name)) throw Unsupported{"it is declared as a variable, too"};
    if (is_new)
        entry.function = Function::Create(type, Function::ExternalLinkage, head.name, module_);
    if (is_new || head.linkage != Linkage::Extern) entry.linkage = head.linkage;
    entry.signature = head.signature;
    entry.is_entry = head.is_entry;
    entry.function->setAttributes(abi_.attributes(head.signature));
    if (head.is_entry) entry.function->setCallingConv(CallingConv::PTX_Kernel);
    return entry;
}

void ModuleEmitter::function(const FunctionHead& head, const Program* body) {
    try {
        FunctionEntry& entry = declare(head);
        if (!body) return;
        if (!entry.function->isDeclaration()) throw Unsupported{"it is defined twice"};
        if (head.is_entry) set_bounds(*entry.function, head.bounds);
        emit_body(*this, head, entry, *body);
    } catch (const Unsupported& reason) {
        problem(head.line, "function '" + head.name + "': " + reason.what);
    }
}

void ModuleEmitter::alias(StringRef name, StringRef target) {
    const FunctionEntry* known = find_function(target);
    auto alias = functions_.find(name);
    if (!known || alias == functions_.end() || !alias->second.function->isDeclaration() ||
        known->function->getFunctionType() != alias->second.function->getFunctionType())
        return problem(0, "alias '" + name.str() + "': it and '" + target.str() +
                              "' must be declared functions of one type");
    Function *former = alias->second.function, *function = known->function;
    if (former == function)
        return problem(0, "alias '" + name.str() + "': it and '" + target.str() +
                              "' are the same function");
    former->replaceAllUsesWith(function);
    for (auto& [other, entry] : functions_) // earlier aliases of the alias, too
        if (entry.function == former) entry.function = function;
    former->eraseFromParent();
}

/// What the front end looks for, as our headers write it.
void ModuleEmitter::annotate_managed() {
    if (managed_.empty()) return;
    LLVMContext& context = module_.getContext();
    llvm::Type *pointer = PointerType::get(context, 0), *i32 = llvm::Type::getInt32Ty(context);
    Constant* value = ConstantDataArray::getString(context, "acc.managed");
    auto* text = new GlobalVariable(module_, value->getType(), true, GlobalValue::PrivateLinkage,
                                    value, ".acc.managed");
    text->setSection("llvm.metadata");
    std::vector<Constant*> rows;
    for (GlobalVariable* variable : managed_)
        rows.push_back(ConstantStruct::getAnon(
            {ConstantExpr::getPointerBitCastOrAddrSpaceCast(variable, pointer), text, text,
             ConstantInt::get(i32, 0), ConstantPointerNull::get(cast<PointerType>(pointer))}));
    Constant* list = ConstantArray::get(ArrayType::get(rows[0]->getType(), rows.size()), rows);
    auto* annotations = new GlobalVariable(module_, list->getType(), false,
                                           GlobalValue::AppendingLinkage, list,
                                           "llvm.global.annotations");
    annotations->setSection("llvm.metadata");
}

void ModuleEmitter::finish() {
    lines_.finish();
    annotate_managed();
    for (auto& [name, entry] : functions_) {
        if (entry.function->isDeclaration() || entry.is_entry) continue;
        if (entry.linkage == Linkage::Internal)
            entry.function->setLinkage(GlobalValue::InternalLinkage);
        if (entry.linkage == Linkage::Weak) entry.function->setLinkage(GlobalValue::WeakAnyLinkage);
    }
    if (!problems_.empty()) return;
    std::string text;
    raw_string_ostream stream(text);
    if (verifyModule(module_, &stream)) problem(0, "internal error: invalid IR: " + text);
}

std::unique_ptr<Module> parse_module(StringRef text, StringRef name, StringRef layout,
                                     LLVMContext& context, std::vector<Problem>& problems) {
    auto module = std::make_unique<Module>(name, context);
    module->setDataLayout(layout);
    ModuleEmitter emitter(*module, problems);
    try {
        parse_module_text(text, emitter);
    } catch (const Problem& problem) {
        problems.push_back(problem);
    }
    emitter.finish();
    if (!problems.empty()) return nullptr;
    return module;
}

} // namespace acc::ptx
