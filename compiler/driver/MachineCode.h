// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The seam to the backend (compiler/target) and the linker step (compiler/object).
#pragma once

#include "compiler/driver/Invocation.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace llvm {
class Module;
class TargetMachine;
} // namespace llvm

namespace acc::driver {

/// Registers the target on first use. Never null. From any thread.
std::unique_ptr<llvm::TargetMachine> make_target_machine(const DeviceOptions& options);

/// Code generation to a relocatable file in memory, then the linker step. On failure `error` says
/// why.
std::vector<uint8_t> generate_code_object(llvm::Module& module, llvm::TargetMachine& machine,
                                          std::string& error);

} // namespace acc::driver
