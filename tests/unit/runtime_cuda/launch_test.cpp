// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls about kernels that need no kernel: unknown functions, bad attributes, channel descriptions.
#include "tests/unit/runtime_cuda/expect.h"

namespace cuda_test {
namespace {

using LaunchApi = Clean;

TEST_F(LaunchApi, UnknownFunctionsAreRefusedEverywhere) {
    const void* unknown = reinterpret_cast<const void*>(&cudaGetDeviceCount);
    const char* name = nullptr;
    size_t offset = 0;
    int blocks = 0;
    cudaLaunchConfig_t config{};
    config.gridDim = config.blockDim = dim3{1, 1, 1};
    EXPECT_CUDA(cudaErrorInvalidDeviceFunction, cudaLaunchKernelExC(&config, unknown, nullptr));
    EXPECT_CUDA(cudaErrorInvalidDeviceFunction,
                cudaLaunchCooperativeKernel(unknown, {1, 1, 1}, {1, 1, 1}, nullptr, 0, nullptr));
    EXPECT_CUDA(cudaErrorInvalidDeviceFunction,
                cudaFuncSetCacheConfig(unknown, cudaFuncCachePreferL1));
    EXPECT_CUDA(cudaErrorInvalidDeviceFunction,
                cudaFuncSetSharedMemConfig(unknown, cudaSharedMemBankSizeFourByte));
    EXPECT_CUDA(cudaErrorInvalidDeviceFunction, cudaFuncGetName(&name, unknown));
    EXPECT_CUDA(cudaErrorInvalidDeviceFunction, cudaFuncGetParamInfo(unknown, 0, &offset, nullptr));
    EXPECT_CUDA(cudaErrorInvalidDeviceFunction,
                cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(&blocks, unknown, 32, 0, 0));
    EXPECT_CUDA(cudaErrorInvalidDeviceFunction,
                cudaOccupancyAvailableDynamicSMemPerBlock(&offset, unknown, 1, 32));
}

TEST_F(LaunchApi, BadLaunchConfigurationsAreRefused) {
    EXPECT_CUDA(cudaErrorInvalidValue, cudaLaunchKernelExC(nullptr, nullptr, nullptr));
    cudaLaunchConfig_t config{};
    config.numAttrs = 1;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaLaunchKernelExC(&config, nullptr, nullptr));
    cudaLaunchAttribute cluster{};
    cluster.id = cudaLaunchAttributeClusterDimension;
    config.attrs = &cluster;
    EXPECT_CUDA(cudaErrorInvalidClusterSize, cudaLaunchKernelExC(&config, nullptr, nullptr));
}

TEST_F(LaunchApi, ChannelDescriptions) {
    const cudaChannelFormatDesc desc = cudaCreateChannelDesc(8, 16, 32, 0,
                                                             cudaChannelFormatKindUnsigned);
    EXPECT_EQ(desc.x, 8);
    EXPECT_EQ(desc.y, 16);
    EXPECT_EQ(desc.z, 32);
    EXPECT_EQ(desc.w, 0);
    EXPECT_EQ(desc.f, cudaChannelFormatKindUnsigned);
}

TEST_F(LaunchApi, ProfilerCallsSucceedWithoutAProfiler) {
    EXPECT_CUDA_OK(cudaProfilerStart());
    EXPECT_CUDA_OK(cudaProfilerStop());
}

} // namespace
} // namespace cuda_test
