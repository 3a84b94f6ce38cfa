// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How communicators begin and end.
#include "runtime/lib/ccl/group.h"
#include "runtime/lib/common/api.h"

#include <algorithm>

namespace acc::ccl {
namespace {

/// What a config asks for that matters here: whether calls block. Throws when it is none.
bool blocking_of(const ncclConfig_t* config, const char* function) {
    if (config == nullptr) return true;
    if (config->magic != 0xcafebeef || config->size < offsetof(ncclConfig_t, cgaClusterSize))
        fail(ncclInvalidArgument, "%s: config is not made by NCCL_CONFIG_INITIALIZER", function);
    const int blocking = config->blocking;
    if (blocking != NCCL_CONFIG_UNDEF_INT && blocking != 0 && blocking != 1)
        fail(ncclInvalidArgument, "%s: config.blocking is %d", function, blocking);
    return blocking != 0;
}

int current_device() {
    int device = 0;
    check(cudaGetDevice(&device), "the current device");
    return device;
}

/// Others need not wait for a rank that ends.
void part(ncclComm& comm) {
    if (!comm.block) return;
    for (auto& [rank, neighbour] : comm.neighbours) {
        poke(neighbour->in(comm.rank).dead, 1u);
        poke(comm.block->in(rank).dead, 1u);
    }
}

void make(ncclComm& comm, const ncclUniqueId& id) {
    ncclResult_t result = guard([&] {
        if (given_up(comm)) fail(ncclInvalidUsage, "the communicator was aborted");
        connect(comm, id);
    });
    if (result != ncclSuccess) (void)guard([&] { comm.reason = kept_error(); });
    ncclResult_t before = ncclInProgress;
    if (!comm.state.compare_exchange_strong(before, result)) result = before; // aborted
    if (result == ncclSuccess) return;
    comm.exchange.reset(); // the others hear of it
    if (comm.proxy) comm.proxy->abandon();
    part(comm);
    throw Failure{result};
}

/// Makes the communicator and gives its handle, now, at the end of the group or in a thread.
void begin(ncclComm_t* out, int ranks, const ncclUniqueId& id, int rank, int device,
           bool blocking) {
    const auto comm = std::make_shared<ncclComm>(rank, ranks, device);
    comm->blocking = blocking;
    if (!blocking) comm->maker = std::thread([comm, id] { (void)guard([&] { make(*comm, id); }); });
    enlist(comm);
    *out = comm.get();
    if (!blocking) throw Failure{ncclInProgress};
    const auto drop = [=] {
        *out = nullptr;
        strike(comm.get());
    };
    submit({[=] {
                try {
                    make(*comm, id);
                } catch (...) {
                    drop();
                    throw;
                }
            },
            drop});
}

ncclResult_t init_rank(ncclComm_t* out, int ranks, const ncclUniqueId& id, int rank,
                       const ncclConfig_t* config, const char* function) {
    return remember(guard([&] {
        require(out, function, "comm");
        const bool blocking = blocking_of(config, function);
        if (ranks < 1 || ranks > kMostRanks || rank < 0 || rank >= ranks)
            fail(ncclInvalidArgument, "%s: rank %d of %d (at most %d)", function, rank, ranks,
                 kMostRanks);
        begin(out, ranks, id, rank, current_device(), blocking);
    }));
}

/// Graphs may run yet that have programs and reach the rings: a destroy waits for them, an abort
/// must not.
void give_up_memory(ncclComm& comm) {
    if (!comm.programs.any_kept()) return;
    const Fate fate = comm.aborted ? Fate::left : Fate::freed;
    comm.programs.end_as(fate);
    comm.block->end_as(fate);
    for (auto& [rank, neighbour] : comm.neighbours)
        neighbour->end_as(fate);
}

/// By the thread that has set `ended`.
void end(ncclComm& comm) {
    if (comm.maker.joinable()) comm.maker.join();
    {
        const std::lock_guard lock(comm.mutex);
    } // who enqueues is out, or sees that it ends
    drain(comm);
    give_up_memory(comm);
    if (comm.aborted && comm.proxy) comm.proxy->abandon();
    part(comm);
    strike(&comm);
}

/// A communicator of ranks of another.
ncclComm_t child(const ncclComm& parent, int rank, int ranks, const ncclUniqueId& id) {
    const auto made = std::make_shared<ncclComm>(rank, ranks, parent.device);
    made->parent = &parent;
    make(*made, id);
    made->parent = nullptr;
    enlist(made);
    return made.get();
}

struct Colour {
    int colour, key, rank;
};

void split(ncclComm& comm, int colour, int key, ncclComm_t* out) {
    const Colour mine{colour, key, comm.rank};
    std::vector<Colour> same;
    for (const std::string& text : tell_all(comm, 0, comm.ranks, comm.rank,
                                            {reinterpret_cast<const char*>(&mine), sizeof mine})) {
        Colour one{NCCL_SPLIT_NOCOLOR, 0, 0};
        if (text.size() == sizeof one) text.copy(reinterpret_cast<char*>(&one), sizeof one);
        if (one.colour == colour) same.push_back(one);
    }
    std::sort(same.begin(), same.end(), [](const Colour& a, const Colour& b) {
        return a.key != b.key ? a.key < b.key : a.rank < b.rank;
    });
    const bool leads = colour != NCCL_SPLIT_NOCOLOR && same[0].rank == comm.rank;
    std::string id;
    if (leads) id.assign(Hub::create(comm.proxy != nullptr).internal, NCCL_UNIQUE_ID_BYTES);
    const std::vector<std::string> ids = tell_all(comm, 0, comm.ranks, comm.rank, id);
    *out = nullptr;
    if (colour == NCCL_SPLIT_NOCOLOR) return;

    ncclUniqueId unique{};
    ids[size_t(same[0].rank)].copy(unique.internal, NCCL_UNIQUE_ID_BYTES);
    const auto place = std::find_if(same.begin(), same.end(),
                                    [&](const Colour& one) { return one.rank == comm.rank; });
    *out = child(comm, int(place - same.begin()), int(same.size()), unique);
}

void shrink(ncclComm& comm, const std::vector<int>& members, ncclComm_t* out) {
    const auto place = std::find(members.begin(), members.end(), comm.rank);
    const int index = int(place - members.begin()), count = int(members.size());
    uint64_t key = 1469598103934665603ull; // FNV-1a
    for (const int member : members)
        key = (key ^ uint64_t(member)) * 1099511628211ull;
    std::string id;
    if (index == 0) id.assign(Hub::create(comm.proxy != nullptr).internal, NCCL_UNIQUE_ID_BYTES);
    ncclUniqueId unique{};
    tell_all(comm, key | 1, count, index, id)[0].copy(unique.internal, NCCL_UNIQUE_ID_BYTES);
    *out = child(comm, index, count, unique);
}

std::vector<int> members_without(const ncclComm& comm, const int* excluded, int count) {
    std::vector<int> members;
    for (int rank = 0; rank < comm.ranks; ++rank)
        if (std::find(excluded, excluded + count, rank) == excluded + count)
            members.push_back(rank);
    if (members.size() + size_t(count) != size_t(comm.ranks))
        fail(ncclInvalidArgument, "ncclCommShrink: a rank that is none, or comes twice");
    if (std::find(members.begin(), members.end(), comm.rank) == members.end())
        fail(ncclInvalidArgument, "ncclCommShrink: called by an excluded rank");
    return members;
}

} // namespace
} // namespace acc::ccl

