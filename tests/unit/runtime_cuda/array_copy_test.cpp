// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Copies to, from and between arrays, against copies in a vector.
#include <cstdint>
#include <numeric>
#include <vector>

#include <cuda.h>

#include "tests/unit/runtime_cuda/expect.h"

namespace cuda_test {
namespace {

using Texels = std::vector<uint16_t>;
constexpr cudaChannelFormatDesc kShort{16, 0, 0, 0, cudaChannelFormatKindUnsigned};
constexpr size_t kWide = 37, kHigh = 11, kPitch = kWide * 2; // of rows without gaps

Texels ramp(size_t count, uint16_t first = 0) {
    Texels data(count);
    std::iota(data.begin(), data.end(), first);
    return data;
}

struct ArrayCopy : Clean {
    cudaArray_t array = nullptr, other = nullptr;
    const Texels source = ramp(kWide * kHigh, 1);

    void SetUp() override {
        ASSERT_CUDA_OK(cudaMallocArray(&array, &kShort, kWide, kHigh, 0));
        ASSERT_CUDA_OK(cudaMallocArray(&other, &kShort, kWide, kHigh, 0));
        ASSERT_CUDA_OK(cudaMemcpy2DToArray(array, 0, 0, source.data(), kPitch, kPitch, kHigh,
                                           cudaMemcpyHostToDevice));
        const Texels zeros(kWide * kHigh);
        ASSERT_CUDA_OK(cudaMemcpy2DToArray(other, 0, 0, zeros.data(), kPitch, kPitch, kHigh,
                                           cudaMemcpyHostToDevice));
    }
    void TearDown() override {
        cudaFreeArray(array);
        cudaFreeArray(other);
        Clean::TearDown();
    }
    Texels read(cudaArray_t from) {
        Texels data(kWide * kHigh);
        EXPECT_CUDA_OK(cudaMemcpy2DFromArray(data.data(), kPitch, from, 0, 0, kPitch, kHigh,
                                             cudaMemcpyDeviceToHost));
        return data;
    }
};

TEST_F(ArrayCopy, WholeAndWindows) {
    EXPECT_EQ(read(array), source);
    Texels expected = source;
    const Texels patch = ramp(64 * 4, 1000); // rows of 64, of which 10 are taken
    ASSERT_CUDA_OK(
        cudaMemcpy2DToArray(array, 5 * 2, 3, patch.data(), 128, 20, 4, cudaMemcpyHostToDevice));
    for (size_t y = 0; y < 4; ++y)
        for (size_t x = 0; x < 10; ++x)
            expected[(y + 3) * kWide + x + 5] = patch[y * 64 + x];
    EXPECT_EQ(read(array), expected);
    Texels window(16 * 3, 7);
    ASSERT_CUDA_OK(
        cudaMemcpy2DFromArray(window.data(), 32, array, 4 * 2, 2, 24, 3, cudaMemcpyDefault));
    for (size_t y = 0; y < 3; ++y)
        for (size_t x = 0; x < 16; ++x)
            EXPECT_EQ(window[y * 16 + x], x < 12 ? expected[(y + 2) * kWide + x + 4] : 7);
}

TEST_F(ArrayCopy, BetweenArrays) {
    ASSERT_CUDA_OK(cudaMemcpy2DArrayToArray(other, 2 * 2, 1, array, 7 * 2, 4, 30, 5,
                                            cudaMemcpyDeviceToDevice));
    Texels expected(kWide * kHigh);
    for (size_t y = 0; y < 5; ++y)
        for (size_t x = 0; x < 15; ++x)
            expected[(y + 1) * kWide + x + 2] = source[(y + 4) * kWide + x + 7];
    EXPECT_EQ(read(other), expected);
    EXPECT_CUDA(cudaErrorInvalidMemcpyDirection,
                cudaMemcpy2DArrayToArray(other, 0, 0, array, 0, 0, 2, 1, cudaMemcpyHostToDevice));
}

TEST_F(ArrayCopy, WithDeviceMemoryInStreams) {
    cudaStream_t stream = nullptr;
    uint16_t* memory = nullptr;
    ASSERT_CUDA_OK(cudaStreamCreate(&stream));
    ASSERT_CUDA_OK(cudaMalloc(reinterpret_cast<void**>(&memory), 128 * kHigh));
    EXPECT_CUDA_OK(cudaMemcpy2DFromArrayAsync(memory, 128, array, 0, 0, kPitch, kHigh,
                                              cudaMemcpyDeviceToDevice, stream));
    EXPECT_CUDA_OK(cudaMemcpy2DToArrayAsync(other, 0, 0, memory, 128, kPitch, kHigh,
                                            cudaMemcpyDefault, stream));
    EXPECT_CUDA_OK(cudaStreamSynchronize(stream));
    EXPECT_EQ(read(other), source);
    EXPECT_CUDA_OK(cudaFree(memory));
    EXPECT_CUDA_OK(cudaStreamDestroy(stream));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle,
                cudaMemcpy2DToArrayAsync(other, 0, 0, memory, 128, kPitch, kHigh, cudaMemcpyDefault,
                                         stream));
}

TEST_F(ArrayCopy, RunsThatGoOnInTheNextRow) {
    struct Case {
        size_t x, y, count;
    };
    for (const Case& c : {Case{0, 0, kWide * kHigh}, Case{5, 2, 3}, Case{5, 2, kWide - 5},
                          Case{5, 2, kWide}, Case{5, 2, 3 * kWide + 9}, Case{0, 4, 2 * kWide},
                          Case{kWide - 1, kHigh - 1, 1}, Case{0, 0, 0}}) {
        const Texels patch = ramp(c.count, 5000);
        Texels expected = source;
        std::copy(patch.begin(), patch.end(), expected.begin() + (c.y * kWide + c.x));
        SetUp();
        EXPECT_CUDA_OK(cudaMemcpyToArray(array, c.x * 2, c.y, patch.data(), c.count * 2,
                                         cudaMemcpyHostToDevice));
        EXPECT_EQ(read(array), expected) << c.x << " " << c.y << " " << c.count;
        Texels back(c.count);
        EXPECT_CUDA_OK(cudaMemcpyFromArray(back.data(), array, c.x * 2, c.y, c.count * 2,
                                           cudaMemcpyDeviceToHost));
        EXPECT_EQ(back, patch);
        Texels later(c.count);
        EXPECT_CUDA_OK(cudaMemcpyToArrayAsync(other, c.x * 2, c.y, patch.data(), c.count * 2,
                                              cudaMemcpyHostToDevice, nullptr));
        EXPECT_CUDA_OK(cudaMemcpyFromArrayAsync(later.data(), other, c.x * 2, c.y, c.count * 2,
                                                cudaMemcpyDeviceToHost, nullptr));
        EXPECT_CUDA_OK(cudaDeviceSynchronize());
        EXPECT_EQ(later, patch);
        cudaFreeArray(array);
        cudaFreeArray(other);
    }
    SetUp();
}

TEST_F(ArrayCopy, RunsBetweenArraysOfOtherWidths) {
    cudaArray_t narrow = nullptr;
    ASSERT_CUDA_OK(cudaMallocArray(&narrow, &kShort, 10, 20, 0));
    ASSERT_CUDA_OK(cudaMemcpyArrayToArray(narrow, 3 * 2, 1, array, 30 * 2, 2, 150 * 2,
                                          cudaMemcpyDeviceToDevice));
    Texels back(150);
    ASSERT_CUDA_OK(cudaMemcpyFromArray(back.data(), narrow, 3 * 2, 1, 300, cudaMemcpyDeviceToHost));
    EXPECT_EQ(back, Texels(source.begin() + 2 * kWide + 30, source.begin() + 2 * kWide + 180));
    EXPECT_CUDA_OK(cudaFreeArray(narrow));
}

TEST_F(ArrayCopy, Misuse) {
    Texels data(kWide * kHigh + 64);
    const auto to = [&](size_t x, size_t y, size_t pitch, size_t width, size_t height,
                        cudaMemcpyKind kind = cudaMemcpyHostToDevice) {
        return cudaMemcpy2DToArray(array, x, y, data.data(), pitch, width, height, kind);
    };
    EXPECT_CUDA(cudaErrorInvalidValue, to(0, 0, 128, kPitch + 2, 1));
    EXPECT_CUDA(cudaErrorInvalidValue, to(2, 0, 128, kPitch, 1));
    EXPECT_CUDA(cudaErrorInvalidValue, to(0, 1, kPitch, kPitch, kHigh));
    EXPECT_CUDA(cudaErrorInvalidValue, to(1, 0, 128, 2, 1)); // within an element
    EXPECT_CUDA(cudaErrorInvalidValue, to(SIZE_MAX - 1, 0, 128, 2, 1));
    EXPECT_CUDA(cudaErrorInvalidPitchValue, to(0, 0, kPitch - 2, kPitch, 2));
    EXPECT_CUDA(cudaErrorInvalidMemcpyDirection, to(0, 0, 128, 2, 1, cudaMemcpyDeviceToHost));
    EXPECT_CUDA(cudaErrorInvalidMemcpyDirection, to(0, 0, 128, 2, 1, cudaMemcpyHostToHost));
    EXPECT_CUDA(cudaErrorInvalidValue, to(0, 0, 128, 2, 1, cudaMemcpyDeviceToDevice));
    EXPECT_CUDA(cudaErrorInvalidMemcpyDirection,
                cudaMemcpy2DFromArray(data.data(), 128, array, 0, 0, 2, 1, cudaMemcpyHostToDevice));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMemcpy2DFromArray(data.data(), 128, array, 0, kHigh, 2,
                                                             1, cudaMemcpyDeviceToHost));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMemcpy2DFromArray(data.data(), 128, nullptr, 0, 0, 2, 1,
                                                             cudaMemcpyDeviceToHost));
    EXPECT_CUDA(
        cudaErrorInvalidValue,
        cudaMemcpyToArray(array, 0, 0, data.data(), kPitch * kHigh + 2, cudaMemcpyHostToDevice));
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaMemcpyToArray(array, 0, kHigh, data.data(), 2, cudaMemcpyHostToDevice));
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaMemcpyToArray(array, kPitch, 0, data.data(), 2, cudaMemcpyHostToDevice));
    EXPECT_EQ(read(array), source);
    cudaArray_t gone = nullptr;
    ASSERT_CUDA_OK(cudaMallocArray(&gone, &kShort, 4, 4, 0));
    ASSERT_CUDA_OK(cudaFreeArray(gone));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle,
                cudaMemcpy2DToArray(gone, 0, 0, data.data(), 8, 8, 4, cudaMemcpyHostToDevice));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle,
                cudaMemcpyFromArray(data.data(), gone, 0, 0, 8, cudaMemcpyDeviceToHost));
}

