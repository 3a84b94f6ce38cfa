// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calls a function that a PTX file defines.
#include <cstdio>

extern "C" __device__ int scaled(int a, int b);

__global__ void kernel(int* out) {
    out[threadIdx.x] = scaled(3, int(threadIdx.x));
}

int main() {
    int *out, host[32];
    cudaMalloc(&out, sizeof host);
    kernel<<<1, 32>>>(out);
    if (cudaMemcpy(host, out, sizeof host, cudaMemcpyDeviceToHost) != cudaSuccess) return 2;
    for (int i = 0; i < 32; ++i)
        if (host[i] != 3 * i + 1) return printf("%d: %d\n", i, host[i]), 1;
    return 0;
}
