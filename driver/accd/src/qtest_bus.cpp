// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/accd/src/qtest_bus.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/socket.h>

#include "driver/accd/src/log.h"

namespace acc::accd {

bool QtestBus::write(const InterruptMessage& message) {
    if (gone_) return false;
    char line[64];
    int n = std::snprintf(line, sizeof line, "writel 0x%llx 0x%x\n",
                          static_cast<unsigned long long>(message.address), message.data);
    ssize_t sent;
    do
        sent = send(socket_.get(), line, static_cast<size_t>(n), MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    gone_ = sent != n || !read_reply();
    return !gone_;
}

/// One line, "OK". Waiting for it keeps a burst of messages from filling the socket.
bool QtestBus::read_reply() {
    char text[64];
    size_t got = 0;
    for (;;) {
        ssize_t n = recv(socket_.get(), text + got, sizeof text - got, 0);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        got += static_cast<size_t>(n);
        if (std::memchr(text, '\n', got)) break;
        if (got == sizeof text) got = 0;
    }
    if (std::memcmp(text, "OK", 2) != 0)
        log("QEMU refused an interrupt message: %.*s", static_cast<int>(got - 1), text);
    return true;
}

} // namespace acc::accd
