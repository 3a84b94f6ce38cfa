// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calls between ncclGroupStart and ncclGroupEnd wait there for the outermost end; others are groups
// of one.
#pragma once

#include "runtime/lib/ccl/communicator.h"

#include <functional>
#include <vector>

namespace acc::ccl {

enum class Call {
    all_reduce,
    reduce,
    broadcast,
    all_gather,
    reduce_scatter,
    all_to_all,
    gather,
    scatter,
    send,
    receive,
};

struct Operation {
    Call call;
    Held comm;
    const void* from;
    void* to;
    size_t count;
    ncclDataType_t type;
    int op; ///< one of NCCL's; the scalar says more
    Scalar scalar;
    int root; ///< or the peer
    cudaStream_t stream;
};

bool in_group();
/// Does it, or keeps it for the group's end.
void submit(const Operation& operation);
/// What waits for other ranks on the host.
struct Job {
    std::function<void()> run;
    std::function<void()> drop; ///< instead, when its group comes to nothing; does not throw
};
/// The same for jobs: those of a group have a thread each.
void submit(Job job);
/// Of a call in a group: the end gives it as well.
ncclResult_t remember(ncclResult_t result);

size_t size_of(ncclDataType_t type);

/// Enqueues what one communicator has in a group, in the order of the calls.
void enqueue(ncclComm& comm, const std::vector<Operation>& operations);

} // namespace acc::ccl
