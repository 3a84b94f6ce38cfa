// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Plans: status codes, work areas, streams, descriptors.
#include "tests/unit/lib_fft/reference.h"

namespace acc::fft_test {
namespace {

TEST(Plans, RefuseWhatTheyCannotDo) {
    cufftHandle handle = 0;
    EXPECT_EQ(cufftPlan1d(&handle, 0, CUFFT_C2C, 1), CUFFT_INVALID_SIZE);
    EXPECT_EQ(cufftPlan1d(&handle, -3, CUFFT_C2C, 1), CUFFT_INVALID_SIZE);
    EXPECT_EQ(cufftPlan1d(&handle, 8, CUFFT_C2C, 0), CUFFT_INVALID_SIZE);
    EXPECT_EQ(cufftPlan1d(&handle, 8, cufftType(1), 1), CUFFT_INVALID_TYPE);
    EXPECT_EQ(cufftPlan1d(nullptr, 8, CUFFT_C2C, 1), CUFFT_INVALID_VALUE);
    int n[4] = {8, 8, 8, 8};
    EXPECT_EQ(cufftPlanMany(&handle, 4, n, nullptr, 1, 0, nullptr, 1, 0, CUFFT_C2C, 1),
              CUFFT_INVALID_VALUE);
    EXPECT_EQ(cufftPlanMany(&handle, 0, n, nullptr, 1, 0, nullptr, 1, 0, CUFFT_C2C, 1),
              CUFFT_INVALID_VALUE);
    EXPECT_EQ(cufftPlanMany(&handle, 1, nullptr, nullptr, 1, 0, nullptr, 1, 0, CUFFT_C2C, 1),
              CUFFT_INVALID_VALUE);
    int small[2] = {8, 4};
    EXPECT_EQ(cufftPlanMany(&handle, 2, n, small, 1, 64, small, 1, 64, CUFFT_C2C, 1),
              CUFFT_INVALID_VALUE);
    EXPECT_EQ(cufftDestroy(123456), CUFFT_INVALID_PLAN);
    EXPECT_EQ(cufftExecC2C(123456, nullptr, nullptr, CUFFT_FORWARD), CUFFT_INVALID_PLAN);
    EXPECT_EQ(cufftSetStream(-1, nullptr), CUFFT_INVALID_PLAN);
}

/// Indices of kernels are of 32 bits: what these do not hold is refused, not cut off.
TEST(Plans, RefuseWhatTheirIndicesDoNotHold) {
    size_t size = 0;
    EXPECT_EQ(cufftEstimate3d(2, 65536, 65536, CUFFT_C2C, &size), CUFFT_INVALID_SIZE);
    EXPECT_EQ(cufftEstimate3d(2, 65536, 32768, CUFFT_C2C, &size), CUFFT_SUCCESS);
    EXPECT_GE(size, size_t(8) << 32);
    // A prime's convolution is longer than twice the prime.
    EXPECT_EQ(cufftEstimate1d(2147483647, CUFFT_C2C, 1, &size), CUFFT_INVALID_SIZE);
    EXPECT_EQ(cufftEstimate1d(1 << 30, CUFFT_C2C, 1, &size), CUFFT_SUCCESS);
}

/// An error that the program has not looked at is none of the transform's, and stays.
TEST(Plans, LeaveTheProgramsErrorsAlone) {
    const std::vector<Number> data = noise(52, 10); // passes, and 13
    cufftHandle handle;
    ASSERT_EQ(cufftPlan1d(&handle, 52, CUFFT_C2C, 1), CUFFT_SUCCESS);
    Array<std::complex<float>> in(rounded<float>(data)), out(52);
    ASSERT_EQ(cudaSetDevice(1000), cudaErrorInvalidDevice);
    EXPECT_EQ(cufftExecC2C(handle, in.as<cufftComplex>(), out.as<cufftComplex>(), CUFFT_FORWARD),
              CUFFT_SUCCESS);
    EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidDevice);
    EXPECT_LT(distance(reference({52}, data, -1), out.read()), bound(false, 52));
    cufftDestroy(handle);
}

TEST(Plans, ExecuteOnlyTheirKind) {
    Array<std::complex<double>> data(64);
    cufftHandle handle;
    ASSERT_EQ(cufftPlan1d(&handle, 16, CUFFT_C2C, 1), CUFFT_SUCCESS);
    EXPECT_EQ(cufftExecZ2Z(handle, data.as<cufftDoubleComplex>(), data.as<cufftDoubleComplex>(),
                           CUFFT_FORWARD),
              CUFFT_INVALID_TYPE);
    EXPECT_EQ(cufftExecR2C(handle, data.as<cufftReal>(), data.as<cufftComplex>()),
              CUFFT_INVALID_TYPE);
    EXPECT_EQ(cufftExecC2C(handle, data.as<cufftComplex>(), data.as<cufftComplex>(), 0),
              CUFFT_INVALID_VALUE);
    EXPECT_EQ(cufftExecC2C(handle, nullptr, data.as<cufftComplex>(), CUFFT_FORWARD),
              CUFFT_INVALID_VALUE);
    size_t size = 0;
    EXPECT_EQ(cufftMakePlan1d(handle, 8, CUFFT_C2C, 1, &size), CUFFT_INVALID_PLAN) << "it is made";
    EXPECT_EQ(cufftDestroy(handle), CUFFT_SUCCESS);
    EXPECT_EQ(cufftDestroy(handle), CUFFT_INVALID_PLAN);
}

TEST(Plans, UseTheUsersWorkArea) {
    const std::vector<Number> data = noise(3000, 7);
    cufftHandle handle;
    size_t size = 0, same = 0, estimate = 0;
    ASSERT_EQ(cufftCreate(&handle), CUFFT_SUCCESS);
    EXPECT_EQ(cufftSetAutoAllocation(handle, 0), CUFFT_SUCCESS);
    ASSERT_EQ(cufftMakePlan1d(handle, 3000, CUFFT_C2C, 1, &size), CUFFT_SUCCESS);
    EXPECT_GT(size, 0u);
    EXPECT_EQ(cufftGetSize(handle, &same), CUFFT_SUCCESS);
    EXPECT_EQ(same, size);
    EXPECT_EQ(cufftEstimate1d(3000, CUFFT_C2C, 1, &estimate), CUFFT_SUCCESS);
    EXPECT_GE(estimate, size);
    EXPECT_EQ(cufftGetSize1d(handle, 3000, CUFFT_C2C, 1, &same), CUFFT_SUCCESS);
    EXPECT_EQ(same, size);
    Array<std::complex<float>> in(rounded<float>(data)), out(3000);
    EXPECT_EQ(cufftExecC2C(handle, in.as<cufftComplex>(), out.as<cufftComplex>(), CUFFT_FORWARD),
              CUFFT_NO_WORKSPACE);
    Array<char> work(size);
    EXPECT_EQ(cufftSetWorkArea(handle, work.as<void>()), CUFFT_SUCCESS);
    EXPECT_EQ(cufftExecC2C(handle, in.as<cufftComplex>(), out.as<cufftComplex>(), CUFFT_FORWARD),
              CUFFT_SUCCESS);
    EXPECT_LT(distance(reference({3000}, data, -1), out.read()), bound(false, 3000));
    const std::vector<char> used = work.read();
    EXPECT_NE(std::count(used.begin(), used.end(), char(0xff)), long(size))
        << "nothing was written there";
    cufftDestroy(handle);
}

TEST(Plans, WorkInTheirStream) {
    const std::vector<Number> data = noise(256, 8);
    cudaStream_t stream;
    ASSERT_EQ(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), cudaSuccess);
    cufftHandle handle;
    ASSERT_EQ(cufftPlan2d(&handle, 16, 16, CUFFT_C2C), CUFFT_SUCCESS);
    EXPECT_EQ(cufftSetStream(handle, stream), CUFFT_SUCCESS);
    Array<std::complex<float>> in(rounded<float>(data)), out(256);
    ASSERT_EQ(cufftExecC2C(handle, in.as<cufftComplex>(), out.as<cufftComplex>(), CUFFT_FORWARD),
              CUFFT_SUCCESS);
    ASSERT_EQ(cudaStreamSynchronize(stream), cudaSuccess);
    EXPECT_LT(distance(reference({16, 16}, data, -1), out.read()), bound(false, 256));
    cufftDestroy(handle);
    cudaStreamDestroy(stream);
}

