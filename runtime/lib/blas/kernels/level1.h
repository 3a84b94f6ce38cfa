// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches of the vector kernels. X is the storage type, Compute<X> what is computed with; n > 0,
// strides as documented.
#pragma once

#include "runtime/lib/blas/handle.h"
#include "runtime/lib/blas/kernels/number.cuh"

namespace acc::blas {

/// A sum or a choice over a vector.
enum class Reduction { DotU, DotC, Asum, Nrm2, Amax, Amin };

template <class X>
cublasStatus_t launch_axpy(Context&, int64_t n, Scalar<Compute<X>> alpha, const X* x, int64_t incx,
                           X* y, int64_t incy);
template <class X, class S>
cublasStatus_t launch_scal(Context&, int64_t n, Scalar<S> alpha, X* x, int64_t incx);
/// Elements of 2, 4, 8 or 16 bytes.
cublasStatus_t launch_copy(Context&, size_t size, int64_t n, const void* x, int64_t incx, void* y,
                           int64_t incy);
cublasStatus_t launch_swap(Context&, size_t size, int64_t n, void* x, int64_t incx, void* y,
                           int64_t incy);
/// (x, y) becomes (c x + s y, c y - conj(s) x).
template <class X, class S>
cublasStatus_t launch_rot(Context&, int64_t n, X* x, int64_t incx, X* y, int64_t incy,
                          Scalar<Real<X>> c, Scalar<S> s);
template <class X>
cublasStatus_t launch_rotm(Context&, int64_t n, X* x, int64_t incx, X* y, int64_t incy,
                           const X* host_param, const X* device_param);

/// The result, a Compute<X>, a Real<X> or an I, goes to `*result` on the device (or memory of the
/// host that it reaches).
template <class X, class R>
cublasStatus_t launch_reduction(Context&, Reduction what, int64_t n, const X* x, int64_t incx,
                                const X* y, int64_t incy, R* result);

} // namespace acc::blas
