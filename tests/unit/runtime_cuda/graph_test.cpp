// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Graphs as objects: nodes, dependencies, parameters, clones.
#include <climits>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "tests/unit/runtime_cuda/step_kernel.h"

namespace cuda_test {
namespace {

using GraphApi = GraphFixture;

size_t count_nodes(cudaGraph_t graph) {
    size_t count = 99;
    EXPECT_CUDA_OK(cudaGraphGetNodes(graph, nullptr, &count));
    return count;
}

TEST_F(GraphApi, CreationAndDestruction) {
    cudaGraph_t made = nullptr;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphCreate(nullptr, 0));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphCreate(&made, 1));
    ASSERT_CUDA_OK(cudaGraphCreate(&made, 0));
    EXPECT_EQ(count_nodes(made), 0u);
    EXPECT_CUDA_OK(cudaGraphDestroy(made));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphDestroy(made));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphDestroy(nullptr));
    size_t count = 0;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphGetNodes(made, nullptr, &count));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphGetNodes(graph, nullptr, nullptr));
}

TEST_F(GraphApi, NodesAndEdgesAreListed) {
    const cudaGraphNode_t a = empty(), b = empty({a}), c = empty({a}), d = empty({b, c});
    cudaGraphNode_t nodes[6] = {};
    size_t count = 6;
    ASSERT_CUDA_OK(cudaGraphGetNodes(graph, nodes, &count));
    EXPECT_EQ(count, 4u);
    EXPECT_EQ(std::vector<cudaGraphNode_t>(nodes, nodes + 6),
              (std::vector<cudaGraphNode_t>{a, b, c, d, nullptr, nullptr}));
    count = 2;
    ASSERT_CUDA_OK(cudaGraphGetNodes(graph, nodes, &count));
    EXPECT_EQ(count, 2u);
    count = 6;
    ASSERT_CUDA_OK(cudaGraphGetRootNodes(graph, nodes, &count));
    EXPECT_EQ(count, 1u);
    EXPECT_EQ(nodes[0], a);
    cudaGraphNode_t from[4] = {}, to[4] = {};
    count = 4;
    ASSERT_CUDA_OK(cudaGraphGetEdges(graph, from, to, &count));
    EXPECT_EQ(count, 4u);
    for (size_t i = 0; i < count; ++i)
        EXPECT_TRUE((from[i] == a && (to[i] == b || to[i] == c)) ||
                    ((from[i] == b || from[i] == c) && to[i] == d));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphGetEdges(graph, from, nullptr, &count));
    count = 4;
    ASSERT_CUDA_OK(cudaGraphNodeGetDependencies(d, nodes, &count));
    EXPECT_EQ(count, 2u);
    EXPECT_EQ(nodes[0], b);
    EXPECT_EQ(nodes[1], c);
    EXPECT_EQ(nodes[2], nullptr);
    ASSERT_CUDA_OK(cudaGraphNodeGetDependentNodes(a, nullptr, &count));
    EXPECT_EQ(count, 2u);
}

TEST_F(GraphApi, DependenciesComeAndGo) {
    const cudaGraphNode_t a = empty(), b = empty();
    size_t count = 0;
    ASSERT_CUDA_OK(cudaGraphAddDependencies(graph, &a, &b, 1));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddDependencies(graph, &a, &b, 1));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddDependencies(graph, &a, &a, 1));
    ASSERT_CUDA_OK(cudaGraphGetEdges(graph, nullptr, nullptr, &count));
    EXPECT_EQ(count, 1u);
    ASSERT_CUDA_OK(cudaGraphRemoveDependencies(graph, &a, &b, 1));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphRemoveDependencies(graph, &a, &b, 1));
    ASSERT_CUDA_OK(cudaGraphGetEdges(graph, nullptr, nullptr, &count));
    EXPECT_EQ(count, 0u);
    EXPECT_CUDA_OK(cudaGraphAddDependencies(graph, nullptr, nullptr, 0));
    cudaGraph_t other = nullptr;
    cudaGraphNode_t theirs = nullptr, none = nullptr;
    ASSERT_CUDA_OK(cudaGraphCreate(&other, 0));
    ASSERT_CUDA_OK(cudaGraphAddEmptyNode(&theirs, other, nullptr, 0));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddDependencies(graph, &a, &theirs, 1));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddEmptyNode(&none, graph, &theirs, 1));
    const cudaGraphNode_t twice[] = {a, a};
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddEmptyNode(&none, graph, twice, 2));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddEmptyNode(&none, graph, nullptr, 1));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddEmptyNode(nullptr, graph, nullptr, 0));
    EXPECT_CUDA_OK(cudaGraphDestroy(other));
}

