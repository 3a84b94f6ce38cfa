// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Start and end of the library, its handles, the words of its errors, and what concerns the system.
#include "runtime/lib/nvml/library.h"

#include <cstdio>
#include <fstream>

namespace acc::nvml {
namespace {

using Devices = std::vector<std::unique_ptr<nvmlDevice_st>>;

struct State {
    std::mutex mutex; // protects what follows
    unsigned users = 0;
    bool looked = false; // at the devices: once in a process
    Devices devices;
};

/// Never destroyed: other threads may still call while the process ends.
State& state() {
    static State& made = *new State;
    return made;
}

std::string text_of(const CUuuid& id) {
    const auto* b = reinterpret_cast<const unsigned char*>(id.bytes);
    char text[64];
    std::snprintf(text, sizeof text,
                  "GPU-%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
                  b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13],
                  b[14], b[15]);
    return text;
}

std::unique_ptr<nvmlDevice_st> device_of(unsigned index) {
    auto made = std::make_unique<nvmlDevice_st>();
    made->index = index;
    char name[NVML_DEVICE_NAME_V2_BUFFER_SIZE] = {},
         bus_id[NVML_DEVICE_PCI_BUS_ID_BUFFER_SIZE] = {};
    CUuuid uuid{};
    if (cuDeviceGet(&made->device, static_cast<int>(index)) != CUDA_SUCCESS ||
        cuDeviceGetName(name, sizeof name, made->device) != CUDA_SUCCESS ||
        cuDeviceGetUuid_v2(&uuid, made->device) != CUDA_SUCCESS ||
        cuDeviceGetPCIBusId(bus_id, sizeof bus_id, made->device) != CUDA_SUCCESS ||
        std::sscanf(bus_id, "%x:%x:%x", &made->domain, &made->bus, &made->slot) != 3)
        return nullptr;
    made->name = name;
    made->uuid = text_of(uuid);
    return made;
}

/// Finds the devices: no context is made, so a process may still fork.
nvmlReturn_t look(Devices& found) {
    const CUresult result = cuInit(0);
    if (result == CUDA_ERROR_NO_DEVICE) return NVML_SUCCESS;
    int count = 0;
    if (result != CUDA_SUCCESS || cuDeviceGetCount(&count) != CUDA_SUCCESS)
        return NVML_ERROR_DRIVER_NOT_LOADED;
    for (unsigned i = 0; i < static_cast<unsigned>(count); ++i) {
        auto device = device_of(i);
        if (!device) return NVML_ERROR_UNKNOWN;
        found.push_back(std::move(device));
    }
    return NVML_SUCCESS;
}

nvmlReturn_t start() {
    std::lock_guard lock(state().mutex);
    if (!state().looked) {
        Devices found;
        const nvmlReturn_t result = look(found);
        if (result != NVML_SUCCESS) return result;
        state().devices = std::move(found);
        state().looked = true;
    }
    ++state().users;
    return NVML_SUCCESS;
}

} // namespace

bool initialised() {
    std::lock_guard lock(state().mutex);
    return state().users != 0;
}

const Devices& devices() {
    return state().devices; // written once, before the first user is counted
}

bool known(nvmlDevice_t handle) {
    for (const auto& device : devices())
        if (device.get() == handle) return true;
    return false;
}

std::string pci_address(const nvmlDevice_st& device) {
    char text[32];
    std::snprintf(text, sizeof text, "%04x:%02x:%02x.0", device.domain, device.bus, device.slot);
    return text;
}

int attribute(const nvmlDevice_st& device, CUdevice_attribute which) {
    int value = 0;
    return cuDeviceGetAttribute(&value, which, device.device) == CUDA_SUCCESS ? value : 0;
}

} // namespace acc::nvml

using namespace acc::nvml;

ACC_LIBRARY_API nvmlReturn_t nvmlInit(void) {
    return nvmlInitWithFlags(0);
}

ACC_LIBRARY_API nvmlReturn_t nvmlInit_v2(void) {
    return nvmlInitWithFlags(0);
}

ACC_LIBRARY_API nvmlReturn_t nvmlInitWithFlags(unsigned flags) {
    if ((flags & ~unsigned{NVML_INIT_FLAG_NO_GPUS | NVML_INIT_FLAG_NO_ATTACH}) != 0)
        return NVML_ERROR_INVALID_ARGUMENT;
    return acc::lib::without_exceptions<nvmlReturn_t>(NVML_ERROR_MEMORY, NVML_ERROR_UNKNOWN, start);
}

