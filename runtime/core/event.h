// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Events: points in streams, and times when timing is enabled.
//
// Each record of an event has a slot of its own for the device's time, until the event is recorded
// again or destroyed: a record that is still pending then writes into a slot that nobody reads. The
// slot serves others when that is done.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "runtime/core/memory.h"
#include "runtime/core/shared_event.h"
#include "runtime/core/stream.h"

namespace acc::rt {

class TimeSlots;

/// Room for one device time, written by packets of one queue.
class TimeSlot {
  public:
    TimeSlot(TimeSlots& slots, std::shared_ptr<UserQueue> queue, uint64_t va, uint8_t* host)
        : slots_(slots), queue_(std::move(queue)), va_(va), host_(host) {}
    ~TimeSlot(); ///< waits for nothing
    TimeSlot(const TimeSlot&) = delete;

    uint64_t va() const { return va_; }
    uint64_t nanoseconds() const { return *reinterpret_cast<const volatile uint64_t*>(host_); }
    /// The packet of that number writes the slot.
    void written_by(uint64_t sequence);

  private:
    TimeSlots& slots_;
    const std::shared_ptr<UserQueue> queue_;
    const uint64_t va_;
    uint8_t* const host_;
    std::atomic<uint64_t> last_{0}; ///< the last packet that writes it
};

/// The slots of a context.
class TimeSlots {
  public:
    explicit TimeSlots(MemoryManager& memory) : memory_(memory) {}
    ~TimeSlots();
    TimeSlots(const TimeSlots&) = delete;

    /// A slot that no pending packet writes. Throws Error(OutOfMemory).
    std::shared_ptr<TimeSlot> take(const std::shared_ptr<UserQueue>& queue);

  private:
    friend class TimeSlot;
    struct Place {
        uint64_t va = 0;
        uint8_t* host = nullptr;
    };
    void put_back(Place place, Point written);
    void reclaim();

    MemoryManager& memory_;
    std::mutex mutex_; // protects what follows; nothing waits while it holds it
    std::vector<uint64_t> blocks_;
    std::vector<Place> free_;
    std::vector<std::pair<Place, Point>> busy_; ///< free when the point is reached
};

class Capture;
struct CapturedPoint;

class Event : public std::enable_shared_from_this<Event> {
  public:
    Event(Context& context, unsigned flags, bool timing)
        : context_(context), flags_(flags), timing_(timing) {}
    Event(const Event&) = delete;
    /// Makes it one of several processes. Before anybody uses it.
    void make_shared(std::unique_ptr<SharedEvent> state) { shared_ = std::move(state); }
    const SharedEvent* shared() const { return shared_.get(); }

    /// The work now in `stream` must be done for the event to be complete.
    void record(Stream& stream);

    struct Record {
        Point point;                    ///< without a queue: never recorded
        std::shared_ptr<TimeSlot> slot; ///< with timing
    };
    /// As record() in two steps, for who submits more than the event: between them the work (a
    /// timestamp into the slot, when there is one; else a barrier) is submitted to the stream, and
    /// its number goes into the record's point.
    Record begin(Stream& stream);
    void end(Record&& record);
    /// What work of the stream has to wait for; nothing when it need not. Of another context's
    /// event the host waits for it here.
    std::optional<Point> to_wait_for(const Stream& stream) const;
    /// True when never recorded or complete. Throws on a device fault.
    bool complete() const;
    void synchronize() const;
    /// Makes `stream` wait for the event; draws it into a capture when the event was recorded
    /// there.
    void wait_on(Stream& stream) const;
    bool recorded() const;
    bool is_captured() const { return captured() != nullptr; }
    bool timing() const { return timing_; }
    unsigned flags() const { return flags_; }
    /// Device time of completion in nanoseconds; nothing when the event is not complete. Needs
    /// timing() and recorded(). Throws on a device fault.
    std::optional<uint64_t> time() const;
    Context& context() const { return context_; }

  private:
    Record current() const;
    bool complete(const Record& record) const;
    std::shared_ptr<const CapturedPoint> captured() const;
    void check_not_captured(const char* what) const;
    void record_captured(Stream& stream);

    Context& context_;
    const unsigned flags_;
    const bool timing_;
    std::unique_ptr<SharedEvent> shared_;
    mutable std::mutex mutex_; // protects record_ and captured_
    Record record_;
    std::shared_ptr<const CapturedPoint> captured_; // recorded in a capture since
};

} // namespace acc::rt