ncclComm::~ncclComm() {
    for (const acc::ccl::LastLaunch* last : {&eager, &captured})
        if (last->event != nullptr) cudaEventDestroy(last->event);
    for (void* one : registrations)
        delete static_cast<ncclWindow*>(one);
    for (ncclWindow* one : windows)
        delete one;
}

using namespace acc::ccl;

ACC_LIBRARY_API ncclResult_t ncclGetUniqueId(ncclUniqueId* id) {
    return guard([&] {
        require(id, "ncclGetUniqueId", "uniqueId");
        *id = Hub::create(true);
    });
}

ACC_LIBRARY_API ncclResult_t ncclCommInitRank(ncclComm_t* comm, int ranks, ncclUniqueId id,
                                              int rank) {
    return init_rank(comm, ranks, id, rank, nullptr, "ncclCommInitRank");
}

ACC_LIBRARY_API ncclResult_t ncclCommInitRankConfig(ncclComm_t* comm, int ranks, ncclUniqueId id,
                                                    int rank, ncclConfig_t* config) {
    return init_rank(comm, ranks, id, rank, config, "ncclCommInitRankConfig");
}

ACC_LIBRARY_API ncclResult_t ncclCommInitRankScalable(ncclComm_t* comm, int ranks, int rank,
                                                      int count, ncclUniqueId* ids,
                                                      ncclConfig_t* config) {
    if (count < 1 || ids == nullptr)
        return remember(guard([&] {
            fail(ncclInvalidArgument, "ncclCommInitRankScalable: nId is %d, or commIds is null",
                 count);
        }));
    return init_rank(comm, ranks, ids[0], rank, config, "ncclCommInitRankScalable");
}

