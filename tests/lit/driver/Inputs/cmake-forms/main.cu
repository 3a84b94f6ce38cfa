// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calls every unit once; each adds one.
using Unit = int(int);
__device__ Unit unit_OFF, unit_75_virtual, unit_70_real_80, unit_all_major, unit_native;
template <Unit... units>
__global__ void kernel(int* p) {
  ((*p = units(*p)), ...);
}
int main() {
  int *p, result = 0;
  cudaMalloc(&p, sizeof *p);
  cudaMemset(p, 0, sizeof *p);
  kernel<unit_OFF, unit_75_virtual, unit_70_real_80, unit_all_major, unit_native><<<1, 1>>>(p);
  cudaMemcpy(&result, p, sizeof result, cudaMemcpyDeviceToHost);
  return result == 5 ? 0 : 1;
}
