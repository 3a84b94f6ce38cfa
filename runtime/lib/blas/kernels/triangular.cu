// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A thread has a right-hand side, in shared memory beside the triangle; threads go along what is
// contiguous in memory.
#include "runtime/lib/blas/kernels/triangular.h"

#include "runtime/lib/blas/kernels/element.cuh"
#include "runtime/lib/blas/kernels/launch.cuh"

namespace acc::blas {
namespace {

constexpr int kThreads = 64;
constexpr int64_t kMostBatches = 65535;

/// What a block works on.
template <class T>
struct Shared {
    T a[kTriangle][kTriangle]; ///< op(A)
    T x[kTriangle][kThreads];  ///< right-hand sides, one below each other for each thread
};

template <class T>
__device__ void load_triangle(Shared<T>& shared, const Diagonal& d, const T* a) {
    for (int at = int(threadIdx.x); at < kTriangle * kTriangle; at += kThreads) {
        const int stored_row = at % kTriangle, stored_column = at / kTriangle;
        T value = zero<T>();
        const bool inside = stored_row < d.order && stored_column < d.order;
        if (inside && stored_row == stored_column && d.a.unit)
            value = from_real<T>(1);
        else if (inside && (d.a.upper ? stored_row <= stored_column : stored_row >= stored_column))
            value = conjugate_if(d.a.conjugated, a[stored_row + stored_column * d.a.ld]);
        if (d.a.transposed)
            shared.a[stored_column][stored_row] = value;
        else
            shared.a[stored_row][stored_column] = value;
    }
}

/// Right-hand sides from the first of the block on, to or from shared memory.
template <class T, class Move>
__device__ void for_elements(int order, int64_t others, int64_t row_step, int64_t side_step,
                             Move move) {
    const int64_t first = int64_t(blockIdx.x) * kThreads;
    for (int at = int(threadIdx.x); at < order * kThreads; at += kThreads) {
        // Along rows of the right-hand sides where these are contiguous, else across.
        const int row = row_step == 1 ? at % order : at / kThreads;
        const int side = row_step == 1 ? at / order : at % kThreads;
        if (first + side < others) move(row, side, row * row_step + (first + side) * side_step);
    }
}

template <class T>
__global__ void __launch_bounds__(kThreads)
    solve_kernel(const __grid_constant__ Diagonal d, const __grid_constant__ Target b, bool columns,
                 int64_t others, int64_t first_batch) {
    __shared__ Shared<T> shared;
    const int64_t z = first_batch + blockIdx.z;
    const int order = int(d.order);
    Operand matrix = d.a;
    auto* right = static_cast<T*>(data_of(b, z));
    const int64_t row_step = columns ? 1 : b.ld, side_step = columns ? b.ld : 1;
    const T factor = get<T>(d.factor, 0);
    const bool nothing = is_zero(factor);
    if (!nothing) load_triangle(shared, d, static_cast<const T*>(data_of(matrix, z)));
    for_elements<T>(order, others, row_step, side_step, [&](int row, int side, int64_t place) {
        shared.x[row][side] = nothing ? zero<T>() : multiply(factor, right[place]);
    });
    __syncthreads();
    const int me = int(threadIdx.x);
    const bool upper = d.a.upper != d.a.transposed;
    for (int step = 0; step < order && !nothing; ++step) {
        const int i = upper ? order - 1 - step : step;
        T sum = shared.x[i][me];
        for (int k = upper ? i + 1 : 0; k < (upper ? order : i); ++k)
            sum = subtract(sum, multiply(shared.a[i][k], shared.x[k][me]));
        shared.x[i][me] = d.a.unit ? sum : divide(sum, shared.a[i][i]);
    }
    __syncthreads();
    for_elements<T>(order, others, row_step, side_step,
                    [&](int row, int side, int64_t place) { right[place] = shared.x[row][side]; });
}

template <class T>
__global__ void __launch_bounds__(kThreads)
    multiply_kernel(const __grid_constant__ Diagonal d, const __grid_constant__ Operand b,
                    const __grid_constant__ Target c, bool columns, int64_t others) {
    __shared__ Shared<T> shared;
    const int order = int(d.order);
    const auto* from = static_cast<const T*>(data_of(b, 0));
    auto* to = static_cast<T*>(data_of(c, 0));
    const T factor = get<T>(d.factor, 0);
    const bool nothing = is_zero(factor);
    if (!nothing) {
        load_triangle(shared, d, static_cast<const T*>(data_of(d.a, 0)));
        for_elements<T>(
            order, others, columns ? 1 : b.ld, columns ? b.ld : 1,
            [&](int row, int side, int64_t place) { shared.x[row][side] = from[place]; });
    }
    __syncthreads();
    const int me = int(threadIdx.x);
    const bool upper = d.a.upper != d.a.transposed;
    // In the order in which what is still needed is not overwritten.
    for (int step = 0; step < order; ++step) {
        const int i = upper ? step : order - 1 - step;
        T sum = zero<T>();
        for (int k = upper ? i : 0; k < (upper ? order : i + 1) && !nothing; ++k)
            sum = multiply_add(shared.a[i][k], shared.x[k][me], sum);
        shared.x[i][me] = nothing ? zero<T>() : multiply(factor, sum);
    }
    __syncthreads();
    for_elements<T>(order, others, columns ? 1 : c.ld, columns ? c.ld : 1,
                    [&](int row, int side, int64_t place) { to[place] = shared.x[row][side]; });
}

template <class T>
cublasStatus_t run_solve(cudaStream_t stream, const Diagonal& diagonal, bool columns,
                         int64_t others, int64_t batch, const Target& b) {
    const unsigned blocks = blocks_for(others, kThreads, kMaxGridX);
    for (int64_t first = 0; first < batch; first += kMostBatches) {
        const int64_t many = batch - first < kMostBatches ? batch - first : kMostBatches;
        const cublasStatus_t status = launch(solve_kernel<T>, dim3(blocks, 1, unsigned(many)),
                                             kThreads, stream, diagonal, b, columns, others, first);
        if (status != CUBLAS_STATUS_SUCCESS) return status;
    }
    return CUBLAS_STATUS_SUCCESS;
}

template <class T>
cublasStatus_t run_multiply(cudaStream_t stream, const Diagonal& diagonal, bool columns,
                            int64_t others, const Operand& b, const Target& c) {
    return launch(multiply_kernel<T>, blocks_for(others, kThreads, kMaxGridX), kThreads, stream,
                  diagonal, b, c, columns, others);
}

} // namespace

cublasStatus_t launch_solve(cudaStream_t stream, Type type, const Diagonal& diagonal, bool columns,
                            int64_t others, int64_t batch, const Target& b) {
    switch (type) {
    case Type::F32: return run_solve<float>(stream, diagonal, columns, others, batch, b);
    case Type::F64: return run_solve<double>(stream, diagonal, columns, others, batch, b);
    case Type::C32: return run_solve<cuComplex>(stream, diagonal, columns, others, batch, b);
    case Type::C64: return run_solve<cuDoubleComplex>(stream, diagonal, columns, others, batch, b);
    default: return CUBLAS_STATUS_NOT_SUPPORTED;
    }
}

cublasStatus_t launch_multiply(cudaStream_t stream, Type type, const Diagonal& diagonal,
                               bool columns, int64_t others, const Operand& b, const Target& c) {
    switch (type) {
    case Type::F32: return run_multiply<float>(stream, diagonal, columns, others, b, c);
    case Type::F64: return run_multiply<double>(stream, diagonal, columns, others, b, c);
    case Type::C32: return run_multiply<cuComplex>(stream, diagonal, columns, others, b, c);
    case Type::C64: return run_multiply<cuDoubleComplex>(stream, diagonal, columns, others, b, c);
    default: return CUBLAS_STATUS_NOT_SUPPORTED;
    }
}

} // namespace acc::blas
