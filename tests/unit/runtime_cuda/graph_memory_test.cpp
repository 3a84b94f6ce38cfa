// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory that graphs allocate and free.
#include "tests/unit/runtime_cuda/step_kernel.h"

namespace cuda_test {
namespace {

constexpr size_t kBytes = 1 << 20;

struct GraphMemoryApi : GraphFixture {
    cudaMemAllocNodeParams wanted() {
        cudaMemAllocNodeParams p{};
        p.poolProps.allocType = cudaMemAllocationTypePinned;
        p.poolProps.location = {cudaMemLocationTypeDevice, 0};
        p.bytesize = kBytes;
        return p;
    }
    cudaGraphNode_t alloc(void** pointer, std::initializer_list<cudaGraphNode_t> before = {}) {
        cudaMemAllocNodeParams p = wanted();
        cudaGraphNode_t node = nullptr;
        EXPECT_CUDA_OK(cudaGraphAddMemAllocNode(&node, graph, before.begin(), before.size(), &p));
        *pointer = p.dptr;
        return node;
    }
    cudaGraphNode_t fill(void* pointer, unsigned value, cudaGraphNode_t before) {
        const cudaMemsetParams p{pointer, 0, value, 4, kBytes / 4, 1};
        cudaGraphNode_t node = nullptr;
        EXPECT_CUDA_OK(cudaGraphAddMemsetNode(&node, graph, &before, 1, &p));
        return node;
    }
    cudaGraphNode_t free(void* pointer, cudaGraphNode_t before) {
        cudaGraphNode_t node = nullptr;
        EXPECT_CUDA_OK(cudaGraphAddMemFreeNode(&node, graph, &before, 1, pointer));
        return node;
    }
    cudaGraphNode_t copy_first(void* pointer, cudaGraphNode_t before) {
        cudaGraphNode_t node = nullptr;
        EXPECT_CUDA_OK(cudaGraphAddMemcpyNode1D(&node, graph, &before, 1, word, pointer, 4,
                                                cudaMemcpyDeviceToDevice));
        return node;
    }
    static uint64_t attribute(cudaGraphMemAttributeType which) {
        uint64_t value = ~uint64_t{0};
        EXPECT_CUDA_OK(cudaDeviceGetGraphMemAttribute(0, which, &value));
        return value;
    }
};

TEST_F(GraphMemoryApi, BadAllocationsAndFrees) {
    cudaGraphNode_t node = nullptr;
    cudaMemAllocNodeParams p = wanted();
    p.bytesize = 0;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddMemAllocNode(&node, graph, nullptr, 0, &p));
    p = wanted();
    p.poolProps.location.type = cudaMemLocationTypeInvalid;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddMemAllocNode(&node, graph, nullptr, 0, &p));
    p = wanted();
    p.poolProps.location.id = 99;
    EXPECT_CUDA(cudaErrorInvalidDevice, cudaGraphAddMemAllocNode(&node, graph, nullptr, 0, &p));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddMemAllocNode(&node, graph, nullptr, 0, nullptr));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddMemFreeNode(&node, graph, nullptr, 0, word));
    void* pointer = nullptr;
    const cudaGraphNode_t a = alloc(&pointer);
    const cudaGraphNode_t f = free(pointer, a);
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddMemFreeNode(&node, graph, &a, 1, pointer));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaFree(pointer)); // the graph frees it
    ASSERT_CUDA_OK(cudaGraphMemAllocNodeGetParams(a, &p));
    EXPECT_EQ(p.dptr, pointer);
    EXPECT_EQ(p.bytesize, kBytes);
    void* seen = nullptr;
    ASSERT_CUDA_OK(cudaGraphMemFreeNodeGetParams(f, &seen));
    EXPECT_EQ(seen, pointer);
    // Such a graph keeps its nodes, is not cloned and is no child.
    cudaGraph_t clone = nullptr;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphDestroyNode(f));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphRemoveDependencies(graph, &a, &f, 1));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphClone(&clone, graph));
    ASSERT_CUDA_OK(cudaGraphCreate(&clone, 0));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddChildGraphNode(&node, clone, nullptr, 0, graph));
    EXPECT_CUDA_OK(cudaGraphDestroy(clone));
    // One executable graph at a time.
    cudaGraphExec_t first = instantiate(), second = nullptr;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphInstantiate(&second, graph, 0));
    EXPECT_CUDA_OK(cudaGraphExecDestroy(first));
    EXPECT_CUDA_OK(cudaGraphExecDestroy(instantiate()));
}

