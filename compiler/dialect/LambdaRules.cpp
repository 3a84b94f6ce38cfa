// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/LambdaRules.h"

#include "compiler/dialect/Written.h"

#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/Type.h"

namespace acc::dialect {

using namespace clang;

namespace {

/// The class or enumeration of a function that the captured value is of, or null.
const NamedDecl* local_type(const LambdaCapture& capture) {
    if (!capture.capturesVariable()) return nullptr;
    QualType type = capture.getCapturedVar()->getType().getNonReferenceType();
    const TagDecl* tag = type->getAsTagDecl();
    auto* record = dyn_cast_or_null<CXXRecordDecl>(tag);
    return tag && tag->getParentFunctionOrMethod() && !(record && record->isLambda()) ? tag
                                                                                      : nullptr;
}

/// Why an extended lambda cannot stand in `parent`; null: it can.
const char* wrong_parent(const FunctionDecl& parent) {
    auto* method = dyn_cast<CXXMethodDecl>(&parent);
    if (isa<CXXConstructorDecl>(parent) || isa<CXXDestructorDecl>(parent))
        return "a lambda with __device__ cannot be defined in a constructor or destructor, which "
               "has no address; define it in a function that is called there";
    if (method && (method->getAccess() == AS_private || method->getAccess() == AS_protected))
        return "a lambda with __device__ cannot be defined in %0, which is a private or protected "
               "member of its class";
    if (parent.getDeclaredReturnType()->getContainedAutoType())
        return "a lambda with __device__ cannot be defined in %0, whose return type is deduced";
    return nullptr;
}

} // namespace

void check_lambda(DiagnosticsEngine& engine, const Options& options, const LambdaExpr& lambda,
                  const FunctionDecl* parent, bool in_device_code) {
    const CXXMethodDecl& call = *lambda.getCallOperator();
    const bool device = is_written<CUDADeviceAttr>(call), host = is_written<CUDAHostAttr>(call);
    if (!device && !host) return;
    const SourceLocation place = lambda.getBeginLoc();
    if (!options.extended_lambda) {
        report(engine, place, diag::Severity::Error,
               "__device__ or __host__ at a lambda needs the option --extended-lambda");
        return;
    }
    if (!device || in_device_code) return;
    const char* wrong = parent ? wrong_parent(*parent) : nullptr;
    if (wrong) report(engine, place, diag::Severity::Error, wrong) << parent;
    for (const LambdaCapture& capture : lambda.captures())
        if (const NamedDecl* type = local_type(capture))
            report(
                engine, capture.getLocation(), diag::Severity::Error,
                "a lambda with __device__ cannot capture a value of type %0, which is local to a "
                "function")
                << type;
    if (!host) return;
    if (lambda.isGenericLambda())
        report(engine, place, diag::Severity::Error,
               "a __host__ __device__ lambda cannot be generic");
    for (const LambdaCapture& capture : lambda.captures())
        if (lambda.isInitCapture(&capture))
            report(engine, capture.getLocation(), diag::Severity::Error,
                   "a __host__ __device__ lambda cannot have a capture with an initial value");
}

} // namespace acc::dialect
