// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Executable graphs: order, launches, updates.
#include <atomic>
#include <thread>

#include "tests/unit/runtime_cuda/step_kernel.h"

namespace cuda_test {
namespace {

struct ExecApi : GraphFixture {
    cudaGraphExec_t exec = nullptr;
    void make(unsigned long long flags = 0) { exec = instantiate(flags); }
    unsigned launch() {
        EXPECT_CUDA_OK(cudaGraphLaunch(exec, stream));
        return get();
    }
    void TearDown() override {
        if (exec != nullptr) {
            EXPECT_CUDA_OK(cudaGraphExecDestroy(exec));
        }
        GraphFixture::TearDown();
    }
};

TEST_F(ExecApi, ArgumentsOfInstantiation) {
    step(1, 1);
    cudaGraphExec_t made = nullptr;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphInstantiate(nullptr, graph, 0));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphInstantiate(&made, nullptr, 0));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphInstantiate(&made, graph, 1ull << 40));
    EXPECT_CUDA(cudaErrorNotSupported,
                cudaGraphInstantiate(&made, graph, cudaGraphInstantiateFlagDeviceLaunch));
    ASSERT_CUDA_OK(
        cudaGraphInstantiateWithFlags(&made, graph, cudaGraphInstantiateFlagUseNodePriority));
    unsigned long long flags = 0;
    ASSERT_CUDA_OK(cudaGraphExecGetFlags(made, &flags));
    EXPECT_EQ(flags, unsigned{cudaGraphInstantiateFlagUseNodePriority});
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphExecGetFlags(made, nullptr));
    EXPECT_CUDA_OK(cudaGraphExecDestroy(made));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphExecDestroy(made));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphLaunch(made, stream));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphUpload(made, stream));
    cudaGraphInstantiateParams params{};
    params.flags = cudaGraphInstantiateFlagUpload;
    params.uploadStream = stream;
    ASSERT_CUDA_OK(cudaGraphInstantiateWithParams(&made, graph, &params));
    EXPECT_EQ(params.result_out, cudaGraphInstantiateSuccess);
    EXPECT_CUDA_OK(cudaGraphExecDestroy(made));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphInstantiateWithParams(&made, graph, nullptr));
}

TEST_F(ExecApi, ACircleIsRefusedAndNamed) {
    const cudaGraphNode_t outside = empty(), a = empty({outside}), b = empty({a});
    ASSERT_CUDA_OK(cudaGraphAddDependencies(graph, &b, &a, 1));
    cudaGraphExec_t made = nullptr;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphInstantiate(&made, graph, 0));
    cudaGraphInstantiateParams params{};
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphInstantiateWithParams(&made, graph, &params));
    EXPECT_EQ(params.result_out, cudaGraphInstantiateInvalidStructure);
    EXPECT_TRUE(params.errNode_out == a || params.errNode_out == b);
}

TEST_F(ExecApi, AChainRunsInOrderHoweverItWasAdded) {
    // word = (((0*2+1)*3+2)*5+3), the nodes added in another order.
    const cudaGraphNode_t third = step(5, 3), first = step(2, 1), second = step(3, 2);
    ASSERT_CUDA_OK(cudaGraphAddDependencies(graph, &first, &second, 1));
    ASSERT_CUDA_OK(cudaGraphAddDependencies(graph, &second, &third, 1));
    make();
    EXPECT_EQ(launch(), 28u);
    EXPECT_EQ(launch(), (((28u * 2 + 1) * 3 + 2) * 5 + 3)); // any number of times
}

TEST_F(ExecApi, BranchesMeetAgain) {
    // Each branch works on a word of its own; the end adds the words up by copies and a step.
    constexpr unsigned kBranches = 20;
    const cudaGraphNode_t root = step(0, 1);
    std::vector<cudaGraphNode_t> ends;
    for (unsigned i = 1; i <= kBranches; ++i) {
        cudaGraphNode_t copied = nullptr;
        ASSERT_CUDA_OK(cudaGraphAddMemcpyNode1D(&copied, graph, &root, 1, word + i, word, 4,
                                                cudaMemcpyDeviceToDevice));
        cudaGraphNode_t last = copied;
        for (unsigned k = 0; k < i; ++k) {
            Step arguments(word + i, 2, 0);
            const cudaKernelNodeParams params = arguments.params();
            ASSERT_CUDA_OK(cudaGraphAddKernelNode(&last, graph, &last, 1, &params));
        }
        ends.push_back(last);
    }
    cudaGraphNode_t all = nullptr, end = nullptr;
    static unsigned seen[kBranches];
    ASSERT_CUDA_OK(cudaGraphAddEmptyNode(&all, graph, ends.data(), ends.size()));
    ASSERT_CUDA_OK(cudaGraphAddMemcpyNode1D(&end, graph, &all, 1, seen, word + 1, sizeof seen,
                                            cudaMemcpyDeviceToHost));
    make();
    for (int round = 0; round < 3; ++round) {
        std::fill(seen, seen + kBranches, 0u);
        launch();
        for (unsigned i = 0; i < kBranches; ++i)
            EXPECT_EQ(seen[i], 1u << (i + 1));
    }
}

