// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stream capture: what is captured, how streams join, and what ends a capture badly.
#include <atomic>
#include <thread>

#include "tests/unit/runtime_cuda/step_kernel.h"

namespace cuda_test {
namespace {

struct CaptureApi : GraphFixture {
    cudaStream_t second = nullptr;
    cudaEvent_t fork = nullptr, join = nullptr;
    cudaGraph_t captured = nullptr;
    void SetUp() override {
        GraphFixture::SetUp();
        ASSERT_CUDA_OK(cudaStreamCreateWithFlags(&second, cudaStreamNonBlocking));
        ASSERT_CUDA_OK(cudaEventCreateWithFlags(&fork, cudaEventDisableTiming));
        ASSERT_CUDA_OK(cudaEventCreateWithFlags(&join, cudaEventDisableTiming));
    }
    void TearDown() override {
        if (captured != nullptr) {
            EXPECT_CUDA_OK(cudaGraphDestroy(captured));
        }
        EXPECT_CUDA_OK(cudaEventDestroy(fork));
        EXPECT_CUDA_OK(cudaEventDestroy(join));
        EXPECT_CUDA_OK(cudaStreamDestroy(second));
        GraphFixture::TearDown();
    }
    void begin(cudaStreamCaptureMode mode = cudaStreamCaptureModeThreadLocal) {
        ASSERT_CUDA_OK(cudaStreamBeginCapture(stream, mode));
    }
    void end() { ASSERT_CUDA_OK(cudaStreamEndCapture(stream, &captured)); }
    /// The capture is over, with this error, and gives no graph.
    void end_with(cudaError_t error) {
        cudaGraph_t none = graph;
        EXPECT_CUDA(error, cudaStreamEndCapture(stream, &none));
        EXPECT_EQ(none, nullptr);
        EXPECT_EQ(status(), cudaStreamCaptureStatusNone);
    }
    cudaStreamCaptureStatus status() {
        auto status = cudaStreamCaptureStatusInvalidated;
        EXPECT_CUDA_OK(cudaStreamIsCapturing(stream, &status));
        return status;
    }
    unsigned run() {
        cudaGraphExec_t exec = nullptr;
        EXPECT_CUDA_OK(cudaGraphInstantiate(&exec, captured, 0));
        EXPECT_CUDA_OK(cudaGraphLaunch(exec, stream));
        EXPECT_CUDA_OK(cudaGraphExecDestroy(exec));
        return get();
    }
    size_t nodes(cudaGraph_t of) {
        size_t count = 0;
        EXPECT_CUDA_OK(cudaGraphGetNodes(of, nullptr, &count));
        return count;
    }
};

TEST_F(CaptureApi, StreamsThatDoNotCaptureSayNone) {
    for (cudaStream_t of : {static_cast<cudaStream_t>(nullptr), stream, cudaStreamPerThread}) {
        auto status = cudaStreamCaptureStatusActive;
        EXPECT_CUDA_OK(cudaStreamIsCapturing(of, &status));
        EXPECT_EQ(status, cudaStreamCaptureStatusNone);
        status = cudaStreamCaptureStatusActive;
        EXPECT_CUDA_OK(cudaStreamGetCaptureInfo_v2(of, &status));
        EXPECT_EQ(status, cudaStreamCaptureStatusNone);
        auto driver_status = CU_STREAM_CAPTURE_STATUS_ACTIVE;
        EXPECT_EQ(CUDA_SUCCESS, cuStreamIsCapturing(of, &driver_status));
        EXPECT_EQ(driver_status, CU_STREAM_CAPTURE_STATUS_NONE);
    }
    EXPECT_CUDA(cudaErrorInvalidValue, cudaStreamIsCapturing(stream, nullptr));
    EXPECT_EQ(CUDA_ERROR_INVALID_VALUE, cuStreamIsCapturing(stream, nullptr));
    auto status = cudaStreamCaptureStatusActive;
    cudaStream_t gone = nullptr;
    ASSERT_CUDA_OK(cudaStreamCreate(&gone));
    EXPECT_CUDA_OK(cudaStreamDestroy(gone));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle, cudaStreamIsCapturing(gone, &status));
}

TEST_F(CaptureApi, TheThreadsModeIsExchanged) {
    auto mode = cudaStreamCaptureModeRelaxed;
    EXPECT_CUDA_OK(cudaThreadExchangeStreamCaptureMode(&mode));
    EXPECT_EQ(mode, cudaStreamCaptureModeGlobal);
    EXPECT_CUDA_OK(cudaThreadExchangeStreamCaptureMode(&mode));
    EXPECT_EQ(mode, cudaStreamCaptureModeRelaxed);
    mode = static_cast<cudaStreamCaptureMode>(7);
    EXPECT_CUDA(cudaErrorInvalidValue, cudaThreadExchangeStreamCaptureMode(&mode));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaThreadExchangeStreamCaptureMode(nullptr));
}

