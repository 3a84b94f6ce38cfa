// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Texture and surface objects: what is refused, and what objects say of themselves. What kernels
// read through them is the affair of tests/conformance/textures.
#include <cuda.h>
#include <surface_types.h>
#include <texture_types.h>

#include <cstring>
#include <set>

#include "tests/unit/runtime_cuda/expect.h"

namespace cuda_test {
namespace {

constexpr cudaChannelFormatDesc kFloat{32, 0, 0, 0, cudaChannelFormatKindFloat};
constexpr cudaChannelFormatDesc kByte{8, 0, 0, 0, cudaChannelFormatKindUnsigned};
constexpr cudaChannelFormatDesc kInt{32, 0, 0, 0, cudaChannelFormatKindSigned};

#define EXPECT_DRV(code, call) EXPECT_EQ(code, (call)) << #call

cudaResourceDesc of_array(cudaArray_t array) {
    cudaResourceDesc r{};
    r.resType = cudaResourceTypeArray;
    r.res.array.array = array;
    return r;
}

cudaResourceDesc of_memory(void* memory, const cudaChannelFormatDesc& desc, size_t bytes) {
    cudaResourceDesc r{};
    r.resType = cudaResourceTypeLinear;
    r.res.linear = {memory, desc, bytes};
    return r;
}

struct TextureApi : Clean {
    cudaArray_t floats = nullptr, bytes = nullptr, ints = nullptr, surfaces = nullptr;
    cudaMipmappedArray_t mipmap = nullptr;
    char* memory = nullptr;
    static constexpr size_t kBytes = 1 << 16;

    void SetUp() override {
        ASSERT_CUDA_OK(cudaMallocArray(&floats, &kFloat, 32, 16, 0));
        ASSERT_CUDA_OK(cudaMallocArray(&bytes, &kByte, 32, 16, 0));
        ASSERT_CUDA_OK(cudaMallocArray(&ints, &kInt, 32, 16, 0));
        ASSERT_CUDA_OK(cudaMallocArray(&surfaces, &kFloat, 32, 16, cudaArraySurfaceLoadStore));
        ASSERT_CUDA_OK(cudaMallocMipmappedArray(&mipmap, &kFloat, {32, 16, 0}, 4, 0));
        ASSERT_CUDA_OK(cudaMalloc(reinterpret_cast<void**>(&memory), kBytes));
    }
    void TearDown() override {
        for (cudaArray_t array : {floats, bytes, ints, surfaces})
            cudaFreeArray(array);
        cudaFreeMipmappedArray(mipmap);
        cudaFree(memory);
        Clean::TearDown();
    }