TEST_F(ExecApi, PageableMemoryIsReadWhenTheNodeRuns) {
    static unsigned source;
    cudaHostNodeParams host{[](void*) { source += 10; }, nullptr};
    cudaGraphNode_t write = nullptr, copy = nullptr;
    source = 1;
    ASSERT_CUDA_OK(cudaGraphAddHostNode(&write, graph, nullptr, 0, &host));
    ASSERT_CUDA_OK(cudaGraphAddMemcpyNode1D(&copy, graph, &write, 1, word, &source, 4,
                                            cudaMemcpyHostToDevice));
    make();
    EXPECT_EQ(launch(), 11u);
    EXPECT_EQ(launch(), 21u);
}

TEST_F(ExecApi, HostNodesMayNotCallTheApi) {
    static cudaError_t inside;
    cudaHostNodeParams host{[](void*) { inside = cudaDeviceSynchronize(); }, nullptr};
    cudaGraphNode_t node = nullptr;
    ASSERT_CUDA_OK(cudaGraphAddHostNode(&node, graph, nullptr, 0, &host));
    make();
    inside = cudaSuccess;
    launch();
    EXPECT_EQ(inside, cudaErrorNotPermitted);
}

TEST_F(ExecApi, AChildGraphRunsBetweenItsNeighbours) {
    cudaGraph_t child = nullptr;
    ASSERT_CUDA_OK(cudaGraphCreate(&child, 0));
    std::swap(child, graph);
    const cudaGraphNode_t one = step(3, 0);
    step(1, 5, {one});
    std::swap(child, graph);
    const cudaGraphNode_t first = step(0, 2);
    cudaGraphNode_t node = nullptr;
    ASSERT_CUDA_OK(cudaGraphAddChildGraphNode(&node, graph, &first, 1, child));
    step(10, 0, {node});
    make();
    EXPECT_EQ(launch(), 110u); // ((2*3)+5)*10
    // Another child of the same shape.
    cudaGraph_t other = nullptr;
    ASSERT_CUDA_OK(cudaGraphCreate(&other, 0));
    std::swap(other, graph);
    const cudaGraphNode_t two = step(4, 0);
    step(1, 1, {two});
    std::swap(other, graph);
    ASSERT_CUDA_OK(cudaGraphExecChildGraphNodeSetParams(exec, node, other));
    EXPECT_EQ(launch(), 90u);
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphExecChildGraphNodeSetParams(exec, node, graph));
    EXPECT_CUDA_OK(cudaGraphDestroy(child));
    EXPECT_CUDA_OK(cudaGraphDestroy(other));
}

TEST_F(ExecApi, LaunchesOfOneGraphFollowEachOther) {
    step(2, 1);
    make();
    cudaStream_t other = nullptr;
    ASSERT_CUDA_OK(cudaStreamCreateWithFlags(&other, cudaStreamNonBlocking));
    unsigned expected = 0;
    for (int i = 0; i < 20; ++i) {
        ASSERT_CUDA_OK(cudaGraphLaunch(exec, i % 2 != 0 ? stream : other));
        expected = expected * 2 + 1;
    }
    EXPECT_CUDA_OK(cudaStreamSynchronize(other));
    EXPECT_EQ(get(), expected);
    EXPECT_CUDA_OK(cudaStreamDestroy(other));
}

TEST_F(ExecApi, TheGraphMayGoBeforeItsExecutable) {
    step(0, 9);
    make();
    EXPECT_CUDA_OK(cudaGraphDestroy(graph));
    graph = nullptr;
    EXPECT_EQ(launch(), 9u);
}

