// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What host and kernels of a rank share, all of it in pinned memory that every device of the
// process reaches at one address. No counter comes from the host: a graph may launch a program
// any number of times.
#pragma once

#include <cstdint>

namespace acc::ccl {

inline constexpr unsigned kThreads = 512;
inline constexpr int kMostRanks = 512;
inline constexpr uint32_t kSlots = 4;

/// One direction between two ranks: chunks in a ring of slots. The sender writes slot
/// tail % kSlots, then tail; the receiver reads slot head % kSlots, then writes head.
struct Ring {
    uint64_t* tail;
    uint64_t* head;
    uint32_t* dead;  ///< not 0: the other side is gone; what is in the ring still counts
    uint32_t* sizes; ///< bytes in each slot
    char* slots;
};

/// How a rank reaches the others.
struct Fabric {
    uint32_t ranks, rank;
    uint32_t slot_bytes;
    uint32_t* stop; ///< the reason (ncclResult_t) for which kernels end at once
    Ring* in;       ///< from each rank
    Ring* out;      ///< to each rank
};

/// The factor of ncclRedOpCreatePreMulSum: behind a pointer, or here.
struct Scalar {
    bool used = false;
    const void* memory = nullptr;
    uint64_t bits = 0;
};

struct Segment {
    char* memory;
    uint64_t bytes;
};

/// Pieces of memory that go to and come from the ranks, each queue in order, all queues at once.
/// A step that reduces takes what comes from the others as operands, in the order of ranks.
struct Step {
    const uint32_t* first;   ///< queue q is segments [first[q], first[q + 1]); ranks send queues,
                             ///< then as many that receive
    const Segment* segments; ///< of all queues
    bool scaled;             ///< what is sent, and the own operand, are multiplied
    bool reduces;
    int op;
    const char* operand; ///< the own one
    char* result;
    uint64_t bytes;
};

struct Program {
    uint32_t busy; ///< 1 from the launch until the kernel's end
    bool kept;     ///< a graph has it: it is never free again
    uint32_t steps;
    Scalar scalar;
    Step step[2];
    uint64_t capacity; ///< bytes of this allocation
};

} // namespace acc::ccl