TEST_F(GraphMemoryApi, MemoryInsideOfAGraph) {
    void *first = nullptr, *second = nullptr;
    const cudaGraphNode_t a = alloc(&first);
    const cudaGraphNode_t used = copy_first(first, fill(first, 7, a));
    const cudaGraphNode_t freed = free(first, used);
    const cudaGraphNode_t b = alloc(&second, {freed});
    EXPECT_EQ(first, second); // freed before: the addresses serve again
    free(second, fill(second, 9, b));
    cudaGraphExec_t exec = instantiate();
    for (int i = 0; i < 3; ++i) {
        put(0);
        ASSERT_CUDA_OK(cudaGraphLaunch(exec, stream));
        EXPECT_EQ(get(), 7u);
        EXPECT_EQ(attribute(cudaGraphMemAttrUsedMemCurrent), kBytes); // until it is trimmed
        EXPECT_EQ(attribute(cudaGraphMemAttrReservedMemCurrent), kBytes);
    }
    EXPECT_GE(attribute(cudaGraphMemAttrUsedMemHigh), kBytes);
    uint64_t zero = 0, one = 1;
    EXPECT_CUDA_OK(cudaDeviceSetGraphMemAttribute(0, cudaGraphMemAttrUsedMemHigh, &zero));
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaDeviceSetGraphMemAttribute(0, cudaGraphMemAttrUsedMemHigh, &one));
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaDeviceSetGraphMemAttribute(0, cudaGraphMemAttrUsedMemCurrent, &zero));
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaDeviceGetGraphMemAttribute(0, static_cast<cudaGraphMemAttributeType>(9), &one));
    EXPECT_CUDA(cudaErrorInvalidDevice, cudaDeviceGraphMemTrim(99));
    ASSERT_CUDA_OK(cudaDeviceGraphMemTrim(0));
    EXPECT_EQ(attribute(cudaGraphMemAttrReservedMemCurrent), 0u);
    EXPECT_EQ(attribute(cudaGraphMemAttrUsedMemHigh), kBytes);
    EXPECT_CUDA_OK(cudaDeviceSetGraphMemAttribute(0, cudaGraphMemAttrUsedMemHigh, &zero));
    EXPECT_EQ(attribute(cudaGraphMemAttrUsedMemHigh), 0u);
    put(0);
    ASSERT_CUDA_OK(cudaGraphLaunch(exec, stream)); // and again, after a trim
    EXPECT_EQ(get(), 7u);
    EXPECT_CUDA_OK(cudaGraphExecDestroy(exec));
}

