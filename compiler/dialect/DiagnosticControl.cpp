// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/DiagnosticControl.h"

#include "compiler/dialect/Warnings.h"

#include "clang/Basic/SourceManager.h"
#include "clang/Lex/HeaderSearch.h"
#include "clang/Lex/Pragma.h"
#include "clang/Lex/Preprocessor.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <optional>

namespace acc::dialect {

using namespace clang;

namespace {

/// What clang has for a number.
struct Kin {
    unsigned number;
    const char* tag;
    const char* groups; ///< names of -W, separated by spaces
};

constexpr Kin kKin[] = {
    {39, "divide_by_zero", "division-by-zero"},
    {61, "integer_overflow", "integer-overflow"},
    {63, "shift_count_too_large", "shift-count-overflow"},
    {68, "integer_sign_change", "sign-conversion"},
    {69, "integer_truncated", "constant-conversion literal-conversion"},
    {83, "dupl_type_qualifier", "duplicate-decl-specifier"},
    {111, "code_is_unreachable", "unreachable-code"},
    {117, "missing_return_value", "return-mismatch"},
    {128, "loop_not_reachable", "unreachable-code-loop-increment"},
    {161, "unrecognized_pragma", "unknown-pragmas"},
    {174, "expr_has_no_effect", "unused-value unused-comparison"},
    {177, "declared_but_not_referenced",
     "unused-variable unused-function unused-const-variable unused-label unused-local-typedef"},
    {186, "unsigned_compare_with_zero", "tautological-unsigned-zero-compare type-limits"},
    {187, "assignment_where_comparison_intended", "parentheses"},
    {191, "type_qualifier_on_cast", "ignored-qualifiers"},
    {224, "too_few_format_args", "format-insufficient-args"},
    {225, "too_many_format_args", "format-extra-args"},
    {546, "branch_past_initialization", ""},
    {549, "used_before_set", "uninitialized"},
    {550, "set_but_not_used", "unused-but-set-variable unused-but-set-parameter"},
    {607, "inappropriate_pragma", ""},
    {611, "partial_override", "overloaded-virtual"},
    {815, "type_qualifier_on_return", "ignored-qualifiers"},
    {821, "undefined_inline", "undefined-inline"},
    {940, "implicit_return_from_non_void_function", "return-type"},
    {997, "hides_virtual", "overloaded-virtual"},
    {1098, "unrecognized_attribute", "unknown-attributes"},
    {1215, "deprecated_entity_with_custom_message", "deprecated-declarations"},
    {1444, "deprecated_entity", "deprecated-declarations"},
    {1675, "unrecognized_gcc_pragma", "unknown-pragmas unknown-warning-option"},
    {2361, "narrowing_conversion", "c++11-narrowing"},
    {2464, "string_literal_to_char_ptr", "writable-strings"},
    {2803, "unrecognized_attribute_namespace", "unknown-attributes"},
    {2809, "nodiscard", "unused-result"},
};

diag::Severity severity_of(Control what) {
    switch (what) {
    case Control::Suppress: return diag::Severity::Ignored;
    case Control::Remark: return diag::Severity::Remark;
    case Control::Error: return diag::Severity::Error;
    default: return diag::Severity::Warning;
    }
}

/// What the command line has asked for.
diag::Severity first_severity(DiagnosticsEngine& engine, unsigned id) {
    const SourceManager& sources = engine.getSourceManager();
    switch (engine.getDiagnosticLevel(id, sources.getLocForStartOfFile(sources.getMainFileID()))) {
    case DiagnosticsEngine::Ignored: return diag::Severity::Ignored;
    case DiagnosticsEngine::Remark: return diag::Severity::Remark;
    case DiagnosticsEngine::Warning: return diag::Severity::Warning;
    default: return diag::Severity::Error;
    }
}

void set(DiagnosticsEngine& engine, unsigned id, Control what, SourceLocation place) {
    engine.setSeverity(
        id, what == Control::Default ? first_severity(engine, id) : severity_of(what), place);
}

} // namespace

void control(DiagnosticsEngine& engine, Control what, llvm::StringRef name, SourceLocation place) {
    unsigned number = 0;
    const bool numeric = !name.consumeInteger(10, number); // "177-D" is the number as it is shown
    for (const Kin& kin : kKin) {
        if (numeric ? kin.number != number : kin.tag != name) continue;
        number = kin.number;
        llvm::SmallVector<llvm::StringRef, 4> groups;
        llvm::StringRef(kin.groups).split(groups, ' ', -1, /*KeepEmpty=*/false);
        for (llvm::StringRef group : groups) {
            llvm::SmallVector<diag::kind, 16> members;
            if (engine.getDiagnosticIDs()->getDiagnosticsInGroup(diag::Flavor::WarningOrError,
                                                                 group, members))
                continue;
            for (diag::kind id : members)
                set(engine, id, what, place);
        }
    }
    for (unsigned id : warnings_of(engine, number))
        set(engine, id, what, place);
}

bool control(DiagnosticsEngine& engine, llvm::StringRef option) {
    auto [verb, name] = option.split(':');
    const std::optional<Control> what = verb == "suppress"  ? std::optional(Control::Suppress)
                                        : verb == "warning" ? std::optional(Control::Warning)
                                        : verb == "error"   ? std::optional(Control::Error)
                                        : verb == "remark"  ? std::optional(Control::Remark)
                                        : verb == "default" ? std::optional(Control::Default)
                                                            : std::nullopt;
    if (!what || name.empty()) return false;
    control(engine, *what, name, SourceLocation());
    return true;
}

void quiet_system_headers(CompilerInstance& compiler) {
    if (!compiler.getDiagnosticOpts().DiagnosticSuppressionMappingsFile.empty()) return;
    const FrontendOptions& inputs = compiler.getFrontendOpts();
    std::string text = "[deprecated-declarations]\n";
    for (const DirectoryLookup& entry :
         compiler.getPreprocessor().getHeaderSearchInfo().search_dir_range()) {
        if (!entry.isNormalDir() || !entry.isSystemHeaderDirectory()) continue;
        const std::string directory = entry.getName().str() + "/";
        bool has_input = !llvm::sys::path::is_absolute(directory);
        for (const FrontendInputFile& input : inputs.Inputs)
            has_input = has_input || (input.isFile() && input.getFile().starts_with(directory));
        if (!has_input) text += "src:" + directory + "*\n";
    }
    const auto buffer = llvm::MemoryBuffer::getMemBufferCopy(text, "system headers");
    compiler.getDiagnostics().setDiagSuppressionMapping(*buffer);
}

namespace {

/// #pragma nv_diag_suppress 177, set_but_not_used
class ControlPragma : public PragmaHandler {
  public:
    ControlPragma(llvm::StringRef name, Control what) : PragmaHandler(name), what_(what) {}

