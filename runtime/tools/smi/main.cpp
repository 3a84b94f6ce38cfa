// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// acc-smi, nvidia-smi to scripts: a client of NVML.
#include <chrono>
#include <cstring>
#include <memory>
#include <thread>

#include "runtime/tools/smi/options.h"
#include "runtime/tools/smi/reports.h"

namespace {

using namespace acc::smi;

int fail(const std::string& text, int code) {
    std::fprintf(stderr, "acc-smi: %s\n", text.c_str());
    return code;
}

/// A device by number, UUID or PCI address; null when there is none.
nvmlDevice_t find_device(const std::string& id) {
    nvmlDevice_t device = nullptr;
    const bool number = id.find_first_not_of("0123456789") == std::string::npos && id.size() < 9;
    const nvmlReturn_t result = number ? nvmlDeviceGetHandleByIndex(
                                             static_cast<unsigned>(std::stoul(id)), &device)
                                : id.rfind("GPU-", 0) == 0
                                    ? nvmlDeviceGetHandleByUUID(id.c_str(), &device)
                                    : nvmlDeviceGetHandleByPciBusId(id.c_str(), &device);
    return result == NVML_SUCCESS ? device : nullptr;
}

/// False when one of them does not exist.
bool find_devices(const Options& options, std::vector<nvmlDevice_t>& devices) {
    for (const std::string& id : options.devices) {
        devices.push_back(find_device(id));
        if (devices.back() == nullptr) {
            fail("No devices were found with the id " + id, 0);
            return false;
        }
    }
    unsigned count = 0;
    if (options.devices.empty() && nvmlDeviceGetCount(&count) == NVML_SUCCESS)
        for (unsigned i = 0; i < count; ++i)
            devices.push_back(find_device(std::to_string(i)));
    return true;
}

int run(const Options& options) {
    const nvmlReturn_t started = nvmlInit();
    if (started != NVML_SUCCESS)
        return fail(std::string("the devices do not answer: ") + nvmlErrorString(started), 9);
    std::vector<nvmlDevice_t> devices;
    if (!find_devices(options, devices)) return 6;
    if (devices.empty()) return fail("No devices were found", 6);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
        options.file.empty() ? nullptr : std::fopen(options.file.c_str(), "we"),
        [](std::FILE* each) { return std::fclose(each); });
    if (!options.file.empty() && !file)
        return fail(options.file + ": " + std::strerror(errno), 255);
    std::FILE* to = file ? file.get() : stdout;
    Options now = options;
    while (write_report(now, devices, to)) {
        if (std::fflush(to) != 0) return fail("what it says cannot be written", 255);
        if (options.loop_ms == 0) return 0;
        now.header = false; // once
        std::this_thread::sleep_for(std::chrono::milliseconds(options.loop_ms));
    }
    return 2;
}

} // namespace

int main(int argc, char** argv) {
    const Options options = parse_options({argv + 1, argv + argc});
    if (!options.error.empty()) return fail(options.error, 2);
    switch (options.report) {
    case Report::Help: std::fputs(kHelp, stdout); return 0;
    case Report::Version:
        std::printf("acc-smi %s (NVML %s)\n", ACC_VERSION, NVML_API_VERSION_STR);
        return 0;
    default: return run(options);
    }
}
