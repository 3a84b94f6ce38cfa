// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/tools/smi/reports.h"

#include <cstring>

#include <fmt/format.h>

namespace acc::smi {
namespace {

constexpr const char* kNone = "[N/A]";

template <class Subject>
std::string shown(const Field<Subject>& field, const Subject& subject, bool units) {
    const auto value = field.value(subject);
    if (!value) return kNone;
    return units && *field.unit != 0 ? fmt::format("{} {}", *value, field.unit) : *value;
}

/// The value of a field that there is.
std::string shown(const char* name, nvmlDevice_t device) {
    return shown(*find_field(gpu_fields(), name), device, true);
}

/// The named rows; fewer, with a line on standard error, when one does not exist.
template <class Subject>
std::vector<const Field<Subject>*> select(const std::vector<Field<Subject>>& rows,
                                          const std::vector<std::string>& names) {
    std::vector<const Field<Subject>*> found;
    for (const std::string& name : names) {
        const auto* field = find_field(rows, name);
        if (field == nullptr) {
            std::fprintf(stderr,
                         "acc-smi: field \"%s\" is not a valid field to query "
                         "(--help-query-gpu names those there are)\n",
                         name.c_str());
            break;
        }
        found.push_back(field);
    }
    return found;
}

template <class Subject>
bool write_csv(const Options& options, const std::vector<Field<Subject>>& rows,
               const std::vector<Subject>& subjects, std::FILE* to) {
    const auto fields = select(rows, options.fields);
    if (fields.size() != options.fields.size()) return false;
    const auto line = [&](auto cell) {
        for (size_t i = 0; i < fields.size(); ++i)
            std::fprintf(to, "%s%s", i == 0 ? "" : ", ", cell(i).c_str());
        std::fputc('\n', to);
    };
    if (options.header)
        line([&](size_t i) {
            return *fields[i]->unit == 0
                       ? options.fields[i]
                       : fmt::format("{} [{}]", options.fields[i], fields[i]->unit);
        });
    for (const Subject& subject : subjects)
        line([&](size_t i) { return shown(*fields[i], subject, options.units); });
    return true;
}

void write_list(const std::vector<nvmlDevice_t>& devices, std::FILE* to) {
    for (const nvmlDevice_t device : devices)
        std::fprintf(to, "GPU %s: %s (UUID: %s)\n", shown("index", device).c_str(),
                     shown("name", device).c_str(), shown("uuid", device).c_str());
}

void write_details(const std::vector<nvmlDevice_t>& devices, std::FILE* to) {
    for (const nvmlDevice_t device : devices) {
        std::fprintf(to, "GPU %s\n", shown("pci.bus_id", device).c_str());
        const char* section = "";
        for (const auto& field : gpu_fields()) {
            if (field.section == nullptr) continue;
            if (std::strcmp(section, field.section) != 0)
                std::fprintf(to, "    %s\n", section = field.section);
            std::fprintf(to, "        %-32s: %s\n", field.names[0],
                         shown(field, device, true).c_str());
        }
        std::fprintf(to, "    Processes\n");
        for (const Process& process : processes_of(device))
            std::fprintf(to, "        %-32u: %llu MiB\n", process.info.pid,
                         process.info.usedGpuMemory >> 20);
    }
}

void write_summary(const std::vector<nvmlDevice_t>& devices, std::FILE* to) {
    int cuda = 0;
    nvmlSystemGetCudaDriverVersion(&cuda);
    const nvmlDevice_t any = devices.empty() ? nullptr : devices.front();
    std::fprintf(to, "acc-smi   Driver Version: %s   CUDA Version: %d.%d\n\n",
                 any == nullptr ? kNone : shown("driver_version", any).c_str(), cuda / 1000,
                 cuda % 1000 / 10);
    std::fprintf(to, "%-4s %-34s %-18s %-21s %-6s %s\n", "GPU", "Name", "Bus-Id", "Memory-Usage",
                 "Util", "Compute M.");
    for (const nvmlDevice_t device : devices)
        std::fprintf(to, "%-4s %-34s %-18s %-21s %-6s %s\n", shown("index", device).c_str(),
                     shown("name", device).c_str(), shown("pci.bus_id", device).c_str(),
                     (shown("memory.used", device) + " / " + shown("memory.total", device)).c_str(),
                     shown("utilization.gpu", device).c_str(),
                     shown("compute_mode", device).c_str());
    std::fprintf(to, "\n%-4s %-8s %-44s %s\n", "GPU", "PID", "Process", "Memory");
    for (const nvmlDevice_t device : devices)
        for (const Process& process : processes_of(device))
            std::fprintf(
                to, "%-4s %-8u %-44s %llu MiB\n", shown("index", device).c_str(), process.info.pid,
                shown(*find_field(process_fields(), "process_name"), process, true).c_str(),
                process.info.usedGpuMemory >> 20);
}

void write_fields(std::FILE* to) {
    for (const auto& field : gpu_fields()) {
        for (const char* name : field.names)
            std::fprintf(to, "%s%s", name == field.names[0] ? "" : " or ", name);
        std::fprintf(to, "%s%s\n", *field.unit == 0 ? "" : ", in ", field.unit);
    }
}

} // namespace

std::vector<Process> processes_of(nvmlDevice_t device) {
    std::vector<nvmlProcessInfo_t> infos;
    nvmlReturn_t result = NVML_ERROR_INSUFFICIENT_SIZE;
    while (result == NVML_ERROR_INSUFFICIENT_SIZE) { // others may have come meanwhile
        unsigned count = static_cast<unsigned>(infos.size());
        result = nvmlDeviceGetComputeRunningProcesses(device, &count, infos.data());
        infos.resize(count);
    }
    std::vector<Process> found;
    if (result == NVML_SUCCESS)
        for (const auto& info : infos)
            found.push_back({device, info});
    return found;
}

bool write_report(const Options& options, const std::vector<nvmlDevice_t>& devices, std::FILE* to) {
    switch (options.report) {
    case Report::List: write_list(devices, to); return true;
    case Report::Details: write_details(devices, to); return true;
    case Report::Gpus: return write_csv(options, gpu_fields(), devices, to);
    case Report::Processes: {
        std::vector<Process> all;
        for (const nvmlDevice_t device : devices)
            for (const Process& process : processes_of(device))
                all.push_back(process);
        return write_csv(options, process_fields(), all, to);
    }
    case Report::Fields: write_fields(to); return true;
    case Report::Summary: write_summary(devices, to); return true;
    case Report::Help:
    case Report::Version: break;
    }
    return true;
}

} // namespace acc::smi
