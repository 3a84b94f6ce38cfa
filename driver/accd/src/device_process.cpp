// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/accd/src/device_process.h"

#include <cstring>
#include <fstream>
#include <memory>
#include <sys/random.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>

#include "driver/accd/src/device.h"
#include "driver/accd/src/log.h"
#include "driver/accd/src/qtest_bus.h"

namespace acc::accd {

namespace {

/// A random number of the shape RFC 4122 asks for (version 4).
void make_uuid(uint64_t (&uuid)[2]) {
    if (getrandom(uuid, sizeof uuid, 0) != sizeof uuid) uuid[0] = uuid[1] = 0;
    auto* bytes = reinterpret_cast<uint8_t*>(uuid);
    bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3f) | 0x80);
}

/// Mappings that the host allows a process, which all its chips share.
uint64_t mapping_limit() {
    uint64_t limit = 65530;
    std::ifstream("/proc/sys/vm/max_map_count") >> limit;
    return limit;
}

/// Hands the files that back VRAM to the supervisor, which gives them to QEMU.
bool send_files(int control, const std::vector<std::unique_ptr<Device>>& devices) {
    char byte = 0;
    iovec part{&byte, 1};
    alignas(cmsghdr) char space[CMSG_SPACE(sizeof(int) * kMaxDevices)] = {};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = space;
    message.msg_controllen = CMSG_SPACE(sizeof(int) * devices.size());
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * devices.size());
    for (size_t i = 0; i < devices.size(); i++) {
        int fd = devices[i]->chip().vram_fd();
        std::memcpy(CMSG_DATA(header) + i * sizeof fd, &fd, sizeof fd);
    }
    return sendmsg(control, &message, MSG_NOSIGNAL) == 1;
}

void print_stats(size_t number, Device& device, const TransportCounters& t) {
    const model::ChipCounters c = device.chip().counters();
    auto n = [](uint64_t value) { return static_cast<unsigned long long>(value); };
    log("device %zu: %llu register reads, %llu writes, %llu configuration accesses, %llu memory "
        "layouts; %llu interrupts sent, %llu lost",
        number, n(t.bar_reads), n(t.bar_writes), n(t.config), n(t.memory_changes),
        n(device.msix().sent()), n(device.msix().lost()));
    log("device %zu: %llu packets, %llu dispatches, %llu blocks, %llu bytes copied, %llu faults; "
        "%u bus errors",
        number, n(c.packets), n(c.dispatches), n(c.blocks), n(c.bytes_copied), n(c.faults),
        device.bus_errors());
}

} // namespace

int run_devices(const Options& options, UniqueFd control, std::vector<UniqueFd> connections,
                UniqueFd qtest) {
    QtestBus bus(std::move(qtest));
    InterruptSender sender(bus);
    std::vector<std::unique_ptr<Device>> devices;
    try {
        for (unsigned i = 0; i < options.devices; i++) {
            DeviceConfig config;
            config.chip.compute_units = options.compute_units;
            config.chip.vram_bytes = uint64_t{options.vram_mib} << 20;
            config.chip.doorbells_wake = true;
            config.chip.host_mappings = mapping_limit() / (options.devices + 2);
            make_uuid(config.uuid);
            devices.push_back(std::make_unique<Device>(config, sender));
        }
    } catch (const std::system_error& error) {
        log("a device cannot be made: %s", error.what());
        return 125;
    }
    if (!send_files(control.get(), devices)) return 125;
    control.reset();

    std::vector<TransportCounters> counters(devices.size());
    std::vector<std::thread> threads;
    for (size_t i = 0; i < devices.size(); i++)
        threads.emplace_back([&, i, socket = std::move(connections[i])]() mutable {
            Connection connection(std::move(socket));
            std::string why = serve(connection, *devices[i], counters[i]);
            if (!why.empty()) log("device %zu: connection ended: %s", i, why.c_str());
            devices[i]->stop();
        });
    for (auto& thread : threads)
        thread.join();
    for (size_t i = 0; options.stats && i < devices.size(); i++)
        print_stats(i, *devices[i], counters[i]);
    return 0;
}

} // namespace acc::accd
