// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The forms that became the default in CUDA 13, beside ours, so that newer C++ sources compile,
// too.
#pragma once

extern "C++" {

static inline CUresult cuCtxCreate(CUcontext* context, CUctxCreateParams* params,
                                   unsigned int flags, CUdevice device) {
    return ::cuCtxCreate_v4(context, params, flags, device);
}
static inline CUresult cuMemPrefetchAsync(CUdeviceptr at, size_t bytes, CUmemLocation location,
                                          unsigned int flags, CUstream stream) {
    return ::cuMemPrefetchAsync_v2(at, bytes, location, flags, stream);
}
static inline CUresult cuMemAdvise(CUdeviceptr at, size_t bytes, CUmem_advise advice,
                                   CUmemLocation location) {
    return ::cuMemAdvise_v2(at, bytes, advice, location);
}
static inline CUresult cuStreamGetCaptureInfo(CUstream stream, CUstreamCaptureStatus* status,
                                              cuuint64_t* id, CUgraph* graph,
                                              const CUgraphNode** dependencies,
                                              const CUgraphEdgeData** edges, size_t* count) {
    return ::cuStreamGetCaptureInfo_v3(stream, status, id, graph, dependencies, edges, count);
}
static inline CUresult cuStreamUpdateCaptureDependencies(CUstream stream, CUgraphNode* dependencies,
                                                         const CUgraphEdgeData* edges, size_t count,
                                                         unsigned int flags) {
    return ::cuStreamUpdateCaptureDependencies_v2(stream, dependencies, edges, count, flags);
}
static inline CUresult cuGraphGetEdges(CUgraph graph, CUgraphNode* from, CUgraphNode* to,
                                       CUgraphEdgeData* edges, size_t* count) {
    return ::cuGraphGetEdges_v2(graph, from, to, edges, count);
}
static inline CUresult cuGraphNodeGetDependencies(CUgraphNode node, CUgraphNode* dependencies,
                                                  CUgraphEdgeData* edges, size_t* count) {
    return ::cuGraphNodeGetDependencies_v2(node, dependencies, edges, count);
}
static inline CUresult cuGraphNodeGetDependentNodes(CUgraphNode node, CUgraphNode* dependent,
                                                    CUgraphEdgeData* edges, size_t* count) {
    return ::cuGraphNodeGetDependentNodes_v2(node, dependent, edges, count);
}
static inline CUresult cuGraphAddDependencies(CUgraph graph, const CUgraphNode* from,
                                              const CUgraphNode* to, const CUgraphEdgeData* edges,
                                              size_t count) {
    return ::cuGraphAddDependencies_v2(graph, from, to, edges, count);
}
static inline CUresult cuGraphRemoveDependencies(CUgraph graph, const CUgraphNode* from,
                                                 const CUgraphNode* to,
                                                 const CUgraphEdgeData* edges, size_t count) {
    return ::cuGraphRemoveDependencies_v2(graph, from, to, edges, count);
}
static inline CUresult cuGraphAddNode(CUgraphNode* node, CUgraph graph,
                                      const CUgraphNode* dependencies, const CUgraphEdgeData* edges,
                                      size_t count, CUgraphNodeParams* params) {
    return ::cuGraphAddNode_v2(node, graph, dependencies, edges, count, params);
}

} // extern "C++"
