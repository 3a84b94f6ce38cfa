// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/ptx/Lines.h"

#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace acc::ptx {

void Lines::file(unsigned number, StringRef name) {
    if (number == 0 || number >= ~1u) return; // keys of the map; 0 is no file
    const bool first = !builder_;
    if (first) builder_ = std::make_unique<DIBuilder>(module_);
    DIFile* file = builder_->createFile(sys::path::filename(name), sys::path::parent_path(name));
    files_.try_emplace(number, file);
    if (!first) return;
    builder_->createCompileUnit(DISourceLanguageName(dwarf::DW_LANG_C_plus_plus), file, "accc",
                                true, "", 0, "", DICompileUnit::LineTablesOnly);
    module_.addModuleFlag(Module::Warning, "Debug Info Version", DEBUG_METADATA_VERSION);
    module_.addModuleFlag(Module::Max, "Dwarf Version", 5);
}

DIFile* Lines::file_of(unsigned number) {
    return builder_ && number && number < ~1u ? files_.lookup(number) : nullptr;
}

void Lines::begin(Function& function, const Place& first) {
    function_ = nullptr;
    DIFile* file = file_of(first.file);
    if (!file) return;
    DISubroutineType* type = builder_->createSubroutineType(builder_->getOrCreateTypeArray({}));
    function_ = builder_->createFunction(
        file, function.getName(), function.getName(), file, first.line, type, first.line,
        DINode::FlagPrototyped, DISubprogram::SPFlagDefinition | DISubprogram::SPFlagOptimized);
    function.setSubprogram(function_);
}

void Lines::at(IRBuilder<>& builder, const Place& place) {
    if (!function_) return;
    DIFile* file = file_of(place.file);
    DILocalScope* scope = function_;
    if (file && file != function_->getFile())
        scope = builder_->createLexicalBlockFile(function_, file);
    const Place& known = place;
    builder.SetCurrentDebugLocation(DILocation::get(module_.getContext(),
                                                    file ? known.line : function_->getLine(),
                                                    file ? known.column : 0, scope));
}

void Lines::end(IRBuilder<>& builder) {
    builder.SetCurrentDebugLocation(DebugLoc());
    function_ = nullptr;
}

void Lines::finish() {
    if (builder_) builder_->finalize();
}

} // namespace acc::ptx
