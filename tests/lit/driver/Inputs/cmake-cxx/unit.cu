// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
static __device__ int offset = 2;
__global__ void kernel(int* p) { *p += offset; }
int run() {
  int *p, value = 40;
  cudaMalloc(&p, sizeof *p);
  cudaMemcpy(p, &value, sizeof value, cudaMemcpyHostToDevice);
  kernel<<<1, 1>>>(p);
  cudaMemcpy(&value, p, sizeof value, cudaMemcpyDeviceToHost);
  return value;
}
