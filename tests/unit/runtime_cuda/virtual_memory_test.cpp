// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Addresses and physical memory apart: on one device and on three.
#include "tests/unit/runtime_cuda/step_kernel.h"

namespace cuda_test {
namespace {

#define EXPECT_DRV(code, call) EXPECT_EQ(code, (call)) << #call
#define ASSERT_DRV_OK(call) ASSERT_EQ(CUDA_SUCCESS, (call)) << #call

constexpr size_t kGrain = 2 << 20;

CUmemAllocationProp on_device(int device) {
    CUmemAllocationProp prop{};
    prop.type = CU_MEM_ALLOCATION_TYPE_PINNED;
    prop.location = {CU_MEM_LOCATION_TYPE_DEVICE, device};
    return prop;
}

struct VirtualMemory : Clean {
    CUdevice device = -1;
    CUcontext context = nullptr;
    CUmodule module = nullptr;
    CUfunction step = nullptr;
    void SetUp() override {
        ASSERT_DRV_OK(cuInit(0));
        ASSERT_DRV_OK(cuDeviceGet(&device, 0));
        ASSERT_DRV_OK(cuCtxCreate(&context, 0, device));
        ASSERT_DRV_OK(cuModuleLoadData(&module, step_image().data()));
        ASSERT_DRV_OK(cuModuleGetFunction(&step, module, "step"));
    }
    void TearDown() override {
        EXPECT_DRV(CUDA_SUCCESS, cuCtxDestroy(context));
        Clean::TearDown();
    }
    CUresult access(CUdeviceptr at, size_t bytes, CUmemAccess_flags flags) const {
        const CUmemAccessDesc desc{{CU_MEM_LOCATION_TYPE_DEVICE, device}, flags};
        return cuMemSetAccess(at, bytes, &desc, 1);
    }
    /// *at = *at * 3 + 1, by a kernel.
    CUresult run(CUdeviceptr at) const {
        unsigned factor = 3, add = 1;
        void* arguments[] = {&at, &factor, &add};
        const CUresult result = cuLaunchKernel(step, 1, 1, 1, 1, 1, 1, 0, nullptr, arguments,
                                               nullptr);
        return result != CUDA_SUCCESS ? result : cuCtxSynchronize();
    }
};

TEST_F(VirtualMemory, GranularityIsWhatSizesMustBeMultiplesOf) {
    int supported = 0;
    EXPECT_DRV(CUDA_SUCCESS,
               cuDeviceGetAttribute(
                   &supported, CU_DEVICE_ATTRIBUTE_VIRTUAL_MEMORY_MANAGEMENT_SUPPORTED, device));
    EXPECT_EQ(supported, 1);
    CUmemAllocationProp prop = on_device(device);
    size_t grain = 0;
    EXPECT_DRV(CUDA_SUCCESS,
               cuMemGetAllocationGranularity(&grain, &prop, CU_MEM_ALLOC_GRANULARITY_MINIMUM));
    EXPECT_EQ(grain, kGrain);
    EXPECT_DRV(CUDA_SUCCESS,
               cuMemGetAllocationGranularity(&grain, &prop, CU_MEM_ALLOC_GRANULARITY_RECOMMENDED));
    EXPECT_EQ(grain, kGrain);
    CUmemGenericAllocationHandle handle = 0;
    CUdeviceptr at = 0;
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemCreate(&handle, kGrain / 2, &prop, 0));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemCreate(&handle, 0, &prop, 0));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemAddressReserve(&at, kGrain + 4096, 0, 0, 0));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemAddressReserve(&at, kGrain, kGrain * 3, 0, 0));
    prop.location.id = 99;
    EXPECT_DRV(CUDA_ERROR_INVALID_DEVICE, cuMemCreate(&handle, kGrain, &prop, 0));
    prop = on_device(device);
    prop.type = CU_MEM_ALLOCATION_TYPE_INVALID;
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemCreate(&handle, kGrain, &prop, 0));
    prop = on_device(device);
    prop.requestedHandleTypes = CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR;
    EXPECT_DRV(CUDA_ERROR_NOT_SUPPORTED, cuMemCreate(&handle, kGrain, &prop, 0));
}

