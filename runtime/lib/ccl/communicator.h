// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A rank of a communicator, and what may be done with its handle.
#pragma once

#include "runtime/lib/ccl/block.h"
#include "runtime/lib/ccl/error.h"
#include "runtime/lib/ccl/hub.h"
#include "runtime/lib/ccl/proxy.h"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

/// Of ncclCommWindowRegister; all that a window is.
struct ncclWindow {
    void* memory;
    size_t bytes;
};

namespace acc::ccl {

/// An operator of ncclRedOpCreatePreMulSum.
struct Operator {
    ncclDataType_t type;
    Scalar scalar;
};

/// The last program of a communicator, for those in other streams. What a capture records is no
/// order for what runs at once, and the other way round: there is one for each.
struct LastLaunch {
    cudaEvent_t event = nullptr;
    cudaStream_t stream = nullptr;
    unsigned long long capture = 0; ///< of the stream, 0: none
    bool any = false;
};

} // namespace acc::ccl

struct ncclComm {
    ncclComm(int rank_, int ranks_, int device_)
        : rank(rank_), ranks(ranks_), device(device_), programs(device_) {}
    ~ncclComm();

    const int rank, ranks, device;
    bool blocking = true;

    /// InProgress while a thread makes it; then what came of it.
    std::atomic<ncclResult_t> state{ncclInProgress};
    std::atomic<bool> aborted{false}, finalized{false};
    std::atomic<bool> ended{false};   ///< a thread ends it: nothing is enqueued any more
    std::thread maker;                ///< with blocking == false
    const ncclComm* parent = nullptr; ///< while it is made of another
    std::string reason;               ///< why it could not be made; written before `state`

    // With more than one rank:
    std::unique_ptr<acc::ccl::Exchange> exchange;
    std::shared_ptr<acc::ccl::Block> block;
    std::map<int, std::shared_ptr<acc::ccl::Block>> neighbours; ///< of this process, by rank
    acc::ccl::Programs programs;
    std::unique_ptr<acc::ccl::Proxy> proxy; ///< last: it uses the rings

    std::mutex mutex;
    std::map<uint64_t, uint64_t> rounds; ///< of the exchange after the making, by who takes part
    acc::ccl::LastLaunch eager, captured;
    std::map<int, acc::ccl::Operator> operators;
    std::set<void*> registrations;
    std::set<ncclWindow*> windows;
};

namespace acc::ccl {

/// Whoever is inside a communicator holds it: another thread may abort it meanwhile.
using Held = std::shared_ptr<ncclComm>;

/// Makes the handles' communicators known, and unknown.
void enlist(const Held& comm);
void strike(const ncclComm* comm);

/// Throws when the handle is no communicator's (any more).
Held known(const ncclComm* comm, const char* function);
/// ... or not ready.
Held ready(const ncclComm* comm, const char* function);
/// Whether who waits for other ranks gives up.
bool given_up(const ncclComm& comm);
void require(const void* pointer, const char* function, const char* name);

/// Whether ranks may share a device: NCCL_MULTI_RANK_GPU_ENABLE=1.
bool may_share_devices();
/// Connects a new communicator with the others of its id; throws.
void connect(ncclComm& comm, const ncclUniqueId& id);
/// Everybody's text, of those that `members` stands for (0: all).
std::vector<std::string> tell_all(ncclComm& comm, uint64_t members, int count, int index,
                                  const std::string& text);

/// Waits for the communicator's kernels, or until it is aborted.
void drain(ncclComm& comm);

/// All communicators of the process, for its exit.
void flush_all();

} // namespace acc::ccl
