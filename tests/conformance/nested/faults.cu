// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Options: -rdc=true
// A fault in a grid that was launched from device code is the error of whoever waits for the grid
// at the top; after a reset all is well.
#include "../common/check.h"

__global__ void writes(int* to) {
    to[threadIdx.x] = (int)threadIdx.x;
}
__global__ void middle(int* to) {
    writes<<<1, 32>>>(to);
}
__global__ void parent(int* to) {
    middle<<<1, 1>>>(to);
}

static int with_fault() {
    parent<<<1, 1>>>((int*)0x1000);
    if (cudaDeviceSynchronize() != cudaErrorIllegalAddress) return 10;
    if (cudaDeviceSynchronize() != cudaErrorIllegalAddress) return 11; // it stays
    if (cudaDeviceReset() != cudaSuccess) return 12;
    int *to = nullptr, last = 0;
    if (cudaMalloc((void**)&to, 32 * sizeof(int)) != cudaSuccess) return 13;
    parent<<<1, 1>>>(to);
    if (cudaMemcpy(&last, to + 31, sizeof last, cudaMemcpyDeviceToHost) != cudaSuccess) return 14;
    return last == 31 ? 0 : 15;
}

int main() {
    const ChildResult result = run_child(with_fault);
    EXPECT(result.code == 0, "%d", result.code);
    return finish();
}