TEST_F(GraphApi, EdgeDataIsKept) {
    const cudaGraphNode_t a = step(1, 1), b = step(1, 1);
    cudaGraphEdgeData data{};
    data.from_port = cudaGraphKernelNodePortProgrammatic;
    data.type = cudaGraphDependencyTypeProgrammatic;
    ASSERT_CUDA_OK(cudaGraphAddDependencies_v2(graph, &a, &b, &data, 1));
    cudaGraphNode_t from = nullptr, to = nullptr;
    cudaGraphEdgeData seen{};
    size_t count = 1;
    EXPECT_CUDA(cudaErrorLossyQuery, cudaGraphGetEdges(graph, &from, &to, &count));
    ASSERT_CUDA_OK(cudaGraphGetEdges_v2(graph, &from, &to, &seen, &count));
    EXPECT_EQ(seen.from_port, data.from_port);
    EXPECT_EQ(seen.type, data.type);
    EXPECT_CUDA(cudaErrorLossyQuery, cudaGraphNodeGetDependencies(b, &from, &count));
    EXPECT_CUDA_OK(cudaGraphNodeGetDependencies_v2(b, &from, &seen, &count));
    EXPECT_CUDA_OK(cudaGraphNodeGetDependentNodes_v2(a, &to, &seen, &count));
    EXPECT_EQ(to, b);
    // With other data there is no such dependency.
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphRemoveDependencies(graph, &a, &b, 1));
    EXPECT_CUDA_OK(cudaGraphRemoveDependencies_v2(graph, &a, &b, &data, 1));
    data.type = 9;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddDependencies_v2(graph, &a, &b, &data, 1));
}

TEST_F(GraphApi, ADestroyedNodeTakesItsDependenciesAlong) {
    const cudaGraphNode_t a = empty(), b = empty({a}), c = empty({b});
    ASSERT_CUDA_OK(cudaGraphDestroyNode(b));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphDestroyNode(b));
    size_t count = 0;
    ASSERT_CUDA_OK(cudaGraphGetEdges(graph, nullptr, nullptr, &count));
    EXPECT_EQ(count, 0u);
    EXPECT_EQ(count_nodes(graph), 2u);
    ASSERT_CUDA_OK(cudaGraphNodeGetDependencies(c, nullptr, &count));
    EXPECT_EQ(count, 0u);
}

TEST_F(GraphApi, KernelParametersAreTheNodesOwn) {
    Step arguments(word, 3, 4);
    cudaKernelNodeParams params = arguments.params();
    cudaGraphNode_t node = nullptr;
    ASSERT_CUDA_OK(cudaGraphAddKernelNode(&node, graph, nullptr, 0, &params));
    arguments.factor = 0;
    cudaKernelNodeParams seen{};
    ASSERT_CUDA_OK(cudaGraphKernelNodeGetParams(node, &seen));
    EXPECT_EQ(seen.func, params.func);
    EXPECT_EQ(seen.blockDim.x, 1u);
    EXPECT_EQ(seen.extra, nullptr);
    EXPECT_EQ(*static_cast<unsigned**>(seen.kernelParams[0]), word);
    EXPECT_EQ(*static_cast<unsigned*>(seen.kernelParams[1]), 3u);
    EXPECT_EQ(*static_cast<unsigned*>(seen.kernelParams[2]), 4u);
    params.gridDim.x = 7;
    ASSERT_CUDA_OK(cudaGraphKernelNodeSetParams(node, &params));
    ASSERT_CUDA_OK(cudaGraphKernelNodeGetParams(node, &seen));
    EXPECT_EQ(seen.gridDim.x, 7u);
    EXPECT_EQ(*static_cast<unsigned*>(seen.kernelParams[1]), 0u);
    cudaGraphNodeType type = cudaGraphNodeTypeCount;
    ASSERT_CUDA_OK(cudaGraphNodeGetType(node, &type));
    EXPECT_EQ(type, cudaGraphNodeTypeKernel);
}