/// As programs let an array grow: neighbours are one memory for copies, fills and kernels.
TEST_F(VirtualMemory, ChunksBehindOneAnotherAreOneMemory) {
    const CUmemAllocationProp prop = on_device(device);
    CUdeviceptr at = 0;
    ASSERT_DRV_OK(cuMemAddressReserve(&at, 4 * kGrain, 4 * kGrain, 0, 0));
    EXPECT_EQ(at % (4 * kGrain), 0u);
    for (int i = 0; i < 3; ++i) {
        CUmemGenericAllocationHandle handle = 0;
        ASSERT_DRV_OK(cuMemCreate(&handle, kGrain, &prop, 0));
        ASSERT_DRV_OK(cuMemMap(at + i * kGrain, kGrain, 0, handle, 0));
        EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemsetD32(at + i * kGrain, 7, 1)); // no access yet
        ASSERT_DRV_OK(access(at + i * kGrain, kGrain, CU_MEM_ACCESS_FLAGS_PROT_READWRITE));
        ASSERT_DRV_OK(cuMemRelease(handle)); // the mapping keeps it
        EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemRelease(handle));
    }
    EXPECT_DRV(CUDA_SUCCESS, cuMemsetD32(at, 7, 3 * kGrain / 4));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemsetD32(at, 7, 3 * kGrain / 4 + 1));
    EXPECT_DRV(CUDA_SUCCESS, run(at + kGrain));
    std::vector<unsigned> seen(3 * kGrain / 4);
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpyDtoH(seen.data(), at, 3 * kGrain));
    EXPECT_EQ(seen[0], 7u);
    EXPECT_EQ(seen[kGrain / 4 - 1], 7u);
    EXPECT_EQ(seen[kGrain / 4], 7u * 3 + 1);
    EXPECT_EQ(seen.back(), 7u);
    seen[kGrain / 4 - 1] = 5;
    seen[kGrain / 4] = 6;
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpyHtoD(at + kGrain - 4, &seen[kGrain / 4 - 1], 8)); // across
    EXPECT_DRV(CUDA_SUCCESS, run(at + kGrain - 4));
    EXPECT_DRV(CUDA_SUCCESS, run(at + kGrain));
    unsigned both[2] = {};
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpyDtoH(both, at + kGrain - 4, 8));
    EXPECT_EQ(both[0], 16u);
    EXPECT_EQ(both[1], 19u);
    unsigned type = 0;
    EXPECT_DRV(CUDA_SUCCESS,
               cuPointerGetAttribute(&type, CU_POINTER_ATTRIBUTE_MEMORY_TYPE, at + 2 * kGrain));
    EXPECT_EQ(type, static_cast<unsigned>(CU_MEMORYTYPE_DEVICE));

    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemAddressFree(at, 4 * kGrain)); // mapped
    EXPECT_DRV(CUDA_SUCCESS, cuMemUnmap(at + kGrain, kGrain));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemcpyDtoH(both, at + kGrain - 4, 8));
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpyDtoH(both, at + 2 * kGrain, 8));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemUnmap(at, 3 * kGrain)); // a gap
    EXPECT_DRV(CUDA_SUCCESS, cuMemUnmap(at, kGrain));
    EXPECT_DRV(CUDA_SUCCESS, cuMemUnmap(at + 2 * kGrain, kGrain));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemAddressFree(at, kGrain));
    EXPECT_DRV(CUDA_SUCCESS, cuMemAddressFree(at, 4 * kGrain));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemAddressFree(at, 4 * kGrain));
}

