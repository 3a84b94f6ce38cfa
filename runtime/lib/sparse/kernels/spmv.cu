// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sparse matrix times vector. A few lanes share a row, as many as its elements keep busy.
#include "runtime/lib/sparse/kernels/dispatch.cuh"
#include "runtime/lib/sparse/kernels/products.h"

namespace acc::sparse {
namespace {

constexpr unsigned kThreads = 256;

template <class C>
__global__ void spmv_kernel(Rows a, bool conjugate, Values x, Values y, AnyScalar alpha_given,
                            AnyScalar beta_given, int lanes) {
    const C alpha = scalar<C>(alpha_given), beta = scalar<C>(beta_given);
    const int64_t row = lib::thread_of_grid() / lanes;
    const int lane = int(threadIdx.x) % lanes;
    C sum(0);
    if (row < a.rows && alpha != C(0))
        for_row(a, row, lane, lanes, [&](int64_t column, int64_t place) {
            sum += conj_if(conjugate, load<C>(a.values, place)) * load<C>(x, column);
        });
    sum = sum_of_lanes(sum, lanes);
    if (row < a.rows && lane == 0) store<C>(y, row, plus_beta(alpha * sum, beta, y, row));
}

/// The common case alone: CSR, 32-bit indices, one type.
template <class C>
__global__ void csr_kernel(int rows, const int* offsets, const int* columns, const C* values,
                           int base, const C* x, C* y, AnyScalar alpha_given, AnyScalar beta_given,
                           int lanes) {
    const C alpha = scalar<C>(alpha_given), beta = scalar<C>(beta_given);
    const int thread = int(blockIdx.x * kThreads + threadIdx.x);
    const int row = thread / lanes, lane = thread % lanes;
    C sum(0);
    if (row < rows && alpha != C(0)) {
        const int end = offsets[row + 1] - base;
        for (int k = offsets[row] - base + lane; k < end; k += lanes)
            sum += values[k] * x[columns[k] - base];
    }
    sum = sum_of_lanes(sum, lanes);
    if (row >= rows || lane != 0) return;
    sum = alpha * sum;
    if (beta != C(0)) sum += beta * y[row];
    y[row] = sum;
}

int lanes_for(const Rows& a) {
    const int64_t steps = a.layout == Layout::Padded ? a.steps
                          : a.rows > 0               ? a.nnz * a.block_rows / a.rows
                                                     : 0;
    int lanes = 1;
    while (lanes < 32 && lanes * 8 < steps)
        lanes *= 2;
    return lanes;
}

template <class C>
bool is_common(const Rows& a, Values x, Values y, Element type) {
    return a.layout == Layout::Offsets && a.permutation == nullptr && a.offsets.bytes == 4 &&
           a.indices.bytes == 4 && a.rows < (1 << 25) && a.values.type == type && x.type == type &&
           y.type == type;
}

template <class C>
cudaError_t launch_as(cudaStream_t stream, Element type, const Rows& a, bool conjugate, Values x,
                      Values y, AnyScalar alpha, AnyScalar beta) {
    const int lanes = lanes_for(a);
    const unsigned grid = lib::blocks_for(a.rows * lanes, kThreads);
    if constexpr (std::is_floating_point_v<C>)
        if (is_common<C>(a, x, y, type))
            return lib::launch(
                csr_kernel<C>, grid, kThreads, stream, int(a.rows),
                static_cast<const int*>(a.offsets.data), static_cast<const int*>(a.indices.data),
                static_cast<const C*>(a.values.data), a.indices.base, static_cast<const C*>(x.data),
                static_cast<C*>(y.data), alpha, beta, lanes);
    return lib::launch(spmv_kernel<C>, grid, kThreads, stream, a, conjugate, x, y, alpha, beta,
                       lanes);
}

} // namespace

cudaError_t launch_spmv(cudaStream_t stream, Element compute, const Rows& a, bool conjugate,
                        Values x, Values y, AnyScalar alpha, AnyScalar beta) {
    if (a.rows == 0) return cudaSuccess;
    return with_type(compute, [&](auto c) {
        return launch_as<decltype(c)>(stream, compute, a, conjugate, x, y, alpha, beta);
    });
}

} // namespace acc::sparse
