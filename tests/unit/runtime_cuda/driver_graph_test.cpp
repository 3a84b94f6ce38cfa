// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Graphs through the driver API: each function once, and its own structures.
#include "tests/unit/runtime_cuda/step_kernel.h"

namespace cuda_test {
namespace {

#define EXPECT_DRV(code, call) EXPECT_EQ(code, (call)) << #call
#define OK(call) EXPECT_EQ(CUDA_SUCCESS, (call)) << #call

struct DriverGraph : Clean {
    CUdevice device = 0;
    CUcontext context = nullptr;
    CUmodule module = nullptr;
    CUfunction function = nullptr;
    CUgraph graph = nullptr;
    CUstream stream = nullptr;
    CUdeviceptr word = 0;
    unsigned factor = 2, add = 1;
    void* arguments[3] = {&word, &factor, &add};
    const std::vector<uint8_t> image = step_image();

    void SetUp() override {
        OK(cuInit(0));
        OK(cuDeviceGet(&device, 0));
        ASSERT_EQ(CUDA_SUCCESS, cuCtxCreate(&context, 0, device));
        ASSERT_EQ(CUDA_SUCCESS, cuModuleLoadData(&module, image.data()));
        OK(cuModuleGetFunction(&function, module, "step"));
        OK(cuGraphCreate(&graph, 0));
        OK(cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
        OK(cuMemAlloc(&word, 256));
        OK(cuMemsetD32(word, 0, 64));
        OK(cuCtxSynchronize()); // the stream does not wait for it
    }
    void TearDown() override {
        OK(cuCtxDestroy(context));
        Clean::TearDown();
    }
    CUDA_KERNEL_NODE_PARAMS kernel() {
        CUDA_KERNEL_NODE_PARAMS p{};
        p.func = function;
        p.gridDimX = p.gridDimY = p.gridDimZ = 1;
        p.blockDimX = p.blockDimY = p.blockDimZ = 1;
        p.kernelParams = arguments;
        return p;
    }
    unsigned launch(CUgraphExec exec) {
        unsigned value = 0;
        OK(cuGraphLaunch(exec, stream));
        OK(cuStreamSynchronize(stream));
        OK(cuMemcpyDtoH(&value, word, 4));
        return value;
    }
};

TEST_F(DriverGraph, KernelsAndStructure) {
    CUgraphNode a = nullptr, b = nullptr, c = nullptr, nodes[4] = {};
    CUDA_KERNEL_NODE_PARAMS p = kernel(), seen{};
    OK(cuGraphAddKernelNode(&a, graph, nullptr, 0, &p));
    OK(cuGraphAddKernelNode(&b, graph, &a, 1, &p));
    OK(cuGraphAddEmptyNode(&c, graph, nullptr, 0));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuGraphAddKernelNode(&a, graph, nullptr, 0, nullptr));
    p.func = reinterpret_cast<CUfunction>(0x99);
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuGraphAddKernelNode(&a, graph, nullptr, 0, &p));
    OK(cuGraphKernelNodeGetParams(b, &seen));
    EXPECT_EQ(seen.func, function);
    EXPECT_EQ(seen.ctx, context);
    EXPECT_EQ(*static_cast<unsigned*>(seen.kernelParams[1]), 2u);
    OK(cuGraphAddDependencies_v2(graph, &b, &c, nullptr, 1));
    size_t count = 4;
    OK(cuGraphGetNodes(graph, nodes, &count));
    EXPECT_EQ(count, 3u);
    count = 4;
    OK(cuGraphGetRootNodes(graph, nodes, &count));
    EXPECT_EQ(count, 1u);
    EXPECT_EQ(nodes[0], a);
    CUgraphNode from[2] = {}, to[2] = {};
    count = 2;
    OK(cuGraphGetEdges(graph, from, to, &count));
    EXPECT_EQ(count, 2u);
    CUgraphEdgeData data[2];
    OK(cuGraphGetEdges_v2(graph, from, to, data, &count));
    OK(cuGraphNodeGetDependencies(c, nodes, &count));
    EXPECT_EQ(nodes[0], b);
    OK(cuGraphNodeGetDependencies_v2(c, nodes, data, &count));
    OK(cuGraphNodeGetDependentNodes(b, nodes, &count));
    OK(cuGraphNodeGetDependentNodes_v2(b, nodes, data, &count));
    EXPECT_EQ(nodes[0], c);
    OK(cuGraphRemoveDependencies_v2(graph, &b, &c, nullptr, 1));
    OK(cuGraphAddDependencies(graph, &b, &c, 1));
    OK(cuGraphRemoveDependencies(graph, &b, &c, 1));
    OK(cuGraphDestroyNode(c));
    CUgraphNodeType type = CU_GRAPH_NODE_TYPE_EMPTY;
    OK(cuGraphNodeGetType(a, &type));
    EXPECT_EQ(type, CU_GRAPH_NODE_TYPE_KERNEL);
    CUgraph clone = nullptr;
    CUgraphNode twin = nullptr;
    OK(cuGraphClone(&clone, graph));
    OK(cuGraphNodeFindInClone(&twin, a, clone));
    CUgraphExec exec = nullptr;
    OK(cuGraphInstantiate(&exec, clone, 0));
    EXPECT_EQ(launch(exec), 3u);
    add = 5;
    p = kernel();
    OK(cuGraphKernelNodeSetParams(a, &p));
    OK(cuGraphExecKernelNodeSetParams(exec, twin, &p));
    EXPECT_EQ(launch(exec), (3u * 2 + 5) * 2 + 1);
    CUgraphExecUpdateResultInfo info{};
    OK(cuGraphExecUpdate(exec, clone, &info));
    EXPECT_EQ(info.result, CU_GRAPH_EXEC_UPDATE_SUCCESS);
    EXPECT_DRV(CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE, [&] {
        CUgraph none = nullptr;
        OK(cuGraphCreate(&none, 0));
        const CUresult result = cuGraphExecUpdate(exec, none, &info);
        OK(cuGraphDestroy(none));
        return result;
    }());
    EXPECT_EQ(info.result, CU_GRAPH_EXEC_UPDATE_ERROR_TOPOLOGY_CHANGED);
    unsigned enabled = 0;
    OK(cuGraphNodeSetEnabled(exec, twin, 0));
    OK(cuGraphNodeGetEnabled(exec, twin, &enabled));
    EXPECT_EQ(enabled, 0u);
    cuuint64_t flags = 9;
    OK(cuGraphExecGetFlags(exec, &flags));
    EXPECT_EQ(flags, 0u);
    OK(cuGraphUpload(exec, stream));
    OK(cuGraphExecDestroy(exec));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuGraphLaunch(exec, stream));
    CUDA_GRAPH_INSTANTIATE_PARAMS instantiate{};
    OK(cuGraphInstantiateWithParams(&exec, graph, &instantiate));
    EXPECT_EQ(instantiate.result_out, CUDA_GRAPH_INSTANTIATE_SUCCESS);
    OK(cuGraphExecDestroy(exec));
    OK(cuGraphDebugDotPrint(graph, (testing::TempDir() + "driver.dot").c_str(), 0));
    OK(cuGraphDestroy(clone));
    OK(cuGraphDestroy(graph));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuGraphDestroy(graph));
}

