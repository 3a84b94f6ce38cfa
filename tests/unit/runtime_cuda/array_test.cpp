// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arrays and mipmapped arrays: what there is, what it says of itself, and what is refused.
#include <array>
#include <set>

#include "tests/unit/runtime_cuda/expect.h"

namespace cuda_test {
namespace {

struct ArrayApi : Clean {};

constexpr cudaChannelFormatDesc kFloat{32, 0, 0, 0, cudaChannelFormatKindFloat};
constexpr cudaChannelFormatDesc kUchar4{8, 8, 8, 8, cudaChannelFormatKindUnsigned};

bool same(const cudaChannelFormatDesc& a, const cudaChannelFormatDesc& b) {
    return a.x == b.x && a.y == b.y && a.z == b.z && a.w == b.w && a.f == b.f;
}

TEST_F(ArrayApi, SaysWhatItIs) {
    struct Case {
        cudaChannelFormatDesc desc;
        cudaExtent extent;
        unsigned flags;
    };
    const Case cases[] = {
        {kFloat, {100, 0, 0}, cudaArrayDefault},
        {kUchar4, {100, 7, 0}, cudaArraySurfaceLoadStore},
        {{16, 16, 0, 0, cudaChannelFormatKindFloat}, {100, 7, 5}, cudaArrayDefault},
        {{16, 0, 0, 0, cudaChannelFormatKindSigned}, {64, 0, 9}, cudaArrayLayered},
        {{32, 32, 32, 32, cudaChannelFormatKindSigned}, {64, 3, 9}, cudaArrayLayered},
        {kFloat, {16, 16, 6}, cudaArrayCubemap},
        {kFloat, {16, 16, 18}, cudaArrayCubemap | cudaArrayLayered},
        {{8, 8, 0, 0, cudaChannelFormatKindUnsignedNormalized8X2}, {9, 9, 0}, cudaArrayDefault},
        {{16, 0, 0, 0, cudaChannelFormatKindSignedNormalized16X1}, {9, 9, 0}, cudaArrayDefault},
        {kFloat, {100, 7, 0}, cudaArrayTextureGather},
    };
    for (const Case& c : cases) {
        cudaArray_t array = nullptr;
        ASSERT_CUDA_OK(cudaMalloc3DArray(&array, &c.desc, c.extent, c.flags));
        cudaChannelFormatDesc desc{}, alone{};
        cudaExtent extent{};
        unsigned flags = 99;
        EXPECT_CUDA_OK(cudaArrayGetInfo(&desc, &extent, &flags, array));
        EXPECT_CUDA_OK(cudaGetChannelDesc(&alone, array));
        EXPECT_TRUE(same(desc, c.desc) && same(alone, c.desc)) << desc.x << " " << desc.f;
        EXPECT_TRUE(extent.width == c.extent.width && extent.height == c.extent.height &&
                    extent.depth == c.extent.depth);
        EXPECT_EQ(flags, c.flags);
        EXPECT_CUDA_OK(cudaArrayGetInfo(nullptr, nullptr, nullptr, array));
        EXPECT_CUDA_OK(cudaFreeArray(array));
    }
}

TEST_F(ArrayApi, MallocArrayMakesOneAndTwoDimensions) {
    cudaArray_t array = nullptr;
    cudaExtent extent{};
    ASSERT_CUDA_OK(cudaMallocArray(&array, &kFloat, 33, 0, cudaArrayDefault));
    EXPECT_CUDA_OK(cudaArrayGetInfo(nullptr, &extent, nullptr, array));
    EXPECT_TRUE(extent.width == 33 && extent.height == 0 && extent.depth == 0);
    EXPECT_CUDA_OK(cudaFreeArray(array));
    ASSERT_CUDA_OK(cudaMallocArray(&array, &kFloat, 33, 4, cudaArrayDefault));
    EXPECT_CUDA_OK(cudaArrayGetInfo(nullptr, &extent, nullptr, array));
    EXPECT_TRUE(extent.width == 33 && extent.height == 4 && extent.depth == 0);
    EXPECT_CUDA_OK(cudaFreeArray(array));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMallocArray(&array, &kFloat, 33, 4, cudaArrayLayered));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMallocArray(nullptr, &kFloat, 33, 4, 0));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMallocArray(&array, nullptr, 33, 4, 0));
}

