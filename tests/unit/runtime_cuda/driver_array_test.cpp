// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arrays of the driver API and its copies.
#include <cuda.h>

#include <numeric>
#include <vector>

#include "tests/unit/runtime_cuda/expect.h"

namespace cuda_test {
namespace {

#define EXPECT_DRV(code, call) EXPECT_EQ(code, (call)) << #call
#define ASSERT_DRV_OK(call) ASSERT_EQ(CUDA_SUCCESS, (call)) << #call

struct DriverArray : Clean {
    CUdevice device = -1;
    CUcontext context = nullptr;
    void SetUp() override {
        ASSERT_DRV_OK(cuInit(0));
        ASSERT_DRV_OK(cuDeviceGet(&device, 0));
        ASSERT_DRV_OK(cuCtxCreate(&context, 0, device));
    }
    void TearDown() override {
        EXPECT_DRV(CUDA_SUCCESS, cuCtxDestroy(context));
        Clean::TearDown();
    }
};

std::vector<int> ramp(size_t count, int first = 0) {
    std::vector<int> data(count);
    std::iota(data.begin(), data.end(), first);
    return data;
}

TEST_F(DriverArray, Descriptors) {
    struct Case {
        CUarray_format format;
        unsigned channels;
        CUresult result;
    };
    for (const Case& c : {Case{CU_AD_FORMAT_UNSIGNED_INT8, 1, CUDA_SUCCESS},
                          {CU_AD_FORMAT_UNSIGNED_INT16, 2, CUDA_SUCCESS},
                          {CU_AD_FORMAT_UNSIGNED_INT32, 4, CUDA_SUCCESS},
                          {CU_AD_FORMAT_SIGNED_INT8, 4, CUDA_SUCCESS},
                          {CU_AD_FORMAT_SIGNED_INT16, 1, CUDA_SUCCESS},
                          {CU_AD_FORMAT_SIGNED_INT32, 2, CUDA_SUCCESS},
                          {CU_AD_FORMAT_HALF, 4, CUDA_SUCCESS},
                          {CU_AD_FORMAT_FLOAT, 1, CUDA_SUCCESS},
                          {CU_AD_FORMAT_UNORM_INT8X4, 4, CUDA_SUCCESS},
                          {CU_AD_FORMAT_SNORM_INT16X2, 2, CUDA_SUCCESS},
                          {CU_AD_FORMAT_UNORM_INT8X4, 1, CUDA_ERROR_INVALID_VALUE},
                          {CU_AD_FORMAT_FLOAT, 3, CUDA_ERROR_INVALID_VALUE},
                          {CU_AD_FORMAT_FLOAT, 0, CUDA_ERROR_INVALID_VALUE},
                          {static_cast<CUarray_format>(7), 1, CUDA_ERROR_INVALID_VALUE},
                          {CU_AD_FORMAT_BC1_UNORM, 4, CUDA_ERROR_NOT_SUPPORTED}}) {
        CUarray array = nullptr;
        const CUDA_ARRAY3D_DESCRIPTOR desc{
            12, 5, 3, c.format, c.channels, CUDA_ARRAY3D_LAYERED | CUDA_ARRAY3D_SURFACE_LDST};
        EXPECT_DRV(c.result, cuArray3DCreate(&array, &desc)) << c.format << " " << c.channels;
        if (c.result != CUDA_SUCCESS) continue;
        CUDA_ARRAY3D_DESCRIPTOR deep{};
        CUDA_ARRAY_DESCRIPTOR flat{};
        EXPECT_DRV(CUDA_SUCCESS, cuArray3DGetDescriptor(&deep, array));
        EXPECT_DRV(CUDA_SUCCESS, cuArrayGetDescriptor(&flat, array));
        EXPECT_TRUE(deep.Width == 12 && deep.Height == 5 && deep.Depth == 3);
        EXPECT_TRUE(deep.Format == c.format && deep.NumChannels == c.channels);
        EXPECT_EQ(deep.Flags, desc.Flags);
        EXPECT_TRUE(flat.Width == 12 && flat.Height == 5 && flat.Format == c.format &&
                    flat.NumChannels == c.channels);
        EXPECT_DRV(CUDA_SUCCESS, cuArrayDestroy(array));
        EXPECT_DRV(CUDA_ERROR_INVALID_HANDLE, cuArrayDestroy(array));
        EXPECT_DRV(CUDA_ERROR_INVALID_HANDLE, cuArray3DGetDescriptor(&deep, array));
    }
    CUarray array = nullptr;
    const CUDA_ARRAY_DESCRIPTOR none{0, 4, CU_AD_FORMAT_FLOAT, 1};
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuArrayCreate(&array, &none));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuArrayCreate(nullptr, &none));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuArrayCreate(&array, nullptr));
    int gathers = 0;
    EXPECT_DRV(CUDA_SUCCESS,
               cuDeviceGetAttribute(&gathers, CU_DEVICE_ATTRIBUTE_CAN_TEX2D_GATHER, device));
    EXPECT_EQ(gathers, 1);
    size_t width = 0;
    EXPECT_DRV(CUDA_SUCCESS,
               cuDeviceGetTexture1DLinearMaxWidth(&width, CU_AD_FORMAT_FLOAT, 4, device));
    EXPECT_GE(width, size_t{1} << 27);
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE,
               cuDeviceGetTexture1DLinearMaxWidth(&width, CU_AD_FORMAT_FLOAT, 3, device));
}

