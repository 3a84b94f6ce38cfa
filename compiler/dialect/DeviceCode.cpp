// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/DeviceCode.h"

#include "compiler/dialect/KernelRules.h"
#include "compiler/dialect/LambdaRules.h"
#include "compiler/dialect/VariableArguments.h"
#include "compiler/dialect/Written.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclFriend.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Sema/Sema.h"
#include "clang/Sema/SemaCUDA.h"

namespace acc::dialect {

using namespace clang;

namespace {

bool is_for_device_only(const FunctionDecl& function) {
    return function.hasAttr<CUDAGlobalAttr>() ||
           (function.hasAttr<CUDADeviceAttr>() && !function.hasAttr<CUDAHostAttr>());
}

/// What the device has in any case. Others are emitted when they are called.
bool is_emitted(const FunctionDecl& function) {
    return function.hasAttr<CUDAGlobalAttr>() ||
           (is_for_device_only(function) && !function.isInlined() &&
            function.isExternallyVisible() && !function.isTemplateInstantiation());
}

/// The functions of the host's library that nvcc has for both sides.
bool is_for_both_sides(const FunctionDecl& function) {
    if (auto* method = dyn_cast<CXXMethodDecl>(&function))
        return method->getParent()->isInStdNamespace() &&
               method->getParent()->getName() == "initializer_list";
    const IdentifierInfo* name = function.getIdentifier();
    return function.isInStdNamespace() && name && (name->isStr("move") || name->isStr("forward"));
}

bool says_device(const FunctionDecl& function) {
    return llvm::any_of(function.redecls(), [](const FunctionDecl* declaration) {
        return is_written<CUDADeviceAttr>(*declaration);
    });
}

/// Whether the declaration of `function`, or of what it is an instance of, says __device__.
bool is_declared_for_device(const FunctionDecl& function) {
    if (says_device(function)) return true;
    if (const FunctionTemplateDecl* primary = function.getPrimaryTemplate())
        for (const RedeclarableTemplateDecl* declaration : primary->redecls())
            if (says_device(*cast<FunctionDecl>(declaration->getTemplatedDecl()))) return true;
    const FunctionDecl* member = function.getInstantiatedFromMemberFunction();
    if (!member) member = function.getTemplateInstantiationPattern();
    return member && says_device(*member);
}

/// std::min and its kin, which clang's own <algorithm> has for the device as well.
bool is_of_clangs_algorithm(const FunctionDecl& function, const SourceManager& sources) {
    return function.isInStdNamespace() &&
           sources.getFilename(function.getLocation()).ends_with("/cuda_wrappers/algorithm");
}

/// The variable, if it is a constant of the host that clang would put into constant memory.
const VarDecl* host_constant(const ValueDecl* what, const SourceManager& sources) {
    auto* variable = dyn_cast<VarDecl>(what);
    if (!variable || variable->isLocalVarDecl() ||
        sources.isInSystemHeader(variable->getLocation()))
        return nullptr;
    auto* constant = variable->getAttr<CUDAConstantAttr>();
    return constant && constant->isImplicit() && !variable->hasAttr<CUDADeviceAttr>() ? variable
                                                                                      : nullptr;
}

} // namespace

/// Looks through one function, or one initial value.
class DeviceBody : public RecursiveASTVisitor<DeviceBody> {
    using Base = RecursiveASTVisitor<DeviceBody>;

  public:
    DeviceBody(DeviceCode& code, const FunctionDecl* function)
        : code_(code), sema_(*code.sema_), function_(function),
          device_(function && is_for_device_only(*function)) {}

    // Operands that are not evaluated, and types.
    bool TraverseUnaryExprOrTypeTraitExpr(UnaryExprOrTypeTraitExpr*) { return true; }
    bool TraverseCXXNoexceptExpr(CXXNoexceptExpr*) { return true; }
    bool TraverseCXXTypeidExpr(CXXTypeidExpr*) { return true; }
    bool TraverseTypeLoc(TypeLoc, bool = true) { return true; }
    // What has a turn of its own.
    bool TraverseFunctionDecl(FunctionDecl*) { return true; }
    bool TraverseCXXRecordDecl(CXXRecordDecl*) { return true; }

