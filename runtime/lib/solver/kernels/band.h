// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Factors of band matrices on the device; a block works on one matrix. The host's are in
// sparse_band.h.
#pragma once

#include "runtime/lib/common/number.cuh"
#include "runtime/lib/solver/kernels/scale.h"

#include <cuda_runtime_api.h>

#include <cmath>
#include <cstdint>

namespace acc::solver {

/// A band by columns, with room for what QR adds above it. Hermitian ones have the lower half.
struct BandShape {
    int64_t n, lower, upper;
    bool hermitian;

    __host__ __device__ int64_t ld() const { return hermitian ? lower + 1 : 2 * lower + upper + 1; }
    __host__ __device__ int64_t size() const { return n * ld(); }
    __host__ __device__ int64_t place(int64_t i, int64_t j) const {
        return i - j + (hermitian ? 0 : lower + upper) + j * ld();
    }
};

/// The reflector that takes (alpha, x) to (beta, 0), where |x|² is `rest`: 1 - tau v v^H with v =
/// (1, scale x), applied as its conjugate transpose. alpha and x are near one: the callers scale
/// them by their largest (scale_for), and beta back.
template <class T>
__host__ __device__ inline void reflector_of(T alpha, lib::Real<T> rest, T* tau, T* scale,
                                             T* beta) {
    using R = lib::Real<T>;
    *tau = *scale = T(0);
    *beta = alpha;
    if (rest == 0 && lib::imag(alpha) == 0) return;
    const R size = sqrt(lib::square(alpha) + rest);
    const R b = lib::real(alpha) >= 0 ? -size : size;
    *beta = T(b);
    *tau = (R(1) / b) * (T(b) - alpha);
    *scale = T(1) / (alpha - T(b));
}

/// Values of a CSR matrix into a zeroed band, less `mu` on the diagonal. Matrix i of a batch has
/// its values behind those of i - 1, and its band likewise.
template <class T>
cudaError_t launch_fill_band(cudaStream_t, const BandShape& s, int nnz, const T* values,
                             const int* offsets, const int* columns, int base, const int* inverse,
                             T mu, T* band, int64_t count);
/// L of L L^H, and the sizes of its pivots (zero: not positive).
template <class T>
cudaError_t launch_band_cholesky(cudaStream_t, const BandShape& s, T* band, lib::Real<T>* pivots);
/// R and the reflectors.
template <class T>
cudaError_t launch_band_qr(cudaStream_t, const BandShape& s, T* band, T* tau, lib::Real<T>* pivots,
                           int64_t count);
/// x = A^-1 b by either's factors (tau null: Cholesky's). work: n numbers for each matrix.
template <class T>
cudaError_t launch_band_solve(cudaStream_t, const BandShape& s, const T* band, const T* tau,
                              const int* inverse, const T* b, T* x, T* work, int64_t count);

/// to[map[i]] = from[i].
cudaError_t launch_place(cudaStream_t, int64_t count, const int* map, const double* from,
                         double* to);
/// to(i, :) = from(p[i], :), or (`back`) to(p[i], :) = from(i, :).
cudaError_t launch_permute_rows(cudaStream_t, bool back, int64_t n, int64_t columns, const int* p,
                                const double* from, int64_t ld_from, double* to, int64_t ld_to);

} // namespace acc::solver
