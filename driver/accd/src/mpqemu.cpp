// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/accd/src/mpqemu.h"

#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/uio.h>

namespace acc::accd {

namespace {

struct Header {
    int32_t command;
    uint32_t unused; ///< padding of QEMU's struct, never initialised there
    uint64_t size;
};
static_assert(sizeof(Header) == 16 && sizeof(SyncSysmemPayload) == 192 &&
              sizeof(ConfigPayload) == 12 && sizeof(BarPayload) == 24);

/// Payload bytes a command has, or -1 for one that a device does not receive.
int payload_bytes(int32_t command) {
    switch (static_cast<Command>(command)) {
    case Command::SyncSysmem: return sizeof(SyncSysmemPayload);
    case Command::ConfigWrite:
    case Command::ConfigRead: return sizeof(ConfigPayload);
    case Command::BarWrite:
    case Command::BarRead: return sizeof(BarPayload);
    case Command::SetIrqFd:
    case Command::DeviceReset: return 0;
    case Command::Return: break;
    }
    return -1;
}

/// What is wrong with a complete message, or null.
const char* complaint(const Message& m) {
    switch (m.command) {
    case Command::ConfigRead:
    case Command::ConfigWrite:
        if (m.config.bytes < 1 || m.config.bytes > 4) return "configuration access of a bad width";
        break;
    case Command::BarRead:
    case Command::BarWrite:
        if (m.bar.bytes != 1 && m.bar.bytes != 2 && m.bar.bytes != 4 && m.bar.bytes != 8)
            return "BAR access of a bad width";
        break;
    case Command::SyncSysmem: return nullptr; // GuestMemory judges the regions
    case Command::SetIrqFd: return m.fd_count == 2 ? nullptr : "SET_IRQFD without two descriptors";
    default: break;
    }
    return m.fd_count == 0 ? nullptr : "descriptors with a message that has none";
}

} // namespace

Connection::Status Connection::receive_header(int32_t& command, uint64_t& size, Message& out,
                                              std::string& why) {
    Header header{};
    iovec part{&header, sizeof header};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kMaxFds)];
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    ssize_t n;
    do
        n = recvmsg(socket_.get(), &message, MSG_WAITALL | MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    if (n > 0) {
        for (cmsghdr* c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
            if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
            size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            for (size_t i = 0; i < count; i++) {
                int fd;
                std::memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
                UniqueFd owned(fd);
                if (out.fd_count < kMaxFds) out.fds[out.fd_count++] = std::move(owned);
            }
        }
    }
    if (n <= 0) return Status::Closed;
    if (message.msg_flags & MSG_CTRUNC) {
        why = "more descriptors than a message can have";
        return Status::Bad;
    }
    if (n != sizeof header) {
        why = "connection ended within a header";
        return Status::Bad;
    }
    command = header.command;
    size = header.size;
    return Status::Message;
}

Connection::Status Connection::receive(Message& out, std::string& why) {
    for (unsigned i = 0; i < out.fd_count; i++)
        out.fds[i].reset();
    out.fd_count = 0;
    int32_t command = 0;
    uint64_t size = 0;
    Status status = receive_header(command, size, out, why);
    if (status != Status::Message) return status;
    int expected = payload_bytes(command);
    if (expected < 0) {
        why = "unknown command " + std::to_string(command);
        return Status::Bad;
    }
    if (size != static_cast<uint64_t>(expected)) {
        why = "command " + std::to_string(command) + " with " + std::to_string(size) +
              " bytes instead of " + std::to_string(expected);
        return Status::Bad;
    }
    out.command = static_cast<Command>(command);
    if (expected > 0) {
        ssize_t n;
        do
            n = recv(socket_.get(), &out.memory, static_cast<size_t>(expected), MSG_WAITALL);
        while (n < 0 && errno == EINTR);
        if (n != expected) {
            why = "connection ended within a message";
            return Status::Bad;
        }
    }
    if (const char* wrong = complaint(out)) {
        why = wrong;
        return Status::Bad;
    }
    return Status::Message;
}

bool Connection::reply(uint64_t value) {
    struct {
        Header header;
        uint64_t value;
    } message{{static_cast<int32_t>(Command::Return), 0, sizeof value}, value};
    ssize_t n;
    do
        n = send(socket_.get(), &message, sizeof message, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    return n == sizeof message;
}

void Connection::shutdown() {
    ::shutdown(socket_.get(), SHUT_RDWR);
}

} // namespace acc::accd
