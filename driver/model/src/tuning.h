// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The scheduler's constants. Times in nanoseconds. How they were chosen: docs/model.md, "Latency".
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace acc::model {

/// Warp-instructions a block runs before it yields, and before a lent thread looks up from another
/// queue's work.
inline constexpr uint64_t kSliceBudget = 16384;
inline constexpr uint64_t kForeignBudget = 4096;
/// The first slice of a small dispatch: after it, other compute units are asked to help.
inline constexpr uint64_t kFirstBudget = 512;

/// Time spent on queues of this priority counts a quarter for their client, too.
inline constexpr uint32_t kUrgentPriority = 3;

/// A compute unit stays with a dispatch for this long before it asks who is next.
inline constexpr uint64_t kTurn = 1'000'000;
/// While fresh blocks keep finishing quickly, blocks that have yielded get a slice this often.
inline constexpr uint64_t kResidentDue = 200'000;
/// A chunk of blocks taken from a grid should take about this long.
inline constexpr uint64_t kChunkTime = 20'000;
inline constexpr uint32_t kMaxChunk = 256;
/// Blocks that end at once, between two looks at the clock.
inline constexpr uint64_t kMostAhead = 16;

/// A dispatch with at least this many blocks or threads is given to all compute units at once; a
/// smaller one is first the business of the thread that started it, for kPrivateTime: waking a
/// thread costs more than an empty kernel.
inline constexpr uint64_t kLargeBlocks = 64, kLargeThreads = 16384;
inline constexpr uint64_t kPrivateTime = 4'000;

/// A worker that spins leaves a doorbell to the host thread that rang it for this long: most likely
/// it waits next.
inline constexpr uint64_t kDoorbellGrace = 2'000;
/// Least time a worker spins after work (ChipConfig::spin_microseconds is the most).
inline constexpr uint64_t kSpinMin = 4'000;
/// One idle worker naps instead of sleeping for good while doorbells ring, so that ringing needs no
/// system call.
inline constexpr uint64_t kNapMin = 60'000, kNapMax = 1'000'000;
inline constexpr uint64_t kNapWatch = 5'000'000; ///< after the last doorbell

/// Blocks that all wait are asked again after kStallMin, then less and less often.
inline constexpr uint64_t kStallMin = 500, kStallMax = 50'000;
/// A parked host thread looks at its word this often even if nobody wakes it: a kernel may have
/// written it.
inline constexpr uint64_t kWaitPollMin = 200'000, kWaitPollMax = 4'000'000;

/// The watchdog's idea of when a block ended last is this coarse, so that short blocks need not
/// write it each time.
inline constexpr uint64_t kEndedGrain = 100'000;

/// Bytes that a copy moves before its thread looks at other queues.
inline constexpr uint64_t kCopyStep = 4 << 20;

/// How long a call waits for a queue to stop: what is left of kMaxCallNs is for whatever else it
/// does.
inline constexpr uint64_t kStopTime = 60'000'000;

/// Packets that the command processor executes for one queue before it looks at others.
inline constexpr unsigned kPacketsPerRun = 1024;

/// Separate pieces of memory in one address space, and in the plan of one invalidate: a bound for
/// tables that point at themselves.
inline constexpr size_t kMaxPieces = 1 << 20;

/// Pieces that one invalidate maps, at most, when there is another way to reach them: each costs
/// the host one or two microseconds, and the call must return soon (kMaxCallNs). A quarter of it
/// for pieces of less than 16 pages. The rest follows when the range is invalidated again.
inline constexpr size_t kMaxMapsPerInvalidate = 16384;

/// Packets of one queue in flight together.
inline constexpr uint32_t kMaxInFlight = 64;

/// Grids that device code has launched: so many of one depth of one queue have blocks at a time,
/// and so many depths are told apart (deeper ones count as the last).
inline constexpr unsigned kMostLaunched = 32, kLaunchLevels = 32;

/// Block objects that a compute unit keeps for its next launch: their registers and stacks are
/// memory of the host, which takes microseconds to get.
inline constexpr size_t kSpareBlocks = 64;
/// So long, in nanoseconds, after the last one has ended; then one.
inline constexpr uint64_t kKeepBlocks = 20'000'000;

/// Monotonic host time.
inline uint64_t now_ns() {
    return static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}

/// Processor time of the calling thread. A system call.
inline uint64_t thread_ns() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<uint64_t>(t.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(t.tv_nsec);
}

inline void cpu_relax() {
#if defined(__x86_64__)
    _mm_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

} // namespace acc::model
