// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions whose parameters CUDA 13 changed: C++ programs may use either form. nvcc 12.9 takes the
// first half, nvcc 13.0 the second.
// RUN: %cuda_host -O1 -Wno-return-type %s -o - | FileCheck %s
// RUN: %cuda_host -O1 -Xclang -fgpu-default-stream=per-thread -DCUDA_API_PER_THREAD_DEFAULT_STREAM %s -o - | FileCheck --check-prefix=THREAD %s
// THREAD: call{{.*}} @cuMemPrefetchAsync_v2_ptsz(
extern "C" {
#include <cuda.h>
}
#include <cuda_runtime.h>

void forms_of_12(CUcontext* context, CUstream stream, CUgraph graph, CUgraphNode* nodes, size_t* n,
                 CUgraphNodeParams* node_params) {
    // CHECK: call{{.*}} @cuCtxCreate_v2(
    cuCtxCreate(context, 0, 0);
    // CHECK: call{{.*}} @cuMemPrefetchAsync(
    cuMemPrefetchAsync(0, 4, 0, stream);
    // CHECK: call{{.*}} @cuMemAdvise(
    cuMemAdvise(0, 4, CU_MEM_ADVISE_SET_READ_MOSTLY, 0);
    CUstreamCaptureStatus status;
    // CHECK: call{{.*}} @cuStreamGetCaptureInfo_v2(
    cuStreamGetCaptureInfo(stream, &status, nullptr, nullptr, nullptr, nullptr);
    // CHECK: call{{.*}} @cuStreamUpdateCaptureDependencies(
    cuStreamUpdateCaptureDependencies(stream, nodes, 1, 0);
    // CHECK: call{{.*}} @cuGraphGetEdges(
    cuGraphGetEdges(graph, nullptr, nullptr, n);
    // CHECK: call{{.*}} @cuGraphNodeGetDependencies(
    cuGraphNodeGetDependencies(nodes[0], nullptr, n);
    // CHECK: call{{.*}} @cuGraphNodeGetDependentNodes(
    cuGraphNodeGetDependentNodes(nodes[0], nullptr, n);
    // CHECK: call{{.*}} @cuGraphAddDependencies(
    cuGraphAddDependencies(graph, nodes, nodes, 1);
    // CHECK: call{{.*}} @cuGraphRemoveDependencies(
    cuGraphRemoveDependencies(graph, nodes, nodes, 1);
    // CHECK: call{{.*}} @cuGraphAddNode(
    cuGraphAddNode(nodes, graph, nullptr, 0, node_params);
}

void forms_of_12(cudaStream_t stream, cudaGraph_t graph, cudaGraphNode_t* nodes, size_t* n,
                 cudaGraphNodeParams* node_params) {
    // CHECK: call{{.*}} @cudaMemPrefetchAsync(
    cudaMemPrefetchAsync(nodes, 4, 0);
    // CHECK: call{{.*}} @cudaMemPrefetchAsync(
    cudaMemPrefetchAsync(nodes, 4, cudaCpuDeviceId, stream);
    // CHECK: call{{.*}} @cudaMemAdvise(
    cudaMemAdvise(nodes, 4, cudaMemAdviseSetReadMostly, 0);
    cudaStreamCaptureStatus status;
    // CHECK: call{{.*}} @cudaStreamGetCaptureInfo(
    cudaStreamGetCaptureInfo(stream, &status);
    // CHECK: call{{.*}} @cudaStreamGetCaptureInfo(
    cudaStreamGetCaptureInfo(stream, &status, nullptr, nullptr, nullptr, nullptr);
    // CHECK: call{{.*}} @cudaStreamUpdateCaptureDependencies(
    cudaStreamUpdateCaptureDependencies(stream, nodes, 1);
    // CHECK: call{{.*}} @cudaGraphGetEdges(
    cudaGraphGetEdges(graph, NULL, NULL, n);
    // CHECK: call{{.*}} @cudaGraphNodeGetDependencies(
    cudaGraphNodeGetDependencies(nodes[0], NULL, n);
    // CHECK: call{{.*}} @cudaGraphNodeGetDependentNodes(
    cudaGraphNodeGetDependentNodes(nodes[0], NULL, n);
    // CHECK: call{{.*}} @cudaGraphAddDependencies(
    cudaGraphAddDependencies(graph, nodes, nodes, 1);
    // CHECK: call{{.*}} @cudaGraphRemoveDependencies(
    cudaGraphRemoveDependencies(graph, nodes, nodes, 1);
    // CHECK: call{{.*}} @cudaGraphAddNode(
    cudaGraphAddNode(nodes, graph, NULL, 0, node_params);
}

