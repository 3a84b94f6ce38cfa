// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/stream.h"

#include <cstring>

#include "runtime/core/capture.h"
#include "runtime/core/context.h"
#include "runtime/core/host_functions.h"
#include "runtime/core/printer.h"

namespace acc::rt {
namespace {

bool prints(const Work& work) {
    const auto* launch = std::get_if<work::Launch>(&work.what);
    return launch != nullptr && launch->kernel != nullptr &&
           (launch->kernel->descriptor.flags & ACC_KD_USES_HOSTCALL) != 0;
}

bool is_host_call(const Work& work) {
    return std::holds_alternative<work::HostCall>(work.what);
}

void copy_now(const work::Copy& copy) {
    std::memmove(copy.to.host, copy.from.host, copy.bytes);
}

void copy_now(const work::CopyRect& rect) {
    for (size_t z = 0; z < rect.depth; ++z)
        for (size_t y = 0; y < rect.height; ++y)
            std::memmove(rect.to.host + (z * rect.to_slice + y) * rect.to_pitch,
                         rect.from.host + (z * rect.from_slice + y) * rect.from_pitch, rect.width);
}

} // namespace

std::vector<Point> Stream::pending_blocking_streams() const {
    std::vector<Point> others;
    context_.for_blocking_streams([&](const Stream& other) {
        if (other.queue_ != queue_ && !other.idle()) others.push_back(other.point());
    });
    return others;
}

// The list of streams is not locked while packets are put into the queue: that can mean waiting.
std::vector<Point> Stream::waits() {
    context_.check_error();
    check_implicit();
    context_.check_queue(*queue_);
    if (kind_ == StreamKind::Legacy) return pending_blocking_streams();
    if (kind_ == StreamKind::NonBlocking) return {};
    const Stream& legacy = context_.legacy_stream();
    if (legacy.queue_ == queue_ || legacy.idle()) return {};
    return {legacy.point()};
}

uint64_t Stream::submit_to_queue(std::span<const Point> waits, std::span<const Work> works,
                                 Needs needs, const UserQueue::Placed* placed) {
    try {
        if (!needs.printer && !needs.host_thread)
            return queue_->submit(waits, works, &last_, placed);
        // A kernel that prints: the buffer is not rewound under it.
        std::shared_lock<std::shared_mutex> printing;
        if (needs.printer) printing = std::shared_lock(context_.printer().submit_mutex());
        if (!needs.host_thread) return queue_->submit(waits, works, &last_, placed);
        // Each call is known to its thread before the queue waits for room behind it.
        HostFunctions& host = context_.host_functions();
        HostFunctions::Calls calls = HostFunctions::prepare(queue_, works);
        const UserQueue::Placed each = [&](size_t index, uint64_t number) {
            if (is_host_call(works[index])) host.add_first(calls, number);
            if (placed != nullptr) (*placed)(index, number);
        };
        return queue_->submit(waits, works, &last_, &each);
    } catch (const QueueHalted&) {
        context_.device_fault();
    }
}

void Stream::copy_on_host(const Work& work) {
    std::visit(
        [](const auto& copy) {
            if constexpr (requires { copy.to.foreign; })
                if (copy.to.host == nullptr || copy.from.host == nullptr)
                    fail(Status::InvalidValue, "copying memory that a graph has not allocated yet");
        },
        work.what);
    for (const Point& point : waits())
        context_.wait(*point.queue, point.sequence);
    context_.wait(*queue_, last());
    std::visit(
        [](const auto& copy) {
            if constexpr (requires { copy.to.foreign; }) copy_now(copy);
        },
        work.what);
}

uint64_t Stream::submit(std::span<const Work> works) {
    if (recording()) [[unlikely]] {
        std::lock_guard lock(graphs_mutex()); // so long is the recorder there
        if (Recorder* recorder = this->recorder()) {
            recorder->record(works);
            return last();
        }
    }
    uint64_t sequence = last();
    while (!works.empty()) {
        size_t count = 0;
        Needs needs;
        for (; count < works.size() && UserQueue::can(works[count]); ++count) {
            needs.printer |= prints(works[count]);
            needs.host_thread |= is_host_call(works[count]);
        }
        if (count != 0) sequence = submit_to_queue(waits(), works.first(count), needs);
        if (count == works.size()) break;
        copy_on_host(works[count]);
        works = works.subspan(count + 1);
    }
    return sequence;
}

uint64_t Stream::submit_burst(const Burst& burst, const UserQueue::Placed* placed) {
    if (burst.works.empty()) return last();
    return submit_to_queue(waits(), burst.works, {burst.prints, burst.host_calls}, placed);
}

void Stream::wait_for(const Point& point) {
    check_implicit();
    if (point.reached()) return;
    wait_for({point.queue->timeline().va, point.sequence},
             [&](const Point& passed) { waits_for(point, passed.sequence); });
}

void Stream::wait_for(const work::Wait& word,
                      const std::function<void(const Point& passed)>& known) {
    const Work wait{word};
    const UserQueue::Placed placed = [&](size_t, uint64_t number) { known({queue_, number}); };
    submit_to_queue({}, std::span(&wait, 1), {}, &placed);
}

void Stream::waits_for(const Point& point, uint64_t passed) {
    QueueSet& own = queue_->siblings();
    if (&point.queue->siblings() != &own) own.wait_for_other(point, {queue_, passed});
}

void Stream::check_not_recording(const char* what) const {
    if (!recording()) return;
    std::lock_guard lock(graphs_mutex()); // so long is the recorder there
    if (Recorder* recorder = this->recorder()) recorder->refuse(what);
}

/// The legacy stream waits for all blocking streams, which cannot be while one captures.
void Stream::check_implicit() const {
    if (kind_ == StreamKind::Legacy) Capture::check_implicit(context_);
}

uint64_t Stream::mark() {
    check_not_recording("event or free");
    check_implicit();
    context_.check_error();
    if (kind_ == StreamKind::NonBlocking ||
        (kind_ != StreamKind::Legacy && context_.legacy_stream().idle()))
        return last();
    return submit(Work{work::Barrier{}});
}

void Stream::synchronize() {
    check_not_recording("synchronising");
    check_implicit();
    context_.check_error();
    if (kind_ == StreamKind::Legacy)
        for (const Point& other : pending_blocking_streams())
            context_.wait(*other.queue, other.sequence);
    context_.wait(*queue_, last());
}

bool Stream::done() {
    check_not_recording("querying");
    check_implicit();
    if (!idle() || (kind_ == StreamKind::Legacy && !pending_blocking_streams().empty())) {
        context_.poll();
        return false;
    }
    context_.synchronized();
    return true;
}

} // namespace acc::rt
