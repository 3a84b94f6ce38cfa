// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// NVML against the CUDA APIs, and every kind of wrong argument.
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cuda.h>
#include <cuda_runtime_api.h>
#include <gtest/gtest.h>
#include <nvml.h>

#include <cstdio>
#include <string>
#include <vector>

namespace {

class Nvml : public testing::Test {
  protected:
    void SetUp() override {
        ASSERT_EQ(nvmlInit(), NVML_SUCCESS);
        ASSERT_EQ(nvmlDeviceGetHandleByIndex(0, &device), NVML_SUCCESS);
    }
    void TearDown() override { EXPECT_EQ(nvmlShutdown(), NVML_SUCCESS); }
    nvmlDevice_t device = nullptr;
};

TEST(NvmlStart, NothingIsThereBeforeInitAndAfterShutdown) {
    unsigned count = 0;
    EXPECT_EQ(nvmlDeviceGetCount(&count), NVML_ERROR_UNINITIALIZED);
    EXPECT_EQ(nvmlShutdown(), NVML_ERROR_UNINITIALIZED);
    EXPECT_EQ(nvmlInit(), NVML_SUCCESS);
    EXPECT_EQ(nvmlInitWithFlags(NVML_INIT_FLAG_NO_GPUS), NVML_SUCCESS);
    EXPECT_EQ(nvmlInitWithFlags(64), NVML_ERROR_INVALID_ARGUMENT);
    EXPECT_EQ(nvmlShutdown(), NVML_SUCCESS);
    EXPECT_EQ(nvmlDeviceGetCount(&count), NVML_SUCCESS); // counted
    EXPECT_EQ(nvmlShutdown(), NVML_SUCCESS);
    EXPECT_EQ(nvmlDeviceGetCount(&count), NVML_ERROR_UNINITIALIZED);
}

TEST(NvmlStart, AProcessMayForkAfterItAndUseTheDevice) {
    ASSERT_EQ(nvmlInit(), NVML_SUCCESS);
    nvmlDevice_t device = nullptr;
    nvmlMemory_t memory{};
    ASSERT_EQ(nvmlDeviceGetHandleByIndex(0, &device), NVML_SUCCESS);
    ASSERT_EQ(nvmlDeviceGetMemoryInfo(device, &memory), NVML_SUCCESS);
    const pid_t child = fork();
    if (child == 0) {
        void* at = nullptr;
        _exit(cudaMalloc(&at, 4096) == cudaSuccess ? 0 : 1);
    }
    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(nvmlShutdown(), NVML_SUCCESS);
}

/// With ACC_DEVICES=2, too (CMakeLists.txt).
TEST_F(Nvml, PeersAreThoseOfCuda) {
    unsigned count = 0;
    ASSERT_EQ(nvmlDeviceGetCount(&count), NVML_SUCCESS);
    for (unsigned a = 0; a < count; ++a)
        for (unsigned b = 0; b < count; ++b) {
            nvmlDevice_t first = nullptr, second = nullptr;
            ASSERT_EQ(nvmlDeviceGetHandleByIndex(a, &first), NVML_SUCCESS);
            ASSERT_EQ(nvmlDeviceGetHandleByIndex(b, &second), NVML_SUCCESS);
            int reaches = -1;
            ASSERT_EQ(cudaDeviceCanAccessPeer(&reaches, static_cast<int>(a), static_cast<int>(b)),
                      cudaSuccess);
            EXPECT_EQ(reaches, a != b);
            nvmlGpuP2PStatus_t status{};
            ASSERT_EQ(nvmlDeviceGetP2PStatus(first, second, NVML_P2P_CAPS_INDEX_READ, &status),
                      NVML_SUCCESS);
            EXPECT_EQ(status, reaches ? NVML_P2P_STATUS_OK : NVML_P2P_STATUS_NOT_SUPPORTED);
            ASSERT_EQ(nvmlDeviceGetP2PStatus(first, second, NVML_P2P_CAPS_INDEX_NVLINK, &status),
                      NVML_SUCCESS);
            EXPECT_EQ(status, NVML_P2P_STATUS_NOT_SUPPORTED);
        }
}

TEST_F(Nvml, ThereAreNoSamples) {
    nvmlValueType_t type{};
    nvmlSample_t samples[4];
    unsigned count = 4;
    EXPECT_EQ(nvmlDeviceGetSamples(device, NVML_GPU_UTILIZATION_SAMPLES, 0, &type, &count, samples),
              NVML_ERROR_NOT_SUPPORTED);
}

TEST_F(Nvml, DevicesAreThoseOfCuda) {
    unsigned count = 0;
    int cuda_count = 0;
    ASSERT_EQ(nvmlDeviceGetCount(&count), NVML_SUCCESS);
    ASSERT_EQ(cudaGetDeviceCount(&cuda_count), cudaSuccess);
    EXPECT_EQ(count, static_cast<unsigned>(cuda_count));
    nvmlDevice_t none = nullptr;
    EXPECT_EQ(nvmlDeviceGetHandleByIndex(count, &none), NVML_ERROR_INVALID_ARGUMENT);
    EXPECT_EQ(nvmlDeviceGetHandleByIndex(0, nullptr), NVML_ERROR_INVALID_ARGUMENT);
    EXPECT_EQ(nvmlDeviceGetCount(nullptr), NVML_ERROR_INVALID_ARGUMENT);
}

TEST_F(Nvml, ADeviceIsWhatCudaSaysOfIt) {
    cudaDeviceProp properties{};
    ASSERT_EQ(cudaGetDeviceProperties(&properties, 0), cudaSuccess);
    char text[NVML_DEVICE_NAME_V2_BUFFER_SIZE];
    ASSERT_EQ(nvmlDeviceGetName(device, text, sizeof text), NVML_SUCCESS);
    EXPECT_STREQ(text, properties.name);
    const auto* id = reinterpret_cast<const unsigned char*>(properties.uuid.bytes);
    std::string uuid = "GPU-";
    for (int i = 0; i < 16; ++i) {
        char digits[3];
        std::snprintf(digits, sizeof digits, "%02x", id[i]);
        uuid += (i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "") + std::string(digits);
    }
    ASSERT_EQ(nvmlDeviceGetUUID(device, text, sizeof text), NVML_SUCCESS);
    EXPECT_EQ(text, uuid);
    int major = 0, minor = 0;
    ASSERT_EQ(nvmlDeviceGetCudaComputeCapability(device, &major, &minor), NVML_SUCCESS);
    EXPECT_EQ(major, properties.major);
    EXPECT_EQ(minor, properties.minor);
    nvmlMemory_t memory{};
    ASSERT_EQ(nvmlDeviceGetMemoryInfo(device, &memory), NVML_SUCCESS);
    EXPECT_EQ(memory.total, properties.totalGlobalMem);
    unsigned mhz = 0, bits = 0;
    ASSERT_EQ(nvmlDeviceGetClockInfo(device, NVML_CLOCK_SM, &mhz), NVML_SUCCESS);
    EXPECT_EQ(mhz, static_cast<unsigned>(properties.clockRate / 1000));
    ASSERT_EQ(nvmlDeviceGetMaxClockInfo(device, NVML_CLOCK_MEM, &mhz), NVML_SUCCESS);
    EXPECT_EQ(mhz, static_cast<unsigned>(properties.memoryClockRate / 1000));
    ASSERT_EQ(nvmlDeviceGetMemoryBusWidth(device, &bits), NVML_SUCCESS);
    EXPECT_EQ(bits, static_cast<unsigned>(properties.memoryBusWidth));
    nvmlDeviceAttributes_t attributes{};
    ASSERT_EQ(nvmlDeviceGetAttributes(device, &attributes), NVML_SUCCESS);
    EXPECT_EQ(attributes.multiprocessorCount,
              static_cast<unsigned>(properties.multiProcessorCount));
}

TEST_F(Nvml, ADeviceIsFoundByEachOfItsNames) {
    char uuid[NVML_DEVICE_UUID_BUFFER_SIZE], bus_id[32];
    nvmlDevice_t found = nullptr;
    ASSERT_EQ(nvmlDeviceGetUUID(device, uuid, sizeof uuid), NVML_SUCCESS);
    EXPECT_EQ(nvmlDeviceGetHandleByUUID(uuid, &found), NVML_SUCCESS);
    EXPECT_EQ(found, device);
    ASSERT_EQ(cudaDeviceGetPCIBusId(bus_id, sizeof bus_id, 0), cudaSuccess);
    found = nullptr;
    EXPECT_EQ(nvmlDeviceGetHandleByPciBusId(bus_id, &found), NVML_SUCCESS);
    EXPECT_EQ(found, device);
    nvmlPciInfo_t pci{};
    ASSERT_EQ(nvmlDeviceGetPciInfo(device, &pci), NVML_SUCCESS);
    found = nullptr;
    EXPECT_EQ(nvmlDeviceGetHandleByPciBusId(pci.busId, &found), NVML_SUCCESS);
    EXPECT_EQ(found, device);
    EXPECT_EQ(std::string(pci.busId).substr(4), pci.busIdLegacy); // eight and four digits of domain
    EXPECT_EQ(nvmlDeviceGetHandleByUUID("GPU-0", &found), NVML_ERROR_NOT_FOUND);
    EXPECT_EQ(nvmlDeviceGetHandleBySerial("0", &found), NVML_ERROR_NOT_FOUND);
    EXPECT_EQ(nvmlDeviceGetHandleByPciBusId("ffff:ff:1f.0", &found), NVML_ERROR_NOT_FOUND);
    EXPECT_EQ(nvmlDeviceGetHandleByPciBusId("nowhere", &found), NVML_ERROR_INVALID_ARGUMENT);
    EXPECT_EQ(nvmlDeviceGetHandleByUUID(nullptr, &found), NVML_ERROR_INVALID_ARGUMENT);
}

TEST_F(Nvml, WhatIsNoDeviceIsRefused) {
    unsigned value = 0;
    int local = 0;
    auto* wild = reinterpret_cast<nvmlDevice_t>(&local);
    for (const nvmlDevice_t none : {nvmlDevice_t{}, wild}) {
        EXPECT_EQ(nvmlDeviceGetIndex(none, &value), NVML_ERROR_INVALID_ARGUMENT);
        EXPECT_EQ(nvmlDeviceGetFanSpeed(none, &value), NVML_ERROR_INVALID_ARGUMENT);
    }
}

TEST_F(Nvml, TextsThatDoNotFitAreRefusedWhole) {
    char text[4] = "abc";
    EXPECT_EQ(nvmlDeviceGetName(device, text, sizeof text), NVML_ERROR_INSUFFICIENT_SIZE);
    EXPECT_STREQ(text, "abc");
    EXPECT_EQ(nvmlDeviceGetUUID(device, nullptr, 80), NVML_ERROR_INVALID_ARGUMENT);
}

TEST_F(Nvml, MemoryInUseIsThatOfTheContext) {
    void* at = nullptr;
    ASSERT_EQ(cudaMalloc(&at, 64 << 20), cudaSuccess);
    size_t free = 0, total = 0;
    ASSERT_EQ(cudaMemGetInfo(&free, &total), cudaSuccess);
    nvmlMemory_v2_t memory{};
    EXPECT_EQ(nvmlDeviceGetMemoryInfo_v2(device, &memory), NVML_ERROR_ARGUMENT_VERSION_MISMATCH);
    memory.version = nvmlMemory_v2;
    ASSERT_EQ(nvmlDeviceGetMemoryInfo_v2(device, &memory), NVML_SUCCESS);
    EXPECT_EQ(memory.free, free);
    EXPECT_EQ(memory.total, total);
    EXPECT_EQ(memory.used, total - free);
    EXPECT_GE(memory.used, 64u << 20);

    unsigned count = 0;
    EXPECT_EQ(nvmlDeviceGetComputeRunningProcesses(device, &count, nullptr),
              NVML_ERROR_INSUFFICIENT_SIZE);
    std::vector<nvmlProcessInfo_t> infos(count);
    ASSERT_EQ(nvmlDeviceGetComputeRunningProcesses(device, &count, infos.data()), NVML_SUCCESS);
    bool me = false;
    for (const auto& info : infos)
        if (info.pid == static_cast<unsigned>(getpid())) me = info.usedGpuMemory >= 64u << 20;
    EXPECT_TRUE(me);
    ASSERT_EQ(cudaFree(at), cudaSuccess);
}

TEST_F(Nvml, OneFrequencyEach) {
    unsigned count = 0, mhz = 0, memory = 0;
    EXPECT_EQ(nvmlDeviceGetSupportedMemoryClocks(device, &count, nullptr),
              NVML_ERROR_INSUFFICIENT_SIZE);
    ASSERT_EQ(count, 1u);
    ASSERT_EQ(nvmlDeviceGetSupportedMemoryClocks(device, &count, &memory), NVML_SUCCESS);
    ASSERT_EQ(nvmlDeviceGetSupportedGraphicsClocks(device, memory, &count, &mhz), NVML_SUCCESS);
    EXPECT_EQ(nvmlDeviceGetSupportedGraphicsClocks(device, memory + 1, &count, &mhz),
              NVML_ERROR_NOT_FOUND);
    unsigned now = 0;
    ASSERT_EQ(nvmlDeviceGetClock(device, NVML_CLOCK_GRAPHICS, NVML_CLOCK_ID_CURRENT, &now),
              NVML_SUCCESS);
    EXPECT_EQ(now, mhz);
    EXPECT_EQ(nvmlDeviceGetClockInfo(device, NVML_CLOCK_VIDEO, &now), NVML_ERROR_NOT_SUPPORTED);
    EXPECT_EQ(nvmlDeviceGetClockInfo(device, NVML_CLOCK_COUNT, &now), NVML_ERROR_INVALID_ARGUMENT);
    EXPECT_EQ(nvmlDeviceSetApplicationsClocks(device, memory, mhz), NVML_ERROR_NOT_SUPPORTED);
}

TEST_F(Nvml, WhatTheDeviceHasNotIsNotSupported) {
    unsigned value = 0;
    EXPECT_EQ(nvmlDeviceGetFanSpeed(device, &value), NVML_ERROR_NOT_SUPPORTED);
    EXPECT_EQ(nvmlDeviceGetTemperature(device, NVML_TEMPERATURE_GPU, &value),
              NVML_ERROR_NOT_SUPPORTED);
    EXPECT_EQ(nvmlDeviceGetPowerUsage(device, &value), NVML_ERROR_NOT_SUPPORTED);
    nvmlEnableState_t current{}, pending{};
    EXPECT_EQ(nvmlDeviceGetEccMode(device, &current, &pending), NVML_ERROR_NOT_SUPPORTED);
    EXPECT_EQ(nvmlDeviceSetComputeMode(device, NVML_COMPUTEMODE_PROHIBITED),
              NVML_ERROR_NOT_SUPPORTED);
    EXPECT_EQ(nvmlDeviceSetComputeMode(device, NVML_COMPUTEMODE_DEFAULT), NVML_SUCCESS);
}

TEST_F(Nvml, AffinityIsToAllProcessors) {
    unsigned long set[16] = {};
    ASSERT_EQ(nvmlDeviceGetCpuAffinity(device, 16, set), NVML_SUCCESS);
    int processors = 0;
    for (const unsigned long word : set)
        processors += __builtin_popcountl(word);
    EXPECT_EQ(processors, sysconf(_SC_NPROCESSORS_CONF));
    EXPECT_EQ(nvmlDeviceSetCpuAffinity(device), NVML_SUCCESS);
    EXPECT_EQ(nvmlDeviceGetCpuAffinity(device, 0, set), NVML_ERROR_INVALID_ARGUMENT);
}

TEST_F(Nvml, WaitingForEventsEndsInTime) {
    nvmlEventSet_t set = nullptr;
    nvmlEventData_t data{};
    ASSERT_EQ(nvmlEventSetCreate(&set), NVML_SUCCESS);
    unsigned long long types = 1;
    ASSERT_EQ(nvmlDeviceGetSupportedEventTypes(device, &types), NVML_SUCCESS);
    EXPECT_EQ(nvmlDeviceRegisterEvents(device, types, set), NVML_SUCCESS);
    EXPECT_EQ(nvmlDeviceRegisterEvents(device, nvmlEventTypeXidCriticalError, set),
              NVML_ERROR_NOT_SUPPORTED);
    EXPECT_EQ(nvmlEventSetWait(set, &data, 1), NVML_ERROR_TIMEOUT);
    EXPECT_EQ(nvmlEventSetFree(set), NVML_SUCCESS);
    EXPECT_EQ(nvmlEventSetFree(set), NVML_ERROR_INVALID_ARGUMENT);
    EXPECT_EQ(nvmlEventSetWait(set, &data, 1), NVML_ERROR_INVALID_ARGUMENT);
}

TEST_F(Nvml, VersionsAndNames) {
    int cuda = 0, driver = 0;
    char text[80];
    ASSERT_EQ(nvmlSystemGetCudaDriverVersion(&cuda), NVML_SUCCESS);
    ASSERT_EQ(cuDriverGetVersion(&driver), CUDA_SUCCESS);
    EXPECT_EQ(cuda, driver);
    EXPECT_EQ(nvmlSystemGetDriverVersion(text, sizeof text), NVML_SUCCESS);
    EXPECT_EQ(nvmlSystemGetProcessName(static_cast<unsigned>(getpid()), text, sizeof text),
              NVML_SUCCESS);
    EXPECT_EQ(nvmlSystemGetProcessName(0, text, sizeof text), NVML_ERROR_NOT_FOUND);
    EXPECT_STREQ(nvmlErrorString(NVML_ERROR_NOT_SUPPORTED), "Not Supported");
    EXPECT_STREQ(nvmlErrorString(static_cast<nvmlReturn_t>(12345)), "Unknown Error");
}

} // namespace
