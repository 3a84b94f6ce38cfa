// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/VariableArrays.h"

#include "compiler/dialect/TokenStream.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Sema/Scope.h"
#include "clang/Sema/Sema.h"

#include <string>

namespace acc::dialect {

using namespace clang;

namespace {

constexpr size_t kMost = 1 << 16; ///< tokens of a declaration

int depth_of(const Token& token) {
    if (token.isOneOf(tok::l_brace, tok::l_paren, tok::l_square)) return 1;
    return token.isOneOf(tok::r_brace, tok::r_paren, tok::r_square) ? -1 : 0;
}

/// .a = 1, [3] = 1
bool is_designated(llvm::ArrayRef<Token> value) {
    if (value.front().isNot(tok::l_square)) return value.front().is(tok::period);
    int depth = 0;
    for (size_t at = 0; at < value.size(); ++at)
        if ((depth += depth_of(value[at])) == 0)
            return at + 1 < value.size() && value[at + 1].is(tok::equal);
    return false;
}

/// The type of what the array of arrays is made of, and how many indices lead to one.
std::pair<QualType, unsigned> element_of(const ASTContext& context, QualType type) {
    unsigned dimensions = 0;
    while (const ArrayType* array = context.getAsArrayType(type)) {
        type = array->getElementType();
        ++dimensions;
    }
    return {type, dimensions};
}

} // namespace

/// The array of this kind whose declarator has just ended with the bracket; null: there is none, or
/// none whose values can be assigned one by one behind it.
VarDecl* VariableArrays::declared() const {
    if (!sema_ || !sema_->CurContext || !sema_->CurContext->isFunctionOrMethod() ||
        !sema_->getCurScope() || !sema_->getCurScope()->isCompoundStmtScope())
        return nullptr;
    VarDecl* last = nullptr;
    for (Decl* each : sema_->CurContext->decls())
        last = dyn_cast<VarDecl>(each);
    if (!last || last->isInvalidDecl() || last->hasInit() || !last->getIdentifier() ||
        last->getEndLoc() != bracket_ || !last->getType()->isVariableArrayType())
        return nullptr;
    const QualType element = element_of(sema_->Context, last->getType()).first;
    const bool zero_is_zero = !element->isMemberPointerType();
    const bool assignable = !element.isConstQualified() || !sema_->CurContext->isDependentContext();
    return !element->isDependentType() && element.isTrivialType(sema_->Context) && zero_is_zero &&
                   assignable
               ? last
               : nullptr;
}

/// The list whose brace has been read, with the brace that closes it and the token behind it.
/// False: it does not end so, or has statements in it, or the declaration does not end behind it.
bool VariableArrays::read_list(Tokens& tokens) {
    const auto next = [&]() -> const Token& {
        tokens.emplace_back();
        preprocessor_.Lex(tokens.back());
        return tokens.back();
    };
    peeking_ = true;
    bool statements = false;
    for (int depth = 1; depth > 0 && tokens.size() < kMost;) {
        const Token& token = next();
        if (token.is(tok::eof)) break;
        statements |= token.is(tok::semi);
        depth += depth_of(token);
    }
    const bool closed = tokens.back().is(tok::r_brace);
    const bool ends = closed && next().is(tok::semi);
    peeking_ = false;
    return ends && !statements;
}

void VariableArrays::add(Tokens& code, tok::TokenKind kind, llvm::StringRef spelling) const {
    const bool number = kind == tok::numeric_constant;
    code.push_back(make_token(preprocessor_, kind, place_, number ? "" : spelling));
    if (number) preprocessor_.CreateString(spelling, code.back(), place_, place_);
}

/// __builtin_memset((void*)a, 0, sizeof(a));
void VariableArrays::add_zeros(Tokens& code) const {
    const llvm::StringRef name = filled_->getName();
    add(code, tok::identifier, "__builtin_memset");
    add(code, tok::l_paren);
    add(code, tok::l_paren);
    add(code, tok::kw_void, "void");
    add(code, tok::star);
    add(code, tok::r_paren);
    add(code, tok::identifier, name);
    add(code, tok::comma);
    add(code, tok::numeric_constant, "0");
    add(code, tok::comma);
    add(code, tok::kw_sizeof, "sizeof");
    add(code, tok::l_paren);
    add(code, tok::identifier, name);
    add(code, tok::r_paren);
    add(code, tok::r_paren);
    add(code, tok::semi);
}

/// a[1][2]
void VariableArrays::add_element(Tokens& code, llvm::ArrayRef<size_t> path) const {
    add(code, tok::identifier, filled_->getName());
    for (size_t index : path) {
        add(code, tok::l_square);
        add(code, tok::numeric_constant, std::to_string(index));
        add(code, tok::r_square);
    }
}

/// An assignment for each value of the list, which stands without its braces. False: it is none
/// that has a brace for each array, in order.
bool VariableArrays::add_values(Tokens& code, llvm::ArrayRef<Token> list,
                                llvm::SmallVectorImpl<size_t>& path, unsigned dimensions) const {
    for (size_t index = 0; !list.empty(); ++index) {
        size_t end = 0;
        for (int depth = 0; end < list.size() && (depth || list[end].isNot(tok::comma)); ++end)
            depth += depth_of(list[end]);
        const llvm::ArrayRef<Token> value = list.take_front(end);
        list = list.drop_front(std::min(end + 1, list.size()));
        if (value.empty() || is_designated(value)) return false;
        path.push_back(index);
        const bool braces = value.front().is(tok::l_brace) && value.back().is(tok::r_brace);
        if (path.size() < dimensions) {
            if (!braces || !add_values(code, value.slice(1, end - 2), path, dimensions))
                return false;
        } else {
            add_element(code, path);
            add(code, tok::equal);
            code.append(value.begin(), value.end());
            add(code, tok::semi);
        }
        path.pop_back();
    }
    return true;
}

/// `{ values };` becomes `{ }; statements`. Of a declaration of several variables the others would
/// see what is not assigned yet, and statements in values declare variables that nobody sees here.
void VariableArrays::fill(VarDecl& array, const Token& brace) {
    Tokens list, values;
    const bool whole = read_list(list);
    filled_ = &array;
    type_ = array.getType();
    place_ = brace.getLocation();
    llvm::SmallVector<size_t, 4> path;
    const unsigned dimensions = element_of(sema_->Context, array.getType()).second;
    add_zeros(values);
    if (whole && add_values(values, llvm::ArrayRef(list).drop_back(2), path, dimensions)) {
        list.erase(list.begin(), list.end() - 2);
        list.append(values.begin(), values.end());
        Qualifiers dropped; // the elements of a constant array are assigned to
        array.setType(sema_->Context.getUnqualifiedArrayType(type_, dropped));
    } else {
        filled_ = nullptr; // as clang says
    }
    put_back(preprocessor_, list);
}

void VariableArrays::see(const Token& token) {
    if (peeking_) return;
    if (filled_) {
        filled_->setInit(nullptr); // what clang put there for an error
        filled_->setInvalidDecl(false);
        filled_->setType(type_);
        filled_ = nullptr;
    }
    const bool after_array = previous_[0] == tok::equal && previous_[1] == tok::r_square;
    previous_[1] = previous_[0];
    previous_[0] = token.getKind();
    if (token.is(tok::r_square)) bracket_ = token.getLocation();
    if (after_array && token.is(tok::l_brace) && !preprocessor_.IsPreviousCachedToken(token))
        if (VarDecl* array = declared()) fill(*array, token);
}

} // namespace acc::dialect