TEST_F(CaptureApi, BeginningAndEnding) {
    EXPECT_CUDA(cudaErrorStreamCaptureUnsupported,
                cudaStreamBeginCapture(nullptr, cudaStreamCaptureModeRelaxed));
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaStreamBeginCapture(stream, static_cast<cudaStreamCaptureMode>(7)));
    EXPECT_CUDA(cudaErrorIllegalState, cudaStreamEndCapture(stream, &captured));
    begin();
    EXPECT_EQ(status(), cudaStreamCaptureStatusActive);
    EXPECT_CUDA(cudaErrorIllegalState,
                cudaStreamBeginCapture(stream, cudaStreamCaptureModeRelaxed));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaStreamEndCapture(stream, nullptr));
    end();
    ASSERT_NE(captured, nullptr);
    EXPECT_EQ(nodes(captured), 0u);
}

TEST_F(CaptureApi, WorkBecomesNodesAndDoesNotRun) {
    unsigned seen = 99;
    static unsigned called;
    called = 0;
    begin();
    ASSERT_CUDA_OK(cudaMemsetAsync(word, 1, 4, stream));
    Step(word, 2, 3).launch(stream);
    ASSERT_CUDA_OK(cudaMemcpyAsync(&seen, word, 4, cudaMemcpyDeviceToHost, stream));
    ASSERT_CUDA_OK(cudaLaunchHostFunc(stream, [](void*) { ++called; }, nullptr));
    end();
    EXPECT_EQ(get(), 0u);
    ASSERT_EQ(nodes(captured), 4u);
    cudaGraphNode_t all[4];
    size_t count = 4;
    ASSERT_CUDA_OK(cudaGraphGetNodes(captured, all, &count));
    const cudaGraphNodeType expected[] = {cudaGraphNodeTypeMemset, cudaGraphNodeTypeKernel,
                                          cudaGraphNodeTypeMemcpy, cudaGraphNodeTypeHost};
    for (int i = 0; i < 4; ++i) {
        cudaGraphNodeType type = cudaGraphNodeTypeCount;
        ASSERT_CUDA_OK(cudaGraphNodeGetType(all[i], &type));
        EXPECT_EQ(type, expected[i]);
        cudaGraphNode_t before = nullptr;
        count = 1;
        ASSERT_CUDA_OK(cudaGraphNodeGetDependencies(all[i], &before, &count));
        EXPECT_EQ(before, i == 0 ? nullptr : all[i - 1]);
    }
    cudaKernelNodeParams kernel{};
    ASSERT_CUDA_OK(cudaGraphKernelNodeGetParams(all[1], &kernel));
    EXPECT_EQ(kernel.func, step_function());
    EXPECT_EQ(*static_cast<unsigned*>(kernel.kernelParams[2]), 3u);
    cudaMemcpy3DParms copy{};
    ASSERT_CUDA_OK(cudaGraphMemcpyNodeGetParams(all[2], &copy));
    EXPECT_EQ(copy.dstPtr.ptr, &seen);
    EXPECT_EQ(copy.srcPtr.ptr, word);
    EXPECT_EQ(run(), 0x01010101u * 2 + 3);
    EXPECT_EQ(seen, 0x01010101u * 2 + 3);
    EXPECT_EQ(called, 1u);
}

