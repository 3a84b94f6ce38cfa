// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory pools that programs make: what they hold, who sees their memory.
#include <cuda.h>

#include "tests/unit/runtime_cuda/devices.h"

namespace cuda_test {
namespace {

struct Pools : Devices {
    cudaMemPool_t pool = nullptr;
    cudaStream_t stream = nullptr;
    void SetUp() override {
        Devices::SetUp();
        ASSERT_CUDA_OK(cudaSetDevice(1));
        ASSERT_CUDA_OK(cudaStreamCreate(&stream));
        ASSERT_CUDA_OK(cudaMemPoolCreate(&pool, &properties()));
    }
    static cudaMemPoolProps& properties() {
        static cudaMemPoolProps props{};
        props.allocType = cudaMemAllocationTypePinned;
        props.location = {cudaMemLocationTypeDevice, 1};
        return props;
    }
    void* allocate(size_t bytes = 1 << 16) {
        void* at = nullptr;
        EXPECT_CUDA_OK(cudaMallocFromPoolAsync(&at, bytes, pool, stream));
        return at;
    }
    uint64_t attribute(cudaMemPoolAttr attr) {
        uint64_t value = 0;
        EXPECT_CUDA_OK(cudaMemPoolGetAttribute(pool, attr, &value));
        return value;
    }
    int flag(cudaMemPoolAttr attr) {
        int value = -1;
        EXPECT_CUDA_OK(cudaMemPoolGetAttribute(pool, attr, &value));
        return value;
    }
};

TEST_F(Pools, CountTheirOwnMemory) {
    void* at = allocate();
    EXPECT_CUDA_OK(cudaMemsetAsync(at, 7, 1 << 16, stream));
    EXPECT_CUDA_OK(cudaStreamSynchronize(stream));
    EXPECT_EQ(word_at(at), 0x07070707u);
    EXPECT_EQ(attribute(cudaMemPoolAttrUsedMemCurrent), 1u << 16);
    cudaMemPool_t standard = nullptr;
    uint64_t used = 1;
    EXPECT_CUDA_OK(cudaDeviceGetDefaultMemPool(&standard, 1));
    EXPECT_CUDA_OK(cudaMemPoolGetAttribute(standard, cudaMemPoolAttrUsedMemCurrent, &used));
    EXPECT_EQ(used, 0u);
    EXPECT_CUDA_OK(cudaFreeAsync(at, stream));
    EXPECT_EQ(attribute(cudaMemPoolAttrUsedMemCurrent), 0u);
    EXPECT_EQ(attribute(cudaMemPoolAttrUsedMemHigh), 1u << 16);
    EXPECT_CUDA_OK(cudaStreamSynchronize(stream));
    EXPECT_EQ(attribute(cudaMemPoolAttrReservedMemCurrent), 0u); // the threshold is 0
    uint64_t zero = 0, one = 1;
    EXPECT_CUDA_OK(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrUsedMemHigh, &zero));
    EXPECT_EQ(attribute(cudaMemPoolAttrUsedMemHigh), 0u);
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaMemPoolSetAttribute(pool, cudaMemPoolAttrUsedMemHigh, &one));
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaMemPoolSetAttribute(pool, cudaMemPoolAttrUsedMemCurrent, &zero));
}

TEST_F(Pools, ReuseAsTheyAreAllowed) {
    uint64_t keep = UINT64_MAX;
    int no = 0;
    EXPECT_CUDA_OK(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &keep));
    EXPECT_EQ(flag(cudaMemPoolReuseAllowOpportunistic), 1);
    EXPECT_CUDA_OK(cudaMemPoolSetAttribute(pool, cudaMemPoolReuseAllowOpportunistic, &no));
    EXPECT_EQ(flag(cudaMemPoolReuseAllowOpportunistic), 0);
    EXPECT_EQ(flag(cudaMemPoolReuseFollowEventDependencies), 1);
    void* at = allocate();
    EXPECT_CUDA_OK(cudaFreeAsync(at, stream));
    EXPECT_CUDA_OK(cudaStreamSynchronize(stream));
    cudaStream_t other = nullptr;
    void* elsewhere = nullptr;
    ASSERT_CUDA_OK(cudaStreamCreate(&other));
    EXPECT_CUDA_OK(cudaMallocFromPoolAsync(&elsewhere, 1 << 16, pool, other));
    EXPECT_NE(elsewhere, at);
    EXPECT_EQ(allocate(), at); // the stream that freed it
    EXPECT_CUDA_OK(cudaFreeAsync(elsewhere, other));
}

