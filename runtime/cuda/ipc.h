// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Handles of memory and events for other processes, as both APIs have them.
#pragma once

#include <cstddef>
#include <span>

#include "runtime/cuda/runtime.h"

namespace acc::cuda {

using IpcHandle = std::span<std::byte, 64>;
using ConstIpcHandle = std::span<const std::byte, 64>;

void write_memory_handle(ApiContext& context, IpcHandle handle, const void* pointer);
void* open_memory_handle(ApiContext& context, ConstIpcHandle handle, unsigned flags);
void close_memory_handle(ApiContext& context, void* pointer);
void write_event_handle(ApiContext& context, IpcHandle handle, cudaEvent_t event);
cudaEvent_t open_event_handle(ApiContext& context, ConstIpcHandle handle);

} // namespace acc::cuda