TEST_F(GraphApi, BadKernelNodesAreRefused) {
    Step arguments(word, 3, 4);
    cudaKernelNodeParams params = arguments.params();
    cudaGraphNode_t node = nullptr;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddKernelNode(&node, graph, nullptr, 0, nullptr));
    params.blockDim.x = 5000;
    EXPECT_CUDA(cudaErrorInvalidConfiguration,
                cudaGraphAddKernelNode(&node, graph, nullptr, 0, &params));
    params = arguments.params();
    params.func = &params;
    EXPECT_CUDA(cudaErrorInvalidDeviceFunction,
                cudaGraphAddKernelNode(&node, graph, nullptr, 0, &params));
    params = arguments.params();
    params.kernelParams = nullptr;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddKernelNode(&node, graph, nullptr, 0, &params));
    void* extra[] = {nullptr};
    params = arguments.params();
    params.extra = extra;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddKernelNode(&node, graph, nullptr, 0, &params));
    EXPECT_EQ(count_nodes(graph), 0u);
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphKernelNodeGetParams(empty(), &params));
}

TEST_F(GraphApi, AKernelMayBeNamedByItsFunction) {
    cudaFunction_t function = nullptr;
    EXPECT_CUDA(cudaErrorInvalidDeviceFunction,
                cudaGetFuncBySymbol(&function, static_cast<const void*>(&function)));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGetFuncBySymbol(nullptr, step_function()));
    ASSERT_CUDA_OK(cudaGetFuncBySymbol(&function, static_cast<const void*>(step_function())));
    Step arguments(word, 0, 6);
    EXPECT_EQ(CUDA_SUCCESS,
              cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, stream, arguments.pointers, nullptr));
    EXPECT_EQ(get(), 6u);
    arguments.add = 7;
    cudaKernelNodeParams params = arguments.params();
    params.func = function;
    cudaGraphNode_t node = nullptr;
    ASSERT_CUDA_OK(cudaGraphAddKernelNode(&node, graph, nullptr, 0, &params));
    cudaGraphExec_t exec = instantiate();
    EXPECT_CUDA_OK(cudaGraphLaunch(exec, stream));
    EXPECT_EQ(get(), 7u);
    EXPECT_CUDA_OK(cudaGraphExecDestroy(exec));
}

TEST_F(GraphApi, KernelAttributes) {
    const cudaGraphNode_t a = step(1, 1), b = step(1, 1);
    cudaLaunchAttributeValue value{};
    value.priority = -2;
    ASSERT_CUDA_OK(cudaGraphKernelNodeSetAttribute(a, cudaLaunchAttributePriority, &value));
    value = {};
    value.accessPolicyWindow.num_bytes = 77;
    ASSERT_CUDA_OK(
        cudaGraphKernelNodeSetAttribute(a, cudaLaunchAttributeAccessPolicyWindow, &value));
    value = {};
    value.cooperative = 1;
    ASSERT_CUDA_OK(cudaGraphKernelNodeSetAttribute(a, cudaLaunchAttributeCooperative, &value));
    ASSERT_CUDA_OK(cudaGraphKernelNodeCopyAttributes(b, a));
    ASSERT_CUDA_OK(cudaGraphKernelNodeGetAttribute(b, cudaLaunchAttributePriority, &value));
    EXPECT_EQ(value.priority, -2);
    ASSERT_CUDA_OK(
        cudaGraphKernelNodeGetAttribute(b, cudaLaunchAttributeAccessPolicyWindow, &value));
    EXPECT_EQ(value.accessPolicyWindow.num_bytes, 77u);
    ASSERT_CUDA_OK(cudaGraphKernelNodeGetAttribute(b, cudaLaunchAttributeCooperative, &value));
    EXPECT_EQ(value.cooperative, 1);
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaGraphKernelNodeGetAttribute(b, static_cast<cudaLaunchAttributeID>(99), &value));
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaGraphKernelNodeSetAttribute(empty(), cudaLaunchAttributePriority, &value));
    cudaKernelNodeParams params{};
    ASSERT_CUDA_OK(cudaGraphKernelNodeGetParams(b, &params)); // the arguments are still there
    EXPECT_EQ(*static_cast<unsigned**>(params.kernelParams[0]), word);
}

