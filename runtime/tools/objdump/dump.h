// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

#include "compiler/object/bytes.h"
#include "runtime/tools/objdump/options.h"

namespace acc::objdump {

/// Text for one file of any kind the tool knows. `name` is printed; `extracted` counts the files
/// written for --extract. Throws object::Error, or std::runtime_error when extracted files cannot
/// be written.
std::string dump(const std::string& name, object::Bytes file, const Options& options,
                 unsigned& extracted);

} // namespace acc::objdump
