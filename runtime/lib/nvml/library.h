// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the functions of NVML share: the library's state between nvmlInit and nvmlShutdown, handles,
// and how results become codes.
#pragma once

#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <cuda.h>

#define NVML_NO_UNVERSIONED_FUNC_DEFS
#include <nvml.h>

#include "runtime/lib/common/api.h"
#include "runtime/lib/common/exceptions.h"

/// What a device's handle points to. Made by the first nvmlInit, never freed: a handle that
/// outlives nvmlShutdown is still one.
struct nvmlDevice_st {
    unsigned index = 0;
    CUdevice device = 0;
    std::string name, uuid;
    unsigned domain = 0, bus = 0, slot = 0;
};

namespace acc::nvml {

/// Whether the library is initialised.
bool initialised();

/// The devices that the first nvmlInit found; they stay for good.
const std::vector<std::unique_ptr<nvmlDevice_st>>& devices();

/// The device's PCI address as Linux writes it (0000:01:00.0).
std::string pci_address(const nvmlDevice_st& device);

/// An attribute of the driver API; 0 when it has none of that.
int attribute(const nvmlDevice_st& device, CUdevice_attribute which);

/// Copies a text with its zero: NVML_ERROR_INSUFFICIENT_SIZE when it does not fit.
inline nvmlReturn_t give(const std::string& text, char* to, unsigned length) {
    if (to == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (length <= text.size()) return NVML_ERROR_INSUFFICIENT_SIZE;
    std::memcpy(to, text.c_str(), text.size() + 1);
    return NVML_SUCCESS;
}

template <class T, class V>
nvmlReturn_t give(T* to, V value) {
    if (to == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    *to = static_cast<T>(value);
    return NVML_SUCCESS;
}

/// Runs body() between nvmlInit and nvmlShutdown; nothing it throws leaves the library.
template <class Body>
nvmlReturn_t call(Body body) noexcept {
    return lib::without_exceptions<nvmlReturn_t>(NVML_ERROR_MEMORY, NVML_ERROR_UNKNOWN, [&] {
        return initialised() ? body() : NVML_ERROR_UNINITIALIZED;
    });
}

/// Whether the handle is one of ours; looks at nothing behind it before.
bool known(nvmlDevice_t handle);

/// Runs body(device) when the handle is a device's.
template <class Body>
nvmlReturn_t with(nvmlDevice_t handle, Body body) noexcept {
    return call([&] { return known(handle) ? body(*handle) : NVML_ERROR_INVALID_ARGUMENT; });
}

} // namespace acc::nvml
