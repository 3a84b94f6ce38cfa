// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Carries chunks between a rank's rings and those of ranks in other processes: a thread of the
// communicator's that looks at the rings and at a TCP connection to each of them.
#pragma once

#include "runtime/lib/ccl/block.h"
#include "runtime/lib/ccl/sockets.h"

#include <atomic>
#include <thread>
#include <vector>

namespace acc::ccl {

class Proxy {
  public:
    explicit Proxy(uint32_t slot_bytes) : slot_bytes_(slot_bytes) {}
    /// Sends what the rings hold, then closes the connections.
    ~Proxy();

    void add(Socket socket, const Ring& in, const Ring& out);
    void start();
    /// Closes the connections without sending.
    void abandon() { abandoned_ = true; }
    /// Whether all that kernels have written is on its way.
    bool flushed() const;

  private:
    struct Peer {
        Socket socket;
        Ring in, out;
        bool open = true;
        uint64_t sent = 0;     ///< bytes of the chunk that goes out, its size first
        uint64_t received = 0; ///< likewise of the one that comes in
        uint32_t expected = 0; ///< its size
    };
    void run();
    bool send_some(Peer& peer);
    bool receive_some(Peer& peer);
    static void lose(Peer& peer);

    uint32_t slot_bytes_;
    std::vector<Peer> peers_;
    std::atomic<bool> ends_{false}, abandoned_{false};
    std::thread thread_;
};

} // namespace acc::ccl
