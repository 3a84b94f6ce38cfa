// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Streams and events as both APIs do them.
#pragma once

#include "runtime/cuda/runtime.h"

namespace acc::cuda {

/// `flags`: cudaStreamNonBlocking or 0. Throws Error(InvalidValue).
void create_stream(ApiContext& context, cudaStream_t* made, unsigned flags, int priority);
/// Throws Error(InvalidHandle), for the default streams, too.
void destroy_stream(ApiContext& context, cudaStream_t stream);
/// True when all work of the stream (for the legacy stream: of all blocking streams, too) is done.
/// Throws on a fault.
bool stream_done(ApiContext& context, rt::Stream& stream);

/// `flags`: cudaEvent*. Throws Error(InvalidValue, NotSupported).
void create_event(ApiContext& context, cudaEvent_t* made, unsigned flags);
/// Throws Error(InvalidHandle).
void destroy_event(ApiContext& context, cudaEvent_t event);
/// Milliseconds from one event to the other. False when one is not complete yet. Throws
/// Error(InvalidHandle) when one has no time: never recorded, or made without timing.
bool elapsed_time(float* ms, const rt::Event& start, const rt::Event& end);

} // namespace acc::cuda
