// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which devices there are and what each is: numbers, names, PCI address, architecture.
#include <algorithm>
#include <cstdio>

#include "runtime/lib/nvml/library.h"

using namespace acc::nvml;

namespace {

/// The device for which is(device); NVML_ERROR_NOT_FOUND when there is none.
template <class Test>
nvmlReturn_t find(nvmlDevice_t* to, Test is) {
    return call([&] {
        if (to == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
        for (const auto& device : devices())
            if (is(*device)) return give(to, device.get());
        return NVML_ERROR_NOT_FOUND;
    });
}

/// The vendor's and the device's number that Linux knows of the PCI function; ours when it knows
/// none (the model in the process).
unsigned pci_id(const nvmlDevice_st& device) {
    unsigned part[2] = {0, 0xacc};
    const char* name[2] = {"device", "vendor"};
    for (int i = 0; i < 2; ++i) {
        const std::string path = "/sys/bus/pci/devices/" + pci_address(device) + "/" + name[i];
        if (FILE* file = std::fopen(path.c_str(), "re")) {
            if (std::fscanf(file, "%x", &part[i]) != 1) part[i] = 0;
            std::fclose(file);
        }
    }
    return part[0] << 16 | (part[1] & 0xffff);
}

nvmlReturn_t pci_info(nvmlDevice_t handle, nvmlPciInfo_t* pci) {
    return with(handle, [&](const nvmlDevice_st& device) {
        if (pci == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
        *pci = {};
        pci->domain = device.domain;
        pci->bus = device.bus;
        pci->device = device.slot;
        pci->pciDeviceId = pci_id(device);
        std::snprintf(pci->busIdLegacy, sizeof pci->busIdLegacy, NVML_DEVICE_PCI_BUS_ID_LEGACY_FMT,
                      device.domain & 0xffff, device.bus & 0xff, device.slot & 0xff);
        std::snprintf(pci->busId, sizeof pci->busId, NVML_DEVICE_PCI_BUS_ID_FMT, device.domain,
                      device.bus, device.slot);
        return NVML_SUCCESS;
    });
}

/// By the major number of the compute capability.
nvmlDeviceArchitecture_t architecture(int major, int minor) {
    switch (major) {
    case 3: return NVML_DEVICE_ARCH_KEPLER;
    case 5: return NVML_DEVICE_ARCH_MAXWELL;
    case 6: return NVML_DEVICE_ARCH_PASCAL;
    case 7: return minor >= 5 ? NVML_DEVICE_ARCH_TURING : NVML_DEVICE_ARCH_VOLTA;
    case 8: return minor == 9 ? NVML_DEVICE_ARCH_ADA : NVML_DEVICE_ARCH_AMPERE;
    case 9: return NVML_DEVICE_ARCH_HOPPER;
    case 10:
    case 12: return NVML_DEVICE_ARCH_BLACKWELL;
    default: return NVML_DEVICE_ARCH_UNKNOWN;
    }
}

} // namespace

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetCount(unsigned* count) {
    return call([&] { return give(count, devices().size()); });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetCount_v2(unsigned* count) {
    return nvmlDeviceGetCount(count);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetHandleByIndex(unsigned index, nvmlDevice_t* device) {
    return call([&] {
        if (index >= devices().size()) return NVML_ERROR_INVALID_ARGUMENT;
        return give(device, devices()[index].get());
    });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetHandleByIndex_v2(unsigned index, nvmlDevice_t* device) {
    return nvmlDeviceGetHandleByIndex(index, device);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetHandleByUUID(const char* uuid, nvmlDevice_t* device) {
    if (uuid == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    return find(device, [&](const nvmlDevice_st& each) { return each.uuid == uuid; });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetHandleBySerial(const char* serial, nvmlDevice_t* device) {
    if (serial == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    return find(device, [](const nvmlDevice_st&) { return false; }); // they have none
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetHandleByPciBusId(const char* bus_id,
                                                           nvmlDevice_t* device) {
    unsigned domain = 0, bus = 0, slot = 0;
    if (bus_id == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (std::sscanf(bus_id, "%8x:%2x:%2x", &domain, &bus, &slot) != 3) {
        domain = 0;
        if (std::sscanf(bus_id, "%2x:%2x", &bus, &slot) != 2) return NVML_ERROR_INVALID_ARGUMENT;
    }
    return find(device, [&](const nvmlDevice_st& each) {
        return each.domain == domain && each.bus == bus && each.slot == slot;
    });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetHandleByPciBusId_v2(const char* bus_id,
                                                              nvmlDevice_t* device) {
    return nvmlDeviceGetHandleByPciBusId(bus_id, device);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetName(nvmlDevice_t device, char* name, unsigned length) {
    return with(device, [&](const nvmlDevice_st& each) { return give(each.name, name, length); });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetUUID(nvmlDevice_t device, char* uuid, unsigned length) {
    return with(device, [&](const nvmlDevice_st& each) { return give(each.uuid, uuid, length); });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetBrand(nvmlDevice_t device, nvmlBrandType_t* brand) {
    return with(device, [&](const nvmlDevice_st&) { return give(brand, NVML_BRAND_UNKNOWN); });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetIndex(nvmlDevice_t device, unsigned* index) {
    return with(device, [&](const nvmlDevice_st& each) { return give(index, each.index); });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetMinorNumber(nvmlDevice_t device, unsigned* minor) {
    return nvmlDeviceGetIndex(device, minor);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetBoardId(nvmlDevice_t device, unsigned* board) {
    return with(device, [&](const nvmlDevice_st& each) {
        return give(board, each.domain << 16 | each.bus << 8 | each.slot);
    });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetMultiGpuBoard(nvmlDevice_t device, unsigned* multi) {
    return with(device, [&](const nvmlDevice_st&) { return give(multi, 0); });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetPciInfo(nvmlDevice_t device, nvmlPciInfo_t* pci) {
    return pci_info(device, pci);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetPciInfo_v2(nvmlDevice_t device, nvmlPciInfo_t* pci) {
    return pci_info(device, pci);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetPciInfo_v3(nvmlDevice_t device, nvmlPciInfo_t* pci) {
    return pci_info(device, pci);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetCudaComputeCapability(nvmlDevice_t device, int* major,
                                                                int* minor) {
    return with(device, [&](const nvmlDevice_st& each) {
        if (major == nullptr || minor == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
        *major = attribute(each, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
        *minor = attribute(each, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
        return NVML_SUCCESS;
    });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetArchitecture(nvmlDevice_t device,
                                                       nvmlDeviceArchitecture_t* to) {
    int major = 0, minor = 0;
    const nvmlReturn_t result = nvmlDeviceGetCudaComputeCapability(device, &major, &minor);
    return result != NVML_SUCCESS ? result : give(to, architecture(major, minor));
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetAttributes(nvmlDevice_t device,
                                                     nvmlDeviceAttributes_t* attributes) {
    return with(device, [&](const nvmlDevice_st& each) {
        if (attributes == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
        size_t bytes = 0;
        if (cuDeviceTotalMem(&bytes, each.device) != CUDA_SUCCESS) return NVML_ERROR_UNKNOWN;
        *attributes = {};
        attributes->multiprocessorCount = static_cast<unsigned>(
            attribute(each, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT));
        attributes->memorySizeMB = bytes >> 20;
        return NVML_SUCCESS;
    });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetAttributes_v2(nvmlDevice_t device,
                                                        nvmlDeviceAttributes_t* attributes) {
    return nvmlDeviceGetAttributes(device, attributes);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetNumGpuCores(nvmlDevice_t device, unsigned* cores) {
    return with(device, [&](const nvmlDevice_st& each) {
        return give(cores, attribute(each, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT) *
                               attribute(each, CU_DEVICE_ATTRIBUTE_WARP_SIZE));
    });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetMemoryBusWidth(nvmlDevice_t device, unsigned* bits) {
    return with(device, [&](const nvmlDevice_st& each) {
        return give(bits, attribute(each, CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH));
    });
}
