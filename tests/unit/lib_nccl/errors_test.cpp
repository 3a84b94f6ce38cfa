// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is refused, and how.
#include "rig.h"

#include <filesystem>
#include <iterator>

namespace acc::nccl_test {
namespace {

TEST(Errors, OfCommunicators) {
    ncclUniqueId id;
    ncclComm_t comm = nullptr;
    EXPECT_EQ(ncclGetUniqueId(nullptr), ncclInvalidArgument);
    OK(ncclGetUniqueId(&id));
    EXPECT_EQ(ncclCommInitRank(nullptr, 1, id, 0), ncclInvalidArgument);
    EXPECT_EQ(ncclCommInitRank(&comm, 0, id, 0), ncclInvalidArgument);
    EXPECT_EQ(ncclCommInitRank(&comm, 2, id, 2), ncclInvalidArgument);
    EXPECT_EQ(ncclCommInitRank(&comm, 2, id, -1), ncclInvalidArgument);
    EXPECT_EQ(ncclCommInitRank(&comm, 2, ncclUniqueId{}, 0), ncclInvalidArgument);
    ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
    config.magic = 1;
    EXPECT_EQ(ncclCommInitRankConfig(&comm, 1, id, 0, &config), ncclInvalidArgument);
    EXPECT_STRNE(ncclGetLastError(nullptr), "");
    EXPECT_EQ(ncclCommInitAll(&comm, 0, nullptr), ncclInvalidArgument);
    const int absent[] = {1000}, twice[] = {0, 0};
    ncclComm_t two[2];
    EXPECT_EQ(ncclCommInitAll(&comm, 1, absent), ncclInvalidArgument);
    EXPECT_EQ(ncclCommInitAll(two, 2, twice), ncclInvalidUsage);
    EXPECT_EQ(ncclGroupEnd(), ncclInvalidUsage);
    EXPECT_EQ(ncclCommDestroy(nullptr), ncclSuccess);
    EXPECT_EQ(ncclAllReduce(&id, &id, 1, ncclInt8, ncclSum, nullptr, nullptr), ncclInvalidArgument);

    OK(ncclCommInitRank(&comm, 1, id, 0));
    ncclResult_t error = ncclInternalError;
    OK(ncclCommGetAsyncError(comm, &error));
    EXPECT_EQ(error, ncclSuccess);
    EXPECT_EQ(ncclCommCount(comm, nullptr), ncclInvalidArgument);
    OK(ncclCommFinalize(comm));
    EXPECT_EQ(ncclAllReduce(&id, &id, 1, ncclInt8, ncclSum, comm, nullptr), ncclInvalidUsage);
    OK(ncclCommDestroy(comm));
    EXPECT_EQ(ncclCommDestroy(comm), ncclInvalidArgument);
    int version = 0;
    OK(ncclGetVersion(&version));
    EXPECT_EQ(version, NCCL_VERSION_CODE);
}

/// Ids share a socket, whether or not communicators come of them.
TEST(Ids, CostNoDescriptors) {
    const auto descriptors = [] {
        const std::filesystem::directory_iterator all("/proc/self/fd");
        return std::distance(begin(all), end(all));
    };
    ncclUniqueId id;
    OK(ncclGetUniqueId(&id));
    ncclComm_t comm;
    OK(ncclCommInitRank(&comm, 1, id, 0));
    OK(ncclCommDestroy(comm));
    const auto before = descriptors();
    for (int i = 0; i < 5; ++i)
        OK(ncclGetUniqueId(&id));
    EXPECT_EQ(descriptors(), before);
}

TEST(Errors, OfCalls) {
    ncclComm_t comm = nullptr;
    OK(ncclCommInitAll(&comm, 1, nullptr));
    const Memory memory(64);
    void* at = memory.at();
    EXPECT_EQ(ncclAllReduce(nullptr, at, 1, ncclInt8, ncclSum, comm, nullptr), ncclInvalidArgument);
    EXPECT_EQ(ncclAllReduce(at, nullptr, 1, ncclInt8, ncclSum, comm, nullptr), ncclInvalidArgument);
    EXPECT_EQ(ncclAllReduce(at, at, 1, ncclNumTypes, ncclSum, comm, nullptr), ncclInvalidArgument);
    EXPECT_EQ(ncclAllReduce(at, at, 1, ncclInt8, ncclNumOps, comm, nullptr), ncclInvalidArgument);
    EXPECT_EQ(ncclBroadcast(at, at, 1, ncclInt8, 1, comm, nullptr), ncclInvalidArgument);
    EXPECT_EQ(ncclReduce(at, at, 1, ncclInt8, ncclSum, -1, comm, nullptr), ncclInvalidArgument);
    EXPECT_EQ(ncclAllReduce(nullptr, nullptr, 0, ncclInt8, ncclSum, comm, nullptr), ncclSuccess);

    ncclRedOp_t op;
    const float three = 3;
    OK(ncclRedOpCreatePreMulSum(&op, const_cast<float*>(&three), ncclFloat, ncclScalarHostImmediate,
                                comm));
    EXPECT_EQ(ncclAllReduce(at, at, 1, ncclDouble, op, comm, nullptr), ncclInvalidArgument);

    OK(ncclGroupStart()); // an error in a group is the end's, and nothing of the group is done
    OK(ncclAllReduce(at, at, 1, ncclFloat, op, comm, nullptr));
    EXPECT_EQ(ncclAllReduce(nullptr, at, 1, ncclFloat, op, comm, nullptr), ncclInvalidArgument);
    EXPECT_EQ(ncclGroupEnd(), ncclInvalidArgument);
    OK(cudaDeviceSynchronize());
    EXPECT_EQ(memory.get(), Bytes(64, 0xa5));

    void* handle = nullptr;
    ncclWindow_t window = nullptr;
    OK(ncclCommRegister(comm, at, 64, &handle));
    OK(ncclCommDeregister(comm, handle));
    EXPECT_EQ(ncclCommDeregister(comm, handle), ncclInvalidArgument);
    OK(ncclCommWindowRegister(comm, at, 64, &window, NCCL_WIN_COLL_SYMMETRIC));
    OK(ncclCommWindowDeregister(comm, window));
    void* allocated = nullptr;
    OK(ncclMemAlloc(&allocated, 100));
    OK(ncclMemFree(allocated));
    OK(ncclCommDestroy(comm));
}

} // namespace
} // namespace acc::nccl_test
