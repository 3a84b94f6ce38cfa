// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Triangular solvers and incomplete factors. A warp takes the next row, in the order in which rows
// depend on each other, and waits until those before it are done.
#pragma once

#include "runtime/lib/sparse/kernels/view.h"

#include <cuda_runtime_api.h>

namespace acc::sparse {

struct Triangle {
    Rows rows;
    bool conjugate;
    bool forward; ///< lower; upper ones go from the last row to the first
    bool unit;
};

/// Columns that a warp solves together when there are several.
inline constexpr int64_t kColumnsOfWarp = 32;

/// ints of `state` for a system with so many rows and columns.
int64_t solver_state(int64_t rows, int64_t columns);

/// A x = alpha b; x and b may be the same.
cudaError_t launch_triangular(cudaStream_t, Element compute, const Triangle& a, const Dense& b,
                              const Dense& x, AnyScalar alpha, int* state);

/// Diagonal values of the matrix become `diagonal`'s.
cudaError_t launch_set_diagonal(cudaStream_t, const Rows& a, Values diagonal);

/// What becomes of pivots below a tolerance.
struct Boost {
    bool wanted;
    double tolerance;
    const double* tolerance_pointer; ///< or null: the tolerance on the device
    AnyScalar value;
};

/// The first row that has no element on the diagonal goes to `*position` when it is smaller.
cudaError_t launch_find_missing(cudaStream_t, const Rows& a, int* position);

/// The matrix becomes its incomplete factors L U (L's diagonal is ones), or L of L L^H (`cholesky`;
/// what is above the diagonal stays). The first row without a pivot goes to `*position`. Columns
/// of a row are sorted.
cudaError_t launch_incomplete(cudaStream_t, const Rows& a, bool cholesky, Boost boost,
                              int* position, int* state);

} // namespace acc::sparse
