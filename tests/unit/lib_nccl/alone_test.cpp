// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One device, one rank: what most programs are run with first.
#include "rig.h"

namespace acc::nccl_test {
namespace {

class Alone : public ::testing::Test {
  protected:
    void SetUp() override {
        OK(ncclCommInitAll(&comm_, 1, nullptr));
        OK(cudaStreamCreate(&stream_));
    }
    void TearDown() override {
        OK(ncclCommDestroy(comm_));
        OK(cudaStreamDestroy(stream_));
    }
    ncclComm_t comm_ = nullptr;
    cudaStream_t stream_ = nullptr;
    static constexpr size_t kCount = 1000;
};

TEST_F(Alone, CollectivesCopy) {
    int count = 0, rank = -1, device = -1;
    OK(ncclCommCount(comm_, &count));
    OK(ncclCommUserRank(comm_, &rank));
    OK(ncclCommCuDevice(comm_, &device));
    EXPECT_EQ(count, 1);
    EXPECT_EQ(rank, 0);
    EXPECT_EQ(device, 0);
    const Bytes bytes = elements(ncclFloat, 0, 0, kCount);
    const Memory from(bytes);
    const auto fills = [&](auto call) {
        const Memory to(bytes.size());
        OK(call(to.at()));
        OK(cudaStreamSynchronize(stream_));
        EXPECT_EQ(to.get(), bytes);
    };
    for (int op = ncclSum; op < ncclNumOps; ++op) {
        const auto which = ncclRedOp_t(op);
        fills([&](void* to) {
            return ncclAllReduce(from.at(), to, kCount, ncclFloat, which, comm_, stream_);
        });
        fills([&](void* to) {
            return ncclReduce(from.at(), to, kCount, ncclFloat, which, 0, comm_, stream_);
        });
        fills([&](void* to) {
            return ncclReduceScatter(from.at(), to, kCount, ncclFloat, which, comm_, stream_);
        });
    }
    fills([&](void* to) {
        return ncclBroadcast(from.at(), to, kCount, ncclFloat, 0, comm_, stream_);
    });
    fills(
        [&](void* to) { return ncclAllGather(from.at(), to, kCount, ncclFloat, comm_, stream_); });
    fills([&](void* to) { return ncclAlltoAll(from.at(), to, kCount, ncclFloat, comm_, stream_); });
    fills(
        [&](void* to) { return ncclGather(from.at(), to, kCount, ncclFloat, 0, comm_, stream_); });
    fills(
        [&](void* to) { return ncclScatter(from.at(), to, kCount, ncclFloat, 0, comm_, stream_); });
    OK(ncclAllReduce(from.at(), from.at(), kCount, ncclFloat, ncclSum, comm_, stream_));
    OK(ncclBcast(from.at(), kCount, ncclFloat, 0, comm_, stream_));
    OK(cudaStreamSynchronize(stream_));
    EXPECT_EQ(from.get(), bytes);
}

TEST_F(Alone, OwnOperatorsMultiply) {
    for (int type = 0; type < kTypes; ++type) {
        const Memory from(elements(type, 0, 0, kCount)), to(kCount * kSizes[type]);
        Bytes three(8);
        with_type(type, [&](auto element) {
            element = decltype(element)(3.0f);
            std::memcpy(three.data(), &element, sizeof element);
        });
        const Memory scalar(three);
        for (const bool on_device : {false, true}) {
            ncclRedOp_t op;
            OK(ncclRedOpCreatePreMulSum(
                &op, on_device ? static_cast<void*>(scalar.at()) : three.data(),
                ncclDataType_t(type), on_device ? ncclScalarDevice : ncclScalarHostImmediate,
                comm_));
            OK(ncclAllReduce(from.at(), to.at(), kCount, ncclDataType_t(type), op, comm_, stream_));
            OK(ncclRedOpDestroy(op, comm_));
            OK(cudaStreamSynchronize(stream_));
            EXPECT_EQ(to.get(), combined(type, ncclSum, 1, 0, kCount, 3)) << type;
            EXPECT_EQ(ncclRedOpDestroy(op, comm_), ncclInvalidArgument);
        }
    }
}

TEST_F(Alone, SendsToItself) {
    const Memory a(elements(ncclInt32, 0, 0, kCount)), b(elements(ncclInt32, 1, 0, kCount));
    const Memory first(4 * kCount), second(4 * kCount);
    OK(ncclGroupStart());
    OK(ncclRecv(first.at(), kCount, ncclInt32, 0, comm_, stream_));
    OK(ncclSend(a.at(), kCount, ncclInt32, 0, comm_, stream_));
    OK(ncclSend(b.at(), kCount, ncclInt32, 0, comm_, stream_));
    OK(ncclRecv(second.at(), kCount, ncclInt32, 0, comm_, stream_));
    OK(ncclGroupEnd());
    OK(cudaStreamSynchronize(stream_));
    EXPECT_EQ(first.get(), a.get());
    EXPECT_EQ(second.get(), b.get());
    EXPECT_EQ(ncclSend(a.at(), kCount, ncclInt32, 0, comm_, stream_), ncclInvalidUsage)
        << "nobody receives it";
}

TEST_F(Alone, IsCaptured) {
    const Memory from(elements(ncclInt32, 0, 0, kCount)), to(4 * kCount);
    cudaGraph_t graph;
    cudaGraphExec_t exec;
    OK(cudaStreamBeginCapture(stream_, cudaStreamCaptureModeGlobal));
    OK(ncclAllReduce(from.at(), to.at(), kCount, ncclInt32, ncclSum, comm_, stream_));
    OK(cudaStreamEndCapture(stream_, &graph));
    OK(cudaGraphInstantiate(&exec, graph, 0));
    const Bytes other = elements(ncclInt32, 2, 0, kCount);
    OK(cudaMemcpy(from.at(), other.data(), other.size(), cudaMemcpyHostToDevice));
    OK(cudaGraphLaunch(exec, stream_));
    OK(cudaStreamSynchronize(stream_));
    EXPECT_EQ(to.get(), other);
    OK(cudaGraphExecDestroy(exec));
    OK(cudaGraphDestroy(graph));
}

} // namespace
} // namespace acc::nccl_test