TEST_F(DriverGraph, KernelAttributes) {
    CUgraphNode a = nullptr, b = nullptr;
    CUDA_KERNEL_NODE_PARAMS p = kernel();
    OK(cuGraphAddKernelNode(&a, graph, nullptr, 0, &p));
    OK(cuGraphAddKernelNode(&b, graph, nullptr, 0, &p));
    CUkernelNodeAttrValue value{}, seen{};
    value.priority = -1;
    OK(cuGraphKernelNodeSetAttribute(a, CU_KERNEL_NODE_ATTRIBUTE_PRIORITY, &value));
    OK(cuGraphKernelNodeCopyAttributes(b, a));
    OK(cuGraphKernelNodeGetAttribute(b, CU_KERNEL_NODE_ATTRIBUTE_PRIORITY, &seen));
    EXPECT_EQ(seen.priority, -1);
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE,
               cuGraphKernelNodeGetAttribute(b, CU_KERNEL_NODE_ATTRIBUTE_PRIORITY, nullptr));
}

TEST_F(DriverGraph, CopiesFillsAndCalls) {
    CUgraphNode fill = nullptr, copy = nullptr, call = nullptr;
    CUDA_MEMSET_NODE_PARAMS f{word, 0, 0x01020304, 4, 2, 1}, f_seen{};
    OK(cuGraphAddMemsetNode(&fill, graph, nullptr, 0, &f, context));
    OK(cuGraphMemsetNodeGetParams(fill, &f_seen));
    EXPECT_EQ(f_seen.dst, word);
    EXPECT_EQ(f_seen.value, 0x01020304u);
    EXPECT_EQ(f_seen.width, 2u);
    static unsigned host[2], calls;
    CUDA_MEMCPY3D c{}, c_seen{};
    c.srcMemoryType = CU_MEMORYTYPE_DEVICE;
    c.srcDevice = word;
    c.dstMemoryType = CU_MEMORYTYPE_HOST;
    c.dstHost = host;
    c.WidthInBytes = 8;
    c.Height = c.Depth = 1;
    OK(cuGraphAddMemcpyNode(&copy, graph, &fill, 1, &c, context));
    OK(cuGraphMemcpyNodeGetParams(copy, &c_seen));
    EXPECT_EQ(c_seen.srcDevice, word);
    EXPECT_EQ(c_seen.dstMemoryType, CU_MEMORYTYPE_HOST);
    EXPECT_EQ(c_seen.dstHost, host);
    EXPECT_EQ(c_seen.WidthInBytes, 8u);
    CUDA_HOST_NODE_PARAMS h{[](void*) { ++calls; }, nullptr}, h_seen{};
    OK(cuGraphAddHostNode(&call, graph, &copy, 1, &h));
    OK(cuGraphHostNodeGetParams(call, &h_seen));
    EXPECT_EQ(h_seen.fn, h.fn);
    OK(cuGraphHostNodeSetParams(call, &h));
    CUgraphExec exec = nullptr;
    OK(cuGraphInstantiate(&exec, graph, 0));
    launch(exec);
    EXPECT_EQ(host[1], 0x01020304u);
    EXPECT_EQ(calls, 1u);
    f.value = 7;
    static unsigned other[2];
    c.dstHost = other;
    OK(cuGraphMemsetNodeSetParams(fill, &f));
    OK(cuGraphMemcpyNodeSetParams(copy, &c));
    OK(cuGraphExecMemsetNodeSetParams(exec, fill, &f, context));
    OK(cuGraphExecMemcpyNodeSetParams(exec, copy, &c, context));
    OK(cuGraphExecHostNodeSetParams(exec, call, &h));
    launch(exec);
    EXPECT_EQ(other[0], 7u);
    EXPECT_EQ(calls, 2u);
    OK(cuGraphExecDestroy(exec));
}

