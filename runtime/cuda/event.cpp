// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/runtime.h"

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

void create(cudaEvent_t* made, unsigned flags) {
    require(made, "event");
    check_flags(flags, cudaEventBlockingSync | cudaEventDisableTiming | cudaEventInterprocess, "event");
    if ((flags & cudaEventInterprocess) != 0)
        rt::fail(rt::Status::NotSupported, "interprocess events are not supported");
    rt::Event& event = current().core.create_event(flags, (flags & cudaEventDisableTiming) == 0);
    *made = reinterpret_cast<cudaEvent_t>(&event);
}

void record(cudaEvent_t event, cudaStream_t stream) {
    ApiContext& context = current();
    event_of(context, event).record(stream_of(context, stream));
}

/// The event of a time measurement: it must have been recorded, with timing. False: not complete yet.
bool timed(const rt::Event& event, const char* name) {
    if (!event.timing() || !event.recorded())
        rt::fail(rt::Status::InvalidHandle, "cudaEventElapsedTime: event '{}' {}", name,
                 event.timing() ? "has never been recorded" : "was created with cudaEventDisableTiming");
    return event.complete();
}

} // namespace

ACC_API cudaError_t cudaEventCreate(cudaEvent_t* event) {
    return guard(__func__, [&] { create(event, cudaEventDefault); });
}

ACC_API cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned flags) {
    return guard(__func__, [&] { create(event, flags); });
}

ACC_API cudaError_t cudaEventDestroy(cudaEvent_t event) {
    return guard(__func__, [&] {
        ApiContext& context = current();
        context.core.destroy_event(&event_of(context, event));
    });
}

ACC_API cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
    return guard(__func__, [&] { record(event, stream); });
}

ACC_API cudaError_t cudaEventRecordWithFlags(cudaEvent_t event, cudaStream_t stream, unsigned flags) {
    return guard(__func__, [&] {
        check_flags(flags, cudaEventRecordExternal, "cudaEventRecordWithFlags");
        record(event, stream);
    });
}

ACC_API cudaError_t cudaEventQuery(cudaEvent_t event) {
    return guard(__func__, [&] { return event_of(current(), event).complete() ? cudaSuccess : cudaErrorNotReady; });
}

ACC_API cudaError_t cudaEventSynchronize(cudaEvent_t event) {
    return guard(__func__, [&] {
        ApiContext& context = current();
        event_of(context, event).synchronize();
        context.pool.synchronized();
    });
}

ACC_API cudaError_t cudaEventElapsedTime(float* ms, cudaEvent_t start, cudaEvent_t end) {
    return guard(__func__, [&] {
        require(ms, "ms");
        ApiContext& context = current();
        const rt::Event& first = event_of(context, start);
        const rt::Event& last = event_of(context, end);
        const bool started = timed(first, "start"), ended = timed(last, "end"); // both are checked, whatever the first says
        if (!started || !ended)
            return cudaErrorNotReady;
        const auto nanoseconds = static_cast<int64_t>(last.timestamp() - first.timestamp());
        *ms = static_cast<float>(static_cast<double>(nanoseconds) / 1e6);
        return cudaSuccess;
    });
}
