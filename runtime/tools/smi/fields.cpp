// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/tools/smi/fields.h"

#include <array>
#include <ctime>

#include <fmt/format.h>

namespace acc::smi {
namespace {

using Text = std::optional<std::string>;

/// A number that get(device, &number) gives, divided.
template <auto get, unsigned divisor = 1>
Text number(const nvmlDevice_t& device) {
    unsigned value = 0;
    if (get(device, &value) != NVML_SUCCESS) return {};
    return std::to_string(value / divisor);
}

template <auto get>
Text text(const nvmlDevice_t& device) {
    std::array<char, 128> value{};
    if (get(device, value.data(), value.size()) != NVML_SUCCESS) return {};
    return value.data();
}

template <auto get>
Text enabled(const nvmlDevice_t& device) {
    nvmlEnableState_t state{};
    if (get(device, &state) != NVML_SUCCESS) return {};
    return state == NVML_FEATURE_ENABLED ? "Enabled" : "Disabled";
}

template <auto get, nvmlClockType_t type>
Text clock(const nvmlDevice_t& device) {
    unsigned mhz = 0;
    if (get(device, type, &mhz) != NVML_SUCCESS) return {};
    return std::to_string(mhz);
}

template <auto member>
Text memory(const nvmlDevice_t& device) {
    nvmlMemory_t now{};
    if (nvmlDeviceGetMemoryInfo(device, &now) != NVML_SUCCESS) return {};
    return std::to_string(now.*member >> 20);
}

template <auto member>
Text load(const nvmlDevice_t& device) {
    nvmlUtilization_t now{};
    if (nvmlDeviceGetUtilizationRates(device, &now) != NVML_SUCCESS) return {};
    return std::to_string(now.*member);
}

template <auto member>
Text pci(const nvmlDevice_t& device) {
    nvmlPciInfo_t info{};
    if (nvmlDeviceGetPciInfo(device, &info) != NVML_SUCCESS) return {};
    if constexpr (std::is_array_v<std::remove_reference_t<decltype(info.*member)>>)
        return info.*member;
    else
        return fmt::format("0x{:02X}", info.*member);
}

Text compute_mode(const nvmlDevice_t& device) {
    nvmlComputeMode_t mode{};
    if (nvmlDeviceGetComputeMode(device, &mode) != NVML_SUCCESS) return {};
    constexpr const char* kNames[] = {"Default", "Exclusive_Thread", "Prohibited",
                                      "Exclusive_Process"};
    return mode < NVML_COMPUTEMODE_COUNT ? Text(kNames[mode]) : Text();
}

Text ecc_mode(const nvmlDevice_t& device) {
    nvmlEnableState_t current{}, pending{};
    if (nvmlDeviceGetEccMode(device, &current, &pending) != NVML_SUCCESS) return {};
    return current == NVML_FEATURE_ENABLED ? "Enabled" : "Disabled";
}

Text mig_mode(const nvmlDevice_t& device) {
    unsigned current = 0, pending = 0;
    if (nvmlDeviceGetMigMode(device, &current, &pending) != NVML_SUCCESS) return {};
    return current != 0 ? "Enabled" : "Disabled";
}

Text compute_capability(const nvmlDevice_t& device) {
    int major = 0, minor = 0;
    if (nvmlDeviceGetCudaComputeCapability(device, &major, &minor) != NVML_SUCCESS) return {};
    return fmt::format("{}.{}", major, minor);
}

Text performance_state(const nvmlDevice_t& device) {
    nvmlPstates_t state{};
    if (nvmlDeviceGetPerformanceState(device, &state) != NVML_SUCCESS) return {};
    return fmt::format("P{}", static_cast<int>(state));
}

Text multiprocessors(const nvmlDevice_t& device) {
    nvmlDeviceAttributes_t attributes{};
    if (nvmlDeviceGetAttributes(device, &attributes) != NVML_SUCCESS) return {};
    return std::to_string(attributes.multiprocessorCount);
}

Text temperature(const nvmlDevice_t& device) {
    unsigned celsius = 0;
    if (nvmlDeviceGetTemperature(device, NVML_TEMPERATURE_GPU, &celsius) != NVML_SUCCESS) return {};
    return std::to_string(celsius);
}

Text driver_version(const nvmlDevice_t&) {
    std::array<char, NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE> version{};
    if (nvmlSystemGetDriverVersion(version.data(), version.size()) != NVML_SUCCESS) return {};
    return version.data();
}

Text count(const nvmlDevice_t&) {
    unsigned devices = 0;
    if (nvmlDeviceGetCount(&devices) != NVML_SUCCESS) return {};
    return std::to_string(devices);
}

Text timestamp(const nvmlDevice_t&) {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    localtime_r(&now, &parts);
    std::array<char, 32> written{};
    std::strftime(written.data(), written.size(), "%Y/%m/%d %H:%M:%S", &parts);
    return written.data();
}

template <auto field>
Text of_device(const Process& process) {
    return field(process.device);
}

Text process_name(const Process& process) {
    std::array<char, 1024> name{};
    if (nvmlSystemGetProcessName(process.info.pid, name.data(), name.size()) != NVML_SUCCESS)
        return {};
    return name.data();
}

} // namespace

const std::vector<Field<nvmlDevice_t>>& gpu_fields() {
    using Pci = nvmlPciInfo_t;
    using Memory = nvmlMemory_t;
    using Load = nvmlUtilization_t;
    static const std::vector<Field<nvmlDevice_t>> rows = {
        {{"timestamp"}, "", nullptr, timestamp},
        {{"driver_version"}, "", nullptr, driver_version},
        {{"count"}, "", nullptr, count},
        {{"name", "gpu_name"}, "", "Product", text<nvmlDeviceGetName>},
        {{"index"}, "", "Product", number<nvmlDeviceGetIndex>},
        {{"uuid", "gpu_uuid"}, "", "Product", text<nvmlDeviceGetUUID>},
        {{"serial", "gpu_serial"}, "", "Product", text<nvmlDeviceGetSerial>},
        {{"vbios_version"}, "", "Product", text<nvmlDeviceGetVbiosVersion>},
        {{"compute_cap"}, "", "Product", compute_capability},
        {{"multiprocessor_count"}, "", "Product", multiprocessors},
        {{"pci.bus_id", "gpu_bus_id"}, "", "PCI", pci<&Pci::busId>},
        {{"pci.domain"}, "", "PCI", pci<&Pci::domain>},
        {{"pci.bus"}, "", "PCI", pci<&Pci::bus>},
        {{"pci.device"}, "", "PCI", pci<&Pci::device>},
        {{"pci.device_id"}, "", "PCI", pci<&Pci::pciDeviceId>},
        {{"pci.sub_device_id"}, "", "PCI", pci<&Pci::pciSubSystemId>},
        {{"pcie.link.gen.current"}, "", "PCI", number<nvmlDeviceGetCurrPcieLinkGeneration>},
        {{"pcie.link.gen.max"}, "", "PCI", number<nvmlDeviceGetMaxPcieLinkGeneration>},
        {{"pcie.link.width.current"}, "", "PCI", number<nvmlDeviceGetCurrPcieLinkWidth>},
        {{"pcie.link.width.max"}, "", "PCI", number<nvmlDeviceGetMaxPcieLinkWidth>},
        {{"memory.total"}, "MiB", "Memory", memory<&Memory::total>},
        {{"memory.used"}, "MiB", "Memory", memory<&Memory::used>},
        {{"memory.free"}, "MiB", "Memory", memory<&Memory::free>},
        {{"utilization.gpu"}, "%", "Utilization", load<&Load::gpu>},
        {{"utilization.memory"}, "%", "Utilization", load<&Load::memory>},
        {{"compute_mode"}, "", "Modes", compute_mode},
        {{"persistence_mode"}, "", "Modes", enabled<nvmlDeviceGetPersistenceMode>},
        {{"display_mode"}, "", "Modes", enabled<nvmlDeviceGetDisplayMode>},
        {{"display_active"}, "", "Modes", enabled<nvmlDeviceGetDisplayActive>},
        {{"accounting.mode"}, "", "Modes", enabled<nvmlDeviceGetAccountingMode>},
        {{"ecc.mode.current"}, "", "Modes", ecc_mode},
        {{"mig.mode.current"}, "", "Modes", mig_mode},
        {{"pstate"}, "", "Modes", performance_state},
        {{"clocks.current.graphics", "clocks.gr"},
         "MHz",
         "Clocks",
         clock<nvmlDeviceGetClockInfo, NVML_CLOCK_GRAPHICS>},
        {{"clocks.current.sm", "clocks.sm"},
         "MHz",
         "Clocks",
         clock<nvmlDeviceGetClockInfo, NVML_CLOCK_SM>},
        {{"clocks.current.memory", "clocks.mem"},
         "MHz",
         "Clocks",
         clock<nvmlDeviceGetClockInfo, NVML_CLOCK_MEM>},
        {{"clocks.max.graphics", "clocks.max.gr"},
         "MHz",
         "Clocks",
         clock<nvmlDeviceGetMaxClockInfo, NVML_CLOCK_GRAPHICS>},
        {{"clocks.max.sm"}, "MHz", "Clocks", clock<nvmlDeviceGetMaxClockInfo, NVML_CLOCK_SM>},
        {{"clocks.max.memory", "clocks.max.mem"},
         "MHz",
         "Clocks",
         clock<nvmlDeviceGetMaxClockInfo, NVML_CLOCK_MEM>},
        {{"temperature.gpu"}, "", "Sensors", temperature},
        {{"fan.speed"}, "%", "Sensors", number<nvmlDeviceGetFanSpeed>},
        {{"power.draw"}, "W", "Sensors", number<nvmlDeviceGetPowerUsage, 1000>},
        {{"power.limit"}, "W", "Sensors", number<nvmlDeviceGetPowerManagementLimit, 1000>},
    };
    return rows;
}

const std::vector<Field<Process>>& process_fields() {
    static const std::vector<Field<Process>> rows = {
        {{"timestamp"}, "", nullptr, of_device<timestamp>},
        {{"gpu_name"}, "", nullptr, of_device<text<nvmlDeviceGetName>>},
        {{"gpu_uuid"}, "", nullptr, of_device<text<nvmlDeviceGetUUID>>},
        {{"gpu_bus_id"}, "", nullptr, of_device<pci<&nvmlPciInfo_t::busId>>},
        {{"pid"},
         "",
         nullptr,
         [](const Process& process) { return Text(std::to_string(process.info.pid)); }},
        {{"process_name", "name"}, "", nullptr, process_name},
        {{"used_gpu_memory", "used_memory"},
         "MiB",
         nullptr,
         [](const Process& process) {
             return Text(std::to_string(process.info.usedGpuMemory >> 20));
         }},
    };
    return rows;
}

} // namespace acc::smi
