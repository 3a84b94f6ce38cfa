// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstring>
#include <string>

#include "tests/unit/runtime_cuda/expect.h"

namespace cuda_test {
namespace {

using DeviceApi = Clean;

TEST_F(DeviceApi, ThereIsOne) {
    int count = 0, device = -1;
    EXPECT_CUDA_OK(cudaGetDeviceCount(&count));
    EXPECT_EQ(count, 1);
    EXPECT_CUDA_OK(cudaGetDevice(&device));
    EXPECT_EQ(device, 0);
    EXPECT_CUDA_OK(cudaSetDevice(0));
    EXPECT_CUDA(cudaErrorInvalidDevice, cudaSetDevice(1));
    EXPECT_CUDA(cudaErrorInvalidDevice, cudaSetDevice(-1));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGetDevice(nullptr));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGetDeviceCount(nullptr));
}

// The limits of compute capability 8.0 as the CUDA programming guide's table of technical
// specifications has them, where the chip is said to be that.
TEST_F(DeviceApi, PropertiesAreThoseOfTheComputeCapability) {
    cudaDeviceProp p;
    std::memset(&p, 0xab, sizeof p);
    ASSERT_CUDA_OK(cudaGetDeviceProperties(&p, 0));
    EXPECT_EQ(p.major * 10 + p.minor, 80);
    EXPECT_EQ(p.warpSize, 32);
    EXPECT_EQ(p.maxThreadsPerBlock, 1024);
    EXPECT_EQ(p.maxThreadsDim[0], 1024);
    EXPECT_EQ(p.maxThreadsDim[1], 1024);
    EXPECT_EQ(p.maxThreadsDim[2], 64);
    EXPECT_EQ(p.maxGridSize[0], 2147483647);
    EXPECT_EQ(p.maxGridSize[1], 65535);
    EXPECT_EQ(p.maxGridSize[2], 65535);
    EXPECT_EQ(p.sharedMemPerBlock, 49152u);
    EXPECT_EQ(p.regsPerBlock, 65536);
    EXPECT_EQ(p.maxThreadsPerMultiProcessor, 2048);
    EXPECT_EQ(p.maxBlocksPerMultiProcessor, 32);
    EXPECT_EQ(p.totalConstMem, 65536u);
    EXPECT_GE(p.sharedMemPerMultiprocessor, p.sharedMemPerBlockOptin);
    EXPECT_GT(p.multiProcessorCount, 0);
    EXPECT_GT(p.totalGlobalMem, 0u);
    EXPECT_NE(std::string(p.name), "");
    EXPECT_EQ(p.clusterLaunch, 1); // more than 8.0 has
    EXPECT_EQ(p.reserved[10], 0);
    EXPECT_CUDA(cudaErrorInvalidDevice, cudaGetDeviceProperties(&p, 1));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGetDeviceProperties(nullptr, 0));
}

TEST_F(DeviceApi, AttributesAgreeWithProperties) {
    cudaDeviceProp p;
    ASSERT_CUDA_OK(cudaGetDeviceProperties(&p, 0));
    const struct {
        cudaDeviceAttr attr;
        long long value;
    } kRows[] = {
        {cudaDevAttrMaxThreadsPerBlock, p.maxThreadsPerBlock},
        {cudaDevAttrMaxBlockDimZ, p.maxThreadsDim[2]},
        {cudaDevAttrMaxGridDimX, p.maxGridSize[0]},
        {cudaDevAttrWarpSize, p.warpSize},
        {cudaDevAttrMultiProcessorCount, p.multiProcessorCount},
        {cudaDevAttrClockRate, p.clockRate},
        {cudaDevAttrComputeCapabilityMajor, p.major},
        {cudaDevAttrComputeCapabilityMinor, p.minor},
        {cudaDevAttrManagedMemory, p.managedMemory},
        {cudaDevAttrMemoryPoolsSupported, p.memoryPoolsSupported},
        {cudaDevAttrMaxSharedMemoryPerBlockOptin, static_cast<long long>(p.sharedMemPerBlockOptin)},
        {cudaDevAttrComputeMode, cudaComputeModeDefault},
        {cudaDevAttrIntegrated, p.integrated}};
    for (const auto& row : kRows) {
        int value = -12345;
        EXPECT_CUDA_OK(cudaDeviceGetAttribute(&value, row.attr, 0));
        EXPECT_EQ(value, row.value) << row.attr;
    }
    int value = 0;
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaDeviceGetAttribute(&value, static_cast<cudaDeviceAttr>(100000), 0));
    EXPECT_CUDA(cudaErrorInvalidDevice, cudaDeviceGetAttribute(&value, cudaDevAttrWarpSize, 3));
}

