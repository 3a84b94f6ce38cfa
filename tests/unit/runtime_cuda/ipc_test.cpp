// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory, events and pools of two processes. The other process is this program, started with one of
// the DISABLED_ cases and what it needs to know in its environment.
#include <cuda.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "tests/unit/runtime_cuda/devices.h"

namespace cuda_test {
namespace {

template <typename T>
std::string text_of(const T& data) {
    std::string text;
    char digits[3];
    for (size_t i = 0; i < sizeof data; ++i) {
        std::snprintf(digits, sizeof digits, "%02x", reinterpret_cast<const uint8_t*>(&data)[i]);
        text += digits;
    }
    return text;
}

/// What the parent has told in a variable.
template <typename T>
T told(const char* name) {
    T data{};
    const char* text = std::getenv(name);
    for (size_t i = 0; text != nullptr && i < sizeof data; ++i)
        std::sscanf(text + 2 * i, "%2hhx", reinterpret_cast<uint8_t*>(&data) + i);
    return data;
}

template <typename T>
void tell(const char* name, const T& data) {
    setenv(name, text_of(data).c_str(), 1);
}

pid_t start(const std::string& test_case) {
    const pid_t child = fork();
    if (child != 0) return child;
    const std::string filter = "--gtest_filter=IpcChild.DISABLED_" + test_case;
    execl("/proc/self/exe", "child", filter.c_str(), "--gtest_also_run_disabled_tests", nullptr);
    _exit(99);
}

int end(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

struct Ipc : Clean {
    unsigned* memory = nullptr;
    void SetUp() override {
        void* before = nullptr; // so that the memory is not the first of its chunk
        ASSERT_CUDA_OK(cudaMalloc(&before, 1000));
        ASSERT_CUDA_OK(cudaMalloc(reinterpret_cast<void**>(&memory), 64 << 10));
        ASSERT_CUDA_OK(cudaMemset(memory, 1, 64 << 10));
        ASSERT_CUDA_OK(cudaDeviceSynchronize());
    }
    cudaEvent_t event() {
        cudaEvent_t made = nullptr;
        EXPECT_CUDA_OK(
            cudaEventCreateWithFlags(&made, cudaEventDisableTiming | cudaEventInterprocess));
        return made;
    }
};

TEST(IpcChild, DISABLED_DoublesTheMemory) {
    const auto handle = told<cudaIpcMemHandle_t>("ACCTEST_MEMORY");
    unsigned *at = nullptr, *same = nullptr;
    ASSERT_CUDA_OK(cudaIpcOpenMemHandle(reinterpret_cast<void**>(&at), handle,
                                        cudaIpcMemLazyEnablePeerAccess));
    EXPECT_CUDA_OK(cudaIpcOpenMemHandle(reinterpret_cast<void**>(&same), handle,
                                        cudaIpcMemLazyEnablePeerAccess));
    EXPECT_EQ(at, same);
    Step step(at, 2, 5);
    step.launch(nullptr);
    EXPECT_CUDA_OK(cudaDeviceSynchronize());
    EXPECT_CUDA(cudaErrorInvalidValue, cudaFree(at)); // not its to free
    EXPECT_CUDA_OK(cudaIpcCloseMemHandle(at));
    Step again(at, 1, 1);
    again.launch(nullptr); // one open is left
    EXPECT_CUDA_OK(cudaDeviceSynchronize());
    EXPECT_CUDA_OK(cudaIpcCloseMemHandle(at));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaIpcCloseMemHandle(at));
    again.launch(nullptr);
    EXPECT_CUDA(cudaErrorIllegalAddress, cudaDeviceSynchronize());
}

TEST_F(Ipc, MemoryIsOneInBothProcesses) {
    cudaIpcMemHandle_t handle;
    ASSERT_CUDA_OK(cudaIpcGetMemHandle(&handle, memory));
    void* own = nullptr;
    EXPECT_CUDA(cudaErrorDeviceUninitialized,
                cudaIpcOpenMemHandle(&own, handle, cudaIpcMemLazyEnablePeerAccess));
    tell("ACCTEST_MEMORY", handle);
    EXPECT_EQ(end(start("DoublesTheMemory")), 0);
    unsigned word = 0;
    EXPECT_CUDA_OK(cudaMemcpy(&word, memory, sizeof word, cudaMemcpyDeviceToHost));
    EXPECT_EQ(word, 0x01010101u * 2 + 5 + 1);
}

TEST_F(Ipc, WrongHandlesAreRefused) {
    cudaIpcMemHandle_t handle{};
    cudaIpcEventHandle_t event_handle{};
    void* at = nullptr;
    cudaEvent_t opened = nullptr;
    EXPECT_CUDA(cudaErrorInvalidResourceHandle,
                cudaIpcOpenMemHandle(&at, handle, cudaIpcMemLazyEnablePeerAccess));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaIpcOpenEventHandle(&opened, event_handle));
    ASSERT_CUDA_OK(cudaIpcGetMemHandle(&handle, memory));
    // The process is another one, or another one has its number.
    for (size_t at_byte : {8, 24}) {
        cudaIpcMemHandle_t wrong = handle;
        reinterpret_cast<uint8_t*>(&wrong)[at_byte] ^= 0x55;
        EXPECT_CUDA(cudaErrorInvalidResourceHandle,
                    cudaIpcOpenMemHandle(&at, wrong, cudaIpcMemLazyEnablePeerAccess))
            << at_byte;
    }
    EXPECT_CUDA(cudaErrorInvalidValue, cudaIpcOpenMemHandle(&at, handle, 0));
    int host = 0;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaIpcGetMemHandle(&handle, &host));
    cudaEvent_t plain = nullptr;
    ASSERT_CUDA_OK(cudaEventCreate(&plain));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaIpcGetEventHandle(&event_handle, plain));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaEventCreateWithFlags(&plain, cudaEventInterprocess));
}

