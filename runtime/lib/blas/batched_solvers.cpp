// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Batches of small systems: LU, inverses, QR, least squares. `info` of getrs, geqrf and gels is the
// host's, as documented: -i when argument i is bad.
#include "runtime/lib/blas/kernels/factor.h"

#include "runtime/lib/blas/triangular.h"
#include "runtime/lib/common/api.h"

namespace acc::blas {
namespace {

template <class T>
cublasStatus_t getrf_batched(Context& context, int n, T* const* a, int lda, int* pivots, int* info,
                             int batch) {
    if (n < 0 || batch < 0 || !is_leading(lda, n)) return CUBLAS_STATUS_INVALID_VALUE;
    if (n == 0 || batch == 0) return CUBLAS_STATUS_SUCCESS;
    return launch_lu(context, n, a, lda, pivots, info, batch);
}

template <class T>
cublasStatus_t getri_batched(Context& context, int n, const T* const* a, int lda, const int* pivots,
                             T* const* c, int ldc, int* info, int batch) {
    if (n < 0 || batch < 0 || !is_leading(lda, n) || !is_leading(ldc, n))
        return CUBLAS_STATUS_INVALID_VALUE;
    if (n == 0 || batch == 0) return CUBLAS_STATUS_SUCCESS;
    return launch_lu_inverse(context, n, a, lda, pivots, c, ldc, info, batch);
}

/// Writes the number of the bad argument, if there is one.
cublasStatus_t checked(int* info, int bad) {
    if (info == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    *info = -bad;
    return bad == 0 ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_INVALID_VALUE;
}

template <class T>
cublasStatus_t getrs_batched(Context& context, cublasOperation_t trans, int n, int sides,
                             const T* const* a, int lda, const int* pivots, T* const* b, int ldb,
                             int* info, int batch) {
    const int bad = !is_operation(trans)  ? 1
                    : n < 0               ? 2
                    : sides < 0           ? 3
                    : !is_leading(lda, n) ? 5
                    : !is_leading(ldb, n) ? 8
                    : batch < 0           ? 10
                                          : 0;
    if (const cublasStatus_t status = checked(info, bad); status != CUBLAS_STATUS_SUCCESS)
        return status;
    if (n == 0 || sides == 0 || batch == 0) return CUBLAS_STATUS_SUCCESS;
    return launch_lu_solve(context, trans != CUBLAS_OP_N, trans == CUBLAS_OP_C, n, sides, a, lda,
                           pivots, b, ldb, batch);
}

template <class T>
cublasStatus_t matinv_batched(Context& context, int n, const T* const* a, int lda, T* const* c,
                              int ldc, int* info, int batch) {
    if (n < 0 || batch < 0 || n > kInverseOrder || !is_leading(lda, n) || !is_leading(ldc, n))
        return CUBLAS_STATUS_INVALID_VALUE;
    if (n == 0 || batch == 0) return CUBLAS_STATUS_SUCCESS;
    return launch_inverse(context, n, a, lda, c, ldc, info, batch);
}

template <class T>
cublasStatus_t geqrf_batched(Context& context, int m, int n, T* const* a, int lda, T* const* tau,
                             int* info, int batch) {
    const int bad = m < 0 ? 1 : n < 0 ? 2 : !is_leading(lda, m) ? 4 : batch < 0 ? 7 : 0;
    if (const cublasStatus_t status = checked(info, bad); status != CUBLAS_STATUS_SUCCESS)
        return status;
    if (m == 0 || n == 0 || batch == 0) return CUBLAS_STATUS_SUCCESS;
    return launch_qr<T>(context, m, n, a, lda, tau, 0, nullptr, 1, nullptr, batch);
}

template <class T>
cublasStatus_t gels_batched(Context& context, cublasOperation_t trans, int m, int n, int sides,
                            T* const* a, int lda, T* const* c, int ldc, int* info, int* device_info,
                            int batch) {
    const int bad = !is_operation(trans)  ? 1
                    : m < 0               ? 2
                    : n < 0               ? 3
                    : sides < 0           ? 4
                    : !is_leading(lda, m) ? 6
                    : !is_leading(ldc, m) ? 8
                    : batch < 0           ? 11
                                          : 0;
    if (const cublasStatus_t status = checked(info, bad); status != CUBLAS_STATUS_SUCCESS)
        return status;
    if (trans != CUBLAS_OP_N || m < n) return CUBLAS_STATUS_NOT_SUPPORTED; // as documented
    if (m == 0 || n == 0 || sides == 0 || batch == 0) return CUBLAS_STATUS_SUCCESS;
    return launch_qr<T>(context, m, n, a, lda, nullptr, sides, c, ldc, device_info, batch);
}

} // namespace
} // namespace acc::blas

using namespace acc::blas;

#include "batched_solvers_entries.inc"