/// A volume of int2, whose extents count elements.
struct VolumeCopy : Clean {
    struct Element {
        int x, y;
        bool operator==(const Element&) const = default;
    };
    using Elements = std::vector<Element>;
    static constexpr size_t kW = 12, kH = 7, kD = 5;
    cudaArray_t array = nullptr;
    Elements source{kW * kH * kD};

    void SetUp() override {
        const cudaChannelFormatDesc desc{32, 32, 0, 0, cudaChannelFormatKindSigned};
        ASSERT_CUDA_OK(cudaMalloc3DArray(&array, &desc, {kW, kH, kD}, 0));
        for (size_t i = 0; i < source.size(); ++i)
            source[i] = {static_cast<int>(i), static_cast<int>(i * i)};
        cudaMemcpy3DParms p = of_host(source);
        p.dstArray = array;
        p.extent = {kW, kH, kD};
        p.kind = cudaMemcpyHostToDevice;
        ASSERT_CUDA_OK(cudaMemcpy3D(&p));
    }
    void TearDown() override {
        cudaFreeArray(array);
        Clean::TearDown();
    }
    static cudaPitchedPtr pitched(void* data) { return {data, kW * sizeof(Element), kW, kH}; }
    static cudaMemcpy3DParms of_host(Elements& data) {
        cudaMemcpy3DParms p{};
        p.srcPtr = pitched(data.data());
        return p;
    }
    static size_t at(size_t x, size_t y, size_t z) { return (z * kH + y) * kW + x; }
};

