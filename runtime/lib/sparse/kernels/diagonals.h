// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Systems with few diagonals: a thread factors one, and one solves each right side.
#pragma once

#include "runtime/lib/sparse/kernels/view.h"

#include <cuda_runtime_api.h>

namespace acc::sparse {

/// Systems of m rows. Diagonal d of system s has its element i at d + s * system + i * element.
/// `below` diagonals are under the main one and as many above it: 1 or 2.
struct Diagonals {
    const void* given[5]; ///< from the lowest to the highest
    int below;
    int64_t m, systems, system, element;
    bool pivoting;
};

/// Right sides that become solutions: column c of system s is at x + s * system + c * column.
struct RightSides {
    void* x;
    int64_t columns, system, column, element;
};

/// Numbers of the type that a factorisation takes, all systems together.
int64_t factor_size(int64_t m, int64_t systems, int below);

cudaError_t launch_diagonals(cudaStream_t, Element type, const Diagonals& a, const RightSides& x,
                             void* memory);

} // namespace acc::sparse
