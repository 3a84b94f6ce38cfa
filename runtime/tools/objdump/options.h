// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <vector>

namespace acc::objdump {

struct Options {
    bool disassemble = false;
    bool lines = false;  ///< file:line before the instructions it made
    bool source = false; ///< and its text
    bool words = false;  ///< instruction words in hexadecimal
    bool kernels = false;
    bool headers = false;
    bool symbols = false;
    bool relocations = false;
    bool demangle = false;
    bool help = false, version = false;
    std::vector<std::string> functions; ///< only these, all when empty
    std::string extract;                ///< prefix of files to write the entries of fat binaries to
    std::vector<std::string> files;
    std::string error; ///< what is wrong with the command line
};

/// Reads the command line (without the program's name).
Options parse_options(const std::vector<std::string>& arguments);

extern const char kHelp[];

} // namespace acc::objdump