/// One memory at two addresses.
TEST_F(VirtualMemory, MemoryMayBeMappedTwiceAndKeepsItsContents) {
    const CUmemAllocationProp prop = on_device(device);
    CUmemGenericAllocationHandle handle = 0, again = 0;
    CUdeviceptr at = 0;
    ASSERT_DRV_OK(cuMemCreate(&handle, 2 * kGrain, &prop, 0));
    ASSERT_DRV_OK(cuMemAddressReserve(&at, 8 * kGrain, 0, 0, 0));
    ASSERT_DRV_OK(cuMemMap(at, 2 * kGrain, 0, handle, 0));
    ASSERT_DRV_OK(cuMemMap(at + 4 * kGrain, 2 * kGrain, 0, handle, 0));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemMap(at + kGrain, kGrain, 0, handle, 0)); // taken
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemMap(at + 2 * kGrain, kGrain, kGrain, handle, 0));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemMap(at + 2 * kGrain, 4 * kGrain, 0, handle, 0));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemMap(at + 7 * kGrain, 2 * kGrain, 0, handle, 0));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE,
               access(at, kGrain, CU_MEM_ACCESS_FLAGS_PROT_READWRITE)); // half of it
    ASSERT_DRV_OK(access(at, 2 * kGrain, CU_MEM_ACCESS_FLAGS_PROT_READWRITE));
    ASSERT_DRV_OK(access(at + 4 * kGrain, 2 * kGrain, CU_MEM_ACCESS_FLAGS_PROT_READWRITE));
    EXPECT_DRV(CUDA_SUCCESS, cuMemsetD32(at, 9, kGrain / 2));
    EXPECT_DRV(CUDA_SUCCESS, run(at + 5 * kGrain));
    unsigned value = 0;
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpyDtoH(&value, at + kGrain, 4));
    EXPECT_EQ(value, 28u);

    EXPECT_DRV(CUDA_SUCCESS, cuMemUnmap(at + 4 * kGrain, 2 * kGrain));
    EXPECT_DRV(CUDA_SUCCESS, cuMemRetainAllocationHandle(&again, reinterpret_cast<void*>(at + 8)));
    EXPECT_EQ(again, handle);
    EXPECT_DRV(CUDA_SUCCESS, cuMemRelease(handle));
    EXPECT_DRV(CUDA_SUCCESS, cuMemUnmap(at, 2 * kGrain));
    CUmemAllocationProp seen{};
    EXPECT_DRV(CUDA_SUCCESS, cuMemGetAllocationPropertiesFromHandle(&seen, again));
    EXPECT_EQ(seen.location.id, device);
    ASSERT_DRV_OK(cuMemMap(at + 6 * kGrain, 2 * kGrain, 0, again, 0));
    EXPECT_DRV(CUDA_SUCCESS, cuMemRelease(again));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemGetAllocationPropertiesFromHandle(&seen, again));
    ASSERT_DRV_OK(access(at + 6 * kGrain, 2 * kGrain, CU_MEM_ACCESS_FLAGS_PROT_READ));
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpyDtoH(&value, at + 7 * kGrain, 4));
    EXPECT_EQ(value, 28u);
}

TEST_F(VirtualMemory, ReadOnlyMemoryIsNotWritten) {
    const CUmemAllocationProp prop = on_device(device);
    CUmemGenericAllocationHandle handle = 0;
    CUdeviceptr at = 0;
    ASSERT_DRV_OK(cuMemCreate(&handle, kGrain, &prop, 0));
    ASSERT_DRV_OK(cuMemAddressReserve(&at, kGrain, 0, 0, 0));
    ASSERT_DRV_OK(cuMemMap(at, kGrain, 0, handle, 0));
    ASSERT_DRV_OK(access(at, kGrain, CU_MEM_ACCESS_FLAGS_PROT_READ));
    const CUmemLocation here{CU_MEM_LOCATION_TYPE_DEVICE, device};
    unsigned long long flags = 0;
    EXPECT_DRV(CUDA_SUCCESS, cuMemGetAccess(&flags, &here, at));
    EXPECT_EQ(flags, static_cast<unsigned long long>(CU_MEM_ACCESS_FLAGS_PROT_READ));
    unsigned value = 1;
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemcpyHtoD(at, &value, 4));
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpyDtoH(&value, at, 4));
    EXPECT_DRV(CUDA_ERROR_ILLEGAL_ADDRESS, run(at));
}

TEST_F(VirtualMemory, MemoryOfTheHostIsSeenThere) {
    CUmemAllocationProp prop = on_device(0);
    prop.location = {CU_MEM_LOCATION_TYPE_HOST, 0};
    CUmemGenericAllocationHandle handle = 0;
    CUdeviceptr at = 0;
    ASSERT_DRV_OK(cuMemCreate(&handle, kGrain, &prop, 0));
    ASSERT_DRV_OK(cuMemAddressReserve(&at, kGrain, 0, 0, 0));
    ASSERT_DRV_OK(cuMemMap(at, kGrain, 0, handle, 0));
    const CUmemAccessDesc desc[] = {
        {{CU_MEM_LOCATION_TYPE_DEVICE, device}, CU_MEM_ACCESS_FLAGS_PROT_READWRITE},
        {{CU_MEM_LOCATION_TYPE_HOST, 0}, CU_MEM_ACCESS_FLAGS_PROT_READWRITE}};
    ASSERT_DRV_OK(cuMemSetAccess(at, kGrain, desc, 2));
    *reinterpret_cast<unsigned*>(at) = 4;
    EXPECT_DRV(CUDA_SUCCESS, run(at));
    EXPECT_EQ(*reinterpret_cast<unsigned*>(at), 13u);
}

