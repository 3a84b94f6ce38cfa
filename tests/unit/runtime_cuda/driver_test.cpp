// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cuda.h>

#include <cstring>
#include <vector>

#include "tests/unit/runtime_cuda/expect.h"

namespace cuda_test {
namespace {

#define EXPECT_DRV(code, call) EXPECT_EQ(code, (call)) << #call

struct DriverApi : Clean {
    CUdevice device = -1;
    CUcontext context = nullptr;
    void SetUp() override {
        ASSERT_EQ(CUDA_SUCCESS, cuInit(0));
        ASSERT_EQ(CUDA_SUCCESS, cuDeviceGet(&device, 0));
        ASSERT_EQ(CUDA_SUCCESS, cuCtxCreate(&context, 0, device));
    }
    void TearDown() override {
        EXPECT_DRV(CUDA_SUCCESS, cuCtxDestroy(context));
        Clean::TearDown();
    }
};

TEST_F(DriverApi, ErrorNamesAndTexts) {
    const char* text = nullptr;
    EXPECT_DRV(CUDA_SUCCESS, cuGetErrorName(CUDA_ERROR_INVALID_CONTEXT, &text));
    EXPECT_STREQ(text, "CUDA_ERROR_INVALID_CONTEXT");
    EXPECT_DRV(CUDA_SUCCESS, cuGetErrorString(CUDA_ERROR_OUT_OF_MEMORY, &text));
    EXPECT_STREQ(text, "out of memory");
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuGetErrorName(static_cast<CUresult>(12345), &text));
    EXPECT_EQ(text, nullptr);
}

/// What several devices look like to a program, with two contexts of one device.
TEST_F(DriverApi, HandlesAndMemoryOfAnotherContextAreGood) {
    constexpr size_t bytes = 4096;
    CUcontext second = nullptr;
    CUstream theirs = nullptr, mine = nullptr;
    CUevent event = nullptr, later = nullptr;
    CUdeviceptr from = 0, to = 0;
    std::vector<uint8_t> seen(bytes);
    ASSERT_EQ(CUDA_SUCCESS, cuStreamCreate(&theirs, CU_STREAM_NON_BLOCKING));
    ASSERT_EQ(CUDA_SUCCESS, cuEventCreate(&event, CU_EVENT_DEFAULT));
    ASSERT_EQ(CUDA_SUCCESS, cuMemAlloc(&from, bytes));
    ASSERT_EQ(CUDA_SUCCESS, cuCtxCreate(&second, 0, device));
    ASSERT_EQ(CUDA_SUCCESS, cuStreamCreate(&mine, CU_STREAM_NON_BLOCKING));
    ASSERT_EQ(CUDA_SUCCESS, cuEventCreate(&later, CU_EVENT_DEFAULT));
    ASSERT_EQ(CUDA_SUCCESS, cuMemAlloc(&to, bytes));

    EXPECT_DRV(CUDA_SUCCESS, cuMemsetD8Async(from, 42, bytes, theirs)); // a stream works on its own
                                                                        // device
    EXPECT_DRV(CUDA_SUCCESS, cuEventRecord(event, theirs));
    EXPECT_DRV(CUDA_SUCCESS, cuStreamWaitEvent(mine, event, 0));
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpyDtoDAsync(to, from, bytes, mine));
    EXPECT_DRV(CUDA_SUCCESS, cuEventRecord(later, mine));
    EXPECT_DRV(CUDA_SUCCESS, cuStreamSynchronize(mine));
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpyDtoH(seen.data(), to, bytes));
    EXPECT_EQ(seen, std::vector<uint8_t>(bytes, 42));
    EXPECT_DRV(CUDA_SUCCESS, cuEventSynchronize(event));
    EXPECT_DRV(CUDA_SUCCESS, cuEventQuery(event));
    EXPECT_DRV(CUDA_SUCCESS, cuStreamQuery(theirs));

    float ms = 0;
    EXPECT_DRV(CUDA_ERROR_INVALID_HANDLE, cuEventElapsedTime(&ms, event, later));
    EXPECT_DRV(CUDA_ERROR_INVALID_HANDLE, cuEventRecord(event, mine));
    EXPECT_DRV(CUDA_SUCCESS, cuStreamDestroy(theirs));
    EXPECT_DRV(CUDA_ERROR_INVALID_HANDLE, cuStreamSynchronize(theirs));
    EXPECT_DRV(CUDA_SUCCESS, cuEventDestroy(event));
    EXPECT_DRV(CUDA_ERROR_INVALID_HANDLE, cuEventSynchronize(event));
    EXPECT_DRV(CUDA_SUCCESS, cuMemFree(from));
    EXPECT_DRV(CUDA_SUCCESS, cuCtxDestroy(second));
}

