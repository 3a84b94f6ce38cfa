// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How ranks tell each other things on the host: all give a text and get everybody's. The hub is in
// the process that made the unique id; ranks of other processes reach it by TCP.
#pragma once

#include "runtime/lib/ccl/sockets.h"

#include <nccl.h>

#include <array>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace acc::ccl {

/// What a unique id holds.
struct Id {
    std::array<char, 8> magic;
    std::array<unsigned char, 16> nonce;
    int64_t process; ///< of the hub
    Address address; ///< port 0: for this process alone
};
static_assert(sizeof(Id) <= NCCL_UNIQUE_ID_BYTES);

/// Which round it is: a number, and who takes part when not all do.
struct Round {
    uint64_t number = 0;
    uint64_t members = 0;
    bool operator<(const Round& other) const {
        return number != other.number ? number < other.number : members < other.members;
    }
};

class Exchange {
  public:
    virtual ~Exchange() = default;
    /// Everybody's text, by index.
    virtual std::vector<std::string> gather(Round round, int count, int index,
                                            const std::string& text, const Stop& stop) = 0;
};

class Hub {
  public:
    /// `listening`: for ranks of other processes, too.
    static ncclUniqueId create(bool listening);
    /// The way to the id's hub.
    static std::unique_ptr<Exchange> join(const ncclUniqueId& id, const Stop& stop);

    /// Who has the only rank needs no hub.
    static void forget(const ncclUniqueId& id);

    std::vector<std::string> gather(Round round, int count, int index, const std::string& text,
                                    const Stop& stop);
    /// One rank will not come any more.
    void leave();

  private:
    struct Gathering {
        std::vector<std::string> texts;
        std::vector<char> here;
        int missing = 0, readers = 0;
    };
    static std::shared_ptr<Hub> find(const std::array<unsigned char, 16>& nonce);
    static Address listen();
    static void serve(const Socket& socket);

    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<Round, Gathering> rounds_;
    int ranks_ = 0, gone_ = 0;
};

/// A number that is random, and this process's (a fork's child has another).
int64_t process_key();

} // namespace acc::ccl
