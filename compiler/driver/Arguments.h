// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/driver/Environment.h"

#include <string>
#include <vector>

namespace acc::driver {

/// The whole command line without argv[0]: NVCC_PREPEND_FLAGS, the arguments, NVCC_APPEND_FLAGS,
/// with response files
/// (@file, --options-file file) replaced by their contents. On an error `error` says why.
std::vector<std::string> expand_arguments(const std::vector<std::string>& argv,
                                          const Environment& environment, std::string& error);

/// Words of a response file or variable: separated by blanks, quotes and backslashes as in a shell.
std::vector<std::string> split_words(const std::string& text);

} // namespace acc::driver
