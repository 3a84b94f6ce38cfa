// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "runtime/tools/smi/fields.h"
#include "runtime/tools/smi/options.h"

namespace acc::smi {

/// Writes what the options ask for about these devices. False, with a line on standard error, when
/// a field does not exist.
bool write_report(const Options& options, const std::vector<nvmlDevice_t>& devices, std::FILE* to);

/// The processes that use the device, in order of their numbers.
std::vector<Process> processes_of(nvmlDevice_t device);

} // namespace acc::smi
