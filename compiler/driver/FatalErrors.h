// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What LLVM itself treats as fatal (llvm::report_fatal_error) becomes a value.
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"

#include <string>

namespace acc::driver {

/// Runs `body`. When LLVM reports a fatal error in it, on this thread, returns false with its
/// reason. Then everything that `body` had under way is left as it is, without destructors: what it
/// touched (an LLVMContext, modules) must be neither used nor freed.
/// LLVM has one handler per process; the first call installs ours, which hands on what other
/// threads report outside of such a call.
bool survive_fatal_errors(llvm::function_ref<void()> body, std::string& reason);

} // namespace acc::driver
