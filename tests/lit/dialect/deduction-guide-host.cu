// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -std=c++17 -c %s -o %t.o 2>&1 | count 0
template <class T> struct Box { T v; __host__ __device__ Box(T x, int) : v(x) {} };
template <class T> __host__ Box(T*, T) -> Box<T*>;
template <class T> __device__ Box(T**, T) -> Box<T**>;
template <class T> __host__ __device__ Box(T***, T) -> Box<T***>;
__global__ void k(int* p) { Box b(*p, 1); *p = b.v; }
int main() { int x = 1; Box b(&x, 2); Box c(x, 3); return *b.v - c.v; }
