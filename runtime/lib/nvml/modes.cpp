// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Modes: a device has one of each, which cannot be set.
#include "runtime/lib/nvml/library.h"

using namespace acc::nvml;

namespace {

/// What is asked for is what there is, or there is nothing of the kind.
template <class Mode>
nvmlReturn_t only(nvmlDevice_t handle, Mode wanted, Mode one) {
    return with(handle, [&](const nvmlDevice_st&) {
        return wanted == one ? NVML_SUCCESS : NVML_ERROR_NOT_SUPPORTED;
    });
}

template <class Mode>
nvmlReturn_t constant(nvmlDevice_t handle, Mode* to, Mode value) {
    return with(handle, [&](const nvmlDevice_st&) { return give(to, value); });
}

} // namespace

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetComputeMode(nvmlDevice_t device,
                                                      nvmlComputeMode_t* mode) {
    return with(device, [&](const nvmlDevice_st& each) {
        return give(mode, attribute(each, CU_DEVICE_ATTRIBUTE_COMPUTE_MODE));
    });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceSetComputeMode(nvmlDevice_t device, nvmlComputeMode_t mode) {
    return only(device, mode, NVML_COMPUTEMODE_DEFAULT);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetPersistenceMode(nvmlDevice_t device,
                                                          nvmlEnableState_t* mode) {
    return constant(device, mode, NVML_FEATURE_ENABLED);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceSetPersistenceMode(nvmlDevice_t device,
                                                          nvmlEnableState_t mode) {
    return only(device, mode, NVML_FEATURE_ENABLED);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetDisplayMode(nvmlDevice_t device,
                                                      nvmlEnableState_t* display) {
    return constant(device, display, NVML_FEATURE_DISABLED);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetDisplayActive(nvmlDevice_t device,
                                                        nvmlEnableState_t* active) {
    return constant(device, active, NVML_FEATURE_DISABLED);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceIsMigDeviceHandle(nvmlDevice_t device, unsigned* is_mig) {
    return constant(device, is_mig, 0u);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetMaxMigDeviceCount(nvmlDevice_t device, unsigned* count) {
    return constant(device, count, 0u);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetPerformanceState(nvmlDevice_t device,
                                                           nvmlPstates_t* state) {
    return constant(device, state, NVML_PSTATE_0);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetPowerState(nvmlDevice_t device, nvmlPstates_t* state) {
    return nvmlDeviceGetPerformanceState(device, state);
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetAPIRestriction(nvmlDevice_t device,
                                                         nvmlRestrictedAPI_t api,
                                                         nvmlEnableState_t* restricted) {
    if (api < 0 || api >= NVML_RESTRICTED_API_COUNT) return NVML_ERROR_INVALID_ARGUMENT;
    return constant(device, restricted, NVML_FEATURE_ENABLED);
}