TEST(IpcChild, DISABLED_WaitsForTheEvent) {
    unsigned *at = nullptr, word = 0;
    cudaEvent_t event = nullptr, answer = nullptr;
    ASSERT_CUDA_OK(cudaIpcOpenMemHandle(reinterpret_cast<void**>(&at),
                                        told<cudaIpcMemHandle_t>("ACCTEST_MEMORY"),
                                        cudaIpcMemLazyEnablePeerAccess));
    ASSERT_CUDA_OK(cudaIpcOpenEventHandle(&event, told<cudaIpcEventHandle_t>("ACCTEST_EVENT")));
    ASSERT_CUDA_OK(cudaIpcOpenEventHandle(&answer, told<cudaIpcEventHandle_t>("ACCTEST_ANSWER")));
    EXPECT_CUDA(cudaErrorNotReady, cudaEventQuery(event)); // the parent's stream stands
    EXPECT_CUDA_OK(cudaStreamWaitEvent(nullptr, event, 0));
    Step step(at, 3, 0);
    step.launch(nullptr);
    EXPECT_CUDA_OK(cudaEventRecord(answer, nullptr));
    const int ready = std::atoi(std::getenv("ACCTEST_READY"));
    EXPECT_EQ(write(ready, "x", 1), 1);
    EXPECT_CUDA_OK(cudaEventSynchronize(event));
    EXPECT_CUDA_OK(cudaDeviceSynchronize());
    EXPECT_CUDA_OK(cudaMemcpy(&word, at, sizeof word, cudaMemcpyDeviceToHost));
    EXPECT_TRUE(word == 0x07070707u * 3 || word == 0x07070707u * 3 + 1) << word; // and on it goes
    EXPECT_CUDA_OK(cudaEventDestroy(event));
}

