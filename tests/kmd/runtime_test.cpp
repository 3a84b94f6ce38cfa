// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// libaccrt on the driver: what a CUDA program sees of it, and of its misfortunes. Every test runs
// in a child, because a process chooses its backend once and what follows a fault stays. Work is
// cudaMemset: a packet in the stream's queue like a kernel.
#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <cuda_runtime_api.h>

#include "tests/kmd/driver_state.h"
#include "tests/kmd/expect.h"
#include "tests/kmd/process.h"

namespace acc::kmd {
namespace {

constexpr size_t kBytes = 1 << 16;

/// Runs `body` as a program of its own.
void in_a_program(const std::function<void()>& body) {
    Child child([&](Line&) { body(); });
    EXPECT_EQ(child.join(), 0);
}

/// True when the device of this thread fills memory and the host sees it.
bool works() {
    void* memory = nullptr;
    uint8_t last = 0;
    const bool ran = cudaMalloc(&memory, kBytes) == cudaSuccess &&
                     cudaMemset(memory, 7, kBytes) == cudaSuccess &&
                     cudaMemcpy(&last, static_cast<uint8_t*>(memory) + kBytes - 1, 1,
                                cudaMemcpyDeviceToHost) == cudaSuccess;
    return cudaFree(memory) == cudaSuccess && ran && last == 7;
}

TEST(Runtime, FindsTheDriversDevicesByItself) {
    in_a_program([] {
        int count = 0;
        ASSERT_EQ(cudaGetDeviceCount(&count), cudaSuccess);
        ASSERT_EQ(static_cast<size_t>(count), device_paths().size());
        std::string before;
        for (int i = 0; i < count; ++i) {
            char bus[32] = {};
            cudaDeviceProp properties{};
            ASSERT_EQ(cudaGetDeviceProperties(&properties, i), cudaSuccess);
            EXPECT_EQ(std::string(properties.name), "ACC1") << "the model says that it is one";
            ASSERT_EQ(cudaDeviceGetPCIBusId(bus, sizeof bus, i), cudaSuccess);
            EXPECT_LT(before, bus) << "in order of PCI address";
            before = bus;
            EXPECT_EQ(cudaSetDevice(i), cudaSuccess);
            EXPECT_TRUE(works());
        }
    });
}

TEST(RuntimeDevices, MemoryIsCopiedFromOneToTheOther) {
    if (device_paths().size() < 2) GTEST_SKIP() << "needs two devices";
    in_a_program([] {
        void *first = nullptr, *second = nullptr;
        uint8_t seen[2] = {};
        ASSERT_EQ(cudaSetDevice(0), cudaSuccess);
        ASSERT_EQ(cudaMalloc(&first, kBytes), cudaSuccess);
        ASSERT_EQ(cudaMemset(first, 5, kBytes), cudaSuccess);
        ASSERT_EQ(cudaSetDevice(1), cudaSuccess);
        ASSERT_EQ(cudaMalloc(&second, kBytes), cudaSuccess);
        ASSERT_EQ(cudaMemcpyPeer(second, 1, first, 0, kBytes), cudaSuccess);
        ASSERT_EQ(cudaMemset(second, 6, kBytes / 2), cudaSuccess);
        ASSERT_EQ(cudaMemcpy(first, second, kBytes, cudaMemcpyDefault), cudaSuccess);
        ASSERT_EQ(cudaMemcpy(&seen[0], first, 1, cudaMemcpyDeviceToHost), cudaSuccess);
        ASSERT_EQ(cudaMemcpy(&seen[1], static_cast<uint8_t*>(first) + kBytes - 1, 1,
                             cudaMemcpyDeviceToHost),
                  cudaSuccess);
        EXPECT_EQ(seen[0], 6);
        EXPECT_EQ(seen[1], 5);
    });
}

TEST(RuntimeDevices, AStreamWaitsForAnotherDevicesEvent) {
    if (device_paths().size() < 2) GTEST_SKIP() << "needs two devices";
    in_a_program([] {
        void* memory[2] = {};
        cudaStream_t streams[2] = {};
        cudaEvent_t event = nullptr;
        std::vector<uint8_t> seen(kBytes);
        for (int i = 0; i < 2; ++i) {
            ASSERT_EQ(cudaSetDevice(i), cudaSuccess);
            ASSERT_EQ(cudaMalloc(&memory[i], kBytes), cudaSuccess);
            ASSERT_EQ(cudaStreamCreateWithFlags(&streams[i], cudaStreamNonBlocking), cudaSuccess);
        }
        ASSERT_EQ(cudaEventCreate(&event), cudaSuccess); // the second device's
        for (int round = 1; round < 20; ++round) {
            ASSERT_EQ(cudaMemsetAsync(memory[1], round, kBytes, streams[1]), cudaSuccess);
            ASSERT_EQ(cudaEventRecord(event, streams[1]), cudaSuccess);
            ASSERT_EQ(cudaStreamWaitEvent(streams[0], event, 0), cudaSuccess);
            ASSERT_EQ(
                cudaMemcpyAsync(memory[0], memory[1], kBytes, cudaMemcpyDeviceToDevice, streams[0]),
                cudaSuccess);
            ASSERT_EQ(
                cudaMemcpyAsync(seen.data(), memory[0], kBytes, cudaMemcpyDeviceToHost, streams[0]),
                cudaSuccess);
            ASSERT_EQ(cudaStreamSynchronize(streams[0]), cudaSuccess);
            ASSERT_EQ(seen, std::vector<uint8_t>(kBytes, static_cast<uint8_t>(round)));
        }
    });
}

TEST(RuntimeDevices, AProgramSeesTheOnesThatItIsGiven) {
    if (device_paths().size() < 2) GTEST_SKIP() << "needs two devices";
    char bus[2][32] = {};
    const auto ask = [&](const char* visible, char* answer) {
        Child child([&](Line& line) {
            int count = 0;
            char text[32] = {};
            setenv("CUDA_VISIBLE_DEVICES", visible, 1);
            ASSERT_EQ(cudaGetDeviceCount(&count), cudaSuccess);
            EXPECT_EQ(count, 1);
            ASSERT_EQ(cudaDeviceGetPCIBusId(text, sizeof text, 0), cudaSuccess);
            for (const char c : text)
                line.send(static_cast<uint8_t>(c));
            EXPECT_TRUE(works());
        });
        for (int i = 0; i < 32; ++i)
            answer[i] = static_cast<char>(child.line().receive().value_or(0));
        EXPECT_EQ(child.join(), 0);
    };
    ask("0", bus[0]);
    ask("1", bus[1]);
    EXPECT_LT(std::string(bus[0]), bus[1]);
}

TEST(Runtime, FreeMemoryIsTheDrivers) {
    in_a_program([] {
        const Device device(0);
        size_t before = 0, after = 0, total = 0;
        void* memory = nullptr;
        ASSERT_EQ(cudaMemGetInfo(&before, &total), cudaSuccess);
        EXPECT_EQ(total, device.memory().vram_total);
        ASSERT_EQ(cudaMalloc(&memory, 16 << 20), cudaSuccess);
        ASSERT_EQ(cudaMemGetInfo(&after, &total), cudaSuccess);
        EXPECT_GE(before - after, size_t{16 << 20});
        EXPECT_EQ(cudaMalloc(&memory, total + 1), cudaErrorMemoryAllocation);
        EXPECT_EQ(cudaGetLastError(), cudaErrorMemoryAllocation);
        EXPECT_TRUE(works());
    });
}

bool forbid_system_calls() {
    sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    };
    sock_fprog program{.len = 4, .filter = filter};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

TEST(Runtime, GivingWorkToAStreamMakesNoSystemCall) {
    Child child([](Line&) {
        void* memory = nullptr;
        cudaStream_t stream = nullptr;
        void* shared = nullptr; // both sides'
        ASSERT_EQ(cudaMalloc(&memory, kBytes), cudaSuccess);
        ASSERT_EQ(cudaMallocHost(&shared, 4096), cudaSuccess);
        auto* seen = static_cast<volatile uint8_t*>(shared);
        ASSERT_EQ(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), cudaSuccess);
        auto enqueue = [&](int value) {
            bool good = true;
            for (int i = 0; i < 100; ++i)
                good = good && cudaMemsetAsync(memory, i, kBytes, stream) == cudaSuccess;
            return good && cudaMemsetAsync(shared, value, 1, stream) == cudaSuccess;
        };
        *seen = 0;
        ASSERT_TRUE(enqueue(1)); // the pages are there now
        ASSERT_EQ(cudaStreamSynchronize(stream), cudaSuccess);
        if (!forbid_system_calls()) _exit(77);
        bool good = true;
        for (int round = 2; round < 6; ++round) {
            good = good && enqueue(round);
            while (*seen != round) {
            }
        }
        syscall(SYS_exit_group, good ? 0 : 1);
    });
    const int status = child.join();
    if (status == 77) GTEST_SKIP() << "the kernel has no seccomp filters";
    EXPECT_EQ(status, 0) << "128 + 31 is SIGSYS: a system call was made";
}

TEST(Runtime, CountingDevicesLeavesForkFree) {
    in_a_program([] {
        int count = 0;
        ASSERT_EQ(cudaGetDeviceCount(&count), cudaSuccess);
        const pid_t child = fork();
        const bool good = works();
        if (child == 0) _exit(good ? 0 : 1);
        EXPECT_TRUE(good);
        int status = -1;
        waitpid(child, &status, 0);
        EXPECT_EQ(status, 0);
    });
}

TEST(Runtime, ADeviceThatMayNotBeOpenedIsNotReplacedByTheModel) {
    const std::string path = device_paths().at(0);
    if (device_paths().size() != 1 || geteuid() != 0) GTEST_SKIP() << "needs root and one device";
    const auto before = std::filesystem::status(path).permissions();
    std::filesystem::permissions(path, std::filesystem::perms::owner_read |
                                           std::filesystem::perms::owner_write);
    in_a_program([] {
        ASSERT_EQ(setuid(65534), 0);
        int count = -1;
        EXPECT_EQ(cudaGetDeviceCount(&count), cudaErrorNoDevice);
        EXPECT_EQ(count, 0);
    });
    in_a_program([] {
        ASSERT_EQ(setuid(65534), 0);
        ASSERT_EQ(setenv("ACC_BACKEND", "model", 1), 0);
        EXPECT_TRUE(works());
    });
    std::filesystem::permissions(path, before);
}

// ---- misfortunes

class RuntimeInjection : public testing::Test {
  protected:
    void SetUp() override {
        if (!DriverState(Device(0)).available()) GTEST_SKIP() << "needs debugfs, and root";
    }
};

/// Makes the context, breaks its first queue or the device, and gives the queue something to do.
void hang(const std::string& what, void** memory) {
    ASSERT_EQ(cudaMalloc(memory, kBytes), cudaSuccess);
    const DriverState driver{Device(0)};
    const auto hardware = driver.hardware_queue(1);
    ASSERT_TRUE(hardware.has_value());
    ASSERT_ERRNO(what == "hang_queue" ? driver.inject(what, *hardware) : driver.inject(what), 0);
    ASSERT_EQ(cudaMemsetAsync(*memory, 1, kBytes), cudaSuccess);
}

void expect_sticky_until_reset(cudaError_t error, void* memory) {
    void* more = nullptr;
    EXPECT_EQ(cudaMalloc(&more, 4096), error);
    EXPECT_EQ(cudaMemset(memory, 1, kBytes), error);
    EXPECT_EQ(cudaDeviceSynchronize(), error);
    EXPECT_EQ(cudaDeviceReset(), cudaSuccess);
    cudaGetLastError();
    EXPECT_TRUE(works());
}

TEST_F(RuntimeInjection, AHungQueueIsALaunchTimeoutAndOtherProgramsGoOn) {
    Neighbour neighbour;
    in_a_program([] {
        void* memory = nullptr;
        hang("hang_queue", &memory);
        EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorLaunchTimeout);
        expect_sticky_until_reset(cudaErrorLaunchTimeout, memory);
    });
    Neighbour::expect_unharmed(neighbour.stop());
}