    cudaError_t make(const cudaResourceDesc& resource, const cudaTextureDesc& sampler = {},
                     const cudaResourceViewDesc* view = nullptr) {
        cudaTextureObject_t object = 0;
        const cudaError_t error = cudaCreateTextureObject(&object, &resource, &sampler, view);
        if (error == cudaSuccess) EXPECT_CUDA_OK(cudaDestroyTextureObject(object));
        return error;
    }
};

TEST_F(TextureApi, SayWhatTheyWereMadeFrom) {
    cudaTextureDesc sampler{};
    sampler.addressMode[0] = cudaAddressModeWrap;
    sampler.addressMode[1] = cudaAddressModeBorder;
    sampler.filterMode = cudaFilterModeLinear;
    sampler.readMode = cudaReadModeNormalizedFloat;
    sampler.borderColor[2] = 0.25f;
    sampler.normalizedCoords = 1;
    sampler.maxMipmapLevelClamp = 3;
    cudaResourceViewDesc view{};
    view.format = cudaResViewFormatUnsignedChar1;
    view.width = 32;
    view.height = 16;
    const cudaResourceDesc resource = of_array(bytes);
    cudaTextureObject_t object = 0, plain = 0;
    ASSERT_CUDA_OK(cudaCreateTextureObject(&object, &resource, &sampler, &view));
    ASSERT_CUDA_OK(cudaCreateTextureObject(&plain, &resource, &sampler, nullptr));
    EXPECT_NE(object, 0u);
    EXPECT_NE(object, plain);
    cudaResourceDesc r{};
    cudaTextureDesc t{};
    cudaResourceViewDesc v{};
    EXPECT_CUDA_OK(cudaGetTextureObjectResourceDesc(&r, object));
    EXPECT_CUDA_OK(cudaGetTextureObjectTextureDesc(&t, object));
    EXPECT_CUDA_OK(cudaGetTextureObjectResourceViewDesc(&v, object));
    EXPECT_TRUE(r.resType == cudaResourceTypeArray && r.res.array.array == bytes);
    EXPECT_EQ(0, std::memcmp(&t, &sampler, sizeof t));
    EXPECT_EQ(0, std::memcmp(&v, &view, sizeof v));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGetTextureObjectResourceViewDesc(&v, plain));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGetTextureObjectResourceDesc(nullptr, plain));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGetTextureObjectTextureDesc(nullptr, plain));

    // The driver API knows the same objects.
    CUDA_RESOURCE_DESC dr{};
    CUDA_TEXTURE_DESC dt{};
    CUDA_RESOURCE_VIEW_DESC dv{};
    EXPECT_DRV(CUDA_SUCCESS, cuTexObjectGetResourceDesc(&dr, object));
    EXPECT_DRV(CUDA_SUCCESS, cuTexObjectGetTextureDesc(&dt, object));
    EXPECT_DRV(CUDA_SUCCESS, cuTexObjectGetResourceViewDesc(&dv, object));
    EXPECT_TRUE(dr.resType == CU_RESOURCE_TYPE_ARRAY &&
                dr.res.array.hArray == reinterpret_cast<CUarray>(bytes));
    EXPECT_EQ(dt.flags, unsigned{CU_TRSF_NORMALIZED_COORDINATES});
    EXPECT_TRUE(dt.addressMode[1] == CU_TR_ADDRESS_MODE_BORDER &&
                dt.filterMode == CU_TR_FILTER_MODE_LINEAR && dt.borderColor[2] == 0.25f &&
                dt.maxMipmapLevelClamp == 3);
    EXPECT_TRUE(dv.format == CU_RES_VIEW_FORMAT_UINT_1X8 && dv.width == 32 && dv.height == 16);
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuTexObjectGetResourceViewDesc(&dv, plain));

    EXPECT_CUDA_OK(cudaDestroyTextureObject(object));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaDestroyTextureObject(object));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGetTextureObjectResourceDesc(&r, object));
    EXPECT_DRV(CUDA_SUCCESS, cuTexObjectDestroy(plain));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuTexObjectDestroy(plain));
    EXPECT_CUDA_OK(cudaDestroyTextureObject(0)); // none
    EXPECT_CUDA_OK(cudaDestroySurfaceObject(0));
}