TEST_F(Ipc, EventsOrderTheWorkOfBothProcesses) {
    cudaIpcMemHandle_t handle;
    cudaIpcEventHandle_t event_handle;
    cudaEvent_t sent = event(), answer = event();
    EXPECT_CUDA_OK(cudaEventQuery(sent)); // never recorded
    ASSERT_CUDA_OK(cudaIpcGetMemHandle(&handle, memory));
    tell("ACCTEST_MEMORY", handle);
    ASSERT_CUDA_OK(cudaIpcGetEventHandle(&event_handle, sent));
    tell("ACCTEST_EVENT", event_handle);
    ASSERT_CUDA_OK(cudaIpcGetEventHandle(&event_handle, answer));
    tell("ACCTEST_ANSWER", event_handle);
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    setenv("ACCTEST_READY", std::to_string(ends[1]).c_str(), 1);
    unsigned* gate = nullptr;
    ASSERT_CUDA_OK(cudaMallocHost(reinterpret_cast<void**>(&gate), 64));
    *gate = 0;
    cudaStream_t stream = nullptr;
    ASSERT_CUDA_OK(cudaStreamCreate(&stream));
    ASSERT_EQ(cuStreamWaitValue32(stream, reinterpret_cast<CUdeviceptr>(gate), 1,
                                  CU_STREAM_WAIT_VALUE_GEQ),
              CUDA_SUCCESS);
    ASSERT_CUDA_OK(cudaMemsetAsync(memory, 7, 64 << 10, stream));
    ASSERT_CUDA_OK(cudaEventRecord(sent, stream));
    const pid_t child = start("WaitsForTheEvent");
    char ready = 0;
    ASSERT_EQ(read(ends[0], &ready, 1), 1); // the child's work waits
    ASSERT_CUDA_OK(cudaStreamWaitEvent(stream, answer, 0));
    Step step(memory, 1, 1);
    step.launch(stream);
    __atomic_store_n(gate, 1u, __ATOMIC_RELEASE);
    EXPECT_CUDA_OK(cudaStreamSynchronize(stream));
    EXPECT_CUDA_OK(cudaEventQuery(answer));
    unsigned word = 0;
    EXPECT_CUDA_OK(cudaMemcpy(&word, memory, sizeof word, cudaMemcpyDeviceToHost));
    EXPECT_EQ(end(child), 0);
    EXPECT_EQ(word, 0x07070707u * 3 + 1);
    close(ends[0]);
    close(ends[1]);
}

TEST_F(Ipc, ARecordUnderWayKeepsADestroyedEventsPage) {
    unsigned* gate = nullptr;
    ASSERT_CUDA_OK(cudaMallocHost(reinterpret_cast<void**>(&gate), 64));
    gate[0] = gate[1] = 0;
    cudaStream_t first = nullptr, second = nullptr;
    ASSERT_CUDA_OK(cudaStreamCreate(&first));
    ASSERT_CUDA_OK(cudaStreamCreate(&second));
    ASSERT_EQ(cuStreamWaitValue32(first, reinterpret_cast<CUdeviceptr>(gate), 1,
                                  CU_STREAM_WAIT_VALUE_GEQ),
              CUDA_SUCCESS);
    cudaEvent_t destroyed = event();
    ASSERT_CUDA_OK(cudaEventRecord(destroyed, first));
    ASSERT_CUDA_OK(cudaEventDestroy(destroyed));
    cudaEvent_t next = event(); // would have its page, into which the record writes that it is done
    __atomic_store_n(&gate[0], 1u, __ATOMIC_RELEASE);
    EXPECT_CUDA_OK(cudaStreamSynchronize(first));
    ASSERT_EQ(cuStreamWaitValue32(second, reinterpret_cast<CUdeviceptr>(gate + 1), 1,
                                  CU_STREAM_WAIT_VALUE_GEQ),
              CUDA_SUCCESS);
    ASSERT_CUDA_OK(cudaEventRecord(next, second));
    EXPECT_CUDA(cudaErrorNotReady, cudaEventQuery(next));
    __atomic_store_n(&gate[1], 1u, __ATOMIC_RELEASE);
    EXPECT_CUDA_OK(cudaEventSynchronize(next));
    EXPECT_CUDA_OK(cudaEventDestroy(next));
}

