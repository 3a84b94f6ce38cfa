// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A process with three devices.
#pragma once

#include <cstdlib>

#include "tests/unit/runtime_cuda/step_kernel.h"

namespace cuda_test {

inline constexpr int kDevices = 3;

// Before main, and so before the first use of the runtime.
inline const bool kEnvironment = [] {
    setenv("ACC_DEVICES", "3", 1);
    setenv("ACC_MODEL_VRAM_MIB", "256", 1);
    return true;
}();

/// A megabyte on each device, whose bytes are the device's number plus one.
struct Devices : Clean {
    static constexpr size_t kBytes = 1 << 20;
    void* memory[kDevices] = {};
    void SetUp() override {
        for (int i = kDevices; i-- > 0;) {
            ASSERT_CUDA_OK(cudaSetDevice(i));
            ASSERT_CUDA_OK(cudaMalloc(&memory[i], kBytes));
            ASSERT_CUDA_OK(cudaMemset(memory[i], i + 1, kBytes));
            ASSERT_CUDA_OK(cudaDeviceSynchronize()); // another device's work is not behind it
        }
    }
    void TearDown() override {
        for (int i = kDevices; i-- > 0;) {
            cudaSetDevice(i);
            cudaDeviceReset();
        }
        Clean::TearDown();
    }
    static unsigned word_at(const void* at) {
        unsigned value = 0;
        EXPECT_CUDA_OK(cudaMemcpy(&value, at, sizeof value, cudaMemcpyDefault));
        return value;
    }
    unsigned word(int device) { return word_at(memory[device]); }
};

} // namespace cuda_test
