// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/ccl/hub.h"

#include "runtime/lib/ccl/error.h"
#include "runtime/lib/ccl/program.h"

#include <chrono>
#include <cstring>
#include <sys/random.h>
#include <thread>
#include <unistd.h>

namespace acc::ccl {
namespace {

constexpr std::array<char, 8> kMagic = {'a', 'c', 'c', 'C', 'C', 'L', '0', '1'};
constexpr uint32_t kLongestText = 64 << 10;
using Nonce = std::array<unsigned char, 16>;

struct Request {
    Nonce nonce;
    Round round;
    int32_t count, index;
    uint32_t bytes;
};

struct Hubs {
    std::mutex mutex;
    std::map<Nonce, std::shared_ptr<Hub>> hubs;
};
Hubs& hubs() {
    static auto* hubs = new Hubs; // never destroyed: threads use it when the process exits
    return *hubs;
}

void random_bytes(void* to, size_t bytes) {
    if (getrandom(to, bytes, 0) != ssize_t(bytes)) fail(ncclSystemError, "no random numbers");
}

class Local final : public Exchange {
  public:
    explicit Local(std::shared_ptr<Hub> hub) : hub_(std::move(hub)) {}
    ~Local() override { hub_->leave(); }
    std::vector<std::string> gather(Round round, int count, int index, const std::string& text,
                                    const Stop& stop) override {
        return hub_->gather(round, count, index, text, stop);
    }

  private:
    std::shared_ptr<Hub> hub_;
};

class Remote final : public Exchange {
  public:
    Remote(const Id& id, const Stop& stop)
        : nonce_(id.nonce), socket_(connect_to(id.address, stop)) {}
    std::vector<std::string> gather(Round round, int count, int index, const std::string& text,
                                    const Stop& stop) override {
        const Request request{nonce_, round, count, index, uint32_t(text.size())};
        socket_.send(&request, sizeof request, stop);
        socket_.send(text.data(), text.size(), stop);
        uint32_t result = 0;
        socket_.receive(&result, sizeof result, stop);
        if (result != ncclSuccess)
            fail(ncclResult_t(result), "the process with the first rank refuses: %s",
                 ncclGetErrorString(ncclResult_t(result)));
        std::vector<std::string> texts(static_cast<size_t>(count));
        for (auto& one : texts) {
            uint32_t bytes = 0;
            socket_.receive(&bytes, sizeof bytes, stop);
            if (bytes > kLongestText) fail(ncclRemoteError, "not an answer of a communicator's");
            one.resize(bytes);
            socket_.receive(one.data(), bytes, stop);
        }
        return texts;
    }

