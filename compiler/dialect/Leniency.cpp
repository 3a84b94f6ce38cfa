// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/Leniency.h"

#include "compiler/dialect/HostInstantiation.h"
#include "compiler/dialect/Warnings.h"

#include "clang/Basic/Cuda.h"
#include "clang/Basic/DiagnosticParse.h"
#include "clang/Basic/DiagnosticSema.h"
#include "clang/Sema/Sema.h"
#include "clang/Sema/SemaCUDA.h"

namespace acc::dialect {

using namespace clang;

namespace {

constexpr const char* kLaunchFromDevice =
    "kernel launch from __device__ or __global__ functions requires separate compilation mode "
    "(-rdc=true)";

/// Attributes have no way to the plugin's objects; one run of clang is one compilation.
Leniency* lenient = nullptr;

} // namespace

Leniency::Leniency(DiagnosticsEngine& engine, const Options& options, const LangOptions& language)
    : engine_(engine), options_(options), language_(language) {
    lenient = this;
}

Leniency::~Leniency() {
    lenient = nullptr;
}

void Leniency::see_shared() {
    if (lenient) lenient->shared_ = true;
}

void Leniency::see_function(FunctionDecl& function) {
    if (lenient && lenient->implicit_int_.isValid() &&
        function.getLocation() == lenient->implicit_int_)
        function.setInvalidDecl(false); // clang thinks that more must be wrong with it
}

void Leniency::decide_in(DiagnosticClient& client) {
    // The pragma is dropped.
    client.decide(diag::err_pragma_loop_precedes_nonloop, [this](const Diagnostic& info) {
        warn(engine_, options_, info.getLocation(), Warning::UnrollWithoutLoop, finder());
        return true;
    });
    // Both pragmas stay.
    client.decide(diag::err_pragma_loop_compatibility, [](const Diagnostic&) { return true; });
    // The pragma is dropped, for this loop.
    client.decide(diag::err_requires_positive_value, [this](const Diagnostic& info) {
        warn(engine_, options_, info.getLocation(),
             info.getRawArg(1) ? Warning::UnrollTooLarge : Warning::UnrollNotPositive, finder());
        return true;
    });
    // __device__ [[nodiscard]] int f(): the list is dropped.
    client.decide(diag::err_attributes_not_allowed,
                  [this](const Diagnostic& info) { return info.getLocation() == list_; });
    // The variable does not get the attribute, which says nothing new about a __shared__ one.
    client.decide(diag::err_cuda_nonstatic_constdev, [this](const Diagnostic& info) {
        local_space_ = info.getLocation();
        return true;
    });
    client.decide(diag::err_cuda_device_kernel_launch_require_rdc, [this](const Diagnostic& info) {
        report(engine_, info.getLocation(), diag::Severity::Error, kLaunchFromDevice);
        return true;
    });
    // The device has no use for the versions of a host function.
    client.decide(diag::err_multiversion_not_supported,
                  [this](const Diagnostic&) { return language_.CUDAIsDevice; });
    client.decide(diag::err_switch_into_protected_scope,
                  [this](const Diagnostic& info) { return allows_jump(info); });
    client.decide(diag::err_missing_type_specifier,
                  [this](const Diagnostic& info) { return allows_implicit_int(info); });
}

/// The function that is being read, if the device alone runs it.
bool Leniency::in_device_code() const {
    const FunctionDecl* function = sema_ ? sema_->getCurFunctionDecl(/*AllowLambda=*/true)
                                         : nullptr;
    if (!function) return false;
    const CUDAFunctionTarget target = sema_->CUDA().IdentifyTarget(function);
    return target == CUDAFunctionTarget::Device || target == CUDAFunctionTarget::Global;
}

Finder Leniency::finder() const {
    return finder_in(sema_ ? sema_->getCurFunctionDecl() : nullptr);
}

/// NVIDIA's front end warns; host code goes to g++, which refuses it.
bool Leniency::allows_jump(const Diagnostic& info) {
    if (!in_device_code()) return false;
    warn(engine_, options_, info.getLocation(), Warning::JumpPastInitialization, finder());
    return true;
}

bool Leniency::allows_implicit_int(const Diagnostic& info) {
    if (info.getLocation() != main_) return false;
    implicit_int_ = main_;
    warn(engine_, options_, info.getLocation(), Warning::ImplicitInt, Finder::Both);
    return true;
}

void Leniency::follow_attributes(const Token& token) {
    switch (attribute_) {
    case Attribute::None: break;
    case Attribute::Keyword:
        attribute_ = token.is(tok::l_paren) ? Attribute::Inside : Attribute::None;
        depth_ = 1;
        break;
    case Attribute::Inside:
        if (token.is(tok::l_paren)) ++depth_;
        if (token.is(tok::r_paren) && --depth_ == 0) attribute_ = Attribute::Behind;
        break;
    case Attribute::Behind:
        if (token.is(tok::l_square)) list_ = token.getLocation();
        attribute_ = Attribute::None;
        break;
    }
    if (token.is(tok::kw___attribute) && attribute_ == Attribute::None)
        attribute_ = Attribute::Keyword;
}

void Leniency::see(const Token& token) {
    if (local_space_.isValid() && !shared_)
        report(engine_, local_space_, diag::Severity::Error,
               "a local variable cannot be __constant__, __device__ or __managed__; a static or a "
               "__shared__ one lies in the device's memory");
    local_space_ = {};
    shared_ = false;
    follow_attributes(token);
    if (token.is(tok::identifier) && token.getIdentifierInfo()->isStr("main"))
        main_ = token.getLocation();
}

} // namespace acc::dialect
