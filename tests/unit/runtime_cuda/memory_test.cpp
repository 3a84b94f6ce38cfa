// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstring>
#include <vector>

#include "tests/unit/runtime_cuda/expect.h"

namespace cuda_test {
namespace {

using MemoryApi = Clean;

TEST_F(MemoryApi, MallocAndFree) {
    void* pointer = reinterpret_cast<void*>(1);
    EXPECT_CUDA_OK(cudaMalloc(&pointer, 0));
    EXPECT_EQ(pointer, nullptr);
    EXPECT_CUDA_OK(cudaMalloc(&pointer, 1));
    EXPECT_NE(pointer, nullptr);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(pointer) % 256, 0u); // documented alignment
    EXPECT_CUDA_OK(cudaFree(pointer));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaFree(pointer));
    EXPECT_CUDA_OK(cudaFree(nullptr));
    int local = 0;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaFree(&local));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMalloc(nullptr, 8));
}

TEST_F(MemoryApi, TooMuchIsOutOfMemoryAndHarmless) {
    void* pointer = nullptr;
    EXPECT_CUDA(cudaErrorMemoryAllocation, cudaMalloc(&pointer, size_t{1} << 50));
    EXPECT_CUDA(cudaErrorMemoryAllocation, cudaMalloc(&pointer, SIZE_MAX));
    EXPECT_CUDA_OK(cudaMalloc(&pointer, 100));
    EXPECT_CUDA_OK(cudaFree(pointer));
}

TEST_F(MemoryApi, MemGetInfoFollowsAllocations) {
    size_t before = 0, during = 0, after = 0, total = 0;
    void* pointer = nullptr;
    ASSERT_CUDA_OK(cudaMemGetInfo(&before, &total));
    ASSERT_CUDA_OK(cudaMalloc(&pointer, 64 << 20));
    ASSERT_CUDA_OK(cudaMemGetInfo(&during, &total));
    ASSERT_CUDA_OK(cudaFree(pointer));
    ASSERT_CUDA_OK(cudaMemGetInfo(&after, &total));
    EXPECT_LE(during, before - (64 << 20));
    EXPECT_GE(after + (1 << 20), before);
    EXPECT_LE(before, total);
}

TEST_F(MemoryApi, PitchedRowsAreAligned) {
    void* pointer = nullptr;
    size_t pitch = 0;
    ASSERT_CUDA_OK(cudaMallocPitch(&pointer, &pitch, 100, 10));
    EXPECT_GE(pitch, 100u);
    EXPECT_EQ(pitch % 32, 0u);
    EXPECT_CUDA_OK(cudaMemset2D(pointer, pitch, 1, 100, 10));
    EXPECT_CUDA_OK(cudaFree(pointer));
    cudaPitchedPtr volume{};
    ASSERT_CUDA_OK(cudaMalloc3D(&volume, {100, 10, 4}));
    EXPECT_EQ(volume.xsize, 100u);
    EXPECT_EQ(volume.ysize, 10u);
    EXPECT_CUDA_OK(cudaMemset(volume.ptr, 0, volume.pitch * 10 * 4));
    EXPECT_CUDA_OK(cudaFree(volume.ptr));
}

TEST_F(MemoryApi, PointerAttributesTellTheKinds) {
    void *device = nullptr, *pinned = nullptr, *managed = nullptr;
    int local = 0;
    ASSERT_CUDA_OK(cudaMalloc(&device, 1000));
    ASSERT_CUDA_OK(cudaMallocHost(&pinned, 1000));
    ASSERT_CUDA_OK(cudaMallocManaged(&managed, 1000, cudaMemAttachGlobal));
    cudaPointerAttributes a{};
    ASSERT_CUDA_OK(cudaPointerGetAttributes(&a, static_cast<char*>(device) + 500));
    EXPECT_EQ(a.type, cudaMemoryTypeDevice);
    EXPECT_EQ(a.devicePointer, static_cast<char*>(device) + 500);
    EXPECT_EQ(a.hostPointer, nullptr);
    EXPECT_EQ(a.device, 0);
    ASSERT_CUDA_OK(cudaPointerGetAttributes(&a, pinned));
    EXPECT_EQ(a.type, cudaMemoryTypeHost);
    EXPECT_EQ(a.hostPointer, pinned);
    ASSERT_CUDA_OK(cudaPointerGetAttributes(&a, managed));
    EXPECT_EQ(a.type, cudaMemoryTypeManaged);
    EXPECT_EQ(a.hostPointer, managed);
    EXPECT_EQ(a.devicePointer, managed);
    ASSERT_CUDA_OK(cudaPointerGetAttributes(&a, &local));
    EXPECT_EQ(a.type, cudaMemoryTypeUnregistered);
    EXPECT_CUDA(cudaErrorInvalidValue, cudaFree(pinned));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaFreeHost(device));
    EXPECT_CUDA_OK(cudaFree(device));
    EXPECT_CUDA_OK(cudaFreeHost(pinned));
    EXPECT_CUDA_OK(cudaFree(managed));
}