TEST_F(ArrayApi, RefusesFormats) {
    const cudaChannelFormatDesc none[] = {
        {32, 32, 32, 0, cudaChannelFormatKindFloat}, // three components
        {8, 0, 0, 0, cudaChannelFormatKindFloat},
        {64, 0, 0, 0, cudaChannelFormatKindSigned},
        {24, 0, 0, 0, cudaChannelFormatKindUnsigned},
        {32, 16, 0, 0, cudaChannelFormatKindUnsigned},
        {32, 0, 32, 0, cudaChannelFormatKindUnsigned},
        {0, 0, 0, 0, cudaChannelFormatKindFloat},
        {32, 0, 0, 0, cudaChannelFormatKindNone},
        {-8, 0, 0, 0, cudaChannelFormatKindSigned},
        {16, 0, 0, 0, cudaChannelFormatKindUnsignedNormalized8X1},
        {8, 0, 0, 0, static_cast<cudaChannelFormatKind>(77)},
    };
    cudaArray_t array = nullptr;
    for (const cudaChannelFormatDesc& desc : none)
        EXPECT_CUDA(cudaErrorInvalidChannelDescriptor, cudaMallocArray(&array, &desc, 8, 8, 0));
    const cudaChannelFormatDesc missing[] = {
        {8, 8, 8, 8, cudaChannelFormatKindUnsignedBlockCompressed1},
        {8, 8, 8, 0, cudaChannelFormatKindNV12},
        {10, 10, 10, 2, cudaChannelFormatKindUnsignedNormalized1010102}};
    for (const cudaChannelFormatDesc& desc : missing)
        EXPECT_CUDA(cudaErrorNotSupported, cudaMallocArray(&array, &desc, 8, 8, 0));
}

