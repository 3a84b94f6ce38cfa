// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Streams and events as both APIs do them.
#pragma once

#include "runtime/cuda/runtime.h"

namespace acc::cuda {

/// For calls that captures do not see though they may matter (capture.cpp). Throws
/// Error(StreamCaptureUnsupported) when the calling thread must not make any now.
void check_capture_safe();

/// `flags`: cudaStreamNonBlocking or 0. Throws Error(InvalidValue).
void create_stream(ApiContext& context, cudaStream_t* made, unsigned flags, int priority);
/// Throws Error(InvalidHandle), for the default streams, too.
void destroy_stream(ApiContext& context, cudaStream_t stream);

/// Makes it an event of several processes; before anybody uses it (ipc.cpp).
void make_interprocess(ApiContext& context, rt::Event& event);
/// `flags`: cudaEvent*. Throws Error(InvalidValue, NotSupported).
void create_event(ApiContext& context, cudaEvent_t* made, unsigned flags);
/// Waits for nothing. Throws Error(InvalidHandle).
void destroy_event(ApiContext& current, cudaEvent_t event);
/// `flags`: cudaEventRecordExternal or 0. Throws Error(InvalidValue, InvalidHandle).
void record_event(ApiContext& current, cudaEvent_t event, cudaStream_t stream, unsigned flags);
/// Work of the stream waits for the event. `flags`: cudaEventWaitExternal or 0.
void wait_event(ApiContext& current, cudaStream_t stream, cudaEvent_t event, unsigned flags);
/// The event, for a question that must not be asked during some captures. Throws as
/// check_capture_safe() does, Error(InvalidHandle).
rt::Event& event_to_ask(ApiContext& current, cudaEvent_t event);
/// Milliseconds from one event to the other. False when one is not complete yet. Throws
/// Error(InvalidHandle) when one has no time: never recorded, or made without timing.
bool elapsed_time(ApiContext& current, float* ms, cudaEvent_t first, cudaEvent_t last);

} // namespace acc::cuda
