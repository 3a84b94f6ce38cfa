// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Several ranks in a process, on as many devices as there are.
#include "rig.h"

#include <atomic>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

namespace acc::nccl_test {
namespace {

class Ranks : public ::testing::Test {
  protected:
    static constexpr int kRanks = 3;
    static constexpr size_t kCount = 1001; ///< no multiple of the ranks

    void SetUp() override {
        setenv("NCCL_MULTI_RANK_GPU_ENABLE", "1", 1);
        int present = 0;
        OK(cudaGetDeviceCount(&present));
        for (int r = 0; r < kRanks; ++r)
            devices_[r] = r % present;
        OK(ncclCommInitAll(comms_, kRanks, devices_));
        for (int r = 0; r < kRanks; ++r) {
            OK(cudaSetDevice(devices_[r]));
            OK(cudaStreamCreateWithFlags(&streams_[r], cudaStreamNonBlocking));
        }
    }
    void TearDown() override {
        unsetenv("NCCL_MULTI_RANK_GPU_ENABLE");
        for (int r = 0; r < kRanks; ++r) {
            OK(ncclCommDestroy(comms_[r]));
            OK(cudaStreamDestroy(streams_[r]));
        }
    }
    /// body(rank) for all in a group, then waits.
    template <class Body>
    void all(Body body) {
        OK(ncclGroupStart());
        for (int r = 0; r < kRanks; ++r)
            body(r);
        OK(ncclGroupEnd());
        wait();
    }
    void wait() {
        for (cudaStream_t stream : streams_)
            OK(cudaStreamSynchronize(stream));
    }
    /// Memory of each rank, on its device.
    std::vector<std::unique_ptr<Memory>> memories(size_t bytes) {
        std::vector<std::unique_ptr<Memory>> result;
        for (int r = 0; r < kRanks; ++r) {
            EXPECT_EQ(cudaSetDevice(devices_[r]), cudaSuccess);
            result.push_back(std::make_unique<Memory>(bytes));
        }
        return result;
    }
    std::vector<std::unique_ptr<Memory>> inputs(int type, size_t count) {
        auto result = memories(count * kSizes[type]);
        for (int r = 0; r < kRanks; ++r)
            result[size_t(r)]->set(0, elements(type, r, 0, count));
        return result;
    }

