// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Source lines of .file and .loc as debug information.
#pragma once

#include "compiler/ptx/Text.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/DIBuilder.h"
#include "llvm/IR/IRBuilder.h"

namespace acc::ptx {

class Lines {
  public:
    explicit Lines(llvm::Module& module) : module_(module) {}

    void file(unsigned number, llvm::StringRef name);
    /// Before the statements of a function are translated; `first` is the first place in it.
    void begin(llvm::Function& function, const Place& first);
    /// What is built from now on belongs to the place.
    void at(llvm::IRBuilder<>& builder, const Place& place);
    void end(llvm::IRBuilder<>& builder);
    void finish();

  private:
    llvm::DIFile* file_of(unsigned number);

    llvm::Module& module_;
    std::unique_ptr<llvm::DIBuilder> builder_; ///< null while there is no file
    llvm::DenseMap<unsigned, llvm::DIFile*> files_;
    llvm::DISubprogram* function_ = nullptr; ///< null: its places are not known
};

} // namespace acc::ptx
