// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/RtcOptions.h"

#include "compiler/driver/GpuArch.h"

#include <cstring>
#include <string_view>

namespace acc::driver {
namespace {

using R = RtcSettings;
using S = const std::string;

/// What becomes of an option: error text, or empty.
using Action = std::string (*)(R&, S& value);

enum class Takes { Nothing, Value, Joined }; ///< Joined: -Ipath, too

struct Row {
    const char* long_name;
    const char* short_name; ///< may be null
    Takes takes;
    Action action; ///< null: accc's option of the same name
};

std::string none(R&, S&) {
    return {}; // changes how fast, how large or where, not what
}

std::string boolean(S& value, bool& to) {
    if (value != "true" && value != "false") return "expected true or false, not '" + value + "'";
    to = value == "true";
    return {};
}

std::string architecture(R& r, S& value) {
    r.virtual_arch = value.starts_with("compute_");
    r.lto |= value.starts_with("lto_");
    if (arch_number(value) == 0) return "'" + value + "' is not an architecture";
    r.invocation.device.requested_archs.clear(); // the last one counts
    return parse_arch_option(r.invocation, value);
}

std::string relocatable(R& r, S& value) {
    return boolean(value, r.invocation.device.relocatable);
}

std::string standard(R& r, S& value) {
    for (const char* known : {"c++03", "c++11", "c++14", "c++17", "c++20", "c++23"})
        if (value == known) {
            const std::string least = value == "c++03" ? "c++11" : value; // of our headers
            r.invocation.source_flags.push_back("-std=" + least);
            return {};
        }
    return "unknown language standard '" + value + "'";
}

const Row kTable[] = {
    {"gpu-architecture", "arch", Takes::Value, architecture},
    {"device-c", "dc", Takes::Nothing,
     [](R& r, S&) {
         r.invocation.device.relocatable = true;
         return std::string();
     }},
    {"device-w", "dw", Takes::Nothing,
     [](R& r, S&) {
         r.invocation.device.relocatable = false;
         return std::string();
     }},
    {"relocatable-device-code", "rdc", Takes::Value, relocatable},
    {"extensible-whole-program", "ewp", Takes::Nothing, none},
    {"device-debug", "G", Takes::Nothing, nullptr},
    {"generate-line-info", "lineinfo", Takes::Nothing, nullptr},
    {"dopt", "dopt", Takes::Value, none},
    {"Ofast-compile", "Ofc", Takes::Value, none},
    {"ptxas-options", "Xptxas", Takes::Value, nullptr},
    {"maxrregcount", "maxrregcount", Takes::Value, nullptr},
    {"ftz", "ftz", Takes::Value, nullptr},
    {"prec-sqrt", "prec-sqrt", Takes::Value, nullptr},
    {"prec-div", "prec-div", Takes::Value, nullptr},
    {"fmad", "fmad", Takes::Value, nullptr},
    {"use_fast_math", "use_fast_math", Takes::Nothing, nullptr},
    {"extra-device-vectorization", nullptr, Takes::Nothing, none},
    {"modify-stack-limit", nullptr, Takes::Value, none},
    {"dlink-time-opt", "dlto", Takes::Nothing,
     [](R& r, S&) {
         r.lto = true;
         return std::string();
     }},
    {"gen-opt-lto", nullptr, Takes::Nothing, none},
    {"optix-ir", nullptr, Takes::Nothing,
     [](R&, S&) { return std::string("OptiX IR is not produced"); }},
    {"jump-table-density", "jtd", Takes::Value, none},
    {"device-stack-protector", nullptr, Takes::Value, none},
    {"no-cache", nullptr, Takes::Nothing, none},
    {"frandom-seed", nullptr, Takes::Value, none},
    {"define-macro", "D", Takes::Joined,
     [](R& r, S& v) {
         r.invocation.source_flags.push_back("-D" + v);
         return std::string();
     }},
    {"undefine-macro", "U", Takes::Joined,
     [](R& r, S& v) {
         r.invocation.source_flags.push_back("-U" + v);
         return std::string();
     }},
    {"include-path", "I", Takes::Joined,
     [](R& r, S& v) {
         r.invocation.source_flags.push_back("-I" + v);
         return std::string();
     }},
    {"pre-include", "include", Takes::Value, nullptr},
    {"no-source-include", nullptr, Takes::Nothing,
     [](R& r, S&) {
         r.source_include = false;
         return std::string();
     }},
    {"std", "std", Takes::Value, standard},
    {"builtin-move-forward", nullptr, Takes::Value, none},
    {"builtin-initializer-list", nullptr, Takes::Value, none},
    {"pch", nullptr, Takes::Nothing, none}, // our own headers are precompiled always
    {"create-pch", nullptr, Takes::Value, none},
    {"use-pch", nullptr, Takes::Value, none},
    {"pch-dir", nullptr, Takes::Value, none},
    {"pch-verbose", nullptr, Takes::Value, none},
    {"pch-messages", nullptr, Takes::Value, none},
    {"instantiate-templates-in-pch", nullptr, Takes::Value, none},
    {"disable-warnings", "w", Takes::Nothing, nullptr},
    {"Werror", nullptr, Takes::Value, nullptr},
    {"restrict", nullptr, Takes::Nothing, none},
    {"device-as-default-execution-space", "default-device", Takes::Nothing,
     [](R& r, S&) {
         r.default_device = r.invocation.relaxed_constexpr = true;
         return std::string();
     }},
    {"device-int128", nullptr, Takes::Nothing, none}, // is there always
    {"device-float128", nullptr, Takes::Nothing,
     [](R&, S&) { return std::string("__float128 is not supported"); }},
    {"optimization-info", "opt-info", Takes::Value, none},
    {"display-error-number", "err-no", Takes::Nothing, none},
    {"no-display-error-number", "no-err-no", Takes::Nothing, none},
    {"diag-error", nullptr, Takes::Value, nullptr},
    {"diag-suppress", nullptr, Takes::Value, nullptr},
    {"diag-warn", nullptr, Takes::Value, nullptr},
    {"brief-diagnostics", "brief-diag", Takes::Value,
     [](R& r, S& v) { return boolean(v, r.brief); }},
    {"time", nullptr, Takes::Value, none},
    {"device-time-trace", nullptr, Takes::Value, none},
    {"split-compile", nullptr, Takes::Value, none},
    {"fdevice-syntax-only", nullptr, Takes::Nothing,
     [](R& r, S&) {
         r.syntax_only = true;
         return std::string();
     }},
    {"minimal", nullptr, Takes::Nothing, none},
    {"expt-relaxed-constexpr", nullptr, Takes::Nothing, nullptr},
    {"extended-lambda", nullptr, Takes::Nothing, nullptr},
};

const Row* find(std::string_view name) {
    for (const Row& row : kTable)
        if (name == row.long_name || (row.short_name && name == row.short_name)) return &row;
    return nullptr;
}

const Row* find_joined(std::string_view body) {
    for (const Row& row : kTable)
        if (row.takes == Takes::Joined && body.starts_with(row.short_name)) return &row;
    return nullptr;
}

std::string trimmed(std::string text) {
    const char* blanks = " \t\n\r";
    text.erase(0, std::min(text.find_first_not_of(blanks), text.size()));
    text.erase(text.find_last_not_of(blanks) + 1);
    return text;
}

class Parser {
  public:
    Parser(const std::vector<std::string>& options, R& settings)
        : options_(options), settings_(settings) {}

