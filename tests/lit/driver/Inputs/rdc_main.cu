// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
int run();
__device__ int function(int x);
__global__ void main_kernel(int* p) { *p = function(5); }
int main() {
  int *p, result = 0;
  cudaMalloc(&p, sizeof *p);
  main_kernel<<<1, 1>>>(p);
  cudaMemcpy(&result, p, sizeof result, cudaMemcpyDeviceToHost);
  return result == 7 ? run() : 2;
}