TEST_F(DriverArray, Runs) {
    CUarray array = nullptr, other = nullptr;
    CUdeviceptr memory = 0;
    const CUDA_ARRAY_DESCRIPTOR desc{100, 0, CU_AD_FORMAT_SIGNED_INT32, 1};
    ASSERT_DRV_OK(cuArrayCreate(&array, &desc));
    ASSERT_DRV_OK(cuArrayCreate(&other, &desc));
    ASSERT_DRV_OK(cuMemAlloc(&memory, 400));
    const std::vector<int> source = ramp(100, 7);
    std::vector<int> back(40);
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpyHtoA(array, 0, source.data(), 400));
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpyAtoD(memory, array, 40, 200));
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpyDtoA(other, 120, memory + 8, 160));
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpyAtoH(back.data(), other, 120, 160));
    EXPECT_EQ(back, ramp(40, 7 + 12));
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpyAtoA(array, 0, other, 120, 80));
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpyAtoHAsync(back.data(), array, 0, 160, nullptr));
    EXPECT_DRV(CUDA_SUCCESS, cuStreamSynchronize(nullptr));
    EXPECT_EQ(std::vector<int>(back.begin(), back.begin() + 20), ramp(20, 19));
    EXPECT_EQ(std::vector<int>(back.begin() + 20, back.end()), ramp(20, 27));
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpyHtoAAsync(array, 360, source.data(), 40, nullptr));
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpyAtoH(back.data(), array, 360, 40));
    EXPECT_EQ(std::vector<int>(back.begin(), back.begin() + 10), ramp(10, 7));

    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemcpyHtoA(array, 4, source.data(), 400));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemcpyHtoA(array, 2, source.data(), 40));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemcpyAtoH(nullptr, array, 0, 40));
    CUarray bytes = nullptr;
    const CUDA_ARRAY_DESCRIPTOR small{100, 0, CU_AD_FORMAT_SIGNED_INT8, 1};
    ASSERT_DRV_OK(cuArrayCreate(&bytes, &small));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemcpyAtoA(bytes, 0, array, 0, 40));
    EXPECT_DRV(CUDA_SUCCESS, cuArrayDestroy(bytes));
    EXPECT_DRV(CUDA_ERROR_INVALID_HANDLE, cuMemcpyHtoA(bytes, 0, source.data(), 40));
    EXPECT_DRV(CUDA_SUCCESS, cuArrayDestroy(array));
    EXPECT_DRV(CUDA_SUCCESS, cuArrayDestroy(other));
    EXPECT_DRV(CUDA_SUCCESS, cuMemFree(memory));
}

