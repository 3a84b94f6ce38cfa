// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The fields that --query-gpu and --query-compute-apps name: one row each.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nvml.h>

namespace acc::smi {

struct Process {
    nvmlDevice_t device = nullptr;
    nvmlProcessInfo_t info{};
};

/// Names (the first is the one that headers show), the unit ("" for none), the value; nothing when
/// the device has none.
template <class Subject>
struct Field {
    std::vector<const char*> names;
    const char* unit;
    const char* section; ///< of -q; null: not shown there
    std::optional<std::string> (*value)(const Subject&);
};

const std::vector<Field<nvmlDevice_t>>& gpu_fields();
const std::vector<Field<Process>>& process_fields();

/// The row with the name; null when there is none.
template <class Subject>
const Field<Subject>* find_field(const std::vector<Field<Subject>>& rows, std::string_view name) {
    for (const auto& row : rows)
        for (const char* each : row.names)
            if (name == each) return &row;
    return nullptr;
}

} // namespace acc::smi
