// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/capture.h"
#include "runtime/cuda/streams.h"

namespace acc::cuda {
namespace {

/// The time of an event, which must have been recorded, with timing. Nothing: not complete yet.
std::optional<uint64_t> time_of(const rt::Event& event, const char* name) {
    if (!event.timing() || !event.recorded())
        rt::fail(rt::Status::InvalidHandle, "elapsed time: event '{}' {}", name,
                 event.timing() ? "has never been recorded" : "was created without timing");
    return event.time();
}

} // namespace

void create_event(ApiContext& context, cudaEvent_t* made, unsigned flags) {
    require(made, "event");
    check_flags(flags, cudaEventBlockingSync | cudaEventDisableTiming | cudaEventInterprocess,
                "event");
    if ((flags & cudaEventInterprocess) != 0 && (flags & cudaEventDisableTiming) == 0)
        rt::fail(rt::Status::InvalidValue,
                 "cudaEventInterprocess without cudaEventDisableTiming: such events have no time");
    rt::Event& event = context.core.create_event(flags, (flags & cudaEventDisableTiming) == 0);
    if ((flags & cudaEventInterprocess) != 0) {
        try {
            make_interprocess(context, event);
        } catch (...) {
            context.core.destroy_event(&event);
            throw;
        }
    }
    *made = HandleTable<rt::Event>::get().of<cudaEvent_t>(event, context);
}

void destroy_event(ApiContext& current, cudaEvent_t event) {
    find_event(current, event);
    const auto dying = HandleTable<rt::Event>::get().take(event);
    if (dying.object != nullptr) dying.owner->core.destroy_event(dying.object);
}

namespace {

/// False when the stream does not capture.
bool add_to_capture(const rt::Stream& stream, rt::NodeWhat what) {
    if (!stream.recording()) return false;
    std::lock_guard lock(rt::graphs_mutex()); // so long is the capture there
    rt::CaptureMember* member = rt::Capture::of(stream);
    if (member != nullptr) member->add(std::move(what));
    return member != nullptr;
}

} // namespace

void record_event(ApiContext& current, cudaEvent_t event, cudaStream_t stream, unsigned flags) {
    check_flags(flags, cudaEventRecordExternal, "recording an event");
    rt::Event& recorded = find_event(current, event);
    rt::Stream& on = find_stream(current, stream);
    const bool external = (flags & cudaEventRecordExternal) != 0 && recorded.shared() == nullptr;
    if (!external || !add_to_capture(on, rt::node::EventRecord{recorded.shared_from_this()}))
        recorded.record(on);
}

void wait_event(ApiContext& current, cudaStream_t stream, cudaEvent_t event, unsigned flags) {
    check_flags(flags, cudaEventWaitExternal, "waiting for an event");
    rt::Event& awaited = find_event(current, event);
    rt::Stream& on = find_stream(current, stream);
    const bool external = (flags & cudaEventWaitExternal) != 0 && awaited.shared() == nullptr;
    if (!external || !add_to_capture(on, rt::node::EventWait{awaited.shared_from_this()}))
        awaited.wait_on(on);
}

rt::Event& event_to_ask(ApiContext& current, cudaEvent_t event) {
    rt::Event& asked = find_event(current, event);
    if (!asked.is_captured()) check_capture_safe(); // else the event says no itself
    return asked;
}

bool elapsed_time(ApiContext& current, float* ms, cudaEvent_t first, cudaEvent_t last) {
    require(ms, "ms");
    const rt::Event &start = find_event(current, first), &end = find_event(current, last);
    if (&start.context() != &end.context())
        rt::fail(rt::Status::InvalidHandle, "elapsed time: the events are of different devices");
    // Both are checked, whatever the first says.
    const auto started = time_of(start, "start"), ended = time_of(end, "end");
    if (!started || !ended) return false;
    const auto nanoseconds = static_cast<int64_t>(*ended - *started);
    *ms = static_cast<float>(static_cast<double>(nanoseconds) / 1e6);
    return true;
}

} // namespace acc::cuda

using namespace acc::cuda;
namespace rt = acc::rt;

ACC_API cudaError_t cudaEventCreate(cudaEvent_t* event) {
    return guard(__func__, [&] { create_event(current(), event, cudaEventDefault); });
}

ACC_API cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned flags) {
    return guard(__func__, [&] { create_event(current(), event, flags); });
}

ACC_API cudaError_t cudaEventDestroy(cudaEvent_t event) {
    return guard(__func__, [&] { destroy_event(current(), event); });
}

ACC_API cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
    return guard(__func__, [&] { record_event(current(), event, stream, 0); });
}

ACC_API cudaError_t cudaEventRecordWithFlags(cudaEvent_t event, cudaStream_t stream,
                                             unsigned flags) {
    return guard(__func__, [&] { record_event(current(), event, stream, flags); });
}

ACC_API cudaError_t cudaEventQuery(cudaEvent_t event) {
    return guard(__func__, [&] {
        return event_to_ask(current(), event).complete() ? cudaSuccess : cudaErrorNotReady;
    });
}

ACC_API cudaError_t cudaEventSynchronize(cudaEvent_t event) {
    return guard(__func__, [&] { event_to_ask(current(), event).synchronize(); });
}

ACC_API cudaError_t cudaEventElapsedTime(float* ms, cudaEvent_t start, cudaEvent_t end) {
    return guard(__func__, [&] {
        return elapsed_time(current(), ms, start, end) ? cudaSuccess : cudaErrorNotReady;
    });
}
