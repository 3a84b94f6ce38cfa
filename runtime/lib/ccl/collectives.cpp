// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The functions that move data: their arguments.
#include "runtime/lib/ccl/group.h"
#include "runtime/lib/common/api.h"

#include <cstring>

namespace acc::ccl {

size_t size_of(ncclDataType_t type) {
    switch (type) {
    case ncclInt8:
    case ncclUint8:
    case ncclFloat8e4m3:
    case ncclFloat8e5m2: return 1;
    case ncclFloat16:
    case ncclBfloat16: return 2;
    case ncclInt32:
    case ncclUint32:
    case ncclFloat32: return 4;
    case ncclInt64:
    case ncclUint64:
    case ncclFloat64: return 8;
    default: return 0;
    }
}

namespace {

/// Which pointers a call has: always, on the root alone, never.
enum class Needs { always, root, never };
struct Rule {
    const char* name;
    Needs from, to;
};

constexpr Rule kRules[] = {
    {"ncclAllReduce", Needs::always, Needs::always},
    {"ncclReduce", Needs::always, Needs::root},
    {"ncclBroadcast", Needs::root, Needs::always},
    {"ncclAllGather", Needs::always, Needs::always},
    {"ncclReduceScatter", Needs::always, Needs::always},
    {"ncclAlltoAll", Needs::always, Needs::always},
    {"ncclGather", Needs::always, Needs::root},
    {"ncclScatter", Needs::root, Needs::always},
    {"ncclSend", Needs::always, Needs::never},
    {"ncclRecv", Needs::never, Needs::always},
};

/// ncclAvg and its like stay; the communicator's own operators are sums with a scalar.
void resolve(ncclComm& comm, Operation& call, const char* name) {
    if (call.op >= 0 && call.op < ncclNumOps) return;
    const std::lock_guard lock(comm.mutex);
    const auto found = comm.operators.find(call.op);
    if (found == comm.operators.end())
        fail(ncclInvalidArgument, "%s: %d is no operator", name, call.op);
    if (found->second.type != call.type)
        fail(ncclInvalidArgument, "%s: the operator was made for type %d, not %d", name,
             int(found->second.type), int(call.type));
    call.op = ncclSum;
    call.scalar = found->second.scalar;
}

ncclResult_t call(Call which, const void* from, void* to, size_t count, ncclDataType_t type, int op,
                  int root, ncclComm_t handle, cudaStream_t stream) {
    return remember(guard([&] {
        const Rule& rule = kRules[int(which)];
        const Held held = ready(handle, rule.name);
        ncclComm& comm = *held;
        if (comm.finalized) fail(ncclInvalidUsage, "%s: the communicator was finalized", rule.name);
        const size_t size = size_of(type);
        if (size == 0) fail(ncclInvalidArgument, "%s: %d is no data type", rule.name, int(type));
        if (root < 0 || root >= comm.ranks)
            fail(ncclInvalidArgument, "%s: rank %d of %d", rule.name, root, comm.ranks);
        if (count > (size_t(1) << 62) / size / size_t(comm.ranks))
            fail(ncclInvalidArgument, "%s: %zu elements", rule.name, count);
        Operation operation{which, held, from, to, count, type, op, {}, root, stream};
        resolve(comm, operation, rule.name);
        if (count == 0) return;
        const auto needs = [&](Needs need) {
            return need == Needs::always || (need == Needs::root && root == comm.rank);
        };
        if (needs(rule.from)) require(from, rule.name, "sendbuff");
        if (needs(rule.to)) require(to, rule.name, "recvbuff");
        submit(operation);
    }));
}

} // namespace
} // namespace acc::ccl

using namespace acc::ccl;

ACC_LIBRARY_API ncclResult_t ncclAllReduce(const void* from, void* to, size_t count,
                                           ncclDataType_t type, ncclRedOp_t op, ncclComm_t comm,
                                           cudaStream_t stream) {
    return call(Call::all_reduce, from, to, count, type, op, 0, comm, stream);
}

