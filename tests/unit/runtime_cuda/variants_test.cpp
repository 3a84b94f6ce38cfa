// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The deprecated, asynchronous and peer forms of calls do what their main form does.
#include <vector>

#include "tests/unit/runtime_cuda/expect.h"

extern "C" {
cudaError_t cudaMemPrefetchAsync_v2(const void*, size_t, cudaMemLocation, unsigned, cudaStream_t);
cudaError_t cudaMemAdvise_v2(const void*, size_t, cudaMemoryAdvise, cudaMemLocation);
}

namespace cuda_test {
namespace {

using Variants = Clean;

TEST_F(Variants, DeprecatedThreadCalls) {
    size_t value = 0;
    cudaFuncCache config = cudaFuncCachePreferNone;
    EXPECT_CUDA_OK(cudaThreadSetLimit(cudaLimitStackSize, 4096));
    EXPECT_CUDA_OK(cudaThreadGetLimit(&value, cudaLimitStackSize));
    EXPECT_EQ(value, 4096u);
    EXPECT_CUDA_OK(cudaThreadSetCacheConfig(cudaFuncCachePreferShared));
    EXPECT_CUDA_OK(cudaThreadGetCacheConfig(&config));
    EXPECT_EQ(config, cudaFuncCachePreferShared);
    EXPECT_CUDA_OK(cudaThreadSynchronize());
    EXPECT_CUDA_OK(cudaThreadExit());
    EXPECT_CUDA_OK(cudaDeviceGetLimit(&value, cudaLimitStackSize));
    EXPECT_EQ(value, 1024u); // a new context
}

TEST_F(Variants, Preferences) {
    cudaFuncCache cache = cudaFuncCachePreferNone;
    cudaSharedMemConfig banks = cudaSharedMemBankSizeDefault;
    EXPECT_CUDA_OK(cudaDeviceSetCacheConfig(cudaFuncCachePreferL1));
    EXPECT_CUDA_OK(cudaDeviceGetCacheConfig(&cache));
    EXPECT_EQ(cache, cudaFuncCachePreferL1);
    EXPECT_CUDA(cudaErrorInvalidValue, cudaDeviceSetCacheConfig(static_cast<cudaFuncCache>(9)));
    EXPECT_CUDA_OK(cudaDeviceSetSharedMemConfig(cudaSharedMemBankSizeEightByte));
    EXPECT_CUDA_OK(cudaDeviceGetSharedMemConfig(&banks));
    EXPECT_EQ(banks, cudaSharedMemBankSizeFourByte); // fixed in hardware since compute capability 5
}

TEST_F(Variants, DeviceChoice) {
    int devices[1] = {0}, missing[1] = {4};
    EXPECT_CUDA_OK(cudaInitDevice(0, cudaDeviceScheduleSpin, cudaInitDeviceFlagsAreValid));
    EXPECT_CUDA(cudaErrorInvalidDevice, cudaInitDevice(3, 0, 0));
    EXPECT_CUDA_OK(cudaSetValidDevices(devices, 1));
    EXPECT_CUDA_OK(cudaSetValidDevices(nullptr, 0));
    EXPECT_CUDA(cudaErrorInvalidDevice, cudaSetValidDevices(missing, 1));
    int value = 0;
    EXPECT_CUDA(cudaErrorInvalidDevice,
                cudaDeviceGetP2PAttribute(&value, cudaDevP2PAttrAccessSupported, 0, 0));
    EXPECT_CUDA(cudaErrorInvalidDevice,
                cudaDeviceGetP2PAttribute(&value, cudaDevP2PAttrAccessSupported, 0, 1));
}

TEST_F(Variants, CopiesThroughPeerFormsAndAsynchronousFills) {
    unsigned char *a = nullptr, *b = nullptr;
    ASSERT_CUDA_OK(cudaMalloc(reinterpret_cast<void**>(&a), 4096));
    ASSERT_CUDA_OK(cudaMalloc(reinterpret_cast<void**>(&b), 4096));
    cudaStream_t stream = nullptr;
    ASSERT_CUDA_OK(cudaStreamCreate(&stream));
    EXPECT_CUDA_OK(cudaMemset2DAsync(a, 64, 7, 32, 10, stream));
    EXPECT_CUDA_OK(cudaMemset3DAsync({a + 1024, 16, 16, 4}, 9, {16, 4, 2}, stream));
    EXPECT_CUDA_OK(cudaMemcpyPeerAsync(b, 0, a, 0, 2048, stream));
    EXPECT_CUDA_OK(cudaStreamSynchronize(stream));
    EXPECT_CUDA_OK(cudaMemcpyPeer(b + 2048, 0, a, 0, 64));
    EXPECT_CUDA(cudaErrorInvalidDevice, cudaMemcpyPeer(b, 1, a, 0, 64));
    cudaMemcpy3DParms p{};
    p.srcPtr = {a, 64, 64, 4};
    p.dstPtr = {b + 3000, 64, 64, 4};
    p.extent = {32, 2, 1};
    p.kind = cudaMemcpyDeviceToDevice;
    EXPECT_CUDA_OK(cudaMemcpy3DAsync(&p, stream));
    cudaMemcpy3DPeerParms peer{};
    peer.srcPtr = p.srcPtr;
    peer.dstPtr = {b + 3500, 64, 64, 4};
    peer.extent = p.extent;
    EXPECT_CUDA_OK(cudaMemcpy3DPeerAsync(&peer, stream));
    EXPECT_CUDA_OK(cudaMemcpy3DPeer(&peer));
    EXPECT_CUDA_OK(cudaStreamSynchronize(stream));
    std::vector<unsigned char> got(4096);
    ASSERT_CUDA_OK(cudaMemcpy(got.data(), b, 4096, cudaMemcpyDeviceToHost));
    for (const int at : {0, 31, 64, 2048, 2079, 3000, 3064, 3500, 3564})
        EXPECT_EQ(got[static_cast<size_t>(at)], 7) << at;
    for (const int at : {1024, 1024 + 127})
        EXPECT_EQ(got[static_cast<size_t>(at)], 9) << at;
    EXPECT_CUDA_OK(cudaStreamDestroy(stream));
    EXPECT_CUDA_OK(cudaFree(a));
    EXPECT_CUDA_OK(cudaFree(b));
}

TEST_F(Variants, StreamsEventsAndPools) {
    int device = -1;
    EXPECT_CUDA_OK(cudaStreamGetDevice(nullptr, &device));
    EXPECT_EQ(device, 0);
    cudaEvent_t event = nullptr;
    ASSERT_CUDA_OK(cudaEventCreate(&event));
    EXPECT_CUDA_OK(cudaEventRecordWithFlags(event, nullptr, cudaEventRecordDefault));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaEventRecordWithFlags(event, nullptr, 0x70));
    EXPECT_CUDA_OK(cudaEventDestroy(event));