    std::string run() {
        while (at_ < options_.size())
            if (std::string error = option(trimmed(options_[at_++])); !error.empty()) return error;
        if (std::optional<std::string> problem = parse_command_line(for_accc_,
                                                                    settings_.invocation))
            return *problem;
        return {};
    }

  private:
    std::string option(const std::string& text) {
        if (text.empty()) return {};
        const size_t dashes = text.starts_with("--") ? 2 : text.starts_with("-") ? 1 : 0;
        const std::string body = text.substr(dashes);
        if (dashes == 0 || body.empty()) return "unrecognized option " + text + " found";
        const size_t end = body.find_first_of("= ");
        const Row* row = find(body.substr(0, end));
        std::optional<std::string> value;
        if (row && end != std::string::npos) {
            value = trimmed(body.substr(end + 1));
        } else if (!row && dashes == 1 && (row = find_joined(body))) {
            value = trimmed(body.substr(std::strlen(row->short_name)));
        }
        if (!row) return "unrecognized option " + text + " found";
        return apply(*row, text, value);
    }

    std::string apply(const Row& row, const std::string& text, std::optional<std::string> value) {
        if (row.takes == Takes::Nothing && value) return "option " + text + " takes no value";
        if (row.takes != Takes::Nothing && !value) {
            if (at_ == options_.size()) return "option " + text + " needs a value";
            value = trimmed(options_[at_++]);
        }
        if (!row.action) {
            for_accc_.push_back("--" + std::string(row.long_name));
            if (value) for_accc_.push_back(*value);
            return {};
        }
        const std::string error = row.action(settings_, value.value_or(""));
        return error.empty() ? "" : "invalid value for option " + text + ": " + error;
    }

    const std::vector<std::string>& options_;
    R& settings_;
    std::vector<std::string> for_accc_;
    size_t at_ = 0;
};

} // namespace

std::string parse_rtc_options(const std::vector<std::string>& options, RtcSettings& settings) {
    Invocation& invocation = settings.invocation;
    invocation.phase = Phase::DeviceOnly;
    invocation.run_time = true;
    invocation.extended_lambda = true;
    std::string error = Parser(options, settings).run();
    if (invocation.device.requested_archs.empty()) // NVRTC's default
        (void)parse_arch_option(invocation, "compute_52");
    return error;
}

} // namespace acc::driver