TEST_F(MemoryApi, ManagedMemoryIsSharedAndItsHintsAreChecked) {
    unsigned char* data = nullptr;
    ASSERT_CUDA_OK(cudaMallocManaged(reinterpret_cast<void**>(&data), 4096, cudaMemAttachGlobal));
    std::memset(data, 3, 4096);
    EXPECT_CUDA_OK(cudaMemPrefetchAsync(data, 4096, 0, nullptr));
    EXPECT_CUDA_OK(cudaMemAdvise(data, 4096, cudaMemAdviseSetReadMostly, 0));
    EXPECT_CUDA_OK(cudaMemset(data, 5, 100));
    EXPECT_CUDA_OK(cudaDeviceSynchronize());
    EXPECT_EQ(data[99], 5);
    EXPECT_EQ(data[100], 3);
    EXPECT_CUDA_OK(cudaMemPrefetchAsync(data, 4096, cudaCpuDeviceId, nullptr));
    EXPECT_CUDA(cudaErrorInvalidDevice, cudaMemPrefetchAsync(data, 4096, 9, nullptr));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMemPrefetchAsync(data, 1 << 20, 0, nullptr));
    void* device = nullptr;
    ASSERT_CUDA_OK(cudaMalloc(&device, 4096));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMemPrefetchAsync(device, 4096, 0, nullptr));
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaMemAdvise(data, 4096, static_cast<cudaMemoryAdvise>(99), 0));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMallocManaged(&device, 0, cudaMemAttachGlobal));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMallocManaged(&device, 16, 0x80));
    EXPECT_CUDA_OK(cudaFree(data));
}

TEST_F(MemoryApi, HostAllocFlagsAndDevicePointer) {
    void *host = nullptr, *device = nullptr;
    unsigned flags = 0;
    ASSERT_CUDA_OK(cudaHostAlloc(&host, 4096, cudaHostAllocMapped | cudaHostAllocPortable));
    EXPECT_CUDA_OK(cudaHostGetDevicePointer(&device, host, 0));
    EXPECT_NE(device, nullptr);
    EXPECT_CUDA_OK(cudaHostGetFlags(&flags, host));
    EXPECT_EQ(flags & cudaHostAllocMapped, unsigned{cudaHostAllocMapped});
    std::memset(host, 1, 4096);
    EXPECT_CUDA_OK(cudaMemset(device, 2, 10));
    EXPECT_CUDA_OK(cudaDeviceSynchronize());
    EXPECT_EQ(static_cast<char*>(host)[9], 2);
    EXPECT_EQ(static_cast<char*>(host)[10], 1);
    EXPECT_CUDA(cudaErrorInvalidValue, cudaHostAlloc(&host, 16, 0x4000));
    EXPECT_CUDA_OK(cudaFreeHost(host));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaHostGetFlags(&flags, &flags));
}

TEST_F(MemoryApi, RegisteredMemory) {
    std::vector<unsigned char> data(50000, 1);
    void* device = nullptr;
    ASSERT_CUDA_OK(cudaHostRegister(data.data(), data.size(), cudaHostRegisterMapped));
    EXPECT_CUDA(cudaErrorHostMemoryAlreadyRegistered,
                cudaHostRegister(data.data(), data.size(), 0));
    ASSERT_CUDA_OK(cudaHostGetDevicePointer(&device, data.data() + 10, 0));
    EXPECT_CUDA_OK(cudaMemset(device, 8, 100));
    EXPECT_CUDA_OK(cudaDeviceSynchronize());
    EXPECT_EQ(data[9], 1);
    EXPECT_EQ(data[109], 8);
    EXPECT_EQ(data[110], 1);
    cudaPointerAttributes a{};
    EXPECT_CUDA_OK(cudaPointerGetAttributes(&a, data.data()));
    EXPECT_EQ(a.type, cudaMemoryTypeHost);
    EXPECT_CUDA_OK(cudaHostUnregister(data.data()));
    EXPECT_CUDA(cudaErrorHostMemoryNotRegistered, cudaHostUnregister(data.data()));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaHostRegister(nullptr, 100, 0));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaHostRegister(data.data(), 0, 0));
}

} // namespace
} // namespace cuda_test
