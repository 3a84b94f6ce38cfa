// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a block of threads does together, said once more for the host: one thread after the other,
// from what the CUDA programming guide says of warp functions, barriers and atomics. blocks.py
// writes each step of a random kernel twice, with CUDA's functions and with these.
#pragma once
#include "prelude.cuh"
#ifndef __CUDACC__
#include "harness.h"
#include <algorithm>
#endif

/// The state of one thread.
struct Lane {
    uint64_t x, y;
    uint32_t a;
    int32_t b;
    float f;
    double d;
    __half2 h;
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

#ifndef __CUDACC__
/// A value of each thread of a block: plain memory, because a program has thousands of copies.
constexpr int kMostThreads = 160;
template <class T>
struct PerThread {
    T& operator[](int t) { return of[t]; }
    const T& operator[](int t) const { return of[t]; }
    T of[kMostThreads];
};

/// For each thread the lanes of its warp that are with it; 0: the thread is not here.
using Masks = PerThread<uint32_t>;

inline Masks whole_block(int threads) {
    Masks masks = {};
    for (int t = 0; t < threads; ++t) {
        int rest = threads - t / 32 * 32;
        masks[t] = rest >= 32 ? 0xffffffffu : (1u << rest) - 1;
    }
    return masks;
}

/// For each thread that is here, in order.
#define EACH(t, masks)                                                                             \
    for (int t = 0; t < kMostThreads; ++t)                                                         \
        if (masks[t])

/// For each thread of t's group.
#define GROUP(o, masks, t)                                                                         \
    for (int o = t / 32 * 32; o < t / 32 * 32 + 32; ++o)                                           \
        if (masks[t] >> o % 32 & 1)

/// The threads of `masks` whose condition is as `wanted`, with each other only.
NOINLINE inline Masks split(const Masks& masks, const PerThread<bool>& condition, bool wanted) {
    Masks result = {};
    EACH(t, masks) {
        if (condition[t] != wanted) continue;
        GROUP(other, masks, t) {
            if (condition[other] == wanted) result[t] |= 1u << other % 32;
        }
    }
    return result;
}

NOINLINE inline bool anybody(const Masks& masks) {
    EACH(t, masks) return true;
    return false;
}

inline bool same(const Lane& a, const Lane& b) {
    return a.x == b.x && a.y == b.y && a.a == b.a && a.b == b.b && bits(a.f) == bits(b.f) &&
           bits(a.d) == bits(b.d) && bits(a.h.x) == bits(b.h.x) && bits(a.h.y) == bits(b.h.y);
}

/// Of exchanged words only the sums are the same in any order.
inline Counters settled(Counters c) {
    for (int i = 0; i < 8; ++i) {
        c.exchanged[i] += c.u[9][i];
        c.exchanged_long[i] += c.l[7][i];
        c.u[9][i] = 0;
        c.l[7][i] = 0;
    }
    return c;
}

inline bool differs(const char* kernel, const char* file, int block, int threads,
                    const PerThread<Lane>& want, const Lane* got, const Counters& counters,
                    const Counters& got_counters) {
    for (int t = 0; t < threads; ++t) {
        const Lane &w = want[t], &o = got[t];
        if (same(w, o)) continue;
        printf("%s of %s block %d thread %d: host %llx %llx %x %x %g %g %g, device %llx %llx %x %x "
               "%g %g %g\n",
               kernel, file, block, t, (unsigned long long)w.x, (unsigned long long)w.y, w.a, w.b,
               w.f, w.d, __half2float(w.h.x), (unsigned long long)o.x, (unsigned long long)o.y, o.a,
               o.b, o.f, o.d, __half2float(o.h.x));
        return true;
    }
    Counters a = settled(counters), b = settled(got_counters);
    if (!memcmp(&a, &b, sizeof a)) return false;
    printf("%s of %s block %d: counters differ\n", kernel, file, block);
    return true;
}

/// Three blocks of the kernel in every build.
template <class R>
int compare(const char* kernel, R reference, int threads) {
    const int blocks = 3, n = blocks * threads;
    uint64_t r = 88172645463325252ull;
    std::vector<Lane> in(n);
    for (Lane& l : in) {
        l = Lane{};
        l.x = next(r);
        l.y = next(r) >> 40;
        l.a = (uint32_t)next(r) >> (r >> 40 & 31);
        l.b = (int32_t)next(r);
        l.f = (float)(int16_t)next(r);
        l.d = (double)(int32_t)next(r);
        l.h = make___half2(__float2half_rn((float)(next(r) & 1023)), __float2half_rn(0.25f));
    }
    std::vector<Counters> counters(blocks);
    memset(counters.data(), 0, blocks * sizeof(Counters)); // padding is compared, too
    for (Counters& c : counters)
        for (int i = 0; i < 8; ++i)
            start(c, i);
    const std::vector<Counters> before = counters;
    std::vector<PerThread<Lane>> want(blocks);
    for (int b = 0; b < blocks; ++b) {
        std::copy_n(&in[b * threads], threads, want[b].of);
        reference(want[b], counters[b]);
    }
    int bad = 0;
    for (const Build& build : builds) {
        Buffer<Lane> from(in), to(n);
        Buffer<Counters> words(before);
        must(launch(kernel_of(build, kernel), blocks, threads, from.at, to.at, words.at), kernel);
        std::vector<Lane> got = to.read();
        std::vector<Counters> got_counters = words.read();
        for (int b = 0; b < blocks; ++b)
            if (differs(kernel, build.file, b, threads, want[b], &got[b * threads], counters[b],
                        got_counters[b])) {
                ++bad;
                break;
            }
    }
    return bad;
}
#endif
