// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// accc under the name ptxas: PTX to a code object, with that program's options.
#pragma once

#include <string>
#include <vector>

namespace acc::driver {

constexpr const char* kAssemblerName = "ptxas";

/// accc's arguments for those of ptxas. An error text says what is not known.
std::vector<std::string> arguments_of_ptxas(const std::vector<std::string>& arguments,
                                            std::string& error);

} // namespace acc::driver
