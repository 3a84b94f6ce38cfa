// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Values and layouts that CUDA documents and that binaries, file formats and other languages'
// bindings rely on. Typed in from the documentation of CUDA 12, not taken from our tables.
#include <cstddef>
#include <gtest/gtest.h>

#include "cuComplex.h"
#include "cuda.h"
#include "cuda_fp16.h"
#include "cuda_runtime_api.h"
#include "library_types.h"

namespace {

TEST(CudaConstants, RuntimeErrors) {
    EXPECT_EQ(cudaSuccess, 0);
    EXPECT_EQ(cudaErrorInvalidValue, 1);
    EXPECT_EQ(cudaErrorMemoryAllocation, 2);
    EXPECT_EQ(cudaErrorInitializationError, 3);
    EXPECT_EQ(cudaErrorCudartUnloading, 4);
    EXPECT_EQ(cudaErrorInvalidConfiguration, 9);
    EXPECT_EQ(cudaErrorInvalidPitchValue, 12);
    EXPECT_EQ(cudaErrorInvalidSymbol, 13);
    EXPECT_EQ(cudaErrorInvalidDevicePointer, 17);
    EXPECT_EQ(cudaErrorInvalidMemcpyDirection, 21);
    EXPECT_EQ(cudaErrorInsufficientDriver, 35);
    EXPECT_EQ(cudaErrorMissingConfiguration, 52);
    EXPECT_EQ(cudaErrorInvalidDeviceFunction, 98);
    EXPECT_EQ(cudaErrorNoDevice, 100);
    EXPECT_EQ(cudaErrorInvalidDevice, 101);
    EXPECT_EQ(cudaErrorInvalidKernelImage, 200);
    EXPECT_EQ(cudaErrorNoKernelImageForDevice, 209);
    EXPECT_EQ(cudaErrorInvalidPtx, 218);
    EXPECT_EQ(cudaErrorInvalidResourceHandle, 400);
    EXPECT_EQ(cudaErrorIllegalState, 401);
    EXPECT_EQ(cudaErrorSymbolNotFound, 500);
    EXPECT_EQ(cudaErrorNotReady, 600);
    EXPECT_EQ(cudaErrorIllegalAddress, 700);
    EXPECT_EQ(cudaErrorLaunchOutOfResources, 701);
    EXPECT_EQ(cudaErrorLaunchTimeout, 702);
    EXPECT_EQ(cudaErrorPeerAccessAlreadyEnabled, 704);
    EXPECT_EQ(cudaErrorAssert, 710);
    EXPECT_EQ(cudaErrorHostMemoryAlreadyRegistered, 712);
    EXPECT_EQ(cudaErrorHardwareStackError, 714);
    EXPECT_EQ(cudaErrorIllegalInstruction, 715);
    EXPECT_EQ(cudaErrorMisalignedAddress, 716);
    EXPECT_EQ(cudaErrorInvalidAddressSpace, 717);
    EXPECT_EQ(cudaErrorInvalidPc, 718);
    EXPECT_EQ(cudaErrorLaunchFailure, 719);
    EXPECT_EQ(cudaErrorCooperativeLaunchTooLarge, 720);
    EXPECT_EQ(cudaErrorNotPermitted, 800);
    EXPECT_EQ(cudaErrorNotSupported, 801);
    EXPECT_EQ(cudaErrorStreamCaptureUnsupported, 900);
    EXPECT_EQ(cudaErrorTimeout, 909);
    EXPECT_EQ(cudaErrorUnknown, 999);
}

TEST(CudaConstants, DriverErrors) {
    EXPECT_EQ(CUDA_SUCCESS, 0);
    EXPECT_EQ(CUDA_ERROR_INVALID_VALUE, 1);
    EXPECT_EQ(CUDA_ERROR_OUT_OF_MEMORY, 2);
    EXPECT_EQ(CUDA_ERROR_NOT_INITIALIZED, 3);
    EXPECT_EQ(CUDA_ERROR_NO_DEVICE, 100);
    EXPECT_EQ(CUDA_ERROR_INVALID_IMAGE, 200);
    EXPECT_EQ(CUDA_ERROR_INVALID_CONTEXT, 201);
    EXPECT_EQ(CUDA_ERROR_NO_BINARY_FOR_GPU, 209);
    EXPECT_EQ(CUDA_ERROR_INVALID_HANDLE, 400);
    EXPECT_EQ(CUDA_ERROR_NOT_FOUND, 500);
    EXPECT_EQ(CUDA_ERROR_ILLEGAL_ADDRESS, 700);
    EXPECT_EQ(CUDA_ERROR_LAUNCH_FAILED, 719);
    EXPECT_EQ(CUDA_ERROR_NOT_SUPPORTED, 801);
    EXPECT_EQ(CUDA_ERROR_UNKNOWN, 999);
}

TEST(CudaConstants, Enumerations) {
    EXPECT_EQ(cudaMemcpyHostToHost, 0);
    EXPECT_EQ(cudaMemcpyHostToDevice, 1);
    EXPECT_EQ(cudaMemcpyDeviceToHost, 2);
    EXPECT_EQ(cudaMemcpyDeviceToDevice, 3);
    EXPECT_EQ(cudaMemcpyDefault, 4);
    EXPECT_EQ(cudaMemoryTypeUnregistered, 0);
    EXPECT_EQ(cudaMemoryTypeManaged, 3);
    EXPECT_EQ(cudaFuncCachePreferL1, 2);
    EXPECT_EQ(cudaFuncAttributeMaxDynamicSharedMemorySize, 8);
    EXPECT_EQ(cudaFuncAttributePreferredSharedMemoryCarveout, 9);
    EXPECT_EQ(cudaLimitStackSize, 0);
    EXPECT_EQ(cudaLimitPrintfFifoSize, 1);
    EXPECT_EQ(cudaLimitMallocHeapSize, 2);
    EXPECT_EQ(cudaMemAdviseSetReadMostly, 1);
    EXPECT_EQ(cudaMemAdviseSetPreferredLocation, 3);
    EXPECT_EQ(cudaMemAdviseSetAccessedBy, 5);
    EXPECT_EQ(cudaStreamCaptureModeRelaxed, 2);
    EXPECT_EQ(cudaGraphNodeTypeKernel, 0);
    EXPECT_EQ(cudaGraphNodeTypeMemset, 2);
    EXPECT_EQ(cudaChannelFormatKindFloat, 2);
    EXPECT_EQ(cudaAddressModeClamp, 1);
    EXPECT_EQ(cudaFilterModeLinear, 1);
    EXPECT_EQ(CUDA_R_32F, 0);
    EXPECT_EQ(CUDA_R_16F, 2);
    EXPECT_EQ(CUDA_R_8I, 3);
    EXPECT_EQ(CUDA_R_16BF, 14);
}

// The runtime and the driver number device attributes alike.
TEST(CudaConstants, DeviceAttributes) {
    struct {
        int runtime, driver, value;
    } const rows[] = {
        {cudaDevAttrMaxThreadsPerBlock, CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK, 1},
        {cudaDevAttrMaxGridDimX, CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X, 5},
        {cudaDevAttrMaxSharedMemoryPerBlock, CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK, 8},
        {cudaDevAttrWarpSize, CU_DEVICE_ATTRIBUTE_WARP_SIZE, 10},
        {cudaDevAttrClockRate, CU_DEVICE_ATTRIBUTE_CLOCK_RATE, 13},
        {cudaDevAttrMultiProcessorCount, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, 16},
        {cudaDevAttrMaxThreadsPerMultiProcessor, CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR,
         39},
        {cudaDevAttrUnifiedAddressing, CU_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING, 41},
        {cudaDevAttrComputeCapabilityMajor, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, 75},
        {cudaDevAttrComputeCapabilityMinor, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, 76},
        {cudaDevAttrManagedMemory, CU_DEVICE_ATTRIBUTE_MANAGED_MEMORY, 83},
        {cudaDevAttrCooperativeLaunch, CU_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH, 95},
        {cudaDevAttrMaxSharedMemoryPerBlockOptin,
         CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN, 97},
        {cudaDevAttrMemoryPoolsSupported, CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED, 115},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(row.runtime, row.value);
        EXPECT_EQ(row.driver, row.value);
    }
}

TEST(CudaLayout, VectorTypes) {
    EXPECT_EQ(sizeof(char3), 3u);
    EXPECT_EQ(alignof(char4), 4u);
    EXPECT_EQ(alignof(short2), 4u);
    EXPECT_EQ(sizeof(int3), 12u);
    EXPECT_EQ(alignof(int3), 4u);
    EXPECT_EQ(alignof(int2), 8u);
    EXPECT_EQ(alignof(float4), 16u);
    EXPECT_EQ(sizeof(float3), 12u);
    EXPECT_EQ(alignof(double2), 16u);
    EXPECT_EQ(alignof(double4), 16u);
    EXPECT_EQ(sizeof(double4), 32u);
    EXPECT_EQ(alignof(longlong4), 16u);
    EXPECT_EQ(sizeof(dim3), 12u);
    EXPECT_EQ(sizeof(__half), 2u);
    EXPECT_EQ(alignof(__half2), 4u);
    EXPECT_EQ(sizeof(cuDoubleComplex), 16u);
}

TEST(CudaLayout, Structures) {
    EXPECT_EQ(sizeof(cudaDeviceProp), 1032u);
    EXPECT_EQ(offsetof(cudaDeviceProp, totalGlobalMem), 288u);
    EXPECT_EQ(offsetof(cudaDeviceProp, major), 360u);
    EXPECT_EQ(sizeof(cudaPointerAttributes), 24u);
    EXPECT_EQ(sizeof(cudaIpcMemHandle_t), 64u);
    EXPECT_EQ(sizeof(cudaUUID_t), 16u);
    EXPECT_EQ(sizeof(cudaLaunchAttributeValue), 64u);
    EXPECT_EQ(sizeof(cudaLaunchAttribute), 72u);
    EXPECT_EQ(sizeof(cudaGraphEdgeData), 8u);
    EXPECT_EQ(sizeof(CUdeviceptr), 8u);
    EXPECT_EQ(sizeof(CUtensorMap), 128u);
    EXPECT_EQ(alignof(CUtensorMap), 128u);
}

TEST(CudaConstants, Dim3DefaultsToOne) {
    const dim3 d(7);
    EXPECT_EQ(d.x, 7u);
    EXPECT_EQ(d.y, 1u);
    EXPECT_EQ(d.z, 1u);
}

} // namespace