    int devices_[kRanks];
    ncclComm_t comms_[kRanks];
    cudaStream_t streams_[kRanks];
};

TEST_F(Ranks, ReduceEveryTypeByEveryOperator) {
    for (int type = 0; type < kTypes; ++type) {
        const auto from = inputs(type, kCount), to = memories(kCount * kSizes[type]);
        for (int op = ncclSum; op < ncclNumOps; ++op) {
            all([&](int r) {
                OK(ncclAllReduce(from[r]->at(), to[r]->at(), kCount, ncclDataType_t(type),
                                 ncclRedOp_t(op), comms_[r], streams_[r]));
            });
            const Bytes expected = combined(type, op, kRanks, 0, kCount);
            for (int r = 0; r < kRanks; ++r)
                EXPECT_EQ(to[r]->get(), expected) << type << " " << op << " rank " << r;
        }
    }
}

TEST_F(Ranks, CollectivesInPlaceAndNot) {
    constexpr size_t kBig = 100'003; // several chunks
    const auto type = ncclInt32;
    const auto from = inputs(type, kBig);
    const Bytes sum = combined(type, ncclSum, kRanks, 0, kBig);
    for (const bool in_place : {false, true}) {
        const auto to = in_place ? inputs(type, kBig) : memories(4 * kBig);
        const auto source = [&](int r) { return in_place ? to[r]->at() : from[r]->at(); };
        all([&](int r) {
            OK(ncclReduce(source(r), to[r]->at(), kBig, type, ncclSum, 1, comms_[r], streams_[r]));
        });
        EXPECT_EQ(to[1]->get(), sum);
        if (in_place) to[1]->set(0, elements(type, 1, 0, kBig));
        all([&](int r) {
            OK(ncclBroadcast(source(r), to[r]->at(), kBig, type, 2, comms_[r], streams_[r]));
        });
        for (int r = 0; r < kRanks; ++r)
            EXPECT_EQ(to[r]->get(), from[2]->get());
    }
    const size_t part = 1001, bytes = 4 * part;
    const auto slice = [&](int owner, int r) {
        return elements(type, owner, size_t(r) * part, part);
    };
    for (const bool in_place : {false, true}) {
        const auto to = in_place ? inputs(type, kRanks * part) : memories(kRanks * bytes);
        all([&](int r) {
            char* here = in_place ? to[r]->at(size_t(r) * bytes) : to[r]->at();
            OK(ncclReduceScatter(in_place ? to[r]->at() : from[r]->at(), here, part, type, ncclSum,
                                 comms_[r], streams_[r]));
        });
        for (int r = 0; r < kRanks; ++r)
            EXPECT_EQ(to[r]->get(in_place ? size_t(r) * bytes : 0, bytes),
                      combined(type, ncclSum, kRanks, size_t(r) * part, part));
        all([&](int r) {
            char* own = to[r]->at(size_t(r) * bytes);
            if (in_place) to[r]->set(size_t(r) * bytes, slice(r, 0));
            OK(ncclAllGather(in_place ? own : from[r]->at(), to[r]->at(), part, type, comms_[r],
                             streams_[r]));
        });
        for (int r = 0; r < kRanks; ++r)
            for (int s = 0; s < kRanks; ++s)
                EXPECT_EQ(to[r]->get(size_t(s) * bytes, bytes), slice(s, 0));
    }
    const auto to = memories(kRanks * bytes);
    all([&](int r) {
        OK(ncclAlltoAll(from[r]->at(), to[r]->at(), part, type, comms_[r], streams_[r]));
    });
    for (int r = 0; r < kRanks; ++r)
        for (int s = 0; s < kRanks; ++s)
            EXPECT_EQ(to[r]->get(size_t(s) * bytes, bytes), slice(s, r));
    all([&](int r) {
        OK(ncclGather(from[r]->at(), r == 2 ? to[r]->at() : nullptr, part, type, 2, comms_[r],
                      streams_[r]));
    });
    for (int s = 0; s < kRanks; ++s)
        EXPECT_EQ(to[2]->get(size_t(s) * bytes, bytes), slice(s, 0));
    all([&](int r) {
        OK(ncclScatter(r == 1 ? from[r]->at() : nullptr, to[r]->at(), part, type, 1, comms_[r],
                       streams_[r]));
    });
    for (int r = 0; r < kRanks; ++r)
        EXPECT_EQ(to[r]->get(0, bytes), slice(1, r));
}

/// Floats whose sum depends on the order: it is that of the ranks, whoever is late.
TEST_F(Ranks, SumsAreInTheOrderOfRanks) {
    const float values[kRanks] = {1e8f, -1e8f, 1.0f};
    const auto from = memories(4 * kCount), to = memories(4 * kCount);
    for (int r = 0; r < kRanks; ++r) {
        std::vector<float> many(kCount, values[r]);
        Bytes bytes(4 * kCount);
        std::memcpy(bytes.data(), many.data(), bytes.size());
        from[r]->set(0, bytes);
    }
    std::vector<std::thread> threads; // one a rank, as programs with a thread for each device
    for (int r = kRanks - 1; r >= 0; --r)
        threads.emplace_back([&, r] {
            cudaSetDevice(devices_[r]);
            EXPECT_EQ(ncclAllReduce(from[r]->at(), to[r]->at(), kCount, ncclFloat, ncclSum,
                                    comms_[r], streams_[r]),
                      ncclSuccess);
            EXPECT_EQ(cudaStreamSynchronize(streams_[r]), cudaSuccess);
        });
    for (std::thread& thread : threads)
        thread.join();
    for (int r = 0; r < kRanks; ++r) {
        std::vector<float> many(kCount);
        std::memcpy(many.data(), to[r]->get().data(), 4 * kCount);
        EXPECT_EQ(many, std::vector<float>(kCount, 1.0f));
    }
}

TEST_F(Ranks, MessagesOfAGroupDoNotWaitForEachOther) {
    constexpr size_t kBytes = 1'000'001; // more than rings hold
    const auto from = memories(kBytes), to = memories(2 * kBytes);
    for (int r = 0; r < kRanks; ++r)
        from[r]->set(0, elements(ncclUint8, r, 0, kBytes));
    all([&](int r) { // sends come first everywhere
        const int next = (r + 1) % kRanks, last = (r + kRanks - 1) % kRanks;
        OK(ncclSend(from[r]->at(), kBytes, ncclUint8, next, comms_[r], streams_[r]));
        OK(ncclSend(from[r]->at(), kBytes, ncclUint8, next, comms_[r], streams_[r]));
        OK(ncclRecv(to[r]->at(), kBytes, ncclUint8, last, comms_[r], streams_[r]));
        OK(ncclRecv(to[r]->at(kBytes), kBytes, ncclUint8, last, comms_[r], streams_[r]));
    });
    for (int r = 0; r < kRanks; ++r)
        for (const size_t offset : {size_t(0), kBytes})
            EXPECT_EQ(to[r]->get(offset, kBytes), from[(r + kRanks - 1) % kRanks]->get());
}

TEST_F(Ranks, OwnOperatorsAreEachRanksOwn) {
    const auto from = inputs(ncclFloat16, kCount), to = memories(2 * kCount);
    ncclRedOp_t ops[kRanks];
    for (int r = 0; r < kRanks; ++r) {
        __half factor(2.0f);
        OK(ncclRedOpCreatePreMulSum(&ops[r], &factor, ncclFloat16, ncclScalarHostImmediate,
                                    comms_[r]));
    }
    all([&](int r) {
        OK(ncclAllReduce(from[r]->at(), to[r]->at(), kCount, ncclFloat16, ops[r], comms_[r],
                         streams_[r]));
    });
    for (int r = 0; r < kRanks; ++r)
        EXPECT_EQ(to[r]->get(), combined(ncclFloat16, ncclSum, kRanks, 0, kCount, 2));
}

TEST_F(Ranks, GraphsRunAgainAndAgain) {
    const auto from = inputs(ncclInt64, kCount), to = memories(8 * kCount);
    cudaGraphExec_t execs[kRanks];
    for (int r = 0; r < kRanks; ++r) {
        cudaGraph_t graph;
        OK(cudaSetDevice(devices_[r]));
        OK(cudaStreamBeginCapture(streams_[r], cudaStreamCaptureModeThreadLocal));
        OK(ncclAllReduce(from[r]->at(), to[r]->at(), kCount, ncclInt64, ncclSum, comms_[r],
                         streams_[r]));
        OK(cudaStreamEndCapture(streams_[r], &graph));
        OK(cudaGraphInstantiate(&execs[r], graph, 0));
        OK(cudaGraphDestroy(graph));
    }
    for (int round = 0; round < 3; ++round) {
        for (int r = 0; r < kRanks; ++r) {
            OK(cudaSetDevice(devices_[r]));
            OK(cudaMemset(to[r]->at(), 0, 8 * kCount));
            OK(cudaDeviceSynchronize());
        }
        for (int r = 0; r < kRanks; ++r)
            OK(cudaGraphLaunch(execs[r], streams_[r]));
        wait();
        for (int r = 0; r < kRanks; ++r)
            EXPECT_EQ(to[r]->get(), combined(ncclInt64, ncclSum, kRanks, 0, kCount));
    }
    for (cudaGraphExec_t exec : execs)
        OK(cudaGraphExecDestroy(exec));
}

/// Calls in other streams wait for a call that waits for rank 1, whatever was called in between:
/// rank 2's bytes are there, and stay in the ring.
TEST_F(Ranks, StreamsKeepTheOrderOfCalls) {
    const auto memory = memories(64);
    cudaStream_t more[3];
    OK(cudaSetDevice(devices_[0]));
    for (cudaStream_t& stream : more)
        OK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    const auto waits = [&](auto between) {
        OK(cudaSetDevice(devices_[0]));
        OK(ncclRecv(memory[0]->at(), 4, ncclInt8, 1, comms_[0], streams_[0]));
        between();
        OK(ncclRecv(memory[0]->at(8), 4, ncclInt8, 2, comms_[0], more[0]));
        OK(ncclSend(memory[2]->at(), 4, ncclInt8, 0, comms_[2], streams_[2]));
        OK(cudaStreamSynchronize(streams_[2]));
        std::this_thread::sleep_for(std::chrono::milliseconds(100)); // for a kernel to go wrong
        EXPECT_EQ(cudaStreamQuery(more[0]), cudaErrorNotReady);
        OK(ncclSend(memory[1]->at(), 4, ncclInt8, 0, comms_[1], streams_[1]));
        wait();
        OK(cudaStreamSynchronize(more[0]));
    };
    waits([&] { // a capture
        cudaGraph_t graph;
        OK(cudaStreamBeginCapture(more[1], cudaStreamCaptureModeThreadLocal));
        OK(ncclSend(memory[0]->at(), 4, ncclInt8, 1, comms_[0], more[1]));
        OK(cudaStreamEndCapture(more[1], &graph));
        OK(cudaGraphDestroy(graph));
    });
    waits([&] { // a group of several streams, with nothing for other ranks
        OK(ncclGroupStart());
        OK(ncclSend(memory[0]->at(16), 4, ncclInt8, 0, comms_[0], more[1]));
        OK(ncclRecv(memory[0]->at(32), 4, ncclInt8, 0, comms_[0], more[2]));
        OK(ncclGroupEnd());
    });
    for (const cudaStream_t stream : more)
        OK(cudaStreamDestroy(stream));
}

TEST_F(Ranks, SplitAndShrink) {
    ncclComm_t halves[kRanks], rest[2];
    OK(ncclGroupStart());
    for (int r = 0; r < kRanks; ++r) // 2 and 0, in this order; 1 is left out
        OK(ncclCommSplit(comms_[r], r == 1 ? NCCL_SPLIT_NOCOLOR : 5, -r, &halves[r], nullptr));
    OK(ncclGroupEnd());
    EXPECT_EQ(halves[1], nullptr);
    int rank = -1, count = 0, excluded[] = {1};
    OK(ncclCommUserRank(halves[0], &rank));
    OK(ncclCommCount(halves[0], &count));
    EXPECT_EQ(rank, 1);
    EXPECT_EQ(count, 2);
    OK(ncclGroupStart());
    for (int i = 0; i < 2; ++i)
        OK(ncclCommShrink(comms_[2 * i], excluded, 1, &rest[i], nullptr, NCCL_SHRINK_DEFAULT));
    OK(ncclGroupEnd());
    const auto from = inputs(ncclInt32, kCount), to = memories(4 * kCount);
    OK(ncclGroupStart());
    for (const int r : {0, 2})
        OK(ncclBroadcast(from[r]->at(), to[r]->at(), kCount, ncclInt32, 0, halves[r], streams_[r]));
    for (int i = 0; i < 2; ++i)
        OK(ncclBcast(to[2 * i]->at(), 1, ncclInt32, 0, rest[i], streams_[2 * i]));
    OK(ncclGroupEnd());
    wait();
    EXPECT_EQ(to[0]->get(), from[2]->get()) << "rank 0 of the half is rank 2 of all";
    for (const ncclComm_t comm : {halves[0], halves[2], rest[0], rest[1]})
        OK(ncclCommDestroy(comm));
}

TEST_F(Ranks, AbortEndsWhatWaits) {
    const Memory memory(64);
    OK(cudaSetDevice(devices_[0]));
    OK(ncclRecv(memory.at(), 64, ncclInt8, 1, comms_[0], streams_[0])); // nobody sends
    EXPECT_EQ(cudaStreamQuery(streams_[0]), cudaErrorNotReady);
    OK(ncclCommAbort(comms_[0]));
    OK(cudaStreamSynchronize(streams_[0]));
    OK(cudaSetDevice(devices_[1]));
    OK(ncclRecv(memory.at(), 64, ncclInt8, 0, comms_[1], streams_[1])); // nobody will
    OK(cudaStreamSynchronize(streams_[1]));
    ncclResult_t error = ncclSuccess;
    OK(ncclCommGetAsyncError(comms_[1], &error));
    EXPECT_EQ(error, ncclRemoteError);
    comms_[0] = nullptr;
}

/// One communicator's kernel waits for ever; another one is aborted and made again meanwhile.
TEST_F(Ranks, AbortDoesNotWaitForOtherCommunicators) {
    const Memory memory(64);
    ncclComm_t others[kRanks];
    OK(ncclCommInitAll(others, kRanks, devices_));
    cudaStream_t stream;
    OK(cudaSetDevice(devices_[0]));
    OK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    OK(ncclRecv(memory.at(), 4, ncclInt8, 1, comms_[0], streams_[0]));
    OK(ncclRecv(memory.at(8), 4, ncclInt8, 1, others[0], stream));
    for (ncclComm_t other : others)
        OK(ncclCommAbort(other));
    OK(cudaStreamSynchronize(stream));
    EXPECT_EQ(cudaStreamQuery(streams_[0]), cudaErrorNotReady);
    OK(ncclCommAbort(comms_[0]));
    comms_[0] = nullptr;
    OK(cudaStreamSynchronize(streams_[0]));
    OK(cudaStreamDestroy(stream));
}

/// A thread waits in the making of a communicator that another one aborts.
TEST(Aborted, WhileItIsMade) {
    ncclUniqueId id;
    OK(cudaSetDevice(0));
    for (const int blocking : {1, 0}) {
        OK(ncclGetUniqueId(&id));
        ncclComm_t comm = nullptr;
        ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
        config.blocking = blocking;
        ncclResult_t made = ncclSuccess;
        std::thread maker([&] { made = ncclCommInitRankConfig(&comm, 2, id, 0, &config); });
        ncclComm_t handle = nullptr;
        while (handle == nullptr)
            handle = std::atomic_ref(comm).load();
        OK(ncclCommAbort(handle));
        maker.join();
        EXPECT_NE(made, ncclSuccess);
        EXPECT_EQ(ncclCommDestroy(handle), ncclInvalidArgument);
    }
}

/// One thread enqueues until another aborts.
TEST_F(Ranks, AbortWhileAThreadCalls) {
    const Memory memory(64);
    std::atomic<int> calls{0};
    std::thread caller([&] {
        EXPECT_EQ(cudaSetDevice(devices_[0]), cudaSuccess);
        while (ncclBroadcast(memory.at(), memory.at(), 4, ncclInt8, 0, comms_[0], streams_[0]) ==
               ncclSuccess)
            ++calls;
    });
    while (calls < 3)
        std::this_thread::yield();
    OK(ncclCommAbort(comms_[0]));
    caller.join();
    OK(cudaStreamSynchronize(streams_[0]));
    comms_[0] = nullptr;
}

TEST(Twins, AreRefused) {
    ncclUniqueId id;
    ncclComm_t comms[2];
    OK(cudaSetDevice(0));
    OK(ncclGetUniqueId(&id));
    OK(ncclGroupStart());
    for (int r = 0; r < 2; ++r)
        OK(ncclCommInitRank(&comms[r], 2, id, r));
    EXPECT_EQ(ncclGroupEnd(), ncclInvalidUsage);
    EXPECT_NE(std::string(ncclGetLastError(nullptr)).find("Duplicate GPU"), std::string::npos);
    EXPECT_EQ(comms[0], nullptr);
}

} // namespace
} // namespace acc::nccl_test
