// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
__device__ int from_library(int x);
__global__ void kernel(int* p) { *p = from_library(40); }
int main() {
  int *p, result = 0;
  cudaMalloc(&p, sizeof *p);
  kernel<<<1, 1>>>(p);
  cudaMemcpy(&result, p, sizeof result, cudaMemcpyDeviceToHost);
  return result == 42 ? 0 : 1;
}
