// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/lib/rand/source.h"

/// A generator: what was set, and the sequence once the first numbers have been asked for.
struct curandGenerator_st {
    acc::rand::Settings settings;
    std::unique_ptr<acc::rand::Source> source;
};

namespace acc::rand {

/// Makes the sequence, if that has not happened since the last change.
curandStatus_t prepare(curandGenerator_st* generator);

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
