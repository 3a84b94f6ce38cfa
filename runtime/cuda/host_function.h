// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <functional>

#include "runtime/cuda/runtime.h"

namespace acc::cuda {

/// Runs `function` on the host when the work now in `stream` is done; later work of the stream
/// waits for it.
void add_host_function(ApiContext& context, rt::Stream& stream, std::function<void()> function);

} // namespace acc::cuda
