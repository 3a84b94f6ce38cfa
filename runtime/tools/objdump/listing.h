// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

#include "compiler/object/code_object.h"
#include "runtime/tools/objdump/options.h"

namespace acc::objdump {

/// The instructions of a code object as text.
std::string listing(const object::CodeObject& code, const Options& options);

} // namespace acc::objdump
