// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/lib/dnn/handle.h"

#include <cstdint>

/// The state on the device: a seed and the number of the next draw.
struct cudnnDropoutStruct {
    float rate = 0;
    uint64_t* states = nullptr;
    unsigned long long seed = 0;
};
