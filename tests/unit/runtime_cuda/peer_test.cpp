// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Several devices, and access to each other's memory.
#include <cuda.h>

#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/runtime_cuda/devices.h"

namespace cuda_test {
namespace {

TEST_F(Devices, EachHasAnIdentityOfItsOwn) {
    int count = 0;
    EXPECT_CUDA_OK(cudaGetDeviceCount(&count));
    EXPECT_EQ(count, kDevices);
    EXPECT_CUDA(cudaErrorInvalidDevice, cudaSetDevice(kDevices));
    std::vector<std::string> uuids;
    for (int i = 0; i < kDevices; ++i) {
        char id[32];
        int back = -1;
        cudaDeviceProp p;
        EXPECT_CUDA_OK(cudaDeviceGetPCIBusId(id, sizeof id, i));
        EXPECT_CUDA_OK(cudaDeviceGetByPCIBusId(&back, id));
        EXPECT_EQ(back, i);
        ASSERT_CUDA_OK(cudaGetDeviceProperties(&p, i));
        EXPECT_LE(p.totalGlobalMem, 256u << 20);
        EXPECT_EQ(p.memoryPoolSupportedHandleTypes, unsigned{cudaMemHandleTypePosixFileDescriptor});
        EXPECT_EQ(p.ipcEventSupported, 1);
        for (const std::string& other : uuids)
            EXPECT_NE(other, std::string(p.uuid.bytes, sizeof p.uuid.bytes));
        uuids.emplace_back(p.uuid.bytes, sizeof p.uuid.bytes);
    }
}

TEST_F(Devices, PointersSayWhoseTheyAre) {
    for (int i = 0; i < kDevices; ++i) {
        cudaPointerAttributes attributes{};
        EXPECT_CUDA_OK(cudaPointerGetAttributes(&attributes, static_cast<char*>(memory[i]) + 5));
        EXPECT_EQ(attributes.type, cudaMemoryTypeDevice);
        EXPECT_EQ(attributes.device, i);
    }
}

TEST_F(Devices, AccessIsEnabledAndDisabledOnce) {
    int can = -1;
    EXPECT_CUDA_OK(cudaDeviceCanAccessPeer(&can, 0, 1));
    EXPECT_EQ(can, 1);
    EXPECT_CUDA_OK(cudaDeviceCanAccessPeer(&can, 1, 1));
    EXPECT_EQ(can, 0);
    ASSERT_CUDA_OK(cudaSetDevice(0));
    EXPECT_CUDA(cudaErrorPeerAccessNotEnabled, cudaDeviceDisablePeerAccess(1));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaDeviceEnablePeerAccess(1, 1));
    EXPECT_CUDA(cudaErrorInvalidDevice, cudaDeviceEnablePeerAccess(0, 0));
    EXPECT_CUDA(cudaErrorInvalidDevice, cudaDeviceEnablePeerAccess(kDevices, 0));
    EXPECT_CUDA_OK(cudaDeviceEnablePeerAccess(1, 0));
    EXPECT_CUDA(cudaErrorPeerAccessAlreadyEnabled, cudaDeviceEnablePeerAccess(1, 0));
    EXPECT_CUDA_OK(cudaDeviceDisablePeerAccess(1));
    EXPECT_CUDA(cudaErrorPeerAccessNotEnabled, cudaDeviceDisablePeerAccess(1));
    // A context that is reset has no access any more.
    EXPECT_CUDA_OK(cudaDeviceEnablePeerAccess(1, 0));
    EXPECT_CUDA_OK(cudaDeviceReset());
    EXPECT_CUDA_OK(cudaDeviceEnablePeerAccess(1, 0));
}

TEST_F(Devices, WhatALinkCan) {
    int value = -1;
    for (const auto attr : {cudaDevP2PAttrAccessSupported, cudaDevP2PAttrNativeAtomicSupported}) {
        EXPECT_CUDA_OK(cudaDeviceGetP2PAttribute(&value, attr, 0, 2));
        EXPECT_EQ(value, 1);
    }
    EXPECT_CUDA(cudaErrorInvalidDevice,
                cudaDeviceGetP2PAttribute(&value, cudaDevP2PAttrAccessSupported, 1, 1));
    EXPECT_EQ(cuDeviceGetP2PAttribute(&value, CU_DEVICE_P2P_ATTRIBUTE_ACCESS_SUPPORTED, 2, 1),
              CUDA_SUCCESS);
    EXPECT_EQ(value, 1);
    EXPECT_EQ(cuDeviceGetP2PAttribute(&value, static_cast<CUdevice_P2PAttribute>(99), 2, 1),
              CUDA_ERROR_INVALID_VALUE);
}

TEST_F(Devices, AKernelUsesItsPeersMemory) {
    ASSERT_CUDA_OK(cudaSetDevice(2));
    EXPECT_CUDA_OK(cudaDeviceEnablePeerAccess(0, 0));
    Step step(static_cast<unsigned*>(memory[0]), 2, 5);
    step.launch(nullptr);
    EXPECT_CUDA_OK(cudaDeviceSynchronize());
    EXPECT_EQ(word(0), 0x01010101u * 2 + 5);
    EXPECT_CUDA_OK(cudaDeviceDisablePeerAccess(0));
    Step forbidden(static_cast<unsigned*>(memory[0]), 2, 5);
    forbidden.launch(nullptr);
    EXPECT_CUDA(cudaErrorIllegalAddress, cudaDeviceSynchronize());
    ASSERT_CUDA_OK(cudaSetDevice(0)); // whose context is whole
    EXPECT_EQ(word(0), 0x01010101u * 2 + 5);
}

TEST_F(Devices, CopiesFindTheirDevices) {
    ASSERT_CUDA_OK(cudaSetDevice(1));
    EXPECT_CUDA_OK(cudaMemcpyPeer(memory[1], 1, memory[2], 2, kBytes));
    EXPECT_EQ(word(1), 0x03030303u);
    ASSERT_CUDA_OK(cudaSetDevice(0)); // a third one's copy
    cudaStream_t stream = nullptr;
    ASSERT_CUDA_OK(cudaStreamCreate(&stream));
    EXPECT_CUDA_OK(cudaDeviceEnablePeerAccess(1, 0));
    EXPECT_CUDA_OK(cudaMemcpyPeerAsync(memory[2], 2, memory[0], 0, kBytes, stream));
    EXPECT_CUDA_OK(cudaMemcpyAsync(memory[1], memory[2], kBytes, cudaMemcpyDefault, stream));
    EXPECT_CUDA_OK(cudaStreamSynchronize(stream));
    EXPECT_EQ(word(2), 0x01010101u);
    EXPECT_EQ(word(1), 0x01010101u);
    EXPECT_CUDA(cudaErrorInvalidDevice, cudaMemcpyPeer(memory[1], 1, memory[2], 3, kBytes));
}

TEST_F(Devices, PinnedMemoryOfOneIsEverybodys) {
    ASSERT_CUDA_OK(cudaSetDevice(1));
    unsigned* pinned = nullptr;
    ASSERT_CUDA_OK(cudaMallocHost(reinterpret_cast<void**>(&pinned), 64));
    *pinned = 10;
    ASSERT_CUDA_OK(cudaSetDevice(2));
    Step step(pinned, 3, 1);
    step.launch(nullptr);
    EXPECT_CUDA_OK(cudaDeviceSynchronize());
    EXPECT_EQ(*pinned, 31u);
    void* there = nullptr;
    EXPECT_CUDA_OK(cudaHostGetDevicePointer(&there, pinned, 0));
    EXPECT_EQ(there, pinned);
    std::vector<unsigned> plain(4096, 4); // and registered memory
    EXPECT_CUDA_OK(cudaHostRegister(plain.data(), plain.size() * 4, cudaHostRegisterDefault));
    EXPECT_CUDA_OK(cudaHostGetDevicePointer(&there, plain.data(), 0));
    ASSERT_CUDA_OK(cudaSetDevice(0));
    Step other(static_cast<unsigned*>(there), 5, 2);
    other.launch(nullptr);
    EXPECT_CUDA_OK(cudaDeviceSynchronize());
    EXPECT_EQ(plain[0], 22u);
    EXPECT_CUDA_OK(cudaHostUnregister(plain.data()));
    EXPECT_CUDA_OK(cudaFreeHost(pinned));
}

TEST_F(Devices, WhatAFailedDeviceWaitedForMayEnd) {
    std::atomic<bool> go{false};
    ASSERT_CUDA_OK(cudaSetDevice(0));
    cudaEvent_t event = nullptr;
    ASSERT_CUDA_OK(cudaEventCreateWithFlags(&event, cudaEventDisableTiming));
    EXPECT_CUDA_OK(cudaLaunchHostFunc(
        nullptr,
        [](void* gate) {
            while (!static_cast<std::atomic<bool>*>(gate)->load())
                std::this_thread::yield();
        },
        &go));
    EXPECT_CUDA_OK(cudaEventRecord(event, nullptr));
    ASSERT_CUDA_OK(cudaSetDevice(1));
    Step bad(reinterpret_cast<unsigned*>(uintptr_t{16}), 1, 1);
    bad.launch(nullptr);
    EXPECT_CUDA_OK(cudaStreamWaitEvent(nullptr, event, 0));
    go = true;
    ASSERT_CUDA_OK(cudaSetDevice(0));
    EXPECT_CUDA_OK(cudaDeviceReset());
    ASSERT_CUDA_OK(cudaSetDevice(1));
    EXPECT_CUDA(cudaErrorIllegalAddress, cudaDeviceSynchronize());
    EXPECT_CUDA(cudaErrorIllegalAddress, cudaDeviceSynchronize());
}

// The launch waits for room in its queue, behind what will never be unless it looks.
TEST_F(Devices, AGraphGoesOnWhenWhatItWaitsForHasFailed) {
    constexpr int kNodes = 1200; // more than a queue has room for
    ASSERT_CUDA_OK(cudaSetDevice(0));
    cudaEvent_t event = nullptr;
    ASSERT_CUDA_OK(cudaEventCreateWithFlags(&event, cudaEventDisableTiming));
    unsigned* gate = nullptr; // so that the event is recorded before the fault is known
    ASSERT_CUDA_OK(cudaMallocHost(reinterpret_cast<void**>(&gate), 64));
    *gate = 0;
    ASSERT_EQ(cuStreamWaitValue32(nullptr, reinterpret_cast<CUdeviceptr>(gate), 1,
                                  CU_STREAM_WAIT_VALUE_GEQ),
              CUDA_SUCCESS);
    Step bad(reinterpret_cast<unsigned*>(uintptr_t{16}), 1, 1);
    bad.launch(nullptr);
    EXPECT_CUDA_OK(cudaEventRecord(event, nullptr));
    __atomic_store_n(gate, 1u, __ATOMIC_RELEASE);
    ASSERT_CUDA_OK(cudaSetDevice(1));
    cudaGraph_t graph = nullptr;
    cudaGraphExec_t exec = nullptr;
    cudaGraphNode_t last = nullptr;
    ASSERT_CUDA_OK(cudaGraphCreate(&graph, 0));
    ASSERT_CUDA_OK(cudaGraphAddEventWaitNode(&last, graph, nullptr, 0, event));
    cudaMemsetParams fill{};
    fill.dst = memory[1];
    fill.value = 9;
    fill.elementSize = 4;
    fill.width = 1;
    fill.height = 1;
    for (int i = 0; i < kNodes; ++i) {
        const cudaGraphNode_t before = last;
        ASSERT_CUDA_OK(cudaGraphAddMemsetNode(&last, graph, &before, 1, &fill));
    }
    ASSERT_CUDA_OK(cudaGraphInstantiate(&exec, graph, 0));
    EXPECT_CUDA_OK(cudaGraphLaunch(exec, nullptr));
    EXPECT_CUDA_OK(cudaDeviceSynchronize());
    EXPECT_EQ(word(1), 9u);
    ASSERT_CUDA_OK(cudaSetDevice(0));
    EXPECT_CUDA(cudaErrorIllegalAddress, cudaDeviceSynchronize());
    EXPECT_CUDA_OK(cudaGraphExecDestroy(exec));
    EXPECT_CUDA_OK(cudaGraphDestroy(graph));
}

TEST_F(Devices, ContextsOfTheDriverApi) {
    CUcontext first = nullptr, second = nullptr;
    ASSERT_EQ(cuCtxCreate(&second, 0, 1), CUDA_SUCCESS);
    CUdeviceptr there = 0;
    ASSERT_EQ(cuMemAlloc(&there, 64), CUDA_SUCCESS);
    ASSERT_EQ(cuMemsetD32(there, 7, 16), CUDA_SUCCESS);
    ASSERT_EQ(cuCtxSynchronize(), CUDA_SUCCESS); // another context's work is not behind it
    ASSERT_EQ(cuCtxCreate(&first, 0, 0), CUDA_SUCCESS);
    EXPECT_EQ(cuCtxEnablePeerAccess(second, 1), CUDA_ERROR_INVALID_VALUE);
    EXPECT_EQ(cuCtxEnablePeerAccess(first, 0), CUDA_ERROR_INVALID_CONTEXT);
    EXPECT_EQ(cuCtxEnablePeerAccess(nullptr, 0), CUDA_ERROR_INVALID_CONTEXT);
    EXPECT_EQ(cuCtxDisablePeerAccess(second), CUDA_ERROR_PEER_ACCESS_NOT_ENABLED);
    EXPECT_EQ(cuCtxEnablePeerAccess(second, 0), CUDA_SUCCESS);
    EXPECT_EQ(cuCtxEnablePeerAccess(second, 0), CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED);
    EXPECT_EQ(cuMemsetD32(there, 9, 8), CUDA_SUCCESS); // by the first device
    unsigned words[16] = {};
    EXPECT_EQ(cuMemcpyDtoH(words, there, 64), CUDA_SUCCESS);
    EXPECT_EQ(words[7], 9u);
    EXPECT_EQ(words[8], 7u);
    EXPECT_EQ(cuCtxDisablePeerAccess(second), CUDA_SUCCESS);
    CUcontext third = nullptr;
    ASSERT_EQ(cuCtxCreate(&third, 0, 0), CUDA_SUCCESS);
    EXPECT_EQ(cuCtxEnablePeerAccess(first, 0), CUDA_ERROR_PEER_ACCESS_UNSUPPORTED); // one device
    for (CUcontext context : {third, first, second})
        EXPECT_EQ(cuCtxDestroy(context), CUDA_SUCCESS);
}

// The order and the names of what is visible. 41434331 is how the UUIDs of the model begin.
TEST(DevicesDeathTest, TheListChoosesAndOrders) {
    testing::GTEST_FLAG(death_test_style) = "threadsafe";
    const struct {
        const char* list;
        std::vector<int> buses;
    } kRows[] = {{"2,0", {3, 1}},
                 {" 1 , 7, 0", {2}},
                 {"0,0", {1}},
                 {"GPU-41434331-2d69-6e2d-7072-6f6365737301,0", {2, 1}},
                 {"1,GPU-4143", {2}}, // more than one
                 {"1,MIG-GPU-41434331/1/0", {2}},
                 {"-1", {}}};
    for (const auto& row : kRows)
        EXPECT_EXIT(
            {
                setenv("CUDA_VISIBLE_DEVICES", row.list, 1);
                int count = 0;
                cudaGetDeviceCount(&count);
                bool right = static_cast<size_t>(count) == row.buses.size();
                for (int i = 0; right && i < count; ++i) {
                    cudaDeviceProp p;
                    right = cudaGetDeviceProperties(&p, i) == cudaSuccess &&
                            p.pciBusID == row.buses[static_cast<size_t>(i)];
                }
                std::exit(right ? 0 : 1);
            },
            testing::ExitedWithCode(0), "")
            << row.list;
}

} // namespace
} // namespace cuda_test