TEST_F(TextureApi, OfTheDriverApi) {
    CUDA_RESOURCE_DESC resource{};
    resource.resType = CU_RESOURCE_TYPE_PITCH2D;
    resource.res.pitch2D = {
        reinterpret_cast<CUdeviceptr>(memory), CU_AD_FORMAT_HALF, 2, 16, 8, 128};
    CUDA_TEXTURE_DESC sampler{};
    sampler.flags = CU_TRSF_READ_AS_INTEGER | CU_TRSF_SRGB | CU_TRSF_SEAMLESS_CUBEMAP |
                    CU_TRSF_DISABLE_TRILINEAR_OPTIMIZATION;
    sampler.maxAnisotropy = 4;
    CUtexObject object = 0;
    ASSERT_EQ(CUDA_SUCCESS, cuTexObjectCreate(&object, &resource, &sampler, nullptr));
    CUDA_RESOURCE_DESC r{};
    CUDA_TEXTURE_DESC t{};
    EXPECT_DRV(CUDA_SUCCESS, cuTexObjectGetResourceDesc(&r, object));
    EXPECT_DRV(CUDA_SUCCESS, cuTexObjectGetTextureDesc(&t, object));
    const auto& rows = r.res.pitch2D;
    EXPECT_TRUE(r.resType == CU_RESOURCE_TYPE_PITCH2D && rows.format == CU_AD_FORMAT_HALF &&
                rows.numChannels == 2 && rows.width == 16 && rows.height == 8 &&
                rows.pitchInBytes == 128 && rows.devPtr == reinterpret_cast<CUdeviceptr>(memory));
    EXPECT_EQ(0, std::memcmp(&t, &sampler, sizeof t));
    EXPECT_DRV(CUDA_SUCCESS, cuTexObjectDestroy(object));
    resource = {};
    resource.resType = CU_RESOURCE_TYPE_LINEAR;
    resource.res.linear = {reinterpret_cast<CUdeviceptr>(memory), CU_AD_FORMAT_SIGNED_INT16, 4,
                           1024};
    ASSERT_EQ(CUDA_SUCCESS, cuTexObjectCreate(&object, &resource, &sampler, nullptr));
    EXPECT_DRV(CUDA_SUCCESS, cuTexObjectGetResourceDesc(&r, object));
    EXPECT_TRUE(r.res.linear.format == CU_AD_FORMAT_SIGNED_INT16 && r.res.linear.numChannels == 4 &&
                r.res.linear.sizeInBytes == 1024);
    EXPECT_DRV(CUDA_SUCCESS, cuTexObjectDestroy(object));
    resource.res.linear.numChannels = 3;
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuTexObjectCreate(&object, &resource, &sampler, nullptr));
    resource.resType = static_cast<CUresourcetype>(9);
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuTexObjectCreate(&object, &resource, &sampler, nullptr));
    resource.resType = CU_RESOURCE_TYPE_MIPMAPPED_ARRAY;
    resource.res.mipmap.hMipmappedArray = reinterpret_cast<CUmipmappedArray>(mipmap);
    EXPECT_DRV(CUDA_SUCCESS, cuTexObjectCreate(&object, &resource, &sampler, nullptr));
    EXPECT_DRV(CUDA_SUCCESS, cuTexObjectGetResourceDesc(&r, object));
    EXPECT_EQ(r.res.mipmap.hMipmappedArray, reinterpret_cast<CUmipmappedArray>(mipmap));
    EXPECT_DRV(CUDA_SUCCESS, cuTexObjectDestroy(object));
    sampler.flags = 0x1000;
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuTexObjectCreate(&object, &resource, &sampler, nullptr));
    sampler.flags = CU_TRSF_READ_AS_INTEGER;
    sampler.filterMode = CU_TR_FILTER_MODE_LINEAR;
    resource = {};
    resource.res.array.hArray = reinterpret_cast<CUarray>(bytes);
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuTexObjectCreate(&object, &resource, &sampler, nullptr));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuTexObjectCreate(nullptr, &resource, &sampler, nullptr));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuTexObjectCreate(&object, nullptr, &sampler, nullptr));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuTexObjectCreate(&object, &resource, nullptr, nullptr));
}

TEST_F(TextureApi, RefusesSamplers) {
    cudaTextureDesc linear{};
    linear.filterMode = cudaFilterModeLinear;
    EXPECT_CUDA_OK(make(of_array(floats), linear));
    EXPECT_CUDA(cudaErrorInvalidFilterSetting, make(of_array(bytes), linear));
    linear.readMode = cudaReadModeNormalizedFloat;
    EXPECT_CUDA_OK(make(of_array(bytes), linear));
    // 32-bit integers are not promoted, so they cannot be filtered either.
    EXPECT_CUDA(cudaErrorInvalidFilterSetting, make(of_array(ints), linear));
    linear.filterMode = cudaFilterModePoint;
    EXPECT_CUDA_OK(make(of_array(ints), linear));
    // Plain memory is never filtered.
    linear.filterMode = cudaFilterModeLinear;
    EXPECT_CUDA_OK(make(of_memory(memory, kInt, 4096), linear));
    cudaTextureDesc wrong{};
    wrong.addressMode[1] = static_cast<cudaTextureAddressMode>(4);
    EXPECT_CUDA(cudaErrorInvalidValue, make(of_array(floats), wrong));
    wrong = {};
    wrong.filterMode = static_cast<cudaTextureFilterMode>(2);
    EXPECT_CUDA(cudaErrorInvalidValue, make(of_array(floats), wrong));
    wrong = {};
    wrong.readMode = static_cast<cudaTextureReadMode>(-1);
    EXPECT_CUDA(cudaErrorInvalidValue, make(of_array(floats), wrong));
}

