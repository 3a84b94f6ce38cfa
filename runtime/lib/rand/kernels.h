// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The library's kernels, launched in a stream. Errors are cudaGetLastError's.
#pragma once

#include "runtime/lib/rand/source.h"

namespace acc::rand {

/// The states of kStreams streams, as far on as the sequence at `place`. State: XORWOW's or
/// MRG32k3a's.
template <class State>
void launch_init_streams(State* states, unsigned long long seed, bool seeded,
                         unsigned long long place, cudaStream_t stream);
/// n elements of the sequence from `place` on.
template <class State>
void launch_streams(State* states, unsigned long long place, const Distribution& d, void* out,
                    size_t n, cudaStream_t stream);
void launch_philox(unsigned long long seed, unsigned long long place, const Distribution& d,
                   void* out, size_t n, cudaStream_t stream);
void launch_mtgp32(curandStateMtgp32_t* states, unsigned long long place, const Distribution& d,
                   void* out, size_t n, cudaStream_t stream);
/// `state`: kTwisterWords words, those of the place.
void launch_mt19937(uint32_t* state, unsigned long long place, const Distribution& d, void* out,
                    size_t n, cudaStream_t stream);
/// The points [place, place + count) of each dimension, one dimension after the other. Word:
/// uint32_t or unsigned long long.
template <class Word>
void launch_sobol(const Word* vectors, const Word* constants, unsigned int dimensions,
                  unsigned long long place, const Distribution& d, void* out, size_t count,
                  cudaStream_t stream);

} // namespace acc::rand
