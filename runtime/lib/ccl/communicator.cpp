// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/ccl/communicator.h"

#include "runtime/lib/common/api.h"

#include <chrono>
#include <cstdlib>

namespace acc::ccl {
namespace {

struct Register {
    std::mutex mutex;
    std::set<const ncclComm*> comms;
};
Register& all() {
    static auto* all = [] {
        std::atexit(flush_all);
        return new Register; // never destroyed: threads may be using it when the process exits
    }();
    return *all;
}

} // namespace

void enlist(ncclComm* comm) {
    const std::lock_guard lock(all().mutex);
    all().comms.insert(comm);
}

void strike(ncclComm* comm) {
    const std::lock_guard lock(all().mutex);
    all().comms.erase(comm);
}

ncclComm& known(const ncclComm* comm, const char* function) {
    const std::lock_guard lock(all().mutex);
    if (comm == nullptr) fail(ncclInvalidArgument, "%s: the communicator is null", function);
    if (!all().comms.contains(comm))
        fail(ncclInvalidArgument, "%s: not a communicator, or one that was destroyed", function);
    return *const_cast<ncclComm*>(comm);
}

ncclComm& ready(const ncclComm* handle, const char* function) {
    ncclComm& comm = known(handle, function);
    const ncclResult_t state = comm.state;
    if (state == ncclInProgress)
        fail(ncclInvalidArgument,
             "%s: the communicator is still being made (ncclCommGetAsyncError tells when it is)",
             function);
    if (state != ncclSuccess) fail(state, "%s: the communicator could not be made", function);
    return comm;
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
    for (const ncclComm* comm : all().comms)
        while (comm->state == ncclSuccess && comm->proxy && !comm->proxy->flushed() &&
               std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(std::chrono::microseconds(100));
}

} // namespace acc::ccl

using namespace acc::ccl;

ACC_LIBRARY_API ncclResult_t ncclCommGetAsyncError(ncclComm_t handle, ncclResult_t* error) {
    return guard([&] {
        ncclComm& comm = known(handle, "ncclCommGetAsyncError");
        require(error, "ncclCommGetAsyncError", "asyncError");
        *error = comm.state;
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
        const ncclComm& comm = ready(handle, "ncclCommCount");
        require(count, "ncclCommCount", "count");
        *count = comm.ranks;
    });
}

ACC_LIBRARY_API ncclResult_t ncclCommCuDevice(const ncclComm_t handle, int* device) {
    return guard([&] {
        const ncclComm& comm = ready(handle, "ncclCommCuDevice");
        require(device, "ncclCommCuDevice", "device");
        *device = comm.device;
    });
}

ACC_LIBRARY_API ncclResult_t ncclCommUserRank(const ncclComm_t handle, int* rank) {
    return guard([&] {
        const ncclComm& comm = ready(handle, "ncclCommUserRank");
        require(rank, "ncclCommUserRank", "rank");
        *rank = comm.rank;
    });
}
