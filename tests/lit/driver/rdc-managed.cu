// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Relocatable device code: static and anonymous-namespace managed variables have storage whether the host names them or only kernels do,
// in each file their own; the host sees what kernels wrote.
// REQUIRES: accc, accdevicelib, accrt
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: accc -rdc=true %s %S/Inputs/rdc_managed_second.cu -o together && ./together
// RUN: accc -dc %s -o a.o && accc -dc %S/Inputs/rdc_managed_second.cu -o b.o && accc a.o b.o -o apart && ./apart
#include <cstdio>
static __managed__ int named = 6; // by the host, too, but only below its first kernel
namespace {
__managed__ int unnamed = 7;
}
__global__ void kernel(int* out) {
  out[0] = named++;
  out[1] = unnamed++;
}
int second();
int main() {
  int* out = nullptr;
  cudaMallocManaged(&out, 8);
  kernel<<<1, 1>>>(out);
  cudaDeviceSynchronize();
  const bool first = out[0] == 6 && out[1] == 7 && named == 7;
  named = 50;
  kernel<<<1, 1>>>(out);
  cudaDeviceSynchronize();
  const bool ok = first && out[0] == 50 && out[1] == 8 && named == 51 && second() == 900 && cudaGetLastError() == cudaSuccess;
  printf("%s %d %d %d\n", ok ? "PASS" : "FAIL", out[0], out[1], named);
  return ok ? 0 : 1;
}
