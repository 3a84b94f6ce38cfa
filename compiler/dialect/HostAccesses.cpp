// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/HostAccesses.h"

#include "compiler/dialect/Declarations.h"
#include "compiler/dialect/Warnings.h"
#include "compiler/dialect/Written.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/SourceManager.h"

#include <set>

namespace acc::dialect {

using namespace clang;

namespace {

/// Constants have the same value on both sides.
bool is_of_device(const VarDecl& variable) {
    return (is_written<CUDADeviceAttr>(variable) || is_written<CUDAConstantAttr>(variable) ||
            is_written<CUDASharedAttr>(variable)) &&
           !is_managed(variable) && !variable.getType().isConstQualified();
}

/// x of *&x; null for all else.
const Expr* without_detour(const Expr* place) {
    auto* value = dyn_cast<UnaryOperator>(place);
    if (!value || value->getOpcode() != UO_Deref) return nullptr;
    auto* address = dyn_cast<UnaryOperator>(value->getSubExpr()->IgnoreParens());
    return address && address->getOpcode() == UO_AddrOf ? address->getSubExpr() : nullptr;
}

/// The variable of which `place` is a part by members and indices alone; null when it is another
/// object, or the variable is not of the device.
const VarDecl* variable_of(const Expr* place) {
    for (;;) {
        place = place->IgnoreParens();
        if (auto* member = dyn_cast<MemberExpr>(place); member && !member->isArrow()) {
            place = member->getBase();
        } else if (auto* element = dyn_cast<ArraySubscriptExpr>(place)) {
            auto* decay = dyn_cast<ImplicitCastExpr>(element->getBase());
            if (!decay || decay->getCastKind() != CK_ArrayToPointerDecay) return nullptr;
            place = decay->getSubExpr();
        } else if (auto* pair = dyn_cast<BinaryOperator>(place); pair && pair->isCommaOp()) {
            place = pair->getRHS();
        } else if (const Expr* same = without_detour(place)) {
            place = same;
        } else {
            break;
        }
    }
    auto* reference = dyn_cast<DeclRefExpr>(place);
    auto* variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
    return variable && is_of_device(*variable) ? variable : nullptr;
}

class Visitor : public RecursiveASTVisitor<Visitor> {
  public:
    Visitor(ASTContext& context, DiagnosticsEngine& engine, const Options& options)
        : sources_(context.getSourceManager()), engine_(engine), options_(options) {}

    bool shouldVisitTemplateInstantiations() const { return true; }
    // As nvcc: only functions are looked at, and members of class templates are not.
    bool TraverseClassTemplateDecl(ClassTemplateDecl*) { return true; }
    bool TraverseClassTemplateSpecializationDecl(ClassTemplateSpecializationDecl*) { return true; }
    bool TraverseFieldDecl(FieldDecl*) { return true; }
    bool TraverseParmVarDecl(ParmVarDecl*) { return true; }
    bool TraverseCXXDefaultInitExpr(CXXDefaultInitExpr*) { return true; }
    // What is not evaluated.
    bool TraverseUnaryExprOrTypeTraitExpr(UnaryExprOrTypeTraitExpr*) { return true; }
    bool TraverseDecltypeTypeLoc(DecltypeTypeLoc, bool = true) { return true; }
    bool TraverseCXXNoexceptExpr(CXXNoexceptExpr*) { return true; }

    bool TraverseDecl(Decl* declaration) {
        if (!declaration) return true;
        if (auto* function = dyn_cast<FunctionDecl>(declaration))
            if (!runs_on_host(*function)) return true;
        const bool global = isa<VarDecl>(declaration) && !declaration->getParentFunctionOrMethod();
        if (global || sources_.isInSystemHeader(declaration->getLocation())) return true;
        return RecursiveASTVisitor::TraverseDecl(declaration);
    }
    bool TraverseLambdaExpr(LambdaExpr* lambda) {
        return !runs_on_host(*lambda->getCallOperator()) ||
               RecursiveASTVisitor::TraverseLambdaExpr(lambda);
    }

    bool VisitImplicitCastExpr(ImplicitCastExpr* cast) {
        if (cast->getCastKind() == CK_LValueToRValue) check(cast->getSubExpr(), Warning::HostRead);
        return true;
    }
    bool VisitCXXConstructExpr(CXXConstructExpr* construction) {
        if (construction->getConstructor()->isCopyConstructor() &&
            construction->getConstructor()->isTrivial())
            check(construction->getArg(0)->IgnoreImpCasts(), Warning::HostRead);
        return true;
    }
    bool VisitCXXOperatorCallExpr(CXXOperatorCallExpr* call) {
        auto* method = dyn_cast_or_null<CXXMethodDecl>(call->getCalleeDecl());
        if (method && method->isTrivial() && call->getOperator() == OO_Equal)
            check(call->getArg(0), Warning::HostWrite);
        return true;
    }
    bool VisitBinaryOperator(BinaryOperator* operation) {
        if (!operation->isAssignmentOp()) return true;
        if (operation->isCompoundAssignmentOp()) check(operation->getLHS(), Warning::HostRead);
        check(operation->getLHS(), Warning::HostWrite);
        return true;
    }
    bool VisitUnaryOperator(UnaryOperator* operation) {
        if (!operation->isIncrementDecrementOp()) return true;
        check(operation->getSubExpr(), Warning::HostRead);
        check(operation->getSubExpr(), Warning::HostWrite);
        return true;
    }

  private:
    /// As far as nvcc looks: of those for both sides it leaves templates alone.
    static bool runs_on_host(const FunctionDecl& function) {
        if (function.hasAttr<CUDAGlobalAttr>()) return false;
        return !is_written<CUDADeviceAttr>(function) ||
               (is_written<CUDAHostAttr>(function) && !function.isTemplated() &&
                !function.isTemplateInstantiation());
    }

    void check(const Expr* place, Warning warning) {
        const VarDecl* variable = variable_of(place);
        // Instances of a template share places with it.
        if (variable && said_.insert({place->getBeginLoc().getRawEncoding(), warning}).second)
            warn(engine_, options_, place->getBeginLoc(), warning, Finder::Both, variable);
    }

    const SourceManager& sources_;
    DiagnosticsEngine& engine_;
    const Options& options_;
    std::set<std::pair<unsigned, Warning>> said_;
};

bool has_variable_of_device(const DeclContext& context) {
    return llvm::any_of(context.noload_decls(), [](const Decl* declaration) {
        if (auto* variable = dyn_cast<VarDecl>(declaration)) return is_of_device(*variable);
        return isa<NamespaceDecl, LinkageSpecDecl>(declaration) &&
               has_variable_of_device(*cast<DeclContext>(declaration));
    });
}

} // namespace

void check_host_accesses(ASTContext& context, DiagnosticsEngine& engine, const Options& options) {
    if (context.getLangOpts().CUDAIsDevice || engine.hasErrorOccurred() ||
        !has_variable_of_device(*context.getTranslationUnitDecl()))
        return;
    Visitor(context, engine, options).TraverseDecl(context.getTranslationUnitDecl());
}

} // namespace acc::dialect