TEST_F(TextureApi, RefusesMemory) {
    EXPECT_CUDA_OK(make(of_memory(memory, kFloat, kBytes)));
    EXPECT_CUDA_OK(make(of_memory(memory + 512, kFloat, 64)));
    EXPECT_CUDA(cudaErrorInvalidValue, make(of_memory(memory + 4, kFloat, 64)));
    EXPECT_CUDA(cudaErrorInvalidValue, make(of_memory(nullptr, kFloat, 64)));
    EXPECT_CUDA(cudaErrorInvalidValue, make(of_memory(memory, kFloat, 0)));
    EXPECT_CUDA(cudaErrorInvalidValue, make(of_memory(memory, kFloat, 3)));
    alignas(512) char host[512];
    EXPECT_CUDA(cudaErrorInvalidValue, make(of_memory(host, kFloat, 64)));
    EXPECT_CUDA(cudaErrorInvalidChannelDescriptor,
                make(of_memory(memory, {32, 32, 32, 0, cudaChannelFormatKindFloat}, 64)));
    cudaResourceDesc rows{};
    rows.resType = cudaResourceTypePitch2D;
    rows.res.pitch2D = {memory, kFloat, 16, 8, 128};
    const auto with = [&](auto change) {
        cudaResourceDesc changed = rows;
        change(changed.res.pitch2D);
        return make(changed);
    };
    EXPECT_CUDA_OK(make(rows));
    EXPECT_CUDA(cudaErrorInvalidValue, with([&](auto& r) { r.pitchInBytes = 72; }));
    EXPECT_CUDA(cudaErrorInvalidValue, with([&](auto& r) { r.pitchInBytes = 32; }));
    EXPECT_CUDA(cudaErrorInvalidValue, with([&](auto& r) { r.width = 0; }));
    EXPECT_CUDA(cudaErrorInvalidValue, with([&](auto& r) { r.height = 0; }));
    EXPECT_CUDA(cudaErrorInvalidValue, with([&](auto& r) { r.height = kBytes / 128 + 1; }));
    EXPECT_CUDA(cudaErrorInvalidValue, with([&](auto& r) { r.width = 1 << 18; }));
    EXPECT_CUDA(cudaErrorInvalidValue, with([&](auto& r) { r.devPtr = memory + 8; }));
}

TEST_F(TextureApi, RefusesResourcesAndViews) {
    cudaResourceDesc wrong = of_array(nullptr);
    EXPECT_CUDA(cudaErrorInvalidValue, make(wrong));
    cudaArray_t gone = nullptr;
    ASSERT_CUDA_OK(cudaMallocArray(&gone, &kFloat, 8, 8, 0));
    ASSERT_CUDA_OK(cudaFreeArray(gone));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle, make(of_array(gone)));
    wrong.resType = static_cast<cudaResourceType>(7);
    EXPECT_CUDA(cudaErrorInvalidValue, make(wrong));
    wrong = of_array(floats);
    wrong.flags = 1;
    EXPECT_CUDA(cudaErrorInvalidValue, make(wrong));

    cudaResourceDesc levels{};
    levels.resType = cudaResourceTypeMipmappedArray;
    levels.res.mipmap.mipmap = mipmap;
    const auto view = [&](const cudaResourceDesc& resource, auto change) {
        cudaResourceViewDesc v{};
        v.width = 32;
        v.height = 16;
        change(v);
        return make(resource, {}, &v);
    };
    EXPECT_CUDA_OK(view(levels, [](auto& v) { v.lastMipmapLevel = 3; }));
    EXPECT_CUDA_OK(view(levels, [](auto& v) { v.firstMipmapLevel = v.lastMipmapLevel = 2; }));
    EXPECT_CUDA(cudaErrorInvalidValue, view(levels, [](auto& v) { v.lastMipmapLevel = 4; }));
    EXPECT_CUDA(cudaErrorInvalidValue, view(levels, [](auto& v) { v.firstMipmapLevel = 1; }));
    EXPECT_CUDA(cudaErrorInvalidValue, view(levels, [](auto& v) { v.width = 16; }));
    EXPECT_CUDA(cudaErrorInvalidValue, view(levels, [](auto& v) { v.height = 0; }));
    EXPECT_CUDA(cudaErrorInvalidValue, view(levels, [](auto& v) { v.lastLayer = 1; }));
    EXPECT_CUDA_OK(view(levels, [](auto& v) { v.format = cudaResViewFormatSignedInt1; }));
    EXPECT_CUDA_OK(view(levels, [](auto& v) { v.format = cudaResViewFormatUnsignedChar4; }));
    EXPECT_CUDA(cudaErrorInvalidValue,
                view(levels, [](auto& v) { v.format = cudaResViewFormatFloat2; }));
    EXPECT_CUDA(cudaErrorNotSupported, view(levels, [](auto& v) {
                    v.format = cudaResViewFormatUnsignedBlockCompressed1;
                }));
    EXPECT_CUDA(cudaErrorInvalidValue,
                view(of_memory(memory, kFloat, 128), [](auto& v) { v.height = 0; }));

    cudaArray_t layers = nullptr;
    ASSERT_CUDA_OK(cudaMalloc3DArray(&layers, &kFloat, {32, 16, 5}, cudaArrayLayered));
    const auto of_layers = [&](unsigned first, unsigned last) {
        return view(of_array(layers), [&](auto& v) {
            v.depth = 5;
            v.firstLayer = first;
            v.lastLayer = last;
        });
    };
    EXPECT_CUDA_OK(of_layers(0, 4));
    EXPECT_CUDA_OK(of_layers(2, 3));
    EXPECT_CUDA(cudaErrorInvalidValue, of_layers(2, 5));
    EXPECT_CUDA(cudaErrorInvalidValue, of_layers(3, 2));
    EXPECT_CUDA_OK(cudaFreeArray(layers));
}

