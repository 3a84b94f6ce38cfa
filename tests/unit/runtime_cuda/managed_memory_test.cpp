// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What was said about managed memory is read back, page by page.
#include <cuda.h>

#include <cstring>
#include <vector>

#include "tests/unit/runtime_cuda/devices.h"

namespace cuda_test {
namespace {

struct Managed : Devices {
    static constexpr size_t kPages = 16, kPage = 4096;
    char* at = nullptr;
    void SetUp() override {
        Devices::SetUp();
        ASSERT_CUDA_OK(cudaMallocManaged(reinterpret_cast<void**>(&at), kPages * kPage * 64));
    }
    int read(cudaMemRangeAttribute attribute, size_t first, size_t pages) {
        int value = -100;
        EXPECT_CUDA_OK(cudaMemRangeGetAttribute(&value, sizeof value, attribute, at + first * kPage,
                                                pages * kPage));
        return value;
    }
};

TEST_F(Managed, AnAttributeIsWhatAllPagesHave) {
    const auto most = cudaMemRangeAttributeReadMostly;
    EXPECT_EQ(read(most, 0, 8), 0);
    EXPECT_CUDA_OK(cudaMemAdvise(at + 2 * kPage, 4 * kPage, cudaMemAdviseSetReadMostly, 0));
    EXPECT_EQ(read(most, 2, 4), 1);
    EXPECT_EQ(read(most, 3, 1), 1);
    EXPECT_EQ(read(most, 1, 2), 0);
    EXPECT_EQ(read(most, 5, 2), 0);
    EXPECT_CUDA_OK(cudaMemAdvise(at + 3 * kPage, kPage, cudaMemAdviseUnsetReadMostly, 0));
    EXPECT_EQ(read(most, 2, 4), 0);
    EXPECT_EQ(read(most, 4, 2), 1);
    EXPECT_EQ(read(most, 2, 1), 1);
}

TEST_F(Managed, PlacesAreDevicesTheHostOrNone) {
    const auto preferred = cudaMemRangeAttributePreferredLocation;
    EXPECT_EQ(read(preferred, 0, 4), cudaInvalidDeviceId);
    EXPECT_CUDA_OK(cudaMemAdvise(at, 4 * kPage, cudaMemAdviseSetPreferredLocation, 2));
    EXPECT_EQ(read(preferred, 0, 4), 2);
    EXPECT_EQ(read(cudaMemRangeAttributePreferredLocationType, 0, 4), cudaMemLocationTypeDevice);
    EXPECT_CUDA_OK(cudaMemAdvise(at, kPage, cudaMemAdviseSetPreferredLocation, cudaCpuDeviceId));
    EXPECT_EQ(read(preferred, 0, 1), cudaCpuDeviceId);
    EXPECT_EQ(read(preferred, 0, 4), cudaInvalidDeviceId); // of no one place
    EXPECT_EQ(read(cudaMemRangeAttributePreferredLocationType, 0, 1), cudaMemLocationTypeHost);
    EXPECT_CUDA_OK(cudaMemAdvise(at, 4 * kPage, cudaMemAdviseUnsetPreferredLocation, 0));
    EXPECT_EQ(read(preferred, 0, 4), cudaInvalidDeviceId);
    const auto prefetched = cudaMemRangeAttributeLastPrefetchLocation;
    EXPECT_EQ(read(prefetched, 0, 4), cudaInvalidDeviceId);
    EXPECT_CUDA_OK(cudaMemPrefetchAsync(at, 2 * kPage, 1, nullptr));
    EXPECT_EQ(read(prefetched, 0, 2), 1);
    EXPECT_EQ(read(prefetched, 0, 3), cudaInvalidDeviceId);
    EXPECT_CUDA(cudaErrorInvalidDevice, cudaMemPrefetchAsync(at, kPage, kDevices, nullptr));
}

TEST_F(Managed, AccessedByIsAListOfDevices) {
    EXPECT_CUDA_OK(cudaMemAdvise(at, 4 * kPage, cudaMemAdviseSetAccessedBy, 2));
    EXPECT_CUDA_OK(cudaMemAdvise(at, 4 * kPage, cudaMemAdviseSetAccessedBy, 0));
    EXPECT_CUDA_OK(cudaMemAdvise(at, kPage, cudaMemAdviseUnsetAccessedBy, 0));
    int devices[3] = {9, 9, 9}, most = 9;
    void* data[] = {devices, &most};
    size_t sizes[] = {sizeof devices, sizeof most};
    cudaMemRangeAttribute attributes[] = {cudaMemRangeAttributeAccessedBy,
                                          cudaMemRangeAttributeReadMostly};
    EXPECT_CUDA_OK(cudaMemRangeGetAttributes(data, sizes, attributes, 2, at + kPage, kPage));
    EXPECT_EQ(std::vector<int>(devices, devices + 3),
              (std::vector<int>{0, 2, cudaInvalidDeviceId}));
    EXPECT_EQ(most, 0);
    EXPECT_CUDA_OK(
        cudaMemRangeGetAttribute(devices, 4, cudaMemRangeAttributeAccessedBy, at, 4 * kPage));
    EXPECT_EQ(devices[0], 2);
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaMemRangeGetAttribute(devices, 5, cudaMemRangeAttributeAccessedBy, at, kPage));
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaMemRangeGetAttribute(devices, 8, cudaMemRangeAttributeReadMostly, at, kPage));
    EXPECT_CUDA(
        cudaErrorInvalidValue,
        cudaMemRangeGetAttribute(devices, 4, cudaMemRangeAttributeReadMostly, memory[0], 1));
}

