// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Handles, their settings, transfers, statuses and the log.
#include "rig.h"

#include <atomic>
#include <cstdio>
#include <fstream>
#include <thread>

namespace blas_test {
namespace {

TEST(Handle, IsMadeAndNeeded) {
    EXPECT_EQ(cublasCreate(nullptr), CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(cublasDestroy(nullptr), CUBLAS_STATUS_NOT_INITIALIZED);
    EXPECT_EQ(cublasSetStream(nullptr, nullptr), CUBLAS_STATUS_NOT_INITIALIZED);
    cublasMath_t math;
    EXPECT_EQ(cublasGetMathMode(nullptr, &math), CUBLAS_STATUS_NOT_INITIALIZED);
}

TEST_F(Blas, SettingsAreKept) {
    cublasPointerMode_t pointers;
    ACC_OK(cublasGetPointerMode(handle_, &pointers));
    EXPECT_EQ(pointers, CUBLAS_POINTER_MODE_HOST);
    ACC_OK(cublasSetPointerMode(handle_, CUBLAS_POINTER_MODE_DEVICE));
    ACC_OK(cublasGetPointerMode(handle_, &pointers));
    EXPECT_EQ(pointers, CUBLAS_POINTER_MODE_DEVICE);
    EXPECT_EQ(cublasSetPointerMode(handle_, cublasPointerMode_t(5)), CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(cublasGetPointerMode(handle_, nullptr), CUBLAS_STATUS_INVALID_VALUE);

    cublasMath_t math;
    ACC_OK(cublasGetMathMode(handle_, &math));
    EXPECT_EQ(math, CUBLAS_DEFAULT_MATH);
    const auto both = cublasMath_t(CUBLAS_TF32_TENSOR_OP_MATH |
                                   CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION);
    ACC_OK(cublasSetMathMode(handle_, both));
    ACC_OK(cublasGetMathMode(handle_, &math));
    EXPECT_EQ(math, both);
    EXPECT_EQ(cublasSetMathMode(handle_, cublasMath_t(7)), CUBLAS_STATUS_INVALID_VALUE);

    cublasAtomicsMode_t atomics;
    ACC_OK(cublasGetAtomicsMode(handle_, &atomics));
    EXPECT_EQ(atomics, CUBLAS_ATOMICS_NOT_ALLOWED);
    ACC_OK(cublasSetAtomicsMode(handle_, CUBLAS_ATOMICS_ALLOWED));
    ACC_OK(cublasGetAtomicsMode(handle_, &atomics));
    EXPECT_EQ(atomics, CUBLAS_ATOMICS_ALLOWED);

    int target = -1;
    ACC_OK(cublasSetSmCountTarget(handle_, 3));
    ACC_OK(cublasGetSmCountTarget(handle_, &target));
    EXPECT_EQ(target, 3);

    ACC_OK(cublasSetEmulationStrategy(handle_, CUBLAS_EMULATION_STRATEGY_EAGER));
    cublasEmulationStrategy_t strategy;
    ACC_OK(cublasGetEmulationStrategy(handle_, &strategy));
    EXPECT_EQ(strategy, CUBLAS_EMULATION_STRATEGY_EAGER);
    ACC_OK(cublasSetFixedPointEmulationMaxMantissaBitCount(handle_, 55));
    int bits = 0;
    ACC_OK(cublasGetFixedPointEmulationMaxMantissaBitCount(handle_, &bits));
    EXPECT_EQ(bits, 55);
}

TEST_F(Blas, StreamsAndWorkspaces) {
    cudaStream_t stream, got;
    ASSERT_EQ(cudaStreamCreate(&stream), cudaSuccess);
    ACC_OK(cublasSetStream(handle_, stream));
    ACC_OK(cublasGetStream(handle_, &got));
    EXPECT_EQ(got, stream);
    Device<char> memory(std::vector<char>(4096));
    ACC_OK(cublasSetWorkspace(handle_, memory.data(), 4096));
    EXPECT_EQ(cublasSetWorkspace(handle_, memory.data() + 8, 4000), CUBLAS_STATUS_INVALID_VALUE);
    ACC_OK(cublasSetStream(handle_, nullptr));
    cudaStreamDestroy(stream);
}

TEST_F(Blas, Versions) {
    int version = 0, major = 0, minor = 0, patch = 0;
    ACC_OK(cublasGetVersion(handle_, &version));
    ACC_OK(cublasGetProperty(MAJOR_VERSION, &major));
    ACC_OK(cublasGetProperty(MINOR_VERSION, &minor));
    ACC_OK(cublasGetProperty(PATCH_LEVEL, &patch));
    EXPECT_EQ(version, major * 10000 + minor * 100 + patch);
    EXPECT_EQ(version, CUBLAS_VERSION);
    EXPECT_EQ(cublasGetProperty(libraryPropertyType(9), &major), CUBLAS_STATUS_INVALID_VALUE);
}

TEST(Status, HasNamesAndTexts) {
    EXPECT_STREQ(cublasGetStatusName(CUBLAS_STATUS_NOT_SUPPORTED), "CUBLAS_STATUS_NOT_SUPPORTED");
    EXPECT_STREQ(cublasGetStatusName(CUBLAS_STATUS_SUCCESS), "CUBLAS_STATUS_SUCCESS");
    EXPECT_STRNE(cublasGetStatusString(CUBLAS_STATUS_ALLOC_FAILED),
                 cublasGetStatusString(CUBLAS_STATUS_SUCCESS));
    EXPECT_NE(cublasGetStatusString(cublasStatus_t(99)), nullptr);
}

TEST(Transfer, VectorsAndMatrices) {
    Values values(1);
    const auto host = values.many<float>(60);
    Device<float> device(std::vector<float>(60, 0.f));
    ACC_OK(cublasSetVector(20, sizeof(float), host.data(), 3, device.data(), 2));
    std::vector<float> back(60, 0.f);
    ACC_OK(cublasGetVector(20, sizeof(float), device.data(), 2, back.data(), 1));
    for (size_t i = 0; i < 20; ++i)
        EXPECT_EQ(back[i], host[3 * i]);
    ACC_OK(cublasSetMatrix(4, 5, sizeof(float), host.data(), 6, device.data(), 7));
    ACC_OK(cublasGetMatrix(4, 5, sizeof(float), device.data(), 7, back.data(), 4));
    for (size_t j = 0; j < 5; ++j)
        for (size_t i = 0; i < 4; ++i)
            EXPECT_EQ(back[i + 4 * j], host[i + 6 * j]);
    ACC_OK(
        cublasSetMatrixAsync(4, 5, sizeof(float), host.data() + 1, 6, device.data(), 4, nullptr));
    ACC_OK(cublasGetMatrixAsync(4, 5, sizeof(float), device.data(), 4, back.data(), 4, nullptr));
    cudaDeviceSynchronize();
    EXPECT_EQ(back[5], host[8]);
    EXPECT_EQ(cublasSetVector(1, 0, host.data(), 1, device.data(), 1), CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(cublasSetVector(1, 4, host.data(), 0, device.data(), 1), CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(cublasSetMatrix(-1, 1, 4, host.data(), 1, device.data(), 1),
              CUBLAS_STATUS_INVALID_VALUE);
    EXPECT_EQ(cublasSetMatrix(1, 1, 4, host.data(), 0, device.data(), 1),
              CUBLAS_STATUS_INVALID_VALUE);
    ACC_OK(cublasSetMatrix(0, 1, 4, host.data(), 1, device.data(), 1));
}

int g_lines = 0;

/// Threads share a handle and its stream: each gets the result of its own vector.
TEST_F(Blas, ThreadsShareAHandle) {
    constexpr int kThreads = 4, kCalls = 250, kSize = 10000; // several blocks each
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t)
        threads.emplace_back([&, t] {
            Device<float> x(std::vector<float>(kSize, float(t + 1)));
            for (int i = 0; i < kCalls; ++i) {
                float sum = 0;
                wrong += cublasSasum(handle_, kSize, x.data(), 1, &sum) != CUBLAS_STATUS_SUCCESS ||
                         sum != float(kSize * (t + 1));
            }
        });
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_EQ(wrong, 0);
}

TEST_F(Blas, LogsCalls) {
    const std::string name = testing::TempDir() + "/cublas.log";
    ACC_OK(cublasLoggerConfigure(1, 0, 0, name.c_str()));
    ACC_OK(cublasSetLoggerCallback([](const char*) { ++g_lines; }));
    float one = 1;
    EXPECT_EQ(cublasSscal(handle_, 0, &one, nullptr, 1), CUBLAS_STATUS_SUCCESS);
    EXPECT_EQ(g_lines, 1);
    cublasLogCallback callback = nullptr;
    ACC_OK(cublasGetLoggerCallback(&callback));
    EXPECT_NE(callback, nullptr);
    ACC_OK(cublasSetLoggerCallback(nullptr));
    ACC_OK(cublasLoggerConfigure(0, 0, 0, nullptr));
    std::ifstream file(name);
    std::string line;
    ASSERT_TRUE(std::getline(file, line));
    EXPECT_NE(line.find("cublasSscal"), std::string::npos) << line;
    EXPECT_EQ(cublasLoggerConfigure(1, 0, 0, "/nowhere/at/all"), CUBLAS_STATUS_INVALID_VALUE);
}

TEST_F(Blas, CallsAreRecordedByAStreamsCapture) {
    cudaStream_t stream;
    ASSERT_EQ(cudaStreamCreate(&stream), cudaSuccess);
    ACC_OK(cublasSetStream(handle_, stream));
    Device<float> x(std::vector<float>(100, 1.f)), y(std::vector<float>(100, 2.f)), dot({0.f});
    const float two = 2;
    cudaGraph_t graph;
    cudaGraphExec_t exec;
    if (cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal) != cudaSuccess)
        GTEST_SKIP() << "no graphs yet";
    ACC_OK(cublasSaxpy(handle_, 100, &two, x.data(), 1, y.data(), 1));
    // Streams that are new to the handle want memory, which is none of the captured stream's work.
    std::vector<cudaStream_t> others(70);
    for (cudaStream_t& other : others) {
        ASSERT_EQ(cudaStreamCreate(&other), cudaSuccess);
        ACC_OK(cublasSetStream(handle_, other));
    }
    ACC_OK(cublasSetStream(handle_, stream));
    ACC_OK(cublasSetPointerMode(handle_, CUBLAS_POINTER_MODE_DEVICE));
    ACC_OK(cublasSdot(handle_, 100, x.data(), 1, y.data(), 1, dot.data()));
    ASSERT_EQ(cudaStreamEndCapture(stream, &graph), cudaSuccess);
    if (cudaGraphInstantiate(&exec, graph, 0) != cudaSuccess) GTEST_SKIP() << "no graphs yet";
    for (int i = 0; i < 3; ++i)
        ASSERT_EQ(cudaGraphLaunch(exec, stream), cudaSuccess);
    ASSERT_EQ(cudaStreamSynchronize(stream), cudaSuccess);
    EXPECT_EQ(y.values()[99], 8.f);
    EXPECT_EQ(dot.values()[0], 800.f);
    cudaGraphExecDestroy(exec);
    cudaGraphDestroy(graph);
    cudaStreamDestroy(stream);
    for (cudaStream_t other : others)
        cudaStreamDestroy(other);
}

} // namespace
} // namespace blas_test
