// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The table of command-line options. One row is everything there is to know about an option.
#pragma once

#include "compiler/driver/Invocation.h"

#include <span>
#include <string>

namespace acc::driver {

enum class OptionKind {
    Flag,  ///< takes no value
    Value, ///< takes one value: "-o x", "-o=x", "--output-file x"
    List,  ///< takes a comma-separated list; the action runs once per element
};

/// Error text, or empty.
using OptionAction = std::string (*)(Invocation&, const std::string& value);

struct OptionRow {
    const char* long_name;  ///< without dashes; one or two dashes are accepted
    const char* short_name; ///< without dashes; may be null
    OptionKind kind;
    bool joined;            ///< the value may follow the short name directly (-Ipath, -O3)
    const char* value_name; ///< for --help; "a|b": other values are errors, "<n>": a number; null
                            ///< for flags
    OptionAction action;
    const char* help;
};

std::span<const OptionRow> option_table();

/// True for an option of nvcc that is accepted and does nothing here.
bool has_no_effect(const OptionRow& row);

} // namespace acc::driver
