// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// op(A) by rows, whatever A's format: as it is stored, or transposed in the program's buffer.
#pragma once

#include "runtime/lib/sparse/descriptors.h"
#include "runtime/lib/sparse/kernels/structure.h"

namespace acc::sparse {

/// What is computed in, for arithmetic of this type; None when there is none.
Element compute_of(cudaDataType type);

/// Whether op(A)'s rows have to be made.
bool needs_transposing(const cusparseSpMatDescr& a, cusparseOperation_t op);

/// op(A)'s size.
int64_t rows_after(const cusparseSpMatDescr& a, cusparseOperation_t op);
int64_t columns_after(const cusparseSpMatDescr& a, cusparseOperation_t op);

/// Memory for op(A), from `pieces`.
void take_operand(Pieces& pieces, const cusparseSpMatDescr& a, cusparseOperation_t op,
                  Transposed& memory);

/// op(A) of matrix `batch`; conjugating is the kernels' affair.
cudaError_t make_operand(cudaStream_t stream, const cusparseSpMatDescr& a, cusparseOperation_t op,
                         int batch, Transposed& memory, Rows* result);

} // namespace acc::sparse
