// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <vector>

namespace acc::smi {

enum class Report { Summary, List, Details, Gpus, Processes, Fields, Help, Version };

struct Options {
    Report report = Report::Summary;
    std::vector<std::string> fields;  ///< of --query-gpu or --query-compute-apps
    std::vector<std::string> devices; ///< of -i: numbers, UUIDs or PCI addresses; all when empty
    bool header = true, units = true; ///< of --format
    unsigned loop_ms = 0;             ///< 0: once
    std::string file;                 ///< standard output when empty
    std::string error;                ///< what is wrong with the command line
};

/// Reads the command line (without the program's name).
Options parse_options(const std::vector<std::string>& arguments);

extern const char kHelp[];

} // namespace acc::smi