TEST_F(CaptureApi, StreamsForkAndJoinByEvents) {
    begin();
    Step(word, 0, 1).launch(stream);
    ASSERT_CUDA_OK(cudaEventRecord(fork, stream));
    ASSERT_CUDA_OK(cudaStreamWaitEvent(second, fork, 0));
    auto status = cudaStreamCaptureStatusNone;
    EXPECT_CUDA_OK(cudaStreamIsCapturing(second, &status));
    EXPECT_EQ(status, cudaStreamCaptureStatusActive);
    Step(word + 1, 0, 20).launch(second);
    Step(word, 3, 0).launch(stream);
    ASSERT_CUDA_OK(cudaEventRecord(join, second));
    ASSERT_CUDA_OK(cudaStreamWaitEvent(stream, join, 0));
    ASSERT_CUDA_OK(cudaMemcpyAsync(word, word + 1, 4, cudaMemcpyDeviceToDevice, stream));
    end();
    EXPECT_CUDA_OK(cudaStreamIsCapturing(second, &status));
    EXPECT_EQ(status, cudaStreamCaptureStatusNone);
    cudaGraphNode_t all[4];
    size_t count = 4;
    ASSERT_CUDA_OK(cudaGraphGetNodes(captured, all, &count));
    ASSERT_EQ(count, 4u);
    ASSERT_CUDA_OK(cudaGraphNodeGetDependencies(all[3], nullptr, &count));
    EXPECT_EQ(count, 2u);
    EXPECT_EQ(run(), 20u);
}

TEST_F(CaptureApi, AStreamThatIsNotJoined) {
    begin();
    ASSERT_CUDA_OK(cudaEventRecord(fork, stream));
    ASSERT_CUDA_OK(cudaStreamWaitEvent(second, fork, 0));
    Step(word, 0, 1).launch(second);
    EXPECT_CUDA(cudaErrorStreamCaptureUnmatched, cudaStreamEndCapture(second, &captured));
    end_with(cudaErrorStreamCaptureUnjoined);
    Step(word, 0, 5).launch(second); // an ordinary stream again
    EXPECT_CUDA_OK(cudaStreamSynchronize(second));
    EXPECT_EQ(get(), 5u);
}

TEST_F(CaptureApi, WaitingAndAskingInvalidate) {
    const std::function<cudaError_t()> calls[] = {
        [&] { return cudaStreamSynchronize(stream); },
        [&] { return cudaStreamQuery(stream); },
        [&] { return cudaDeviceSynchronize(); },
        [&] {
            return cudaStreamAddCallback(
                stream, [](cudaStream_t, cudaError_t, void*) {}, nullptr, 0);
        },
        [&] {
            void* pointer = nullptr;
            return cudaMalloc(&pointer, 16);
        },
        [&] { return cudaFree(word); },
        [&] { return cudaEventQuery(join); },
    };
    for (const auto& call : calls) {
        begin();
        EXPECT_EQ(call(), cudaErrorStreamCaptureUnsupported) << &call - calls;
        EXPECT_EQ(status(), cudaStreamCaptureStatusInvalidated) << &call - calls;
        EXPECT_CUDA(cudaErrorStreamCaptureInvalidated, cudaMemsetAsync(word, 0, 4, stream));
        end_with(cudaErrorStreamCaptureInvalidated);
    }
}

TEST_F(CaptureApi, RelaxedCapturesAllowUnsafeCalls) {
    begin(cudaStreamCaptureModeRelaxed);
    void* pointer = nullptr;
    EXPECT_CUDA_OK(cudaMalloc(&pointer, 16));
    EXPECT_CUDA_OK(cudaFree(pointer));
    EXPECT_CUDA_OK(cudaEventQuery(join));
    EXPECT_CUDA(cudaErrorStreamCaptureUnsupported, cudaDeviceSynchronize());
    end_with(cudaErrorStreamCaptureInvalidated);
    // A thread may allow itself.
    begin(cudaStreamCaptureModeGlobal);
    auto mode = cudaStreamCaptureModeRelaxed;
    EXPECT_CUDA_OK(cudaThreadExchangeStreamCaptureMode(&mode));
    EXPECT_CUDA_OK(cudaMalloc(&pointer, 16));
    EXPECT_CUDA_OK(cudaFree(pointer));
    EXPECT_CUDA_OK(cudaThreadExchangeStreamCaptureMode(&mode));
    end();
}

