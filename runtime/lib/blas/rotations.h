// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Making rotations: a handful of scalars, on the host or by one thread on the device, as the
// pointer mode says.
#pragma once

#include "runtime/lib/blas/handle.h"
#include "runtime/lib/blas/kernels/number.cuh"

namespace acc::blas {

template <class X>
cublasStatus_t rotg(Context&, X* a, X* b, Real<X>* c, X* s);
template <class X>
cublasStatus_t rotmg(Context&, X* d1, X* d2, X* x1, const X* y1, X* param);

} // namespace acc::blas
