// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The plugin as clang sees it: an action that runs beside the one of the command line, before it.
#include "compiler/dialect/AsmOperands.h"
#include "compiler/dialect/AsmText.h"
#include "compiler/dialect/Declarations.h"
#include "compiler/dialect/DefaultArguments.h"
#include "compiler/dialect/DeviceCode.h"
#include "compiler/dialect/DeviceNames.h"
#include "compiler/dialect/DiagnosticClient.h"
#include "compiler/dialect/DiagnosticControl.h"
#include "compiler/dialect/Dialect.h"
#include "compiler/dialect/ExplicitInstantiation.h"
#include "compiler/dialect/HostAccesses.h"
#include "compiler/dialect/HostCalls.h"
#include "compiler/dialect/HostInstantiation.h"
#include "compiler/dialect/HostLambdas.h"
#include "compiler/dialect/IncompleteMembers.h"
#include "compiler/dialect/KernelRules.h"
#include "compiler/dialect/LaunchSyntax.h"
#include "compiler/dialect/Leniency.h"
#include "compiler/dialect/MachineNames.h"
#include "compiler/dialect/SharedVariables.h"
#include "compiler/dialect/Source.h"
#include "compiler/dialect/TemplateKeyword.h"
#include "compiler/dialect/VariableArrays.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/GlobalDecl.h"
#include "clang/AST/Mangle.h"
#include "clang/Basic/DiagnosticSema.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendPluginRegistry.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Sema/MultiplexExternalSemaSource.h"
#include "clang/Sema/Sema.h"
#include "clang/Sema/SemaConsumer.h"

namespace acc::dialect {

using namespace clang;

bool Options::set(const std::string& name) {
    if (name == "quiet")
        quiet = true;
    else if (name == "cross-space-errors")
        cross_space_errors = true;
    else if (name == "relaxed-constexpr")
        relaxed_constexpr = true;
    else if (name == "extended-lambda")
        extended_lambda = true;
    else if (llvm::StringRef(name).contains(':'))
        controls.push_back(name);
    else
        return false;
    return true;
}

DiagnosticBuilder report(DiagnosticsEngine& engine, SourceLocation place, diag::Severity severity,
                         const std::string& text) {
    const bool error = severity >= diag::Severity::Error;
    return engine.Report(
        place,
        engine.getDiagnosticIDs()->getCustomDiagID(DiagnosticIDs::CustomDiagDesc(
            severity, text, error ? DiagnosticIDs::CLASS_ERROR : DiagnosticIDs::CLASS_WARNING,
            error, error)));
}

std::string symbol_of(MangleContext& mangler, GlobalDecl declaration) {
    auto* named = cast<NamedDecl>(declaration.getDecl());
    if (!mangler.shouldMangleDeclName(named)) return named->getIdentifier()->getName().str();
    std::string name;
    llvm::raw_string_ostream stream(name);
    mangler.mangleName(declaration, stream);
    return name;
}

namespace {

class Consumer : public SemaConsumer {
  public:
    Consumer(CompilerInstance& compiler, const Options& options)
        : compiler_(compiler), options_(options), host_calls_(compiler.getDiagnostics(), options_),
          shared_(compiler.getDiagnostics(), options_),
          declarations_(compiler.getDiagnostics(), options_), launches_(compiler.getPreprocessor()),
          assembly_(compiler.getPreprocessor()),
          instantiations_(compiler.getPreprocessor(), options_),
          asm_operands_(compiler.getPreprocessor()), templates_(compiler.getPreprocessor()),
          variable_arrays_(compiler.getPreprocessor()), machine_names_(compiler.getPreprocessor()),
          leniency_(compiler.getDiagnostics(), options_, compiler.getLangOpts()),
          incomplete_members_(compiler.getDiagnostics()),
          device_code_(compiler.getDiagnostics(), options_) {
        DiagnosticClient& client = DiagnosticClient::install(compiler.getDiagnostics());
        leniency_.decide_in(client);
        client.decide(diag::err_ref_bad_target, [this](const Diagnostic& info) {
            return host_lambdas_.holds(info) || host_calls_.allows(info);
        });
        client.decide(diag::err_incomplete_member_access,
                      [this](const Diagnostic& info) { return incomplete_members_.allows(info); });
        client.decide(diag::err_param_default_argument_references_param,
                      [this](const Diagnostic& info) { return default_arguments_.allows(info); });
        for (unsigned id : {diag::err_capture_bad_target, diag::err_cuda_device_exceptions})
            client.decide(id, [this](const Diagnostic& info) { return host_lambdas_.holds(info); });
        client.decide(diag::err_loader_uninitialized_trivial_ctor,
                      [this](const Diagnostic& info) { return shared_.allows_constructor(info); });
        client.decide(diag::err_loader_uninitialized_cant_init, [this](const Diagnostic& info) {
            report(compiler_.getDiagnostics(), info.getLocation(), diag::Severity::Error,
                   "a __shared__ variable has no initial value; assign to it in the kernel");
            return true;
        });
        client.decide(diag::err_cuda_extern_shared,
                      [this](const Diagnostic& info) { return shared_.allows_extern(info); });
        client.decide(diag::err_variable_object_no_init,
                      [this](const Diagnostic&) { return variable_arrays_.allows(); });
        // Deduction guides are looked for on both sides, whatever they say.
        for (unsigned id : {diag::err_deduction_guide_target_attr,
                            diag::warn_deduction_guide_target_attr_deprecated})
            client.decide(id, [](const Diagnostic&) { return true; });
        // That of __acc_program.h lasts (Declarations.cpp).
        client.decide(diag::err_pragma_attribute_no_pop_eof, [](const Diagnostic& info) {
            // By the line markers, when the source has been preprocessed (-save-temps).
            const PresumedLoc place = info.getSourceManager().getPresumedLoc(info.getLocation());
            return place.isValid() &&
                   llvm::StringRef(place.getFilename()).ends_with("__acc_program.h");
        });
        // The token is the one that the parser gets.
        compiler.getPreprocessor().setTokenWatcher([this](const Token& token) {
            launches_.see(const_cast<Token&>(token));
            if (compiler_.getLangOpts().CUDAIsDevice) assembly_.see(const_cast<Token&>(token));
            shared_.revive();
            device_names_.see(token);
            leniency_.see(token);
            machine_names_.see(token);
            host_instantiation_.see(token);
            // The last: they read ahead.
            asm_operands_.see(const_cast<Token&>(token));
            templates_.see(const_cast<Token&>(token));
            variable_arrays_.see(token);
            instantiations_.see(const_cast<Token&>(token));
        });
    }