TEST_F(ArrayApi, RefusesSizesAndFlags) {
    cudaDeviceProp p{};
    ASSERT_CUDA_OK(cudaGetDeviceProperties(&p, 0));
    const auto size = [](int value) { return static_cast<size_t>(value); };
    const auto none = [](cudaExtent extent, unsigned flags) {
        cudaArray_t array = nullptr;
        EXPECT_CUDA(cudaErrorInvalidValue, cudaMalloc3DArray(&array, &kFloat, extent, flags))
            << extent.width << " " << extent.height << " " << extent.depth << " " << flags;
    };
    none({0, 0, 0}, 0);
    none({0, 4, 0}, 0);
    none({4, 0, 4}, 0);
    none({4, 4, 0}, cudaArrayLayered);
    none({4, 4, 5}, cudaArrayCubemap);
    none({4, 5, 6}, cudaArrayCubemap);
    none({4, 4, 13}, cudaArrayCubemap | cudaArrayLayered);
    none({4, 4, 4}, cudaArrayTextureGather);
    none({4, 0, 0}, cudaArrayTextureGather);
    none({4, 4, 0}, 0x1000);
    // One beyond each limit of the device's properties.
    none({size(p.maxTexture1D) + 1, 0, 0}, 0);
    none({size(p.maxTexture2D[0]) + 1, 1, 0}, 0);
    none({1, size(p.maxTexture2D[1]) + 1, 0}, 0);
    none({size(p.maxTexture3D[0]) + 1, 1, 1}, 0);
    none({1, size(p.maxTexture3D[1]) + 1, 1}, 0);
    none({1, 1, size(p.maxTexture3D[2]) + 1}, 0);
    none({size(p.maxTexture1DLayered[0]) + 1, 0, 1}, cudaArrayLayered);
    none({1, 0, size(p.maxTexture1DLayered[1]) + 1}, cudaArrayLayered);
    none({size(p.maxTexture2DLayered[0]) + 1, 1, 1}, cudaArrayLayered);
    none({1, size(p.maxTexture2DLayered[1]) + 1, 1}, cudaArrayLayered);
    none({1, 1, size(p.maxTexture2DLayered[2]) + 1}, cudaArrayLayered);
    none({size(p.maxTextureCubemap) + 1, size(p.maxTextureCubemap) + 1, 6}, cudaArrayCubemap);
    none({1, 1, size(p.maxTextureCubemapLayered[1]) + 6}, cudaArrayCubemap | cudaArrayLayered);
    none({size(p.maxTexture2DGather[0]) + 1, 1, 0}, cudaArrayTextureGather);
    none({size(p.maxSurface1D) + 1, 0, 0}, cudaArraySurfaceLoadStore);
    none({size(p.maxSurface1DLayered[0]) + 1, 0, 1}, cudaArrayLayered | cudaArraySurfaceLoadStore);
    cudaArray_t array = nullptr;
    const cudaExtent square{4, 4, 0};
    EXPECT_CUDA(cudaErrorNotSupported, cudaMalloc3DArray(&array, &kFloat, square, cudaArraySparse));
    EXPECT_CUDA(cudaErrorNotSupported,
                cudaMalloc3DArray(&array, &kFloat, square, cudaArrayDeferredMapping));
    // The limits themselves are there.
    ASSERT_CUDA_OK(cudaMallocArray(&array, &kFloat, size(p.maxTexture1D), 0, 0));
    EXPECT_CUDA_OK(cudaFreeArray(array));
    ASSERT_CUDA_OK(cudaMallocArray(&array, &kFloat, 1, size(p.maxTexture2D[1]), 0));
    EXPECT_CUDA_OK(cudaFreeArray(array));
    // More than the device has.
    EXPECT_CUDA(cudaErrorMemoryAllocation,
                cudaMalloc3DArray(&array, &kFloat, {16384, 16384, 16384}, 0));
}

TEST_F(ArrayApi, LevelsOfMipmappedArrays) {
    cudaMipmappedArray_t mipmap = nullptr;
    ASSERT_CUDA_OK(cudaMallocMipmappedArray(&mipmap, &kUchar4, {20, 6, 0}, 99, 0));
    const size_t wide[] = {20, 10, 5, 2, 1}, high[] = {6, 3, 1, 1, 1};
    std::set<cudaArray_t> levels;
    for (unsigned i = 0; i < 5; ++i) {
        cudaArray_t level = nullptr, again = nullptr;
        ASSERT_CUDA_OK(cudaGetMipmappedArrayLevel(&level, mipmap, i));
        ASSERT_CUDA_OK(cudaGetMipmappedArrayLevel(&again, mipmap, i));
        EXPECT_EQ(level, again);
        levels.insert(level);
        cudaExtent extent{};
        EXPECT_CUDA_OK(cudaArrayGetInfo(nullptr, &extent, nullptr, level));
        EXPECT_TRUE(extent.width == wide[i] && extent.height == high[i] && extent.depth == 0) << i;
        EXPECT_CUDA(cudaErrorInvalidValue, cudaFreeArray(level)); // it goes with the whole
    }
    EXPECT_EQ(levels.size(), 5u);
    cudaArray_t level = nullptr;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGetMipmappedArrayLevel(&level, mipmap, 5));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGetMipmappedArrayLevel(nullptr, mipmap, 0));
    EXPECT_CUDA_OK(cudaFreeMipmappedArray(mipmap));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaGetMipmappedArrayLevel(&level, mipmap, 0));
    for (cudaArray_t old : levels)
        EXPECT_CUDA(cudaErrorInvalidResourceHandle,
                    cudaArrayGetInfo(nullptr, nullptr, nullptr, old));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaFreeMipmappedArray(mipmap));

    // Layers are not halved, slices are; and 0 levels are one.
    ASSERT_CUDA_OK(cudaMallocMipmappedArray(&mipmap, &kUchar4, {8, 8, 5}, 9, cudaArrayLayered));
    cudaExtent extent{};
    ASSERT_CUDA_OK(cudaGetMipmappedArrayLevel(&level, mipmap, 3));
    EXPECT_CUDA_OK(cudaArrayGetInfo(nullptr, &extent, nullptr, level));
    EXPECT_TRUE(extent.width == 1 && extent.height == 1 && extent.depth == 5);
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGetMipmappedArrayLevel(&level, mipmap, 4));
    EXPECT_CUDA_OK(cudaFreeMipmappedArray(mipmap));
    ASSERT_CUDA_OK(cudaMallocMipmappedArray(&mipmap, &kUchar4, {2, 2, 8}, 9, 0));
    ASSERT_CUDA_OK(cudaGetMipmappedArrayLevel(&level, mipmap, 3));
    EXPECT_CUDA_OK(cudaArrayGetInfo(nullptr, &extent, nullptr, level));
    EXPECT_TRUE(extent.width == 1 && extent.height == 1 && extent.depth == 1);
    EXPECT_CUDA_OK(cudaFreeMipmappedArray(mipmap));
    ASSERT_CUDA_OK(cudaMallocMipmappedArray(&mipmap, &kUchar4, {8, 8, 0}, 0, 0));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGetMipmappedArrayLevel(&level, mipmap, 1));
    EXPECT_CUDA_OK(cudaFreeMipmappedArray(mipmap));
    EXPECT_CUDA_OK(cudaFreeMipmappedArray(nullptr));
}

