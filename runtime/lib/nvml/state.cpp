// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What changes while a device works: its memory, its load, who uses it.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "runtime/lib/nvml/library.h"
#include "runtime/lib/nvml/usage.h"

using namespace acc::nvml;

namespace {

constexpr unsigned kNoInstance = 0xffffffff;

struct Memory {
    uint64_t total = 0, used = 0;
};

/// What this process's primary context says, when there is one: asking must not make it.
bool ask_context(const nvmlDevice_st& device, Memory& memory) {
    unsigned flags = 0;
    int active = 0;
    CUcontext context = nullptr;
    if (cuDevicePrimaryCtxGetState(device.device, &flags, &active) != CUDA_SUCCESS || active == 0 ||
        cuDevicePrimaryCtxRetain(&context, device.device) != CUDA_SUCCESS)
        return false;
    size_t free = 0, total = 0;
    bool told = false;
    if (cuCtxPushCurrent(context) == CUDA_SUCCESS) {
        told = cuMemGetInfo(&free, &total) == CUDA_SUCCESS;
        cuCtxPopCurrent(&context);
    }
    cuDevicePrimaryCtxRelease(device.device);
    if (told) memory = {total, total - free};
    return told;
}

nvmlReturn_t memory_of(const nvmlDevice_st& device, Memory& memory) {
    if (ask_context(device, memory)) return NVML_SUCCESS;
    size_t total = 0;
    if (cuDeviceTotalMem(&total, device.device) != CUDA_SUCCESS) return NVML_ERROR_UNKNOWN;
    memory.total = total;
    // Without a context here nothing of a model in this process is in use.
    if (of_kernel_driver(pci_address(device)))
        for (const auto& [pid, use] : usage(pci_address(device)))
            memory.used += use.vram_bytes;
    memory.used = std::min(memory.used, memory.total);
    return NVML_SUCCESS;
}

uint64_t compute_ns(const std::string& address) {
    uint64_t sum = 0;
    for (const auto& [pid, use] : usage(address))
        sum += use.compute_ns;
    return sum;
}

/// This process's use of the model that is in it, everybody's of a device of the kernel driver.
std::map<unsigned, Usage> processes(const nvmlDevice_st& device) {
    if (of_kernel_driver(pci_address(device))) return usage(pci_address(device));
    std::map<unsigned, Usage> found;
    Memory memory;
    if (ask_context(device, memory))
        found[static_cast<unsigned>(getpid())].vram_bytes = memory.used;
    return found;
}

void fill(nvmlProcessInfo_v1_t& info, unsigned pid, const Usage& use) {
    info = {pid, use.vram_bytes};
}

void fill(nvmlProcessInfo_v2_t& info, unsigned pid, const Usage& use) {
    info = {pid, use.vram_bytes, kNoInstance, kNoInstance};
}

/// *count says how many fit; it becomes how many there are. NVML_ERROR_INSUFFICIENT_SIZE when they
/// do not fit.
template <class Info>
nvmlReturn_t list_processes(nvmlDevice_t handle, unsigned* count, Info* infos) {
    return with(handle, [&](const nvmlDevice_st& device) {
        if (count == nullptr || (*count != 0 && infos == nullptr))
            return NVML_ERROR_INVALID_ARGUMENT;
        const auto found = processes(device);
        const bool fit = found.size() <= *count;
        *count = static_cast<unsigned>(found.size());
        if (!fit) return NVML_ERROR_INSUFFICIENT_SIZE;
        for (const auto& [pid, use] : found)
            fill(*infos++, pid, use);
        return NVML_SUCCESS;
    });
}

/// Nothing draws with these devices.
nvmlReturn_t no_processes(nvmlDevice_t handle, unsigned* count) {
    return with(handle, [&](const nvmlDevice_st&) { return give(count, 0); });
}

} // namespace

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvmlMemory_t* memory) {
    return with(device, [&](const nvmlDevice_st& each) {
        if (memory == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
        Memory now;
        const nvmlReturn_t result = memory_of(each, now);
        if (result == NVML_SUCCESS) *memory = {now.total, now.total - now.used, now.used};
        return result;
    });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetMemoryInfo_v2(nvmlDevice_t device,
                                                        nvmlMemory_v2_t* memory) {
    return with(device, [&](const nvmlDevice_st& each) {
        if (memory == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
        if (memory->version != nvmlMemory_v2) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
        Memory now;
        const nvmlReturn_t result = memory_of(each, now);
        if (result == NVML_SUCCESS)
            *memory = {nvmlMemory_v2, now.total, 0, now.total - now.used, now.used};
        return result;
    });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetUtilizationRates(nvmlDevice_t device,
                                                           nvmlUtilization_t* utilization) {
    return with(device, [&](const nvmlDevice_st& each) {
        if (utilization == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
        const std::string address = pci_address(each);
        if (!of_kernel_driver(address)) return NVML_ERROR_NOT_SUPPORTED;
        using Clock = std::chrono::steady_clock;
        const auto start = Clock::now();
        const uint64_t before = compute_ns(address);
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        const uint64_t after = compute_ns(address); // less when a process has ended meanwhile
        const uint64_t given = after > before ? after - before : 0;
        const auto passed = static_cast<uint64_t>(
            std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count());
        *utilization = {static_cast<unsigned>(std::min<uint64_t>(100, given * 100 / passed)), 0};
        return NVML_SUCCESS;
    });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetComputeRunningProcesses(nvmlDevice_t device,
                                                                  unsigned* count,
                                                                  nvmlProcessInfo_v1_t* infos) {
    return list_processes(device, count, infos);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v2(nvmlDevice_t device,
                                                                     unsigned* count,
                                                                     nvmlProcessInfo_v2_t* infos) {
    return list_processes(device, count, infos);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t device,
                                                                     unsigned* count,
                                                                     nvmlProcessInfo_t* infos) {
    return list_processes(device, count, infos);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetGraphicsRunningProcesses(nvmlDevice_t device,
                                                                   unsigned* count,
                                                                   nvmlProcessInfo_v1_t*) {
    return no_processes(device, count);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetGraphicsRunningProcesses_v2(nvmlDevice_t device,
                                                                      unsigned* count,
                                                                      nvmlProcessInfo_v2_t*) {
    return no_processes(device, count);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetGraphicsRunningProcesses_v3(nvmlDevice_t device,
                                                                      unsigned* count,
                                                                      nvmlProcessInfo_t*) {
    return no_processes(device, count);
}
