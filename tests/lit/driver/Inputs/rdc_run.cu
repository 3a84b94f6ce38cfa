// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifdef ALONE
__device__ int function(int x) { return x; }
#else
__device__ int function(int x);
#endif
__global__ void kernel(int* p) { *p = function(40); }
int run() {
  int *p, result = 0;
  cudaMalloc(&p, sizeof *p);
  kernel<<<1, 1>>>(p);
  cudaMemcpy(&result, p, sizeof result, cudaMemcpyDeviceToHost);
  return result == 42 ? 0 : 1;
}
