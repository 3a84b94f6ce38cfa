// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Matrices and vectors as kernels see them: pointers with the type of what they point to. A kernel
// is a template on the type that is computed in only; storage types and formats are looked at when
// it runs.
#pragma once

#include <cstddef>
#include <cstdint>

namespace acc::sparse {

enum class Element : int {
    F32,
    F64,
    C32,
    C64,
    F16,
    BF16,
    C16,
    CBF16,
    I8,
    I32,
    None, ///< not one of these
};

/// Bytes of an element.
constexpr size_t size_of(Element type) {
    switch (type) {
    case Element::F64:
    case Element::C32: return 8;
    case Element::C64: return 16;
    case Element::F16:
    case Element::BF16: return 2;
    case Element::I8: return 1;
    default: return 4;
    }
}

struct Values {
    void* data;
    Element type;
};

struct Indices {
    void* data;
    int bytes; ///< 4 or 8
    int base;
};

/// Where a row's elements are. Batches only move pointers.
enum class Layout : int {
    Offsets, ///< CSR, or what transposing makes
    Sorted,  ///< COO: row indices in order
    Blocks,  ///< BSR
    Padded,  ///< blocked ELL
    Slices,  ///< sliced ELL
};

/// A sparse matrix by rows. Element c of a row's step k has the index place0 + k * step_place +
/// c * column_place in values, or permutation's entry there.
struct Rows {
    Layout layout;
    int64_t rows, columns;
    int64_t nnz;     ///< entries in `indices` (blocks, when there are)
    Indices offsets; ///< Offsets, Blocks, Slices
    Indices sorted;  ///< Sorted: the row of each entry
    Indices indices; ///< columns, or block columns
    Values values;
    const int64_t* permutation; ///< or null
    int64_t block_rows, block_columns;
    bool column_major;                                     ///< in a block
    int64_t steps;                                         ///< Padded: blocks of a row
    int64_t slice;                                         ///< Slices: rows of a slice
    int64_t offsets_stride, indices_stride, values_stride; ///< between matrices of a batch
};

/// A dense matrix, op() already applied.
struct Dense {
    Values values;
    int64_t rows, columns;
    int64_t row_step, column_step;
    int64_t stride; ///< between matrices of a batch
    bool conjugate;
};

/// alpha or beta of any type: its bytes, or where it is on the device.
struct alignas(16) AnyScalar {
    double value[2];
    const void* pointer;
};

} // namespace acc::sparse
