// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/ToolOptions.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <span>

namespace acc::driver {
namespace {

/// An option of a tool.
struct ToolOption {
    const char* long_name;
    const char* short_name; ///< may be null
    bool value = false;     ///< takes a value: after '=', or as the next word
    std::string (*action)(Invocation&, const std::string& value) = nullptr; ///< null: no effect
};

std::string show_resources(Invocation& invocation, const std::string&) {
    invocation.device.resource_usage = true;
    return {};
}

std::string limit_registers(Invocation& invocation, const std::string& value) {
    unsigned most = 0;
    auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), most);
    if (value != "archmax" && (error != std::errc() || end != value.data() + value.size()))
        return "expected a number, not '" + value + "'";
    set_most_registers(invocation, most);
    return {};
}

std::string warnings_are_errors(Invocation& invocation, const std::string&) {
    invocation.strict_warnings = true;
    return {};
}

std::string debug(Invocation& invocation, const std::string&) {
    invocation.device.debug = true;
    return {};
}

std::string is_true(const std::string& value, bool& out) {
    if (value != "true" && value != "false") return "expected true or false, not '" + value + "'";
    out = value == "true";
    return {};
}

std::string contract(Invocation& invocation, const std::string& value) {
    return is_true(value, invocation.device.fuse_multiply_add);
}

const ToolOption kPtxas[] = {
    {"verbose", "v", false, show_resources},
    {"maxrregcount", nullptr, true, limit_registers},
    {"warning-as-error", "Werror", false, warnings_are_errors},
    {"device-debug", "g", false, debug},
    {"fmad", nullptr, true, contract},
    {"opt-level", "O", true},
    {"Ofast-compile", "Ofc", true},
    {"allow-expensive-optimizations", nullptr, true},
    {"compile-only", "c"},
    {"compiler-annotations", "annotate"},
    {"def-load-cache", "dlcm", true},
    {"def-store-cache", "dscm", true},
    {"force-load-cache", "flcm", true},
    {"force-store-cache", "fscm", true},
    {"device-function-maxrregcount", "func-maxrregcount", true},
    {"device-stack-protector", nullptr, true},
    {"disable-optimizer-constants", "disable-optimizer-consts"},
    {"disable-warnings", "w"},
    {"dont-merge-basicblocks", "no-bb-merge"},
    {"entry", "e", true},
    {"extensible-whole-program", "ewp"},
    {"generate-line-info", "lineinfo"},
    {"gpu-name", "arch", true},
    {"g-tensor-memory-access-check", "g-tmem-access-check"},
    {"gno-tensor-memory-access-check", "gno-tmem-access-check"},
    {"legacy-bar-warp-wide-behavior", nullptr},
    {"machine", "m", true},
    {"make-errors-visible-at-exit", nullptr},
    {"maxntid", nullptr, true},
    {"minnctapersm", nullptr, true},
    {"optimize-float-atomics", "opt-fp-atomics"},
    {"override-directive-values", nullptr},
    {"position-independent-code", "pic", true},
    {"preserve-relocs", nullptr},
    {"register-usage-level", "regUsageLevel", true},
    {"return-at-end", "ret-end"},
    {"sp-bounds-check", nullptr},
    {"split-compile", nullptr, true},
    {"suppress-async-bulk-multicast-advisory-warning", nullptr},
    {"suppress-debug-info", nullptr},
    {"suppress-double-demote-warning", nullptr},
    {"suppress-sparse-mma-advisory-info", nullptr},
    {"suppress-stack-size-warning", nullptr},
    {"warn-on-double-precision-use", "warn-double-usage"},
    {"warn-on-local-memory-usage", "warn-lmem-usage"},
    {"warn-on-spills", "warn-spills"},
};

// The limit of registers is part of the code that -dc prepares.
const ToolOption kNvlink[] = {
    {"verbose", "v", false, show_resources},
    {"maxrregcount", nullptr, true},
    {"warning-as-error", "Werror", false, warnings_are_errors},
    {"debug", "g", false, debug},
    {"Ofast-compile", "Ofc", true},
    {"Xnvvm", nullptr, true},
    {"Xptxas", nullptr, true, assembler_option},
    {"arch", nullptr, true},
    {"cpu-arch", nullptr, true},
    {"device-stack-protector", nullptr},
    {"disable-infos", nullptr},
    {"disable-warnings", "w"},
    {"dlto", nullptr},
    {"extra-warnings", "extrawarn"},
    {"ignore-host-info", nullptr},
    {"keep-system-libraries", nullptr},
    {"kernels-used", nullptr, true},
    {"link-time-opt", "lto"},
    {"machine", "m", true},
    {"preserve-relocs", nullptr},
    {"split-compile", nullptr, true},
    {"split-compile-extended", nullptr, true},
    {"suppress-arch-warning", nullptr},
    {"suppress-debug-info", nullptr},
    {"suppress-stack-size-warning", nullptr},
    {"use-host-info", nullptr},
    {"variables-used", nullptr, true},
};

