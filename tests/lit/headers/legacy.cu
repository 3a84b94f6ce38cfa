// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names that CUDA 12 removed or deprecated and programs still use.
// RUN: %cuda_host -O1 %s -o - | FileCheck %s
// RUN: %cuda_device -O1 %s -o /dev/null
#include <builtin_types.h>
#include <crt/host_defines.h>
#include <cuda.h>
#include <cuda_device_runtime_api.h>
#include <cuda_profiler_api.h>
#include <device_atomic_functions.h>
#include <device_functions.h>
#include <device_launch_parameters.h>
#include <math_constants.h>
#include <math_functions.h>
#include <sm_20_atomic_functions.h>
#include <sm_30_intrinsics.h>
#include <vector_functions.h>

static_assert(CUDART_VERSION == 12090 && CUDA_VERSION == 12090, "the release these headers present");
#if !defined(__CUDACC__) || !defined(__NVCC__) || __CUDACC_VER_MAJOR__ != 12
#error "nvcc's predefined macros are missing"
#endif

// CHECK-LABEL: define{{.*}} @old
extern "C" int old() {
    cudaDeviceProp properties;
    // CHECK: call{{.*}} @cudaGetDeviceProperties(
    cudaGetDeviceProperties(&properties, 0);
    // CHECK: call{{.*}} @cudaThreadSynchronize(
    cudaThreadSynchronize();
    // CHECK: call{{.*}} @cuMemAlloc_v2(
    CUdeviceptr pointer;
    cuMemAlloc(&pointer, 16);
    return properties.clockRate + properties.deviceOverlap + properties.computeMode;
}