    bool TraverseVarDecl(VarDecl* variable) {
        const bool outer = constant_;
        constant_ |= variable->isConstexpr();
        auto* made = dyn_cast_or_null<CXXConstructExpr>(variable->getInit());
        const bool default_made = variable->isConstexpr() && made && made->getNumArgs() == 0;
        const bool more = default_made || Base::TraverseVarDecl(variable);
        constant_ = outer;
        return more;
    }
    bool TraverseConstantExpr(ConstantExpr* expression) {
        const bool outer = constant_;
        constant_ = true;
        const bool more = Base::TraverseConstantExpr(expression);
        constant_ = outer;
        return more;
    }
    /// The value of a constant, or of a member of it.
    bool TraverseImplicitCastExpr(ImplicitCastExpr* cast) {
        const Expr* source = cast->getSubExpr()->IgnoreParens();
        auto* member = dyn_cast<MemberExpr>(source);
        if (member && isa<FieldDecl>(member->getMemberDecl()) && !member->isArrow())
            source = member->getBase()->IgnoreParens();
        if (cast->getCastKind() == CK_LValueToRValue && isa<DeclRefExpr>(source)) return true;
        return Base::TraverseImplicitCastExpr(cast);
    }
    /// As it is meant: what the program wrote has constants that are not read yet.
    bool TraverseInitListExpr(InitListExpr* list) {
        InitListExpr* meant = list->isSemanticForm() ? list : list->getSemanticForm();
        return Base::TraverseSynOrSemInitListExpr(meant ? meant : list);
    }

    /// A copy of the whole: its value.
    bool TraverseCXXConstructExpr(CXXConstructExpr* made) {
        const CXXConstructorDecl* constructor = made->getConstructor();
        if (constructor->isCopyOrMoveConstructor() && constructor->isTrivial() &&
            isa<DeclRefExpr>(made->getArg(0)->IgnoreParenImpCasts()))
            return true;
        return Base::TraverseCXXConstructExpr(made);
    }

    bool VisitVarDecl(VarDecl* variable) {
        TypeSourceInfo* type = variable->getTypeSourceInfo();
        for (auto array = type ? type->getTypeLoc().getAs<ArrayTypeLoc>() : ArrayTypeLoc(); array;
             array = array.getElementLoc().getAs<ArrayTypeLoc>())
            if (array.getSizeExpr()) TraverseStmt(array.getSizeExpr());
        if (device_ && variable->isStaticLocal() && variable->getType()->isScalarType() &&
            variable->getInit() &&
            !variable->getInit()->isConstantInitializer(sema_.getASTContext(), false))
            report(code_.engine_, variable->getLocation(), diag::Severity::Error,
                   "static variable %0 of the device cannot have a value that is computed when the "
                   "program runs")
                << variable;
        return true;
    }
    bool VisitCXXDynamicCastExpr(CXXDynamicCastExpr* cast) {
        if (device_ && !cast->isAlwaysNull() && cast->getCastKind() == CK_Dynamic)
            report(code_.engine_, cast->getOperatorLoc(), diag::Severity::Error,
                   "there is no dynamic_cast on the device, which has no type information");
        return true;
    }
    bool VisitCallExpr(CallExpr* call) {
        keep_layout_of_variable_arguments(sema_, *call);
        if (const FunctionDecl* callee = call->getDirectCallee())
            see_call(*callee, call->getExprLoc());
        return true;
    }
    bool VisitCXXConstructExpr(CXXConstructExpr* made) {
        see_call(*made->getConstructor(), made->getLocation());
        return true;
    }
    bool VisitDeclRefExpr(DeclRefExpr* reference) {
        if (reference->isNonOdrUse() == NOUR_None)
            see_use(reference->getDecl(), reference->getLocation());
        if (auto* function = dyn_cast<FunctionDecl>(reference->getDecl())) note_callee(*function);
        return true;
    }
    bool VisitMemberExpr(MemberExpr* member) {
        if (member->isNonOdrUse() == NOUR_None)
            see_use(member->getMemberDecl(), member->getMemberLoc());
        if (auto* function = dyn_cast<FunctionDecl>(member->getMemberDecl()))
            note_callee(*function);
        return true;
    }
    bool VisitArraySubscriptExpr(ArraySubscriptExpr* element) {
        auto* array = dyn_cast<DeclRefExpr>(element->getBase()->IgnoreParenImpCasts());
        if (array && !constant_ && array->getType()->isArrayType() &&
            array->isNonOdrUse() == NOUR_Constant)
            see_use(array->getDecl(), array->getLocation());
        return true;
    }
    bool VisitUnaryOperator(UnaryOperator* operation) {
        if (operation->getOpcode() != UO_AddrOf) return true;
        const Expr* operand = operation->getSubExpr()->IgnoreParens();
        if (auto* member = dyn_cast<MemberExpr>(operand))
            operand = member->getBase()->IgnoreParenImpCasts();
        auto* reference = dyn_cast<DeclRefExpr>(operand);
        auto* variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
        if (device_ && variable && variable->hasExternalStorage() &&
            sema_.getSourceManager().isInSystemHeader(variable->getLocation()) &&
            llvm::is_contained({"threadIdx", "blockIdx", "blockDim", "gridDim"},
                               variable->getName()))
            report(code_.engine_, operation->getOperatorLoc(), diag::Severity::Error,
                   "built-in variable %0 has no address")
                << variable;
        return true;
    }
    /// The body of an annotated lambda is the device's, whoever defines it.
    bool TraverseLambdaExpr(LambdaExpr* lambda) {
        check_lambda(code_.engine_, code_.options_, *lambda, function_, device_);
        const bool outer = device_;
        device_ |= is_for_device_only(*lambda->getCallOperator());
        const bool more = Base::TraverseLambdaExpr(lambda);
        device_ = outer;
        return more;
    }