TEST_F(ArrayApi, HandlesEnd) {
    cudaArray_t array = nullptr, next = nullptr;
    ASSERT_CUDA_OK(cudaMallocArray(&array, &kFloat, 8, 8, 0));
    EXPECT_CUDA_OK(cudaFreeArray(array));
    cudaChannelFormatDesc desc{};
    EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaFreeArray(array));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaGetChannelDesc(&desc, array));
    ASSERT_CUDA_OK(cudaMallocArray(&next, &kFloat, 8, 8, 0));
    EXPECT_NE(array, next); // the old one never becomes valid again
    EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaGetChannelDesc(&desc, array));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGetChannelDesc(&desc, nullptr));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGetChannelDesc(nullptr, next));
    EXPECT_CUDA_OK(cudaFreeArray(next));
    EXPECT_CUDA_OK(cudaFreeArray(nullptr));
    int something = 0;
    EXPECT_CUDA(cudaErrorInvalidResourceHandle,
                cudaFreeArray(reinterpret_cast<cudaArray_t>(&something)));
    cudaStream_t stream = nullptr;
    ASSERT_CUDA_OK(cudaStreamCreate(&stream));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle,
                cudaFreeArray(reinterpret_cast<cudaArray_t>(stream)));
    EXPECT_CUDA_OK(cudaStreamDestroy(stream));
}

TEST_F(ArrayApi, MemoryComesBack) {
    size_t before = 0, after = 0, total = 0;
    cudaArray_t array = nullptr;
    ASSERT_CUDA_OK(cudaMallocArray(&array, &kFloat, 4096, 4096, 0));
    ASSERT_CUDA_OK(cudaFreeArray(array));
    ASSERT_CUDA_OK(cudaMemGetInfo(&before, &total));
    for (int i = 0; i < 20; ++i) {
        ASSERT_CUDA_OK(cudaMallocArray(&array, &kFloat, 4096, 4096, 0));
        ASSERT_CUDA_OK(cudaMemGetInfo(&after, &total));
        EXPECT_LE(after + 4096 * 4096 * 4, before);
        ASSERT_CUDA_OK(cudaFreeArray(array));
    }
    ASSERT_CUDA_OK(cudaMemGetInfo(&after, &total));
    EXPECT_EQ(before, after);
}

