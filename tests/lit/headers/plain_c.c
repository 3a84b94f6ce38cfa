// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The API headers are plain C, for host-only files and any compiler.
// RUN: clang-22 -std=c99 -Wall -Wextra -pedantic-errors -Wno-c11-extensions -fsyntax-only -isystem %cuda_headers %s
// RUN: clang++-22 -x c++ -std=c++98 -Wall -fsyntax-only -isystem %cuda_headers %s
// RUN: clang++-22 -x c++ -std=c++20 -Wall -fsyntax-only -isystem %cuda_headers %s
#include <cuComplex.h>
#include <cuda.h>
#include <cuda_profiler_api.h>
#include <cuda_runtime.h>
#include <cuda_runtime_api.h>
#include <library_types.h>
#include <math_constants.h>
#include <vector_types.h>

int main(void) {
    float4 v = make_float4(1, 2, 3, 4);
    cuDoubleComplex z = cuCmul(make_cuDoubleComplex(1, 2), make_cuDoubleComplex(3, 4));
    struct cudaExtent extent = make_cudaExtent(1, 2, 3);
    enum cudaMemcpyKind kind = cudaMemcpyHostToDevice;
    return (int)(v.x + cuCreal(z)) + (int)extent.width + (int)kind + (int)CUDA_SUCCESS;
}