TEST_F(VolumeCopy, Boxes) {
    Elements back(source.size());
    cudaMemcpy3DParms out{};
    out.srcArray = array;
    out.srcPos = {3, 2, 1};
    out.dstPtr = pitched(back.data());
    out.dstPos = {2 * sizeof(Element), 1, 2}; // bytes, of plain memory
    out.extent = {5, 4, 3};
    out.kind = cudaMemcpyDeviceToHost;
    ASSERT_CUDA_OK(cudaMemcpy3DAsync(&out, nullptr));
    ASSERT_CUDA_OK(cudaDeviceSynchronize());
    for (size_t z = 0; z < kD; ++z)
        for (size_t y = 0; y < kH; ++y)
            for (size_t x = 0; x < kW; ++x) {
                const bool in = x >= 2 && x < 7 && y >= 1 && y < 5 && z >= 2;
                EXPECT_EQ(back[at(x, y, z)], in ? source[at(x + 1, y + 1, z - 1)] : Element{})
                    << x << " " << y << " " << z;
            }
}

TEST_F(VolumeCopy, BetweenArraysAndPeers) {
    cudaArray_t layers = nullptr;
    const cudaChannelFormatDesc desc{16, 16, 16, 16, cudaChannelFormatKindUnsigned};
    ASSERT_CUDA_OK(cudaMalloc3DArray(&layers, &desc, {kW, kH, kD}, cudaArrayLayered));
    cudaMemcpy3DPeerParms across{};
    across.srcArray = array;
    across.srcPos = {0, 0, 4};
    across.dstArray = layers;
    across.dstPos = {0, 0, 1};
    across.extent = {kW, kH, 1};
    ASSERT_CUDA_OK(cudaMemcpy3DPeer(&across));
    Elements back(kW * kH);
    cudaMemcpy3DParms out{};
    out.srcArray = layers;
    out.srcPos = {0, 0, 1};
    out.dstPtr = pitched(back.data());
    out.extent = {kW, kH, 1};
    out.kind = cudaMemcpyDeviceToHost;
    ASSERT_CUDA_OK(cudaMemcpy3D(&out));
    EXPECT_EQ(back, Elements(source.begin() + at(0, 0, 4), source.end()));
    EXPECT_CUDA_OK(cudaFreeArray(layers));
}

