// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Texture and surface references of the driver API: what they are told and say. That kernels read
// what is bound is shown by tests/conformance/driver_api.
#include <cuda.h>

#include "tests/unit/runtime_cuda/expect.h"

namespace cuda_test {
namespace {

#define EXPECT_DRV(code, call) EXPECT_EQ(code, (call)) << #call

struct DriverTexref : Clean {
    CUcontext context = nullptr;
    CUtexref reference = nullptr;
    CUdeviceptr memory = 0;
    void SetUp() override {
        CUdevice device = 0;
        ASSERT_EQ(CUDA_SUCCESS, cuInit(0));
        ASSERT_EQ(CUDA_SUCCESS, cuDeviceGet(&device, 0));
        ASSERT_EQ(CUDA_SUCCESS, cuCtxCreate(&context, 0, device));
        ASSERT_EQ(CUDA_SUCCESS, cuTexRefCreate(&reference));
        ASSERT_EQ(CUDA_SUCCESS, cuMemAlloc(&memory, 4096));
    }
    void TearDown() override {
        EXPECT_DRV(CUDA_SUCCESS, cuCtxDestroy(context));
        Clean::TearDown();
    }
};

TEST_F(DriverTexref, SaysWhatItWasTold) {
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefSetAddressMode(reference, 1, CU_TR_ADDRESS_MODE_MIRROR));
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefSetFilterMode(reference, CU_TR_FILTER_MODE_LINEAR));
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefSetMipmapFilterMode(reference, CU_TR_FILTER_MODE_LINEAR));
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefSetMipmapLevelBias(reference, 0.5f));
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefSetMipmapLevelClamp(reference, 1, 3));
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefSetMaxAnisotropy(reference, 8));
    float colour[4] = {1, 2, 3, 4};
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefSetBorderColor(reference, colour));
    unsigned flags = 99;
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefGetFlags(&flags, reference));
    EXPECT_EQ(flags, 0u);
    EXPECT_DRV(CUDA_SUCCESS,
               cuTexRefSetFlags(reference, CU_TRSF_NORMALIZED_COORDINATES | CU_TRSF_SRGB));
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefSetFormat(reference, CU_AD_FORMAT_HALF, 2));

    CUaddress_mode first{}, second{};
    CUfilter_mode filter{}, between{};
    float bias = 0, least = 0, most = 0, border[4] = {};
    int anisotropy = 0, channels = 0;
    CUarray_format format{};
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefGetAddressMode(&first, reference, 0));
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefGetAddressMode(&second, reference, 1));
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefGetFilterMode(&filter, reference));
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefGetMipmapFilterMode(&between, reference));
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefGetMipmapLevelBias(&bias, reference));
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefGetMipmapLevelClamp(&least, &most, reference));
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefGetMaxAnisotropy(&anisotropy, reference));
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefGetBorderColor(border, reference));
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefGetFlags(&flags, reference));
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefGetFormat(&format, &channels, reference));
    EXPECT_TRUE(first == CU_TR_ADDRESS_MODE_CLAMP && second == CU_TR_ADDRESS_MODE_MIRROR);
    EXPECT_TRUE(filter == CU_TR_FILTER_MODE_LINEAR && between == CU_TR_FILTER_MODE_LINEAR);
    EXPECT_TRUE(bias == 0.5f && least == 1 && most == 3 && anisotropy == 8);
    EXPECT_TRUE(border[0] == 1 && border[3] == 4);
    EXPECT_EQ(flags, unsigned{CU_TRSF_NORMALIZED_COORDINATES | CU_TRSF_SRGB});
    EXPECT_TRUE(format == CU_AD_FORMAT_HALF && channels == 2);
}

TEST_F(DriverTexref, Bindings) {
    CUdeviceptr bound = 0;
    size_t offset = 9;
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuTexRefGetAddress(&bound, reference));
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefSetFormat(reference, CU_AD_FORMAT_FLOAT, 1));
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefSetAddress(&offset, reference, memory + 4, 1024));
    EXPECT_EQ(offset, 4u);
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefGetAddress(&bound, reference));
    EXPECT_EQ(bound, memory);
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuTexRefSetAddress(nullptr, reference, memory + 4, 1024));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuTexRefSetAddress(&offset, reference, 4096, 1024));
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefSetAddress(&offset, reference, 0, 0));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuTexRefGetAddress(&bound, reference));

    const CUDA_ARRAY_DESCRIPTOR rows{16, 8, CU_AD_FORMAT_UNSIGNED_INT8, 4};
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefSetAddress2D(reference, &rows, memory, 64));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuTexRefSetAddress2D(reference, &rows, memory, 72));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuTexRefSetAddress2D(reference, nullptr, memory, 64));

    CUarray array = nullptr, got = nullptr;
    CUmipmappedArray mipmap = nullptr, levels = nullptr;
    const CUDA_ARRAY3D_DESCRIPTOR deep{16, 8, 0, CU_AD_FORMAT_SIGNED_INT16, 2, 0};
    ASSERT_EQ(CUDA_SUCCESS, cuArray3DCreate(&array, &deep));
    ASSERT_EQ(CUDA_SUCCESS, cuMipmappedArrayCreate(&mipmap, &deep, 2));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuTexRefSetArray(reference, array, 0));
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefSetArray(reference, array, CU_TRSA_OVERRIDE_FORMAT));
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefGetArray(&got, reference));
    EXPECT_EQ(got, array);
    CUarray_format format{};
    int channels = 0;
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefGetFormat(&format, &channels, reference));
    EXPECT_TRUE(format == CU_AD_FORMAT_SIGNED_INT16 && channels == 2);
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuTexRefGetMipmappedArray(&levels, reference));
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefSetMipmappedArray(reference, mipmap, CU_TRSA_OVERRIDE_FORMAT));
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefGetMipmappedArray(&levels, reference));
    EXPECT_EQ(levels, mipmap);
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuTexRefGetArray(&got, reference));
}

TEST_F(DriverTexref, Misuse) {
    CUtexref wrong = nullptr;
    unsigned flags = 0;
    EXPECT_DRV(CUDA_ERROR_INVALID_HANDLE, cuTexRefGetFlags(&flags, wrong));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuTexRefGetFlags(nullptr, reference));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuTexRefSetFlags(reference, 0x100));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE,
               cuTexRefSetAddressMode(reference, 3, CU_TR_ADDRESS_MODE_WRAP));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE,
               cuTexRefSetAddressMode(reference, 0, static_cast<CUaddress_mode>(4)));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE,
               cuTexRefSetFilterMode(reference, static_cast<CUfilter_mode>(2)));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuTexRefSetFormat(reference, CU_AD_FORMAT_FLOAT, 3));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuTexRefSetBorderColor(reference, nullptr));
    CUarray array = nullptr;
    EXPECT_DRV(CUDA_ERROR_INVALID_HANDLE,
               cuSurfRefGetArray(&array, reinterpret_cast<CUsurfref>(reference)));
    EXPECT_DRV(CUDA_SUCCESS, cuTexRefDestroy(reference));
    EXPECT_DRV(CUDA_ERROR_INVALID_HANDLE, cuTexRefDestroy(reference));
    EXPECT_DRV(CUDA_ERROR_INVALID_HANDLE, cuTexRefGetFlags(&flags, reference));
}

} // namespace
} // namespace cuda_test
