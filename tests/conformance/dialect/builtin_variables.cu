// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// threadIdx and its kin are variables of plain types: copied, deduced, bound to references, passed.
#include <cstdio>
#include <type_traits>

static_assert(std::is_same<decltype(threadIdx), const uint3>::value, "");
static_assert(std::is_same<decltype(blockDim), const dim3>::value, "");
static_assert(sizeof(gridDim) == 12, "");

// On the host, code that is never reached may name them.
template <typename T>
inline T never_on_the_host(T x) {
    return x + threadIdx.x;
}
__host__ __device__ inline unsigned both() {
    return blockIdx.y;
}

__device__ __noinline__ unsigned by_reference(const uint3& where, const dim3& shape) {
    return where.x + 10 * where.y + 100 * shape.x + 1000 * shape.y;
}
template <typename T>
__device__ unsigned by_value(T where) {
    return where.x + 10 * where.y;
}

__global__ void read(unsigned* out) {
    auto thread = threadIdx;
    const auto& block = blockIdx;
    dim3 shape = blockDim;
    uint3 grid{0, 0, 0};
    grid = gridDim;
    const unsigned& field = threadIdx.y;
    volatile unsigned copy = threadIdx.x;
    const unsigned index = (block.y * grid.x + block.x) * shape.x * shape.y + thread.y * shape.x +
                           thread.x;
    auto captured = [=] { return field == threadIdx.y && copy == thread.x; };
    out[index] = captured() ? by_reference(threadIdx, blockDim) + 10000 * by_value(blockIdx) +
                                  1000000 * by_value(gridDim) + both() - block.y
                            : 0;
}

int main() {
    const dim3 grid(3, 2), block(4, 2);
    unsigned* out;
    cudaMallocManaged(&out, 48 * sizeof(unsigned));
    read<<<grid, block>>>(out);
    if (cudaDeviceSynchronize() != cudaSuccess) return 1;
    for (unsigned i = 0; i < 48; ++i) {
        const unsigned b = i / 8, t = i % 8;
        const unsigned expected = t % 4 + 10 * (t / 4) + 100 * 4 + 1000 * 2 +
                                  10000 * (b % 3 + 10 * (b / 3)) + 1000000 * (3 + 10 * 2);
        if (out[i] == expected) continue;
        printf("%u: %u instead of %u\n", i, out[i], expected);
        return 1;
    }
    return 0;
}
