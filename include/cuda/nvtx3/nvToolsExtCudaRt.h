// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names for CUDA runtime objects: no tool shows them yet.
#pragma once
#include "cuda_runtime_api.h"
#include "nvToolsExt.h"

static __inline__ void nvtxNameCudaDeviceA(int device, const char* name) {
    (void)device, (void)name;
}
static __inline__ void nvtxNameCudaDeviceW(int device, const wchar_t* name) {
    (void)device, (void)name;
}
static __inline__ void nvtxNameCudaStreamA(cudaStream_t stream, const char* name) {
    (void)stream, (void)name;
}
static __inline__ void nvtxNameCudaStreamW(cudaStream_t stream, const wchar_t* name) {
    (void)stream, (void)name;
}
static __inline__ void nvtxNameCudaEventA(cudaEvent_t event, const char* name) {
    (void)event, (void)name;
}
static __inline__ void nvtxNameCudaEventW(cudaEvent_t event, const wchar_t* name) {
    (void)event, (void)name;
}
