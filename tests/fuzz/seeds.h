// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace acc::fuzz {

/// Valid inputs of a target: made by the writers, and the files of tests/fuzz/corpus/<target>/.
std::vector<std::vector<uint8_t>> seeds(const std::string& target);

} // namespace acc::fuzz
