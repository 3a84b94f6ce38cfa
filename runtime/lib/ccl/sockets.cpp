// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/ccl/sockets.h"

#include "runtime/lib/ccl/error.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace acc::ccl {
namespace {

constexpr int kPollMs = 100;

using Clock = std::chrono::steady_clock;

/// Waits until the socket can be read or written, or `stop` says so.
void wait_for(int fd, short events, const Stop& stop) {
    for (;;) {
        pollfd one{fd, events, 0};
        const int ready = poll(&one, 1, kPollMs);
        if (ready > 0) return;
        if (ready < 0 && errno != EINTR)
            fail(ncclSystemError, "waiting for a connection: %s", std::strerror(errno));
        if (stop && stop()) fail(ncclRemoteError, "given up while waiting for another rank");
    }
}

struct Name {
    sockaddr_storage storage{};
    socklen_t size = 0;
    sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

Name name_of(const Address& address) {
    Name name;
    auto* four = reinterpret_cast<sockaddr_in*>(&name.storage);
    auto* six = reinterpret_cast<sockaddr_in6*>(&name.storage);
    if (inet_pton(AF_INET, address.host, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons(address.port);
        name.size = sizeof *four;
    } else if (inet_pton(AF_INET6, address.host, &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(address.port);
        name.size = sizeof *six;
    } else {
        fail(ncclInvalidArgument, "a unique id without an address");
    }
    return name;
}

/// Reads what is there, up to `bytes` in all; false when the connection is over.
bool read_some(const Socket& socket, std::string& text, size_t bytes) {
    const size_t had = text.size();
    text.resize(bytes);
    const ssize_t got = recv(socket.fd(), text.data() + had, bytes - had, MSG_DONTWAIT);
    const int error = errno;
    text.resize(had + (got > 0 ? size_t(got) : 0));
    return got > 0 || (got < 0 && (error == EAGAIN || error == EINTR));
}

void set_up(int fd) {
    const int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

/// NCCL_SOCKET_IFNAME: beginnings of names with commas; "=" before them: whole names; "^": not
/// these.
bool chosen(const char* interface, const char* wanted) {
    const bool exact = *wanted == '=', inverted = *wanted == '^';
    std::string list = wanted + (exact || inverted);
    for (size_t at = 0; at <= list.size();) {
        const size_t end = std::min(list.find(',', at), list.size());
        const std::string one = list.substr(at, end - at);
        const bool begins = !one.empty() && std::strncmp(interface, one.c_str(), one.size()) == 0;
        const bool same = exact ? one == interface : begins;
        if (same) return !inverted;
        at = end + 1;
    }
    return inverted;
}

} // namespace

Socket& Socket::operator=(Socket&& other) noexcept {
    if (this != &other) {
        close();
        fd_ = other.fd_;
        other.fd_ = -1;
    }
    return *this;
}

void Socket::close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

void Socket::send(const void* data, size_t bytes, const Stop& stop) const {
    const char* at = static_cast<const char*>(data);
    while (bytes > 0) {
        const ssize_t sent = ::send(fd_, at, bytes, MSG_NOSIGNAL);
        if (sent > 0) {
            at += sent;
            bytes -= size_t(sent);
        } else if (errno == EAGAIN || errno == EINTR) {
            wait_for(fd_, POLLOUT, stop);
        } else {
            fail(ncclRemoteError, "sending to another rank: %s", std::strerror(errno));
        }
    }
}

void Socket::receive(void* data, size_t bytes, const Stop& stop) const {
    char* at = static_cast<char*>(data);
    while (bytes > 0) {
        const ssize_t got = ::recv(fd_, at, bytes, 0);
        if (got > 0) {
            at += got;
            bytes -= size_t(got);
        } else if (got == 0) {
            fail(ncclRemoteError, "another rank has closed its connection");
        } else if (errno == EAGAIN || errno == EINTR) {
            wait_for(fd_, POLLIN, stop);
        } else {
            fail(ncclRemoteError, "receiving from another rank: %s", std::strerror(errno));
        }
    }
}

Address own_address() {
    Address address{};
    std::strcpy(address.host, "127.0.0.1");
    const char* wanted = std::getenv("NCCL_SOCKET_IFNAME");
    ifaddrs* list = nullptr;
    if (getifaddrs(&list) != 0) return address;
    for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
        if (one->ifa_addr == nullptr || one->ifa_addr->sa_family != AF_INET) continue;
        if ((one->ifa_flags & IFF_UP) == 0) continue;
        if (wanted != nullptr && *wanted != 0 ? !chosen(one->ifa_name, wanted)
                                              : (one->ifa_flags & IFF_LOOPBACK) != 0)
            continue;
        const auto* name = reinterpret_cast<const sockaddr_in*>(one->ifa_addr);
        inet_ntop(AF_INET, &name->sin_addr, address.host, sizeof address.host);
        break;
    }
    freeifaddrs(list);
    return address;
}

Socket listen_here(Address& where) {
    where = own_address();
    Name name = name_of(where);
    Socket listener(::socket(name.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (listener.fd() < 0 || bind(listener.fd(), name.get(), name.size) != 0 ||
        listen(listener.fd(), 1024) != 0)
        fail(ncclSystemError, "listening at %s: %s", where.host, std::strerror(errno));
    set_up(listener.fd());
    socklen_t size = sizeof name.storage;
    getsockname(listener.fd(), name.get(), &size);
    where.port = ntohs(reinterpret_cast<sockaddr_in*>(&name.storage)->sin_port); // IPv6: same place
    return listener;
}

Socket connect_to(const Address& where, const Stop& stop) {
    Name name = name_of(where);
    Socket socket(::socket(name.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (socket.fd() < 0) fail(ncclSystemError, "a socket: %s", std::strerror(errno));
    set_up(socket.fd());
    int error = connect(socket.fd(), name.get(), name.size) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
        wait_for(socket.fd(), POLLOUT, stop);
        socklen_t size = sizeof error;
        getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
    }
    if (error != 0)
        fail(ncclRemoteError, "connecting to %s, port %u: %s", where.host, unsigned(where.port),
             std::strerror(error));
    return socket;
}

Socket accept_one(const Socket& listener) {
    Socket socket(accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC));
    if (socket.fd() >= 0)
        set_up(socket.fd());
    else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
        poll(nullptr, 0, kPollMs); // others may close theirs
    else if (errno == EBADF || errno == EINVAL || errno == ENOTSOCK)
        fail(ncclSystemError, "accepting a connection: %s", std::strerror(errno));
    return socket; // or the connection was a failure: of nobody's concern
}

Socket accept_from(const Socket& listener) {
    for (;;) {
        wait_for(listener.fd(), POLLIN, {});
        Socket socket = accept_one(listener);
        if (socket.fd() >= 0) return socket;
    }
}

void accept_greetings(const Socket& listener, size_t bytes, const Greeted& greeted,
                      const Stop& stop) {
    struct Pending {
        Socket socket;
        std::string text;
        Clock::time_point until;
    };
    std::vector<Pending> pending;
    for (;;) {
        std::vector<pollfd> polled{{listener.fd(), POLLIN, 0}};
        for (const Pending& one : pending)
            polled.push_back({one.socket.fd(), POLLIN, 0});
        poll(polled.data(), polled.size(), kPollMs);
        if (stop && stop()) fail(ncclRemoteError, "given up while waiting for another rank");
        std::vector<Pending> still;
        for (size_t i = 0; i < pending.size(); ++i) {
            Pending& one = pending[i];
            const bool more = read_some(one.socket, one.text, bytes);
            if (more && one.text.size() == bytes) {
                if (greeted(one.socket, one.text)) return;
            } else if (more && Clock::now() < one.until) {
                still.push_back(std::move(one));
            }
        }
        pending = std::move(still);
        if ((polled[0].revents & POLLIN) == 0) continue;
        Socket socket = accept_one(listener);
        if (socket.fd() >= 0)
            pending.push_back({std::move(socket), {}, Clock::now() + kGreetingTime});
    }
}

bool hung_up(const Socket& socket) {
    char byte;
    const ssize_t got = recv(socket.fd(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

} // namespace acc::ccl