TEST_F(DriverApi, ContextsStack) {
    CUcontext second = nullptr, current = nullptr, popped = nullptr;
    ASSERT_EQ(CUDA_SUCCESS, cuCtxCreate(&second, CU_CTX_SCHED_SPIN, device));
    EXPECT_DRV(CUDA_SUCCESS, cuCtxGetCurrent(&current));
    EXPECT_EQ(current, second);
    EXPECT_DRV(CUDA_SUCCESS, cuCtxPopCurrent(&popped));
    EXPECT_EQ(popped, second);
    EXPECT_DRV(CUDA_SUCCESS, cuCtxGetCurrent(&current));
    EXPECT_EQ(current, context);
    EXPECT_DRV(CUDA_SUCCESS, cuCtxPushCurrent(second));
    EXPECT_DRV(CUDA_SUCCESS, cuCtxDestroy(second));
    EXPECT_DRV(CUDA_SUCCESS, cuCtxGetCurrent(&current));
    EXPECT_EQ(current, context);
    EXPECT_DRV(CUDA_ERROR_CONTEXT_IS_DESTROYED, cuCtxPushCurrent(second));
    EXPECT_DRV(CUDA_ERROR_INVALID_CONTEXT, cuCtxPushCurrent(reinterpret_cast<CUcontext>(&current)));
}

TEST_F(DriverApi, ContextsWithParameters) {
    CUcontext second = nullptr, current = nullptr;
    ASSERT_EQ(CUDA_SUCCESS, cuCtxCreate_v4(&second, nullptr, CU_CTX_SCHED_SPIN, device));
    EXPECT_DRV(CUDA_SUCCESS, cuCtxGetCurrent(&current));
    EXPECT_EQ(current, second);
    EXPECT_DRV(CUDA_SUCCESS, cuCtxDestroy(second));
    CUctxCreateParams parameters = {};
    ASSERT_EQ(CUDA_SUCCESS, cuCtxCreate(&second, &parameters, 0, device)); // as in CUDA 13
    EXPECT_DRV(CUDA_SUCCESS, cuCtxDestroy(second));

    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuCtxCreate_v4(nullptr, &parameters, 0, device));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuCtxCreate_v4(&second, &parameters, ~0u, device));
    EXPECT_DRV(CUDA_ERROR_INVALID_DEVICE, cuCtxCreate_v4(&second, &parameters, 0, 77));
    CUctxCigParam graphics = {};
    parameters.cigParams = &graphics;
    EXPECT_DRV(CUDA_ERROR_NOT_SUPPORTED, cuCtxCreate_v4(&second, &parameters, 0, device));
    CUexecAffinityParam affinity = {};
    parameters.execAffinityParams = &affinity;
    parameters.numExecAffinityParams = 1;
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuCtxCreate_v4(&second, &parameters, 0, device));
    parameters.cigParams = nullptr;
    EXPECT_DRV(CUDA_ERROR_UNSUPPORTED_EXEC_AFFINITY,
               cuCtxCreate_v4(&second, &parameters, 0, device));
    parameters.execAffinityParams = nullptr;
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuCtxCreate_v4(&second, &parameters, 0, device));
    EXPECT_DRV(CUDA_SUCCESS, cuCtxGetCurrent(&current));
    EXPECT_EQ(current, context);
}

TEST_F(DriverApi, MemoryOfOneContextIsNotAnothers) {
    CUdeviceptr mine = 0, theirs = 0;
    ASSERT_EQ(CUDA_SUCCESS, cuMemAlloc(&mine, 4096));
    CUcontext second = nullptr;
    ASSERT_EQ(CUDA_SUCCESS, cuCtxCreate(&second, 0, device));
    ASSERT_EQ(CUDA_SUCCESS, cuMemAlloc(&theirs, 4096));
    EXPECT_NE(mine, theirs);
    EXPECT_DRV(CUDA_SUCCESS, cuCtxDestroy(second));
    EXPECT_DRV(CUDA_SUCCESS, cuMemsetD8(mine, 1, 4096)); // unharmed
    EXPECT_DRV(CUDA_SUCCESS, cuCtxSynchronize());
    EXPECT_DRV(CUDA_SUCCESS, cuMemFree(mine));
}