TEST_F(ArrayApi, NeitherPlanesNorTiles) {
    cudaArray_t array = nullptr, plane = nullptr;
    cudaMipmappedArray_t mipmap = nullptr;
    ASSERT_CUDA_OK(cudaMallocArray(&array, &kFloat, 8, 8, 0));
    ASSERT_CUDA_OK(cudaMallocMipmappedArray(&mipmap, &kFloat, {8, 8, 0}, 2, 0));
    cudaArrayMemoryRequirements requirements{};
    cudaArraySparseProperties sparse{};
    EXPECT_CUDA(cudaErrorInvalidValue, cudaArrayGetPlane(&plane, array, 0));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaArrayGetPlane(nullptr, array, 0));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaArrayGetMemoryRequirements(&requirements, array, 0));
    EXPECT_CUDA(cudaErrorInvalidDevice, cudaArrayGetMemoryRequirements(&requirements, array, 99));
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaMipmappedArrayGetMemoryRequirements(&requirements, mipmap, 0));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaArrayGetSparseProperties(&sparse, array));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMipmappedArrayGetSparseProperties(&sparse, mipmap));
    EXPECT_CUDA_OK(cudaFreeArray(array));
    EXPECT_CUDA_OK(cudaFreeMipmappedArray(mipmap));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaArrayGetPlane(&plane, array, 0));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle,
                cudaMipmappedArrayGetSparseProperties(&sparse, mipmap));
}

TEST_F(ArrayApi, WidestLinearTexture) {
    cudaDeviceProp p{};
    ASSERT_CUDA_OK(cudaGetDeviceProperties(&p, 0));
    size_t width = 0;
    ASSERT_CUDA_OK(cudaDeviceGetTexture1DLinearMaxWidth(&width, &kUchar4, 0));
    EXPECT_EQ(width, static_cast<size_t>(p.maxTexture1DLinear));
    EXPECT_GE(width, size_t{1} << 27);
    const cudaChannelFormatDesc three{8, 8, 8, 0, cudaChannelFormatKindUnsigned};
    EXPECT_CUDA(cudaErrorInvalidChannelDescriptor,
                cudaDeviceGetTexture1DLinearMaxWidth(&width, &three, 0));
    EXPECT_CUDA(cudaErrorInvalidDevice, cudaDeviceGetTexture1DLinearMaxWidth(&width, &kFloat, 99));
}

