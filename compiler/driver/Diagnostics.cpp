// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/Diagnostics.h"

#include "compiler/driver/MissingFeatures.h"

#include <charconv>
#include <optional>
#include <sstream>
#include <string_view>

namespace acc::driver {
namespace {

struct Word {
    const char* text;
    Severity severity;
};
/// In the order in which a line is searched: "fatal error: " holds "error: ".
constexpr Word kWords[] = {{"fatal error: ", Severity::Error},
                           {"error: ", Severity::Error},
                           {"warning: ", Severity::Warning},
                           {"note: ", Severity::Note},
                           {"remark: ", Severity::Remark}};

const char* word_of(Severity severity) {
    switch (severity) {
    case Severity::Remark: return "remark";
    case Severity::Note: return "note";
    case Severity::Warning: return "warning";
    case Severity::Error: return "error";
    }
    return "";
}

const char* colour_of(Severity severity) {
    switch (severity) {
    case Severity::Remark: return "\033[0;1;34m";
    case Severity::Note: return "\033[0;1;36m";
    case Severity::Warning: return "\033[0;1;35m";
    case Severity::Error: return "\033[0;1;31m";
    }
    return "";
}

/// Takes ":<number>" off the end of `text`.
std::optional<unsigned> take_number(std::string_view& text) {
    size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string_view digits = text.substr(colon + 1);
    unsigned value = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size())
        return std::nullopt;
    text = text.substr(0, colon);
    return value;
}

/// "x.cu:3:7: error: text" and the like. Nothing when the line starts no diagnostic.
std::optional<Diagnostic> parse_line(std::string_view line) {
    for (const Word& word : kWords) {
        size_t at = line.find(word.text);
        if (at == std::string_view::npos) continue;
        if (at != 0 && (at < 2 || line.substr(at - 2, 2) != ": ")) continue;
        Diagnostic result;
        result.severity = word.severity;
        result.message = line.substr(at + std::string_view(word.text).size());
        if (at == 0) return result;
        std::string_view place = line.substr(0, at - 2);
        std::optional<unsigned> last = take_number(place);
        std::optional<unsigned> first = last ? take_number(place) : std::nullopt;
        if (!last) return result; // the name of a tool
        result.file = place;
        result.line = first ? *first : *last;
        result.column = first ? *last : 0;
        return result;
    }
    return std::nullopt;
}

bool starts_include_chain(std::string_view line) {
    return line.starts_with("In file included from") ||
           line.starts_with("                 from ") || line.starts_with("In module ");
}

} // namespace

std::string without_colours(const std::string& text) {
    std::string plain;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\033' || i + 1 == text.size() || text[i + 1] != '[') {
            plain += text[i];
            continue;
        }
        for (i += 2; i < text.size() && (text[i] < '@' || text[i] > '~');)
            ++i;
    }
    return plain;
}

std::vector<Diagnostic> parse_tool_output(const std::string& text) {
    std::vector<Diagnostic> result;
    std::string before; // belongs to the diagnostic that follows
    for (size_t at = 0; at < text.size();) {
        size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
        std::string line = text.substr(at, end - at);
        at = end;
        std::string plain = without_colours(line);
        if (plain.ends_with('\n')) plain.pop_back();
        if (std::optional<Diagnostic> start = parse_line(plain)) {
            start->text = before + line;
            before.clear();
            result.push_back(std::move(*start));
        } else if (result.empty() || !before.empty() || starts_include_chain(plain)) {
            before += line;
        } else {
            result.back().text += line;
        }
    }
    if (before.empty()) return result;
    if (result.empty())
        result.push_back({Severity::Remark, "", 0, 0, without_colours(before), before});
    else
        result.back().text += before;
    return result;
}

std::string diagnostic_text(const Diagnostic& diagnostic, bool colour) {
    std::string place;
    if (!diagnostic.file.empty()) {
        place = diagnostic.file;
        if (diagnostic.line) place += ":" + std::to_string(diagnostic.line);
        if (diagnostic.line && diagnostic.column) place += ":" + std::to_string(diagnostic.column);
        place += ": ";
    }
    const std::string word = std::string(word_of(diagnostic.severity)) + ": ";
    if (!colour) return place + word + diagnostic.message + "\n";
    return "\033[1m" + place + colour_of(diagnostic.severity) + word + "\033[0m\033[1m" +
           diagnostic.message + "\033[0m\n";
}

void Reporter::add(Diagnostic diagnostic) {
    if (strict_ && diagnostic.severity == Severity::Warning) {
        diagnostic.severity = Severity::Error;
        diagnostic.message += " [-Werror all-warnings]";
        diagnostic.text.clear();
    }
    if (diagnostic.text.empty()) diagnostic.text = diagnostic_text(diagnostic, colour_);
    deliver(std::move(diagnostic));
}

void Reporter::about_the_run(Severity severity, const char* word, const std::string& message) {
    Diagnostic diagnostic{severity, "", 0, 0, message, ""};
    diagnostic.text = program_ + " ";
    if (colour_) diagnostic.text += colour_of(severity);
    diagnostic.text += word;
    if (colour_) diagnostic.text += "\033[0m";
    diagnostic.text += ": " + message + "\n";
    deliver(std::move(diagnostic));
}

void Reporter::fatal(const std::string& message) {
    about_the_run(Severity::Error, "fatal   ", message);
}

void Reporter::warning(const std::string& message) {
    if (strict_)
        about_the_run(Severity::Error, "error   ", message + " [-Werror all-warnings]");
    else
        about_the_run(Severity::Warning, "warning ", message);
}

void Reporter::note(const std::string& message) {
    about_the_run(Severity::Note, "note    ", message);
}

void Reporter::tool_output(const std::string& text, bool failed) {
    std::vector<Diagnostic> diagnostics = parse_tool_output(text);
    bool error = false;
    for (const Diagnostic& diagnostic : diagnostics)
        error |= diagnostic.severity == Severity::Error;
    if (failed && !error && !diagnostics.empty()) diagnostics.back().severity = Severity::Error;
    std::set<std::string> hints;
    for (Diagnostic& diagnostic : diagnostics) {
        if (diagnostic.severity == Severity::Error) {
            hints.insert(missing_feature_hint(diagnostic.message));
            std::istringstream lines(without_colours(diagnostic.text));
            for (std::string line; std::getline(lines, line);)
                hints.insert(link_hint(line));
        } else if (failed && diagnostic.severity == Severity::Note) {
            hints.insert(device_code_hint(diagnostic.message));
        }
        deliver(std::move(diagnostic));
    }
    hints.erase("");
    for (const std::string& hint : hints) {
        bool first;
        {
            std::lock_guard lock(mutex_);
            first = hints_.insert(hint).second;
        }
        if (first) add({Severity::Note, "", 0, 0, hint, ""});
    }
}

void Reporter::deliver(Diagnostic diagnostic) {
    std::lock_guard lock(mutex_);
    errors_ += diagnostic.severity == Severity::Error;
    if (sink_) sink_(diagnostic);
}

unsigned Reporter::errors() const {
    std::lock_guard lock(mutex_);
    return errors_;
}

} // namespace acc::driver