TEST_F(DriverApi, FillsOfAllWidthsAndCopies) {
    CUdeviceptr memory = 0, base = 0;
    size_t bytes = 0;
    ASSERT_EQ(CUDA_SUCCESS, cuMemAlloc(&memory, 4096));
    EXPECT_DRV(CUDA_SUCCESS, cuMemsetD32(memory, 0x01020304, 4));
    EXPECT_DRV(CUDA_SUCCESS, cuMemsetD16(memory + 4, 0xaabb, 2));
    EXPECT_DRV(CUDA_SUCCESS, cuMemsetD8(memory + 8, 0x55, 4));
    unsigned char got[16];
    EXPECT_DRV(CUDA_SUCCESS, cuMemcpyDtoH(got, memory, 16));
    const unsigned char expected[16] = {4,    3,    2,    1,    0xbb, 0xaa, 0xbb, 0xaa,
                                        0x55, 0x55, 0x55, 0x55, 4,    3,    2,    1};
    EXPECT_EQ(0, std::memcmp(got, expected, 16));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemsetD32(memory + 1, 0, 1)); // misaligned
    EXPECT_DRV(CUDA_SUCCESS, cuMemGetAddressRange(&base, &bytes, memory + 100));
    EXPECT_EQ(base, memory);
    EXPECT_EQ(bytes, 4096u);
    EXPECT_DRV(CUDA_SUCCESS, cuMemFree(memory));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuMemFree(memory));
}

TEST_F(DriverApi, BadImagesAreRefused) {
    CUmodule module = nullptr;
    std::vector<char> zeros(4096, 0);
    EXPECT_DRV(CUDA_ERROR_INVALID_IMAGE, cuModuleLoadData(&module, zeros.data()));
    EXPECT_DRV(CUDA_ERROR_FILE_NOT_FOUND, cuModuleLoad(&module, "/nonexistent/file"));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuModuleLoadData(&module, nullptr));
    EXPECT_DRV(CUDA_ERROR_INVALID_HANDLE, cuModuleUnload(reinterpret_cast<CUmodule>(&zeros)));
}

TEST_F(DriverApi, ImagesForOtherDevicesAreToldFromDamage) {
    CUmodule module = nullptr;
    const auto refused_as = [&](const void* image, const char* words) {
        testing::internal::CaptureStderr();
        EXPECT_DRV(CUDA_ERROR_NO_BINARY_FOR_GPU, cuModuleLoadData(&module, image));
        const std::string said = testing::internal::GetCapturedStderr();
        EXPECT_NE(said.find(words), std::string::npos) << said;
        EXPECT_NE(said.find("-cubin or -fatbin"), std::string::npos) << said;
    };
    std::vector<uint8_t> cubin(4096, 0);
    const uint8_t ident[] = {0x7f, 'E', 'L', 'F', 2, 1, 1};
    std::copy(std::begin(ident), std::end(ident), cubin.begin());
    cubin[18] = 190; // EM_CUDA
    refused_as(cubin.data(), "the image is a cubin for NVIDIA's devices");
    const uint8_t fat_binary[16] = {0x50, 0xed, 0x55, 0xba, 1, 0, 16};
    refused_as(fat_binary, "the image is a fat binary with code for NVIDIA's devices");
    EXPECT_DRV(CUDA_ERROR_INVALID_IMAGE, cuModuleLoadData(&module, ".versio is no version line"));
}

TEST_F(DriverApi, PtxNeedsTheCompilersLibrary) {
    CUmodule module = nullptr;
    setenv("ACC_COMPILER", "/nowhere/libacccompiler.so", 1);
    testing::internal::CaptureStderr();
    EXPECT_DRV(CUDA_ERROR_JIT_COMPILER_NOT_FOUND,
               cuModuleLoadData(&module, "\t// made by hand\n//..\n.version 8.0\n.target sm_80\n"));
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_NE(said.find("/nowhere/libacccompiler.so"), std::string::npos) << said;
    EXPECT_NE(said.find("ACC_COMPILER can name"), std::string::npos) << said;
    unsetenv("ACC_COMPILER");
}