void forms_of_13(CUcontext* context, CUstream stream, CUgraph graph, CUgraphNode* nodes, size_t* n,
                 CUgraphNodeParams* node_params) {
    CUctxCreateParams params = {};
    // CHECK: call{{.*}} @cuCtxCreate_v4(
    cuCtxCreate(context, &params, 0, 0);
    // CHECK: call{{.*}} @cuCtxCreate_v4(
    cuCtxCreate(context, NULL, 0, 0);
    // CHECK: call{{.*}} @cuCtxCreate_v4(
    cuCtxCreate(context, nullptr, CU_CTX_SCHED_AUTO, 0);
    CUmemLocation location = {CU_MEM_LOCATION_TYPE_DEVICE, 0};
    // CHECK: call{{.*}} @cuMemPrefetchAsync_v2(
    cuMemPrefetchAsync(0, 4, location, 0, stream);
    // CHECK: call{{.*}} @cuMemAdvise_v2(
    cuMemAdvise(0, 4, CU_MEM_ADVISE_SET_READ_MOSTLY, location);
    CUstreamCaptureStatus status;
    // CHECK: call{{.*}} @cuStreamGetCaptureInfo_v3(
    cuStreamGetCaptureInfo(stream, &status, nullptr, nullptr, nullptr, nullptr, nullptr);
    // CHECK: call{{.*}} @cuStreamUpdateCaptureDependencies_v2(
    cuStreamUpdateCaptureDependencies(stream, nodes, nullptr, 1, 0);
    // CHECK: call{{.*}} @cuGraphGetEdges_v2(
    cuGraphGetEdges(graph, nullptr, nullptr, nullptr, n);
    // CHECK: call{{.*}} @cuGraphNodeGetDependencies_v2(
    cuGraphNodeGetDependencies(nodes[0], nullptr, nullptr, n);
    // CHECK: call{{.*}} @cuGraphNodeGetDependentNodes_v2(
    cuGraphNodeGetDependentNodes(nodes[0], nullptr, nullptr, n);
    // CHECK: call{{.*}} @cuGraphAddDependencies_v2(
    cuGraphAddDependencies(graph, nodes, nodes, nullptr, 1);
    // CHECK: call{{.*}} @cuGraphRemoveDependencies_v2(
    cuGraphRemoveDependencies(graph, nodes, nodes, nullptr, 1);
    // CHECK: call{{.*}} @cuGraphAddNode_v2(
    cuGraphAddNode(nodes, graph, nullptr, nullptr, 0, node_params);
}

void forms_of_13(cudaStream_t stream, cudaGraph_t graph, cudaGraphNode_t* nodes, size_t* n,
                 cudaGraphNodeParams* node_params) {
    cudaMemLocation location = {cudaMemLocationTypeDevice, 0};
    // CHECK: call{{.*}} @cudaMemPrefetchAsync_v2(
    cudaMemPrefetchAsync(nodes, 4, location, 0);
    // CHECK: call{{.*}} @cudaMemPrefetchAsync_v2(
    cudaMemPrefetchAsync(nodes, 4, location, 0, stream);
    // CHECK: call{{.*}} @cudaMemAdvise_v2(
    cudaMemAdvise(nodes, 4, cudaMemAdviseSetReadMostly, location);
    cudaStreamCaptureStatus status;
    // CHECK: call{{.*}} @cudaStreamGetCaptureInfo_v3(
    cudaStreamGetCaptureInfo(stream, &status, NULL, NULL, NULL, NULL, NULL);
    // CHECK: call{{.*}} @cudaStreamUpdateCaptureDependencies_v2(
    cudaStreamUpdateCaptureDependencies(stream, nodes, NULL, 1, 0);
    // CHECK: call{{.*}} @cudaGraphGetEdges_v2(
    cudaGraphGetEdges(graph, NULL, NULL, NULL, n);
    // CHECK: call{{.*}} @cudaGraphNodeGetDependencies_v2(
    cudaGraphNodeGetDependencies(nodes[0], NULL, NULL, n);
    // CHECK: call{{.*}} @cudaGraphNodeGetDependentNodes_v2(
    cudaGraphNodeGetDependentNodes(nodes[0], NULL, NULL, n);
    // CHECK: call{{.*}} @cudaGraphAddDependencies_v2(
    cudaGraphAddDependencies(graph, nodes, nodes, NULL, 1);
    // CHECK: call{{.*}} @cudaGraphRemoveDependencies_v2(
    cudaGraphRemoveDependencies(graph, nodes, nodes, NULL, 1);
    // CHECK: call{{.*}} @cudaGraphAddNode_v2(
    cudaGraphAddNode(nodes, graph, NULL, NULL, 0, node_params);
}