TEST_F(DriverArray, Rectangles) {
    CUarray array = nullptr;
    const CUDA_ARRAY_DESCRIPTOR desc{20, 10, CU_AD_FORMAT_SIGNED_INT32, 1};
    ASSERT_DRV_OK(cuArrayCreate(&array, &desc));
    const std::vector<int> source = ramp(200);
    CUDA_MEMCPY2D in{};
    in.srcMemoryType = CU_MEMORYTYPE_HOST;
    in.srcHost = source.data();
    in.srcPitch = 80;
    in.dstMemoryType = CU_MEMORYTYPE_ARRAY;
    in.dstArray = array;
    in.WidthInBytes = 80;
    in.Height = 10;
    ASSERT_DRV_OK(cuMemcpy2D(&in));
    std::vector<int> back(6);
    CUDA_MEMCPY2D out{};
    out.srcMemoryType = CU_MEMORYTYPE_ARRAY;
    out.srcArray = array;
    out.srcXInBytes = 4 * 5;
    out.srcY = 7;
    out.dstMemoryType = CU_MEMORYTYPE_HOST;
    out.dstHost = back.data();
    out.dstPitch = 8;
    out.WidthInBytes = 8;
    out.Height = 3;
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpy2DAsync(&out, nullptr));
    EXPECT_DRV(CUDA_SUCCESS, cuStreamSynchronize(nullptr));
    EXPECT_EQ(back, (std::vector<int>{145, 146, 165, 166, 185, 186}));
    out.Height = 4;
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemcpy2DUnaligned(&out));
    out.Height = 3;
    out.srcXInBytes = 3;
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemcpy2D(&out));
    out.srcMemoryType = static_cast<CUmemorytype>(9);
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemcpy2D(&out));
    EXPECT_DRV(CUDA_SUCCESS, cuArrayDestroy(array));
}