TEST_F(TextureApi, Surfaces) {
    cudaSurfaceObject_t object = 0;
    cudaResourceDesc resource = of_array(surfaces), r{};
    ASSERT_CUDA_OK(cudaCreateSurfaceObject(&object, &resource));
    EXPECT_CUDA_OK(cudaGetSurfaceObjectResourceDesc(&r, object));
    EXPECT_EQ(r.res.array.array, surfaces);
    CUDA_RESOURCE_DESC dr{};
    EXPECT_DRV(CUDA_SUCCESS, cuSurfObjectGetResourceDesc(&dr, object));
    EXPECT_EQ(dr.res.array.hArray, reinterpret_cast<CUarray>(surfaces));
    // Neither is the other.
    EXPECT_CUDA(cudaErrorInvalidValue, cudaDestroyTextureObject(object));
    cudaTextureObject_t texture = 0;
    const cudaTextureDesc sampler{};
    ASSERT_CUDA_OK(cudaCreateTextureObject(&texture, &resource, &sampler, nullptr));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaDestroySurfaceObject(texture));
    EXPECT_CUDA_OK(cudaDestroyTextureObject(texture));
    EXPECT_CUDA_OK(cudaDestroySurfaceObject(object));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaDestroySurfaceObject(object));
    resource = of_array(floats); // not made for surfaces
    EXPECT_CUDA(cudaErrorInvalidValue, cudaCreateSurfaceObject(&object, &resource));
    cudaMipmappedArray_t levels = nullptr; // need not be
    cudaArray_t level = nullptr;
    ASSERT_CUDA_OK(cudaMallocMipmappedArray(&levels, &kFloat, cudaExtent{8, 8, 0}, 2));
    ASSERT_CUDA_OK(cudaGetMipmappedArrayLevel(&level, levels, 1));
    resource = of_array(level);
    ASSERT_CUDA_OK(cudaCreateSurfaceObject(&object, &resource));
    EXPECT_CUDA_OK(cudaDestroySurfaceObject(object));
    EXPECT_CUDA_OK(cudaFreeMipmappedArray(levels));
    resource = of_memory(memory, kFloat, 64);
    EXPECT_CUDA(cudaErrorInvalidValue, cudaCreateSurfaceObject(&object, &resource));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaCreateSurfaceObject(nullptr, &resource));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaCreateSurfaceObject(&object, nullptr));
    dr.res.array.hArray = reinterpret_cast<CUarray>(surfaces);
    CUsurfObject made = 0;
    EXPECT_DRV(CUDA_SUCCESS, cuSurfObjectCreate(&made, &dr));
    EXPECT_DRV(CUDA_SUCCESS, cuSurfObjectDestroy(made));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuSurfObjectDestroy(made));
}

TEST_F(TextureApi, ManyAtATime) {
    const cudaResourceDesc resource = of_array(floats);
    const cudaTextureDesc sampler{};
    std::set<cudaTextureObject_t> objects;
    for (int i = 0; i < 3000; ++i) {
        cudaTextureObject_t object = 0;
        ASSERT_CUDA_OK(cudaCreateTextureObject(&object, &resource, &sampler, nullptr));
        EXPECT_TRUE(objects.insert(object).second);
    }
    for (cudaTextureObject_t object : objects)
        EXPECT_CUDA_OK(cudaDestroyTextureObject(object));
}

} // namespace
} // namespace cuda_test