TEST_F(CaptureApi, OtherThreads) {
    const auto in_thread = [](const std::function<void()>& what) { std::thread(what).join(); };
    void* pointer = nullptr;
    begin(cudaStreamCaptureModeThreadLocal);
    in_thread([&] {
        EXPECT_CUDA_OK(cudaMalloc(&pointer, 16));
        EXPECT_CUDA_OK(cudaFree(pointer));
        EXPECT_CUDA(cudaErrorStreamCaptureWrongThread, cudaStreamEndCapture(stream, &captured));
    });
    end();
    EXPECT_CUDA_OK(cudaGraphDestroy(captured));
    begin(cudaStreamCaptureModeGlobal);
    in_thread([&] { EXPECT_CUDA(cudaErrorStreamCaptureUnsupported, cudaMalloc(&pointer, 16)); });
    end_with(cudaErrorStreamCaptureInvalidated);
    begin(cudaStreamCaptureModeRelaxed);
    in_thread([&] {
        Step(word, 0, 8).launch(stream);
        EXPECT_CUDA_OK(cudaStreamEndCapture(stream, &captured));
    });
    EXPECT_EQ(run(), 8u);
}

TEST_F(CaptureApi, TheLegacyStreamCannotBeUsedBesideABlockingStream) {
    cudaStream_t blocking = nullptr;
    ASSERT_CUDA_OK(cudaStreamCreate(&blocking));
    ASSERT_CUDA_OK(cudaStreamBeginCapture(blocking, cudaStreamCaptureModeRelaxed));
    auto status = cudaStreamCaptureStatusNone;
    EXPECT_CUDA(cudaErrorStreamCaptureImplicit, cudaStreamIsCapturing(nullptr, &status));
    EXPECT_CUDA_OK(cudaStreamIsCapturing(blocking, &status));
    EXPECT_EQ(status, cudaStreamCaptureStatusActive); // asking is free
    EXPECT_CUDA(cudaErrorStreamCaptureImplicit, cudaMemset(word, 0, 4));
    EXPECT_CUDA(cudaErrorStreamCaptureInvalidated, cudaStreamEndCapture(blocking, &captured));
    EXPECT_CUDA_OK(cudaMemset(word, 0, 4));
    EXPECT_CUDA_OK(cudaStreamDestroy(blocking));
    begin(cudaStreamCaptureModeRelaxed); // this stream does not block
    EXPECT_CUDA_OK(cudaMemset(word, 0, 4));
    end();
}

TEST_F(CaptureApi, EventsOfCaptures) {
    // From outside into a capture.
    ASSERT_CUDA_OK(cudaEventRecord(join, second));
    begin();
    EXPECT_CUDA(cudaErrorStreamCaptureIsolation, cudaStreamWaitEvent(stream, join, 0));
    end_with(cudaErrorStreamCaptureInvalidated);
    // Asking about captured work.
    begin(cudaStreamCaptureModeRelaxed);
    ASSERT_CUDA_OK(cudaEventRecord(fork, stream));
    EXPECT_CUDA(cudaErrorCapturedEvent, cudaEventQuery(fork));
    end_with(cudaErrorStreamCaptureInvalidated);
    EXPECT_CUDA(cudaErrorCapturedEvent, cudaEventSynchronize(fork));
    EXPECT_CUDA(cudaErrorCapturedEvent, cudaStreamWaitEvent(stream, fork, 0));
    ASSERT_CUDA_OK(cudaEventRecord(fork, stream)); // an ordinary event again
    EXPECT_CUDA_OK(cudaEventSynchronize(fork));
    // Two captures into one.
    begin(cudaStreamCaptureModeRelaxed);
    ASSERT_CUDA_OK(cudaStreamBeginCapture(second, cudaStreamCaptureModeRelaxed));
    ASSERT_CUDA_OK(cudaEventRecord(fork, stream));
    EXPECT_CUDA(cudaErrorStreamCaptureMerge, cudaStreamWaitEvent(second, fork, 0));
    end_with(cudaErrorStreamCaptureInvalidated);
    EXPECT_CUDA(cudaErrorStreamCaptureInvalidated, cudaStreamEndCapture(second, &captured));
}