TEST(IpcChild, DISABLED_IsKilledWithWorkUnderWay) {
    unsigned *at = nullptr, *gate = nullptr;
    cudaEvent_t event = nullptr;
    ASSERT_CUDA_OK(cudaIpcOpenMemHandle(reinterpret_cast<void**>(&at),
                                        told<cudaIpcMemHandle_t>("ACCTEST_MEMORY"),
                                        cudaIpcMemLazyEnablePeerAccess));
    ASSERT_CUDA_OK(cudaIpcOpenEventHandle(&event, told<cudaIpcEventHandle_t>("ACCTEST_EVENT")));
    ASSERT_CUDA_OK(cudaMallocHost(reinterpret_cast<void**>(&gate), 64));
    *gate = 0;
    ASSERT_EQ(cuStreamWaitValue32(nullptr, reinterpret_cast<CUdeviceptr>(gate), 1,
                                  CU_STREAM_WAIT_VALUE_GEQ),
              CUDA_SUCCESS);
    ASSERT_CUDA_OK(cudaEventRecord(event, nullptr)); // never done
    const int ready = std::atoi(std::getenv("ACCTEST_READY"));
    EXPECT_EQ(write(ready, "x", 1), 1);
    pause();
}

TEST_F(Ipc, AKilledProcessHoldsNobodyUp) {
    cudaIpcMemHandle_t handle;
    cudaIpcEventHandle_t event_handle;
    cudaEvent_t lost = event();
    ASSERT_CUDA_OK(cudaIpcGetMemHandle(&handle, memory));
    tell("ACCTEST_MEMORY", handle);
    ASSERT_CUDA_OK(cudaIpcGetEventHandle(&event_handle, lost));
    tell("ACCTEST_EVENT", event_handle);
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    setenv("ACCTEST_READY", std::to_string(ends[1]).c_str(), 1);
    const pid_t child = start("IsKilledWithWorkUnderWay");
    char ready = 0;
    ASSERT_EQ(read(ends[0], &ready, 1), 1);
    EXPECT_CUDA(cudaErrorNotReady, cudaEventQuery(lost));
    cudaStream_t stream = nullptr;
    ASSERT_CUDA_OK(cudaStreamCreate(&stream));
    ASSERT_CUDA_OK(cudaStreamWaitEvent(stream, lost, 0));
    kill(child, SIGKILL);
    end(child);
    EXPECT_CUDA_OK(cudaStreamSynchronize(stream));
    EXPECT_CUDA_OK(cudaEventSynchronize(lost));
    EXPECT_CUDA_OK(cudaFree(memory));
    close(ends[0]);
    close(ends[1]);
}

TEST(IpcChild, DISABLED_ImportsThePool) {
    cudaMemPool_t pool = nullptr;
    void *at = nullptr, *more = nullptr;
    auto data = told<cudaMemPoolPtrExportData>("ACCTEST_POINTER");
    const int fd = std::atoi(std::getenv("ACCTEST_POOL"));
    ASSERT_CUDA_OK(cudaMemPoolImportFromShareableHandle(
        &pool, reinterpret_cast<void*>(static_cast<intptr_t>(fd)),
        cudaMemHandleTypePosixFileDescriptor, 0));
    close(fd);
    auto other = told<cudaMemPoolPtrExportData>("ACCTEST_OTHER");
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMemPoolImportPointer(&at, pool, &other));
    ASSERT_CUDA_OK(cudaMemPoolImportPointer(&at, pool, &data));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMallocFromPoolAsync(&more, 64, pool, nullptr));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaDeviceSetMemPool(0, pool));
    Step step(static_cast<unsigned*>(at), 2, 2);
    step.launch(nullptr);
    EXPECT_CUDA_OK(cudaFreeAsync(at, nullptr));
    EXPECT_CUDA_OK(cudaDeviceSynchronize());
    EXPECT_CUDA(cudaErrorInvalidValue, cudaFree(at));
    EXPECT_CUDA_OK(cudaMemPoolDestroy(pool));
}