ACC_LIBRARY_API ncclResult_t ncclCommInitAll(ncclComm_t* comms, int count, const int* devices) {
    return guard([&] {
        require(comms, "ncclCommInitAll", "comm");
        int present = 0;
        check(cudaGetDeviceCount(&present), "the number of devices");
        if (count < 1 || (devices == nullptr && count > present))
            fail(ncclInvalidArgument, "ncclCommInitAll: ndev is %d, of %d devices", count, present);
        std::set<int> seen;
        for (int i = 0; devices != nullptr && i < count; ++i) {
            if (devices[i] < 0 || devices[i] >= present)
                fail(ncclInvalidArgument, "ncclCommInitAll: device %d of %d", devices[i], present);
            if (!seen.insert(devices[i]).second && !may_share_devices())
                fail(ncclInvalidUsage, "Duplicate GPU detected : device %d twice in devlist",
                     devices[i]);
        }
        const ncclUniqueId id = Hub::create(false);
        const ncclResult_t started = ncclGroupStart();
        if (started != ncclSuccess) throw Failure{started};
        (void)guard([&] {
            for (int i = 0; i < count; ++i)
                begin(&comms[i], count, id, i, devices != nullptr ? devices[i] : i, true);
        });
        const ncclResult_t ended = ncclGroupEnd();
        if (ended != ncclSuccess) throw Failure{ended};
    });
}

ACC_LIBRARY_API ncclResult_t ncclCommFinalize(ncclComm_t handle) {
    return guard([&] {
        const Held held = ready(handle, "ncclCommFinalize");
        ncclComm& comm = *held;
        if (comm.finalized.exchange(true))
            fail(ncclInvalidArgument, "ncclCommFinalize: the communicator was finalized before");
        drain(comm);
    });
}

ACC_LIBRARY_API ncclResult_t ncclCommDestroy(ncclComm_t handle) {
    if (handle == nullptr) return ncclSuccess;
    return guard([&] {
        const Held comm = known(handle, "ncclCommDestroy");
        if (comm->blocking && comm->state == ncclInProgress)
            fail(ncclInvalidArgument, "ncclCommDestroy: the communicator is still being made");
        if (comm->ended.exchange(true))
            fail(ncclInvalidArgument, "ncclCommDestroy: another thread destroys the communicator");
        end(*comm);
    });
}

ACC_LIBRARY_API ncclResult_t ncclCommAbort(ncclComm_t handle) {
    if (handle == nullptr) return ncclSuccess;
    return guard([&] {
        const Held comm = known(handle, "ncclCommAbort");
        comm->aborted = true;
        ncclResult_t before = ncclInProgress;
        const bool unmade = comm->state.compare_exchange_strong(before, ncclInternalError);
        if (before == ncclSuccess && comm->block)
            poke(comm->block->fabric().stop, uint32_t(ncclInternalError));
        if (comm->ended.exchange(true)) return; // the thread that ends it will soon be through
        if (unmade && comm->blocking)
            strike(handle); // the thread that makes it hears of it, and holds it until then
        else
            end(*comm);
    });
}

ACC_LIBRARY_API ncclResult_t ncclCommSplit(ncclComm_t handle, int colour, int key, ncclComm_t* out,
                                           ncclConfig_t* config) {
    return remember(guard([&] {
        const Held held = ready(handle, "ncclCommSplit");
        require(out, "ncclCommSplit", "newcomm");
        blocking_of(config, "ncclCommSplit");
        if (colour < 0 && colour != NCCL_SPLIT_NOCOLOR)
            fail(ncclInvalidArgument, "ncclCommSplit: color is %d", colour);
        submit({[=] { split(*held, colour, key, out); }, {}});
    }));
}

ACC_LIBRARY_API ncclResult_t ncclCommShrink(ncclComm_t handle, int* excluded, int count,
                                            ncclComm_t* out, ncclConfig_t* config, int flags) {
    return remember(guard([&] {
        const Held held = ready(handle, "ncclCommShrink");
        ncclComm& comm = *held;
        require(out, "ncclCommShrink", "newcomm");
        require(excluded, "ncclCommShrink", "excludeRanksList");
        blocking_of(config, "ncclCommShrink");
        if (count < 1 || count >= comm.ranks || (flags & ~NCCL_SHRINK_ABORT) != 0)
            fail(ncclInvalidArgument, "ncclCommShrink: %d of %d ranks, flags 0x%x", count,
                 comm.ranks, unsigned(flags));
        std::vector<int> members = members_without(comm, excluded, count);
        if ((flags & NCCL_SHRINK_ABORT) != 0) {
            poke(comm.block->fabric().stop, uint32_t(ncclInternalError));
            drain(comm);
        }
        submit({[=] { shrink(*held, members, out); }, {}});
    }));
}