TEST_F(DriverArray, VolumesAndPeers) {
    CUmipmappedArray mipmap = nullptr;
    CUarray level = nullptr;
    const CUDA_ARRAY3D_DESCRIPTOR desc{16, 8, 4, CU_AD_FORMAT_SIGNED_INT32, 1, 0};
    ASSERT_DRV_OK(cuMipmappedArrayCreate(&mipmap, &desc, 3));
    ASSERT_DRV_OK(cuMipmappedArrayGetLevel(&level, mipmap, 1)); // 8 x 4 x 2
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMipmappedArrayGetLevel(&level, mipmap, 3));
    const std::vector<int> source = ramp(64);
    CUDA_MEMCPY3D in{};
    in.srcMemoryType = CU_MEMORYTYPE_HOST;
    in.srcHost = source.data();
    in.srcPitch = 32;
    in.srcHeight = 4;
    in.dstMemoryType = CU_MEMORYTYPE_ARRAY;
    in.dstArray = level;
    in.WidthInBytes = 32;
    in.Height = 4;
    in.Depth = 2;
    ASSERT_DRV_OK(cuMemcpy3D(&in));
    CUdeviceptr memory = 0;
    ASSERT_DRV_OK(cuMemAlloc(&memory, 4096));
    ASSERT_DRV_OK(cuMemsetD32(memory, 0, 1024));
    CUDA_MEMCPY3D out{};
    out.srcMemoryType = CU_MEMORYTYPE_ARRAY;
    out.srcArray = level;
    out.srcXInBytes = 8;
    out.srcY = 1;
    out.dstMemoryType = CU_MEMORYTYPE_DEVICE;
    out.dstDevice = memory;
    out.dstPitch = 16;
    out.dstHeight = 4;
    out.dstY = 1;
    out.WidthInBytes = 12;
    out.Height = 3;
    out.Depth = 2;
    ASSERT_DRV_OK(cuMemcpy3DAsync(&out, nullptr));
    std::vector<int> back(32);
    ASSERT_DRV_OK(cuMemcpyDtoH(back.data(), memory, 128));
    for (int i = 0; i < 32; ++i) {
        const int x = i % 4, y = i / 4 % 4, z = i / 16;
        EXPECT_EQ(back[i], x < 3 && y > 0 ? z * 32 + y * 8 + x + 2 : 0) << i;
    }
    out.srcLOD = 1;
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemcpy3D(&out));
    out.srcLOD = 0;
    out.Depth = 3;
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemcpy3D(&out));
    out.Depth = 2;
    out.dstHeight = 2; // planes that overlap
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemcpy3D(&out));

    // Between contexts: arrays and addresses say of themselves whose they are.
    CUcontext second = nullptr;
    CUarray theirs = nullptr;
    ASSERT_DRV_OK(cuCtxCreate(&second, 0, device));
    const CUDA_ARRAY3D_DESCRIPTOR other{8, 4, 2, CU_AD_FORMAT_SIGNED_INT32, 1, 0};
    ASSERT_DRV_OK(cuArray3DCreate(&theirs, &other));
    CUDA_MEMCPY3D_PEER across{};
    across.srcMemoryType = across.dstMemoryType = CU_MEMORYTYPE_ARRAY;
    across.srcArray = level;
    across.srcContext = context;
    across.dstArray = theirs;
    across.dstContext = second;
    across.WidthInBytes = 32;
    across.Height = 4;
    across.Depth = 2;
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpy3DPeer(&across));
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpy3DPeerAsync(&across, nullptr));
    across.srcContext = nullptr;
    EXPECT_DRV(CUDA_ERROR_INVALID_CONTEXT, cuMemcpy3DPeer(&across));
    CUdeviceptr here = 0;
    ASSERT_DRV_OK(cuMemAlloc(&here, 128));
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpyPeer(here, second, memory, context, 128));
    std::vector<int> peer(32);
    ASSERT_DRV_OK(cuMemcpyDtoH(peer.data(), here, 128));
    EXPECT_EQ(peer, back);
    ASSERT_DRV_OK(cuMemsetD32(here, 1, 32));
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpyPeerAsync(here, second, memory, context, 128, nullptr));
    ASSERT_DRV_OK(cuMemcpyDtoH(peer.data(), here, 128));
    EXPECT_EQ(peer, back);
    EXPECT_DRV(CUDA_ERROR_INVALID_CONTEXT, cuMemcpyPeer(here, nullptr, memory, context, 128));
    std::vector<int> whole(64);
    CUDA_MEMCPY3D last{};
    last.srcMemoryType = CU_MEMORYTYPE_ARRAY;
    last.srcArray = theirs;
    last.dstMemoryType = CU_MEMORYTYPE_UNIFIED;
    last.dstDevice = reinterpret_cast<CUdeviceptr>(whole.data());
    last.dstPitch = 32;
    last.dstHeight = 4;
    last.WidthInBytes = 32;
    last.Height = 4;
    last.Depth = 2;
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpy3D(&last));
    EXPECT_EQ(whole, source);
    // A context takes its arrays along.
    EXPECT_DRV(CUDA_SUCCESS, cuCtxDestroy(second));
    EXPECT_DRV(CUDA_ERROR_INVALID_HANDLE, cuArrayDestroy(theirs));
    EXPECT_DRV(CUDA_SUCCESS, cuMipmappedArrayDestroy(mipmap));
    EXPECT_DRV(CUDA_ERROR_INVALID_HANDLE, cuMipmappedArrayDestroy(mipmap));
}

TEST_F(DriverArray, NeitherPlanesNorTiles) {
    CUarray array = nullptr, plane = nullptr;
    CUmipmappedArray mipmap = nullptr;
    const CUDA_ARRAY3D_DESCRIPTOR desc{16, 8, 0, CU_AD_FORMAT_FLOAT, 1, 0};
    ASSERT_DRV_OK(cuArray3DCreate(&array, &desc));
    ASSERT_DRV_OK(cuMipmappedArrayCreate(&mipmap, &desc, 1));
    CUDA_ARRAY_MEMORY_REQUIREMENTS requirements{};
    CUDA_ARRAY_SPARSE_PROPERTIES sparse{};
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuArrayGetPlane(&plane, array, 0));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE,
               cuArrayGetMemoryRequirements(&requirements, array, device));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE,
               cuMipmappedArrayGetMemoryRequirements(&requirements, mipmap, device));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuArrayGetSparseProperties(&sparse, array));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMipmappedArrayGetSparseProperties(&sparse, mipmap));
    EXPECT_DRV(CUDA_SUCCESS, cuArrayDestroy(array));
    EXPECT_DRV(CUDA_SUCCESS, cuMipmappedArrayDestroy(mipmap));
    EXPECT_DRV(CUDA_ERROR_INVALID_HANDLE, cuArrayGetPlane(&plane, array, 0));
}

} // namespace
} // namespace cuda_test
