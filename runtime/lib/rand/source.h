// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/lib/rand/distribution.h"

#include <memory>

namespace acc::rand {

/// What the setters of a generator say.
struct Settings {
    curandRngType_t type;
    bool on_host;
    unsigned long long seed = 0;
    unsigned long long offset = 0;
    curandOrdering_t ordering;
    unsigned int dimensions = 1;
    cudaStream_t stream = nullptr;
};

/// Streams of the generators that have several: element n of the sequence is number n / kStreams of
/// stream n mod kStreams.
constexpr unsigned int kStreams = 4096;
/// MTGP32's parameter sets in use: elements 256 n to 256 n + 255 of the sequence are of set n mod
/// kSets.
constexpr unsigned int kSets = 64, kSetChunk = 256;

/// The place in the sequence that stream number s has come to when `place` elements have been taken
/// of all.
inline unsigned long long stream_place(unsigned long long place, unsigned int s) {
    return place / kStreams + (s < place % kStreams ? 1 : 0);
}

inline bool is_quasi(curandRngType_t type) {
    return type >= CURAND_RNG_QUASI_DEFAULT;
}
inline bool is_scrambled(curandRngType_t type) {
    return type == CURAND_RNG_QUASI_SCRAMBLED_SOBOL32 || type == CURAND_RNG_QUASI_SCRAMBLED_SOBOL64;
}
inline bool is_64_bits(curandRngType_t type) {
    return type == CURAND_RNG_QUASI_SOBOL64 || type == CURAND_RNG_QUASI_SCRAMBLED_SOBOL64;
}

/// A sequence and the place in it that the next elements come from.
class Source {
  public:
    virtual ~Source() = default;
    /// The next n elements to `out`: on the device in the stream, on the host at once.
    virtual curandStatus_t fill(const Distribution& d, void* out, size_t n,
                                cudaStream_t stream) = 0;
};

/// nullptr, and the status, when there is no memory or no device.
std::unique_ptr<Source> make_device_source(const Settings& settings, curandStatus_t* status);
std::unique_ptr<Source> make_host_source(const Settings& settings, curandStatus_t* status);

/// The state of a stream for the ordering CURAND_ORDERING_PSEUDO_SEEDED, or a subsequence for the
/// others.
template <class State>
QUALIFIERS void init_stream(State* state, unsigned long long seed, bool seeded, unsigned int stream,
                            unsigned long long place) {
    if (seeded)
        curand_init(seed + stream * 0x9e3779b97f4a7c15ull, 0ull, place, state);
    else
        curand_init(seed, (unsigned long long)stream, place, state);
}

/// The state of MT19937 before its first twist: by the reference's init_genrand for seeds of 32
/// bits, by init_by_array with the seed's two halves for larger ones.
void seed_twister(unsigned long long seed, uint32_t state[kTwisterWords]);

} // namespace acc::rand