/// Attributes and properties are the same facts.
TEST_F(ArrayApi, PropertiesAndAttributesAgree) {
    cudaDeviceProp p{};
    ASSERT_CUDA_OK(cudaGetDeviceProperties(&p, 0));
    struct Pair {
        cudaDeviceAttr attribute;
        int value;
    };
    const Pair pairs[] = {
        {cudaDevAttrMaxTexture1DWidth, p.maxTexture1D},
        {cudaDevAttrMaxTexture1DMipmappedWidth, p.maxTexture1DMipmap},
        {cudaDevAttrMaxTexture1DLinearWidth, p.maxTexture1DLinear},
        {cudaDevAttrMaxTexture2DWidth, p.maxTexture2D[0]},
        {cudaDevAttrMaxTexture2DHeight, p.maxTexture2D[1]},
        {cudaDevAttrMaxTexture2DMipmappedWidth, p.maxTexture2DMipmap[0]},
        {cudaDevAttrMaxTexture2DMipmappedHeight, p.maxTexture2DMipmap[1]},
        {cudaDevAttrMaxTexture2DLinearWidth, p.maxTexture2DLinear[0]},
        {cudaDevAttrMaxTexture2DLinearHeight, p.maxTexture2DLinear[1]},
        {cudaDevAttrMaxTexture2DLinearPitch, p.maxTexture2DLinear[2]},
        {cudaDevAttrMaxTexture2DGatherWidth, p.maxTexture2DGather[0]},
        {cudaDevAttrMaxTexture2DGatherHeight, p.maxTexture2DGather[1]},
        {cudaDevAttrMaxTexture3DWidth, p.maxTexture3D[0]},
        {cudaDevAttrMaxTexture3DHeight, p.maxTexture3D[1]},
        {cudaDevAttrMaxTexture3DDepth, p.maxTexture3D[2]},
        {cudaDevAttrMaxTexture3DWidthAlt, p.maxTexture3DAlt[0]},
        {cudaDevAttrMaxTexture3DHeightAlt, p.maxTexture3DAlt[1]},
        {cudaDevAttrMaxTexture3DDepthAlt, p.maxTexture3DAlt[2]},
        {cudaDevAttrMaxTextureCubemapWidth, p.maxTextureCubemap},
        {cudaDevAttrMaxTexture1DLayeredWidth, p.maxTexture1DLayered[0]},
        {cudaDevAttrMaxTexture1DLayeredLayers, p.maxTexture1DLayered[1]},
        {cudaDevAttrMaxTexture2DLayeredWidth, p.maxTexture2DLayered[0]},
        {cudaDevAttrMaxTexture2DLayeredHeight, p.maxTexture2DLayered[1]},
        {cudaDevAttrMaxTexture2DLayeredLayers, p.maxTexture2DLayered[2]},
        {cudaDevAttrMaxTextureCubemapLayeredWidth, p.maxTextureCubemapLayered[0]},
        {cudaDevAttrMaxTextureCubemapLayeredLayers, p.maxTextureCubemapLayered[1]},
        {cudaDevAttrMaxSurface1DWidth, p.maxSurface1D},
        {cudaDevAttrMaxSurface2DWidth, p.maxSurface2D[0]},
        {cudaDevAttrMaxSurface2DHeight, p.maxSurface2D[1]},
        {cudaDevAttrMaxSurface3DWidth, p.maxSurface3D[0]},
        {cudaDevAttrMaxSurface3DHeight, p.maxSurface3D[1]},
        {cudaDevAttrMaxSurface3DDepth, p.maxSurface3D[2]},
        {cudaDevAttrMaxSurface1DLayeredWidth, p.maxSurface1DLayered[0]},
        {cudaDevAttrMaxSurface1DLayeredLayers, p.maxSurface1DLayered[1]},
        {cudaDevAttrMaxSurface2DLayeredWidth, p.maxSurface2DLayered[0]},
        {cudaDevAttrMaxSurface2DLayeredHeight, p.maxSurface2DLayered[1]},
        {cudaDevAttrMaxSurface2DLayeredLayers, p.maxSurface2DLayered[2]},
        {cudaDevAttrMaxSurfaceCubemapWidth, p.maxSurfaceCubemap},
        {cudaDevAttrMaxSurfaceCubemapLayeredWidth, p.maxSurfaceCubemapLayered[0]},
        {cudaDevAttrMaxSurfaceCubemapLayeredLayers, p.maxSurfaceCubemapLayered[1]},
    };
    for (const Pair& pair : pairs) {
        int value = -1;
        EXPECT_CUDA_OK(cudaDeviceGetAttribute(&value, pair.attribute, 0));
        EXPECT_EQ(value, pair.value) << pair.attribute;
        EXPECT_GT(value, 0) << pair.attribute;
    }
    // At least what the table of compute capabilities promises.
    EXPECT_GE(p.maxTexture1D, 131072);
    EXPECT_TRUE(p.maxTexture2D[0] >= 131072 && p.maxTexture2D[1] >= 65536);
    EXPECT_GE(p.maxTexture3D[2], 16384);
    EXPECT_EQ(p.textureAlignment & (p.textureAlignment - 1), 0u);
    EXPECT_EQ(p.texturePitchAlignment, 32u);
}

} // namespace
} // namespace cuda_test