  private:
    void see_call(const FunctionDecl& callee, SourceLocation place) {
        note_callee(callee);
        if (!device_ || code_.options_.relaxed_constexpr || !is_hosts_constexpr(callee)) return;
        auto* method = dyn_cast<CXXMethodDecl>(&callee);
        if (method && method->getParent()->isLambda()) return;
        report(code_.engine_, place, diag::Severity::Error,
               "constexpr function %0 is the host's; the device can call it with the option "
               "--expt-relaxed-constexpr, or when it is __host__ __device__")
            << &callee;
    }

    bool is_hosts_constexpr(const FunctionDecl& callee) const {
        if (is_of_clangs_algorithm(callee, sema_.getSourceManager())) return true;
        return callee.isConstexprSpecified() && !callee.isDefaulted() && !callee.getBuiltinID() &&
               SemaCUDA::isImplicitHostDeviceFunction(&callee) && !is_for_both_sides(callee) &&
               !is_declared_for_device(callee);
    }

    void see_use(const ValueDecl* what, SourceLocation place) {
        if (!device_ || !function_) return;
        if (const VarDecl* constant = host_constant(what, sema_.getSourceManager()))
            code_.functions_[function_->getCanonicalDecl()].uses.push_back({place, constant});
    }

    void note_callee(const FunctionDecl& callee) {
        if (function_)
            code_.functions_[function_->getCanonicalDecl()].calls.push_back(
                callee.getCanonicalDecl());
    }

    DeviceCode& code_;
    Sema& sema_;
    const FunctionDecl* function_; ///< null: an initial value
    bool device_;
    bool constant_ = false; ///< in an expression that is evaluated while compiling
};

void DeviceCode::see_function(FunctionDecl& function) {
    if (function.hasAttr<CUDAGlobalAttr>()) check_kernel_definition(engine_, function);
    DeviceBody body(*this, &function);
    if (auto* constructor = dyn_cast<CXXConstructorDecl>(&function))
        for (CXXCtorInitializer* member : constructor->inits())
            if (member->isWritten()) body.TraverseStmt(member->getInit());
    body.TraverseStmt(function.getBody());
}

void DeviceCode::see(Decl& declaration) {
    if (!sema_ || !sema_->getLangOpts().CUDAIsDevice || declaration.isInvalidDecl()) return;
    auto* context = dyn_cast<DeclContext>(&declaration);
    const bool system = sema_->getSourceManager().isInSystemHeader(declaration.getLocation());
    auto* function = dyn_cast<FunctionDecl>(&declaration);
    // A library's kernel is made for what the program gives it.
    if (function && system && function->hasAttr<CUDAGlobalAttr>() &&
        !function->isDependentContext() && function->doesThisDeclarationHaveABody())
        check_kernel_definition(engine_, *function);
    if (system || (context && context->isDependentContext())) return;
    if (function) {
        if (function->doesThisDeclarationHaveABody()) see_function(*function);
    } else if (auto* variable = dyn_cast<VarDecl>(&declaration)) {
        DeviceBody(*this, nullptr).TraverseVarDecl(variable);
    } else if (auto* known = dyn_cast<FriendDecl>(&declaration)) {
        auto* inner = dyn_cast_or_null<FunctionDecl>(known->getFriendDecl());
        if (inner && inner->doesThisDeclarationHaveABody()) {
            if (inner->hasAttr<CUDAGlobalAttr>())
                report(engine_, inner->getLocation(), diag::Severity::Error,
                       "kernel %0 cannot be defined in a friend declaration; define it outside of "
                       "the class")
                    << inner;
            see(*inner);
        }
    } else if (context) {
        for (Decl* inner : context->noload_decls())
            see(*inner);
    }
}

void DeviceCode::finish() {
    llvm::SetVector<const FunctionDecl*> reached;
    for (const auto& [function, found] : functions_)
        if (is_emitted(*function)) reached.insert(function);
    for (unsigned i = 0; i < reached.size(); ++i) {
        auto found = functions_.find(reached[i]);
        if (found == functions_.end()) continue;
        for (const FunctionDecl* callee : found->second.calls)
            reached.insert(callee);
        for (const Use& use : found->second.uses)
            report(engine_, use.place, diag::Severity::Error,
                   "%0 is a constant of the host: device code can use its value, but the object is "
                   "not there; declare it __constant__ or __device__")
                << use.constant;
    }
}

} // namespace acc::dialect