    ~Consumer() override { compiler_.getPreprocessor().setTokenWatcher(nullptr); }

    void InitializeSema(Sema& sema) override {
        source_ = llvm::makeIntrusiveRefCnt<Source>(bool(compiler_.getLangOpts().CUDAIsDevice));
        sema.addExternalSource(source_);
        ASTContext& context = sema.getASTContext();
        // Beside the reader of a precompiled header.
        if (auto reader = dyn_cast_or_null<ExternalSemaSource>(context.getExternalSource()))
            context.setExternalSource(llvm::makeIntrusiveRefCnt<MultiplexExternalSemaSource>(
                llvm::IntrusiveRefCntPtr<ExternalSemaSource>(reader), source_));
        else
            context.setExternalSource(source_);
        source_->InitializeSema(sema);
        assembly_.set_sema(&sema);
        default_arguments_.set_sema(&sema);
        device_code_.set_sema(&sema);
        device_names_.set_sema(&sema);
        incomplete_members_.set_sema(&sema);
        instantiations_.set_sema(&sema);
        host_lambdas_.set_sema(&sema);
        templates_.set_sema(&sema);
        variable_arrays_.set_sema(&sema);
        leniency_.set_sema(&sema);
    }
    void ForgetSema() override {
        source_->ForgetSema();
        assembly_.set_sema(nullptr);
        default_arguments_.set_sema(nullptr);
        device_code_.set_sema(nullptr);
        device_names_.set_sema(nullptr);
        incomplete_members_.set_sema(nullptr);
        instantiations_.set_sema(nullptr);
        leniency_.set_sema(nullptr);
        host_lambdas_.set_sema(nullptr);
        templates_.set_sema(nullptr);
        variable_arrays_.set_sema(nullptr);
    }

    /// Before the code generator sees it.
    bool HandleTopLevelDecl(DeclGroupRef group) override {
        for (Decl* declaration : group) {
            device_names_.see(*declaration);
            if (compiler_.getLangOpts().CUDAIsDevice &&
                !compiler_.getSourceManager().isInSystemHeader(declaration->getLocation()))
                check_thread_locals(compiler_.getDiagnostics(), *declaration);
            device_code_.see(*declaration);
            if (auto* function = dyn_cast<FunctionDecl>(declaration))
                if (function->isTemplateInstantiation()) shared_.complete_types(*function);
        }
        return true;
    }

    void HandleCXXImplicitFunctionInstantiation(FunctionDecl* function) override {
        host_instantiation_.see(*function);
    }

    void HandleTranslationUnit(ASTContext& context) override {
        host_instantiation_.finish(compiler_.getASTConsumer());
        device_code_.finish();
        declarations_.define_variables(context, compiler_.getASTConsumer());
        host_calls_.write(context, compiler_.getASTConsumer());
        check_host_accesses(context, compiler_.getDiagnostics(), options_);
    }

  private:
    CompilerInstance& compiler_;
    Options options_;
    HostCalls host_calls_;
    HostInstantiation host_instantiation_;
    HostLambdas host_lambdas_;
    DefaultArguments default_arguments_;
    DeviceNames device_names_;
    SharedVariables shared_;
    Declarations declarations_;
    LaunchSyntax launches_;
    AsmText assembly_;
    ExplicitInstantiation instantiations_;
    AsmOperands asm_operands_;
    TemplateKeyword templates_;
    VariableArrays variable_arrays_;
    MachineNames machine_names_;
    Leniency leniency_;
    IncompleteMembers incomplete_members_;
    DeviceCode device_code_;
    llvm::IntrusiveRefCntPtr<Source> source_;
};

class Action : public PluginASTAction {
  public:
    std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance& compiler,
                                                   llvm::StringRef) override {
        // Other languages only pass through (an option in NVCC_APPEND_FLAGS reaches all).
        if (!compiler.getLangOpts().CUDA) return std::make_unique<ASTConsumer>();
        quiet_system_headers(compiler);
        for (const std::string& option : options_.controls)
            control(compiler.getDiagnostics(), option);
        return std::make_unique<Consumer>(compiler, options_);
    }
    bool ParseArgs(const CompilerInstance& compiler,
                   const std::vector<std::string>& arguments) override {
        for (const std::string& argument : arguments)
            if (!options_.set(argument)) {
                report(compiler.getDiagnostics(), SourceLocation(), diag::Severity::Error,
                       "the dialect plugin has no option '%0'")
                    << argument;
                return false;
            }
        return true;
    }
    ActionType getActionType() override { return AddBeforeMainAction; }

  private:
    Options options_;
};

FrontendPluginRegistry::Add<Action> kPlugin("acc", "the dialect of nvcc");

} // namespace
} // namespace acc::dialect