TEST_F(CaptureApi, ExternalEventsAreNodes) {
    cudaEvent_t timed = nullptr;
    ASSERT_CUDA_OK(cudaEventCreate(&timed));
    begin();
    ASSERT_CUDA_OK(cudaStreamWaitEvent(stream, join, cudaEventWaitExternal));
    ASSERT_CUDA_OK(cudaEventRecordWithFlags(timed, stream, cudaEventRecordExternal));
    end();
    EXPECT_EQ(nodes(captured), 2u);
    run();
    EXPECT_CUDA_OK(cudaEventQuery(timed));
    EXPECT_CUDA_OK(cudaEventDestroy(timed));
}

TEST_F(CaptureApi, InformationAndDependencies) {
    begin();
    Step(word, 0, 1).launch(stream);
    auto status = cudaStreamCaptureStatusNone;
    unsigned long long id = 0;
    cudaGraph_t into = nullptr;
    const cudaGraphNode_t* nodes = nullptr;
    size_t count = 0;
    ASSERT_CUDA_OK(cudaStreamGetCaptureInfo_v2(stream, &status, &id, &into, &nodes, &count));
    EXPECT_EQ(status, cudaStreamCaptureStatusActive);
    EXPECT_NE(id, 0u);
    ASSERT_EQ(count, 1u);
    const cudaGraphNode_t first = nodes[0];
    // A node that the program adds itself, and that the stream goes on from.
    Step arguments(word, 10, 0);
    const cudaKernelNodeParams params = arguments.params();
    cudaGraphNode_t own = nullptr;
    ASSERT_CUDA_OK(cudaGraphAddKernelNode(&own, into, &first, 1, &params));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphDestroyNode(own)); // not now
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphDestroy(into));
    ASSERT_CUDA_OK(
        cudaStreamUpdateCaptureDependencies(stream, &own, 1, cudaStreamSetCaptureDependencies));
    Step(word, 1, 2).launch(stream);
    EXPECT_CUDA(cudaErrorInvalidValue, cudaStreamUpdateCaptureDependencies(stream, &own, 1, 8));
    EXPECT_CUDA(cudaErrorIllegalState, cudaStreamUpdateCaptureDependencies(second, &own, 1, 0));
    const cudaGraphEdgeData* data = nullptr;
    ASSERT_CUDA_OK(
        cudaStreamGetCaptureInfo_v3(stream, &status, nullptr, nullptr, &nodes, &data, &count));
    EXPECT_EQ(count, 1u);
    EXPECT_EQ(data[0].type, 0);
    EXPECT_CUDA_OK(cudaStreamUpdateCaptureDependencies_v2(stream, &own, nullptr, 1, 0));
    ASSERT_CUDA_OK(cudaStreamGetCaptureInfo_v2(stream, &status, nullptr, nullptr, nullptr, &count));
    EXPECT_EQ(count, 2u);
    end();
    EXPECT_EQ(captured, into);
    EXPECT_EQ(run(), 12u);
}

TEST_F(CaptureApi, IntoAGraphThatIsThere) {
    const cudaGraphNode_t first = step(0, 4);
    ASSERT_CUDA_OK(cudaStreamBeginCaptureToGraph(stream, graph, &first, nullptr, 1,
                                                 cudaStreamCaptureModeThreadLocal));
    EXPECT_CUDA(cudaErrorIllegalState,
                cudaStreamBeginCaptureToGraph(second, graph, nullptr, nullptr, 0,
                                              cudaStreamCaptureModeThreadLocal));
    Step(word, 2, 1).launch(stream);
    cudaGraph_t same = nullptr;
    ASSERT_CUDA_OK(cudaStreamEndCapture(stream, &same));
    EXPECT_EQ(same, graph);
    ASSERT_CUDA_OK(cudaStreamBeginCaptureToGraph(stream, graph, &first, nullptr, 1,
                                                 cudaStreamCaptureModeThreadLocal));
    EXPECT_CUDA_OK(cudaStreamEndCapture(stream, nullptr)); // the program has the graph
    cudaGraphExec_t exec = instantiate();
    EXPECT_CUDA_OK(cudaGraphLaunch(exec, stream));
    EXPECT_EQ(get(), 9u);
    EXPECT_CUDA_OK(cudaGraphExecDestroy(exec));
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaStreamBeginCaptureToGraph(stream, nullptr, nullptr, nullptr, 0,
                                              cudaStreamCaptureModeThreadLocal));
}

