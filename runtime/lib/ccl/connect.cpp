// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How the ranks of a new communicator find each other, and the rings between them.
#include "runtime/lib/ccl/communicator.h"
#include "runtime/lib/ccl/kernels.h"

#include <array>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <unistd.h>

namespace acc::ccl {
namespace {

/// Rounds of the exchange while a communicator is made; the later ones follow.
enum : uint64_t { kHello, kWhere, kDone, kFirstRound };

struct Hello {
    int64_t process;
    uint64_t machine;
    char device[24]; ///< PCI address
    const Fabric* fabric;
    uint32_t slot_bytes;
};

/// The same for all processes of a machine that is up.
uint64_t machine_key() {
    std::string text;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> text;
    char name[256] = {};
    gethostname(name, sizeof name - 1);
    return std::hash<std::string>()(text + name);
}

template <class T>
std::string text_of(const T& value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

template <class T>
T value_of(const std::string& text) {
    if (text.size() != sizeof(T)) fail(ncclInvalidUsage, "ranks of different versions of accCCL");
    T value;
    std::memcpy(&value, text.data(), sizeof value);
    return value;
}

std::vector<std::string> gather(ncclComm& comm, uint64_t round, const std::string& text) {
    return comm.exchange->gather({round, 0}, comm.ranks, comm.rank, text,
                                 [&] { return given_up(comm); });
}

std::vector<Hello> greet(ncclComm& comm) {
    Hello mine{};
    mine.process = process_key();
    mine.machine = machine_key();
    check(cudaDeviceGetPCIBusId(mine.device, sizeof mine.device, comm.device),
          "the device's place");
    mine.fabric = &comm.block->fabric();
    mine.slot_bytes = comm.block->fabric().slot_bytes;
    std::vector<Hello> all;
    for (const std::string& text : gather(comm, kHello, text_of(mine)))
        all.push_back(value_of<Hello>(text));
    return all;
}

void refuse_twins(const std::vector<Hello>& all) {
    if (may_share_devices()) return;
    for (size_t a = 0; a < all.size(); ++a)
        for (size_t b = 0; b < a; ++b)
            if (all[a].machine == all[b].machine &&
                std::strncmp(all[a].device, all[b].device, sizeof all[a].device) == 0)
                fail(ncclInvalidUsage,
                     "Duplicate GPU detected : rank %d and rank %d both on device %.23s "
                     "(ACC_DEVICES=N "
                     "gives processes N modelled devices, NCCL_MULTI_RANK_GPU_ENABLE=1 lets ranks "
                     "share one)",
                     int(b), int(a), all[a].device);
}

/// Connections to the ranks of other processes: to those before from us, to those after from them.
void connect_remote(ncclComm& comm, const std::vector<Hello>& all) {
    const int64_t mine = all[size_t(comm.rank)].process;
    bool remote = false;
    for (const Hello& one : all)
        remote |= one.process != mine;
    Address here{};
    Socket listener;
    if (remote) listener = listen_here(here);
    const std::vector<std::string> where = gather(comm, kWhere, text_of(here));
    if (!remote) return;

    const Stop stop = [&] { return given_up(comm); };
    comm.proxy = std::make_unique<Proxy>(comm.block->fabric().slot_bytes);
    int later = 0;
    for (int rank = 0; rank < comm.ranks; ++rank) {
        if (all[size_t(rank)].process == mine) continue;
        if (rank > comm.rank) {
            ++later;
            continue;
        }
        Socket socket = connect_to(value_of<Address>(where[size_t(rank)]), stop);
        const int64_t from[2] = {comm.rank, mine};
        socket.send(from, sizeof from, stop);
        comm.proxy->add(std::move(socket), comm.block->in(rank), comm.block->add_out(rank));
    }
    if (later == 0) return;
    std::set<int64_t> seen;
    const auto greeted = [&](Socket& socket, const std::string& text) {
        const auto from = value_of<std::array<int64_t, 2>>(text);
        if (from[0] <= comm.rank || from[0] >= comm.ranks ||
            all[size_t(from[0])].process != from[1] || !seen.insert(from[0]).second)
            return false; // nobody of ours
        const int rank = int(from[0]);
        comm.proxy->add(std::move(socket), comm.block->in(rank), comm.block->add_out(rank));
        return --later == 0;
    };
    accept_greetings(listener, sizeof(int64_t[2]), greeted, stop);
}

void connect_neighbours(ncclComm& comm, const std::vector<Hello>& all) {
    for (int rank = 0; rank < comm.ranks; ++rank) {
        const Hello& one = all[size_t(rank)];
        if (rank == comm.rank || one.process != all[size_t(comm.rank)].process) continue;
        auto block = Block::find(one.fabric);
        if (!block) fail(ncclInternalError, "rank %d is not where it says", rank);
        comm.block->set_out(rank, block->in(comm.rank));
        comm.neighbours[rank] = std::move(block);
    }
}

} // namespace

bool may_share_devices() {
    const char* text = std::getenv("NCCL_MULTI_RANK_GPU_ENABLE");
    return text != nullptr && std::strcmp(text, "1") == 0;
}

void connect(ncclComm& comm, const ncclUniqueId& id) {
    {
        const Quietly quietly(comm.device);
        check(load_kernels(), "the library's kernels");
        for (LastLaunch* last : {&comm.eager, &comm.captured})
            check(cudaEventCreateWithFlags(&last->event, cudaEventDisableTiming), "an event");
    }
    if (comm.ranks == 1) return Hub::forget(id);
    comm.exchange = Hub::join(id, [&] { return given_up(comm); });
    comm.block = Block::create(comm.device, comm.rank, comm.ranks);
    const std::vector<Hello> all = greet(comm);
    refuse_twins(all);
    connect_neighbours(comm, all);
    connect_remote(comm, all);
    gather(comm, kDone, {});
    if (comm.proxy) comm.proxy->start();
}

std::vector<std::string> tell_all(ncclComm& comm, uint64_t members, int count, int index,
                                  const std::string& text) {
    if (comm.ranks == 1) return {text};
    uint64_t round;
    {
        const std::lock_guard lock(comm.mutex);
        round = kFirstRound + comm.rounds[members]++;
    }
    return comm.exchange->gather({round, members}, count, index, text,
                                 [&] { return given_up(comm); });
}

} // namespace acc::ccl
