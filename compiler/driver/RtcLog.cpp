// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/RtcLog.h"

namespace acc::driver {
namespace {

/// clang's "'name' file not found".
bool is_missing_header(const std::string& message, std::string& name) {
    const std::string end = "' file not found";
    if (!message.starts_with("'")) return false;
    const size_t at = message.find(end);
    if (at == std::string::npos) return false;
    name = message.substr(1, at - 1);
    return true;
}

/// clang's own count, "1 error generated when compiling for sm_80.", at the end.
void drop_count(std::string& text) {
    const size_t count = text.find(" generated when compiling for ");
    if (count == std::string::npos) return;
    const size_t line = text.rfind('\n', count);
    text.erase(line == std::string::npos ? 0 : line + 1);
}

/// The source lines that a tool showed: what stands behind the line with the message.
std::string details(const Diagnostic& diagnostic) {
    const std::string& text = diagnostic.text;
    const size_t message = text.find(diagnostic.message);
    const size_t line = message == std::string::npos ? message : text.find('\n', message);
    if (line == std::string::npos) return "";
    std::string lines = text.substr(line + 1);
    drop_count(lines);
    return lines;
}

std::string place(const Diagnostic& diagnostic) {
    if (diagnostic.file.empty()) return "";
    std::string text = diagnostic.file;
    if (diagnostic.line) text += "(" + std::to_string(diagnostic.line) + ")";
    return text + ": ";
}

std::string line_of(const Diagnostic& diagnostic) {
    std::string header;
    if (is_missing_header(diagnostic.message, header))
        return place(diagnostic) + "catastrophic error: cannot open source file \"" + header +
               "\"\n";
    const char* word = diagnostic.severity == Severity::Error     ? "error: "
                       : diagnostic.severity == Severity::Warning ? "warning: "
                                                                  : "note: ";
    return place(diagnostic) + word + diagnostic.message + "\n";
}

} // namespace

std::string rtc_log(const std::vector<Diagnostic>& diagnostics, const std::string& source,
                    bool brief) {
    std::string log;
    unsigned errors = 0;
    for (const Diagnostic& diagnostic : diagnostics) {
        if (diagnostic.severity == Severity::Remark) {
            log += diagnostic.text;
            continue;
        }
        log += line_of(diagnostic);
        if (!brief) log += details(diagnostic);
        log += "\n";
        errors += diagnostic.severity == Severity::Error;
    }
    if (errors)
        log += std::to_string(errors) + (errors == 1 ? " error" : " errors") +
               " detected in the compilation of \"" + source + "\".\n";
    return log;
}

} // namespace acc::driver
