// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/DiagnosticClient.h"

#include "llvm/ADT/SmallString.h"

namespace acc::dialect {

using namespace clang;

DiagnosticClient::DiagnosticClient(DiagnosticsEngine& engine)
    : engine_(engine), next_(engine.getClient()), owned_(engine.takeClient()) {}

DiagnosticClient& DiagnosticClient::install(DiagnosticsEngine& engine) {
    auto* client = new DiagnosticClient(engine);
    engine.setClient(client, /*ShouldOwnClient=*/true);
    return *client;
}

void DiagnosticClient::decide(unsigned id, Handler handler) {
    // clang only asserts, in builds with assertions, that nobody does this.
    engine_.setSeverity(id, diag::Severity::Remark, SourceLocation());
    handlers_[id] = std::move(handler);
}

void DiagnosticClient::BeginSourceFile(const LangOptions& language,
                                       const Preprocessor* preprocessor) {
    next_->BeginSourceFile(language, preprocessor);
}
void DiagnosticClient::EndSourceFile() {
    next_->EndSourceFile();
}
void DiagnosticClient::finish() {
    next_->finish();
}
void DiagnosticClient::clear() {
    DiagnosticConsumer::clear();
    next_->clear();
}
bool DiagnosticClient::IncludeInDiagnosticCounts() const {
    return next_->IncludeInDiagnosticCounts();
}

/// The same words as an error, with the notes that follow.
void DiagnosticClient::restore_error(const Diagnostic& info) {
    llvm::SmallString<256> text;
    info.FormatDiagnostic(text);
    // The text is an argument, so that a '%' in it is one.
    unsigned id = engine_.getDiagnosticIDs()->getCustomDiagID(DiagnosticIDs::CustomDiagDesc(
        diag::Severity::Error, "%0", DiagnosticIDs::CLASS_ERROR, true, true));
    DiagnosticBuilder builder = engine_.Report(info.getLocation(), id);
    builder << text.str();
    for (const CharSourceRange& range : info.getRanges())
        builder << range;
}

void DiagnosticClient::HandleDiagnostic(DiagnosticsEngine::Level level, const Diagnostic& info) {
    if (level == DiagnosticsEngine::Note && drop_notes_) return;
    drop_notes_ = false;
    auto found = handlers_.find(info.getID());
    if (level == DiagnosticsEngine::Remark && found != handlers_.end()) {
        if (!found->second(info))
            restore_error(info);
        else
            drop_notes_ = true;
        return;
    }
    DiagnosticConsumer::HandleDiagnostic(level, info);
    next_->HandleDiagnostic(level, info);
}

} // namespace acc::dialect