TEST_F(ExecApi, EventsAreRecordedAndAwaited) {
    cudaEvent_t start = nullptr, end = nullptr, gate = nullptr;
    ASSERT_CUDA_OK(cudaEventCreate(&start));
    ASSERT_CUDA_OK(cudaEventCreate(&end));
    ASSERT_CUDA_OK(cudaEventCreateWithFlags(&gate, cudaEventDisableTiming));
    cudaGraphNode_t wait = nullptr, first = nullptr, last = nullptr;
    ASSERT_CUDA_OK(cudaGraphAddEventWaitNode(&wait, graph, nullptr, 0, gate));
    ASSERT_CUDA_OK(cudaGraphAddEventRecordNode(&first, graph, &wait, 1, start));
    const cudaGraphNode_t work = step(0, 3, {first});
    ASSERT_CUDA_OK(cudaGraphAddEventRecordNode(&last, graph, &work, 1, end));
    make();
    // Another stream holds the gate.
    static std::atomic<bool> go;
    go = false;
    cudaStream_t other = nullptr;
    ASSERT_CUDA_OK(cudaStreamCreateWithFlags(&other, cudaStreamNonBlocking));
    ASSERT_CUDA_OK(cudaLaunchHostFunc(
        other,
        [](void*) {
            while (!go)
                std::this_thread::yield();
        },
        nullptr));
    ASSERT_CUDA_OK(cudaEventRecord(gate, other));
    ASSERT_CUDA_OK(cudaGraphLaunch(exec, stream));
    EXPECT_CUDA(cudaErrorNotReady, cudaEventQuery(end));
    go = true;
    EXPECT_CUDA_OK(cudaEventSynchronize(end));
    float ms = -1;
    EXPECT_CUDA_OK(cudaEventElapsedTime(&ms, start, end));
    EXPECT_GE(ms, 0);
    EXPECT_EQ(get(), 3u);
    ASSERT_CUDA_OK(cudaGraphExecEventRecordNodeSetEvent(exec, last, gate));
    ASSERT_CUDA_OK(cudaGraphExecEventWaitNodeSetEvent(exec, wait, end));
    EXPECT_EQ(launch(), 3u);
    EXPECT_CUDA_OK(cudaEventQuery(gate));
    EXPECT_CUDA_OK(cudaStreamDestroy(other));
    for (cudaEvent_t event : {start, end, gate})
        EXPECT_CUDA_OK(cudaEventDestroy(event));
}

TEST_F(ExecApi, ParametersOfTheExecutableChangeAlone) {
    cudaMemsetParams fill{word, 0, 5, 4, 1, 1};
    cudaGraphNode_t set = nullptr, copy = nullptr, call = nullptr;
    static unsigned host, called;
    cudaHostNodeParams host_params{[](void* by) { called += *static_cast<unsigned*>(by); },
                                   &called};
    ASSERT_CUDA_OK(cudaGraphAddMemsetNode(&set, graph, nullptr, 0, &fill));
    const cudaGraphNode_t kernel = step(2, 0, {set});
    ASSERT_CUDA_OK(
        cudaGraphAddMemcpyNode1D(&copy, graph, &kernel, 1, &host, word, 4, cudaMemcpyDeviceToHost));
    ASSERT_CUDA_OK(cudaGraphAddHostNode(&call, graph, &copy, 1, &host_params));
    make();
    launch();
    EXPECT_EQ(host, 10u);
    Step arguments(word, 3, 1);
    cudaKernelNodeParams params = arguments.params();
    fill.value = 6;
    static unsigned other, step_by = 4;
    host_params.userData = &step_by;
    ASSERT_CUDA_OK(cudaGraphExecKernelNodeSetParams(exec, kernel, &params));
    ASSERT_CUDA_OK(cudaGraphExecMemsetNodeSetParams(exec, set, &fill));
    ASSERT_CUDA_OK(
        cudaGraphExecMemcpyNodeSetParams1D(exec, copy, &other, word, 4, cudaMemcpyDeviceToHost));
    ASSERT_CUDA_OK(cudaGraphExecHostNodeSetParams(exec, call, &host_params));
    called = 1;
    launch();
    EXPECT_EQ(host, 10u);
    EXPECT_EQ(other, 19u);
    EXPECT_EQ(called, 5u);
    cudaKernelNodeParams in_graph{};
    ASSERT_CUDA_OK(cudaGraphKernelNodeGetParams(kernel, &in_graph));
    EXPECT_EQ(*static_cast<unsigned*>(in_graph.kernelParams[1]), 2u);
    // A copy in the other direction is another copy.
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphExecMemcpyNodeSetParams1D(
                                           exec, copy, word, &other, 4, cudaMemcpyHostToDevice));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphExecMemsetNodeSetParams(exec, kernel, &fill));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphExecKernelNodeSetParams(exec, nullptr, &params));
}

