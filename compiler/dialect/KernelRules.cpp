// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/KernelRules.h"

#include "compiler/dialect/Written.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/Type.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/Support/MathExtras.h"

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

bool takes_maxnreg(const FunctionDecl& kernel) {
    return llvm::any_of(kernel.specific_attrs<AnnotateAttr>(), [](const AnnotateAttr* annotation) {
        return annotation->getAnnotation() == "acc.maxnreg";
    });
}

/// Bytes that the arguments of a launch may have.
constexpr uint64_t kMostParameterBytes = 32764;

/// Why the host cannot name `type` where it registers the kernel; null: it can.
const char* wrong_argument(QualType type, const SourceManager& sources);

const char* wrong_argument(const TemplateArgument& argument, const SourceManager& sources) {
    if (argument.getKind() == TemplateArgument::Type)
        return wrong_argument(argument.getAsType(), sources);
    if (argument.getKind() == TemplateArgument::Integral)
        return wrong_argument(argument.getIntegralType(), sources);
    if (argument.getKind() == TemplateArgument::Pack)
        for (const TemplateArgument& element : argument.pack_elements())
            if (const char* text = wrong_argument(element, sources)) return text;
    return nullptr;
}

/// The same for a class or enumeration itself.
const char* wrong_tag(const TagDecl& tag, const SourceManager& sources) {
    auto* record = dyn_cast<CXXRecordDecl>(&tag);
    if (record && record->isLambda()) {
        const CXXMethodDecl* call = record->getLambdaCallOperator();
        return call && is_written<CUDADeviceAttr>(*call)
                   ? nullptr
                   : "a lambda without __device__ cannot be a template argument of kernel %0";
    }
    if (tag.getParentFunctionOrMethod())
        return "type %1, which is local to a function, cannot be a template argument of kernel %0";
    if (!tag.getIdentifier() && !tag.getTypedefNameForAnonDecl())
        return "a type without a name cannot be a template argument of kernel %0";
    auto* special = dyn_cast<ClassTemplateSpecializationDecl>(&tag);
    const NamedDecl* declared = special ? cast<NamedDecl>(special->getSpecializedTemplate()) : &tag;
    if (tag.getDeclContext()->isRecord() && !sources.isInSystemHeader(tag.getLocation()) &&
        (declared->getAccess() == AS_private || declared->getAccess() == AS_protected))
        return "type %1, which is a private or protected member of a class, cannot be a template "
               "argument of kernel %0";
    return nullptr;
}

const char* wrong_argument(QualType type, const SourceManager& sources) {
    while (true) {
        type = type.getNonReferenceType().getCanonicalType();
        if (type->isPointerType())
            type = type->getPointeeType();
        else if (auto* array = type->getAsArrayTypeUnsafe())
            type = array->getElementType();
        else
            break;
    }
    const TagDecl* tag = type->getAsTagDecl();
    if (!tag) return nullptr;
    if (const char* text = wrong_tag(*tag, sources)) return text;
    if (auto* special = dyn_cast<ClassTemplateSpecializationDecl>(tag))
        for (const TemplateArgument& argument : special->getTemplateArgs().asArray())
            if (const char* text = wrong_argument(argument, sources)) return text;
    auto* outer = dyn_cast<TagDecl>(tag->getDeclContext());
    return outer ? wrong_argument(outer->getASTContext().getCanonicalTagType(outer), sources)
                 : nullptr;
}

/// Where the last argument ends.
uint64_t parameter_bytes(const FunctionDecl& kernel) {
    const ASTContext& context = kernel.getASTContext();
    uint64_t end = 0;
    for (const ParmVarDecl* parameter : kernel.parameters()) {
        QualType type = parameter->getType();
        if (type->isReferenceType() || type->isIncompleteType()) continue;
        const TypeInfoChars size = context.getTypeInfoInChars(type);
        end = llvm::alignTo(end, uint64_t(size.Align.getQuantity())) +
              uint64_t(size.Width.getQuantity());
    }
    return end;
}

} // namespace