TEST_F(GraphMemoryApi, MemoryThatOutlivesTheLaunch) {
    void* pointer = nullptr;
    const cudaGraphNode_t a = alloc(&pointer);
    fill(pointer, 5, a);
    unsigned seen = 0;
    EXPECT_CUDA(cudaErrorInvalidValue, // not yet
                cudaMemcpy(&seen, pointer, 4, cudaMemcpyDeviceToHost));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaFree(pointer));
    cudaGraphExec_t exec = instantiate();
    ASSERT_CUDA_OK(cudaGraphLaunch(exec, stream));
    ASSERT_CUDA_OK(cudaStreamSynchronize(stream));
    ASSERT_CUDA_OK(cudaMemcpy(&seen, pointer, 4, cudaMemcpyDeviceToHost));
    EXPECT_EQ(seen, 5u);
    EXPECT_EQ(attribute(cudaGraphMemAttrUsedMemCurrent), kBytes);
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphLaunch(exec, stream)); // still allocated
    EXPECT_CUDA_OK(cudaFreeAsync(pointer, stream));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaFreeAsync(pointer, stream));
    ASSERT_CUDA_OK(cudaGraphLaunch(exec, stream));
    EXPECT_CUDA_OK(cudaDeviceGraphMemTrim(0)); // not what is allocated
    EXPECT_EQ(attribute(cudaGraphMemAttrUsedMemCurrent), kBytes);
    EXPECT_CUDA_OK(cudaFree(pointer));
    EXPECT_CUDA_OK(cudaDeviceGraphMemTrim(0));
    EXPECT_EQ(attribute(cudaGraphMemAttrUsedMemCurrent), 0u);
    // Memory stays the program's when the graphs go.
    ASSERT_CUDA_OK(cudaGraphLaunch(exec, stream));
    EXPECT_CUDA_OK(cudaGraphExecDestroy(exec));
    EXPECT_CUDA_OK(cudaGraphDestroy(graph));
    graph = nullptr;
    ASSERT_CUDA_OK(cudaStreamSynchronize(stream));
    ASSERT_CUDA_OK(cudaMemcpy(&seen, pointer, 4, cudaMemcpyDeviceToHost));
    EXPECT_EQ(seen, 5u);
    EXPECT_CUDA_OK(cudaFreeAsync(pointer, stream));
    ASSERT_CUDA_OK(cudaStreamSynchronize(stream));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaFree(pointer));
}

TEST_F(GraphMemoryApi, ALaunchMayFreeWhatTheLastOneLeft) {
    void* pointer = nullptr;
    const cudaGraphNode_t a = alloc(&pointer);
    fill(pointer, 6, a);
    cudaGraphExec_t exec = nullptr;
    ASSERT_CUDA_OK(
        cudaGraphInstantiateWithFlags(&exec, graph, cudaGraphInstantiateFlagAutoFreeOnLaunch));
    for (int i = 0; i < 3; ++i)
        EXPECT_CUDA_OK(cudaGraphLaunch(exec, stream));
    EXPECT_CUDA_OK(cudaStreamSynchronize(stream));
    EXPECT_EQ(attribute(cudaGraphMemAttrUsedMemCurrent), kBytes);
    EXPECT_CUDA_OK(cudaFree(pointer));
    EXPECT_CUDA_OK(cudaGraphExecDestroy(exec));
}

TEST_F(GraphMemoryApi, AnotherGraphFrees) {
    void* pointer = nullptr;
    const cudaGraphNode_t a = alloc(&pointer);
    fill(pointer, 5, a);
    cudaGraphExec_t making = nullptr, freeing = nullptr;
    ASSERT_CUDA_OK(cudaGraphInstantiate(&making, graph, 0));
    cudaGraph_t other = nullptr;
    ASSERT_CUDA_OK(cudaGraphCreate(&other, 0));
    cudaGraphNode_t node = nullptr;
    ASSERT_CUDA_OK(cudaGraphAddMemFreeNode(&node, other, nullptr, 0, pointer));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddMemFreeNode(&node, graph, nullptr, 0, pointer));
    ASSERT_CUDA_OK(cudaGraphInstantiate(&freeing, other, 0));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphLaunch(freeing, stream)); // nothing to free yet
    for (int i = 0; i < 3; ++i) {
        ASSERT_CUDA_OK(cudaGraphLaunch(making, stream));
        ASSERT_CUDA_OK(cudaGraphLaunch(freeing, stream));
    }
    EXPECT_CUDA_OK(cudaStreamSynchronize(stream));
    EXPECT_CUDA_OK(cudaDeviceGraphMemTrim(0));
    EXPECT_EQ(attribute(cudaGraphMemAttrUsedMemCurrent), 0u);
    EXPECT_CUDA_OK(cudaGraphExecDestroy(making));
    EXPECT_CUDA_OK(cudaGraphExecDestroy(freeing));
    EXPECT_CUDA_OK(cudaGraphDestroy(other));
}

