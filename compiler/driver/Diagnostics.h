// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a compilation has to say, as values. Nothing in this library writes to a terminal.
#pragma once

#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace acc::driver {

enum class Severity {
    Remark, ///< asked for: the commands of -v, the resources of -res-usage, output of other tools
    Note,
    Warning,
    Error,
};

struct Diagnostic {
    Severity severity = Severity::Error;
    std::string file;  ///< empty when there is no place
    unsigned line = 0; ///< from 1; 0 = unknown
    unsigned column = 0;
    std::string message; ///< one line, without place and severity
    /// All of it as people read it: place, severity, message, and where a tool gave them the source
    /// line and include chain. Ends with a newline; coloured when the run was asked for colours.
    std::string text;
};

/// Receives every diagnostic in order. Called by one thread at a time, not always the same one.
using DiagnosticSink = std::function<void(const Diagnostic&)>;

/// Escape sequences of a coloured terminal are taken out.
std::string without_colours(const std::string& text);

/// Splits what clang, gcc or a linker wrote into diagnostics. Text around them (include chains,
/// source lines) stays with the diagnostic it belongs to; text without any becomes one Remark.
std::vector<Diagnostic> parse_tool_output(const std::string& text);

/// "file:line:column: error: message", as clang writes it; without a file "error: message".
std::string diagnostic_text(const Diagnostic& diagnostic, bool colour);

/// The voice of one run: gives diagnostics to the sink, one at a time, and counts them.
class Reporter {
  public:
    /// program: the name in front of messages about the run itself ("accc error   : ...").
    Reporter(DiagnosticSink sink, std::string program, bool colour)
        : sink_(std::move(sink)), program_(std::move(program)), colour_(colour) {}

    /// About a place in a source, or without one.
    void add(Diagnostic diagnostic);
    void error(const std::string& message) { add({Severity::Error, "", 0, 0, message, ""}); }
    /// About the run itself, in nvcc's form: "accc fatal   : ...".
    void fatal(const std::string& message);
    void warning(const std::string& message);
    void note(const std::string& message);
    /// Lines that were asked for, as they are.
    void remark(const std::string& text) { add({Severity::Remark, "", 0, 0, text, text}); }
    /// What another program wrote to its standard error. `failed`: its exit status was not 0, so
    /// that there is an error among it even if it names none.
    void tool_output(const std::string& text, bool failed);

    /// -Werror all-warnings: from now on warnings are errors.
    void warnings_are_errors() { strict_ = true; }
    bool colour() const { return colour_; }
    /// Errors so far.
    unsigned errors() const;

  private:
    void about_the_run(Severity severity, const char* word, const std::string& message);
    void deliver(Diagnostic diagnostic);

    DiagnosticSink sink_;
    std::string program_;
    bool colour_;
    bool strict_ = false;
    mutable std::mutex mutex_; ///< the sink, the count, the hints
    unsigned errors_ = 0;
    std::set<std::string> hints_; ///< notes about missing features, each said once
};

} // namespace acc::driver
