// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Stands between clang and whoever shows diagnostics. Errors of clang that nvcc accepts are lowered
// to remarks, which neither -w, -Werror nor -W... touches and which do not fail the run, and come
// through here, where they become what nvcc says or an error again.
#pragma once

#include "clang/Basic/Diagnostic.h"

#include <functional>
#include <memory>

namespace acc::dialect {

class DiagnosticClient : public clang::DiagnosticConsumer {
  public:
    /// Looks at one occurrence. True: it has been dealt with. False: it is the error that clang
    /// meant.
    using Handler = std::function<bool(const clang::Diagnostic&)>;

    /// Puts itself between `engine` and its client.
    static DiagnosticClient& install(clang::DiagnosticsEngine& engine);

    /// From now on `handler` decides about error `id`.
    void decide(unsigned id, Handler handler);

    void BeginSourceFile(const clang::LangOptions& language,
                         const clang::Preprocessor* preprocessor) override;
    void EndSourceFile() override;
    void finish() override;
    void clear() override;
    bool IncludeInDiagnosticCounts() const override;
    void HandleDiagnostic(clang::DiagnosticsEngine::Level level,
                          const clang::Diagnostic& info) override;

  private:
    explicit DiagnosticClient(clang::DiagnosticsEngine& engine);
    void restore_error(const clang::Diagnostic& info);

    clang::DiagnosticsEngine& engine_;
    clang::DiagnosticConsumer* next_;
    std::unique_ptr<clang::DiagnosticConsumer> owned_;
    llvm::DenseMap<unsigned, Handler> handlers_;
    bool drop_notes_ = false; ///< those that belong to a diagnostic which is gone
};

} // namespace acc::dialect
