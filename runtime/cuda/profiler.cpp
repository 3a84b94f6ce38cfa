// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Start and stop of an attached profiler; without one the calls succeed and do nothing, as
// documented.
#include "cuda.h"
#include "runtime/cuda/api.h"

ACC_API cudaError_t cudaProfilerStart(void) {
    return cudaSuccess;
}
ACC_API cudaError_t cudaProfilerStop(void) {
    return cudaSuccess;
}
ACC_API CUresult cuProfilerStart(void) {
    return CUDA_SUCCESS;
}
ACC_API CUresult cuProfilerStop(void) {
    return CUDA_SUCCESS;
}