TEST_F(GraphMemoryApi, StreamOrderedMemoryInACapture) {
    cudaGraph_t captured = nullptr;
    void *inside = nullptr, *outside = nullptr;
    ASSERT_CUDA_OK(cudaMallocAsync(&outside, kBytes, stream));
    ASSERT_CUDA_OK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal));
    ASSERT_CUDA_OK(cudaMallocAsync(&inside, kBytes, stream));
    ASSERT_CUDA_OK(cudaMemsetAsync(inside, 3, kBytes, stream));
    ASSERT_CUDA_OK(cudaMemcpyAsync(word, inside, 4, cudaMemcpyDeviceToDevice, stream));
    ASSERT_CUDA_OK(cudaFreeAsync(inside, stream));
    ASSERT_CUDA_OK(cudaStreamEndCapture(stream, &captured));
    cudaGraphExec_t exec = nullptr;
    ASSERT_CUDA_OK(cudaGraphInstantiate(&exec, captured, 0));
    ASSERT_CUDA_OK(cudaGraphLaunch(exec, stream));
    EXPECT_EQ(get(), 0x03030303u);
    EXPECT_CUDA_OK(cudaGraphExecDestroy(exec));
    EXPECT_CUDA_OK(cudaGraphDestroy(captured));
    // Memory from outside cannot be freed in there.
    ASSERT_CUDA_OK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaFreeAsync(outside, stream));
    EXPECT_CUDA(cudaErrorStreamCaptureInvalidated, cudaStreamEndCapture(stream, &captured));
    EXPECT_EQ(captured, nullptr);
    EXPECT_CUDA_OK(cudaFreeAsync(outside, stream));
}

/// A block that was freed may serve again behind its last free, and nowhere else.
TEST_F(GraphMemoryApi, BranchesHaveBlocksOfTheirOwn) {
    void *first = nullptr, *left = nullptr, *right = nullptr;
    const cudaGraphNode_t begin = alloc(&first);
    const cudaGraphNode_t freed = free(first, begin);
    const cudaGraphNode_t l = alloc(&left, {freed});
    EXPECT_EQ(left, first);
    free(left, fill(left, 1, l));
    const cudaGraphNode_t r = alloc(&right, {freed});
    EXPECT_NE(right, left);
    free(right, fill(right, 2, r));
    cudaGraphExec_t exec = instantiate();
    EXPECT_CUDA_OK(cudaGraphLaunch(exec, stream));
    EXPECT_CUDA_OK(cudaStreamSynchronize(stream));
    EXPECT_CUDA_OK(cudaGraphExecDestroy(exec));
}

TEST_F(GraphMemoryApi, AFreeThatFailsFreesNothing) {
    cudaGraph_t other = nullptr;
    cudaGraphNode_t foreign = nullptr, node = nullptr;
    ASSERT_CUDA_OK(cudaGraphCreate(&other, 0));
    ASSERT_CUDA_OK(cudaGraphAddEmptyNode(&foreign, other, nullptr, 0));
    void* pointer = nullptr;
    const cudaGraphNode_t a = alloc(&pointer);
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddMemFreeNode(&node, graph, &foreign, 1, pointer));
    cudaGraphNodeParams p{};
    p.type = cudaGraphNodeTypeMemFree;
    p.free.dptr = pointer;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddNode(&node, graph, &foreign, 1, &p));
    EXPECT_CUDA_OK(cudaGraphAddMemFreeNode(&node, graph, &a, 1, pointer));
    EXPECT_CUDA_OK(cudaGraphDestroy(other));
}

} // namespace
} // namespace cuda_test
