// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/DeviceNames.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Token.h"
#include "clang/Sema/Sema.h"
#include "clang/Sema/TemplateInstCallback.h"

namespace acc::dialect {

using namespace clang;

namespace {

/// A function of the program for the host alone. One that says __host__ itself is left as it is:
/// clang takes launches for those of device code once such a function belongs to both sides.
bool can_be_lent(const FunctionDecl& function, const Sema& sema) {
    return !function.hasAttr<CUDADeviceAttr>() && !function.hasAttr<CUDAGlobalAttr>() &&
           !function.hasAttr<CUDAHostAttr>() &&
           !sema.getSourceManager().isInSystemHeader(function.getLocation());
}

void lend(FunctionDecl& function) {
    ASTContext& context = function.getASTContext();
    function.addAttr(CUDAHostAttr::CreateImplicit(context));
    function.addAttr(CUDADeviceAttr::CreateImplicit(context));
}

void take_back(FunctionDecl& function) {
    function.dropAttr<CUDAHostAttr>();
    function.dropAttr<CUDADeviceAttr>();
}

/// While clang makes the body of an instance of a host function.
class Instances : public TemplateInstantiationCallback {
  public:
    void initialize(const Sema&) override {}
    void finalize(const Sema&) override {}

    void atTemplateBegin(const Sema& sema, const Sema::CodeSynthesisContext& context) override {
        // With -rdc clang makes launches of device code of all that belongs to both sides.
        const LangOptions& language = sema.getLangOpts();
        if (language.CUDAIsDevice && language.GPURelocatableDeviceCode) return;
        FunctionDecl* function = function_of(context);
        if (!function || !function->isTemplateInstantiation() || !can_be_lent(*function, sema))
            return;
        // An instance that is only being declared has no attributes yet.
        const FunctionDecl* pattern = function->getTemplateInstantiationPattern();
        if (!pattern || !can_be_lent(*pattern, sema)) return;
        lend(*function);
        lent_.push_back(function);
    }

    void atTemplateEnd(const Sema&, const Sema::CodeSynthesisContext& context) override {
        if (lent_.empty() || lent_.back() != function_of(context)) return;
        take_back(*lent_.back());
        lent_.pop_back();
    }

  private:
    static FunctionDecl* function_of(const Sema::CodeSynthesisContext& context) {
        return context.Kind == Sema::CodeSynthesisContext::TemplateInstantiation
                   ? dyn_cast_or_null<FunctionDecl>(context.Entity)
                   : nullptr;
    }

    llvm::SmallVector<FunctionDecl*, 4> lent_;
};

/// Finds the functions of the device that host code names.
class Names : public RecursiveASTVisitor<Names> {
  public:
    bool shouldVisitTemplateInstantiations() const { return false; }

    bool VisitDeclRefExpr(DeclRefExpr* reference) { return see(reference->getDecl()); }
    bool VisitMemberExpr(MemberExpr* member) { return see(member->getMemberDecl()); }
    bool TraverseLambdaExpr(LambdaExpr*) { return true; } // has its own side, and its own turn

  private:
    bool see(ValueDecl* what) {
        auto* function = dyn_cast<FunctionDecl>(what);
        if (function && function->hasAttr<CUDADeviceAttr>() && !function->hasAttr<CUDAHostAttr>() &&
            !function->hasAttr<CUDAGlobalAttr>() && !function->getBuiltinID())
            name_for_host(*function);
        return true;
    }
};

} // namespace

void name_for_host(FunctionDecl& function) {
    for (FunctionDecl* declaration : function.redecls())
        if (!declaration->hasAttr<AsmLabelAttr>())
            declaration->addAttr(
                AsmLabelAttr::CreateImplicit(function.getASTContext(), "__acc_no_host_code"));
}

void DeviceNames::set_sema(Sema* sema) {
    sema_ = sema;
    if (sema) sema->TemplateInstCallbacks.push_back(std::make_unique<Instances>());
}

void DeviceNames::see(const Token& token) {
    if (!sema_) return;
    FunctionDecl* current = sema_->isUnevaluatedContext()
                                ? sema_->getCurFunctionDecl(/*AllowLambda=*/true)
                                : nullptr;
    // An operand may begin with the bracket that was there before clang said that it is one.
    if (current != operand_of_) depth_ = opens_ ? 1 : 0;
    operand_of_ = current;
    const bool closes = token.isOneOf(tok::r_paren, tok::r_square, tok::r_brace);
    opens_ = token.isOneOf(tok::l_paren, tok::l_square, tok::l_brace);
    depth_ += opens_ - closes;
    // clang is still at the operand while the parser looks at what follows it: malloc(sizeof(int))
    // is called while the last bracket is the next token.
    if (depth_ < 0 || token.is(tok::semi)) current = nullptr;
    if (current == lent_) return;
    if (lent_) take_back(*lent_);
    lent_ = current && can_be_lent(*current, *sema_) ? current : nullptr;
    if (lent_) lend(*lent_);
}

void DeviceNames::see(Decl& declaration) const {
    if (!sema_ || sema_->getLangOpts().CUDAIsDevice ||
        sema_->getSourceManager().isInSystemHeader(declaration.getLocation()))
        return;
    auto* context = dyn_cast<DeclContext>(&declaration);
    if (context && context->isDependentContext()) return;
    if (auto* function = dyn_cast<FunctionDecl>(&declaration)) {
        const bool host = function->hasAttr<CUDAHostAttr>() ||
                          (!function->hasAttr<CUDADeviceAttr>() &&
                           !function->hasAttr<CUDAGlobalAttr>());
        if (host && function->doesThisDeclarationHaveABody())
            Names().TraverseDecl(function); // initial values of members, too
    } else if (auto* variable = dyn_cast<VarDecl>(&declaration)) {
        const bool device = variable->hasAttr<CUDADeviceAttr>() ||
                            variable->hasAttr<CUDAConstantAttr>();
        if (!device) Names().TraverseDecl(variable);
    } else if (auto* field = dyn_cast<FieldDecl>(&declaration)) {
        Names().TraverseDecl(field);
    } else if (context) {
        for (Decl* inner : context->noload_decls())
            see(*inner);
    }
}

} // namespace acc::dialect
