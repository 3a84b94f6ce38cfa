// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Products by elements: a thread adds up one element of the result, straight from memory. For small
// matrices, whose tiles would be mostly empty, and for operands of which a half is stored.
#include "runtime/lib/blas/kernels/element.cuh"
#include "runtime/lib/blas/kernels/launch.cuh"

namespace acc::blas {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kMostBlocks = 1 << 20;

/// Element (row, column) of op(matrix).
template <class Acc>
__device__ Acc element(const Operand& o, const void* data, int64_t row, int64_t column) {
    if (o.shape == Shape::Ones) return from_real<Acc>(1);
    int64_t i = o.transposed ? column : row, j = o.transposed ? row : column;
    bool conj = o.conjugated;
    if (o.shape != Shape::General && i != j) {
        const bool stored = o.upper ? i < j : i > j;
        if (!stored && o.shape == Shape::Triangular) return zero<Acc>();
        if (!stored) {
            const int64_t old = i;
            i = j;
            j = old;
            conj = conj != (o.shape == Shape::Hermitian);
        }
    }
    if (o.shape == Shape::Triangular && o.unit && i == j) return from_real<Acc>(1);
    Acc value = load_any<Acc>(data, i + j * o.ld, o.type);
    if constexpr (is_complex<Acc>) {
        if (o.shape == Shape::Hermitian && i == j) value.y = 0;
        if (conj) value.y = -value.y;
    }
    return value;
}

template <class Acc>
__device__ Acc sum_of(const Product& p, const void* a, const void* b, int64_t row, int64_t column) {
    Acc sum = zero<Acc>();
    if (p.a.shape == Shape::General && p.b.shape == Shape::General) {
        const int64_t step_a = p.a.transposed ? 1 : p.a.ld, step_b = p.b.transposed ? p.b.ld : 1;
        const int64_t at_a = p.a.transposed ? row * p.a.ld : row;
        const int64_t at_b = p.b.transposed ? column : column * p.b.ld;
        for (int64_t k = 0; k < p.k; ++k)
            sum = multiply_add(
                conjugate_if(p.a.conjugated, load_any<Acc>(a, at_a + k * step_a, p.a.type)),
                conjugate_if(p.b.conjugated, load_any<Acc>(b, at_b + k * step_b, p.b.type)), sum);
        return sum;
    }
    for (int64_t k = 0; k < p.k; ++k)
        sum = multiply_add(element<Acc>(p.a, a, row, k), element<Acc>(p.b, b, k, column), sum);
    return sum;
}

template <class Acc>
__global__ void elements_kernel(Product p) {
    const int64_t in_one = p.m * p.n, all = in_one * p.batch;
    const int64_t step = int64_t(gridDim.x) * kThreads;
    for (int64_t at = int64_t(blockIdx.x) * kThreads + threadIdx.x; at < all; at += step) {
        const int64_t z = at / in_one, column = at % in_one / p.m, row = at % in_one % p.m;
        if (!is_in(p.part, row, column)) continue;
        Acc sum = zero<Acc>();
        if (multiplies<Acc>(p.alpha, row))
            sum = sum_of<Acc>(p, data_of(p.a, z), data_of(p.b, z), row, column);
        finish(p, data_of(p.c, z), data_of(p.d, z), z, row, column, sum);
    }
}

template <class Acc>
cublasStatus_t run(cudaStream_t stream, const Product& p) {
    return launch(elements_kernel<Acc>, blocks_for(p.m * p.n * p.batch, kThreads, kMostBlocks),
                  kThreads, stream, p);
}

} // namespace

cublasStatus_t launch_elements(cudaStream_t stream, Type accumulator, const Product& p) {
    switch (accumulator) {
    case Type::F64: return run<double>(stream, p);
    case Type::C32: return run<cuComplex>(stream, p);
    case Type::C64: return run<cuDoubleComplex>(stream, p);
    case Type::I32: return run<int>(stream, p);
    default: return run<float>(stream, p);
    }
}

cublasStatus_t launch_product(cudaStream_t stream, Type accumulator, const Product& p) {
    // Below this a tile would be less than a quarter full.
    constexpr int64_t kSmall = 16;
    const bool general = p.a.shape == Shape::General && p.b.shape == Shape::General;
    const bool plain = p.a.type != Type::CI8 && p.b.type != Type::CI8;
    const bool in_float = accumulator == Type::F32 || accumulator == Type::I32;
    const bool by_rows = p.alpha.row_stride != 0 || p.beta.row_stride != 0;
    if (!general || !plain || (by_rows && !in_float) || p.m <= kSmall || p.n <= kSmall || p.k == 0)
        return launch_elements(stream, accumulator, p);
    return launch_tiles(stream, accumulator, p);
}

} // namespace acc::blas