TEST_F(CaptureApi, AGraphLaunchBecomesAChild) {
    step(2, 1);
    cudaGraphExec_t exec = instantiate();
    begin();
    ASSERT_CUDA_OK(cudaGraphLaunch(exec, stream));
    ASSERT_CUDA_OK(cudaGraphLaunch(exec, stream));
    end();
    EXPECT_EQ(get(), 0u);
    EXPECT_EQ(run(), 3u);
    EXPECT_CUDA_OK(cudaGraphExecDestroy(exec));
}

TEST_F(CaptureApi, AStreamThatIsDestroyedEndsItsCapture) {
    cudaStream_t doomed = nullptr;
    ASSERT_CUDA_OK(cudaStreamCreateWithFlags(&doomed, cudaStreamNonBlocking));
    ASSERT_CUDA_OK(cudaStreamBeginCapture(doomed, cudaStreamCaptureModeGlobal));
    Step(word, 0, 1).launch(doomed);
    EXPECT_CUDA_OK(cudaStreamDestroy(doomed));
    void* pointer = nullptr;
    EXPECT_CUDA_OK(cudaMalloc(&pointer, 16)); // nobody captures any more
    EXPECT_CUDA_OK(cudaFree(pointer));
}

TEST_F(CaptureApi, HandlesEndWithTheirCapture) {
    cudaStream_t doomed = nullptr;
    ASSERT_CUDA_OK(cudaStreamCreateWithFlags(&doomed, cudaStreamNonBlocking));
    ASSERT_CUDA_OK(cudaStreamBeginCapture(doomed, cudaStreamCaptureModeThreadLocal));
    Step(word, 0, 1).launch(doomed);
    auto status = cudaStreamCaptureStatusNone;
    unsigned long long id = 0;
    cudaGraph_t into = nullptr;
    const cudaGraphNode_t* last = nullptr;
    size_t count = 0;
    ASSERT_CUDA_OK(cudaStreamGetCaptureInfo_v2(doomed, &status, &id, &into, &last, &count));
    ASSERT_EQ(count, 1u);
    const cudaGraphNode_t node = last[0];
    EXPECT_CUDA_OK(cudaStreamDestroy(doomed));
    cudaGraphNodeType type = cudaGraphNodeTypeEmpty;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphNodeGetType(node, &type));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphGetNodes(into, nullptr, &count));
}

TEST_F(CaptureApi, WhatACaptureGoesIntoStays) {
    cudaGraph_t child = nullptr, inside = nullptr, same = nullptr;
    cudaGraphNode_t node = nullptr;
    ASSERT_CUDA_OK(cudaGraphCreate(&child, 0));
    ASSERT_CUDA_OK(cudaGraphAddChildGraphNode(&node, graph, nullptr, 0, child));
    EXPECT_CUDA_OK(cudaGraphDestroy(child));
    ASSERT_CUDA_OK(cudaGraphChildGraphNodeGetGraph(node, &inside));
    ASSERT_CUDA_OK(cudaStreamBeginCaptureToGraph(stream, inside, nullptr, nullptr, 0,
                                                 cudaStreamCaptureModeThreadLocal));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphDestroyNode(node));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphDestroy(graph));
    Step(word, 0, 7).launch(stream);
    ASSERT_CUDA_OK(cudaStreamEndCapture(stream, &same));
    EXPECT_EQ(same, inside);
    cudaGraphExec_t exec = instantiate();
    EXPECT_CUDA_OK(cudaGraphLaunch(exec, stream));
    EXPECT_EQ(get(), 7u);
    EXPECT_CUDA_OK(cudaGraphExecDestroy(exec));
    EXPECT_CUDA_OK(cudaGraphDestroyNode(node));
}

} // namespace
} // namespace cuda_test
