// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A rank in each process. A test starts its own program once for each rank, with the same test,
// which finds its rank in the environment.
#include "rig.h"

#include <csignal>
#include <cstdlib>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace acc::nccl_test {
namespace {

constexpr int kRanks = 3;
constexpr size_t kCount = 100'003; // several chunks

/// The rank of this process; -1: it is the test's.
int own_rank() {
    const char* text = std::getenv("ACC_TEST_NCCL_RANK");
    return text != nullptr ? std::atoi(text) : -1;
}

/// The id as hexadecimal digits, for the environment.
std::string text_of(const ncclUniqueId& id) {
    std::string text;
    for (const char c : id.internal) {
        char two[3];
        std::snprintf(two, sizeof two, "%02x", unsigned(static_cast<unsigned char>(c)));
        text += two;
    }
    return text;
}

ncclUniqueId given_id() {
    ncclUniqueId id;
    const std::string text = std::getenv("ACC_TEST_NCCL_ID");
    for (size_t i = 0; i < sizeof id.internal; ++i)
        id.internal[i] = char(std::stoi(text.substr(2 * i, 2), nullptr, 16));
    return id;
}

/// Starts this test once for each rank; how each ended, as waitpid says.
std::vector<int> start_ranks() {
    ncclUniqueId id;
    EXPECT_EQ(ncclGetUniqueId(&id), ncclSuccess);
    setenv("ACC_TEST_NCCL_ID", text_of(id).c_str(), 1);
    setenv("NCCL_MULTI_RANK_GPU_ENABLE", "1", 1);
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    const std::string filter = std::string("--gtest_filter=") + info->test_suite_name() + "." +
                               info->name();
    std::vector<pid_t> children;
    for (int r = 0; r < kRanks; ++r) {
        setenv("ACC_TEST_NCCL_RANK", std::to_string(r).c_str(), 1);
        const pid_t child = fork();
        if (child == 0) {
            execl("/proc/self/exe", "lib_nccl_test", filter.c_str(), nullptr);
            _exit(99);
        }
        children.push_back(child);
    }
    unsetenv("ACC_TEST_NCCL_RANK");
    unsetenv("NCCL_MULTI_RANK_GPU_ENABLE");
    std::vector<int> ends;
    for (const pid_t child : children) {
        int status = -1;
        waitpid(child, &status, 0);
        ends.push_back(status);
    }
    return ends;
}

TEST(Processes, ReduceSendAndSplit) {
    const int rank = own_rank();
    if (rank < 0) {
        EXPECT_EQ(start_ranks(), std::vector<int>(kRanks, 0));
        return;
    }
    int present = 0;
    OK(cudaGetDeviceCount(&present));
    OK(cudaSetDevice(rank % present));
    ncclComm_t comm, pair;
    OK(ncclCommInitRank(&comm, kRanks, given_id(), rank));
    const Memory from(elements(ncclInt32, rank, 0, kCount)), to(4 * kCount);
    for (int round = 0; round < 2; ++round)
        OK(ncclAllReduce(from.at(), to.at(), kCount, ncclInt32, ncclSum, comm, nullptr));
    OK(cudaDeviceSynchronize());
    EXPECT_EQ(to.get(), combined(ncclInt32, ncclSum, kRanks, 0, kCount));
    const int next = (rank + 1) % kRanks, last = (rank + kRanks - 1) % kRanks;
    OK(ncclGroupStart());
    OK(ncclSend(from.at(), kCount, ncclInt32, next, comm, nullptr));
    OK(ncclRecv(to.at(), kCount, ncclInt32, last, comm, nullptr));
    OK(ncclGroupEnd());
    OK(cudaDeviceSynchronize());
    EXPECT_EQ(to.get(), elements(ncclInt32, last, 0, kCount));
    OK(ncclCommSplit(comm, rank == 1 ? NCCL_SPLIT_NOCOLOR : 0, 0, &pair, nullptr));
    if (rank != 1) {
        OK(ncclBroadcast(from.at(), to.at(), 100, ncclInt32, 1, pair, nullptr));
        OK(cudaDeviceSynchronize());
        EXPECT_EQ(to.get(0, 400), elements(ncclInt32, 2, 0, 100));
        OK(ncclCommDestroy(pair));
    }
    OK(ncclCommDestroy(comm));
}

/// Who waits for a process that was killed hears of it; what that had sent before arrives.
TEST(Processes, AKilledOneIsARemoteError) {
    const int rank = own_rank();
    if (rank < 0) {
        const std::vector<int> ends = start_ranks();
        EXPECT_EQ(ends[0], 0);
        EXPECT_TRUE(WIFSIGNALED(ends[1]));
        EXPECT_EQ(ends[2], 0);
        return;
    }
    int present = 0;
    OK(cudaGetDeviceCount(&present));
    OK(cudaSetDevice(rank % present));
    ncclComm_t comm;
    OK(ncclCommInitRank(&comm, kRanks, given_id(), rank));
    const Memory memory(elements(ncclInt32, rank, 0, kCount));
    if (rank == 1) {
        OK(ncclSend(memory.at(), 100, ncclInt32, 0, comm, nullptr));
        OK(cudaDeviceSynchronize());
        std::this_thread::sleep_for(std::chrono::milliseconds(300)); // for the proxy
        raise(SIGKILL);
    }
    if (rank == 0) {
        ncclResult_t error = ncclInternalError;
        OK(ncclRecv(memory.at(), 100, ncclInt32, 1, comm, nullptr));
        OK(cudaDeviceSynchronize());
        OK(ncclCommGetAsyncError(comm, &error));
        EXPECT_EQ(error, ncclSuccess);
        EXPECT_EQ(memory.get(0, 400), elements(ncclInt32, 1, 0, 100));
        OK(ncclRecv(memory.at(), kCount, ncclInt32, 1, comm, nullptr));
        OK(cudaDeviceSynchronize());
        OK(ncclCommGetAsyncError(comm, &error));
        EXPECT_EQ(error, ncclRemoteError);
    }
    OK(ncclCommDestroy(comm));
}

} // namespace
} // namespace acc::nccl_test
