// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The messages of QEMU's x-pci-proxy-dev (QEMU 7.2, hw/remote): a 16-byte header (command, size of
// the payload) and the payload, in the host's byte order, over a stream socket. File descriptors
// travel beside SYNC_SYSMEM and SET_IRQFD. Every message is checked before anybody sees it: what
// the socket says is not trusted.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "driver/accd/src/unique_fd.h"

namespace acc::accd {

enum class Command : int32_t {
    SyncSysmem = 0,  ///< memory layout of the guest, with one descriptor per region; no reply
    Return = 1,      ///< a reply: 64 bits
    ConfigWrite = 2, ///< replied to, as are the following unless noted
    ConfigRead = 3,
    BarWrite = 4,
    BarRead = 5,
    SetIrqFd = 6, ///< descriptors for an INTx pin; no reply
    DeviceReset = 7,
};

inline constexpr unsigned kMaxFds = 8;

struct SyncSysmemPayload {
    uint64_t gpas[kMaxFds], sizes[kMaxFds];
    int64_t offsets[kMaxFds];
};
struct ConfigPayload {
    uint32_t offset, value;
    int32_t bytes;
};
struct BarPayload {
    uint64_t address; ///< guest-physical, not relative to the BAR
    uint64_t value;
    uint32_t bytes;
    uint8_t memory; ///< a bool of QEMU; always 1, we have no I/O space
};

struct Message {
    Command command{};
    union {
        SyncSysmemPayload memory;
        ConfigPayload config;
        BarPayload bar;
        uint64_t value;
    };
    std::array<UniqueFd, kMaxFds> fds;
    unsigned fd_count = 0;
    Message() : memory{} {}
};

/// One end of the connection to a proxy device.
class Connection {
  public:
    /// Takes the socket.
    explicit Connection(UniqueFd socket) : socket_(std::move(socket)) {}

    enum class Status { Message, Closed, Bad };
    /// Waits for the next message. Bad: it breaks the protocol, `why` says how; the connection is
    /// of no more use.
    Status receive(Message& out, std::string& why);
    /// Answers the last message. False when the other side is gone.
    bool reply(uint64_t value);
    /// Ends the connection for both sides; any thread may call it.
    void shutdown();

  private:
    Status receive_header(int32_t& command, uint64_t& size, Message& out, std::string& why);
    UniqueFd socket_;
};

} // namespace acc::accd