TEST_F(Ipc, APoolAndItsPointersGoToAnotherProcess) {
    cudaMemPoolProps props{};
    props.allocType = cudaMemAllocationTypePinned;
    props.location = {cudaMemLocationTypeDevice, 0};
    cudaMemPool_t closed = nullptr, pool = nullptr;
    int fd = -1;
    ASSERT_CUDA_OK(cudaMemPoolCreate(&closed, &props));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMemPoolExportToShareableHandle(
                                           &fd, closed, cudaMemHandleTypePosixFileDescriptor, 0));
    props.handleTypes = cudaMemHandleTypePosixFileDescriptor;
    ASSERT_CUDA_OK(cudaMemPoolCreate(&pool, &props));
    ASSERT_CUDA_OK(
        cudaMemPoolExportToShareableHandle(&fd, pool, cudaMemHandleTypePosixFileDescriptor, 0));
    void* at = nullptr;
    cudaMemPoolPtrExportData data;
    ASSERT_CUDA_OK(cudaMallocFromPoolAsync(&at, 5000, pool, nullptr));
    ASSERT_CUDA_OK(cudaMemsetAsync(at, 1, 5000, nullptr));
    ASSERT_CUDA_OK(cudaDeviceSynchronize());
    EXPECT_CUDA(cudaErrorInvalidValue, cudaMemPoolExportPointer(&data, memory));
    ASSERT_CUDA_OK(cudaMemPoolExportPointer(&data, at));
    tell("ACCTEST_POINTER", data);
    // Programs try the data of all pools until one fits.
    cudaMemPool_t second = nullptr;
    void* elsewhere = nullptr;
    ASSERT_CUDA_OK(cudaMemPoolCreate(&second, &props));
    ASSERT_CUDA_OK(cudaMallocFromPoolAsync(&elsewhere, 5000, second, nullptr));
    ASSERT_CUDA_OK(cudaMemPoolExportPointer(&data, elsewhere));
    tell("ACCTEST_OTHER", data);
    fcntl(fd, F_SETFD, 0);
    setenv("ACCTEST_POOL", std::to_string(fd).c_str(), 1);
    EXPECT_EQ(end(start("ImportsThePool")), 0);
    unsigned word = 0;
    EXPECT_CUDA_OK(cudaMemcpy(&word, at, sizeof word, cudaMemcpyDeviceToHost));
    EXPECT_EQ(word, 0x01010101u * 2 + 2);
    close(fd);
}

TEST_F(Ipc, TheDriverApisHandlesAreTheSame) {
    CUipcMemHandle handle;
    CUipcEventHandle event_handle;
    ASSERT_EQ(cuIpcGetMemHandle(&handle, reinterpret_cast<CUdeviceptr>(memory)), CUDA_SUCCESS);
    ASSERT_EQ(cuIpcGetEventHandle(&event_handle, event()), CUDA_SUCCESS);
    CUdeviceptr at = 0;
    CUevent opened = nullptr;
    EXPECT_EQ(cuIpcOpenMemHandle(&at, handle, CU_IPC_MEM_LAZY_ENABLE_PEER_ACCESS),
              CUDA_ERROR_INVALID_CONTEXT); // a process's own
    EXPECT_EQ(cuIpcOpenEventHandle(&opened, event_handle), CUDA_ERROR_INVALID_CONTEXT);
    EXPECT_EQ(cuIpcCloseMemHandle(reinterpret_cast<CUdeviceptr>(memory)), CUDA_ERROR_INVALID_VALUE);
    tell("ACCTEST_MEMORY", handle);
    EXPECT_EQ(end(start("DoublesTheMemory")), 0);
}

} // namespace
} // namespace cuda_test
