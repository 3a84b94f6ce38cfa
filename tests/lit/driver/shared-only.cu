// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A file whose only device entity left is a __shared__ variable has no device code, which is fine.
// REQUIRES: accc, accdevicelib
// RUN: accc -c %s -o %t.o
// RUN: accc -DMAIN %s -o %t && %t
__device__ __shared__ unsigned state[4];
__device__ void seed(int i) {
    state[i] = 3;
    __syncthreads();
}
#ifdef MAIN
int main() {
    return cudaDeviceSynchronize() != cudaSuccess;
}
#endif
