// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Level 1: arguments, and what needs no kernel. The functions themselves are made from the table
// (level1_entries.inc).
#include "runtime/lib/blas/kernels/level1.h"

#include "runtime/lib/blas/results.h"
#include "runtime/lib/blas/rotations.h"
#include "runtime/lib/common/api.h"

#include <cublas_api.h>

namespace acc::blas {
namespace {

/// Reductions of one vector give zero where n or the stride is not positive, as documented.
template <class X, class R>
cublasStatus_t of_one(Context& context, Reduction what, int64_t n, const X* x, int64_t incx,
                      R* result) {
    if (result == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    if (n <= 0 || incx <= 0) return give(context, result, R{});
    return with_result(context, result, [&](R* place) {
        return launch_reduction(context, what, n, x, incx, x, incx, place);
    });
}

template <class X, class R>
cublasStatus_t of_two(Context& context, Reduction what, int64_t n, const X* x, int64_t incx,
                      const X* y, int64_t incy, R* result) {
    if (result == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    if (n <= 0) return give(context, result, R{});
    return with_result(context, result, [&](R* place) {
        return launch_reduction(context, what, n, x, incx, y, incy, place);
    });
}

template <class X>
cublasStatus_t nrm2(Context& context, int64_t n, const X* x, int64_t incx, Real<X>* result) {
    return of_one(context, Reduction::Nrm2, n, x, incx, result);
}

template <class X>
cublasStatus_t asum(Context& context, int64_t n, const X* x, int64_t incx, Real<X>* result) {
    return of_one(context, Reduction::Asum, n, x, incx, result);
}

template <class X, class I>
cublasStatus_t amax(Context& context, int64_t n, const X* x, int64_t incx, I* result) {
    return of_one(context, Reduction::Amax, n, x, incx, result);
}

template <class X, class I>
cublasStatus_t amin(Context& context, int64_t n, const X* x, int64_t incx, I* result) {
    return of_one(context, Reduction::Amin, n, x, incx, result);
}

template <class X>
cublasStatus_t dotu(Context& context, int64_t n, const X* x, int64_t incx, const X* y, int64_t incy,
                    X* result) {
    return of_two(context, Reduction::DotU, n, x, incx, y, incy, result);
}

template <class X>
cublasStatus_t dotc(Context& context, int64_t n, const X* x, int64_t incx, const X* y, int64_t incy,
                    X* result) {
    return of_two(context, Reduction::DotC, n, x, incx, y, incy, result);
}

template <class X>
cublasStatus_t scal(Context& context, int64_t n, const X* alpha, X* x, int64_t incx) {
    if (alpha == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    if (n <= 0 || incx <= 0) return CUBLAS_STATUS_SUCCESS;
    return launch_scal(context, n, scalar(context, alpha), x, incx);
}

template <class X>
cublasStatus_t real_scal(Context& context, int64_t n, const Real<X>* alpha, X* x, int64_t incx) {
    if (alpha == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    if (n <= 0 || incx <= 0) return CUBLAS_STATUS_SUCCESS;
    return launch_scal(context, n, scalar(context, alpha), x, incx);
}

template <class X>
cublasStatus_t axpy(Context& context, int64_t n, const X* alpha, const X* x, int64_t incx, X* y,
                    int64_t incy) {
    if (alpha == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    if (n <= 0) return CUBLAS_STATUS_SUCCESS;
    return launch_axpy<X>(context, n, scalar(context, alpha), x, incx, y, incy);
}

template <class X>
cublasStatus_t copy(Context& context, int64_t n, const X* x, int64_t incx, X* y, int64_t incy) {
    if (n <= 0) return CUBLAS_STATUS_SUCCESS;
    return launch_copy(context, sizeof(X), n, x, incx, y, incy);
}

template <class X>
cublasStatus_t swap(Context& context, int64_t n, X* x, int64_t incx, X* y, int64_t incy) {
    if (n <= 0) return CUBLAS_STATUS_SUCCESS;
    return launch_swap(context, sizeof(X), n, x, incx, y, incy);
}

template <class X>
cublasStatus_t rot(Context& context, int64_t n, X* x, int64_t incx, X* y, int64_t incy,
                   const Real<X>* c, const X* s) {
    if (c == nullptr || s == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    if (n <= 0) return CUBLAS_STATUS_SUCCESS;
    return launch_rot(context, n, x, incx, y, incy, scalar(context, c), scalar(context, s));
}

template <class X>
cublasStatus_t real_rot(Context& context, int64_t n, X* x, int64_t incx, X* y, int64_t incy,
                        const Real<X>* c, const Real<X>* s) {
    if (c == nullptr || s == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    if (n <= 0) return CUBLAS_STATUS_SUCCESS;
    return launch_rot(context, n, x, incx, y, incy, scalar(context, c), scalar(context, s));
}

template <class X>
cublasStatus_t rotm(Context& context, int64_t n, X* x, int64_t incx, X* y, int64_t incy,
                    const X* param) {
    if (param == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    if (n <= 0) return CUBLAS_STATUS_SUCCESS;
    const bool on_device = context.pointer_mode == CUBLAS_POINTER_MODE_DEVICE;
    return launch_rotm(context, n, x, incx, y, incy, on_device ? nullptr : param,
                       on_device ? param : nullptr);
}

} // namespace
} // namespace acc::blas

using namespace acc::blas;

#include "level1_entries.inc"