TEST_F(Pools, HoldNoMoreThanTheyMay) {
    cudaMemPoolProps small = properties();
    small.maxSize = 1 << 20;
    cudaMemPool_t limited = nullptr;
    void *first = nullptr, *second = nullptr;
    ASSERT_CUDA_OK(cudaMemPoolCreate(&limited, &small));
    EXPECT_CUDA_OK(cudaMallocFromPoolAsync(&first, 3 << 18, limited, stream));
    EXPECT_CUDA(cudaErrorMemoryAllocation,
                cudaMallocFromPoolAsync(&second, 1 << 19, limited, stream));
    EXPECT_CUDA_OK(cudaFreeAsync(first, stream));
    EXPECT_CUDA_OK(cudaMallocFromPoolAsync(&second, 1 << 19, limited, stream));
}

TEST_F(Pools, TheCurrentOneServesCudaMallocAsync) {
    cudaMemPool_t now = nullptr, standard = nullptr;
    EXPECT_CUDA_OK(cudaDeviceGetDefaultMemPool(&standard, 1));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaDeviceSetMemPool(0, pool)); // another device's
    EXPECT_CUDA_OK(cudaDeviceSetMemPool(1, pool));
    EXPECT_CUDA_OK(cudaDeviceGetMemPool(&now, 1));
    EXPECT_EQ(now, pool);
    void* at = nullptr;
    EXPECT_CUDA_OK(cudaMallocAsync(&at, 1 << 16, stream));
    EXPECT_EQ(attribute(cudaMemPoolAttrUsedMemCurrent), 1u << 16);
    EXPECT_CUDA_OK(cudaMemPoolDestroy(pool)); // its memory stays until it is freed
    EXPECT_CUDA_OK(cudaDeviceGetMemPool(&now, 1));
    EXPECT_EQ(now, standard);
    EXPECT_CUDA_OK(cudaMemsetAsync(at, 1, 1 << 16, stream));
    EXPECT_CUDA_OK(cudaFree(at));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMemPoolDestroy(pool));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMemPoolDestroy(standard));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMallocFromPoolAsync(&at, 64, pool, stream));
}

// Whoever has peer access has none to pools by that.
TEST_F(Pools, AreSeenByWhomTheyAreShownTo) {
    void* at = allocate();
    ASSERT_CUDA_OK(cudaMemsetAsync(at, 3, 1 << 16, stream));
    ASSERT_CUDA_OK(cudaStreamSynchronize(stream));
    cudaMemLocation first = {cudaMemLocationTypeDevice, 0};
    cudaMemAccessDesc wanted = {first, cudaMemAccessFlagsProtReadWrite};
    cudaMemAccessFlags flags = cudaMemAccessFlagsProtRead;
    EXPECT_CUDA_OK(cudaMemPoolGetAccess(&flags, pool, &first));
    EXPECT_EQ(flags, cudaMemAccessFlagsProtNone);
    EXPECT_CUDA_OK(cudaMemPoolSetAccess(pool, &wanted, 1));
    EXPECT_CUDA_OK(cudaMemPoolGetAccess(&flags, pool, &first));
    EXPECT_EQ(flags, cudaMemAccessFlagsProtReadWrite);
    ASSERT_CUDA_OK(cudaSetDevice(0));
    Step step(static_cast<unsigned*>(at), 2, 1);
    step.launch(nullptr);
    EXPECT_CUDA_OK(cudaDeviceSynchronize());
    EXPECT_EQ(word_at(at), 0x03030303u * 2 + 1);
    wanted.flags = cudaMemAccessFlagsProtNone;
    EXPECT_CUDA_OK(cudaMemPoolSetAccess(pool, &wanted, 1));
    EXPECT_CUDA_OK(cudaDeviceEnablePeerAccess(1, 0));
    step.launch(nullptr);
    EXPECT_CUDA(cudaErrorIllegalAddress, cudaDeviceSynchronize());
    ASSERT_CUDA_OK(cudaSetDevice(1));
    wanted = {{cudaMemLocationTypeDevice, 1}, cudaMemAccessFlagsProtNone};
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMemPoolSetAccess(pool, &wanted, 1)); // its own
    wanted.location.id = kDevices;
    EXPECT_CUDA(cudaErrorInvalidDevice, cudaMemPoolSetAccess(pool, &wanted, 1));
}

