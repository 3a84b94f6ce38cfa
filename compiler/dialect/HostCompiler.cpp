// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/HostCompiler.h"

#include "clang/Basic/FileManager.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/HeaderSearch.h"
#include "clang/Lex/HeaderSearchOptions.h"
#include "clang/Lex/LiteralSupport.h"
#include "clang/Lex/MacroInfo.h"
#include "clang/Lex/Pragma.h"
#include "clang/Lex/Preprocessor.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace acc::dialect {

using namespace clang;
namespace path = llvm::sys::path;
namespace fs = llvm::sys::fs;

namespace {

/// What clang defines and g++ does not, as far as programs ask for it to tell compilers apart.
constexpr const char* kOfClang[] = {"__clang__",
                                    "__clang_major__",
                                    "__clang_minor__",
                                    "__clang_patchlevel__",
                                    "__clang_version__",
                                    "__clang_literal_encoding__",
                                    "__clang_wide_literal_encoding__",
                                    "__llvm__",
                                    "__CUDA__",
                                    "__NVPTX__",
                                    "__PTX__",
                                    "__has_feature",
                                    "__has_extension",
                                    "__has_warning",
                                    "__has_declspec_attribute",
                                    "__has_constexpr_builtin",
                                    "__is_identifier",
                                    "__is_target_arch",
                                    "__is_target_vendor",
                                    "__is_target_os",
                                    "__is_target_environment",
                                    "__is_target_variant_os",
                                    "__is_target_variant_environment",
                                    "__building_module",
                                    "__private_extern__",
                                    "__GNUC_GNU_INLINE__",
                                    "__OBJC_BOOL_IS_BOOL",
                                    "__CONSTANT_CFSTRINGS__"};

constexpr const char* kOfGcc[] = {"__GNUC__", "__GNUG__", "__GNUC_MINOR__", "__GNUC_PATCHLEVEL__",
                                  "__VERSION__"};

std::string real_path(llvm::StringRef name) {
    llvm::SmallString<256> real;
    return fs::real_path(name, real) ? std::string() : real.str().str();
}

bool starts_with(llvm::StringRef file, llvm::StringRef directory) {
    return file.starts_with(directory) && file.substr(directory.size()).starts_with("/");
}

} // namespace

HostCompiler::HostCompiler(Preprocessor& preprocessor, SourceLocation place, unsigned major,
                           unsigned minor, unsigned patch)
    : preprocessor_(preprocessor), place_(place) {
    for (const char* name : kOfClang)
        hide(name);
    const std::string version = std::to_string(major) + "." + std::to_string(minor) + "." +
                                std::to_string(patch);
    if (major == 0) {
        for (const char* name : kOfGcc)
            hide(name);
    } else {
        show("__GNUC__", std::to_string(major));
        show("__GNUG__", std::to_string(major));
        show("__GNUC_MINOR__", std::to_string(minor));
        show("__GNUC_PATCHLEVEL__", std::to_string(patch));
        show("__VERSION__", "\"" + version + "\"");
    }
    find_own_directories(place);
}

void HostCompiler::hide(llvm::StringRef name) {
    macros_.push_back({preprocessor_.getIdentifierInfo(name), nullptr});
}

void HostCompiler::show(llvm::StringRef name, const std::string& value) {
    Token token;
    token.startToken();
    token.setKind(value[0] == '"' ? tok::string_literal : tok::numeric_constant);
    preprocessor_.CreateString(value, token, place_, place_);
    MacroInfo* macro = preprocessor_.AllocateMacroInfo(place_);
    macro->setTokens(token, preprocessor_.getPreprocessorAllocator());
    macro->setDefinitionEndLoc(place_);
    macros_.push_back({preprocessor_.getIdentifierInfo(name), macro});
}

/// The toolkit's headers, clang's, and of the search path those of a C or C++ library. /usr/include
/// also has the headers of everything else that is installed, in folders.
void HostCompiler::find_own_directories(SourceLocation place) {
    SourceManager& sources = preprocessor_.getSourceManager();
    HeaderSearch& search = preprocessor_.getHeaderSearchInfo();
    auto own_tree = [&](llvm::StringRef directory) {
        if (std::string real = real_path(directory); !real.empty()) trees_.push_back(real);
    };
    own_tree(search.getHeaderSearchOpts().ResourceDir);
    if (auto header = sources.getFileEntryRefForID(sources.getFileID(place)))
        own_tree(path::parent_path(header->getName()));
    for (const DirectoryLookup& entry : search.search_dir_range()) {
        if (!entry.isNormalDir() || !entry.isSystemHeaderDirectory()) continue;
        const std::string name = entry.getName().str();
        if (fs::exists(name + "/bits/c++config.h") || fs::exists(name + "/bits/stl_pair.h") ||
            fs::exists(name + "/__config") || fs::exists(name + "/bits/wordsize.h"))
            own_tree(name);
        else if (fs::exists(name + "/features.h"))
            directories_.push_back(real_path(name));
    }
}

bool HostCompiler::is_own(FileEntryRef file) {
    auto [found, added] = own_.try_emplace(&file.getFileEntry(), false);
    if (!added) return found->second;
    llvm::StringRef name = file.getFileEntry().tryGetRealPathName();
    bool own = false;
    for (const std::string& tree : trees_)
        own = own || starts_with(name, tree);
    for (const std::string& directory : directories_)
        own = own || path::parent_path(name) == directory;
    return found->second = own;
}

void HostCompiler::turn(bool to_program, SourceLocation place) {
    if (to_program == in_program_) return;
    in_program_ = to_program;
    for (Macro& macro : macros_) {
        MacroInfo* now = preprocessor_.getMacroInfo(macro.name);
        if (macro.other)
            preprocessor_.appendDefMacroDirective(macro.name, macro.other, place);
        else if (now)
            preprocessor_.appendMacroDirective(macro.name,
                                               new (preprocessor_.getPreprocessorAllocator())
                                                   UndefMacroDirective(place));
        macro.other = now;
    }
}

void HostCompiler::FileChanged(SourceLocation place, FileChangeReason reason,
                               SrcMgr::CharacteristicKind, FileID) {
    if (reason != EnterFile && reason != ExitFile) return;
    SourceManager& sources = preprocessor_.getSourceManager();
    // What is no file (macros of the command line) does not matter.
    if (auto file = sources.getFileEntryRefForID(sources.getFileID(place)))
        turn(!is_own(*file), place);
}

namespace {

/// #pragma acc_host_compiler MAJOR MINOR PATCH (0 0 0: there is none), in the toolkit's header (a
/// pragma, since plugins do not come to see a run that only preprocesses).
class HostCompilerPragma : public PragmaHandler {
  public:
    HostCompilerPragma() : PragmaHandler("acc_host_compiler") {}

    void HandlePragma(Preprocessor& preprocessor, PragmaIntroducer introducer, Token&) override {
        uint64_t version[3] = {};
        Token token;
        preprocessor.Lex(token);
        // parseSimpleIntegerLiteral reads the token behind the number, too.
        for (uint64_t& number : version)
            if (token.isNot(tok::numeric_constant) ||
                !preprocessor.parseSimpleIntegerLiteral(token, number))
                return;
        preprocessor.addPPCallbacks(
            std::make_unique<HostCompiler>(preprocessor, introducer.Loc, unsigned(version[0]),
                                           unsigned(version[1]), unsigned(version[2])));
    }
};

PragmaHandlerRegistry::Add<HostCompilerPragma> kPragma("acc_host_compiler",
                                                       "the host compiler that programs see");

} // namespace
} // namespace acc::dialect
