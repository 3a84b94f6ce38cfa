// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// LLVM IR to host code.
#pragma once

#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

#include <atomic>
#include <memory>
#include <string>

#include "driver/model/src/translation.h"

namespace acc::model::jit {

/// Host code in memory; gone with the object.
class HostCode {
  public:
    explicit HostCode(llvm::orc::JITDylib& library) : library_(library) {}
    HostCode(const HostCode&) = delete;
    HostCode& operator=(const HostCode&) = delete;
    ~HostCode();
    TranslatedCode entry() const { return entry_; }
    void set_entry(TranslatedCode entry) { entry_ = entry; }
    uint64_t address() const { return reinterpret_cast<uint64_t>(entry_); }

  private:
    llvm::orc::JITDylib& library_; ///< of its own
    TranslatedCode entry_ = nullptr;
};

/// For whoever looks at the code: into the folder that ACC_MODEL_TRANSLATOR_DUMP names, if it does.
void dump(const std::string& file, llvm::StringRef text);

class Compiler {
  public:
    /// Throws std::runtime_error when LLVM has no code generator for this host.
    Compiler();
    Compiler(const Compiler&) = delete;
    Compiler& operator=(const Compiler&) = delete;
    void set_layout(llvm::Module& module) const;
    /// The host has mask registers (AVX-512).
    bool has_masks() const;
    bool has_dots() const;
    /// Gathers, but no mask registers.
    bool has_gathers() const;
    /// Conversions of 16-bit floats.
    bool has_halves() const;
    /// Minimum and maximum by IEEE's rules (AVX-512 DQ).
    bool has_range() const;
    /// For Translation::keep; null where there is none.
    void (*keeper() const)();
    /// For people and keys: what of the host decides which code is made.
    std::string host() const;
    /// Optimises the module and makes an object file of it: empty when LLVM refused. `name` is what
    /// dumps are called.
    llvm::SmallVector<char, 0> compile(llvm::Module& module, const std::string& name);
    /// The object file's function kFunction, ready to run. Null: LLVM refused.
    std::unique_ptr<HostCode> link(llvm::ArrayRef<char> object);
    static constexpr const char* kFunction = "acc_kernel";

  private:
    bool has(const char* feature) const; ///< by LLVM's name
    std::unique_ptr<llvm::TargetMachine> target_;
    std::unique_ptr<llvm::orc::LLJIT> jit_;
    std::atomic<unsigned> linked_{0}; ///< several threads link
};

} // namespace acc::model::jit
