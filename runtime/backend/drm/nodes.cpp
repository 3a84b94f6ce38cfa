// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/backend/drm/nodes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <tuple>

#include "acc/spec/acc_mmu.h"
#include "acc/spec/acc_regs.h"
#include "runtime/backend/drm/backend.h"
#include "runtime/backend/drm/libdrm.h"
#include "runtime/core/status.h"

namespace acc::rt::drm {
namespace {

constexpr const char* kDriver = "acc";
constexpr uint32_t kHardwareMajor = 1; // version of the hardware interface that this library speaks

std::string why_not_opened(const Node& node, int error) {
    std::string text = fmt::format("{} (PCI {:04x}:{:02x}:{:02x}.{}) cannot be opened: {}",
                                   node.path, node.domain, node.bus, node.device, node.function,
                                   std::strerror(error));
    if (error == EACCES || error == EPERM)
        text += "; its group may use it (usually `render`: add the user to it and log in again)";
    return text;
}

/// What the driver says about its device. Throws Error when we cannot work with it.
Device describe(const Node& node, KernelInterface& kernel) {
    const auto said = kernel.query<drm_acc_dev_info>(DRM_ACC_DEV_QUERY_INFO,
                                                     "asking the device what it is");
    if (said.hw_version >> 16 != kHardwareMajor)
        fail(Status::NotSupported,
             "its hardware interface is version {}.{}, this library speaks {}: a newer one is "
             "needed",
             said.hw_version >> 16, said.hw_version & 0xffff, kHardwareMajor);
    if (said.page_bytes != ACC_PAGE_BYTES)
        fail(Status::NotSupported, "its pages are of {} bytes, this library expects {}",
             said.page_bytes, ACC_PAGE_BYTES);
    Device device;
    device.path = node.path;
    device.max_priority = said.max_priority;
    device.max_window = said.va_window_bytes;
    device.info.name = "ACC1";
    device.info.compute_units = said.compute_units;
    device.info.clock_khz = said.clock_khz;
    device.info.vram_bytes = kernel
                                 .query<drm_acc_dev_memory>(DRM_ACC_DEV_QUERY_MEMORY,
                                                            "asking the device for its memory")
                                 .vram_total;
    std::copy(std::begin(said.uuid), std::end(said.uuid), device.info.uuid);
    device.info.pci_domain = node.domain;
    device.info.pci_bus = node.bus;
    device.info.pci_device = node.device;
    return device;
}

} // namespace

std::vector<Node> list_nodes() {
    const LibDrm* drm = libdrm();
    if (drm == nullptr) return {};
    const int count = drm->get_devices(0, nullptr, 0);
    if (count <= 0) // nothing in /dev/dri
        return {};
    std::vector<drmDevicePtr> found(static_cast<size_t>(count));
    const int got = drm->get_devices(0, found.data(), count);
    found.resize(static_cast<size_t>(std::max(got, 0)));
    std::vector<Node> nodes;
    for (const drmDevicePtr device : found) {
        if (device->bustype != DRM_BUS_PCI ||
            (device->available_nodes & 1 << DRM_NODE_RENDER) == 0 ||
            device->deviceinfo.pci->vendor_id != ACC_PCI_VENDOR_ID)
            continue;
        const drmPciBusInfo& pci = *device->businfo.pci;
        nodes.push_back({device->nodes[DRM_NODE_RENDER], pci.domain, pci.bus, pci.dev, pci.func});
    }
    drm->free_devices(found.data(), static_cast<int>(found.size()));
    return nodes;
}

Driver driver_of(const std::string& path) {
    const LibDrm* drm = libdrm();
    const int fd = drm != nullptr ? open(path.c_str(), O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0) return {};
    const std::unique_ptr<drmVersion, void (*)(drmVersionPtr)> version(drm->get_version(fd),
                                                                       drm->free_version);
    close(fd);
    if (!version) return {};
    return {std::string(version->name, static_cast<size_t>(version->name_len)),
            version->version_major, version->version_minor};
}

Survey survey(const System& system) {
    auto nodes = system.list();
    std::sort(nodes.begin(), nodes.end(), [](const Node& a, const Node& b) {
        return std::tie(a.domain, a.bus, a.device, a.function) <
               std::tie(b.domain, b.bus, b.device, b.function);
    });
    Survey survey;
    for (const Node& node : nodes) {
        auto file = system.open(node.path);
        if (!file) {
            survey.refused.push_back(why_not_opened(node, errno));
            continue;
        }
        const Driver driver = system.driver(node.path);
        if (driver.name != kDriver) continue; // somebody else's driver
        if (driver.major != DRM_ACC_VERSION_MAJOR) {
            survey.refused.push_back(fmt::format(
                "{} cannot be used: the kernel driver speaks version {}.{} of its interface, this "
                "library {}.x: install the acc.ko that belongs to it",
                node.path, driver.major, driver.minor, DRM_ACC_VERSION_MAJOR));
            continue;
        }
        try {
            KernelInterface kernel(std::move(file));
            survey.devices.push_back(describe(node, kernel));
        } catch (const Error& error) {
            survey.refused.push_back(fmt::format("{} cannot be used: {}", node.path, error.what()));
        }
    }
    return survey;
}

const Survey& this_machine() {
    static const Survey* const found = [] {
        auto* made = new Survey(survey(System{}));
        made->problem = libdrm_problem();
        return made;
    }();
    return *found;
}

std::unique_ptr<Backend> open_backend(const Device& device) {
    return std::make_unique<DrmBackend>(device.info, device.max_priority, device.max_window,
                                        [path = device.path] { return open_device_file(path); });
}

} // namespace acc::rt::drm
