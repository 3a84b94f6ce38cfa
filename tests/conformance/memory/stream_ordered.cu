// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cudaMallocAsync and cudaFreeAsync: memory that is freed while kernels that use it are still
// pending.
#include "../common/check.h"

__global__ void fill(int* data, int n, int value) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x)
        data[i] = value;
}

__global__ void count_wrong(const int* data, int n, int value, int* wrong) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x)
        if (data[i] != value) atomicAdd(wrong, 1);
}

int main() {
    const int n = 20000, streams = 3, rounds = 40;
    Buffer<int> wrong(1);
    cudaStream_t stream[streams];
    for (auto& s : stream)
        CHECK(cudaStreamCreateWithFlags(&s, cudaStreamNonBlocking));
    for (int round = 0; round < rounds; ++round)
        for (int s = 0; s < streams; ++s) {
            int* data;
            const int value = round * streams + s;
            CHECK(cudaMallocAsync(&data, n * sizeof(int), stream[s]));
            fill<<<8, 64, 0, stream[s]>>>(data, n, value);
            count_wrong<<<8, 64, 0, stream[s]>>>(data, n, value, wrong.device());
            CHECK(cudaFreeAsync(data, stream[s]));
        }
    SYNC();
    EXPECT(wrong.download()[0] == 0, "%d cells were overwritten by somebody else", wrong[0]);
    for (auto& s : stream)
        CHECK(cudaStreamDestroy(s));
    return finish();
}
