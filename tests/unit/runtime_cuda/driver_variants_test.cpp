// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The driver API's questions, and the forms of calls that driver_test.cpp leaves out.
#include <cuda.h>

#include <cstring>
#include <string>
#include <vector>

#include "tests/unit/runtime_cuda/expect.h"

// Symbols of earlier releases, which the header's macros hide: programs look them up with dlsym.
extern "C" {
CUresult older_cuCtxPopCurrent(CUcontext* context) __asm__("cuCtxPopCurrent");
CUresult older_cuCtxDestroy(CUcontext context) __asm__("cuCtxDestroy");
CUresult older_cuEventDestroy(CUevent event) __asm__("cuEventDestroy");
}

namespace cuda_test {
namespace {

#define EXPECT_OK(call) EXPECT_EQ(CUDA_SUCCESS, (call)) << #call
#define ASSERT_OK(call) ASSERT_EQ(CUDA_SUCCESS, (call)) << #call

struct DriverVariants : Clean {
    CUcontext context = nullptr;
    CUstream stream = nullptr;
    void SetUp() override {
        ASSERT_OK(cuInit(0));
        ASSERT_OK(cuCtxCreate(&context, CU_CTX_SCHED_YIELD, 0));
        ASSERT_OK(cuStreamCreateWithPriority(&stream, CU_STREAM_NON_BLOCKING, -1));
    }
    void TearDown() override {
        EXPECT_OK(cuStreamDestroy(stream));
        EXPECT_OK(cuCtxDestroy(context));
        Clean::TearDown();
    }
};

TEST_F(DriverVariants, Versions) {
    int driver = 0, runtime = 0;
    EXPECT_OK(cuDriverGetVersion(&driver));
    EXPECT_CUDA_OK(cudaRuntimeGetVersion(&runtime));
    EXPECT_EQ(driver, runtime);
    EXPECT_EQ(CUDA_ERROR_INVALID_VALUE, cuDriverGetVersion(nullptr));
    EXPECT_EQ(CUDA_ERROR_INVALID_VALUE, cuInit(1));
    EXPECT_OK(cuProfilerStart());
    EXPECT_OK(cuProfilerStop());
}

TEST_F(DriverVariants, DeviceQuestionsAgreeWithTheRuntimes) {
    cudaDeviceProp runtime{};
    ASSERT_CUDA_OK(cudaGetDeviceProperties(&runtime, 0));
    CUuuid uuid{};
    EXPECT_OK(cuDeviceGetUuid(&uuid, 0));
    EXPECT_EQ(0, std::memcmp(uuid.bytes, runtime.uuid.bytes, 16));
    CUdevprop old{};
    EXPECT_OK(cuDeviceGetProperties(&old, 0));
    EXPECT_EQ(old.maxThreadsPerBlock, runtime.maxThreadsPerBlock);
    EXPECT_EQ(old.SIMDWidth, 32);
    char id[32];
    CUdevice device = -1;
    EXPECT_OK(cuDeviceGetPCIBusId(id, sizeof id, 0));
    EXPECT_OK(cuDeviceGetByPCIBusId(&device, id));
    EXPECT_EQ(device, 0);
    int can = 1;
    EXPECT_OK(cuDeviceCanAccessPeer(&can, 0, 0));
    EXPECT_EQ(can, 0);
    CUmemoryPool pool = nullptr;
    EXPECT_OK(cuDeviceGetDefaultMemPool(&pool, 0));
    EXPECT_NE(pool, nullptr);
    size_t available = 0, total = 0;
    EXPECT_OK(cuMemGetInfo(&available, &total));
    size_t alone = 0;
    EXPECT_OK(cuMemGetInfo(nullptr, &alone)); // either answer alone is enough for some
    EXPECT_EQ(alone, total);
    EXPECT_OK(cuMemGetInfo(&alone, nullptr));
    EXPECT_LE(available, total);
    EXPECT_CUDA(cudaSuccess, cudaGetLastError()); // the driver's calls leave the runtime's last
                                                  // error alone
}

TEST_F(DriverVariants, ContextQuestions) {
    CUdevice device = -1;
    unsigned flags = 0, version = 0;
    unsigned long long id = 0;
    size_t limit = 0;
    CUfunc_cache cache = CU_FUNC_CACHE_PREFER_NONE;
    int least = 9, greatest = 9;
    CUmoduleLoadingMode mode = CU_MODULE_EAGER_LOADING;
    EXPECT_OK(cuCtxGetDevice(&device));
    EXPECT_EQ(device, 0);
    EXPECT_OK(cuCtxGetFlags(&flags));
    EXPECT_EQ(flags, unsigned{CU_CTX_SCHED_YIELD});
    EXPECT_OK(cuCtxGetId(nullptr, &id));
    EXPECT_OK(cuCtxGetApiVersion(context, &version));
    EXPECT_OK(cuCtxSetLimit(CU_LIMIT_STACK_SIZE, 2048));
    EXPECT_OK(cuCtxGetLimit(&limit, CU_LIMIT_STACK_SIZE));
    EXPECT_EQ(limit, 2048u);
    EXPECT_EQ(CUDA_ERROR_UNSUPPORTED_LIMIT, cuCtxGetLimit(&limit, CU_LIMIT_CIG_ENABLED));
    EXPECT_OK(cuCtxSetCacheConfig(CU_FUNC_CACHE_PREFER_L1));
    EXPECT_OK(cuCtxGetCacheConfig(&cache));
    EXPECT_EQ(cache, CU_FUNC_CACHE_PREFER_L1);
    EXPECT_OK(cuCtxGetStreamPriorityRange(&least, &greatest));
    EXPECT_EQ(least, 0);
    EXPECT_LT(greatest, 0);
    EXPECT_OK(cuModuleGetLoadingMode(&mode));
    EXPECT_EQ(mode, CU_MODULE_LAZY_LOADING);
    EXPECT_OK(cuDevicePrimaryCtxSetFlags(0, CU_CTX_SCHED_AUTO));
    EXPECT_OK(cuDevicePrimaryCtxReset(0));
}

TEST_F(DriverVariants, SymbolsOfEarlierReleases) {
    CUcontext context = nullptr, popped = nullptr;
    ASSERT_EQ(CUDA_SUCCESS, cuCtxCreate(&context, 0, 0));
    CUevent event = nullptr;
    ASSERT_EQ(CUDA_SUCCESS, cuEventCreate(&event, 0));
    EXPECT_EQ(CUDA_SUCCESS, older_cuEventDestroy(event));
    EXPECT_EQ(CUDA_SUCCESS, older_cuCtxPopCurrent(&popped));
    EXPECT_EQ(popped, context);
    EXPECT_EQ(CUDA_SUCCESS, older_cuCtxDestroy(context));
    EXPECT_NE(CUDA_SUCCESS, older_cuCtxDestroy(context));
}

TEST_F(DriverVariants, StreamsAndEvents) {
    int priority = 0;
    unsigned flags = 0;
    unsigned long long id = 0;
    CUdevice device = -1;
    CUcontext of = nullptr;
    EXPECT_OK(cuStreamGetPriority(stream, &priority));
    EXPECT_EQ(priority, -1);
    EXPECT_OK(cuStreamGetFlags(stream, &flags));
    EXPECT_EQ(flags, unsigned{CU_STREAM_NON_BLOCKING});
    EXPECT_OK(cuStreamGetId(stream, &id));
    EXPECT_OK(cuStreamGetDevice(stream, &device));
    EXPECT_EQ(device, 0);
    EXPECT_OK(cuStreamGetCtx(stream, &of));
    EXPECT_EQ(of, context);
    CUgreenCtx green = reinterpret_cast<CUgreenCtx>(&of);
    EXPECT_OK(cuStreamGetCtx_v2(stream, &(of = nullptr), &green));
    EXPECT_EQ(of, context);
    EXPECT_EQ(green, nullptr);
    EXPECT_EQ(CUDA_ERROR_INVALID_VALUE, cuStreamGetCtx_v2(stream, &of, nullptr));
    EXPECT_EQ(CUDA_ERROR_INVALID_VALUE, cuStreamGetCtx_v2(stream, nullptr, &green));
    CUevent event = nullptr;
    ASSERT_OK(cuEventCreate(&event, CU_EVENT_DISABLE_TIMING));
    EXPECT_OK(cuEventRecordWithFlags(event, stream, CU_EVENT_RECORD_DEFAULT));
    EXPECT_OK(cuStreamWaitEvent(nullptr, event, 0));
    EXPECT_OK(cuEventSynchronize(event));
    EXPECT_OK(cuEventQuery(event));
    EXPECT_OK(cuEventDestroy(event));
    int called = 0;
    EXPECT_OK(cuStreamAddCallback(
        stream, [](CUstream, CUresult, void* data) { *static_cast<int*>(data) = 1; }, &called, 0));
    EXPECT_OK(cuStreamSynchronize(stream));
    EXPECT_EQ(called, 1);
    EXPECT_OK(cuStreamQuery(stream));
}

TEST_F(DriverVariants, HostMemory) {
    void* host = nullptr;
    unsigned flags = 0;
    ASSERT_OK(cuMemHostAlloc(&host, 4096, CU_MEMHOSTALLOC_DEVICEMAP));
    EXPECT_OK(cuMemHostGetFlags(&flags, host));
    EXPECT_EQ(flags & CU_MEMHOSTALLOC_DEVICEMAP, unsigned{CU_MEMHOSTALLOC_DEVICEMAP});
    EXPECT_OK(cuMemFreeHost(host));
    std::vector<char> data(20000, 1);
    ASSERT_OK(cuMemHostRegister(data.data(), data.size(), 0));
    EXPECT_OK(cuMemHostUnregister(data.data()));
    EXPECT_EQ(CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED, cuMemHostUnregister(data.data()));
}

TEST_F(DriverVariants, CopiesAndFills) {
    CUdeviceptr a = 0, b = 0;
    ASSERT_OK(cuMemAlloc(&a, 8192));
    ASSERT_OK(cuMemAlloc(&b, 8192));
    std::vector<unsigned char> host(8192, 3), got(8192);
    EXPECT_OK(cuMemcpyHtoDAsync(a, host.data(), 8192, stream));
    EXPECT_OK(cuMemsetD8Async(a, 9, 4, stream));
    EXPECT_OK(cuMemsetD16Async(a + 4, 0x0504, 2, stream));
    EXPECT_OK(cuMemsetD32Async(a + 8, 0x0d0c0b0a, 1, stream));
    EXPECT_OK(cuMemsetD2D8Async(a + 1024, 64, 1, 8, 2, stream));
    EXPECT_OK(cuMemsetD2D16Async(a + 2048, 64, 0x0202, 4, 2, stream));
    EXPECT_OK(cuMemsetD2D32Async(a + 3072, 64, 0x07070707, 2, 2, stream));
    EXPECT_OK(cuMemcpyDtoDAsync(b, a, 8192, stream));
    EXPECT_OK(cuStreamSynchronize(stream));
    EXPECT_OK(cuMemsetD2D16(b + 4096, 64, 0x0606, 4, 2));
    EXPECT_OK(cuMemcpy(reinterpret_cast<CUdeviceptr>(got.data()), b, 8192));
    const unsigned char first[12] = {9, 9, 9, 9, 4, 5, 4, 5, 10, 11, 12, 13};
    EXPECT_EQ(0, std::memcmp(got.data(), first, 12));
    for (const auto& [at, value] :
         std::vector<std::pair<size_t, int>>{{1024, 1}, {2048, 2}, {3072, 7}, {4096, 6}}) {
        EXPECT_EQ(got[at + 7], value);
        EXPECT_EQ(got[at + 8], 3);
        EXPECT_EQ(got[at + 64], value);
    }
    EXPECT_OK(cuMemcpyAsync(a, b, 100, stream));
    CUDA_MEMCPY2D copy{};
    copy.srcMemoryType = copy.dstMemoryType = CU_MEMORYTYPE_DEVICE;
    copy.srcDevice = b;
    copy.dstDevice = a;
    copy.srcPitch = copy.dstPitch = 64;
    copy.WidthInBytes = 10;
    copy.Height = 3;
    EXPECT_OK(cuMemcpy2DAsync(&copy, stream));
    EXPECT_OK(cuStreamSynchronize(stream));
    EXPECT_OK(cuMemcpy2DUnaligned(&copy));
    copy.srcMemoryType = CU_MEMORYTYPE_ARRAY;
    EXPECT_EQ(CUDA_ERROR_INVALID_VALUE, cuMemcpy2D(&copy)); // no array is given
    EXPECT_OK(cuMemFree(a));
    EXPECT_OK(cuMemFree(b));
}

TEST_F(DriverVariants, FunctionsMustBeGiven) {
    const char* name = nullptr;
    size_t offset = 0;
    int blocks = 0;
    CUmodule module = nullptr;
    const std::string junk(256, 'x');
    EXPECT_EQ(CUDA_ERROR_INVALID_HANDLE, cuFuncGetName(&name, nullptr));
    EXPECT_EQ(CUDA_ERROR_INVALID_HANDLE, cuFuncGetParamInfo(nullptr, 0, &offset, nullptr));
    EXPECT_EQ(CUDA_ERROR_INVALID_HANDLE,
              cuLaunchCooperativeKernel(nullptr, 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr));
    EXPECT_EQ(CUDA_ERROR_INVALID_HANDLE,
              cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(&blocks, nullptr, 32, 0, 0));
    EXPECT_EQ(CUDA_ERROR_INVALID_IMAGE,
              cuModuleLoadDataEx(&module, junk.data(), 0, nullptr, nullptr));
    EXPECT_EQ(CUDA_ERROR_INVALID_IMAGE, cuModuleLoadFatBinary(&module, junk.data()));
}

} // namespace
} // namespace cuda_test
