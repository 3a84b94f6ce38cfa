// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Relocatable device code in host objects of link-time optimisation: the device link finds it, whoever links the host's.
// REQUIRES: accc, accdevicelib, accrt
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: accc -dc -Xcompiler -flto %s -DDEVICE -o device.o && accc -dc -Xcompiler -flto %s -o main.o
// RUN: accc -Xcompiler -flto device.o main.o -o a && ./a
// RUN: accc device.o main.o -o b && ./b
// RUN: accc -dlink device.o main.o -o linked.o && g++ device.o main.o linked.o -L%toolkit/lib64 -lcudart_static -lrt -lpthread -ldl -o c && ./c
// RUN: accc -lib device.o -o libdevice.a && accc -Xcompiler -flto=thin main.o -L. -ldevice -o d && ./d
#ifdef DEVICE
__device__ int twice(int x) { return 2 * x; }
#else
extern __device__ int twice(int x);
__global__ void kernel(int* p) { *p = twice(21); }
int main() {
  int *p, result = 0;
  cudaMalloc(&p, sizeof *p);
  kernel<<<1, 1>>>(p);
  cudaMemcpy(&result, p, sizeof result, cudaMemcpyDeviceToHost);
  return result != 42;
}
#endif
