// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Clocks: the device says one frequency for its compute units and one for its memory.
#include "runtime/lib/nvml/library.h"

using namespace acc::nvml;

namespace {

nvmlReturn_t clock_of(nvmlDevice_t handle, nvmlClockType_t type, unsigned* mhz) {
    return with(handle, [&](const nvmlDevice_st& device) {
        if (type < 0 || type >= NVML_CLOCK_COUNT) return NVML_ERROR_INVALID_ARGUMENT;
        if (type == NVML_CLOCK_VIDEO) return NVML_ERROR_NOT_SUPPORTED;
        const auto which = type == NVML_CLOCK_MEM ? CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE
                                                  : CU_DEVICE_ATTRIBUTE_CLOCK_RATE;
        return give(mhz, attribute(device, which) / 1000);
    });
}

/// A list of one frequency.
nvmlReturn_t clocks_of(nvmlDevice_t handle, nvmlClockType_t type, unsigned* count, unsigned* mhz) {
    if (count == nullptr || (*count != 0 && mhz == nullptr)) return NVML_ERROR_INVALID_ARGUMENT;
    unsigned only = 0;
    const nvmlReturn_t result = clock_of(handle, type, &only);
    if (result != NVML_SUCCESS) return result;
    const bool fits = *count >= 1;
    *count = 1;
    if (!fits) return NVML_ERROR_INSUFFICIENT_SIZE;
    *mhz = only;
    return NVML_SUCCESS;
}

nvmlReturn_t no_reasons(nvmlDevice_t handle, unsigned long long* reasons) {
    return with(handle,
                [&](const nvmlDevice_st&) { return give(reasons, nvmlClocksEventReasonNone); });
}

} // namespace

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetClockInfo(nvmlDevice_t device, nvmlClockType_t type,
                                                    unsigned* mhz) {
    return clock_of(device, type, mhz);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetMaxClockInfo(nvmlDevice_t device, nvmlClockType_t type,
                                                       unsigned* mhz) {
    return clock_of(device, type, mhz);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetClock(nvmlDevice_t device, nvmlClockType_t type,
                                                nvmlClockId_t id, unsigned* mhz) {
    if (id < 0 || id >= NVML_CLOCK_ID_COUNT) return NVML_ERROR_INVALID_ARGUMENT;
    return clock_of(device, type, mhz);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetApplicationsClock(nvmlDevice_t device,
                                                            nvmlClockType_t type, unsigned* mhz) {
    return clock_of(device, type, mhz);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetDefaultApplicationsClock(nvmlDevice_t device,
                                                                   nvmlClockType_t type,
                                                                   unsigned* mhz) {
    return clock_of(device, type, mhz);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetSupportedMemoryClocks(nvmlDevice_t device,
                                                                unsigned* count, unsigned* mhz) {
    return clocks_of(device, NVML_CLOCK_MEM, count, mhz);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetSupportedGraphicsClocks(nvmlDevice_t device,
                                                                  unsigned memory_mhz,
                                                                  unsigned* count, unsigned* mhz) {
    unsigned memory = 0;
    const nvmlReturn_t result = clock_of(device, NVML_CLOCK_MEM, &memory);
    if (result == NVML_SUCCESS && memory_mhz != memory) return NVML_ERROR_NOT_FOUND;
    return result != NVML_SUCCESS ? result : clocks_of(device, NVML_CLOCK_GRAPHICS, count, mhz);
}

ACC_LIBRARY_API nvmlReturn_t
nvmlDeviceGetCurrentClocksThrottleReasons(nvmlDevice_t device, unsigned long long* reasons) {
    return no_reasons(device, reasons);
}

ACC_LIBRARY_API nvmlReturn_t
nvmlDeviceGetSupportedClocksThrottleReasons(nvmlDevice_t device, unsigned long long* reasons) {
    return no_reasons(device, reasons);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetCurrentClocksEventReasons(nvmlDevice_t device,
                                                                    unsigned long long* reasons) {
    return no_reasons(device, reasons);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetSupportedClocksEventReasons(nvmlDevice_t device,
                                                                      unsigned long long* reasons) {
    return no_reasons(device, reasons);
}
