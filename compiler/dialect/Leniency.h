// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Errors of clang after which it goes on as nvcc does: what nvcc accepts needs no more than another
// word, or none. Also those that clang words for another toolchain.
#pragma once

#include "compiler/dialect/DiagnosticClient.h"
#include "compiler/dialect/Dialect.h"
#include "compiler/dialect/Warnings.h"

#include "clang/AST/Decl.h"
#include "clang/Basic/LangOptions.h"
#include "clang/Lex/Token.h"

namespace acc::dialect {

class Leniency {
  public:
    Leniency(clang::DiagnosticsEngine& engine, const Options& options,
             const clang::LangOptions& language);
    ~Leniency();

    void decide_in(DiagnosticClient& client);
    void set_sema(clang::Sema* sema) { sema_ = sema; }

    /// Sees each token on its way to the parser.
    void see(const clang::Token& token);

    /// A declaration with __shared__ has been seen.
    static void see_shared();

    /// A function has been declared.
    static void see_function(clang::FunctionDecl& function);

  private:
    bool in_device_code() const;
    Finder finder() const;
    void follow_attributes(const clang::Token& token);
    bool allows_jump(const clang::Diagnostic& info);
    bool allows_implicit_int(const clang::Diagnostic& info);

    clang::DiagnosticsEngine& engine_;
    const Options& options_;
    const clang::LangOptions& language_;
    clang::Sema* sema_ = nullptr;

    /// How far the parser is in "__attribute__((…)) [[…]]".
    enum class Attribute { None, Keyword, Inside, Behind };
    Attribute attribute_ = Attribute::None;
    unsigned depth_ = 0;                 ///< of brackets inside of an attribute
    clang::SourceLocation list_;         ///< the last "[" that stood behind an attribute
    clang::SourceLocation main_;         ///< the last identifier "main"
    clang::SourceLocation implicit_int_; ///< "main" without a type
    clang::SourceLocation local_space_;  ///< __device__ at a local variable
    bool shared_ = false;                ///< a variable declared since the last token is __shared__
};

} // namespace acc::dialect
