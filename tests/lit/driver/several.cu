// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Several sources in one run, of different languages; then a link of them.
// REQUIRES: accc, accdevicelib, accrt
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: accc -c %s %S/Inputs/host.cpp && ls several.o host.o
// RUN: accc -t 2 %s %S/Inputs/host.cpp -o program && ./program
// RUN: accc several.o host.o -o program2 && ./program2
// RUN: accc -lib host.o -o libhost.a && accc several.o -L. -lhost -o program3 && ./program3
// Objects of accc can be linked by any compiler.
// RUN: clang++-22 several.o host.o -L%toolkit/lib64 -lcudart -Wl,-rpath,%toolkit/lib64 -o program4 && ./program4
int from_host_file();
__global__ void kernel(int* p) { *p = 35; }
int main() {
  int *p, result = 0;
  cudaMalloc(&p, sizeof *p);
  kernel<<<1, 1>>>(p);
  cudaMemcpy(&result, p, sizeof result, cudaMemcpyDeviceToHost);
  return result + from_host_file() == 42 ? 0 : 1;
}
