// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the functions on arrays share: matrix descriptions and what analyses keep.
#pragma once

#include "runtime/lib/sparse/describe.h"

struct cusparseMatDescr {
    cusparseMatrixType_t type = CUSPARSE_MATRIX_TYPE_GENERAL;
    cusparseFillMode_t fill_mode = CUSPARSE_FILL_MODE_LOWER;
    cusparseDiagType_t diag_type = CUSPARSE_DIAG_TYPE_NON_UNIT;
    cusparseIndexBase_t base = CUSPARSE_INDEX_BASE_ZERO;
};

namespace acc::sparse {

/// Of a factorisation or a solver: where the device notes the first row without a pivot.
struct PivotInfo {
    int* position = nullptr; ///< device memory: the row, or kNone
    int base = 0;
    bool boost = false; ///< small pivots are replaced, when alpha's like say so
    const double* tolerance = nullptr;
    const void* boost_value = nullptr;

    static constexpr int kNone = 0x7fffffff;
};

template <class T>
struct TypeOf;
template <>
struct TypeOf<float> {
    static constexpr Element element = Element::F32;
};
template <>
struct TypeOf<double> {
    static constexpr Element element = Element::F64;
};
template <>
struct TypeOf<cuComplex> {
    static constexpr Element element = Element::C32;
};
template <>
struct TypeOf<cuDoubleComplex> {
    static constexpr Element element = Element::C64;
};

/// Indices of a matrix that is described so.
inline Indices indices_of(const int* data, const cusparseMatDescr* matrix) {
    return {writable(data), 4, matrix->base == CUSPARSE_INDEX_BASE_ONE ? 1 : 0};
}

/// A CSR matrix of m rows.
inline Rows csr_rows(int64_t m, int64_t n, int nnz, const cusparseMatDescr* matrix, const int* rows,
                     const int* columns, Values values) {
    Rows r = {};
    r.rows = m;
    r.columns = n;
    r.nnz = nnz;
    r.offsets = indices_of(rows, matrix);
    r.indices = indices_of(columns, matrix);
    r.values = values;
    r.block_rows = r.block_columns = r.slice = 1;
    return r;
}

} // namespace acc::sparse

struct csrilu02Info : acc::sparse::PivotInfo {};
struct csric02Info : acc::sparse::PivotInfo {};
struct bsrilu02Info : acc::sparse::PivotInfo {};
struct bsric02Info : acc::sparse::PivotInfo {};
struct bsrsv2Info : acc::sparse::PivotInfo {};
struct bsrsm2Info : acc::sparse::PivotInfo {};
struct csru2csrInfo {};
struct cusparseColorInfo {};
struct pruneInfo {};