TEST_F(GraphApi, CopyParameters) {
    unsigned host[8] = {};
    cudaGraphNode_t node = nullptr;
    ASSERT_CUDA_OK(cudaGraphAddMemcpyNode1D(&node, graph, nullptr, 0, word, host, sizeof host,
                                            cudaMemcpyHostToDevice));
    cudaMemcpy3DParms p{};
    ASSERT_CUDA_OK(cudaGraphMemcpyNodeGetParams(node, &p));
    EXPECT_EQ(p.dstPtr.ptr, word);
    EXPECT_EQ(p.srcPtr.ptr, host);
    EXPECT_EQ(p.extent.width, sizeof host);
    EXPECT_EQ(p.extent.height, 1u);
    EXPECT_EQ(p.kind, cudaMemcpyHostToDevice);
    p.extent = {16, 2, 1};
    p.srcPtr = {host, 16, 16, 2};
    p.dstPtr = {word, 64, 16, 2};
    ASSERT_CUDA_OK(cudaGraphMemcpyNodeSetParams(node, &p));
    cudaMemcpy3DParms seen{};
    ASSERT_CUDA_OK(cudaGraphMemcpyNodeGetParams(node, &seen));
    EXPECT_EQ(seen.dstPtr.pitch, 64u);
    EXPECT_EQ(seen.extent.height, 2u);
    ASSERT_CUDA_OK(cudaGraphMemcpyNodeSetParams1D(node, host, word, 4, cudaMemcpyDeviceToHost));
    ASSERT_CUDA_OK(cudaGraphMemcpyNodeGetParams(node, &seen));
    EXPECT_EQ(seen.dstPtr.ptr, host);
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaGraphMemcpyNodeSetParams1D(node, word, host, 1 << 20, cudaMemcpyHostToDevice));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphMemcpyNodeSetParams(node, nullptr));
    EXPECT_CUDA(cudaErrorInvalidMemcpyDirection,
                cudaGraphAddMemcpyNode1D(&node, graph, nullptr, 0, word, host, 4,
                                         static_cast<cudaMemcpyKind>(9)));
    EXPECT_CUDA(cudaErrorInvalidSymbol,
                cudaGraphAddMemcpyNodeToSymbol(&node, graph, nullptr, 0, host, host, 4, 0,
                                               cudaMemcpyHostToDevice));
    EXPECT_CUDA(cudaErrorInvalidSymbol,
                cudaGraphAddMemcpyNodeFromSymbol(&node, graph, nullptr, 0, host, host, 4, 0,
                                                 cudaMemcpyDeviceToHost));
}

