// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sums of two CSR matrices, a row for each thread; columns of a row are sorted.
#pragma once

#include "runtime/lib/sparse/kernels/view.h"

#include <cuda_runtime_api.h>

namespace acc::sparse {

/// counts[row] = the elements of a row of the sum.
cudaError_t launch_count_merged(cudaStream_t, const Rows& a, const Rows& b, int64_t* counts);
/// c = alpha a + beta b; c's offsets are there.
cudaError_t launch_merge(cudaStream_t, const Rows& a, const Rows& b, const Rows& c, AnyScalar alpha,
                         AnyScalar beta);

} // namespace acc::sparse
