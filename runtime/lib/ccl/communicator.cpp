// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/ccl/communicator.h"

#include "runtime/lib/common/api.h"

#include <chrono>
#include <cstdlib>

namespace acc::ccl {
namespace {

struct Register {
    std::mutex mutex;
    std::map<const ncclComm*, Held> comms;
};
Register& all() {
    static auto* all = [] {
        std::atexit(flush_all);
        return new Register; // never destroyed: threads may be using it when the process exits
    }();
    return *all;
}

} // namespace

void enlist(const Held& comm) {
    const std::lock_guard lock(all().mutex);
    all().comms[comm.get()] = comm;
}

void strike(const ncclComm* comm) {
    Held last; // ends without the lock
    const std::lock_guard lock(all().mutex);
    const auto found = all().comms.find(comm);
    if (found == all().comms.end()) return;
    last = std::move(found->second);
    all().comms.erase(found);
}

Held known(const ncclComm* comm, const char* function) {
    const std::lock_guard lock(all().mutex);
    if (comm == nullptr) fail(ncclInvalidArgument, "%s: the communicator is null", function);
    const auto found = all().comms.find(comm);
    if (found == all().comms.end())
        fail(ncclInvalidArgument, "%s: not a communicator, or one that was destroyed", function);
    return found->second;
}

Held ready(const ncclComm* handle, const char* function) {
    Held comm = known(handle, function);
    const ncclResult_t state = comm->state;
    if (state == ncclInProgress)
        fail(ncclInvalidArgument,
             "%s: the communicator is still being made (ncclCommGetAsyncError tells when it is)",
             function);
    if (state != ncclSuccess) fail(state, "%s: the communicator could not be made", function);
    return comm;
}

bool given_up(const ncclComm& comm) {
    return comm.aborted || (comm.parent != nullptr && comm.parent->aborted);
}

void require(const void* pointer, const char* function, const char* name) {
    if (pointer == nullptr) fail(ncclInvalidArgument, "%s: %s is null", function, name);
}

void drain(ncclComm& comm) {
    if (!comm.block) return;
    while (comm.programs.busy()) {
        const Quietly quietly(comm.device);
        const cudaError_t error = cudaStreamQuery(cudaStreamPerThread); // says of a dead context
        if (error != cudaSuccess && error != cudaErrorNotReady) return;
        std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
}

/// What kernels have sent goes out before the process ends, within reason.
void flush_all() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    const std::lock_guard lock(all().mutex);
    for (const auto& [handle, comm] : all().comms)
        while (comm->state == ncclSuccess && comm->proxy && !comm->proxy->flushed() &&
               std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(std::chrono::microseconds(100));
}

} // namespace acc::ccl

using namespace acc::ccl;

ACC_LIBRARY_API ncclResult_t ncclCommGetAsyncError(ncclComm_t handle, ncclResult_t* error) {
    return guard([&] {
        const Held held = known(handle, "ncclCommGetAsyncError");
        ncclComm& comm = *held;
        require(error, "ncclCommGetAsyncError", "asyncError");
        *error = comm.state;
        if (*error != ncclSuccess && *error != ncclInProgress && !comm.aborted)
            keep_error(comm.reason.c_str()); // a thread of ours has it
        if (*error != ncclSuccess) return;
        if (comm.block) *error = ncclResult_t(peek(comm.block->fabric().stop));
        if (*error != ncclSuccess) return;
        const Quietly quietly(comm.device);
        const cudaError_t device = cudaPeekAtLastError();
        if (device == cudaErrorIllegalAddress || device == cudaErrorLaunchFailure)
            *error = ncclUnhandledCudaError;
    });
}

ACC_LIBRARY_API ncclResult_t ncclCommCount(const ncclComm_t handle, int* count) {
    return guard([&] {
        const Held held = ready(handle, "ncclCommCount");
        const ncclComm& comm = *held;
        require(count, "ncclCommCount", "count");
        *count = comm.ranks;
    });
}

ACC_LIBRARY_API ncclResult_t ncclCommCuDevice(const ncclComm_t handle, int* device) {
    return guard([&] {
        const Held held = ready(handle, "ncclCommCuDevice");
        const ncclComm& comm = *held;
        require(device, "ncclCommCuDevice", "device");
        *device = comm.device;
    });
}

ACC_LIBRARY_API ncclResult_t ncclCommUserRank(const ncclComm_t handle, int* rank) {
    return guard([&] {
        const Held held = ready(handle, "ncclCommUserRank");
        const ncclComm& comm = *held;
        require(rank, "ncclCommUserRank", "rank");
        *rank = comm.rank;
    });
}
