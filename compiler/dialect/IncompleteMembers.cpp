// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/IncompleteMembers.h"

#include "compiler/dialect/Dialect.h"

#include "clang/Sema/Sema.h"
#include "clang/Sema/TemplateInstCallback.h"
#include "llvm/ADT/SmallString.h"

namespace acc::dialect {

using namespace clang;

namespace {

class Instances : public TemplateInstantiationCallback {
  public:
    explicit Instances(IncompleteMembers& members) : members_(members) {}

    void initialize(const Sema&) override {}
    void finalize(const Sema&) override {}
    void atTemplateBegin(const Sema&, const Sema::CodeSynthesisContext& context) override {
        if (context.Kind != Sema::CodeSynthesisContext::TemplateInstantiation) return;
        auto* function = dyn_cast_or_null<FunctionDecl>(context.Entity);
        if (const FunctionDecl* pattern = function ? function->getTemplateInstantiationPattern()
                                                   : nullptr)
            members_.see_instance(*pattern);
    }
    void atTemplateEnd(const Sema&, const Sema::CodeSynthesisContext&) override {}

  private:
    IncompleteMembers& members_;
};

} // namespace

void IncompleteMembers::set_sema(Sema* sema) {
    sema_ = sema;
}

bool IncompleteMembers::allows(const Diagnostic& info) {
    const FunctionDecl* function = sema_ ? sema_->getCurFunctionDecl() : nullptr;
    if (!function || !function->isDependentContext() || sema_->inTemplateInstantiation())
        return false;
    if (held_.empty()) sema_->TemplateInstCallbacks.push_back(std::make_unique<Instances>(*this));
    llvm::SmallString<128> text;
    info.FormatDiagnostic(text);
    held_[function->getCanonicalDecl()].push_back({info.getLocation(), text.str().str()});
    return true;
}

void IncompleteMembers::see_instance(const FunctionDecl& pattern) {
    auto found = held_.find(pattern.getCanonicalDecl());
    if (found == held_.end()) return;
    for (const Held& held : found->second)
        report(engine_, held.place, diag::Severity::Error,
               "%0; it must be defined before this template")
            << held.text;
    found->second.clear();
}

} // namespace acc::dialect
