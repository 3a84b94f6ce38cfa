// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/environment.h"

#include "runtime/core/status.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace acc::rt {
namespace {

struct Variable {
    std::string_view name, reader, values;
};

constexpr Variable kVariables[] = {
#define ACC_VARIABLE(name, reader, values, standard, meaning) {#name, reader, values},
#include "runtime/core/environment.def"
#undef ACC_VARIABLE
};

/// A name of ours with at most this many changed letters is taken for a slip.
constexpr size_t kSlip = 2;
constexpr std::string_view kFamily = "ACC_MODEL_";

const Variable* find(std::string_view name) {
    for (const Variable& variable : kVariables)
        if (variable.name == name) return &variable;
    return nullptr;
}

/// Letters to change, add or take away to make one of the other.
size_t distance(std::string_view a, std::string_view b) {
    std::vector<size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), size_t{0});
    for (size_t i = 0; i < a.size(); ++i) {
        size_t diagonal = row[0]++;
        for (size_t j = 0; j < b.size(); ++j) {
            const size_t change = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = std::min({change, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

/// The names of ours that programs read, for a message.
std::string names() {
    std::string text;
    for (const Variable& variable : kVariables)
        if (variable.reader == "programs" && variable.name.starts_with("ACC_"))
            text += fmt::format("{}{}", text.empty() ? "" : ", ", variable.name);
    return text;
}

/// Empty when the name is one of ours, or no slip of one.
std::string unknown_name(std::string_view name) {
    if (!name.starts_with("ACC") || find(name) != nullptr) return {};
    const Variable* nearest = nullptr;
    for (const Variable& variable : kVariables)
        if (variable.name.starts_with("ACC_") && distance(name, variable.name) <= kSlip)
            nearest = &variable;
    if (nearest != nullptr)
        return fmt::format("the environment variable {} is unknown; was {} meant? There are {}",
                           name, nearest->name, names());
    if (name.starts_with(kFamily))
        return fmt::format("the environment variable {} is unknown; there are {}", name, names());
    return {};
}

/// Empty when the value is one of those that the variable has. Numbers are checked by who reads
/// them.
std::string unknown_value(const Variable& variable, std::string_view value) {
    std::string_view left = variable.values;
    if (value.empty() || left.starts_with('<') || variable.reader != "programs") return {};
    while (true) {
        const size_t end = left.find('|');
        if (left.substr(0, end) == value) return {};
        if (end == std::string_view::npos) break;
        left.remove_prefix(end + 1);
    }
    std::string known(variable.values);
    for (size_t at; (at = known.find('|')) != std::string::npos;)
        known.replace(at, 1, ", ");
    return fmt::format("{}={} is unknown; there are {}", variable.name, value, known);
}

} // namespace

std::vector<std::string> environment_mistakes(const char* const* environment) {
    std::vector<std::string> mistakes;
    for (; environment != nullptr && *environment != nullptr; ++environment) {
        const std::string_view entry = *environment;
        const std::string_view name = entry.substr(0, entry.find('='));
        const std::string_view value = entry.substr(std::min(entry.size(), name.size() + 1));
        const Variable* variable = find(name);
        std::string mistake = variable != nullptr ? unknown_value(*variable, value)
                                                  : unknown_name(name);
        if (!mistake.empty()) mistakes.push_back(std::move(mistake));
    }
    return mistakes;
}

const Checks& checks() {
    static const Checks read = [] {
        const char* value = std::getenv("ACC_CHECK");
        const std::string_view name = value != nullptr ? value : "";
        return Checks{name == "bounds" || name == "exact", name == "exact"};
    }();
    return read;
}

void require_known_checks() {
    const char* value = std::getenv("ACC_CHECK");
    const Variable* variable = find("ACC_CHECK");
    if (value == nullptr || variable == nullptr) return;
    if (const std::string mistake = unknown_value(*variable, value); !mistake.empty())
        fail(Status::SystemNotReady, "{}", mistake);
}

} // namespace acc::rt