TEST_F(ExecApi, DisabledNodesDoNothing) {
    const cudaGraphNode_t first = step(0, 2), second = step(5, 0, {first});
    step(1, 1, {second});
    make();
    unsigned enabled = 0;
    ASSERT_CUDA_OK(cudaGraphNodeGetEnabled(exec, second, &enabled));
    EXPECT_EQ(enabled, 1u);
    ASSERT_CUDA_OK(cudaGraphNodeSetEnabled(exec, second, 0));
    ASSERT_CUDA_OK(cudaGraphNodeGetEnabled(exec, second, &enabled));
    EXPECT_EQ(enabled, 0u);
    EXPECT_EQ(launch(), 3u);
    Step arguments(word, 7, 0); // parameters of a disabled node are kept for when it is enabled
    const cudaKernelNodeParams params = arguments.params();
    ASSERT_CUDA_OK(cudaGraphExecKernelNodeSetParams(exec, second, &params));
    EXPECT_EQ(launch(), 3u);
    ASSERT_CUDA_OK(cudaGraphNodeSetEnabled(exec, second, 1));
    EXPECT_EQ(launch(), 15u);
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphNodeSetEnabled(exec, empty(), 0));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphNodeGetEnabled(exec, second, nullptr));
}

TEST_F(ExecApi, DisabledNodesDoNothingInACaptureEither) {
    const cudaGraphNode_t first = step(0, 2), second = step(5, 0, {first});
    step(1, 1, {second});
    make();
    ASSERT_CUDA_OK(cudaGraphNodeSetEnabled(exec, second, 0));
    cudaGraph_t captured = nullptr;
    cudaGraphExec_t outer = nullptr;
    ASSERT_CUDA_OK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeRelaxed));
    EXPECT_CUDA_OK(cudaGraphLaunch(exec, stream));
    ASSERT_CUDA_OK(cudaStreamEndCapture(stream, &captured));
    ASSERT_CUDA_OK(cudaGraphInstantiate(&outer, captured, 0));
    ASSERT_CUDA_OK(cudaGraphNodeSetEnabled(exec, second, 1)); // too late for the capture
    EXPECT_CUDA_OK(cudaGraphLaunch(outer, stream));
    EXPECT_EQ(get(), 3u);
    EXPECT_CUDA_OK(cudaGraphExecDestroy(outer));
    EXPECT_CUDA_OK(cudaGraphDestroy(captured));
}

TEST_F(ExecApi, OneThatCannotBeUploadedIsGone) {
    step(1, 1);
    cudaGraph_t captured = nullptr;
    cudaGraphExec_t made = nullptr;
    cudaGraphInstantiateParams params{};
    params.flags = cudaGraphInstantiateFlagUpload;
    params.uploadStream = stream;
    ASSERT_CUDA_OK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeRelaxed));
    EXPECT_CUDA(cudaErrorStreamCaptureUnsupported,
                cudaGraphInstantiateWithParams(&made, graph, &params));
    EXPECT_EQ(made, nullptr);
    EXPECT_CUDA(cudaErrorStreamCaptureInvalidated, cudaStreamEndCapture(stream, &captured));
}

struct Updated {
    cudaError_t error;
    cudaGraphExecUpdateResultInfo info;
};

Updated update(cudaGraphExec_t exec, cudaGraph_t graph) {
    Updated updated{};
    updated.error = cudaGraphExecUpdate(exec, graph, &updated.info);
    return updated;
}

TEST_F(ExecApi, AGraphOfTheSameShapeUpdates) {
    const cudaGraphNode_t first = step(0, 2);
    step(5, 0, {first});
    make();
    EXPECT_EQ(launch(), 10u);
    cudaGraph_t other = nullptr;
    ASSERT_CUDA_OK(cudaGraphCreate(&other, 0));
    std::swap(graph, other);
    const cudaGraphNode_t a = step(0, 3), b = step(7, 1, {a});
    Updated updated = update(exec, graph);
    EXPECT_EQ(updated.error, cudaSuccess);
    EXPECT_EQ(updated.info.result, cudaGraphExecUpdateSuccess);
    EXPECT_EQ(launch(), 22u);
    // One dependency less.
    ASSERT_CUDA_OK(cudaGraphRemoveDependencies(graph, &a, &b, 1));
    updated = update(exec, graph);
    EXPECT_EQ(updated.error, cudaErrorGraphExecUpdateFailure);
    EXPECT_EQ(updated.info.result, cudaGraphExecUpdateErrorTopologyChanged);
    EXPECT_EQ(updated.info.errorNode, b);
    EXPECT_EQ(launch(), 22u); // as before
    // One node more.
    empty();
    EXPECT_EQ(update(exec, graph).info.result, cudaGraphExecUpdateErrorTopologyChanged);
    std::swap(graph, other);
    EXPECT_CUDA_OK(cudaGraphDestroy(other));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphExecUpdate(exec, graph, nullptr));
}

