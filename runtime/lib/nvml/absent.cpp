// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parts that these devices do not have: fans, sensors, samples, power limits, ECC counters,
// instances, links of their own, clocks that can be set. NVML_ERROR_NOT_SUPPORTED is what NVML
// documents of a device without the part.
#include "runtime/lib/nvml/library.h"

using namespace acc::nvml;

namespace {

nvmlReturn_t absent(nvmlDevice_t handle) {
    return with(handle, [](const nvmlDevice_st&) { return NVML_ERROR_NOT_SUPPORTED; });
}

} // namespace

/// A function of a device whose further parameters have these types.
#define ABSENT(NAME, ...)                                                                          \
    ACC_LIBRARY_API nvmlReturn_t NAME(nvmlDevice_t device __VA_OPT__(, ) __VA_ARGS__) {            \
        return absent(device);                                                                     \
    }

ABSENT(nvmlDeviceGetSerial, char*, unsigned int)
ABSENT(nvmlDeviceGetBoardPartNumber, char*, unsigned int)
ABSENT(nvmlDeviceGetVbiosVersion, char*, unsigned int)
ABSENT(nvmlDeviceGetBAR1MemoryInfo, nvmlBAR1Memory_t*)
ABSENT(nvmlDeviceGetEccMode, nvmlEnableState_t*, nvmlEnableState_t*)
ABSENT(nvmlDeviceSetEccMode, nvmlEnableState_t)
ABSENT(nvmlDeviceGetMigMode, unsigned int*, unsigned int*)
ABSENT(nvmlDeviceSetMigMode, unsigned int, nvmlReturn_t*)
ABSENT(nvmlDeviceGetMigDeviceHandleByIndex, unsigned int, nvmlDevice_t*)
ABSENT(nvmlDeviceSetAPIRestriction, nvmlRestrictedAPI_t, nvmlEnableState_t)
ABSENT(nvmlDeviceGetAccountingMode, nvmlEnableState_t*)
ABSENT(nvmlDeviceSetAccountingMode, nvmlEnableState_t)
ABSENT(nvmlDeviceSetApplicationsClocks, unsigned int, unsigned int)
ABSENT(nvmlDeviceResetApplicationsClocks)
ABSENT(nvmlDeviceSetGpuLockedClocks, unsigned int, unsigned int)
ABSENT(nvmlDeviceResetGpuLockedClocks)
ABSENT(nvmlDeviceSetMemoryLockedClocks, unsigned int, unsigned int)
ABSENT(nvmlDeviceResetMemoryLockedClocks)
ABSENT(nvmlDeviceGetAutoBoostedClocksEnabled, nvmlEnableState_t*, nvmlEnableState_t*)
ABSENT(nvmlDeviceSetAutoBoostedClocksEnabled, nvmlEnableState_t)
ABSENT(nvmlDeviceGetFanSpeed, unsigned int*)
ABSENT(nvmlDeviceGetFanSpeed_v2, unsigned int, unsigned int*)
ABSENT(nvmlDeviceGetNumFans, unsigned int*)
ABSENT(nvmlDeviceGetTemperature, nvmlTemperatureSensors_t, unsigned int*)
ABSENT(nvmlDeviceGetTemperatureThreshold, nvmlTemperatureThresholds_t, unsigned int*)
ABSENT(nvmlDeviceGetPowerUsage, unsigned int*)
ABSENT(nvmlDeviceGetTotalEnergyConsumption, unsigned long long*)
ABSENT(nvmlDeviceGetPowerManagementMode, nvmlEnableState_t*)
ABSENT(nvmlDeviceGetPowerManagementLimit, unsigned int*)
ABSENT(nvmlDeviceGetPowerManagementLimitConstraints, unsigned int*, unsigned int*)
ABSENT(nvmlDeviceGetPowerManagementDefaultLimit, unsigned int*)
ABSENT(nvmlDeviceSetPowerManagementLimit, unsigned int)
ABSENT(nvmlDeviceGetEnforcedPowerLimit, unsigned int*)
ABSENT(nvmlDeviceGetSamples, nvmlSamplingType_t, unsigned long long, nvmlValueType_t*,
       unsigned int*, nvmlSample_t*)
ABSENT(nvmlDeviceGetTotalEccErrors, nvmlMemoryErrorType_t, nvmlEccCounterType_t,
       unsigned long long*)
ABSENT(nvmlDeviceGetDetailedEccErrors, nvmlMemoryErrorType_t, nvmlEccCounterType_t,
       nvmlEccErrorCounts_t*)
ABSENT(nvmlDeviceClearEccErrorCounts, nvmlEccCounterType_t)
ABSENT(nvmlDeviceGetRetiredPages, nvmlPageRetirementCause_t, unsigned int*, unsigned long long*)
ABSENT(nvmlDeviceGetRetiredPagesPendingStatus, nvmlEnableState_t*)
ABSENT(nvmlDeviceGetRemappedRows, unsigned int*, unsigned int*, unsigned int*, unsigned int*)
ABSENT(nvmlDeviceGetMaxPcieLinkGeneration, unsigned int*)
ABSENT(nvmlDeviceGetMaxPcieLinkWidth, unsigned int*)
ABSENT(nvmlDeviceGetCurrPcieLinkGeneration, unsigned int*)
ABSENT(nvmlDeviceGetCurrPcieLinkWidth, unsigned int*)
ABSENT(nvmlDeviceGetPcieThroughput, nvmlPcieUtilCounter_t, unsigned int*)
ABSENT(nvmlDeviceGetPcieReplayCounter, unsigned int*)
ABSENT(nvmlDeviceGetEncoderUtilization, unsigned int*, unsigned int*)
ABSENT(nvmlDeviceGetDecoderUtilization, unsigned int*, unsigned int*)
ABSENT(nvmlDeviceGetNvLinkState, unsigned int, nvmlEnableState_t*)
ABSENT(nvmlDeviceGetNvLinkVersion, unsigned int, unsigned int*)
ABSENT(nvmlDeviceGetNvLinkCapability, unsigned int, nvmlNvLinkCapability_t, unsigned int*)
ABSENT(nvmlDeviceGetNvLinkRemotePciInfo, unsigned int, nvmlPciInfo_t*)
ABSENT(nvmlDeviceGetNvLinkRemotePciInfo_v2, unsigned int, nvmlPciInfo_t*)
ABSENT(nvmlDeviceGetNvLinkRemoteDeviceType, unsigned int, nvmlIntNvLinkDeviceType_t*)
ABSENT(nvmlDeviceGetGpuFabricInfo, nvmlGpuFabricInfo_t*)
ABSENT(nvmlDeviceGetGpuFabricInfoV, nvmlGpuFabricInfoV_t*)