TEST_F(GraphApi, FillParameters) {
    cudaMemsetParams p{word, 64, 0x1234, 2, 8, 3};
    cudaGraphNode_t node = nullptr;
    ASSERT_CUDA_OK(cudaGraphAddMemsetNode(&node, graph, nullptr, 0, &p));
    cudaMemsetParams seen{};
    ASSERT_CUDA_OK(cudaGraphMemsetNodeGetParams(node, &seen));
    EXPECT_EQ(seen.dst, word);
    EXPECT_EQ(seen.pitch, 64u);
    EXPECT_EQ(seen.value, 0x1234u);
    EXPECT_EQ(seen.elementSize, 2u);
    EXPECT_EQ(seen.width, 8u);
    EXPECT_EQ(seen.height, 3u);
    p.value = 7;
    ASSERT_CUDA_OK(cudaGraphMemsetNodeSetParams(node, &p));
    ASSERT_CUDA_OK(cudaGraphMemsetNodeGetParams(node, &seen));
    EXPECT_EQ(seen.value, 7u);
    p.elementSize = 3;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddMemsetNode(&node, graph, nullptr, 0, &p));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphMemsetNodeSetParams(node, &p));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddMemsetNode(&node, graph, nullptr, 0, nullptr));
}

void nothing(void*) {}

TEST_F(GraphApi, HostAndEventParameters) {
    int data = 0;
    cudaHostNodeParams p{nothing, &data};
    cudaGraphNode_t node = nullptr;
    ASSERT_CUDA_OK(cudaGraphAddHostNode(&node, graph, nullptr, 0, &p));
    cudaHostNodeParams seen{};
    ASSERT_CUDA_OK(cudaGraphHostNodeGetParams(node, &seen));
    EXPECT_EQ(seen.fn, nothing);
    EXPECT_EQ(seen.userData, &data);
    p.userData = nullptr;
    ASSERT_CUDA_OK(cudaGraphHostNodeSetParams(node, &p));
    ASSERT_CUDA_OK(cudaGraphHostNodeGetParams(node, &seen));
    EXPECT_EQ(seen.userData, nullptr);
    p.fn = nullptr;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddHostNode(&node, graph, nullptr, 0, &p));

    cudaEvent_t first = nullptr, second = nullptr, event = nullptr;
    ASSERT_CUDA_OK(cudaEventCreate(&first));
    ASSERT_CUDA_OK(cudaEventCreate(&second));
    cudaGraphNode_t record = nullptr, wait = nullptr;
    ASSERT_CUDA_OK(cudaGraphAddEventRecordNode(&record, graph, nullptr, 0, first));
    ASSERT_CUDA_OK(cudaGraphAddEventWaitNode(&wait, graph, nullptr, 0, first));
    ASSERT_CUDA_OK(cudaGraphEventRecordNodeSetEvent(record, second));
    ASSERT_CUDA_OK(cudaGraphEventRecordNodeGetEvent(record, &event));
    EXPECT_EQ(event, second);
    ASSERT_CUDA_OK(cudaGraphEventWaitNodeGetEvent(wait, &event));
    EXPECT_EQ(event, first);
    ASSERT_CUDA_OK(cudaGraphEventWaitNodeSetEvent(wait, second));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphEventWaitNodeGetEvent(record, &event));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle,
                cudaGraphAddEventWaitNode(&wait, graph, nullptr, 0, nullptr));
    EXPECT_CUDA_OK(cudaEventDestroy(first));
    EXPECT_CUDA_OK(cudaEventDestroy(second));
}

TEST_F(GraphApi, ClonesKnowWhatTheyAreClonesOf) {
    const cudaGraphNode_t a = step(1, 1), b = step(1, 2, {a});
    cudaGraph_t clone = nullptr;
    cudaGraphNode_t twin = nullptr;
    ASSERT_CUDA_OK(cudaGraphClone(&clone, graph));
    ASSERT_CUDA_OK(cudaGraphNodeFindInClone(&twin, b, clone));
    EXPECT_NE(twin, b);
    cudaGraphNode_t before = nullptr, twin_of_a = nullptr;
    size_t count = 1;
    ASSERT_CUDA_OK(cudaGraphNodeGetDependencies(twin, &before, &count));
    ASSERT_CUDA_OK(cudaGraphNodeFindInClone(&twin_of_a, a, clone));
    EXPECT_EQ(before, twin_of_a);
    ASSERT_CUDA_OK(cudaGraphDestroyNode(twin));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphNodeFindInClone(&twin, b, clone));
    EXPECT_EQ(count_nodes(graph), 2u);
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphClone(nullptr, graph));
    EXPECT_CUDA_OK(cudaGraphDestroy(clone));
}

