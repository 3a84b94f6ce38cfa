// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// C = alpha op(A) + beta op(B) for matrices of any type and layout.
#pragma once

#include "runtime/lib/blas/kernels/gemm.h"

namespace acc::blas {

/// How elements lie: by columns, by rows, or in strips of 32 columns, each by rows.
enum class Order : unsigned char { Columns, Rows, Strips };

struct Placed {
    const void* data = nullptr; ///< null: there is none
    int64_t ld = 0;             ///< Strips: from one strip to the next
    int64_t batch_stride = 0;   ///< elements
    Type type = Type::F32;
    Order order = Order::Columns;
    bool transposed = false;
};

/// Computes in float, in double (accumulator F64), or in int (I32: all types are integers).
cublasStatus_t launch_transform(cudaStream_t stream, Type accumulator, int64_t rows,
                                int64_t columns, int64_t batch, const Factor& alpha,
                                const Placed& a, const Factor& beta, const Placed& b,
                                const Placed& c);

} // namespace acc::blas
