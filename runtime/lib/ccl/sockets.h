// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP connections between the processes of a communicator. Nothing of them outlives the process.
#pragma once

#include <chrono>
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
    char host[46]; ///< numbers, of IPv4; those of IPv6 are understood, but own_address() has none
    uint16_t port;
};

/// The IPv4 address that others reach this machine at: of the interface that NCCL_SOCKET_IFNAME
/// names, else the first that is up, else the loopback's.
Address own_address();

/// A socket that waits for connections at a free port of own_address(), and where.
Socket listen_here(Address& where);
Socket connect_to(const Address& where, const Stop& stop);
/// The next connection; whatever goes wrong with others is waited out.
Socket accept_from(const Socket& listener);

/// Who connects and does not say who it is within this time is nobody of ours.
inline constexpr std::chrono::seconds kGreetingTime{30};
/// Takes the connection when it likes the text; true when it needs no more.
using Greeted = std::function<bool(Socket& socket, const std::string& text)>;
/// Reads `bytes` from all who connect, at once: none waits for another one's.
void accept_greetings(const Socket& listener, size_t bytes, const Greeted& greeted,
                      const Stop& stop);

/// Whether the other side has closed the connection.
bool hung_up(const Socket& socket);

} // namespace acc::ccl
