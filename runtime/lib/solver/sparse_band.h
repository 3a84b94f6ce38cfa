// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Factors of a band on the host, those that kernels/band.cu makes on the device. Element (i, j) of
// a band with `lower` and `upper` diagonals lies at place(i, j).
#pragma once

#include "runtime/lib/solver/kernels/band.h"
#include "runtime/lib/solver/sparse_structure.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace acc::solver {

/// The matrix in the order whose inverse is given, less `mu` on the diagonal.
template <class T>
std::vector<T> band_values(const Structure& a, const T* values, const Order& inverse,
                           const BandShape& s, T mu) {
    std::vector<T> band(size_t(s.size()));
    for (int r = 0; r < a.n; ++r)
        for (int k = a.offsets[size_t(r)]; k < a.offsets[size_t(r) + 1]; ++k) {
            const int i = inverse[size_t(r)], j = inverse[size_t(a.columns[size_t(k)])];
            const bool kept = !s.hermitian || r >= a.columns[size_t(k)];
            if (!kept) continue;
            const bool turned = s.hermitian && i < j;
            band[size_t(turned ? s.place(j, i) : s.place(i, j))] += turned ? lib::conj(values[k])
                                                                           : values[k];
        }
    for (int i = 0; i < a.n; ++i)
        band[size_t(s.place(i, i))] -= mu;
    return band;
}

/// A = L L^H in the lower half. Where a pivot is not positive it stays and L's column is zero.
template <class T>
void band_cholesky(const BandShape& s, T* band, lib::Real<T>* pivots) {
    using R = lib::Real<T>;
    for (int64_t k = 0; k < s.n; ++k) {
        const int64_t end = std::min(s.n, k + s.lower + 1);
        const R square = lib::real(band[s.place(k, k)]);
        const R root = square > 0 ? std::sqrt(square) : R(0);
        pivots[k] = root;
        band[s.place(k, k)] = T(root);
        for (int64_t i = k + 1; i < end; ++i)
            band[s.place(i, k)] = root > 0 ? (R(1) / root) * band[s.place(i, k)] : T(0);
        for (int64_t j = k + 1; j < end; ++j)
            for (int64_t i = j; i < end; ++i)
                band[s.place(i, j)] -= band[s.place(i, k)] * lib::conj(band[s.place(j, k)]);
    }
}

template <class T>
void solve_band_cholesky(const BandShape& s, const T* band, T* x) {
    for (int64_t k = 0; k < s.n; ++k) {
        x[k] = x[k] / band[s.place(k, k)];
        for (int64_t i = k + 1; i < std::min(s.n, k + s.lower + 1); ++i)
            x[i] -= band[s.place(i, k)] * x[k];
    }
    for (int64_t k = s.n - 1; k >= 0; --k) {
        for (int64_t i = k + 1; i < std::min(s.n, k + s.lower + 1); ++i)
            x[k] -= lib::conj(band[s.place(i, k)]) * x[i];
        x[k] = x[k] / band[s.place(k, k)];
    }
}

/// Householder's reflectors below the diagonal (their first elements are ones), R above.
template <class T>
void band_qr(const BandShape& s, T* band, T* tau, lib::Real<T>* pivots) {
    using R = lib::Real<T>;
    for (int64_t k = 0; k < s.n; ++k) {
        const int64_t end = std::min(s.n, k + s.lower + 1);
        R largest = 0, rest = 0;
        for (int64_t i = k; i < end; ++i)
            largest = std::max(largest, lib::size1(band[s.place(i, k)]));
        const R unit = scale_for(largest, false);
        for (int64_t i = k + 1; i < end; ++i)
            rest += lib::square(unit * band[s.place(i, k)]);
        T scale, beta;
        reflector_of(unit * band[s.place(k, k)], rest, &tau[k], &scale, &beta);
        beta = scale_for(largest, true) * beta;
        pivots[k] = lib::magnitude(beta);
        band[s.place(k, k)] = beta;
        for (int64_t i = k + 1; i < end; ++i)
            band[s.place(i, k)] = scale * (unit * band[s.place(i, k)]);
        for (int64_t j = k + 1; j < std::min(s.n, k + s.lower + s.upper + 1); ++j) {
            T sum = band[s.place(k, j)];
            for (int64_t i = k + 1; i < end; ++i)
                sum += lib::conj(band[s.place(i, k)]) * band[s.place(i, j)];
            sum = lib::conj(tau[k]) * sum;
            band[s.place(k, j)] -= sum;
            for (int64_t i = k + 1; i < end; ++i)
                band[s.place(i, j)] -= band[s.place(i, k)] * sum;
        }
    }
}

template <class T>
void solve_band_qr(const BandShape& s, const T* band, const T* tau, T* x) {
    for (int64_t k = 0; k < s.n; ++k) {
        const int64_t end = std::min(s.n, k + s.lower + 1);
        T sum = x[k];
        for (int64_t i = k + 1; i < end; ++i)
            sum += lib::conj(band[s.place(i, k)]) * x[i];
        sum = lib::conj(tau[k]) * sum;
        x[k] -= sum;
        for (int64_t i = k + 1; i < end; ++i)
            x[i] -= band[s.place(i, k)] * sum;
    }
    for (int64_t k = s.n - 1; k >= 0; --k) {
        for (int64_t j = k + 1; j < std::min(s.n, k + s.lower + s.upper + 1); ++j)
            x[k] -= band[s.place(k, j)] * x[j];
        x[k] = x[k] / band[s.place(k, k)];
    }
}

} // namespace acc::solver
