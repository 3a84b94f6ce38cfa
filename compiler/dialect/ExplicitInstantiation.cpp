// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/ExplicitInstantiation.h"

#include "compiler/dialect/TokenStream.h"
#include "compiler/dialect/Warnings.h"

#include "clang/AST/Attr.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Sema/Lookup.h"
#include "clang/Sema/Sema.h"

namespace acc::dialect {

using namespace clang;

namespace {

constexpr unsigned kMost = 256; ///< tokens of a declaration

bool names(llvm::ArrayRef<Token> tokens, const char* word) {
    return llvm::any_of(tokens, [&](const Token& token) {
        const IdentifierInfo* name = token.getIdentifierInfo();
        return name && name->isStr(word);
    });
}

/// Behind the bracket that closes the one at `at`.
size_t behind(llvm::ArrayRef<Token> tokens, size_t at, tok::TokenKind open, tok::TokenKind close) {
    unsigned depth = 0;
    for (; at < tokens.size(); ++at) {
        if (tokens[at].is(open)) ++depth;
        if (tokens[at].is(close) && --depth == 0) return at + 1;
    }
    return at;
}

/// The qualified name of the function that is declared, its last part first: a::b::f<int>(…).
llvm::SmallVector<const IdentifierInfo*, 4> declared_name(llvm::ArrayRef<Token> tokens) {
    llvm::SmallVector<const IdentifierInfo*, 4> name;
    bool open = false; // the next part belongs to the name that is being read
    for (size_t at = 0; at < tokens.size();) {
        const Token& token = tokens[at];
        if (token.isOneOf(tok::kw___attribute, tok::kw_decltype)) {
            at = behind(tokens, at + 1, tok::l_paren, tok::r_paren);
            name.clear();
        } else if (token.is(tok::less)) {
            at = behind(tokens, at, tok::less, tok::greater);
            if (at < tokens.size() && tokens[at].is(tok::coloncolon)) return {}; // of a class
        } else if (token.is(tok::l_paren)) {
            return name;
        } else {
            if (token.is(tok::identifier)) {
                if (!open) name.clear();
                name.insert(name.begin(), token.getIdentifierInfo());
            } else if (token.isNot(tok::coloncolon)) {
                name.clear();
            }
            open = token.is(tok::coloncolon) && (open || !name.empty());
            ++at;
        }
    }
    return {};
}

} // namespace

/// What follows, up to its end.
ExplicitInstantiation::Tokens ExplicitInstantiation::read_declaration() {
    Tokens tokens;
    peeking_ = true;
    do {
        tokens.emplace_back();
        preprocessor_.Lex(tokens.back());
        // Not an instantiation: the parameters of a template.
        if (tokens.size() == 1 && tokens.back().is(tok::less)) break;
    } while (tokens.size() < kMost &&
             !tokens.back().isOneOf(tok::semi, tok::l_brace, tok::eof, tok::annot_module_end));
    peeking_ = false;
    return tokens;
}

/// The template, when all of that name belong to the same side.
const FunctionDecl* ExplicitInstantiation::find_template(const Tokens& declaration) const {
    const auto name = declared_name(declaration);
    if (name.empty()) return nullptr;
    DeclContext* scope = sema_->CurContext;
    for (const IdentifierInfo* part : llvm::reverse(llvm::ArrayRef(name).drop_front())) {
        NamespaceDecl* inner = nullptr;
        for (DeclContext* context = scope; context && !inner; context = context->getParent())
            for (NamedDecl* found : context->getRedeclContext()->lookup(part))
                if (auto* space = dyn_cast<NamespaceDecl>(found)) inner = space;
        if (!inner) return nullptr;
        scope = inner;
    }
    LookupResult result(*sema_, name.front(), SourceLocation(), Sema::LookupOrdinaryName);
    result.suppressDiagnostics();
    for (DeclContext* context = scope; context && result.empty(); context = context->getParent())
        if (context->isFileContext()) sema_->LookupQualifiedName(result, context);
    const FunctionDecl* common = nullptr;
    for (NamedDecl* found : result) {
        auto* template_ = dyn_cast<FunctionTemplateDecl>(found->getUnderlyingDecl());
        if (!template_) continue;
        const FunctionDecl* function = template_->getTemplatedDecl();
        if (common && (common->hasAttr<CUDADeviceAttr>() != function->hasAttr<CUDADeviceAttr>() ||
                       common->hasAttr<CUDAHostAttr>() != function->hasAttr<CUDAHostAttr>()))
            return nullptr;
        common = function;
    }
    return common && common->hasAttr<CUDADeviceAttr>() ? common : nullptr;
}

/// __attribute__((device)) and its kin, as far as the template has them and the declaration not.
ExplicitInstantiation::Tokens ExplicitInstantiation::missing_spaces(const Tokens& declaration,
                                                                    SourceLocation place) const {
    Tokens added;
    const FunctionDecl* function = find_template(declaration);
    if (!function || function->hasAttr<CUDAGlobalAttr>() ||
        (names(declaration, "host") && !function->hasAttr<CUDAHostAttr>()))
        return added;
    auto add = [&](tok::TokenKind kind, const char* name = nullptr) {
        added.push_back(make_token(preprocessor_, kind, place, name));
    };
    for (const char* word : {"device", "host"}) {
        const bool wanted = *word == 'd' || function->hasAttr<CUDAHostAttr>();
        if (!wanted || names(declaration, word)) continue;
        add(tok::kw___attribute, "__attribute__");
        add(tok::l_paren);
        add(tok::l_paren);
        add(tok::identifier, word);
        add(tok::r_paren);
        add(tok::r_paren);
    }
    if (!added.empty() && !function->hasAttr<CUDAHostAttr>())
        warn(sema_->getDiagnostics(), options_, place, Warning::DeviceInstantiated, Finder::Both,
             function);
    return added;
}

void ExplicitInstantiation::see(Token& token) {
    if (peeking_) return;
    // Behind the end of a function clang is still in it when it gets the token.
    const bool inside = previous_ == tok::coloncolon || previous_ == tok::period ||
                        previous_ == tok::arrow;
    previous_ = token.getKind();
    if (token.isNot(tok::kw_template) || inside || !sema_ || !sema_->CurContext ||
        preprocessor_.IsPreviousCachedToken(token) ||
        preprocessor_.getSourceManager().isInSystemHeader(token.getLocation()))
        return;
    Tokens tokens = read_declaration();
    const Tokens added = missing_spaces(tokens, token.getLocation());
    tokens.insert(tokens.begin(), added.begin(), added.end());
    put_back(preprocessor_, tokens);
}

} // namespace acc::dialect
