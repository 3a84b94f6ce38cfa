// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The architectures that sources may ask for. acc has one instruction set; the number sets
// __CUDA_ARCH__, and what the runtime says that the code was compiled for.
#pragma once

#include "compiler/driver/Invocation.h"

#include <acc/spec/acc_code_object.h>

#include <string>

namespace acc::driver {

constexpr unsigned kDefaultArch = ACC_COMPUTE_CAPABILITY; ///< what -arch=native and no -arch mean
constexpr unsigned kOldestArch = 50;   ///< older requests count as this one, the oldest of CUDA 12
constexpr unsigned kNewestKnown = 121; ///< of nvcc's; clang has no newer one either

/// "sm_80", "compute_90a", "lto_75" -> 80, 90, 75; 0 when the text is no architecture.
unsigned arch_number(const std::string& name);

// Actions of -arch, -code and -gencode; each returns an error text or nothing.
std::string parse_arch_option(Invocation&, const std::string& value);
std::string parse_code_option(Invocation&, const std::string& value);
std::string parse_gencode_option(Invocation&, const std::string& value);

/// One line per architecture, each with the prefix.
std::string list_archs(const std::string& prefix);

} // namespace acc::driver
