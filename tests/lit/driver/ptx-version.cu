// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A kernel's attributes tell the architecture that it was compiled for, the one that __CUDA_ARCH__ had in it.
// REQUIRES: accc, accdevicelib, accrt
// RUN: accc %s -o %t.exe && %t.exe 80
// RUN: accc -arch=sm_61 %s -o %t.exe && %t.exe 61
// RUN: accc -gencode arch=compute_75,code=sm_75 -gencode arch=compute_60,code=sm_60 %s -o %t.exe && %t.exe 75
// RUN: accc -arch=sm_90 -rdc=true -c %s -o %t.o && accc -arch=sm_90 -rdc=true %t.o -o %t.exe && %t.exe 90
#include <cstdio>
#include <cstdlib>

__global__ void kernel(int *seen) {
#ifdef __CUDA_ARCH__
  *seen = __CUDA_ARCH__;
#endif
}

int main(int, char **argv) {
  int *seen, got = 0, want = std::atoi(argv[1]);
  cudaFuncAttributes attributes;
  cudaMalloc(&seen, sizeof(int));
  cudaFuncGetAttributes(&attributes, kernel);
  kernel<<<1, 1>>>(seen);
  cudaMemcpy(&got, seen, sizeof got, cudaMemcpyDeviceToHost);
  std::printf("ptxVersion %d, binaryVersion %d, __CUDA_ARCH__ %d\n", attributes.ptxVersion, attributes.binaryVersion, got);
  return attributes.ptxVersion != want || attributes.binaryVersion != want || got != 10 * want;
}