  private:
    Nonce nonce_;
    Socket socket_;
};

} // namespace

int64_t process_key() {
    static const int64_t random = [] {
        int64_t key = 0;
        random_bytes(&key, sizeof key);
        return key;
    }();
    return random ^ int64_t(getpid());
}

ncclUniqueId Hub::create(bool listening) {
    Id id{};
    id.magic = kMagic;
    id.process = process_key();
    random_bytes(id.nonce.data(), id.nonce.size());
    if (listening) id.address = listen();
    auto hub = std::make_shared<Hub>();
    {
        const std::lock_guard lock(hubs().mutex);
        hubs().hubs[id.nonce] = hub;
    }
    ncclUniqueId unique{};
    std::memcpy(unique.internal, &id, sizeof id);
    return unique;
}

std::shared_ptr<Hub> Hub::find(const Nonce& nonce) {
    const std::lock_guard lock(hubs().mutex);
    const auto found = hubs().hubs.find(nonce);
    return found == hubs().hubs.end() ? nullptr : found->second;
}

void Hub::forget(const ncclUniqueId& unique) {
    Id id;
    std::memcpy(&id, unique.internal, sizeof id);
    const std::lock_guard lock(hubs().mutex);
    hubs().hubs.erase(id.nonce);
}

std::unique_ptr<Exchange> Hub::join(const ncclUniqueId& unique, const Stop& stop) {
    Id id;
    std::memcpy(&id, unique.internal, sizeof id);
    id.address.host[sizeof id.address.host - 1] = 0;
    if (id.magic != kMagic) fail(ncclInvalidArgument, "not an id of ncclGetUniqueId");
    if (id.process == process_key()) {
        auto hub = find(id.nonce);
        if (!hub)
            fail(ncclInvalidArgument, "the unique id was used up: make one for each communicator");
        return std::make_unique<Local>(std::move(hub));
    }
    return std::make_unique<Remote>(id, stop);
}

void Hub::leave() {
    const std::lock_guard lock(mutex_);
    if (++gone_ >= ranks_) {
        const std::lock_guard all(hubs().mutex);
        for (auto at = hubs().hubs.begin(); at != hubs().hubs.end(); ++at)
            if (at->second.get() == this) {
                hubs().hubs.erase(at); // Local and serve() hold the hub while this runs
                break;
            }
    }
    changed_.notify_all();
}

std::vector<std::string> Hub::gather(Round round, int count, int index, const std::string& text,
                                     const Stop& stop) {
    std::unique_lock lock(mutex_);
    if (ranks_ == 0) ranks_ = count;
    Gathering& all = rounds_[round];
    if (all.texts.empty()) {
        all.texts.resize(size_t(count));
        all.here.resize(size_t(count));
        all.missing = all.readers = count;
    }
    if (int(all.texts.size()) != count)
        fail(ncclInvalidArgument, "ranks disagree: %d of them, or %d", int(all.texts.size()),
             count);
    if (all.here[size_t(index)]) fail(ncclInvalidUsage, "rank %d comes twice", index);
    all.here[size_t(index)] = 1;
    all.texts[size_t(index)] = text;
    if (--all.missing == 0) changed_.notify_all();
    while (all.missing > 0) {
        if (count + gone_ > ranks_) fail(ncclRemoteError, "a rank is gone that others wait for");
        changed_.wait_for(lock, std::chrono::milliseconds(100));
        if (stop && all.missing > 0) {
            lock.unlock(); // it may look at a connection
            const bool stopped = stop();
            lock.lock();
            if (stopped) fail(ncclRemoteError, "given up while waiting for other ranks");
        }
    }
    auto texts = all.texts;
    if (--all.readers == 0) rounds_.erase(round);
    return texts;
}

/// One listener of the process serves all hubs, so ids that are never used cost nothing. There is
/// one for each address that NCCL_SOCKET_IFNAME has named; a fork's child has its own.
Address Hub::listen() {
    static std::mutex mutex;
    static auto* listeners = new std::map<std::pair<int64_t, std::string>, Address>;
    const std::lock_guard lock(mutex);
    const std::pair<int64_t, std::string> key{process_key(), own_address().host};
    if (const auto found = listeners->find(key); found != listeners->end()) return found->second;
    Address address{};
    auto listener = std::make_shared<Socket>(listen_here(address));
    std::thread([listener] {
        for (;;) {
            // Without memory or a thread for it the connection is closed, and the next one may be
            // luckier.
            const ncclResult_t result = guard([&] {
                auto socket = std::make_shared<Socket>(accept_from(*listener));
                std::thread([socket] { serve(*socket); }).detach();
            });
            if (result != ncclSuccess) std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
    }).detach();
    (*listeners)[key] = address;
    return address;
}

void Hub::serve(const Socket& socket) {
    std::shared_ptr<Hub> hub; // of the connection's member, once it has said which
    const Stop closed = [&] { return hung_up(socket); };
    const auto end = std::chrono::steady_clock::now() + kGreetingTime;
    const Stop late = [&] { return !hub && std::chrono::steady_clock::now() > end; };
    Nonce nonce{};
    (void)guard([&] {
        for (;;) {
            Request request;
            socket.receive(&request, sizeof request, late);
            if (request.count < 1 || request.count > kMostRanks || request.index < 0 ||
                request.index >= request.count || request.bytes > kLongestText ||
                (hub && request.nonce != nonce))
                return; // nobody of ours
            if (!hub) hub = find(nonce = request.nonce);
            if (!hub) return;
            std::string text(request.bytes, 0);
            socket.receive(text.data(), text.size(), {});
            std::vector<std::string> texts;
            const uint32_t result = guard([&] {
                texts = hub->gather(request.round, request.count, request.index, text, closed);
            });
            socket.send(&result, sizeof result, closed);
            for (const auto& one : texts) {
                const auto bytes = uint32_t(one.size());
                socket.send(&bytes, sizeof bytes, closed);
                socket.send(one.data(), bytes, closed);
            }
        }
    });
    if (hub) hub->leave();
}

} // namespace acc::ccl
