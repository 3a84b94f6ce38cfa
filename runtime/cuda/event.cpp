// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/streams.h"

namespace acc::cuda {
namespace {

/// The event of a time measurement: it must have been recorded, with timing. False: not complete
/// yet.
bool timed(const rt::Event& event, const char* name) {
    if (!event.timing() || !event.recorded())
        rt::fail(rt::Status::InvalidHandle, "elapsed time: event '{}' {}", name,
                 event.timing() ? "has never been recorded" : "was created without timing");
    return event.complete();
}

} // namespace

void create_event(ApiContext& context, cudaEvent_t* made, unsigned flags) {
    require(made, "event");
    check_flags(flags, cudaEventBlockingSync | cudaEventDisableTiming | cudaEventInterprocess,
                "event");
    if ((flags & cudaEventInterprocess) != 0)
        rt::fail(rt::Status::NotSupported, "interprocess events are not supported");
    rt::Event& event = context.core.create_event(flags, (flags & cudaEventDisableTiming) == 0);
    *made = HandleTable<rt::Event>::get().of<cudaEvent_t>(event, context);
}

void destroy_event(ApiContext& context, cudaEvent_t event) {
    event_of(context, event);
    const auto dying = HandleTable<rt::Event>::get().take(event);
    if (dying.object != nullptr) dying.owner->core.destroy_event(dying.object);
}

bool elapsed_time(float* ms, const rt::Event& start, const rt::Event& end) {
    if (&start.context() != &end.context())
        rt::fail(rt::Status::InvalidHandle, "elapsed time: the events are of different devices");
    const bool started = timed(start, "start"), ended = timed(end, "end"); // both are checked,
                                                                           // whatever the first
                                                                           // says
    if (!started || !ended) return false;
    const auto nanoseconds = static_cast<int64_t>(end.timestamp() - start.timestamp());
    *ms = static_cast<float>(static_cast<double>(nanoseconds) / 1e6);
    return true;
}

} // namespace acc::cuda

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

void record(cudaEvent_t event, cudaStream_t stream) {
    ApiContext& context = current();
    event_of(home_of(context, event), event).record(stream_of(home_of(context, stream), stream));
}

} // namespace

ACC_API cudaError_t cudaEventCreate(cudaEvent_t* event) {
    return guard(__func__, [&] { create_event(current(), event, cudaEventDefault); });
}

ACC_API cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned flags) {
    return guard(__func__, [&] { create_event(current(), event, flags); });
}

ACC_API cudaError_t cudaEventDestroy(cudaEvent_t event) {
    return guard(__func__, [&] { destroy_event(home_of(current(), event), event); });
}

ACC_API cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
    return guard(__func__, [&] { record(event, stream); });
}

ACC_API cudaError_t cudaEventRecordWithFlags(cudaEvent_t event, cudaStream_t stream,
                                             unsigned flags) {
    return guard(__func__, [&] {
        check_flags(flags, cudaEventRecordExternal, "cudaEventRecordWithFlags");
        record(event, stream);
    });
}

ACC_API cudaError_t cudaEventQuery(cudaEvent_t event) {
    return guard(__func__, [&] {
        return event_of(home_of(current(), event), event).complete() ? cudaSuccess
                                                                     : cudaErrorNotReady;
    });
}

ACC_API cudaError_t cudaEventSynchronize(cudaEvent_t event) {
    return guard(__func__, [&] {
        ApiContext& context = home_of(current(), event);
        event_of(context, event).synchronize();
        context.pool.synchronized();
    });
}

ACC_API cudaError_t cudaEventElapsedTime(float* ms, cudaEvent_t start, cudaEvent_t end) {
    return guard(__func__, [&] {
        require(ms, "ms");
        ApiContext& context = current();
        return elapsed_time(ms, event_of(home_of(context, start), start),
                            event_of(home_of(context, end), end))
                   ? cudaSuccess
                   : cudaErrorNotReady;
    });
}
