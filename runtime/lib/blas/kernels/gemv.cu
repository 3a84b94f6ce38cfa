// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// y = alpha op(A) x + beta y for general matrices: rows by threads, which go along the columns
// together; columns (of A transposed) by blocks, whose threads add up a column in a tree.
#include "runtime/lib/blas/kernels/level2.h"

#include "runtime/lib/blas/kernels/launch.cuh"
#include "runtime/lib/blas/kernels/number.cuh"

namespace acc::blas {
namespace {

constexpr int kThreads = 128;
constexpr int64_t kMostBatches = 65535;

template <class P>
__device__ P* data_of(P* data, P* const* array, int64_t stride, int64_t z) {
    return array != nullptr ? array[z] : data + z * stride;
}

template <class Y, class C>
__device__ void finish(Y* y, C alpha, C sum, C beta) {
    C value = multiply(alpha, sum);
    if (!is_zero(beta)) value = multiply_add(beta, C(load(*y)), value);
    *y = store<Y>(value);
}

template <class A, class Y, class C>
__global__ void __launch_bounds__(kThreads)
    rows_kernel(const __grid_constant__ GemvBatch<A, Y> p, Scalar<C> alpha, Scalar<C> beta,
                int64_t first_batch) {
    const int64_t z = first_batch + blockIdx.z;
    const int64_t row = int64_t(blockIdx.x) * kThreads + threadIdx.x;
    if (row >= p.m) return;
    const A* a = data_of(p.a, p.a_array, p.stride_a, z) + row;
    const A* x = first(data_of(p.x, p.x_array, p.stride_x, z), p.n, p.incx);
    const C of_a = get(alpha);
    C sum = zero<C>();
    for (int64_t j = 0; j < (is_zero(of_a) ? 0 : p.n); ++j)
        sum = multiply_add(load(a[j * p.lda]), load(x[j * p.incx]), sum);
    finish(first(data_of(p.y, p.y_array, p.stride_y, z), p.m, p.incy) + row * p.incy, of_a, sum,
           get(beta));
}

template <class A, class Y, class C>
__global__ void __launch_bounds__(kThreads)
    columns_kernel(const __grid_constant__ GemvBatch<A, Y> p, Scalar<C> alpha, Scalar<C> beta,
                   int64_t first_batch) {
    __shared__ C sums[kThreads];
    const int64_t z = first_batch + blockIdx.z, column = blockIdx.x;
    const A* a = data_of(p.a, p.a_array, p.stride_a, z) + column * p.lda;
    const A* x = first(data_of(p.x, p.x_array, p.stride_x, z), p.m, p.incx);
    const C of_a = get(alpha);
    C sum = zero<C>();
    for (int64_t i = threadIdx.x; i < (is_zero(of_a) ? 0 : p.m); i += kThreads)
        sum = multiply_add(conjugate_if(p.conjugated, load(a[i])), load(x[i * p.incx]), sum);
    sums[threadIdx.x] = sum;
    __syncthreads();
    for (int width = kThreads / 2; width > 0; width /= 2) {
        if (int(threadIdx.x) < width)
            sums[threadIdx.x] = add(sums[threadIdx.x], sums[threadIdx.x + width]);
        __syncthreads();
    }
    if (threadIdx.x == 0)
        finish(first(data_of(p.y, p.y_array, p.stride_y, z), p.n, p.incy) + column * p.incy, of_a,
               sums[0], get(beta));
}

} // namespace

template <class A, class Y, class C>
cublasStatus_t launch_gemv(Context& context, const GemvBatch<A, Y>& p, Scalar<C> alpha,
                           Scalar<C> beta) {
    const auto kernel = p.transposed ? columns_kernel<A, Y, C> : rows_kernel<A, Y, C>;
    const unsigned blocks = p.transposed ? unsigned(p.n) : blocks_for(p.m, kThreads, kMaxGridX);
    if (p.transposed && p.n > kMaxGridX) return CUBLAS_STATUS_NOT_SUPPORTED;
    for (int64_t start = 0; start < p.batch; start += kMostBatches) {
        const int64_t many = p.batch - start < kMostBatches ? p.batch - start : kMostBatches;
        const cublasStatus_t status = launch(kernel, dim3(blocks, 1, unsigned(many)), kThreads,
                                             context.stream, p, alpha, beta, start);
        if (status != CUBLAS_STATUS_SUCCESS) return status;
    }
    return CUBLAS_STATUS_SUCCESS;
}

#define ACC_FOR(A, Y, C)                                                                           \
    template cublasStatus_t launch_gemv<A, Y, C>(Context&, const GemvBatch<A, Y>&, Scalar<C>,      \
                                                 Scalar<C>);
ACC_FOR(float, float, float)
ACC_FOR(double, double, double)
ACC_FOR(cuComplex, cuComplex, cuComplex)
ACC_FOR(cuDoubleComplex, cuDoubleComplex, cuDoubleComplex)
ACC_FOR(__half, __half, float)
ACC_FOR(__half, float, float)
ACC_FOR(__nv_bfloat16, __nv_bfloat16, float)
ACC_FOR(__nv_bfloat16, float, float)

} // namespace acc::blas