TEST_F(ExecApi, OtherNodesOrAttributesDoNotUpdate) {
    step(0, 2);
    make();
    cudaGraph_t other = nullptr;
    ASSERT_CUDA_OK(cudaGraphCreate(&other, 0));
    std::swap(graph, other);
    const cudaGraphNode_t node = empty();
    Updated updated = update(exec, graph);
    EXPECT_EQ(updated.error, cudaErrorGraphExecUpdateFailure);
    EXPECT_EQ(updated.info.result, cudaGraphExecUpdateErrorNodeTypeChanged);
    EXPECT_EQ(updated.info.errorNode, node);
    ASSERT_CUDA_OK(cudaGraphDestroyNode(node));
    const cudaGraphNode_t kernel = step(0, 2);
    cudaLaunchAttributeValue value{};
    value.cooperative = 1;
    ASSERT_CUDA_OK(cudaGraphKernelNodeSetAttribute(kernel, cudaLaunchAttributeCooperative, &value));
    updated = update(exec, graph);
    EXPECT_EQ(updated.info.result, cudaGraphExecUpdateErrorAttributesChanged);
    EXPECT_EQ(updated.info.errorNode, kernel);
    std::swap(graph, other);
    EXPECT_CUDA_OK(cudaGraphDestroy(other));
}

// Longer than a queue's ring, and with a host node behind most of it.
TEST_F(ExecApi, AGraphMayBeLongerThanTheRing) {
    cudaGraphNode_t last = step(0, 0);
    constexpr unsigned kNodes = 3000;
    for (unsigned i = 0; i < kNodes; ++i)
        last = step(1, 1, {last});
    static unsigned calls;
    cudaHostNodeParams host{[](void*) { ++calls; }, nullptr};
    cudaGraphNode_t node = nullptr;
    ASSERT_CUDA_OK(cudaGraphAddHostNode(&node, graph, &last, 1, &host));
    make();
    calls = 0;
    EXPECT_EQ(launch(), kNodes);
    EXPECT_EQ(launch(), kNodes);
    EXPECT_EQ(calls, 2u);
}

TEST_F(ExecApi, AnEmptyGraphCanBeLaunched) {
    empty();
    make();
    put(4);
    EXPECT_EQ(launch(), 4u);
}

/// Else a later launch would wait for an execution that never was.
TEST_F(ExecApi, AConditionalLaunchThatFailsDoesNotCount) {
    cudaGraphConditionalHandle handle = 0;
    ASSERT_CUDA_OK(cudaGraphConditionalHandleCreate(&handle, graph, 1, cudaGraphCondAssignDefault));
    cudaGraphNodeParams p{};
    p.type = cudaGraphNodeTypeConditional;
    p.conditional.handle = handle;
    p.conditional.type = cudaGraphCondTypeIf;
    p.conditional.size = 1;
    cudaGraphNode_t node = nullptr, inner = nullptr;
    ASSERT_CUDA_OK(cudaGraphAddNode(&node, graph, nullptr, 0, &p));
    Step arguments(word, 2, 1);
    const cudaKernelNodeParams kernel = arguments.params();
    ASSERT_CUDA_OK(
        cudaGraphAddKernelNode(&inner, p.conditional.phGraph_out[0], nullptr, 0, &kernel));
    cudaGraphExec_t made = instantiate();
    cudaStream_t blocking = nullptr;
    cudaGraph_t none = nullptr;
    ASSERT_CUDA_OK(cudaStreamCreate(&blocking));
    ASSERT_CUDA_OK(cudaStreamBeginCapture(blocking, cudaStreamCaptureModeThreadLocal));
    EXPECT_CUDA(cudaErrorStreamCaptureImplicit, cudaGraphLaunch(made, nullptr));
    EXPECT_CUDA(cudaErrorStreamCaptureInvalidated, cudaStreamEndCapture(blocking, &none));
    EXPECT_CUDA_OK(cudaStreamDestroy(blocking));
    EXPECT_CUDA_OK(cudaGraphLaunch(made, stream));
    EXPECT_CUDA_OK(cudaGraphLaunch(made, stream));
    EXPECT_EQ(get(), 3u);
    EXPECT_CUDA_OK(cudaGraphExecDestroy(made));
}

} // namespace
} // namespace cuda_test
