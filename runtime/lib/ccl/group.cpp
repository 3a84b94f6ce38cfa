// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/ccl/group.h"

#include "runtime/lib/common/api.h"

#include <exception>
#include <future>

namespace acc::ccl {
namespace {

struct Group {
    int depth = 0;
    ncclResult_t result = ncclSuccess;
    std::vector<Operation> operations;
    std::vector<Job> jobs;
};
thread_local Group group;

void drop(const Group& calls) {
    for (const Job& job : calls.jobs)
        if (job.drop) job.drop();
}

struct Outcome {
    ncclResult_t result = ncclSuccess;
    std::string text;
};

/// Jobs wait for each other: none begins unless all have a thread.
void run_jobs(const Group& calls) {
    std::vector<Outcome> outcomes(calls.jobs.size());
    std::vector<std::thread> threads;
    std::promise<bool> go;
    const std::shared_future<bool> begin = go.get_future().share();
    bool all = true;
    try {
        for (size_t i = 0; i < calls.jobs.size(); ++i)
            threads.emplace_back([&calls, &outcomes, begin, i] {
                if (!begin.get()) return;
                outcomes[i].result = guard(calls.jobs[i].run);
                (void)guard([&] { outcomes[i].text = kept_error(); });
            });
    } catch (const std::exception&) { // no thread, or no memory for it
        all = false;
    }
    go.set_value(all);
    for (std::thread& thread : threads)
        thread.join();
    if (!all) {
        drop(calls);
        fail(ncclSystemError, "no thread for each of the group's %zu communicators",
             calls.jobs.size());
    }
    const Outcome* first = nullptr; // the cause: others may only have heard of it
    for (const Outcome& one : outcomes)
        if (one.result != ncclSuccess && (first == nullptr || first->result == ncclRemoteError))
            first = &one;
    if (first != nullptr)
        fail(first->result, "a communicator of the group could not be made: %s",
             first->text.empty() ? ncclGetErrorString(first->result) : first->text.c_str());
}

void run_operations(const std::vector<Operation>& operations) {
    std::vector<Held> comms; // in the order of their first calls
    std::map<Held, std::vector<Operation>> by_comm;
    for (const Operation& one : operations) {
        auto& list = by_comm[one.comm];
        if (list.empty()) comms.push_back(one.comm);
        list.push_back(one);
    }
    for (const Held& comm : comms)
        enqueue(*ready(comm.get(), "ncclGroupEnd"), by_comm[comm]);
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

void submit(Job job) {
    if (in_group())
        group.jobs.push_back(std::move(job));
    else
        job.run();
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
        if (earlier != ncclSuccess && earlier != ncclInProgress) return drop(calls);
        run_jobs(calls);
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
        if (end(calls, "ncclGroupSimulateEnd")) drop(calls);
        if (info != nullptr) info->estimatedTime = NCCL_UNDEF_FLOAT; // we estimate nothing
    });
}