/// Physical memory belongs to no context, and outlives them.
TEST_F(VirtualMemory, MemoryOutlivesTheContextOfItsAddresses) {
    const CUmemAllocationProp prop = on_device(device);
    CUcontext other = nullptr;
    CUmemGenericAllocationHandle handle = 0;
    CUdeviceptr at = 0;
    ASSERT_DRV_OK(cuMemCreate(&handle, kGrain, &prop, 0));
    ASSERT_DRV_OK(cuCtxCreate(&other, 0, device));
    ASSERT_DRV_OK(cuMemAddressReserve(&at, kGrain, 0, 0, 0));
    ASSERT_DRV_OK(cuMemMap(at, kGrain, 0, handle, 0));
    ASSERT_DRV_OK(access(at, kGrain, CU_MEM_ACCESS_FLAGS_PROT_READWRITE));
    EXPECT_DRV(CUDA_SUCCESS, cuMemsetD32(at, 11, 4));
    EXPECT_DRV(CUDA_SUCCESS, cuCtxSynchronize());
    ASSERT_DRV_OK(cuCtxSetCurrent(context));
    EXPECT_DRV(CUDA_SUCCESS, run(at)); // every context of the device has the access
    ASSERT_DRV_OK(cuCtxDestroy(other));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemUnmap(at, kGrain));
    ASSERT_DRV_OK(cuMemAddressReserve(&at, kGrain, 0, 0, 0));
    ASSERT_DRV_OK(cuMemMap(at, kGrain, 0, handle, 0));
    ASSERT_DRV_OK(access(at, kGrain, CU_MEM_ACCESS_FLAGS_PROT_READWRITE));
    unsigned value[2] = {};
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpyDtoH(value, at, 8));
    EXPECT_EQ(value[0], 34u);
    EXPECT_EQ(value[1], 11u);
}

/// An array in stripes over all devices (where there are several).
TEST_F(VirtualMemory, StripesOfSeveralDevicesAreOneMemory) {
    int count = 0;
    ASSERT_DRV_OK(cuDeviceGetCount(&count));
    const auto devices = static_cast<size_t>(count);
    CUdeviceptr at = 0;
    std::vector<CUmemAccessDesc> everybody;
    ASSERT_DRV_OK(cuMemAddressReserve(&at, devices * kGrain, 0, 0, 0));
    for (int i = 0; i < count; ++i) {
        const CUmemAllocationProp prop = on_device(i);
        CUmemGenericAllocationHandle handle = 0;
        ASSERT_DRV_OK(cuMemCreate(&handle, kGrain, &prop, 0));
        ASSERT_DRV_OK(cuMemMap(at + i * kGrain, kGrain, 0, handle, 0));
        ASSERT_DRV_OK(cuMemRelease(handle));
        everybody.push_back({prop.location, CU_MEM_ACCESS_FLAGS_PROT_READWRITE});
    }
    ASSERT_DRV_OK(cuMemSetAccess(at, devices * kGrain, everybody.data(), devices));
    EXPECT_DRV(CUDA_SUCCESS, cuMemsetD32(at, 2, devices * kGrain / 4));
    EXPECT_DRV(CUDA_SUCCESS, cuCtxSynchronize());
    for (int i = 0; i < count; ++i) {
        CUcontext theirs = nullptr;
        CUmodule loaded = nullptr;
        ASSERT_DRV_OK(cuCtxCreate(&theirs, 0, i));
        ASSERT_DRV_OK(cuModuleLoadData(&loaded, step_image().data()));
        ASSERT_DRV_OK(cuModuleGetFunction(&step, loaded, "step"));
        EXPECT_DRV(CUDA_SUCCESS, run(at + (devices - 1 - i) * kGrain)); // another's stripe
        ASSERT_DRV_OK(cuCtxDestroy(theirs));
        ASSERT_DRV_OK(cuCtxSetCurrent(context));
    }
    std::vector<unsigned> seen(devices * kGrain / 4);
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpyDtoH(seen.data(), at, devices * kGrain));
    for (size_t i = 0; i < devices; ++i) {
        EXPECT_EQ(seen[i * kGrain / 4], 7u) << i;
        EXPECT_EQ(seen[i * kGrain / 4 + 1], 2u) << i;
    }
}

} // namespace
} // namespace cuda_test
