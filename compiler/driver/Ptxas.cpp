// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/Ptxas.h"

namespace acc::driver {
namespace {

enum class Use { Flag, Value };

struct Row {
    const char* name;       ///< with one dash or two
    const char* short_name; ///< null: none
    Use use;
    const char* own; ///< accc's option; null: it changes nothing here
};
constexpr Row kRows[] = {
    {"gpu-name", "arch", Use::Value, "-arch"},
    {"output-file", "o", Use::Value, "-o"},
    {"maxrregcount", nullptr, Use::Value, "-maxrregcount"},
    {"opt-level", "O", Use::Value, nullptr},
    {"machine", "m", Use::Value, nullptr},
    {"def-load-cache", "dlcm", Use::Value, nullptr},
    {"def-store-cache", "dscm", Use::Value, nullptr},
    {"allow-expensive-optimizations", "allow-expensive-optimizations", Use::Value, nullptr},
    {"verbose", "v", Use::Flag, "-res-usage"},
    {"device-debug", "g", Use::Flag, "-G"},
    {"generate-line-info", "lineinfo", Use::Flag, "-lineinfo"},
    {"compile-only", "c", Use::Flag, nullptr},
    {"disable-warnings", "w", Use::Flag, "-w"},
    {"warn-on-spills", "warn-spills", Use::Flag, nullptr},
    {"warn-on-local-memory-usage", "warn-lmem-usage", Use::Flag, nullptr},
    {"suppress-stack-size-warning", nullptr, Use::Flag, nullptr},
    {"return-at-end", "ret-end", Use::Flag, nullptr},
    {"fmad", nullptr, Use::Value, nullptr},
    {"help", "h", Use::Flag, "--help"},
    {"version", "V", Use::Flag, "--version"},
};

const Row* find(const std::string& name) {
    for (const Row& row : kRows)
        if (name == row.name || (row.short_name && name == row.short_name)) return &row;
    return nullptr;
}

} // namespace

std::vector<std::string> arguments_of_ptxas(const std::vector<std::string>& arguments,
                                            std::string& error) {
    std::vector<std::string> result = {"-cubin", "-x", "ptx"};
    bool output = false;
    for (size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        if (argument.size() < 2 || argument[0] != '-') {
            result.push_back(argument);
            continue;
        }
        std::string name = argument.substr(argument[1] == '-' ? 2 : 1), value;
        const size_t equals = name.find('=');
        const bool joined = equals != std::string::npos;
        if (joined) {
            value = name.substr(equals + 1);
            name.resize(equals);
        }
        if (name.size() == 2 && name[0] == 'O') continue; // -O3
        if (name == "m64") continue;
        const Row* row = find(name);
        if (!row) {
            error = "Unknown option '" + argument + "'";
            return {};
        }
        if (row->use == Use::Value && !joined) {
            if (++i == arguments.size()) {
                error = "Option '" + argument + "' needs a value";
                return {};
            }
            value = arguments[i];
        }
        output |= row->own && std::string("-o") == row->own;
        if (row->own) result.push_back(row->own);
        if (row->own && row->use == Use::Value) result.push_back(value);
    }
    if (!output) result.insert(result.end(), {"-o", "elf.o"}); // ptxas' own default
    return result;
}

} // namespace acc::driver