    void HandlePragma(Preprocessor& preprocessor, PragmaIntroducer introducer, Token&) override {
        Token token;
        for (preprocessor.LexUnexpandedToken(token); token.isNot(tok::eod);
             preprocessor.LexUnexpandedToken(token))
            if (token.isOneOf(tok::numeric_constant, tok::raw_identifier) ||
                token.getIdentifierInfo())
                control(preprocessor.getDiagnostics(), what_, preprocessor.getSpelling(token),
                        introducer.Loc);
    }

  private:
    Control what_;
};

/// #pragma nv_diagnostic push, #pragma nv_diagnostic pop
class StackPragma : public PragmaHandler {
  public:
    StackPragma() : PragmaHandler("nv_diagnostic") {}

    void HandlePragma(Preprocessor& preprocessor, PragmaIntroducer introducer, Token&) override {
        Token token;
        preprocessor.LexUnexpandedToken(token);
        const IdentifierInfo* word = token.getIdentifierInfo();
        if (word && word->isStr("push"))
            preprocessor.getDiagnostics().pushMappings(introducer.Loc);
        else if (word && word->isStr("pop"))
            preprocessor.getDiagnostics().popMappings(introducer.Loc);
        preprocessor.DiscardUntilEndOfDirective(token);
    }
};

// "diag_…" is how they were called before nvcc 11.
#define ACC_CONTROL_PRAGMA(WORD, CONTROL)                                                          \
    struct Nv_##WORD : ControlPragma {                                                             \
        Nv_##WORD() : ControlPragma("nv_diag_" #WORD, CONTROL) {}                                  \
    };                                                                                             \
    struct Old_##WORD : ControlPragma {                                                            \
        Old_##WORD() : ControlPragma("diag_" #WORD, CONTROL) {}                                    \
    };                                                                                             \
    PragmaHandlerRegistry::Add<Nv_##WORD> kNv_##WORD("nv_diag_" #WORD, "nvcc's warnings");         \
    PragmaHandlerRegistry::Add<Old_##WORD> kOld_##WORD("diag_" #WORD, "nvcc's warnings");
ACC_CONTROL_PRAGMA(suppress, Control::Suppress)
ACC_CONTROL_PRAGMA(remark, Control::Remark)
ACC_CONTROL_PRAGMA(warning, Control::Warning)
ACC_CONTROL_PRAGMA(once, Control::Warning)
ACC_CONTROL_PRAGMA(error, Control::Error)
ACC_CONTROL_PRAGMA(default, Control::Default)
#undef ACC_CONTROL_PRAGMA

PragmaHandlerRegistry::Add<StackPragma> kStack("nv_diagnostic", "nvcc's warnings");

} // namespace
} // namespace acc::dialect
