// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <cstring>
#include <numeric>
#include <vector>

#include "tests/unit/runtime_cuda/expect.h"

namespace cuda_test {
namespace {

using Bytes = std::vector<unsigned char>;

struct MemcpyApi : Clean {
    unsigned char* device = nullptr;
    static constexpr size_t kBytes = 1 << 20;
    void SetUp() override { ASSERT_CUDA_OK(cudaMalloc(reinterpret_cast<void**>(&device), kBytes)); }
    void TearDown() override {
        cudaFree(device);
        Clean::TearDown();
    }
    Bytes read(size_t bytes) {
        Bytes data(bytes);
        EXPECT_CUDA_OK(cudaMemcpy(data.data(), device, bytes, cudaMemcpyDeviceToHost));
        return data;
    }
};

Bytes ramp(size_t bytes) {
    Bytes data(bytes);
    for (size_t i = 0; i < bytes; ++i)
        data[i] = static_cast<unsigned char>(i * 7 + i / 251);
    return data;
}

using CopyBatches = Clean;

TEST_F(MemcpyApi, ThereAndBackInAllSizes) {
    for (const size_t bytes :
         {size_t{1}, size_t{3}, size_t{4095}, size_t{65536}, size_t{65537}, kBytes}) {
        const Bytes source = ramp(bytes);
        ASSERT_CUDA_OK(cudaMemcpy(device, source.data(), bytes, cudaMemcpyHostToDevice));
        EXPECT_EQ(read(bytes), source) << bytes;
        ASSERT_CUDA_OK(cudaMemcpyAsync(device, source.data(), bytes, cudaMemcpyDefault, nullptr));
        EXPECT_EQ(read(bytes), source) << bytes;
    }
}

TEST_F(MemcpyApi, DirectionsAndPointersMustAgree) {
    Bytes host(16);
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaMemcpy(nullptr, host.data(), 16, cudaMemcpyHostToDevice));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMemcpy(device, nullptr, 16, cudaMemcpyHostToDevice));
    EXPECT_CUDA(cudaErrorInvalidMemcpyDirection,
                cudaMemcpy(device, host.data(), 16, static_cast<cudaMemcpyKind>(9)));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMemcpy(host.data(), device, 16, cudaMemcpyHostToDevice));
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaMemcpy(device + kBytes - 8, host.data(), 16, cudaMemcpyHostToDevice));
    EXPECT_CUDA_OK(cudaMemcpy(nullptr, nullptr, 0, cudaMemcpyHostToDevice));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle,
                cudaMemcpyAsync(device, host.data(), 16, cudaMemcpyHostToDevice,
                                reinterpret_cast<cudaStream_t>(device)));
}

TEST_F(MemcpyApi, DeviceToDevice) {
    const Bytes source = ramp(1000);
    ASSERT_CUDA_OK(cudaMemcpy(device, source.data(), 1000, cudaMemcpyHostToDevice));
    ASSERT_CUDA_OK(cudaMemcpy(device + 5000, device, 1000, cudaMemcpyDeviceToDevice));
    Bytes back(1000);
    ASSERT_CUDA_OK(cudaMemcpy(back.data(), device + 5000, 1000, cudaMemcpyDeviceToHost));
    EXPECT_EQ(back, source);
}

TEST_F(MemcpyApi, Rectangles) {
    constexpr size_t kWidth = 37, kHeight = 23, kFrom = 50, kTo = 64;
    const Bytes source = ramp(kFrom * kHeight);
    ASSERT_CUDA_OK(cudaMemset(device, 0xee, kTo * kHeight));
    ASSERT_CUDA_OK(
        cudaMemcpy2D(device, kTo, source.data(), kFrom, kWidth, kHeight, cudaMemcpyHostToDevice));
    const Bytes got = read(kTo * kHeight);
    for (size_t y = 0; y < kHeight; ++y)
        for (size_t x = 0; x < kTo; ++x)
            ASSERT_EQ(got[y * kTo + x], x < kWidth ? source[y * kFrom + x] : 0xee) << x << ',' << y;
    Bytes back(kFrom * kHeight, 0);
    ASSERT_CUDA_OK(
        cudaMemcpy2D(back.data(), kFrom, device, kTo, kWidth, kHeight, cudaMemcpyDeviceToHost));
    for (size_t y = 0; y < kHeight; ++y)
        ASSERT_EQ(0, std::memcmp(&back[y * kFrom], &source[y * kFrom], kWidth));
    EXPECT_CUDA(cudaErrorInvalidPitchValue, cudaMemcpy2D(device, 10, source.data(), kFrom, kWidth,
                                                         kHeight, cudaMemcpyHostToDevice));
    // The pitch of one row does not matter (NVIDIA's samples of cuSOLVER rely on it).
    ASSERT_CUDA_OK(cudaMemcpy2D(device, 1, &source[kFrom], 1, kWidth, 1, cudaMemcpyHostToDevice));
    const Bytes row = read(kWidth);
    EXPECT_EQ(0, std::memcmp(row.data(), &source[kFrom], kWidth));
}