TEST(Descriptors, HoldTheDataOfOneDevice) {
    std::vector<std::complex<float>> values = rounded<float>(noise(512, 9)), original = values;
    cufftHandle handle;
    size_t size[1];
    int devices[2] = {0, 0}, none[1] = {1000};
    ASSERT_EQ(cufftCreate(&handle), CUFFT_SUCCESS);
    EXPECT_EQ(cufftXtSetGPUs(handle, 1, none), CUFFT_INVALID_DEVICE);
    EXPECT_EQ(cufftXtSetGPUs(handle, 2, devices), CUFFT_NOT_SUPPORTED);
    EXPECT_EQ(cufftXtSetGPUs(handle, 1, devices), CUFFT_SUCCESS);
    ASSERT_EQ(cufftMakePlan3d(handle, 8, 8, 8, CUFFT_C2C, size), CUFFT_SUCCESS);
    cudaLibXtDesc* data;
    ASSERT_EQ(cufftXtMalloc(handle, &data, CUFFT_XT_FORMAT_INPLACE), CUFFT_SUCCESS);
    EXPECT_EQ(data->descriptor->nGPUs, 1);
    EXPECT_EQ(data->descriptor->size[0], 512 * sizeof(cufftComplex));
    ASSERT_EQ(cufftXtMemcpy(handle, data, values.data(), CUFFT_COPY_HOST_TO_DEVICE), CUFFT_SUCCESS);
    ASSERT_EQ(cufftXtExecDescriptorC2C(handle, data, data, CUFFT_FORWARD), CUFFT_SUCCESS);
    ASSERT_EQ(cufftXtMemcpy(handle, values.data(), data, CUFFT_COPY_DEVICE_TO_HOST), CUFFT_SUCCESS);
    EXPECT_LT(distance(reference({8, 8, 8}, noise(512, 9), -1), values), bound(false, 512));
    ASSERT_EQ(cufftXtExecDescriptor(handle, data, data, CUFFT_INVERSE), CUFFT_SUCCESS);
    ASSERT_EQ(cufftXtMemcpy(handle, values.data(), data, CUFFT_COPY_DEVICE_TO_HOST), CUFFT_SUCCESS);
    for (auto& v : values)
        v /= 512;
    EXPECT_LT(distance(original, values), 2 * bound(false, 512));
    EXPECT_EQ(cufftXtExecDescriptorZ2Z(handle, data, data, CUFFT_FORWARD), CUFFT_INVALID_TYPE);
    EXPECT_EQ(cufftXtFree(data), CUFFT_SUCCESS);
    cufftDestroy(handle);
}

TEST(Plans, WhatIsNotThereSaysSo) {
    cufftHandle handle;
    ASSERT_EQ(cufftPlan1d(&handle, 8, CUFFT_C2C, 1), CUFFT_SUCCESS);
    EXPECT_EQ(cufftXtSetJITCallback(handle, "load", "", 0, CUFFT_CB_LD_COMPLEX, nullptr),
              CUFFT_NOT_IMPLEMENTED);
    cufftDestroy(handle);
}

} // namespace
} // namespace acc::fft_test
