// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a generator is asked for, and how a draw becomes an element of the output: the same code for
// device and host, which therefore agree (bits and uniform numbers exactly, the others to the last
// bits of log, sin, cos and exp).
#pragma once

#if !defined(QUALIFIERS)
#define QUALIFIERS static inline __host__ __device__
#endif
#include <cuda_runtime.h>
#include <curand_kernel.h>

#include <cstddef>
#include <cstdint>

namespace acc::rand {

enum class Kind {
    bits32,
    bits64, ///< of 64-bit quasirandom generators
    uniform,
    uniform_double,
    normal,
    normal_double,
    log_normal,
    log_normal_double,
    poisson,
};

struct Distribution {
    Kind kind;
    double mean = 0; ///< poisson: lambda
    double deviation = 1;
};

inline bool is_normal(Kind kind) {
    return kind == Kind::normal || kind == Kind::normal_double || kind == Kind::log_normal ||
           kind == Kind::log_normal_double;
}

/// A normal number with the distribution's mean and deviation, or the exponential of one.
QUALIFIERS void store_normal(const Distribution& d, float z, void* out, size_t i) {
    const float x = (float)d.mean + (float)d.deviation * z;
    static_cast<float*>(out)[i] = d.kind == Kind::log_normal ? expf(x) : x;
}
QUALIFIERS void store_normal(const Distribution& d, double z, void* out, size_t i) {
    const double x = d.mean + d.deviation * z;
    static_cast<double*>(out)[i] = d.kind == Kind::log_normal_double ? exp(x) : x;
}

/// Kinds with similar code: each has kernels of its own, so that the most used ones stay small.
enum class Group { plain, normal, poisson };

inline Group group_of(Kind kind) {
    return is_normal(kind) ? Group::normal : kind == Kind::poisson ? Group::poisson : Group::plain;
}

/// Element i from a state of the generators that have one for each stream.
template <Group G, class State>
QUALIFIERS void store(const Distribution& d, State* state, void* out, size_t i) {
    if constexpr (G == Group::poisson) {
        static_cast<unsigned int*>(out)[i] = curand_poisson(state, d.mean);
    } else if constexpr (G == Group::normal) {
        if (d.kind == Kind::normal || d.kind == Kind::log_normal)
            store_normal(d, curand_normal(state), out, i);
        else
            store_normal(d, curand_normal_double(state), out, i);
    } else if (d.kind == Kind::uniform) {
        static_cast<float*>(out)[i] = curand_uniform(state);
    } else if (d.kind == Kind::uniform_double) {
        static_cast<double*>(out)[i] = curand_uniform_double(state);
    } else {
        static_cast<unsigned int*>(out)[i] = curand(state);
    }
}

/// Element i from the one draw of 32 or 64 bits that each element has (MTGP32, MT19937, Sobol').
template <Group G, class Word>
QUALIFIERS void store_word(const Distribution& d, Word word, void* out, size_t i) {
    if constexpr (G == Group::poisson) {
        static_cast<unsigned int*>(out)[i] = __acc_rand_poisson_quantile(
            __acc_rand_unit_double(word), d.mean);
    } else if constexpr (G == Group::normal) {
        if (d.kind == Kind::normal || d.kind == Kind::log_normal)
            store_normal(d, __acc_rand_normal_quantile(word), out, i);
        else
            store_normal(d, __acc_rand_normal_quantile_double(word), out, i);
    } else if (d.kind == Kind::uniform) {
        static_cast<float*>(out)[i] = __acc_rand_unit(word);
    } else if (d.kind == Kind::uniform_double) {
        static_cast<double*>(out)[i] = __acc_rand_unit_double(word);
    } else if (d.kind == Kind::bits64) {
        static_cast<unsigned long long*>(out)[i] = word;
    } else {
        static_cast<unsigned int*>(out)[i] = (unsigned int)word;
    }
}

/// Words of Philox's sequence that an element takes.
QUALIFIERS unsigned int philox_words(Kind kind) {
    return kind == Kind::uniform_double || kind == Kind::normal_double ||
                   kind == Kind::log_normal_double
               ? 2
               : 1;
}

/// Four words of Philox's sequence from any place on.
QUALIFIERS uint4 philox_at(unsigned long long seed, unsigned long long place) {
    uint2 key;
    key.x = (unsigned int)seed;
    key.y = (unsigned int)(seed >> 32);
    const unsigned long long block = place >> 2;
    const uint4 a = curand_Philox4x32_10(
        __acc_rand_words((unsigned int)block, (unsigned int)(block >> 32), 0, 0), key);
    if ((place & 3) == 0) return a;
    const uint4 b = curand_Philox4x32_10(
        __acc_rand_words((unsigned int)(block + 1), (unsigned int)((block + 1) >> 32), 0, 0), key);
    switch (place & 3) {
    case 1: return __acc_rand_words(a.y, a.z, a.w, b.x);
    case 2: return __acc_rand_words(a.z, a.w, b.x, b.y);
    default: return __acc_rand_words(a.w, b.x, b.y, b.z);
    }
}

/// The elements of the four words number 4 * group and on, counted from `place` of the sequence, of
/// n elements.
template <Group G>
QUALIFIERS void store_philox(const Distribution& d, unsigned long long seed,
                             unsigned long long place, size_t group, void* out, size_t n) {
    if constexpr (G == Group::poisson) { // an element takes any number of draws: it has a
                                         // subsequence
        for (size_t i = 4 * group; i < n && i < 4 * group + 4; ++i) {
            curandStatePhilox4_32_10_t state;
            curand_init(seed, place + i + 1, 0ull, &state);
            store<G>(d, &state, out, i);
        }
        return;
    }
    const uint4 w = philox_at(seed, place + 4 * group);
    if (philox_words(d.kind) == 2) {
        double2 pair;
        if constexpr (G == Group::normal) {
            pair = __acc_rand_box_muller_double(w.x, w.y, w.z, w.w);
        } else {
            pair.x = __acc_rand_unit_double(w.x, w.y);
            pair.y = __acc_rand_unit_double(w.z, w.w);
        }
        // (A uniform number has the mean 0 and the deviation 1 here.)
        if (2 * group < n) store_normal(d, pair.x, out, 2 * group);
        if (2 * group + 1 < n) store_normal(d, pair.y, out, 2 * group + 1);
    } else if constexpr (G == Group::normal) {
        const float2 a = __acc_rand_box_muller(w.x, w.y), b = __acc_rand_box_muller(w.z, w.w);
        const float z[4] = {a.x, a.y, b.x, b.y};
        for (size_t k = 0; k < 4 && 4 * group + k < n; ++k)
            store_normal(d, z[k], out, 4 * group + k);
    } else {
        const unsigned int words[4] = {w.x, w.y, w.z, w.w};
        for (size_t k = 0; k < 4 && 4 * group + k < n; ++k)
            store_word<G>(d, words[k], out, 4 * group + k);
    }
}

/// MT19937 (M. Matsumoto and T. Nishimura, ACM TOMACS 8, 1998).
constexpr int kTwisterWords = 624, kTwisterMiddle = 397;
QUALIFIERS uint32_t twist(uint32_t first, uint32_t second, uint32_t middle) {
    const uint32_t y = (first & 0x80000000u) | (second & 0x7fffffffu);
    return middle ^ (y >> 1) ^ ((y & 1) ? 0x9908b0dfu : 0u);
}
QUALIFIERS uint32_t temper(uint32_t y) {
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
}

/// The point number i of a Sobol' sequence, whose last point (of as many as a Word has values) is
/// followed by the first.
template <class Word>
QUALIFIERS Word sobol_point(const Word* vectors, Word constant, unsigned long long i) {
    Word point = constant;
    const Word number = Word(i);
    for (Word gray = number ^ (number >> 1); gray != 0; gray >>= 1, ++vectors)
        if (gray & 1) point ^= *vectors;
    return point;
}

} // namespace acc::rand