TEST_F(DriverGraph, ChildrenAndEvents) {
    CUgraph child = nullptr, inside = nullptr;
    CUgraphNode node = nullptr, record = nullptr, wait = nullptr;
    CUDA_KERNEL_NODE_PARAMS p = kernel();
    OK(cuGraphCreate(&child, 0));
    OK(cuGraphAddKernelNode(&node, child, nullptr, 0, &p));
    OK(cuGraphAddChildGraphNode(&node, graph, nullptr, 0, child));
    OK(cuGraphChildGraphNodeGetGraph(node, &inside));
    EXPECT_NE(inside, child);
    CUevent event = nullptr, seen = nullptr;
    OK(cuEventCreate(&event, CU_EVENT_DEFAULT));
    OK(cuGraphAddEventRecordNode(&record, graph, &node, 1, event));
    OK(cuGraphAddEventWaitNode(&wait, graph, nullptr, 0, event));
    OK(cuGraphEventRecordNodeGetEvent(record, &seen));
    EXPECT_EQ(seen, event);
    OK(cuGraphEventWaitNodeGetEvent(wait, &seen));
    EXPECT_EQ(seen, event);
    OK(cuGraphEventRecordNodeSetEvent(record, event));
    OK(cuGraphEventWaitNodeSetEvent(wait, event));
    CUgraphExec exec = nullptr;
    OK(cuGraphInstantiate(&exec, graph, 0));
    EXPECT_EQ(launch(exec), 1u);
    OK(cuEventQuery(event));
    OK(cuGraphExecEventRecordNodeSetEvent(exec, record, event));
    OK(cuGraphExecEventWaitNodeSetEvent(exec, wait, event));
    OK(cuGraphExecChildGraphNodeSetParams(exec, node, child));
    EXPECT_EQ(launch(exec), 3u);
    OK(cuGraphExecDestroy(exec));
}