TEST_F(VolumeCopy, Misuse) {
    cudaMemcpy3DParms p = of_host(source);
    p.dstArray = array;
    p.extent = {kW, kH, kD};
    p.kind = cudaMemcpyHostToDevice;
    const auto refused = [&](auto change) {
        cudaMemcpy3DParms wrong = p;
        change(wrong);
        EXPECT_CUDA(cudaErrorInvalidValue, cudaMemcpy3D(&wrong));
    };
    refused([](cudaMemcpy3DParms& w) { w.extent.width = kW + 1; });
    refused([](cudaMemcpy3DParms& w) { w.extent.height = kH + 1; });
    refused([](cudaMemcpy3DParms& w) { w.extent.depth = kD + 1; });
    refused([](cudaMemcpy3DParms& w) { w.dstPos.z = 1; });
    refused([](cudaMemcpy3DParms& w) { w.dstPos.x = SIZE_MAX; });
    refused([](cudaMemcpy3DParms& w) { w.extent.width = SIZE_MAX / 2; });
    refused([](cudaMemcpy3DParms& w) { w.dstPtr.ptr = w.srcPtr.ptr; }); // two destinations
    refused([](cudaMemcpy3DParms& w) { w.srcPtr.pitch = kW; });
    refused([](cudaMemcpy3DParms& w) { w.srcPtr.ysize = kH - 1; });
    refused([](cudaMemcpy3DParms& w) { w.srcPtr.ptr = nullptr; });
    cudaArray_t bytes = nullptr;
    const cudaChannelFormatDesc one{8, 0, 0, 0, cudaChannelFormatKindUnsigned};
    ASSERT_CUDA_OK(cudaMalloc3DArray(&bytes, &one, {kW, kH, kD}, 0));
    refused([&](cudaMemcpy3DParms& w) {
        w.srcPtr = {};
        w.srcArray = bytes;
        w.kind = cudaMemcpyDeviceToDevice;
    });
    EXPECT_CUDA_OK(cudaFreeArray(bytes));
    p.dstArray = bytes;
    EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaMemcpy3D(&p));
}

