// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cuda.h>
#include <cuda_runtime.h>
#include <nvtx3/nvToolsExt.h>
int main() {
  nvtxMark("start");
  int runtime = 0, driver = 0;
  return cudaGetDeviceCount(&runtime) == cudaSuccess && cuInit(0) == CUDA_SUCCESS &&
                 cuDeviceGetCount(&driver) == CUDA_SUCCESS && runtime == driver
             ? 0
             : 1;
}
