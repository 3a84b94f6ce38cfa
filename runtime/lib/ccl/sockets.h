// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP connections between the processes of a communicator. Nothing of them outlives the process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace acc::ccl {

/// Asked while a call waits: true ends it with a failure.
using Stop = std::function<bool()>;

class Socket {
  public:
    Socket() = default;
    explicit Socket(int fd) : fd_(fd) {}
    ~Socket() { close(); }
    Socket(Socket&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
    Socket& operator=(Socket&& other) noexcept;

    int fd() const { return fd_; }
    void close();
    void send(const void* data, size_t bytes, const Stop& stop) const;
    void receive(void* data, size_t bytes, const Stop& stop) const;

  private:
    int fd_ = -1;
};

struct Address {
    char host[46]; ///< numbers, of IPv4 or IPv6
    uint16_t port;
};

/// The address that others reach this machine at: of the interface that NCCL_SOCKET_IFNAME names,
/// else the first that is up, else the loopback's.
Address own_address();

/// A socket that waits for connections at a free port of own_address(), and where.
Socket listen_here(Address& where);
Socket connect_to(const Address& where, const Stop& stop);
Socket accept_from(const Socket& listener, const Stop& stop);

/// Whether the other side has closed the connection.
bool hung_up(const Socket& socket);

} // namespace acc::ccl
