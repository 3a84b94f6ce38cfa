// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// open_runtime FILE: the library at FILE and the one that the program was linked with are one.
#include <cuda_runtime_api.h>
#include <dlfcn.h>
int main(int, char** argv) {
  void* library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (!library) return 1;
  int count = 0;
  auto function = reinterpret_cast<cudaError_t (*)(int*)>(dlsym(library, "cudaGetDeviceCount"));
  if (!function || function(&count) != cudaSuccess || count < 1) return 2;
  return function == &cudaGetDeviceCount || dlsym(RTLD_DEFAULT, "cudaGetDeviceCount") == reinterpret_cast<void*>(function) ? 0 : 3;
}