TEST_F(DriverGraph, AnyNodeByOneFunction) {
    CUgraphNodeParams p{};
    p.type = CU_GRAPH_NODE_TYPE_KERNEL;
    p.kernel.func = function;
    p.kernel.gridDimX = p.kernel.gridDimY = p.kernel.gridDimZ = 1;
    p.kernel.blockDimX = p.kernel.blockDimY = p.kernel.blockDimZ = 1;
    p.kernel.kernelParams = arguments;
    CUgraphNode a = nullptr, b = nullptr;
    OK(cuGraphAddNode(&a, graph, nullptr, 0, &p));
    OK(cuGraphAddNode_v2(&b, graph, &a, nullptr, 1, &p));
    CUgraphExec exec = nullptr;
    OK(cuGraphInstantiate(&exec, graph, 0));
    EXPECT_EQ(launch(exec), 3u);
    add = 0;
    OK(cuGraphNodeSetParams(a, &p));
    OK(cuGraphExecNodeSetParams(exec, a, &p));
    EXPECT_EQ(launch(exec), 13u);
    p.type = CU_GRAPH_NODE_TYPE_EMPTY;
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuGraphNodeSetParams(a, &p));
    CUgraphNodeParams m{};
    m.type = CU_GRAPH_NODE_TYPE_MEMSET;
    m.memset = {word, 0, 9, 4, 1, 1, context};
    OK(cuGraphAddNode(&b, graph, nullptr, 0, &m));
    OK(cuGraphExecDestroy(exec));
}

TEST_F(DriverGraph, Memory) {
    CUDA_MEM_ALLOC_NODE_PARAMS p{}, seen{};
    p.poolProps.allocType = CU_MEM_ALLOCATION_TYPE_PINNED;
    p.poolProps.location = {CU_MEM_LOCATION_TYPE_DEVICE, device};
    p.bytesize = 4096;
    CUgraphNode alloc = nullptr, free = nullptr;
    OK(cuGraphAddMemAllocNode(&alloc, graph, nullptr, 0, &p));
    OK(cuGraphAddMemFreeNode(&free, graph, &alloc, 1, p.dptr));
    OK(cuGraphMemAllocNodeGetParams(alloc, &seen));
    EXPECT_EQ(seen.dptr, p.dptr);
    CUdeviceptr address = 0;
    OK(cuGraphMemFreeNodeGetParams(free, &address));
    EXPECT_EQ(address, p.dptr);
    uint64_t value = 1, zero = 0;
    OK(cuDeviceGetGraphMemAttribute(device, CU_GRAPH_MEM_ATTR_USED_MEM_CURRENT, &value));
    EXPECT_EQ(value, 0u);
    OK(cuDeviceSetGraphMemAttribute(device, CU_GRAPH_MEM_ATTR_USED_MEM_HIGH, &zero));
    OK(cuDeviceGraphMemTrim(device));
    EXPECT_DRV(CUDA_ERROR_INVALID_DEVICE, cuDeviceGraphMemTrim(77));
}

