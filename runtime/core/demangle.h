// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

namespace acc::rt {

/// A function's name as the source has it; for messages. Names that are not mangled stay as they
/// are.
std::string demangled(const std::string& name);

} // namespace acc::rt
