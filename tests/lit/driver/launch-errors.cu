// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the log says, unasked, of launches that cannot run, by the kernel's name in the source; and, once, when no memory is left.
// REQUIRES: accc, accdevicelib, accrt
// RUN: accc %s -o %t && env ACC_MODEL_VRAM_MIB=64 %t 2>&1 | FileCheck %s
#include <cstdio>

namespace mine {
template <typename T>
__global__ void __launch_bounds__(256) kernel(T* p) {
    *p = T();
}
} // namespace mine

int main() {
    // CHECK: cudaLaunchKernel: kernel void mine::kernel<float>(float*): block (2048, 1, 1) is not between
    mine::kernel<<<1, 2048>>>(static_cast<float*>(nullptr));
    // CHECK: cudaLaunchKernel: kernel void mine::kernel<float>(float*): grid (0, 1, 1) is not between
    mine::kernel<<<0, 32>>>(static_cast<float*>(nullptr));
    // CHECK: cudaLaunchKernel: kernel void mine::kernel<int>(int*): 512 threads per block, but it was compiled for at most 256
    mine::kernel<<<1, 512>>>(static_cast<int*>(nullptr));
    // CHECK: cudaLaunchKernel: kernel void mine::kernel<int>(int*): 100000 bytes of dynamic shared memory
    mine::kernel<<<1, 32, 100000>>>(static_cast<int*>(nullptr));
    // CHECK: cudaMalloc: {{[0-9]+}} bytes of device memory are not free ({{[0-9]+}} are); ACC_MODEL_VRAM_MIB gives the model more
    // CHECK-NOT: are not free
    void* memory;
    cudaMalloc(&memory, 100 << 20);
    cudaMalloc(&memory, 200 << 20);
}