const ToolOption kFatbinary[] = {
    {"64", nullptr},
    {"compress", nullptr, true},
    {"compress-all", nullptr},
    {"debug", "g"},
    {"compress-mode", nullptr, true},
    {"cmdline", nullptr, true},
    {"compress-level", nullptr, true},
    {"compress-time", nullptr, true},
};

/// The option that a word names, with the value that is joined to it ("-O3").
const ToolOption* find(std::span<const ToolOption> table, const std::string& name,
                       std::optional<std::string>& value) {
    for (const ToolOption& option : table)
        if (name == option.long_name || (option.short_name && name == option.short_name))
            return &option;
    for (const ToolOption& option : table) {
        const bool letter = option.value && option.short_name && strlen(option.short_name) == 1;
        if (!letter || value || name.size() < 2 || name[0] != option.short_name[0]) continue;
        if (!std::all_of(name.begin() + 1, name.end(), [](char c) { return isdigit(c); })) continue;
        value = name.substr(1);
        return &option;
    }
    return nullptr;
}

std::string take(Invocation& invocation, const char* nvcc_option, const char* tool,
                 std::span<const ToolOption> table, const std::string& word) {
    // The value of the option before.
    if (invocation.awaits_value.starts_with(nvcc_option)) {
        const std::string name = invocation.awaits_value.substr(strlen(nvcc_option) + 1);
        invocation.awaits_value.clear();
        return take(invocation, nvcc_option, tool, table, name + "=" + word);
    }
    if (!word.starts_with("-")) return std::string(tool) + " takes no input '" + word + "' here";
    const size_t start = word.find_first_not_of('-');
    if (start == std::string::npos) return "'" + word + "' is no option";
    const size_t equals = word.find('=');
    std::optional<std::string> value;
    if (equals != std::string::npos) value = word.substr(equals + 1);
    const std::string name = word.substr(start,
                                         equals == std::string::npos ? equals : equals - start);
    const ToolOption* option = find(table, name, value);
    if (!option) return "unknown option '" + word + "' of " + tool;
    if (option->value && !value) {
        invocation.awaits_value = std::string(nvcc_option) + " " + word;
        return {};
    }
    if (!option->value && value) return "option '" + word + "' of " + tool + " takes no value";
    if (option->action) return option->action(invocation, value.value_or(""));
    note_ignored(invocation, std::string(nvcc_option) + " " + word);
    return {};
}

} // namespace

std::string assembler_option(Invocation& invocation, const std::string& word) {
    return take(invocation, "-Xptxas", "ptxas", kPtxas, word);
}

std::string device_linker_option(Invocation& invocation, const std::string& word) {
    return take(invocation, "-Xnvlink", "nvlink", kNvlink, word);
}

std::string fat_binary_option(Invocation& invocation, const std::string& word) {
    return take(invocation, "-Xfatbin", "fatbinary", kFatbinary, word);
}

/// What is unknown has no effect: of the many options of NVIDIA's front end few have a meaning
/// here.
std::string front_end_option(Invocation& invocation, const std::string& word) {
    static constexpr const char* kVerbs[] = {"suppress", "remark", "warning", "error", "default"};
    for (const char* verb : kVerbs)
        if (word.starts_with("--diag_" + std::string(verb) + "=")) {
            invocation.warning_controls.push_back(verb + (":" + word.substr(word.find('=') + 1)));
            return {};
        }
    if (word == "--promote_warnings")
        invocation.strict_warnings = true;
    else
        note_ignored(invocation, "-Xcudafe " + word);
    return {};
}

/// The limit itself is the backend's (getACCRegisterLimit).
void set_most_registers(Invocation& invocation, unsigned most) {
    constexpr unsigned kLeast = 40; // what the calling convention needs
    invocation.device.max_registers = most;
    if (most > 0 && most < kLeast)
        invocation.notes.push_back("-maxrregcount=" + std::to_string(most) + ": functions of acc " +
                                   "have at least " + std::to_string(kLeast) + " registers");
}

void note_ignored(Invocation& invocation, const std::string& option) {
    std::vector<std::string>& ignored = invocation.ignored;
    if (std::find(ignored.begin(), ignored.end(), option) == ignored.end())
        ignored.push_back(option);
}

} // namespace acc::driver
