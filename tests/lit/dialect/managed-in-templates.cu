// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts: managed variables that only templates of kernels name have their place on the host.
// REQUIRES: accc, accdevicelib, accrt
// RUN: accc -arch=sm_80 -std=c++17 %s -o %t && %t | FileCheck %s
#include <cstdio>
template <class T>
__managed__ T shared_by_both = 6;
template <class T>
__device__ T through(T more) {
    return shared_by_both<T> + more;
}
template <class T>
__global__ void kernel(T* out) {
    out[0] = through(T(1));
}
int main() {
    int *out, value = 0;
    cudaMalloc(&out, sizeof(int));
    kernel<<<1, 1>>>(out);
    printf("%s\n", cudaGetErrorString(cudaMemcpy(&value, out, sizeof(int), cudaMemcpyDefault)));
    printf("value %d\n", value); // CHECK: value 7
}
