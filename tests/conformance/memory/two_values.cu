// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Variables that the program gives two values only, which the optimiser makes single bits of.
#include <cstdio>

__device__ int first_call(int n) {
    static int left = 5;
    if (left) {
        left = 0;
        return n;
    }
    return -n;
}

__device__ int calls_between(bool set) {
    static int state = 7;
    int before = state;
    state = set ? 7 : 0;
    return before;
}

__global__ void kernel(int* out) {
    out[0] = first_call(1);
    out[1] = first_call(2);
    out[2] = calls_between(false);
    out[3] = calls_between(true);
    out[4] = calls_between(true);
}

int main() {
    int *out, expected[] = {1, -2, 7, 0, 7}, failures = 0;
    cudaMallocManaged(&out, sizeof expected);
    kernel<<<1, 1>>>(out);
    if (cudaError_t error = cudaDeviceSynchronize()) {
        std::printf("%s\n", cudaGetErrorString(error));
        return 1;
    }
    for (int i = 0; i < 5; ++i)
        if (out[i] != expected[i]) {
            std::printf("%d: %d, expected %d\n", i, out[i], expected[i]);
            ++failures;
        }
    return failures != 0;
}
