// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <functional>

#include "runtime/cuda/runtime.h"

namespace acc::cuda {

/// Runs `function(data)` on the host when the work now in `stream` is done; later work of the
/// stream waits for it. Not after a device fault.
void add_host_function(rt::Stream& stream, void (*function)(void*), void* data);
/// Calls a function of the program's that must not call the API.
void call_without_api(void (*function)(void*), void* data);
/// The same for a stream callback, which is called after a device fault, too: it is told the error.
void add_callback(rt::Stream& stream, std::function<void()> function);

} // namespace acc::cuda
