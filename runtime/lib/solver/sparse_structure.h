// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The structure of a sparse matrix on the host: reading it, orderings, its band.
#pragma once

#include <cstdint>
#include <vector>

namespace acc::solver {

/// Rows of a square matrix, counted from zero.
struct Structure {
    int n = 0;
    std::vector<int> offsets, columns;
};

/// False when it is none: offsets that decrease or do not end with nnz, columns beyond the matrix.
bool read_structure(int n, int nnz, const int* offsets, const int* columns, int base,
                    Structure* result);

using Order = std::vector<int>; ///< [i]: the row that becomes row i

/// Cuthill and McKee's, reversed: a narrow band.
Order narrow_order(const Structure& a);
/// The row with the fewest neighbours in the elimination graph next.
Order least_degree_order(const Structure& a);
Order inverse_of(const Order& order);

struct Band {
    int lower = 0, upper = 0; ///< diagonals
};
/// Of the matrix in the order whose inverse is given.
Band band_of(const Structure& a, const Order& inverse);

} // namespace acc::solver
