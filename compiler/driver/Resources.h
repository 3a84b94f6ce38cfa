// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace acc::driver {

/// What every kernel of a code object needs, in the form that people know from `-Xptxas -v`.
std::string resource_text(const std::vector<uint8_t>& code_object);

} // namespace acc::driver