TEST_F(DriverGraph, UserObjects) {
    static int gone;
    gone = 0;
    CUuserObject object = nullptr;
    OK(cuUserObjectCreate(
        &object, &gone, [](void* p) { ++*static_cast<int*>(p); }, 1,
        CU_USER_OBJECT_NO_DESTRUCTOR_SYNC));
    OK(cuUserObjectRetain(object, 1));
    OK(cuGraphRetainUserObject(graph, object, 1, 0));
    OK(cuUserObjectRelease(object, 2));
    EXPECT_EQ(gone, 0);
    OK(cuGraphReleaseUserObject(graph, object, 1));
    EXPECT_EQ(gone, 1);
}

TEST_F(DriverGraph, Capture) {
    CUgraph captured = nullptr, into = nullptr;
    CUstreamCaptureStatus status = CU_STREAM_CAPTURE_STATUS_NONE;
    cuuint64_t id = 0;
    const CUgraphNode* nodes = nullptr;
    const CUgraphEdgeData* data = nullptr;
    size_t count = 0;
    EXPECT_DRV(CUDA_ERROR_ILLEGAL_STATE, cuStreamEndCapture(stream, &captured));
    OK(cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_RELAXED));
    OK(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, stream, arguments, nullptr));
    OK(cuStreamIsCapturing(stream, &status));
    EXPECT_EQ(status, CU_STREAM_CAPTURE_STATUS_ACTIVE);
    OK(cuStreamGetCaptureInfo_v2(stream, &status, &id, &into, &nodes, &count));
    EXPECT_EQ(count, 1u);
    CUgraphNode only = nodes[0];
    OK(cuStreamGetCaptureInfo_v3(stream, &status, &id, &into, &nodes, &data, &count));
    OK(cuStreamUpdateCaptureDependencies(stream, &only, 1, CU_STREAM_SET_CAPTURE_DEPENDENCIES));
    OK(cuStreamUpdateCaptureDependencies_v2(stream, &only, nullptr, 1,
                                            CU_STREAM_ADD_CAPTURE_DEPENDENCIES));
    EXPECT_DRV(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, cuCtxSynchronize());
    EXPECT_DRV(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, cuStreamEndCapture(stream, &captured));
    OK(cuStreamBeginCaptureToGraph(stream, graph, nullptr, nullptr, 0,
                                   CU_STREAM_CAPTURE_MODE_GLOBAL));
    OK(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, stream, arguments, nullptr));
    OK(cuStreamEndCapture(stream, &captured));
    EXPECT_EQ(captured, graph);
    CUgraphExec exec = nullptr;
    OK(cuGraphInstantiate(&exec, graph, 0));
    EXPECT_EQ(launch(exec), 1u);
    OK(cuGraphExecDestroy(exec));
}

