// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The first device of the machine disappears while CUDA programs use it: each ends with an error,
// none hangs or crashes. It does not come back in this boot, so this program runs last.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <vector>

#include <cuda_runtime_api.h>

#include "tests/kmd/driver_state.h"
#include "tests/kmd/expect.h"
#include "tests/kmd/process.h"

namespace acc::kmd {
namespace {

constexpr size_t kBytes = 1 << 20;
constexpr cudaError_t kGone = cudaErrorDevicesUnavailable;

/// What a program may still try: the error stays, and ending the context does not hang.
void use_a_lost_device(void* memory) {
    void* more = nullptr;
    size_t available = 0, total = 0;
    EXPECT_EQ(cudaMalloc(&more, kBytes), kGone);
    EXPECT_EQ(cudaMemsetAsync(memory, 1, kBytes), kGone);
    EXPECT_EQ(cudaMemGetInfo(&available, &total), kGone);
    EXPECT_EQ(cudaDeviceSynchronize(), kGone);
    cudaDeviceReset();
    cudaGetLastError();
    EXPECT_EQ(cudaMalloc(&more, kBytes), kGone);
}

TEST(RuntimeGone, ProgramsGetTheirErrorAndEnd) {
    const Device device(0);
    const DriverState driver(device);
    if (!driver.available()) GTEST_SKIP() << "needs debugfs, and root";
    const std::function<void(void*)> activities[] = {
        // Works and waits.
        [](void* memory) {
            cudaError_t answer = cudaSuccess;
            while (answer == cudaSuccess) {
                answer = cudaMemsetAsync(memory, 1, kBytes);
                answer = answer == cudaSuccess ? cudaDeviceSynchronize() : answer;
            }
            EXPECT_EQ(answer, kGone);
        },
        // Works and polls.
        [](void* memory) {
            cudaError_t answer = cudaSuccess;
            while (answer == cudaSuccess || answer == cudaErrorNotReady)
                answer = answer == cudaSuccess ? cudaMemsetAsync(memory, 1, kBytes)
                                               : cudaStreamQuery(nullptr);
            while (answer == cudaSuccess || answer == cudaErrorNotReady)
                answer = cudaStreamQuery(nullptr);
            EXPECT_EQ(answer, kGone);
        },
        // Gives work and never looks, until the queue is full.
        [](void* memory) {
            cudaError_t answer = cudaSuccess;
            while (answer == cudaSuccess)
                answer = cudaMemsetAsync(memory, 1, 4);
            EXPECT_EQ(answer, kGone);
        },
        // Allocates and frees.
        [](void*) {
            cudaError_t answer = cudaSuccess;
            while (answer == cudaSuccess) {
                void* more = nullptr;
                answer = cudaMalloc(&more, kBytes);
                if (answer == cudaSuccess) answer = cudaFree(more);
            }
            EXPECT_EQ(answer, kGone);
        },
        // Copies to and from the host.
        [](void* memory) {
            std::vector<uint8_t> host(kBytes);
            cudaError_t answer = cudaSuccess;
            while (answer == cudaSuccess) {
                answer = cudaMemcpy(memory, host.data(), kBytes, cudaMemcpyHostToDevice);
                answer = answer == cudaSuccess ? cudaMemsetAsync(memory, 3, kBytes) : answer;
                answer = answer == cudaSuccess
                             ? cudaMemcpy(host.data(), memory, kBytes, cudaMemcpyDeviceToHost)
                             : answer;
            }
            EXPECT_EQ(answer, kGone);
        },
    };
    std::vector<std::unique_ptr<Child>> children;
    for (const auto& activity : activities) {
        children.push_back(std::make_unique<Child>([&](Line& line) {
            void* memory = nullptr;
            ASSERT_EQ(cudaMalloc(&memory, kBytes), cudaSuccess);
            line.send(0);
            activity(memory);
            use_a_lost_device(memory);
        }));
        ASSERT_TRUE(children.back()->line().receive().has_value());
    }
    pause_ms(200);
    ASSERT_ERRNO(driver.inject("vanish"), 0);
    for (size_t i = 0; i < children.size(); ++i)
        EXPECT_EQ(children[i]->join(), 0) << "activity " << i;
}

/// Devices that answer.
int alive() {
    int count = 0;
    for (unsigned i = 0; i < device_paths().size(); ++i) {
        try {
            Device(i).info();
            ++count;
        } catch (const Failure&) {
        }
    }
    return count;
}

TEST(RuntimeGone, ANewProgramSeesTheOtherDevicesOnly) {
    Child child([](Line&) {
        const int expected = alive();
        int count = -1;
        void* memory = nullptr;
        EXPECT_EQ(cudaGetDeviceCount(&count), expected != 0 ? cudaSuccess : cudaErrorNoDevice);
        EXPECT_EQ(count, expected);
        EXPECT_EQ(cudaMalloc(&memory, kBytes), expected != 0 ? cudaSuccess : cudaErrorNoDevice);
    });
    EXPECT_EQ(child.join(), 0);
}

} // namespace
} // namespace acc::kmd
