// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where devices are, to each other and to the host's processors.
#include <sched.h>
#include <unistd.h>

#include <climits>

#include "runtime/lib/nvml/library.h"

using namespace acc::nvml;

namespace {

constexpr unsigned kBits = sizeof(unsigned long) * CHAR_BIT;

unsigned processors() {
    const long count = sysconf(_SC_NPROCESSORS_CONF);
    return count > 0 ? static_cast<unsigned>(count) : 1;
}

/// Binds the calling thread to the processors that are near: all of them.
nvmlReturn_t bind_to_all(nvmlDevice_t handle) {
    return with(handle, [](const nvmlDevice_st&) {
        cpu_set_t set;
        CPU_ZERO(&set);
        for (unsigned cpu = 0; cpu < processors() && cpu < CPU_SETSIZE; ++cpu)
            CPU_SET(cpu, &set);
        return sched_setaffinity(0, sizeof set, &set) == 0 ? NVML_SUCCESS
                                                           : NVML_ERROR_OPERATING_SYSTEM;
    });
}

/// Runs body(a, b) when both are devices.
template <class Body>
nvmlReturn_t with_both(nvmlDevice_t a, nvmlDevice_t b, Body body) {
    return with(
        a, [&](const nvmlDevice_st&) { return known(b) ? body() : NVML_ERROR_INVALID_ARGUMENT; });
}

/// The devices for which wanted(device). *count says how many fit when there is a list to fill; it
/// becomes how many there are.
template <class Test>
nvmlReturn_t list_devices(unsigned* count, nvmlDevice_t* list, Test wanted) {
    if (count == nullptr || (*count != 0 && list == nullptr)) return NVML_ERROR_INVALID_ARGUMENT;
    unsigned found = 0;
    for (const auto& device : devices()) {
        if (!wanted(device.get())) continue;
        if (found < *count) list[found] = device.get();
        ++found;
    }
    const bool fit = found <= *count || *count == 0; // 0 asks for the number alone
    *count = found;
    return fit ? NVML_SUCCESS : NVML_ERROR_INSUFFICIENT_SIZE;
}

} // namespace

ACC_LIBRARY_API nvmlReturn_t nvmlSystemGetTopologyGpuSet(unsigned cpu, unsigned* count,
                                                         nvmlDevice_t* list) {
    return call([&] {
        if (cpu >= processors()) return NVML_ERROR_INVALID_ARGUMENT;
        return list_devices(count, list, [](nvmlDevice_t) { return true; });
    });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetTopologyNearestGpus(nvmlDevice_t device,
                                                              nvmlGpuTopologyLevel_t level,
                                                              unsigned* count, nvmlDevice_t* list) {
    return with(device, [&](const nvmlDevice_st&) {
        return list_devices(count, list, [&](nvmlDevice_t other) {
            return other != device && level == NVML_TOPOLOGY_SYSTEM;
        });
    });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetTopologyCommonAncestor(nvmlDevice_t a, nvmlDevice_t b,
                                                                 nvmlGpuTopologyLevel_t* level) {
    return with_both(
        a, b, [&] { return give(level, a == b ? NVML_TOPOLOGY_INTERNAL : NVML_TOPOLOGY_SYSTEM); });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetP2PStatus(nvmlDevice_t a, nvmlDevice_t b,
                                                    nvmlGpuP2PCapsIndex_t capability,
                                                    nvmlGpuP2PStatus_t* status) {
    if (capability < 0 || capability >= NVML_P2P_CAPS_INDEX_UNKNOWN)
        return NVML_ERROR_INVALID_ARGUMENT;
    return with_both(a, b, [&] {
        int reaches = 0;
        if (capability != NVML_P2P_CAPS_INDEX_NVLINK &&
            cuDeviceCanAccessPeer(&reaches, a->device, b->device) != CUDA_SUCCESS)
            return NVML_ERROR_UNKNOWN;
        return give(status, reaches ? NVML_P2P_STATUS_OK : NVML_P2P_STATUS_NOT_SUPPORTED);
    });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceOnSameBoard(nvmlDevice_t a, nvmlDevice_t b, int* same) {
    return with_both(a, b, [&] { return give(same, a == b); });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetCpuAffinity(nvmlDevice_t device, unsigned words,
                                                      unsigned long* set) {
    return with(device, [&](const nvmlDevice_st&) {
        if (set == nullptr || words == 0) return NVML_ERROR_INVALID_ARGUMENT;
        for (unsigned word = 0; word < words; ++word)
            set[word] = 0;
        for (unsigned cpu = 0; cpu < processors() && cpu / kBits < words; ++cpu)
            set[cpu / kBits] |= 1ul << cpu % kBits;
        return NVML_SUCCESS;
    });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceSetCpuAffinity(nvmlDevice_t device) {
    return bind_to_all(device);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceClearCpuAffinity(nvmlDevice_t device) {
    return bind_to_all(device);
}