TEST_F(MemcpyApi, Volumes) {
    constexpr size_t kX = 20, kY = 6, kZ = 5;
    const Bytes source = ramp(kX * kY * kZ);
    cudaMemcpy3DParms p{};
    p.srcPtr = {const_cast<unsigned char*>(source.data()), kX, kX, kY};
    p.dstPtr = {device, 32, 20, 8};
    p.srcPos = {3, 1, 1};
    p.dstPos = {1, 2, 0};
    p.extent = {10, 4, 3};
    p.kind = cudaMemcpyHostToDevice;
    ASSERT_CUDA_OK(cudaMemset(device, 0, 32 * 8 * 8));
    ASSERT_CUDA_OK(cudaMemcpy3D(&p));
    const Bytes got = read(32 * 8 * 8);
    for (size_t z = 0; z < 8; ++z)
        for (size_t y = 0; y < 8; ++y)
            for (size_t x = 0; x < 32; ++x) {
                const bool inside = z < 3 && y >= 2 && y < 6 && x >= 1 && x < 11;
                const int expected = inside
                                         ? source[((z + 1) * kY + (y - 2 + 1)) * kX + (x - 1 + 3)]
                                         : 0;
                ASSERT_EQ(got[(z * 8 + y) * 32 + x], expected) << x << ',' << y << ',' << z;
            }
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMemcpy3D(nullptr));
}

TEST_F(MemcpyApi, Fills) {
    ASSERT_CUDA_OK(cudaMemset(device, 0x1ff, 100)); // only the low byte counts
    ASSERT_CUDA_OK(cudaMemset(device + 10, 3, 5));
    Bytes expected(100, 0xff);
    std::fill(expected.begin() + 10, expected.begin() + 15, 3);
    EXPECT_EQ(read(100), expected);
    ASSERT_CUDA_OK(cudaMemset2D(device, 10, 1, 4, 3));
    const Bytes got = read(30);
    for (size_t i = 0; i < 30; ++i)
        EXPECT_EQ(got[i], i % 10 < 4 ? 1 : expected[i]);
    int local = 0;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMemset(&local, 0, 4));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMemset(device, 0, kBytes + 1));
    EXPECT_CUDA_OK(cudaMemset(device, 0, 0));
}

TEST_F(MemcpyApi, SymbolsMustBeKnown) {
    int not_a_symbol = 0;
    void* address = nullptr;
    EXPECT_CUDA(cudaErrorInvalidSymbol, cudaGetSymbolAddress(&address, &not_a_symbol));
    EXPECT_CUDA(cudaErrorInvalidSymbol,
                cudaMemcpyToSymbol(&not_a_symbol, &not_a_symbol, 4, 0, cudaMemcpyHostToDevice));
    EXPECT_CUDA(cudaErrorInvalidMemcpyDirection,
                cudaMemcpyToSymbol(&not_a_symbol, &not_a_symbol, 4, 0, cudaMemcpyDeviceToHost));
    EXPECT_CUDA(cudaErrorInvalidDeviceFunction,
                cudaLaunchKernel(&not_a_symbol, {1, 1, 1}, {1, 1, 1}, nullptr, 0, nullptr));
}

TEST_F(CopyBatches, AllOfThemInOneCall) {
    cudaStream_t stream = nullptr;
    ASSERT_CUDA_OK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    unsigned char* device = nullptr;
    ASSERT_CUDA_OK(cudaMalloc(reinterpret_cast<void**>(&device), 300));
    unsigned char in[100], out[100] = {};
    for (int i = 0; i < 100; ++i)
        in[i] = static_cast<unsigned char>(3 * i);
    void* dsts[] = {device, device + 100, out};
    void* srcs[] = {in, device, device + 100};
    size_t sizes[] = {100, 100, 100}, first[] = {0, 1}, failed = 0;
    cudaMemcpyAttributes attributes[2] = {};
    attributes[0].srcAccessOrder = cudaMemcpySrcAccessOrderDuringApiCall;
    attributes[1].srcAccessOrder = cudaMemcpySrcAccessOrderStream;
    ASSERT_CUDA_OK(
        cudaMemcpyBatchAsync(dsts, srcs, sizes, 3, attributes, first, 2, &failed, stream));
    EXPECT_EQ(failed, SIZE_MAX);
    EXPECT_CUDA_OK(cudaStreamSynchronize(stream));
    EXPECT_TRUE(std::equal(in, in + 100, out));
    const auto batch = [&](size_t count, size_t groups) {
        return cudaMemcpyBatchAsync(dsts, srcs, sizes, count, attributes, first, groups, &failed,
                                    stream);
    };
    EXPECT_CUDA(cudaErrorInvalidValue, batch(0, 1));
    EXPECT_CUDA(cudaErrorInvalidValue, batch(1, 2));
    first[1] = 0;
    EXPECT_CUDA(cudaErrorInvalidValue, batch(3, 2));
    EXPECT_EQ(failed, SIZE_MAX);
    first[1] = 1;
    sizes[1] = 1 << 20;
    EXPECT_CUDA(cudaErrorInvalidValue, batch(3, 2));
    EXPECT_EQ(failed, 1u);
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaMemcpyBatchAsync(dsts, srcs, sizes, 3, attributes, first, 2, &failed, nullptr));
    EXPECT_CUDA_OK(cudaFree(device));
    EXPECT_CUDA_OK(cudaStreamDestroy(stream));
}

} // namespace
} // namespace cuda_test
