// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Diagonal blocks of triangular matrices: systems and products, in place.
#pragma once

#include "runtime/lib/blas/kernels/gemm.h"

namespace acc::blas {

inline constexpr int kTriangle = 32; ///< the largest block

/// op(A) of at most kTriangle rows, and what the right-hand sides are multiplied by.
struct Diagonal {
    Operand a;
    int64_t order = 0;
    Factor factor;
};

/// B = factor op(A)^-1 B for `others` columns of B, or, not `columns`, the same for B's rows as
/// columns.
cublasStatus_t launch_solve(cudaStream_t stream, Type type, const Diagonal& diagonal, bool columns,
                            int64_t others, int64_t batch, const Target& b);

/// C = factor op(A) B likewise. C may be B.
cublasStatus_t launch_multiply(cudaStream_t stream, Type type, const Diagonal& diagonal,
                               bool columns, int64_t others, const Operand& b, const Target& c);

} // namespace acc::blas