ACC_LIBRARY_API ncclResult_t ncclReduce(const void* from, void* to, size_t count,
                                        ncclDataType_t type, ncclRedOp_t op, int root,
                                        ncclComm_t comm, cudaStream_t stream) {
    return call(Call::reduce, from, to, count, type, op, root, comm, stream);
}

ACC_LIBRARY_API ncclResult_t ncclReduceScatter(const void* from, void* to, size_t count,
                                               ncclDataType_t type, ncclRedOp_t op, ncclComm_t comm,
                                               cudaStream_t stream) {
    return call(Call::reduce_scatter, from, to, count, type, op, 0, comm, stream);
}

ACC_LIBRARY_API ncclResult_t ncclBroadcast(const void* from, void* to, size_t count,
                                           ncclDataType_t type, int root, ncclComm_t comm,
                                           cudaStream_t stream) {
    return call(Call::broadcast, from, to, count, type, ncclSum, root, comm, stream);
}

ACC_LIBRARY_API ncclResult_t ncclBcast(void* memory, size_t count, ncclDataType_t type, int root,
                                       ncclComm_t comm, cudaStream_t stream) {
    return call(Call::broadcast, memory, memory, count, type, ncclSum, root, comm, stream);
}

ACC_LIBRARY_API ncclResult_t ncclAllGather(const void* from, void* to, size_t count,
                                           ncclDataType_t type, ncclComm_t comm,
                                           cudaStream_t stream) {
    return call(Call::all_gather, from, to, count, type, ncclSum, 0, comm, stream);
}

ACC_LIBRARY_API ncclResult_t ncclAlltoAll(const void* from, void* to, size_t count,
                                          ncclDataType_t type, ncclComm_t comm,
                                          cudaStream_t stream) {
    return call(Call::all_to_all, from, to, count, type, ncclSum, 0, comm, stream);
}

ACC_LIBRARY_API ncclResult_t ncclGather(const void* from, void* to, size_t count,
                                        ncclDataType_t type, int root, ncclComm_t comm,
                                        cudaStream_t stream) {
    return call(Call::gather, from, to, count, type, ncclSum, root, comm, stream);
}

ACC_LIBRARY_API ncclResult_t ncclScatter(const void* from, void* to, size_t count,
                                         ncclDataType_t type, int root, ncclComm_t comm,
                                         cudaStream_t stream) {
    return call(Call::scatter, from, to, count, type, ncclSum, root, comm, stream);
}

ACC_LIBRARY_API ncclResult_t ncclSend(const void* from, size_t count, ncclDataType_t type, int peer,
                                      ncclComm_t comm, cudaStream_t stream) {
    return call(Call::send, from, nullptr, count, type, ncclSum, peer, comm, stream);
}

ACC_LIBRARY_API ncclResult_t ncclRecv(void* to, size_t count, ncclDataType_t type, int peer,
                                      ncclComm_t comm, cudaStream_t stream) {
    return call(Call::receive, nullptr, to, count, type, ncclSum, peer, comm, stream);
}

ACC_LIBRARY_API ncclResult_t ncclRedOpCreatePreMulSum(ncclRedOp_t* op, void* scalar,
                                                      ncclDataType_t type,
                                                      ncclScalarResidence_t residence,
                                                      ncclComm_t handle) {
    return guard([&] {
        constexpr const char* kName = "ncclRedOpCreatePreMulSum";
        const Held held = ready(handle, kName);
        ncclComm& comm = *held;
        require(op, kName, "op");
        require(scalar, kName, "scalar");
        const size_t size = size_of(type);
        if (size == 0) fail(ncclInvalidArgument, "%s: %d is no data type", kName, int(type));
        Operator made{type, {true, nullptr, 0}};
        if (residence == ncclScalarHostImmediate)
            std::memcpy(&made.scalar.bits, scalar, size);
        else if (residence == ncclScalarDevice)
            made.scalar.memory = scalar;
        else
            fail(ncclInvalidArgument, "%s: %d is no residence", kName, int(residence));
        const std::lock_guard lock(comm.mutex);
        int number = ncclNumOps;
        while (comm.operators.contains(number))
            ++number;
        comm.operators[number] = made;
        *op = ncclRedOp_t(number);
    });
}
