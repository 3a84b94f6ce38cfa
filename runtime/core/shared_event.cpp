// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/shared_event.h"

#include <time.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "runtime/core/context.h"

namespace acc::rt {
namespace {

/// Records that may be under way at once: each has a place of its own, so that one that is done
/// late does not undo another.
constexpr uint64_t kPlaces = 64;

/// Between two looks at another process's record.
constexpr timespec kNap = {.tv_sec = 0, .tv_nsec = 50'000};
/// Looks after which it is asked whether the process lives.
constexpr unsigned kLooks = 100;

} // namespace

uint64_t process_start(uint32_t process) {
    std::ifstream file(fmt::format("/proc/{}/stat", process));
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const size_t name_end = text.rfind(')'); // the name may contain anything
    if (name_end == std::string::npos) return 0;
    std::istringstream fields(text.substr(name_end + 1));
    char state = 0;
    fields >> state;
    if (state == 'Z' || state == 'X') return 0; // has ended, and nobody has asked how
    std::string skipped;
    for (int field = 4; field < 22; ++field)
        fields >> skipped;
    uint64_t ticks = 0;
    fields >> ticks;
    return fields ? ticks : 0;
}

/// In the page. Other processes write it, too.
struct SharedEvent::State {
    struct Place {
        std::atomic<uint64_t> done; ///< the last number that was recorded here and is done
        std::atomic<uint64_t> started;
        std::atomic<uint32_t> process;
    };
    std::atomic<uint64_t> taken;   ///< the last number that somebody has
    std::atomic<uint64_t> records; ///< the last one whose work is under way
    Place places[kPlaces];
};

SharedEvent::SharedEvent(uint64_t va, uint8_t* host, std::shared_ptr<void> keep)
    : va_(va), state_(*reinterpret_cast<State*>(host)), keep_(std::move(keep)) {
    static_assert(sizeof(State) <= kBytes);
}

SharedEvent::~SharedEvent() = default;

/// For devices: of a word in the page.
uint64_t SharedEvent::address_of(const std::atomic<uint64_t>& word) const {
    return va_ + (reinterpret_cast<uint64_t>(&word) - reinterpret_cast<uint64_t>(&state_));
}

void SharedEvent::record(Stream& stream) {
    const auto process = static_cast<uint32_t>(getpid());
    static const uint64_t started = process_start(process);
    stream.mark(); // throws what must not be
    const uint64_t number = state_.taken.fetch_add(1, std::memory_order_relaxed) + 1;
    State::Place& place = state_.places[number % kPlaces];
    place.started.store(started, std::memory_order_relaxed);
    place.process.store(process, std::memory_order_relaxed);
    const uint64_t sequence = stream.submit(Work{work::Signal{address_of(place.done), number, 8}});
    // The event may be destroyed before the device writes the page.
    stream.context().keep_until(keep_, {stream.shared_queue(), sequence});
    uint64_t last = state_.records.load(std::memory_order_relaxed); // others record, too
    while (last < number &&
           !state_.records.compare_exchange_weak(last, number, std::memory_order_release)) {
    }
}

/// The last record, unless it is done.
std::optional<SharedEvent::Last> SharedEvent::pending() const {
    const uint64_t number = state_.records.load(std::memory_order_acquire);
    State::Place& place = state_.places[number % kPlaces];
    if (number == 0 || place.done.load(std::memory_order_acquire) >= number) return std::nullopt;
    return Last{number, &place.done, address_of(place.done),
                place.process.load(std::memory_order_relaxed),
                place.started.load(std::memory_order_relaxed)};
}

bool SharedEvent::complete() const {
    const auto last = pending();
    return !last || process_start(last->process) != last->started;
}

void SharedEvent::synchronize(Context& context) const {
    const auto last = pending();
    if (!last) return;
    for (unsigned looks = 0; last->done->load(std::memory_order_acquire) < last->number; ++looks) {
        if (looks % kLooks == kLooks - 1) {
            if (process_start(last->process) != last->started) return;
            context.poll();
        }
        nanosleep(&kNap, nullptr);
    }
}

void SharedEvent::wait_on(Stream& stream) const {
    stream.check_not_recording("waiting for an event of several processes");
    const auto last = pending();
    if (!last) return;
    stream.wait_for({last->va, last->number}, [&](const Point& passed) {
        stream.queue().siblings().wait_for_process(
            {last->done, last->number, last->process, last->started, keep_}, passed);
    });
}

} // namespace acc::rt