TEST_F(DriverApi, DeviceQuestions) {
    char name[64];
    int value = 0, major = 0, minor = 0;
    size_t bytes = 0;
    EXPECT_DRV(CUDA_SUCCESS, cuDeviceGetName(name, sizeof name, device));
    EXPECT_DRV(CUDA_SUCCESS, cuDeviceTotalMem(&bytes, device));
    EXPECT_GT(bytes, 0u);
    EXPECT_DRV(CUDA_SUCCESS, cuDeviceComputeCapability(&major, &minor, device));
    EXPECT_DRV(CUDA_SUCCESS,
               cuDeviceGetAttribute(&value, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device));
    EXPECT_EQ(value, major);
    EXPECT_DRV(CUDA_ERROR_INVALID_DEVICE, cuDeviceGet(&device, 5));
    EXPECT_DRV(CUDA_SUCCESS, cuDeviceGet(&device, 0));
}

TEST_F(DriverApi, StreamsAndEvents) {
    CUstream stream = nullptr;
    CUevent start = nullptr, end = nullptr;
    CUdeviceptr memory = 0;
    float ms = -1;
    ASSERT_EQ(CUDA_SUCCESS, cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
    ASSERT_EQ(CUDA_SUCCESS, cuEventCreate(&start, 0));
    ASSERT_EQ(CUDA_SUCCESS, cuEventCreate(&end, 0));
    ASSERT_EQ(CUDA_SUCCESS, cuMemAllocAsync(&memory, 1 << 20, stream));
    EXPECT_DRV(CUDA_SUCCESS, cuEventRecord(start, stream));
    EXPECT_DRV(CUDA_SUCCESS, cuMemsetD8Async(memory, 1, 1 << 20, stream));
    EXPECT_DRV(CUDA_SUCCESS, cuEventRecord(end, stream));
    EXPECT_DRV(CUDA_SUCCESS, cuMemFreeAsync(memory, stream));
    EXPECT_DRV(CUDA_SUCCESS, cuStreamSynchronize(stream));
    EXPECT_DRV(CUDA_SUCCESS, cuEventElapsedTime(&ms, start, end));
    EXPECT_GT(ms, 0.0f);
    EXPECT_DRV(CUDA_SUCCESS, cuEventDestroy(start));
    EXPECT_DRV(CUDA_SUCCESS, cuEventDestroy(end));
    EXPECT_DRV(CUDA_SUCCESS, cuStreamDestroy(stream));
    EXPECT_DRV(CUDA_ERROR_INVALID_HANDLE, cuStreamSynchronize(stream));
}

TEST_F(DriverApi, TheRuntimeApiWorksInTheDriversContext) {
    void* pointer = nullptr;
    EXPECT_CUDA_OK(cudaMalloc(&pointer, 4096));
    CUcontext of = nullptr;
    EXPECT_DRV(CUDA_SUCCESS, cuPointerGetAttribute(&of, CU_POINTER_ATTRIBUTE_CONTEXT,
                                                   reinterpret_cast<CUdeviceptr>(pointer)));
    EXPECT_EQ(of, context);
    EXPECT_CUDA_OK(cudaFree(pointer));
}

TEST_F(DriverApi, PrimaryContextIsTheRuntimes) {
    CUcontext primary = nullptr;
    unsigned flags = 0;
    int active = 0;
    ASSERT_EQ(CUDA_SUCCESS, cuDevicePrimaryCtxRetain(&primary, device));
    EXPECT_DRV(CUDA_SUCCESS, cuDevicePrimaryCtxGetState(device, &flags, &active));
    EXPECT_EQ(active, 1);
    EXPECT_DRV(CUDA_SUCCESS, cuCtxPushCurrent(primary));
    void* pointer = nullptr;
    EXPECT_CUDA_OK(cudaMalloc(&pointer, 64));
    EXPECT_DRV(CUDA_SUCCESS, cuMemsetD8(reinterpret_cast<CUdeviceptr>(pointer), 0, 64));
    EXPECT_CUDA_OK(cudaFree(pointer));
    EXPECT_DRV(CUDA_SUCCESS, cuCtxPopCurrent(nullptr));
    EXPECT_DRV(CUDA_SUCCESS, cuDevicePrimaryCtxRelease(device));
    EXPECT_DRV(CUDA_ERROR_INVALID_CONTEXT, cuDevicePrimaryCtxRelease(device));
}

} // namespace
} // namespace cuda_test
