// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names for CUDA objects: no tool shows them yet.
#pragma once
#include "cuda.h"
#include "nvToolsExt.h"

static __inline__ void nvtxNameCuDeviceA(CUdevice device, const char* name) {
    (void)device, (void)name;
}
static __inline__ void nvtxNameCuDeviceW(CUdevice device, const wchar_t* name) {
    (void)device, (void)name;
}
static __inline__ void nvtxNameCuStreamA(CUstream stream, const char* name) {
    (void)stream, (void)name;
}
static __inline__ void nvtxNameCuStreamW(CUstream stream, const wchar_t* name) {
    (void)stream, (void)name;
}
static __inline__ void nvtxNameCuEventA(CUevent event, const char* name) {
    (void)event, (void)name;
}
static __inline__ void nvtxNameCuEventW(CUevent event, const wchar_t* name) {
    (void)event, (void)name;
}
