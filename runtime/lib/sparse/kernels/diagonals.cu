// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Gaussian elimination of band matrices with partial pivoting (LAPACK's gbtrf with kl = ku = 1 or
// 2): a thread for each system, then one for each right side. Numbers of all systems lie side by
// side, so that threads read what is next to each other.
#include "runtime/lib/sparse/kernels/diagonals.h"

#include "runtime/lib/sparse/kernels/dispatch.cuh"

namespace acc::sparse {
namespace {

constexpr unsigned kThreads = 64;

/// Of row i: kBelow multipliers, the row of U (2 * kBelow + 1 elements), the row that was swapped.
__host__ __device__ constexpr int stored_of(int below) {
    return 3 * below + 2;
}

/// The factors' element `which` of row i.
template <class C>
struct Factors {
    C* memory;
    int64_t systems, system;
    int stored;

    __device__ C& operator()(int64_t i, int which) const {
        return memory[(i * stored + which) * systems + system];
    }
};

template <class C, int kBelow>
__global__ void factor_kernel(Diagonals a, C* memory) {
    constexpr int kWidth = 2 * kBelow + 1; // of a row of U
    const int64_t s = lib::thread_of_grid();
    if (s >= a.systems) return;
    const Factors<C> f = {memory, a.systems, s, stored_of(kBelow)};
    // window[k] is row i + k, from column i on.
    C window[kBelow + 1][kWidth];
    const auto fill = [&](int64_t i, C(&row)[kWidth], int64_t column) {
        for (int c = 0; c < kWidth; ++c) {
            const int64_t diagonal = column + c - i + kBelow;
            const bool there = i < a.m && column + c < a.m && diagonal >= 0 && diagonal < kWidth;
            row[c] = there ? at<C>(a.given[diagonal], s * a.system + i * a.element) : C(0);
        }
    };
    for (int k = 0; k < kBelow; ++k)
        fill(k, window[k], 0);
    for (int64_t i = 0; i < a.m; ++i) {
        fill(i + kBelow, window[kBelow], i);
        int best = 0;
        for (int k = 1; k <= kBelow && a.pivoting; ++k)
            if (lib::size1(window[k][0]) > lib::size1(window[best][0])) best = k;
        C top[kWidth];
        for (int c = 0; c < kWidth; ++c) {
            top[c] = window[best][c];
            for (int k = 1; k <= kBelow; ++k)
                if (k == best) window[k][c] = window[0][c];
            f(i, kBelow + c) = top[c];
        }
        f(i, kBelow + kWidth) = C(Real<C>(best));
        for (int k = 1; k <= kBelow; ++k) {
            const C factor = i + k < a.m ? window[k][0] / top[0] : C(0);
            f(i, k - 1) = factor;
            for (int c = 1; c < kWidth; ++c)
                window[k - 1][c - 1] = window[k][c] - factor * top[c];
            window[k - 1][kWidth - 1] = C(0);
        }
    }
}

template <class C, int kBelow>
__global__ void solve_kernel(Diagonals a, RightSides x, C* memory) {
    constexpr int kWidth = 2 * kBelow + 1;
    const int64_t thread = lib::thread_of_grid();
    if (thread >= a.systems * x.columns) return;
    const int64_t s = thread % a.systems;
    const Factors<C> f = {memory, a.systems, s, stored_of(kBelow)};
    C* b = static_cast<C*>(x.x) + s * x.system + thread / a.systems * x.column;
    for (int64_t i = 0; i < a.m; ++i) {
        const int other = int(lib::real(f(i, kBelow + kWidth)));
        if (other != 0) {
            const C value = b[i * x.element];
            b[i * x.element] = b[(i + other) * x.element];
            b[(i + other) * x.element] = value;
        }
        for (int k = 1; k <= kBelow && i + k < a.m; ++k)
            b[(i + k) * x.element] -= f(i, k - 1) * b[i * x.element];
    }
    for (int64_t i = a.m - 1; i >= 0; --i) {
        C sum = b[i * x.element];
        for (int c = 1; c < kWidth && i + c < a.m; ++c)
            sum -= f(i, kBelow + c) * b[(i + c) * x.element];
        b[i * x.element] = sum / f(i, kBelow);
    }
}

} // namespace

int64_t factor_size(int64_t m, int64_t systems, int below) {
    return m * systems * stored_of(below);
}

cudaError_t launch_diagonals(cudaStream_t stream, Element type, const Diagonals& a,
                             const RightSides& x, void* memory) {
    if (a.m == 0 || a.systems == 0 || x.columns == 0) return cudaSuccess;
    return with_float_type(type, [&](auto t) {
        using C = decltype(t);
        auto* numbers = static_cast<C*>(memory);
        const bool three = a.below == 1;
        const cudaError_t error = lib::launch(three ? factor_kernel<C, 1> : factor_kernel<C, 2>,
                                              lib::blocks_for(a.systems, kThreads), kThreads,
                                              stream, a, numbers);
        if (error != cudaSuccess) return error;
        return lib::launch(three ? solve_kernel<C, 1> : solve_kernel<C, 2>,
                           lib::blocks_for(a.systems * x.columns, kThreads), kThreads, stream, a, x,
                           numbers);
    });
}

} // namespace acc::sparse
