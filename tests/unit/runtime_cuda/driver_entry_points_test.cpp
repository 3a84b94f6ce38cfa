// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Functions of the driver API by name and release.
#include <cuda.h>
#include <cudaTypedefs.h>

#include "tests/unit/runtime_cuda/expect.h"

namespace cuda_test {
namespace {

using EntryPoints = Clean;

void* get(const char* name, int release, cuuint64_t flags = CU_GET_PROC_ADDRESS_DEFAULT) {
    void* function = nullptr;
    CUdriverProcAddressQueryResult status = CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND;
    EXPECT_EQ(CUDA_SUCCESS, cuGetProcAddress(name, &function, release, flags, &status));
    EXPECT_EQ(function ? CU_GET_PROC_ADDRESS_SUCCESS : CU_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT,
              status);
    return function;
}

TEST_F(EntryPoints, ReachTheFunction) {
    auto version = reinterpret_cast<PFN_cuDriverGetVersion>(get("cuDriverGetVersion", 12000));
    int value = 0;
    ASSERT_EQ(CUDA_SUCCESS, version(&value));
    EXPECT_EQ(CUDA_VERSION, value);
    void* itself = get("cuGetProcAddress", 12000);
    void* again = nullptr;
    ASSERT_EQ(CUDA_SUCCESS, reinterpret_cast<PFN_cuGetProcAddress_v12000>(itself)(
                                "cuDriverGetVersion", &again, 12000, 0, nullptr));
    EXPECT_EQ(reinterpret_cast<void*>(version), again);
}

TEST_F(EntryPoints, TheReleaseDecidesTheForm) {
    ASSERT_EQ(CUDA_SUCCESS, cuInit(0));
    // Retain came with 7.0, its counterpart's second form with 11.0.
    EXPECT_EQ(nullptr, get("cuDevicePrimaryCtxRetain", 6050));
    EXPECT_NE(nullptr, get("cuDevicePrimaryCtxRetain", 7000));
    EXPECT_NE(nullptr, get("cuDevicePrimaryCtxRelease", 11000));
    CUcontext context = nullptr;
    auto create = reinterpret_cast<PFN_cuCtxCreate_v3020>(get("cuCtxCreate", 11000));
    ASSERT_EQ(CUDA_SUCCESS, create(&context, 0, 0));
    EXPECT_EQ(CUDA_SUCCESS, cuCtxDestroy(context));
}

TEST_F(EntryPoints, StreamsDecideTheFormToo) {
    void* legacy = get("cuStreamSynchronize", 12000);
    EXPECT_EQ(legacy, get("cuStreamSynchronize", 12000, CU_GET_PROC_ADDRESS_LEGACY_STREAM));
    const cuuint64_t own = CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM;
    EXPECT_NE(legacy, get("cuStreamSynchronize", 12000, own));
    EXPECT_EQ(nullptr, get("cuStreamSynchronize", 6050, own));
    EXPECT_EQ(get("cuInit", 12000), get("cuInit", 12000, own));
}

TEST_F(EntryPoints, WhatThereIsNotIsSaid) {
    void* function = &function;
    CUdriverProcAddressQueryResult status = CU_GET_PROC_ADDRESS_SUCCESS;
    EXPECT_EQ(CUDA_SUCCESS, cuGetProcAddress("cuNothing", &function, 12000, 0, &status));
    EXPECT_EQ(nullptr, function);
    EXPECT_EQ(CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND, status);
    EXPECT_EQ(CUDA_ERROR_NOT_FOUND, cuGetProcAddress("cuNothing", &function, 12000, 0, nullptr));
    EXPECT_EQ(CUDA_ERROR_INVALID_VALUE, cuGetProcAddress(nullptr, &function, 12000, 0, &status));
    EXPECT_EQ(CUDA_ERROR_INVALID_VALUE, cuGetProcAddress("cuInit", nullptr, 12000, 0, &status));
    EXPECT_EQ(CUDA_ERROR_INVALID_VALUE, cuGetProcAddress("cuInit", &function, 12000, 4, &status));
}

TEST_F(EntryPoints, TheRuntimeFindsTheSame) {
    void* function = nullptr;
    cudaDriverEntryPointQueryResult status = cudaDriverEntryPointSymbolNotFound;
    EXPECT_CUDA_OK(cudaGetDriverEntryPoint("cuInit", &function, cudaEnableDefault, &status));
    EXPECT_EQ(cudaDriverEntryPointSuccess, status);
    EXPECT_EQ(get("cuInit", 12000), function);
    EXPECT_CUDA_OK(cudaGetDriverEntryPointByVersion("cuDevicePrimaryCtxRetain", &function, 6050,
                                                    cudaEnableDefault, &status));
    EXPECT_EQ(nullptr, function);
    EXPECT_EQ(cudaDriverEntryPointVersionNotSufficent, status);
    EXPECT_EQ(cudaErrorInvalidValue,
              cudaGetDriverEntryPoint(nullptr, &function, cudaEnableDefault, &status));
    EXPECT_EQ(cudaErrorSymbolNotFound,
              cudaGetDriverEntryPoint("cuNothing", &function, cudaEnableDefault));
    cudaGetLastError();
}

} // namespace
} // namespace cuda_test
