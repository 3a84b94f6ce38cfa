// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
static __managed__ int named = 900; // another file's
static __global__ void kernel(int *out) { *out = named; }
int second() {
  int *out = nullptr;
  cudaMallocManaged(&out, 4);
  kernel<<<1, 1>>>(out);
  cudaDeviceSynchronize();
  return *out;
}