TEST_F(GraphApi, AChildGraphIsACopyInsideOfTheNode) {
    cudaGraph_t child = nullptr, inside = nullptr;
    cudaGraphNode_t node = nullptr, theirs = nullptr;
    ASSERT_CUDA_OK(cudaGraphCreate(&child, 0));
    ASSERT_CUDA_OK(cudaGraphAddEmptyNode(&theirs, child, nullptr, 0));
    ASSERT_CUDA_OK(cudaGraphAddChildGraphNode(&node, graph, nullptr, 0, child));
    EXPECT_CUDA_OK(cudaGraphDestroy(child));
    ASSERT_CUDA_OK(cudaGraphChildGraphNodeGetGraph(node, &inside));
    EXPECT_EQ(count_nodes(inside), 1u);
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphDestroy(inside));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddChildGraphNode(&node, graph, nullptr, 0, child));
    ASSERT_CUDA_OK(cudaGraphDestroyNode(node));
    size_t count = 0;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphGetNodes(inside, nullptr, &count));
}

TEST_F(GraphApi, AnyNodeByOneFunction) {
    cudaGraphNodeParams p{};
    p.type = cudaGraphNodeTypeMemset;
    p.memset = {word, 0, 5, 4, 1, 1};
    cudaGraphNode_t fill = nullptr, kernel = nullptr;
    ASSERT_CUDA_OK(cudaGraphAddNode(&fill, graph, nullptr, 0, &p));
    Step arguments(word, 2, 1);
    cudaGraphNodeParams k{};
    k.type = cudaGraphNodeTypeKernel;
    k.kernel.func = step_function();
    k.kernel.gridDim = k.kernel.blockDim = dim3{1, 1, 1};
    k.kernel.kernelParams = arguments.pointers;
    ASSERT_CUDA_OK(cudaGraphAddNode_v2(&kernel, graph, &fill, nullptr, 1, &k));
    cudaGraphExec_t exec = instantiate();
    EXPECT_CUDA_OK(cudaGraphLaunch(exec, stream));
    EXPECT_EQ(get(), 11u);
    p.memset.value = 6;
    ASSERT_CUDA_OK(cudaGraphNodeSetParams(fill, &p));
    ASSERT_CUDA_OK(cudaGraphExecNodeSetParams(exec, fill, &p));
    EXPECT_CUDA_OK(cudaGraphLaunch(exec, stream));
    EXPECT_EQ(get(), 13u);
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphNodeSetParams(kernel, &p));
    p.reserved0[1] = 1;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddNode(&fill, graph, nullptr, 0, &p));
    cudaGraphNodeParams bad{};
    bad.type = cudaGraphNodeTypeCount;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddNode(&fill, graph, nullptr, 0, &bad));
    EXPECT_CUDA_OK(cudaGraphExecDestroy(exec));
}

TEST_F(GraphApi, TheDotFileNamesNodesAndEdges) {
    const cudaGraphNode_t a = step(1, 1);
    empty({a});
    const std::string path = testing::TempDir() + "graph.dot";
    ASSERT_CUDA_OK(cudaGraphDebugDotPrint(graph, path.c_str(), cudaGraphDebugDotFlagsVerbose));
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    EXPECT_EQ(text.str().rfind("digraph", 0), 0u);
    EXPECT_NE(text.str().find("step"), std::string::npos);
    EXPECT_NE(text.str().find("EMPTY"), std::string::npos);
    EXPECT_NE(text.str().find("->"), std::string::npos);
    std::remove(path.c_str());
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphDebugDotPrint(graph, nullptr, 0));
    EXPECT_CUDA(cudaErrorOperatingSystem,
                cudaGraphDebugDotPrint(graph, "/nonexistent/graph.dot", 0));
}

void count_up(void* counter) {
    ++*static_cast<int*>(counter);
}

