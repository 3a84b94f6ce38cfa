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
    auto hub = std::make_shared<Hub>();
    if (listening) {
        auto listener = std::make_shared<Socket>(listen_here(id.address));
        std::thread(listen, hub, listener, id).detach();
    }
    {
        const std::lock_guard lock(hubs().mutex);
        hubs().hubs[id.nonce] = hub;
    }
    ncclUniqueId unique{};
    std::memcpy(unique.internal, &id, sizeof id);
    return unique;
}

std::unique_ptr<Exchange> Hub::join(const ncclUniqueId& unique, const Stop& stop) {
    Id id;
    std::memcpy(&id, unique.internal, sizeof id);
    id.address.host[sizeof id.address.host - 1] = 0;
    if (id.magic != kMagic) fail(ncclInvalidArgument, "not an id of ncclGetUniqueId");
    if (id.process == process_key()) {
        const std::lock_guard lock(hubs().mutex);
        const auto found = hubs().hubs.find(id.nonce);
        if (found == hubs().hubs.end())
            fail(ncclInvalidArgument, "the unique id was used up: make one for each communicator");
        return std::make_unique<Local>(found->second);
    }
    return std::make_unique<Remote>(id, stop);
}

void Hub::leave() {
    const std::lock_guard lock(mutex_);
    if (++gone_ >= ranks_) {
        const std::lock_guard all(hubs().mutex);
        for (auto at = hubs().hubs.begin(); at != hubs().hubs.end(); ++at)
            if (at->second.get() == this) {
                hubs().hubs.erase(at); // Local and listen() hold the hub while this runs
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
        if (all.missing + 0 > 0 && count + gone_ > ranks_)
            fail(ncclRemoteError, "a rank is gone that others wait for");
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

void Hub::listen(std::shared_ptr<Hub> hub, std::shared_ptr<Socket> listener, Id id) {
    (void)guard([&] {
        for (;;) {
            auto socket = std::make_shared<Socket>(accept_from(*listener, [&] {
                const std::lock_guard lock(hub->mutex_);
                return hub->ranks_ > 0 && hub->gone_ >= hub->ranks_;
            }));
            std::thread([hub, socket, id] {
                (void)guard([&] { hub->serve(std::move(*socket), id.nonce); });
            }).detach();
        }
    });
}

void Hub::serve(Socket socket, const Nonce& nonce) {
    bool member = false;
    const Stop closed = [&] { return hung_up(socket); };
    (void)guard([&] {
        for (;;) {
            Request request;
            socket.receive(&request, sizeof request, {});
            if (request.nonce != nonce || request.count < 1 || request.count > kMostRanks ||
                request.index < 0 || request.index >= request.count || request.bytes > kLongestText)
                return; // nobody of ours
            member = true;
            std::string text(request.bytes, 0);
            socket.receive(text.data(), text.size(), {});
            std::vector<std::string> texts;
            const uint32_t result = guard(
                [&] { texts = gather(request.round, request.count, request.index, text, closed); });
            socket.send(&result, sizeof result, closed);
            for (const auto& one : texts) {
                const auto bytes = uint32_t(one.size());
                socket.send(&bytes, sizeof bytes, closed);
                socket.send(one.data(), bytes, closed);
            }
        }
    });
    if (member) leave();
}

} // namespace acc::ccl