TEST_F(RuntimeInjection, AProgramThatOnlyPollsLearnsOfItToo) {
    in_a_program([] {
        void* memory = nullptr;
        hang("hang_queue", &memory);
        cudaError_t answer = cudaErrorNotReady;
        for (const int64_t end = deadline();
             answer == cudaErrorNotReady && static_cast<int64_t>(now_ns()) < end;)
            answer = cudaStreamQuery(nullptr);
        EXPECT_EQ(answer, cudaErrorLaunchTimeout);
    });
}

TEST_F(RuntimeInjection, ADeviceResetIsALaunchFailure) {
    in_a_program([] {
        void* memory = nullptr;
        hang("hang_device", &memory);
        EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
        expect_sticky_until_reset(cudaErrorLaunchFailure, memory);
    });
}

TEST_F(RuntimeInjection, LostInterruptsOnlyDelay) {
    in_a_program([] {
        ASSERT_TRUE(works());
        const DriverState driver{Device(0)};
        ASSERT_ERRNO(driver.inject("lose_interrupts", 1'000'000), 0);
        for (int i = 0; i < 5; ++i)
            EXPECT_TRUE(works());
        ASSERT_ERRNO(driver.inject("lose_interrupts", 0), 0);
    });
}

} // namespace
} // namespace acc::kmd