TEST_F(DriverGraph, ConditionalHandles) {
    CUgraphConditionalHandle handle = 0;
    OK(cuGraphConditionalHandleCreate(&handle, graph, context, 1, CU_GRAPH_COND_ASSIGN_DEFAULT));
    EXPECT_NE(handle, 0u);
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE,
               cuGraphConditionalHandleCreate(&handle, graph, context, 1, 8));
    CUgraphExec exec = nullptr;
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuGraphInstantiate(&exec, graph, 0)); // in no node
    CUgraphNodeParams p{};
    p.type = CU_GRAPH_NODE_TYPE_CONDITIONAL;
    p.conditional.handle = handle;
    p.conditional.type = CU_GRAPH_COND_TYPE_IF;
    p.conditional.size = 1;
    CUgraphNode node = nullptr, inner = nullptr;
    OK(cuGraphAddNode(&node, graph, nullptr, 0, &p));
    CUDA_KERNEL_NODE_PARAMS k = kernel();
    OK(cuGraphAddKernelNode(&inner, p.conditional.phGraph_out[0], nullptr, 0, &k));
    CUDA_HOST_NODE_PARAMS h{[](void*) {}, nullptr};
    EXPECT_DRV(CUDA_ERROR_NOT_SUPPORTED,
               cuGraphAddHostNode(&inner, p.conditional.phGraph_out[0], nullptr, 0, &h));
    EXPECT_DRV(CUDA_ERROR_INVALID_VALUE, cuGraphAddNode(&node, graph, nullptr, 0, &p)); // in use
    OK(cuGraphInstantiate(&exec, graph, 0));
    EXPECT_EQ(launch(exec), 1u);
    EXPECT_EQ(launch(exec), 3u);
    OK(cuGraphExecDestroy(exec));
}

TEST_F(DriverGraph, ACaptureStaysInItsContext) {
    CUcontext other = nullptr;
    CUstream theirs = nullptr;
    CUevent event = nullptr;
    CUgraph captured = nullptr;
    OK(cuEventCreate(&event, CU_EVENT_DISABLE_TIMING));
    ASSERT_EQ(CUDA_SUCCESS, cuCtxCreate(&other, 0, device));
    OK(cuStreamCreate(&theirs, CU_STREAM_NON_BLOCKING));
    OK(cuCtxPopCurrent(nullptr));
    OK(cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
    OK(cuEventRecord(event, stream));
    EXPECT_DRV(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, cuStreamWaitEvent(theirs, event, 0));
    EXPECT_DRV(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, cuStreamEndCapture(stream, &captured));
    OK(cuCtxDestroy(other));
}

/// What may not stand in a body may not come in with a child graph either.
TEST_F(DriverGraph, ABodyKnowsWhatIsInItsChildren) {
    CUgraphConditionalHandle handle = 0;
    OK(cuGraphConditionalHandleCreate(&handle, graph, context, 0, 0));
    CUgraphNodeParams p{};
    p.type = CU_GRAPH_NODE_TYPE_CONDITIONAL;
    p.conditional.handle = handle;
    p.conditional.type = CU_GRAPH_COND_TYPE_IF;
    p.conditional.size = 1;
    CUgraphNode node = nullptr;
    OK(cuGraphAddNode(&node, graph, nullptr, 0, &p));
    const CUgraph body = p.conditional.phGraph_out[0];
    CUgraph child = nullptr;
    OK(cuGraphCreate(&child, 0));
    OK(cuGraphAddEmptyNode(&node, child, nullptr, 0));
    OK(cuGraphAddChildGraphNode(&node, body, nullptr, 0, child));
    CUDA_HOST_NODE_PARAMS h{[](void*) {}, nullptr};
    OK(cuGraphAddHostNode(&node, child, nullptr, 0, &h));
    EXPECT_DRV(CUDA_ERROR_NOT_SUPPORTED, cuGraphAddChildGraphNode(&node, body, nullptr, 0, child));
    OK(cuGraphDestroy(child));
}

TEST_F(DriverGraph, AModuleOfALibraryIsUnloadedWithIt) {
    CUlibrary library = nullptr;
    CUmodule of = nullptr, again = nullptr;
    OK(cuLibraryLoadData(&library, image.data(), nullptr, nullptr, 0, nullptr, nullptr, 0));
    OK(cuLibraryGetModule(&of, library));
    EXPECT_DRV(CUDA_ERROR_NOT_PERMITTED, cuModuleUnload(of));
    OK(cuLibraryGetModule(&again, library));
    EXPECT_EQ(again, of);
    OK(cuLibraryUnload(library));
    EXPECT_DRV(CUDA_ERROR_INVALID_HANDLE, cuModuleUnload(of));
}

} // namespace
} // namespace cuda_test
