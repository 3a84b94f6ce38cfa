// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What happens around the process: no visible device, fork, exit.
#include <sys/wait.h>
#include <unistd.h>

#include <cuda.h>

#include <cstdlib>
#include <functional>

#include "tests/unit/runtime_cuda/expect.h"

namespace cuda_test {
namespace {

/// Runs `body` in a fresh process image of this test program's fork; gives its exit code.
int in_child(const std::function<int()>& body) {
    const pid_t child = fork();
    if (child == 0) _exit(body());
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Process, AChildOfForkIsToldWhenTheParentUsedTheDevice) {
    ASSERT_CUDA_OK(cudaFree(nullptr)); // makes the context
    EXPECT_EQ(in_child([] {
                  void* pointer = nullptr;
                  return static_cast<int>(cudaMalloc(&pointer, 16));
              }),
              static_cast<int>(cudaErrorInitializationError));
    EXPECT_CUDA_OK(cudaDeviceSynchronize()); // the parent is unharmed
}

void exit_late() {
    void* pointer = nullptr;
    if (cudaMalloc(&pointer, 16) != cudaErrorCudartUnloading) _exit(3);
}

// In a threadsafe death test the child starts from main, so the runtime is fresh there.
TEST(ProcessDeathTest, CallsAfterTheRuntimesEndSaySo) {
    testing::GTEST_FLAG(death_test_style) = "threadsafe";
    EXPECT_EXIT(
        {
            std::atexit(exit_late); // registered before the first use: runs after the runtime's own
                                    // end
            void* pointer = nullptr;
            if (cudaMalloc(&pointer, 1 << 20) != cudaSuccess ||
                cudaMemset(pointer, 1, 1 << 20) != cudaSuccess)
                _exit(2);
            std::exit(0);
        },
        testing::ExitedWithCode(0), "");
}

// The runtime API initialises the driver API, whatever is asked first.
TEST(ProcessDeathTest, AskingForDevicesInitialisesTheDriverApi) {
    testing::GTEST_FLAG(death_test_style) = "threadsafe";
    EXPECT_EXIT(
        {
            int count = 0;
            CUdevice device = -1;
            const bool right = cuDeviceGet(&device, 0) == CUDA_ERROR_NOT_INITIALIZED &&
                               cudaGetDeviceCount(&count) == cudaSuccess &&
                               cuDeviceGet(&device, 0) == CUDA_SUCCESS && device == 0;
            std::exit(right ? 0 : 1);
        },
        testing::ExitedWithCode(0), "");
}

TEST(ProcessDeathTest, TheRuntimesContextOutlivesWhatTheDriverApiReleases) {
    testing::GTEST_FLAG(death_test_style) = "threadsafe";
    EXPECT_EXIT(
        {
            void* pointer = nullptr;
            CUcontext primary = nullptr;
            unsigned flags = 0;
            int active = 0;
            bool right = cuInit(0) == CUDA_SUCCESS &&
                         cuDevicePrimaryCtxRetain(&primary, 0) == CUDA_SUCCESS &&
                         cuDevicePrimaryCtxRelease(0) == CUDA_SUCCESS &&
                         cuDevicePrimaryCtxGetState(0, &flags, &active) == CUDA_SUCCESS &&
                         active == 0; // nobody else used it
            right = right && cudaMalloc(&pointer, 64) == cudaSuccess &&
                    cuDevicePrimaryCtxRetain(&primary, 0) == CUDA_SUCCESS &&
                    cuDevicePrimaryCtxRelease(0) == CUDA_SUCCESS &&
                    cuDevicePrimaryCtxGetState(0, &flags, &active) == CUDA_SUCCESS && active == 1 &&
                    cudaMemset(pointer, 1, 64) == cudaSuccess && cudaFree(pointer) == cudaSuccess;
            std::exit(right ? 0 : 1);
        },
        testing::ExitedWithCode(0), "");
}

TEST(ProcessDeathTest, NoVisibleDevice) {
    testing::GTEST_FLAG(death_test_style) = "threadsafe";
    EXPECT_EXIT(
        {
            setenv("CUDA_VISIBLE_DEVICES", "", 1);
            int count = -1;
            void* pointer = nullptr;
            const bool right = cudaGetDeviceCount(&count) == cudaErrorNoDevice && count == 0 &&
                               cudaMalloc(&pointer, 16) == cudaErrorNoDevice &&
                               cudaSetDevice(0) == cudaErrorNoDevice;
            std::exit(right ? 0 : 1);
        },
        testing::ExitedWithCode(0), "");
}

} // namespace
} // namespace cuda_test