TEST_F(DeviceApi, LimitsAreSetAndRead) {
    size_t value = 0;
    EXPECT_CUDA_OK(cudaDeviceGetLimit(&value, cudaLimitStackSize));
    EXPECT_EQ(value, 1024u); // documented default
    EXPECT_CUDA_OK(cudaDeviceSetLimit(cudaLimitStackSize, 16384));
    EXPECT_CUDA_OK(cudaDeviceGetLimit(&value, cudaLimitStackSize));
    EXPECT_EQ(value, 16384u);
    EXPECT_CUDA_OK(cudaDeviceGetLimit(&value, cudaLimitMallocHeapSize));
    EXPECT_EQ(value, 8u << 20); // documented default
    EXPECT_CUDA(cudaErrorUnsupportedLimit, cudaDeviceSetLimit(cudaLimitPersistingL2CacheSize, 1));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaDeviceGetLimit(&value, static_cast<cudaLimit>(77)));
    EXPECT_CUDA_OK(cudaDeviceReset());
    EXPECT_CUDA_OK(cudaDeviceGetLimit(&value, cudaLimitStackSize));
    EXPECT_EQ(value, 1024u);
}

TEST_F(DeviceApi, PciBusIdGoesBothWays) {
    char id[32];
    ASSERT_CUDA_OK(cudaDeviceGetPCIBusId(id, sizeof id, 0));
    int device = -1;
    EXPECT_CUDA_OK(cudaDeviceGetByPCIBusId(&device, id));
    EXPECT_EQ(device, 0);
    EXPECT_CUDA(cudaErrorInvalidValue, cudaDeviceGetPCIBusId(id, 3, 0));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaDeviceGetByPCIBusId(&device, "nonsense"));
}

TEST_F(DeviceApi, ResetMakesANewContext) {
    void* pointer = nullptr;
    cudaStream_t stream = nullptr;
    ASSERT_CUDA_OK(cudaMalloc(&pointer, 1 << 20));
    ASSERT_CUDA_OK(cudaStreamCreate(&stream));
    EXPECT_CUDA_OK(cudaDeviceReset());
    EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaStreamSynchronize(stream));
    EXPECT_CUDA_OK(cudaMalloc(&pointer, 1 << 20));
    EXPECT_CUDA_OK(cudaMemset(pointer, 0, 1 << 20));
    EXPECT_CUDA_OK(cudaDeviceSynchronize());
    EXPECT_CUDA_OK(cudaFree(pointer));
}

TEST_F(DeviceApi, OneDeviceHasNoPeers) {
    int can = -1;
    EXPECT_CUDA_OK(cudaDeviceCanAccessPeer(&can, 0, 0));
    EXPECT_EQ(can, 0);
    EXPECT_CUDA(cudaErrorInvalidDevice, cudaDeviceCanAccessPeer(&can, 0, 1));
    EXPECT_CUDA(cudaErrorInvalidDevice, cudaDeviceEnablePeerAccess(0, 0));
    EXPECT_CUDA(cudaErrorPeerAccessNotEnabled, cudaDeviceDisablePeerAccess(0));
}

TEST_F(DeviceApi, Flags) {
    unsigned flags = 0;
    EXPECT_CUDA_OK(cudaSetDeviceFlags(cudaDeviceScheduleBlockingSync));
    EXPECT_CUDA_OK(cudaGetDeviceFlags(&flags));
    EXPECT_EQ(flags & cudaDeviceScheduleMask, unsigned{cudaDeviceScheduleBlockingSync});
    EXPECT_CUDA(cudaErrorInvalidValue, cudaSetDeviceFlags(0x10000));
    EXPECT_CUDA_OK(cudaSetDeviceFlags(cudaDeviceScheduleAuto));
}

TEST_F(DeviceApi, ChoosesADevice) {
    cudaDeviceProp wanted{};
    wanted.major = 3;
    int device = -1;
    EXPECT_CUDA_OK(cudaChooseDevice(&device, &wanted));
    EXPECT_EQ(device, 0);
}

TEST_F(DeviceApi, Versions) {
    int driver = 0, runtime = 0;
    EXPECT_CUDA_OK(cudaDriverGetVersion(&driver));
    EXPECT_CUDA_OK(cudaRuntimeGetVersion(&runtime));
    EXPECT_EQ(runtime, CUDART_VERSION);
    EXPECT_GE(driver, runtime);
    EXPECT_CUDA(cudaErrorInvalidValue, cudaRuntimeGetVersion(nullptr));
}

} // namespace
} // namespace cuda_test
