// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A plain C++ file between the CUDA files: calls the runtime and one of their functions.
#include <cuda_runtime_api.h>

int run_a(int x);

int from_plain_cpp(int x) {
    int device = -1;
    return cudaGetDevice(&device) == cudaSuccess && device == 0 ? run_a(x) : -1;
}
