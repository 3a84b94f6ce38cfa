// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Products of sparse matrices: all products of elements are listed, sorted by where they belong,
// and those of one place are summed in the order of A's columns.
#pragma once

#include "runtime/lib/sparse/kernels/structure.h"

#include <cuda_runtime_api.h>

namespace acc::sparse {

/// counts[row] = the products in C's row.
cudaError_t launch_count_products(cudaStream_t, const Rows& a, const Rows& b, int64_t* counts);
/// Each product's place in C as a key, itself as the item, and its factors' places.
cudaError_t launch_list_products(cudaStream_t, const Rows& a, const Rows& b, const int64_t* starts,
                                 Sortable& products, int64_t* a_places, int64_t* b_places);
/// firsts[i] = 1 when key i differs from the one before, else 0.
cudaError_t launch_firsts(cudaStream_t, const uint64_t* keys, int64_t n, int64_t* firsts);
/// From the sums of firsts: the first product of each element of C and its key.
cudaError_t launch_compact(cudaStream_t, const uint64_t* keys, int64_t n, const int64_t* sums,
                           int64_t* first_products, uint64_t* elements);
/// C's row offsets and columns.
cudaError_t launch_structure(cudaStream_t, const uint64_t* elements, int64_t n, int64_t rows,
                             int64_t columns, Indices offsets, Indices indices);
/// C's values: alpha times the sums, and beta C.
cudaError_t launch_values(cudaStream_t, Element compute, const Rows& a, const Rows& b, Values c,
                          int64_t n, const int64_t* first_products, const int64_t* items,
                          const int64_t* a_places, const int64_t* b_places, AnyScalar alpha,
                          AnyScalar beta);

} // namespace acc::sparse
