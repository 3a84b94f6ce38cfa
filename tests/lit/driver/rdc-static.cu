// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Relocatable device code: static and anonymous-namespace variables and kernels belong to their file, templates and inline variables
// are one for the program; both are read and written from the host and from device code above and below their first host use.
// REQUIRES: accc, accdevicelib, accrt
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: accc -rdc=true %s %S/Inputs/rdc_second.cu -o together && ./together
// RUN: accc -dc %s -o a.o && accc -dc %S/Inputs/rdc_second.cu -o b.o
// RUN: accc -dlink a.o b.o -o device.o && g++ a.o b.o device.o -L%toolkit/lib64 -lcudart -o by-gcc && ./by-gcc
// One source compiled twice, with other options that are no macros, gives two different units.
// RUN: accc -dc -O0 %S/Inputs/rdc_second.cu -o c.o && accc a.o c.o -o other && ./other
#include "Inputs/rdc_shared.h"
#include <cstdio>
static __constant__ int static_in[4];
static __device__ int static_out[4];
namespace {
__device__ int anonymous = 10;
__global__ void kernel(int i) { static_out[i] = static_in[i] + anonymous; } // before the host names them
}
int main() {
  const int in[4] = {1, 2, 3, 4};
  int out[4] = {}, mine = 0, count = 0, member = 0;
  cudaMemcpyToSymbol(static_in, in, sizeof in);
  for (int i = 0; i < 4; ++i)
    kernel<<<1, 1>>>(i);
  cudaMemcpyFromSymbol(out, static_out, sizeof out);
  cudaMemcpyFromSymbol(&mine, anonymous, sizeof mine);
  count_in_template<int><<<1, 1>>>(1);
  const int seen = second();
  cudaMemcpyFromSymbol(&count, counter_of<int>, sizeof count);
  cudaMemcpyFromSymbol(&member, other_counter<int>, sizeof member);
  bool ok = out[0] == 11 && out[3] == 14 && mine == 10 && seen == 20 && count == 100 + 1 + 2 && member == 7 + 1 + 2 &&
            cudaGetLastError() == cudaSuccess;
  printf("%s %d %d %d %d %d %d\n", ok ? "PASS" : "FAIL", out[0], out[3], mine, seen, count, member);
  return ok ? 0 : 1;
}
