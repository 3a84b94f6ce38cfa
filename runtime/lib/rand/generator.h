// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/lib/rand/source.h"

/// A generator: what was set, and the sequence once the first numbers have been asked for.
struct curandGenerator_st {
    acc::rand::Settings settings;
    std::unique_ptr<acc::rand::Source> source;
    /// On the device: behind the last numbers, whose states the next ones go on from. Recorded at
    /// once, because the stream may be gone when another one is set.
    cudaEvent_t filled = nullptr;
    ~curandGenerator_st();
};

namespace acc::rand {

/// Makes the sequence, if that has not happened since the last change.
curandStatus_t prepare(curandGenerator_st* generator);

/// The last numbers have been given to the stream; the next ones in another one come behind them.
/// A captured stream is not one that others wait for.
void note_fill(curandGenerator_st* generator);
curandStatus_t change_stream(curandGenerator_st* generator, cudaStream_t stream);

/// Runs `body`, which may throw for want of memory.
template <class Body>
curandStatus_t guarded(Body body) {
    try {
        return body();
    } catch (...) {
        return CURAND_STATUS_ALLOCATION_FAILED;
    }
}

} // namespace acc::rand
