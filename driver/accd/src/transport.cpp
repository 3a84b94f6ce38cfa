// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/accd/src/transport.h"

namespace acc::accd {

namespace {

std::vector<MemoryRegion> regions_of(Message& m) {
    std::vector<MemoryRegion> regions(m.fd_count);
    for (unsigned i = 0; i < m.fd_count; i++)
        regions[i] = {m.memory.gpas[i], m.memory.sizes[i], m.memory.offsets[i],
                      std::move(m.fds[i])};
    return regions;
}

/// Carries one message out. True when the other side waits for `answer`.
bool handle(Message& m, Endpoint& endpoint, TransportCounters& counters, uint64_t& answer) {
    answer = 0;
    switch (m.command) {
    case Command::ConfigRead:
        counters.config++;
        answer = endpoint.config_read(m.config.offset, static_cast<unsigned>(m.config.bytes));
        return true;
    case Command::ConfigWrite:
        counters.config++;
        endpoint.config_write(m.config.offset, m.config.value,
                              static_cast<unsigned>(m.config.bytes));
        return true;
    case Command::BarRead:
        counters.bar_reads++;
        answer = endpoint.bar_read(m.bar.address, m.bar.bytes);
        return true;
    case Command::BarWrite:
        counters.bar_writes++;
        endpoint.bar_write(m.bar.address, m.bar.value, m.bar.bytes);
        return true;
    case Command::SyncSysmem:
        counters.memory_changes++;
        endpoint.set_memory(regions_of(m));
        return false;
    case Command::DeviceReset: endpoint.bus_reset(); return true;
    case Command::SetIrqFd: // we have no INTx pin; the descriptors are closed with the message
    case Command::Return: break;
    }
    return false;
}

} // namespace

std::string serve(Connection& connection, Endpoint& endpoint, TransportCounters& counters) {
    Message message;
    std::string why;
    for (;;) {
        switch (connection.receive(message, why)) {
        case Connection::Status::Closed: return "";
        case Connection::Status::Bad: connection.shutdown(); return why;
        case Connection::Status::Message: break;
        }
        uint64_t answer;
        bool expected = handle(message, endpoint, counters, answer);
        if (expected && !connection.reply(answer)) return "";
        if (endpoint.vanished()) {
            connection.shutdown();
            return "the device has vanished";
        }
    }
}

} // namespace acc::accd
