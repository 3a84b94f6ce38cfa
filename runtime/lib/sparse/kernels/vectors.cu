// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sparse vectors.
#include "runtime/lib/sparse/kernels/dispatch.cuh"
#include "runtime/lib/sparse/kernels/products.h"

namespace acc::sparse {
namespace {

constexpr unsigned kThreads = 256;
constexpr int64_t kMostBlocks = 512;

template <class C>
__global__ void scale_kernel(Values y, int64_t size, AnyScalar beta_given) {
    const C beta = scalar<C>(beta_given);
    for (int64_t i = lib::thread_of_grid(); i < size; i += lib::threads_of_grid())
        store<C>(y, i, plus_beta(C(0), beta, y, i));
}

template <class C>
__global__ void axpy_kernel(Indices indices, Values x, int64_t nnz, Values y, AnyScalar given) {
    const C alpha = scalar<C>(given);
    for (int64_t i = lib::thread_of_grid(); i < nnz; i += lib::threads_of_grid()) {
        const int64_t at = index_at(indices, i);
        store<C>(y, at, alpha * load<C>(x, i) + load<C>(y, at));
    }
}

template <class C>
__global__ void rot_kernel(Indices indices, Values x, int64_t nnz, Values y, AnyScalar c_given,
                           AnyScalar s_given) {
    const C c = scalar<C>(c_given), s = scalar<C>(s_given);
    for (int64_t i = lib::thread_of_grid(); i < nnz; i += lib::threads_of_grid()) {
        const int64_t at = index_at(indices, i);
        const C a = load<C>(x, i), b = load<C>(y, at);
        store<C>(x, i, c * a + s * b);
        store<C>(y, at, c * b - s * a);
    }
}

/// One block: thread t sums elements t, t + n, ..., then the threads' sums are added as a tree.
template <class C>
__global__ void spvv_kernel(Indices indices, Values x, int64_t nnz, bool conjugate, Values y,
                            C* result) {
    __shared__ __align__(16) unsigned char memory[kThreads * sizeof(C)];
    C* sums = reinterpret_cast<C*>(memory);
    C sum(0);
    for (int64_t i = threadIdx.x; i < nnz; i += kThreads)
        sum += conj_if(conjugate, load<C>(x, i)) * load<C>(y, index_at(indices, i));
    sums[threadIdx.x] = sum;
    for (unsigned half = kThreads / 2; half > 0; half /= 2) {
        __syncthreads();
        if (threadIdx.x < half) sums[threadIdx.x] += sums[threadIdx.x + half];
    }
    if (threadIdx.x == 0) *result = sums[0];
}

template <class W>
__global__ void gather_kernel(bool scatter, Indices indices, W* x, int64_t nnz, W* y) {
    for (int64_t i = lib::thread_of_grid(); i < nnz; i += lib::threads_of_grid()) {
        const int64_t at = index_at(indices, i);
        if (scatter)
            y[at] = x[i];
        else
            x[i] = y[at];
    }
}

unsigned grid_for(int64_t n) {
    return lib::blocks_for(n, kThreads, kMostBlocks);
}

template <class W>
cudaError_t gather_as(cudaStream_t stream, bool scatter, Indices indices, Values x, int64_t nnz,
                      Values y) {
    return lib::launch(gather_kernel<W>, grid_for(nnz), kThreads, stream, scatter, indices,
                       static_cast<W*>(x.data), nnz, static_cast<W*>(y.data));
}

} // namespace

cudaError_t launch_axpby(cudaStream_t stream, Element compute, Indices indices, Values x,
                         int64_t nnz, Values y, int64_t size, AnyScalar alpha, AnyScalar beta) {
    return with_float_type(compute, [&](auto t) {
        using C = decltype(t);
        cudaError_t error = size == 0 ? cudaSuccess
                                      : lib::launch(scale_kernel<C>, grid_for(size), kThreads,
                                                    stream, y, size, beta);
        if (error == cudaSuccess && nnz > 0)
            error = lib::launch(axpy_kernel<C>, grid_for(nnz), kThreads, stream, indices, x, nnz, y,
                                alpha);
        return error;
    });
}

cudaError_t launch_rot(cudaStream_t stream, Element compute, Indices indices, Values x, int64_t nnz,
                       Values y, AnyScalar c, AnyScalar s) {
    if (nnz == 0) return cudaSuccess;
    return with_float_type(compute, [&](auto t) {
        return lib::launch(rot_kernel<decltype(t)>, grid_for(nnz), kThreads, stream, indices, x,
                           nnz, y, c, s);
    });
}

cudaError_t launch_spvv(cudaStream_t stream, Element compute, Indices indices, Values x,
                        int64_t nnz, bool conjugate, Values y, void* result) {
    return with_type(compute, [&](auto t) {
        using C = decltype(t);
        return lib::launch(spvv_kernel<C>, 1, kThreads, stream, indices, x, nnz, conjugate, y,
                           static_cast<C*>(result));
    });
}

cudaError_t launch_gather(cudaStream_t stream, bool scatter, Indices indices, Values x, int64_t nnz,
                          Values y) {
    if (nnz == 0) return cudaSuccess;
    switch (size_of(x.type)) {
    case 1: return gather_as<char>(stream, scatter, indices, x, nnz, y);
    case 2: return gather_as<short>(stream, scatter, indices, x, nnz, y);
    case 4: return gather_as<int>(stream, scatter, indices, x, nnz, y);
    case 8: return gather_as<int2>(stream, scatter, indices, x, nnz, y);
    default: return gather_as<int4>(stream, scatter, indices, x, nnz, y);
    }
}

} // namespace acc::sparse
