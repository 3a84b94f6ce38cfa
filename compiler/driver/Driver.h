// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <vector>

namespace acc::driver {

/// Runs accc: everything main() does. Returns the exit status: 0, or 1 after any error.
int run_driver(const std::vector<std::string>& argv);

} // namespace acc::driver