/// The pointer decides whose memory a side is: a position beyond its allocation is an error, not
/// whatever stands there (host memory, another allocation).
TEST_F(VolumeCopy, PositionsStayInTheAllocation) {
    void *first = nullptr, *second = nullptr;
    ASSERT_CUDA_OK(cudaMalloc(&first, 1 << 20));
    ASSERT_CUDA_OK(cudaMalloc(&second, 1 << 20));
    const auto far = [&](void* to) {
        return reinterpret_cast<uintptr_t>(to) - reinterpret_cast<uintptr_t>(first);
    };
    uint8_t host[16] = {};
    for (const uintptr_t away : {far(second), far(host), uintptr_t{1} << 50}) {
        cudaMemcpy3DParms p{};
        p.dstPtr = {first, away, 4, 4};
        p.dstPos = {0, 1, 0};
        p.srcPtr = {second, 4, 4, 4};
        p.extent = {4, 1, 1};
        p.kind = cudaMemcpyDefault;
        EXPECT_CUDA(cudaErrorInvalidValue, cudaMemcpy3D(&p)) << away;
        CUDA_MEMCPY3D q{};
        q.dstMemoryType = q.srcMemoryType = CU_MEMORYTYPE_UNIFIED;
        q.dstDevice = reinterpret_cast<CUdeviceptr>(first);
        q.dstPitch = away;
        q.dstY = 1;
        q.srcDevice = reinterpret_cast<CUdeviceptr>(second);
        q.WidthInBytes = 4;
        q.Height = q.Depth = 1;
        EXPECT_EQ(CUDA_ERROR_INVALID_VALUE, cuMemcpy3D(&q)) << away;
    }
    EXPECT_CUDA_OK(cudaFree(first));
    EXPECT_CUDA_OK(cudaFree(second));
}

/// Each level is an array of its own.
TEST_F(ArrayCopy, LevelsDoNotOverlap) {
    cudaMipmappedArray_t mipmap = nullptr;
    ASSERT_CUDA_OK(cudaMallocMipmappedArray(&mipmap, &kShort, {33, 17, 3}, 9, cudaArrayLayered));
    const auto copy = [&](unsigned level, Texels& data, bool in) {
        const size_t w = std::max<size_t>(33 >> level, 1), h = std::max<size_t>(17 >> level, 1);
        data.resize(w * h * 3);
        cudaArray_t part = nullptr;
        ASSERT_CUDA_OK(cudaGetMipmappedArrayLevel(&part, mipmap, level));
        cudaMemcpy3DParms p{};
        (in ? p.srcPtr : p.dstPtr) = {data.data(), w * 2, w, h};
        (in ? p.dstArray : p.srcArray) = part;
        p.extent = {w, h, 3};
        p.kind = cudaMemcpyDefault;
        ASSERT_CUDA_OK(cudaMemcpy3D(&p));
    };
    for (unsigned level = 0; level < 6; ++level) {
        Texels data = ramp(33 * 17 * 3, static_cast<uint16_t>(level * 2000));
        copy(level, data, true);
    }
    for (unsigned level = 0; level < 6; ++level) {
        Texels data;
        copy(level, data, false);
        EXPECT_EQ(data, ramp(data.size(), static_cast<uint16_t>(level * 2000))) << level;
    }
    EXPECT_CUDA_OK(cudaFreeMipmappedArray(mipmap));
}

} // namespace
} // namespace cuda_test
