// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// LLVM IR to host code.
#pragma once

#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

#include <memory>
#include <string>

#include "driver/model/src/translation.h"

namespace acc::model::jit {

/// Host code in memory; gone with the object.
class HostCode {
  public:
    HostCode(llvm::orc::ResourceTrackerSP tracker, TranslatedCode entry)
        : tracker_(std::move(tracker)), entry_(entry) {}
    HostCode(const HostCode&) = delete;
    HostCode& operator=(const HostCode&) = delete;
    ~HostCode();
    TranslatedCode entry() const { return entry_; }

  private:
    llvm::orc::ResourceTrackerSP tracker_;
    TranslatedCode entry_;
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
    /// For Translation::keep; null where there is none.
    void (*keeper() const)();
    /// Optimises the module and makes code of its function `name`. Null: LLVM refused.
    std::unique_ptr<HostCode> compile(llvm::Module& module, const std::string& name);

  private:
    std::unique_ptr<llvm::TargetMachine> target_;
    std::unique_ptr<llvm::orc::LLJIT> jit_;
};

} // namespace acc::model::jit
