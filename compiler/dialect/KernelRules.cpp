// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/KernelRules.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/Type.h"

namespace acc::dialect {

using namespace clang;

namespace {

/// Why an argument cannot have this type; null: it can.
const char* wrong_parameter(QualType type) {
    if (type->isRValueReferenceType())
        return "a kernel's arguments are copied to the device: parameter %0 cannot be an rvalue "
               "reference; take it by value";
    const bool pointer = type->isPointerType();
    const RecordDecl* record = (pointer ? type->getPointeeType() : type.getNonReferenceType())
                                   ->getAsRecordDecl();
    if (!record || !record->getIdentifier()) return nullptr;
    if (!pointer && record->getName() == "initializer_list" && record->isInStdNamespace())
        return "parameter %0 of a kernel cannot be a std::initializer_list, whose elements stay "
               "in host memory; pass a pointer to device memory, or a structure with an array";
    if (pointer && record->getName() == "__va_list_tag")
        return "parameter %0 of a kernel cannot be a va_list, which refers to the host's stack";
    return nullptr;
}

} // namespace

void check_kernel(DiagnosticsEngine& engine, const FunctionDecl& kernel) {
    auto error = [&](SourceLocation place, const char* text, const NamedDecl& what) {
        report(engine, place, diag::Severity::Error, text) << &what;
    };
    const SourceLocation place = kernel.getLocation();
    auto* type = kernel.getType()->getAs<FunctionProtoType>();
    if (kernel.isVariadic())
        error(place,
              "kernel %0 cannot have a variable number of arguments; a variadic template can "
              "stand for it",
              kernel);
    if (kernel.isConstexpr())
        error(place, "kernel %0 cannot be constexpr: it runs when it is launched", kernel);
    if (type && type->hasExceptionSpec())
        error(place,
              "kernel %0 cannot have an exception specification; there are no exceptions on the "
              "device",
              kernel);
    if (kernel.getReturnType()->getContainedAutoType())
        error(place, "kernel %0 must have void return type, not a deduced one", kernel);
    if (auto* method = dyn_cast<CXXMethodDecl>(&kernel); method && method->isStatic())
        error(place,
              "kernel %0 cannot be a member function, not even a static one; declare it "
              "outside of the class",
              kernel);
    for (const ParmVarDecl* parameter : kernel.parameters())
        if (const char* text = wrong_parameter(parameter->getType()))
            error(parameter->getLocation(), text, *parameter);
}

void check_device_function(DiagnosticsEngine& engine, const FunctionDecl& function) {
    if (function.hasAttr<CUDALaunchBoundsAttr>())
        report(engine, function.getLocation(), diag::Severity::Error,
               "__launch_bounds__ is for kernels; %0 is called, not launched")
            << &function;
}

void check_variable(DiagnosticsEngine& engine, const VarDecl& variable) {
    auto is_written = [](const Attr* space) { return space && !space->isImplicit(); };
    const bool of_device = is_written(variable.getAttr<CUDADeviceAttr>()) ||
                           is_written(variable.getAttr<CUDAConstantAttr>()) ||
                           is_written(variable.getAttr<CUDASharedAttr>());
    if (of_device && variable.isStaticDataMember())
        report(engine, variable.getLocation(), diag::Severity::Error,
               "static data member %0 cannot lie in a memory of the device; declare a variable "
               "outside of the class")
            << &variable;
}

void check_thread_locals(DiagnosticsEngine& engine, const Decl& declaration) {
    if (auto* variable = dyn_cast<VarDecl>(&declaration)) {
        const DeclContext* function = variable->getParentFunctionOrMethod();
        const Decl* owner = function ? Decl::castFromDeclContext(function) : nullptr;
        if (variable->getTSCSpec() != TSCS_unspecified && owner &&
            (owner->hasAttr<CUDADeviceAttr>() || owner->hasAttr<CUDAGlobalAttr>()))
            report(engine, variable->getLocation(), diag::Severity::Error,
                   "variable %0 in device code cannot be thread-local; each thread has its own "
                   "copy of a variable without static")
                << variable;
    } else if (auto* context = dyn_cast<DeclContext>(&declaration);
               context && !context->isDependentContext()) {
        for (const Decl* inner : context->noload_decls())
            check_thread_locals(engine, *inner);
    }
}

} // namespace acc::dialect