ACC_LIBRARY_API nvmlReturn_t nvmlShutdown(void) {
    std::lock_guard lock(state().mutex);
    if (state().users == 0) return NVML_ERROR_UNINITIALIZED;
    --state().users;
    return NVML_SUCCESS;
}

ACC_LIBRARY_API const char* nvmlErrorString(nvmlReturn_t result) {
    switch (result) {
    case NVML_SUCCESS: return "Success";
    case NVML_ERROR_UNINITIALIZED: return "Uninitialized";
    case NVML_ERROR_INVALID_ARGUMENT: return "Invalid Argument";
    case NVML_ERROR_NOT_SUPPORTED: return "Not Supported";
    case NVML_ERROR_NO_PERMISSION: return "Insufficient Permissions";
    case NVML_ERROR_ALREADY_INITIALIZED: return "Already Initialized";
    case NVML_ERROR_NOT_FOUND: return "Not Found";
    case NVML_ERROR_INSUFFICIENT_SIZE: return "Insufficient Size";
    case NVML_ERROR_INSUFFICIENT_POWER: return "Insufficient External Power";
    case NVML_ERROR_DRIVER_NOT_LOADED: return "Driver Not Loaded";
    case NVML_ERROR_TIMEOUT: return "Timeout";
    case NVML_ERROR_IRQ_ISSUE: return "Interrupt Request Issue";
    case NVML_ERROR_LIBRARY_NOT_FOUND: return "Library Not Found";
    case NVML_ERROR_FUNCTION_NOT_FOUND: return "Function Not Found";
    case NVML_ERROR_CORRUPTED_INFOROM: return "Corrupted infoROM";
    case NVML_ERROR_GPU_IS_LOST: return "GPU is lost";
    case NVML_ERROR_RESET_REQUIRED: return "GPU requires reset";
    case NVML_ERROR_OPERATING_SYSTEM: return "Operating system call failed";
    case NVML_ERROR_LIB_RM_VERSION_MISMATCH: return "Driver/library version mismatch";
    case NVML_ERROR_IN_USE: return "In use by another client";
    case NVML_ERROR_MEMORY: return "Insufficient Memory";
    case NVML_ERROR_NO_DATA: return "No data";
    case NVML_ERROR_VGPU_ECC_NOT_SUPPORTED: return "vGPU does not support ECC";
    case NVML_ERROR_INSUFFICIENT_RESOURCES: return "Insufficient resources";
    case NVML_ERROR_FREQ_NOT_SUPPORTED: return "Frequency not supported";
    case NVML_ERROR_ARGUMENT_VERSION_MISMATCH: return "Argument version mismatch";
    case NVML_ERROR_DEPRECATED: return "Deprecated";
    case NVML_ERROR_NOT_READY: return "Not ready";
    case NVML_ERROR_GPU_NOT_FOUND: return "GPU not found";
    case NVML_ERROR_INVALID_STATE: return "Invalid state";
    case NVML_ERROR_RESET_TYPE_NOT_SUPPORTED: return "Reset type not supported";
    case NVML_ERROR_UNKNOWN: break;
    }
    return "Unknown Error";
}

ACC_LIBRARY_API nvmlReturn_t nvmlSystemGetDriverVersion(char* version, unsigned length) {
    return call([&] { return give(ACC_VERSION, version, length); });
}

ACC_LIBRARY_API nvmlReturn_t nvmlSystemGetNVMLVersion(char* version, unsigned length) {
    return call([&] { return give(NVML_API_VERSION_STR "." ACC_VERSION, version, length); });
}

ACC_LIBRARY_API nvmlReturn_t nvmlSystemGetCudaDriverVersion(int* version) {
    return call([&] {
        int value = 0;
        return cuDriverGetVersion(&value) == CUDA_SUCCESS ? give(version, value)
                                                          : NVML_ERROR_FUNCTION_NOT_FOUND;
    });
}

ACC_LIBRARY_API nvmlReturn_t nvmlSystemGetCudaDriverVersion_v2(int* version) {
    return nvmlSystemGetCudaDriverVersion(version);
}

ACC_LIBRARY_API nvmlReturn_t nvmlSystemGetProcessName(unsigned pid, char* name, unsigned length) {
    return call([&] {
        if (name == nullptr || length == 0) return NVML_ERROR_INVALID_ARGUMENT;
        std::string command;
        if (!std::getline(std::ifstream("/proc/" + std::to_string(pid) + "/cmdline"), command,
                          '\0'))
            return NVML_ERROR_NOT_FOUND;
        return give(command.substr(0, length - 1), name, length); // documented as cut off
    });
}