void check_kernel_definition(DiagnosticsEngine& engine, const FunctionDecl& kernel) {
    const uint64_t bytes = parameter_bytes(kernel);
    if (bytes > kMostParameterBytes)
        report(engine, kernel.getLocation(), diag::Severity::Error,
               "the arguments of kernel %0 have %1 bytes; a launch has room for %2")
            << &kernel << unsigned(bytes) << unsigned(kMostParameterBytes);
    const TemplateArgumentList* arguments = kernel.getTemplateSpecializationArgs();
    if (!arguments) return;
    const SourceManager& sources = kernel.getASTContext().getSourceManager();
    SourceLocation place = kernel.getPointOfInstantiation();
    if (place.isInvalid()) place = kernel.getLocation();
    for (const TemplateArgument& argument : arguments->asArray())
        if (const char* text = wrong_argument(argument, sources)) {
            report(engine, place, diag::Severity::Error, text) << &kernel << argument;
            return;
        }
}

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
    if (kernel.hasAttr<CUDALaunchBoundsAttr>() && takes_maxnreg(kernel))
        error(place,
              "kernel %0 cannot have __launch_bounds__ and __maxnreg__, which both limit its "
              "registers",
              kernel);
    for (const ParmVarDecl* parameter : kernel.parameters())
        if (const char* text = wrong_parameter(parameter->getType()))
            error(parameter->getLocation(), text, *parameter);
}

void check_device_function(DiagnosticsEngine& engine, const FunctionDecl& function) {
    if (function.hasAttr<CUDADeviceAttr>() && !function.hasAttr<CUDAHostAttr>())
        for (const ParmVarDecl* parameter : function.parameters())
            if (parameter->getType()->isBitIntType())
                report(engine, parameter->getLocation(), diag::Severity::Error,
                       "there is no _BitInt on the device");
    if (function.hasAttr<CUDADeviceAttr>() && function.getReturnType()->isBitIntType())
        report(engine, function.getLocation(), diag::Severity::Error,
               "there is no _BitInt on the device");
    if (function.hasAttr<CUDALaunchBoundsAttr>())
        report(engine, function.getLocation(), diag::Severity::Error,
               "__launch_bounds__ is for kernels; %0 is called, not launched")
            << &function;
}

void check_variable(DiagnosticsEngine& engine, const VarDecl& variable) {
    const bool of_device = is_written<CUDADeviceAttr>(variable) ||
                           is_written<CUDAConstantAttr>(variable) ||
                           is_written<CUDASharedAttr>(variable);
    if (of_device && variable.isStaticDataMember())
        report(engine, variable.getLocation(), diag::Severity::Error,
               "static data member %0 cannot lie in a memory of the device; declare a variable "
               "outside of the class")
            << &variable;
    const ASTContext& context = variable.getASTContext();
    if (of_device && variable.isInlineSpecified() && variable.getStorageClass() != SC_Static &&
        !variable.isInAnonymousNamespace() && !context.getLangOpts().GPURelocatableDeviceCode &&
        !context.getSourceManager().isInSystemHeader(variable.getLocation()))
        report(engine, variable.getLocation(), diag::Severity::Error,
               "without -rdc=true each file has its own %0, which inline says it is not; make it "
               "static")
            << &variable;
}

/// Whether a function's body is for the device. Instances of host templates say so, too, while they
/// are made (DeviceNames.cpp); what they are made from does not.
static bool is_device_code(const Decl& owner) {
    auto* function = dyn_cast<FunctionDecl>(&owner);
    const FunctionDecl* pattern = function ? function->getTemplateInstantiationPattern() : nullptr;
    const Decl& written = pattern ? *pattern : owner;
    return written.hasAttr<CUDADeviceAttr>() || written.hasAttr<CUDAGlobalAttr>();
}

void check_thread_locals(DiagnosticsEngine& engine, const Decl& declaration) {
    if (auto* variable = dyn_cast<VarDecl>(&declaration)) {
        const DeclContext* function = variable->getParentFunctionOrMethod();
        const Decl* owner = function ? Decl::castFromDeclContext(function) : nullptr;
        if (variable->getTSCSpec() != TSCS_unspecified && owner && is_device_code(*owner))
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
