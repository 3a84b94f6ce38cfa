// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/ccl/group.h"

#include "runtime/lib/common/api.h"

namespace acc::ccl {
namespace {

struct Group {
    int depth = 0;
    ncclResult_t result = ncclSuccess;
    std::vector<Operation> operations;
    std::vector<std::function<void()>> jobs;
};
thread_local Group group;

void run_jobs(const std::vector<std::function<void()>>& jobs) {
    std::vector<ncclResult_t> results(jobs.size(), ncclSuccess);
    std::vector<std::thread> threads;
    for (size_t i = 0; i < jobs.size(); ++i)
        threads.emplace_back([&, i] { results[i] = guard(jobs[i]); });
    for (std::thread& thread : threads)
        thread.join();
    for (const ncclResult_t result : results)
        if (result != ncclSuccess)
            fail(result, "a communicator of the group could not be made: %s",
                 ncclGetErrorString(result));
}

void run_operations(const std::vector<Operation>& operations) {
    std::vector<ncclComm*> comms; // in the order of their first calls
    std::map<ncclComm*, std::vector<Operation>> by_comm;
    for (const Operation& one : operations) {
        auto& list = by_comm[one.comm];
        if (list.empty()) comms.push_back(one.comm);
        list.push_back(one);
    }
    for (ncclComm* comm : comms)
        enqueue(ready(comm, "ncclGroupEnd"), by_comm[comm]);
}

/// Ends a level of groups; the group's calls when it was the outermost.
bool end(Group& calls, const char* function) {
    if (group.depth == 0) fail(ncclInvalidUsage, "%s: no group was started", function);
    if (--group.depth > 0) return false;
    std::swap(calls, group);
    return true;
}

} // namespace

bool in_group() {
    return group.depth > 0;
}

void submit(const Operation& operation) {
    if (in_group())
        group.operations.push_back(operation);
    else
        enqueue(*operation.comm, {operation});
}

void submit(std::function<void()> job) {
    if (in_group())
        group.jobs.push_back(std::move(job));
    else
        job();
}

ncclResult_t remember(ncclResult_t result) {
    if (in_group() && result != ncclSuccess && group.result == ncclSuccess) group.result = result;
    return result;
}

} // namespace acc::ccl

using namespace acc::ccl;

ACC_LIBRARY_API ncclResult_t ncclGroupStart() {
    ++group.depth;
    return ncclSuccess;
}

ACC_LIBRARY_API ncclResult_t ncclGroupEnd() {
    ncclResult_t earlier = ncclSuccess;
    const ncclResult_t result = guard([&] {
        Group calls;
        if (!end(calls, "ncclGroupEnd")) return;
        earlier = calls.result;
        if (earlier != ncclSuccess && earlier != ncclInProgress) return;
        run_jobs(calls.jobs);
        run_operations(calls.operations);
    });
    return result != ncclSuccess ? result : earlier;
}

ACC_LIBRARY_API ncclResult_t ncclGroupSimulateEnd(ncclSimInfo_t* info) {
    return guard([&] {
        Group calls;
        if (info != nullptr && (info->magic != 0x74685283 || info->size < sizeof *info))
            fail(ncclInvalidArgument,
                 "ncclGroupSimulateEnd: simInfo is not made by NCCL_SIM_INFO_INITIALIZER");
        end(calls, "ncclGroupSimulateEnd");
        if (info != nullptr) info->estimatedTime = NCCL_UNDEF_FLOAT; // we estimate nothing
    });
}