TEST_F(GraphApi, UserObjectsLiveAsLongAsAReference) {
    int gone = 0;
    cudaUserObject_t object = nullptr;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaUserObjectCreate(&object, &gone, count_up, 1, 0));
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaUserObjectCreate(&object, &gone, nullptr, 1, cudaUserObjectNoDestructorSync));
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaUserObjectCreate(&object, &gone, count_up, 0, cudaUserObjectNoDestructorSync));
    ASSERT_CUDA_OK(
        cudaUserObjectCreate(&object, &gone, count_up, 1, cudaUserObjectNoDestructorSync));
    EXPECT_CUDA_OK(cudaUserObjectRetain(object, 2));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaUserObjectRelease(object, 4));
    EXPECT_CUDA_OK(cudaUserObjectRelease(object, 2));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphRetainUserObject(graph, object, 0, 0));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphRetainUserObject(graph, object, 1, 2));
    ASSERT_CUDA_OK(cudaGraphRetainUserObject(graph, object, 1, cudaGraphUserObjectMove));
    step(1, 1);
    cudaGraphExec_t exec = instantiate();
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphReleaseUserObject(graph, object, 2));
    EXPECT_CUDA_OK(cudaGraphReleaseUserObject(graph, object, 1));
    EXPECT_EQ(gone, 0); // the executable graph has one
    EXPECT_CUDA_OK(cudaGraphLaunch(exec, stream));
    EXPECT_CUDA_OK(cudaGraphExecDestroy(exec));
    EXPECT_CUDA_OK(cudaStreamSynchronize(stream));
    EXPECT_EQ(gone, 1);
    EXPECT_CUDA(cudaErrorInvalidValue, cudaUserObjectRetain(object, 1));
}

TEST_F(GraphApi, AMovedGraphAndOneThatReplacesIt) {
    cudaGraph_t child = nullptr, other = nullptr, inside = nullptr;
    cudaGraphNode_t node = nullptr, foreign = nullptr;
    ASSERT_CUDA_OK(cudaGraphCreate(&child, 0));
    ASSERT_CUDA_OK(cudaGraphAddEmptyNode(&foreign, child, nullptr, 0));
    cudaGraphNodeParams p{};
    p.type = cudaGraphNodeTypeGraph;
    p.graph.ownership = cudaGraphChildGraphOwnershipMove;
    p.graph.graph = child;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddNode(&node, graph, &foreign, 1, &p));
    EXPECT_EQ(count_nodes(child), 1u); // still the program's
    p.graph.graph = graph;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddNode(&node, graph, nullptr, 0, &p));
    p.graph.graph = child;
    ASSERT_CUDA_OK(cudaGraphAddNode(&node, graph, nullptr, 0, &p));
    ASSERT_CUDA_OK(cudaGraphChildGraphNodeGetGraph(node, &inside));
    EXPECT_EQ(inside, child);
    p.graph.graph = graph; // around it
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphAddNode(&foreign, inside, nullptr, 0, &p));
    // Another one in its place.
    ASSERT_CUDA_OK(cudaGraphCreate(&other, 0));
    Step arguments(word, 0, 9);
    const cudaKernelNodeParams kernel = arguments.params();
    ASSERT_CUDA_OK(cudaGraphAddKernelNode(&foreign, other, nullptr, 0, &kernel));
    p.graph.ownership = cudaGraphChildGraphOwnershipClone;
    p.graph.graph = other;
    ASSERT_CUDA_OK(cudaGraphNodeSetParams(node, &p));
    EXPECT_CUDA_OK(cudaGraphDestroy(other));
    size_t count = 0;
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphGetNodes(child, nullptr, &count));
    ASSERT_CUDA_OK(cudaGraphChildGraphNodeGetGraph(node, &inside));
    EXPECT_CUDA(cudaErrorInvalidValue, cudaGraphDestroy(inside)); // it is the node's
    cudaGraphExec_t exec = instantiate();
    EXPECT_CUDA_OK(cudaGraphLaunch(exec, stream));
    EXPECT_EQ(get(), 9u);
    EXPECT_CUDA_OK(cudaGraphExecDestroy(exec));
}

} // namespace
} // namespace cuda_test
