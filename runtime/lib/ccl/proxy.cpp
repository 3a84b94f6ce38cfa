// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/ccl/proxy.h"

#include <cerrno>
#include <chrono>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace acc::ccl {
namespace {

/// How often a thread with nothing to do looks at the rings before it begins to sleep, and how long
/// it sleeps: at first, at last.
constexpr int kEagerRounds = 200;
constexpr int kFirstSleepUs = 50, kLastSleepUs = 1000;

} // namespace

Proxy::~Proxy() {
    ends_ = true;
    if (thread_.joinable()) thread_.join();
}

void Proxy::add(Socket socket, const Ring& in, const Ring& out) {
    peers_.push_back({std::move(socket), in, out});
}

void Proxy::start() {
    thread_ = std::thread([this] { run(); });
}

bool Proxy::flushed() const {
    for (const Peer& peer : peers_)
        if (peek(peer.out.dead) == 0 && peek(peer.out.head) != peek(peer.out.tail)) return false;
    return true;
}

/// What has come stays in the ring; nothing more will.
void Proxy::lose(Peer& peer) {
    peer.open = false;
    poke(peer.in.dead, 1u);
    poke(peer.out.dead, 1u);
}

/// Whether something was sent.
bool Proxy::send_some(Peer& peer) {
    const uint64_t head = peek(peer.out.head);
    if (head == peek(peer.out.tail)) return false;
    const uint32_t slot = uint32_t(head % kSlots);
    uint32_t bytes = peer.out.sizes[slot];
    const uint64_t all = sizeof bytes + bytes;
    iovec parts[2] = {{&bytes, sizeof bytes}, {peer.out.slots + size_t(slot) * slot_bytes_, bytes}};
    uint64_t skip = peer.sent;
    for (iovec& part : parts) {
        const size_t here = skip < part.iov_len ? size_t(skip) : part.iov_len;
        part.iov_base = static_cast<char*>(part.iov_base) + here;
        part.iov_len -= here;
        skip -= here;
    }
    msghdr message{};
    message.msg_iov = parts;
    message.msg_iovlen = 2;
    const ssize_t sent = sendmsg(peer.socket.fd(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent <= 0) {
        if (errno != EAGAIN && errno != EINTR) lose(peer);
        return false;
    }
    peer.sent += uint64_t(sent);
    if (peer.sent == all) {
        peer.sent = 0;
        poke(peer.out.head, head + 1);
    }
    return true;
}

/// Whether something was received.
bool Proxy::receive_some(Peer& peer) {
    const uint64_t tail = peek(peer.in.tail);
    if (tail - peek(peer.in.head) >= kSlots) return false;
    const uint32_t slot = uint32_t(tail % kSlots);
    constexpr uint64_t kSize = sizeof peer.expected;
    char* to = peer.in.slots + size_t(slot) * slot_bytes_;
    const bool header = peer.received < kSize;
    const ssize_t got = header ? recv(peer.socket.fd(),
                                      reinterpret_cast<char*>(&peer.expected) + peer.received,
                                      size_t(kSize - peer.received), MSG_DONTWAIT)
                               : recv(peer.socket.fd(), to + (peer.received - kSize),
                                      size_t(kSize + peer.expected - peer.received), MSG_DONTWAIT);
    if (got <= 0) {
        if (got == 0 || (errno != EAGAIN && errno != EINTR)) lose(peer);
        return false;
    }
    peer.received += uint64_t(got);
    if (peer.received < kSize) return true;
    if (peer.expected == 0 || peer.expected > slot_bytes_) {
        lose(peer); // not a chunk of ours
    } else if (peer.received == kSize + peer.expected) {
        peer.received = 0;
        peer.in.sizes[slot] = peer.expected;
        poke(peer.in.tail, tail + 1);
    }
    return true;
}

void Proxy::run() {
    int idle = 0, sleep = kFirstSleepUs;
    for (;;) {
        bool moved = false;
        for (Peer& peer : peers_) {
            if (peer.open) moved |= send_some(peer);
            if (peer.open) moved |= receive_some(peer);
        }
        if (abandoned_ || (ends_ && flushed())) break;
        if (moved) {
            idle = 0;
            sleep = kFirstSleepUs;
        } else if (++idle > kEagerRounds) {
            usleep(useconds_t(sleep));
            sleep = sleep * 2 < kLastSleepUs ? sleep * 2 : kLastSleepUs;
        } else {
            std::this_thread::yield();
        }
    }
    for (Peer& peer : peers_) {
        peer.socket.close();
        lose(peer);
    }
}

} // namespace acc::ccl
