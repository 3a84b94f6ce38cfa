// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches of products with sparse matrices. `compute` is F32, F64, C32, C64 or I32; the types of
// operands are such that it holds them.
#pragma once

#include "runtime/lib/sparse/kernels/view.h"

#include <cuda_runtime_api.h>

namespace acc::sparse {

/// y = alpha A x + beta y; conjugate: A's values.
cudaError_t launch_spmv(cudaStream_t, Element compute, const Rows& a, bool conjugate, Values x,
                        Values y, AnyScalar alpha, AnyScalar beta);
/// C = alpha A B + beta C, `batches` times.
cudaError_t launch_spmm(cudaStream_t, Element compute, const Rows& a, bool conjugate,
                        const Dense& b, const Dense& c, AnyScalar alpha, AnyScalar beta,
                        int batches);
/// C = alpha (A B) at C's places + beta C, `batches` times.
cudaError_t launch_sddmm(cudaStream_t, Element compute, const Dense& a, const Dense& b,
                         const Rows& c, AnyScalar alpha, AnyScalar beta, int batches);

/// y = alpha x + beta y, all of y.
cudaError_t launch_axpby(cudaStream_t, Element compute, Indices indices, Values x, int64_t nnz,
                         Values y, int64_t size, AnyScalar alpha, AnyScalar beta);
cudaError_t launch_rot(cudaStream_t, Element compute, Indices indices, Values x, int64_t nnz,
                       Values y, AnyScalar c, AnyScalar s);
/// The sum, as a `compute` at `result`.
cudaError_t launch_spvv(cudaStream_t, Element compute, Indices indices, Values x, int64_t nnz,
                        bool conjugate, Values y, void* result);
/// x = y at the indices (gather), or y at the indices = x.
cudaError_t launch_gather(cudaStream_t, bool scatter, Indices indices, Values x, int64_t nnz,
                          Values y);

} // namespace acc::sparse
