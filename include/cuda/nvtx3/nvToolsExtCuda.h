// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names for CUDA objects: no tool shows them yet.
#pragma once
#include "cuda.h"
#include "nvToolsExt.h"

static __inline__ void nvtxNameCuDeviceA(CUdevice device, const char* name) {
    (void)device, (void)name;
}
static __inline__ void nvtxNameCuStreamA(CUstream stream, const char* name) {
    (void)stream, (void)name;
}
static __inline__ void nvtxNameCuEventA(CUevent event, const char* name) {
    (void)event, (void)name;
}
