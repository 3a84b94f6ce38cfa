// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <vector>

namespace acc::driver {

/// The whole command line without argv[0]: NVCC_PREPEND_FLAGS, the arguments, NVCC_APPEND_FLAGS,
/// with response files
/// (@file, --options-file file) replaced by their contents. On an error `error` says why.
std::vector<std::string> expand_arguments(const std::vector<std::string>& argv, std::string& error);

} // namespace acc::driver
