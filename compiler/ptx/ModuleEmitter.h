// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The parts of a module → LLVM IR.
#pragma once

#include "compiler/ptx/Emitter.h"
#include "compiler/ptx/Lines.h"
#include "compiler/ptx/ModuleParser.h"

#include "llvm/ADT/StringMap.h"

namespace acc::ptx {

/// A function that the module has declared.
struct FunctionEntry {
    llvm::Function* function = nullptr;
    Signature signature;
    Linkage linkage = Linkage::Internal;
    bool is_entry = false;
};

/// LLVM's address space of the variables of a space.
unsigned address_space(Space space);

/// How LLVM sees functions of a signature.
class Abi {
  public:
    explicit Abi(llvm::LLVMContext& context) : context_(context) {}

    /// Of a parameter or result that is no array; throws Unsupported.
    llvm::Type* scalar(const Variable& variable) const;
    /// Is it passed as the address of a copy?
    static bool is_aggregate(const Variable& variable) {
        return variable.count || variable.vector > 1;
    }
    llvm::Type* result(const Signature& signature) const;
    llvm::FunctionType* function(const Signature& signature, llvm::StringRef name) const;
    llvm::AttributeList attributes(const Signature& signature) const;
    /// Parameters of the device's own functions that are pointers, which PTX does not tell.
    static bool is_pointer(llvm::StringRef function, size_t parameter);

  private:
    llvm::LLVMContext& context_;
};

class ModuleEmitter : public ModuleSink {
  public:
    ModuleEmitter(llvm::Module& module, std::vector<Problem>& problems);

    void file(unsigned number, llvm::StringRef name) override { lines_.file(number, name); }
    void variable(const Variable& variable) override;
    void function(const FunctionHead& head, const Program* body) override;
    void alias(llvm::StringRef name, llvm::StringRef target) override;
    void finish();

    llvm::Module& module() { return module_; }
    Lines& lines() { return lines_; }
    const Abi& abi() const { return abi_; }
    /// Variable or function; null when there is none.
    llvm::GlobalValue* find(llvm::StringRef name) const;
    const FunctionEntry* find_function(llvm::StringRef name) const;
    /// A variable with a name in LLVM of its own.
    llvm::GlobalVariable* make(const Variable& variable, const llvm::Twine& name);
    void problem(unsigned line, const std::string& text);
    bool has_problems() const { return !problems_.empty(); }

  private:
    llvm::Constant* initialiser(const Variable& variable);
    llvm::Constant* address(const Initial& initial);
    void set_linkage(llvm::GlobalVariable& global, const Variable& variable);
    FunctionEntry& declare(const FunctionHead& head);
    void annotate_managed();

    llvm::Module& module_;
    std::vector<Problem>& problems_;
    Abi abi_;
    Lines lines_;
    llvm::StringMap<llvm::GlobalVariable*> variables_;
    llvm::StringMap<FunctionEntry> functions_;
    std::vector<llvm::GlobalVariable*> managed_;
};

/// Fills in the function's body (FunctionEmitter.cpp).
void emit_body(ModuleEmitter& module, const FunctionHead& head, const FunctionEntry& entry,
               const Program& body);

/// Addresses that were computed as numbers become pointers with distances (Pointers.cpp).
void recover_pointers(llvm::Function& function);

} // namespace acc::ptx