TEST_F(Managed, WhatWasSaidGoesWithTheMemory) {
    EXPECT_CUDA_OK(cudaMemAdvise(at, kPages * kPage * 64, cudaMemAdviseSetReadMostly, 0));
    void* const before = at;
    EXPECT_CUDA_OK(cudaFree(at));
    ASSERT_CUDA_OK(cudaMallocManaged(reinterpret_cast<void**>(&at), kPages * kPage * 64));
    ASSERT_EQ(at, before); // first fit
    EXPECT_EQ(read(cudaMemRangeAttributeReadMostly, 0, 1), 0);
}

TEST_F(Managed, TheDriverApiSaysTheSame) {
    const auto va = reinterpret_cast<CUdeviceptr>(at);
    int value = 0;
    EXPECT_EQ(cuMemAdvise(va, kPage, CU_MEM_ADVISE_SET_PREFERRED_LOCATION, 1), CUDA_SUCCESS);
    EXPECT_EQ(
        cuMemRangeGetAttribute(&value, 4, CU_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION, va, kPage),
        CUDA_SUCCESS);
    EXPECT_EQ(value, 1);
    const CUmemLocation host = {CU_MEM_LOCATION_TYPE_HOST, 0};
    EXPECT_EQ(cuMemAdvise_v2(va, kPage, CU_MEM_ADVISE_SET_PREFERRED_LOCATION, host), CUDA_SUCCESS);
    EXPECT_EQ(read(cudaMemRangeAttributePreferredLocation, 0, 1), cudaCpuDeviceId);
    EXPECT_EQ(cuMemPrefetchAsync(va, kPage, 2, nullptr), CUDA_SUCCESS);
    EXPECT_EQ(read(cudaMemRangeAttributeLastPrefetchLocation, 0, 1), 2);
    EXPECT_EQ(cuMemPrefetchAsync_v2(va, kPage, host, 0, nullptr), CUDA_SUCCESS);
    void* data[] = {&value};
    size_t sizes[] = {sizeof value};
    CUmem_range_attribute attributes[] = {CU_MEM_RANGE_ATTRIBUTE_LAST_PREFETCH_LOCATION};
    EXPECT_EQ(cuMemRangeGetAttributes(data, sizes, attributes, 1, va, kPage), CUDA_SUCCESS);
    EXPECT_EQ(value, cudaCpuDeviceId);
    EXPECT_EQ(cuMemRangeGetAttributes(data, sizes, attributes, 0, va, kPage),
              CUDA_ERROR_INVALID_VALUE);
}

} // namespace
} // namespace cuda_test
