// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace acc::driver {

/// Registers that did not fit: bytes that the code stores to the stack and loads from there.
struct Spills {
    uint64_t stores = 0, loads = 0;
};

/// What every kernel of a code object needs, in the form that scripts know from `-Xptxas -v`.
/// `spills` by the kernels' names; those without are not in it.
std::string resource_text(const std::vector<uint8_t>& code_object,
                          const std::map<std::string, Spills>& spills);

} // namespace acc::driver
