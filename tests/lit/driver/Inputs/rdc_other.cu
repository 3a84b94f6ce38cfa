// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
static __device__ int addend = 3;
__managed__ int managed = 4;
__global__ void other_kernel(int* p) { *p = addend + managed; }
int other() {
  int *p, result = 0, three = 0;
  managed = 5;
  cudaMalloc(&p, sizeof *p);
  other_kernel<<<1, 1>>>(p);
  cudaMemcpy(&result, p, sizeof result, cudaMemcpyDeviceToHost);
  cudaMemcpyFromSymbol(&three, addend, sizeof three);
  return result == 8 && three == 3 ? 0 : 1;
}
