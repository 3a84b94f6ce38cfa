// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which compiler a program sees. To nvcc the program is read by its host compiler, g++: __clang__
// is not defined, __GNUC__ is g++'s. Headers of clang, of the C and C++ libraries and of the
// toolkit go on seeing what is really there.
#pragma once

#include "clang/Basic/FileEntry.h"
#include "clang/Basic/SourceLocation.h"
#include "clang/Lex/PPCallbacks.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

#include <string>

namespace clang {
class IdentifierInfo;
class MacroInfo;
class Preprocessor;
} // namespace clang

namespace acc::dialect {

class HostCompiler : public clang::PPCallbacks {
  public:
    /// From now on, in files of the program, g++ of this version. `place` is in a header of the
    /// toolkit.
    HostCompiler(clang::Preprocessor& preprocessor, clang::SourceLocation place, unsigned major,
                 unsigned minor, unsigned patch);

    void FileChanged(clang::SourceLocation place, FileChangeReason reason,
                     clang::SrcMgr::CharacteristicKind kind, clang::FileID previous) override;

  private:
    struct Macro {
        clang::IdentifierInfo* name;
        clang::MacroInfo* other; ///< its definition for the side that is not being read, or null
    };

    void hide(llvm::StringRef name);
    void show(llvm::StringRef name, const std::string& value);
    void find_own_directories(clang::SourceLocation place);
    bool is_own(clang::FileEntryRef file);
    void turn(bool to_program, clang::SourceLocation place);

    clang::Preprocessor& preprocessor_;
    clang::SourceLocation place_;
    llvm::SmallVector<Macro> macros_;
    std::vector<std::string> trees_;       ///< directories whose files see clang
    std::vector<std::string> directories_; ///< the same, but not what lies in folders of theirs
    llvm::DenseMap<const clang::FileEntry*, bool> own_;
    bool in_program_ = false;
};

} // namespace acc::dialect
