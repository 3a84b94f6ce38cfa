// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Conversions between sparse and dense, and between structures.
#pragma once

#include "runtime/lib/sparse/kernels/view.h"

#include <cuda_runtime_api.h>

namespace acc::sparse {

/// b is zeros but for a's elements; their types are the same.
cudaError_t launch_to_dense(cudaStream_t, const Rows& a, const Dense& b);
/// The nonzeros of each row of a.
cudaError_t launch_count(cudaStream_t, const Dense& a, int64_t* counts);
/// The nonzeros: row r's from starts[r] on. Null indices are left out; `sorted` gets the rows.
cudaError_t launch_fill(cudaStream_t, const Dense& a, const int64_t* starts, Indices sorted,
                        Indices indices, Values values);
/// The values of the blocks that a padded matrix has.
cudaError_t launch_fill_blocks(cudaStream_t, const Dense& a, const Rows& b);

/// out[i] = in[i], as an index of out's kind.
cudaError_t launch_store(cudaStream_t, const int64_t* in, int64_t n, Indices out);
/// out[i] = in[i].
cudaError_t launch_load(cudaStream_t, Indices in, int64_t n, int64_t* out);
/// out[i] = in[permutation[i]], of elements of `size` bytes.
cudaError_t launch_permute(cudaStream_t, const int64_t* permutation, int64_t n, const void* in,
                           void* out, size_t size);
/// The row of each element.
cudaError_t launch_row_of_each(cudaStream_t, Indices offsets, int64_t rows, Indices out);
/// The first element of each row of sorted row indices; rows + 1 of them.
cudaError_t launch_row_starts(cudaStream_t, Indices sorted, int64_t nnz, int64_t rows, Indices out);
/// 0, 1, 2, ...
cudaError_t launch_identity(cudaStream_t, int* out, int64_t n);
/// Keys high[i] * bound + low[i] and items i.
cudaError_t launch_keys(cudaStream_t, Indices high, Indices low, int64_t n, uint64_t bound,
                        uint64_t* keys, int64_t* items);
/// Back: high (unless null) and low from keys.
cudaError_t launch_unkeys(cudaStream_t, const uint64_t* keys, int64_t n, uint64_t bound,
                          Indices high, Indices low);

} // namespace acc::sparse
