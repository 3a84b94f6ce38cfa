// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rdc_shared.h"
static __constant__ int static_in[4]; // the same names as in the first file
namespace {
__device__ int anonymous = 20;
__global__ void kernel(int i) { anonymous += static_in[i]; }
}
int second() {
  int value = 0;
  kernel<<<1, 1>>>(0);
  cudaMemcpyFromSymbol(&value, anonymous, sizeof value);
  count_in_template<int><<<1, 1>>>(2);
  int zero[4];
  if (cudaMemcpyFromSymbol(zero, static_in, sizeof zero) != cudaSuccess || zero[0] != 0) return -1;
  return value;
}