    cudaMemPool_t pool = nullptr, same = nullptr;
    void* pointer = nullptr;
    ASSERT_CUDA_OK(cudaDeviceGetDefaultMemPool(&pool, 0));
    EXPECT_CUDA_OK(cudaDeviceGetMemPool(&same, 0));
    EXPECT_EQ(pool, same);
    EXPECT_CUDA_OK(cudaDeviceSetMemPool(0, pool));
    EXPECT_CUDA_OK(cudaMallocFromPoolAsync(&pointer, 1000, pool, nullptr));
    EXPECT_CUDA_OK(cudaFreeAsync(pointer, nullptr));
    const cudaMemAccessDesc own{{cudaMemLocationTypeDevice, 0}, cudaMemAccessFlagsProtReadWrite};
    EXPECT_CUDA_OK(cudaMemPoolSetAccess(pool, &own, 1));
    cudaMemAccessFlags flags = cudaMemAccessFlagsProtNone;
    cudaMemLocation location{cudaMemLocationTypeDevice, 0};
    EXPECT_CUDA_OK(cudaMemPoolGetAccess(&flags, pool, &location));
    EXPECT_EQ(flags, cudaMemAccessFlagsProtReadWrite);
}

TEST_F(Variants, ManagedMemoryHintsWithLocations) {
    void* data = nullptr;
    ASSERT_CUDA_OK(cudaMallocManaged(&data, 4096, cudaMemAttachGlobal));
    const cudaMemLocation device{cudaMemLocationTypeDevice, 0}, host{cudaMemLocationTypeHost, 0};
    EXPECT_CUDA_OK(cudaMemPrefetchAsync_v2(data, 4096, device, 0, nullptr));
    EXPECT_CUDA_OK(cudaMemAdvise_v2(data, 4096, cudaMemAdviseSetPreferredLocation, host));
    EXPECT_CUDA_OK(cudaStreamAttachMemAsync(nullptr, data, 0, cudaMemAttachGlobal));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaStreamAttachMemAsync(nullptr, data, 0, 0x77));
    EXPECT_CUDA_OK(cudaFree(data));
}

} // namespace
} // namespace cuda_test
