// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Waits for values in memory and writes of them, in streams and in graphs.
#include <cuda.h>

#include <atomic>

#include "tests/unit/runtime_cuda/expect.h"

namespace cuda_test {
namespace {

#define EXPECT_DRV(code, call) EXPECT_EQ(code, (call)) << #call

struct MemoryOperations : Clean {
    cudaStream_t stream = nullptr;
    volatile uint64_t* words = nullptr; ///< pinned: host and device have one address for it
    CUdeviceptr at(size_t i) { return reinterpret_cast<CUdeviceptr>(words + i); }
    void SetUp() override {
        ASSERT_CUDA_OK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
        void* pointer = nullptr;
        ASSERT_CUDA_OK(cudaMallocHost(&pointer, 256));
        words = static_cast<volatile uint64_t*>(pointer);
        for (int i = 0; i < 32; ++i)
            words[i] = 0;
    }
    void TearDown() override {
        EXPECT_CUDA_OK(cudaStreamDestroy(stream));
        EXPECT_CUDA_OK(cudaFreeHost(const_cast<uint64_t*>(words)));
        Clean::TearDown();
    }
};

TEST_F(MemoryOperations, WritesComeInOrder) {
    EXPECT_DRV(CUDA_SUCCESS, cuStreamWriteValue64(stream, at(0), ~uint64_t{0}, 0));
    EXPECT_DRV(CUDA_SUCCESS, cuStreamWriteValue32(stream, at(0), 5, 0));
    EXPECT_CUDA_OK(cudaStreamSynchronize(stream));
    EXPECT_EQ(words[0], 0xffffffff00000005u);
}

TEST_F(MemoryOperations, AStreamWaitsForWhatTheHostWrites) {
    struct {
        unsigned flags;
        uint64_t wanted, before, after;
    } const cases[] = {
        {CU_STREAM_WAIT_VALUE_GEQ, 5, 4, 5},
        {CU_STREAM_WAIT_VALUE_EQ, 7, 8, 7},
        {CU_STREAM_WAIT_VALUE_AND, 6, 9, 2},
        {CU_STREAM_WAIT_VALUE_NOR, ~uint64_t{1}, 3, 2},
    };
    for (const auto& c : cases) {
        words[0] = c.before;
        words[1] = 0;
        EXPECT_DRV(CUDA_SUCCESS, cuStreamWaitValue64(stream, at(0), c.wanted, c.flags));
        EXPECT_DRV(CUDA_SUCCESS, cuStreamWriteValue64(stream, at(1), 1, 0));
        EXPECT_CUDA(cudaErrorNotReady, cudaStreamQuery(stream));
        EXPECT_EQ(words[1], 0u);
        words[0] = c.after;
        EXPECT_CUDA_OK(cudaStreamSynchronize(stream));
        EXPECT_EQ(words[1], 1u);
    }
    words[0] = 0xffffffff00000003u; // the low half counts
    EXPECT_DRV(CUDA_SUCCESS, cuStreamWaitValue32(stream, at(0), 3, CU_STREAM_WAIT_VALUE_EQ));
    EXPECT_CUDA_OK(cudaStreamSynchronize(stream));
}

TEST_F(MemoryOperations, Batches) {
    CUstreamBatchMemOpParams batch[3] = {};
    batch[0].writeValue.operation = CU_STREAM_MEM_OP_WRITE_VALUE_32;
    batch[0].writeValue.address = at(0);
    batch[0].writeValue.value = 3;
    batch[1].waitValue.operation = CU_STREAM_MEM_OP_WAIT_VALUE_32;
    batch[1].waitValue.address = at(0);
    batch[1].waitValue.value = 3;
    batch[2].writeValue.operation = CU_STREAM_MEM_OP_WRITE_VALUE_64;
    batch[2].writeValue.address = at(1);
    batch[2].writeValue.value64 = 9;
    EXPECT_DRV(CUDA_SUCCESS, cuStreamBatchMemOp(stream, 3, batch, 0));
    EXPECT_CUDA_OK(cudaStreamSynchronize(stream));
    EXPECT_EQ(words[1], 9u);
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuStreamBatchMemOp(stream, 0, batch, 0));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuStreamBatchMemOp(stream, 3, batch, 1));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuStreamBatchMemOp(stream, 3, nullptr, 0));
    batch[1].operation = static_cast<CUstreamBatchMemOpType>(77);
    words[1] = 0;
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuStreamBatchMemOp(stream, 3, batch, 0));
    EXPECT_CUDA_OK(cudaStreamSynchronize(stream));
    EXPECT_EQ(words[1], 0u); // all of them, or none

    // As a node of a graph.
    batch[1].operation = CU_STREAM_MEM_OP_WAIT_VALUE_32;
    CUDA_BATCH_MEM_OP_NODE_PARAMS p{nullptr, 3, batch, 0};
    CUgraph graph = nullptr;
    CUgraphNode node = nullptr;
    CUgraphExec exec = nullptr;
    ASSERT_EQ(CUDA_SUCCESS, cuGraphCreate(&graph, 0));
    ASSERT_EQ(CUDA_SUCCESS, cuGraphAddBatchMemOpNode(&node, graph, nullptr, 0, &p));
    CUDA_BATCH_MEM_OP_NODE_PARAMS seen{};
    ASSERT_EQ(CUDA_SUCCESS, cuGraphBatchMemOpNodeGetParams(node, &seen));
    EXPECT_EQ(seen.count, 3u);
    EXPECT_EQ(seen.paramArray[2].writeValue.value64, 9u);
    ASSERT_EQ(CUDA_SUCCESS, cuGraphInstantiate(&exec, graph, 0));
    EXPECT_DRV(CUDA_SUCCESS, cuGraphLaunch(exec, stream));
    EXPECT_CUDA_OK(cudaStreamSynchronize(stream));
    EXPECT_EQ(words[1], 9u);
    batch[2].writeValue.value64 = 10;
    EXPECT_DRV(CUDA_SUCCESS, cuGraphBatchMemOpNodeSetParams(node, &p));
    EXPECT_DRV(CUDA_SUCCESS, cuGraphExecBatchMemOpNodeSetParams(exec, node, &p));
    EXPECT_DRV(CUDA_SUCCESS, cuGraphLaunch(exec, stream));
    EXPECT_CUDA_OK(cudaStreamSynchronize(stream));
    EXPECT_EQ(words[1], 10u);
    EXPECT_DRV(CUDA_SUCCESS, cuGraphExecDestroy(exec));
    EXPECT_DRV(CUDA_SUCCESS, cuGraphDestroy(graph));
}

TEST_F(MemoryOperations, BadArguments) {
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuStreamWaitValue32(stream, at(0) + 2, 0, 0));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuStreamWriteValue64(stream, at(0) + 4, 0, 0));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuStreamWaitValue32(stream, at(0), 0, 0x100));
    EXPECT_DRV(CUDA_ERROR_NOT_SUPPORTED,
               cuStreamWaitValue32(stream, at(0), 0, CU_STREAM_WAIT_VALUE_FLUSH));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuStreamWriteValue32(stream, 0, 0, 0));
    uint64_t plain = 0;
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE,
               cuStreamWriteValue32(stream, reinterpret_cast<CUdeviceptr>(&plain), 0, 0));
    EXPECT_DRV(CUDA_ERROR_INVALID_HANDLE,
               cuStreamWriteValue32(reinterpret_cast<CUstream>(0x77), at(0), 0, 0));
}

} // namespace
} // namespace cuda_test
