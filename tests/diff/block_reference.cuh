// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a block of threads does together, said once more for the host: one thread after the other,
// from what the CUDA programming guide says of warp functions, barriers and atomics. blocks.py
// writes each step of a random kernel twice, with CUDA's functions and with these.
#pragma once
#include "prelude.cuh"

/// The state of one thread.
struct Lane {
    uint64_t x, y;
    uint32_t a;
    int32_t b;
    float f;
    double d;
};

/// Words that threads change by atomic operations; a row for each operation, because different ones
/// do not commute.
struct Counters {
    uint32_t u[10][8]; // add, min, max, and, or, xor, inc, dec, compare-and-swap, exchange
    uint32_t exchanged[8];
    int32_t i[2][8];            // min, max
    unsigned long long l[8][8]; // add, min, max, and, or, xor, compare-and-swap, exchange
    unsigned long long exchanged_long[8];
    float f[8];
    double d[8];
};

HD inline void start(Counters& c, int column) {
    for (int row = 0; row < 10; ++row)
        c.u[row][column] = 1000u * row + column;
    for (int row = 0; row < 2; ++row)
        c.i[row][column] = 5 - column;
    for (int row = 0; row < 8; ++row)
        c.l[row][column] = 0x100000001ull * row + column;
    c.exchanged[column] = 0;
    c.exchanged_long[column] = 0;
    c.f[column] = 0;
    c.d[column] = 0;
}

/// The number of the n-th set bit (counted from 0, modulo their number) of a mask that is not 0.
HD inline int nth_bit(uint32_t mask, uint32_t n) {
    n %= popc(mask);
    for (int i = 0;; ++i)
        if (mask >> i & 1 && n-- == 0) return i;
}

/// Lanes that leave the kernel early, where it has such a step.
HD inline bool leaves(int thread) {
    return thread % 5 == 3;
}

/// Where each shuffle reads (the guide's "Warp Shuffle Functions"): the lane itself where the
/// source lies outside of its part.
HD inline int source_of_index(int lane, int source, int width) {
    return (lane & ~(width - 1)) | (source & (width - 1));
}
HD inline int source_of_up(int lane, int delta, int width) {
    return (lane & (width - 1)) < delta ? lane : lane - delta;
}
HD inline int source_of_down(int lane, int delta, int width) {
    return (lane & (width - 1)) + delta >= width ? lane : lane + delta;
}
HD inline int source_of_xor(int lane, int mask, int width) {
    return (lane ^ mask) > (lane | (width - 1)) ? lane : lane ^ mask;
}

/// For each thread the lanes of its warp that are with it; 0: the thread is not here.
using Masks = std::vector<uint32_t>;

inline Masks whole_block(int threads) {
    Masks masks(threads);
    for (int t = 0; t < threads; ++t) {
        int rest = threads - t / 32 * 32;
        masks[t] = rest >= 32 ? 0xffffffffu : (1u << rest) - 1;
    }
    return masks;
}

template <class F>
void each(const Masks& masks, F step) {
    for (int t = 0; t < (int)masks.size(); ++t)
        if (masks[t]) step(t);
}

/// The threads of `masks` whose condition is as `wanted`, with each other only.
template <class F>
Masks split(const Masks& masks, F condition, bool wanted) {
    Masks result(masks.size());
    each(masks, [&](int t) {
        if ((bool)condition(t) == wanted)
            each(masks, [&](int other) {
                if (other / 32 == t / 32 && masks[t] >> other % 32 & 1 &&
                    (bool)condition(other) == wanted)
                    result[t] |= 1u << other % 32;
            });
    });
    return result;
}

inline bool anybody(const Masks& masks) {
    for (uint32_t mask : masks)
        if (mask) return true;
    return false;
}

/// Calls step(thread) for each thread of t's group.
template <class F>
void group(const Masks& masks, int t, F step) {
    for (int lane = 0; lane < 32; ++lane)
        if (masks[t] >> lane & 1) step(t / 32 * 32 + lane);
}