TEST_F(Pools, AStreamOfAnotherDeviceMayUseThem) {
    cudaMemAccessDesc wanted = {{cudaMemLocationTypeDevice, 0}, cudaMemAccessFlagsProtReadWrite};
    ASSERT_CUDA_OK(cudaMemPoolSetAccess(pool, &wanted, 1));
    ASSERT_CUDA_OK(cudaSetDevice(0));
    cudaStream_t other = nullptr;
    void *at = nullptr, *again = nullptr;
    ASSERT_CUDA_OK(cudaStreamCreate(&other));
    EXPECT_CUDA_OK(cudaMallocFromPoolAsync(&at, 4096, pool, other));
    EXPECT_CUDA_OK(cudaMemsetAsync(at, 9, 4096, other));
    EXPECT_CUDA_OK(cudaStreamSynchronize(other));
    EXPECT_EQ(word_at(at), 0x09090909u);
    EXPECT_CUDA_OK(cudaFreeAsync(at, other));
    EXPECT_CUDA_OK(cudaMallocFromPoolAsync(&again, 4096, pool, other));
    EXPECT_EQ(again, at);
    EXPECT_CUDA_OK(cudaFreeAsync(again, other));
    EXPECT_CUDA_OK(cudaDeviceReset()); // and with it the stream that the pool remembers
    ASSERT_CUDA_OK(cudaSetDevice(1));
    EXPECT_NE(allocate(4096), nullptr);
}

TEST_F(Pools, OfTheDriverApiAreTheSame) {
    CUmemPoolProps props{};
    props.allocType = CU_MEM_ALLOCATION_TYPE_PINNED;
    props.location = {CU_MEM_LOCATION_TYPE_DEVICE, 1};
    CUmemoryPool made = nullptr, now = nullptr;
    CUdeviceptr at = 0;
    ASSERT_EQ(cuMemPoolCreate(&made, &props), CUDA_SUCCESS);
    EXPECT_EQ(cuMemAllocFromPoolAsync(&at, 8192, made, stream), CUDA_SUCCESS);
    cuuint64_t used = 0;
    EXPECT_EQ(cuMemPoolGetAttribute(made, CU_MEMPOOL_ATTR_USED_MEM_CURRENT, &used), CUDA_SUCCESS);
    EXPECT_EQ(used, 8192u);
    EXPECT_EQ(cuMemPoolSetAttribute(made, CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, &used), CUDA_SUCCESS);
    EXPECT_EQ(cuMemFreeAsync(at, stream), CUDA_SUCCESS);
    EXPECT_EQ(cuStreamSynchronize(stream), CUDA_SUCCESS);
    EXPECT_EQ(cuMemPoolGetAttribute(made, CU_MEMPOOL_ATTR_RESERVED_MEM_CURRENT, &used),
              CUDA_SUCCESS);
    EXPECT_EQ(used, 8192u); // what the threshold keeps
    EXPECT_EQ(cuMemPoolTrimTo(made, 0), CUDA_SUCCESS);
    EXPECT_EQ(cuMemPoolGetAttribute(made, CU_MEMPOOL_ATTR_RESERVED_MEM_CURRENT, &used),
              CUDA_SUCCESS);
    EXPECT_EQ(used, 0u);
    EXPECT_EQ(cuDeviceSetMemPool(1, made), CUDA_SUCCESS);
    EXPECT_EQ(cuDeviceGetMemPool(&now, 1), CUDA_SUCCESS);
    EXPECT_EQ(now, made);
    CUmemLocation own = {CU_MEM_LOCATION_TYPE_DEVICE, 1};
    CUmemAccess_flags flags = CU_MEM_ACCESS_FLAGS_PROT_NONE;
    EXPECT_EQ(cuMemPoolGetAccess(&flags, made, &own), CUDA_SUCCESS);
    EXPECT_EQ(flags, CU_MEM_ACCESS_FLAGS_PROT_READWRITE);
    CUmemAccessDesc first = {{CU_MEM_LOCATION_TYPE_DEVICE, 0}, CU_MEM_ACCESS_FLAGS_PROT_READ};
    EXPECT_EQ(cuMemPoolSetAccess(made, &first, 1), CUDA_SUCCESS);
    EXPECT_EQ(cuMemPoolGetAccess(&flags, made, &first.location), CUDA_SUCCESS);
    EXPECT_EQ(flags, CU_MEM_ACCESS_FLAGS_PROT_READ);
    EXPECT_EQ(cuMemPoolDestroy(made), CUDA_SUCCESS);
    props.location.type = CU_MEM_LOCATION_TYPE_HOST;
    EXPECT_EQ(cuMemPoolCreate(&made, &props), CUDA_ERROR_NOT_SUPPORTED);
}

} // namespace
} // namespace cuda_test
